# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The rows of the documents panel: a model over DocumentRow and the way a row is painted."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtCore import Signal as QtSignal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QMouseEvent,
    QPainter,
    QPen,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from assistant.documents.collection import DEFAULT_COLLECTION
from assistant.documents.protocol import DocumentRow
from assistant.texts import tr, trn
from ui import theme
from ui.plain_words import as_tip

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole
ICON, PAD, INSET = 18, 8, 4  # pixels; the icons grow with the text
REASON_LINES = 4  # of why a document cannot be searched; the tool tip has all of it


def counts(shown: DocumentRow) -> str:
    """Return what a document holds: "7 pages · 23 passages"."""
    parts = [trn("{n} passage", "{n} passages", shown.passages)]
    if shown.pages:
        parts.insert(0, trn("{n} page", "{n} pages", shown.pages))
    return " · ".join(parts)


def trouble(shown: DocumentRow) -> str:
    """Return why a document, or a part of it, cannot be searched; "" where all of it can."""
    if shown.status == "no_text":
        return shown.reason or tr("No text in it: perhaps a scan.")
    if shown.status == "protected":
        return shown.reason or tr("It needs a password.")
    if shown.status == "failed":
        return shown.reason or tr("It could not be read.")
    return f"{counts(shown)} · {shown.reason}" if shown.reason else ""


def away(shown: DocumentRow) -> str:
    """Return what to say of a document whose drive is not connected, "" where it is there."""
    return "" if shown.there else tr("not there just now")


