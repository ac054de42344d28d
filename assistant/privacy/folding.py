# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A copy of a text with one spelling for each digit, hyphen and space, and the way back to the text.

Full-width and other decimal digits become 0 to 9, full-width Latin letters and signs plain ones, every
hyphen `-`, every space of one line ` `, every end of a line one; characters that take no room on the screen
are left out. A letter or syllable that is written in parts (Unicode's NFD, as in names of files on a Mac)
becomes one. Digits that are read out in Korean ("공일공 일이삼사 오육칠팔") become digits where eight or more
follow one another.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u3161\u30fc\ufe58\ufe63\uff70"
_SPACES = "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_DOTS = "\u00b7\u2024\u30fb\ufe52\uff0e\uff65"
_LINE_ENDS = "\0\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"  # a zero ends what programs list
_PLANE = "\uffff"
_ZEROS = (0x0660, 0x06F0, 0x0966, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6)  # of ten digits each

_SPELLINGS = {
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **{chr(zero + digit): str(digit) for zero in _ZEROS for digit in range(10)},
    **dict.fromkeys(_HYPHENS, "-"),
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys(_DOTS, "."),
    **dict.fromkeys(_LINE_ENDS, "\n"),
    "\ufe6b": "@",
}

# Controls, soft hyphen, joiners, fillers, direction marks, variation selectors, the frame of a keycap emoji,
# marks for notes between the lines.
_UNSEEN = (
    "\x01-\x08\x0e-\x1b\x1f\x7f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\r\u20e3\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
)
_READ = {spoken: str(digit) for digit, spoken in enumerate("공일이삼사오육칠팔구")} | {"영": "0", "륙": "6"}
_SPOKEN = "".join(_READ)
_DIVIDED = r"(?: ?[-.,] ?| ?다시 ?|에 ?|의 ?| )?"  # said or written between the groups of a number
_READ_OUT = re.compile(rf"(?:(?<![가-힣])|(?=[공영]))[{_SPOKEN}0-9](?:{_DIVIDED}[{_SPOKEN}0-9]){{7,24}}")
_MAYBE_READ_OUT = re.compile(f"[{_SPOKEN}][{_SPOKEN} ][{_SPOKEN}][{_SPOKEN} ]")
_SPOKEN_DIGIT = re.compile(f"[{_SPOKEN}]")
_LAST_GROUP = re.compile(f"[{_SPOKEN}0-9]+\\Z")
_SAID = re.compile("다시|[에의,]")
_LONG = 4096  # code points of a text that says many words twice
_LATIN_WORD = re.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[A-Z]")
# Signs beyond the first plane as one range: a class tries those one by one that are listed in it.
_BEYOND = f"{chr(_ZEROS[3])}-{chr(_ZEROS[-1] + 9)}\U000e0000-\U000e01ef"
_SIGNS = f"[{''.join(sign for sign in _SPELLINGS if sign <= _PLANE)}{_BEYOND}{_UNSEEN}]"
_TO_FOLD = re.compile(_SIGNS)
# A syllable of Hangul, a Latin letter or a kana with the parts behind it that make one letter of it.
_IN_PARTS = re.compile(
    "(?:[\u1100-\u1112][\u1161-\u1175]|[\uac00-\ud7a3])[\u11a8-\u11c2]|[\u1100-\u1112][\u1161-\u1175]"
    f"|[A-Za-z\u00c0-\u024f][\u0300-\u034e\u0350-\u036f]{{1,3}}|[\u3041-\u30ff][\u3099\u309a]|{_SIGNS}"
)
_TAB = re.compile("(?<=[0-9])\t(?=[0-9])")  # elsewhere it is the border of a cell


@dataclass(frozen=True)
class Folded:
    """A folded text; `removed[i]` is the offset in it at which the i-th left-out character stood.

    `parts` are those of them that are a part of the letter right before, and of any span that ends with it.
    """

    text: str
    removed: tuple[int, ...] = ()
    parts: tuple[int, ...] = ()

    @cached_property
    def lower(self) -> str:
        """Return the text in lower case, every character still at its place."""
        lower = self.text.lower()
        if len(lower) == len(self.text):
            return lower
        return "".join(each if len(each.lower()) > 1 else each.lower() for each in self.text)

    @cached_property
    def words(self) -> str:
        """Return the text in lower case with blanks for low lines: `api_key` is two words."""
        return self.lower.replace("_", " ")

    @cached_property
    def latin_words(self) -> frozenset[str]:
        """Return every word in ASCII letters, in lower case; a change of case divides: `accountNumber`."""
        return frozenset(word.lower() for word in set(_LATIN_WORD.findall(self._each_word_once)))

    @cached_property
    def _each_word_once(self) -> str:
        """Return the text; of a long one every word once, which is half of it or less."""
        return self.text if len(self.text) < _LONG else " ".join(dict.fromkeys(self.text.split(" ")))

    @cached_property
    def _each_word_lower(self) -> str:
        return self._each_word_once.lower()

    @cached_property
    def _said(self) -> dict[str, tuple[str, ...]]:
        return {}

    def said(self, listed: str, words: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of `words`, which `listed` names, that a long text may say; of a short one all."""
        if len(self.text) < _LONG:
            return words
        said = self._said.get(listed)
        if said is None:
            said = tuple(word for word in words if self.holds(word.split(" ")[0]))
            self._said[listed] = said
        return said

    @cached_property
    def _held(self) -> dict[str, bool]:
        return {}

    def holds(self, needle: str) -> bool:
        """Say whether `needle` is in the text in lower case; asked twice, looked for once."""
        held = self._held.get(needle)
        if held is None:
            held = self._held[needle] = needle in (self.lower if " " in needle else self._each_word_lower)
        return held

    @cached_property
    def _pieces(self) -> frozenset[tuple[str, ...]]:
        """Return every letter, every two and every three that stand together, in lower case."""
        one, two, three = self.lower, self.lower[1:], self.lower[2:]
        return frozenset(
            chain(zip(one, strict=False), zip(one, two, strict=False), zip(one, two, three, strict=False))
        )

    def holds_any(self, needles: Sequence[str], beginnings: frozenset[tuple[str, ...]]) -> bool:
        """Say whether one of `needles` is in the text in lower case; `beginnings` are those of `needles`.

        A short text is asked first whether it has so much as the beginning of one.
        """
        if len(self.text) < _LONG and beginnings.isdisjoint(self._pieces):
            return False
        return any(map(self.holds, needles))

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original text (code points) that became [start, end) here."""
        if not self.removed:
            return start, end
        last = end + bisect_right(self.removed, end - 1)
        if self.parts:
            last += bisect_right(self.parts, end) - bisect_left(self.parts, end)
        return start + bisect_right(self.removed, start), last


def beginnings_of(needles: Iterable[str]) -> frozenset[tuple[str, ...]]:
    """Return what tells needles from most texts: their first three Latin letters, or two syllables."""
    return frozenset(tuple(needle[: 3 if needle.isascii() else 2]) for needle in needles)


def fold(text: str) -> Folded:
    """Return `text` in one spelling."""
    removed: list[int] = []
    parts: list[int] = []

    def spelled(found: re.Match[str]) -> str:
        spelling = _SPELLINGS.get(found[0], "")
        if not spelling:
            removed.append(found.start() - len(removed))
        return spelling

    def composed(found: re.Match[str]) -> str:
        if len(found[0]) == 1:
            return spelled(found)
        for size in range(len(found[0]), 1, -1):
            letter = unicodedata.normalize("NFC", found[0][:size])
            if (
                len(letter) == 1 and not "\u024f" < letter < "\u3041"
            ):  # those no pattern knows: m with an accent
                behind = [found.start() - len(removed) + 1] * (size - 1)
                removed.extend(behind)
                parts.extend(behind)
                return letter + found[0][size:]
        return found[0]

    if unicodedata.is_normalized("NFC", text):
        folded = _TO_FOLD.sub(spelled, text)
    else:
        folded = _IN_PARTS.sub(composed, text)
    if "\t" in folded:
        folded = _TAB.sub(" ", folded)
    if _MAYBE_READ_OUT.search(folded):
        folded = _READ_OUT.sub(_digits, folded)
    return Folded(folded, tuple(removed), tuple(parts))


def _digits(found: re.Match[str]) -> str:
    """Return digits for those that were read out, every character at its place."""
    said = found[0]
    spoken = len(_SPOKEN_DIGIT.findall(said))
    if spoken < 4:  # of 8 and more: otherwise a number with a particle behind it
        return said
    end = len(said) - _particles(said)
    number = _SAID.sub(lambda divider: "-".ljust(len(divider[0])), said[:end])
    return number.translate(_TRANSLATED) + said[end:]


def _particles(said: str) -> int:
    """Return how many signs at the end are a particle or an ending: "…오육칠팔이에요", "…오육칠팔이구요".

    The groups tell: the last has four digits, or seven; without groups there are 11 or 13 in all.
    """
    last = _LAST_GROUP.search(said)
    length = len(last[0]) if last else 0
    wanted = (4 if length < 7 else 7) if length < len(said) else (11 if length < 13 else 13)
    extra = said[len(said) - max(0, length - wanted) :] if length > wanted else ""
    return len(extra) if extra and not extra.strip("이구일") else 0


_TRANSLATED = str.maketrans(_READ)
