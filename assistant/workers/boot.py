# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The first thing a worker process runs: it imports the worker by name and answers calls."""

import contextlib
import faulthandler
import importlib
import os
import signal
import sys
import threading
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil

from assistant.errors import CallTooLargeError, MaruError, WorkerError
from assistant.paths import PRIVATE_FILE, PRIVATE_FOLDER
from assistant.texts import text
from assistant.workers.inbox import CallState, Inbox, Outbox
from assistant.workers.protocol import Done, Failed, Item, Request, Started, Worker

LOG_LIMIT = 1 << 20  # bytes; a longer log begins anew
LOG_START = "--- started"
NICENESS = 10  # of workers whose work can wait
SECRETS = ("MARU_PASSPHRASE", "MARU_RECOVERY_CODE")


def run(
    module: str,
    connection: Connection,
    settings: Any,
    log: Path | None,
    environment: tuple[tuple[str, str], ...] = (),
    background: bool = False,
) -> None:
    """Serve calls from `connection` until it closes or the process is asked to end."""
    _redirect_streams(log)
    _keep_words_out_of_the_log()
    os.environ.update(environment)
    for name in SECRETS:  # what reads hostile files need not know what opens the home
        os.environ.pop(name, None)
    os.umask(0o777 & ~PRIVATE_FOLDER)  # whatever a library writes is its owner's alone
    if background:
        _step_back()
    inbox, outbox = Inbox(connection), Outbox(connection)
    # Ctrl+C in a terminal reaches the whole process group: only the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: inbox.end())
    try:
        worker: Worker | None = importlib.import_module(module).open_worker(settings)
    except Exception as error:  # told to the first caller: a start has nobody who listens
        worker, failure = None, _tellable(error)
    inbox.start()  # not before: what it reads imports modules too, on another thread
    outbox.send(Started())
    while (request := inbox.next()) is not None:
        if worker is None:
            outbox.send(Failed(request.number, failure))
        else:
            _answer(worker, request, CallState(inbox, outbox, request.number), outbox)
    if worker is not None:
        worker.close()


def _answer(worker: Worker, request: Request, state: CallState, outbox: Outbox) -> None:
    try:
        items = worker.handle(request.call, state)
        while True:
            try:
                item = next(items)
            except StopIteration as end:
                outbox.send(Done(request.number, end.value))
                return
            outbox.send(Item(request.number, item))
    except Exception as error:
        outbox.send(Failed(request.number, _tellable(error)))


def _tellable(error: Exception) -> MaruError:
    """Return an error of ours; a foreign one gives its type only: its words may hold user text."""
    if isinstance(error, MaruError):
        return error
    kind = CallTooLargeError if isinstance(error, MemoryError) else WorkerError
    return kind(
        text("A part of Maru failed ({kind}, {place}).",
             kind=type(error).__name__, place=_place(error.__traceback__)),
        text("Try again; if it happens again, please report it."),
    )  # fmt: skip


def _place(frame: TracebackType | None) -> str:
    """Return file and line of the innermost frame."""
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    return f"{Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}" if frame else ""


def _redirect_streams(log: Path | None) -> None:
    """Send what native libraries print to `log`: the terminal belongs to the answer."""
    target: str | Path = os.devnull
    if log is not None:
        with contextlib.suppress(OSError):
            descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE_FILE)
            if os.fstat(descriptor).st_size > LOG_LIMIT:
                os.ftruncate(descriptor, 0)
            os.close(descriptor)
            target = log
    descriptor = os.open(target, os.O_WRONLY | os.O_APPEND)
    for number in (1, 2):
        os.dup2(descriptor, number)
    os.close(descriptor)
    stream = os.fdopen(os.dup(2), "w", buffering=1, encoding="utf-8", errors="replace")
    sys.stdout = sys.stderr = stream  # both are None in a windowed build
    stream.write(f"{LOG_START}\n")
    faulthandler.enable(
        stream, all_threads=False
    )  # a crash leaves where it was: names of functions, no values


def _keep_words_out_of_the_log() -> None:
    """Log an exception that nobody caught by its kind and place: its words may hold user text."""

    def note(kind: type[BaseException] | None, frame: TracebackType | None) -> None:
        name = kind.__name__ if kind is not None else "error"
        sys.stderr.write(f"{name} at {_place(frame)}\n")

    sys.excepthook = lambda kind, _value, frame: note(kind, frame)
    threading.excepthook = lambda caught: note(caught.exc_type, caught.exc_traceback)
    sys.unraisablehook = lambda caught: note(caught.exc_type, caught.exc_traceback)


def _step_back() -> None:
    """Leave the processor to whoever the user waits for."""
    with contextlib.suppress(OSError, psutil.Error):
        if sys.platform == "win32":
            psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            os.nice(NICENESS)
