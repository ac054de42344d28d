# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Breaks evaluations off, and hears how they go on: llama.cpp's abort callback."""

import contextlib
import ctypes
import sys
import threading
import time
from collections.abc import Callable, Generator
from typing import Any

from assistant.engine.llama import api

LOOK_EVERY_S = 0.02
FIRST_PATIENCE_S = 120.0  # a graphics card's driver may compile its programs before it begins


class Abort:
    """The abort callback of one context.

    ggml asks before every node, a thousand times a token: strlen of a one-letter flag answers false or
    true without running any Python. While many tokens are read a function of ours answers, which also
    gives signs of life. A model wholly on a graphics card asks neither.
    """

    def __init__(self, context: Any) -> None:
        """Answer the asking of a context (llama_context_p)."""
        self._context = context
        self._flag = ctypes.create_string_buffer(2)
        self._quiet = ctypes.cast(_c_library().strlen, api.ggml_abort_callback)
        self._asking = api.ggml_abort_callback(self._asked)
        self._cancelled: Callable[[], bool] = _never
        self._alive: Callable[[float], None] = _nobody
        self._looked = 0.0
        self._patience = FIRST_PATIENCE_S
        self.silence = 0.0  # seconds: the longest time without being asked in the last long evaluation
        self._answer_by(self._quiet)

    @contextlib.contextmanager
    def when(
        self, cancelled: Callable[[], bool], alive: Callable[[float], None] | None = None
    ) -> Generator[None, None, None]:
        """Break off an evaluation soon after `cancelled` turns true; tell `alive` that a long one goes on."""
        over = threading.Event()

        def watch() -> None:
            while not over.wait(LOOK_EVERY_S):
                if cancelled():
                    self._flag[0] = b"\x01"
                    return

        watcher = threading.Thread(target=watch, name="abort", daemon=True)
        self._cancelled, self._alive = cancelled, alive or _nobody
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()
            self._cancelled, self._alive = _never, _nobody
            self._flag[0] = b"\x00"

    @contextlib.contextmanager
    def listening(self) -> Generator[None, None, None]:
        """Give signs of life during a long evaluation, and measure how long none could be given."""
        self._alive(self._patience)
        self.silence, self._looked = 0.0, time.perf_counter()
        self._answer_by(self._asking)
        try:
            yield
        finally:
            api.llama_synchronize(self._context)  # a graphics card may have gone on by itself
            self._answer_by(self._quiet)
            self._patience = 0.0
            self.silence = max(self.silence, time.perf_counter() - self._looked)

    def _asked(self, _data: object) -> bool:
        now = time.perf_counter()
        silence = now - self._looked
        self.silence = max(self.silence, silence)
        self._alive(self._patience)  # what is on the processor asks, what is on a card does not
        if self._cancelled():  # waits while the work is paused
            self._flag[0] = b"\x01"
        self._looked = time.perf_counter()
        return self._flag[0] != b"\x00"

    def _answer_by(self, callback: Any) -> None:
        flag = ctypes.cast(self._flag, ctypes.c_void_p)
        api.llama_set_abort_callback(self._context, callback, flag)


def _never() -> bool:
    return False


def _nobody(_patience: float) -> None:
    return


def _c_library() -> ctypes.CDLL:
    return ctypes.CDLL("ucrtbase" if sys.platform == "win32" else None)
