# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""How models would lie in memory, worked out beside the window."""

import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from assistant.app import Assistant
from assistant.engine.protocol import Fitting
from assistant.errors import MaruError
from ui.model_tuning import Tuning
from ui.tasks import Steps, Task, call


class Estimates(QObject):
    """Works out beside the window how models would lie in memory; the newest question counts."""

    estimated = Signal(object, object)  # Tuning, Fitting or MaruError
    others_estimated = Signal(object)  # dict[Path, Fitting | MaruError], each time one more is known

    def __init__(self, assistant: Assistant, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._newest: Tuning | None = None
        self._asked = Tuning()
        self._task: Task | None = None
        self._others: Task | None = None

    def estimate(self, tuning: Tuning) -> None:
        """Estimate the model in use, loaded by `tuning`."""
        self._newest = tuning
        if self._task is None:
            self._begin()

    def estimate_others(self, paths: Iterable[Path]) -> None:
        """Estimate models that could be used instead, loaded as the one in use."""
        if self._others is not None:
            self._others.stop()
        wanted = list(paths)
        task = self._others = Task(lambda stop: self._each(wanted, stop))
        task.item.connect(self._take_others)
        task.start()

    def _begin(self) -> None:
        tuning, self._newest = self._newest, None
        if tuning is None:
            return
        assistant = self._assistant
        settings = replace(
            assistant.settings,
            n_ctx=tuning.n_ctx,
            n_gpu_layers=tuning.n_gpu_layers,
            adapters=tuning.adapters,
        )
        self._task = call(lambda: assistant.estimate(None, settings))
        self._asked = tuning
        self._task.finished.connect(self._take)  # methods, which end with this object, never lambdas
        self._task.failed.connect(self._take)
        self._task.ended.connect(self._end)
        self._task.start()

    def _take(self, found: Fitting | MaruError) -> None:
        self.estimated.emit(self._asked, found)

    def _take_others(self, known: dict[Path, Fitting | MaruError]) -> None:
        if self.sender() is self._others:
            self.others_estimated.emit(known)

    def _end(self) -> None:
        self._task = None
        self._begin()

    def _each(self, paths: list[Path], stop: threading.Event) -> Steps:
        known: dict[Path, Fitting | MaruError] = {}
        for path in paths:
            if stop.is_set():
                return
            try:
                known[path] = self._assistant.estimate(path)
            except MaruError as error:
                known[path] = error
            yield dict(known)
