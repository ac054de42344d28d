# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What the window asks of the core about personal data: what is hidden, and what is not personal."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from assistant.app import Assistant
from assistant.entities import Entity
from assistant.privacy.policy import Item
from ui.tasks import call


class PersonalErrands(QObject):
    """Tells what is hidden in the conversation that is open, and keeps what the person says of a value."""

    listed = Signal(object)  # list[Hidden] of the conversation that is open
    allowed = Signal(object)  # Entity: not personal from now on; None: personal after all
    failed = Signal(object)  # MaruError

    def __init__(self, assistant: Assistant, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._conversation_id = 0

    def refresh(self, conversation_id: int) -> None:
        """Read what is hidden in a conversation."""
        self._conversation_id = conversation_id
        if not conversation_id:
            self.listed.emit([])
            return
        privacy = self._assistant.privacy
        task = call(lambda: (conversation_id, privacy.hidden(conversation_id)))
        task.finished.connect(self._take)  # no lambda: a window that has gone must not be called
        task.failed.connect(self.failed)
        task.start()

    def refresh_again(self) -> None:
        """Read it once more: an answer came."""
        self.refresh(self._conversation_id)

    def allow(self, entity: Entity) -> None:
        """Take a value for something that is not personal, in any conversation."""
        self._change(lambda: self._assistant.privacy.allow(entity), entity)

    def disallow(self, item: Item) -> None:
        """Take it for personal after all."""
        self._change(lambda: self._assistant.privacy.disallow(item), None)

    def _take(self, listed: tuple[int, object]) -> None:
        conversation_id, hidden = listed
        if conversation_id == self._conversation_id:
            self.listed.emit(hidden)

    def _change(self, work: Callable[[], object], told: Entity | None) -> None:
        def change() -> Entity | None:
            work()
            return told

        task = call(change)
        task.finished.connect(self.allowed)
        task.failed.connect(self.failed)
        task.start()
