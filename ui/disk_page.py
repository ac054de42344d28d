# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The page of the settings about the data on the disk: protection, snapshots, export, import, deletion."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QWidget

from assistant.amounts import size_words
from assistant.excerpts import one_line
from assistant.key_file import Protection
from assistant.snapshots import Reason, Snapshot
from assistant.texts import Text, text, tr, trn
from ui import theme
from ui.blocks import Beside, ScrollColumn
from ui.dates import shown
from ui.elements import Note, Tick, button, column, label, row
from ui.passphrase import NewPassphrase
from ui.progress import Progress
from ui.question import Question
from ui.theme import set_look

KINDS: dict[Protection, Text] = {
    Protection.KEYRING: text("Encrypted. This system's keyring keeps the key and opens Maru for you."),
    Protection.PASSPHRASE: text("Encrypted. Your passphrase opens Maru."),
    Protection.PLAIN: text("Not protected: everybody who can read this disk can read your data."),
}
REASONS: dict[Reason, Text] = {
    Reason.DAILY: text("every day"),
    Reason.UPDATE: text("before an update"),
    Reason.RESTORE: text("before going back"),
    Reason.ASKED: text("taken by you"),
}

NAMED = 5  # of the documents that an export names
LONGEST = 200  # characters of their paths, from behind


class DiskPage(ScrollColumn):
    """Shows how the data is kept and asks for changes; it changes nothing itself."""

    def __init__(self) -> None:
        super().__init__(gap=theme.SPACE_6, margin=theme.SPACE_6)
        self.trouble = Note("", "danger")
        self.trouble.hide()
        self.add(self.trouble)
        self.protection, self.snapshots = ProtectionPart(), SnapshotsPart()
        self.copies, self.deletion = CopiesPart(), DeletionPart()
        self.parts: tuple[Part, ...] = (self.protection, self.snapshots, self.copies, self.deletion)
        for part in self.parts:
            self.add(part)

    def say(self, words: str, look: str = "danger") -> None:
        """Say what went wrong, or well; "" for nothing."""
        self.trouble.say(words, look)
        self.trouble.setVisible(bool(words))
        if words:
            self.ensureWidgetVisible(self.trouble)

    def ask_about(self, named: Sequence[Path], read: Callable[[], None]) -> None:
        """Ask in view whether the documents that an export names are to be read."""
        question = self.copies.ask_about(named, read)
        QTimer.singleShot(0, question, lambda: self.ensureWidgetVisible(question))  # it has no place before

    def look_for(self, words: Sequence[str]) -> bool:
        """Show the parts that have all of `words`."""
        found = [all(word in part.said for word in words) for part in self.parts]
        for part, has in zip(self.parts, found, strict=True):
            part.setVisible(has)
        return any(found)


class Part(QFrame):
    """A part of the page: a title, a sentence, and what stands below."""

    def __init__(self, title: str, sentence: str, *also: str) -> None:
        super().__init__()
        self.said = " ".join([title, sentence, *also]).casefold()
        self.sentence = label(sentence, "quiet")
        self.lines = column(gap=theme.SPACE_2)
        self.lines.addWidget(label(title, "heading"))
        self.lines.addWidget(self.sentence)
        self.setLayout(self.lines)


class ProtectionPart(Part):
    """What opens the data, and how that is changed."""

    passphrase_given = Signal(str)
    keyring_wanted = Signal()
    code_wanted = Signal()
    plain_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(
            tr("Protection"), "", tr("passphrase keyring recovery code encrypted key protect password")
        )
        self.change, self.keyring = button(""), button(tr("Use the system's keyring"))
        self.code, self.plain = button(tr("New recovery code…")), button(tr("Stop protecting…"))
        self.new, self.keep = NewPassphrase(), button(tr("Use this passphrase"), "primary")
        self._form = QFrame()
        set_look(self._form, "soft")
        lines = column(theme.SPACE_3, theme.SPACE_3, theme.SPACE_3, theme.SPACE_2)
        lines.addWidget(self.new)
        lines.addLayout(row(self.keep, 1))
        self._form.setLayout(lines)
        self._form.hide()
        self.question = Question("warning")
        for each in (Beside(self.change, self.keyring), Beside(self.code, self.plain)):
            self.lines.addWidget(each)
        self.lines.addWidget(self._form)
        self.lines.addWidget(self.question)
        self.change.clicked.connect(self._ask_passphrase)
        self.new.changed.connect(lambda: self.keep.setEnabled(bool(self.new.passphrase())))
        self.new.entered.connect(self._give)
        self.keep.clicked.connect(self._give)
        self.keep.setEnabled(False)
        self.keyring.clicked.connect(self.keyring_wanted)
        self.code.clicked.connect(self.code_wanted)
        self.plain.clicked.connect(self._ask_plain)

    def show_state(self, kind: Protection, *, code_kept: bool, at_next_start: bool) -> None:
        """Say how the data is protected."""
        lines = [str(KINDS[kind])]
        if kind is not Protection.PLAIN:
            kept = tr("Your recovery code is kept.") if code_kept else tr("You have no recovery code yet.")
            lines.append(kept)
        if at_next_start:
            lines.append(tr("This takes effect when Maru is started again."))
        self.sentence.setText(" ".join(lines))
        has = kind is Protection.PASSPHRASE
        self.change.setText(tr("Change the passphrase…") if has else tr("Use a passphrase…"))
        self.keyring.setVisible(kind is not Protection.KEYRING)
        self.code.setVisible(kind is not Protection.PLAIN)
        self.plain.setVisible(kind is not Protection.PLAIN)

    def _ask_passphrase(self) -> None:
        self._form.show()
        self.new.setFocus()

    def _give(self) -> None:
        if words := self.new.passphrase():
            self.new.clear()
            self._form.hide()
            self.passphrase_given.emit(words)

    def _ask_plain(self) -> None:
        words = tr(
            "Keep everything unprotected from the next start on? Everybody who can read this disk can then "
            "read your conversations, your documents and what is hidden from the model."
        )
        vaults = tr("What `maru redact --vault` hid can then no longer be put back.")
        self.question.ask(f"{words} {vaults}", tr("Keep everything unprotected"), self.plain_wanted.emit)


