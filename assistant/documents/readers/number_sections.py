# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Sections of the number formats of Excel, and numbers as they show them (ECMA-376 part 1, 18.8.31).

What fills a cell is left out, and so are colours; a fraction stays a decimal number.
"""

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import Enum, auto
from functools import cached_property

_LONGEST = 255  # letters of a format that Excel takes
_HUGE = 1e21  # Excel has 15 digits; nobody reads further zeros
_EXACT = Context(prec=4 * _LONGEST)  # each letter "%" adds two digits, each "0" one
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<room>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>general|g/표준)|(?P<power>e[+-])|(?P<digit>[0#?])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<>|[<>]=?|=)(-?[0-9]+(?:\.[0-9]*)?)")
_COMPARED: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
_CURRENCY = re.compile(r"\$([^-]+)")  # [$₩-412]
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_MISSING = {"0": "0", "#": "", "?": " "}  # what stands where a number has no digit

Condition = tuple[str, float]


class Part(Enum):
    """What a piece of a section stands for."""

    WORDS = auto()  # shown as they are
    LETTER = auto()  # the same; without a number beside it, it is a code that is not known
    COLOUR = auto()  # or a condition or a language: not shown; alone it shows the number as it is
    CLOCK = auto()  # of a date or a time
    DIGIT = auto()
    POINT = auto()
    COMMA = auto()
    PERCENT = auto()
    POWER = auto()
    GENERAL = auto()  # the number as it is
    TEXT = auto()  # the text of a cell


_OTHERS = {".": Part.POINT, ",": Part.COMMA, "%": Part.PERCENT, "@": Part.TEXT}
_VALUES = (Part.GENERAL, Part.TEXT)
Piece = tuple[Part, str]


def general(number: float) -> str:
    """Return a number as it is without a format."""
    return f"{number:.15g}"


@dataclass(frozen=True)
class Section:
    """A section of a number format: its pieces in order, and which numbers it is for (all where None)."""

    pieces: tuple[Piece, ...]
    condition: Condition | None = None

    @cached_property
    def clock(self) -> str:
        """Return the letters of a date or a time, in lower case; "" where the section shows neither."""
        letters = "".join(letters for part, letters in self.pieces if part is Part.CLOCK).lower()
        digits = (at for at, (part, _letters) in enumerate(self.pieces) if part is Part.DIGIT)
        first = next(digits, None)
        return letters if first is None or self._is_second(first - 2) else ""

    def fits(self, number: float) -> bool:
        """Say whether the section is for this number."""
        return self.condition is None or _COMPARED[self.condition[0]](number, self.condition[1])

    def shown(self, number: float) -> str:
        """Return a number as the section shows it; not for dates and times."""
        if not abs(number) < _HUGE or self._is_unknown:
            return general(number)
        size = general(abs(number))
        if layout := self._layout:
            words, zero = layout.shown(Decimal(size))
        else:
            words = "".join(size if part in _VALUES else letters for part, letters in self.pieces)
            zero = not number
        below = self.condition and self.condition[0] in ("<", "<=") and self.condition[1] <= 0
        return ("-" if number < 0 and not below and not zero and words else "") + words.strip()

    @property
    def is_for_text(self) -> bool:
        """Say whether the section shows the text of a cell."""
        return any(part is Part.TEXT for part, _letters in self.pieces)

    @cached_property
    def _layout(self) -> "_Layout | None":
        return _Layout.of(self.pieces) if any(part is Part.DIGIT for part, _ in self.pieces) else None

    @cached_property
    def _is_unknown(self) -> bool:
        parts = {part for part, _letters in self.pieces}
        lone = Part.LETTER in parts and not parts & {Part.DIGIT, Part.GENERAL, Part.TEXT}
        return lone or parts == {Part.COLOUR}

    def _is_second(self, at: int) -> bool:
        """Say whether a digit two places on is one of a fraction of a second."""
        return at >= 0 and self.pieces[at][0] is Part.CLOCK and self.pieces[at + 1][0] is Part.POINT


@dataclass(frozen=True)
class _Layout:
    """How a section writes a number: digits before the point, after it, and of the power of ten."""

    whole: tuple[Piece, ...]
    fraction: tuple[Piece, ...]  # begins with the point, where there is one
    power: tuple[Piece, ...]  # begins with E+ or E-, where there is one
    grouped: bool  # thousands are set apart
    scale: int  # the number is multiplied by ten to this power

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> "_Layout":
        parts = [part for part, _letters in pieces]
        power = parts.index(Part.POWER) if Part.POWER in parts else len(pieces)
        point = parts.index(Part.POINT) if Part.POINT in parts[:power] else power
        whole = [at for at in range(point) if parts[at] is Part.DIGIT]
        digits = [at for at in range(power) if parts[at] is Part.DIGIT]
        commas = [at for at in range(power) if parts[at] is Part.COMMA and digits and at > digits[0]]
        between = [at for at in commas if whole and whole[0] < at < whole[-1]]
        kept = [piece for at, piece in enumerate(pieces) if at not in commas]
        power, point = (at - sum(comma < at for comma in commas) for at in (power, point))
        return cls(
            tuple(kept[:point]),
            tuple(kept[point:power]),
            tuple(kept[power:]),
            bool(between),
            2 * parts.count(Part.PERCENT) - 3 * (len(commas) - len(between)),
        )

    def shown(self, size: Decimal) -> tuple[str, bool]:
        """Return a number of this size as written, and whether all its digits are zero."""
        places = sum(part is Part.DIGIT for part, _letters in self.fraction)
        value = size.scaleb(self.scale)
        power = 0
        if self.power:
            step = max(sum(part is Part.DIGIT for part, _letters in self.whole), 1)
            power = self._power(value, step)
            rounded = _rounded(value.scaleb(-power), places)
            if rounded and rounded.adjusted() >= step:  # 9.99 became 10.0
                power += step
        rounded = _rounded(value.scaleb(-power), places)
        whole, _point, fraction = f"{rounded:f}".partition(".")
        words = _before(self.whole, whole.lstrip("0"), self.grouped) + _after(self.fraction, fraction)
        return words + self._exponent(power), not rounded

    @staticmethod
    def _power(value: Decimal, step: int) -> int:
        return value.adjusted() // step * step if value else 0

    def _exponent(self, power: int) -> str:
        if not self.power:
            return ""
        sign = "-" if power < 0 else self.power[0][1][1:].replace("-", "")
        return "E" + sign + _before(self.power[1:], str(abs(power)), grouped=False)


def sections_of(code: str) -> list[Section]:
    """Return the sections of a number format, in order; one that is empty shows nothing."""
    sections: list[list[Piece]] = [[]]
    conditions: list[Condition | None] = [None]
    for found in _TOKEN.finditer(code if 0 < len(code) <= _LONGEST else "General"):
        if found["other"] == ";":
            sections.append([])
            conditions.append(None)
        elif condition := _CONDITION.fullmatch(found["bracket"] or ""):
            conditions[-1] = (condition[1], float(condition[2]))
            sections[-1].append((Part.COLOUR, ""))
        else:
            sections[-1] += _pieces(found)
    return [Section(_decimal(pieces), one) for pieces, one in zip(sections, conditions, strict=True)]


def _pieces(found: re.Match[str]) -> list[Piece]:
    """Return what a token shows; what fills a cell shows nothing."""
    kind = found.lastgroup or ""
    letters = found[kind]
    if kind in ("quoted", "escaped"):
        return [(Part.WORDS, letters)]
    if kind == "room":
        return [(Part.WORDS, " ")]
    if kind == "bracket" and (sign := _CURRENCY.match(letters)):
        return [(Part.WORDS, sign[1])]
    if kind == "fill":
        return []
    if kind == "bracket" and not _ELAPSED.fullmatch(letters):
        return [(Part.COLOUR, "")]
    if kind == "bracket" or letters in "yYmMdDhHsS":
        return [(Part.CLOCK, letters)]
    if kind == "other":
        return [(_OTHERS.get(letters, Part.LETTER if letters.isalpha() else Part.WORDS), letters)]
    return [({"general": Part.GENERAL, "power": Part.POWER, "digit": Part.DIGIT}[kind], letters)]


def _decimal(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return the pieces with the plain number for a fraction such as # ?/16."""
    numbers = [at for at, (part, word) in enumerate(pieces) if part is Part.DIGIT or word.isdecimal()]
    stroke = pieces.index((Part.WORDS, "/")) if (Part.WORDS, "/") in pieces else -1
    if not numbers or not numbers[0] < stroke < numbers[-1]:
        return tuple(pieces)
    return (*pieces[: numbers[0]], (Part.GENERAL, ""), *pieces[numbers[-1] + 1 :])


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _EXACT)


def _before(pieces: Sequence[Piece], digits: str, grouped: bool) -> str:
    """Return the digits before the point as the pieces show them: the first takes all that are left."""
    places = sum(part is Part.DIGIT for part, _letters in pieces)
    written: list[str] = []
    count = 0
    for part, letters in reversed(pieces):
        if part is not Part.DIGIT:
            written.append(letters)
            continue
        places -= 1
        own, digits = (digits[-1:], digits[:-1]) if places else (digits, "")
        for digit in reversed(own or _MISSING[letters]):
            if grouped and count and count % 3 == 0 and digit != " ":
                written.append(",")
            written.append(digit)
            count += 1
    return digits + "".join(reversed(written))


def _after(pieces: Sequence[Piece], digits: str) -> str:
    """Return the point and the digits after it as the pieces show them."""
    kept = len(digits.rstrip("0"))
    written: list[str] = []
    at = 0
    for part, letters in pieces:
        if part is Part.DIGIT:
            written.append(digits[at] if at < kept else _MISSING[letters])
            at += 1
        else:
            written.append(letters)
    return "".join(written)
