# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Strings of older Excel workbooks ([MS-XLS] 2.5.293 to 2.5.296)."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.documents.readers.encodings import decode

_WIDE, _MORE, _RICH = 1, 4, 8  # flags: two bytes a letter; a pronunciation; runs of formats


@dataclass(frozen=True)
class Strings:
    """How a workbook writes its strings: in UTF-16 where `wide` (BIFF 8), else in its code page."""

    wide: bool
    page: str

    def short(self, data: bytes, at: int) -> str:
        """Return the string with one byte of length at `at`."""
        return self._read(data, at + 1, data[at])

    def long(self, data: bytes, at: int) -> str:
        """Return the string with two bytes of length at `at`."""
        return self._read(data, at + 2, struct.unpack_from("<H", data, at)[0])

    def decoded(self, content: bytes | str) -> str:
        """Return what is in the workbook's code page, or in the one that it looks like."""
        if isinstance(content, str):
            return content
        try:
            return content.decode(self.page)
        except (LookupError, UnicodeDecodeError):
            return decode(content) or content.decode("latin-1")

    def _read(self, data: bytes, at: int, length: int) -> str:
        if not self.wide:
            return self.decoded(data[at : at + length])
        flags = data[at] if at < len(data) else 0
        at += 1 + (2 if flags & _RICH else 0) + (4 if flags & _MORE else 0)
        if flags & _WIDE:
            return data[at : at + 2 * length].decode("utf-16-le", "replace")
        return data[at : at + length].decode("latin-1")


def shared_strings(parts: Sequence[bytes]) -> list[str]:
    """Return the strings of an SST record and of those that continue it ([MS-XLS] 2.4.265)."""
    (count,) = struct.unpack_from("<I", parts[0], 4)
    reader = _Parts(parts)
    reader.skip(8)
    found: list[str] = []
    while len(found) < count and not reader.ended():
        found.append(reader.string())
    return found


class _Parts:
    """Reads on from one record to the next."""

    def __init__(self, parts: Sequence[bytes]) -> None:
        self._parts = parts
        self._part = 0
        self._at = 0

    def ended(self) -> bool:
        """Say whether nothing is left; else stand where the next byte is."""
        while self._part < len(self._parts) and self._at >= len(self._parts[self._part]):
            self._part, self._at = self._part + 1, 0
        return self._part >= len(self._parts)

    def skip(self, size: int) -> None:
        """Leave bytes out."""
        while size and not self.ended():
            taken = min(size, len(self._parts[self._part]) - self._at)
            self._at += taken
            size -= taken

    def string(self) -> str:
        """Return the next string; the letters of one that goes on in the next record begin with flags."""
        length, flags = struct.unpack("<HB", self._bytes(3))
        runs = struct.unpack("<H", self._bytes(2))[0] if flags & _RICH else 0
        more = struct.unpack("<I", self._bytes(4))[0] if flags & _MORE else 0
        letters: list[str] = []
        while length:
            if self._at >= len(self._parts[self._part]):
                if self.ended():
                    break
                flags = self._bytes(1)[0]
            width = 2 if flags & _WIDE else 1
            taken = min(length, (len(self._parts[self._part]) - self._at) // width)
            if not taken:
                break
            content = self._bytes(taken * width)
            letters.append(content.decode("utf-16-le" if width == 2 else "latin-1", "replace"))
            length -= taken
        self.skip(4 * runs + more)
        return "".join(letters)

    def _bytes(self, size: int) -> bytes:
        if self.ended():
            return bytes(size)
        content = self._parts[self._part][self._at : self._at + size]
        self._at += size
        return content.ljust(size, b"\0")
