# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""In which order the lines of a page are read.

PDFium returns text in the order in which the page draws it, which nearly always is the order of reading,
columns included: it is left alone. It is wrong, and changed, in three cases: two columns of running
text drawn line by line, across the gutter; columns whose lines take turns; a list whose rows are
drawn out of order. What is not clearly one of these stays.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from assistant.documents.readers.pdf_glyphs import Box

_FEWEST = 8  # lines; below that any order can be read
_WIDE = 30  # letters: a line across two columns has more
_GAP = 0.8  # of a line's height: a gutter is at least this wide, a space between words is not
_SAMPLES = 4
_LOOKED_AT = 24  # lines at least, of those of a page
_MOST_GUTTERS = 3
_UPWARD = 0.8  # of a line's height: a line this much above the one before it
_MOST_UPWARD = 0.08  # of all steps from line to line; in two columns in order there is about one
_ROW = 0.6  # of the lower box: as much height do the parts of a row share
_NEXT_ROW = 0.3
_UNCLEAR = 0.05  # of the lines may stand between two rows
_FILLED = 0.7  # of its column's width: the width of the middle line of running text
_MOST_DIGITS = 0.15  # of the letters of running text
_TURNED = 3.0  # times as high as its first letter: the line runs up the page, not across

Letter = Callable[[int], Box]


class Line(NamedTuple):
    """A slice [start, end) of the page's text that stands in one line."""

    start: int
    end: int
    box: Box

    @property
    def height(self) -> float:
        """The height of the line in points."""
        return self.box.bottom - self.box.top


def lines_of(spans: Iterable[tuple[int, int]], letter: Letter) -> list[Line]:
    """Return the lines of a page with their boxes, from their first and last letters.

    None where much of the text runs up the page: its order is not judged.
    """
    lines, turned = [], 0
    for start, end in spans:
        first, last = letter(start), letter(end - 1)
        box = Box(
            min(first.left, last.left), min(first.top, last.top),
            max(first.right, last.right), max(first.bottom, last.bottom),
        )  # fmt: skip
        height = min(first.bottom - first.top, last.bottom - last.top)
        turned += end - start > 3 and box.bottom - box.top > _TURNED * max(height, 1.0)
        lines.append(Line(start, end, box))
    return lines if turned * 10 <= len(lines) else []


