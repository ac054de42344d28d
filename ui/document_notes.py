# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What the documents panel asks and tells in place: whether to remove a document, what came of adding."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout

from assistant.documents.protocol import FileResult, FileStatus
from assistant.texts import tr, trn
from ui import theme
from ui.elements import button, column, label, row
from ui.theme import IconButton

TROUBLES_SHOWN = 20
BAD = (FileStatus.FAILED, FileStatus.NO_TEXT, FileStatus.PROTECTED)
READ = (FileStatus.ADDED, FileStatus.REPLACED)  # with a reason: not all of it


class RemovalQuestion(QFrame):
    """Asks, in place and by name, whether documents or a collection shall go. Esc keeps them."""

    confirmed = Signal(list)  # list[Path]
    collection_confirmed = Signal(str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        theme.set_look(self, "soft")
        self._paths: list[Path] = []
        self._collection = ""
        self.question = label()
        self.remove = button("", "danger")
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
        self._paths, self._collection = list(paths), ""
        named = tr("Remove {name} from Maru? The file itself stays where it is.", name=paths[0].name)
        many = trn(
            "Remove {n} document from Maru? The files themselves stay where they are.",
            "Remove {n} documents from Maru? The files themselves stay where they are.",
            len(paths),
        )
        self.remove.setText(tr("Remove"))
        self._ask(named if len(paths) == 1 else many)

    def ask_collection(self, name: str) -> None:
        """Ask about a collection with all its documents."""
        self._paths, self._collection = [], name
        self.remove.setText(tr("Delete"))
        self._ask(tr("Delete the collection {name}? The files themselves stay where they are.", name=name))

    def _ask(self, question: str) -> None:
        self.question.setText(question)
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
        paths, collection = self._paths, self._collection
        self._close()
        if collection:
            self.collection_confirmed.emit(collection)
        else:
            self.confirmed.emit(paths)

    def _close(self) -> None:
        self.hide()
        self.closed.emit()


class PasswordQuestion(QFrame):
    """Asks for the password of a document, in place. Enter gives it, Esc leaves it."""

    given = Signal(object, str)  # Path, the password
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        theme.set_look(self, "soft")
        self._path: Path | None = None
        self.question = label()
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(tr("Password"))
        self.field.returnPressed.connect(self._give)
        self.read = button(tr("Read it"), "primary")
        self.leave = button(tr("Leave it"), "quiet")
        self.read.clicked.connect(self._give)
        self.leave.clicked.connect(self._close)
        lines = column(theme.SPACE_3, theme.SPACE_2, theme.SPACE_2, theme.SPACE_2)
        lines.addWidget(self.question)
        lines.addWidget(self.field)
        lines.addWidget(label(tr("Maru keeps it only until it is closed."), "small"))
        lines.addLayout(row(1, self.leave, self.read))
        self.setLayout(lines)
        self.hide()

    def ask(self, path: Path) -> None:
        """Ask for the password of this document."""
        self._path = path
        self.question.setText(tr("{name} is protected. What is its password?", name=path.name))
        self.field.clear()
        self.show()
        self.field.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Leave it on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)

    def _give(self) -> None:
        password, path = self.field.text(), self._path
        if password and path is not None:
            self._close()
            self.given.emit(path, password)

    def _close(self) -> None:
        self.field.clear()
        self.hide()
        self.closed.emit()


class WatchedNote(QFrame):
    """Says that folders which were just added are kept up with, and lets them be where that is not wanted."""

    unwanted = Signal(str, object)  # a collection, list[Path]: folders of it

    def __init__(self) -> None:
        super().__init__()
        theme.set_look(self, "soft")
        self._collection, self._folders = "", list[Path]()
        self.sentence = label()
        self.let_be = button(tr("Do not watch"), "quiet")
        self.let_be.clicked.connect(self._let_be)
        _lay_out(self, self.sentence).addLayout(row(1, self.let_be))
        self.hide()

    def show_folders(self, collection: str, folders: Sequence[Path]) -> None:
        """Tell of these folders of a collection."""
        self._collection, self._folders = collection, list(folders)
        one = tr("{name} is watched: what is added to it later is read too.", name=folders[0].name)
        many = trn(
            "{n} folder is watched: what is added to it later is read too.",
            "{n} folders are watched: what is added to them later is read too.",
            len(folders),
        )
        self.sentence.setText(one if len(folders) == 1 else many)
        self.let_be.setAccessibleDescription(self.sentence.text())
        self.show()

    def _let_be(self) -> None:
        self.hide()
        self.unwanted.emit(self._collection, self._folders)


class Outcome(QFrame):
    """What came of adding: the counts in a sentence, and each file that failed with its reason."""

    def __init__(self) -> None:
        super().__init__()
        self.sentence, self.reasons = label(), label("", "small", selectable=True)
        _lay_out(self, self.sentence).addWidget(self.reasons)
        self.hide()

    def show_results(self, results: Sequence[FileResult]) -> None:
        """Show what came of these files; nothing where there are none."""
        bad = [r for r in results if r.status in BAD or (r.reason and r.status in READ)]
        self.sentence.setText(_outcome_sentence(results))
        lines = [_told(one) for one in bad[:TROUBLES_SHOWN]]
        if len(bad) > TROUBLES_SHOWN:
            rest = len(bad) - TROUBLES_SHOWN
            lines.append(trn("and {n} more file", "and {n} more files", rest))
        self.reasons.setText("\n".join(lines))
        self.reasons.setVisible(bool(bad))
        theme.set_look(self, "warning" if bad else "soft")
        self.setVisible(bool(results))


def _lay_out(note: QFrame, sentence: QLabel) -> QVBoxLayout:
    """Put a sentence into a note, with a cross that hides it; return the column for what stands below."""
    close = IconButton("close", tr("Hide this"))
    close.clicked.connect(note.hide)
    top = row(sentence, close)
    top.setStretch(0, 1)
    top.setAlignment(close, Qt.AlignmentFlag.AlignTop)
    lines = column(theme.SPACE_3, theme.SPACE_2, theme.SPACE_2, theme.SPACE_2, gap=theme.SPACE_1)
    lines.addLayout(top)
    note.setLayout(lines)
    return lines


def _told(result: FileResult) -> str:
    """Return why a file could not be read; most reasons name it themselves."""
    name, reason = result.path.name, result.reason or tr("It could not be read.")
    return reason if name in reason else f"{name}: {reason}"


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
    if n := tally[FileStatus.PROTECTED]:
        parts.append(trn("{n} needs a password", "{n} need a password", n))
    if n := tally[FileStatus.REMOVED]:
        parts.append(trn("{n} gone", "{n} gone", n))
    if n := tally[FileStatus.FAILED]:
        parts.append(trn("{n} could not be read", "{n} could not be read", n))
    return ", ".join(parts) + ("." if parts else "")
