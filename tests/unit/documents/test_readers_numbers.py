# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Numbers of sheets are read as their cells show them."""

import math
from pathlib import Path

import pytest

from assistant.documents.readers.cell_values import CellFormat, cell_formats
from tests.reader_files import read, text_of

ACCOUNTS = '_-"₩"* #,##0_-;\\-"₩"* #,##0_-;_-"₩"* "-"_-;_-@_-'


@pytest.mark.parametrize(
    ("code", "number", "shown"),
    [
        ("General", 0.1 + 0.2, "0.3"),
        ("", 1234.5, "1234.5"),
        ("@", 12345678901, "12345678901"),
        ("G/표준", 12.5, "12.5"),
        ('General" kg"', -3, "-3 kg"),
        ("#,##0", 1234567.5, "1,234,568"),
        ("#,##0", -999, "-999"),
        ("0.00", 2.675, "2.68"),
        ("0.00", -0.001, "0.00"),
        ("0.0#", 1.5, "1.5"),
        ("0.0#", 1.256, "1.26"),
        (".00", 1.5, "1.50"),
        ("#", 0, ""),
        ("???,???", 12, "12"),
        ("0%", 0.155, "16%"),
        ("[Red]0.0%", -0.125, "-12.5%"),
        ('#,##0,"천원"', 1234567, "1,235천원"),
        ("0.0,,", 1234567, "1.2"),
        ("000-0000-0000", 1012345678, "010-1234-5678"),
        ("000000-0000000", 9001011234567, "900101-1234567"),
        ("000000", 42, "000042"),
        ("000", 12345, "12345"),
        ('"₩"#,##0', 1234567, "₩1,234,567"),
        ('"₩"#,##0', -1234567, "-₩1,234,567"),
        ("[$₩-412]#,##0", 12500, "₩12,500"),
        ("[$₩]#,##0", 12500, "₩12,500"),
        ("[$-412]0", 5, "5"),
        ("#,##0.00\\ [$€-1]", 1234.5, "1,234.50 €"),
        ("#,##0원", 3250000, "3,250,000원"),
        ("#,##0 USD", 1234, "1,234 USD"),
        ("#,##0.00_);(#,##0.00)", -1234.5, "(1,234.50)"),
        ("#,##0.00_);(#,##0.00)", 1234.5, "1,234.50"),
        (ACCOUNTS, 1234567, "₩1,234,567"),
        (ACCOUNTS, -1234567, "-₩1,234,567"),
        (ACCOUNTS, 0, "₩-"),
        ('_(* #,##0_);_(* \\(#,##0\\);_(* "-"??_);_(@_)', 0, "-"),
        ("#,##0;-#,##0;", 0, ""),
        (";;;", 5, ""),
        ('"남";"여"', -1, "여"),
        ("0;0;@", -5, "5"),
        ('0;-0;"없음";@', 0, "없음"),
        ("[Red]", -5, "-5"),
        ("[>=100]0.0;[<0]\\m\\i\\n\\u\\s 0;0", 150, "150.0"),
        ("[>=100]0.0;[<0]\\m\\i\\n\\u\\s 0;0", -3, "minus 3"),
        ("[>=100]0.0;[<0]\\m\\i\\n\\u\\s 0;0", 7, "7"),
        ("[<10]0.0;0", -5, "-5.0"),
        ("[<10]0.0;0", 20, "20"),
        ("[=1]0;[=2]0", 3.25, "3.25"),
        ("0.00E+00", 12345, "1.23E+04"),
        ("0.00E-00", 999999, "1.00E06"),
        ("0.00E+00", 0.00012, "1.20E-04"),
        ("0.00E+00", 0, "0.00E+00"),
        ("##0.0E+0", 12345.6789, "12.3E+3"),
        ("# ?/?", 1.5, "1.5"),
        ('# ??/100" in"', -1.25, "-1.25 in"),
        ('#,##0"원/월"', 5000, "5,000원/월"),
        ("#,##0원/월", 5000, "5,000원/월"),
        ("aaa", 45356, "45356"),
        ("0.00", 1e300, "1e+300"),
        ("0.00", math.inf, "inf"),
        ("0" * 300, 7, "7"),
        ("0" + "%" * 254, 1.5e20, f"15{'0' * 527}{'%' * 254}"),
        ('0"', 7, "7"),
        ("0\\", 7, "7\\"),
        ("0[", 7, "7["),
    ],
)
def test_a_number_is_written_as_its_format_says(code: str, number: float, shown: str) -> None:
    assert CellFormat(code, since_1904=False).shown(number) == shown


@pytest.mark.parametrize(
    ("code", "number", "shown"),
    [
        ('yyyy"년" m"월"', 45356, "2024-03-05"),
        ("[$-F800]dddd, mmmm dd, yyyy", 45356, "2024-03-05"),
        ("mm", 45356, "2024-03-05"),
        ("mmm-yy;@", 45356, "2024-03-05"),
        ("h:mm AM/PM", 0.75, "18:00"),
        ("[h]:mm", 1.25, "30:00"),
        ("mm:ss.0", 0.5, "12:00"),
        ("yyyy-mm-dd", -1, "-1"),
        ("yyyy-mm-dd", 2958466, "2958466"),
        ("yyyy-mm-dd", 2958465.9999999, "2958465.9999999"),  # rounded it would be in the year 10000
        ("[h]:mm", -0.25, "-0.25"),
        ('0"m"', 5, "5m"),  # no month
        ("0 days", 5, "5 days"),
    ],
)
def test_dates_and_times_are_written_one_way(code: str, number: float, shown: str) -> None:
    assert CellFormat(code, since_1904=False).shown(number) == shown


def test_a_format_without_a_code_of_the_file_is_the_one_that_programs_know() -> None:
    numbers = [0, 3, 4, 10, 14, 21, 38, 44, 49, 999]
    shown = [
        one.shown(-1234.5 if one_id in (3, 4, 38, 44) else 2.5)
        for one_id, one in zip(numbers, cell_formats(numbers, {21: '0"호"'}, since_1904=False), strict=True)
    ]
    assert shown == [
        "2.5", "-1,235", "-1,234.50", "250.00%", "1900-01-02 12:00",
        "3호", "(1,235)", "-1,234.50", "2.5", "2.5",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["number_format.xlsm", "number_format.xls"])
def test_a_sample_with_all_known_formats_shows_what_it_says(shared_data: Path, name: str) -> None:
    rows = [line.split(" | ") for line in text_of(read(shared_data / "documents/sheets" / name)).splitlines()]
    dates = {str(one) for one in (*range(12, 23), 45, 46, 47)}  # written one way; fractions
    own = {"48"}  # 123.5E+2 says Visual Basic, 12.3E+3 Excel
    compared = [
        (row[0], row[1], row[3])
        for row in rows[1:29]
        if len(row) > 4 and row[0].isdigit() and row[0] not in dates | own
    ]
    assert len(compared) == 12
    assert [one for one in compared if one[1] != one[2]] == []
