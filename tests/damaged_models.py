# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Damages a sound GGUF file in every way that files are damaged, by a seeded generator.

Among them are the ways that make llama.cpp abort or hang: see `DAMAGES`.
"""

import random
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

STRING, ARRAY, UINT32, FLOAT32 = 8, 9, 4, 6
SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
TOKENS = "tokenizer.ggml.tokens"
TEMPLATE = "tokenizer.chat_template"
NAN = struct.pack("<f", float("nan"))
EXTREMES = (0, 1, 3, 7, 255, 2**16, 2**31 - 1, 2**31, 2**32 - 1)
HANGING = (
    "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
    "{% set ns = namespace(x='a') %}{% for a in range(9999) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
    "{{ 'a' * 10 ** 12 }}",
    "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
)
PRYING = (
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ messages.__class__ }}",
    "{% include '/etc/passwd' %}",
    "{% for m in messages %}{{ m.content",
    "{{ raise_exception('no') }}",
)


@dataclass
class Tensor:
    """A tensor's entry in the header."""

    name: bytes
    shape: list[int]
    kind: int
    offset: int


@dataclass
class Pieces:
    """A GGUF file taken apart: values are (type, bytes as they stand)."""

    metadata: dict[bytes, tuple[int, bytes]]
    tensors: list[Tensor]
    data: bytes
    version: int = 3
    architecture: str = field(default="llama")

    def set(self, key: str, kind: int, value: bytes) -> None:
        self.metadata[key.encode()] = (kind, value)

    def set_number(self, key: str, value: int) -> None:
        self.set(key, UINT32, struct.pack("<I", value & 0xFFFFFFFF))

    def set_text(self, key: str, value: str) -> None:
        self.set(key, STRING, packed_string(value.encode()))

    def set_strings(self, key: str, values: Sequence[bytes]) -> None:
        head = struct.pack("<IQ", STRING, len(values))
        self.set(key, ARRAY, head + b"".join(packed_string(value) for value in values))

    def strings(self, key: str) -> list[bytes]:
        data = self.metadata[key.encode()][1]
        count, at, found = struct.unpack_from("<Q", data, 4)[0], 12, []
        for _ in range(count):
            (length,) = struct.unpack_from("<Q", data, at)
            found.append(data[at + 8 : at + 8 + length])
            at += 8 + length
        return found

    def numbers(self) -> list[str]:
        """Return the keys of whole numbers of the architecture and the tokenizer."""
        return [key.decode() for key, (kind, _) in self.metadata.items() if kind == UINT32]

    def packed(self) -> bytes:
        head = b"GGUF" + struct.pack("<IQQ", self.version, len(self.tensors), len(self.metadata))
        for key, (kind, value) in self.metadata.items():
            head += packed_string(key) + struct.pack("<I", kind) + value
        for tensor in self.tensors:
            head += packed_string(tensor.name)
            head += struct.pack(f"<I{len(tensor.shape)}Q", len(tensor.shape), *tensor.shape)
            head += struct.pack("<IQ", tensor.kind, tensor.offset)
        return head + b"\0" * (-len(head) % 32) + self.data

    @property
    def header_size(self) -> int:
        return len(self.packed()) - len(self.data)


def packed_string(value: bytes) -> bytes:
    return struct.pack("<Q", len(value)) + value


