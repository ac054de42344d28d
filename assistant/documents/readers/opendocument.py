# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""OpenDocument spreadsheets and presentations (ISO/IEC 26300-1, 9 and 10), as they are shown."""

from collections.abc import Generator, Iterator
from xml.etree.ElementTree import Element

from assistant.documents.protocol import Heading, PlaceText, Reading
from assistant.documents.readers.grid import Row, comments_place, sheet_places
from assistant.documents.readers.package import Package
from assistant.documents.readers.refusals import only_pictures, too_large
from assistant.documents.readers.sections import Builder
from assistant.documents.readers.source import WHOLE_LIMIT, Cancelled, Extracted, Source, locked
from assistant.passages import Place, PlaceKind

_CONTENT = "content.xml"
_REPEATED = 100  # how often a full row or cell is written that stands for many
_SPACES = 100
_PARAGRAPHS = frozenset({"p", "h"})
# Within a line, and not part of it.
_ASIDE = frozenset({"annotation", "tracked-changes", "ruby-text", "note", "frame", "custom-shape"})


def read_ods(source: Source, cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read a spreadsheet by blocks of rows. Raises DocumentError, NoTextError."""
    yield Reading(0, 0)
    places: list[PlaceText] = []
    letters = 0
    with open_document(source) as package:
        sheets = _Sheets(package)
        for number, name in enumerate(sheets.names(), 1):
            for place in sheet_places(name, number, len(places), sheets.rows()):
                places.append(place)
                letters += len(place.text)
                if letters > WHOLE_LIMIT:
                    raise too_large(source.name)
                if cancelled():
                    break
                yield Reading(len(places), 0)
            if comments := comments_place(name, number, len(places), sheets.comments):
                places.append(comments)
            yield Reading(len(places), 0)
        title = document_title(package)
    if not places:
        raise only_pictures(source.name)
    return Extracted(title, tuple(places), sheets.count)


def read_odp(source: Source, _cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read a presentation, a place a slide. Raises DocumentError, NoTextError."""
    yield Reading(0, 0)
    places: list[PlaceText] = []
    with open_document(source) as package:
        for _ancestors, page in package.elements(_CONTENT, "page"):
            places.append(_slide(page, len(places)))
            yield Reading(len(places), 0)
        title = document_title(package)
    if not any(place.text for place in places):
        raise only_pictures(source.name)
    return Extracted(title, tuple(places), len(places))


def open_document(source: Source) -> Package:
    """Open an OpenDocument file. Raises DocumentError, also where it is encrypted."""
    package = Package(source)
    if any(True for _ in package.elements("META-INF/manifest.xml", "encryption-data")):
        package.__exit__(None, None, None)
        raise locked(source.name)
    return package


def document_title(package: Package) -> str:
    """Return the title that the file gives itself."""
    return next((one.text or "" for _ancestors, one in package.elements("meta.xml", "title")), "")


class _Sheets:
    """The sheets of one spreadsheet, read in step: the rows of each after its name."""

    def __init__(self, package: Package) -> None:
        self._parts = package.elements(_CONTENT, "table-row")
        self._waiting: tuple[dict[str, str], Element] | None = None
        self._table: dict[str, str] = {}
        self.comments: list[tuple[int, int, str]] = []
        self.count = 0

    def names(self) -> Iterator[str]:
        """Yield the name of each sheet; its rows are to be taken before the next one."""
        self._advance()
        while self._waiting is not None:
            self._table = self._waiting[0]
            self.comments = []
            self.count += 1
            yield self._table.get("name", "")

    def rows(self) -> Iterator[Row]:
        """Yield the rows of the sheet that hold anything."""
        number = 1
        while self._waiting is not None and self._waiting[0] is self._table:
            row = self._waiting[1]
            self._advance()
            times = _times(row, "number-rows-repeated")
            cells = tuple(self._cells(row, number))
            for again in range(min(times, _REPEATED) if cells else 0):
                yield Row(number + again, cells)
            number += times

    def _cells(self, row: Element, number: int) -> Iterator[tuple[int, str]]:
        column = 0
        for cell in row:
            if cell.tag not in ("table-cell", "covered-table-cell"):
                continue
            times = _times(cell, "number-columns-repeated")
            words = paragraphs_of(cell)
            for again in range(min(times, _REPEATED) if words.strip() else 0):
                yield column + again, words
            for comment in cell.findall("annotation"):
                self.comments.append((number, column, paragraphs_of(comment)))
            column += times

    def _advance(self) -> None:
        """Look at the next row; rows of a table within a cell or a change belong to no sheet."""
        for ancestors, row in self._parts:
            tables = [own for tag, own in ancestors if tag == "table"]
            if tables:
                self._waiting = (tables[0], row)
                return
        self._waiting = None


def paragraphs_of(element: Element) -> str:
    """Return the paragraphs within an element, a line each, notes and text boxes after them; no comments."""
    lines = []
    for one in _outermost(element, _PARAGRAPHS):
        lines.append(paragraph_text(one))
        lines += [paragraphs_of(inner) for inner in one.iter() if inner.tag in ("note-body", "text-box")]
    return "\n".join(lines)


def _outermost(element: Element, wanted: frozenset[str]) -> Iterator[Element]:
    for one in element:
        if one.tag in wanted:
            yield one
        elif one.tag not in ("annotation", "tracked-changes"):
            yield from _outermost(one, wanted)


def paragraph_text(paragraph: Element) -> str:
    """Return the letters of a paragraph's line, without its notes, comments and text boxes."""
    parts = [paragraph.text or ""]
    for one in paragraph:
        if one.tag == "s":
            parts.append(" " * min(_times(one, "c"), _SPACES))
        elif one.tag in ("tab", "line-break"):
            parts.append("\t" if one.tag == "tab" else "\n")
        elif one.tag not in _ASIDE:
            parts.append(paragraph_text(one))
        parts.append(one.tail or "")
    return "".join(parts)


def _slide(page: Element, ordinal: int) -> PlaceText:
    """Return a slide: what its shapes hold, in the order of the file, and its notes after them."""
    builder = Builder()
    title = ""
    for shape in page:
        if shape.tag != "notes":
            if shape.get("class") == "title" and not title:
                title = " ".join(paragraphs_of(shape).split())
            _fill(builder, shape)
    for notes in page.findall("notes"):
        for frame in notes:
            if frame.get("class") not in ("page-number", "header", "footer", "date-time"):
                _fill(builder, frame)
    sections = builder.finished()
    words, instead = (sections[0].text.rstrip(), sections[0].instead) if sections else ("", ())
    start = words.find(title) if title else -1
    headings = (Heading(start, 1, title),) if start >= 0 else ()
    return PlaceText(Place(PlaceKind.SLIDE, ordinal, page=ordinal + 1), words, headings, instead)


def _fill(builder: Builder, shape: Element) -> None:
    for one in _outermost(shape, frozenset({"table", "p", "h"})):
        if one.tag == "table":
            rows = _outermost(one, frozenset({"table-row"}))
            builder.table([[paragraphs_of(cell) for cell in row] for row in rows])
        else:
            builder.paragraph(paragraph_text(one))


def _times(element: Element, attribute: str) -> int:
    value = element.get(attribute, "1")
    return max(int(value), 1) if value.isdecimal() and len(value) < 10 else 1
