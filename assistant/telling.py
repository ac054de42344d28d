# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What can be said of a document without a model: its most telling sentences, and lists by form.

A sentence tells much when it holds words that the document says often (H. P. Luhn, "The automatic
creation of literature abstracts", 1958). Dates, amounts and addresses are found by how they look: none
is missed for want of attention, which is what a small model lacks.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.claims import Terms, terms
from assistant.entities import EntityType
from assistant.passages import Passage
from assistant.privacy.filter import find
from assistant.sentences import spans, unwrapped
from assistant.tasks import Listed

LEAST_LETTERS = 25
MOST_LETTERS = 400
"""Characters of a sentence worth quoting: shorter is a heading, longer says everything at once."""

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:t(?:ember)?)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_DATE = re.compile(
    rf"\b{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?\b(?!:)"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\.? (?:of )?{_MONTH}\.?(?:,? \d{{4}})?\b"
    rf"|\b{_MONTH}\.? \d{{4}}\b"
    r"|\b(?:19|20)\d{2}[-./]\d{1,2}[-./]\d{1,2}\b\.?"
    r"|\b\d{1,2}[./]\d{1,2}[./](?:19|20)?\d{2}\b"
    r"|(?:(?:19|20)?\d{2}년\s?)?\d{1,2}월\s?\d{1,2}일|(?:19|20)\d{2}년(?:\s?\d{1,2}월)?"
)
_AMOUNT = re.compile(
    r"(?:USD|EUR|GBP|KRW|JPY|CNY|CHF|US\$|[$€£¥₩])\s{0,3}\d[\d,.]*(?:\s?(?:million|billion|k|m|bn)\b)?"
    r"|\b\d[\d,.]*\s{0,3}(?:USD|EUR|GBP|KRW|JPY|CNY|CHF|dollars?|euros?|pounds?|won|yen|cents?|[€£¥₩])(?!\w)"
    r"|(?:일금\s?)?\d[\d,]*(?:\.\d+)?\s?(?:백|천|만|억|조)?\s?원|(?:\d[\d,]*(?:억|만|천)\s?)+원",
    re.IGNORECASE,
)


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
    stretches = _stretches(passages, count)
    said = [terms(passage.text) for passage in passages]
    often = Counter(word for one in said for word in one.words)
    best = (
        max(_sentences(stretch), key=lambda spot: _weight(spot, often), default=None) for stretch in stretches
    )
    return [spot for spot in best if spot is not None]


def listed(passages: Sequence[Passage], kinds: Sequence[Listed]) -> list[tuple[str, Spot]]:
    """Return each date, amount or address as it is written, with the sentence of its first place."""
    found: dict[str, Spot] = {}
    for passage in passages:
        words = unwrapped(passage.text)
        sentences = list(spans(words))
        for start, end in sorted(at for kind in kinds for at in _places(words, kind)):
            shown = " ".join(passage.text[start:end].split()).rstrip(".,")
            around = next((one for one in sentences if one[0] <= start < one[1]), (start, end))
            found.setdefault(shown, Spot(passage, around[0], max(end, around[1])))
    return list(found.items())


def _places(words: str, kind: Listed) -> Iterator[tuple[int, int]]:
    if kind in (Listed.DATES, Listed.AMOUNTS):
        pattern = _DATE if kind is Listed.DATES else _AMOUNT
        yield from (match.span() for match in pattern.finditer(words))
        return
    wanted = EntityType.EMAIL if kind is Listed.EMAILS else EntityType.PHONE
    yield from ((one.start, one.end) for one in find(words) if one.entity_type == wanted)


def _stretches(passages: Sequence[Passage], count: int) -> list[Sequence[Passage]]:
    """Return `passages` in `count` runs of about the same length, fewer where there are fewer."""
    count = min(count, len(passages))
    cuts = [number * len(passages) // count for number in range(count + 1)] if count else []
    return [passages[start:end] for start, end in pairwise(cuts)]


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
