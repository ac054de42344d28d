# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The open conversation: what is asked goes to the core, and every event of the answer to the chat view."""

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, Signal

from assistant.app import Assistant
from assistant.chat import (
    Answered,
    ContextUse,
    Options,
    QuestionStored,
    Sources,
    keep_unanswered,
    last_answer,
)
from assistant.conversations import StoredMessage
from assistant.errors import MaruError, Offer
from assistant.messages import Role
from ui.chat_view import ChatView
from ui.live import changed
from ui.preview import NONE_CHOSEN, Choices, picked
from ui.tasks import Steps, Task, call
from ui.turns import Turn


@dataclass(frozen=True)
class Opened:
    """The question stands in this conversation, which may be new."""

    conversation_id: int


@dataclass(frozen=True)
class Question:
    """What was asked and not answered yet.

    `conversation_id` is below 0 for a conversation that begins with it, another number for each. It
    stands below the last answer, unless it is `beside` an edited one, whose id that is: then below
    `parent_id`. `again` is the id of a stored question to answer once more; `alone` asks the model
    without documents; `offer` is taken into the settings first. `chosen` shows single values to the model,
    or hides them, against the policy.
    """

    text: str
    conversation_id: int
    parent_id: int | None = None
    again: int = 0
    beside: int = 0
    alone: bool = False
    offer: Offer | None = None
    chosen: Choices = field(default_factory=dict)


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
        self._begun = -1  # the number of the new conversation that is open, or was last
        self._numbers: dict[int, int] = {}  # of the conversations that were new: how they are stored
        self._reading: Task | None = None
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
        if not conversation_id:
            self._begun -= 1
        self._error = None
        self.conversation_opened.emit(conversation_id)
        self.reload(keep_place=False)

    def reload(self, *, keep_place: bool = True) -> None:
        """Read the open conversation again, beside the window, and show it."""
        wanted, self._reading = self.conversation_id, None
        if not wanted:
            self._show([], keep_place=False)
            self._ask_waiting()
            return
        message_id, store = self._wanted_message, self._assistant.conversations

        def read() -> list[Turn]:
            branch = store.branch(wanted)
            if message_id and all(one.id != message_id for one in branch):
                store.choose(message_id)
                branch = store.branch(wanted)
            return [Turn.of(stored) for stored in branch]

        task = self._reading = call(read)
        task.finished.connect(lambda turns: self._take(task, wanted, turns, keep_place))
        task.failed.connect(lambda error: self._fail_to_read(task, error))
        task.start()

    def ask(
        self,
        text: str,
        instead_of: Turn | None = None,
        *,
        alone: bool = False,
        chosen: Choices = NONE_CHOSEN,
    ) -> None:
        """Ask after the last message, or beside an earlier question (an edit); see `Question`."""
        parent, beside = (instead_of.parent_id, instead_of.id) if instead_of else (None, 0)
        question = Question(text, self._open, parent, beside=beside, alone=alone, chosen=chosen)
        if self.busy or self._reading:
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
        if question is None or self.busy or self._reading:
            return
        asked = Question(
            question.text,
            self._open,
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
        rows = [one for one in self._chat.turns if one.waiting]
        taken = [question for question, row in zip(self._waiting_here(), rows, strict=False) if row is turn]
        self._waiting = [one for one in self._waiting if all(one is not other for other in taken)]
        self._chat.show_turns([one for one in self._chat.turns if one is not turn], keep_place=True)
        self.question_returned.emit(turn.text)

    def keep_waiting(self) -> None:
        """Store every question that waits, unanswered: to be called at the end, when no task runs."""
        store, self._waiting, waiting = self._assistant.conversations, [], self._waiting
        for one in waiting:
            with contextlib.suppress(MaruError):  # never to be kept, its conversation deleted, the disk full
                through, back = picked(one.chosen)
                self._assistant.privacy.check(None, one.text, through)
                number = self._number_of(one)
                self._assistant.privacy.choose(number, one.text, through, back)
                parent = one.parent_id if one.beside else last_answer(store, number)
                keep_unanswered(store, number, one.text, parent)

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

    @property
    def _open(self) -> int:
        """The conversation that is open, below 0 for a new one."""
        return self.conversation_id or self._begun

    def _number_of(self, question: Question) -> int:
        """Return the stored conversation of a question; a new one is made, once. On any thread."""
        number = question.conversation_id
        if number < 0 and number not in self._numbers:
            self._numbers[number] = self._assistant.conversations.create().id
        return self._numbers.get(number, number)

    def _begin(self, question: Question, rows: Sequence[Turn]) -> None:
        """Ask `question`; `rows`, with it at their end, are shown where its conversation is open."""
        self._asked, self._question = question, rows[-1]
        self._live = Turn(Role.ASSISTANT, "", streaming=True)
        if question.conversation_id == self._open:
            self._error = None
            self._chat.show_turns([*rows, self._live], keep_place=True)
            self._chat.go_to_end()
        options = self._options()
        through, back = picked(question.chosen)
        options = replace(options, let_through=through, kept_back=back)
        options = replace(options, documents=False, whole=()) if question.alone else options
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
            number = self._number_of(question)
            yield Opened(number)
            parent = question.parent_id if question.beside else last_answer(assistant.conversations, number)
            yield from assistant.ask(number, question.text, options, stop, parent)

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
        if self._asked and self._asked.conversation_id != conversation_id:
            new, is_open = self._asked.conversation_id, self._asked.conversation_id == self._open
            self._asked = replace(self._asked, conversation_id=conversation_id)
            self._waiting = [
                replace(one, conversation_id=conversation_id) if one.conversation_id == new else one
                for one in self._waiting
            ]
            if is_open:
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
        if not self._asked or self._asked.conversation_id != self._open:
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
        if asked and asked.conversation_id == self._open:
            self.reload()
        else:
            self._ask_waiting()

    def _ask_waiting(self) -> None:
        """Ask the question that waited longest, whichever conversation is open."""
        if self.busy or not self._waiting:
            return
        question = self._waiting[0]
        asked = Turn(Role.USER, question.text)
        if question.conversation_id != self._open:
            self._waiting.pop(0)
            self._begin(question, [asked])
        elif self._reading is None:
            self._waiting.pop(0)
            rows = self._rows_before(question.beside) if question.beside else self._chat.turns
            self._begin(question, [*(turn for turn in rows if turn.id), asked])
            for later in self._waiting_here():
                self._chat.append(Turn(Role.USER, later.text, waiting=True))

    def _waiting_here(self) -> list[Question]:
        return [one for one in self._waiting if one.conversation_id == self._open]

    # --- showing

    def _take(self, task: Task, conversation_id: int, turns: list[Turn], keep_place: bool) -> None:
        if conversation_id != self.conversation_id:
            return
        if task is self._reading:
            self._reading = None
        self._show(turns, keep_place=keep_place)
        self.turns_read.emit(turns)
        if self._wanted_message:
            self._chat.go_to_message(self._wanted_message)
            self._wanted_message = 0
        self._ask_waiting()

    def _fail_to_read(self, task: Task, error: MaruError) -> None:
        """Give back what was asked meanwhile: what it would stand below is not known."""
        self.failed.emit(error)
        if task is self._reading:
            self._reading, here = None, self._waiting_here()
            self._waiting = [one for one in self._waiting if one.conversation_id != self._open]
            for one in here:
                self.question_returned.emit(one.text)
            self._ask_waiting()

    def _show(self, turns: list[Turn], *, keep_place: bool) -> None:
        if self._live and self._question and self._asked and self._asked.conversation_id == self._open:
            done = [turn for turn in turns if turn.asked or turn.finish_reason is not None]
            # Its question may have been stored after the turns were read.
            begun = [] if done and done[-1].asked else [self._question]
            turns = [*done, *begun, self._live]
        waiting = [Turn(Role.USER, one.text, waiting=True) for one in self._waiting_here()]
        turns = [*self._with_error(turns), *waiting]
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
