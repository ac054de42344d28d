# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The text of a PDF page in reading order, and the way back from it to PDFium's characters.

The text is what PDFium returns, in NFC, with two changes that keep every offset. PDFium marks a hyphen
at the end of a line as U+FFFE, which is no character; here it is a soft hyphen. And it takes some lines
for one, with a space between them (where letters are drawn one by one, after a full stop); here a line
end stands for that space. Where lines are drawn in another order than they are read (pdf_layout), they
are put in order. What stands outside the page as it is shown (its crop box), where nobody sees it, is
left out. The text depends on the page alone, so that the page drawn later finds the characters of the
text read earlier.
"""

import bisect
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import pypdfium2

from assistant.documents.readers.pdf_glyphs import Box, Glyphs, View
from assistant.documents.readers.pdf_layout import Line, lines_of, may_be_disordered, reading_order

_HYPHEN_MARK = "\ufffe"
_SOFT_HYPHEN = "\u00ad"
_LINE = re.compile(r"[^\s\ufffe](?:[^\r\n\ufffe]*[^\s\ufffe])?")
_SPACES = re.compile(r"(?<=\S) +(?=\S)")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff]")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A slice of the page's text: `length` characters at `start` that PDFium has at `drawn`."""

    start: int
    drawn: int
    length: int


class PageText:
    """The text of one page; to be closed before the page."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        """Read the page. Raises PdfiumError."""
        self._page = page
        self._textpage = page.get_textpage()
        self.drawn: str = self._textpage.get_text_range(errors="replace")
        self.drawn = self._with_line_ends()
        self._middles: dict[int, float] = {}
        self._ordered = self.drawn
        self._pieces: tuple[_Piece, ...] = (_Piece(0, 0, len(self.drawn)),)
        if (rows := self._rows() or self._cropped()) is not None:
            self._ordered, self._pieces = _joined(self.drawn, rows)
        shown = self._ordered.replace(_HYPHEN_MARK, _SOFT_HYPHEN).replace("\0", " ")
        self.words = unicodedata.normalize("NFC", shown)
        self._composed = unicodedata.is_normalized("NFC", shown)  # then offsets are the same

    @cached_property
    def view(self) -> View:
        """How the page is shown."""
        return View(self._page)

    @cached_property
    def glyphs(self) -> Glyphs:
        """The characters by their offset in `drawn`."""
        return Glyphs(self._textpage, self.drawn, self.view)

    @cached_property
    def lines(self) -> list[Line]:
        """The lines as they are drawn: slices of `drawn`; none where they cannot be told."""
        return lines_of(self.spans, self.glyphs.box)

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """The lines as slices of `drawn`, of each what the page shows."""
        shown = (self._shown(*found.span()) for found in _LINE.finditer(self.drawn))
        return [(start, end) for start, end in shown if start < end]

    def middle(self, start: int) -> float:
        """Return the height at which a line stands that begins at `start` of `drawn`."""
        if start not in self._middles:
            first = self.glyphs.box(start)
            self._middles[start] = (first.top + first.bottom) / 2
        return self._middles[start]

    def shown_at(self, drawn: int) -> int:
        """Return where in `words` the character stands that `drawn` has at that offset."""
        if self._composed and self._ordered is self.drawn:
            return drawn
        pieces, starts = self._by_drawn
        piece = pieces[bisect.bisect_right(starts, drawn) - 1]
        offset = piece.start + min(drawn - piece.drawn, piece.length)
        if self._composed:
            return offset
        return len(unicodedata.normalize("NFC", self._ordered[:offset]))

    @cached_property
    def _by_drawn(self) -> tuple[list[_Piece], list[int]]:
        pieces = sorted(self._pieces, key=lambda piece: piece.drawn)
        return pieces, [piece.drawn for piece in pieces]

    def rectangles(self, start: int, end: int) -> Iterator[Box]:
        """Yield the boxes of the slice [start, end) of `words`, in its order."""
        if start >= end:
            return
        first, last = self._ordered_at(start), self._ordered_at(end - 1) + 1
        for piece in self._pieces:
            begin, stop = max(first, piece.start), min(last, piece.start + piece.length)
            if begin < stop:
                shift = piece.drawn - piece.start
                yield from self.glyphs.rectangles(begin + shift, stop + shift)

    def close(self) -> None:
        """Give PDFium's text back."""
        self._textpage.close()

    def _with_line_ends(self) -> str:
        """Return the text, at its length, with a line end for each space after which another line begins."""
        words, ends = self.drawn, []
        for found in _LINE.finditer(words):
            if self._is_below(found.start(), found.end() - 1):
                ends += [
                    space.end() - 1
                    for space in _SPACES.finditer(words, *found.span())
                    if self._is_below(space.start() - 1, space.end(), back=True)
                ]
        if not ends or _RIGHT_TO_LEFT.search(words):
            return words
        letters = list(words)
        for end in ends:
            letters[end] = "\n"
        return "".join(letters)

    def _is_below(self, first: int, second: int, *, back: bool = False) -> bool:
        """Say whether a letter stands lower than another by half a line; `back`: and left of it, too."""
        one, other = self.glyphs.box(first), self.glyphs.box(second)
        return other.top > one.top + (one.bottom - one.top) / 2 and (not back or other.left < one.left)

    def _rows(self) -> list[list[tuple[int, int]]] | None:
        if not may_be_disordered(self.drawn, self.spans, self.glyphs.box):
            return None
        if _RIGHT_TO_LEFT.search(self.drawn):
            return None
        rows = reading_order(self.drawn, self.lines, self.glyphs.box)
        return [[(line.start, line.end) for line in row] for row in rows] if rows else None

    def _cropped(self) -> list[list[tuple[int, int]]] | None:
        """Return the lines one below the other where the page does not show all of the text."""
        if self.spans == [found.span() for found in _LINE.finditer(self.drawn)]:
            return None
        return [[span] for span in self.spans]

    def _shown(self, start: int, end: int) -> tuple[int, int]:
        """Return the part of a line that the page shows; nearly always both its ends are in view."""
        return start + self._hidden(range(start, end)), end - self._hidden(range(end - 1, start - 1, -1))

    def _hidden(self, offsets: range) -> int:
        """Return how many characters, in this order, stand outside the page before one that it shows."""
        hidden = 0
        for number, offset in enumerate(offsets, 1):
            box = self.glyphs.box(offset)
            if self.drawn[offset].isspace() or box.left == box.right or box.top == box.bottom:
                continue  # PDFium knows no place of it: it belongs to its neighbours
            if self.view.shows(box):
                break
            hidden = number
        return hidden

    def _ordered_at(self, offset: int) -> int:
        """Return where the character at `offset` of the composed text begins before composing."""
        ordered = self._ordered
        if self._composed:
            return offset
        ends = range(1, len(ordered) + 1)
        return bisect.bisect_right(
            ends, offset, key=lambda end: len(unicodedata.normalize("NFC", ordered[:end]))
        )


def _joined(drawn: str, rows: Iterable[list[tuple[int, int]]]) -> tuple[str, tuple[_Piece, ...]]:
    """Return the lines put one below the other, those of a row side by side."""
    parts: list[str] = []
    pieces: list[_Piece] = []
    length = 0
    for row in rows:
        for number, (start, stop) in enumerate(row):
            end = stop + drawn.startswith(_HYPHEN_MARK, stop)
            pieces.append(_Piece(length, start, end - start))
            parts += (drawn[start:end], " " if number < len(row) - 1 else "\r\n")
            length += end - start + len(parts[-1])
    return "".join(parts), tuple(pieces)
