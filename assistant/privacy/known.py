# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Values that are hidden already, found again where nothing around them gives them away.

"Ask 김민수 님" tells a name by its title; "김민수는" two turns later would not. What was hidden once is
looked for letter by letter, so that no other sentence shows it.
"""

import re
from collections.abc import Iterator

SHORTEST = 5
"""Letters that a value must have at least: a shorter one stands in too many words by chance."""

SHORTEST_HANGUL = 3
KEY = 3  # letters by which values are looked up

_STARTS = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z+(]|(?<![가-힣])[가-힣]")
_HANGUL = re.compile("[가-힣]+")


class KnownValues:
    """An index of values by how they begin; looking for all of them is one walk over a text."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kinds: dict[str, str] = {}
        self._lengths: dict[str, set[int]] = {}  # of the values that begin so
        self._firsts = ""
        self._starts = _STARTS

    def kind_of(self, value: str) -> str | None:
        """Return the kind that `value` was first taken for, in this very spelling; None if never."""
        return self._kinds.get(value)

    def add(self, kind: str, value: str) -> None:
        """Look for `value` of this kind from now on; not for one that is too short to be told apart."""
        if self._kinds.setdefault(value, kind) != kind:
            return
        if len(value) >= _enough(value) and _STARTS.match(value):
            self._lengths.setdefault(value[:KEY], set()).add(len(value))
            if value[0] not in self._firsts:
                self._firsts += value[0]
                self._starts = _starts(self._firsts)

    def find(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Yield (kind, start, end) of each value in `text`, in order, the longest at its place."""
        if not self._lengths:
            return
        for found in self._starts.finditer(text):
            at = found.start()
            for length in sorted(self._lengths.get(text[at : at + KEY], ()), reverse=True):
                value = text[at : at + length]
                if value in self._kinds and _ends(value, text[at + length : at + length + 1]):
                    yield self._kinds[value], at, at + length
                    break


def _enough(value: str) -> int:
    """Return how long a value must be to be looked for."""
    return SHORTEST_HANGUL if _HANGUL.fullmatch(value) else SHORTEST


def _starts(firsts: str) -> re.Pattern[str]:
    """Return the pattern of where a value may start that begins with one of `firsts`: most words do not."""
    hangul = "".join(one for one in firsts if _HANGUL.match(one))
    latin = "".join(one for one in firsts if one not in hangul)
    walks = [("[0-9A-Za-z]", latin), ("[가-힣]", hangul)]
    return re.compile("|".join(f"(?<!{before})[{re.escape(each)}]" for before, each in walks if each))


def _ends(value: str, after: str) -> bool:
    """Say whether a value ends here: it is not the beginning of a longer number or Latin word."""
    last = value[-1]
    if last.isdigit():
        return not after.isdigit()
    return not (last.isascii() and last.isalnum() and after.isascii() and after.isalnum())
