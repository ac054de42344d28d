# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What is personal data and what only looks like it, side by side."""

import re

import pytest

from assistant.entities import EntityType
from assistant.privacy.filter import find
from assistant.privacy.recognizers import CERTAIN, RECOGNIZERS, THRESHOLD, normal

# (text, the value in it)
EMAILS = [
    ("kim@example.co.kr로 주세요", "kim@example.co.kr"),
    ("메일은kim@example.com입니다", "kim@example.com"),
    ("kim＠example．com 으로", "kim＠example．com"),
    ("ｋｉｍ@ｅｘａｍｐｌｅ.com", "ｋｉｍ@ｅｘａｍｐｌｅ.com"),
    ("kim\u200b@exam\u00adple.com", "kim\u200b@exam\u00adple.com"),
    ("Write to Anna.Smith+rent@Mail.Example.org.", "Anna.Smith+rent@Mail.Example.org"),
    ("josé@example.com", "josé@example.com"),
    ("kim@회사.한국으로", "kim@회사.한국"),
    ("(a_b-c@x.museum)", "a_b-c@x.museum"),
    ("...kim@x.com", "kim@x.com"),
    ("mailto:kim@x.com?subject=a", "kim@x.com"),
    ("<kim@x.com>,", "kim@x.com"),
    ("email=kim@x.com;", "kim@x.com"),
    ("kim@163.com", "kim@163.com"),
]
NO_EMAILS = [
    "@someone said hi",
    "kim@localhost",
    "icon@2x.png",
    "lodash@4.17.21-beta.rc",
    "git@github.com:owner/project.git",
    "a@b",
    "3 @ 4.50 each",
    "user @ home.",
    "@app.route",
]

