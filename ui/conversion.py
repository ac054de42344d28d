# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""How far the files of a home are that are encrypted, or made plain, before it opens."""

from collections.abc import Callable

from PySide6.QtCore import QEventLoop, Qt, Signal
from PySide6.QtWidgets import QDialog

from assistant.amounts import size_words
from assistant.app import Assistant
from assistant.errors import MaruError
from assistant.home_conversion import Converting, Tell
from assistant.texts import tr
from ui import theme
from ui.elements import Picture, column, label
from ui.progress import Progress
from ui.tasks import Task, call

WIDTH, HEIGHT = 480, 230  # pixels at 100 % text


class ConversionBar(Progress):
    """Shows one step after the other; nobody can end it here: it goes on at the next start anyway."""

    def __init__(self) -> None:
        super().__init__()
        self.cancel.hide()

    def show_step(self, step: Converting) -> None:
        """Say how far it is."""
        if step.checking:
            self.tell(tr("Checking what was written…"), None)
            return
        done, total = size_words(step.done), size_words(step.total)
        words = (
            tr("Taking the encryption off: {done} of {total}", done=done, total=total)
            if step.plain
            else tr("Encrypting what Maru keeps: {done} of {total}", done=done, total=total)
        )
        self.tell(words, step.done / step.total if step.total else None)


class ConversionWindow(QDialog):
    """Opens a home on a thread; seen as soon as something is written anew."""

    _came = Signal(object)  # Converting, from the thread

    def __init__(self, open_home: Callable[[Tell], Assistant]) -> None:
        super().__init__()
        self._open_home = open_home
        self._assistant: Assistant | None = None
        self._error: MaruError | None = None
        self._task: Task | None = None
        self.bar = ConversionBar()
        self._came.connect(self._show_step, Qt.ConnectionType.QueuedConnection)
        self.setWindowTitle("Maru")
        self.setWindowIcon(theme.icon("maru", "", 64))
        words = tr(
            "This happens once, and Maru opens when it is done. If it is cut off, the next start goes on"
            " with it."
        )
        lines = column(theme.SPACE_6, theme.SPACE_6, theme.SPACE_6, theme.SPACE_6, gap=theme.SPACE_3)
        lines.addWidget(Picture("maru", "accent", 40))
        lines.addWidget(label(tr("One moment"), "title"))
        lines.addWidget(self.bar)
        lines.addWidget(label(words, "quiet"))
        lines.addStretch(1)
        self.setLayout(lines)
        self.resize(min(theme.px(WIDTH), 800), min(theme.px(HEIGHT), 500))

    def opened(self) -> Assistant:
        """Open the home and return it. Raises what opening it raises."""
        waiting = QEventLoop()
        task = self._task = call(lambda: self._open_home(self._came.emit))
        task.finished.connect(self._take)
        task.failed.connect(self._fail)
        task.ended.connect(waiting.quit)
        task.start()
        waiting.exec()
        self._task = None
        self.hide()
        self.deleteLater()
        if self._error is not None:
            raise self._error
        assert self._assistant is not None  # noqa: S101 - a task that did not fail has a result
        return self._assistant

    def reject(self) -> None:
        """Stay: the thread holds the home."""
        if self._task is None:
            super().reject()

    def _show_step(self, step: Converting) -> None:
        self.bar.show_step(step)
        self.show()

    def _take(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def _fail(self, error: MaruError) -> None:
        self._error = error
