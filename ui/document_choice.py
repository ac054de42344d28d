# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Which documents each conversation looks at: shown in the composer, kept with the conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from assistant.app import Assistant
from assistant.documents.protocol import DocumentRow
from ui.answering import Answering
from ui.composer import Composer
from ui.errands import fetch
from ui.library_errands import Adding
from ui.searched_documents import Chosen, counted


@dataclass(frozen=True)
class Choice:
    """What a conversation looks at, and how many files were added for it alone."""

    conversation_id: int
    collections: Chosen
    here: int


class DocumentChoice(QObject):
    """Joins the composer's choice of documents with the conversation that is open."""

    failed = Signal(object)  # MaruError

    def __init__(
        self, assistant: Assistant, composer: Composer, answering: Answering, adding: Adding
    ) -> None:
        super().__init__(composer)
        self._assistant, self._composer = assistant, composer
        self._answering, self._adding = answering, adding
        self._shown = self._here = 0  # the conversation, and its own files
        self._counts: dict[str, int] = {}
        composer.collections_chosen.connect(self._keep)
        answering.conversation_opened.connect(self._open)
        adding.listed.connect(self._take_rows)

    def add_here(self, paths: Sequence[Path]) -> None:
        """Add files for the open conversation alone; a new one begins with them."""
        if number := self._answering.conversation_id:
            self._adding.add_here(paths, number)
            return

        names = self._composer.searched.choice

        def create() -> int:
            made = self._assistant.conversations.create().id
            if names is not None:  # what was chosen before there was a conversation
                self._assistant.chosen.choose(made, names)
            return made

        def begin(number: int) -> None:
            self._answering.open(number)
            self._answering.conversations_changed.emit()
            self._adding.add_here(paths, number)

        fetch(create, begin, self.failed.emit)

    def _open(self, conversation_id: int) -> None:
        """Show the choice of a conversation; one that began with a question keeps what was chosen before."""
        begun = not self._shown and conversation_id > 0 and self._answering.busy
        self._shown = conversation_id
        if begun:
            if self._composer.searched.choice is not None:
                self._keep(self._composer.searched.choice)
            return
        self._composer.searched.read_whole(())
        if conversation_id:
            self._look()
        else:
            self._show(Choice(0, None, 0))

    def _look(self) -> None:
        number, assistant = self._shown, self._assistant

        def look() -> Choice:
            own = assistant.library.conversation_collection(number)
            here = own.documents + own.waiting if own is not None else 0
            return Choice(number, assistant.chosen.of(number), here)

        fetch(look, self._take, self.failed.emit)

    def _take(self, choice: Choice) -> None:
        if choice.conversation_id == self._shown:
            self._show(choice)

    def _show(self, choice: Choice) -> None:
        self._here = choice.here
        self._composer.searched.choose(choice.collections)
        self._composer.show_collections(self._counts, self._here)

    def _keep(self, names: Chosen) -> None:
        if number := self._shown:
            fetch(lambda: self._assistant.chosen.choose(number, names), lambda _none: None, self.failed.emit)

    def _take_rows(self, rows: Sequence[DocumentRow]) -> None:
        self._counts = counted([(row.collection, bool(row.passages)) for row in rows])
        self._composer.show_collections(self._counts, self._here)
        if self._shown:
            self._look()  # its own files may be others by now
