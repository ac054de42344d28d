# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""One question, from text to stored, cited answer: one generator of events.

The rules that nobody may go around live here: the question is stored before anything can crash,
personal data is masked before anything reaches the model, and no sentence gets a citation that the
passage does not support.
"""

import contextlib
import threading

from assistant.answer_parts import (
    NO_TEMPLATE,
    PLAIN_LAYOUT,
    STARTER_ENGLISH_ONLY,
    Parts,
    english_only,
    of_template,
)
from assistant.asked import Asked, earlier_than
from assistant.chat_events import (
    Answered,
    ChatEvent,
    Cited,
    Events,
    Loading,
    Masked,
    Notice,
    Options,
    QuestionStored,
    Reading,
    ReadingPart,
    Searching,
    Sources,
    Thinking,
    TokenText,
)
from assistant.conversations import ConversationStore, StoredMessage
from assistant.errors import MaruError
from assistant.finding import search
from assistant.meant import wanted
from assistant.messages import FinishReason, Role
from assistant.own_words import Said, quote, refuse, say
from assistant.receipts import ContextUse
from assistant.whole import answer_whole
from assistant.writing import Writing, shown_prompt

__all__ = [
    "NO_TEMPLATE",
    "PLAIN_LAYOUT",
    "STARTER_ENGLISH_ONLY",
    "Answered",
    "ChatEvent",
    "Cited",
    "ContextUse",
    "Events",
    "Loading",
    "Masked",
    "Notice",
    "Options",
    "Parts",
    "QuestionStored",
    "Reading",
    "ReadingPart",
    "Searching",
    "Sources",
    "Thinking",
    "TokenText",
    "answer",
    "answer_stored",
    "keep_unanswered",
    "last_answer",
    "shown_prompt",
]


def answer(
    parts: Parts,
    conversation_id: int,
    question: str,
    options: Options,
    stop: threading.Event,
    parent_id: int | None = None,
) -> Events:
    """Answer `question` after message `parent_id` (None: the first of the conversation).

    `stop` ends the answer early; what there is stays. Raises MaruError once everything is stored, and
    BlockedError before anything is: for a question that the person's policy keeps from every model.
    """
    parts.privacy.check(conversation_id, question, options.let_through)
    parts.privacy.choose(conversation_id, question, options.let_through, options.kept_back)
    stored = parts.conversations.add_question(conversation_id, parent_id, question)
    yield QuestionStored(stored)
    yield from answer_stored(parts, stored, options, stop)


def answer_stored(parts: Parts, question: StoredMessage, options: Options, stop: threading.Event) -> Events:
    """Answer a question that is stored already: asked again, another version beside the first.

    Where that fails before an answer is begun, an empty one is stored: the conversation goes on below it.
    """
    try:
        yield from _answer(parts, question, options, stop)
    except MaruError:
        with contextlib.suppress(MaruError):  # the error that came first is told
            _leave_unanswered(parts.conversations, question)
        raise


def keep_unanswered(
    conversations: ConversationStore, conversation_id: int, question: str, parent_id: int | None
) -> None:
    """Store a question that is not asked any more, as one that nobody answered. Raises MaruError."""
    _leave_unanswered(conversations, conversations.add_question(conversation_id, parent_id, question))


def last_answer(conversations: ConversationStore, conversation_id: int) -> int | None:
    """Return the id of the last answer, None in a new conversation. Raises NotFoundError."""
    branch = conversations.branch(conversation_id)
    return next((one.id for one in reversed(branch) if one.message.role is Role.ASSISTANT), None)


def _leave_unanswered(conversations: ConversationStore, question: StoredMessage) -> None:
    if conversations.branch(question.conversation_id)[-1].id == question.id:
        begun = conversations.start_answer(question.conversation_id, question.id)
        conversations.finish_answer(begun.id, "", FinishReason.FAILED)


def _answer(parts: Parts, question: StoredMessage, options: Options, stop: threading.Event) -> Events:
    content = question.message.content
    parts.privacy.check(question.conversation_id, content, options.let_through)
    earlier = earlier_than(parts.conversations, question)
    whole = wanted(parts.library, question, earlier, options)
    if whole is not None:
        yield from answer_whole(parts, question, options, whole, stop)
        return
    found = yield from search(parts.library, content, earlier, options)
    passages, followed = found.passages, found.searched_for
    asked = Asked.of(parts.conversations, parts.privacy, question, options, passages, searched_for=followed)
    if passages is not None and not passages.supported:
        yield from refuse(parts, asked)
        return
    info = yield from parts.loaded(stop)
    if info is None:
        yield from say(parts, asked, None, Said("", FinishReason.CANCELLED))
        return
    notices: list[str] = []
    if asked.language == "ko" and not info.korean:
        notices.append(english_only(info, asked.language))
        yield Notice(notices[0])
        if passages is not None:
            yield from quote(parts, asked, info, notices)
            return
    for words in of_template(info, asked.language):
        notices.append(words)
        yield Notice(words)
    if asked.entities or asked.told:
        yield Masked(asked.entities, asked.told)
    built = asked.prompt(parts.engine, info)
    for left_out in built.left_out():
        notices.append(left_out.in_language(asked.language))
        yield Notice(notices[-1])
    yield asked.context_use(built, info)
    yield from Writing(parts.conversations, parts.engine, asked, info, built, notices).run(stop)
