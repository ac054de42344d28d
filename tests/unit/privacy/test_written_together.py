# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Values that touch a low line or a bare word, numbers without their hyphens, the back of a card."""

from random import Random

import pytest

from assistant.entities import EntityType as Kind
from assistant.privacy import checks
from assistant.privacy.filter import find
from tests.benchmarks.privacy_negatives import MAKERS

LOW_LINES = [
    ("tel_010-1234-5678", Kind.PHONE, "010-1234-5678"),
    ("연락처_01012345678 입니다", Kind.PHONE, "01012345678"),
    ("mobile_+821012345678", Kind.PHONE, "+821012345678"),
    ("010-1234-5678_old", Kind.PHONE, "010-1234-5678"),
    ("call_541-714-1388", Kind.PHONE, "541-714-1388"),
    ("email_kim@example.com", Kind.EMAIL, "kim@example.com"),
    ("kim@example.com_old", Kind.EMAIL, "kim@example.com"),
    ("a_b@example.com", Kind.EMAIL, "a_b@example.com"),
    ("사본_900101-1234567_끝", Kind.KR_RRN, "900101-1234567"),
    ("rrn_9001011234567", Kind.KR_RRN, "9001011234567"),
    ("주민번호_9001011234567", Kind.KR_RRN, "9001011234567"),
    ("card_4111111111111111", Kind.CARD, "4111111111111111"),
    ("passport_M12345678", Kind.PASSPORT, "M12345678"),
    ("iban_DE89370400440532013000", Kind.IBAN, "DE89370400440532013000"),
    ("ip_203.0.113.9", Kind.IP, "203.0.113.9"),
]
IDENTIFIERS = [
    "user_900101",
    "user_9001011234568",
    "img_20240312_123456",
    "img_20240312-123456.png",
    "item_4111111111111111",
    "order_541-714-1388",
    "x_12345678",
    "lib_1.2.3.4_amd64",
    "SM_G991N",
    "test_2024-03-12_run",
]
MACHINES = [
    ("IPv6 64:ff9b::192.0.2.33", "64:ff9b::192.0.2.33"),
    ("http://[2001:db8::1]:8080/", "2001:db8::1"),
    ("2001:db8::1/64로", "2001:db8::1"),
    ("fe80::1%eth0", "fe80::1"),
    ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
    ("203.0.113.9 장비가 꺼졌어요", "203.0.113.9"),
    ("13.125.20.7에 배포했어요", "13.125.20.7"),
    ("ssh kim@10.0.0.7", "10.0.0.7"),
    ("핑 12.3.4.5", "12.3.4.5"),
]
CARD_BACKS = [
    ("CVC번호 123", "123"),
    ("CVC: 123", "123"),
    ("cvv2=4567", "4567"),
    ("CVC는 123이에요", "123"),
    ("CVC(뒷면 3자리): 123", "123"),
    ("card security code is 123.", "123"),
    ("카드 4111-1111-1111-1111, 보안코드 456", "456"),
]
NO_CARD_BACKS = [
    "CVC 번호는 3자리입니다",
    "CVC 123개",
    "CVC 2024-01-02",
    "보안코드 456",
    "security code 123",
    "책 뒷면 123",
]


@pytest.mark.parametrize(("text", "kind", "value"), LOW_LINES)
def test_a_value_that_a_low_line_touches_is_found(text: str, kind: Kind, value: str) -> None:
    assert [(one.entity_type, one.text) for one in find(text)] == [(kind, value)]


@pytest.mark.parametrize("text", IDENTIFIERS)
def test_a_programs_own_name_is_nobodys(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize(("text", "value"), MACHINES)
def test_an_address_of_a_machine_is_found_however_it_is_written(text: str, value: str) -> None:
    assert [(one.entity_type, one.text) for one in find(text)] == [(Kind.IP, value)]


def test_both_ends_of_a_range_of_addresses_are_found() -> None:
    assert [one.text for one in find("ip 10.0.0.1-10.0.0.9")] == ["10.0.0.1", "10.0.0.9"]


@pytest.mark.parametrize(("text", "value"), CARD_BACKS)
def test_the_figures_on_the_back_of_a_card_are_found_beside_their_name(text: str, value: str) -> None:
    assert (Kind.CARD, value) in [(one.entity_type, one.text) for one in find(text)]


@pytest.mark.parametrize("text", NO_CARD_BACKS)
def test_three_figures_are_no_card(text: str) -> None:
    assert find(text) == []


def test_thirteen_digits_without_a_word_need_a_right_check_digit() -> None:
    assert [one.text for one in find("9001011234568")] == ["9001011234568"]
    assert find("9001011234567") == []
    assert [one.text for one in find("주민번호 9001011234567")] == ["9001011234567"]


def test_a_bar_code_or_a_moment_with_a_right_check_digit_is_nobodys_number_without_a_word() -> None:
    found = 0
    for digits in (f"{head}{rest:04d}" for head in ("880123101", "171201312") for rest in range(10_000)):
        if not checks.rrn_by_itself(digits) and checks.rrn_of_someone(digits) and checks.rrn_checksum(digits):
            found += 1
            assert find(digits) == []
            assert [one.entity_type for one in find(f"주민등록번호 {digits}")] == [Kind.KR_RRN]
    assert found > 100


@pytest.mark.parametrize("maker", ["n_order", "n_stamp", "n_isbn", "n_barcode", "n_parcel", "n_big"])
def test_orders_moments_and_books_are_seldom_taken_for_a_resident(maker: str) -> None:
    rng, taken = Random(5), 0
    for _ in range(3000):
        taken += any(one.entity_type is Kind.KR_RRN for one in find(MAKERS[maker](rng)))
    assert taken <= 3
