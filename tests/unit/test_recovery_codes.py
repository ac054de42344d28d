# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Recovery codes: printed, read out, mistyped."""

import random

import pytest

from assistant.errors import LockedError, LockedReason
from assistant.recovery_codes import ALPHABET, new_code, read_code


def mistyped(code: str) -> str:
    with pytest.raises(LockedError) as error:
        read_code(code)
    assert error.value.reason is LockedReason.MISTYPED_CODE
    return str(error.value)


def test_a_code_is_six_groups_of_letters_that_look_like_nothing_else() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    for code in codes:
        assert [len(group) for group in code.split("-")] == [5] * 6
        assert set(code) <= set(ALPHABET) | {"-"}
        assert not set(code) & set("ILOU")


def test_a_code_may_be_typed_as_people_do() -> None:
    code = new_code()
    letters = code.replace("-", "")
    typed = (code.lower(), f" {code} \n", letters, code.replace("-", " "), code.replace("0", "o"))
    for one in (*typed, code.replace("1", "l"), code.replace("1", "I"), code.replace("-", " - ")):
        assert read_code(one) == code


@pytest.mark.parametrize("dash", ["–", "—", "‐", "‑", "−", "－", "﹣", "\u00ad", " – ", "\u200b-"])
def test_what_a_program_of_writing_made_of_a_hyphen_is_one(dash: str) -> None:
    code = new_code()
    assert read_code(code.replace("-", dash)) == code


def test_wide_letters_are_as_good() -> None:
    code = new_code()
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    assert read_code(wide) == read_code(wide.lower()) == code


def test_every_single_wrong_letter_is_found_and_its_group_named() -> None:
    code = new_code()
    for place, letter in enumerate(code):
        if letter == "-":
            continue
        for other in set(ALPHABET) - {letter}:
            said = mistyped(code[:place] + other + code[place + 1 :])
            assert f"group {place // 6 + 1} " in said


def test_letters_and_groups_that_changed_places_are_found() -> None:
    chance = random.Random(7)
    for _ in range(100):
        code = new_code()
        place = chance.choice([one for one in range(34) if "-" not in code[one : one + 2]])
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        if swapped != code:
            mistyped(swapped)
        groups = code.split("-")
        mistyped("-".join([groups[1], groups[0], *groups[2:]]))


@pytest.mark.parametrize("typed", ["", "-", "K7QD2", "x" * 1_000_000, "비밀번호" * 8, "\x00" * 30, "=" * 30])
def test_what_is_no_code_is_told_in_a_sentence(typed: str) -> None:
    assert "recovery code" in mistyped(typed)
