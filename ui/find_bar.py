# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Find in what is shown, a conversation or a document: the words, how many places, next and previous."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QWidget

from assistant.texts import tr
from ui import theme
from ui.theme import SPACE_1, SPACE_2, IconButton, set_look

FIND_AFTER_MS = 120


class FindBar(QFrame):
    """Enter goes on, Shift+Enter goes back, Esc closes.

    `find(words)` returns the places of words in order, none of no words; `go(place)` shows one of them;
    with `last_first` that is the last one to begin with.
    """

    closed = Signal()

    def __init__(
        self,
        name: str,
        find: Callable[[str], Sequence[Any]],
        go: Callable[[Any], object],
        parent: QWidget | None = None,
        *,
        last_first: bool = False,
    ) -> None:
        super().__init__(parent)
        self._find_places, self._show_place, self._last_first = find, go, last_first
        self._places: Sequence[Any] = ()
        self._at = -1
        set_look(self, "card")
        self.field = QLineEdit()
        set_look(self.field, "plain")
        self.field.setPlaceholderText(name)
        self.field.setAccessibleName(name)
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
        self._find_places("")
        self._places, self._at = (), -1
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
        self._places = self._find_places(self.field.text())
        self._at = -1
        if self._places:
            self._go(len(self._places) - 1 if self._last_first else 0)
        self._say()

    def _go(self, place: int) -> None:
        self._at = place
        self._show_place(self._places[place])
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
