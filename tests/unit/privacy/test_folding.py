# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The folded copy of a text, and the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.privacy.folding import fold


def test_plain_text_is_its_own_folded_copy() -> None:
    assert fold("plain 한글 010-1") == fold("plain 한글 010-1")
    assert fold("plain 한글 010-1").text == "plain 한글 010-1"


def test_one_spelling_is_left_of_each_digit_hyphen_space_and_sign() -> None:
    assert fold("０٣۴१𝟗 ‐–−ㅡ　＠．").text == "03419 ---- @."


def test_what_cannot_be_seen_is_left_out() -> None:
    assert fold("1\u200b2\u20603\ufeff4\u00ad5️⃣").text == "12345"


def test_a_change_of_case_divides_words() -> None:
    words = fold("accountNumber of USERid, myRRN_no2 한글words").latin_words
    assert {"account", "number", "of", "my", "rrn", "no", "words"} <= words
    assert "accountnumber" not in words


@pytest.mark.parametrize("filling", ["", "some words " * 1000])
def test_a_needle_is_held_in_any_case_within_a_word_and_over_a_blank(filling: str) -> None:
    folded = fold(f"{filling}DB_PassWord of the Bank Code 주민번호는")
    assert all(map(folded.holds, ("password", "db_", "bank code", "주민")))
    assert not any(map(folded.holds, ("passcode", "code bank")))
    asked = ("주민", "여권", "of")
    assert folded.said("주민|여권|of", asked) == (("주민", "of") if filling else asked), "of a short text all"


@given(st.text(alphabet="a1１가\u200b\u2060-–", max_size=30), st.data())
def test_a_span_leads_back_to_the_characters_it_came_from(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    start = data.draw(st.integers(0, len(folded.text)))
    end = data.draw(st.integers(start, len(folded.text)))
    if start == end:
        return
    first, last = folded.original(start, end)
    assert fold(text[first:last]).text == folded.text[start:end]
    assert fold(text[first]).text != ""
    assert fold(text[last - 1]).text != ""
