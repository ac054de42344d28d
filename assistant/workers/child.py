# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""One living worker process, seen from the parent: its pipe, its end, its last words."""

import contextlib
import multiprocessing
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from types import ModuleType
from typing import Any

import psutil

from assistant.texts import Text
from assistant.workers import boot, handing
from assistant.workers.protocol import Pause
from assistant.workers.state import Phase

SPAWN = multiprocessing.get_context("spawn")
SMALL = 4096  # bytes that the pipe takes even where nobody reads: the least buffer of any system
SEND_PATIENCE_S = 0.02
END_PATIENCE_S = 5.0  # a process that was killed needs so long at most
TAIL_BYTES = 16 << 10
TAIL_LINES = 40


@dataclass(frozen=True)
class WorkerSpec:
    """What to start: `module` offers `open_worker(settings)`; `name` is shown to people.

    `resident_limit` is in bytes: a worker that holds more is ended. `killable` is False for a
    worker that must be asked to end, never killed (the index: its files would be damaged).
    `environment` is set in the worker before its module is imported. `background`: it works at a
    lower priority than the window and the chat engine.
    """

    name: Text
    module: str
    settings: Any = None
    log: Path | None = None
    resident_limit: int | None = None
    killable: bool = True
    environment: tuple[tuple[str, str], ...] = ()
    background: bool = False


class Child:
    """A process that was started for a spec. One thread, and only one, must wait in `wait_for_end`."""

    def __init__(self, spec: WorkerSpec) -> None:
        """Start it."""
        self.spec = spec
        self.started = False  # it told that it is there
        self.fate: Phase | None = None  # how it ended: STOPPED as it should, CRASHED, HUNG
        self.exit_code: int | None = None
        self._told_paused = False
        self._sending = threading.Lock()
        self._ended = threading.Event()
        self._connection, theirs = SPAWN.Pipe()
        self._process = SPAWN.Process(
            target=boot.run,
            args=(spec.module, theirs, spec.settings, spec.log, spec.environment, spec.background),
            name=spec.module,
            daemon=True,
        )
        with _without_main_module():
            self._process.start()
        theirs.close()
        self.pid: int = self._process.pid or 0

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return not self._ended.is_set()

    def send(self, message: object) -> bool:
        """Send it without ever waiting for a process that does not read; False: try again.

        Raises OSError where the process is gone.
        """
        if not self._sending.acquire(timeout=SEND_PATIENCE_S):
            return False
        descriptor = handing.handed_over(message)
        try:
            packed = bytes(ForkingPickler.dumps(handing.addressed(message, self.pid)))
        except BaseException:
            self._sending.release()
            raise
        if len(packed) > SMALL:
            arguments = (packed, descriptor)
            threading.Thread(target=self._send_large, args=arguments, name="send", daemon=True).start()
        else:
            self._send(packed, descriptor)
        return True

    def _send(self, packed: bytes, descriptor: int | None) -> None:
        try:
            self._connection.send_bytes(packed)
            if descriptor is not None:
                handing.send_descriptor(self._connection, descriptor)
        finally:
            self._sending.release()

    def _send_large(self, packed: bytes, descriptor: int | None) -> None:
        # Whoever waits for the answer sees that it is gone. A pipe that is closed in the middle of a
        # message has no number any more: multiprocessing then writes to None.
        with contextlib.suppress(OSError, TypeError):
            self._send(packed, descriptor)

    def pause(self, on: bool) -> bool:
        """Let calls wait or go on; say whether that was news to the process."""
        with contextlib.suppress(OSError):
            if on != self._told_paused and self.send(Pause(on)):
                self._told_paused = on
                return True
        return False

    def receive(self, seconds: float) -> Any:
        """Return the next message, None where none came in time. Raises EOFError, OSError."""
        return self._connection.recv() if self._connection.poll(seconds) else None

    def wait_for_end(self, seconds: float) -> bool:
        """Wait until the process has ended, `seconds` at most; say whether it has."""
        if not wait([self._process.sentinel], seconds):
            return False
        self._process.join()
        while (code := self._process.exitcode) is None:
            time.sleep(0.001)  # multiprocessing has reaped it on another thread and notes it just now
        self.exit_code = code
        self._ended.set()
        self._process.close()
        return True

    def ended_within(self, seconds: float | None) -> bool:
        """Wait for the other thread to see the end; None waits for ever."""
        return self._ended.wait(seconds)

    def ask_to_end(self) -> None:
        """Let it end in order, also where its system had stopped it."""
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(self.pid)
            if self.alive and process.status() == psutil.STATUS_STOPPED:
                process.resume()
        with contextlib.suppress(OSError):
            self.send(None)

    def kill(self) -> None:
        """End it at once."""
        with contextlib.suppress(ValueError, OSError):  # it has ended meanwhile
            self._process.kill()
        self._ended.wait(END_PATIENCE_S)

    def close(self) -> None:
        """Let go of the pipe."""
        self._connection.close()

    def last_words(self) -> tuple[str, ...]:
        """Return the last lines of its log since it started."""
        if self.spec.log is None:
            return ()
        try:
            with self.spec.log.open("rb") as file:
                file.seek(max(0, self.spec.log.stat().st_size - TAIL_BYTES))
                words = file.read().decode("utf-8", "replace")
        except OSError:
            return ()
        words = words.rpartition(f"{boot.LOG_START}\n")[2].replace(str(Path.home()), "~")
        return tuple(line.rstrip() for line in words.splitlines() if line.strip())[-TAIL_LINES:]


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
