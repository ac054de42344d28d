# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What HWP 5 and HWPX have in common: a flow of paragraphs, and objects that hang on them.

Lengths are in HWPUNIT (1/7200 inch). Text is NFC; offsets are code points of a paragraph's text.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

MAX_DEPTH = 24  # tables in tables, boxes in boxes
TALL = 15_000  # of a line with a table or a picture in it
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_OLD_HAN = "\uf53a"  # the old way to write 한 in the name 한글: a code of the program's own, drawn by no font


class BoxKind(Enum):
    """What a list of paragraphs beside the flow is."""

    BESIDE = auto()  # a text box, a caption: read after its paragraph
    HEADER = auto()  # also the master page that lies behind a page
    FOOTER = auto()
    FOOTNOTE = auto()
    ENDNOTE = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the stored layout: where it begins in its paragraph, and below the page's upper margin."""

    start: int
    top: int
    height: int
    width: int = 1  # 0 where a table below it leaves no room for text


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, `row` and `column` from 0."""

    row: int
    column: int
    columns: int  # that it covers
    rows: int
    height: int
    paragraphs: "tuple[Paragraph, ...]"


@dataclass(frozen=True, slots=True)
class Table:
    """A table at `start` of its paragraph.

    `height` is that of the whole table, or of what stands on its first page where it goes on on the next.
    """

    start: int
    height: int
    inline: bool  # it stands in the line like a letter
    pushes: bool  # it begins below the line, and the next line stands below it
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """Paragraphs beside the flow."""

    kind: BoxKind
    paragraphs: "tuple[Paragraph, ...]"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its own text, the objects that hang on it, its lines as they were last laid out."""

    text: str
    level: int = 0  # of the outline, 1 for the highest; 0 where it is no heading
    new_page: bool = False
    columns: int = 0  # set where another number of columns begins here
    lines: tuple[Line, ...] = ()
    objects: tuple[Table | Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Paragraphs that begin on a new page; `height` is what a page holds between its margins, 0: unknown."""

    paragraphs: tuple[Paragraph, ...]
    height: int


class Budget:
    """How many paragraphs a document may have: far more than a book, and fewer than fill the memory."""

    def __init__(self, paragraphs: int = 400_000) -> None:
        """Begin with all of them."""
        self._left = paragraphs

    def spend(self) -> None:
        """Take one. Raises OverflowError where none is left."""
        self._left -= 1
        if self._left < 0:
            raise OverflowError("too many paragraphs")


class TextPieces:
    """The text of a paragraph as it is gathered, beside the positions of the file's own counting."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._known: list[tuple[int, int]] = []  # (position in the file, offset), rising

    def __len__(self) -> int:
        return self._length

    def add(self, words: str, position: int = -1) -> None:
        """Append text; it begins at `position` of the file's counting, -1 for text that has none there."""
        words = clean(words)
        if position >= 0:
            self._known.append((position, self._length))
        self._parts.append(words)
        self._length += len(words)

    def joined(self) -> str:
        """Return the whole text, in NFC."""
        return unicodedata.normalize("NFC", "".join(self._parts))

    def offset(self, position: int) -> int:
        """Return the offset that a position of the file's counting became."""
        index = bisect_right(self._known, (position, self._length + 1)) - 1
        if index < 0:
            return 0
        begin, offset = self._known[index]
        limit = self._known[index + 1][1] if index + 1 < len(self._known) else self._length
        return min(offset + position - begin, limit)


def clean(words: str) -> str:
    """Return the words in NFC without control characters; a lone half of a pair is no character."""
    if not words.isascii():
        words = words.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        words = unicodedata.normalize("NFC", words).replace(_OLD_HAN, "한")
    return _NO_TEXT.sub("", words)


def turns(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return the lines that tell where pages turn: the first, each above or after a tall one, the last."""
    kept: list[Line] = []
    last: Line | None = None
    for line in lines:
        if last is None or line.top < last.top or last.height > TALL:
            if last and kept[-1] is not last:
                kept.append(last)
            kept.append(line)
        last = line
    if last and kept[-1] is not last:
        kept.append(last)
    return tuple(kept)


def is_blank(paragraphs: Sequence[Paragraph]) -> bool:
    """Say whether nothing in the paragraphs can be read."""
    return not any(
        paragraph.text.strip()
        or any(
            not is_blank(each.paragraphs)
            for each in paragraph.objects
            if isinstance(each, Box) and each.kind is BoxKind.BESIDE
        )
        or any(
            not is_blank(cell.paragraphs)
            for each in paragraph.objects
            if isinstance(each, Table)
            for cell in each.cells
        )
        for paragraph in paragraphs
    )
