# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Errors where they happened: what happened, what to do, one button."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from assistant.errors import MaruError, StoppedError, WorkerError
from assistant.texts import tr
from ui import theme
from ui.fold import Fold
from ui.theme import SPACE_1, SPACE_2, SPACE_3, SPACE_4, SPACE_6, IconButton, set_look

ROOM_FOR_BUTTON = 400  # pixels; in less the button stands below the words


class ErrorNote(QFrame):
    """A band that says what happened and what to do; it stays until it is closed or another comes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = QLabel()
        self._sign = ("warning", "danger")
        set_look(self, "danger")
        self._action: Callable[[], None] = lambda: None
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
        self._helped = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._helped.setSpacing(SPACE_2)
        self._helped.addLayout(told, 1)
        self._helped.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        row.addWidget(self._icon)
        row.addLayout(self._helped, 1)
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
        """Show an error, and what is so in spite of it; `button` names the one `action` that helps.

        What the user stopped is said quietly, without a button.
        """
        stopped = isinstance(error, StoppedError)
        self._sign = ("info", "quiet") if stopped else ("warning", "danger")
        self._draw_icon()
        set_look(self, "soft" if stopped else "danger")
        lines = [str(error.message), str(error.hint), besides]
        self.words.setText("\n".join(line for line in lines if line))
        log = error.details if isinstance(error, WorkerError) else ()
        self.log.setText("\n".join(log))
        self.details.setVisible(bool(log))
        self.setAccessibleName(self.words.text())
        self._action = action or (lambda: None)
        self.button.setText(button)
        self.button.setVisible(bool(button) and not stopped)
        self.show()

    def show_notice(
        self, words: str, more: str = "", button: str = "", action: Callable[[], None] | None = None
    ) -> None:
        """Say that something was done, quietly; `button` names the one `action` that is left to do."""
        self._sign = ("check", "quiet")
        self._draw_icon()
        set_look(self, "soft")
        self.words.setText("\n".join(line for line in (words, more) if line))
        self.setAccessibleName(self.words.text())
        self.details.hide()
        self._action = action or (lambda: None)
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self.show()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give the words the room that the button leaves, or all of it."""
        super().resizeEvent(event)
        beside = self.width() >= theme.px(ROOM_FOR_BUTTON)
        directions = QBoxLayout.Direction
        self._helped.setDirection(directions.LeftToRight if beside else directions.TopToBottom)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the icon in the new colours and size."""
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icon()
        super().changeEvent(event)

    def _draw_icon(self) -> None:
        name, role = self._sign
        side = theme.px(18)
        self._icon.setPixmap(theme.icon(name, getattr(theme.colours(), role), side).pixmap(side, side))

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
