# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What the window asks of the core about personal data: what is hidden, and what is not personal."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from assistant.app import Assistant
from assistant.entities import Entity
from assistant.privacy.policy import Item
from ui.errands import fetch


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

        def take(hidden: object) -> None:
            if conversation_id == self._conversation_id:
                self.listed.emit(hidden)

        fetch(lambda: self._assistant.privacy.hidden(conversation_id), take, self.failed.emit)

    def refresh_again(self) -> None:
        """Read it once more: an answer came."""
        self.refresh(self._conversation_id)

    def allow(self, entity: Entity) -> None:
        """Take a value for something that is not personal, in any conversation."""
        self._change(lambda: self._assistant.privacy.allow(entity), entity)

    def disallow(self, item: Item) -> None:
        """Take it for personal after all."""
        self._change(lambda: self._assistant.privacy.disallow(item), None)

    def _change(self, work: Callable[[], object], told: Entity | None) -> None:
        fetch(work, lambda _none: self.allowed.emit(told), self.failed.emit)
