# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Who may use a worker next: one caller at a time, in order of arrival."""

import contextlib
import threading
from collections import deque
from collections.abc import Iterator

LOOK_EVERY_S = 0.02  # how often a waiting caller looks at its stop event


class Turns:
    """A lock served in order of arrival: threading.Lock would let indexing starve a question."""

    def __init__(self) -> None:
        """Start with nobody waiting."""
        self._lock = threading.Lock()
        self._queue: deque[threading.Event] = deque()

    @property
    def taken(self) -> bool:
        """Whether somebody has the turn."""
        return bool(self._queue)

    @contextlib.contextmanager
    def turn(self, stop: threading.Event | None = None) -> Iterator[bool]:
        """Wait for the turn and hold it; False, without it, where `stop` is set before it came."""
        mine = threading.Event()
        with self._lock:
            self._queue.append(mine)
            if self._queue[0] is mine:
                mine.set()
        try:
            yield self._wait(mine, stop)
        finally:  # also where Ctrl+C ends the waiting: nobody could come after it
            self._leave(mine)

    def _wait(self, mine: threading.Event, stop: threading.Event | None) -> bool:
        if stop is None:
            return mine.wait()
        while not mine.wait(LOOK_EVERY_S):
            if stop.is_set():
                self._leave(mine)
                return False
        return True

    def _leave(self, mine: threading.Event) -> None:
        """Give the turn on, or the place in the queue up. May be called twice."""
        with self._lock:
            if mine in self._queue:
                self._queue.remove(mine)
            if self._queue:
                self._queue[0].set()
