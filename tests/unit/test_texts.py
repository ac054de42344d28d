# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Sentences in the user's language."""

from collections.abc import Iterator

import pytest

from assistant.errors import MaruError
from assistant.texts import LANGUAGES, language_in_use, text, tr, use_language


@pytest.fixture(autouse=True)
def _language_back() -> Iterator[None]:
    before = language_in_use()
    yield
    use_language(before)


def test_sentence_is_translated_where_it_is_shown() -> None:
    waiting = text("Model: {model}", model="Qwen3")
    use_language("ko")
    assert str(waiting) == "모델: Qwen3" == tr("Model: {model}", model="Qwen3")
    assert waiting.in_language("en") == "Model: Qwen3"


@pytest.mark.parametrize("language", LANGUAGES)
def test_error_without_advice_gives_none_in_any_language(language: str) -> None:
    use_language(language)
    error = MaruError(text("It was stopped."))
    assert str(error.hint) == error.hint.in_language(language) == ""
