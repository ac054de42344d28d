# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What can be said of a document without a model: its most telling sentences, and lists by form.

A sentence tells much when it holds words that the document says often (H. P. Luhn, "The automatic
creation of literature abstracts", 1958). Dates, amounts and addresses are found by how they look: none
is missed for want of attention, which is what a small model lacks.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.claims import Terms, terms
from assistant.passages import Passage
from assistant.sentences import spans, unwrapped
from assistant.tasks import Listed
from assistant.written_forms import Columns, places

LEAST_LETTERS = 25
MOST_LETTERS = 400
"""Characters of a sentence worth quoting: shorter is a heading, longer says everything at once."""
_ENDS = ".!?。！？…"
_CLOSING = " \n\"'”’」』)]*_"


@dataclass(frozen=True)
class Spot:
    """A slice [start, end) of a passage's text."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        """The slice, on one line."""
        return " ".join(self.passage.text[self.start : self.end].split())


def telling(passages: Sequence[Passage], count: int) -> list[Spot]:
    """Return up to `count` telling sentences in their order: the best of each stretch of the document."""
    said = [terms(passage.text) for passage in passages]
    often = Counter(word for one in said for word in one.words)
    broken = set(_broken(passages))
    best = (
        max(
            _sentences(stretch),
            key=lambda spot: (spot not in broken, _weight(spot, often)),
            default=None,
        )
        for stretch in _stretches(passages, count)
    )
    return [spot for spot in best if spot is not None]


def listed(passages: Sequence[Passage], kinds: Sequence[Listed]) -> list[tuple[str, Spot]]:
    """Return each date, amount or address as it is written, with the sentence of its first place."""
    found: dict[str, Spot] = {}
    columns = Columns()
    for passage in passages:
        words = unwrapped(passage.text)
        sentences = list(spans(words))
        for start, end in _places(passage, words, kinds, columns):
            shown = " ".join(passage.text[start:end].split()).rstrip(".,")
            around = next((one for one in sentences if one[0] <= start < one[1]), (start, end))
            found.setdefault(shown, Spot(passage, around[0], max(end, around[1])))
    return list(found.items())


def _places(passage: Passage, words: str, kinds: Sequence[Listed], columns: Columns) -> list[tuple[int, int]]:
    """Return where things of these kinds stand, none within another; of two that begin alike the longer."""
    spots = [at for kind in kinds for at in places(words, kind)]
    if Listed.AMOUNTS in kinds:
        table = f"{passage.document}\n{passage.place.label.partition('!')[0]}"
        spots += columns.amounts(passage.text, table)
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spots, key=lambda at: (at[0], -at[1])):
        if not kept or end > kept[-1][1]:
            kept.append((start, end))
    return kept


def _stretches(passages: Sequence[Passage], count: int) -> list[Sequence[Passage]]:
    """Return `passages` in `count` runs of about the same length, fewer where there are fewer."""
    count = min(count, len(passages))
    cuts = [number * len(passages) // count for number in range(count + 1)] if count else []
    return [passages[start:end] for start, end in pairwise(cuts)]


def _broken(passages: Sequence[Passage]) -> Iterator[Spot]:
    """Yield the halves of the sentences that go on over the end of a page, or of another passage."""
    for before, after in pairwise(passages):
        last = list(spans(unwrapped(before.text)))[-1:]
        first = next(spans(unwrapped(after.text)), None)
        if not last or first is None or before.document != after.document:
            continue
        if not _ended(before.text) and _ended(after.text[slice(*first)]):
            yield Spot(before, *last[0])
            yield Spot(after, *first)


def _ended(words: str) -> bool:
    return words.rstrip(_CLOSING)[-1:] in _ENDS


def _sentences(passages: Sequence[Passage]) -> Iterator[Spot]:
    for passage in passages:
        for start, end in spans(unwrapped(passage.text)):
            if LEAST_LETTERS <= end - start <= MOST_LETTERS:
                yield Spot(passage, start, end)


def _weight(spot: Spot, often: Counter[str]) -> float:
    """Return how much a sentence tells: how often its words are said, for its length, and its numbers."""
    said: Terms = terms(spot.text)
    if not said.words:
        return 0.0
    frequent = sum(min(often[word], 10) for word in said.words) / (len(said.words) + 4)
    return frequent + 0.5 * bool(said.numbers)
