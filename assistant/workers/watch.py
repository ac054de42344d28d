# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Looks after one call: time without a sign of life, a stopped process, memory."""

import contextlib
import time

import psutil

from assistant.workers.child import Child

SILENCE_S = 9.5  # without a sign of life: a hang is to be seen, and ended, within ten seconds
START_S = 60.0  # imports from a cold disk, drivers of a graphics card
STOP_PATIENCE_S = 10.0  # a worker that was asked to end a call and does not is ended itself
CHECK_EVERY_S = 0.25
LONGEST_STEP_S = 1.0


class Watch:
    """Counts only the time in which somebody looked.

    So neither a computer that slept, nor a terminal's Ctrl+Z, nor a caller who takes no items makes
    a worker look hung.
    """

    def __init__(self, child: Child, timeout: float | None, stop_patience: float | None) -> None:
        """Watch a call that may be silent for `timeout` seconds, for ever with None.

        `stop_patience`: how long it may go on after it was asked to end, None for STOP_PATIENCE_S.
        """
        self._child = child
        self._timeout = timeout
        self._patience = 0.0
        self._stop_patience = stop_patience
        self._stop_asked = False
        self._since_stop = self._silent = self._halted = 0.0
        self._looked = self._checked = time.monotonic()
        self._is_halted = False

    def sign(self, patience: float | None = None) -> None:
        """Note a sign of life; `patience` is what the worker asks for from now on."""
        self._silent = 0.0
        self._looked = time.monotonic()
        if patience is not None:
            self._patience = patience

    def stop_asked(self) -> None:
        """Note that the worker was asked to end the call."""
        self._stop_asked = True

    @property
    def past_stop(self) -> bool:
        """Whether it was asked to end longer ago than the caller has patience."""
        return self._stop_patience is not None and self._since_stop > self._stop_patience

    def too_long(self, *, paused: bool) -> float:
        """Return after how many seconds it is to be given up, 0 while it may go on."""
        now = time.monotonic()
        step, self._looked = min(now - self._looked, LONGEST_STEP_S), now
        if self._stop_asked:
            self._since_stop += step
            if self._since_stop > STOP_PATIENCE_S:
                return self._since_stop
        if paused:
            return 0.0
        self._silent += step
        self._halted = self._halted + step if self._is_halted else 0.0
        if self._halted > SILENCE_S:
            return self._halted
        limit = self._limit()
        return self._silent if limit is not None and self._silent > limit else 0.0

    def check(self) -> int:
        """Return by how many bytes it is over its limit; notes whether the system has stopped it."""
        now = time.monotonic()
        if now - self._checked < CHECK_EVERY_S:
            return 0
        self._checked = now
        limit = self._child.spec.resident_limit
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(self._child.pid)
            self._is_halted = process.status() == psutil.STATUS_STOPPED
            if limit is not None:
                return max(0, int(process.memory_info().rss) - limit)
        return 0

    def _limit(self) -> float | None:
        if not self._child.started:
            return START_S
        return None if self._timeout is None else max(self._timeout, self._patience)
