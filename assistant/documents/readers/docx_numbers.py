# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The numbers that Word puts before paragraphs (ECMA-376 part 1, 17.9): "제3조", "2.1", "(b)".

They stand nowhere in the text of the file, and a contract is cited by them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from assistant.documents.readers.docx_styles import Style, value_of

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_LARGEST = 3999  # Roman numbers end there; a list that claims a larger one is written in digits
_SYLLABLES = "가나다라마바사아자차카타파하"
_CONSONANTS = "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"
_CHINESE = "〇一二三四五六七八九"
_HANGUL = "영일이삼사오육칠팔구"


@dataclass(frozen=True)
class _Level:
    """How one level of a list is numbered: the form of its numbers, what stands around, the first one."""

    form: str
    template: str  # "%1.%2"
    start: int


class Numbering:
    """Counts the paragraphs of each list as they come."""

    def __init__(self, root: Element) -> None:
        kinds = {one.get("abstractNumId", ""): one for one in root.findall("abstractNum")}
        self._kinds: dict[str, str] = {}
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        for number in root.findall("num"):
            kind = value_of(number, "abstractNumId")
            name = number.get("numId", "")
            levels = _levels(kinds.get(kind))
            for override in number.findall("lvlOverride"):
                self._override(levels, override)
            restarts = number.find("lvlOverride") is not None
            self._kinds[name] = name if restarts else f"kind {kind}"  # lists of one kind count on
            self._levels[name] = levels

    def before(self, style: Style) -> str:
        """Return what stands before the next paragraph of this style, a space after it; "" for nothing."""
        levels = self._levels.get(style.list_id, {})
        level = levels.get(style.list_level)
        if level is None:
            return ""
        counts = self._counts.setdefault(self._kinds[style.list_id], {})
        counts[style.list_level] = counts.get(style.list_level, level.start - 1) + 1
        for deeper in [one for one in counts if one > style.list_level]:
            del counts[deeper]
        if level.form in ("bullet", "none"):
            return "• " if level.form == "bullet" else ""

        def shown(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            other = levels.get(at, level)
            return _number(counts.get(at, other.start), other.form)

        words = _PLACE.sub(shown, level.template)
        return f"{words} " if words.strip() else ""

    @staticmethod
    def _override(levels: dict[int, _Level], override: Element) -> None:
        at = _whole(override.get("ilvl", ""), 0)
        own = _levels(override).get(at)
        if own:
            levels[at] = own
        start = value_of(override, "startOverride")
        if start and at in levels:
            levels[at] = _Level(levels[at].form, levels[at].template, _whole(start, 1))


def _levels(element: Element | None) -> dict[int, _Level]:
    return {
        _whole(one.get("ilvl", ""), 0): _Level(
            value_of(one, "numFmt") or "decimal", value_of(one, "lvlText"), _whole(value_of(one, "start"), 1)
        )
        for one in (element.findall("lvl") if element is not None else ())
    }


def _number(number: int, form: str) -> str:
    """Return a number in one of the forms of 17.18.59 that are met with; in digits for the others."""
    write = _FORMS.get(form)
    return write(number) if write and 0 < number <= _LARGEST else str(number)


def _roman(number: int) -> str:
    signs = (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")
    words = ""
    for value, sign in (*signs, (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        words += sign * (number // value)
        number %= value
    return words


def _lettered(letters: str) -> Callable[[int], str]:
    """Return the writer of a, b, ... z, aa, bb, ..."""
    return lambda number: letters[(number - 1) % len(letters)] * ((number - 1) // len(letters) + 1)


def _counted(digits: str, tens: str) -> Callable[[int], str]:
    """Return the writer of 十二 or 이십삼, below a thousand."""

    def write(number: int) -> str:
        if number > 999:
            return str(number)
        parts = []
        for value, sign in ((100, tens[1]), (10, tens[0])):
            digit, number = divmod(number, value)
            parts.append(("" if digit == 1 else digits[digit]) + sign if digit else "")
        return "".join(parts) + (digits[number] if number else "")

    return write


_LATIN = "abcdefghijklmnopqrstuvwxyz"
_FORMS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02}",
    "lowerLetter": _lettered(_LATIN),
    "upperLetter": _lettered(_LATIN.upper()),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "ganada": _lettered(_SYLLABLES),
    "chosung": _lettered(_CONSONANTS),
    "koreanDigital": lambda number: "".join(_HANGUL[int(digit)] for digit in str(number)),
    "koreanCounting": _counted(_HANGUL, "십백"),
    "koreanDigital2": _counted(_CHINESE, "十百"),
    "chineseCounting": _counted(_CHINESE, "十百"),
    "japaneseCounting": _counted(_CHINESE, "十百"),
    "taiwaneseCounting": _counted(_CHINESE, "十百"),
    "decimalEnclosedCircle": lambda number: chr(0x2460 + number - 1) if number <= 20 else str(number),
    "decimalEnclosedCircleChinese": lambda number: chr(0x2460 + number - 1) if number <= 20 else str(number),
    "decimalFullWidth": lambda number: "".join(chr(0xFF10 + int(digit)) for digit in str(number)),
}


def _whole(value: str, otherwise: int) -> int:
    return int(value) if value.isdecimal() and len(value) < 10 else otherwise
