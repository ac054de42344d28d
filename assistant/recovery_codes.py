# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Recovery codes: 120 random bits as a person can print, read out and type.

Six groups of five letters of Crockford's base 32 (https://www.crockford.com/base32.html), where nothing
looks like anything else. The fifth letter checks the four before it and the group's place, in the field
of 32 elements: one wrong letter, two that changed places and groups that did are told from a wrong code.
"""

import secrets
import unicodedata

from assistant.errors import LockedError, LockedReason
from assistant.texts import text

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, LETTERS = 6, 5
MINUS = "\N{MINUS SIGN}"
_TAKEN_FOR = str.maketrans({"O": "0", "I": "1", "L": "1"})
_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1, which has no divisor


def new_code() -> str:
    """Return a code that nobody has seen: "K7QD2-…", 35 characters."""
    groups = []
    for place in range(1, GROUPS + 1):
        values = [secrets.randbelow(len(ALPHABET)) for _ in range(LETTERS - 1)]
        groups.append("".join(ALPHABET[value] for value in (*values, _check(place, values))))
    return "-".join(groups)


def read_code(typed: str) -> str:
    """Return a typed code as it was shown; small and wide letters, spaces and look-alikes are as good.

    So is whatever dash a program of writing makes of a hyphen.

    Raises LockedError(MISTYPED_CODE) that names the group with the error.
    """
    signs = unicodedata.normalize("NFKC", typed)
    letters = "".join(sign for sign in signs if not _is_between(sign)).upper().translate(_TAKEN_FOR)
    if len(letters) != GROUPS * LETTERS:
        raise LockedError(
            text("A recovery code has {wanted} letters and digits; this one has {found}.",
                 wanted=GROUPS * LETTERS, found=len(letters)),
            text("Compare it with what was printed."),
            reason=LockedReason.MISTYPED_CODE,
        )  # fmt: skip
    groups = [letters[start : start + LETTERS] for start in range(0, len(letters), LETTERS)]
    for place, group in enumerate(groups, 1):
        if not _is_whole(place, group):
            raise LockedError(
                text("There is a typing error in group {place} of the recovery code ({group}).",
                     place=place, group=group),
                text("Compare it with what was printed."),
                reason=LockedReason.MISTYPED_CODE,
            )  # fmt: skip
    return "-".join(groups)


def looks_like_code(typed: str) -> bool:
    """Say whether what was typed where a passphrase may stand too is a recovery code."""
    try:
        read_code(typed)
    except LockedError:
        return False
    return True


def _is_between(sign: str) -> bool:
    """Say whether it is a space, a dash, or nothing that is seen."""
    return sign.isspace() or sign == MINUS or unicodedata.category(sign) in ("Pd", "Cf")


def _is_whole(place: int, group: str) -> bool:
    values = [ALPHABET.find(letter) for letter in group]
    return -1 not in values and _check(place, values[:-1]) == values[-1]


def _check(place: int, values: list[int]) -> int:
    total = place
    for value in values:
        total = _doubled(total) ^ value
    return _doubled(total)


def _doubled(value: int) -> int:
    value <<= 1
    return value ^ _POLYNOMIAL if value > 31 else value
