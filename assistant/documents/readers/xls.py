# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Older Excel workbooks: [MS-XLS], the records of BIFF 5 and 8 in a stream of an OLE container.

Values as they were last calculated, with the comments; a whole sheet is held, a cell at a time read.
"""

import struct
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

from assistant.documents.protocol import PlaceText, Reading
from assistant.documents.readers.cell_values import cell_formats
from assistant.documents.readers.grid import Row, comments_place, sheet_places
from assistant.documents.readers.ole import open_container, title_in
from assistant.documents.readers.refusals import only_pictures, too_large
from assistant.documents.readers.source import WHOLE_LIMIT, Cancelled, Extracted, Source, damaged, locked
from assistant.documents.readers.xls_strings import Strings, shared_strings

_STREAMS = ("Workbook", "Book")
_BEGIN, _END, _CONTINUE, _LOCK = 0x0809, 0x000A, 0x003C, 0x002F
_SHEET, _CODE_PAGE, _DATES, _FORMAT, _XF, _SHARED = 0x0085, 0x0042, 0x0022, 0x041E, 0x00E0, 0x00FC
_NUMBER, _RK, _MANY_RK, _SHARED_LABEL, _BOOLEAN, _STRING = 0x0203, 0x027E, 0x00BD, 0x00FD, 0x0205, 0x0207
_LABELS, _FORMULAS = (0x0204, 0x00D6), (0x0006, 0x0206, 0x0406)
_NOTE, _OBJECT, _TEXT = 0x001C, 0x005D, 0x01B6
_PAGES = {0x8000: "mac_roman", 10000: "mac_roman", 0x8001: "cp1252", 1200: "utf-16-le"}
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_BROKEN = (struct.error, ValueError, IndexError, OverflowError, LookupError)
_SIGN_EVERY = 20_000  # records

Record = tuple[int, bytes]


def read_xls(source: Source, cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read a workbook by blocks of rows. Raises DocumentError, NoTextError."""
    yield Reading(0, 0)
    places: list[PlaceText] = []
    letters = 0
    try:
        with open_container(source) as container:
            name = next((one for one in _STREAMS if container.exists(one)), "")
            stream = container.openstream(name).read() if name else b""
            title = title_in(container)
        workbook = _Workbook(stream, source.name)
        for number, (name, start) in enumerate(workbook.sheets, 1):
            sheet = _Sheet(workbook)
            for count, record in enumerate(_records(stream, start)):
                sheet.take(*record)
                if count % _SIGN_EVERY == 0:
                    yield Reading(len(places), 0)
            places += sheet_places(name, number, len(places), sheet.rows())
            if comments := comments_place(name, number, len(places), sheet.comments()):
                places.append(comments)
            letters = sum(len(place.text) for place in places)
            if letters > WHOLE_LIMIT:
                raise too_large(source.name)
            if cancelled():
                break
    except _BROKEN:
        raise damaged(source.name) from None
    if not places:
        raise only_pictures(source.name)
    return Extracted(workbook.strings.decoded(title), tuple(places), len(workbook.sheets))


class _Workbook:
    """What stands before the sheets: their names, the shared strings, the number formats."""

    def __init__(self, stream: bytes, name: str) -> None:
        records = list(_records(stream, 0))
        kinds = [kind for kind, _data in records]
        if not records or kinds[0] != _BEGIN:
            raise damaged(name)
        if _LOCK in kinds:
            raise locked(name)
        values = {kind: data for kind, data in records if kind in (_BEGIN, _CODE_PAGE, _DATES)}
        page = struct.unpack_from("<H", values.get(_CODE_PAGE, b"\xe4\x04"))[0]
        wide = struct.unpack_from("<H", values[_BEGIN])[0] >= 0x0600
        self.strings = Strings(wide, _PAGES.get(page, f"cp{page}"))
        since_1904 = values.get(_DATES, b"\0")[:1] == b"\1"
        self.sheets = [
            (self.strings.short(data, 6), struct.unpack_from("<I", data)[0])
            for kind, data in records
            if kind == _SHEET
        ]
        codes = {
            struct.unpack_from("<H", data)[0]: self.strings.long(data, 2)
            if wide
            else self.strings.short(data, 2)
            for kind, data in records
            if kind == _FORMAT
        }
        formats = [struct.unpack_from("<H", data, 2)[0] for kind, data in records if kind == _XF]
        self._formats = cell_formats(formats or [0], codes, since_1904)
        self.shared: list[str] = []
        if _SHARED in kinds:
            at = kinds.index(_SHARED)
            parts = [records[at][1]]
            while at + 1 < len(records) and records[at + 1][0] == _CONTINUE:
                at += 1
                parts.append(records[at][1])
            self.shared = shared_strings(parts)

    def shown(self, number: float, style: int) -> str:
        """Return a number as cells of this style show it."""
        return self._formats[style if style < len(self._formats) else 0].shown(number)


