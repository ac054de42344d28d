# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Joins the page about the data on the disk with the core: what is asked for there is done on threads."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from assistant.app import Assistant
from assistant.copies import Exported, TakenIn, still_there
from assistant.errors import MaruError, StoppedError
from assistant.key_file import Protection
from assistant.snapshots import Snapshot
from assistant.stopping import Stop
from assistant.texts import text, tr, trn
from ui.disk_page import DiskPage
from ui.tasks import Task, call

NAMED = 5  # of the conversations that could not be read


@dataclass(frozen=True)
class State:
    """What the page shows."""

    kind: Protection
    code_kept: bool
    at_next_start: bool
    snapshots: list[Snapshot]


class DiskSettings(QObject):
    """Owns the page; what it has begun goes on when the settings are closed, and is told in the window."""

    code_wanted = Signal()
    reopen_wanted = Signal()  # what was chosen happens when the home is closed and opened again
    imported = Signal()  # conversations came
    told = Signal(str)  # what came of it, where the page has gone

    def __init__(self, assistant: Assistant) -> None:
        super().__init__()
        self._assistant = assistant
        self._task: Task | None = None
        self.page = DiskPage()
        self._shown = True
        self.page.destroyed.connect(self._lose_page)
        part = self.page.protection
        part.passphrase_given.connect(self._use_passphrase)
        part.keyring_wanted.connect(self._use_keyring)
        part.plain_wanted.connect(self._make_plain)
        part.code_wanted.connect(self.code_wanted)
        self.page.snapshots.taken.connect(self._take_snapshot)
        self.page.snapshots.restore_wanted.connect(self._restore)
        self.page.copies.export_wanted.connect(self._export)
        self.page.copies.import_wanted.connect(self._import)
        self.page.copies.progress.cancelled.connect(self._cancel)
        self.page.deletion.wipe_wanted.connect(self._wipe)
        self.refresh()

    def refresh(self) -> None:
        """Read again how the data is kept."""
        assistant = self._assistant

        def read() -> State:
            protection = assistant.protection
            return State(
                protection.kind,
                not protection.recovery_wanted,
                protection.at_next_start,
                assistant.keeping.snapshots(),
            )

        task = call(read)
        task.finished.connect(self._show)  # no lambda: a page that has gone must not be called
        task.failed.connect(self._fail)
        task.start()

    def _show(self, state: State) -> None:
        if not self._shown:
            return
        part = self.page.protection
        part.show_state(state.kind, code_kept=state.code_kept, at_next_start=state.at_next_start)
        self.page.snapshots.show_snapshots(state.snapshots)

    # --- protection

    def _use_passphrase(self, words: str) -> None:
        self._do(lambda: self._assistant.protection.use_passphrase(words), self._changed)

    def _use_keyring(self) -> None:
        self._do(self._assistant.protection.use_keyring, self._changed)

    def _make_plain(self) -> None:
        self._do(self._assistant.protection.make_plain, self._changed)

    def _changed(self, _none: object) -> None:
        self.refresh()

    # --- snapshots

    def _take_snapshot(self) -> None:
        self._do(self._assistant.keeping.snapshot_now, self._changed)

    def _restore(self, name: str) -> None:
        self._do(lambda: self._assistant.keeping.restore(name), self._reopen)

    def _wipe(self) -> None:
        self._do(self._assistant.keeping.wipe_everything, self._reopen)

    def _reopen(self, _none: object) -> None:
        self.reopen_wanted.emit()

    # --- copies

    def _export(self, folder: Path, masked: bool) -> None:
        now = datetime.now().astimezone()
        target = folder / tr("Maru export {day}", day=f"{now:%Y-%m-%d %H.%M.%S}")
        copies = self._assistant.copies
        self._do_steps(lambda stop: copies.everything(target, masked=masked, stop=stop), self._exported)

    def _import(self, path: Path) -> None:
        copies = self._assistant.copies
        self._do_steps(lambda stop: copies.take_in(path, stop), self._took_in)

    def _exported(self, done: Exported) -> None:
        conversations = trn("{n} conversation", "{n} conversations", done.conversations)
        documents = trn("{n} document", "{n} documents", done.documents)
        self._say(
            tr("{conversations} and {documents} are in {folder}.",
               conversations=conversations, documents=documents, folder=str(done.folder))
            + (" " + tr("Stopped; what was written stays.") if done.stopped else ""),
            "soft",
        )  # fmt: skip

    def _took_in(self, done: TakenIn) -> None:
        told = [
            trn("{n} conversation was brought in.", "{n} conversations were brought in.", done.conversations)
        ]
        if done.known:
            told.append(trn("{n} was there already.", "{n} were there already.", done.known))
        if done.left_out:
            count = len(done.left_out)
            names = ", ".join(one.shown() for one in done.left_out[:NAMED])
            names += "…" if count > NAMED else "."
            told.append(
                trn("{n} could not be read: {names}", "{n} could not be read: {names}", count, names=names)
            )
        if done.stopped:
            told.append(tr("Stopped; import it again for the rest."))
        named = [path for paths in done.documents.values() for path in paths]
        if named and not self._shown:
            told.append(trn("It names {n} document, which was not read: import it again to be asked.",
                            "It names {n} documents, which were not read: import it again to be asked.",
                            len(named)))  # fmt: skip
        self._say(" ".join(told), "soft")
        if named and self._shown:
            self.page.ask_about(named, lambda: self._read_again(done.documents))
        self.imported.emit()

    def _read_again(self, documents: Mapping[str, Sequence[Path]]) -> None:
        assistant = self._assistant

        def add() -> int:
            found = still_there(documents)
            for collection, paths in found.items():
                assistant.indexing.add(paths, collection, watch=False)
            return sum(map(len, found.values()))

        self._do(add, self._reads_again)

    def _reads_again(self, count: int) -> None:
        found = trn("{n} document is read again.", "{n} documents are read again.", count)
        self._say(found if count else tr("None of them is there any more."), "soft")

    # --- doing

    def _lose_page(self) -> None:
        self._shown = False
        if self._task is None:
            self.deleteLater()

    def _say(self, words: str, look: str) -> None:
        if self._shown:
            self.page.say(words, look)
        else:
            self.told.emit(words)

    def _do(self, work: Callable[[], object], take: Callable[[Any], None]) -> None:
        if self._task is None:
            self._begin(call(work), take)

    def _do_steps(self, make: Callable[[Stop], Any], take: Callable[[Any], None]) -> None:
        if self._task is None:
            task = Task(make)
            task.item.connect(self._tell)
            self.page.copies.progress.begin()
            self._begin(task, take)

    def _begin(self, task: Task, take: Callable[[Any], None]) -> None:
        self.page.say("")
        self.page.copies.question.hide()
        self._task = task
        for part in self.page.parts:
            part.setEnabled(part is self.page.copies)
        task.finished.connect(take)
        task.failed.connect(self._fail)
        task.ended.connect(self._end)
        task.start()

    def _tell(self, step: tuple[int, int]) -> None:
        if not self._shown:
            return
        done, total = step
        words = tr("{done} of {total}", done=done, total=total)
        self.page.copies.progress.tell(words, done / total if total else None)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.stop()

    def _fail(self, error: MaruError) -> None:
        stopped = isinstance(error, StoppedError)
        self._say(str(text("Stopped.") if stopped else error), "soft" if stopped else "danger")

    def _end(self) -> None:
        self._task = None
        if not self._shown:
            self.deleteLater()
            return
        self.page.copies.progress.end()
        for part in self.page.parts:
            part.setEnabled(True)
