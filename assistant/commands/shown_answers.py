# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Answers as the terminal shows them: text and sources for people, one object a line for programs."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from assistant import chat as chatting
from assistant.chat_events import Thinking
from assistant.citations import with_markers
from assistant.commands.output import Thoughts, note, passage_object, say, say_json
from assistant.conversations import StoredMessage
from assistant.entities import ENTITY_NAMES, EntityType
from assistant.messages import FinishReason
from assistant.receipts import Receipt
from assistant.texts import tr, trn

COUNTED = ("prompt_tokens", "cached_tokens", "predicted_tokens", "drafted_tokens", "accepted_tokens",
           "thinking_tokens")  # fmt: skip
MEASURED = ("prompt_ms", "first_token_ms", "predicted_ms")


def show(events: chatting.Events, *, thinking: bool = False, stats: bool = False) -> StoredMessage | None:
    """Print the answer as it comes, then its sources; return what was stored.

    Standard output has the answer alone: notices go to standard error, and with `thinking` what a
    reasoning model thinks, with `stats` how fast it was.
    """
    answered: StoredMessage | None = None
    thoughts = Thoughts(shown=thinking)
    for event in events:
        match event:
            case chatting.Notice() | chatting.Masked():
                _note_event(event)
            case chatting.Sources(searched_for=str(words)) if words:
                note(tr("Searched for: {words}", words=words))
            case chatting.ReadingPart():
                note(_part_words(event))
            case Thinking(words):
                thoughts.add(words)
            case chatting.TokenText(words):
                thoughts.end()
                say(words, end="")
            case chatting.Cited(citation):
                say(f" [{citation.n}]", end="")
            case chatting.Answered(message):
                answered = message
    thoughts.end()
    say()
    if answered is not None:
        _show_end(answered, stats=stats)
    return answered


def _note_event(event: chatting.Notice | chatting.Masked) -> None:
    if isinstance(event, chatting.Notice):
        note(event.text)
        return
    if event.entities:
        note(tr("Hidden from the model: {listed}", listed=_listed(event.entities)))
    if event.told:
        note(tr("Shown to the model: {listed}", listed=_listed(event.told)))


def _listed(kinds: Mapping[str, int]) -> str:
    named = {str(ENTITY_NAMES[EntityType(kind)]): count for kind, count in kinds.items()}
    return ", ".join(f"{name} × {count}" for name, count in sorted(named.items()))


def _part_words(event: chatting.ReadingPart) -> str:
    if event.together:
        return trn("Putting {n} part together", "Putting {n} parts together", event.total)
    return tr("Reading part {n} of {total}", n=event.number, total=event.total)


def _show_end(answered: StoredMessage, *, stats: bool) -> None:
    match answered.finish_reason:
        case FinishReason.CANCELLED:
            note(tr("Stopped."))
        case FinishReason.REPEATED:
            note(tr("The model began to repeat itself and was stopped."))
        case FinishReason.LENGTH:
            _show_cut(answered.receipt or Receipt())
    _show_sources(answered.receipt or Receipt())
    _show_invented(answered)
    if stats:
        note(stats_words(timings(answered.receipt or Receipt())))


def _show_cut(receipt: Receipt) -> None:
    """Say what cut an answer, and which option gives it more room."""
    longest = receipt.sampling.max_tokens
    if receipt.written < longest and receipt.context is not None:
        note(tr("The context window was full before this answer ended."))
        option, value = "--ctx", 2 * receipt.context.n_ctx
    else:
        note(tr("This answer reached its longest length, {n} tokens.", n=longest))
        option, value = "--max-tokens", 2 * longest
    note(tr("Worth a try: {options}", options=f"{option} {value}"))


def _show_sources(receipt: Receipt) -> None:
    cited = sorted({citation.n for citation in receipt.citations})
    for number in cited:
        passage = receipt.passages[number - 1]
        say(f"\n[{number}] {passage.document}, {passage.where()}", end="")
    if cited:
        say()
    if count := len(receipt.unsupported):
        note(
            trn(
                "{n} sentence has no support in your documents: check it.",
                "{n} sentences have no support in your documents: check them.",
                count,
            )
        )


