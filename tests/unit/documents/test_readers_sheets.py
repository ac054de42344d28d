# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Sheets and slides: places by their cells and numbers, values as they are shown."""

import struct
from pathlib import Path

import openpyxl
import pytest

from assistant.documents.protocol import ParserSettings
from assistant.documents.readers.grid import cell_range, column_name
from assistant.documents.splitter import Splitter
from assistant.errors import DocumentError, NoTextError
from assistant.passages import PlaceKind
from tests.reader_files import (
    NAMESPACES,
    ole,
    open_document,
    package,
    read,
    relationships,
    search_text_of,
    text_of,
    xlsx,
)


def shape(words: str, role: str = "") -> str:
    holder = f'<p:ph type="{role}"/>' if role else ""
    return (
        f"<p:sp><p:nvSpPr><p:nvPr>{holder}</p:nvPr></p:nvSpPr><p:txBody>"
        f"<a:p><a:r><a:t>{words}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


def slide(shapes: str) -> str:
    return f"<p:sld {NAMESPACES}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>"


def pptx(path: Path, **parts: str) -> Path:
    """Write a show of two slides, the second file first."""
    return package(
        path,
        {
            "_rels/.rels": relationships(officeDocument="ppt/presentation.xml"),
            "ppt/presentation.xml": f"<p:presentation {NAMESPACES}><p:sldIdLst>"
            '<p:sldId id="256" r:id="slide__2"/>'
            '<p:sldId id="257" r:id="slide__1"/></p:sldIdLst></p:presentation>',
            "ppt/_rels/presentation.xml.rels": relationships(slide__1="s1.xml", slide__2="s2.xml"),
            "ppt/s2.xml": slide(shape("처음")),
            **parts,
        },
    )


def test_cells_are_named_as_spreadsheets_name_them() -> None:
    assert [column_name(column) for column in (0, 25, 26, 51, 701, 702, 16383)] == [
        "A", "Z", "AA", "AZ", "ZZ", "AAA", "XFD"
    ]  # fmt: skip
    assert cell_range(5, 9, 2, 7) == "C5:H9"


def test_a_sheet_that_does_not_begin_at_its_corner_keeps_its_cells(tmp_path: Path) -> None:
    rows = '<row r="5"><c r="C5" t="s"><v>0</v></c><c r="E5" t="inlineStr"><is><t>값</t></is></c></row>'
    rows += '<row r="7"><c r="D7"><v>1.5</v></c></row>'
    found = read(
        xlsx(tmp_path / "a.xlsx", rows, "<si><r><t>품</t></r><r><t>목</t></r><rPh><t>x</t></rPh></si>")
    )
    (place,) = found.places
    assert (place.place.kind, place.place.page, place.place.label) == (PlaceKind.SHEET, 1, "가격!C5:E7")
    assert place.text == "품목 |  | 값\n | 1.5"


def test_dates_times_and_percentages_are_written_as_they_are_shown(tmp_path: Path) -> None:
    styles = (
        '<numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;년&quot; m"/>'
        '<numFmt numFmtId="165" formatCode="[$-412]h:mm"/>'
        '<numFmt numFmtId="166" formatCode="[Red]0.0%"/></numFmts>'
        '<cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="164"/>'
        '<xf numFmtId="165"/><xf numFmtId="166"/></cellXfs>'
    )
    cells = [(1, "45356"), (2, "45356.75"), (3, "0.5"), (4, "0.125"), (0, "0.30000000000000004"), (1, "59")]
    rows = "<row>" + "".join(f'<c s="{style}"><v>{value}</v></c>' for style, value in cells)
    rows += '<c t="b"><v>1</v></c><c t="e"><v>#DIV/0!</v></c></row>'
    found = read(xlsx(tmp_path / "a.xlsx", rows, styles=styles))
    assert (
        text_of(found) == "2024-03-05 | 2024-03-05 18:00 | 12:00 | 12.5% | 0.3 | 1900-02-28 | TRUE | #DIV/0!"
    )


def test_comments_and_text_boxes_of_a_sheet_are_read(tmp_path: Path) -> None:
    comments = '<commentList><comment ref="B2"><text><r><t>확인</t></r></text></comment></commentList>'
    drawing = "<twoCellAnchor><from><col>2</col><row>3</row></from><a:p><a:t>상자</a:t></a:p></twoCellAnchor>"
    rows = '<row r="1"><c r="A1"><v>1</v></c></row>'
    found = read(xlsx(tmp_path / "a.xlsx", rows, comments=comments, drawing=drawing))
    assert [(place.place.label, place.text) for place in found.places] == [
        ("가격!A1:A1", "1"),
        ("가격!B2:C4", "B2: 확인\nC4: 상자"),
    ]


def test_every_block_of_a_long_sheet_is_found_with_the_names_of_its_columns(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "재고"
    sheet.append(["재고 현황"])
    sheet.append(["품목", "수량"])
    for number in range(120):
        sheet.append([f"item{number}", number])
    book.create_sheet("빈 것")
    book.save(tmp_path / "a.xlsx")
    found = read(tmp_path / "a.xlsx")
    assert [place.place.label for place in found.places] == ["재고!A1:B50", "재고!A51:B100", "재고!A101:B122"]
    assert [place.columns for place in found.places] == ["", "품목 | 수량", "품목 | 수량"]
    assert found.pages == 2
    splitter = Splitter(lambda texts: [len(words) // 3 + 1 for words in texts], ParserSettings().max_tokens)
    chunks = [chunk for chunks in splitter.split("표", found.places) for chunk in chunks]
    last = [chunk for chunk in chunks if chunk.ordinal == 2]
    assert last
    assert all("품목 | 수량" in chunk.search_text for chunk in last)
    assert not any("A101" in chunk.search_text for chunk in last)


def test_a_far_cell_costs_no_room(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    found = read(xlsx(tmp_path / "a.xlsx", rows))
    assert found.places[0].place.label == "가격!A1:XFD1048576"
    assert len(found.places[0].text) < 200


def test_an_open_document_sheet_keeps_repeated_and_empty_cells_in_step(tmp_path: Path) -> None:
    def cell(words: str, attributes: str = "") -> str:
        return f"<table:table-cell {attributes}><text:p>{words}</text:p></table:table-cell>"

    repeated = 'table:number-columns-repeated="2"'
    empty = '<table:table-cell table:number-columns-repeated="2"/>'
    body = (
        '<office:spreadsheet><table:table table:name="하나">'
        '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
        f"<table:table-row>{empty}{cell('가', repeated)}</table:table-row>"
        f"<table:table-row><table:table-cell/><table:table-cell><office:annotation><text:p>메모</text:p>"
        "</office:annotation><text:p>12%</text:p></table:table-cell></table:table-row></table:table>"
        f'<table:table table:name="둘"><table:table-row>{cell("끝")}</table:table-row>'
        "</table:table></office:spreadsheet>"
    )
    found = read(open_document(tmp_path / "a.ods", body))
    assert [(place.place.label, place.place.page, place.text) for place in found.places] == [
        ("하나!B4:D5", 1, "가 | 가\n12%"),
        ("하나!B5:B5", 1, "B5: 메모"),
        ("둘!A1:A1", 2, "끝"),
    ]
    assert found.pages == 2


def test_slides_come_in_the_order_of_the_show_with_tables_notes_and_titles(tmp_path: Path) -> None:
    def row(*cells: str) -> str:
        return "<a:tr>" + "".join(f"<a:tc><a:p><a:t>{cell}</a:t></a:p></a:tc>" for cell in cells) + "</a:tr>"

    table = f"<p:graphicFrame><a:tbl>{row('품목', '값')}{row('책', '9')}</a:tbl></p:graphicFrame>"
    picture = '<p:pic><p:nvPicPr><p:cNvPr descr="공장 지도"/></p:nvPicPr></p:pic>'
    group = f"<p:grpSp>{shape('묶음')}</p:grpSp>"
    found = read(
        pptx(
            tmp_path / "a.pptx",
            **{
                "ppt/s1.xml": slide(
                    shape("본문") + shape("제목", "title") + shape("7", "sldNum") + group + table + picture
                ),
                "ppt/_rels/s1.xml.rels": relationships(notesSlide="n1.xml", chart="c1.xml"),
                "ppt/n1.xml": slide(shape("말할 것", "body") + shape("3", "sldNum")),
                "ppt/c1.xml": "<chart><cat><pt><v>1분기</v></pt></cat><val><pt><v>55</v></pt></val></chart>",
            },
        )
    )
    assert [(place.place.kind, place.place.page) for place in found.places] == [("slide", 1), ("slide", 2)]
    assert found.places[0].text == "처음"
    second = found.places[1]
    parts = ["제목", "본문", "묶음", "품목 | 값\n책 | 9", "공장 지도", "1분기", "말할 것"]
    assert second.text.split("\n\n") == parts
    assert [(heading.start, heading.title) for heading in second.headings] == [(0, "제목")]
    assert "| 책 | 9 |" in search_text_of(found)


def test_an_open_document_show_gives_slides_with_notes(tmp_path: Path) -> None:
    def page(words: str, title: str = "") -> str:
        frame = f"<draw:frame{title}><draw:text-box><text:p>{words}</text:p></draw:text-box></draw:frame>"
        notes = f"<draw:frame><text:p>말 {words}</text:p></draw:frame>"
        return f"<draw:page>{frame}<presentation:notes>{notes}</presentation:notes></draw:page>"

    first = page("하나", ' presentation:class="title"')
    body = f"<office:presentation>{first}{page('둘')}</office:presentation>"
    found = read(open_document(tmp_path / "a.odp", body))
    assert [(place.place.page, place.text) for place in found.places] == [
        (1, "하나\n\n말 하나"),
        (2, "둘\n\n말 둘"),
    ]
    assert [heading.title for heading in found.places[0].headings] == ["하나"]


@pytest.mark.parametrize("name", ["a.xlsx", "a.pptx", "a.ods", "a.odp"])
def test_blank_and_damaged_files_say_so(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(b"PK\x03\x04 not a package")
    with pytest.raises(DocumentError, match="is damaged"):
        read(file)


def test_a_blank_workbook_has_no_text(tmp_path: Path) -> None:
    with pytest.raises(NoTextError, match="holds no text"):
        read(xlsx(tmp_path / "a.xlsx", ""))


def test_what_programs_write_as_xls_is_read_as_what_it_is(tmp_path: Path) -> None:
    page = tmp_path / "page.xls"
    page.write_text(
        "<html><table><tr><td>가</td><td>나</td></tr><tr><td>1</td><td>2</td></tr></table></html>", "utf-8"
    )
    assert "가 | 나" in text_of(read(page))
    tabs = tmp_path / "tabs.xls"
    tabs.write_bytes("이름\t나이\n김\t3\n".encode("cp949"))
    assert read(tabs).places[0].place.label == "tabs!A1:B2"
    newer = xlsx(tmp_path / "newer.xls", '<row r="1"><c r="A1"><v>1</v></c></row>')
    assert text_of(read(newer)) == "1"


def record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def biff(version: int, before: bytes, cells: bytes) -> bytes:
    """Return the records of a workbook of one sheet named "표"; `before` stand before its cells."""

    def begin(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHH", version, kind, 0, 0))

    end = record(0x000A, b"")
    wide, narrow = b"\x01\x01" + "표".encode("utf-16-le"), b"\x02" + "표".encode("cp949")
    name = b"\0\0" + (wide if version == 0x0600 else narrow)
    start = len(begin(5)) + len(before) + len(record(0x0085, bytes(4) + name)) + len(end)
    return (
        begin(5) + before + record(0x0085, struct.pack("<I", start) + name) + end + begin(0x10) + cells + end
    )


def test_an_older_workbook_gives_its_cells_with_strings_that_go_on_in_the_next_record(tmp_path: Path) -> None:
    shared = struct.pack("<IIHB", 2, 2, 4, 0) + b"na"  # "name" broken after two letters, then in UTF-16
    rest = (
        b"\x01"
        + "me".encode("utf-16-le")
        + struct.pack("<HBH", 2, 9, 1)
        + "품목".encode("utf-16-le")
        + bytes(4)
    )
    formats = record(0x00E0, bytes(20)) + record(0x00E0, struct.pack("<HH", 0, 14) + bytes(16))
    cells = record(0x00FD, struct.pack("<HHHI", 4, 2, 0, 0)) + record(
        0x00FD, struct.pack("<HHHI", 4, 3, 0, 1)
    )
    cells += record(0x0203, struct.pack("<HHHd", 5, 2, 1, 45356.0)) + record(
        0x027E, struct.pack("<HHHI", 5, 3, 0, 0x9A3)
    )
    cells += record(0x00BD, struct.pack("<HHHIHIH", 6, 2, 0, 0xFFFFFFFE, 0, 0x3FF00000, 3))
    cells += record(0x0006, struct.pack("<HHH", 7, 2, 0) + b"\0\0\0\0\0\0\xff\xff" + bytes(6))
    cells += record(0x0207, b"\x02\0\0ok") + record(0x0205, struct.pack("<HHHBB", 7, 3, 0, 7, 1))
    file = ole(
        tmp_path / "a.xls",
        {"Workbook": biff(0x0600, formats + record(0xFC, shared) + record(0x3C, rest), cells)},
    )
    found = read(file)
    assert [place.place.label for place in found.places] == ["표!C5:D8"]
    assert text_of(found) == "name | 품목\n2024-03-05 | 6.16\n-1 | 1\nok | #DIV/0!"


def test_numbers_of_an_older_workbook_are_written_as_their_cells_show_them(tmp_path: Path) -> None:
    code = '"₩"#,##0;\\(#,##0\\)'
    formats = record(0x041E, struct.pack("<HHB", 164, len(code), 1) + code.encode("utf-16-le"))
    formats += b"".join(record(0x00E0, struct.pack("<HH", 0, number) + bytes(16)) for number in (164, 10))
    cells = b"".join(
        record(0x0203, struct.pack("<HHHd", 0, column, style, number))
        for column, (style, number) in enumerate([(0, 12500.0), (0, -7.0), (1, 0.155), (9, -7.25)])
    )
    found = read(ole(tmp_path / "a.xls", {"Workbook": biff(0x0600, formats, cells)}))
    assert text_of(found) == "₩12,500 | (7) | 15.50% | (7)"


def test_a_workbook_of_before_unicode_is_read_by_its_code_page(tmp_path: Path) -> None:
    label = record(0x0204, struct.pack("<HHHH", 0, 0, 0, 9) + "계약 금액".encode("cp949"))
    page = record(0x0042, struct.pack("<H", 949))
    file = ole(tmp_path / "a.xls", {"Book": biff(0x0500, page, label)})
    assert text_of(read(file)) == "계약 금액"


def summary(*properties: tuple[int, bytes]) -> bytes:
    """Return a set of properties by their ids, each with its type before its value ([MS-OLEPS] 2.21)."""
    at, table, values = 8 + 8 * len(properties), b"", b""
    for name, value in properties:
        table += struct.pack("<II", name, at + len(values))
        values += value + bytes(-len(value) % 4)
    head = b"\xfe\xff" + bytes(22) + struct.pack("<I", 1) + bytes(16) + struct.pack("<I", 48)
    return head + struct.pack("<II", at + len(values), len(properties)) + table + values


@pytest.mark.parametrize(
    "written",
    [
        struct.pack("<II", 30, 10) + "재고 목록\0".encode("cp949"),
        struct.pack("<II", 31, 6) + "재고 목록\0".encode("utf-16-le"),
    ],
)
def test_the_title_of_an_older_workbook_is_found_and_no_list_beside_it_is_read(
    tmp_path: Path, written: bytes
) -> None:
    """A list that claims four billion entries would keep the parser for minutes."""
    endless = struct.pack("<II", 0x1000, 0xFFFF_FFFF)  # of nothing
    label = record(0x0204, struct.pack("<HHHH", 0, 0, 0, 9) + "계약 금액".encode("cp949"))
    page = record(0x0042, struct.pack("<H", 949))
    properties = summary((13, endless), (2, written))
    file = ole(
        tmp_path / "a.xls",
        {"Book": biff(0x0500, page, label), "\x05SummaryInformation": properties},
    )
    assert read(file).title == "재고 목록"


def test_a_locked_or_broken_older_workbook_says_so(tmp_path: Path) -> None:
    locked = ole(tmp_path / "a.xls", {"Workbook": biff(0x0600, record(0x002F, bytes(6)), b"")})
    with pytest.raises(DocumentError, match="is protected by a password"):
        read(locked)
    broken = ole(tmp_path / "b.xls", {"Workbook": biff(0x0600, b"", record(0x0203, b"\0"))})
    with pytest.raises(DocumentError, match="is damaged"):
        read(broken)
    with pytest.raises(DocumentError, match="is damaged"):
        read(ole(tmp_path / "c.xls", {"Other": b"words"}))