def may_be_disordered(words: str, spans: Sequence[tuple[int, int]], letter: Letter) -> bool:
    """Say whether the order of the lines is worth looking at: nearly always it is not.

    Only the first letters of lines, and few lines as a whole, are looked at for this.
    """
    if len(spans) < _FEWEST:
        return False
    firsts = [letter(start) for start, _ in spans[:: max(len(spans) // _LOOKED_AT, 1)]]
    upward = sum(
        after.bottom < before.top - _UPWARD * (before.bottom - before.top)
        for before, after in pairwise(firsts)
    )
    if upward >= max(3, _MOST_UPWARD * len(firsts)):
        return True
    wide = [span for span in spans if span[1] - span[0] >= _WIDE]
    if len(wide) < _FEWEST:
        return False
    other = 0
    for start, end in wide[len(wide) // 8 :: max(len(wide) // _SAMPLES, 1)][:_SAMPLES]:
        middle = (end - start) // 4  # where a gutter is, of whatever columns
        gaps = _gaps(words, Line(start + middle, end - middle, letter(start)), letter)
        other += not 1 <= len(gaps) <= _MOST_GUTTERS
        if other > 1:
            return False
    return True


def reading_order(words: str, lines: Sequence[Line], letter: Letter) -> list[list[Line]] | None:
    """Return rows of lines in the order of reading; None where the order of the text is right."""
    if len(lines) < _FEWEST:
        return None
    if gutters := _woven(words, lines, letter):
        parts = [part for line in lines for part in _parts(words, line, gutters, letter)]
        return [[line] for line in _by_columns(parts, gutters)]
    if not _disordered(lines):
        return None
    if (gutter := _gutter(words, lines)) is not None:
        return [[line] for line in _by_columns(lines, [gutter])]
    return _rows(lines)


def _disordered(lines: Sequence[Line]) -> bool:
    upward = sum(
        after.box.bottom < before.box.top - _UPWARD * min(before.height, after.height)
        for before, after in pairwise(lines)
    )
    return upward >= max(4, _MOST_UPWARD * len(lines))


def _woven(words: str, lines: Sequence[Line], letter: Letter) -> list[float]:
    """Return the gutters that most lines of the page run across, from left to right."""
    body = max(line.box.right for line in lines) - min(line.box.left for line in lines)
    wide = [
        line for line in lines
        if line.end - line.start >= _WIDE and line.box.right - line.box.left > body / 2
    ]  # fmt: skip
    gaps: list[list[tuple[float, float]]] = []
    for line in wide if len(wide) >= _FEWEST else ():
        gaps.append(_gaps(words, line, letter))
        if len(gaps) == _FEWEST and median(map(len, gaps)) > _MOST_GUTTERS:
            return []  # a table
    gutters: list[float] = []
    while len(gutters) < _MOST_GUTTERS:
        found = _shared_by_most(gaps, max(_FEWEST, 0.6 * len(wide)))
        if found is None:
            break
        gutters.append(found)
        gaps = [[gap for gap in each if not gap[0] <= found <= gap[1]] for each in gaps]
    gutters.sort()
    return gutters if gutters and _running(words, wide, gutters, letter) else []


def _gaps(words: str, line: Line, letter: Letter) -> list[tuple[float, float]]:
    """Return where the line is empty for longer than between two words."""
    found = []
    at = words.find(" ", line.start, line.end)
    while at >= 0:
        left, right = letter(at - 1).right, letter(at + 1).left
        if right - left > _GAP * line.height:
            found.append((left, right))
        at = words.find(" ", at + 2, line.end - 1)
    return found


def _shared_by_most(gaps: Sequence[Sequence[tuple[float, float]]], least: float) -> float | None:
    """Return a place that lies in a gap of most lines, of at least `least`."""
    ends = sorted(
        [(left, 0) for each in gaps for left, _ in each] + [(right, 1) for each in gaps for _, right in each]
    )
    best, depth, found = 0, 0, None
    for number, (at, kind) in enumerate(ends):
        depth += -1 if kind else 1
        if depth > best:
            best, found = depth, (at + ends[number + 1][0]) / 2
    return found if best >= least else None


def _parts(words: str, line: Line, gutters: Sequence[float], letter: Letter) -> Iterator[Line]:
    """Yield the line cut at the gutters that it has a gap at."""
    start, box = line.start, line.box
    at = words.find(" ", line.start, line.end)
    while at >= 0:
        left, right = letter(at - 1).right, letter(at + 1).left
        if any(left - 1 <= gutter <= right + 1 for gutter in gutters) and right - left > _GAP * line.height:
            yield Line(start, at, Box(box.left, box.top, left, box.bottom))
            start, box = at + 1, Box(right, box.top, box.right, box.bottom)
        at = words.find(" ", at + 2, line.end - 1)
    yield Line(start, line.end, box)


def _running(words: str, wide: Sequence[Line], gutters: Sequence[float], letter: Letter) -> bool:
    """Say whether running text stands beside each gutter: a table's columns are shorter or numbers."""
    cut = [
        parts for line in wide if len(parts := list(_parts(words, line, gutters, letter))) == len(gutters) + 1
    ]
    if len(cut) < _FEWEST:
        return False
    return all(_is_text(words, parts) for parts in zip(*cut, strict=True))


def _is_text(words: str, parts: Sequence[Line]) -> bool:
    """Say whether this is one column of running text: letters, in lines that fill it."""
    slices = [words[part.start : part.end] for part in parts]
    letters = sum(map(len, slices))
    digits = sum(letter.isdigit() for each in slices for letter in each)
    wide = sum(letter >= "\u2e80" for each in slices for letter in each)  # CJK: half as many letters
    column = max(part.box.right for part in parts) - min(part.box.left for part in parts)
    return (
        median(map(len, slices)) >= (12 if wide > letters / 3 else 22)
        and digits < _MOST_DIGITS * letters
        and median(part.box.right - part.box.left for part in parts) >= _FILLED * column
    )


def _gutter(words: str, lines: Sequence[Line]) -> float | None:
    """Return the gutter between two columns whose lines do not run across it."""
    left = min(line.box.left for line in lines)
    right = max(line.box.right for line in lines)
    for step in (0, 1, -1, 2, -2, 3, -3, 4, -4):
        gutter = (left + right) / 2 + step * (right - left) / 40
        before = [line for line in lines if line.box.right <= gutter + 1]
        after = [line for line in lines if line.box.left >= gutter - 1]
        if min(len(before), len(after)) < _FEWEST or len(before) + len(after) < 0.85 * len(lines):
            continue
        beside = min(before[-1].box.bottom, after[-1].box.bottom) > max(before[0].box.top, after[0].box.top)
        if beside and _is_text(words, before) and _is_text(words, after):
            return gutter
    return None


def _by_columns(lines: Iterable[Line], gutters: Sequence[float]) -> Iterator[Line]:
    """Yield the lines column by column, between those that stand across the columns."""
    columns: list[list[Line]] = [[] for _ in range(len(gutters) + 1)]
    for line in sorted(lines, key=lambda line: (line.box.top + line.box.bottom, line.box.left)):
        if any(line.box.left < gutter - 2 and line.box.right > gutter + 2 for gutter in gutters):
            for column in columns:
                yield from column
                column.clear()
            yield line
        else:
            columns[sum(line.box.left >= gutter - 2 for gutter in gutters)].append(line)
    for column in columns:
        yield from column


def _rows(lines: Sequence[Line]) -> list[list[Line]] | None:
    """Return the lines as rows from the top; None where they do not stand in clear rows."""
    rows: list[list[Line]] = []
    unclear = 0
    for line in sorted(lines, key=lambda line: line.box.top + line.box.bottom):
        last = rows[-1][0] if rows else None
        shared = _shared(last, line) if last else 0.0
        if last is None or shared < _ROW:
            unclear += shared > _NEXT_ROW
            rows.append([line])
        else:
            rows[-1].append(line)
    if unclear > _UNCLEAR * len(lines):
        return None
    return [sorted(row, key=lambda line: line.box.left) for row in rows]


def _shared(one: Line, other: Line) -> float:
    common = min(one.box.bottom, other.box.bottom) - max(one.box.top, other.box.top)
    return common / max(min(one.height, other.height), 0.1)