@dataclass
class _Sheet:
    """The cells of one sheet, as their records come."""

    workbook: _Workbook
    _cells: dict[int, dict[int, str]] = field(default_factory=dict)
    _depth: int = 0  # a chart within a sheet begins and ends too
    _waiting: tuple[int, int] | None = None  # the cell of a formula whose text comes next
    _object: int = 0
    _wants_text: bool = False
    _texts: dict[int, str] = field(default_factory=dict)
    _notes: dict[int, tuple[int, int]] = field(default_factory=dict)

    def take(self, kind: int, data: bytes) -> None:
        """Take the next record."""
        self._depth += (kind == _BEGIN) - (kind == _END)
        if self._depth != 1:
            return
        strings = self.workbook.strings
        if kind == _STRING and self._waiting:
            self._put(*self._waiting, strings.long(data, 0))
        elif kind in _FORMULAS:
            self._take_formula(data)
        elif kind == _MANY_RK:
            self._take_many(data)
        elif kind in (_NUMBER, _RK, _SHARED_LABEL, _BOOLEAN, *_LABELS):
            row, column, style = struct.unpack_from("<HHH", data)
            self._put(row, column, self._value(kind, data, style))
        elif kind in (_OBJECT, _TEXT, _CONTINUE, _NOTE):
            self._take_note(kind, data)

    def rows(self) -> Iterator[Row]:
        """Yield the rows that hold anything."""
        return (Row(row + 1, tuple(sorted(cells.items()))) for row, cells in sorted(self._cells.items()))

    def comments(self) -> Iterator[tuple[int, int, str]]:
        """Yield the comments by their cells, and at the first cell the text boxes."""
        for number, words in self._texts.items():
            row, column = self._notes.get(number, (0, 0))
            yield row + 1, column, words

    def _put(self, row: int, column: int, words: str) -> None:
        self._waiting = None
        if words.strip():
            self._cells.setdefault(row, {})[column] = words

    def _value(self, kind: int, data: bytes, style: int) -> str:
        if kind == _NUMBER:
            return self.workbook.shown(struct.unpack_from("<d", data, 6)[0], style)
        if kind == _RK:
            return self.workbook.shown(_unpacked(struct.unpack_from("<I", data, 6)[0]), style)
        if kind == _SHARED_LABEL:
            (place,) = struct.unpack_from("<I", data, 6)
            return self.workbook.shared[place] if place < len(self.workbook.shared) else ""
        if kind == _BOOLEAN:
            return _ERRORS.get(data[6], "") if data[7] else _truth(data[6])
        return self.workbook.strings.long(data, 6)

    def _take_many(self, data: bytes) -> None:
        row, first = struct.unpack_from("<HH", data)
        for count in range((len(data) - 6) // 6):
            style, packed = struct.unpack_from("<HI", data, 4 + 6 * count)
            self._put(row, first + count, self.workbook.shown(_unpacked(packed), style))

    def _take_formula(self, data: bytes) -> None:
        row, column, style = struct.unpack_from("<HHH", data)
        value = data[6:14]
        if value[6:] != b"\xff\xff":
            self._put(row, column, self.workbook.shown(struct.unpack("<d", value)[0], style))
        elif value[0] == 0:
            self._waiting = (row, column)
        elif value[0] in (1, 2):
            self._put(row, column, _truth(value[2]) if value[0] == 1 else _ERRORS.get(value[2], ""))

    def _take_note(self, kind: int, data: bytes) -> None:
        """Take a comment: its object, the object's text, and later which cell it belongs to."""
        if kind == _OBJECT and len(data) >= 8:
            (self._object,) = struct.unpack_from("<H", data, 6)
        elif kind == _TEXT and len(data) >= 12:
            self._wants_text = struct.unpack_from("<H", data, 10)[0] > 0
        elif kind == _CONTINUE and self._wants_text and data:
            self._texts[self._object] = data[1:].decode("utf-16-le" if data[0] & 1 else "latin-1", "replace")
            self._wants_text = False
        elif kind == _NOTE and len(data) >= 8:
            row, column, _flags, number = struct.unpack_from("<HHHH", data)
            self._notes[number] = (row, column)


def _records(stream: bytes, at: int) -> Iterator[Record]:
    """Yield the records of the substream at `at`, to its end."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        depth += (kind == _BEGIN) - (kind == _END)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size
        if depth <= 0:
            return


def _unpacked(packed: int) -> float:
    """Return the number of an RK value ([MS-XLS] 2.5.217): 30 bits, whole or not, perhaps hundredths."""
    if packed & 2:
        number = float((packed >> 2) - (1 << 30 if packed & 0x80000000 else 0))
    else:
        (number,) = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))
    return number / 100 if packed & 1 else number


def _truth(value: int) -> str:
    return "TRUE" if value else "FALSE"
