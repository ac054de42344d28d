# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What the window has done with conversations: renamed, deleted, brought back, found.

Each errand runs in a Task of its own and tells the window in the GUI thread.
"""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from assistant.conversations import ConversationStore
from ui.tasks import call


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
