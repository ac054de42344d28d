# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Ctrl+C while something runs: once stops it and keeps what there is, twice leaves."""

import signal
import threading
from types import FrameType
from typing import Any


class Interrupts:
    """A `with` block that turns the first Ctrl+C into a stop event, the second into leaving."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._before: Any = None

    def __enter__(self) -> threading.Event:
        """Return the event that Ctrl+C sets."""
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._interrupted)
        return self._stop

    def __exit__(self, *_: object) -> None:
        """Give Ctrl+C back its usual meaning."""
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _interrupted(self, _number: int, _frame: FrameType | None) -> None:
        if self._stop.is_set():
            raise KeyboardInterrupt
        self._stop.set()
