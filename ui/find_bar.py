# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Find in the open conversation: the words, how many places, next and previous."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QWidget

from assistant.texts import tr
from ui import theme
from ui.chat_view import ChatView
from ui.theme import SPACE_1, SPACE_2, IconButton, set_look

FIND_AFTER_MS = 120


class FindBar(QFrame):
    """Finds in `chat`. Enter goes on, Shift+Enter goes back, Esc closes."""

    closed = Signal()

    def __init__(self, chat: ChatView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chat = chat
        self._places: list[tuple[int, int]] = []
        self._at = -1
        set_look(self, "card")
        self.field = QLineEdit()
        set_look(self.field, "plain")
        self.field.setPlaceholderText(tr("Find in this conversation"))
        self.field.setAccessibleName(tr("Find in this conversation"))
        self.field.setMinimumWidth(180)
        self.count = QLabel()
        set_look(self.count, "small")
        self.count.setMinimumWidth(theme.px(84))
        self.back = IconButton("up", tr("Previous place"))
        self.onward = IconButton("down", tr("Next place"))
        close = IconButton("close", tr("Close"))
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_2, SPACE_1, SPACE_1, SPACE_1)
        row.setSpacing(SPACE_1)
        for thing in (self.field, self.count, self.back, self.onward, close):
            row.addWidget(thing)
        self._typing = QTimer(self, interval=FIND_AFTER_MS, singleShot=True)
        self._typing.timeout.connect(self._find)
        self.field.textChanged.connect(self._typing.start)
        self.back.clicked.connect(lambda: self.step(-1))
        self.onward.clicked.connect(lambda: self.step(1))
        close.clicked.connect(self.close_bar)
        self._say()
        self.hide()

    def open_bar(self) -> None:
        """Show the bar and go to its field."""
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._find()

    def close_bar(self) -> None:
        """Take the bar and the marks away."""
        self._typing.stop()
        self.hide()
        self._chat.find_words("")
        self._places, self._at = [], -1
        self.closed.emit()

    def step(self, by: int) -> None:
        """Go to the next (1) or previous (-1) place."""
        if self._typing.isActive():
            self._typing.stop()
            self._find()
        elif self._places:
            self._go((self._at + by) % len(self._places))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter, Shift+Enter and Esc."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)

    def _find(self) -> None:
        self._places = self._chat.find_words(self.field.text())
        self._at = -1
        if self._places:
            self._go(len(self._places) - 1)  # the newest first: the reader stands at the end
        self._say()

    def _go(self, place: int) -> None:
        self._at = place
        self._chat.go_to_found(*self._places[place])
        self._say()

    def _say(self) -> None:
        words = ""
        if self._places:
            words = tr("{place} of {places}", place=self._at + 1, places=len(self._places))
        elif self.field.text():
            words = tr("not found")
        self.count.setText(words)
        self.back.setEnabled(len(self._places) > 1)
        self.onward.setEnabled(len(self._places) > 1)
