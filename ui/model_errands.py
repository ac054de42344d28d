# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Errands about models: loading one, another, with less; listing, bringing one in."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from assistant.app import Assistant
from assistant.engine.protocol import LoadProgress, ModelInfo
from assistant.errors import MaruError, Offer
from assistant.model_files import ModelFile
from assistant.model_hashes import Checking
from assistant.model_import import ImportProgress
from assistant.texts import tr
from ui.tasks import Steps, Task, call


@dataclass(frozen=True)
class Work:
    """What is being done with a model, in words, and how far it is: 0 to 1, None while unknown."""

    sentence: str
    fraction: float | None = None


class ModelChoice(QObject):
    """Loads the chat model, another one, and lists what there is. One piece of work at a time."""

    working = Signal(object)  # Work
    loaded = Signal(object)  # ModelInfo
    failed = Signal(object)  # MaruError; the model before has come back
    listed = Signal(object)  # list[ModelFile]

    def __init__(self, assistant: Assistant, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._task: Task | None = None
        self._name = ""

    @property
    def busy(self) -> bool:
        """Whether a model is being loaded or brought in."""
        return self._task is not None

    def load(self) -> None:
        """Load the model of the settings."""
        self._run("", self._assistant.load_chat)

    def choose(self, path: Path) -> None:
        """Load another model and keep to it; the one before comes back when that fails."""
        self._run(path.stem, lambda stop: self._assistant.choose_model(path, stop))

    def bring_in(self, path: Path) -> None:
        """Copy a model into Maru's folder, then answer with it."""

        def steps(stop: threading.Event) -> Steps:
            found: ModelFile = yield from self._assistant.import_model(path, stop)
            return (yield from self._assistant.choose_model(found.path, stop))

        self._run(path.stem, steps)

    def accept(self, offer: Offer) -> None:
        """Load with what an error offered: a smaller context, fewer layers."""
        self._run("", lambda stop: self._assistant.accept(offer, stop))

    def cancel(self) -> None:
        """Stop what is being done."""
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
        self._name = name
        self.working.emit(work(name, None))
        task = self._task = Task(steps)
        task.item.connect(self._tell)  # methods, which end with this object, never lambdas
        task.finished.connect(self._take)
        task.failed.connect(self._fail)
        task.start()

    def _tell(self, item: object) -> None:
        if self.sender() is self._task:
            self.working.emit(work(self._name, item))

    def _take(self, info: ModelInfo) -> None:
        if self.sender() is self._task:
            self._task = None
        self.loaded.emit(info)

    def _fail(self, error: MaruError) -> None:
        if self.sender() is self._task:  # else another one was chosen meanwhile
            self._task = None
            self.failed.emit(error)


def work(name: str, item: object) -> Work:
    """Return in words what `item` tells of the work with the model `name` ("" for the one in use)."""
    name = name or tr("the model")
    match item:
        case LoadProgress(fraction=fraction):
            return Work(tr("Loading {name}", name=name), fraction)
        case Checking(done=done, total=total):
            return Work(tr("Checking {name}", name=name), done / total if total else None)
        case ImportProgress(done=done, total=total, verifying=True):
            return Work(tr("Comparing the copy of {name}", name=name), done / total if total else None)
        case ImportProgress(done=done, total=total):
            return Work(tr("Copying {name} into Maru's folder", name=name), done / total if total else None)
    return Work(tr("Loading {name}", name=name))
