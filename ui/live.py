# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What each event of an answer changes in the row that shows it. Pure."""

from dataclasses import replace

from assistant.chat import Cited, Loading, Masked, Notice, Reading, Searching, Sources, TokenText
from assistant.texts import tr, trn
from ui.turns import Turn


def changed(turn: Turn, event: object) -> Turn:
    """Return the answer that is being written after `event`; the same where it changes nothing."""
    match event:
        case Searching(documents=count):
            return replace(turn, status=trn("Looking in {n} document", "Looking in {n} documents", count))
        case Sources(passages=passages):
            return replace(turn, sources=passages.found, status=tr("Reading the sources"))
        case Masked(entities=entities):
            return replace(turn, hidden=sum(entities.values()))
        case Notice(text=words):
            return replace(turn, notices=(*turn.notices, str(words)))
        case Loading(fraction=fraction):
            return replace(turn, status=tr("Starting the model, {percent} %", percent=round(100 * fraction)))
        case Reading(done=done, total=total):
            percent = round(100 * done / total) if total else 100
            return replace(turn, status=tr("Reading, {percent} %", percent=percent))
        case TokenText(text=words):
            return replace(turn, text=turn.text + words, status="")
        case Cited(citation=citation):
            return replace(turn, citations=(*turn.citations, citation))
    return turn
