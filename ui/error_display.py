# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Errors where they happened: what happened, what to do, one button."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from assistant.errors import MaruError, WorkerError
from assistant.texts import tr
from ui import theme
from ui.fold import Fold
from ui.theme import SPACE_1, SPACE_2, SPACE_3, SPACE_4, SPACE_6, IconButton, set_look


class ErrorNote(QFrame):
    """A band that says what happened and what to do; it stays until it is closed or another comes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "danger")
        self._action: Callable[[], None] = lambda: None
        self._icon = QLabel()
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton()
        self.log = QLabel()
        self.log.setWordWrap(True)
        self.log.setTextFormat(Qt.TextFormat.PlainText)
        self.log.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_look(self.log, "small")
        self.details = Fold(tr("Details"), self.log)
        close = IconButton("close", tr("Close"))
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_3, SPACE_2, SPACE_2, SPACE_2)
        row.setSpacing(SPACE_2)
        told = QVBoxLayout()
        told.setSpacing(SPACE_1)
        told.addWidget(self.words)
        told.addWidget(self.details)
        row.addWidget(self._icon)
        row.addLayout(told, 1)
        row.addWidget(self.button)
        row.addWidget(close)
        self.button.clicked.connect(self._press)
        close.clicked.connect(self.hide)
        self.hide()

    def show_error(
        self,
        error: MaruError,
        button: str = "",
        action: Callable[[], None] | None = None,
        besides: str = "",
    ) -> None:
        """Show an error, and what is so in spite of it; `button` names the one `action` that helps."""
        side = theme.px(18)
        self._icon.setPixmap(theme.icon("warning", theme.colours().danger, side).pixmap(side, side))
        lines = [str(error.message), str(error.hint), besides]
        self.words.setText("\n".join(line for line in lines if line))
        log = error.details if isinstance(error, WorkerError) else ()
        self.log.setText("\n".join(log))
        self.details.setVisible(bool(log))
        self.setAccessibleName(self.words.text())
        self._action = action or (lambda: None)
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self.show()

    def _press(self) -> None:
        self.hide()
        self._action()


class FatalWindow(QDialog):
    """What is shown in place of the window where Maru cannot start."""

    def __init__(self, error: MaruError) -> None:
        super().__init__()
        self.setWindowTitle(tr("Maru cannot start"))
        self.setWindowIcon(theme.icon("maru", "", 64))
        mark = QLabel()
        mark.setPixmap(theme.icon("maru", "", 48).pixmap(48, 48))
        message, hint = QLabel(str(error.message)), QLabel(str(error.hint))
        set_look(message, "title")
        set_look(hint, "reading")
        for label in (message, hint):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.close_button = QPushButton(tr("Close Maru"))
        set_look(self.close_button, "primary")
        self.close_button.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_6)
        column.setSpacing(SPACE_4)
        column.addWidget(mark)
        column.addWidget(message)
        column.addWidget(hint)
        column.addStretch(1)
        column.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignRight)
        self.setMinimumWidth(theme.px(440))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc and Enter close."""
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accept()
        else:
            super().keyPressEvent(event)
