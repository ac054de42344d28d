# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Numbers as the cells of Excel show them: dates, times, percentages (ECMA-376 part 1, 18.8.30)."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

# Number formats by id that programs know without being told (27 to 58 in East Asian ones).
_DATES = frozenset({14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 59)})
_TIMES = frozenset({18, 19, 20, 21, *range(32, 36), 45, 46, 47})
_PERCENTS = frozenset({9, 10})
_NOT_LETTERS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]|general', re.IGNORECASE)
_DAY = 86400  # seconds
_LAST_DAY = 2958466  # after 9999-12-31
_SINCE_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - no zone is meant
_SINCE_1904 = datetime(1904, 1, 1)  # noqa: DTZ001


def kind_of(number: int, codes: Mapping[int, str]) -> str:
    """Return "date", "time", "percent" or "" of a number format; `codes` are the file's own."""
    if number in codes:
        letters = _NOT_LETTERS.sub("", codes[number].partition(";")[0]).lower()
        if "y" in letters or "d" in letters:
            return "date"
        if "h" in letters or "s" in letters:
            return "time"
        return "percent" if "%" in letters else "date" if "mmm" in letters else ""
    if number in _DATES:
        return "date"
    return "time" if number in _TIMES else "percent" if number in _PERCENTS else ""


def shown_number(number: float, kind: str, since_1904: bool) -> str:
    """Return a number as a reader of the sheet sees it, or nearly."""
    if kind == "percent":
        return f"{number * 100:.10g}%"
    if kind == "time" and number >= 0:
        minutes, seconds = divmod(round(number * _DAY), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    if kind == "date" and 0 <= number < _LAST_DAY - (1462 if since_1904 else 0):
        late = 1 if number < 60 and not since_1904 else 0  # 1900 had no 29 February
        moment = (_SINCE_1904 if since_1904 else _SINCE_1900) + timedelta(
            days=int(number) + late, seconds=round(number % 1 * _DAY)
        )
        return moment.strftime("%Y-%m-%d") + (
            moment.strftime(" %H:%M") if moment.hour or moment.minute else ""
        )
    return f"{number:.15g}"