def _show_invented(answered: StoredMessage) -> None:
    if invented := _invented(answered):
        note(
            tr(
                "The model made up what it calls {names}: nothing hidden stands behind it.",
                names=", ".join(dict.fromkeys(invented)),
            )
        )


def _invented(answered: StoredMessage) -> list[str]:
    """Return the placeholders that the model made up, as they stand in the answer."""
    words = answered.message.content
    return [words[start:end] for start, end in (answered.receipt or Receipt()).invented]


def show_json(events: chatting.Events, *, thinking: bool = False) -> StoredMessage | None:
    """Print one object a line: sources, masked, token, answer; with `thinking` that too, piece by piece."""
    answered: StoredMessage | None = None
    for event in events:
        match event:
            case chatting.Sources(passages, searched_for):
                found = [passage_object(one) for one in passages.found]
                followed = {"searched_for": searched_for} if searched_for else {}
                say_json({"event": "sources", "passages": found, **followed})
            case chatting.ReadingPart(number, total):
                say_json({"event": "reading_part", "number": number, "total": total})
            case chatting.Masked(entities, told):
                shown = {"told": told} if told else {}
                say_json({"event": "masked", "entities": entities, **shown})
            case Thinking(words) if thinking:
                say_json({"event": "thinking", "text": words})
            case chatting.TokenText(words):
                say_json({"event": "token", "text": words})
            case chatting.Cited(citation):
                say_json({"event": "token", "text": f" [{citation.n}]"})
            case chatting.Notice(words):
                note(str(words))
            case chatting.Answered(message):
                answered = message
                say_json(answer_object(message))
    return answered


def answer_object(message: StoredMessage) -> dict[str, Any]:
    """Return the `answer` event: text, citations, sources, and the receipt."""
    receipt = message.receipt or Receipt()
    words = message.message.content
    return {
        "event": "answer",
        "text": with_markers(words, receipt.citations),
        "citations": [
            {
                "n": citation.n,
                "sentence": words[citation.start : citation.end],
                "document": citation.passage.document,
                "page": citation.passage.place.page,
                "place": citation.passage.place.shown(),
                "quote": citation.quote,
            }
            for citation in receipt.citations
        ],
        "unsupported": [words[start:end] for start, end in receipt.unsupported],
        "invented": _invented(message),
        "passages": [passage_object(passage) for passage in receipt.passages],
        "finish_reason": message.finish_reason.value if message.finish_reason else None,
        "sampling": asdict(receipt.sampling),
        "model": {"name": receipt.model_name, "sha256": receipt.model_sha256},
        "timings": timings(receipt),
        "thinking": receipt.thinking,
        "notices": list(receipt.notices),
        "searched_for": receipt.searched_for,
        "whole": [asdict(read) for read in receipt.whole],
    }


def timings(receipt: Receipt) -> dict[str, float]:
    """Return how long an answer took: milliseconds, counts of tokens, tokens a second."""
    found: dict[str, float] = {name: int(receipt.timings.get(name, 0)) for name in COUNTED}
    found |= {name: float(receipt.timings.get(name, 0)) for name in MEASURED}
    spent = found["predicted_ms"] / 1000
    return {**found, "tokens_per_second": round(found["predicted_tokens"] / spent, 2) if spent else 0.0}


def stats_words(found: Mapping[str, float]) -> str:
    """Return the timings of an answer as a line."""
    words = tr(
        "{n} tokens, {speed} a second, the first after {seconds} s; {cached} of {prompt} prompt tokens known",
        n=int(found["predicted_tokens"]),
        speed=f"{found['tokens_per_second']:.1f}",
        seconds=f"{found['first_token_ms'] / 1000:.2f}",
        prompt=int(found["prompt_tokens"]),
        cached=int(found["cached_tokens"]),
    )
    if not found["drafted_tokens"]:
        return words
    return words + tr(
        "; {drafted} guessed ahead, {accepted} of them right",
        drafted=int(found["drafted_tokens"]),
        accepted=int(found["accepted_tokens"]),
    )
