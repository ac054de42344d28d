# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""On which page each part of a flow stands, after the layout that Hangul Office stored with it.

A line is stored with its distance from the page's upper margin: where a line stands above the one
before it, a page has turned (or a column). A table that goes on over pages leaves no lines between:
its rows' heights tell how many it took. A paragraph without lines of its own (Hangul Office drops
those that it counts anew when it opens the file) stands with the one before it, or with the next one
where that leaves room above itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant.documents.readers.hwp_flow import Paragraph, Section, Table

_LINE = 1600  # HWPUNIT: the room of a line of 10 points
_EXACT = 0.9  # of a table's height is surely between the lines around it
_SHARE_WITH_LINES = 0.5  # of the paragraphs with text; with fewer the layout was not stored


@dataclass(slots=True)
class Placed:
    """The pages of a paragraph, from 1: (offset in its text, page), and of each of its tables' rows."""

    pages: list[tuple[int, int]]
    rows: dict[int, list[int]] = field(default_factory=dict)  # by the table's index among the objects

    @property
    def last(self) -> int:
        """The page that the paragraph ends on, its tables included."""
        return max(self.pages[-1][1], *(pages[-1] for pages in self.rows.values() if pages), 0)


def placed(sections: Sequence[Section]) -> list[list[Placed]] | None:
    """Return the pages of every paragraph, None where the layout was not stored."""
    if not _has_layout(sections):
        return None
    page, found = 0, []
    for section in sections:
        counter = _Counter(page + 1, section.height)
        found.append([counter.place(paragraph) for paragraph in section.paragraphs])
        page = counter.finish()
    return found


def _has_layout(sections: Iterable[Section]) -> bool:
    with_lines = with_words = 0
    for section in sections:
        for paragraph in section.paragraphs:
            if paragraph.text.strip() or paragraph.objects:
                with_words += 1
                with_lines += bool(paragraph.lines)
    return with_lines > with_words * _SHARE_WITH_LINES


class _Counter:
    """Counts the pages of one section."""

    def __init__(self, page: int, height: int) -> None:
        self._page = page
        self._height = max(height, 10 * _LINE)
        self._top = -1  # of the last line on this page; -1 before the first one
        self._columns, self._column = 1, 0
        self._waiting: list[Placed] = []  # paragraphs without lines since the last one with lines
        self._table: _Divided | None = None
        self._begun = False

    def place(self, paragraph: Paragraph) -> Placed:
        if paragraph.new_page and self._begun:
            self._settle(None)
            self._page += 1
            self._top, self._column = -1, 0
        self._begun = True
        if paragraph.columns:
            self._columns, self._column = paragraph.columns, paragraph.columns  # turning is turning the page
        here = Placed([])
        if paragraph.lines:
            self._settle(paragraph.lines[0].top)
            for line in paragraph.lines:
                self._turn(line.top, same=bool(here.pages))
                if not here.pages or here.pages[-1][1] != self._page:
                    here.pages.append((line.start if here.pages else 0, self._page))
            if paragraph.columns and self._column == paragraph.columns:
                self._column = 0
        else:
            here.pages.append((0, self._page))
            self._waiting.append(here)
        self._add_tables(paragraph, here)
        return here

    def finish(self) -> int:
        """Return the last page of the section."""
        self._settle(None)
        return self._page

    def _turn(self, top: int, *, same: bool) -> None:
        """Go on to the next line: on a new page where it stands above the last one."""
        if top < self._top or (top == self._top and not same):
            self._column += 1
            if self._column >= self._columns:
                self._page, self._column = self._page + 1, 0
        self._top = top
        if top > self._height:  # pushed off the page by what stands above it, without being counted anew
            self._page, self._top = self._page + 1, top - self._height

    def _settle(self, top: int | None) -> None:
        """Decide what the next line (None for none) tells of the tables and paragraphs before it."""
        if self._table:
            table, self._table = self._table, None
            self._settle_table(table, top)
            for waiting in self._waiting:
                waiting.pages = [(0, self._page)]
        turned = top is not None and top <= self._top and self._columns == 1
        if turned and top is not None:
            room = top // _LINE
            for waiting in self._waiting[max(len(self._waiting) - room, 0) :]:
                waiting.pages = [(0, self._page + 1)]
        self._waiting.clear()

    def _add_tables(self, paragraph: Paragraph, here: Placed) -> None:
        for index, each in enumerate(paragraph.objects):
            if isinstance(each, Table):
                heights = row_heights(each)
                here.rows[index] = [here.pages[-1][1]] * len(heights)
                if each.divided and heights:
                    self._table = _Divided(here, index, max(self._top, 0), heights)

    def _settle_table(self, table: "_Divided", top: int | None) -> None:
        """Find how many pages a table took, and on which its rows stand."""
        total = sum(table.heights)
        if top is not None and top > table.begin + total * _EXACT:
            return  # the next line stands below the whole table, on the same page
        y, page, pages = table.begin, 0, []
        for height in table.heights:
            if y and y + height > self._height:
                page, y = page + 1, 0
            pages.append(page)
            page, y = page + (y + height - 1) // self._height, (y + height - 1) % self._height + 1
        first = table.placed.pages[-1][1]
        table.placed.rows[table.index] = [first + each for each in pages]
        self._page += page
        if page:
            self._top = max(y - 2 * _LINE - total // 10, -1)


@dataclass(frozen=True, slots=True)
class _Divided:
    """A table that may go on on the next page, and where on its first page it begins."""

    placed: Placed
    index: int
    begin: int
    heights: list[int]


def row_heights(table: Table) -> list[int]:
    """Return the heights of a table's rows, by their lowest cells."""
    rows = max((cell.row for cell in table.cells), default=-1) + 1
    heights = [0] * min(rows, 1 << 16)
    for cell in table.cells:
        if cell.rows == 1 and cell.row < len(heights):
            heights[cell.row] = max(heights[cell.row], cell.height)
    return heights
