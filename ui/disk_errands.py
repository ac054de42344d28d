# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What the window does for the data on the disk: the recovery code, copies, and what is deleted for good."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from assistant.app import Assistant
from assistant.errors import MaruError
from assistant.keeping import Wiped
from assistant.texts import tr, trn
from ui.dates import shown_day
from ui.documents_panel import DocumentsPanel
from ui.frame import Frame
from ui.recovery import RecoveryCard, RecoveryDialog
from ui.tasks import call
from ui.wipe_question import WipeQuestion

FORMATS = (".md", ".json")


class DiskErrands(QObject):
    """Offers the code after the first answer; asks for a file or for a yes, then lets the core do it."""

    code_confirmed = Signal()
    conversation_gone = Signal(int)
    documents_changed = Signal()

    def __init__(
        self, assistant: Assistant, frame: Frame, documents: DocumentsPanel, window: QWidget
    ) -> None:
        super().__init__(window)
        self._assistant, self._frame, self._window = assistant, frame, window
        self._documents = documents
        self._asked = False
        self.card = RecoveryCard()
        self.code: RecoveryDialog | None = None
        self.question: WipeQuestion | None = None
        self.dialog: QFileDialog | None = None
        frame.add_card(self.card)
        self.card.wanted.connect(self.show_code)
        frame.list.wipe_wanted.connect(self._ask_conversation)
        frame.list.export_wanted.connect(self._export_conversation)
        documents.wipe_wanted.connect(self._ask_document)
        documents.copy_wanted.connect(self._copy_document)
        documents.personal_wanted.connect(self._count)

    # --- the recovery code

    def offer_code(self) -> None:
        """Offer the recovery code, once in the life of the window, where none was kept yet."""
        if not self._asked:
            self._asked = True
            protection = self._assistant.protection
            self._do(lambda: protection.recovery_wanted, self.card.setVisible)

    def show_code(self) -> None:
        """Show a new code, to be kept and typed back."""
        self.code = RecoveryDialog(self._assistant.protection, self._window)
        self.code.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.code.confirmed.connect(self.card.hide)
        self.code.confirmed.connect(self.code_confirmed)
        self.code.show()

    # --- copies

    def _export_conversation(self, number: int, title: str) -> None:
        copies = self._assistant.copies
        hidden = tr("Markdown, personal data hidden") + " (*.md)"
        plain = {tr("Markdown") + " (*.md)": ".md", tr("JSON") + " (*.json)": ".json", hidden: ".md"}

        def export(path: Path, chosen: str) -> None:
            suffix = plain.get(chosen, ".md")
            target = path if path.suffix.lower() in FORMATS else path.with_name(path.name + suffix)
            masked = chosen == hidden
            self._do(lambda: copies.conversation(number, target, masked=masked), self._say_written(target))

        self._choose(tr("Export the conversation"), title, list(plain), export)

    def _copy_document(self, document: Path) -> None:
        copies = self._assistant.copies

        def export(path: Path, _chosen: str) -> None:
            target = path if path.suffix.lower() == ".md" else path.with_name(path.name + ".md")
            self._do(lambda: copies.document(document, target), self._say_written(target))

        name = tr("{name}, masked", name=document.stem)
        self._choose(tr("Export a masked copy"), name, [tr("Markdown") + " (*.md)"], export)

    def _choose(self, title: str, name: str, kinds: list[str], export: Callable[[Path, str], None]) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        dialog = self.dialog = QFileDialog(self._window, title)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(kinds)
        dialog.selectFile("".join(letter for letter in name if letter not in '\\/:*?"<>|')[:80] + ".md")
        dialog.fileSelected.connect(lambda chosen: export(Path(chosen), dialog.selectedNameFilter()))
        dialog.open()

    def _say_written(self, target: Path) -> Callable[[object], None]:
        return lambda _done: self._say(tr("Written to {file}.", file=str(target)))

    # --- personal data of a document

    def _count(self, document: Path) -> None:
        self._frame.open_side("documents")
        note = self._documents.personal
        note.begin(document)
        self._do(
            lambda: self._assistant.copies.personal_counts(document),
            lambda counts: note.show_counts(document, counts),
        )

    # --- deleting for good

    def _ask_conversation(self, number: int, title: str) -> None:
        keeping = self._assistant.keeping
        question = tr("Delete “{title}” for good?", title=title)

        def wipe(snapshots: bool) -> None:
            def gone(wiped: Wiped) -> None:
                self.conversation_gone.emit(number)
                self._say_wiped(wiped, lambda: wipe(True))

            self._do(lambda: keeping.wipe_conversation(number, snapshots=snapshots), gone)

        self._do(lambda: keeping.kept_until(number), lambda until: self._ask(question, until, wipe))

    def _ask_document(self, path: Path) -> None:
        keeping = self._assistant.keeping
        question = tr("Delete everything that Maru knows of {name} for good? The file stays.", name=path.name)

        def wipe(snapshots: bool) -> None:
            def gone(wiped: Wiped) -> None:
                self.documents_changed.emit()
                self._say_wiped(wiped, lambda: wipe(True))

            self._do(lambda: keeping.wipe_document(path, snapshots=snapshots), gone)

        lost = tr("Conversations that quote it and are only in snapshots are deleted with it there.")
        self._do(
            lambda: keeping.document_kept_until(path), lambda until: self._ask(question, until, wipe, lost)
        )

    def _ask(
        self, question: str, until: datetime | None, wipe: Callable[[bool], None], also: str = ""
    ) -> None:
        self.question = WipeQuestion(question, until, self._window, also)
        self.question.wiped.connect(wipe)
        self.question.open()

    def _say_wiped(self, wiped: Wiped, wipe_snapshots: Callable[[], None]) -> None:
        """Say what is left of it; what a snapshot keeps can still be deleted there."""
        told: list[str] = []
        if wiped.kept_until is not None:
            told.append(tr("A snapshot keeps it until {day}.", day=shown_day(wiped.kept_until)))
        if wiped.quoted_in:
            count = len(wiped.quoted_in)
            told.append(trn("{n} conversation quotes it.", "{n} conversations quote it.", count))
        if wiped.damaged:
            told.append(tr("A damaged file may hold it: {files}.", files=", ".join(wiped.damaged)))
        button = tr("Delete it from the snapshots too") if wiped.kept_until is not None else ""
        self._frame.note.show_notice(
            tr("It is deleted for good."), " ".join(told), button, action=wipe_snapshots
        )

    # --- doing

    def _say(self, words: str) -> None:
        self._frame.note.show_notice(words)

    def _do(self, work: Callable[[], Any], take: Callable[[Any], object]) -> None:
        task = call(work)
        task.finished.connect(take)
        task.failed.connect(self._fail)
        task.start()

    def _fail(self, error: MaruError) -> None:
        self._frame.note.show_error(error)
