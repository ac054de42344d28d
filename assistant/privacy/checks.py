# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What a pattern cannot say: checksums, number plans and dates, each over a folded match.

python-stdnum and phonenumberslite judge candidates; they are imported when the first one is there.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib import import_module
from typing import Any

_DATE = re.compile(
    r"(?:19|20)[0-9]{2}([-./ ]?)(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12][0-9]|3[01])(?:[^0-9]|$|[0-9]{4,6}$)"
)
_BLANKS = re.compile(r"[\s.]+")
_TRUNK = re.compile(r"\(0\)")
_EXTENSION = re.compile("[xe내].*", re.IGNORECASE)
_NO_DIGITS = re.compile("[^0-9]+")
_IP = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
_VERSION = re.compile(r"v?[0-9]+(?:\.[0-9]+)+[.-]")
_FIGURES = {ord("A") + place: str(10 + place) for place in range(26)}  # for letters, by ISO 7064
_RRN_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_BUSINESS_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_PICTURES = ("png", "jpg", "jpeg", "gif", "svg", "webp")

# Ranges of issuer numbers and the lengths in use, by ISO/IEC 7812 and the networks' own publications.
_ISSUERS = (
    (re.compile("4"), (16, 19)),  # Visa
    (re.compile("5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), (16,)),  # Mastercard
    (re.compile("3[47]"), (15,)),  # American Express
    (re.compile("30[0-5]|3[689]"), (14, 16)),  # Diners Club
    (re.compile("6011|64[4-9]|65|62"), (16, 17, 18, 19)),  # Discover, UnionPay
    (re.compile("35(?:2[89]|[3-8])"), (16,)),  # JCB
    (re.compile("220[0-4]|9[4-9]"), (16,)),  # Mir; cards for use within Korea
)


def digits_of(value: str) -> str:
    """Return the digits of a folded value alone."""
    return _NO_DIGITS.sub("", value)


def luhn(value: str) -> bool:
    """Say whether the last digit is the check digit of ISO/IEC 7812-1, annex B."""
    digits = [int(digit) for digit in reversed(digits_of(value))]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return len(set(digits)) > 1 and (sum(digits[::2]) + sum(doubled)) % 10 == 0


def long_luhn(value: str) -> bool:
    """Say whether a number in groups has the length and the check digit of a card."""
    return 12 <= len(digits_of(value)) <= 19 and luhn(value)


def issued_card(value: str) -> bool:
    """Say whether a number with a valid check digit is of a length and range that cards have."""
    digits = digits_of(value)
    return luhn(digits) and any(
        len(digits) in lengths and issuer.match(digits) for issuer, lengths in _ISSUERS
    )


def rrn_of_someone(value: str) -> bool:
    """Say whether a resident registration number begins with a day on which somebody may be born.

    The seventh digit tells the century and the sex (1, 2, 5, 6: 19xx; 3, 4, 7, 8: 20xx; from 5 on
    foreigners), by the enforcement rule of the Korean resident registration act, article 2.
    """
    digits = digits_of(value)
    century = 1900 if digits[6] in "1256" else 2000
    try:
        born = date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return False
    return born <= datetime.now(UTC).date()


def rrn_divided(value: str) -> bool:
    """Say whether a number in odd groups has the 13 digits of a resident registration number."""
    return len(digits_of(value)) == 13 and rrn_of_someone(value)


def rrn_of_no_product(value: str) -> bool:
    """Say whether 13 digits may be a resident registration number and are no article number (EAN-13)."""
    digits = [int(digit) for digit in digits_of(value)]
    article = (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0
    return rrn_of_someone(value) and not article


def rrn_by_itself(value: str) -> bool:
    """Say whether 13 digits without a hyphen are a resident registration number where no word says so.

    Their last digit must check, and they must not be what has such digits more often: an article number as
    it is sold in Korea (EAN-13 of Korea, Japan or China), a moment in milliseconds (2014 to 2027).
    """
    digits = digits_of(value)
    article = digits.startswith(("880", "45", "49", "69")) and not rrn_of_no_product(value)
    moment = digits.startswith(("14", "15", "16", "17", "18")) and digits == value
    return rrn_checksum(digits) and not article and not moment


def rrn_checksum(value: str) -> bool:
    """Say whether the last digit checks; those given out since October 2020 end at random.

    Foreigners' numbers add 2 to the check digit.
    """
    digits = [int(digit) for digit in digits_of(value)]
    rest = 11 - sum(weight * digit for weight, digit in zip(_RRN_WEIGHTS, digits, strict=False)) % 11
    return (rest + (2 if digits[6] >= 5 else 0)) % 10 == digits[12]


def telephone(value: str) -> bool:
    """Say whether a run of digits may be dialled: 7 to 15 of them (E.164), no date and no IP address."""
    digits = digits_of(_EXTENSION.sub("", value))
    return 7 <= len(digits) <= 15 and not (
        _DATE.match(value) or _IP.fullmatch(value) or len(set(digits)) == 1
    )


def mailbox(value: str) -> bool:
    """Say whether something shaped like an address is one: no `icon@2x.png`, no `name@1.2.3-rc.x`."""
    local, _, domain = value.rpartition("@")
    return not (
        domain.lower().endswith(_PICTURES)
        or _VERSION.match(domain)
        or local.lower() == "git"  # the account of every repository, no person's
    )


@cache
def _module(name: str) -> Any:
    return import_module(f"stdnum.{name}")


@dataclass(frozen=True)
class Standard:
    """The check of python-stdnum's module `module`; blanks and dots are taken out for it."""

    module: str

    def __call__(self, value: str) -> bool:
        """Say whether the value is valid by the module."""
        bare = _BLANKS.sub("", value)
        return len(set(digits_of(bare))) > 1 and bool(_module(self.module).is_valid(bare))


def iban(value: str) -> bool:
    """Say whether an account's number checks (ISO 13616): modulo 97 first, then its country's layout."""
    bare = value.replace(" ", "").replace("-", "").replace("\n", "").upper()
    figures = (bare[4:] + bare[:4]).translate(_FIGURES)
    return int(figures) % 97 == 1 and Standard("iban")(value)


def business(value: str) -> bool:
    """Say whether the last digit of a Korean business registration number checks.

    Weights 1 3 7 1 3 7 1 3 5, and the tens of the last product (National Tax Service); python-stdnum
    looks at the ranges alone.
    """
    figures = [int(digit) for digit in digits_of(value)]
    total = sum(digit * weight for digit, weight in zip(figures, _BUSINESS_WEIGHTS, strict=False))
    return (total + figures[8] * 5 // 10 + figures[9]) % 10 == 0 and Standard("kr.brn")(value)


def digits(number: int) -> Callable[[str], bool]:
    """Return a check for exactly so many digits."""
    return lambda value: len(digits_of(value)) == number


def layout(known: frozenset[str]) -> Callable[[str], bool]:
    """Return a check for groups of digits whose lengths are one of `known`, such as "6-2-6"."""
    return lambda value: "-".join(str(len(group)) for group in re.findall("[0-9]+", value)) in known


def corporation(value: str) -> bool:
    """Say whether the last digit of a Korean corporate registration number checks (weights 1 and 2)."""
    figures = [int(digit) for digit in digits_of(value)]
    total = sum(digit * (1 + place % 2) for place, digit in enumerate(figures[:12]))
    return len(set(figures)) > 2 and (10 - total % 10) % 10 == figures[12]


def registered(value: str) -> bool:
    """Say whether a number is a corporation's and nobody's: both have 6 and 7 digits."""
    return corporation(value) and not (rrn_of_someone(value) and rrn_checksum(value))


def nationwide(value: str) -> bool:
    """Say whether two groups of four digits are a nationwide number, no span of years (1592-1598)."""
    digits = digits_of(value)
    return len(digits) == 8 and not 0 < int(digits[4:]) - int(digits[:4]) < 120


def possible_over_a_line(value: str) -> bool:
    """Say whether a number that goes on in the next line is one by the number plan of its country."""
    return "\n" in value and possible_abroad(value)


def possible_abroad(value: str) -> bool:
    """Say whether a number with its country code is one by the number plan of the country.

    The plans are phonenumberslite's. Its own parser takes 80 microseconds, this 5.
    """
    if not telephone(value):
        return False
    digits = digits_of(_EXTENSION.sub("", _TRUNK.sub("", value))).removeprefix("00")
    for length in (1, 2, 3):
        if plan := _plan(digits[:length]):
            number = digits[length:]
            return bool(plan.fullmatch(number) or plan.fullmatch(number.lstrip("0")))
    return False


@cache
def _plan(code: str) -> re.Pattern[str] | None:
    """Return the number plan of the country with this calling code, None where it is none's."""
    plans = import_module("phonenumbers")  # not before the first candidate: it takes 20 ms
    regions = plans.COUNTRY_CODE_TO_REGION_CODE.get(int(code))
    if not regions:
        return None
    of_country = plans.PhoneMetadata.metadata_for_region_or_calling_code(int(code), regions[0])
    return re.compile(of_country.general_desc.national_number_pattern)
