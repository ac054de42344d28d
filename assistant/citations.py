# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Which sentence of an answer is supported by which passage.

Every sentence is compared with every passage: its numbers, names and words against the words of the
passage. The best passage above a threshold gives the sentence its marker. A marker that the model
wrote itself stays only where it passes the same test; a sentence without support gets none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.full_text import index_terms
from assistant.passages import Citation, Passage

SUPPORT_THRESHOLD = 0.5
"""Least weighted share of a sentence's words that its passage must hold."""

NAME_MISSING_THRESHOLD = 0.75
"""The same where a name of the sentence stands nowhere in the passage."""

LOOP_LETTERS = 400
LOOP_TIMES = 4
"""An answer goes round in circles when its last 400 letters are one stretch, four times or more."""

FULL_LINE = 0.7
WRAPPED_LINE = 25
"""Share of the longest line, and letters, from which a line counts as broken by the margin."""

MIN_LETTERS = 2
NUMBER_WEIGHT = 3.0
NAME_WEIGHT = 2.0

_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_NAME = re.compile(r"(?<!^)(?<![.!?]\s)\b[A-Z][a-z]+(?:-[A-Z]?[a-z]+)*\b")
_SENTENCE_END = re.compile(r"(?<=[.!?。！？])[\"'”’)\]*_]*\s+|\n+")
# A list's number at the start of a line, and abbreviations.
_NOT_AN_END = re.compile(
    r"(?:^\s*(?:\d{1,3}|[A-Za-z])|(?:^|\s)(?:Mr|Mrs|Ms|Dr|No|St|vs|e\.g|i\.e|approx))\.$"
)
_MARKER = re.compile(r"\s?\[(\d{1,2})\]")
_MARKER_START = re.compile(r"\s?\[\d{0,2}$|\s$")
_FENCE = "```"
_STOP_WORDS = frozenset(
    """a an and are as at be been by can do does for from had has have he her his how i if in is it its may
    me my no not of on or our she should so such than that the their them then there these they this
    those to us was we were what when where which who will with would yes you your
    according answer based document documents following passage passages provided states""".split()  # noqa: SIM905
)
# Endings of Korean sentences and particles, as the bigrams that full text makes of them.
_KOREAN_STOP = frozenset(
    """니다 습니 입니 있습 합니 됩니 하는 하며 하여 에서 으로 에게 이며
    이다 한다 된다 있는 있다 그리 리고 또한""".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Sentence:
    """A sentence of an answer: the span [start, end) in its text, and whether it can be supported."""

    start: int
    end: int
    text: str
    claims: bool


@dataclass(frozen=True)
class _Terms:
    """What a text says: weighted words, and numbers in one spelling."""

    words: dict[str, float]
    numbers: frozenset[str]


def sentences(answer: str, *, in_code: bool = False) -> list[Sentence]:
    """Return the sentences of `answer`; code, headings and questions make no claim.

    `in_code` says that `answer` begins inside a code block.
    """
    found: list[Sentence] = []
    for start, end in _spans(answer):
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
    said = _terms(sentence.text)
    asked = _terms(question)
    best: tuple[float, int] | None = None
    for number, passage in enumerate(passages, start=1):
        held = _terms(passage.heading + "\n" + passage.text)
        score = _support(said, held)
        if score < _threshold(said, held) or (_is_bare(said) and _support(asked, held) == 0.0):
            continue
        ranked = score + 0.1 * _support(asked, held)
        if best is None or ranked > best[0]:
            best = ranked, number
    if best is None:
        return None
    return _citation(sentence, best[1], passages[best[1] - 1], said, asked, best[0])


def closest(question: str, text: str) -> tuple[int, int]:
    """Return the span of the sentence of `text` that speaks most of what `question` asks."""
    return _stretch(text, _terms(question))


def repeats(text: str) -> bool:
    """Say whether `text` ends in the same stretch over and over: a model that lost its way."""
    tail = text[-4 * LOOP_LETTERS :]
    for period in range(1, LOOP_LETTERS + 1):
        times = max(LOOP_TIMES, -(-LOOP_LETTERS // period))
        if len(tail) >= period * times and tail.endswith(tail[-period:] * times):
            return True
    return False


def attach(answer: str, passages: Sequence[Passage], question: str = "") -> "CitedAnswer":
    """Return the whole answer with its citations; `Citer` does the same while it streams."""
    citer = Citer(passages, question)
    parts = [*citer.feed(answer), *citer.flush()]
    text = "".join(part for part in parts if isinstance(part, str))
    return CitedAnswer(text, tuple(citer.citations), tuple(citer.unsupported))


def with_markers(text: str, citations: Sequence[Citation]) -> str:
    """Return `text` with `[n]` after each cited sentence."""
    for citation in sorted(citations, key=lambda each: each.end, reverse=True):
        text = f"{text[: citation.end]} [{citation.n}]{text[citation.end :]}"
    return text


@dataclass(frozen=True)
class CitedAnswer:
    """An answer without markers, its citations, and the spans of sentences without support."""

    text: str
    citations: tuple[Citation, ...]
    unsupported: tuple[tuple[int, int], ...]


class Citer:
    """Attaches citations while an answer streams: text in, text and citations out, in order."""

    def __init__(self, passages: Sequence[Passage], question: str = "") -> None:
        """Cite from `passages`; with none, text passes through and nothing is judged."""
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
        self.text += piece
        shown_upto = len(self.text) - len(piece)
        parts: list[str | Citation] = []
        for sentence in self._finished(at_end=at_end):
            self._in_code ^= bool(sentence.text.count(_FENCE) % 2)
            self._judged = sentence.end
            citation = cite(sentence, self._passages, self._question)
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

    def _finished(self, *, at_end: bool) -> list[Sentence]:
        """Return sentences not judged yet that cannot grow any more."""
        tail = self.text[self._judged :]
        known = [
            replace(one, start=one.start + self._judged, end=one.end + self._judged)
            for one in sentences(tail, in_code=self._in_code)
        ]
        return known if at_end else [one for one in known if one.end < len(self.text.rstrip(" "))]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield spans of sentences without the white space around them."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        end = match.start() + len(match.group().rstrip())
        if "\n" not in match.group() and _NOT_AN_END.search(text[start : match.start()]):
            continue
        yield from _trimmed(text, start, end)
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    if start < end:
        yield start, end


def _claims(piece: str) -> bool:
    """Say whether a piece asserts something: headings, table rules and questions do not."""
    bare = piece.strip()
    if bare.startswith("#") or bare.endswith(("?", "？", ":")) or set(bare) <= set("|-: *_"):
        return False
    terms = _terms(bare)
    return bool(terms.numbers or terms.words)


def _terms(text: str) -> _Terms:
    numbers = frozenset(_same_number(match.group()) for match in _NUMBER.finditer(text))
    names = {word for name in _NAME.findall(text) for word in index_terms(name).split()}
    words: dict[str, float] = {}
    for word in index_terms(text).split():
        if word in _STOP_WORDS or word in _KOREAN_STOP or len(word) < MIN_LETTERS or word[0].isdigit():
            continue
        words[word] = NAME_WEIGHT if word in names else 1.0
    return _Terms(words, numbers)


def _same_number(spelled: str) -> str:
    """Return one spelling for 1,700 and 1700 and 1,700.00; dates and times stay as they are."""
    plain = spelled.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", spelled) else spelled
    return plain.rstrip("0").rstrip(".") if re.fullmatch(r"\d+\.0+", plain) else plain


def _support(said: _Terms, held: _Terms) -> float:
    """Return the weighted share of what is said that is held, 0 to 1; a foreign number gives 0."""
    if not said.numbers <= held.numbers:
        return 0.0
    total = sum(said.words.values()) + NUMBER_WEIGHT * len(said.numbers)
    shared = sum(weight for word, weight in said.words.items() if word in held.words)
    return (shared + NUMBER_WEIGHT * len(said.numbers)) / total if total else 0.0


def _threshold(said: _Terms, held: _Terms) -> float:
    names = (word for word, weight in said.words.items() if weight == NAME_WEIGHT)
    return SUPPORT_THRESHOLD if all(name in held.words for name in names) else NAME_MISSING_THRESHOLD


def _is_bare(said: _Terms) -> bool:
    """Say whether a sentence is a number and nothing else: alone it proves nothing."""
    return not said.words


def _citation(
    sentence: Sentence, number: int, passage: Passage, said: _Terms, asked: _Terms, score: float
) -> Citation:
    """Cite the stretch of the passage that holds the most of what is said."""
    wanted = {**asked.words, **{word: 2 * weight for word, weight in said.words.items()}}
    start, end = _stretch(passage.text, replace(said, words=wanted))
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


def _stretch(text: str, wanted: _Terms) -> tuple[int, int]:
    """Return the span of the sentence of `text` that holds the most of `wanted`."""
    best, best_score = (0, len(text)), -1.0
    for start, end in _spans(_unwrapped(text)):
        held = _terms(text[start:end])
        shared = sum(weight for word, weight in wanted.words.items() if word in held.words)
        shared += NUMBER_WEIGHT * 2 * len(wanted.numbers & held.numbers)
        if shared > best_score:
            best, best_score = (start, end), shared
    return best


def _unwrapped(text: str) -> str:
    """Return `text`, at its length, with spaces for the line breaks inside of sentences.

    A page's lines are broken where the margin is: a line that is nearly as long as the longest goes
    on in the next one, as does every line before a small letter.
    """
    lines = text.splitlines(keepends=True)
    margin = max((len(line.rstrip()) for line in lines), default=0) * FULL_LINE
    joined = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        words = line.rstrip()
        goes_on = following[:1].islower() or (
            margin >= WRAPPED_LINE and len(words) >= margin and bool(following.strip())
        )
        joined.append(words + " " * (len(line) - len(words)) if goes_on else line)
    return "".join(joined)
