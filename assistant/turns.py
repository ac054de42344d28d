# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Answers and changes of the model take turns: an answer is never cut by a model that is loaded anew."""

import contextlib
import threading
from collections.abc import Iterator

from assistant.errors import StoppedError
from assistant.texts import text

LOOK_EVERY_S = 0.05  # how often one who waits looks at its stop event


class Gate:
    """Any number of answers, or one change. A change that waits goes before the answers that come after."""

    def __init__(self) -> None:
        """Begin with neither."""
        self._condition = threading.Condition()
        self._answers = 0
        self._waiting = 0
        self._changing = False

    @contextlib.contextmanager
    def answering(self, stop: threading.Event) -> Iterator[None]:
        """Wait for the change that is going on; with `stop` set, go on at once."""
        with self._condition:
            while (self._changing or self._waiting) and not stop.is_set():
                self._condition.wait(LOOK_EVERY_S)
            self._answers += 1
        try:
            yield
        finally:
            with self._condition:
                self._answers -= 1
                self._condition.notify_all()

    def announce(self) -> None:
        """Let answers wait from now on for a change that soon comes, as `changing(…, announced=True)`."""
        with self._condition:
            self._waiting += 1

    @contextlib.contextmanager
    def changing(self, stop: threading.Event, *, announced: bool = False) -> Iterator[None]:
        """Wait until neither an answer nor another change goes on. Raises StoppedError on `stop`."""
        if not announced:
            self.announce()
        with self._condition:
            try:
                while self._changing or self._answers:
                    if stop.is_set():
                        raise StoppedError(text("Loading was stopped."))
                    self._condition.wait(LOOK_EVERY_S)
                self._changing = True
            finally:
                self._waiting -= 1
                self._condition.notify_all()
        try:
            yield
        finally:
            with self._condition:
                self._changing = False
                self._condition.notify_all()
