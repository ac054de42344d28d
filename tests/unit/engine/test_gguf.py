# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The header of a GGUF: read without the model, and safe on anything."""

import random
import struct
from pathlib import Path

import pytest

from assistant.engine.gguf import (
    HANGUL_JAMO,
    has_letters,
    parts,
    read_header,
    read_raw_tokens,
    read_tokens,
    wordpiece_vocabulary,
)
from assistant.engine.gguf_checks import check_vocabulary
from assistant.errors import ModelError
from tests.gguf_files import CHAT, EMBEDDING, gguf_bytes, string, write_gguf, write_parts

TENSORS = [("token_embd.weight", (64, 8)), ("output.weight", (64, 8))]


def test_a_chat_model_tells_what_it_is(tmp_path: Path):
    header = read_header(write_gguf(tmp_path / "tiny.gguf", CHAT, tensors=TENSORS))
    assert header.kind == "chat"
    assert (header.name, header.architecture, header.licence) == ("Tiny", "llama", "mit")
    assert (header.context_length, header.layers, header.parameters) == (256, 5, 1024)
    assert header.languages == ("en", "ko")
    assert header.word("tokenizer.chat_template") == "{{ messages }}"


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


@pytest.mark.parametrize(
    ("extra", "kind"),
    [
        ({}, "chat"),
        ({"llama.pooling_type": 3}, "embedding"),
        ({"llama.pooling_type": 4}, "reranker"),
        ({"general.type": "adapter", "adapter.type": "lora"}, "adapter"),
        ({"general.type": "adapter", "adapter.type": "other"}, "other"),
        ({"general.type": "mmproj"}, "other"),
        ({"general.architecture": "clip"}, "other"),
    ],
)
def test_the_kind_of_a_file_is_known(tmp_path: Path, extra: dict[str, object], kind: str):
    assert read_header(write_gguf(tmp_path / "tiny.gguf", {**CHAT, **extra})).kind == kind


def test_the_quantization_is_stated_or_that_of_most_weights(tmp_path: Path):
    stated = write_gguf(tmp_path / "a.gguf", {**CHAT, "general.file_type": 15}, tensors=TENSORS)
    assert read_header(stated).quantization == "Q4_K_M"
    assert read_header(write_gguf(tmp_path / "b.gguf", CHAT, tensors=TENSORS)).quantization == "F32"
    assert read_header(write_gguf(tmp_path / "c.gguf", CHAT)).quantization == ""


def test_recurrent_and_stretched_models_say_so(tmp_path: Path):
    assert read_header(write_gguf(tmp_path / "a.gguf", {**CHAT, "general.architecture": "rwkv7"})).recurrent
    stretched = {"llama.rope.scaling.factor": 4.0, "llama.rope.scaling.original_context_length": 256}
    header = read_header(write_gguf(tmp_path / "b.gguf", {**CHAT, **stretched}))
    assert (header.recurrent, header.context_length) == (False, 1024)


def test_what_a_token_costs_counts_the_heads_of_every_layer(tmp_path: Path):
    heads = {"llama.embedding_length": 64, "llama.attention.head_count": 8}
    same = {**CHAT, **heads, "llama.attention.head_count_kv": 2}
    assert read_header(write_gguf(tmp_path / "a.gguf", same)).cache_bytes == 5 * 2 * (8 + 8) * 2
    mixed = {**same, "llama.attention.head_count_kv": [2, 0, 2, 0, 2]}
    assert read_header(write_gguf(tmp_path / "b.gguf", mixed)).cache_bytes == 3 * 2 * (8 + 8) * 2


def test_any_part_of_a_split_model_stands_for_the_whole(tmp_path: Path):
    paths = write_parts(tmp_path, CHAT, [*TENSORS, ("blk.0.x", (4,))])
    for path in paths:
        header = read_header(path)
        assert header.path == paths[0]
        assert header.name == "Tiny"
        assert header.parameters == 1028
        assert header.size == sum(part.stat().st_size for part in paths)
        assert parts(header) == tuple(paths)
    alone = read_header(write_gguf(tmp_path / "tiny.gguf", CHAT))
    assert parts(alone) == (alone.path,)


def test_a_missing_part_is_named(tmp_path: Path):
    paths = write_parts(tmp_path, CHAT, TENSORS)
    paths[1].unlink()
    with pytest.raises(ModelError, match=r"tiny-00002-of-00002\.gguf is missing"):
        read_header(paths[0])


def test_parts_that_do_not_belong_together_are_refused(tmp_path: Path):
    paths = write_parts(tmp_path, CHAT, TENSORS)
    renamed = paths[1].rename(tmp_path / "renamed.gguf")
    with pytest.raises(ModelError, match="must keep the names"):
        read_header(renamed)
    renamed.rename(paths[1])
    write_gguf(paths[1], CHAT)
    with pytest.raises(ModelError, match="belongs to another model"):
        read_header(paths[0])
    write_gguf(paths[1], {"split.no": 1, "split.count": 2})
    with pytest.raises(ModelError, match="makes no sense"):
        read_header(paths[0])


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ({"llama.block_count": 0}, "llama.block_count = 0"),
        ({"llama.block_count": 100_000}, "llama.block_count = 100000"),
        ({"llama.expert_count": 2**31}, "llama.expert_count"),
        ({"llama.expert_count": 8}, "llama.expert_count"),
        ({"llama.expert_count": 4, "llama.expert_used_count": [2, 5]}, "llama.expert_count"),
        ({"llama.attention.layer_norm_rms_epsilon": float("nan")}, "epsilon = nan"),
        ({"llama.attention.layer_norm_rms_epsilon": -1.0}, r"epsilon = -1\.0"),
        ({"llama.rope.freq_base": float("inf")}, "freq_base = inf"),
        ({"llama.rope.scaling.type": "sideways"}, "sideways"),
    ],
)
def test_values_that_would_abort_the_process_are_refused(
    tmp_path: Path, extra: dict[str, object], reason: str
):
    with pytest.raises(ModelError, match=reason):
        read_header(write_gguf(tmp_path / "tiny.gguf", {**CHAT, **extra}))


@pytest.mark.parametrize(("name", "kind"), [("token_embd.weight", 26), ("blk.0.ffn_norm.weight", 8)])
def test_weights_of_a_type_that_aborts_the_process_are_refused(tmp_path: Path, name: str, kind: int):
    path = write_gguf(tmp_path / "tiny.gguf", CHAT, tensors=[(name, (64,))], kind=kind)
    with pytest.raises(ModelError, match="of a type that cannot be used"):
        read_header(path)


@pytest.mark.parametrize("tokens", [(b"a", b"b", b"a"), (b"a", b"\xff\xfe")])
def test_a_vocabulary_that_would_abort_the_process_is_refused(tokens: tuple[bytes, ...]):
    with pytest.raises(ModelError, match="vocabulary makes no sense"):
        check_vocabulary("tiny", "gpt2", tokens)


def test_a_sound_vocabulary_may_have_empty_tokens(tmp_path: Path):
    check_vocabulary("tiny", "gpt2", (b"a", b"", b"", "각".encode()))
    header = read_header(write_gguf(tmp_path / "tiny.gguf", EMBEDDING))
    check_vocabulary("tiny", header.tokenizer, read_raw_tokens(header))


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
