# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Adds files to the library, one after the other: read, store, make the vectors.

A file can be found by its words as soon as it is stored; its vectors follow. Whatever interrupts
this, what was stored stays, and the next run goes on where this one ended.
"""

import hashlib
import os
import threading
import time
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Protocol

from assistant.documents.contents import Contents
from assistant.documents.dense import Dense
from assistant.documents.protocol import (
    Document,
    DocumentRow,
    FileProgress,
    FileResult,
    FileStatus,
    PagePicture,
    Reading,
    RenderPage,
)
from assistant.documents.store import Stamp, Store, Stored
from assistant.documents.walk import Found, find_files
from assistant.errors import DatabaseError, DocumentError, MaruError, NoTextError, PasswordError, WorkerError
from assistant.texts import tr

Adding = Generator[FileProgress | FileResult, None, None]


class Reader(Protocol):
    """What the library needs of the parser."""

    def read(self, path: Path, stop: threading.Event | None = None) -> Generator[Reading, None, Document]:
        """Read and split a file. Raises DocumentError, NoTextError, WorkerError."""
        ...

    def render(self, call: RenderPage) -> PagePicture:
        """Draw a page. Raises DocumentError, WorkerError."""
        ...


class Adder:
    """One run of adding: the collection it adds to and the event that stops it."""

    def __init__(
        self,
        store: Store,
        contents: Contents,
        reader: Reader,
        dense: Dense,
        collection: str,
        stop: threading.Event,
    ) -> None:
        """Look up what the collection holds already."""
        self._store = store
        self._contents = contents
        self._reader = reader
        self._dense = dense
        self._collection = collection
        self._stop = stop
        self._known = {stored.row.path: stored for stored in store.stored(collection)}

    def add(self, paths: Sequence[Path]) -> Adding:
        """Add files and folders; a FileResult for each file, FileProgress in between."""
        files = find_files(paths)
        for number, found in enumerate(files, 1):
            if self._stop.is_set():
                return
            yield from self._file(found, number, len(files))

    def _file(self, found: Found, number: int, total: int) -> Adding:
        start = time.monotonic()
        path = found.path
        known = self._known.get(path)
        try:
            if found.error is not None:
                raise found.error
            str(path).encode()
            stamp = _stamp(path)
        except (OSError, UnicodeEncodeError) as error:
            yield FileResult(path, FileStatus.FAILED, 0, 0, _since(start), _why_not(error))
            return
        if known is not None and known.stamp == stamp and (known.content_id is not None or not found.named):
            yield _as_before(known, start)
            return
        try:
            content_id = yield from self._content(path, stamp, number, total)
        except (DocumentError, WorkerError) as error:
            if self._stop.is_set():
                return  # the reader ended because it was asked to
            yield self._set_aside(path, _status(error), str(error), stamp, start)
            return
        except OSError as error:  # it may be there again tomorrow: nothing is taken out
            yield FileResult(path, FileStatus.FAILED, 0, 0, _since(start), _why_not(error))
            return
        if content_id is None:
            return
        result = self._link(path, content_id, stamp, known, start)
        if result.status is FileStatus.UNCHANGED:
            yield result
            return
        reason = yield from self._vectors(path, content_id, number, total)
        yield FileResult(path, result.status, result.pages, result.passages, _since(start), reason)

    def _content(
        self, path: Path, stamp: Stamp, number: int, total: int
    ) -> Generator[FileProgress, None, int | None]:
        """Return the id of the file's content, read and stored if it is new; None when stopped."""
        if self._contents.size_known(stamp.size):
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            if (content_id := self._contents.of(sha256)) is not None:
                return content_id
        yield FileProgress(path, number, total, "reading", 0, 0)
        reading = self._reader.read(path, self._stop)
        while True:
            try:
                at = next(reading)
            except StopIteration as end:
                document: Document = end.value
                break
            yield FileProgress(path, number, total, "reading", at.done, at.total)
        if self._stop.is_set():
            return None  # what was read may be a part only
        known = self._contents.of(document.sha256)
        return known if known is not None else self._contents.write(document)

    def _link(
        self, path: Path, content_id: int, stamp: Stamp, known: Stored | None, start: float
    ) -> FileResult:
        if known is not None and known.content_id == content_id:
            self._store.touch(path, self._collection, stamp)
            return _as_before(known, start)
        before = self._store.link(content_id, DocumentRow(path, self._collection, 0, 0, "added"), stamp)
        if before is not None:
            self._dense.forget(before)
            self._contents.forget(before)
        status = FileStatus.ADDED if before is None else FileStatus.REPLACED
        pages, passages = self._contents.size_of(content_id)
        return FileResult(path, status, pages, passages, _since(start))

    def _vectors(
        self, path: Path, content_id: int, number: int, total: int
    ) -> Generator[FileProgress, None, str]:
        """Make the vectors of a content; returns why there are none yet, "" when all is well."""
        try:
            for done, passages in self._dense.embed(content_id, self._stop):
                yield FileProgress(path, number, total, "embedding", done, passages)
        except DatabaseError:
            raise
        except MaruError as error:
            return tr("Found by its words only for now: {reason}", reason=str(error.message))
        self._dense.follow(content_id)
        return ""

    def _set_aside(
        self, path: Path, status: FileStatus, reason: str, stamp: Stamp, start: float
    ) -> FileResult:
        row = DocumentRow(path, self._collection, 0, 0, status.value, reason)
        if (before := self._store.set_aside(row, stamp)) is not None:
            self._dense.forget(before)
            self._contents.forget(before)
        return FileResult(path, status, 0, 0, _since(start), reason)


def _status(error: MaruError) -> FileStatus:
    if isinstance(error, NoTextError):
        return FileStatus.NO_TEXT
    return FileStatus.PROTECTED if isinstance(error, PasswordError) else FileStatus.FAILED


def _stamp(path: Path) -> Stamp:
    """Return the file's stamp. Raises OSError where it cannot be read."""
    state = path.stat()
    if path.is_dir() or not os.access(path, os.R_OK):
        raise PermissionError
    return Stamp(state.st_size, state.st_mtime_ns)


def _as_before(known: Stored, start: float) -> FileResult:
    row = known.row
    status = FileStatus.UNCHANGED if known.content_id is not None else FileStatus(row.status)
    return FileResult(row.path, status, row.pages, row.passages, _since(start), row.reason)


def _why_not(error: OSError | UnicodeEncodeError) -> str:
    if isinstance(error, UnicodeEncodeError):
        return tr("Its name holds letters that are not valid. Rename the file and add it again.")
    if isinstance(error, FileNotFoundError):
        return tr("It is not there. Check the name.")
    if isinstance(error, PermissionError):
        return tr("You may not read it. Change its permissions and add it again.")
    return tr("It cannot be read. Check that the drive is connected and add it again.")


def _since(start: float) -> float:
    return round(time.monotonic() - start, 3)
