# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The left panel: new conversation, search, conversations grouped by day, documents at the foot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QKeySequence, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from assistant.conversations import Conversation, SearchHit
from assistant.texts import tr
from ui import theme
from ui.elements import TextButton
from ui.message_parts import QuietLine
from ui.plain_words import as_tip
from ui.theme import SPACE_1, SPACE_2, SPACE_3, IconButton, set_look

UNDO_MS = 10_000
SEARCH_AFTER_MS = 150
ID, IS_DAY, EXCERPT, MESSAGE, TITLE = (Qt.ItemDataRole.UserRole + step for step in range(1, 6))


@dataclass(frozen=True)
class Deleted:
    """A conversation that can still be brought back."""

    id: int
    title: str


class ConversationList(QWidget):
    """Shows conversations and emits what the user wants; it stores nothing itself.

    `search_wanted(words)` is answered by `show_hits`, the end of a search by `show_conversations`.
    """

    new_wanted = Signal()
    chosen = Signal(int)
    hit_chosen = Signal(int, int)  # conversation, message
    rename_wanted = Signal(int, str)
    delete_wanted = Signal(int, str)
    wipe_wanted = Signal(int, str)  # delete for good
    export_wanted = Signal(int, str)
    undo_wanted = Signal(int)
    search_wanted = Signal(str)
    documents_wanted = Signal()
    settings_wanted = Signal()
    fold_wanted = Signal()

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now().astimezone()) -> None:
        super().__init__()
        self._now = now
        self._conversations: tuple[Conversation, ...] = ()
        self._current = 0
        self._deleted: Deleted | None = None
        set_look(self, "side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.new = TextButton(tr("New conversation"), "row", "new")
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Search conversations"))
        self.field.setAccessibleName(tr("Search conversations"))
        self.field.setClearButtonEnabled(True)
        self._model = QStandardItemModel(self)
        self.list = _List()
        self.list.setModel(self._model)
        self._rows = _Rows(self.list)
        self.list.setItemDelegate(self._rows)
        self._empty = QLabel(tr("Your conversations will stand here."))
        self._empty.setTextFormat(Qt.TextFormat.PlainText)
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_look(self._empty, "quiet")
        self.undo = QuietLine()
        self.undo.say("")
        self.documents = TextButton(tr("Documents"), "row", "documents")
        self.settings = IconButton("settings", tr("Settings"))
        self._fold = IconButton("panel-left", tr("Fold this panel"))
        self._forget = QTimer(self, interval=UNDO_MS, singleShot=True)
        self._typing = QTimer(self, interval=SEARCH_AFTER_MS, singleShot=True)
        self._arrange()
        self._join()

    def show_conversations(self, conversations: Sequence[Conversation], current: int = 0) -> None:
        """Show all conversations, the newest first, `current` being the open one (0 for none)."""
        self._conversations, self._current = tuple(conversations), current
        if self.field.text().strip() or self.list.editing():
            return
        self._model.clear()
        day = ""
        for one in conversations:
            if (name := day_name(one.updated, self._now())) != day:
                day = name
                self._add_day(day)
            self._add(one.id, one.title or tr("New conversation"))
        self._empty.setText(tr("Your conversations will stand here."))
        self._empty.setVisible(not conversations)
        self._mark_current()

    def show_current(self, conversation_id: int) -> None:
        """Mark the open conversation."""
        self._current = conversation_id
        self._mark_current()

    def show_hits(self, words: str, hits: Sequence[SearchHit]) -> None:
        """Show what was found; an answer to words that are no longer searched is dropped."""
        if words != self.field.text().strip():
            return
        self._model.clear()
        for hit in hits:
            item = self._add(hit.conversation_id, hit.title or tr("New conversation"))
            item.setData(" ".join(hit.excerpt.split()), EXCERPT)
            item.setData(hit.message_id, MESSAGE)
        self._empty.setText(tr("Nothing found for “{words}”.", words=words))
        self._empty.setVisible(not hits)

    def show_deleted(self, conversation_id: int, title: str) -> None:
        """Offer to undo for ten seconds."""
        self._deleted = Deleted(conversation_id, title)
        shown = title if len(title) <= 16 else title[:15] + "…"
        self.undo.say(tr("Deleted “{title}”.", title=shown), "trash", "quiet", tr("Undo"))
        self._forget.start()

    def search(self) -> None:
        """Go to the search field."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(SPACE_1)
        head.addWidget(self.new, 1)
        head.addWidget(self._fold)
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_1)
        foot.addWidget(self.documents, 1)
        foot.addWidget(self.settings)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_2, SPACE_3, SPACE_2, SPACE_2)
        column.setSpacing(SPACE_2)
        column.addLayout(head)
        column.addWidget(self.field)
        column.addWidget(self._empty)
        column.addWidget(self.list, 1)
        column.addWidget(self.undo)
        column.addLayout(foot)

    def _join(self) -> None:
        keys = QKeySequence(QKeySequence.StandardKey.New).toString(QKeySequence.SequenceFormat.NativeText)
        self.new.setToolTip(keys)
        self.new.clicked.connect(self.new_wanted)
        self.documents.clicked.connect(self.documents_wanted)
        self.settings.clicked.connect(self.settings_wanted)
        self._fold.clicked.connect(self.fold_wanted)
        self.field.textChanged.connect(self._typing.start)
        self._typing.timeout.connect(self._search)
        self._forget.timeout.connect(self._end_undo)
        self.undo.button.clicked.connect(self._undo)
        self.list.clicked.connect(self._choose)
        self.list.activated.connect(self._choose)
        self.list.customContextMenuRequested.connect(self._menu)
        self.list.delete_pressed.connect(self._delete)
        self.list.menu_pressed.connect(self._menu)
        self._model.itemChanged.connect(self._rename)

    def _add_day(self, name: str) -> None:
        item = QStandardItem(name)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setData(True, IS_DAY)
        self._model.appendRow(item)

    def _add(self, conversation_id: int, title: str) -> QStandardItem:
        item = QStandardItem(title)
        item.setData(conversation_id, ID)
        item.setData(title, TITLE)
        item.setToolTip(as_tip(title))
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable
        item.setFlags(flags)
        self._model.appendRow(item)
        return item

    def _mark_current(self) -> None:
        for row in range(self._model.rowCount()):
            if self._model.item(row).data(ID) == self._current and self._current:
                self.list.setCurrentIndex(self._model.index(row, 0))
                return
        self.list.clearSelection()
        self.list.setCurrentIndex(QModelIndex())

    def _search(self) -> None:
        if words := self.field.text().strip():
            self.search_wanted.emit(words)
        else:
            self.show_conversations(self._conversations, self._current)

    def _choose(self, index: QModelIndex) -> None:
        if index.data(MESSAGE):
            self.hit_chosen.emit(index.data(ID), index.data(MESSAGE))
        elif index.data(ID):
            self.chosen.emit(index.data(ID))

    def _menu(self, at: QPoint) -> None:
        index = self.list.indexAt(at)
        if not index.data(ID):
            return
        menu = QMenu(self)
        menu.addAction(theme.icon("rename"), tr("Rename"), lambda: self.list.edit(index))
        number, title = index.data(ID), index.data()
        menu.addAction(theme.icon("download"), tr("Export…"), lambda: self.export_wanted.emit(number, title))
        menu.addAction(theme.icon("trash"), tr("Delete"), lambda: self._delete(index))
        menu.addAction(tr("Delete for good…"), lambda: self.wipe_wanted.emit(number, title))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.list.viewport().mapToGlobal(at))

    def _delete(self, index: QModelIndex) -> None:
        if index.data(ID):
            self.delete_wanted.emit(index.data(ID), index.data())

    def _rename(self, item: QStandardItem) -> None:
        title = item.text().strip()
        if title and item.data(ID) and title != item.data(TITLE):
            item.setData(title, TITLE)
            item.setToolTip(as_tip(title))
            self.rename_wanted.emit(item.data(ID), title)
        elif not title:
            item.setText(item.data(TITLE))

    def _undo(self) -> None:
        if self._deleted:
            self.undo_wanted.emit(self._deleted.id)
        self._end_undo()

    def _end_undo(self) -> None:
        self._forget.stop()
        self._deleted = None
        self.undo.say("")


class _List(QListView):
    """The list itself: F2 renames, Delete deletes, Enter opens, the menu key shows the menu."""

    delete_pressed = Signal(QModelIndex)
    menu_pressed = Signal(QPoint)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Conversations"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)

    def editing(self) -> bool:
        """Say whether a title is being changed."""
        return self.state() == QAbstractItemView.State.EditingState

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Delete with the Delete key, open with Enter."""
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_pressed.emit(index)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated.emit(index)
        elif event.key() == Qt.Key.Key_Menu:
            self.menu_pressed.emit(self.visualRect(index).center())
        else:
            super().keyPressEvent(event)


class _Rows(QStyledItemDelegate):
    """Draws days small and quiet, and under a found conversation the words that were found."""

    def sizeHint(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return a row's size: a day has room above it, a found row two lines."""
        line = option.fontMetrics.height()
        high = line + 24 if index.data(IS_DAY) else line + 16
        return QSize(60, high + (line if index.data(EXCERPT) else 0))

    def initStyleOption(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Leave the words of days and found rows to `paint`."""
        super().initStyleOption(option, index)
        if index.data(IS_DAY) or index.data(EXCERPT):
            option.text = ""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw a row."""
        roles = theme.colours()
        room = option.rect.adjusted(10, 0, -8, 0)
        small = theme.interface_font(theme.TYPE_SMALL)
        elide = Qt.TextElideMode.ElideRight
        painter.save()
        if index.data(IS_DAY):
            small.setWeight(QFont.Weight.DemiBold)
            painter.setFont(small)
            painter.setPen(QColor(roles.quiet))
            low = room.adjusted(0, 8, 0, 0)
            painter.drawText(
                low, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, str(index.data())
            )
        else:
            super().paint(painter, option, index)
            if excerpt := index.data(EXCERPT):
                upper, lower = room.adjusted(0, 6, 0, 0), room.adjusted(0, 0, 0, -6)
                painter.setPen(QColor(roles.text))
                title = option.fontMetrics.elidedText(index.data(), elide, room.width())
                painter.drawText(upper, Qt.AlignmentFlag.AlignTop, title)
                painter.setFont(small)
                painter.setPen(QColor(roles.quiet))
                words = painter.fontMetrics().elidedText(excerpt, elide, room.width())
                painter.drawText(lower, Qt.AlignmentFlag.AlignBottom, words)
        painter.restore()


def day_name(moment: float, now: datetime) -> str:
    """Return the group a conversation stands in: today, yesterday, this week, a month."""
    then = datetime.fromtimestamp(moment, now.tzinfo)
    days = (now.date() - then.date()).days
    if days <= 0:
        return tr("Today")
    if days == 1:
        return tr("Yesterday")
    if days < 7:
        return tr("This week")
    if then.date() > now.date() - timedelta(days=31):
        return tr("This month")
    return tr("{year:d}-{month:02}", year=then.year, month=then.month)
