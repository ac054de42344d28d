# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What the model saw: the exact prompt, with everything that was hidden from it marked."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QHelpEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QStackedWidget, QToolTip, QWidget

from assistant.entities import ENTITY_NAMES, EntityType
from assistant.privacy.vault import KINDS, LITERAL
from assistant.texts import tr, trn
from ui import theme
from ui.blocks import Empty
from ui.elements import Note, button, column, label, row
from ui.plain_words import as_tip
from ui.text_style import broken, wrap_mode

PLACEHOLDER = re.compile(r"\[([^\W\d_][^\W_]*(?:_[^\W\d_]+)*)_(\d+)\]")  # [EMAIL_1], [KR_RRN_2], [이메일_1]

Hidden = tuple[str, EntityType, str]
"""A placeholder, what it is, and the value that it stands for."""


class PromptView(QWidget):
    """Shows a prompt as text: read-only, to be copied, placeholders marked.

    What a placeholder stands for is told on hover, and below the text for the one at the cursor.
    """

    def __init__(self) -> None:
        super().__init__()
        self.hidden = Note("", "mask")
        self.explanation = label(tr("Exactly this text was given to the model."), "quiet")
        self.words = PromptText()
        self.words.setAccessibleName(tr("What the model saw"))
        self.words.cursorPositionChanged.connect(self._explain)
        self._marks = PlaceholderMarks(self.words)
        self.meaning = label("", "mask", selectable=True)
        self.meaning.hide()
        self.copy_button = button(tr("Copy all"), "", "copy")
        self.copy_button.clicked.connect(self._copy)
        lines = column(theme.SPACE_4, theme.SPACE_3, theme.SPACE_4, theme.SPACE_3)
        lines.addWidget(self.explanation)
        lines.addWidget(self.hidden)
        lines.addWidget(self.words, 1)
        lines.addWidget(self.meaning)
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
        """Show `prompt` as the model got it; `masked` counts what was hidden, by type, where it does not."""
        self.words.setWordWrapMode(wrap_mode(prompt))
        self.words.setPlainText(broken(prompt))
        self.meaning.hide()
        masked = _hidden_in(prompt) or masked
        total = sum(masked.values())
        found = ", ".join(f"{_name(kind)} ({n})" for kind, n in sorted(masked.items()))
        said = trn("{n} thing was hidden from the model", "{n} things were hidden from the model", total)
        self.hidden.say(
            f"{said}: {found}" if total else tr("Nothing was hidden."), "mask" if total else "soft"
        )
        self.stack.setCurrentIndex(1 if prompt else 0)

    def show_values(self, hidden: Iterable[Hidden]) -> None:
        """Tell from now on what the placeholders of this conversation stand for."""
        self.words.values = {key: value for placeholder, _kind, value in hidden if (key := _key(placeholder))}
        self._explain()

    def clear(self) -> None:
        """Show nothing."""
        self.words.clear()
        self.words.values = {}
        self.stack.setCurrentIndex(0)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Mark again in the new colours, in the code font at the new size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_marks"):
            self._marks.rehighlight()

    def _explain(self) -> None:
        told = self.words.meaning(self.words.textCursor())
        self.meaning.setText(told)
        self.meaning.setVisible(bool(told))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.words.toPlainText())


class PromptText(QPlainTextEdit):
    """The text of a prompt. `values` has what its placeholders stand for."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[tuple[str, int], str] = {}
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        self.setTextInteractionFlags(flags)

    def meaning(self, cursor: QTextCursor) -> str:
        """Return what the placeholder at `cursor` stands for, "" where none is known."""
        line = cursor.block().text()
        at = len(
            line.encode("utf-16-le", "surrogatepass")[: 2 * cursor.positionInBlock()].decode(
                "utf-16-le", "replace"
            )
        )
        for found in PLACEHOLDER.finditer(line):
            if found.start() <= at <= found.end():
                return self._told(found.group())
        return ""

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Tell what the placeholder under the pointer stands for."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cursor = self.cursorForPosition(event.pos())
            near = self.cursorRect(cursor).adjusted(-theme.px(24), 0, theme.px(24), 0).contains(event.pos())
            QToolTip.showText(event.globalPos(), as_tip(self.meaning(cursor)) if near else "", self)
            return True
        return super().viewportEvent(event)

    def _told(self, placeholder: str) -> str:
        key = _key(placeholder)
        if key is None:
            return ""
        if key[0] == LITERAL:
            return tr(
                "{placeholder} stands for words that only look like a placeholder.", placeholder=placeholder
            )
        if value := self.values.get(key):
            return tr("{placeholder} stands for {value}", placeholder=placeholder, value=value)
        return ""


def _hidden_in(prompt: str) -> dict[str, int]:
    """Return how many different values of each type are hidden in a prompt: history, passages, question."""
    there = {_key(found.group()) for found in PLACEHOLDER.finditer(prompt)}
    return dict(Counter(key[0] for key in there if key is not None and key[0] != LITERAL))


def _key(placeholder: str) -> tuple[str, int] | None:
    """Return the kind and number of a placeholder, in either language; None for what is none of ours."""
    found = PLACEHOLDER.fullmatch(placeholder)
    kind = KINDS.get(found[1]) if found else None
    return (kind, int(found[2])) if found and kind else None


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
