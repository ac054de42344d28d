# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Asks in place, in words that name the thing, before something is done that cannot be undone."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame

from assistant.texts import tr
from ui import theme
from ui.blocks import Beside
from ui.elements import button, column, label


class Question(QFrame):
    """One question at a time. Esc and the first button leave everything as it is.

    `look` is that of the whole, `confirming` that of the second button.
    """

    def __init__(self, look: str = "soft", confirming: str = "danger") -> None:
        super().__init__()
        theme.set_look(self, look)
        self._action: Callable[[], None] = lambda: None
        self.words = label()
        self.keep, self.confirm = button(tr("Leave it"), "quiet"), button("", confirming)
        self.keep.clicked.connect(self.hide)
        self.confirm.clicked.connect(self._do)
        lines = column(theme.SPACE_3, theme.SPACE_3, theme.SPACE_3, theme.SPACE_2)
        lines.addWidget(self.words)
        lines.addWidget(Beside(self.keep, self.confirm))
        self.setLayout(lines)
        self.hide()

    def ask(self, words: str, confirm: str, action: Callable[[], None]) -> None:
        """Ask; `confirm` names the button that calls `action`."""
        self._action = action
        self.words.setText(words)
        self.confirm.setText(confirm)
        self.confirm.setAccessibleName(confirm)
        self.confirm.setAccessibleDescription(words)
        self.show()
        self.keep.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Leave it on Esc; Enter presses the button in focus."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape or (enter and not self.confirm.hasFocus()):
            self.hide()
        elif enter:
            self._do()
        else:
            super().keyPressEvent(event)

    def _do(self) -> None:
        self.hide()
        self._action()
