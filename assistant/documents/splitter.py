# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Places to chunks: pieces of one place each, cut at headings, paragraphs and sentences.

A chunk holds about TARGET_TOKENS of the embedder's tokens and its search text never more than the
embedder can take. Its span is a slice of the place's text as it was read; only the search text is
cleaned, has tables as Markdown, and is headed by what the document and the heading are called.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.documents.heading_path import HeadingPath
from assistant.documents.protocol import Chunk, CountTokens, Instead, PlaceText
from assistant.documents.readers.sections import BETWEEN
from assistant.documents.running_heads import running_heads
from assistant.documents.table_rows import by_rows
from assistant.passages import Place, PlaceKind

TARGET_TOKENS = 256
# Hangul costs an English vocabulary 1.4 tokens a letter and more, and 256 of them are half a paragraph.
# KorQuAD's articles, words alone, hit@1 / hit@5 with 256 tokens 0.817 / 0.950, with as many as these
# letters take 0.857 / 0.988.
_TARGET_LETTERS = 350
_SAMPLE = 2_000  # letters that tell how many tokens one takes
_NEW_AT_HEADING = 48  # a chunk this large ends before a heading
_TAIL = 40  # a last piece smaller than this joins the one before it
_WINDOW = 1 << 17  # letters split at a time: memory and signs of life, also for one huge place

# A sentence ends at a full stop, question or exclamation mark before a space, closing quotes and
# brackets included (Korean sentences end so too: "...한다."), but not after the number of a
# list item or before a lower-case word ("10 p.m. to"); CJK full stops need no space.
_SENTENCE = re.compile(
    r"[.!?…](?<!^\d\.)(?<!^\d\d\.)(?<!\bNo\.)(?<!\bM[rs]\.)(?<!\bDr\.)(?<!\bMrs\.)[.!?…\"'”’»)\]]*(?=\s+[^\sa-z])"
    r"|[。！？][」』”’)]*",
    re.MULTILINE,
)
_PARAGRAPH = re.compile(r"\r?\n[ \t]*(?:\r?\n[ \t]*)+")
_LINE = re.compile(r"\r?\n|\r|\f|\v|\u2028")
# A heading in running text: a numbered short line without a full stop, a named part, or the
# article of a Korean contract, which PDF readers often join to the line before it.
_HEADING = re.compile(
    r"^[ \t]*(?P<line>(?:"
    r"\d{1,2}(?:\.\d{1,2}){0,3}\.?[ \t]+(?=[^\W\d_a-z])[^\r\n]{2,70}"
    r"|(?:Article|Section|Chapter|Part|Schedule|Annex|Appendix)[ \t]+[\dA-Z][^\r\n]{0,70}"
    r")(?<![.,;:!?]))[ \t]*(?=\r?$)"
    r"|(?:^|(?<=[.\s]))"
    r"(?P<article>제[ \t]?\d{1,3}조(?:의[ \t]?\d{1,2})?[ \t]?[(\[【][^)\]】\r\n]{1,40}[)\]】])",
    re.MULTILINE,
)
_CELLS = re.compile(r"![A-Z]+\d+:[A-Z]+\d+$")
_HYPHEN = re.compile(r"\u00ad\s*|-\n(?<=[a-z]-\n)(?=[a-z])")
_LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
}
_JOINED = re.compile("[\u00ad\ufb00-\ufb06]")  # what counts otherwise in the search text


@dataclass(frozen=True, slots=True)
class _Piece:
    """A slice that is not divided further; `weight` tells how good a place to cut its end is."""

    start: int
    end: int
    heading: str
    begins_part: bool  # a heading begins here
    weight: int  # 2: a paragraph ends here; 1: a sentence; 0: neither
    instead: bool = False  # something else stands for it in the search text
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class _Window:
    """A part of a place, with spaces for its running heads, and what stands for slices of it."""

    words: str
    kind: PlaceKind
    looked_for: bool  # headings are looked for in the words
    marks: Sequence[tuple[int, int, str]]  # offset, level and title of headings
    instead: Sequence[Instead]

    def shown(self, start: int, end: int) -> str:
        """Return what the search text has for a slice, not cleaned."""
        if not self.instead:
            return self.words[start:end]
        parts: list[str] = []
        at = start
        for one in self.instead:
            if start <= one.start and one.end <= end:
                parts += (self.words[at : one.start], "\n", one.search_text, "\n")
                at = one.end
        return "".join((*parts, self.words[at:end]))


