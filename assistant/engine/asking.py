# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""How calls are made to an engine: taken to their end, and one kind before another."""

import threading
from collections.abc import Generator
from typing import Any, TypeVar

from assistant.in_steps import result_of

ResultT = TypeVar("ResultT")


class Asking:
    """Entered while a question waits for its vector: `event` is set, and passages make way."""

    def __init__(self) -> None:
        """Start with no question."""
        self.event = threading.Event()
        self._waiting = 0
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        """Ask passages to make way."""
        with self._lock:
            self._waiting += 1
            self.event.set()

    def __exit__(self, *_: object) -> None:
        """Let them go on when nobody waits any more."""
        with self._lock:
            self._waiting -= 1
            if not self._waiting:
                self.event.clear()


def without_items(steps: Generator[Any, None, ResultT]) -> Generator[Any, None, ResultT]:
    """Run to the end inside another generator, dropping the items."""
    yield from ()
    return result_of(steps)
