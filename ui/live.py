# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What each event of an answer changes in the row that shows it. Pure."""

from dataclasses import replace

from assistant.chat import (
    Cited,
    ContextUse,
    Loading,
    Masked,
    Notice,
    Reading,
    ReadingPart,
    Searching,
    Sources,
    Thinking,
    TokenText,
)
from assistant.engine.protocol import LoadProgress
from assistant.texts import tr, trn
from ui.turns import LeftOut, Turn, searched_line, without_left_out


def changed(turn: Turn, event: object, now: float) -> Turn:
    """Return the answer after `event`, which came at `now`: seconds of a clock that only grows."""
    match event:
        case ContextUse():
            left_out = LeftOut.of(event)
            return replace(turn, left_out=left_out, notices=without_left_out(turn.notices, event))
        case Masked(entities=entities, told=told):
            return replace(turn, hidden=sum(entities.values()), told=told)
        case Notice(text=words):
            return replace(turn, notices=(*turn.notices, str(words)))
        case Thinking(text=words):
            since = turn.thinks_since or now
            return replace(turn, thinking=turn.thinking + words, thinks_since=since, status="")
        case TokenText(text=words):
            thought = now - turn.thinks_since if turn.thinking and not turn.text else turn.thought_s
            return replace(turn, text=turn.text + words, thought_s=thought, status="")
        case Cited(citation=citation):
            return replace(turn, citations=(*turn.citations, citation))
        case Sources(passages=passages, searched_for=words):
            notices = (*turn.notices, *searched_line(words))
            return replace(turn, sources=passages.found, notices=notices, status=tr("Reading the sources"))
    return replace(turn, status=_status(event) or turn.status)


def _status(event: object) -> str:
    """Return what is being done before the first word, "" where `event` does not tell."""
    match event:
        case Searching(documents=count):
            return trn("Looking in {n} document", "Looking in {n} documents", count)
        case Loading(fraction=fraction) | LoadProgress(fraction=fraction):
            return tr("Starting the model, {percent} %", percent=round(100 * fraction))
        case Reading(done=done, total=total):
            percent = round(100 * done / total) if total else 100
            return tr("Reading, {percent} %", percent=percent)
        case ReadingPart(total=total, together=True):
            return trn("Putting {n} part together", "Putting {n} parts together", total)
        case ReadingPart(number=number, total=total):
            return tr("Reading part {n} of {total}", n=number, total=total)
    return ""
