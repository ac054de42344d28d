# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Dates, amounts and telephone numbers are found as people write them, and what only looks alike is not."""

import time

import pytest

from assistant.passages import Passage, Place, PlaceKind
from assistant.tasks import Listed
from assistant.telling import listed
from assistant.whole_words import by_form


def passage(text: str, label: str = "", ordinal: int = 0) -> Passage:
    return Passage("a.md", Place(PlaceKind.SECTION, ordinal, None, label), 0, len(text), text)


def found(text: str, kind: Listed) -> list[str]:
    return [shown for shown, _ in listed([passage(text)], (kind,))]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("발행일 2024. 3. 5.", ["2024. 3. 5"]),
        ("시행일 2024. 03. 07부터 2024. 12. 31.까지", ["2024. 03. 07", "2024. 12. 31"]),
        ("발행일2024.3.5.", ["2024.3.5"]),
        ("'24. 3. 5. 접수, ’24년 3월 발효", ["'24. 3. 5", "’24년 3월"]),
        ("회의는 3/5(화)와 3. 7.(목)에", ["3/5(화)", "3. 7.(목)"]),
        ("Shipped 14-Mar-2024, billed 15-Mar-24.", ["14-Mar-2024", "15-Mar-24"]),
        ("Issued 14 MAR 2024; due march 3, 2025.", ["14 MAR 2024", "march 3, 2025"]),
        ("at 2024-03-05T10:00:00 it began", ["2024-03-05"]),
        ("Version 2024.3.5.1 of 2024. 13. 5 and 2024. 3. 50", []),
        ("You may 10 times march 15 miles at a ratio of 3/5.", []),
    ],
)
def test_dates(text: str, dates: list[str]) -> None:
    assert found(text, Listed.DATES) == dates


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("보증금 3억 5천만원, 잔금 3억 5,000만 원", ["3억 5천만원", "3억 5,000만 원"]),
        ("금 일백만원, 일금 이천오백만원정", ["금 일백만원", "일금 이천오백만원정"]),
        ("육십오만원정(650,000)", ["육십오만원정"]),
        ("1조 2천억 원, 2만5천원, 3백만원, 85만 원을", ["1조 2천억 원", "2만5천원", "3백만원", "85만 원"]),
        ("100유로와 3천만 엔, 50달러를", ["100유로", "3천만 엔", "50달러"]),
        (
            "1 250,50 €, CHF 1'250.50, 3.5 million dollars",
            ["1 250,50 €", "CHF 1'250.50", "3.5 million dollars"],
        ),
        ("A$50 or ₩3억", ["A$50", "₩3억"]),
        ("3원칙과 3 원칙, 3 엔진, 직원, 조원, 서울 일원에, 구원, 이천 원룸", []),
        ("5 wonders of 1999, 12 cents2", []),
    ],
)
def test_amounts(text: str, amounts: list[str]) -> None:
    assert found(text, Listed.AMOUNTS) == amounts


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("Call 1588-1234 or 1577-1577.", ["1588-1234", "1577-1577"]),
        ("고객센터 1588-2000", ["1588-2000"]),
        ("The war of 1592-1598, the years 1588-1600 and 1800-1899", []),
        ("Order 1588-12345 or 21588-1234", []),
    ],
)
def test_numbers_of_companies_are_telephone_numbers_and_years_are_not(text: str, phones: list[str]) -> None:
    assert found(text, Listed.PHONES) == phones


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        (
            "항목 | 금액(원) | 인원\n기본급 | 3,200,000 | 12\n\n합계 | 3,400,000 | 13\n",
            ["3,200,000"],
        ),
        ("Item | Amount (EUR) | Number\nPen | 1234.5 | 9\nInk | (12.00) | 8\n", ["1234.5", "(12.00)"]),
        ("항목 | 단가/원\n연필 | 1,000\n자 | 700원\n", ["1,000", "700원"]),
        ("보증금(원) | 1,000 | 2,000\n인원 | 5 | 6\n", ["1,000", "2,000"]),
        (
            "항목 | 금액(원) | 인원\n기본급 | 3,200,000\n",
            [],
        ),  # cells are joined: of which columns is not known
        ("Games | Won | Lost\nOslo | 3 | 4\n", []),
        ("부서 | 직원 | 회원\n총무 | 3 | 4\n", []),
        ("항목 | 금액(원)\n식대 | 5,000\n항목 | 수량\n연필 | 12\n", ["5,000"]),
    ],
)
def test_numbers_below_a_head_that_names_a_currency_are_amounts(text: str, amounts: list[str]) -> None:
    assert found(text, Listed.AMOUNTS) == amounts


def test_a_table_that_goes_on_in_the_next_passage_keeps_its_head_and_another_sheet_has_its_own() -> None:
    passages = [
        passage("Item | Amount (EUR)\nPen | 10\n", "Costs!A1:B50"),
        passage("Ink | 20\n", "Costs!A51:B52", 1),
        passage("Oslo | 30\n", "Towns!A1:B1", 2),
    ]
    assert [shown for shown, _ in listed(passages, (Listed.AMOUNTS,))] == ["10", "20"]


def test_a_number_is_listed_once_with_its_currency() -> None:
    assert found("Item | Price (EUR)\nPen | 10 EUR\nInk | 11\n", Listed.AMOUNTS) == ["10 EUR", "11"]


def test_where_no_currency_stands_maru_does_not_say_that_there_are_no_amounts() -> None:
    said = by_form([passage("기본급 3,200,000 국민연금 144,000")], (Listed.AMOUNTS,), "en")
    assert said.words.strip() == "No amounts with a currency were found in it."
    assert said.notices[1].startswith("Amounts are listed where a currency stands")
    dates = by_form([passage("기본급 3,200,000")], (Listed.DATES,), "en")
    assert dates.words.strip() == "Nothing of that kind stands in it."
    assert len(dates.notices) == 1


@pytest.mark.parametrize(
    "text", ["1," * 8000, "123 " * 4000, "1천" * 6000, "이천오백만 " * 3000, "1 | " * 4000, "3. " * 5000]
)
def test_a_text_of_digits_alone_takes_no_longer_than_another(text: str) -> None:
    begun = time.process_time()
    found(text, Listed.AMOUNTS)
    found(text, Listed.DATES)
    assert time.process_time() - begun < 5, "it took minutes where repeats had no bound"
