# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The open conversation: what is asked goes to the core, and every event of the answer to the chat view."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from assistant.app import Assistant
from assistant.chat import Answered, ContextUse, Options, QuestionStored, Sources
from assistant.conversations import StoredMessage
from assistant.errors import MaruError, Offer
from assistant.messages import Role
from ui.chat_view import ChatView
from ui.live import changed
from ui.tasks import Steps, Task, call
from ui.turns import Turn


@dataclass(frozen=True)
class Opened:
    """The question stands in this conversation, which may be new."""

    conversation_id: int


@dataclass(frozen=True)
class Question:
    """What was asked and not answered yet.

    `again` is the id of a stored question to answer once more, `beside` that of one that is edited;
    `alone` asks the model without documents; `offer` is taken into the settings first.
    """

    text: str
    conversation_id: int
    parent_id: int | None = None
    again: int = 0
    beside: int = 0
    alone: bool = False
    offer: Offer | None = None


class Answering(QObject):
    """Asks one question at a time; a second one waits, visibly. Signals come in the GUI thread."""

    conversation_opened = Signal(int)  # 0 for a new one
    conversations_changed = Signal()
    busy_changed = Signal(bool)
    sources_found = Signal(object)  # Passages
    context_used = Signal(object)  # ContextUse, before the first word
    turns_read = Signal(object)  # list[Turn] of the conversation that was opened
    answered = Signal(object)  # StoredMessage, of the conversation that is open
    offer_taken = Signal()  # the settings are others now
    question_returned = Signal(str)  # it could not be stored, or was taken back
    failed = Signal(object)  # MaruError that belongs to no answer

    def __init__(self, assistant: Assistant, chat: ChatView, options: Callable[[], Options]) -> None:
        super().__init__(chat)
        self._assistant = assistant
        self._chat = chat
        self._options = options
        self.conversation_id = 0
        self._task: Task | None = None
        self._asked: Question | None = None
        self._question: Turn | None = None
        self._live: Turn | None = None
        self._waiting: list[Question] = []
        self._wanted_message = 0
        self._error: tuple[int, MaruError] | None = None

    @property
    def busy(self) -> bool:
        """Whether an answer is being written."""
        return self._task is not None

    def open(self, conversation_id: int, message_id: int = 0) -> None:
        """Show a conversation (0: a new, empty one), at `message_id` where one is given."""
        if self.conversation_id and self.conversation_id != conversation_id:
            self._assistant.leave(self.conversation_id)
        self.conversation_id, self._wanted_message = conversation_id, message_id
        self._error = None
        self.conversation_opened.emit(conversation_id)
        self.reload(keep_place=False)

    def reload(self, *, keep_place: bool = True) -> None:
        """Read the open conversation again, beside the window, and show it."""
        wanted = self.conversation_id
        if not wanted:
            self._show([], keep_place=False)
            return
        message_id, store = self._wanted_message, self._assistant.conversations

        def read() -> list[Turn]:
            branch = store.branch(wanted)
            if message_id and all(one.id != message_id for one in branch):
                store.choose(message_id)
                branch = store.branch(wanted)
            return [Turn.of(stored) for stored in branch]

        task = call(read)
        task.finished.connect(lambda turns: self._take(wanted, turns, keep_place))
        task.failed.connect(self.failed)
        task.start()

    def ask(self, text: str, instead_of: Turn | None = None, *, alone: bool = False) -> None:
        """Ask after the last message, or beside an earlier question (an edit); `alone` without documents."""
        stored = [turn.id for turn in self._chat.turns if turn.id and not turn.asked]
        parent = instead_of.parent_id if instead_of else stored[-1] if stored else None
        beside = instead_of.id if instead_of else 0
        question = Question(text, self.conversation_id, parent, beside=beside, alone=alone)
        if self.busy:
            self._waiting.append(question)
            self._chat.append(Turn(Role.USER, text, waiting=True))
            return
        rows = self._rows_before(instead_of.id) if instead_of else list(self._chat.turns)
        self._begin(question, [*rows, Turn(Role.USER, text)])

    def accept_offer(self, answer: Turn) -> None:
        """Load the model as the error of `answer` offers, then answer its question."""
        self.ask_again(answer, offer=answer.error.offer if answer.error else None)

    def ask_again(self, answer: Turn, *, alone: bool = False, offer: Offer | None = None) -> None:
        """Answer the question of `answer` once more, as another version; `alone` without documents."""
        question = next((turn for turn in self._chat.turns if turn.id and turn.id == answer.parent_id), None)
        if question is None or self.busy:
            return
        asked = Question(
            question.text,
            self.conversation_id,
            question.parent_id,
            again=question.id,
            alone=alone,
            offer=offer,
        )
        self._begin(asked, [*self._rows_before(question.id), question])

    def stop(self) -> None:
        """End the answer that is being written; what there is stays."""
        if self._task:
            self._task.stop()

    def take_back(self, turn: Turn) -> None:
        """Take a waiting question back into the composer."""
        self._waiting = [one for one in self._waiting if one.text != turn.text]
        self._chat.show_turns([one for one in self._chat.turns if one is not turn], keep_place=True)
        self.question_returned.emit(turn.text)

    def show_version(self, turn: Turn, step: int) -> None:
        """Show the version before (-1) or after (1) this one."""
        store = self._assistant.conversations

        def choose() -> None:
            versions = store.siblings(turn.id)
            place = versions.index(turn.id) + step
            if 0 <= place < len(versions):
                store.choose(versions[place])

        task = call(choose)
        task.finished.connect(lambda _none: self.reload())
        task.failed.connect(self.failed)
        task.start()

    # --- one question

    def _begin(self, question: Question, rows: Sequence[Turn]) -> None:
        self._asked, self._question, self._error = question, rows[-1], None
        self._live = Turn(Role.ASSISTANT, "", streaming=True)
        self._chat.show_turns([*rows, self._live], keep_place=True)
        self._chat.go_to_end()
        options = self._options()
        options = replace(options, documents=False) if question.alone else options
        self._task = Task(self._steps(question, options))
        self._task.item.connect(self._take_event)
        self._task.failed.connect(self._fail)
        self._task.ended.connect(self._end)
        self.busy_changed.emit(True)
        self._task.start()

    def _steps(self, question: Question, options: Options) -> Callable[[threading.Event], Steps]:
        assistant = self._assistant

        def steps(stop: threading.Event) -> Steps:
            if question.offer is not None:
                yield from assistant.accept(question.offer, stop)
            if question.again:
                yield from assistant.ask_again(question.again, options, stop)
                return
            number = question.conversation_id or assistant.conversations.create().id
            yield Opened(number)
            yield from assistant.ask(number, question.text, options, stop, question.parent_id)

        return steps

    def _take_event(self, event: object) -> None:
        match event:
            case Opened(conversation_id=number):
                self._settle(number)
            case QuestionStored(message=stored):
                self._take_question(stored)
            case Answered(message=stored):
                if self._live_row() >= 0:
                    self.answered.emit(stored)
            case _:
                self._change(event)
                if isinstance(event, ContextUse) and self._live_row() >= 0:
                    self.context_used.emit(event)
                if isinstance(event, Sources) and self._live_row() >= 0:
                    self.sources_found.emit(event.passages)

    def _settle(self, conversation_id: int) -> None:
        """Take in which conversation the question stands: a new one exists from now on."""
        if self._asked and not self._asked.conversation_id:
            self._asked = replace(self._asked, conversation_id=conversation_id)
            self._waiting = [
                replace(one, conversation_id=one.conversation_id or conversation_id) for one in self._waiting
            ]
            if not self.conversation_id:
                self.conversation_id = conversation_id
                self.conversation_opened.emit(conversation_id)

    def _take_question(self, stored: StoredMessage) -> None:
        self._question = Turn.of(stored)
        if self._live:
            self._live = replace(self._live, parent_id=stored.id)
        row = self._live_row()
        if row > 0:
            self._chat.show_row(row - 1, self._question)
        self.conversations_changed.emit()

    def _change(self, event: object) -> None:
        """Show what an event changes in the answer, where its conversation is open."""
        if self._live is None:
            return
        row = self._live_row()
        self._live = changed(self._live, event, time.monotonic())
        if row >= 0:
            self._chat.show_soon(row, self._live)

    def _live_row(self) -> int:
        if not self._asked or self._asked.conversation_id != self.conversation_id:
            return -1
        rows = (row for row, turn in enumerate(self._chat.turns) if turn.streaming)
        return next(rows, -1)

    def _fail(self, error: MaruError) -> None:
        if self._question is not None and not self._question.id and self._asked:
            self.question_returned.emit(self._asked.text)
            self.failed.emit(error)
            self._chat.show_turns(
                [turn for turn in self._chat.turns if turn.id or turn.waiting], keep_place=True
            )
        else:
            self._error = (self._question.id if self._question else 0, error)

    def _end(self) -> None:
        self._chat.flush()
        asked = self._asked
        self._task = self._live = self._question = self._asked = None
        self.busy_changed.emit(False)
        self.conversations_changed.emit()
        if asked and asked.offer is not None:
            self.offer_taken.emit()
        if asked and asked.conversation_id == self.conversation_id:
            self.reload()
        else:
            self._ask_waiting()

    def _ask_waiting(self) -> None:
        """Ask the question of the open conversation that waited longest."""
        mine = [one for one in self._waiting if one.conversation_id == self.conversation_id]
        if self.busy or not mine:
            return
        self._waiting.remove(mine[0])
        question = mine[0]
        rows = self._rows_before(question.beside) if question.beside else list(self._chat.turns)
        stored = [turn for turn in rows if turn.id]
        if not question.beside:
            answers = [turn.id for turn in stored if not turn.asked]
            question = replace(question, parent_id=answers[-1] if answers else None)
        self._begin(question, [*stored, Turn(Role.USER, question.text)])
        for later in mine[1:]:
            self._chat.append(Turn(Role.USER, later.text, waiting=True))

    # --- showing

    def _take(self, conversation_id: int, turns: list[Turn], keep_place: bool) -> None:
        if conversation_id != self.conversation_id:
            return
        self._show(turns, keep_place=keep_place)
        self.turns_read.emit(turns)
        if self._wanted_message:
            self._chat.go_to_message(self._wanted_message)
            self._wanted_message = 0
        self._ask_waiting()

    def _show(self, turns: list[Turn], *, keep_place: bool) -> None:
        if self._live and self._asked and self._asked.conversation_id == self.conversation_id:
            done = [turn for turn in turns if turn.asked or turn.finish_reason is not None]
            turns = [*done, self._live]
        waiting = [one for one in self._waiting if one.conversation_id == self.conversation_id]
        turns = [*self._with_error(turns), *(Turn(Role.USER, one.text, waiting=True) for one in waiting)]
        self._chat.show_turns(turns, keep_place=keep_place)

    def _with_error(self, turns: list[Turn]) -> list[Turn]:
        """Let the answer that failed say why; where none was begun, a row says it."""
        if not self._error or not turns:
            return turns
        question_id, error = self._error
        last = turns[-1]
        if not last.asked and last.parent_id == question_id:
            return [*turns[:-1], replace(last, error=error)]
        if last.id == question_id:
            return [*turns, Turn(Role.ASSISTANT, "", parent_id=question_id, error=error)]
        return turns

    def _rows_before(self, message_id: int) -> list[Turn]:
        rows = list(self._chat.turns)
        place = next((row for row, turn in enumerate(rows) if turn.id == message_id), len(rows))
        return rows[:place]
