# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Adds one file after the other to the library: read, store, make the vectors.

A file can be found by its words as soon as it is stored; its vectors follow. Whatever interrupts
this, what was stored stays, and the next run goes on where this one ended.
"""

import errno
import hashlib
import os
import threading
import time
from collections.abc import Generator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from assistant.documents.contents import Contents
from assistant.documents.dense import Dense
from assistant.documents.protocol import (
    Document,
    FileProgress,
    FileResult,
    FileStatus,
    PagePicture,
    Reading,
    RenderPage,
)
from assistant.documents.queue import Queue, Waiting
from assistant.documents.store import FileAt, Stamp, Store, Stored, stamp_of
from assistant.errors import (
    DatabaseError,
    DocumentError,
    MaruError,
    NoTextError,
    PasswordError,
    ScanError,
    WorkerError,
)
from assistant.texts import Text, text, tr

Adding = Generator[FileProgress | FileResult, None, None]

READINGS = 3  # of a file that changes while it is read
QUIET_S = 0.25  # without a change: then it is read again


class Reader(Protocol):
    """What the library needs of the parser."""

    def read(
        self,
        path: Path,
        stop: threading.Event | None = None,
        password: str = "",
        *,
        postpone: bool = False,
    ) -> Generator[Reading, None, Document]:
        """Read and split a file. Raises DocumentError, NoTextError, PasswordError, WorkerError.

        With `postpone` ScanError where pages have to be recognized.
        """
        ...

    def render(self, call: RenderPage) -> PagePicture:
        """Draw a page. Raises DocumentError, WorkerError."""
        ...


class Adder:
    """Takes files from the queue into the library."""

    def __init__(
        self,
        store: Store,
        contents: Contents,
        queue: Queue,
        dense: Dense,
        reader: Reader,
        passwords: Mapping[str, str],
    ) -> None:
        """`passwords` are those of protected files, by path."""
        self._store = store
        self._contents = contents
        self._queue = queue
        self._dense = dense
        self._reader = reader
        self._passwords = passwords
        self.largest = 1 << 40  # bytes of a file that is read without being named

    def file(
        self, waiting: Waiting, number: int, total: int, stop: threading.Event, *, postpone: bool = False
    ) -> Generator[FileProgress | FileResult, None, bool]:
        """Add one file; FileProgress, then its FileResult. Nothing more where `stop` was set.

        With `postpone` a scan is put behind the others; says whether it was.
        """
        try:
            yield from self._file(waiting, number, total, stop, postpone)
        except ScanError:
            self._queue.put_behind(waiting)
            return True
        return False

    def _file(
        self, waiting: Waiting, number: int, total: int, stop: threading.Event, postpone: bool
    ) -> Adding:
        start = time.monotonic()
        path = Path(waiting.path)
        try:
            at = FileAt(path, waiting.collection_id, _stamp(path), waiting.id, postpone, waiting.named)
        except OSError as error:
            yield self._gone(waiting, error, start)
            return
        known = self._store.stored(at.collection_id, path)
        if known is not None and known.stamp == at.stamp and not (waiting.named and known.content_id is None):
            self._store.touch(at)
            yield as_before(known, since(start))
            return
        try:
            if at.stamp.size > self.largest and not waiting.named:
                raise DocumentError(_too_large(self.largest))
            at, content_id = yield from self._content(at, number, total, stop)
        except (DocumentError, WorkerError) as error:
            if not stop.is_set():  # else the reader ended because it was asked to
                yield self._failed(at, waiting, error, start)
            return
        except OSError as error:
            yield self._gone(waiting, error, start)
            return
        if content_id is not None:
            yield from self._linked(at, content_id, known, FileProgress(path, number, total, "", 0, 0), stop)

    def _linked(
        self, at: FileAt, content_id: int, known: Stored | None, place: FileProgress, stop: threading.Event
    ) -> Adding:
        start = time.monotonic()
        result = self._link(at, content_id, known, start)
        if result.status is not FileStatus.UNCHANGED:
            reason = yield from self._vectors(content_id, place, stop)
            reason = " ".join(filter(None, (result.reason, reason)))
            result = replace(result, seconds=since(start), reason=reason)
        yield result

    def _content(
        self, at: FileAt, number: int, total: int, stop: threading.Event
    ) -> Generator[FileProgress, None, tuple[FileAt, int | None]]:
        """Return the id of the file's content, read and stored if it is new; None when stopped.

        A file that changes meanwhile is read again when it is quiet. One that is never quiet keeps the
        stamp that it had before: the next look finds it changed.
        """
        for _ in range(READINGS - 1):
            content_id, document = yield from self._read(at, number, total, stop)
            now = _stamp(at.path)
            if now == at.stamp or stop.is_set():
                break
            stop.wait(QUIET_S)
            at = replace(at, stamp=_stamp(at.path))
        else:
            content_id, document = yield from self._read(at, number, total, stop)
        if stop.is_set():
            return at, None  # what was read may be a part only
        if content_id is None and document is not None:
            known = self._contents.of(document.sha256)
            content_id = known if known is not None else self._contents.write(document)
        return at, content_id

    def _read(
        self, at: FileAt, number: int, total: int, stop: threading.Event
    ) -> Generator[FileProgress, None, tuple[int | None, Document | None]]:
        """Return the content that is known already, or what was read."""
        if self._contents.size_known(at.stamp.size):
            with at.path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            if (content_id := self._contents.of(sha256)) is not None:
                return content_id, None
        yield FileProgress(at.path, number, total, "reading", 0, 0)
        password = self._passwords.get(str(at.path), "")
        reading = self._reader.read(at.path, stop, password, postpone=at.postpone)
        while True:
            try:
                read = next(reading)
            except StopIteration as end:
                return None, end.value
            yield FileProgress(at.path, number, total, "reading", read.done, read.total)

    def _link(self, at: FileAt, content_id: int, known: Stored | None, start: float) -> FileResult:
        if known is not None and known.content_id == content_id:
            self._store.touch(at)
            return as_before(known, since(start))
        before = self._store.link(content_id, at)
        self._clear(before)
        status = FileStatus.ADDED if before is None else FileStatus.REPLACED
        pages, passages, note = self._contents.size_of(content_id)
        return FileResult(at.path, status, pages, passages, since(start), note)

    def _vectors(
        self, content_id: int, place: FileProgress, stop: threading.Event
    ) -> Generator[FileProgress, None, str]:
        """Make the vectors of a content; returns why there are none yet, "" when all is well."""
        try:
            for done, passages in self._dense.embed(content_id, stop):
                yield replace(place, step="embedding", done=done, places=passages)
        except DatabaseError:
            raise
        except MaruError as error:
            return tr("Found by its words only for now: {reason}", reason=str(error.message))
        self._dense.follow(content_id)
        return ""

    def _failed(self, at: FileAt, waiting: Waiting, error: MaruError, start: float) -> FileResult:
        """Set a file aside, unless it went while it was read: that says nothing of the file."""
        try:
            _stamp(at.path)
        except OSError as gone:
            return self._gone(waiting, gone, start)
        return self._set_aside(at, _status(error), str(error), start)

    def _gone(self, waiting: Waiting, error: OSError, start: float) -> FileResult:
        """Leave a file that cannot be looked at as it was: it may be there again tomorrow."""
        self._queue.drop(waiting)
        return FileResult(Path(waiting.path), FileStatus.FAILED, 0, 0, since(start), why_not(error))

    def _set_aside(self, at: FileAt, status: FileStatus, reason: str, start: float) -> FileResult:
        self._clear(self._store.set_aside(at, status.value, reason))
        return FileResult(at.path, status, 0, 0, since(start), reason)

    def _clear(self, before: int | None) -> None:
        if before is not None:
            self._dense.forget(before)
            self._contents.forget(before)


def _too_large(largest: int) -> Text:
    return text(
        "It is larger than {mb} MB. Add it by its own name to read it all the same.", mb=largest >> 20
    )


def _status(error: MaruError) -> FileStatus:
    if isinstance(error, NoTextError):
        return FileStatus.NO_TEXT
    return FileStatus.PROTECTED if isinstance(error, PasswordError) else FileStatus.FAILED


def _stamp(path: Path) -> Stamp:
    """Return the file's stamp. Raises OSError where it cannot be read."""
    state = path.stat()
    if path.is_dir() or not os.access(path, os.R_OK):
        raise PermissionError
    return stamp_of(state)


def as_before(known: Stored, seconds: float = 0.0) -> FileResult:
    """Return the result for a file that nothing was done with."""
    row = known.row
    status = FileStatus.UNCHANGED if known.content_id is not None else FileStatus(row.status)
    return FileResult(row.path, status, row.pages, row.passages, seconds, row.reason)


def why_not(error: OSError | UnicodeEncodeError) -> str:
    """Return why a file cannot be read, in the language in use."""
    if isinstance(error, UnicodeEncodeError):
        return tr("Its name holds letters that are not valid. Rename the file and add it again.")
    if isinstance(error, FileNotFoundError):
        return tr("It is not there. Check the name.")
    if error.errno == errno.ELOOP:
        return tr("It is a link that leads in a circle.")
    if isinstance(error, PermissionError):
        return tr("You may not read it. Change its permissions and add it again.")
    return tr("It cannot be read. Check that the drive is connected and add it again.")


def since(start: float) -> float:
    """Return how many seconds have passed, to the millisecond."""
    return round(time.monotonic() - start, 3)
