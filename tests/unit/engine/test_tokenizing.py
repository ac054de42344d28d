# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A model's tokenizer remembers the texts of a chat, and nobody notices but the clock."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.engine import llama
from assistant.engine.letters import Letters
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


@pytest.fixture
def toy(shared_data: Path) -> Iterator[Model]:
    """A model whose vocabulary is 100 letters, without bytes for others."""
    llama.start()
    made = Model(shared_data / "models" / "babyllama-tok105-1M.gguf")
    yield made
    made.close()


def test_a_letter_that_a_vocabulary_cannot_show_is_a_space_and_ends_no_process(toy: Model):
    assert toy.tokenize("a집\U0001f600b") == toy.tokenize("a  b")
    assert toy.tokenize("a\nb") == toy.tokenize("a b")
    assert toy.tokenize("a\ud800b") == toy.tokenize("a?b"), "half a character"
    assert toy.tokenize("a</s>집", special=True) == [*toy.tokenize("a"), toy.eos, *toy.tokenize(" ")]


def test_markers_keep_letters_that_are_no_tokens():
    letters = Letters(["\u2581".encode(), b"a", b"b", b"<s>"])
    assert not letters.complete
    assert letters.shown("a<s>b", ["<s>"]) == "a<s>b"
    assert letters.shown("a<s>b") == "a   b"


def test_a_vocabulary_with_all_bytes_shows_everything_and_is_not_read_to_its_end():
    tokens = iter([*(f"<0x{number:02X}>".encode() for number in range(256)), b"last"])
    letters = Letters(tokens)
    assert letters.complete
    assert letters.shown("집\0") == "집\0"
    assert next(tokens) == b"last"
