# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Excel workbooks (SpreadsheetML, ECMA-376 part 1, 18): values as they were last calculated.

Numbers are written as their cells show them (number formats, 18.8.30); rows are read one at a time.
"""

import re
from collections.abc import Generator, Iterator
from xml.etree.ElementTree import Element

from assistant.documents.protocol import PlaceText, Reading
from assistant.documents.readers.cell_values import CellFormat, cell_formats
from assistant.documents.readers.grid import Row, comments_place, sheet_places
from assistant.documents.readers.package import Package
from assistant.documents.readers.refusals import only_pictures, too_large
from assistant.documents.readers.source import WHOLE_LIMIT, Cancelled, Extracted, Source, damaged

_SHEETS = frozenset({"worksheet", "xlMacrosheet", "xlIntlMacrosheet", "dialogsheet"})
_ANCHORS = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")
_ESCAPED = re.compile(r"_x([0-9A-F]{4})_")  # letters that XML cannot hold (22.9.2.19)
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")


def read_xlsx(source: Source, cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read a workbook by blocks of rows. Raises DocumentError, NoTextError."""
    yield Reading(0, 0)
    places: list[PlaceText] = []
    letters = 0
    with Package(source) as package:
        workbook = _Workbook(package, source.name)
        for number, (name, part) in enumerate(workbook.sheets, 1):
            for place in sheet_places(name, number, len(places), workbook.rows(part)):
                places.append(place)
                letters += len(place.text)
                if letters > WHOLE_LIMIT:
                    raise too_large(source.name)
                if cancelled():
                    break
                yield Reading(len(places), 0)
            if comments := comments_place(name, number, len(places), workbook.comments(part)):
                places.append(comments)
        title = package.tree("docProps/core.xml").findtext("title") or ""
    if not places:
        raise only_pictures(source.name)
    return Extracted(title, tuple(places), len(workbook.sheets))


class _Workbook:
    """The parts of a workbook that its sheets refer to."""

    def __init__(self, package: Package, name: str) -> None:
        self._package = package
        self._name = name
        main = next((part for kind, part in package.targets("").values() if kind == "officeDocument"), "")
        targets = package.targets(main)
        root = package.tree(main)
        properties = root.find("workbookPr")
        since_1904 = properties is not None and properties.get("date1904", "0") in ("1", "true")
        self.sheets = [
            (sheet.get("name", ""), targets[sheet.get("rid", "")][1])
            for sheet in root.iter("sheet")
            if targets.get(sheet.get("rid", ""), ("", ""))[0] in _SHEETS
        ]
        if not self.sheets and root.find("sheets") is None:
            raise damaged(name)
        parts = dict(targets.values())
        self._strings = [_words(one) for _, one in package.elements(parts.get("sharedStrings", ""), "si")]
        self._formats = _formats(package.tree(parts.get("styles", "")), since_1904)

    def rows(self, part: str) -> Iterator[Row]:
        """Yield the rows of a sheet that hold anything."""
        number = 0
        for _ancestors, row in self._package.elements(part, "row"):
            number = _whole(row.get("r"), number + 1)
            cells: dict[int, str] = {}
            column = -1
            for cell in row.iter("c"):
                column = _column(cell.get("r"), column + 1)
                if (words := self._value(cell)).strip():
                    cells[column] = words
            if cells:
                yield Row(number, tuple(sorted(cells.items())))

    def comments(self, part: str) -> Iterator[tuple[int, int, str]]:
        """Yield a sheet's comments and text boxes: row, column, words."""
        for kind, target in self._package.targets(part).values():
            if kind == "comments":
                for _ancestors, comment in self._package.elements(target, "comment"):
                    if found := _CELL.match(comment.get("ref", "")):
                        yield int(found[2]), _column(found[0], 0), _words(comment)
            elif kind == "drawing":
                for _ancestors, anchor in self._package.elements(target, *_ANCHORS):
                    row, column = (_whole(anchor.findtext(f"from/{name}"), 0) for name in ("row", "col"))
                    lines = ("".join(t.text or "" for t in p.iter("t")) for p in anchor.iter("p"))
                    yield row + 1, column, "\n".join(lines)

    def _value(self, cell: Element) -> str:
        kind, value = cell.get("t", "n"), cell.findtext("v") or ""
        if kind == "s":
            place = _whole(value, -1)
            return self._strings[place] if 0 <= place < len(self._strings) else ""
        if kind == "inlineStr":
            return _words(cell)
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind != "n" or not value:
            return value
        return self._number(value, _whole(cell.get("s"), 0))

    def _number(self, value: str, style: int) -> str:
        """Return a number as its cell shows it; what is no number as it stands."""
        try:
            number = float(value)
        except ValueError:
            return value
        return self._formats[style if style < len(self._formats) else 0].shown(number)


def _formats(styles: Element, since_1904: bool) -> list[CellFormat]:
    """Return the number format of each cell format (18.8.10), one at least."""
    codes = {_whole(one.get("numFmtId"), -1): one.get("formatCode", "") for one in styles.iter("numFmt")}
    formats = styles.find("cellXfs")
    numbers = [_whole(one.get("numFmtId"), 0) for one in formats or () if one.tag == "xf"]
    return cell_formats(numbers or [0], codes, since_1904)


def _words(element: Element) -> str:
    """Return the text of a string item, its runs joined, without its pronunciation (18.4)."""
    words = "".join(
        one.findtext("t") or "" if one.tag == "r" else one.text or "" if one.tag == "t" else _words(one)
        for one in element
        if one.tag in ("r", "t", "is", "text")
    )
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), words)


def _column(reference: str | None, otherwise: int) -> int:
    """Return the column, from 0, of a reference such as "C5"."""
    found = _CELL.match(reference or "")
    if not found:
        return otherwise
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _whole(value: str | None, otherwise: int) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 10 else otherwise
