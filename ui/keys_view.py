# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The sheet of keys (Ctrl+/): what each key does, as the window tells it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from assistant.texts import tr
from ui import theme
from ui.blocks import ScrollColumn
from ui.elements import Badge, button, column, label, row


@dataclass(frozen=True)
class KeyLine:
    """A key, as QKeySequence reads it ("Ctrl+N"), and what it does, in the language in use."""

    keys: str
    what: str


class KeysView(QDialog):
    """Lists keys in two columns; stays open beside the window."""

    def __init__(self, lines: Sequence[KeyLine], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys"))
        self.setModal(False)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.SPACE_6)
        grid.setVerticalSpacing(theme.SPACE_2)
        grid.setColumnStretch(0, 1)
        for at, line in enumerate(lines):
            keys = native(line.keys)
            what, badge = label(line.what), Badge(keys)
            what.setAccessibleName(f"{line.what}: {keys}")
            grid.addWidget(what, at, 0)
            grid.addWidget(badge, at, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        scroll = ScrollColumn(margin=theme.SPACE_6)
        scroll.add(grid)
        scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        close = button(tr("Close"))
        close.clicked.connect(self.close)
        below = row(1, close)
        below.setContentsMargins(theme.SPACE_6, theme.SPACE_2, theme.SPACE_6, theme.SPACE_4)
        inside = column()
        inside.addWidget(scroll, 1)
        inside.addLayout(below)
        self.setLayout(inside)
        self.resize(min(theme.px(460), 900), min(theme.px(120 + 34 * len(lines)), 680))


def native(keys: str) -> str:
    """Return keys as this system writes them: Cmd on macOS; what Qt does not know stays as it is."""
    sequence = QKeySequence(keys)
    return sequence.toString(QKeySequence.SequenceFormat.NativeText) or keys
