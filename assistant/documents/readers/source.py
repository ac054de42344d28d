# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A file to be read, and what a reader makes of it."""

import hashlib
import os
import stat
import unicodedata
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from assistant.documents.protocol import PlaceText, Reading
from assistant.errors import DocumentError, NoTextError, PasswordError
from assistant.texts import text

PDF_LIMIT = 1 << 30  # bytes; PDFium reads what it needs from the file
WHOLE_LIMIT = 96 << 20  # bytes; the other readers hold the file and its text in memory
TEXT_LIMIT = 32 << 20
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Source:
    """A regular, not empty file, as it was when it was looked at."""

    path: Path
    size: int
    modified_ns: int
    password: str = field(default="", repr=False)  # of a protected file, as the user gave it

    @property
    def name(self) -> str:
        """The file's name as it can be shown: NFC, valid Unicode."""
        return shown_name(self.path)

    @property
    def suffix(self) -> str:
        """The name's ending in lower case, with its dot; "" where it has none."""
        return self.path.suffix.lower()

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return self.name.removesuffix(self.path.suffix) or self.name

    def file(self) -> BinaryIO:
        """Return the open file, from its beginning; the caller closes it. Raises DocumentError."""
        try:
            return self.path.open("rb")
        except OSError as error:
            raise unreadable(self.path, error) from None

    def head(self, size: int = 1024) -> bytes:
        """Return the first bytes of the file. Raises DocumentError."""
        return self._read(size)

    def content(self, limit: int = WHOLE_LIMIT) -> bytes:
        """Return the whole file. Raises DocumentError, also where it is larger than `limit`."""
        self.check_size(limit)
        return self._read(-1)

    def check_size(self, limit: int) -> None:
        """Raise DocumentError where the file is larger than `limit` bytes."""
        if self.size > limit:
            raise DocumentError(
                text("{name} is larger than {limit} MB.", name=self.name, limit=limit >> 20),
                text("Split it into smaller files."),
            )

    def sha256(self) -> str:
        """Return the hash of the file's content. Raises DocumentError."""
        digest = hashlib.sha256()
        try:
            with self.path.open("rb") as file:
                while block := file.read(_BLOCK):
                    digest.update(block)
        except OSError as error:
            raise unreadable(self.path, error) from None
        return digest.hexdigest()

    def check_unchanged(self) -> None:
        """Raise DocumentError where the file is no longer the one that was looked at."""
        try:
            now = self.path.stat()
        except OSError as error:
            raise unreadable(self.path, error) from None
        if (now.st_size, now.st_mtime_ns) != (self.size, self.modified_ns):
            raise DocumentError(
                text("{name} was changed while it was read.", name=self.name),
                text("Add it again when the other program has saved it."),
            )

    def _read(self, size: int) -> bytes:
        try:
            with self.path.open("rb") as file:
                return file.read(size)
        except OSError as error:
            raise unreadable(self.path, error) from None


@dataclass(frozen=True)
class Extracted:
    """What a reader found: a title ("" where the file has none), the places, the page count."""

    title: str
    places: tuple[PlaceText, ...]
    pages: int  # pages, slides, sheets; 0 where the format has none


Cancelled = Callable[[], bool]
Reader = Callable[[Source, Cancelled], Generator[Reading, None, Extracted]]


def open_source(path: Path, password: str = "") -> Source:
    """Look at `path`. Raises DocumentError for what is no readable file."""
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise DocumentError(
                text("{name} is a folder.", name=shown_name(path)),
                text("Add the folder to your documents, or choose one of its files."),
            )
        if not stat.S_ISREG(found.st_mode):  # a pipe or a device could be read for ever
            raise DocumentError(
                text("{name} is not a regular file.", name=shown_name(path)), text("Choose a document.")
            )
        if found.st_size == 0:
            raise NoTextError(
                text("{name} is empty.", name=shown_name(path)),
                text("Check that it was saved or copied completely."),
            )
        return Source(path, found.st_size, found.st_mtime_ns, password)
    except OSError as error:
        raise unreadable(path, error) from None


def unreadable(path: Path, error: OSError) -> DocumentError:
    """Return what to tell the user when the system refuses a file."""
    name = shown_name(path)
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
        text("{name} could not be read ({reason}).", name=name, reason=os.strerror(error.errno or 0)),
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
