# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What personal data a document holds, by kind and number: looked for when somebody asks."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame

from assistant.entities import EntityType
from assistant.texts import tr
from ui import theme
from ui.elements import button, column, label, row
from ui.privacy_words import counted
from ui.theme import IconButton


class PersonalNote(QFrame):
    """Tells it of one document, and offers a copy with all of it hidden."""

    copy_wanted = Signal(object)  # Path

    def __init__(self) -> None:
        super().__init__()
        theme.set_look(self, "mask")
        self.path = Path()
        self.sentence, self.kinds = label(), label("", "small", selectable=True)
        self.copy = button(tr("Masked copy…"), "link")
        close = IconButton("close", tr("Hide this"))
        top = row(self.sentence, close)
        top.setStretch(0, 1)
        top.setAlignment(close, Qt.AlignmentFlag.AlignTop)
        lines = column(theme.SPACE_3, theme.SPACE_2, theme.SPACE_2, theme.SPACE_2, gap=theme.SPACE_1)
        lines.addLayout(top)
        lines.addWidget(self.kinds)
        lines.addLayout(row(self.copy, 1))
        self.setLayout(lines)
        self.copy.clicked.connect(lambda: self.copy_wanted.emit(self.path))
        close.clicked.connect(self.hide)
        self.hide()

    def begin(self, path: Path) -> None:
        """Say that a document is looked through."""
        self.path = path
        self.sentence.setText(tr("Looking for personal data in {name}…", name=path.name))
        self.kinds.hide()
        self.copy.hide()
        self.show()

    def show_counts(self, path: Path, counts: Mapping[EntityType, int]) -> None:
        """Tell what is in it; different values count, each once."""
        if path != self.path:
            return
        none = tr("No personal data was found in {name}.", name=path.name)
        self.sentence.setText(tr("In {name}:", name=path.name) if counts else none)
        most_first = sorted(counts.items(), key=lambda pair: -pair[1])
        self.kinds.setText("\n".join(f"• {counted(kind, n)}" for kind, n in most_first))
        self.kinds.setVisible(bool(counts))
        self.copy.setVisible(bool(counts))
        self.setAccessibleName(f"{self.sentence.text()} {self.kinds.text()}")
        self.show()
