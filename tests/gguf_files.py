# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Writes small GGUF files, sound and damaged, for tests."""

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

STRING, ARRAY, UINT32, FLOAT32, BOOL = 8, 9, 4, 6, 7


def string(words: str) -> bytes:
    data = words.encode()
    return struct.pack("<Q", len(data)) + data


def value(thing: Any) -> bytes:
    """Return type and value."""
    match thing:
        case bool():
            return struct.pack("<I?", BOOL, thing)
        case int():
            return struct.pack("<II", UINT32, thing)
        case float():
            return struct.pack("<If", FLOAT32, thing)
        case str():
            return struct.pack("<I", STRING) + string(thing)
        case list() | tuple():
            items = [value(item) for item in thing]
            kind = items[0][:4] if items else struct.pack("<I", STRING)
            return (
                struct.pack("<I", ARRAY)
                + kind
                + struct.pack("<Q", len(items))
                + b"".join(item[4:] for item in items)
            )
    raise TypeError


def gguf_bytes(
    metadata: Mapping[str, Any],
    tensors: Sequence[tuple[str, Sequence[int]]] = (),
    version: int = 3,
    kind: int = 0,
) -> bytes:
    """Return a GGUF file with tensors of zeros: float32, or what is said to be of type `kind`."""
    head = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(metadata))
    for key, thing in metadata.items():
        head += string(key) + value(thing)
    offset = 0
    for name, shape in tensors:
        head += string(name) + struct.pack(f"<I{len(shape)}Q", len(shape), *shape)
        head += struct.pack("<IQ", kind, offset)
        size = 4
        for length in shape:
            size *= length
        offset += -(-size // 32) * 32
    return head + b"\0" * (-len(head) % 32) + b"\0" * offset


def write_gguf(path: Path, metadata: Mapping[str, Any], **rest: Any) -> Path:
    path.write_bytes(gguf_bytes(metadata, **rest))
    return path


def write_parts(folder: Path, metadata: Mapping[str, Any], tensors: Sequence[Any]) -> list[Path]:
    """Write a split model: one file for each tensor, the metadata in the first."""
    paths = []
    for number, tensor in enumerate(tensors):
        split = {"split.no": number, "split.count": len(tensors), "split.tensors.count": len(tensors)}
        name = f"tiny-{number + 1:05d}-of-{len(tensors):05d}.gguf"
        paths.append(
            write_gguf(folder / name, {**(metadata if number == 0 else {}), **split}, tensors=[tensor])
        )
    return paths


CHAT = {
    "general.architecture": "llama",
    "general.name": "Tiny",
    "general.license": "mit",
    "general.languages": ["en", "ko"],
    "llama.context_length": 256,
    "llama.block_count": 5,
    "tokenizer.ggml.model": "gpt2",
    "tokenizer.chat_template": "{{ messages }}",
}
EMBEDDING = {
    "general.architecture": "bert",
    "general.name": "Finder",
    "bert.pooling_type": 1,
    "tokenizer.ggml.model": "bert",
    "tokenizer.ggml.tokens": ["[PAD]", "[UNK]", "\u2581rent", "ing"],
}
