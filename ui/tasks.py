# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The one bridge from the core's generators to the window.

A Task runs a generator on a thread of its own and emits each of its events in the GUI thread, in order.
"""

import logging
import threading
from collections.abc import Callable, Generator
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from assistant.errors import MaruError
from assistant.stopping import Stop
from assistant.texts import text

log = logging.getLogger(__name__)

Steps = Generator[Any, None, Any]

# A task must outlive the widget that started it; it leaves this set in the GUI thread, when done.
_running: "set[Task]" = set()


class Task(QObject):
    """Runs `make(stop)` on a thread: `item(object)` for each event, then `finished` or `failed`.

    `make` gets the event that `stop()` sets and returns a generator. All signals are emitted in the
    thread that made the task. `finished` carries the generator's result; `failed` a MaruError.
    After either, `ended` comes last, once the thread has gone.
    """

    item = Signal(object)  # not `event`: that is a virtual function of QObject
    finished = Signal(object)
    failed = Signal(object)
    ended = Signal()

    _came = Signal(object)
    _done = Signal(object, object)

    def __init__(self, make: Callable[[Stop], Steps]) -> None:
        super().__init__()
        self._make = make
        self._stop = Stop()
        self._thread = threading.Thread(target=self._run, name="task", daemon=True)
        self._came.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._done.connect(self._finish, Qt.ConnectionType.QueuedConnection)

    @property
    def running(self) -> bool:
        """Whether the task was started and has not ended."""
        return self in _running

    def start(self) -> "Task":
        """Begin; returns the task itself."""
        _running.add(self)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Ask the generator to end early; it still finishes or fails as usual."""
        self._stop.set()

    def _run(self) -> None:
        try:
            self._done.emit(self._drain(self._make(self._stop)), None)
        except MaruError as error:
            self._done.emit(None, error)
        except Exception as error:  # noqa: BLE001 - a bug is told in words, never lost with its thread
            log.error("a task failed: %s", type(error).__name__)  # the message may hold user text
            self._done.emit(None, _own_mistake(error))

    def _drain(self, steps: Steps) -> Any:
        while True:
            try:
                item = next(steps)
            except StopIteration as ending:
                return ending.value
            self._came.emit(item)

    def _tell(self, item: object) -> None:
        if self in _running:
            self.item.emit(item)

    def _finish(self, result: Any, error: MaruError | None) -> None:
        self._thread.join()
        if self not in _running:  # stopped with all others: the window that waits for it has gone
            return
        _running.remove(self)
        if error is None:
            self.finished.emit(result)
        else:
            self.failed.emit(error)
        self.ended.emit()


def call(work: Callable[[], Any]) -> Task:
    """Return a Task (not started) that calls `work` on a thread; its result comes with `finished`."""

    def steps(_stop: Stop) -> Steps:
        yield from ()  # a generator without events
        return work()

    return Task(steps)


def stop_all(seconds: float = 5.0) -> bool:
    """Ask every running task to stop and wait for their threads; return whether all ended in time.

    None of them tells anything after that: whoever would hear it has closed.
    """
    tasks = list(_running)
    for task in tasks:
        task.stop()
    for task in tasks:
        task._thread.join(seconds)  # noqa: SLF001 - same module, same class
    ended = not any(task._thread.is_alive() for task in tasks)  # noqa: SLF001
    _running.difference_update(tasks)
    return ended


def _own_mistake(error: Exception) -> MaruError:
    return MaruError(
        text("Maru made a mistake of its own ({kind}).", kind=type(error).__name__),
        text("Nothing you wrote is lost. Try again; if it comes back, report it."),
    )
