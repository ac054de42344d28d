# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""On which page each part of a flow stands, after the layout that Hangul Office stored with it.

A line is stored with its distance from the page's upper margin: where a line stands above the end of
the one before it, a page has turned (or a column). A table that goes on over pages leaves no lines
between: it stores the height of its first part, and the line after it how far down its last part
reaches. A paragraph without lines of its own (Hangul Office drops those that it counts anew when it
opens the file) stands with the one before it, or with the next one where that leaves room above itself.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from assistant.documents.readers.hwp_flow import TALL, Line, Paragraph, Section, Table

_LINE = 1600  # HWPUNIT: the room of a line of 10 points
_HEADING = 3800  # the room of a heading with what is left free around it
_NEAR = 6500  # from the end of a page: no row of a table had room there
_SURE = 0.95  # of a height lies between the lines around it
_SHARE_WITH_LINES = 0.5  # of the paragraphs with text; with fewer the layout was not stored


@dataclass(slots=True)
class Placed:
    """The pages of a paragraph, from 1: (offset in its text, page), and of each of its tables' rows."""

    pages: list[tuple[int, int]]
    rows: dict[int, list[int]] = field(default_factory=dict)  # by the table's index among the objects

    @property
    def last(self) -> int:
        """The page that the paragraph ends on, its tables included."""
        return max(self.pages[-1][1], *(max(pages, default=0) for pages in self.rows.values()), 0)


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


@dataclass(frozen=True, slots=True)
class _Pushing:
    """A table that the next line stands below, and where on its first page it begins."""

    placed: Placed
    index: int
    begin: int
    height: int
    heights: list[int]  # of its rows; the least that they may be


class _Counter:
    """Counts the pages of one section."""

    def __init__(self, page: int, height: int) -> None:
        self._page = page
        self._height = height if height > 10 * _LINE else 1 << 30
        self._last: Line | None = None  # the last line on this page
        self._columns, self._column = 1, 0
        self._waiting: list[Placed] = []  # paragraphs without lines since the last one with lines
        self._table: _Pushing | None = None
        self._begun = False

    def place(self, paragraph: Paragraph) -> Placed:
        """Return the pages of the next paragraph."""
        if paragraph.new_page and self._begun:
            self._settle(None)
            self._page, self._last, self._column = self._page + 1, None, 0
        self._begun = True
        if paragraph.columns:
            self._columns, self._column = paragraph.columns, paragraph.columns  # turning is turning the page
        here = Placed([])
        if paragraph.lines:
            self._settle(paragraph.lines[0].top)
            for line in paragraph.lines:
                self._turn(line, same=bool(here.pages))
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

    def _turn(self, line: Line, *, same: bool) -> None:
        """Go on to the next line: on a new page where it stands above the end of the last one."""
        last = self._last
        if last and (
            line.top < last.top
            or (line.top == last.top and not same)
            or (last.height > TALL and last.top < line.top < last.top + last.height // 2)
        ):
            self._column += 1
            if self._column >= self._columns:
                self._page, self._column = self._page + 1, 0
        if line.top + min(line.height, TALL) > self._height:
            # Pushed off the page by what stands above it, without being counted anew.
            self._page, line = self._page + 1, Line(line.start, line.top - self._height, line.height)
        self._last = line

    def _settle(self, top: int | None) -> None:
        """Decide what the next line (None for none) tells of the tables and paragraphs before it."""
        if self._table:
            table, self._table = self._table, None
            self._settle_table(table, top)
        last = self._last
        if top is not None and last and top <= last.top and self._columns == 1:
            for waiting in self._waiting[max(len(self._waiting) - top // _LINE, 0) :]:
                waiting.pages = [(0, self._page + 1)]
        self._waiting.clear()

    def _add_tables(self, paragraph: Paragraph, here: Placed) -> None:
        for index, each in enumerate(paragraph.objects):
            if isinstance(each, Table):
                heights = row_heights(each)
                here.rows[index] = [here.pages[-1][1]] * len(heights)
                last = paragraph.lines[-1] if paragraph.lines else None
                if each.pushes and heights and last and not last.width and self._columns == 1:
                    self._table = _Pushing(here, index, max(last.top, 0), each.height, heights)

    def _settle_table(self, table: _Pushing, top: int | None) -> None:
        """Find how many pages a table took, and on which its rows stand."""
        end, whole = table.begin + table.height, sum(table.heights)
        if top is not None and top >= table.begin + table.height * _SURE:
            return  # the next line stands below it on the same page
        rest = whole - table.height  # of its rows, on later pages
        if end < self._height - _NEAR or not self._goes_on(top, rest):
            if top is not None and table.begin < top:  # the next line has left this page alone
                self._last = Line(0, top, 0)
            return
        if top is None:
            pages, bottom = math.ceil(rest / self._height), (rest - 1) % self._height
        else:
            pages, bottom = 1 + max(math.ceil((rest - top) / self._height - 0.1), 0), top
        first = table.placed.pages[-1][1]
        table.placed.rows[table.index] = [
            first + min(int(each) // self._height, pages)
            for each in _stands(table, bottom + pages * self._height, self._height)
        ]
        self._page += pages
        self._last = None if top is None else Line(0, top - 1, 0)
        for waiting in self._waiting:
            waiting.pages = [(0, self._page)]

    def _goes_on(self, top: int | None, rest: int) -> bool:
        """Say whether a table that fills its page goes on: the line after it leaves room for that."""
        if top is None:
            return rest > _LINE
        return top > 2 * _LINE + _HEADING * len(self._waiting)


def _stands(table: _Pushing, end: int, height: int) -> Iterator[float]:
    """Yield where the rows stand, stretched to what the table takes.

    A row goes on to a new page whole where it leaves room on this one: its end counts. One of half a
    page and more begins at once.
    """
    heights = table.heights if sum(table.heights) else [1] * len(table.heights)
    scale = (end - table.begin) / sum(heights)
    y: float = table.begin
    for each in heights:
        y += each * scale
        yield (y if each * scale < height / 2 else y - each * scale + 1) - 1


def row_heights(table: Table) -> list[int]:
    """Return the heights of a table's rows, by their lowest cells."""
    rows = max((cell.row for cell in table.cells), default=-1) + 1
    heights = [0] * min(rows, 1 << 16)
    for cell in table.cells:
        if cell.rows == 1 and cell.row < len(heights):
            heights[cell.row] = max(heights[cell.row], cell.height)
    return heights
