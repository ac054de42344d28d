# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Answers of Maru's own, which no model wrote: refusals, questions back, quotations."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.answer_parts import Parts
from assistant.asked import Asked
from assistant.chat_events import Answered, Cited, Events, TokenText
from assistant.claims import closest, terms
from assistant.engine.protocol import ModelInfo, Timings
from assistant.messages import FinishReason
from assistant.passages import Citation, Passage
from assistant.receipts import DocumentRead
from assistant.texts import text
from assistant.writing import receipt_of

REFUSAL = text("Your documents do not say. The nearest passages are:")
REFUSAL_EMPTY = text("Your documents do not say, and no passage comes near.")
QUOTED = text("Your documents say:")
QUOTES_SHOWN = 2
NEAREST_SHOWN = 3
EXCERPT = 160

_ITEM = re.compile(r"\s*(?:\d{1,9}[.)]|[-*+>]|#{1,6})\s+")


@dataclass(frozen=True)
class Said:
    """An answer of Maru's own: words, how it ended, and what goes into its receipt.

    `passages` take the place of those that were searched for; `read` are documents that were read whole;
    `seen` is what the model saw of them before it was stopped.
    """

    words: str
    reason: FinishReason
    citations: tuple[Citation, ...] = ()
    notices: tuple[str, ...] = ()
    passages: tuple[Passage, ...] | None = None
    read: tuple[DocumentRead, ...] = ()
    seen: str = ""


class Quoting:
    """An answer that grows line by line, of its own words and of sentences that passages hold."""

    def __init__(self, words: str = "") -> None:
        """Begin with `words`."""
        self.words = words
        self.citations: list[Citation] = []
        self.passages: list[Passage] = []

    def line(self, words: str) -> None:
        """Add a line that cites nothing."""
        self.words += f"\n{words}" if self.words else words

    def heading(self, words: str) -> None:
        """Begin a part of the answer with a line of its own, apart from the list before it."""
        self.words += f"\n\n{words}" if self.words else words

    def quote(self, passage: Passage, start: int, end: int, shown: str = "") -> None:
        """Add the slice [start, end) of the passage's text as a line, cited; `shown` stands before it.

        What makes an item of it in its document is left out: it would begin a list within the line.
        """
        item = _ITEM.match(passage.text, start, end)
        start = item.end() if item and item.end() < end else start
        if passage not in self.passages:
            self.passages.append(passage)
        quote = passage.text[start:end]
        self.line(f"- **{shown}**: " if shown else "- ")
        at = len(self.words)
        self.words += " ".join(quote.split())
        self.citations.append(
            Citation(
                n=self.passages.index(passage) + 1,
                start=at,
                end=len(self.words),
                passage=passage,
                quote=quote,
                quote_start=passage.start + start,
                quote_end=passage.start + end,
                score=passage.score,
            )
        )


def refuse(parts: Parts, asked: Asked) -> Events:
    """Answer that the documents do not say, and offer the nearest passages; nothing is generated."""
    found = asked.passages.found if asked.passages else ()
    lines = [(REFUSAL if found else REFUSAL_EMPTY).in_language(asked.language)]
    lines += [f"- {_source(one)}: “{excerpt(one.text)}”" for one in found[:NEAREST_SHOWN]]
    yield from say(parts, asked, parts.engine.info, Said("\n".join(lines), FinishReason.REFUSED))


def quote(parts: Parts, asked: Asked, info: ModelInfo, notices: Sequence[str]) -> Events:
    """Answer in the words of the passages: a model that lacks the language would only babble."""
    found = asked.passages.found if asked.passages else ()
    answer = Quoting(QUOTED.in_language(asked.language))
    for passage in found[:QUOTES_SHOWN]:
        answer.quote(passage, *closest(terms(asked.wording), passage.text))
    said = Said(answer.words, FinishReason.QUOTED, tuple(answer.citations), tuple(notices))
    yield from say(parts, asked, info, said)


def say(parts: Parts, asked: Asked, info: ModelInfo | None, said: Said) -> Events:
    """Store and show an answer of Maru's own."""
    stored = parts.conversations.start_answer(asked.question.conversation_id, asked.question.id)
    shown = 0
    for citation in said.citations:
        yield TokenText(said.words[shown : citation.end])
        yield Cited(citation)
        shown = citation.end
    if shown < len(said.words):
        yield TokenText(said.words[shown:])
    receipt = receipt_of(asked, info, None, Timings(), said.notices)
    receipt = replace(receipt, citations=said.citations, whole=said.read, prompt_as_seen=said.seen)
    if said.passages is not None:
        receipt = replace(receipt, passages=said.passages)
    yield Answered(parts.conversations.finish_answer(stored.id, said.words, said.reason, receipt))


def excerpt(words: str) -> str:
    """Return the beginning of `words` on one line."""
    line = " ".join(words.split())
    return line if len(line) <= EXCERPT else line[:EXCERPT].rsplit(" ", 1)[0] + " …"


def _source(passage: Passage) -> str:
    return f"{Path(passage.document).name}, {passage.place.shown()}"
