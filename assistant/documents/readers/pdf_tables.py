# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Tables on a PDF page, as Markdown for the search text.

A table is what lines show to be one: a grid of lines across and down, or lines across only with
columns that keep apart all the way down. Columns of words without any line are left as they are. The
text of the page stays; a row (or a table, where its rows are not drawn one after the other) is
named with what stands for it in the search text.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import pypdfium2

from assistant.documents.protocol import Instead
from assistant.documents.readers.pdf_glyphs import Box
from assistant.documents.readers.pdf_rulings import Ruling, Rulings, connected, places, rulings
from assistant.documents.readers.pdf_text import PageText

_MOST_COLUMNS, _MOST_ROWS = 40, 300
_FEWEST_RULES = 3  # lines across: above and below the head, and at the end
_SAME_END = 5.0  # points
_NEAR = 3.0  # points: lines of one border
_APART = 6.0  # points between columns that no line parts
_LONG_CELL = 40  # letters; columns of running text are no table
_LONG_ROW = 1000  # letters; more is no row
_FEWEST_CELLS, _MOST_CELLS = 3, 0.7  # of a row that is divided: as many lines have as many
_WORD = re.compile(r"\S+")


class _Word(NamedTuple):
    """A slice [start, end) of the page as drawn, of one cell."""

    start: int
    end: int
    box: Box


_Row = dict[int, list[_Word]]  # the words of a row by column


class _Grid:
    """Columns and rows, and which cells run over several of them."""

    def __init__(self, xs: Sequence[float], ys: Sequence[float], lines: Rulings | None = None) -> None:
        """Take the borders of columns and rows; without `lines` no cell runs over one."""
        self.xs, self.ys = xs, ys
        rows, columns = range(len(ys) - 1), range(len(xs) - 1)
        if lines is None:
            self._cells = {(row, column): (row, column) for row in rows for column in columns}
            return
        down = [_passed(lines.down, x, ys) for x in xs]
        across = [_passed(lines.across, y, xs) for y in ys]
        self._cells = {}
        for row in rows:
            for column in columns:
                cell = (row, column)
                if column and not down[column][row]:
                    cell = self._cells[row, column - 1]
                elif row and not across[row][column]:
                    cell = self._cells[row - 1, column]
                self._cells[row, column] = cell

    def border(self, x: float) -> float:
        """Return where the column of `x` ends."""
        return self.xs[min(bisect_right(self.xs, x), len(self.xs) - 1)]

    def cell(self, x: float, y: float) -> tuple[int, int] | None:
        """Return row and column of a point, of a cell that runs over its first ones; None outside."""
        return self._cells.get((bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1))


def _passed(lines: Iterable[Ruling], at: float, borders: Sequence[float]) -> list[bool]:
    """Say for each space between borders whether a line at `at` passes it."""
    here = [line for line in lines if abs(line.at - at) <= _NEAR]
    middles = [(one + other) / 2 for one, other in pairwise(borders)]
    return [any(line.begin <= middle <= line.end for line in here) for middle in middles]


def tables(page: pypdfium2.PdfPage, text: PageText) -> tuple[Instead, ...]:
    """Return what stands for the page's tables in the search text, in order."""
    found = rulings(page, text.view)
    if len(found.across) < _FEWEST_RULES:
        return ()
    instead: list[Instead] = []
    for cells in _found(found, text):
        instead += _instead(cells, text)
    instead.sort(key=lambda each: each.start)
    return tuple(
        one for number, one in enumerate(instead) if not number or one.start >= instead[number - 1].end
    )


def _found(found: Rulings, text: PageText) -> Iterator[dict[int, _Row]]:
    loose: list[Ruling] = []
    for part in connected(found):
        xs, ys = places(part.down), places(part.across)
        if 3 <= len(xs) <= _MOST_COLUMNS and 3 <= len(ys) <= _MOST_ROWS:
            grid = _Grid(xs, ys, part)
            yield _ruled_cells(text, grid)
        else:
            loose += part.across
    for rules in _stacks(loose):
        if _FEWEST_RULES <= len(rules) <= _MOST_ROWS:
            box = Box(rules[0].begin - 2, rules[0].at, rules[0].end + 2, rules[-1].at)
            words = _short_cells(text, box)
            if (own := _open_grid(words)) is not None:
                yield _cells(own, words)


