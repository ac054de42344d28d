# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Checks of machines, places, days, wallets, tokens and passwords; of numbers that libraries judge."""

import subprocess
import sys
from datetime import date

import pytest

from assistant.privacy import checks, checks_of_signs


@pytest.mark.parametrize(
    ("spelling", "day"),
    [
        ("1990-03-12", date(1990, 3, 12)),
        ("1990년 3월 12일", date(1990, 3, 12)),
        ("90.3.12", date(1990, 3, 12)),
        ("900312", date(1990, 3, 12)),
        ("19900312", date(1990, 3, 12)),
        ("12/03/1990", date(1990, 12, 3)),
        ("25/03/1990", date(1990, 3, 25)),
        ("12th of March, 1990", date(1990, 3, 12)),
        ("March 12, 1990", date(1990, 3, 12)),
        ("Sept. 1 2001", date(2001, 9, 1)),
        ("1990-02-30", None),
        ("2990-01-01", None),
        ("12 Foo 1990", None),
        ("March 1990", None),
        ("1-2", None),
    ],
)
def test_a_day_is_read_in_every_spelling(spelling: str, day: date | None) -> None:
    assert checks_of_signs.day_of(spelling) == day


@pytest.mark.parametrize(
    "address", ["0.0.0.0", "127.0.0.1", "255.255.255.0", "::1", "::", "1.2.3.256", "1:2"]
)
def test_what_names_no_machine_of_somebody_is_no_address(address: str) -> None:
    assert not checks_of_signs.machine(address)


@pytest.mark.parametrize(
    ("value", "alone"),
    [("203.0.113.195", True), ("10.0.5.2", False), ("13.0.143.79", False), ("120.0.0.0", False)],
)
def test_a_version_is_no_address_unless_a_word_says_so(value: str, alone: bool) -> None:
    assert checks_of_signs.no_version(value) is alone


def test_coordinates_lie_on_the_globe() -> None:
    assert checks_of_signs.place("-33.8688, 151.2093")
    assert not checks_of_signs.place("91.0000, 10.0000")
    assert not checks_of_signs.place("10.0000, 181.0000")


@pytest.mark.parametrize(
    "wallet",
    [
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
    ],
)
def test_a_wallet_checks_in_one_case_and_with_no_sign_changed(wallet: str) -> None:
    assert checks_of_signs.bech32_checked(wallet)
    assert not checks_of_signs.bech32_checked(wallet[0].swapcase() + wallet[1:])
    assert not checks_of_signs.bech32_checked(wallet[:-1] + ("q" if wallet.islower() else "P"))


def test_a_wallet_in_base58_is_25_bytes_with_their_own_digest() -> None:
    assert checks_of_signs.base58_checked("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")
    assert not checks_of_signs.base58_checked("z" * 35)


@pytest.mark.parametrize("header", ["eyJ4IjoxfQ.a.b", "eyJhbGciOiJI.a.b", "e30.a.b", "W10.a.b"])
def test_a_header_without_algorithm_makes_no_web_token(header: str) -> None:
    assert not checks_of_signs.web_token(header)


@pytest.mark.parametrize(
    "word", ["required", "********", "<password>", "${PW}", "$PW", "get_pw()", "8", "2024-01-02", "1.2.3"]
)
def test_what_stands_for_a_password_is_none(word: str) -> None:
    assert not checks_of_signs.password(word)


@pytest.mark.parametrize("word", ["AES-256", "SHA-256", "256bit", "OAuth", "2024-12"])
def test_beside_the_word_alone_a_method_is_no_password(word: str) -> None:
    assert not checks_of_signs.password_by_itself(word)


def test_a_business_number_ends_with_its_check_digit() -> None:
    right = [digit for digit in "0123456789" if checks.business(f"116-82-0027{digit}")]
    assert right == ["6"]


def test_a_corporation_is_registered_where_nobody_may_have_the_number() -> None:
    assert checks.registered("110111-0003121")
    assert not checks.registered("110111-0003122")


def test_years_are_no_service_number() -> None:
    assert checks.nationwide("1588-1234")
    assert not checks.nationwide("1592-1598")


@pytest.mark.parametrize(
    ("number", "possible"),
    [
        ("+44 (0)20 7946 0958", True),
        ("+39 06 6982", True),
        ("0082 2-123-4567", True),
        ("+44 20 7946", False),
        ("+999 1234567", False),
        ("+1 111 111 1111", False),
    ],
)
def test_a_number_of_another_country_follows_its_plan(number: str, possible: bool) -> None:
    assert checks.possible_abroad(number) is possible


def test_the_judges_are_not_imported_before_a_number_is_there() -> None:
    code = (
        "import sys\nfrom assistant.privacy.filter import find\nfind('mail kim@example.com, 010-1234-5678')\n"
        "sys.exit(any(name.startswith(('stdnum', 'phonenumbers')) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
