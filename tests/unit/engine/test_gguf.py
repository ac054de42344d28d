# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The header of a GGUF: read without the model, and safe on anything."""

import random
import struct
from pathlib import Path

import pytest

from assistant.engine.gguf import HANGUL_JAMO, has_letters, read_header, read_tokens, wordpiece_vocabulary
from assistant.errors import ModelError
from tests.gguf_files import CHAT, EMBEDDING, gguf_bytes, string, write_gguf

TENSORS = [("token_embd.weight", (64, 8)), ("output.weight", (64, 8))]


def test_a_chat_model_tells_what_it_is(tmp_path: Path):
    header = read_header(write_gguf(tmp_path / "tiny.gguf", CHAT, tensors=TENSORS))
    assert header.kind == "chat"
    assert (header.name, header.architecture, header.licence) == ("Tiny", "llama", "mit")
    assert (header.context_length, header.layers, header.parameters) == (256, 5, 1024)
    assert header.languages == ("en", "ko")
    assert header.template == "{{ messages }}"


def test_an_embedding_model_is_known_by_its_pooling_and_gives_its_vocabulary(tmp_path: Path):
    header = read_header(write_gguf(tmp_path / "finder.gguf", EMBEDDING))
    assert header.kind == "embedding"
    assert wordpiece_vocabulary(header) == ("[PAD]", "[UNK]", "rent", "##ing")


def test_long_vocabularies_are_stepped_over_and_read_when_asked_for(tmp_path: Path):
    tokens = [f"\u2581{number}" for number in range(5000)]
    numbers = list(range(3000))
    header = read_header(
        write_gguf(
            tmp_path / "big.gguf", {**EMBEDDING, "tokenizer.ggml.tokens": tokens, "x": numbers, "y": 7}
        )
    )
    assert "tokenizer.ggml.tokens" not in header.metadata
    assert header.metadata["y"] == 7
    assert read_tokens(header) == tuple(tokens)
    assert wordpiece_vocabulary(header)[:2] == ("0", "1")


def test_a_chat_model_has_no_wordpiece_vocabulary(tmp_path: Path):
    assert wordpiece_vocabulary(read_header(write_gguf(tmp_path / "tiny.gguf", CHAT))) == ()


def test_letters_of_a_vocabulary_are_found():
    assert has_letters(tuple(chr(0x1100 + n) for n in range(20)), HANGUL_JAMO)
    assert not has_letters(("a", "b", "\u1100"), HANGUL_JAMO)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"  <html>", "a web page"),
        (b"PK\x03\x04 something else", "is not a GGUF"),
        (b"FUGG" + b"\0" * 40, "big-endian"),
        (b"GGUF" + struct.pack(">I", 3) + b"\0" * 40, "big-endian"),
        (b"GGUF" + struct.pack("<I", 3), "cut off"),
        (b"GGUF" + struct.pack("<IQQ", 1, 0, 0), "version 1"),
        (b"GGUF" + struct.pack("<IQQ", 3, 2**62, 0), "makes no sense"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + string("key") + struct.pack("<I", 99), "makes no sense"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 2**60) + b"key", "cut off"),
        (gguf_bytes({**CHAT, "general.alignment": 1}), "makes no sense"),
        (gguf_bytes(CHAT, TENSORS)[:-1000], "cut off"),
    ],
)
def test_what_is_no_sound_gguf_is_refused_with_the_reason(tmp_path: Path, data: bytes, reason: str):
    path = tmp_path / "model.gguf"
    path.write_bytes(data)
    with pytest.raises(ModelError, match=reason):
        read_header(path)


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path):
    with pytest.raises(ModelError, match="is a folder"):
        read_header(tmp_path)
    with pytest.raises(ModelError, match="There is no file"):
        read_header(tmp_path / "none.gguf")


def test_every_truncation_is_refused(tmp_path: Path):
    whole = gguf_bytes(CHAT, TENSORS)
    path = tmp_path / "cut.gguf"
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(ModelError):
            read_header(path)


def test_flipped_bytes_are_read_or_refused_and_nothing_else(tmp_path: Path):
    whole = gguf_bytes({**CHAT, **EMBEDDING}, TENSORS)
    chance = random.Random(1)
    path = tmp_path / "flipped.gguf"
    for _ in range(500):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data)
        try:
            wordpiece_vocabulary(read_header(path))
        except ModelError:
            continue
