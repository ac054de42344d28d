# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The folded copy of a text, and the way back."""

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
