# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""One piece of a message as a text document: Markdown with citation chips, or plain text.

A model's text may never open a file, a share or an address: `loadResource` returns nothing, raw
HTML is not read, and only web and mail addresses become links, each followed by where it leads.
"""

from collections.abc import Callable, Sequence
from math import ceil
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QTextEdit, QToolTip, QWidget

from assistant.texts import tr
from ui import theme
from ui.link_addresses import openable
from ui.markdown import for_qt
from ui.plain_words import as_tip
from ui.text_style import (
    CHIP_SCHEME,
    INVENTED,
    UNSURE,
    broken,
    set_line_height,
    set_marks,
    style,
    take_bullets,
    wrap_mode,
)

_DIALECT = QTextDocument.MarkdownFeature(
    QTextDocument.MarkdownFeature.MarkdownDialectGitHub.value
    | QTextDocument.MarkdownFeature.MarkdownNoHTML.value
)

BULLET, BULLET_BEFORE = 5, 11  # pixels: how wide a bullet is, and its middle before the words


class ClosedDocument(QTextDocument):
    """A document that opens nothing, whatever its text names."""

    def loadResource(self, _type: int, _name: QUrl | str) -> Any:  # noqa: N802 - Qt's name
        """Return nothing: no picture, no style sheet."""
        return None


class RichText(QTextBrowser):
    """A text that is as high as it needs to be. `chip_activated` carries the chip's number from 0."""

    chip_activated = Signal(int)
    link_activated = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, wide: bool = False) -> None:
        super().__init__(parent)
        self._wide = wide
        self._again: Callable[[], None] = lambda: None
        self._fitted = (-1, 0)  # the width laid out for, and the height it needs
        self._chips: list[QTextCursor] = []
        self._bullets: list[QTextCursor] = []
        self._found: list[QTextCursor] = []
        self.describe: Callable[[int], str] = lambda _chip: ""
        self.describe_unsure: Callable[[int], str] = lambda _word: ""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        if not wide:
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextBrowserInteraction | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.anchorClicked.connect(self._follow)

    def show_markdown(self, source: str, chips: Sequence[int] = ()) -> None:
        """Show Markdown with marks (ui.markdown); `chips` holds the number that each chip shows."""
        self._again = lambda: self.show_markdown(source, chips)
        document = self._new_document()
        document.setMarkdown(for_qt(broken(source)), _DIALECT)
        edit = QTextCursor(document)
        edit.beginEditBlock()
        style(document, pictures="![" in source)
        self._chips, self._bullets = set_marks(document, chips), take_bullets(document)
        edit.endEditBlock()
        self._take(document, source)

    def show_plain(self, text: str, font: QFont | None = None) -> None:
        """Show text as it is."""
        self._again = lambda: self.show_plain(text, font)
        document = self._new_document(font)
        document.setPlainText(broken(text))
        if not self._wide:
            set_line_height(document)
        self._chips, self._bullets = [], []
        self._take(document, text)

    def fit(self, width: int) -> int:
        """Lay the text out for `width` pixels and return the height it needs."""
        if self._fitted[0] != width:
            self._fitted = (width, self._lay_out(width))
        return self._fitted[1]

    def _lay_out(self, width: int) -> int:
        document = self.document()
        if not self._wide:
            document.setTextWidth(width)
            return ceil(document.size().height())
        document.setTextWidth(-1)
        ideal = ceil(document.idealWidth())
        self.setLineWrapMode(QTextEdit.LineWrapMode.FixedPixelWidth)
        self.setLineWrapColumnOrWidth(max(width, ideal if ideal < 4 * width else 2 * width))
        document.setTextWidth(self.lineWrapColumnOrWidth())
        bar = self.horizontalScrollBar().sizeHint().height() if ideal > width else 0
        return ceil(document.size().height()) + bar

    def ideal_width(self, most: int) -> int:
        """Return how wide the text would like to be, `most` pixels at most."""
        self._fitted = (-1, 0)
        self.document().setTextWidth(most)
        return min(most, ceil(self.document().idealWidth()) + 1)

    def highlight(self, words: str, current: int = -1) -> int:
        """Mark every place where `words` stand, the one of number `current` strongly; return how many."""
        roles = theme.colours()
        found: list[QTextCursor] = []
        cursor = self.document().find(words) if words else QTextCursor()
        while not cursor.isNull():
            found.append(cursor)
            cursor = self.document().find(words, cursor)
        selections = []
        for number, place in enumerate(found):
            selection = QTextEdit.ExtraSelection()
            selection.cursor = place
            shown = selection.format
            shown.setBackground(QColor(roles.accent if number == current else roles.warning_soft))
            shown.setForeground(QColor(roles.on_accent if number == current else roles.text))
            selection.format = shown
            selections.append(selection)
        self.setExtraSelections(selections)
        self._found = found
        return len(found)

    def found_count(self) -> int:
        """Return how many places are marked."""
        return len(self._found)

    def found_top(self, number: int) -> int:
        """Return where the found place `number` stands, in pixels from the top."""
        if not self._found:
            return 0
        return self.cursorRect(self._found[min(number, len(self._found) - 1)]).top()

    def loadResource(self, _type: int, _name: QUrl | str) -> Any:  # noqa: N802 - Qt's name
        """Return nothing: a text opens no file."""
        return None

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the grounds of the chips and the bullets, then the text."""
        if self._chips or self._bullets:
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.colours().accent_soft))
            for chip in self._chips:
                painter.drawRoundedRect(self._chip_rect(chip), 5, 5)
            painter.setBrush(QColor(theme.colours().quiet))
            for bullet in self._bullets:
                first = self.cursorRect(bullet)
                middle = QPointF(first.left() - theme.px(BULLET_BEFORE), first.center().y() + 1)
                painter.drawEllipse(middle, theme.px(BULLET) / 2, theme.px(BULLET) / 2)
            painter.end()
        super().paintEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Show the quote behind a chip, where a link leads, or how sure the model was of a word."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            address = QUrl(self.anchorAt(event.pos()))
            told = self.describe(_chip_number(address)) if address.scheme() == CHIP_SCHEME else ""
            if not told and address.isValid() and address.scheme() != CHIP_SCHEME:
                told = openable(address.toString())
            if not told and self.format_at(event.pos()).boolProperty(INVENTED):
                told = tr("The model made this up: nothing of yours stands behind it.")
            if not told and (word := self.unsure_at(event.pos())) >= 0:
                told = self.describe_unsure(word)
            QToolTip.showText(event.globalPos(), as_tip(told), self)
            return True
        return super().viewportEvent(event)

    def unsure_at(self, place: QPoint) -> int:
        """Return the number of the word at `place` that the model was not sure of; -1 for none."""
        return int(self.format_at(place).intProperty(UNSURE)) - 1

    def format_at(self, place: QPoint) -> QTextCharFormat:
        """Return the look of the letter at `place`, an empty one beside the text."""
        cursor = self.cursorForPosition(place)
        start = self.cursorRect(cursor)
        if place.x() >= start.left():  # a cursor has the look of the letter before it
            cursor.movePosition(QTextCursor.MoveOperation.NextCharacter)
        near = start.adjusted(-theme.px(24), 0, theme.px(24), 0).contains(place)
        return cursor.charFormat() if near else QTextCharFormat()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Leave upward and downward turns to the conversation; sideways ones scroll a table."""
        if abs(event.angleDelta().x()) > abs(event.angleDelta().y()):
            super().wheelEvent(event)
        else:
            event.ignore()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the text again in the new colours and sizes."""
        if event.type() == QEvent.Type.PaletteChange:
            self._again()
        super().changeEvent(event)

    def _new_document(self, font: QFont | None = None) -> QTextDocument:
        document = ClosedDocument(self)
        document.setUndoRedoEnabled(False)
        document.setDocumentMargin(0)
        document.setIndentWidth(theme.px(22))
        document.setDefaultFont(font or theme.interface_font(theme.TYPE_READING))
        return document

    def _take(self, document: QTextDocument, source: str) -> None:
        old = self.document()
        self.setWordWrapMode(wrap_mode(source))
        self.setDocument(document)
        self._fitted = (-1, 0)
        if isinstance(old, ClosedDocument):
            old.deleteLater()

    def _follow(self, address: QUrl) -> None:
        if address.scheme() == CHIP_SCHEME:
            self.chip_activated.emit(_chip_number(address))
        elif opened := openable(address.toString()):
            self.link_activated.emit(opened)

    def _chip_rect(self, chip: QTextCursor) -> QRectF:
        start, end = QTextCursor(chip), QTextCursor(chip)
        start.setPosition(chip.selectionStart())
        end.setPosition(chip.selectionEnd())
        left, right = self.cursorRect(start), self.cursorRect(end)
        middle, height = right.center().y(), theme.px(17)
        width = max(theme.px(16), right.left() - left.left())
        return QRectF(right.left() - width, middle - height / 2, width, height)


def _chip_number(address: QUrl) -> int:
    return int(address.path() or 0)