class SnapshotsPart(Part):
    """Earlier states: listed, taken, gone back to."""

    taken = Signal()
    restore_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__(
            tr("Snapshots"),
            tr("Your conversations and documents as they were, on this disk, protected like the originals."),
            tr("restore go back earlier backup"),
        )
        self.now = button(tr("Take one now"))
        self.now.clicked.connect(self.taken)
        self.question = Question("warning")
        self._rows = column(gap=theme.SPACE_1)
        self.lines.addLayout(self._rows)
        self.lines.addWidget(self.question)
        self.lines.addLayout(row(self.now, 1))
        self.buttons: list[QWidget] = []

    def show_snapshots(self, snapshots: Sequence[Snapshot]) -> None:
        """List these, the newest first."""
        while (item := self._rows.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.hide()
                gone.deleteLater()
        self.buttons = []
        for one in snapshots:
            self._rows.addWidget(self._line(one))
        if not snapshots:
            self._rows.addWidget(label(tr("There are none yet; the first is taken by itself."), "small"))

    def _line(self, one: Snapshot) -> QWidget:
        what = [str(REASONS[one.reason]), size_words(one.size)]
        if not one.library:
            what.append(tr("without documents"))
        back = button(tr("Go back…"), "link")
        back.setAccessibleName(tr("Go back to {when}", when=shown(one.when)))
        back.clicked.connect(lambda: self._ask(one))
        self.buttons.append(back)
        said = column(gap=0)
        said.addWidget(label(shown(one.when)))
        said.addWidget(label(" · ".join(what), "small"))
        made = QWidget()
        line = row(said, back)
        line.setStretch(0, 1)
        made.setLayout(line)
        return made

    def _ask(self, one: Snapshot) -> None:
        words = tr(
            "Go back to {when}? What was written since is set aside as a snapshot of its own, and Maru opens "
            "again.",
            when=shown(one.when),
        )
        if not one.library:
            words += " " + tr("Your documents stay as they are.")
        self.question.ask(words, tr("Go back"), lambda: self.restore_wanted.emit(one.name))


class CopiesPart(Part):
    """Everything out in open formats, and what was exported elsewhere back in."""

    export_wanted = Signal(object, bool)  # Path of a folder, personal data hidden
    import_wanted = Signal(object)  # Path

    def __init__(self) -> None:
        super().__init__(
            tr("Export and import"),
            tr("Everything as Markdown and JSON, and back from such an export, ChatGPT's or Claude's."),
            tr("backup copy json markdown"),
        )
        self.out, self.back_in = button(tr("Export everything…")), button(tr("Import…"))
        self.masked = Tick(tr("Hide personal data in it"))
        self.progress = Progress()
        self.question = Question("warning", confirming="")
        self.dialog: QFileDialog | None = None
        self.lines.addWidget(Beside(self.out, self.back_in))
        self.lines.addWidget(self.masked)
        self.lines.addWidget(self.progress)
        self.lines.addWidget(self.question)
        self.out.clicked.connect(self._choose_folder)
        self.back_in.clicked.connect(self._choose_file)

    def ask_about(self, named: Sequence[Path], read: Callable[[], None]) -> Question:
        """Ask whether the documents that an export names are to be read, which anybody may have written."""
        lines = [trn("The export names {n} document:", "The export names {n} documents:", len(named))]
        names = [one_line(str(path)) for path in named[:NAMED]]
        lines += [name if len(name) <= LONGEST else f"…{name[-LONGEST:]}" for name in names]
        if more := len(named[NAMED:]):
            lines.append(trn("and {n} more", "and {n} more", more))
        lines.append(tr("Add those that are still there to your documents?"))
        self.question.ask("\n".join(lines), tr("Add them"), read)
        return self.question

    def _choose_folder(self) -> None:
        dialog = self._new_dialog(tr("Choose a folder for the export"), QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda name: self.export_wanted.emit(Path(name), self.masked.isChecked()))
        dialog.open()

    def _choose_file(self) -> None:
        dialog = self._new_dialog(tr("Choose an export"), QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([tr("Exports") + " (*.json *.zip)", tr("All files") + " (*)"])
        dialog.fileSelected.connect(lambda name: self.import_wanted.emit(Path(name)))
        dialog.open()

    def _new_dialog(self, title: str, mode: QFileDialog.FileMode) -> QFileDialog:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = QFileDialog(self, title)
        self.dialog.setFileMode(mode)
        return self.dialog


class DeletionPart(Part):
    """Everything gone, when that is confirmed."""

    wipe_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(
            tr("Delete everything"),
            tr("Conversations, documents, snapshots, logs and settings. Models and your own files stay."),
            tr("wipe erase remove"),
        )
        self.wipe = button(tr("Delete everything…"), "danger")
        self.question = Question("danger")
        self.lines.addLayout(row(self.wipe, 1))
        self.lines.addWidget(self.question)
        self.wipe.clicked.connect(self._ask)

    def _ask(self) -> None:
        words = tr(
            "Delete all conversations, all documents in Maru, all snapshots and all settings for good? This "
            "cannot be undone. Maru opens again, empty."
        )
        vaults = tr("What `maru redact --vault` hid can then no longer be put back.")
        self.question.ask(f"{words} {vaults}", tr("Delete everything for good"), self.wipe_wanted.emit)
