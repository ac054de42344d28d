# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Which sentence of an answer is supported by which passage.

Every sentence is compared with every passage: its numbers, names and words against the words of the
passage. The best passage above a threshold gives the sentence its marker. A marker that the model
wrote itself stays only where it passes the same test; a sentence without support gets none.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.claims import Terms, closest, support, terms
from assistant.passages import Citation, Passage
from assistant.sentences import spans

_MARKER = re.compile(r"\s?\[(\d{1,2})\]")
_MARKER_START = re.compile(r"\s?\[\d{0,2}$|\s$")
_FENCE = "```"

LIKELY = 12
"""Passages of a whole document that a sentence is compared with: those that share most of its words."""


@dataclass(frozen=True)
class Sentence:
    """A sentence of an answer: the span [start, end) in its text, and whether it can be supported."""

    start: int
    end: int
    text: str
    claims: bool


def sentences(answer: str, *, in_code: bool = False) -> list[Sentence]:
    """Return the sentences of `answer`; code, headings and questions make no claim.

    `in_code` says that `answer` begins inside a code block.
    """
    found: list[Sentence] = []
    for start, end in spans(answer):
        piece = answer[start:end]
        fences = piece.count(_FENCE)
        found.append(Sentence(start, end, piece, not in_code and not fences and _claims(piece)))
        in_code ^= bool(fences % 2)
    return found


def cite(sentence: Sentence, passages: Sequence[Passage], question: str = "") -> Citation | None:
    """Return the citation of the passage that supports `sentence` best, or None.

    `question` breaks ties of short answers ("850."): among the passages that hold the number, the
    one that speaks of what was asked is meant.
    """
    if not sentence.claims:
        return None
    best: tuple[float, int] | None = None
    for number, passage in enumerate(passages, start=1):
        score = support(sentence.text, passage.text, passage.heading, question)
        if score and (best is None or score + _relevance(question, passage) > best[0]):
            best = score + _relevance(question, passage), number
    if best is None:
        return None
    return _citation(sentence, best[1], passages[best[1] - 1], question, best[0])


def with_markers(text: str, citations: Sequence[Citation]) -> str:
    """Return `text` with `[n]` after each cited sentence."""
    for citation in sorted(citations, key=lambda each: each.end, reverse=True):
        text = f"{text[: citation.end]} [{citation.n}]{text[citation.end :]}"
    return text


class Citer:
    """Attaches citations while an answer streams: text in, text and citations out, in order."""

    def __init__(self, passages: Sequence[Passage], question: str = "", *, whole: bool = False) -> None:
        """Cite from `passages`; with none, text passes through and nothing is judged.

        `whole`: they are all of a document. Those that are cited are then numbered in the order in
        which they are, and `cited` holds them.
        """
        self.cited: list[Passage] = []
        self._likely = _Likely(passages) if whole else None
        self.citations: list[Citation] = []
        self.unsupported: list[tuple[int, int]] = []
        self.text = ""
        self._passages = passages
        self._question = question
        self._held = ""  # may become a marker of the model's own
        self._judged = 0  # everything before this offset of `text` is done
        self._in_code = False

    def feed(self, piece: str) -> list[str | Citation]:
        """Take the next piece; return what can be shown: pieces of text, and citations between."""
        if not self._passages:
            self.text += piece
            return [piece]
        arrived = _MARKER.sub("", self._held + piece)
        start = _MARKER_START.search(arrived)
        self._held = arrived[start.start() :] if start else ""
        return self._show(arrived[: start.start()] if start else arrived, at_end=False)

    def flush(self) -> list[str | Citation]:
        """Return what is left when the answer is over."""
        held, self._held = self._held, ""
        return self._show(held, at_end=True) if self._passages else []

    def _show(self, piece: str, *, at_end: bool) -> list[str | Citation]:
        if not self.text:
            piece = piece.lstrip()  # what a marker at the very beginning leaves behind
        self.text += piece
        shown_upto = len(self.text) - len(piece)
        parts: list[str | Citation] = []
        for sentence in self._finished(at_end=at_end):
            self._in_code ^= bool(sentence.text.count(_FENCE) % 2)
            self._judged = sentence.end
            citation = self._citation(sentence)
            if citation is None:
                if sentence.claims:
                    self.unsupported.append((sentence.start, sentence.end))
                continue
            self.citations.append(citation)
            if citation.end > shown_upto:
                parts.append(self.text[shown_upto : citation.end])
                shown_upto = citation.end
            parts.append(citation)
        return [*parts, self.text[shown_upto:]] if shown_upto < len(self.text) else parts

    def _citation(self, sentence: Sentence) -> Citation | None:
        if self._likely is None:
            return cite(sentence, self._passages, self._question)
        found = cite(sentence, self._likely.passages(sentence.text), self._question)
        if found is None:
            return None
        if found.passage not in self.cited:
            self.cited.append(found.passage)
        return replace(found, n=self.cited.index(found.passage) + 1)

    def _finished(self, *, at_end: bool) -> list[Sentence]:
        """Return sentences not judged yet that cannot grow any more."""
        tail = self.text[self._judged :]
        known = [
            replace(one, start=one.start + self._judged, end=one.end + self._judged)
            for one in sentences(tail, in_code=self._in_code)
        ]
        return known if at_end else [one for one in known if one.end < len(self.text.rstrip(" "))]


class _Likely:
    """Which passages of a long document may support a sentence: it is not compared with all of them."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        """Note which passage holds which words and numbers."""
        self._passages = passages
        self._holding: dict[str, list[int]] = {}
        for number, passage in enumerate(passages):
            held = terms(f"{passage.heading}\n{passage.text}")
            for word in held.found_by():
                self._holding.setdefault(word, []).append(number)

    def passages(self, sentence: str) -> list[Passage]:
        """Return the passages that share most with `sentence`, in the document's order."""
        said, shared = terms(sentence), Counter[int]()
        for word in said.found_by():
            shared.update(self._holding.get(word, ()))
        return [self._passages[number] for number in sorted(one for one, _ in shared.most_common(LIKELY))]


def _claims(piece: str) -> bool:
    """Say whether a piece asserts something: headings, table rules and questions do not."""
    bare = piece.strip()
    if bare.startswith("#") or bare.endswith(("?", "？", ":")) or set(bare) <= set("|-: *_"):
        return False
    said = terms(bare)
    return bool(said.numbers or said.words)


def _relevance(question: str, passage: Passage) -> float:
    """Return a little for passages that speak of what was asked: it only breaks ties."""
    return 0.1 * terms(question).share_in(terms(f"{passage.heading}\n{passage.text}"))


def _citation(sentence: Sentence, number: int, passage: Passage, question: str, score: float) -> Citation:
    """Cite the sentence of the passage that holds the most of what is said."""
    said, asked = terms(sentence.text), terms(question)
    weighed = {word: 2 * weight for word, weight in said.words.items()}
    wanted = Terms(asked.words | weighed, said.numbers, asked.joined | said.joined)
    start, end = closest(wanted, passage.text)
    return Citation(
        n=number,
        start=sentence.start,
        end=sentence.end,
        passage=passage,
        quote=passage.text[start:end],
        quote_start=passage.start + start,
        quote_end=passage.start + end,
        score=min(score, 1.0),
    )
