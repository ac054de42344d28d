# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What happens beside the questions: workers, indexing, models loaded anew; told to whoever listens."""

import queue
import threading
import weakref
from collections.abc import Generator
from dataclasses import dataclass, field

from assistant.documents.collection import IndexingState, LibraryChanged
from assistant.documents.protocol import FileProgress, FileResult
from assistant.engine.protocol import ModelInfo
from assistant.errors import MaruError
from assistant.settings import Settings
from assistant.stopping import Stop
from assistant.workers.state import WorkerState


@dataclass(frozen=True)
class CatchingUp:
    """So many passages of the library have the vector that they lacked."""

    done: int
    total: int


@dataclass(frozen=True)
class ModelReloaded:
    """The chat model was loaded again by `settings`."""

    info: ModelInfo
    settings: Settings


@dataclass(frozen=True)
class ReloadFailed:
    """The chat model could not be loaded by new settings; `settings`, with the old ones, are in force."""

    error: MaruError
    settings: Settings


@dataclass(frozen=True)
class SnapshotFailed:
    """The daily snapshot could not be taken: the disk is full, or a database is damaged (DamagedError)."""

    error: MaruError


AppEvent = (
    WorkerState
    | FileProgress
    | FileResult
    | IndexingState
    | LibraryChanged
    | CatchingUp
    | ModelReloaded
    | ReloadFailed
    | SnapshotFailed
)


@dataclass(eq=False)
class _Listener:
    """One who listens, for as long as its generator lives."""

    told: "queue.SimpleQueue[AppEvent | None]" = field(default_factory=queue.SimpleQueue)


class Broadcast:
    """Tells each event to everybody who listens. Any thread; telling never waits."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._lock = threading.Lock()
        self._listeners: weakref.WeakSet[_Listener] = weakref.WeakSet()
        self._closed = False

    def tell(self, event: AppEvent) -> None:
        """Tell an event."""
        with self._lock:
            for listener in self._listeners:
                listener.told.put(event)

    def listen(self, stop: Stop | None = None) -> Generator[AppEvent, None, None]:
        """Return the events from now on; they end with `close`, or when `stop` is set."""
        listener = _Listener()
        with self._lock:
            if self._closed:
                listener.told.put(None)
            self._listeners.add(listener)
        if stop is not None:
            stop.when_set(lambda: listener.told.put(None))
        return _events(listener)

    def close(self) -> None:
        """Let everybody know that nothing more comes."""
        with self._lock:
            self._closed = True
            for listener in self._listeners:
                listener.told.put(None)


def _events(listener: _Listener) -> Generator[AppEvent, None, None]:
    while (event := listener.told.get()) is not None:
        yield event
