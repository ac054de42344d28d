# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""How far the reading of documents, or the making of vectors, is; how fast, and how long it will take."""

import time
from collections.abc import Callable

from assistant.documents.collection import IndexingState
from assistant.documents.protocol import FileProgress, FileResult

SAID_AFTER_S = 2.0  # of work: earlier, the time left would be a guess
A_FILE = 20_000  # bytes that opening and storing any file is worth


class Pace:
    """Counts what is done of one round of reading. For one thread; `state` from any."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with nothing to do; `clock` tells seconds."""
        self.problem = ""
        self._clock = clock
        self._start: float | None = None
        self._files = self._of_files = self._pages = self._passages = 0
        self._done = self._left = 0.0
        self._now: FileProgress | None = None
        self._made = self._of_made = 0
        self._making_since = 0.0

    def expect(self, files: int, size: int) -> None:
        """Let so many files wait, of so many bytes together."""
        self._start = self._clock() if self._start is None else self._start
        self._of_files = self._files + files
        self._left = size + files * A_FILE

    def take(self, event: FileProgress | FileResult) -> None:
        """Count a step or a finished file."""
        if isinstance(event, FileProgress):
            self._now = event
            return
        self._now = None
        self._files += 1
        self._of_files = max(self._of_files, self._files)
        self._pages += event.pages
        self._passages += event.passages
        worth = min(self._left, A_FILE + _size(event))
        self._done, self._left = self._done + worth, self._left - worth

    def make(self, done: int, total: int) -> None:
        """Count passages whose vectors are made, of documents that were read before."""
        if not self._of_made:
            self._making_since = self._clock()
        self._made, self._of_made = done, total

    def state(self, *, paused: bool) -> IndexingState:
        """Return how far it is."""
        if self._of_made and self._files >= self._of_files:
            return self._making(paused=paused)
        seconds = self._clock() - self._start if self._start is not None else 0.0
        left = None
        if seconds >= SAID_AFTER_S and self._done and not paused:
            left = seconds * self._left / self._done
        return IndexingState(
            files=self._files,
            of_files=self._of_files,
            pages=self._pages,
            passages=self._passages,
            passages_per_second=self._passages / seconds if seconds > 0 else 0.0,
            seconds_left=left,
            paused=paused,
            now=self._now,
            problem=self.problem,
        )

    def _making(self, *, paused: bool) -> IndexingState:
        seconds = self._clock() - self._making_since
        speed = self._made / seconds if seconds > 0 else 0.0
        told = seconds >= SAID_AFTER_S and speed and not paused
        return IndexingState(
            passages_per_second=speed,
            seconds_left=(self._of_made - self._made) / speed if told else None,
            paused=paused,
            problem=self.problem,
            made=self._made,
            of_made=self._of_made,
        )


def _size(result: FileResult) -> int:
    try:
        return result.path.stat().st_size
    except OSError:
        return 0
