# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A section of an HWP 5 file as a flow of paragraphs.

After "한글 문서 파일 형식 5.0" (revision 1.3), section "본문의 데이터 레코드". A paragraph is a record
HWPTAG_PARA_HEADER and, one level below, HWPTAG_PARA_TEXT (UTF-16 with control characters),
HWPTAG_PARA_LINE_SEG (its lines as they were laid out) and a HWPTAG_CTRL_HEADER for each extended control
character of its text. Below that stand the paragraphs of a table's cells, of a text box, a header or a
note, each list after its HWPTAG_LIST_HEADER. Hidden comments (tcmt) and memos are not read: they are not
printed either.
"""

import re
import struct
from collections.abc import Iterator, Sequence

from assistant.documents.readers.hwp5_container import Record, records
from assistant.documents.readers.hwp5_styles import Styles
from assistant.documents.readers.hwp_flow import (
    MAX_DEPTH,
    Box,
    BoxKind,
    Budget,
    Cell,
    Line,
    Paragraph,
    Table,
    TextPieces,
    clean,
    turns,
)
from assistant.documents.readers.hwp_numbers import FORMS, number

# HWPTAG_BEGIN is 16
_PARA_HEADER, _PARA_TEXT, _PARA_LINE_SEG, _CTRL_HEADER, _LIST_HEADER = 66, 67, 69, 71, 72
_PAGE_DEF, _SHAPE_COMPONENT, _TABLE, _EQEDIT, _TEXTART, _FORM_OBJECT = 73, 76, 77, 88, 90, 91
_CONTROL = re.compile("[\x00-\x1f]")
_SINGLE = {"\n": "\n", "\x18": "-", "\x1e": "\u00a0", "\x1f": " "}  # controls of one letter that are read
_INLINE = "\x04\x05\x06\x07\x08\t\x13\x14"  # eight letters, without a record of their own
_EXTENDED = "\x01\x02\x03\x0b\x0c\x0e\x0f\x10\x11\x12\x15\x16\x17"  # eight letters, with one
_BOXES = {
    "head": BoxKind.HEADER, "foot": BoxKind.FOOTER, "fn  ": BoxKind.FOOTNOTE, "en  ": BoxKind.ENDNOTE,
    "secd": BoxKind.HEADER, "gso ": BoxKind.BESIDE, "tbl ": BoxKind.BESIDE, "form": BoxKind.BESIDE,
}  # fmt: skip
_PAGE_NUMBER = 0  # the kind of an automatic number that differs from page to page
_CAPTION = re.compile(r"(?:Caption|Text):wstring:(\d+):")
_LEFT, _ABOVE = 0, 2  # places of a caption
_ABOVE_AND_BELOW, _TO_PARAGRAPH = 1, 2  # how text flows around an object, and what its place is counted from
_NEW_PAGE = 4  # the paragraph begins on a new page


class SectionText:
    """Reads the paragraphs of one section.

    Raises ValueError, struct.error where records are broken, OverflowError where they are too many.
    """

    def __init__(self, content: bytes, styles: Styles, budget: Budget) -> None:
        """Stand before the first paragraph."""
        self._budget = budget
        self._records = records(content)
        self._styles = styles
        self._outline = 1  # the numbering of headings
        self._depth = 0
        self._next: Record | None = None
        self.height = 0  # of the page between its margins, once the first paragraph is read
        self._advance()

    def __iter__(self) -> Iterator[Paragraph]:
        while self._next:
            if self._next.tag == _PARA_HEADER and self._next.level == 0:
                yield self._paragraph()
            else:  # memos and master pages of single pages stand after the last paragraph
                self._advance()

    def _advance(self) -> Record:
        """Go to the next record and return the one before it."""
        current, self._next = self._next, next(self._records, None)
        return current or Record(0, 0, b"")

    def _below(self, level: int) -> bool:
        return self._next is not None and self._next.level > level

    def _paragraph(self) -> Paragraph:
        self._budget.spend()
        header = self._advance()
        shape, style, breaks = struct.unpack_from("<HBB", header.data, 8)
        words, lines, controls = b"", b"", list[_Control]()
        while self._below(header.level):
            record = self._advance()
            if record.tag == _PARA_TEXT:
                words = record.data
            elif record.tag == _PARA_LINE_SEG:
                lines = record.data
            elif record.tag == _CTRL_HEADER:
                controls.append(self._control(record))
        pieces = TextPieces()
        if head := self._styles.head(shape, self._outline) if _readable(words) else "":
            pieces.add(head + " ")
        _add_text(pieces, words, controls)
        return Paragraph(
            pieces.joined(),
            self._styles.level(shape, style),
            bool(breaks & _NEW_PAGE),
            next((control.columns for control in controls if control.columns), 0),
            turns(_lines(lines, pieces)) if not self._depth else (),
            tuple(each for control in controls for each in control.hung()),
        )

    def _control(self, header: Record) -> "_Control":
        """Read a control and all below it."""
        control = _Control(header.data)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ValueError("too deep")
        while self._below(header.level):
            record = self._advance()
            if record.tag == _LIST_HEADER:
                control.add_list(record, self._list(record.level))
            elif record.tag == _PAGE_DEF:
                self.height = _page_height(record.data)
            else:
                control.add_record(record)
        self._depth -= 1
        if control.name == "secd" and len(header.data) >= 20:
            (self._outline,) = struct.unpack_from("<H", header.data, 18)
        return control

    def _list(self, level: int) -> tuple[Paragraph, ...]:
        found = []
        while self._next and self._next.tag == _PARA_HEADER and self._next.level >= level:
            found.append(self._paragraph())
        return tuple(found)


class _Control:
    """What stands at one extended control character: words in the text, or objects beside it."""

    def __init__(self, data: bytes) -> None:
        self.name = data[3::-1].decode("latin-1") if len(data) >= 4 else ""
        self.objects: list[Table | Box] = []
        self.words = _words(self.name, data)
        self.columns = struct.unpack_from("<H", data, 4)[0] >> 2 & 0xFF if self.name == "cold" else 0
        self.offset = 0  # in the text of its paragraph
        self._data = data
        self._table: Record | None = None
        self._cells: list[Cell] = []
        self._captions_first = False

    def add_list(self, record: Record, paragraphs: tuple[Paragraph, ...]) -> None:
        if self._table and record.level == self._table.level:
            self._cells.append(_cell(record.data, paragraphs))
        elif self.name in _BOXES:
            if self.name == "tbl " and len(record.data) >= 12:
                self._captions_first = record.data[8] & 3 in (_LEFT, _ABOVE)
            self.objects.append(Box(_BOXES[self.name], paragraphs))

    def add_record(self, record: Record) -> None:
        if record.tag == _TABLE:
            self._table = record
        elif record.tag == _EQEDIT:
            self.words = f" {_string(record.data, 4)} "
        elif record.tag == _TEXTART:
            self._beside(_string(record.data, 32))
        elif record.tag == _FORM_OBJECT:
            self._beside(_caption(record.data))

    def hung(self) -> Iterator[Table | Box]:
        """Yield the objects, the table at its place in the text."""
        if self._table:
            if self._captions_first:
                yield from self.objects
            yield _framed(self._data, self.offset, tuple(self._cells))
            if self._captions_first:
                return
        yield from self.objects

    def _beside(self, words: str) -> None:
        self.objects.append(Box(BoxKind.BESIDE, (Paragraph(clean(words)),)))


def _add_text(pieces: TextPieces, data: bytes, controls: Sequence[_Control]) -> None:
    """Gather the text of a paragraph, with the words of its controls at their places."""
    units = "".join(map(chr, struct.unpack_from(f"<{len(data) // 2}H", data)))
    waiting = iter(controls)
    position = 0
    while position < len(units):
        found = _CONTROL.search(units, position)
        end = found.start() if found else len(units)
        if position < end:
            pieces.add(units[position:end], position)
        if not found:
            return
        letter = found[0]
        pieces.add(_SINGLE.get(letter, "\t" if letter == "\t" else ""), end)
        if letter in _EXTENDED and (control := next(waiting, None)):
            control.offset = len(pieces)
            pieces.add(control.words)
        position = end + (8 if letter in _EXTENDED or letter in _INLINE else 1)


def _readable(data: bytes) -> bool:
    """Say whether a paragraph has more than its end: an empty one gets no number."""
    return len(data) > 2


def _lines(data: bytes, pieces: TextPieces) -> Iterator[Line]:
    for offset in range(0, len(data) - 35, 36):
        start, top, height, _text, _base, _space, _left, width = struct.unpack_from("<I7i", data, offset)
        yield Line(pieces.offset(start), top, height, width)


def _framed(data: bytes, start: int, cells: tuple[Cell, ...]) -> Table:
    """Return a table with what the header of its control says of its place and its height."""
    attributes, below, _right, _width, height = struct.unpack_from("<IiiIi", data, 4)
    inline = bool(attributes & 1)
    pushes = not inline and attributes >> 21 & 7 == _ABOVE_AND_BELOW and attributes >> 3 & 3 == _TO_PARAGRAPH
    return Table(start, max(height, 0), inline, pushes and not below, cells)


def _cell(data: bytes, paragraphs: tuple[Paragraph, ...]) -> Cell:
    column, row, columns, rows, _width, height = struct.unpack_from("<HHHHii", data, 8)
    return Cell(row, column, columns, rows, max(height, 0), paragraphs)


def _page_height(data: bytes) -> int:
    """Return what the page holds between its margins, its header and its footer."""
    width, height, _left, _right, top, bottom, header, footer, _gutter, attributes = struct.unpack_from(
        "<10I", data
    )
    return int((width if attributes & 1 else height) - top - bottom - header - footer)


def _words(name: str, data: bytes) -> str:
    """Return what a control itself says in the text: a number, letters over others or in one another."""
    if name == "atno":
        attributes, value = struct.unpack_from("<IH", data, 4)
        if attributes & 0xF == _PAGE_NUMBER:
            return ""
        before, after = (letter.decode("utf-16-le", "replace") for letter in (data[12:14], data[14:16]))
        form = attributes >> 4 & 0xFF
        return clean(before + number(value, FORMS[form] if form < len(FORMS) else FORMS[0]) + after)
    if name == "tdut":
        main = _string(data, 4)
        above = _string(data, 6 + 2 * struct.unpack_from("<H", data, 4)[0]) if main else ""
        return f"{main}({above})" if above.strip() else main
    return _string(data, 4) if name == "tcps" else ""


def _string(data: bytes, position: int) -> str:
    """Return the string at `position`: its length in 16 bits, its letters; "" where there is none."""
    if len(data) < position + 2:
        return ""
    (length,) = struct.unpack_from("<H", data, position)
    return data[position + 2 : position + 2 + 2 * length].decode("utf-16-le", "replace")


def _caption(data: bytes) -> str:
    """Return what a button or a field to fill in shows: lines of "Name:type:length:value" say it."""
    words = data.decode("utf-16-le", "replace")
    found = _CAPTION.search(words)
    return words[found.end() : found.end() + int(found[1])] if found else ""