def _stacks(rules: Iterable[Ruling]) -> list[list[Ruling]]:
    """Return rules that begin and end at the same places, one below the other."""
    stacks: list[list[Ruling]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        for stack in stacks:
            if abs(stack[0].begin - rule.begin) < _SAME_END and abs(stack[0].end - rule.end) < _SAME_END:
                stack.append(rule)
                break
        else:
            stacks.append([rule])
    return stacks


def _lines(text: PageText, box: Box) -> Iterator[list[_Word]]:
    """Yield the words inside a box, line by line."""
    for begin, stop in text.spans:
        if not box.top <= text.middle(begin) <= box.bottom:
            continue
        words = []
        for found in _WORD.finditer(text.drawn, begin, stop):
            first, last = text.glyphs.box(found.start()), text.glyphs.box(found.end() - 1)
            if first.left >= box.left - 2 and last.right <= box.right + 2:
                across = Box(first.left, min(first.top, last.top), last.right, max(first.bottom, last.bottom))
                words.append(_Word(found.start(), found.end(), across))
        if words:
            yield words


def _ruled_cells(text: PageText, grid: _Grid) -> dict[int, _Row]:
    """Return the words in a grid of lines, those that run over a line down letter by letter.

    A word ends before the next one begins: its last letter is looked at only near a line.
    """
    rows: dict[int, _Row] = {}
    letter = text.glyphs.box
    for begin, stop in text.spans:
        if not grid.ys[0] <= text.middle(begin) <= grid.ys[-1]:
            continue
        spans = [found.span() for found in _WORD.finditer(text.drawn, begin, stop)]
        boxes = [letter(start) for start, _ in spans]
        for number, ((start, end), box) in enumerate(zip(spans, boxes, strict=True)):
            y = (box.top + box.bottom) / 2
            cell = grid.cell(box.left + 1, y)
            if cell is None:
                continue
            most = boxes[number + 1].left if number + 1 < len(boxes) else grid.xs[-1] + 3
            near = end - start > 1 and not box.left < most <= grid.border(box.left + 1) + 2
            words = [_Word(start, end, box)]
            if near and grid.cell(letter(end - 1).right - 2, y) != cell:
                words = [_Word(at, at + 1, letter(at)) for at in range(start, end)]
            for word in words:
                own = cell if len(words) == 1 else grid.cell((word.box.left + word.box.right) / 2, y)
                if own is not None:
                    rows.setdefault(own[0], {}).setdefault(own[1], []).append(word)
    return rows


def _short_cells(text: PageText, box: Box) -> list[_Word]:
    """Return the words inside a box; none as soon as one line of running text is among them."""
    found: list[_Word] = []
    for words in _lines(text, box):
        begin = words[0].start
        for before, word in pairwise(words):
            if word.box.left - before.box.right > _APART:
                begin = word.start
            if word.end - begin > _LONG_CELL:
                return []
        found += words
    return found


def _open_grid(words: Sequence[_Word]) -> _Grid | None:
    """Return the grid of words that keep apart in columns without lines; None where they do not."""
    if not words:
        return None
    across = sorted(words, key=lambda word: word.box.left)
    xs, reach = [across[0].box.left - 1], across[0].box.right
    for word in across:
        if word.box.left - reach > _APART:
            xs.append((word.box.left + reach) / 2)
        reach = max(reach, word.box.right)
    rows = _rows(words)
    if len(rows) < _FEWEST_RULES or not 2 <= len(xs) <= _MOST_COLUMNS:
        return None
    ys = [rows[0][0] - 1, *((above[1] + below[0]) / 2 for above, below in pairwise(rows)), rows[-1][1] + 1]
    grid = _Grid([*xs, reach + 1], ys)
    cells = (cell for row in _cells(grid, words).values() for cell in row.values())
    return grid if all(map(_is_close, cells)) else None


def _is_close(cell: Sequence[_Word]) -> bool:
    """Say whether the words of a cell follow one another: else they are of several columns."""
    return all(other.box.left - one.box.right <= _APART for one, other in pairwise(cell))


def _rows(words: Iterable[_Word]) -> list[tuple[float, float]]:
    """Return top and bottom of the rows that words stand in."""
    rows: list[tuple[float, float]] = []
    for word in sorted(words, key=lambda word: word.box.top + word.box.bottom):
        middle = (word.box.top + word.box.bottom) / 2
        if rows and middle < rows[-1][1]:
            rows[-1] = (min(rows[-1][0], word.box.top), max(rows[-1][1], middle))
        else:
            rows.append((word.box.top, word.box.bottom))
    return rows


def _instead(cells: dict[int, _Row], text: PageText) -> list[Instead]:
    """Return what stands for each row, or for the whole where rows are not drawn one by one."""
    rows = [part for _, row in sorted(cells.items()) for part in _parted(row, text)]
    if not _is_table(rows):
        return []
    columns = sorted({column for row in rows for column in row})
    markdown = [_markdown(row, columns, text) for row in rows]
    markdown[0] += "\n|" + "---|" * len(columns)
    spans = [_span(text, [word for cell in row.values() for word in cell]) for row in rows]
    if all(spans) and all(one and other and one[1] <= other[0] for one, other in pairwise(spans)):
        return [
            Instead(*span, line)
            for span, line in zip(spans, markdown, strict=True)
            if span and len(line) <= _LONG_ROW
        ]
    whole = _span(text, [word for row in rows for cell in row.values() for word in cell])
    return [Instead(*whole, "\n".join(markdown))] if whole and max(map(len, markdown)) <= _LONG_ROW else []


def _parted(row: _Row, text: PageText) -> list[_Row]:
    """Divide a row that holds several rows: where lines across stand only after every few of them."""
    words = [word for cell in row.values() for word in cell]
    if len(row) < _FEWEST_CELLS or max(word.box.top for word in words) < min(
        word.box.bottom for word in words
    ):
        return [row]
    lines = [_rows(cell) for cell in row.values()]
    most = Counter(map(len, lines)).most_common(1)[0]
    if most[0] < 2 or most[1] < _MOST_CELLS * len(row):
        return [row]
    said = "".join(_said(cell, text) for cell in row.values())
    if most[0] == 2 and sum(map(str.isdigit, said)) < len(said) / 4:
        return [row]  # two lines of words are more likely one cell
    bands = _rows(words)
    if len(bands) != most[0]:
        return [row]
    tops = [top for top, _ in bands]
    parts: list[_Row] = [{} for _ in bands]
    for column, cell in row.items():
        for word in cell:
            middle = (word.box.top + word.box.bottom) / 2
            parts[max(bisect_right(tops, middle) - 1, 0)].setdefault(column, []).append(word)
    return parts


def _cells(grid: _Grid, words: Iterable[_Word]) -> dict[int, _Row]:
    """Return the words by row and column."""
    rows: dict[int, _Row] = {}
    for word in words:
        found = grid.cell((word.box.left + word.box.right) / 2, (word.box.top + word.box.bottom) / 2)
        if found is not None:
            rows.setdefault(found[0], {}).setdefault(found[1], []).append(word)
    return rows


def _is_table(rows: Sequence[_Row]) -> bool:
    """Say whether most rows have cells beside one another and the cells are short."""
    beside = sum(len(row) > 1 for row in rows)
    if len(rows) < 2 or beside < 2 or beside < len(rows) / 2:
        return False
    sizes = (sum(word.end - word.start + 1 for word in cell) for row in rows for cell in row.values())
    return median(sizes) <= _LONG_CELL


def _markdown(row: _Row, columns: Sequence[int], text: PageText) -> str:
    return (
        "| " + " | ".join(_said(row.get(column, ()), text).replace("|", "\\|") for column in columns) + " |"
    )


def _said(cell: Sequence[_Word], text: PageText) -> str:
    """Return the words of a cell; letters that were cut from a word are joined again."""
    parts: list[str] = []
    for number, word in enumerate(cell):
        if number and word.start > cell[number - 1].end:
            parts.append(" ")
        parts.append(text.drawn[word.start : word.end])
    return "".join(parts)


def _span(text: PageText, words: Sequence[_Word]) -> tuple[int, int] | None:
    """Return the slice of the page's text that holds these words and no others; None for none."""
    starts = [text.shown_at(word.start) for word in words]
    ends = [text.shown_at(word.end - 1) + 1 for word in words]
    start, end = min(starts), max(ends)
    letters = sum(word.end - word.start for word in words)
    if sum(map(len, text.words[start:end].split())) > letters:
        return None
    return start, end
