# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A file to be read, and what a reader makes of it."""

import errno
import hashlib
import io
import os
import stat
import unicodedata
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.documents.protocol import PlaceText, Reading
from assistant.errors import DocumentError, NoTextError, PasswordError, ScanError
from assistant.system_reasons import reason_of
from assistant.texts import Text, text

PDF_LIMIT = 1 << 30  # bytes; PDFium reads what it needs from the file
WHOLE_LIMIT = 96 << 20  # bytes; the other readers hold the file and its text in memory
TEXT_LIMIT = 32 << 20
_BLOCK = 1 << 20  # bytes
# A pipe must not make the opener wait, nor a terminal become the process's own.
_READING = (
    os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
)


@dataclass(frozen=True)
class Source:
    """A regular file, open to be read, as it was when it was looked at.

    A reader has its name but not its folder: it could not open it again.
    """

    name: str  # as it can be shown: NFC, valid Unicode
    descriptor: int
    size: int
    modified_ns: int
    password: str = field(default="", repr=False)  # of a protected file, as the user gave it
    postpone: bool = False  # nothing is recognized now: ScanError

    @classmethod
    def of(cls, name: str, descriptor: int, password: str = "", *, postpone: bool = False) -> "Source":
        """Return the file that was opened as `descriptor`; closing the source closes it."""
        found = os.fstat(descriptor)
        return cls(shown_name(Path(name)), descriptor, found.st_size, found.st_mtime_ns, password, postpone)

    def __enter__(self) -> "Source":
        """Use it until the end of the block."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close the file."""
        os.close(self.descriptor)

    @property
    def suffix(self) -> str:
        """The name's ending in lower case, with its dot; "" where it has none."""
        return Path(self.name).suffix.lower()

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return Path(self.name).stem

    def file(self) -> io.BufferedReader:
        """Return the file, from its beginning, with a position of its own; closing it changes nothing."""
        return io.BufferedReader(_OpenFile(self.descriptor, self.size))

    def head(self, size: int = 1024) -> bytes:
        """Return the first bytes of the file. Raises DocumentError."""
        return self._read(size)

    def content(self, limit: int = WHOLE_LIMIT) -> bytes:
        """Return the whole file. Raises DocumentError, also where it is larger than `limit`."""
        self.check_size(limit)
        return self._read(self.size)

    def check_size(self, limit: int) -> None:
        """Raise DocumentError where the file is larger than `limit` bytes."""
        if self.size > limit:
            raise DocumentError(
                text("{name} is larger than {limit} MB.", name=self.name, limit=limit >> 20),
                text("Split it into smaller files."),
            )

    def check_wanted(self) -> None:
        """Raise ScanError where nothing is to be recognized now."""
        if self.postpone:
            raise ScanError(text("{name} is a scan: it is read after the others.", name=self.name))

    def sha256(self) -> str:
        """Return the hash of the file's content. Raises DocumentError."""
        try:
            with self.file() as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise unreadable(self.name, error) from None

    def check_unchanged(self) -> None:
        """Raise DocumentError where the file's content may not be what it was when it was looked at.

        A file put in its place does not count: what was opened is read to its end.
        """
        now = os.fstat(self.descriptor)
        if (now.st_size, now.st_mtime_ns) != (self.size, self.modified_ns):
            raise DocumentError(
                text("{name} was changed while it was read.", name=self.name),
                text("Add it again when the other program has saved it."),
            )

    def _read(self, size: int) -> bytes:
        try:
            with self.file() as file:
                return file.read(size)
        except OSError as error:
            raise unreadable(self.name, error) from None


class _OpenFile(io.RawIOBase):
    """A file by its descriptor: positions of its own, and no byte past the size it had."""

    def __init__(self, descriptor: int, size: int) -> None:
        self._descriptor = descriptor
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise OSError(errno.EINVAL, "before the beginning of the file")
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        # Not pread, which Windows lacks: a worker reads on one thread.
        os.lseek(self._descriptor, self._at, os.SEEK_SET)
        found = os.read(self._descriptor, max(0, min(len(buffer), self._size - self._at, _BLOCK)))
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)


@dataclass(frozen=True)
class Extracted:
    """What a reader found: a title ("" where the file has none), the places, the page count.

    `notes` say what could not be read, and what to do.
    """

    title: str
    places: tuple[PlaceText, ...]
    pages: int  # pages, slides, sheets; 0 where the format has none
    notes: tuple[Text, ...] = ()


Cancelled = Callable[[], bool]
Reader = Callable[[Source, Cancelled], Generator[Reading, None, Extracted]]


def open_source(path: Path, password: str = "") -> Source:
    """Open `path`. Raises DocumentError for what is no readable file, NoTextError for an empty one."""
    name = shown_name(path)
    try:
        _check_kind(name, path.stat())
        source = Source.of(path.name, os.open(path, _READING), password)
    except OSError as error:
        raise unreadable(name, error) from None
    try:
        _check_kind(name, os.fstat(source.descriptor))  # it may be another one by now
        if source.size == 0:
            raise NoTextError(
                text("{name} is empty.", name=name), text("Check that it was saved or copied completely.")
            )
    except BaseException:
        os.close(source.descriptor)
        raise
    return source


def _check_kind(name: str, found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise DocumentError(
            text("{name} is a folder.", name=name),
            text("Add the folder to your documents, or choose one of its files."),
        )
    if not stat.S_ISREG(found.st_mode):  # a pipe or a device could be read for ever
        raise DocumentError(text("{name} is not a regular file.", name=name), text("Choose a document."))


def unreadable(name: str, error: OSError) -> DocumentError:
    """Return what to tell the user when the system refuses a file."""
    if isinstance(error, FileNotFoundError):
        return DocumentError(
            text("{name} is not there.", name=name), text("It may have been moved, renamed or deleted.")
        )
    if isinstance(error, PermissionError):
        return DocumentError(
            text("You have no right to read {name}.", name=name),
            text("Change the rights of the file, or copy it to a folder of your own."),
        )
    return DocumentError(
        text("{name} could not be read ({reason}).", name=name, reason=reason_of(error)),
        text("Check that its drive is connected, then try again."),
    )


def damaged(name: str) -> DocumentError:
    """Return what to tell the user when a file is broken or is not what its name says."""
    return DocumentError(
        text("{name} is damaged or not what its name says.", name=name),
        text("Open it in the program it comes from and save it again."),
    )


def protected(source: Source) -> PasswordError:
    """Return what to tell the user when a file that a password would open is closed."""
    if source.password:
        return PasswordError(
            text("The password does not open {name}.", name=source.name), text("Type it again.")
        )
    return PasswordError(
        text("{name} is protected by a password.", name=source.name), text("Give its password to read it.")
    )


def locked(name: str) -> DocumentError:
    """Return what to tell the user when a file is protected in a way that Maru cannot open."""
    return DocumentError(
        text("{name} is protected by a password.", name=name),
        text("Save a copy without a password and add that."),
    )


def shown_name(path: Path) -> str:
    """Return the file's name in NFC; bytes that are no Unicode become question marks."""
    return unicodedata.normalize("NFC", os.fsencode(path.name).decode("utf-8", "replace"))
