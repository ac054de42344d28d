# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A model's tokenizer remembers the texts of a chat, and nobody notices but the clock."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.engine import llama
from assistant.engine.llama import TEXTS_KEPT, Model
from tests.tiny_models import write_gemma

MARKED = "say <|im_end|>"


@pytest.fixture
def model(tmp_path: Path) -> Iterator[Model]:
    llama.start()
    made = Model(write_gemma(tmp_path / "gemma.gguf"))
    yield made
    made.close()


def test_a_text_has_the_same_tokens_each_time(model: Model):
    first = model.tokenize("a ship")
    first.append(-1)
    second = model.tokenize("a ship")
    assert second == first[:-1]
    assert second
    assert model.tokenize("") == model.tokenize("") == []


def test_how_a_text_is_to_be_read_makes_a_difference(model: Model):
    ways = [(False, False), (True, False), (False, True), (True, True)]
    read = [model.tokenize(MARKED, special=special, whole=whole) for special, whole in ways]
    assert len({tuple(tokens) for tokens in read}) == 4
    assert [model.tokenize(MARKED, special=special, whole=whole) for special, whole in ways] == read


def test_only_the_latest_texts_are_remembered(model: Model):
    for number in range(TEXTS_KEPT + 5):
        model.tokenize("a ship")
        model.tokenize(str(number))
    assert len(model._tokenized) == TEXTS_KEPT
    assert ("a ship", False, False) in model._tokenized
    assert ("0", False, False) not in model._tokenized
