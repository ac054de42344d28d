# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""One question, from text to stored, cited answer: one generator of events.

The rules that nobody may go around live here: the question is stored before anything can crash,
personal data is masked before anything reaches the model, and no sentence gets a citation that the
passage does not support.
"""

import contextlib
import threading
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.asked import Asked
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
    Searching,
    Sources,
    Thinking,
    TokenText,
)
from assistant.claims import closest, terms
from assistant.conversations import ConversationStore, StoredMessage
from assistant.documents.library import Library
from assistant.engine.client import Engine
from assistant.engine.protocol import LoadProgress, ModelInfo, Timings
from assistant.errors import EngineError, MaruError
from assistant.messages import FinishReason, Role
from assistant.model_files import CHAT_STARTER
from assistant.passages import Citation, Passage, Passages
from assistant.privacy.filter import find
from assistant.receipts import ContextUse
from assistant.sentences import spans
from assistant.texts import text
from assistant.writing import Writing, receipt_of, shown_prompt

__all__ = [
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


REFUSAL = text("Your documents do not say. The nearest passages are:")
REFUSAL_EMPTY = text("Your documents do not say, and no passage comes near.")
STARTER_ENGLISH_ONLY = text(
    "The starter model knows English only. For answers in Korean, open “Model” and choose a GGUF file"
    " that speaks Korean; searching your documents works in Korean already."
)
ENGLISH_ONLY = text(
    "The model in use knows English only. For answers in Korean, choose one that speaks Korean."
)
QUOTED = text("Your documents say:")
NO_TEMPLATE = text("This model has no chat template: it continues your text instead of answering.")
PLAIN_LAYOUT = text("A plain layout takes its place: answers may be worse than this model can give.")
WORDINGS = 6  # of one question that are searched: as a whole, without personal data, by sentence
QUOTES_SHOWN = 2
NEAREST_SHOWN = 3
EXCERPT = 160


@dataclass(frozen=True)
class Parts:
    """What answering needs: where conversations are kept, what thinks, what is searched.

    `load` loads the model where it is not loaded; None: as the engine itself does.
    """

    conversations: ConversationStore
    engine: Engine
    library: Library
    load: Callable[[threading.Event], Generator[LoadProgress, None, ModelInfo]] | None = None


def answer(
    parts: Parts,
    conversation_id: int,
    question: str,
    options: Options,
    stop: threading.Event,
    parent_id: int | None = None,
) -> Events:
    """Answer `question` after message `parent_id` (None: the first of the conversation).

    `stop` ends the answer early; what there is stays. Raises MaruError once everything is stored.
    """
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
    passages = yield from _search(parts, question, options)
    asked = Asked.of(parts.conversations, question, options, passages)
    if passages is not None and not passages.supported:
        yield from _refuse(parts, asked)
        return
    info = yield from _loaded(parts, stop)
    if info is None:
        yield from _say(parts, asked, None, FinishReason.CANCELLED, "")
        return
    notices: list[str] = []
    if asked.language == "ko" and not info.korean:
        starter = info.sha256 == CHAT_STARTER.sha256
        notices.append((STARTER_ENGLISH_ONLY if starter else ENGLISH_ONLY).in_language(asked.language))
        yield Notice(notices[0])
        if passages is not None:
            yield from _quote(parts, asked, info, notices)
            return
    for words in _of_template(info, asked.language):
        notices.append(words)
        yield Notice(words)
    if asked.entities:
        yield Masked(asked.entities)
    built = asked.prompt(parts.engine, info)
    for left_out in built.left_out():
        notices.append(left_out.in_language(asked.language))
        yield Notice(notices[-1])
    yield asked.context_use(built, info)
    yield from Writing(parts.conversations, parts.engine, asked, info, built, notices).run(stop)


def _of_template(info: ModelInfo, language: str) -> list[str]:
    """Return what the user should know of a model that is not asked in the way it was trained for."""
    if not info.has_template:
        return [NO_TEMPLATE.in_language(language)]
    if info.template_fault is not None:
        return [f"{info.template_fault.in_language(language)} {PLAIN_LAYOUT.in_language(language)}"]
    return []


def _search(
    parts: Parts, question: StoredMessage, options: Options
) -> Generator[ChatEvent, None, Passages | None]:
    """Search with the unmasked question: masking an index would ruin it. None: nothing to search."""
    if not options.documents:
        return None
    documents = parts.library.document_count(options.collections, options.within)
    if not documents:
        return None
    yield Searching(documents)
    passages = _passages(parts.library, question.message.content, options)
    yield Sources(passages)
    return passages


def _passages(library: Library, question: str, options: Options) -> Passages:
    """Return what the whole question finds, or, where that supports no answer, one of its parts.

    "Mail it to kim@…. What is the rent?" speaks of more than the lease does; "What is the rent?" not.
    """
    bare = _without_personal_data(question)
    parts = [bare[start:end] for start, end in spans(bare)]
    wordings = [question, *([bare] if bare != question else []), *(parts if len(parts) > 1 else [])]
    first: Passages | None = None
    for words in dict.fromkeys(wordings[:WORDINGS]):
        found = library.search(words, options.collections, limit=options.limit, within=options.within)
        if found.supported:
            return found
        first = first or found
    return first or Passages((), supported=False)


def _without_personal_data(words: str) -> str:
    """Return `words` without it: "what is the rent? Answer to kim@…" does not ask for the address."""
    for entity in reversed(find(words)):
        words = words[: entity.start] + words[entity.end :]
    return words


def _loaded(parts: Parts, stop: threading.Event) -> Generator[ChatEvent, None, ModelInfo | None]:
    """Load the model where it is not; None where the user stopped it."""
    if parts.engine.info is not None:
        return parts.engine.info
    loading = (parts.load or parts.engine.load)(stop)
    try:
        while True:
            yield Loading(next(loading).fraction)
    except StopIteration as end:
        return None if stop.is_set() else end.value
    except EngineError:
        if stop.is_set():
            return None
        raise


def _refuse(parts: Parts, asked: Asked) -> Events:
    """Answer that the documents do not say, and offer the nearest passages; nothing is generated."""
    found = asked.passages.found if asked.passages else ()
    lines = [(REFUSAL if found else REFUSAL_EMPTY).in_language(asked.language)]
    lines += [f"- {_source(one)}: “{excerpt(one.text)}”" for one in found[:NEAREST_SHOWN]]
    yield from _say(parts, asked, parts.engine.info, FinishReason.REFUSED, "\n".join(lines))


def _quote(parts: Parts, asked: Asked, info: ModelInfo, notices: Sequence[str]) -> Events:
    """Answer in the words of the passages: a model that lacks the language would only babble."""
    found = asked.passages.found if asked.passages else ()
    words = QUOTED.in_language(asked.language)
    citations: list[Citation] = []
    for number, passage in enumerate(found[:QUOTES_SHOWN], start=1):
        start, end = closest(terms(asked.question.message.content), passage.text)
        quote = passage.text[start:end]
        words += "\n- "
        at = len(words)
        words += " ".join(quote.split())
        shift = passage.start
        citations.append(
            Citation(number, at, len(words), passage, quote, start + shift, end + shift, passage.score)
        )
    yield from _say(parts, asked, info, FinishReason.QUOTED, words, citations, notices)


def _say(
    parts: Parts,
    asked: Asked,
    info: ModelInfo | None,
    reason: FinishReason,
    words: str,
    citations: Sequence[Citation] = (),
    notices: Sequence[str] = (),
) -> Events:
    """Store and show an answer of Maru's own, which no model wrote."""
    stored = parts.conversations.start_answer(asked.question.conversation_id, asked.question.id)
    shown = 0
    for citation in citations:
        yield TokenText(words[shown : citation.end])
        yield Cited(citation)
        shown = citation.end
    if shown < len(words):
        yield TokenText(words[shown:])
    receipt = replace(receipt_of(asked, info, None, Timings(), notices), citations=tuple(citations))
    yield Answered(parts.conversations.finish_answer(stored.id, words, reason, receipt))


def _source(passage: Passage) -> str:
    return f"{Path(passage.document).name}, {passage.place.shown()}"


def excerpt(words: str) -> str:
    """Return the beginning of `words` on one line."""
    line = " ".join(words.split())
    return line if len(line) <= EXCERPT else line[:EXCERPT].rsplit(" ", 1)[0] + " …"
