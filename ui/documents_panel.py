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

from assistant.documents.protocol import DocumentRow, FileProgress, FileResult
from assistant.texts import tr, trn
from ui import theme
from ui.blocks import Empty
from ui.document_notes import Outcome, RemovalQuestion
from ui.document_rows import ROW, DocumentPainter, DocumentRows
from ui.elements import button, column, label, row
from ui.progress import Progress
from ui.theme import IconButton

FILTER_FROM = 8  # documents; fewer are found with one look


class DocumentsPanel(QWidget):
    """Lists the documents of the library and asks for changes; it changes nothing itself.

    `extensions` (".pdf", ...) are offered first in the file dialog. `clock` returns seconds.
    """

    add_requested = Signal(list)  # list[Path]: files and folders
    remove_requested = Signal(object)  # Path, after the user confirmed it
    cancel_requested = Signal()  # end the adding that is going on
    document_activated = Signal(object)  # Path
    search_wanted = Signal()  # look into the documents, without the model
    why_wanted = Signal(object)  # Path: why was it not used?

    def __init__(self, extensions: Sequence[str] = (), clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._extensions = tuple(extensions)
        self._results: list[FileResult] = []
        self._paused = False
        self._doing: tuple[str, float | None] = ("", None)
        self.dialog: QFileDialog | None = None
        self._rows = DocumentRows()
        self.progress = Progress(clock)
        self.progress.cancelled.connect(self.cancel_requested)
        self.removal = RemovalQuestion()
        self.removal.confirmed.connect(self._remove)
        self.removal.closed.connect(self._to_list)
        self.outcome = Outcome()
        self._build_list()
        self._build_frame()
        self.show_documents([])

    def show_documents(self, rows: Sequence[DocumentRow]) -> None:
        """Show these documents, in this order; the selected one stays selected."""
        chosen = self.selected()
        self._rows.show_rows(rows)
        for path in chosen:
            if (index := self._rows.index_of(path)).isValid():
                self.list.setCurrentIndex(index)
        self._show_counts()

    def show_progress(self, progress: FileProgress) -> None:
        """Say which file is being added and how far it is."""
        if self.progress.isHidden():
            self._results = []
            self.outcome.hide()
        self._doing = (_progress_sentence(progress), _fraction(progress))
        self._tell()

    def show_paused(self, paused: bool) -> None:
        """Say that adding waits while an answer is written, or goes on."""
        self._paused = paused
        if not self.progress.isHidden():
            self._tell()

    def show_result(self, result: FileResult) -> None:
        """Keep what came of a file until the adding is finished."""
        self._results.append(result)

    def indexing_finished(self) -> None:
        """Take the progress away and say what came of it; also after a cancel."""
        self.progress.end()
        self.outcome.show_results(self._results)
        self._results = []

    def _tell(self) -> None:
        sentence, fraction = self._doing
        waits = tr("Paused while an answer is written. {sentence}", sentence=sentence)
        self.progress.tell(waits if self._paused else sentence, fraction)

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
        self.list.activated.connect(lambda index: self.document_activated.emit(index.data(ROW).path))
        self.list.installEventFilter(self)
        painter = DocumentPainter(self.list)
        painter.remove_pressed.connect(lambda path: self._ask_removal([path]))
        self.list.setItemDelegate(painter)

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
        for part in (self.filter, self.progress, self.outcome, self.removal):
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
        page: QWidget = self.list if self._rows.rowCount() else self.nothing if total else self.empty
        self.stack.setCurrentWidget(page)

    def _menu(self, at: QPoint) -> None:
        chosen = self.selected()
        if not chosen:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        show = QAction(tr("Show"), menu)
        show.triggered.connect(lambda: self.document_activated.emit(chosen[0]))
        why = QAction(tr("Why was it not used?"), menu)
        why.triggered.connect(lambda: self.why_wanted.emit(chosen[0]))
        remove = QAction(tr("Remove…"), menu)
        remove.triggered.connect(lambda: self._ask_removal(chosen))
        menu.addActions([show, why, remove])
        menu.popup(self.list.viewport().mapToGlobal(at))

    def _ask_removal(self, paths: Sequence[Path]) -> None:
        self.removal.ask(paths)

    def _remove(self, paths: list[Path]) -> None:
        for path in paths:
            self.remove_requested.emit(path)

    def _to_list(self) -> None:
        self.list.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let Delete ask for the removal of what is selected."""
        if watched is self.list and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.selected():
                self._ask_removal(self.selected())
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and len(self.selected()) == 1:
                self.document_activated.emit(self.selected()[0])
                return True
        return super().eventFilter(watched, event)


def _progress_sentence(at: FileProgress) -> str:
    name, file = at.path.name, tr("file {number} of {total}", number=at.number, total=at.total)
    if not at.places:
        step = tr("{name}: opening", name=name)
    elif at.step == "reading" and at.path.suffix.lower() == ".pdf":
        step = tr("{name}: page {done} of {places}", name=name, done=at.done, places=at.places)
    elif at.step == "reading":
        step = tr("{name}: part {done} of {places}", name=name, done=at.done, places=at.places)
    else:
        step = tr("{name}: passage {done} of {places}", name=name, done=at.done, places=at.places)
    return f"{step} · {file}" if at.total > 1 else step


def _fraction(at: FileProgress) -> float | None:
    if not at.total:
        return None
    within = at.done / at.places if at.places else 0.0
    half = within / 2 if at.step == "reading" else 0.5 + within / 2
    return (at.number - 1 + half) / at.total
