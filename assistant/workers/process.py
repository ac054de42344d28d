# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Starts a worker process when first needed, asks it, notices its end, starts it again."""

import contextlib
import multiprocessing
import sys
import threading
import time
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import Any

import psutil

from assistant.errors import WorkerCrashedError, WorkerTimeoutError
from assistant.texts import Text, text
from assistant.workers import boot
from assistant.workers.protocol import Call, Cancel, Done, Failed, Item, ItemT, Request, ResultT

LOOK_EVERY_S = 0.02  # how often a waiting caller looks at its stop event and at the worker
MEMORY_EVERY_S = 0.25
STOP_PATIENCE_S = 10.0  # a worker that was asked to end a call and does not is ended itself
SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class WorkerSpec:
    """What to start: `module` offers `open_worker(settings)`; `name` is shown to people.

    `resident_limit` is in bytes: a worker that holds more is ended. `killable` is False for a
    worker that must be asked to end, never killed (the index: its files would be damaged).
    `environment` is set in the worker before its module is imported.
    """

    name: Text
    module: str
    settings: Any = None
    log: Path | None = None
    resident_limit: int | None = None
    killable: bool = True
    environment: tuple[tuple[str, str], ...] = ()


class WorkerProcess:
    """One worker process; calls are answered one at a time, in order of arrival."""

    def __init__(self, spec: WorkerSpec) -> None:
        """Start nothing yet: the first call does."""
        self.spec = spec
        self.starts = 0
        self._turns = _Turns()
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._number = 0

    @property
    def pid(self) -> int | None:
        """The process id while the worker runs."""
        process = self._process
        return process.pid if process is not None and process.is_alive() else None

    def request(self, call: Call[Any, ResultT], *, timeout: float | None = None) -> ResultT:
        """Answer `call`, dropping its items. Raises what `stream` raises."""
        items = self.stream(call, timeout=timeout)
        while True:
            try:
                next(items)
            except StopIteration as end:
                result: ResultT = end.value
                return result

    def stream(
        self,
        call: Call[ItemT, ResultT],
        stop: threading.Event | None = None,
        *,
        timeout: float | None = None,
    ) -> Generator[ItemT, None, ResultT]:
        """Yield the items of `call` and return its result.

        `stop` asks the worker to end the call early; it still returns its result. `timeout` is in
        seconds without a sign of life. Dropping the generator cancels the call and drains it.
        Raises WorkerCrashedError, WorkerTimeoutError, or the MaruError the worker raised.
        """
        with self._turns.turn():
            connection = self._running()
            self._number += 1
            number = self._number
            try:
                connection.send(Request(number, call))
            except OSError:
                # It died while idle; it has not seen this call, so a fresh one can have it.
                connection = self._restarted()
                connection.send(Request(number, call))
            finished = False
            try:
                message = yield from self._items(connection, number, stop, timeout)
                finished = True
            finally:
                if not finished and self._connection is connection:
                    self._drain(connection, number)
        if isinstance(message, Failed):
            raise message.error
        result: ResultT = message.value
        return result

    def restart(self, settings: Any) -> None:
        """End the worker; the next call starts it with `settings`."""
        with self._turns.turn():
            self._end(timeout=5.0)
            self.spec = replace(self.spec, settings=settings)

    def close(self, timeout: float = 5.0) -> None:
        """Ask the worker to end and wait; one that may be killed is killed after `timeout` s."""
        with self._turns.turn():
            self._end(timeout)

    def _running(self) -> Connection:
        if self._connection is None or self._process is None or not self._process.is_alive():
            return self._restarted()
        return self._connection

    def _restarted(self) -> Connection:
        self._forget()
        ours, theirs = SPAWN.Pipe()
        spec = self.spec
        process = SPAWN.Process(
            target=boot.run,
            args=(spec.module, theirs, spec.settings, spec.log, spec.environment),
            name=spec.module,
            daemon=True,
        )
        with _without_main_module():
            process.start()
        theirs.close()
        self._process, self._connection = process, ours
        self.starts += 1
        return ours

    def _items(
        self,
        connection: Connection,
        number: int,
        stop: threading.Event | None,
        timeout: float | None,
    ) -> Generator[Any, None, Done | Failed]:
        cancelled = False
        watch = _Watch(self, timeout)
        while True:
            if stop is not None and stop.is_set() and not cancelled:
                cancelled = True
                watch.stopped()
                with contextlib.suppress(OSError):
                    connection.send(Cancel(number))
            try:
                if not connection.poll(LOOK_EVERY_S):
                    watch.look()
                    continue
                message = connection.recv()
            except (EOFError, OSError):
                raise self._crashed() from None
            watch.alive()
            if message.number != number:
                continue  # the end of a call that was dropped
            if isinstance(message, Item):
                yield message.value
            else:
                return message  # type: ignore[no-any-return]

    def _drain(self, connection: Connection, number: int) -> None:
        """Cancel a dropped call and read to its end: its tokens must not answer the next one."""
        deadline = time.monotonic() + STOP_PATIENCE_S
        try:
            connection.send(Cancel(number))
            while time.monotonic() < deadline:
                if connection.poll(LOOK_EVERY_S):
                    message = connection.recv()
                    if message.number == number and not isinstance(message, Item):
                        return
        except (EOFError, OSError):
            self._forget()
            return
        if self.spec.killable:
            self.kill()

    def kill(self) -> None:
        """End a worker that does not answer, at once."""
        if self._process is not None and self._process.is_alive():
            self._process.kill()
        self._forget()

    def _crashed(self) -> WorkerCrashedError:
        process = self._process
        if process is not None:
            process.join(2.0)
        code = process.exitcode if process is not None else None
        self._forget()
        return WorkerCrashedError(
            text(
                "The {worker} ended unexpectedly (code {code}).", worker=str(self.spec.name), code=str(code)
            ),
            text("It starts again by itself; ask again."),
        )

    def _end(self, timeout: float) -> None:
        process, connection = self._process, self._connection
        if process is not None and connection is not None and process.is_alive():
            with contextlib.suppress(OSError):
                connection.send(None)
            process.join(timeout if self.spec.killable else None)
            if process.is_alive():
                process.kill()
        self._forget()

    def _forget(self) -> None:
        process, connection = self._process, self._connection
        self._process = self._connection = None
        if connection is not None:
            connection.close()
        if process is not None:
            process.join(5.0)
            if not process.is_alive():
                process.close()


