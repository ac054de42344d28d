# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The container of an HWP 5 file and the records of its streams.

After Hancom's "한글 문서 파일 형식 5.0" (revision 1.3): an OLE compound file [MS-CFB] with the streams
FileHeader, DocInfo, BodyText/Section0 and so on, ViewText/Section0 and so on in a file for
distribution, and HwpSummaryInformation [MS-OLEPS]; all but the first and the last are raw deflate
(RFC 1951) where FileHeader says so. A stream is a row of records: a header of 32 bits (tag 10, level
10, size 12; size 4095 stands for a size in the next 32 bits) and its data.
"""

import contextlib
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import olefile

from assistant.documents.readers.hwp5_distribution import DATA_SIZE, decrypted, key_of
from assistant.documents.readers.ole import title_of
from assistant.documents.readers.refusals import too_large
from assistant.documents.readers.source import Source, damaged, locked

UNPACKED_LIMIT = 64 << 20  # bytes of all streams together; a thousand pages hold about five million
SIGNATURE = b"HWP Document File"
DISTRIBUTE_DOC_DATA = 28  # HWPTAG_BEGIN is 16
_COMPRESSED, _PASSWORD, _DISTRIBUTION = 1, 1 << 1, 1 << 2
_RIGHTS, _CERTIFICATE, _CERTIFICATE_RIGHTS = 1 << 4, 1 << 8, 1 << 10
_SUMMARY = "\x05HwpSummaryInformation"
# What olefile lets through of a broken container, beside its own error, which is an OSError.
BROKEN = (
    OSError, ValueError, LookupError, ArithmeticError, TypeError, AttributeError, RecursionError,
    struct.error, zlib.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a stream: its tag, its level in the tree of records, its data."""

    tag: int
    level: int
    data: bytes


class Container:
    """An open HWP 5 file. Its methods raise DocumentError."""

    def __init__(self, file: olefile.OleFileIO, source: Source) -> None:
        """Read the file header. Raises DocumentError where the body is closed."""
        self._file = file
        self._source = source
        self._left = UNPACKED_LIMIT
        header = self._stored("FileHeader")
        if not header.startswith(SIGNATURE) or len(header) < 40:
            raise damaged(source.name)
        version, self._flags = struct.unpack_from("<II", header, 32)
        if version >> 24 != 5:
            raise damaged(source.name)
        if self._flags & (_PASSWORD | _RIGHTS | _CERTIFICATE | _CERTIFICATE_RIGHTS):
            raise locked(source.name)

    def title(self) -> str:
        """Return the title of the summary; "" where there is none."""
        try:
            title = title_of(self._stored(_SUMMARY)) if self._file.exists(_SUMMARY) else ""
        except BROKEN:
            return ""  # a broken summary costs the title, not the text
        return title if isinstance(title, str) else ""

    def information(self) -> bytes:
        """Return the records of DocInfo."""
        return self._unpacked(self._stored("DocInfo"))

    def sections(self) -> tuple[str, ...]:
        """Return the names of the body's streams in order."""
        folder = "ViewText" if self._flags & _DISTRIBUTION else "BodyText"
        numbers = sorted(
            int(path[1][7:])
            for path in self._file.listdir()
            if len(path) == 2 and path[0] == folder and path[1][:7] == "Section" and path[1][7:].isdecimal()
        )
        return tuple(f"{folder}/Section{number}" for number in numbers)

    def section(self, name: str) -> bytes:
        """Return the records of a stream of the body."""
        content = self._stored(name)
        if self._flags & _DISTRIBUTION:
            first = next(records(content[: DATA_SIZE + 4]), None)
            if first is None or first.tag != DISTRIBUTE_DOC_DATA or len(first.data) != DATA_SIZE:
                raise damaged(self._source.name)
            content = decrypted(content[DATA_SIZE + 4 :], key_of(first.data))
        return self._unpacked(content)

    def _stored(self, name: str) -> bytes:
        if self._file.get_size(name) > self._source.size:
            raise damaged(self._source.name)
        return bytes(self._file.openstream(name).read())

    def _unpacked(self, content: bytes) -> bytes:
        if self._flags & _COMPRESSED:
            inflate = zlib.decompressobj(-zlib.MAX_WBITS)
            content = inflate.decompress(content, self._left + 1)
            if not inflate.eof and len(content) <= self._left:
                raise damaged(self._source.name)
        self._left -= len(content)
        if self._left < 0:
            raise too_large(self._source.name)
        return content


@contextlib.contextmanager
def opened(source: Source) -> Iterator[Container]:
    """Open an HWP 5 file; whatever is found broken inside the block is told as DocumentError."""
    source.check_size(UNPACKED_LIMIT * 4)
    with source.file() as file:
        try:
            with olefile.OleFileIO(file) as container:
                yield Container(container, source)
        except OverflowError:
            raise too_large(source.name) from None
        except BROKEN:
            raise damaged(source.name) from None


def records(content: bytes) -> Iterator[Record]:
    """Yield the records of a stream in order. Raises ValueError where one is cut off."""
    position, end = 0, len(content)
    while position < end:
        (header,) = struct.unpack_from("<I", content, position)
        position += 4
        size = header >> 20
        if size == 0xFFF:
            (size,) = struct.unpack_from("<I", content, position)
            position += 4
        if position + size > end:
            raise ValueError("a record reaches beyond its stream")
        yield Record(header & 0x3FF, header >> 10 & 0x3FF, content[position : position + size])
        position += size