KOREAN_PHONES = [
    ("010-1234-5678로 전화 주세요", "010-1234-5678"),
    ("번호는010-1234-5678입니다", "010-1234-5678"),
    ("０１０－１２３４－５６７８", "０１０－１２３４－５６７８"),
    ("010 1234 5678", "010 1234 5678"),
    ("010.1234.5678", "010.1234.5678"),
    ("010·1234·5678", "010·1234·5678"),
    ("010 - 1234 - 5678", "010 - 1234 - 5678"),
    ("010‑1234–5678", "010‑1234–5678"),
    ("010−1234ㅡ5678", "010−1234ㅡ5678"),
    ("010\u00a01234\u30005678", "010\u00a01234\u30005678"),
    ("01012345678", "01012345678"),
    ("010-12345678", "010-12345678"),
    ("010-1234-\n5678", "010-1234-\n5678"),
    ("010\u200b-12\u200d34-5678", "010\u200b-12\u200d34-5678"),
    ("(010) 1234-5678", "(010) 1234-5678"),
    ("010)1234-5678", "010)1234-5678"),
    ("HP010-1234-5678", "010-1234-5678"),
    ("김민수,010-1234-5678,서울", "010-1234-5678"),
    ("011-234-5678", "011-234-5678"),
    ("016-9234-5678", "016-9234-5678"),
    ("+82 10-1234-5678", "+82 10-1234-5678"),
    ("+82-10-1234-5678", "+82-10-1234-5678"),
    ("+821012345678", "+821012345678"),
    ("+82 (0)10 1234 5678", "+82 (0)10 1234 5678"),
    ("0082-10-1234-5678", "0082-10-1234-5678"),
    ("(+82) 2-123-4567", "(+82) 2-123-4567"),
    ("82-10-1234-5678", "82-10-1234-5678"),
    ("02-1234-5678", "02-1234-5678"),
    ("(02) 123-4567", "(02) 123-4567"),
    ("tel02)123-4567", "02)123-4567"),
    ("031-123-4567에", "031-123-4567"),
    ("051 987 6543", "051 987 6543"),
    ("070-8888-1234", "070-8888-1234"),
    ("0507-1234-5678", "0507-1234-5678"),
    ("080-123-4567", "080-123-4567"),
    ("전화 0212345678", "0212345678"),
    ("연락처: 0111234567", "0111234567"),
    ("고객센터 1588-1234로", "1588-1234"),
    ("1544-9999로 전화 주세요", "1544-9999"),
    ("010-1234-5678, 내선 12", "010-1234-5678"),
    ("(010-1234-5678)", "010-1234-5678"),
    ("김민수(010-1234-5678)에게", "010-1234-5678"),
    ("주문번호 20241010, 010-1234-5678", "010-1234-5678"),
]
PHONES_ABROAD = [
    ("(212) 555-0123", "(212) 555-0123"),
    ("541-714-1388", "541-714-1388"),
    ("(541-714-1388)", "541-714-1388"),
    ("just in case, 541-714-1388", "541-714-1388"),
    ("+1 415 555 2671", "+1 415 555 2671"),
    ("+14155552671", "+14155552671"),
    ("1-800-555-1234", "1-800-555-1234"),
    ("259.735.7502x459", "259.735.7502x459"),
    ("001-748-088-2851x818", "001-748-088-2851x818"),
    ("call 2813882583 now", "2813882583"),
    ("07700 900123", "07700 900123"),
    ("07700 063 966", "07700 063 966"),
    ("020 7946 0958", "020 7946 0958"),
    ("(0161) 496 0000", "(0161) 496 0000"),
    ("+44 (0)20 7946 0958", "+44 (0)20 7946 0958"),
    ("+447700 900123", "+447700 900123"),
    ("01.84.17.61.18", "01.84.17.61.18"),
    ("+33 1 84 17 61 18", "+33 1 84 17 61 18"),
    ("+49 30 123456", "+49 30 123456"),
    ("+81-3-1234-5678", "+81-3-1234-5678"),
    ("+86 138 0013 8000", "+86 138 0013 8000"),
    ("phone: 78 651 450", "78 651 450"),
]
CARDS = [
    ("4111 1111 1111 1111", "4111 1111 1111 1111"),
    ("카드는 4111-1111-1111-1111로", "4111-1111-1111-1111"),
    ("4111111111111111", "4111111111111111"),
    ("４１１１　１１１１　１１１１　１１１１", "４１１１　１１１１　１１１１　１１１１"),
    ("5555.5555.5555.4444", "5555.5555.5555.4444"),
    ("2223003122003222", "2223003122003222"),
    ("378282246310005", "378282246310005"),
    ("3782 822463 10005", "3782 822463 10005"),
    ("6011111111111117", "6011111111111117"),
    ("3530111333300000", "3530111333300000"),
    ("30569309025904", "30569309025904"),
    ("4111 1111 1111 1111 123", "4111 1111 1111 1111"),
    ("credit card 4222222222222", "4222222222222"),
    ("card 630427373398", "630427373398"),
    ("4111\u200b1111\u200b11111111", "4111\u200b1111\u200b11111111"),
]
RRNS = [
    ("010203-4123456이고", "010203-4123456"),
    ("900101-1234568", "900101-1234568"),
    ("９００１０１－１２３４５６８", "９００１０１－１２３４５６８"),
    ("900101 - 2234567", "900101 - 2234567"),
    ("900101–2234567", "900101–2234567"),
    ("900101 2234567", "900101 2234567"),
    ("9001011234568", "9001011234568"),  # the checksum is right
    ("주민번호 9001011234560", "9001011234560"),
    ("900101-\n1234568", "900101-\n1234568"),
]
FRNS = [
    ("850505-5123456", "850505-5123456"),
    ("외국인등록번호는 150505-8123456입니다", "150505-8123456"),
]

# Nothing personal in any of them.
NEAR_MISSES = [
    "주문번호 20241010-123456",
    "Order 112-3456789-1234567",
    "order no. 541-714-1388",
    "Ticket #541-714-1388",
    "주문번호는 541-714-1388",
    "ORD-2024-001234",
    "2024-10-10",
    "2024.10.10 ~ 2024.10.12",
    "전화는 2024-10-10 10:30 이후에",
    "202410101234",
    "20241010123456",
    "1700000000000",
    "Python 3.11.7, llama.cpp b4321, v2.2.366",
    "버전 10.15.7.2",
    "1,234,567원",
    "₩12,345,678",
    "$1234567.89",
    "ISBN 978-89-374-6044-9",
    "ISBN 9788937460449",
    "1592-1598 임진왜란",
    "1950-1953",
    "3.14159265358979",
    "commit 0101234567890abcdef",
    "550e8400-e29b-41d4-a716-446655440000",
    "4111 1111 1111 1112",  # the check digit is wrong
    "1234567812345678",  # no issuer
    "0000000000000000",
    "901301-1234567",  # no thirteenth month
    "900230-1234567",  # no such day
    "900101-9234567",  # born in the nineteenth century
    "990101-3234567",  # not born yet
    "9001011234560",  # shape and date alone, no checksum, no word
    "ABC010203-4123456789",
    "page 12 of 345, 678 lines",
    "(1) 2 (3) 4 (5) 6",
]


