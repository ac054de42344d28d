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

from assistant.documents.protocol import DocumentRow, FileProgress, FileResult, FileStatus
from assistant.texts import tr, trn
from ui import theme
from ui.blocks import Empty
from ui.document_rows import ROW, DocumentPainter, DocumentRows
from ui.elements import button, column, label, row
from ui.progress import Progress
from ui.theme import IconButton

FILTER_FROM = 8  # documents; fewer are found with one look
TROUBLES_SHOWN = 20


class DocumentsPanel(QWidget):
    """Lists the documents of the library and asks for changes; it changes nothing itself.

    `extensions` (".pdf", ...) are offered first in the file dialog. `clock` returns seconds.
    """

    add_requested = Signal(list)  # list[Path]: files and folders
    remove_requested = Signal(object)  # Path, after the user confirmed it
    cancel_requested = Signal()  # end the adding that is going on
    document_activated = Signal(object)  # Path

    def __init__(self, extensions: Sequence[str] = (), clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._extensions = tuple(extensions)
        self._results: list[FileResult] = []
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
        self.progress.tell(_progress_sentence(progress), _fraction(progress))

    def show_result(self, result: FileResult) -> None:
        """Keep what came of a file until the adding is finished."""
        self._results.append(result)

    def indexing_finished(self) -> None:
        """Take the progress away and say what came of it; also after a cancel."""
        self.progress.end()
        self.outcome.show_results(self._results)
        self._results = []

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
        lines.addLayout(row(self.count, 1, self.add_button))
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
        remove = QAction(tr("Remove…"), menu)
        remove.triggered.connect(lambda: self._ask_removal(chosen))
        menu.addActions([show, remove])
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


class RemovalQuestion(QFrame):
    """Asks, in place and by name, whether a document shall be removed. Esc keeps it."""

    confirmed = Signal(list)  # list[Path]
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        theme.set_look(self, "soft")
        self._paths: list[Path] = []
        self.question = label()
        self.remove = button(tr("Remove"), "danger")
        self.keep = button(tr("Keep"), "quiet")
        self.remove.clicked.connect(self._confirm)
        self.keep.clicked.connect(self._close)
        lines = column(theme.SPACE_3, theme.SPACE_2, theme.SPACE_2, theme.SPACE_2)
        lines.addWidget(self.question)
        lines.addLayout(row(1, self.keep, self.remove))
        self.setLayout(lines)
        self.hide()

    def ask(self, paths: Sequence[Path]) -> None:
        """Ask about these documents."""
        self._paths = list(paths)
        named = tr("Remove {name} from Maru? The file itself stays where it is.", name=paths[0].name)
        many = trn(
            "Remove {n} document from Maru? The files themselves stay where they are.",
            "Remove {n} documents from Maru? The files themselves stay where they are.",
            len(paths),
        )
        self.question.setText(named if len(paths) == 1 else many)
        self.remove.setAccessibleDescription(self.question.text())
        self.show()
        self.keep.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the document on Esc; Enter presses the button in focus."""
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.remove.hasFocus():
            self._confirm()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._close()
        else:
            super().keyPressEvent(event)

    def _confirm(self) -> None:
        paths = self._paths
        self._close()
        self.confirmed.emit(paths)

    def _close(self) -> None:
        self.hide()
        self.closed.emit()


class Outcome(QFrame):
    """What came of adding: the counts in a sentence, and each file that failed with its reason."""

    def __init__(self) -> None:
        super().__init__()
        self.sentence, self.reasons = label(), label("", "small", selectable=True)
        close = IconButton("close", tr("Hide this"))
        close.clicked.connect(self.hide)
        top = row(self.sentence, close)
        top.setStretch(0, 1)
        top.setAlignment(close, Qt.AlignmentFlag.AlignTop)
        lines = column(theme.SPACE_3, theme.SPACE_2, theme.SPACE_2, theme.SPACE_2, gap=theme.SPACE_1)
        lines.addLayout(top)
        lines.addWidget(self.reasons)
        self.setLayout(lines)
        self.hide()

    def show_results(self, results: Sequence[FileResult]) -> None:
        """Show what came of these files; nothing where there are none."""
        bad = [r for r in results if r.status in (FileStatus.FAILED, FileStatus.NO_TEXT)]
        self.sentence.setText(_outcome_sentence(results))
        lines = [f"{r.path.name}: {r.reason or tr('It could not be read.')}" for r in bad[:TROUBLES_SHOWN]]
        if len(bad) > TROUBLES_SHOWN:
            rest = len(bad) - TROUBLES_SHOWN
            lines.append(trn("and {n} more file", "and {n} more files", rest))
        self.reasons.setText("\n".join(lines))
        self.reasons.setVisible(bool(bad))
        theme.set_look(self, "warning" if bad else "soft")
        self.setVisible(bool(results))


def _outcome_sentence(results: Sequence[FileResult]) -> str:
    tally = {status: sum(r.status is status for r in results) for status in FileStatus}
    parts = []
    if n := tally[FileStatus.ADDED]:
        parts.append(trn("{n} document added", "{n} documents added", n))
    if n := tally[FileStatus.REPLACED]:
        parts.append(trn("{n} read again because it changed", "{n} read again because they changed", n))
    if n := tally[FileStatus.UNCHANGED]:
        parts.append(trn("{n} already there", "{n} already there", n))
    if n := tally[FileStatus.NO_TEXT]:
        parts.append(trn("{n} without text", "{n} without text", n))
    if n := tally[FileStatus.FAILED]:
        parts.append(trn("{n} could not be read", "{n} could not be read", n))
    return ", ".join(parts) + ("." if parts else "")


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
