# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Work that can wait waits while something runs that a person looks at."""

from collections.abc import Sequence
from types import TracebackType
from typing import Protocol


class Pausable(Protocol):
    """A worker whose calls can be made to wait; pauses are counted."""

    def pause(self) -> None:
        """Let calls wait."""
        ...

    def resume(self) -> None:
        """Take one pause back."""
        ...


class Yielding:
    """A context in which `workers` are paused. Several callers may be in it at once."""

    def __init__(self, workers: Sequence[Pausable]) -> None:
        """Pause nothing yet."""
        self._workers = tuple(workers)

    def __enter__(self) -> None:
        """Pause them."""
        for worker in self._workers:
            worker.pause()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, frame: TracebackType | None
    ) -> None:
        """Let them go on."""
        for worker in self._workers:
            worker.resume()
