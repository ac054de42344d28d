# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What counts as found, and the figures that follow.

The rule of the goals: the type is the same, every letter and digit of the planted value is covered (signs at
its edges may stay out), and at most two letters or digits more are. "Strict": the same type and the very
same span. "Lenient": the same type and a common letter.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from assistant.entities import EntityType
from tests.benchmarks.privacy_generated import Gold, Sample

MORE = 2  # letters or digits beside the value that may be covered, too
Rule = Callable[[str, "Found", Gold], bool]


@dataclass(frozen=True)
class Found:
    """What somebody found at [start, end)."""

    entity_type: EntityType
    start: int
    end: int
    score: float = 1.0


@dataclass(frozen=True)
class Wrong:
    """A miss (`gold`) or a false hit (`found`) in a sample."""

    sample: Sample
    gold: Gold | None = None
    found: Found | None = None

    @property
    def entity_type(self) -> EntityType:
        """The type that was missed or wrongly found."""
        one = self.gold or self.found
        assert one is not None
        return one.entity_type


@dataclass(frozen=True)
class Share:
    """Counts of one type or of several together; the figures are None where there is nothing to count."""

    planted: int = 0
    hit: int = 0  # of the planted
    found: int = 0
    right: int = 0  # of the found

    def __add__(self, other: "Share") -> "Share":
        return Share(
            self.planted + other.planted,
            self.hit + other.hit,
            self.found + other.found,
            self.right + other.right,
        )

    @property
    def recall(self) -> float | None:
        """Return which part of the planted was found."""
        return self.hit / self.planted if self.planted else None

    @property
    def precision(self) -> float | None:
        """Return which part of the found was planted."""
        return self.right / self.found if self.found else None

    @property
    def f1(self) -> float | None:
        """Return the harmonic mean of both."""
        recall, precision = self.recall, self.precision
        if recall is None or precision is None:
            return None
        return 2 * recall * precision / (recall + precision) if recall + precision else 0.0


@dataclass
class Score:
    """The counts of one set, by type, and by the way in which values are written; what went wrong."""

    shares: dict[EntityType, Share] = field(default_factory=dict)
    written: dict[str, Share] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)

    def of(self, types: Iterable[EntityType]) -> Share:
        """Return the counts of several types together."""
        return sum((self.shares.get(one, Share()) for one in types), Share())


def covers(text: str, found: Found, gold: Gold) -> bool:
    """Say whether a value counts as found by the rule of the goals."""
    if found.entity_type is not gold.entity_type:
        return False
    outside = (text[gold.start : found.start], text[max(found.end, gold.start) : gold.end])
    if any(sign.isalnum() for part in outside for sign in part):
        return False
    more = text[found.start : gold.start] + text[gold.end : found.end]
    return sum(sign.isalnum() for sign in more) <= MORE


def exact(text: str, found: Found, gold: Gold) -> bool:
    """Say whether type and span are the same."""
    return (found.entity_type, found.start, found.end) == (gold.entity_type, gold.start, gold.end)


def overlaps(text: str, found: Found, gold: Gold) -> bool:
    """Say whether the type is the same and a part was found."""
    return found.entity_type is gold.entity_type and found.start < gold.end and gold.start < found.end


RULES: dict[str, Rule] = {"goal": covers, "strict": exact, "lenient": overlaps}


def scored(
    samples: Sequence[Sample],
    answers: Sequence[Sequence[Found]],
    types: Iterable[EntityType],
    rule: Rule = covers,
    unjudged: Sequence[Sequence[tuple[int, int]]] | None = None,
) -> Score:
    """Return the counts of these types. What touches an unjudged span of its text counts in no way."""
    score = Score()
    planted: Counter[EntityType] = Counter()
    hit: Counter[EntityType] = Counter()
    found: Counter[EntityType] = Counter()
    right: Counter[EntityType] = Counter()
    wanted = set(types)
    for place, (sample, answer) in enumerate(zip(samples, answers, strict=True)):
        golds = [gold for gold in sample.entities if gold.entity_type in wanted]
        spans = unjudged[place] if unjudged else ()
        kept = [one for one in answer if one.entity_type in wanted]
        for gold in golds:
            planted[gold.entity_type] += 1
            met = any(rule(sample.text, one, gold) for one in kept)
            hit[gold.entity_type] += met
            share = score.written.get(gold.written, Share())
            score.written[gold.written] = share + Share(1, int(met))
            if not met:
                score.wrong.append(Wrong(sample, gold))
        for one, met in _judged(sample, golds, kept, rule, spans):
            found[one.entity_type] += 1
            right[one.entity_type] += met
            if not met:
                score.wrong.append(Wrong(sample, found=one))
    score.shares = {
        one: Share(planted[one], hit[one], found[one], right[one]) for one in EntityType if one in wanted
    }
    return score


def _judged(
    sample: Sample,
    golds: Sequence[Gold],
    kept: Sequence[Found],
    rule: Rule,
    unjudged: Sequence[tuple[int, int]],
) -> Iterator[tuple[Found, bool]]:
    for one in kept:
        met = any(rule(sample.text, one, gold) for gold in golds)
        if met or not any(start < one.end and one.start < end for start, end in unjudged):
            yield one, met
