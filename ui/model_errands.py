# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Errands about models: loading one, another, in another way; listing, estimating, bringing one in."""

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from assistant.app import Assistant
from assistant.engine.protocol import LoadProgress
from ui.tasks import Steps, Task, call


class ModelChoice(QObject):
    """Loads the chat model, another one, and lists what there is."""

    loading = Signal(str, object)  # name, LoadProgress or None
    loaded = Signal(object)  # ModelInfo
    failed = Signal(object)  # MaruError
    listed = Signal(object)  # list[ModelFile]

    def __init__(self, assistant: Assistant, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._task: Task | None = None

    def load(self) -> None:
        """Load the model of the settings."""
        self._run("", self._assistant.load_chat)

    def choose(self, path: Path) -> None:
        """Load another model and keep to it; the one before comes back when that fails."""
        self._run(path.stem, lambda stop: self._assistant.choose_model(path, stop))

    def cancel(self) -> None:
        """Stop loading."""
        if self._task:
            self._task.stop()

    def refresh(self) -> None:
        """List the models."""
        task = call(self._assistant.models)
        task.finished.connect(self.listed)
        task.failed.connect(self.failed)
        task.start()

    def _run(self, name: str, steps: Callable[[threading.Event], Steps]) -> None:
        self.cancel()
        self.loading.emit(name, None)
        task = self._task = Task(steps)
        task.item.connect(lambda item: self._tell(name, item))
        task.finished.connect(self.loaded)
        task.failed.connect(self.failed)
        task.ended.connect(lambda: self._end(task))
        task.start()

    def _tell(self, name: str, item: object) -> None:
        if isinstance(item, LoadProgress):
            self.loading.emit(name, item)

    def _end(self, task: Task) -> None:
        if self._task is task:
            self._task = None
