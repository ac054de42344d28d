# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A stop event that wakes those who wait for something else beside it."""

import threading
from collections.abc import Callable


class Stop(threading.Event):
    """An event that calls back when it is set: nobody need look at it again and again."""

    def __init__(self) -> None:
        """Begin unset."""
        super().__init__()
        self._lock = threading.Lock()
        self._calls: list[Callable[[], None]] = []

    def when_set(self, call: Callable[[], None]) -> None:
        """Have `call` called once it is set, on the thread that sets it; at once where it is."""
        with self._lock:
            if not self.is_set():
                self._calls.append(call)
                return
        call()

    def set(self) -> None:
        """Set it, and call who waits."""
        with self._lock:
            super().set()
            calls, self._calls = self._calls, []
        for call in calls:
            call()
