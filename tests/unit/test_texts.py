# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Sentences in the user's language."""

import pytest

from assistant.errors import MaruError
from assistant.texts import LANGUAGES, text, textn, tr, trn, use_language


def test_sentence_is_translated_where_it_is_shown() -> None:
    waiting = text("Model: {model}", model="Qwen3")
    use_language("ko")
    assert str(waiting) == "모델: Qwen3" == tr("Model: {model}", model="Qwen3")
    assert waiting.in_language("en") == "Model: Qwen3"


@pytest.mark.parametrize(
    ("count", "english", "korean"),
    [
        (1, "1 item is hidden from the model", "항목 1개를 모델에게 가렸어요"),
        (2, "2 items are hidden from the model", "항목 2개를 모델에게 가렸어요"),
    ],
)
def test_sentence_of_a_count_has_the_right_form(count: int, english: str, korean: str) -> None:
    said = textn("{n} item is hidden from the model", "{n} items are hidden from the model", count)
    assert (said.in_language("en"), said.in_language("ko")) == (english, korean)


def test_whole_numbers_are_shown_in_groups_of_three_where_they_count_something() -> None:
    use_language("en")
    assert tr("{tokens} tokens", tokens=32768) == "32,768 tokens"
    assert trn("{n} page", "{n} pages", 1234567) == "1,234,567 pages"
    assert tr("{year:d}-{month:02}", year=2026, month=3) == "2026-03", "a place may say how"
    assert tr("{seconds} seconds", seconds=1000.5) == "1000.5 seconds", "other values stay as they are"


def test_a_text_within_a_text_is_said_in_the_same_language() -> None:
    use_language("en")
    said = text("{name} cannot be read ({reason}).", name="a", reason=text("Stopped."))
    assert str(said) == "a cannot be read (Stopped.)."
    assert text("Stopped.").in_language("ko") in said.in_language("ko")
    assert "Stopped." not in said.in_language("ko")


@pytest.mark.parametrize("language", LANGUAGES)
def test_error_without_advice_gives_none_in_any_language(language: str) -> None:
    use_language(language)
    error = MaruError(text("It was stopped."))
    assert str(error.hint) == error.hint.in_language(language) == ""
