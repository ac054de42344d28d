# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The right panel: one page at a time, closed until it is needed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from assistant.texts import tr
from ui.theme import SPACE_2, SPACE_4, IconButton, set_look


class SidePanel(QWidget):
    """Holds pages by name and shows one of them under its title."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        set_look(self, "side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._pages: dict[str, tuple[QWidget, str]] = {}
        self._stack = QStackedWidget()
        self._title = QLabel()
        set_look(self._title, "heading")
        self._close = IconButton("close", tr("Close this panel"))
        self._close.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.setContentsMargins(SPACE_4, SPACE_2, SPACE_2, SPACE_2)
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._stack, 1)

    def add_page(self, name: str, title: str, page: QWidget) -> None:
        """Add a page that `show_page(name)` shows under `title`."""
        self._pages[name] = (page, title)
        self._stack.addWidget(page)

    def show_page(self, name: str) -> bool:
        """Show a page; return whether there is one of this name."""
        if name not in self._pages:
            return False
        page, title = self._pages[name]
        self._stack.setCurrentWidget(page)
        self._title.setText(title)
        self.setAccessibleName(title)
        return True

    @property
    def page(self) -> str:
        """The name of the page that is shown."""
        shown = self._stack.currentWidget()
        return next((name for name, (page, _title) in self._pages.items() if page is shown), "")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
