# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Numbers before paragraphs: Hangul Office stores their form and counts when it shows the text.

After "한글 문서 파일 형식 5.0" (revision 1.3), tables of HWPTAG_NUMBERING and its number forms, and the
element paraHead of KS X 6101.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase

_SYLLABLES = "가나다라마바사아자차카타파하"
_LETTERS = "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"
_DIGITS = "일이삼사오육칠팔구"
_IDEOGRAPHS = "一二三四五六七八九"
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
          (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
# The names of KS X 6101 at the numbers of HWP 5.
FORMS = (
    "DIGIT", "CIRCLED_DIGIT", "ROMAN_CAPITAL", "ROMAN_SMALL", "LATIN_CAPITAL", "LATIN_SMALL",
    "CIRCLED_LATIN_CAPITAL", "CIRCLED_LATIN_SMALL", "HANGUL_SYLLABLE", "CIRCLED_HANGUL_SYLLABLE",
    "HANGUL_JAMO", "CIRCLED_HANGUL_JAMO", "HANGUL_PHONETIC", "IDEOGRAPH", "CIRCLED_IDEOGRAPH",
)  # fmt: skip
_CIRCLED = {"DIGIT": "①", "LATIN_CAPITAL": "Ⓐ", "LATIN_SMALL": "ⓐ", "HANGUL_SYLLABLE": "㉮",
            "HANGUL_JAMO": "㉠", "IDEOGRAPH": "㊀"}  # fmt: skip
_CIRCLES = {"DIGIT": 20, "LATIN_CAPITAL": 26, "LATIN_SMALL": 26, "HANGUL_SYLLABLE": 14,
            "HANGUL_JAMO": 14, "IDEOGRAPH": 10}  # fmt: skip
_ROWS = {"HANGUL_SYLLABLE": _SYLLABLES, "HANGUL_JAMO": _LETTERS,
         "LATIN_CAPITAL": ascii_uppercase, "LATIN_SMALL": ascii_lowercase}  # fmt: skip
_PLACE = re.compile(r"\^(\d{1,2}|n|N)")
_LARGEST = 100_000


@dataclass(frozen=True, slots=True)
class Head:
    """The form of one level: "^1.^2)" in numbers of `form`; the first is `start`."""

    pattern: str
    form: str = "DIGIT"
    start: int = 1


class Numbering:
    """Counts the paragraphs of one numbering."""

    def __init__(self, heads: Sequence[Head]) -> None:
        self._heads = heads
        self._counts = [head.start - 1 for head in heads]

    def next(self, level: int) -> str:
        """Return what stands before the next paragraph of `level`, from 1; "" where it has no form."""
        if not 1 <= level <= len(self._heads):
            return ""
        self._counts[level - 1] += 1
        for below in range(level, len(self._heads)):
            self._counts[below] = self._heads[below].start - 1
        return _PLACE.sub(lambda found: self._shown(found[1], level), self._heads[level - 1].pattern)

    def _shown(self, place: str, level: int) -> str:
        if place in ("n", "N"):
            path = ".".join(self._number(each) for each in range(1, level + 1))
            return path + "." * (place == "N")
        return self._number(int(place)) if 1 <= int(place) <= len(self._heads) else ""

    def _number(self, level: int) -> str:
        head = self._heads[level - 1]
        return number(max(self._counts[level - 1], head.start), head.form)


def number(value: int, form: str) -> str:
    """Return a number in one of FORMS; in digits where the form does not reach so far."""
    if not 1 <= value < _LARGEST:
        return str(value)
    if form.startswith("CIRCLED_"):
        kind = form.removeprefix("CIRCLED_")
        first, length = _CIRCLED.get(kind), _CIRCLES.get(kind, 0)
        return chr(ord(first) + value - 1) if first and value <= length else str(value)
    if form in _ROWS:
        row = _ROWS[form]
        return row[(value - 1) % len(row)] * ((value - 1) // len(row) + 1) if value < 200 else str(value)
    if form in ("HANGUL_PHONETIC", "IDEOGRAPH"):
        digits, ten = (_DIGITS, "십") if form == "HANGUL_PHONETIC" else (_IDEOGRAPHS, "十")
        return _counted(value, digits, ten) if value < 100 else str(value)
    if form.startswith("ROMAN_"):
        words = _roman(value) if value < 4000 else str(value)
        return words.lower() if form == "ROMAN_SMALL" else words
    return str(value)


def _counted(value: int, digits: str, ten: str) -> str:
    tens, ones = divmod(value, 10)
    return (digits[tens - 1] if tens > 1 else "") + (ten if tens else "") + (digits[ones - 1] if ones else "")


def _roman(value: int) -> str:
    words = ""
    for worth, letters in _ROMAN:
        times, value = divmod(value, worth)
        words += letters * times
    return words
