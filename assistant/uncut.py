# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Passages that do not end inside of personal data: half of a number is not known for one any more.

It would reach the model unmasked, and so would a number whose name ("account no.") ends the passage before.
A private key goes on over several passages, of which those in its middle hold nothing that tells what
they are.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.documents.library import Library
from assistant.passages import Passage
from assistant.privacy.filter import find

AROUND = 100
"""Characters beside a passage in which personal data may go on, and the words that tell it."""

LONGEST = 8_000
"""Characters that a private key may have: RSA of 8,192 bits takes 6,400."""

LOOKED_AT = 4 * AROUND
"""Characters at the end of a passage that are looked at again, to see whether it tells by itself."""

_LONG = re.compile("-----BEGIN |PuTTY-User-Key-File-")
_BLANK = " \t\n\r"


def uncut(library: Library, passage: Passage) -> Passage:
    """Return a passage with all of the personal data that it begins or ends inside of."""
    before, after = _near(*library.around(passage, LONGEST), passage.text)
    words = before + passage.text + after
    first, last = len(before), len(words) - len(after)
    places = [(one.start, one.end) for one in find(words)]
    start, end = _told(words, places, *_whole(places, first, last))
    if (start, end) == (first, last):
        return passage
    shift = passage.start - first
    return replace(passage, start=start + shift, end=end + shift, text=words[start:end])


def _whole(places: Sequence[tuple[int, int]], first: int, last: int) -> tuple[int, int]:
    """Return [first, last) with all of each of `places` that it begins or ends inside of."""
    start = min([at for at, end in places if at < first < end], default=first)
    return start, max([end for at, end in places if at < last < end], default=last)


def _told(words: str, places: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """Return [start, end) with the words before it, or behind it, that tell of what is in it."""
    inside = [one for one in places if start <= one[0] and one[1] <= end]
    edges = [one for one in inside if one[0] < start + AROUND or one[1] > end - AROUND]
    if not edges or (start == 0 and end == len(words)) or _all_met(edges, words, start, end):
        return start, end
    wider = [_whole(places, at, end) for at in _words_before(words, start)]
    wider += [_whole(places, start, at) for at in _words_behind(words, end)]
    return next((one for one in wider if _all_met(edges, words, *one)), (0, len(words)))


def _all_met(places: Sequence[tuple[int, int]], words: str, start: int, end: int) -> bool:
    found = [(one.start + start, one.end + start) for one in find(words[start:end])]
    return all(any(at < other[1] and other[0] < to for other in found) for at, to in places)


def _words_before(words: str, start: int) -> Iterator[int]:
    """Yield where the words before `start` begin, the nearest first."""
    for at in range(start - 1, max(0, start - AROUND), -1):
        if words[at - 1] in _BLANK and words[at] not in _BLANK:
            yield at


def _words_behind(words: str, end: int) -> Iterator[int]:
    """Yield where the words behind `end` end, the nearest first."""
    for at in range(end + 1, min(len(words), end + AROUND)):
        if words[at] in _BLANK and words[at - 1] not in _BLANK:
            yield at


def _near(before: str, after: str, text: str) -> tuple[str, str]:
    """Return what to look at of the text around: little, but all of a word and of a key."""
    word = max(before.rfind(blank) for blank in _BLANK) + 1
    marks = [found.start() for found in _LONG.finditer(before)]
    start = max(0, min(len(before) - AROUND, word, marks[-1] if marks else len(before)))
    if marks or _LONG.search(text):
        return before[start:], after
    ends = [at for blank in _BLANK if (at := after.find(blank)) >= 0]
    return before[start:], after[: max(AROUND, min(ends, default=len(after)))]


def joined(passages: Sequence[Passage]) -> list[Passage]:
    """Return all passages of a document, in their order, with what was cut given to the first of them.

    So is what stands at the beginning of a passage while the words that tell of it stand before, and the
    words at the beginning that tell of what stands before them.
    """
    whole: list[Passage] = []
    for number, after in enumerate(passages):
        rest = after
        if whole and (over := _over(whole[-1], after, _word(passages, number))) > 0:
            whole[-1], rest = _moved(whole[-1], after, over)
        if rest.text.strip():
            whole.append(rest)
    return whole


def _word(passages: Sequence[Passage], number: int) -> str:
    """Return the text of a passage; where that is one word and no end of it, with what follows."""
    text, one = passages[number].text, passages[number]
    for after in passages[number + 1 :]:
        goes_on = after.place == one.place and after.start == one.end and len(text) < LONGEST
        if not goes_on or any(blank in text for blank in _BLANK):
            break
        text, one = text + after.text, after
    return text


def _over(one: Passage, after: Passage, ahead: str) -> int:
    """Return how far personal data that begins in `one`, or is told there, reaches behind it, in characters.

    So do the words behind that tell of what is at its end. `ahead` is the text of `after`, and more.
    """
    if one.place != after.place or one.end + len(after.text) < after.start:
        return 0
    tail, rest = one.text[-LONGEST:], _gap(one, after) + ahead
    places = [(each.start - len(tail), each.end - len(tail)) for each in find(tail + rest)]
    cut = next((end for start, end in places if start < 0 < end), 0)
    near = [] if cut else [place for place in places if 0 <= place[0] < AROUND]
    untold = [end for start, end in near if not _all_met([(start, end)], rest, 0, len(rest))]
    # What only the words in `one` tell of moves to them, and the words that tell of what is there to it.
    return cut or max(untold, default=0) or _told_behind(tail, rest, places)


def _told_behind(tail: str, rest: str, places: Sequence[tuple[int, int]]) -> int:
    """Return how much of `rest` must follow `tail` for what is at its end to be known; 0 where it is known.

    `places` are what is found in both, counted from the border.
    """
    near = tail[-LOOKED_AT:]
    ends = [(start + len(near), end + len(near)) for start, end in places if start >= -AROUND and end <= 0]
    if not ends or _all_met(ends, near, 0, len(near)):
        return 0
    words = near + rest[: 2 * AROUND]
    told = (at for at in _words_behind(words, len(near)) if _all_met(ends, words, 0, at))
    return next(told, len(words)) - len(near)


def _moved(one: Passage, after: Passage, over: int) -> tuple[Passage, Passage]:
    """Return both with the first `over` characters after `one` moved into it."""
    more = (_gap(one, after) + after.text)[:over]
    rest = (_gap(one, after) + after.text)[over:]
    moved = replace(one, text=one.text + more, end=one.start + len(one.text) + len(more))
    return moved, replace(after, text=rest, start=after.end - len(rest))


def _gap(one: Passage, after: Passage) -> str:
    return " " * (after.start - one.end)
