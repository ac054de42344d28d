# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A copy of a text with one spelling for each digit, hyphen and space, and the way back to the text.

Full-width and other decimal digits become 0 to 9, full-width Latin letters and signs plain ones, every
hyphen `-`, every space of one line ` `; characters that take no room on the screen are left out.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u3161\u30fc\ufe58\ufe63\uff70"
_SPACES = "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_DOTS = "\u00b7\u2024\u30fb\ufe52\uff0e\uff65"
_ZEROS = (0x0660, 0x06F0, 0x0966, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6)  # of ten digits each

_SPELLINGS = {
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **{chr(zero + digit): str(digit) for zero in _ZEROS for digit in range(10)},
    **dict.fromkeys(_HYPHENS, "-"),
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys(_DOTS, "."),
    "\ufe6b": "@",
}

# Soft hyphen, joiners, fillers, direction marks, variation selectors, the frame of a keycap emoji.
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\u20e3\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
_TO_FOLD = re.compile(f"[{''.join(_SPELLINGS)}{_UNSEEN}]")


@dataclass(frozen=True)
class Folded:
    """A folded text; `removed[i]` is the offset in it at which the i-th left-out character stood."""

    text: str
    removed: tuple[int, ...] = ()

    @cached_property
    def lower(self) -> str:
        """Return the text in lower case, every character still at its place."""
        lower = self.text.lower()
        if len(lower) == len(self.text):
            return lower
        return "".join(each if len(each.lower()) > 1 else each.lower() for each in self.text)

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original text (code points) that became [start, end) here."""
        if not self.removed:
            return start, end
        return start + bisect_right(self.removed, start), end + bisect_right(self.removed, end - 1)


def fold(text: str) -> Folded:
    """Return `text` in one spelling."""
    removed: list[int] = []

    def spelled(found: re.Match[str]) -> str:
        spelling = _SPELLINGS.get(found[0], "")
        if not spelling:
            removed.append(found.start() - len(removed))
        return spelling

    return Folded(_TO_FOLD.sub(spelled, text), tuple(removed))
