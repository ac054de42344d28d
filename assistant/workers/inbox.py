# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The worker's ends of the pipe: what comes in, what goes out, and what a call may ask of them."""

import contextlib
import queue
import threading
import time
from multiprocessing.connection import Connection

from assistant.workers.handing import received
from assistant.workers.protocol import Cancel, Pause, Request, Sign

SIGN_EVERY_S = 1.0
LOOK_EVERY_S = 1.0  # a paused call looks this often whether a signal asked the process to end


class Inbox:
    """Reads the pipe on a thread of its own, so that a cancel is seen during a native call."""

    def __init__(self, connection: Connection) -> None:
        """Read nothing yet."""
        self._connection = connection
        # SimpleQueue: its put may be called from a signal handler.
        self._requests: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._cancelled_upto = 0
        self._ended = False
        self._paused = False
        self._news = threading.Event()

    def start(self) -> None:
        """Begin to read."""
        threading.Thread(target=self._read, name="inbox", daemon=True).start()

    def next(self) -> Request | None:
        """Wait for a call; None when the process is to end."""
        return None if self._ended else self._requests.get()

    def cancelled(self, number: int) -> bool:
        """Say whether call `number` is to end early."""
        return self._ended or number <= self._cancelled_upto

    def paused(self) -> bool:
        """Say whether calls are to wait."""
        return self._paused

    def wait(self, number: int) -> None:
        """Wait while paused, unless the call is to end."""
        while self._paused and not self.cancelled(number):
            self._news.wait(LOOK_EVERY_S)
            self._news.clear()

    def end(self) -> None:
        """Let the process end after the call it is in. May be called from a signal handler."""
        self._ended = True
        self._requests.put(None)

    def _read(self) -> None:
        try:
            while (message := self._connection.recv()) is not None:
                match message:
                    case Cancel(number):
                        self._cancelled_upto = max(self._cancelled_upto, number)
                    case Pause(on):
                        self._paused = on
                    case Request():
                        self._requests.put(received(self._connection, message))
                self._news.set()
        except (EOFError, OSError):
            pass  # the parent is gone
        self.end()
        self._news.set()


class Outbox:
    """Writes to the pipe; several threads may."""

    def __init__(self, connection: Connection) -> None:
        """Write nothing yet."""
        self._connection = connection
        self._lock = threading.Lock()

    def send(self, message: object) -> None:
        """Send it; where the parent is gone, so are we."""
        with self._lock, contextlib.suppress(BrokenPipeError, ConnectionError):
            self._connection.send(message)


class CallState:
    """What one call asks and tells: see `protocol.Cancelled`. Made on the thread that answers it."""

    def __init__(self, inbox: Inbox, outbox: Outbox, number: int) -> None:
        """Belong to call `number`, which has just begun."""
        self._inbox = inbox
        self._outbox = outbox
        self._number = number
        self._thread = threading.get_ident()
        self._told = time.monotonic()
        self._patience = 0.0

    def __call__(self) -> bool:
        """Say whether the call is to end; the thread that answers it waits here while paused."""
        if self._inbox.paused() and threading.get_ident() == self._thread:
            self._inbox.wait(self._number)
        return self._inbox.cancelled(self._number)

    @property
    def paused(self) -> bool:
        """Whether asking would wait."""
        return self._inbox.paused() and not self._inbox.cancelled(self._number)

    def alive(self, patience: float = 0.0) -> None:
        """Tell the parent, about once a second, or when the patience it must have changes."""
        now = time.monotonic()
        if patience == self._patience and now - self._told < SIGN_EVERY_S:
            return
        self._told, self._patience = now, patience
        self._outbox.send(Sign(patience))