class DocumentRows(QAbstractListModel):
    """Documents whose path contains the words of the filter, in the order given."""

    def __init__(self) -> None:
        super().__init__()
        self._all: list[DocumentRow] = []
        self._shown: list[DocumentRow] = []
        self._filter = ""

    def show_rows(self, rows: Sequence[DocumentRow]) -> None:
        """Hold these documents from now on."""
        self._all = list(rows)
        self.filter(self._filter)

    def filter(self, words: str) -> None:
        """Show only documents whose path contains every word, in any case."""
        self._filter = words
        wanted = words.casefold().split()
        self.beginResetModel()
        self._shown = [r for r in self._all if all(w in str(r.path).casefold() for w in wanted)]
        self.endResetModel()

    @property
    def total(self) -> int:
        """How many documents there are, filtered or not."""
        return len(self._all)

    def index_of(self, path: Path) -> QModelIndex:
        """Return where a document stands; an invalid index where it is not shown."""
        at = next((i for i, r in enumerate(self._shown) if r.path == path), -1)
        return self.index(at, 0) if at >= 0 else QModelIndex()

    def rowCount(self, _parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Return the number of documents shown."""
        return len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the row itself (ROW), or what is shown, told and read out of it."""
        if not index.isValid():
            return None
        shown = self._shown[index.row()]
        if role == ROW:
            return shown
        if role == Qt.ItemDataRole.DisplayRole:
            return shown.path.name
        if role == Qt.ItemDataRole.ToolTipRole:
            lines = (str(shown.path), trouble(shown) or counts(shown), away(shown))
            return as_tip("\n".join(part for part in lines if part))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{shown.path.name}, {trouble(shown) or counts(shown)}"
        return None


class DocumentPainter(QStyledItemDelegate):
    """Paints a document in two lines (more where it has a trouble), with a bin on the row in hand."""

    remove_pressed = QtSignal(object)  # Path

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        self._names_collections = True

    def name_collections(self, on: bool) -> None:
        """Say which collection a document is in, or not where all are in one."""
        self._names_collections = on

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        """Return the height of the lines at the text size in use."""
        shown: DocumentRow = index.data(ROW)
        small = QFontMetrics(theme.interface_font(theme.TYPE_SMALL)).height()
        body = QFontMetrics(theme.interface_font(theme.TYPE_BODY)).height()
        under = self._trouble_lines(shown) if trouble(shown) else 1
        lines = body + small * (under + self._collection_line(shown)) + 2
        return QSize(120, lines + PAD * 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        shown: DocumentRow = index.data(ROW)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, option)
        bad = bool(trouble(shown))
        box = option.rect.adjusted(PAD + INSET, PAD, -PAD - INSET, -PAD)
        self._icon(painter, "warning" if bad else "document", "warning" if bad else "quiet", box.topLeft())
        if self._in_hand(option):
            self._icon(painter, "trash", "quiet", self._bin(option.rect).topLeft())
        if bad or self._in_hand(option):  # a reason breaks as it did when its lines were counted
            box.setRight(self._bin(option.rect).left() - PAD)
        box.setLeft(box.left() + theme.px(ICON) + PAD)
        self._lines(painter, box, shown)
        painter.restore()

    def editorEvent(  # noqa: N802 - Qt's name
        self, event: QEvent, _model: Any, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Tell when the bin is pressed."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
            hit = self._bin(option.rect).adjusted(-PAD, -PAD, PAD, PAD).contains(event.position().toPoint())
            if hit and event.button() == Qt.MouseButton.LeftButton:
                self.remove_pressed.emit(index.data(ROW).path)
                return True
        return False

    def _collection_line(self, shown: DocumentRow) -> int:
        return int(self._names_collections and shown.collection != DEFAULT_COLLECTION)

    def _trouble_lines(self, shown: DocumentRow) -> int:
        """Return how many lines a trouble takes beside the icon and the bin, at most `REASON_LINES`."""
        width = self._view.viewport().width() - 2 * (PAD + INSET + theme.px(ICON) + PAD)
        font = theme.interface_font(theme.TYPE_SMALL)
        found = broken(trouble(shown), font, width, REASON_LINES, Qt.TextElideMode.ElideRight)
        return len(found)

    @staticmethod
    def _in_hand(option: QStyleOptionViewItem) -> bool:
        state = option.state
        return bool(state & QStyle.StateFlag.State_MouseOver or state & QStyle.StateFlag.State_Selected)

    @staticmethod
    def _bin(rect: QRect) -> QRect:
        size = theme.px(ICON)
        return QRect(rect.right() - PAD - INSET - size, rect.top() + PAD, size, size)

    @staticmethod
    def _icon(painter: QPainter, name: str, role: str, at: Any) -> None:
        size = theme.px(ICON)
        drawn = theme.icon(name, getattr(theme.colours(), role), size).pixmap(size, size)
        painter.drawPixmap(at, drawn)

    @staticmethod
    def _ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
        roles, state = theme.colours(), option.state
        frame = option.rect.adjusted(INSET, 1, -INSET, -1)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(QColor(roles.accent_soft))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(roles.hover))
        focused = state & QStyle.StateFlag.State_HasFocus
        painter.setPen(QPen(QColor(roles.accent), 2) if focused else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(frame, theme.RADIUS, theme.RADIUS)

    def _lines(self, painter: QPainter, box: QRect, shown: DocumentRow) -> None:
        roles, reason = theme.colours(), trouble(shown)
        small = theme.interface_font(theme.TYPE_SMALL)
        body = theme.interface_font(theme.TYPE_BODY)
        lines = [(shown.path.name, body, roles.text, Qt.TextElideMode.ElideMiddle)]
        parts = (away(shown), counts(shown), shown.path.parent.name)
        under = reason or " · ".join(part for part in parts if part)
        lines.append((under, small, roles.warning if reason else roles.quiet, Qt.TextElideMode.ElideRight))
        if self._collection_line(shown):
            in_words = tr("Collection {name}", name=shown.collection)
            if not shown.collection:
                in_words = tr("Of this conversation alone")
            lines.append((in_words, small, roles.quiet, Qt.TextElideMode.ElideRight))
        top = box.top() - 1
        for words, font, colour, mode in lines:
            tall = self._trouble_lines(shown) if reason and words == reason else 1
            painter.setFont(font)
            painter.setPen(QColor(colour))
            top += _draw_lines(painter, QRect(box.left(), top, box.width(), 0), words, mode, tall) + 1


def _draw_lines(painter: QPainter, box: QRect, words: str, mode: Qt.TextElideMode, lines: int) -> int:
    """Draw `words` in at most `lines` lines from the top of `box`; return the height used, in pixels."""
    metrics, flags = painter.fontMetrics(), Qt.AlignmentFlag.AlignVCenter
    for at, part in enumerate(broken(words, painter.font(), box.width(), lines, mode)):
        line = QRect(box.left(), box.top() + at * metrics.height(), box.width(), metrics.height())
        painter.drawText(line, flags, part)
    return metrics.height() * lines


def broken(words: str, font: QFont, width: int, lines: int, mode: Qt.TextElideMode) -> list[str]:
    """Return `words` in at most `lines` lines of `width` pixels, the last one cut with "…" if it must."""
    layout, at = QTextLayout(words, font), 0
    parts: list[str] = []
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    while len(parts) < lines - 1 and (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        parts.append(words[at : line.textStart() + line.textLength()].strip())
        at = line.textStart() + line.textLength()
    layout.endLayout()
    rest = QFontMetrics(font).elidedText(words[at:].strip(), mode, width)
    return [*parts, rest] if rest else parts
