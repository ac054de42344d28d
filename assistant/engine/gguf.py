# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Reads the header of a GGUF file: what a model is, without loading it and without trusting it.

Format: docs/gguf.md of the ggml project, versions 2 and 3, little-endian. Every length is checked
against the file before it is used; tensors are described, never read.
"""

import mmap
import os
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.errors import ModelError
from assistant.texts import Text, text

MAGIC = b"GGUF"
WORD_START = "\u2581"  # how a WordPiece vocabulary in GGUF marks a token that begins a word
HANGUL_JAMO = ("\u1100", "\u11ff")
HANGUL_SYLLABLES = ("\uac00", "\ud7a3")
MAX_ENTRIES = 100_000  # metadata entries or tensors; real models have below 10,000
MAX_DIMENSIONS = 4
STRING, ARRAY = 8, 9
SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
# Bytes and weights of a block, by tensor type (ggml.c, type_traits); an unknown type is not measured.
BLOCKS = {
    0: (4, 1), 1: (2, 1), 2: (18, 32), 3: (20, 32), 6: (22, 32), 7: (24, 32), 8: (34, 32),
    10: (84, 256), 11: (110, 256), 12: (144, 256), 13: (176, 256), 14: (210, 256),
    24: (1, 1), 25: (2, 1), 26: (4, 1), 27: (8, 1), 28: (8, 1), 30: (2, 1),
}  # fmt: skip
PICK_ANOTHER = text("Choose a GGUF file that is complete.")
EMBEDDING_ARCHITECTURES = frozenset(
    {"bert", "nomic-bert", "nomic-bert-moe", "jina-bert-v2", "jina-bert-v3", "neo-bert", "modern-bert",
     "eurobert", "gemma-embedding", "t5encoder"}
)  # fmt: skip


@dataclass(frozen=True)
class Tensor:
    """One tensor as the header describes it; `offset` is relative to the data's start."""

    name: str
    shape: tuple[int, ...]
    type: int
    offset: int

    @property
    def parameters(self) -> int:
        """How many weights it holds."""
        count = 1
        for length in self.shape:
            count *= length
        return count

    @property
    def size(self) -> int | None:
        """Its bytes, None for a type that is not known here."""
        if self.type not in BLOCKS:
            return None
        block_bytes, block_weights = BLOCKS[self.type]
        return self.parameters // block_weights * block_bytes


@dataclass(frozen=True)
class Header:
    """What a GGUF file says of itself. Long arrays are left out of `metadata`."""

    path: Path
    size: int
    metadata: dict[str, Any]
    tensors: tuple[Tensor, ...]
    arrays: dict[str, int] = field(default_factory=dict)  # long arrays: where each begins

    @property
    def architecture(self) -> str:
        """llama.cpp's name of the architecture, "" where the file names none."""
        return self.word("general.architecture")

    @property
    def name(self) -> str:
        """The model's name, or the file's."""
        return self.word("general.name") or self.path.stem

    @property
    def parameters(self) -> int:
        """Number of weights."""
        return sum(tensor.parameters for tensor in self.tensors)

    @property
    def context_length(self) -> int:
        """The context length it was trained for, in tokens, 0 where unknown."""
        return self.number(f"{self.architecture}.context_length")

    @property
    def layers(self) -> int:
        """Number of blocks, 0 where unknown."""
        return self.number(f"{self.architecture}.block_count")

    @property
    def template(self) -> str:
        """The chat template (Jinja), "" for a base model."""
        return self.word("tokenizer.chat_template")

    @property
    def tokenizer(self) -> str:
        """The tokenizer's model: "gpt2", "llama", "bert" and others."""
        return self.word("tokenizer.ggml.model")

    @property
    def pooling(self) -> int:
        """llama.cpp's pooling type (1 mean, 2 first, 3 last), 0 where there is none."""
        return self.number(f"{self.architecture}.pooling_type")

    @property
    def licence(self) -> str:
        """The licence as the file states it, "" where it does not."""
        return self.word("general.license.name") or self.word("general.license")

    @property
    def languages(self) -> tuple[str, ...]:
        """Language codes, empty where the file names none."""
        stated = self.metadata.get("general.languages")
        return tuple(str(code) for code in stated) if isinstance(stated, list) else ()

    @property
    def kind(self) -> str:
        """What it is for: "chat", "embedding", or "other" (adapters, projectors, no text model)."""
        if self.word("general.type") not in ("", "model") or self.architecture in ("", "clip"):
            return "other"
        if self.architecture in EMBEDDING_ARCHITECTURES or self.pooling:
            return "embedding"
        return "chat"

    @property
    def cache_bytes(self) -> int:
        """What one token of context costs in memory with 16-bit keys and values, 0 where unknown."""
        part = f"{self.architecture}.attention."
        heads = self.number(part + "head_count")
        stated = self.metadata.get(part + "head_count_kv", heads)
        each_layer = stated if isinstance(stated, list) else [stated] * self.layers
        width = self.number(f"{self.architecture}.embedding_length") // (heads or 1)
        lengths = [self.number(part + name) or width for name in ("key_length", "value_length")]
        return sum(count for count in each_layer if isinstance(count, int)) * sum(lengths) * 2

    def word(self, key: str) -> str:
        """Return a text of the metadata, "" where absent or of another type."""
        value = self.metadata.get(key)
        return value if isinstance(value, str) else ""

    def number(self, key: str) -> int:
        """Return a whole number of the metadata, 0 where absent or of another type."""
        value = self.metadata.get(key)
        return value if isinstance(value, int) else 0


