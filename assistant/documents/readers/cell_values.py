# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Numbers as the cells of Excel show them (ECMA-376 part 1, 18.8.30 and 18.8.31).

Dates and times are written one way in all formats, 2024-03-05 and 18:00, so that they are found.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from assistant.documents.readers.number_sections import Condition, Section, general, sections_of

# Number formats by id that programs know without being told (27 to 58 in East Asian ones); the sign
# of 5 to 8 and 41 to 44 is the country's of whoever looks.
_DATES = (14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 59))
_TIMES = (18, 19, 20, 21, *range(32, 36), 45, 46, 47)
_KNOWN = {
    **dict.fromkeys(_DATES, "yyyy"), **dict.fromkeys(_TIMES, "h"),
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    **dict.fromkeys((5, 6, 41, 42), "#,##0"), **dict.fromkeys((7, 8, 43, 44), "#,##0.00"),
    37: "#,##0;(#,##0)", 38: "#,##0;(#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)",
    48: "##0.0E+0",
}  # fmt: skip
_DAY = 86400  # seconds
_LAST_DAY = 2958466  # after 9999-12-31
_SINCE_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - no zone is meant
_SINCE_1904 = datetime(1904, 1, 1)  # noqa: DTZ001


class CellFormat:
    """A number format: its sections for what is above, below and just zero, or as conditions say."""

    def __init__(self, code: str, since_1904: bool) -> None:
        self._since_1904 = since_1904
        sections = sections_of(code)
        if len(sections) > 1 and (len(sections) > 3 or sections[-1].is_for_text):
            sections.pop()
        self._sections = _with_conditions(sections[:3])

    def shown(self, number: float) -> str:
        """Return a number as the cell shows it; "" where it shows nothing."""
        section = next((one for one in self._sections if one.fits(number)), None)
        if section is None:
            return general(number)
        if not (letters := section.clock):
            return section.shown(number)
        if "y" in letters or "d" in letters or not letters.strip("m"):
            return _day(number, self._since_1904)
        return _time(number)


def cell_formats(numbers: list[int], codes: Mapping[int, str], since_1904: bool) -> list[CellFormat]:
    """Return the formats with these ids; `codes` are the file's own by id."""
    formats = {
        number: CellFormat(codes.get(number, _KNOWN.get(number, "General")), since_1904)
        for number in set(numbers)
    }
    return [formats[number] for number in numbers]


def _with_conditions(sections: list[Section]) -> list[Section]:
    """Return one to three sections with what each of them is for where it does not say so."""
    above: Condition = (">", 0.0) if len(sections) > 2 else (">=", 0.0)
    below: Condition | None = ("<", 0.0)
    if len(sections) == 2 and sections[0].condition not in (None, above):
        below = None  # for all the others
    defaults = (above, below, None) if len(sections) > 1 else (None,)
    return [
        replace(section, condition=section.condition or default)
        for section, default in zip(sections, defaults, strict=False)
    ]


def _day(number: float, since_1904: bool) -> str:
    last = _LAST_DAY - (1462 if since_1904 else 0)
    if not 0 <= number <= last - 1 / _DAY:  # what is rounded to a whole second is no later
        return general(number)
    late = 1 if number < 60 and not since_1904 else 0  # 1900 had no 29 February
    moment = (_SINCE_1904 if since_1904 else _SINCE_1900) + timedelta(
        days=int(number) + late, seconds=round(number % 1 * _DAY)
    )
    return moment.strftime("%Y-%m-%d") + (moment.strftime(" %H:%M") if moment.hour or moment.minute else "")


def _time(number: float) -> str:
    if not 0 <= number < _LAST_DAY:
        return general(number)
    minutes, seconds = divmod(round(number * _DAY), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
