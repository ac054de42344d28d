# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Rows of sheets, and the places they make: blocks of rows, named by their cells."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assistant.documents.protocol import PlaceText
from assistant.documents.readers.sections import normal
from assistant.passages import Place, PlaceKind

_ROWS = 50  # of a block
_LETTERS = 8000  # a block ends after a row that makes it larger
_GAP = 20  # empty cells that are kept between two full ones: further ones say nothing
_HEADER_WITHIN = 10  # rows: names of columns are looked for in the first ones
_HEADER_LENGTH = 400  # letters


@dataclass(frozen=True)
class Row:
    """A row that is not empty: its number from 1, and its full cells by column from 0, in order."""

    number: int
    cells: tuple[tuple[int, str], ...]


@dataclass
class _Block:
    """Rows that become one place: their lines, their size in letters, the cells that they cover."""

    lines: list[str] = field(default_factory=list)
    size: int = 0
    first: int = 0
    last: int = 0
    left: int = 0
    right: int = 0

    def add(self, row: Row, line: str) -> None:
        columns = [column for column, _words in row.cells]
        if not self.lines:
            self.first, self.left, self.right = row.number, min(columns), max(columns)
        self.lines.append(line)
        self.size += len(line) + 1
        self.last = row.number
        self.left, self.right = min(self.left, *columns), max(self.right, *columns)

    def cells(self) -> str:
        return cell_range(self.first, self.last, self.left, self.right)


def sheet_places(name: str, number: int, ordinal: int, rows: Iterable[Row]) -> Iterator[PlaceText]:
    """Yield the places of sheet `number` (from 1), the first of them with `ordinal`.

    Every place but the first is told the names of the columns: the first row of two cells or more.
    """
    block = _Block()
    header, header_row = "", 0
    left = 0
    for count, row in enumerate(rows):
        left = left if count else row.cells[0][0]
        line = _line(row, left)
        if not header and count < _HEADER_WITHIN and len(row.cells) > 1:
            header, header_row = line[:_HEADER_LENGTH], row.number
        block.add(row, line)
        if len(block.lines) >= _ROWS or block.size >= _LETTERS:
            yield _place(name, number, ordinal, block, header if block.first > header_row else "")
            block, ordinal = _Block(), ordinal + 1
    if block.lines:
        yield _place(name, number, ordinal, block, header if block.first > header_row else "")


def comments_place(
    name: str, number: int, ordinal: int, comments: Iterable[tuple[int, int, str]]
) -> PlaceText | None:
    """Return the place of a sheet's comments, each (row from 1, column from 0, words); None without any."""
    block = _Block()
    for row, column, words in sorted(comments):
        if words.strip():
            cell = f"{column_name(column)}{row}"
            block.add(Row(row, ((column, words),)), f"{cell}: {' '.join(normal(words).split())}")
    return _place(name, number, ordinal, block, "") if block.lines else None


def cell_range(first: int, last: int, left: int, right: int) -> str:
    """Return cells as spreadsheets name them: rows from 1, columns from 0."""
    return f"{column_name(left)}{first}:{column_name(right)}{last}"


def column_name(column: int) -> str:
    """Return the letters of a column, counted from 0: A to Z, AA and on."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _line(row: Row, left: int) -> str:
    """Return the cells separated by " | ", empty ones kept so that columns stay in step."""
    line, at = "", left
    for column, words in row.cells:
        line += " | " * min(max(column - at, 0), _GAP + 1) + " ".join(normal(words).split())
        at = column
    return line


def _place(name: str, number: int, ordinal: int, block: _Block, header: str) -> PlaceText:
    place = Place(PlaceKind.SHEET, ordinal, page=number, label=f"{normal(name)}!{block.cells()}")
    return PlaceText(place, "\n".join(block.lines), columns=header)
