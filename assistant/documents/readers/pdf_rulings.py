# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The lines that are drawn on a PDF page, and the grids that they make.

A line of a table is drawn as a stroke, as a thin filled rectangle, or as the edge of a cell's own
rectangle (ISO 32000-1, 8.5); all of them count.
"""

import ctypes
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from ctypes import c_int, c_void_p
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

import pypdfium2
from pypdfium2 import raw

from assistant.documents.readers.pdf_glyphs import Box, View, address, fast

_MOST_PATHS = 4000  # of a page; more is a map or a chart
_MOST_SEGMENTS = 300  # of a path
_SMALL = 24.0  # points: a path of many legs that is smaller is a letter or a sign
_MOST_LINES = 400
_THIN = 3.0  # points
_SHORTEST = 8.0
_NEAR = 3.0  # lines that meet within this many points meet
_RECTANGLE = 5  # segments at most

_count = fast(raw.FPDFPage_CountObjects, c_void_p)
_object = ctypes.PYFUNCTYPE(c_void_p, c_void_p, c_int)(
    ctypes.cast(raw.FPDFPage_GetObject, c_void_p).value or 0
)
_kind = fast(raw.FPDFPageObj_GetType, c_void_p)
_bounds = fast(raw.FPDFPageObj_GetBounds, c_void_p, *[c_void_p] * 4)
_segments = fast(raw.FPDFPath_CountSegments, c_void_p)
_segment = ctypes.PYFUNCTYPE(c_void_p, c_void_p, c_int)(
    ctypes.cast(raw.FPDFPath_GetPathSegment, c_void_p).value or 0
)
_segment_kind = fast(raw.FPDFPathSegment_GetType, c_void_p)
_point = fast(raw.FPDFPathSegment_GetPoint, c_void_p, c_void_p, c_void_p)
_draw_mode = fast(raw.FPDFPath_GetDrawMode, c_void_p, c_void_p, c_void_p)


class Ruling(NamedTuple):
    """A straight line: at `at` across its own direction, from `begin` to `end` along it."""

    at: float
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Rulings:
    """The lines across (`at` is y) and down (`at` is x) of a page or a part of it, sorted by `at`."""

    across: Sequence[Ruling]
    down: Sequence[Ruling]


_ruling = tuple.__new__  # they are made by the hundred


def rulings(page: pypdfium2.PdfPage, view: View) -> Rulings:
    """Return the lines of a page, those that touch joined; none where it is a drawing."""
    handle = address(page.raw)
    found = [_object(handle, number) for number in range(_count(handle))]
    paths = [each for each in found if _kind(each) == raw.FPDF_PAGEOBJ_PATH]
    if not 1 <= len(paths) <= _MOST_PATHS:
        return Rulings((), ())
    across: list[Ruling] = []
    down: list[Ruling] = []
    for left, top, right, bottom in _straight(paths, view):
        if right - left >= bottom - top:
            across.append(_ruling(Ruling, ((top + bottom) / 2, left, right)))
        else:
            down.append(_ruling(Ruling, ((left + right) / 2, top, bottom)))
    joined = Rulings(_joined(across), _joined(down))
    return joined if max(len(joined.across), len(joined.down)) <= _MOST_LINES else Rulings((), ())


def connected(lines: Rulings) -> list[Rulings]:
    """Return the lines that hang together by crossing or meeting, each such group for itself."""
    if len(lines.down) < 2:
        return [Rulings([line], ()) for line in lines.across]
    every = [*lines.across, *lines.down]
    group = list(range(len(every)))

    def root(number: int) -> int:
        while group[number] != number:
            group[number] = group[group[number]]
            number = group[number]
        return number

    first = len(lines.across)
    for one, across in enumerate(lines.across):
        begin = bisect_left(lines.down, across.begin - _NEAR, key=itemgetter(0))
        for other in range(begin, len(lines.down)):
            down = lines.down[other]
            if down.at > across.end + _NEAR:
                break
            if down.begin - _NEAR <= across.at <= down.end + _NEAR:
                group[root(one)] = root(first + other)
    parts: dict[int, tuple[list[Ruling], list[Ruling]]] = {}
    for number, line in enumerate(every):
        parts.setdefault(root(number), ([], []))[number >= first].append(line)
    return [Rulings(*part) for part in parts.values()]


def places(lines: Iterable[Ruling]) -> list[float]:
    """Return where lines lie, those nearly at one place counted once."""
    found: list[float] = []
    for at in sorted(line.at for line in lines):
        if not found or at - found[-1] > _NEAR:
            found.append(at)
    return found


def _straight(paths: Sequence[int], view: View) -> Iterator[Box]:
    """Yield the thin boxes that paths are made of."""
    edges = (ctypes.c_float * (4 * len(paths)))()
    at = ctypes.addressof(edges)
    for path in paths:
        _bounds(path, at, at + 4, at + 8, at + 12)
        at += 16
    modes = (c_int * 2)()
    mode = ctypes.addressof(modes)
    found = list(edges)
    for path, left, bottom, right, top in zip(
        paths, found[::4], found[1::4], found[2::4], found[3::4], strict=True
    ):
        width, height = right - left, top - bottom
        if width < _SHORTEST and height < _SHORTEST:
            continue
        if width <= _THIN or height <= _THIN:
            yield view.box(left, bottom, right, top)
        elif (
            _draw_mode(path, mode, mode + 4)
            and (modes[0] or modes[1])
            and (count := _segments(path)) <= _MOST_SEGMENTS
        ):
            if count <= _RECTANGLE:
                yield from _frame(view.box(left, bottom, right, top))
            elif width > _SMALL:
                yield from _legs(path, count, view)


def _frame(box: Box) -> Iterator[Box]:
    left, top, right, bottom = box
    yield Box(left, top, right, top)
    yield Box(left, bottom, right, bottom)
    yield Box(left, top, left, bottom)
    yield Box(right, top, right, bottom)


def _legs(path: int, count: int, view: View) -> Iterator[Box]:
    """Yield the upright and the level legs of a path of many; none of one with curves."""
    handle = ctypes.cast(c_void_p(path), raw.FPDF_PAGEOBJECT)
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(handle, matrix):
        return
    at = (ctypes.c_float * 2)()
    x = ctypes.addressof(at)
    points: list[tuple[int, float, float]] = []
    for number in range(count):
        segment = _segment(path, number)
        kind = _segment_kind(segment)
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            return
        _point(segment, x, x + 4)
        across, up = at
        points.append((
            kind,
            matrix.a * across + matrix.c * up + matrix.e,
            matrix.b * across + matrix.d * up + matrix.f,
        ))  # fmt: skip
    for (_, x0, y0), (kind, x1, y1) in pairwise(points):
        width, height = abs(x1 - x0), abs(y1 - y0)
        if kind == raw.FPDF_SEGMENT_LINETO and min(width, height) < 1 and max(width, height) >= _SHORTEST:
            yield view.box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _joined(lines: Iterable[Ruling]) -> list[Ruling]:
    """Join lines that lie on one another or go on where another ends."""
    joined: list[Ruling] = []
    level: list[Ruling] = []
    for line in sorted(lines, key=lambda line: line.at):
        if level and line.at - level[-1].at > _THIN / 2:
            joined += _joined_level(level)
            level = []
        level.append(line)
    return joined + _joined_level(level)


def _joined_level(level: list[Ruling]) -> list[Ruling]:
    found: list[Ruling] = []
    for line in sorted(level, key=lambda line: line.begin):
        if found and line.begin <= found[-1].end + _NEAR:
            found[-1] = Ruling(found[-1].at, found[-1].begin, max(found[-1].end, line.end))
        else:
            found.append(line)
    return found
