# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The first thing a worker process runs: it imports the worker by name and answers calls."""

import contextlib
import importlib
import os
import queue
import signal
import sys
import threading
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from assistant.errors import MaruError, WorkerError
from assistant.paths import PRIVATE_FILE
from assistant.texts import text
from assistant.workers.protocol import Cancel, Done, Failed, Item, Request, Worker


def run(
    module: str,
    connection: Connection,
    settings: Any,
    log: Path | None,
    environment: tuple[tuple[str, str], ...] = (),
) -> None:
    """Serve calls from `connection` until it closes or the process is asked to end."""
    _redirect_streams(log)
    os.environ.update(environment)
    inbox = _Inbox(connection)
    # Ctrl+C in a terminal reaches the whole process group: only the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: inbox.end())
    try:
        worker: Worker | None = importlib.import_module(module).open_worker(settings)
    except Exception as error:  # told to the first caller: a start has nobody who listens
        worker, failure = None, _tellable(error)
    inbox.start()
    while (request := inbox.next()) is not None:
        if worker is None:
            _send(connection, Failed(request.number, failure))
        else:
            _answer(worker, request, inbox, connection)
    if worker is not None:
        worker.close()


def _answer(worker: Worker, request: Request, inbox: "_Inbox", connection: Connection) -> None:
    try:
        items = worker.handle(request.call, _Cancelled(inbox, request.number))
        while True:
            try:
                item = next(items)
            except StopIteration as end:
                _send(connection, Done(request.number, end.value))
                return
            _send(connection, Item(request.number, item))
    except Exception as error:
        _send(connection, Failed(request.number, _tellable(error)))


def _tellable(error: Exception) -> MaruError:
    """Return an error of ours; a foreign one gives its type only: its words may hold user text."""
    if isinstance(error, MaruError):
        return error
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f"{Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}" if frame else ""
    return WorkerError(
        text("A part of Maru failed ({kind}, {place}).", kind=type(error).__name__, place=place),
        text("Try again; if it happens again, please report it."),
    )


def _send(connection: Connection, message: object) -> None:
    with contextlib.suppress(BrokenPipeError, ConnectionError):  # the parent is gone: so are we
        connection.send(message)


def _redirect_streams(log: Path | None) -> None:
    """Send what native libraries print to `log`: the terminal belongs to the answer."""
    target: str | Path = os.devnull
    if log is not None:
        with contextlib.suppress(OSError):
            os.close(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE_FILE))
            target = log
    descriptor = os.open(target, os.O_WRONLY | os.O_APPEND)
    for number in (1, 2):
        os.dup2(descriptor, number)
    os.close(descriptor)
    stream = os.fdopen(os.dup(2), "w", buffering=1, encoding="utf-8", errors="replace")
    sys.stdout = sys.stderr = stream  # both are None in a windowed build


class _Cancelled:
    """Whether one call was cancelled."""

    def __init__(self, inbox: "_Inbox", number: int) -> None:
        self._inbox = inbox
        self._number = number

    def __call__(self) -> bool:
        return self._inbox.cancelled(self._number)

    @property
    def paused(self) -> bool:
        return False

    def alive(self, patience: float = 0.0) -> None:
        del patience


class _Inbox:
    """Reads the pipe on a thread of its own, so that a cancel is seen during a native call."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        # SimpleQueue: its put may be called from a signal handler.
        self._requests: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._cancelled_upto = 0
        self._ended = False

    def start(self) -> None:
        threading.Thread(target=self._read, name="inbox", daemon=True).start()

    def next(self) -> Request | None:
        return None if self._ended else self._requests.get()

    def cancelled(self, number: int) -> bool:
        return self._ended or number <= self._cancelled_upto

    def end(self) -> None:
        self._ended = True
        self._requests.put(None)

    def _read(self) -> None:
        try:
            while True:
                message = self._connection.recv()
                if isinstance(message, Cancel):
                    self._cancelled_upto = max(self._cancelled_upto, message.number)
                elif isinstance(message, Request):
                    self._requests.put(message)
                else:
                    break
        except (EOFError, OSError):
            self.end()  # the parent is gone
        else:
            self.end()
