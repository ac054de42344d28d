# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Where sentences begin and end: in answers, in documents, in English and Korean."""

import re
from collections.abc import Iterator
from statistics import median

FULL_LINE = 0.7
WRAPPED_LINE = 25
TOO_LONG = 1.4
"""Share of the longest line, and letters, from which a line counts as broken by the margin; from how many
times the middle length on it counts as several lines."""

LOOP_LETTERS = 400
LOOP_TIMES = 4
"""A text goes round in circles when its last 400 letters are one stretch, four times or more."""

_SENTENCE_END = re.compile(r"(?<=[.!?。！？])[\"'”’)\]*_]*\s+|\n+")
# A list's number at the start of a line, and abbreviations.
_NOT_AN_END = re.compile(
    r"(?:^\s*(?:\d{1,3}|[A-Za-z])|(?:^|\s)(?:Mr|Mrs|Ms|Dr|No|St|vs|e\.g|i\.e|approx))\.$"
)


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield spans of sentences without the white space around them."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        end = match.start() + len(match.group().rstrip())
        if "\n" not in match.group() and _goes_on(text, start, match):
            continue
        yield from _trimmed(text, start, end)
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _goes_on(text: str, start: int, end: re.Match[str]) -> bool:
    """Say whether the mark is that of an abbreviation: "between 9 a.m. and noon", "No. 7"."""
    small = text[end.end() : end.end() + 1].islower() and text[end.start() - 1] == "."
    return small or bool(_NOT_AN_END.search(text[start : end.start()]))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    if start < end:
        yield start, end


def unwrapped(text: str) -> str:
    """Return `text`, at its length, with spaces for the line breaks inside of sentences.

    A page's lines are broken where the margin is: a line that is nearly as long as the longest goes
    on in the next one, as does every line before a small letter. Some lines of a PDF come as one, far
    longer than the others: the margin is not there.
    """
    lines = text.splitlines(keepends=True)
    lengths = [length for line in lines if (length := len(line.rstrip())) >= WRAPPED_LINE]
    usual = median(lengths) * TOO_LONG if lengths else 0
    margin = max((length for length in lengths if length <= usual), default=0) * FULL_LINE
    joined = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        words = line.rstrip()
        goes_on = following[:1].islower() or (
            margin >= WRAPPED_LINE and len(words) >= margin and bool(following.strip())
        )
        joined.append(words + " " * (len(line) - len(words)) if goes_on else line)
    return "".join(joined)


def repeats(text: str) -> bool:
    """Say whether `text` ends in the same stretch over and over: a model that lost its way."""
    tail = text[-4 * LOOP_LETTERS :]
    for period in range(1, LOOP_LETTERS + 1):
        times = max(LOOP_TIMES, -(-LOOP_LETTERS // period))
        if len(tail) >= period * times and tail.endswith(tail[-period:] * times):
            return True
    return False