def read_header(path: Path) -> Header:
    """Read the header of `path`. Raises ModelError with a reason a person understands."""
    try:
        size = _checked_size(path)
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _parse(path, size, _Cursor(data, size))
    except PermissionError:
        raise _refused(text("Maru may not read {name}.", name=path.name)) from None
    except OSError as error:
        raise _refused(text("{name} cannot be read ({reason}).", name=path.name,
                            reason=error.strerror or type(error).__name__)) from None  # fmt: skip
    except (struct.error, IndexError, ValueError, OverflowError, MemoryError, RecursionError):
        raise _refused(text("{name} is damaged: its header makes no sense.", name=path.name)) from None


def read_tokens(header: Header) -> tuple[str, ...]:
    """Return the vocabulary as it stands in the file, in order of token ids. Raises ModelError."""
    key = "tokenizer.ggml.tokens"
    try:
        if key not in header.arrays:
            return tuple(str(token) for token in header.metadata.get(key, ()))
        with header.path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            cursor = _Cursor(data, header.size, header.arrays[key])
            kind, count = cursor.scalars("IQ")
            return tuple(cursor.string() for _ in range(count)) if kind == STRING else ()
    except (OSError, struct.error, IndexError, ValueError):
        raise _refused(text("{name} is damaged: its vocabulary cannot be read.",
                            name=header.path.name)) from None  # fmt: skip


def wordpiece_vocabulary(header: Header) -> tuple[str, ...]:
    """Return a WordPiece vocabulary as the `tokenizers` library writes it ("##" continues a word).

    Empty where the model's tokenizer is none. Raises ModelError.
    """
    if header.tokenizer != "bert":
        return ()
    return tuple(_as_wordpiece(token) for token in read_tokens(header))


def has_letters(tokens: tuple[str, ...], letters: tuple[str, str]) -> bool:
    """Say whether a vocabulary has more than a handful of tokens with letters of the range."""
    low, high = letters
    return sum(1 for token in tokens if any(low <= letter <= high for letter in token)) > 10


def _as_wordpiece(token: str) -> str:
    if token.startswith("[") and token.endswith("]"):
        return token
    return token[1:] if token.startswith(WORD_START) else f"##{token}"


def _refused(message: Text) -> ModelError:
    return ModelError(message, PICK_ANOTHER)


def _checked_size(path: Path) -> int:
    if path.is_dir():
        raise _refused(text("{name} is a folder, not a model file.", name=path.name))
    if not path.exists():
        raise _refused(text("There is no file {name}.", name=path.name))
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        start = file.read(512)
    if size == 0:
        raise _refused(text("{name} is empty: the download did not finish.", name=path.name))
    if start.lstrip()[:1] == b"<":
        raise _refused(text("{name} is a web page, not a model: the download went wrong.", name=path.name))
    if start[:4] == MAGIC[::-1] or (start[:4] == MAGIC and len(start) > 7 and start[4] == 0):
        raise _refused(text("{name} is made for a big-endian computer.", name=path.name))
    if start[:4] != MAGIC:
        raise _refused(text("{name} is not a GGUF model.", name=path.name))
    return size


