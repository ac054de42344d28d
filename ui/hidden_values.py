# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Every value that is hidden from the model in the open conversation, by kind, for its owner's eyes."""

from collections.abc import Sequence

from PySide6.QtWidgets import QStackedWidget, QWidget

from assistant.entities import ENTITY_NAMES, EntityType
from assistant.texts import tr, trn
from ui import theme
from ui.blocks import Empty, ScrollColumn
from ui.elements import column, label, row
from ui.prompt_view import Hidden

MOST = 300  # values that are listed; a list of more is no longer read


class HiddenValues(QWidget):
    """Lists values and, beside each, what the model sees in its place."""

    def __init__(self) -> None:
        super().__init__()
        self.count = label("", "heading")
        self._list = ScrollColumn(gap=theme.SPACE_3)
        full = QWidget()
        lines = column(gap=theme.SPACE_1)
        top = column(theme.SPACE_4, theme.SPACE_3, theme.SPACE_4, 0, gap=theme.SPACE_1)
        top.addWidget(self.count)
        top.addWidget(label(tr("The model sees what stands at the right in place of each."), "quiet"))
        lines.addLayout(top)
        lines.addWidget(self._list, 1)
        full.setLayout(lines)
        words = tr("What you write and what your documents say is looked through before the model sees it.")
        self.stack = QStackedWidget()
        self.stack.addWidget(Empty("mask", tr("Nothing is hidden in this conversation"), words))
        self.stack.addWidget(full)
        outer = column()
        outer.addWidget(self.stack)
        self.setLayout(outer)

    def show_values(self, hidden: Sequence[Hidden]) -> None:
        """List these values."""
        self._list.clear()
        told = trn(
            "{n} value hidden in this conversation", "{n} values hidden in this conversation", len(hidden)
        )
        self.count.setText(told)
        self.stack.setCurrentIndex(1 if hidden else 0)
        shown: EntityType | None = None
        for placeholder, kind, value in hidden[:MOST]:
            if kind is not shown:
                shown = kind
                self._list.add(label(str(ENTITY_NAMES[kind]), "small"))
            self._list.add(_line(placeholder, kind, value))
        if len(hidden) > MOST:
            rest = len(hidden) - MOST
            self._list.add(label(trn("and {n} more", "and {n} more", rest), "small"))


def _line(placeholder: str, kind: EntityType, value: str) -> QWidget:
    words = label(value, selectable=True)
    words.setAccessibleName(
        tr(
            "{kind} {value}, seen as {placeholder}",
            kind=str(ENTITY_NAMES[kind]),
            value=value,
            placeholder=placeholder,
        )
    )
    made = QWidget()
    line = row(words, label(placeholder, "mask", wrap=False))
    line.setStretch(0, 1)
    made.setLayout(line)
    return made
