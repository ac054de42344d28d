# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Postal addresses, and the numbers beside words that are none; particles stay outside the span."""

import time

import pytest

from assistant.entities import EntityType, Evidence
from assistant.privacy.addresses import find_addresses
from assistant.privacy.filter import find
from assistant.privacy.folding import fold
from assistant.privacy.recognizers import normal

# (text, the address in it)
KOREAN = [
    (
        "주소는 서울특별시 강남구 테헤란로 123, 4층 501호 (역삼동)입니다.",
        "서울특별시 강남구 테헤란로 123, 4층 501호 (역삼동)",
    ),
    ("경기 성남시 분당구 정자동 178-1번지에 삽니다", "경기 성남시 분당구 정자동 178-1번지"),
    ("주소:서울시 마포구 월드컵북로 396으로", "서울시 마포구 월드컵북로 396"),
    ("(06236) 서울 강남구 테헤란로 152", "(06236) 서울 강남구 테헤란로 152"),
    ("부산 해운대구 센텀중앙로 97, 101동 1203호, 48058", "부산 해운대구 센텀중앙로 97, 101동 1203호, 48058"),
    ("부산광역시 해운대구 우동 1411-2", "부산광역시 해운대구 우동 1411-2"),
    ("한빛아파트 101동 1203호로 배송", "한빛아파트 101동 1203호"),
    ("101동 1203호에 삽니다", "101동 1203호"),
    ("충남 천안시 동남구 병천면 충절로 1600", "충남 천안시 동남구 병천면 충절로 1600"),
    ("전남 순천시 서면 압곡길 12-3에서", "전남 순천시 서면 압곡길 12-3"),
    ("강원도 춘천시 동면 장학리 123번지", "강원도 춘천시 동면 장학리 123번지"),
    ("세종특별자치시 한누리대로 2130", "세종특별자치시 한누리대로 2130"),
    ("배송지 : 서울 종로구 종로1가 1번지", "서울 종로구 종로1가 1번지"),
    ("주소: 테헤란로 152", "테헤란로 152"),
    ("월드컵로10길 25", "월드컵로10길 25"),
    ("강남대로 396번길 12, 3층", "강남대로 396번길 12, 3층"),
    ("강남구 테헤란로 １２３에서", "강남구 테헤란로 １２３"),
    ("서울 강남구\n테헤란로 123", "서울 강남구\n테헤란로 123"),
    ("우편번호 06236", "06236"),
]
NO_KOREAN = [
    "버전으로 3번 바꿨다",
    "그대로 2개",
    "운동 10-20분",
    "서울로 7017",
    "종로 3가에서 만나자",
    "경로 2를 선택",
    "서울에서 부산까지 400km",
    "강남구 인구 3만",
    "3동 4호",
    "별도로 5를 더하고",
    "제3조 제2항",
    "서울 종로3가 역에서",
    "순서대로 1, 2, 3",
    "역시 바로 2번",
    "다시 새로 3개",
    "서울 강남구",
    "경기도 성남시 분당구 주민",
    "지하철 2호선",
    "평가 5점",
]
ABROAD = [
    ("The flat at 12 Harbour Road is", "12 Harbour Road"),
    ("123 Main Street, Apt 4B, Springfield, IL 62704", "123 Main Street, Apt 4B, Springfield, IL 62704"),
    ("1600 Pennsylvania Ave NW, Washington, DC 20500", "1600 Pennsylvania Ave NW, Washington, DC 20500"),
    ("221B Baker Street, London NW1 6XE.", "221B Baker Street, London NW1 6XE"),
    ("350 5th Ave", "350 5th Ave"),
    ("P.O. Box 1234, Dover, DE 19901", "P.O. Box 1234, Dover, DE 19901"),
    ("PO Box 77", "PO Box 77"),
    ("Hauptstraße 12, 10115 Berlin", "Hauptstraße 12, 10115 Berlin"),
    ("wohnt im Lindenweg 5a", "Lindenweg 5a"),
    ("12 rue Victor Hugo, 75001 Paris", "12 rue Victor Hugo, 75001 Paris"),
    ("4 bis, avenue de la Gare", "4 bis, avenue de la Gare"),
    ("Via Roma 5, 00184 Roma", "Via Roma 5, 00184 Roma"),
    ("Calle de Alcalá 45", "Calle de Alcalá 45"),
    ("She lives at 27534 Thorsteinsgata 63", "27534 Thorsteinsgata 63"),
    ("Ship to:\n615 Oak Avenue, Boston, MA 02178", "615 Oak Avenue, Boston, MA 02178"),
    ("86 Allika 46\nSuite 501", "86 Allika 46\nSuite 501"),
    ("my zip code is 35649", "35649"),
]
NO_ABROAD = [
    "from 1 March 2024 to 28 February 2026",
    "850 pounds a month",
    "12 Angry Men",
    "Windows 11 Pro",
    "3 Wise Men",
    "Order 20241010",
    "Python 3.11",
    "in Berlin 2024",
    "Chapter 5 Results",
    "on the 5th of May",
    "24 Hours",
    "I Am Legend 2",
    "the street is long",
    "100 Best Songs",
    "at 12 o'clock",
    "sent to 3 people",
    "1,000 Street lamps",
]
SHORT, LONG = 25_000, 200_000  # code points
TOOK = 20.0  # times the processor time for 8 times the text, at most; 64 where it is quadratic


