# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Flows of HWP as blocks of text: paragraphs, and the rows of tables.

A row of short cells is a line, its cells separated by " | ", and Markdown in the search text. Korean
offices lay out whole pages in tables: a row with more than that gives the blocks of its cells.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.documents.readers.hwp_flow import Box, BoxKind, Cell, Paragraph, Table, is_blank

_CELL_LENGTH, _CELL_PARAGRAPHS, _ROW_LENGTH = 300, 6, 900  # of cells that stand in a line
_MAX_COLUMNS = 40  # of a table as Markdown
_REPEATED = 80  # letters of a cell that are said again in each row that it covers


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of text that stands for itself: a heading of `level` from 1, else 0.

    `markdown` stands for it in the search text, "" where the text itself does.
    """

    text: str
    level: int = 0
    markdown: str = ""


@dataclass(slots=True)
class Aside:
    """What is read at another place than where it hangs: headers, footers, notes."""

    kind: BoxKind
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a paragraph's own text."""

    start: int
    end: int


Said = Block | Aside


def parts(paragraph: Paragraph) -> Iterator[Span | tuple[int, Table] | Box]:
    """Yield the text and the objects (a table with its index among them) of a paragraph as they are read.

    A table that stands in the line divides the text; whatever floats is read after it. So is a table
    that begins the line of a heading: it belongs to what is under the heading.
    """
    begin, later = 0, list[tuple[int, Table] | Box]()
    for index, each in enumerate(paragraph.objects):
        if isinstance(each, Box):
            later.append(each)
        elif each.inline and (
            (said := paragraph.text[begin : each.start].strip()) or begin or not paragraph.level
        ):
            if said:
                yield Span(begin, each.start)
                begin = each.start
            yield from later
            yield index, each
            later = []
        else:
            later.append((index, each))
    yield Span(begin, len(paragraph.text))
    yield from later


def blocks(paragraphs: Sequence[Paragraph]) -> Iterator[Said]:
    """Yield what the paragraphs and all that hangs on them say, in reading order."""
    for paragraph in paragraphs:
        for part in parts(paragraph):
            if isinstance(part, Span):
                yield from span_blocks(paragraph, part)
            elif isinstance(part, Box):
                yield from box_blocks(part)
            else:
                for _page, said in table_blocks(part[1], ()):
                    yield said


def span_blocks(paragraph: Paragraph, span: Span) -> Iterator[Block]:
    """Yield a piece of text, where there is any; only the first one is the heading."""
    words = paragraph.text[span.start : span.end].strip("\n").rstrip()
    if words.strip():
        yield Block(words, 0 if span.start else paragraph.level)


def box_blocks(box: Box) -> Iterator[Said]:
    """Yield what a box beside the text says; notes and running heads as Aside."""
    if box.kind is BoxKind.BESIDE:
        yield from blocks(box.paragraphs)
    elif not is_blank(box.paragraphs):
        yield Aside(box.kind, box.paragraphs)


def table_blocks(table: Table, pages: Sequence[int]) -> Iterator[tuple[int, Said]]:
    """Yield (page, block) for the rows; `pages` has the page of each row, or nothing.

    Short rows that follow one another on a page are one block.
    """
    head: list[str] = []
    run: list[tuple[Cell, ...]] = []
    last = 0
    for row in _rows(table):
        number = row[0].row
        page = pages[number] if number < len(pages) else last
        simple = _is_simple(row)
        if run and (page != last or not simple):
            yield last, _run_block(run, head)
            run = []
        last = page
        if simple:
            head = head or _columns(row)
            run.append(row)
            for cell in row:
                yield from ((page, said) for said in blocks(cell.paragraphs) if isinstance(said, Aside))
        else:
            for cell in row:
                yield from ((page, said) for said in blocks(cell.paragraphs))
    if run:
        yield last, _run_block(run, head)


def _rows(table: Table) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows that say something, from left to right."""
    rows: dict[int, list[Cell]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(cell)
    for number in sorted(rows):
        if any(not is_blank(cell.paragraphs) for cell in rows[number]):
            yield tuple(sorted(rows[number], key=lambda cell: cell.column))


def _is_simple(row: Sequence[Cell]) -> bool:
    length = 0
    for cell in row:
        if len(cell.paragraphs) > _CELL_PARAGRAPHS or not all(map(_is_plain, cell.paragraphs)):
            return False
        size = sum(len(paragraph.text) for paragraph in cell.paragraphs)
        length += size
        if size > _CELL_LENGTH or length > _ROW_LENGTH:
            return False
    return True


def _is_plain(paragraph: Paragraph) -> bool:
    """Say whether a paragraph is words alone, notes aside."""
    return not paragraph.level and all(
        isinstance(each, Box) and (each.kind is not BoxKind.BESIDE or is_blank(each.paragraphs))
        for each in paragraph.objects
    )


def _words(cell: Cell) -> str:
    return " ".join(" ".join(paragraph.text for paragraph in cell.paragraphs).split())


def _run_block(rows: Sequence[Sequence[Cell]], head: Sequence[str]) -> Block:
    words = "\n".join(map(_line, rows))
    return Block(words, markdown=_markdown(rows, head, 4 * len(words) + 1000))


def _line(row: Sequence[Cell]) -> str:
    """Return a row's cells from the first to the last with words in it."""
    words = [_words(cell) for cell in row]
    while words and not words[0]:
        words.pop(0)
    while words and not words[-1]:
        words.pop()
    return " | ".join(words)


def _columns(row: Sequence[Cell]) -> list[str]:
    """Return a row's words column by column, "" where a cell to the left or above covers it."""
    width = max(cell.column + max(cell.columns, 1) for cell in row)
    if width > _MAX_COLUMNS:
        return []
    words = [""] * width
    for cell in row:
        words[cell.column] = _words(cell).replace("|", "\\|")
    return words


def _markdown(rows: Sequence[Sequence[Cell]], head: Sequence[str], budget: int) -> str:
    """Return rows as a Markdown table below `head`, the first row of all; "" where that says no more."""
    lines: list[list[str]] = []
    above: dict[int, tuple[int, str]] = {}  # by column: until which row a cell from above reaches
    for row in rows:
        words = _columns(row)
        if not words:
            return ""
        for column, (end, said) in above.items():
            if column < len(words) and row[0].row < end and not words[column]:
                words[column] = said
        for cell in row:
            if cell.rows > 1 and len(words[cell.column]) <= _REPEATED:
                above[cell.column] = (cell.row + cell.rows, words[cell.column])
        budget -= sum(map(len, words)) + len(words) * 3
        lines.append(words)
    width = max(map(len, lines))
    if lines[0] != list(head):
        lines.insert(0, list(head))
    if width < 2 or len(lines) < 2 or budget < width * len(lines):
        return ""
    lines.insert(1, ["---"] * width)
    return "\n".join(f"| {' | '.join(line + [''] * (width - len(line)))} |" for line in lines)