_starting = threading.Lock()


@contextlib.contextmanager
def _without_main_module() -> Iterator[None]:
    """Hide the main module from spawn, which would run it again in the child.

    A worker needs nothing of it; a script without a `__main__` guard would start itself for ever,
    and one read from standard input cannot be found again.
    """
    with _starting:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


class _Watch:
    """Looks after a call: time without a sign of life, and memory."""

    def __init__(self, worker: WorkerProcess, timeout: float | None) -> None:
        self._worker = worker
        self._timeout = timeout
        self._stopped_at: float | None = None
        self._last_sign = time.monotonic()
        self._next_memory = 0.0

    def alive(self) -> None:
        self._last_sign = time.monotonic()

    def stopped(self) -> None:
        self._stopped_at = time.monotonic()

    def look(self) -> None:
        now = time.monotonic()
        spec = self._worker.spec
        if self._timeout is not None and now - self._last_sign > self._timeout:
            raise self._hung(self._timeout)
        if self._stopped_at is not None and spec.killable and now - self._stopped_at > STOP_PATIENCE_S:
            raise self._hung(STOP_PATIENCE_S)
        if spec.resident_limit is None or now < self._next_memory:
            return
        self._next_memory = now + MEMORY_EVERY_S
        pid = self._worker.pid
        with contextlib.suppress(psutil.Error):
            if pid is not None and psutil.Process(pid).memory_info().rss > spec.resident_limit:
                self._worker.kill()
                raise WorkerCrashedError(
                    text("The {worker} needed more than {limit} MB of memory and was ended.",
                         worker=str(spec.name), limit=spec.resident_limit // 2**20),
                )  # fmt: skip

    def _hung(self, seconds: float) -> WorkerTimeoutError:
        self._worker.kill()
        return WorkerTimeoutError(
            text("The {worker} gave no sign of life for {seconds} seconds.",
                 worker=str(self._worker.spec.name), seconds=round(seconds)),
            text("It was ended and starts again by itself."),
        )  # fmt: skip


class _Turns:
    """A lock served in order of arrival: threading.Lock would let indexing starve a question."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queue: deque[threading.Event] = deque()

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        mine = threading.Event()
        with self._lock:
            self._queue.append(mine)
            if self._queue[0] is mine:
                mine.set()
        mine.wait()
        try:
            yield
        finally:
            with self._lock:
                self._queue.popleft()
                if self._queue:
                    self._queue[0].set()
