# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Values that begin in one message and end in the next."""

import pytest

from assistant.privacy.filter import find
from assistant.privacy.masking import masked_together
from assistant.privacy.policy import STRICT
from assistant.privacy.split import halves
from assistant.privacy.vault import Vault


def masked(*turns: str) -> list[str]:
    """Return messages as the model may see them; every second one is an answer."""
    of_user = [number % 2 == 0 for number in range(len(turns))]
    pieces = halves(turns, of_user, find)
    return [one.text for one in masked_together(turns, Vault(), STRICT, find, pieces)]


@pytest.mark.parametrize(
    ("first", "second", "seen"),
    [
        ("내 번호는 010-1234-", "5678 이야", ("내 번호는 [PHONE_1]", "[PHONE_1] 이야")),
        ("My number is 010-1234", "5678", ("My number is [PHONE_1]", "[PHONE_1]")),
        ("My number is 010-1234...", "-5678.", ("My number is [PHONE_1]...", "[PHONE_1].")),
        ("call 010", "1234-5678 now", ("call [PHONE_1]", "[PHONE_1] now")),
        ("write to kim@", "example.com please", ("write to [EMAIL_1]", "[EMAIL_1] please")),
        ("write to kim", "@example.com please", ("write to [EMAIL_1]", "[EMAIL_1] please")),
        ("card 4111 1111", "1111 1111, 12/28", ("card [CARD_1]", "[CARD_1], 12/28")),
        ("주민번호 900101-", "1234568 맞아", ("주민번호 [KR_RRN_1]", "[KR_RRN_1] 맞아")),
    ],
)
def test_both_pieces_are_hidden_behind_one_placeholder(
    first: str, second: str, seen: tuple[str, str]
) -> None:
    assert masked(first, "Go on.", second) == [seen[0], "Go on.", seen[1]]


def test_the_answer_that_repeats_the_first_half_is_hidden_too() -> None:
    turns = ("내 번호는 010-1234-", "010-1234- 다음은요? 010-1234-?", "5678")
    assert masked(*turns)[1] == "[PHONE_1] 다음은요? [PHONE_1]?"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("What is 2 + 2?", "And 3 + 3?"),
        ("The rent is 1200", "500 of it is for heating"),
        ("Who wrote it in 1984", "Orwell?"),
        ("Is it hot", "in Seoul"),
        ("", "5678"),
        ("010-1234-", ""),
    ],
)
def test_what_is_no_value_stays(first: str, second: str) -> None:
    assert masked(first, "Yes.", second) == [first, "Yes.", second]


def test_whole_values_beside_a_border_are_not_joined() -> None:
    first, _, second = masked("Write to kim@example.com", "Done.", "Please call 010-1234-5678")
    assert (first, second) == ("Write to [EMAIL_1]", "Please call [PHONE_1]")
    first, _, second = masked("My code is ab12", "Yes.", "kim@example.com")
    assert second == "[EMAIL_1]"
    assert first == "My code is ab12"


def test_a_value_over_three_messages_is_hidden_where_two_make_one() -> None:
    seen = masked("번호 010-1234-", "네", "5678", "네", "그리고 kim@", "네", "example.com")
    assert seen[::2] == ["번호 [PHONE_1]", "[PHONE_1]", "그리고 [EMAIL_1]", "[EMAIL_1]"]


def test_the_second_half_may_begin_another_value() -> None:
    seen = masked("번호 010-1234-", "네", "5678 card 4111 1111", "네", "1111 1111")
    assert seen[::2] == ["번호 [PHONE_1]", "[PHONE_1] card [CARD_1]", "[CARD_1]"]
