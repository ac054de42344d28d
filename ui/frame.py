# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The panels of the window and where they stand: list, conversation, side panel; folding and widths."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from assistant.app import Assistant
from assistant.texts import tr
from ui import theme
from ui.chat_view import ChatView
from ui.composer import Composer
from ui.conversation_list import ConversationList
from ui.error_display import ErrorNote
from ui.find_bar import FindBar
from ui.header import Header
from ui.preset_switch import PresetSwitch
from ui.side_panel import SidePanel
from ui.theme import COLUMN, LIST_WIDTH, SIDE_WIDTH, SPACE_2, SPACE_3, SPACE_4, SPACE_6, set_look
from ui.welcome import Welcome

LEAST_MIDDLE = 400  # pixels of the middle; the list folds before the text gets narrower
LEAST_LIST, LEAST_SIDE = 200, 300
SCROLL_BAR = 10


class Frame(QSplitter):
    """Holds the panels of the window; the pages of `side` are added later.

    `places` is what `where` returned when the window was closed.
    """

    def __init__(self, assistant: Assistant) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.list = ConversationList()
        self.presets = PresetSwitch()
        self.header = Header(self.presets)
        self.note = ErrorNote()
        self.chat = ChatView()
        self.welcome = Welcome()
        self.composer = Composer(assistant.privacy.preview)
        self.side = SidePanel()
        self.stack = QStackedWidget()
        self.find_bar = FindBar(
            tr("Find in this conversation"),
            self.chat.find_words,
            lambda place: self.chat.go_to_found(*place),
            self.stack,
            last_first=True,  # the reader stands at the end
        )
        self._list_width, self._side_width = LIST_WIDTH, SIDE_WIDTH
        self._given_width = 0  # of the list, when the window was divided last
        self._folded_for_room = False
        self._arrange()
        self.header.list_wanted.connect(lambda: self.show_list(True))
        self.list.fold_wanted.connect(lambda: self.show_list(False))
        self.header.side_wanted.connect(self.toggle_side)
        self.side.closed.connect(self.close_side)
        self.close_side()

    def show_list(self, shown: bool) -> None:
        """Show or fold the list of conversations."""
        if not shown:
            self._take_width()
        self.list.setVisible(shown)
        self.header.unfold.setVisible(not shown)
        self._folded_for_room = False
        self._divide()

    def open_side(self, name: str) -> None:
        """Show a page of the side panel, once it is there; the list makes room where there is little."""
        if self.side.show_page(name) and self.side.isHidden():
            self.side.show()
            room = self.width() - self._side_width - self.list.width()
            if not self.list.isHidden() and room < LEAST_MIDDLE:
                self.show_list(False)
                self._folded_for_room = True
            self._divide()

    def close_side(self) -> None:
        """Fold the side panel; the list that made room for it comes back."""
        if not self.side.isHidden():
            self._side_width = max(LEAST_SIDE, self.side.width())
        self.side.hide()
        if self._folded_for_room:
            self.show_list(True)
        self._divide()

    def toggle_side(self) -> None:
        """Show or fold the side panel."""
        if self.side.isHidden():
            self.open_side(self.side.page)
        else:
            self.close_side()

    def show_empty(self, empty: bool) -> None:
        """Show the welcome in place of an empty conversation."""
        self.stack.setCurrentWidget(self.welcome if empty else self.chat)

    def where(self) -> dict[str, str]:
        """Return how the window is divided, for the settings."""
        self._take_width()
        if not self.side.isHidden():
            self._side_width = self.side.width()
        folded = self.list.isHidden() and not self._folded_for_room
        return {"list": str(self._list_width), "side": str(self._side_width), "folded": str(int(folded))}

    def restore(self, places: Mapping[str, str]) -> None:
        """Divide the window as `where` said; what is not a number is passed over."""
        numbers = {name: int(value) for name, value in places.items() if value.isdigit()}
        self._list_width = max(LEAST_LIST, min(numbers.get("list", _scaled(LIST_WIDTH)), 480))
        self._side_width = max(LEAST_SIDE, min(numbers.get("side", SIDE_WIDTH), 900))
        self.show_list(not numbers.get("folded", 0))

    def add_card(self, card: QWidget) -> None:
        """Let a card stand above the question field; it hides itself."""
        self._above.addWidget(card)

    def panes(self) -> list[QWidget]:
        """Return what F6 walks through, from left to right."""
        shown = [] if self.list.isHidden() else [self.list.list]
        side = [] if self.side.isHidden() else [self.side]
        return [*shown, self.chat, self.composer.field, *side]

    def refresh(self) -> None:
        """Measure again: the text size changed."""
        self._limit_column()
        self._take_width()
        self.list.setMinimumWidth(_scaled(LEAST_LIST))
        self._divide()
        self.chat.refresh()
        self.composer.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the widths of both sides; the middle takes what comes or goes."""
        super().resizeEvent(event)
        self._divide()

    def _arrange(self) -> None:
        line = QFrame()
        set_look(line, "line")
        line.setFixedHeight(1)
        for page in (self.welcome, self.chat):
            self.stack.addWidget(page)
        self._foot = QWidget()
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(SPACE_2)
        foot.addWidget(self.note)
        self._above = QVBoxLayout()
        foot.addLayout(self._above)
        foot.addWidget(self.composer)
        centre = QHBoxLayout()
        centre.setContentsMargins(SPACE_6, SPACE_2, SPACE_6 + SCROLL_BAR, SPACE_4)
        centre.addStretch(1)
        centre.addWidget(self._foot, 1000)
        centre.addStretch(1)
        middle = QWidget()
        set_look(middle, "surface")
        middle.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        middle.setMinimumWidth(LEAST_MIDDLE - 80)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(line)
        column.addWidget(self.stack, 1)
        column.addLayout(centre)
        for widget, least in ((self.list, _scaled(LEAST_LIST)), (middle, 0), (self.side, LEAST_SIDE)):
            self.addWidget(widget)
            if least:
                widget.setMinimumWidth(least)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self._limit_column()

    def _limit_column(self) -> None:
        self._foot.setMaximumWidth(theme.px(COLUMN) if theme.text_percent() > 100 else COLUMN)

    def _take_width(self) -> None:
        """Keep the width that the person gave the list, not one that large text made of it."""
        if not self.list.isHidden() and self.list.width() != self._given_width:
            self._list_width = self.list.width()

    def _divide(self) -> None:
        left = self._given_width = 0 if self.list.isHidden() else max(self._list_width, _scaled(LEAST_LIST))
        right = 0 if self.side.isHidden() else self._side_width
        self.setSizes([left, max(LEAST_MIDDLE, self.width() - left - right), right])
        QTimer.singleShot(0, self, self._place_find)

    def _place_find(self) -> None:
        size = self.find_bar.sizeHint()
        self.find_bar.setGeometry(
            self.stack.width() - size.width() - SCROLL_BAR - SPACE_3, SPACE_3, size.width(), size.height()
        )


def _scaled(width: int) -> int:
    """Return a panel's width at the text size in use; a panel never takes the text's place."""
    return min(theme.px(width), 380)
