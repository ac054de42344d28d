# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Passages that do not end inside of personal data: half of a number is not known for one any more.

It would reach the model unmasked. A private key goes on over several passages, of which those in its
middle hold nothing that tells what they are.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.documents.library import Library
from assistant.passages import Passage
from assistant.privacy.filter import find

AROUND = 100
"""Characters beside a passage in which personal data may go on, and the words that tell it."""

LONGEST = 8_000
"""Characters that a private key may have: RSA of 8,192 bits takes 6,400."""

_LONG = re.compile("-----BEGIN |PuTTY-User-Key-File-")
_BLANK = " \t\n\r"


def uncut(library: Library, passage: Passage) -> Passage:
    """Return a passage with all of the personal data that it begins or ends inside of."""
    before, after = _near(*library.around(passage, LONGEST), passage.text)
    words = before + passage.text + after
    first, last = len(before), len(words) - len(after)
    places = [(one.start, one.end) for one in find(words)]
    start = min([at for at, end in places if at < first < end], default=first)
    end = max([end for at, end in places if at < last < end], default=last)
    if (start, end) == (first, last):
        return passage
    shift = passage.start - first
    return replace(passage, start=start + shift, end=end + shift, text=words[start:end])


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
    """Return all passages of a document, in their order, with what was cut given to the first of them."""
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
    """Return how far personal data that begins in `one` reaches into the place of `after`, in characters.

    `ahead` is the text of `after`, and more.
    """
    if one.place != after.place or one.end + len(after.text) < after.start:
        return 0
    tail = one.text[-LONGEST:]
    words = tail + _gap(one, after) + ahead
    return next((each.end - len(tail) for each in find(words) if each.start < len(tail) < each.end), 0)


def _moved(one: Passage, after: Passage, over: int) -> tuple[Passage, Passage]:
    """Return both with the first `over` characters after `one` moved into it."""
    more = (_gap(one, after) + after.text)[:over]
    rest = (_gap(one, after) + after.text)[over:]
    moved = replace(one, text=one.text + more, end=one.start + len(one.text) + len(more))
    return moved, replace(after, text=rest, start=after.end - len(rest))


def _gap(one: Passage, after: Passage) -> str:
    return " " * (after.start - one.end)
