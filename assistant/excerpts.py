# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Short pieces of long texts: the title of a conversation, the surroundings of what was found."""

import re
import unicodedata

from assistant.full_text import index_terms, query_terms, word_spans, words_of

TITLE_LENGTH = 60  # characters
EXCERPT_LENGTH = 120
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks that nobody sees and that turn the direction of writing: a name with them looks like another."""
_BEFORE = 40  # characters shown before the word that was found


def title_of(words: str) -> str:
    """Return the first words of `words` on one line, at most TITLE_LENGTH characters."""
    return _cut(one_line(words), TITLE_LENGTH)


def excerpt(content: str, words: str) -> str:
    """Return the piece of `content` around the first of `words` in it, on one line.

    At most EXCERPT_LENGTH characters and an ellipsis on each side that was cut off.
    """
    line = unicodedata.normalize("NFC", one_line(content))
    start = max(0, _place_of(line, words) - _BEFORE)
    if start:  # begin with a whole word where one is near
        space = line.find(" ", start, start + _BEFORE)
        start = space + 1 if space >= 0 else start
    return ("…" if start else "") + _cut(line[start:], EXCERPT_LENGTH)


def _place_of(line: str, words: str) -> int:
    lowered = line.lower()
    asked = unicodedata.normalize("NFC", words).lower()
    # First as it was typed, then by word, then by what search finds it by: a stem, another spelling.
    for wanted in (asked.strip(), *words_of(asked)):
        place = lowered.find(wanted)
        if place >= 0:
            return place
    terms = set(query_terms(asked))
    found = (
        start for start, end in word_spans(line) if terms.intersection(index_terms(line[start:end]).split())
    )
    return next(found, 0)


def one_line(words: str) -> str:
    """Return `words` on one line, without what turns the direction of writing around."""
    return re.sub(r"[\s\x00-\x1f\x7f]+", " ", TURNING.sub("", words)).strip()


def _cut(line: str, length: int) -> str:
    if len(line) <= length:
        return line
    kept = line[:length]
    end = kept.rfind(" ")
    return kept[: end if end > length // 2 else length].rstrip() + "…"