def _addresses(text: str) -> list[str]:
    return [entity.text for entity in find(text) if entity.entity_type is EntityType.ADDRESS]


@pytest.mark.parametrize(("text", "address"), KOREAN + ABROAD)
def test_finds_the_address_and_no_more(text: str, address: str) -> None:
    assert _addresses(text) == [address]


@pytest.mark.parametrize("text", NO_KOREAN + NO_ABROAD)
def test_finds_no_address_in_numbers_beside_words(text: str) -> None:
    assert _addresses(text) == []


def test_a_name_in_a_street_is_no_person() -> None:
    assert [entity.entity_type for entity in find("12 rue Victor Hugo")] == [EntityType.ADDRESS]


def test_a_telephone_number_behind_an_address_is_found_too() -> None:
    kinds = [entity.entity_type for entity in find("서울 강남구 테헤란로 123, 010-1234-5678")]
    assert kinds == [EntityType.ADDRESS, EntityType.PHONE]


def test_says_what_decided() -> None:
    whole, labelled = (
        next(find_addresses("서울 강남구 테헤란로 152")),
        next(find_addresses("주소: 테헤란로 152")),
    )
    assert (whole.evidence, labelled.evidence) == (Evidence.SHAPE, Evidence.CONTEXT)


@pytest.mark.parametrize(
    ("one", "other"),
    [("서울 강남구 테헤란로 123,  4층", "서울 강남구 테헤란로 123 4층"), ("12 Main St.", "12 main st")],
)
def test_spellings_of_one_address_are_one_value(one: str, other: str) -> None:
    assert normal(EntityType.ADDRESS, one) == normal(EntityType.ADDRESS, other)


def test_numbers_that_stand_apart_stay_apart() -> None:
    assert normal(EntityType.ADDRESS, "정자동 1 23") != normal(EntityType.ADDRESS, "정자동 12 3")


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "1 ",
        "1 A ",
        "로 1 ",
        "동 1-1",
        "가나다로 1, ",
        "1 Aa ",
        "1 A Street, ",
        "Via A ",
        "강남구 ",
        "to 1 A ",
        "12 3 ",
        "a 1 ",
        "1 Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "to 1 Aa ",
        "101동 ",
    ],
)
def test_takes_time_that_grows_with_the_length_alone(unit: str) -> None:
    def cost(length: int) -> float:
        text = fold(unit * (length // len(unit))).text
        began = time.process_time()
        list(find_addresses(text))
        return time.process_time() - began

    cost(SHORT)
    short, long = (min(cost(length) for _ in range(3)) for length in (SHORT, LONG))
    assert long <= max(TOOK * short, 0.05)
