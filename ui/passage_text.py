# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The text of a place, read-only, with a passage marked and scrolled to."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit

from assistant.texts import tr
from ui import theme
from ui.text_style import broken, wrap_mode

SMALLEST, LARGEST = 9, 40  # type sizes in pixels, before the text size of the settings


class PassageText(QPlainTextEdit):
    """Shows text as it is, never as HTML, and marks a span of it (code points)."""

    def __init__(self) -> None:
        super().__init__()
        self._marked: tuple[int, int] | None = None
        self._size = theme.TYPE_READING
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(tr("Text of the document"))
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        self.setTextInteractionFlags(flags)
        self.setTabChangesFocus(True)
        self._apply_size()

    def show_text(self, words: str, start: int, end: int) -> None:
        """Show `words` with [start, end) marked and in sight; an empty span marks nothing."""
        # Same length, so that spans stay true: a document of Qt's ends a line with one character.
        even = broken(words.replace("\r\n", " \n").replace("\r", "\n"))
        self.setWordWrapMode(wrap_mode(even))
        self.setPlainText(even)
        start, end = max(start, 0), min(end, len(words))
        self._marked = (_utf16(words[:start]), _utf16(words[:end])) if start < end else None
        self._mark()
        self.show_mark()

    def show_mark(self) -> None:
        """Scroll to the marked span, to the top where there is none."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._marked[0] if self._marked else 0)
        self.setTextCursor(cursor)
        if self._marked:
            self.centerCursor()

    def marked_text(self) -> str:
        """Return what is marked, "" where nothing is."""
        chosen = [selection.cursor.selectedText() for selection in self.extraSelections()]
        return "".join(chosen).replace("\u2029", "\n")

    def zoom_by(self, factor: float) -> None:
        """Make the letters larger (above 1) or smaller."""
        self._size = min(max(round(self._size * factor), SMALLEST), LARGEST)
        self._apply_size()
        self.show_mark()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Mark again in the new colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_marked"):
            self._mark()
            self._apply_size()

    def _apply_size(self) -> None:
        # The program's style sheet sets the size of every widget; only a sheet of its own outweighs it.
        sheet = f"font-size: {theme.px(self._size)}px;"
        if self.styleSheet() != sheet:
            self.setStyleSheet(sheet)

    def _mark(self) -> None:
        selections = []
        if self._marked:
            roles, selection = theme.colours(), QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.document())
            cursor.setPosition(self._marked[0])
            cursor.setPosition(self._marked[1], QTextCursor.MoveMode.KeepAnchor)
            look = QTextCharFormat()
            look.setBackground(QColor(roles.accent_soft))
            look.setForeground(QColor(roles.text))
            look.setFontUnderline(True)
            selection.cursor, selection.format = cursor, look
            selections.append(selection)
        self.setExtraSelections(selections)


def _utf16(words: str) -> int:
    """Return the length in UTF-16 units, which Qt counts in; Python counts code points."""
    return len(words.encode("utf-16-le", "surrogatepass")) // 2