def _parse(path: Path, size: int, cursor: "_Cursor") -> Header:
    if size < 24:
        raise _cut_off(path)
    cursor.at = 4
    version, tensor_count, entry_count = cursor.scalars("IQQ")
    if version not in (2, 3):
        raise _refused(text("{name} is a GGUF of version {version}, which is not known.",
                            name=path.name, version=version))  # fmt: skip
    if max(tensor_count, entry_count) > MAX_ENTRIES:
        raise ValueError
    try:
        metadata: dict[str, Any] = {}
        arrays: dict[str, int] = {}
        for _ in range(entry_count):
            key = cursor.string()
            (kind,) = cursor.scalars("I")
            start = cursor.at
            metadata[key] = cursor.value(kind)
            if metadata[key] is None:
                arrays[key] = start
                del metadata[key]
        tensors = tuple(_tensor(cursor) for _ in range(tensor_count))
    except (struct.error, _EndOfFileError):
        raise _cut_off(path) from None
    alignment = metadata.get("general.alignment", 32)
    if not isinstance(alignment, int) or alignment < 8 or alignment & (alignment - 1):
        raise ValueError
    begin = -(-cursor.at // alignment) * alignment
    if any(begin + tensor.offset + (tensor.size or 0) > size for tensor in tensors):
        raise _cut_off(path)
    return Header(path, size, metadata, tensors, arrays)


def _tensor(cursor: "_Cursor") -> Tensor:
    name = cursor.string()
    (dimensions,) = cursor.scalars("I")
    if dimensions > MAX_DIMENSIONS:
        raise ValueError
    shape = cursor.scalars("Q" * dimensions)
    kind, offset = cursor.scalars("IQ")
    return Tensor(name, shape, kind, offset)


def _cut_off(path: Path) -> ModelError:
    return _refused(text("{name} is cut off: the download did not finish.", name=path.name))


class _EndOfFileError(Exception):
    """A length in the header points behind the end of the file."""


class _Cursor:
    """Reads values one after another and never behind the end."""

    LONG_ARRAY = 1024  # longer ones (vocabularies, merges) are stepped over

    def __init__(self, data: mmap.mmap, size: int, at: int = 0) -> None:
        self._data = data
        self._size = size
        self.at = at

    def scalars(self, layout: str) -> tuple[Any, ...]:
        fields = struct.Struct("<" + layout)
        values = fields.unpack_from(self._data, self.at)
        self.at += fields.size
        return values

    def string(self) -> str:
        (length,) = self.scalars("Q")
        return self._take(length).decode("utf-8", "replace")

    def value(self, kind: int, depth: int = 0) -> Any:
        """Return a value; None for a long array, which is stepped over."""
        if kind == STRING:
            return self.string()
        if kind != ARRAY:
            return self.scalars(SCALARS[kind])[0] if kind in SCALARS else self._unknown()
        item_kind, count = self.scalars("IQ")
        if depth > 2 or count > self._size:
            raise ValueError
        if item_kind in SCALARS and count > self.LONG_ARRAY:
            self._take(count * struct.calcsize("<" + SCALARS[item_kind]), copy=False)
            return None
        if item_kind == STRING and count > self.LONG_ARRAY:
            return self._step_over_strings(count)
        return [self.value(item_kind, depth + 1) for _ in range(count)]

    def _step_over_strings(self, count: int) -> None:
        data, at, unpack = self._data, self.at, struct.Struct("<Q").unpack_from
        for _ in range(count):
            at += 8 + unpack(data, at)[0]
        self.at = at
        self._take(0)

    def _take(self, length: int, *, copy: bool = True) -> bytes:
        end = self.at + length
        if end > self._size:
            raise _EndOfFileError
        start, self.at = self.at, end
        return self._data[start:end] if copy else b""

    def _unknown(self) -> Any:
        raise ValueError
