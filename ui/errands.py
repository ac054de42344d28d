# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What the window has done beside a question: documents added, models loaded, conversations filed.

Each errand runs in a Task of its own and tells the window in the GUI thread.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from assistant.app import Assistant
from assistant.conversations import ConversationStore
from assistant.documents.protocol import FileProgress, FileResult
from ui.tasks import Task, call


class Adding(QObject):
    """Adds to the library, removes from it, lists it. What is asked for while it adds comes after."""

    progressed = Signal(object)  # FileProgress
    file_finished = Signal(object)  # FileResult
    began = Signal()
    ended = Signal()
    failed = Signal(object)  # MaruError
    listed = Signal(object)  # list[DocumentRow]

    def __init__(self, assistant: Assistant, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._task: Task | None = None
        self._waiting: list[Path] = []
        self._prepared = False

    @property
    def busy(self) -> bool:
        """Whether documents are being added."""
        return self._task is not None

    def add(self, paths: Sequence[Path]) -> None:
        """Add files and folders."""
        if self._task:
            self._waiting += paths
            return
        chosen = list(paths)
        self._task = Task(lambda stop: self._assistant.add(chosen, stop=stop))
        self._task.item.connect(self._take)
        self._task.failed.connect(self.failed)
        self._task.ended.connect(self._end)
        self.began.emit()
        self._task.start()

    def prepare(self) -> None:
        """Once, when the chat model is there: open the index, make vectors that are missing."""
        if not self._prepared:
            self._prepared = True
            task = Task(self._assistant.prepare)
            task.failed.connect(self.failed)
            task.start()

    def cancel(self) -> None:
        """Stop adding; what is finished stays."""
        self._waiting.clear()
        if self._task:
            self._task.stop()

    def remove(self, path: Path) -> None:
        """Remove a document everywhere."""
        self._then_list(call(lambda: self._assistant.library.remove(path)))

    def refresh(self) -> Task:
        """List the documents; return the task that does."""
        task = call(self._assistant.library.documents)
        task.finished.connect(self.listed)
        task.failed.connect(self.failed)
        return task.start()

    def _take(self, item: FileProgress | FileResult) -> None:
        (self.progressed if isinstance(item, FileProgress) else self.file_finished).emit(item)

    def _end(self) -> None:
        task = self.refresh()
        task.ended.connect(self._end_listed)  # so that the list never contradicts what is said of it

    def _end_listed(self) -> None:
        self._task = None
        self.ended.emit()
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            self.add(waiting)

    def _then_list(self, task: Task) -> None:
        task.failed.connect(self.failed)
        task.ended.connect(self.refresh)
        task.start()


class Filing(QObject):
    """Renames, deletes, brings back and finds conversations."""

    changed = Signal()
    deleted = Signal(int, str)
    found = Signal(str, object)  # the words, list[SearchHit]
    failed = Signal(object)  # MaruError

    def __init__(self, conversations: ConversationStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._conversations = conversations

    def rename(self, conversation_id: int, title: str) -> None:
        """Give a conversation another title."""
        fetch(lambda: self._conversations.rename(conversation_id, title), self._tell_change, self.failed.emit)

    def delete(self, conversation_id: int, title: str) -> None:
        """Put a conversation out of sight; `undo` brings it back."""

        def tell(_none: None) -> None:
            self.deleted.emit(conversation_id, title)
            self.changed.emit()

        fetch(lambda: self._conversations.delete(conversation_id), tell, self.failed.emit)

    def undo(self, conversation_id: int) -> None:
        """Bring a deleted conversation back."""
        fetch(lambda: self._conversations.undelete(conversation_id), self._tell_change, self.failed.emit)

    def search(self, words: str) -> None:
        """Find conversations by words in their titles and messages."""
        fetch(
            lambda: self._conversations.search(words),
            lambda hits: self.found.emit(words, hits),
            self.failed.emit,
        )

    def _tell_change(self, _conversation: object) -> None:
        self.changed.emit()


def fetch(work: Callable[[], Any], take: Callable[[Any], None], fail: Callable[[Any], None]) -> None:
    """Call `work` on a thread and hand its result to `take`, a MaruError to `fail`, in the GUI thread."""
    task = call(work)
    task.finished.connect(take)
    task.failed.connect(fail)
    task.start()