def take_apart(path: Path) -> Pieces:
    """Read a sound file."""
    data, at = path.read_bytes(), 24
    version, tensor_count, entry_count = struct.unpack_from("<IQQ", data, 4)

    def string() -> bytes:
        nonlocal at
        (length,) = struct.unpack_from("<Q", data, at)
        at += 8 + length
        return data[at - length : at]

    def step_over(kind: int) -> None:
        nonlocal at
        if kind == STRING:
            string()
        elif kind == ARRAY:
            inner, count = struct.unpack_from("<IQ", data, at)
            at += 12
            for _ in range(count):
                step_over(inner)
        else:
            at += SIZES[kind]

    metadata, tensors = {}, []
    for _ in range(entry_count):
        key = string()
        (kind,) = struct.unpack_from("<I", data, at)
        at += 4
        start = at
        step_over(kind)
        metadata[key] = (kind, data[start:at])
    for _ in range(tensor_count):
        name = string()
        (dimensions,) = struct.unpack_from("<I", data, at)
        shape = list(struct.unpack_from(f"<{dimensions}Q", data, at + 4))
        kind, offset = struct.unpack_from("<IQ", data, at + 4 + 8 * dimensions)
        at += 16 + 8 * dimensions
        tensors.append(Tensor(name, shape, kind, offset))
    return Pieces(metadata, tensors, data[-(-at // 32) * 32 :], version)


Damage = Callable[[Pieces, random.Random], bytes]


def cut_header(pieces: Pieces, chance: random.Random) -> bytes:
    return pieces.packed()[: chance.randrange(4, pieces.header_size)]


def cut_tensors(pieces: Pieces, chance: random.Random) -> bytes:
    whole = pieces.packed()
    return whole[: chance.randrange(pieces.header_size, len(whole) - 32)]


def flip_header(pieces: Pieces, chance: random.Random) -> bytes:
    whole = bytearray(pieces.packed())
    for _ in range(chance.randint(1, 8)):
        whole[chance.randrange(4, pieces.header_size)] = chance.randrange(256)
    return bytes(whole)


def overwrite_header(pieces: Pieces, chance: random.Random) -> bytes:
    whole, size = bytearray(pieces.packed()), chance.randint(8, 400)
    at = chance.randrange(24, pieces.header_size)
    whole[at : at + size] = chance.randbytes(size)
    return bytes(whole)


def garbage_in_tensors(pieces: Pieces, chance: random.Random) -> bytes:
    data, size = bytearray(pieces.data), chance.randint(64, 100_000)
    at = chance.randrange(len(data))
    data[at : at + size] = chance.randbytes(min(size, len(data) - at))
    pieces.data = bytes(data)
    return pieces.packed()


def weights_that_are_no_numbers(pieces: Pieces, chance: random.Random) -> bytes:
    data, count = bytearray(pieces.data), chance.randint(1, 50_000)
    at = 4 * chance.randrange(len(data) // 4 - count)
    data[at : at + 4 * count] = NAN * count
    pieces.data = bytes(data)
    return pieces.packed()


def no_gguf(_pieces: Pieces, chance: random.Random) -> bytes:
    return chance.choice(
        (b"", b"<!DOCTYPE html><html>", b"PK\x03\x04", b"GGUF", b"FUGG", chance.randbytes(4000), b"GGUF\3")
    )


def another_version(pieces: Pieces, chance: random.Random) -> bytes:
    pieces.version = chance.choice((0, 1, 4, 99, 2**32 - 1))
    return pieces.packed()


def another_architecture(pieces: Pieces, chance: random.Random) -> bytes:
    names = ("perpetuum", "", "gpt2", "mamba", "qwen2", "gemma3", "bert", "clip", "llama4", "deepseek2")
    pieces.set_text("general.architecture", chance.choice(names))
    return pieces.packed()


def alignment(pieces: Pieces, chance: random.Random) -> bytes:
    pieces.set_number("general.alignment", chance.choice((0, 1, 2, 3, 4, 7, 33, 2**31)))
    return pieces.packed()


def epsilon(pieces: Pieces, chance: random.Random) -> bytes:
    value = chance.choice((float("nan"), float("inf"), -1.0, -float("inf"), 0.0))
    pieces.set("llama.attention.layer_norm_rms_epsilon", FLOAT32, struct.pack("<f", value))
    return pieces.packed()


def block_count(pieces: Pieces, chance: random.Random) -> bytes:
    pieces.set_number("llama.block_count", chance.choice((0, 2, 512, 513, 100_000, 2**32 - 1)))
    return pieces.packed()


def expert_count(pieces: Pieces, chance: random.Random) -> bytes:
    pieces.set_number("llama.expert_count", chance.choice((1, 8, 1024, 1025, 2**31, 2**32 - 1)))
    pieces.set_number("llama.expert_used_count", chance.choice((0, 1, 9, 2**31)))
    return pieces.packed()


def whole_number_embeddings(pieces: Pieces, chance: random.Random) -> bytes:
    tensor = next(each for each in pieces.tensors if each.name == b"token_embd.weight")
    tensor.kind = chance.choice((24, 25, 26, 27, 28))
    return pieces.packed()


def tensor_types(pieces: Pieces, chance: random.Random) -> bytes:
    chance.choice(pieces.tensors).kind = chance.choice((*range(43), 99, 2**31))
    return pieces.packed()


def tensor_shapes(pieces: Pieces, chance: random.Random) -> bytes:
    tensor = chance.choice(pieces.tensors)
    tensor.shape[chance.randrange(len(tensor.shape))] = chance.choice((0, 1, 31, 2**20, 2**40, 2**63))
    return pieces.packed()


def tensor_offsets(pieces: Pieces, chance: random.Random) -> bytes:
    chance.choice(pieces.tensors).offset = chance.choice((0, 1, 31, 2**20, 2**40, 2**64 - 32))
    return pieces.packed()


def tensor_names(pieces: Pieces, chance: random.Random) -> bytes:
    name = chance.choice((b"", b"a" * 80, b"blk.0.attn_q.weight", b"blk.9.x", b"\xff", b"output.weight"))
    chance.choice(pieces.tensors).name = name
    return pieces.packed()


def tensors_left_out(pieces: Pieces, chance: random.Random) -> bytes:
    pieces.tensors.remove(chance.choice(pieces.tensors))
    return pieces.packed()


def extreme_numbers(pieces: Pieces, chance: random.Random) -> bytes:
    pieces.set_number(chance.choice(pieces.numbers()), chance.choice(EXTREMES))
    return pieces.packed()


def other_kinds_of_values(pieces: Pieces, chance: random.Random) -> bytes:
    key = chance.choice(list(pieces.metadata)).decode()
    chance.choice(
        (
            lambda: pieces.set_text(key, "seven"),
            lambda: pieces.set_number(key, 7),
            lambda: pieces.set_strings(key, [b"a", b"b"]),
            lambda: pieces.set(key, ARRAY, struct.pack("<IQ", UINT32, 0)),
            lambda: pieces.set(key, 12, struct.pack("<d", 0.5)),
        )
    )()
    return pieces.packed()


def keys_left_out(pieces: Pieces, chance: random.Random) -> bytes:
    for key in chance.sample(list(pieces.metadata), chance.randint(1, 3)):
        del pieces.metadata[key]
    return pieces.packed()


def boundless_arrays(pieces: Pieces, chance: random.Random) -> bytes:
    count = chance.choice((2**20, 2**31, 2**40, 2**63, 2**64 - 1))
    key = chance.choice((TOKENS, "tokenizer.ggml.scores", "extra.array"))
    pieces.set(key, ARRAY, struct.pack("<IQ", chance.choice((STRING, UINT32, FLOAT32, ARRAY)), count))
    return pieces.packed()


def tokens_twice(pieces: Pieces, chance: random.Random) -> bytes:
    tokens = pieces.strings(TOKENS)
    for _ in range(chance.randint(1, 20)):
        tokens[chance.randrange(len(tokens))] = chance.choice(tokens)
    return _with_tokens(pieces, tokens, chance)


def blank_tokens(pieces: Pieces, chance: random.Random) -> bytes:
    tokens = pieces.strings(TOKENS)
    for _ in range(chance.randint(1, 20)):
        tokens[chance.randrange(len(tokens))] = chance.choice((b"", b" ", b"\0", b"\n"))
    return _with_tokens(pieces, tokens, chance)


def tokens_that_are_no_text(pieces: Pieces, chance: random.Random) -> bytes:
    tokens = pieces.strings(TOKENS)
    for _ in range(chance.randint(1, 20)):
        tokens[chance.randrange(len(tokens))] = chance.randbytes(chance.randint(1, 6))
    return _with_tokens(pieces, tokens, chance)


def fewer_tokens(pieces: Pieces, chance: random.Random) -> bytes:
    tokens = pieces.strings(TOKENS)
    return _with_tokens(pieces, tokens[: chance.randint(0, len(tokens) - 1)], chance)


def _with_tokens(pieces: Pieces, tokens: list[bytes], chance: random.Random) -> bytes:
    pieces.set_strings(TOKENS, tokens)
    if chance.random() < 0.5:  # the other large family of tokenizers
        pieces.set_text("tokenizer.ggml.model", "gpt2")
        pieces.set_strings("tokenizer.ggml.merges", [b"a b", b"b c"])
    return pieces.packed()


def other_tokenizers(pieces: Pieces, chance: random.Random) -> bytes:
    names = ("gpt2", "bert", "t5", "rwkv", "none", "no_vocab", "plamo2", "", "odd")
    pieces.set_text("tokenizer.ggml.model", chance.choice(names))
    return pieces.packed()


def special_tokens(pieces: Pieces, chance: random.Random) -> bytes:
    key = chance.choice(("bos", "eos", "unknown", "padding", "eot"))
    pieces.set_number(f"tokenizer.ggml.{key}_token_id", chance.choice((300, 2**31, 2**32 - 1)))
    return pieces.packed()


def hanging_template(pieces: Pieces, chance: random.Random) -> bytes:
    pieces.set_text(TEMPLATE, chance.choice(HANGING))
    return pieces.packed()


def prying_template(pieces: Pieces, chance: random.Random) -> bytes:
    pieces.set_text(TEMPLATE, chance.choice(PRYING))
    return pieces.packed()


DAMAGES: tuple[Damage, ...] = (
    cut_header, cut_tensors, flip_header, overwrite_header, garbage_in_tensors, weights_that_are_no_numbers,
    no_gguf, another_version, another_architecture, alignment, epsilon, block_count, expert_count,
    whole_number_embeddings, tensor_types, tensor_shapes, tensor_offsets, tensor_names, tensors_left_out,
    extreme_numbers, other_kinds_of_values, keys_left_out, boundless_arrays, tokens_twice, blank_tokens,
    tokens_that_are_no_text, fewer_tokens, other_tokenizers, special_tokens, hanging_template,
    prying_template,
)  # fmt: skip


def damaged(sound: Path, count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of damaged files, every kind in turn."""
    chance = random.Random(seed)
    for number in range(count):
        damage = DAMAGES[number % len(DAMAGES)]
        yield damage.__name__, damage(take_apart(sound), chance)
