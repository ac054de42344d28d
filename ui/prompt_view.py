# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What the model saw: the exact prompt, with everything that was hidden from it marked."""

import re
from collections.abc import Mapping

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QGuiApplication, QSyntaxHighlighter, QTextCharFormat, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QStackedWidget, QWidget

from assistant.entities import ENTITY_NAMES
from assistant.texts import tr, trn
from ui import theme
from ui.blocks import Empty
from ui.elements import Note, button, column, label, row

PLACEHOLDER = re.compile(r"\[[^\W\d_][^\W_]*(?:_[^\W\d_]+)*_\d+\]")  # [EMAIL_1], [KR_RRN_2], [이메일_1]


class PromptView(QWidget):
    """Shows a prompt as text: read-only, to be copied, placeholders marked."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = Note("", "mask")
        self.explanation = label(tr("Exactly this text was given to the model."), "quiet")
        self.words = QPlainTextEdit()
        self.words.setReadOnly(True)
        self.words.setTabChangesFocus(True)
        self.words.setFrameShape(QFrame.Shape.NoFrame)
        self.words.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        self.words.setTextInteractionFlags(flags)
        self.words.setAccessibleName(tr("What the model saw"))
        self._marks = PlaceholderMarks(self.words)
        self.copy_button = button(tr("Copy all"), "", "copy")
        self.copy_button.clicked.connect(self._copy)
        lines = column(theme.SPACE_4, theme.SPACE_3, theme.SPACE_4, theme.SPACE_3)
        lines.addWidget(self.explanation)
        lines.addWidget(self.hidden)
        lines.addWidget(self.words, 1)
        lines.addLayout(row(self.copy_button, 1))
        full = QWidget()
        full.setLayout(lines)
        empty = Empty("eye", tr("Nothing to show yet"), tr("Ask a question; what the model saw stands here."))
        self.stack = QStackedWidget()
        self.stack.addWidget(empty)
        self.stack.addWidget(full)
        outer = column()
        outer.addWidget(self.stack)
        self.setLayout(outer)

    def show_prompt(self, prompt: str, masked: Mapping[str, int]) -> None:
        """Show `prompt` as the model got it; `masked` counts what was hidden, by type."""
        self.words.setPlainText(prompt)
        total = sum(masked.values())
        found = ", ".join(f"{_name(kind)} ({n})" for kind, n in sorted(masked.items()))
        said = trn("{n} thing was hidden from the model", "{n} things were hidden from the model", total)
        self.hidden.say(
            f"{said}: {found}" if total else tr("Nothing was hidden."), "mask" if total else "soft"
        )
        self.stack.setCurrentIndex(1 if prompt else 0)

    def clear(self) -> None:
        """Show nothing."""
        self.words.clear()
        self.stack.setCurrentIndex(0)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Mark again in the new colours, in the code font at the new size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_marks"):
            self._marks.rehighlight()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.words.toPlainText())


def _name(kind: str) -> str:
    known = {entity.value: name for entity, name in ENTITY_NAMES.items()}
    return str(known.get(kind, kind))


class PlaceholderMarks(QSyntaxHighlighter):
    """Marks placeholders in the colour of what is hidden, and underlines them."""

    def __init__(self, words: QPlainTextEdit) -> None:
        super().__init__(words.document())

    def highlightBlock(self, line: str) -> None:  # noqa: N802 - Qt's name
        """Mark the placeholders of one line."""
        roles, look = theme.colours(), QTextCharFormat()
        look.setForeground(QColor(roles.mask))
        look.setBackground(QColor(roles.mask_soft))
        look.setFontUnderline(True)
        for found in PLACEHOLDER.finditer(line):
            before = len(line[: found.start()].encode("utf-16-le", "surrogatepass")) // 2
            self.setFormat(before, len(found.group()), look)
