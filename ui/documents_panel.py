# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The documents Maru may search: what is in, how far adding is, what went wrong, add and remove."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFrame,
    QLineEdit,
    QListView,
    QMenu,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from assistant.documents.collection import IndexingState
from assistant.documents.protocol import DocumentRow, FileResult
from assistant.texts import tr, trn
from ui import theme
from ui.blocks import Empty
from ui.collection_bar import CollectionBar
from ui.document_notes import Outcome, PasswordQuestion, RemovalQuestion, WatchedNote
from ui.document_rows import ROW, DocumentPainter, DocumentRows, trouble
from ui.elements import button, column, label, row
from ui.personal_note import PersonalNote
from ui.progress import Progress
from ui.theme import IconButton

FILTER_FROM = 8  # documents; fewer are found with one look


class DocumentsPanel(QWidget):
    """Lists the documents of the library and asks for changes; it changes nothing itself.

    `extensions` (".pdf", ...) are offered first in the file dialog. `clock` returns seconds.
    """

    add_requested = Signal(list)  # list[Path]: files and folders
    remove_requested = Signal(object)  # Path, after the user confirmed it
    retry_requested = Signal(object)  # Path: read it once more
    unlock_requested = Signal(object, str)  # Path, its password
    pause_requested = Signal(bool)  # let reading wait, or go on
    cancel_requested = Signal()  # drop what waits to be read
    collection_delete_requested = Signal(str)  # after the user confirmed it
    document_activated = Signal(object)  # Path
    search_wanted = Signal()  # look into the documents, without the model
    personal_wanted = Signal(object)  # Path: what personal data is in it?
    copy_wanted = Signal(object)  # Path: a copy with personal data hidden
    wipe_wanted = Signal(object)  # Path: delete all that is known of it
    why_wanted = Signal(object)  # Path: why was it not used?
    whole_wanted = Signal(object)  # Path: read it whole for what is asked next

    def __init__(self, extensions: Sequence[str] = (), clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._extensions = tuple(extensions)
        self._results: list[FileResult] = []
        self._documents: list[DocumentRow] = []
        self._paused = False
        self._state = IndexingState()
        self.dialog: QFileDialog | None = None
        self._rows = DocumentRows()
        self.bar = CollectionBar()
        self.bar.chosen.connect(self._choose_collection)
        self.bar.folder_wanted.connect(lambda _name: self.choose_folder())
        self.bar.delete_wanted.connect(self._ask_deletion)
        self.progress = Progress(clock, pausable=True)
        self.progress.cancelled.connect(self.cancel_requested)
        self.progress.pause_wanted.connect(self.pause_requested)
        self.progress.setContentsMargins(theme.SPACE_2, 0, 0, 0)  # under the side panel's title
        self.removal = RemovalQuestion()
        self.removal.confirmed.connect(self._remove)
        self.removal.collection_confirmed.connect(self.collection_delete_requested)
        self.removal.closed.connect(self._to_list)
        self.password = PasswordQuestion()
        self.password.given.connect(self.unlock_requested)
        self.password.closed.connect(self._to_list)
        self.watched = WatchedNote()
        self.outcome, self.personal = Outcome(), PersonalNote()
        self.personal.copy_wanted.connect(self.copy_wanted)
        self._build_list()
        self._build_frame()
        self.show_documents([])

    def show_documents(self, rows: Sequence[DocumentRow]) -> None:
        """Show these documents, or those of them that are in the collection chosen, in this order."""
        chosen, wanted = self.selected(), self.bar.shown
        self._documents = list(rows)
        self._rows.show_rows([one for one in rows if wanted in ("", one.collection)])
        for path in chosen:
            if (index := self._rows.index_of(path)).isValid():
                self.list.setCurrentIndex(index)
        self._show_counts()

    def _choose_collection(self, name: str) -> None:
        self._painter.name_collections(not name)
        self.show_documents(self._documents)

    def show_state(self, state: IndexingState) -> None:
        """Say which file is read, how far all of them are, how fast it goes, and how long it takes."""
        if not state.of_files and not state.of_made:
            return
        if self.progress.isHidden():
            self._results = []
            self.outcome.hide()
        self._state = state
        self._tell()
        self._show_counts()

    def show_paused(self, paused: bool) -> None:
        """Say that reading waits while an answer is written, or goes on."""
        self._paused = paused
        if not self.progress.isHidden():
            self._tell()

    def show_result(self, result: FileResult) -> None:
        """Keep what came of a file until the reading is finished."""
        self._results.append(result)

    def indexing_finished(self) -> None:
        """Take the progress away and say what came of it; also after a cancel."""
        self.progress.end()
        self.outcome.show_results(self._results)
        self._results = []
        self._show_counts()

    def _tell(self) -> None:
        state = self._state
        sentence = _progress_sentence(state)
        if state.problem:
            sentence = tr("Paused. {reason}", reason=state.problem)
        elif state.paused and state.of_made:
            sentence = tr("Paused. Until this is done, the earlier search model is used.")
        elif state.paused:
            left = state.of_files - state.files
            sentence = trn("Paused. {n} file waits.", "Paused. {n} files wait.", left)
        elif self._paused:
            sentence = tr("Paused while an answer is written. {sentence}", sentence=sentence)
        self.progress.tell(sentence, _fraction(state))
        self.progress.show_paused(state.paused)
        self.progress.tell_left(state.seconds_left, _speed(state))

    def selected(self) -> list[Path]:
        """Return the paths of the selected documents."""
        return [index.data(ROW).path for index in self.list.selectedIndexes()]

    def _build_list(self) -> None:
        self.list = QListView()
        self.list.setModel(self._rows)
        self.list.setAccessibleName(tr("Documents"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setMouseTracking(True)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu)
        self.list.activated.connect(lambda index: self._open(index.data(ROW).path))
        self.list.installEventFilter(self)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)  # a reason may take fewer lines
        self._painter = DocumentPainter(self.list)
        self._painter.remove_pressed.connect(lambda path: self._ask_removal([path]))
        self.list.setItemDelegate(self._painter)

    def _build_frame(self) -> None:
        self.add_button = IconButton("add-document", tr("Add documents"))
        self.add_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.add_button.setMenu(self._add_menu())
        self.search_button = IconButton("search", tr("Search your documents"))
        self.search_button.clicked.connect(self.search_wanted)
        self.count = label("", "small", wrap=False)
        self.count.setContentsMargins(theme.SPACE_2, 0, 0, 0)  # under the side panel's title
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(tr("Filter documents"))
        self.filter.setAccessibleName(tr("Filter documents"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._filter)
        add = button(tr("Add files…"))
        add.clicked.connect(self.choose_files)
        self.empty = Empty(
            "add-document",
            tr("No documents yet"),
            tr("Drag a document here, or add files. Maru reads them on this computer and answers from them."),
            add,
        )
        self.nothing = Empty("search", "", tr("No document's name contains these words."))
        self.stack = QStackedWidget()
        # The list gives way first: nothing above it may be squeezed in a low window with large text.
        self.stack.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        for page in (self.list, self.empty, self.nothing):
            self.stack.addWidget(page)
        lines = column(theme.SPACE_2, theme.SPACE_2, theme.SPACE_2, theme.SPACE_2)
        lines.addLayout(row(self.count, 1, self.search_button, self.add_button))
        notes = (self.watched, self.outcome, self.personal, self.removal, self.password)
        for part in (self.bar, self.filter, self.progress, *notes):
            lines.addWidget(part)
        lines.addWidget(self.stack, 1)
        self.setLayout(lines)

    def _add_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(tr("Files…"), self.choose_files)
        menu.addAction(tr("A folder with everything in it…"), self.choose_folder)
        return menu

    def choose_files(self) -> None:
        """Open the file dialog; the files chosen go out with `add_requested`."""
        known = " ".join(f"*{extension}" for extension in self._extensions)
        filters = [tr("Documents") + f" ({known})"] if known else []
        self._dialog(QFileDialog.FileMode.ExistingFiles, [*filters, tr("All files") + " (*)"])

    def choose_folder(self) -> None:
        """Open the dialog for a folder; it goes out with `add_requested`."""
        self._dialog(QFileDialog.FileMode.Directory, [])

    def _dialog(self, mode: QFileDialog.FileMode, filters: Sequence[str]) -> None:
        # One dialog for good: it remembers the folder, and none is destroyed while it is closing.
        dialog = self.dialog or QFileDialog(self, tr("Add documents"))
        if self.dialog is None:
            self.dialog = dialog
            dialog.filesSelected.connect(self._add)
        dialog.setFileMode(mode)
        dialog.setNameFilters(list(filters) or [tr("All files") + " (*)"])
        dialog.open()

    def _add(self, names: list[str]) -> None:
        self.add_requested.emit([Path(name) for name in names])

    def _filter(self, words: str) -> None:
        self._rows.filter(words)
        self._show_counts()

    def _show_counts(self) -> None:
        total = self._rows.total
        self.count.setText(trn("{n} document", "{n} documents", total) if total else "")
        self.filter.setVisible(total >= FILTER_FROM or bool(self.filter.text()))
        reading = not self.progress.isHidden()  # nothing is there yet, but soon
        nothing = self.nothing if total else self.list if reading else self.empty
        self.stack.setCurrentWidget(self.list if self._rows.rowCount() else nothing)

    def _menu(self, at: QPoint) -> None:
        if self.selected():
            self.menu_of(self.selected()).popup(self.list.viewport().mapToGlobal(at))

    def menu_of(self, chosen: Sequence[Path]) -> QMenu:
        """Return what can be done with these documents."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        first = chosen[0]
        shown = next((one for one in self._documents if one.path == first), None)
        acts: list[tuple[str, Callable[[], object]]] = [
            (tr("Show"), lambda: self.document_activated.emit(first)),
            (tr("Why was it not used?"), lambda: self.why_wanted.emit(first)),
        ]
        if shown is not None and shown.passages:
            acts.insert(1, (tr("Read this document whole"), lambda: self.whole_wanted.emit(first)))
            acts.append((tr("Personal data in it"), lambda: self.personal_wanted.emit(first)))
            acts.append((tr("Export a masked copy…"), lambda: self.copy_wanted.emit(first)))
        if shown is not None and shown.status == "protected":
            acts.append((tr("Give its password…"), lambda: self.password.ask(first)))
        if shown is not None and trouble(shown):
            acts.append((tr("Try again"), lambda: self._retry(chosen)))
        acts.append((tr("Remove…"), lambda: self._ask_removal(chosen)))
        acts.append((tr("Delete for good…"), lambda: self.wipe_wanted.emit(first)))
        for words, act in acts:
            action = QAction(words, menu)
            action.triggered.connect(act)
            menu.addAction(action)
        return menu

    def _retry(self, paths: Sequence[Path]) -> None:
        for path in paths:
            self.retry_requested.emit(path)

    def _ask_deletion(self, collection: str) -> None:
        self.removal.ask_collection(collection)

    def _ask_removal(self, paths: Sequence[Path]) -> None:
        self.password.hide()
        self.removal.ask(paths)

    def _remove(self, paths: list[Path]) -> None:
        for path in paths:
            self.remove_requested.emit(path)

    def _open(self, path: Path) -> None:
        """Show a document; one that wants a password asks for it."""
        if any(one.path == path and one.status == "protected" for one in self._documents):
            self.password.ask(path)
        else:
            self.document_activated.emit(path)

    def _to_list(self) -> None:
        self.list.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let Delete ask for the removal of what is selected."""
        if watched is self.list and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.selected():
                self._ask_removal(self.selected())
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and len(self.selected()) == 1:
                self._open(self.selected()[0])
                return True
        return super().eventFilter(watched, event)


def _progress_sentence(state: IndexingState) -> str:
    at, total = state.now, state.of_files
    if state.of_made:
        return tr(
            "Preparing the search model: passage {done} of {total}", done=state.made, total=state.of_made
        )
    number = min(state.files + 1, total)
    file = tr("file {number} of {total}", number=number, total=total)
    if at is None:
        return trn("Reading {n} file", "Reading {n} files", total)
    name = at.path.name
    if not at.places or (at.step == "reading" and not at.done):
        step = tr("{name}: opening", name=name)
    elif at.step == "reading" and at.path.suffix.lower() == ".pdf":
        step = tr("{name}: page {done} of {places}", name=name, done=at.done, places=at.places)
    elif at.step == "reading":
        step = tr("{name}: part {done} of {places}", name=name, done=at.done, places=at.places)
    else:
        step = tr("{name}: passage {done} of {places}", name=name, done=at.done, places=at.places)
    return f"{step} · {file}" if total > 1 else step


def _speed(state: IndexingState) -> str:
    """Return what was read until now, and how fast: "412 passages, 45 a second"."""
    if state.of_made and state.passages_per_second >= 1:
        return tr("{n} passages a second", n=round(state.passages_per_second))
    if not state.passages:
        return ""
    passages = trn("{n} passage", "{n} passages", state.passages)
    if state.passages_per_second < 1:
        return passages
    each = round(state.passages_per_second)
    return tr("{passages}, {n} a second", passages=passages, n=each)


def _fraction(state: IndexingState) -> float:
    if state.of_made:
        return min(state.made / state.of_made, 1.0)
    at = state.now
    within = at.done / at.places if at is not None and at.places else 0.0
    half = 0.0 if at is None else within / 2 if at.step == "reading" else 0.5 + within / 2
    return min((state.files + half) / state.of_files, 1.0)
