# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Joins the search panel with the library: searches on a thread, shows the newest outcome only."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from assistant.app import Assistant
from assistant.chat import Options
from assistant.conversations import StoredMessage
from assistant.documents.explaining import Explained, NotUsed, WhyNot
from assistant.documents.protocol import DocumentRow
from assistant.errors import MaruError
from ui.answering import Answering
from ui.errands import fetch
from ui.library_errands import Adding
from ui.search_panel import SearchPanel

LIMIT = 12  # passages


class SearchPage(QObject):
    """Answers what the panel asks for, in the documents that the next question would be asked of."""

    passage_activated = Signal(object)  # Passage
    listed = Signal(object)  # list[DocumentRow], with those of the conversation that is open

    def __init__(
        self,
        assistant: Assistant,
        panel: SearchPanel,
        answering: Answering,
        adding: Adding,
        options: Callable[[], Options],
    ) -> None:
        super().__init__(panel)
        self._library, self._chosen = assistant.library, assistant.chosen
        self._conversations = assistant.conversations
        self._panel, self._options, self._answering = panel, options, answering
        self._rows: Sequence[DocumentRow] = ()
        self._own: tuple[DocumentRow, ...] = ()  # of the conversation that is open
        self._answered: StoredMessage | None = None
        self._newest = 0
        panel.wanted.connect(self._search)
        panel.why_wanted.connect(self._ask_why)
        panel.passage_activated.connect(self.passage_activated)
        adding.listed.connect(self._take_rows)
        answering.answered.connect(self._take_answer)
        answering.conversation_opened.connect(self._forget_answer)

    def ask_about(self, path: Path) -> None:
        """Say why a file was not used: for the last question, or the words in the field."""
        if not self._panel.words and (question := self._question()):
            self._panel.look_for(question)
        self._panel.ask_why(path)

    def _search(self, words: str) -> None:
        self._newest += 1
        number, options, open_now = self._newest, self._options(), self._answering.conversation_id

        def show(found: Explained) -> None:
            if number == self._newest:
                self._panel.show_found(found)

        def look() -> Explained:
            names = self._chosen.with_own(open_now, options.collections)
            return self._library.explain(words, names, limit=LIMIT, within=options.within)

        fetch(look, show, self._fail)

    def _ask_why(self, path: Path) -> None:
        words, options, answered = self._panel.words, self._options(), self._answered
        open_now = self._answering.conversation_id
        if not words:
            return

        def ask() -> WhyNot:
            receipt = answered.receipt if answered and self._question() == words else None
            names = self._chosen.with_own(open_now, options.collections)
            if receipt is None:
                return self._library.why_not(words, path, names, limit=options.limit, within=options.within)
            if any(one.document == str(path) for one in receipt.whole):
                return WhyNot(NotUsed.USED, path)  # read whole, also where nothing of it is cited
            left_out = receipt.context.left_out_passages if receipt.context else ()
            return self._library.why_not(
                receipt.searched_for or words,
                path,
                names,
                limit=options.limit,
                within=options.within,
                used=receipt.passages,
                left_out=left_out,
            )

        fetch(ask, self._panel.show_why, self._fail)

    def _question(self) -> str:
        """Return the question of the newest answer seen; "" where there is none."""
        if self._answered is None or self._answered.parent_id is None:
            return ""
        return self._conversations.message(self._answered.parent_id).message.content

    def _take_answer(self, stored: StoredMessage) -> None:
        self._answered = stored

    def _forget_answer(self, _conversation_id: int) -> None:
        before, self._answered, self._own = self._own, None, ()
        if before:  # a long list is not shown anew with every conversation
            self._show_list()
        self._look_for_own()

    def _take_rows(self, rows: Sequence[DocumentRow]) -> None:
        self._rows = rows
        self._show_list()
        self._look_for_own()

    def _show_list(self) -> None:
        rows = [*self._own, *self._rows]
        self._panel.show_documents(rows)
        self.listed.emit(rows)

    def _look_for_own(self) -> None:
        """Find the files that were added to the open conversation alone."""
        open_now = self._answering.conversation_id

        def look() -> tuple[DocumentRow, ...]:
            here = self._library.conversation_collection(open_now)
            rows = self._library.documents(here.name) if here is not None else ()
            return tuple(replace(one, collection="") for one in rows)  # its name says nothing to people

        def take(own: tuple[DocumentRow, ...]) -> None:
            if open_now == self._answering.conversation_id and own != self._own:
                self._own = own
                self._show_list()

        fetch(look, take, self._fail)

    def _fail(self, error: MaruError) -> None:
        self._panel.show_failure(str(error))