class Splitter:
    """Splits documents for an embedder that takes `max_tokens` positions, special tokens included."""

    def __init__(self, count: CountTokens, max_tokens: int) -> None:
        """Count with `count`: tokens of each text, without special tokens."""
        self._count = count
        self._max = max_tokens - 2  # a first and a last special token
        # Letters of title, of heading and of column names: in Korean 1.4 tokens each.
        self._head = min(100, self._max // 5)

    def split(self, title: str, places: Sequence[PlaceText]) -> Iterator[list[Chunk]]:
        """Yield the chunks in order, some at a time; none for a place without text."""
        running = running_heads(places)
        path, name = HeadingPath(), ""
        for place in places:
            if not place.place.is_page or place.place.label != name:
                path, name = HeadingPath(_heading_of(place.place)), place.place.label
            for offset, window in self._windows(place, running.get(place.place.ordinal, ())):
                pieces = list(_pieces(window, path))
                if pieces:
                    yield list(self._chunks(title, place, offset, window, pieces))

    def _windows(self, place: PlaceText, running: Sequence[tuple[int, int]]) -> Iterator[tuple[int, _Window]]:
        # Word processors' own headings are in the label; a text without them may still have some.
        kind = place.place.kind
        looked_for = place.place.is_page or (kind is PlaceKind.SECTION and not place.place.label)
        words = _blanked(place.text, running)
        rows = self._rows(words, place.instead)
        for start, end in _windows(words, rows):
            marks = [
                (mark.start - start, mark.level, mark.title) for mark in place.headings
                if start <= mark.start < end or mark.start == end == len(words)
            ]  # fmt: skip
            inside = [
                replace(row, start=row.start - start, end=row.end - start)
                for row in rows if start <= row.start and row.end <= end
            ]  # fmt: skip
            yield start, _Window(words[start:end], kind, looked_for, marks, inside)

    def _rows(self, words: str, instead: Sequence[Instead]) -> list[Instead]:
        """Return what stands for slices; row by row, or not at all, where it would fill a chunk."""
        if not instead:
            return []
        most = min(TARGET_TOKENS, self._max // 2)
        rows: list[Instead] = []
        counts = self._count([one.search_text for one in instead])
        for one, tokens in zip(instead, counts, strict=True):
            rows += [one] if tokens <= most else by_rows(words, one)
        if rows != list(instead):
            counts = self._count([row.search_text for row in rows])
        return [
            row for row, tokens in zip(rows, counts, strict=True)
            if tokens <= most and words[row.start : row.end].strip()
        ]  # fmt: skip

    def _columns(self, place: PlaceText) -> str:
        """Return the names of a sheet's columns: as the reader tells them, else its first line."""
        if place.columns:
            return _cut(place.columns, self._head)
        if place.place.kind is not PlaceKind.SHEET:
            return ""
        return _cut(place.text[: _WINDOW // 2].lstrip().partition("\n")[0], self._head)

    def _chunks(
        self, title: str, place: PlaceText, offset: int, window: _Window, pieces: list[_Piece]
    ) -> Iterator[Chunk]:
        columns, ordinal = self._columns(place), place.place.ordinal
        limit = self._limit(title, columns, {piece.heading for piece in pieces})
        target = min(self._target(window.words), limit)
        for part in _packed(self._sized(window, pieces, target), target, limit):
            start, end = part[0].start, part[-1].end
            cleaned = _cleaned(window.shown(start, end))
            if not cleaned:
                continue
            told = place.columns or offset + start  # else the chunk begins with them
            above = (self._above(title, part[0].heading, cleaned), columns if told else "")
            search_text = "\n".join(line for line in (*above, cleaned) if line)
            yield Chunk(ordinal, offset + start, offset + end, _main_heading(part), search_text)

    def _target(self, words: str) -> int:
        """Return how many tokens a chunk aims at."""
        sample = words[:_SAMPLE]
        tokens = self._count([sample])[0]
        return max(TARGET_TOKENS, _TARGET_LETTERS * tokens // max(len(sample), 1))

    def _limit(self, title: str, columns: str, headings: set[str]) -> int:
        """Return how many tokens of its own text a chunk may hold below what is put above it."""
        above = [f"{_cut(title, self._head)} / {heading[-self._head :]} {columns}" for heading in headings]
        return max(self._max - max(self._count(above)), 1)

    def _above(self, title: str, heading: str, cleaned: str) -> str:
        """Return title and heading path, without what the text itself begins with.

        The page number is left out: it would match every number in a question.
        """
        first_line = cleaned.partition("\n")[0]
        path = [name for name in heading.split(BETWEEN) if name and name != title and name not in first_line]
        return " / ".join(
            part for part in (_cut(title, self._head), BETWEEN.join(path)[-self._head :]) if part
        )

    def _sized(self, window: _Window, pieces: list[_Piece], limit: int) -> list[_Piece]:
        """Return the pieces with their token counts, those above `limit` divided."""
        texts = [
            window.shown(piece.start, piece.end) if piece.instead else window.words[piece.start : piece.end]
            for piece in pieces
        ]
        if _JOINED.search(window.words):
            texts = [_cleaned(words) for words in texts]
        sized: list[_Piece] = []
        for piece, tokens in zip(pieces, self._count(texts), strict=True):
            if tokens <= limit or piece.instead:
                sized.append(_with(piece, piece.start, piece.end, tokens))
            else:
                sized += self._divided(window, piece, tokens, limit)
        return sized

    def _divided(self, window: _Window, piece: _Piece, tokens: int, limit: int) -> list[_Piece]:
        """Cut a piece that is too long at lines, else at spaces, else anywhere; again if needed."""
        words = window.words
        parts = -(-tokens // limit)
        length = max((piece.end - piece.start) // parts, 1)
        cuts = [piece.start]
        while piece.end - cuts[-1] > length:
            cuts.append(_good_cut(words, cuts[-1], cuts[-1] + length))
        spans = [_trimmed(words, start, end) for start, end in pairwise([*cuts, piece.end])]
        divided = [_with(piece, start, end) for start, end in spans if start < end]
        if len(divided) == 1:  # one character that is more than the limit: it stays as it is
            return [_with(divided[0], divided[0].start, divided[0].end, min(tokens, limit))]
        return self._sized(window, divided, limit)


def _heading_of(place: Place) -> str:
    """Return the heading path of a place; of a block of cells only the sheet: "A1:F50" is no word."""
    if place.kind is PlaceKind.SHEET:
        return _CELLS.sub("", place.label)
    return place.label


def _with(piece: _Piece, start: int, end: int, tokens: int = 0) -> _Piece:
    begins_part = piece.begins_part and start == piece.start
    return _Piece(start, end, piece.heading, begins_part, piece.weight, piece.instead, tokens)


def _pieces(window: _Window, path: HeadingPath) -> Iterator[_Piece]:
    """Yield sentences (rows of a table), with the heading that each stands under."""
    words = window.words
    headings = _headings(words) if window.looked_for else {}
    marks: dict[int, list[tuple[int, str]]] = {}
    for start, level, name in window.marks:
        marks.setdefault(start, []).append((level, name))
    instead = {one.start: one.end for one in window.instead}
    cuts = _cuts(window, headings) | dict.fromkeys(marks, 2)
    begins_part = False
    for begin, end in pairwise(sorted(cuts)):
        for level, name in marks.get(begin, ()):
            path.enter(level, name)
        if begin in headings:
            path.find(headings[begin][1])
        begins_part = begins_part or begin in headings or begin in marks
        start, stop = _trimmed(words, begin, end)
        if start < stop:
            own = instead.get(begin) == end
            span = (begin, end) if own else (start, stop)
            yield _Piece(*span, path.shown, begins_part, cuts[end], own)
            begins_part = False
    for level, name in marks.get(len(words), ()):
        path.enter(level, name)


def _cuts(window: _Window, headings: dict[int, tuple[int, str]]) -> dict[int, int]:
    """Return where the words may be cut, with the weight of each place."""
    words = window.words
    cuts: dict[int, int] = {0: 0, len(words): 2}
    if window.kind is PlaceKind.SHEET:
        cuts |= {found.end(): 1 for found in _LINE.finditer(words)}
    else:
        cuts |= {found.end(): 1 for found in _SENTENCE.finditer(words)}
        cuts |= {found.end(): 2 for found in _PARAGRAPH.finditer(words)}
    for start, (end, _name) in headings.items():
        cuts |= {start: 2, end: cuts.get(end, 0)}
    if window.instead:
        starts, ends = [one.start for one in window.instead], [one.end for one in window.instead]
        cuts = {
            at: weight for at, weight in cuts.items()
            if (row := bisect_left(starts, at) - 1) < 0 or at >= ends[row]
        }  # fmt: skip
        cuts = dict.fromkeys((*starts, *ends), 1) | cuts
    return cuts


def _headings(words: str) -> dict[int, tuple[int, str]]:
    """Return where headings begin, with their ends and their words."""
    found = {}
    for match in _HEADING.finditer(words):
        group = "line" if match["line"] else "article"
        found[match.start(group)] = (match.end(group), " ".join(match[group].split()))
    return found


def _packed(pieces: Sequence[_Piece], target: int, limit: int) -> Iterator[Sequence[_Piece]]:
    """Yield the pieces of each chunk: about `target` tokens, at most `limit`."""
    begin = 0
    while begin < len(pieces):
        end, size = begin, 0
        while end < len(pieces) and (end == begin or size + pieces[end].tokens <= target):
            if pieces[end].begins_part and size >= _NEW_AT_HEADING:
                break
            size += pieces[end].tokens
            end += 1
        if end < len(pieces) and not pieces[end].begins_part:
            part_end = _part_end(pieces, end)
            tail = sum(piece.tokens for piece in pieces[end:part_end])
            end = part_end if tail <= min(_TAIL, limit - size) else _better_end(pieces, begin, end)
        yield pieces[begin:end]
        begin = end


def _main_heading(part: Sequence[_Piece]) -> str:
    """Return the heading that most of a chunk stands under: its first words may end another part."""
    tokens: Counter[str] = Counter()
    for piece in part:
        tokens[piece.heading] += piece.tokens
    return tokens.most_common(1)[0][0]


def _part_end(pieces: Sequence[_Piece], begin: int) -> int:
    """Return where the part that goes on at `begin` ends; not looked for further than a tail."""
    for end in range(begin, min(begin + _TAIL, len(pieces))):
        if pieces[end].begins_part:
            return end
    return min(begin + _TAIL + 1, len(pieces))


def _better_end(pieces: Sequence[_Piece], begin: int, end: int) -> int:
    """Go back to the end of a paragraph where one lies in the last third of the chunk."""
    for candidate in range(end, begin + (end - begin) * 2 // 3, -1):
        if pieces[candidate - 1].weight == 2:
            return candidate
    return end


def _good_cut(words: str, start: int, wanted: int) -> int:
    """Return a place to cut at or before `wanted`, in the second half of the way from `start`."""
    middle = start + max((wanted - start) // 2, 1)
    for mark in ("\n", " ", "\t", "\u3000", ",", "|", "/"):
        found = words.rfind(mark, middle, wanted)
        if found >= 0:
            return found + 1
    return wanted


def _windows(words: str, instead: Sequence[Instead]) -> Iterator[tuple[int, int]]:
    """Yield spans to split one by one; none cuts what something stands for, unless that is larger."""
    start = 0
    while len(words) - start > _WINDOW:
        end = _good_cut(words, start, start + _WINDOW)
        end = next((one.start for one in instead if max(one.start, start + 1) < end < one.end), end)
        yield start, end
        start = end
    yield start, len(words)


def _trimmed(words: str, start: int, end: int) -> tuple[int, int]:
    inner = words[start:end]
    return start + len(inner) - len(inner.lstrip()), end - len(inner) + len(inner.rstrip())


def _blanked(words: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return text of the same length with these slices made spaces."""
    for start, end in spans:
        words = words[:start] + " " * (end - start) + words[end:]
    return words


def _cleaned(words: str) -> str:
    """Return a slice for searching: without hyphens at line ends, ligatures and spare spaces."""
    joined = _HYPHEN.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))
    if _JOINED.search(joined):
        joined = joined.translate(_LIGATURES)
    lines = (" ".join(line.split()) for line in joined.split("\n"))
    return "\n".join(line for line in lines if line)


def _cut(words: str, length: int) -> str:
    return " ".join(words.split())[:length]
