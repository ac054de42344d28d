# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Takes the bytes of a GGUF header apart, without trusting one of them.

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
from assistant.system_reasons import reason_of
from assistant.texts import Text, text

MAGIC = b"GGUF"
MAX_ENTRIES = 100_000  # metadata entries or tensors; real models have below 10,000
MAX_DIMENSIONS = 4
STRING, ARRAY = 8, 9
SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
# Name, bytes and weights of a block, by tensor type (ggml.c, type_traits); an unknown one is not measured.
BLOCKS = {
    0: ("F32", 4, 1), 1: ("F16", 2, 1), 2: ("Q4_0", 18, 32), 3: ("Q4_1", 20, 32), 6: ("Q5_0", 22, 32),
    7: ("Q5_1", 24, 32), 8: ("Q8_0", 34, 32), 9: ("Q8_1", 40, 32), 10: ("Q2_K", 84, 256),
    11: ("Q3_K", 110, 256), 12: ("Q4_K", 144, 256), 13: ("Q5_K", 176, 256), 14: ("Q6_K", 210, 256),
    15: ("Q8_K", 292, 256), 16: ("IQ2_XXS", 66, 256), 17: ("IQ2_XS", 74, 256), 18: ("IQ3_XXS", 98, 256),
    19: ("IQ1_S", 50, 256), 20: ("IQ4_NL", 18, 32), 21: ("IQ3_S", 110, 256), 22: ("IQ2_S", 82, 256),
    23: ("IQ4_XS", 136, 256), 24: ("I8", 1, 1), 25: ("I16", 2, 1), 26: ("I32", 4, 1), 27: ("I64", 8, 1),
    28: ("F64", 8, 1), 29: ("IQ1_M", 56, 256), 30: ("BF16", 2, 1), 34: ("TQ1_0", 54, 256),
    35: ("TQ2_0", 66, 256), 39: ("MXFP4", 17, 32), 40: ("NVFP4", 36, 64), 41: ("Q1_0", 18, 128),
    42: ("Q2_0", 18, 64),
}  # fmt: skip
PICK_ANOTHER = text("Choose a GGUF file that is complete.")


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
        _name, block_bytes, block_weights = BLOCKS[self.type]
        return self.parameters // block_weights * block_bytes


@dataclass(frozen=True)
class Parsed:
    """What one file's header holds. Long arrays are left out of `metadata`; `arrays` has their places."""

    size: int
    metadata: dict[str, Any]
    tensors: tuple[Tensor, ...]
    arrays: dict[str, int] = field(default_factory=dict)


def refused(message: Text) -> ModelError:
    """Return the error for a file that is not what it should be."""
    return ModelError(message, PICK_ANOTHER)


def parse(path: Path) -> Parsed:
    """Take the header of `path` apart. Raises ModelError with a reason a person understands."""
    try:
        size = _checked_size(path)
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _parsed(path, size, Cursor(data, size))
    except PermissionError:
        raise refused(text("Maru may not read {name}.", name=path.name)) from None
    except OSError as error:
        raise refused(text("{name} cannot be read ({reason}).", name=path.name,
                           reason=reason_of(error))) from None  # fmt: skip
    except (struct.error, IndexError, ValueError, OverflowError, MemoryError, RecursionError):
        raise refused(text("{name} is damaged: its header makes no sense.", name=path.name)) from None


def parse_strings(path: Path, size: int, at: int) -> tuple[bytes, ...]:
    """Return the long array of strings at `at`, as bytes; () for another array. Raises ModelError."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            cursor = Cursor(data, size, at)
            kind, count = cursor.scalars("IQ")
            return tuple(cursor.data() for _ in range(count)) if kind == STRING else ()
    except (OSError, struct.error, IndexError, ValueError, EndOfHeaderError):
        raise refused(text("{name} is damaged: its vocabulary cannot be read.", name=path.name)) from None


def _checked_size(path: Path) -> int:
    if path.is_dir():
        raise refused(text("{name} is a folder, not a model file.", name=path.name))
    if not path.exists():
        raise refused(text("There is no file {name}.", name=path.name))
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        start = file.read(512)
    if size == 0:
        raise refused(text("{name} is empty: the download did not finish.", name=path.name))
    if start.lstrip()[:1] == b"<":
        raise refused(text("{name} is a web page, not a model: the download went wrong.", name=path.name))
    if start[:4] == MAGIC[::-1] or (start[:4] == MAGIC and len(start) > 7 and start[4] == 0):
        raise refused(text("{name} is made for a big-endian computer.", name=path.name))
    if start[:4] != MAGIC:
        raise refused(text("{name} is not a GGUF model.", name=path.name))
    return size


def _parsed(path: Path, size: int, cursor: "Cursor") -> Parsed:
    if size < 24:
        raise _cut_off(path)
    cursor.at = 4
    version, tensor_count, entry_count = cursor.scalars("IQQ")
    if version not in (2, 3):
        raise refused(text("{name} is a GGUF of version {version}, which is not known.",
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
    except (struct.error, EndOfHeaderError):
        raise _cut_off(path) from None
    alignment = metadata.get("general.alignment", 32)
    if not isinstance(alignment, int) or alignment < 8 or alignment & (alignment - 1):
        raise ValueError
    begin = -(-cursor.at // alignment) * alignment
    if any(begin + tensor.offset + (tensor.size or 0) > size for tensor in tensors):
        raise _cut_off(path)
    return Parsed(size, metadata, tensors, arrays)


def _tensor(cursor: "Cursor") -> Tensor:
    name = cursor.string()
    (dimensions,) = cursor.scalars("I")
    if dimensions > MAX_DIMENSIONS:
        raise ValueError
    shape = cursor.scalars("Q" * dimensions)
    kind, offset = cursor.scalars("IQ")
    return Tensor(name, shape, kind, offset)


def _cut_off(path: Path) -> ModelError:
    return refused(text("{name} is cut off: the download did not finish.", name=path.name))


class EndOfHeaderError(Exception):
    """A length in the header points behind the end of the file."""


class Cursor:
    """Reads values one after another and never behind the end."""

    LONG_ARRAY = 1024  # longer ones (vocabularies, merges) are stepped over

    def __init__(self, data: mmap.mmap, size: int, at: int = 0) -> None:
        """Begin at `at` of `data`, which is `size` bytes long."""
        self._data = data
        self._size = size
        self.at = at

    def scalars(self, layout: str) -> tuple[Any, ...]:
        """Return numbers by the letters of the struct module."""
        fields = struct.Struct("<" + layout)
        values = fields.unpack_from(self._data, self.at)
        self.at += fields.size
        return values

    def data(self) -> bytes:
        """Return the bytes of a string."""
        (length,) = self.scalars("Q")
        return self._take(length)

    def string(self) -> str:
        """Return a string."""
        return self.data().decode("utf-8", "replace")

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
            raise EndOfHeaderError
        start, self.at = self.at, end
        return self._data[start:end] if copy else b""

    def _unknown(self) -> Any:
        raise ValueError