def values(text: str, entity_type: EntityType) -> list[str]:
    return [entity.text for entity in find(text) if entity.entity_type is entity_type]


@pytest.mark.parametrize(("text", "value"), EMAILS)
def test_an_address_is_found_whatever_stands_beside_it(text: str, value: str) -> None:
    assert values(text, EntityType.EMAIL) == [value]


@pytest.mark.parametrize(("text", "value"), KOREAN_PHONES + PHONES_ABROAD)
def test_a_telephone_number_is_found_in_every_spelling(text: str, value: str) -> None:
    assert values(text, EntityType.PHONE) == [value]


@pytest.mark.parametrize(("text", "value"), CARDS)
def test_a_card_is_found(text: str, value: str) -> None:
    assert values(text, EntityType.CARD) == [value]


@pytest.mark.parametrize(("text", "value"), RRNS)
def test_a_resident_registration_number_is_found(text: str, value: str) -> None:
    assert values(text, EntityType.KR_RRN) == [value]


@pytest.mark.parametrize(("text", "value"), FRNS)
def test_a_foreigners_number_is_no_residents(text: str, value: str) -> None:
    assert values(text, EntityType.KR_FRN) == [value]


@pytest.mark.parametrize(
    ("text", "entity_type"),
    [
        ("IP 192.168.100.200", EntityType.IP),
        ("전화 서버 192.168.100.200", EntityType.IP),
        ("법인등록번호 110111-1234567", EntityType.KR_CORPORATION),
        ("37.5665, 126.9780", EntityType.COORDINATES),
    ],
)
def test_what_another_type_is_nearer_to_is_of_that_type(text: str, entity_type: EntityType) -> None:
    assert [entity.entity_type for entity in find(text)] == [entity_type]


@pytest.mark.parametrize("text", NO_EMAILS + NEAR_MISSES)
def test_a_near_miss_is_left_alone(text: str) -> None:
    assert find(text) == []


def test_a_service_number_counts_only_beside_a_word_for_it() -> None:
    assert find("모델 1588-1234 입고") == []
    assert values("대표번호 1588-1234", EntityType.PHONE) == ["1588-1234"]


def test_a_right_checksum_makes_a_registration_number_certain_and_a_wrong_one_decides_nothing() -> None:
    (checked,) = find("900101-1234568")
    (random_digits,) = find("900101-1234567")
    assert checked.score == CERTAIN
    assert THRESHOLD <= random_digits.score < CERTAIN


def test_words_beside_a_value_raise_its_score() -> None:
    (alone,) = find("02-123-4567")
    (with_word,) = find("전화번호: 02-123-4567")
    assert with_word.score > alone.score


def test_two_numbers_on_a_line_are_two() -> None:
    text = "010-1234-5678/02-123-4567, 010-9999-8888"
    assert values(text, EntityType.PHONE) == ["010-1234-5678", "02-123-4567", "010-9999-8888"]


def test_every_type_of_structured_data_has_a_recognizer_and_every_score_is_in_range() -> None:
    by_rules = {EntityType.PERSON, EntityType.ADDRESS}
    assert {row.entity_type for row in RECOGNIZERS} == set(EntityType) - by_rules
    assert all(0 < row.score <= 1 and 0 <= row.context.score <= 1 for row in RECOGNIZERS)


def test_no_pattern_relies_on_word_boundaries_or_keeps_a_group() -> None:
    for row in RECOGNIZERS:
        assert not re.search(r"\\b", row.shape + row.start.pattern)
        assert re.compile(row.shape).groups == 0


def test_no_row_has_an_empty_word_of_context() -> None:
    assert not [row.shape for row in RECOGNIZERS if "" in row.context.words.split("|")]


@pytest.mark.parametrize(
    ("entity_type", "one", "other"),
    [
        (EntityType.EMAIL, "kim@x.com", "KIM＠X.COM"),
        (EntityType.PHONE, "010-1234-5678", "+82 (0)10 1234 5678"),
        (EntityType.PHONE, "02-123-4567", "０２）１２３－４５６７"),
        (EntityType.PHONE, "0082-2-123-4567", "(02) 123-4567"),
        (EntityType.CARD, "4111 1111 1111 1111", "4111-1111\u200b-1111-1111"),
        (EntityType.KR_RRN, "900101-1234568", "9001011234568"),
    ],
)
def test_two_spellings_of_a_value_have_the_same_normal_form(
    entity_type: EntityType, one: str, other: str
) -> None:
    assert normal(entity_type, one) == normal(entity_type, other)
