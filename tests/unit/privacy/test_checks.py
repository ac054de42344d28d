# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Checksums and number plans."""

import pytest

from assistant.privacy import checks


@pytest.mark.parametrize("value", ["79927398713", "4111-1111-1111-1111", "378282246310005"])
def test_luhn_accepts_a_right_check_digit_and_no_other(value: str) -> None:
    wrong = [value[:-1] + str(digit) for digit in range(10) if str(digit) != value[-1]]
    assert checks.luhn(value)
    assert not any(checks.luhn(other) for other in wrong)


@pytest.mark.parametrize(
    ("value", "issued"),
    [
        ("4012888888881881", True),
        ("2720990000000007", True),  # the last of Mastercard's new range
        ("2721000000000004", False),
        ("9999999999999995", True),
        ("1111111111111117", False),  # no issuer
        ("41111111111111", False),  # no such length
    ],
)
def test_a_card_is_of_a_known_range_and_length(value: str, issued: bool) -> None:
    assert checks.issued_card(value) is issued


def test_a_foreigners_number_has_a_check_digit_of_its_own() -> None:
    assert checks.rrn_checksum("900101-1234568")
    assert checks.rrn_checksum("850505-5123456")
    assert not checks.rrn_checksum("850505-5123454")


def test_a_leap_day_exists_in_its_century_only() -> None:
    assert checks.rrn_of_someone("000229-3234567")
    assert not checks.rrn_of_someone("000229-1234567")


@pytest.mark.parametrize("value", ["123456", "1234567890123456", "2024-10-10", "10.20.30.40", "0000000"])
def test_what_nobody_can_dial_is_no_telephone_number(value: str) -> None:
    assert not checks.telephone(value)


def test_the_digits_of_an_extension_are_not_counted() -> None:
    assert checks.telephone("001-748-088-2851x81899")
