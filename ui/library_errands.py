# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What the window has done with the documents: added, read again, removed, put into collections, listed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from assistant.app import Assistant
from assistant.documents.collection import DEFAULT_COLLECTION, Collection, IndexingState
from assistant.documents.protocol import DocumentRow
from ui.happenings import Happenings
from ui.tasks import Task, call

LIST_MS = 200  # between two listings while much changes
LIST_ROW_MS = 0.05  # more for each row of a long list: it costs as much to show


@dataclass(frozen=True)
class Lists:
    """What is in the library, as it was when it was asked for the `number`th time."""

    number: int
    rows: list[DocumentRow]
    collections: list[Collection]


class Adding(QObject):
    """Hands everything to the core's background, and tells what comes of it in the GUI thread."""

    state_changed = Signal(object)  # IndexingState
    file_finished = Signal(object)  # FileResult
    began = Signal()  # the person had something added
    watched = Signal(str, object)  # a collection, list[Path]: folders of it that are kept up with from now on
    ended = Signal()  # nothing is left to read
    failed = Signal(object)  # MaruError
    listed = Signal(object)  # list[DocumentRow]
    collections_listed = Signal(object)  # list[Collection]

    def __init__(self, assistant: Assistant, happenings: Happenings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._prepared = self._working = False
        self._listings = 0
        self._later = QTimer(self, interval=LIST_MS, singleShot=True)
        self._later.timeout.connect(self.refresh)
        happenings.indexing_changed.connect(self._take_state)
        happenings.file_finished.connect(self.file_finished)
        happenings.file_finished.connect(self._list_soon)
        happenings.library_changed.connect(self._list_soon)

    @property
    def busy(self) -> bool:
        """Whether documents are being read."""
        return self._working

    def add(self, paths: Sequence[Path], collection: str = DEFAULT_COLLECTION) -> None:
        """Add files, and folders that belong to the collection from now on, which is told."""

        def work() -> tuple[str, list[Path]]:
            self._assistant.indexing.add(list(paths), collection)
            return collection, [path for path in paths if path.is_dir()]

        task = call(work)
        task.finished.connect(self._tell_watched)
        task.failed.connect(self.failed)
        task.start()
        self.began.emit()

    def add_here(self, paths: Sequence[Path], conversation_id: int) -> None:
        """Add files for one conversation alone."""
        self._begin(lambda: self._assistant.indexing.add_to_conversation(list(paths), conversation_id))

    def prepare(self) -> None:
        """Once, when the chat model is there: open the index, look at the folders, make vectors."""
        if not self._prepared:
            self._prepared = True
            self._do(self._assistant.prepare)

    def pause(self, on: bool) -> None:
        """Let reading wait, or go on."""
        self._do(self._assistant.indexing.pause if on else self._assistant.indexing.resume)

    def cancel(self) -> None:
        """Drop what waits to be read; what is finished stays."""
        self._do(self._assistant.indexing.cancel)

    def retry(self, path: Path) -> None:
        """Read once more what could not be read."""
        self._begin(lambda: self._assistant.indexing.retry(path))

    def unlock(self, path: Path, password: str) -> None:
        """Read a protected file with its password."""
        self._begin(lambda: self._assistant.indexing.unlock(path, password))

    def remove(self, path: Path, collection: str | None = None) -> None:
        """Remove a document from a collection, or everywhere."""
        self._change(lambda: self._assistant.library.remove(path, collection))

    def create_collection(self, name: str) -> None:
        """Make an empty collection."""
        self._change(lambda: self._assistant.library.create_collection(name))

    def rename_collection(self, name: str, new: str) -> None:
        """Give a collection another name."""
        self._change(lambda: self._assistant.library.rename_collection(name, new))

    def delete_collection(self, name: str) -> None:
        """Delete a collection with its documents; the files stay where they are."""
        self._change(lambda: self._assistant.library.delete_collection(name))

    def unwatch(self, collection: str, folder: Path) -> None:
        """Let a folder be; its documents go from the collection."""
        self._do(lambda: self._assistant.indexing.unwatch(collection, folder))

    def let_be(self, collection: str, folders: Sequence[Path]) -> None:
        """Let folders be; their documents stay, and what waits of them is read."""

        def work() -> None:
            for folder in folders:
                self._assistant.indexing.unwatch(collection, folder, keep=True)

        self._do(work)

    def refresh(self) -> Task:
        """List documents and collections; return the task that does."""
        library = self._assistant.library
        self._later.stop()
        self._listings += 1
        number = self._listings
        task = call(lambda: Lists(number, library.documents(), library.collections()))
        task.finished.connect(self._take_lists)  # no lambda: a window that has gone must not be called
        task.failed.connect(self.failed)
        return task.start()

    def _begin(self, work: Callable[[], object]) -> None:
        self._do(work)
        self.began.emit()

    def _tell_watched(self, found: tuple[str, list[Path]]) -> None:
        if found[1]:
            self.watched.emit(*found)

    def _do(self, work: Callable[[], object]) -> None:
        task = call(work)
        task.failed.connect(self.failed)
        task.start()

    def _change(self, work: Callable[[], object]) -> None:
        task = call(work)
        task.failed.connect(self.failed)
        task.ended.connect(self.refresh)
        task.start()

    def _list_soon(self) -> None:
        if not self._later.isActive():
            self._later.start()

    def _take_lists(self, lists: Lists) -> None:
        self._later.setInterval(LIST_MS + round(LIST_ROW_MS * len(lists.rows)))
        if lists.number == self._listings:  # an older one would bring back what has gone
            self.collections_listed.emit(lists.collections)
            self.listed.emit(lists.rows)

    def _take_state(self, state: IndexingState) -> None:
        reading = state.of_files > state.files or state.of_made > state.made
        was, self._working = self._working, reading or state.paused
        self.state_changed.emit(state)
        if was and not self._working:
            self.refresh().ended.connect(self.ended)  # so that the list never contradicts what is said of it
