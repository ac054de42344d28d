# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Word documents, OpenDocument text and RTF: everything their pages show, under their headings."""

from pathlib import Path

import pytest

from assistant.errors import DocumentError, NoTextError
from tests.reader_files import (
    docx,
    open_document,
    package,
    paragraph,
    read,
    relationships,
    search_text_of,
    text_of,
)

STYLES = (
    '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="a"><w:name w:val="제목 2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="t"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="o"><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
)


@pytest.mark.parametrize("style", ["1", "b", "o"])
def test_headings_are_known_by_name_outline_and_base(tmp_path: Path, style: str) -> None:
    body = paragraph("계약서", "t") + paragraph("총칙", style)
    body += paragraph("목적", "a") + paragraph("이 계약은")
    found = read(docx(tmp_path / "a.docx", body, styles=STYLES))
    assert found.title == "계약서"
    assert [place.place.label for place in found.places] == ["계약서 > 총칙 > 목적"]


def test_a_paragraph_keeps_tabs_lines_and_insertions_and_loses_what_was_deleted(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>성명</w:t><w:tab/><w:t>홍길동</w:t><w:br/><w:t>끝</w:t></w:r>"
        "<w:ins><w:r><w:t> 새로</w:t></w:r></w:ins><w:del><w:r><w:delText>옛</w:delText></w:r></w:del>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r>"
        "<w:sdt><w:sdtContent><w:r><w:t> 칸</w:t></w:r></w:sdtContent></w:sdt></w:p>"
        f"<w:sdt><w:sdtContent>{paragraph('둘째')}</w:sdtContent></w:sdt>"
    )
    assert text_of(read(docx(tmp_path / "a.docx", body))).strip() == "성명\t홍길동\n끝 새로 칸\n\n둘째"


def test_notes_comments_text_boxes_and_running_heads_are_read(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{paragraph('상자')}</w:txbxContent>"
    body = (
        '<w:p><w:r><w:t>본문</w:t><w:footnoteReference w:id="2"/><w:commentReference w:id="1"/></w:r>'
        f"<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback><v:textbox>{box}</v:textbox>"
        "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    found = read(
        docx(
            tmp_path / "a.docx",
            body,
            footnotes=f'<w:footnote w:id="2">{paragraph("각주")}</w:footnote>',
            comments=f'<w:comment w:id="1" w:author="Kim">{paragraph("의견")}</w:comment>',
            header=paragraph("머리말"),
        )
    )
    assert found.places[0].text.split() == ["본문", "상자", "각주", "Kim:", "의견"]
    assert found.places[-1].text.strip() == "머리말"


def test_a_document_of_nothing_but_a_running_head_is_read(tmp_path: Path) -> None:
    assert (
        text_of(read(docx(tmp_path / "a.docx", "<w:p/>", header=paragraph("문서 번호 7"))))
        == "문서 번호 7\n\n"
    )


def test_a_table_is_lines_in_the_text_and_markdown_in_the_search(tmp_path: Path) -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in cells) + "</w:tr>"

    found = read(
        docx(tmp_path / "a.docx", f"<w:tbl>{row('품목', '값')}{row('책', '9')}</w:tbl>{paragraph('끝')}")
    )
    assert text_of(found) == "품목 | 값\n책 | 9\n\n끝\n\n"
    assert search_text_of(found).startswith("| 품목 | 값 |\n| --- | --- |\n| 책 | 9 |\n\n끝")


def test_a_frame_of_one_cell_is_paragraphs(tmp_path: Path) -> None:
    body = f"<w:tbl><w:tr><w:tc>{paragraph('하나')}{paragraph('둘')}</w:tc></w:tr></w:tbl>"
    assert text_of(read(docx(tmp_path / "a.docx", body))) == "하나\n\n둘\n\n"


def test_automatic_numbers_stand_before_their_paragraphs(tmp_path: Path) -> None:
    def level(at: int, form: str, template: str) -> str:
        shape = f'<w:numFmt w:val="{form}"/><w:lvlText w:val="{template}"/>'
        return f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/>{shape}</w:lvl>'

    numbering = (
        f'<w:abstractNum w:abstractNumId="0">{level(0, "decimal", "제%1조")}{level(1, "ganada", "%2.")}'
        f"{level(2, 'lowerRoman', '%1-%3)')}</w:abstractNum>"
        '<w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num>'
    )

    def numbered(words: str, at: int) -> str:
        return paragraph(words, properties=f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="5"/></w:numPr>')

    body = (
        numbered("목적", 0) + numbered("갑", 1) + numbered("을", 1) + numbered("기간", 0) + numbered("병", 1)
    )
    body += numbered("깊이", 2) + paragraph("없음")
    words = text_of(read(docx(tmp_path / "a.docx", body, numbering=numbering))).split("\n\n")
    assert words[:7] == ["제1조 목적", "가. 갑", "나. 을", "제2조 기간", "가. 병", "2-i) 깊이", "없음"]


def test_what_is_no_document_and_what_is_locked_say_so(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="is damaged"):
        read(package(tmp_path / "empty.docx", {"other.xml": "<a/>"}))
    with pytest.raises(DocumentError, match="is damaged"):
        read(docx(tmp_path / "broken.docx", "<w:p>"))
    with pytest.raises(NoTextError, match="holds no text"):
        read(docx(tmp_path / "blank.docx", "<w:p/>"))
    locked = tmp_path / "locked.docx"
    locked.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(DocumentError, match="is protected by a password"):
        read(locked)


def test_a_word_document_under_the_older_ending_is_read(tmp_path: Path) -> None:
    assert "본문" in text_of(read(docx(tmp_path / "a.doc", paragraph("본문"))))


def test_charts_diagrams_and_descriptions_of_pictures_are_read_where_they_stand(tmp_path: Path) -> None:
    def drawing(inside: str, about: str = "") -> str:
        return f'<w:p><w:r><w:drawing><w:docPr id="1" descr="{about}"/>{inside}</w:drawing></w:r></w:p>'

    body = (
        drawing('<dgm:relIds r:dm="diagramData"/>', "a family of otters")
        + drawing('<c:chart r:id="chart"/>', "그림입니다. 자동 생성된 설명")
        + paragraph("끝")
    )
    chart = "<a:p><a:r><a:t>Turnover</a:t></a:r></a:p><c:cat><c:v>May</c:v><c:v>June</c:v></c:cat>"
    file = docx(
        tmp_path / "a.docx",
        body,
        diagramData="<a:p><a:r><a:t>Director: Gudrun</a:t></a:r></a:p>",
        chart=chart,
    )
    words = [line for line in text_of(read(file)).split("\n") if line]
    assert words == ["a family of otters", "Director: Gudrun", "Turnover", "May, June", "끝"]


def test_how_the_words_of_a_large_table_look_takes_no_room(tmp_path: Path) -> None:
    look = "<w:rPr><w:rFonts/><w:sz/><w:szCs/><w:lang/><w:color/></w:rPr>"
    properties = "<w:tcPr><w:tcW/><w:vAlign/><w:tcBorders><w:top/><w:left/></w:tcBorders></w:tcPr>"
    cell = f"<w:tc>{properties}<w:p><w:r>{look}<w:t>x</w:t></w:r></w:p></w:tc>"
    table = f"<w:tbl>{f'<w:tr>{cell * 10}</w:tr>' * 4000}</w:tbl>"
    assert text_of(read(docx(tmp_path / "a.docx", table))).count("\n") >= 4000


def test_a_page_of_the_web_under_the_ending_of_word_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.doc"
    file.write_bytes(b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<p>The otter pays.</p>")
    assert "The otter pays." in text_of(read(file))


def test_the_xml_of_office_2003_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "a.xls"
    file.write_text('<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>')
    with pytest.raises(DocumentError, match=r"save it as \.docx or \.xlsx"):
        read(file)


def test_entities_and_endless_depth_end_in_the_reader(tmp_path: Path) -> None:
    lol = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    parts = {
        "_rels/.rels": relationships(officeDocument="d.xml"),
        "d.xml": f"{lol}<document><body><p><t>&b;</t></p></body></document>",
    }
    with pytest.raises(DocumentError, match="is damaged"):
        read(package(tmp_path / "entities.docx", parts))
    with pytest.raises(DocumentError, match="is damaged"):
        read(docx(tmp_path / "deep.docx", "<w:p>" + "<w:r>" * 5000 + "</w:r>" * 5000 + "</w:p>"))


def test_a_part_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="unpacks to far more"):
        read(docx(tmp_path / "bomb.docx", "<w:p>" + "<w:r/>" * 500_000 + "</w:p>"))


def test_open_document_text_keeps_spaces_nested_words_notes_and_heads(tmp_path: Path) -> None:
    body = (
        "<office:text><text:tracked-changes><text:deletion><text:p>지움</text:p></text:deletion></text:tracked-changes>"
        '<text:h text:outline-level="1">제<text:s text:c="2"/>목</text:h>'
        "<text:p>가<text:tab/>나<text:span>다<text:span>라</text:span></text:span>"
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>각주</text:p></text:note-body>"
        "</text:note><office:annotation><dc:creator>Kim</dc:creator><text:p>의견</text:p></office:annotation></text:p>"
        "<text:list><text:list-item><text:p>항목</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>a</text:p><text:p>b</text:p></table:table-cell>"
        "<table:table-cell><text:p>c</text:p></table:table-cell></table:table-row></table:table>"
        "<text:p><draw:frame><draw:text-box><text:p>상자</text:p></draw:text-box></draw:frame></text:p></office:text>"
    )
    styles = "<style:master-page><style:header><text:p>머리말</text:p></style:header></style:master-page>"
    found = read(open_document(tmp_path / "a.odt", body, styles))
    expected = ["제  목", "가\t나다라", "각주", "Kim: 의견", "항목", "a b | c", "상자"]
    assert found.places[0].text.strip().split("\n\n") == expected
    assert found.places[0].place.label == "제 목"
    assert found.places[-1].text.strip() == "머리말"


def test_an_encrypted_open_document_says_so(tmp_path: Path) -> None:
    manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    with pytest.raises(DocumentError, match="is protected by a password"):
        read(package(tmp_path / "a.odt", {"content.xml": b"\x00\x01", "META-INF/manifest.xml": manifest}))


def test_rich_text_in_korean_with_tables_notes_and_heads(tmp_path: Path) -> None:
    korean = "".join(f"\\'{byte:02x}" for byte in "계약 기간".encode("cp949"))
    file = tmp_path / "a.rtf"
    file.write_text(
        "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fcharset129 Batang;}{\\f1\\fcharset0 Arial;}}"
        "{\\*\\generator Nobody;}{\\info{\\title Paper}{\\author Kim}}{\\header Running\\par}"
        f"\\pard\\outlinelevel0 {korean}\\par\\pard \\f1 caf\\'e9\\tab b {{\\v hidden}}"
        "\\uc1\\u44032?\\u-10179?\\u-8694?"
        "{\\footnote Note}\\par\\trowd\\intbl a\\cell b\\cell\\row"
        "\\trowd\\intbl c\\cell d\\cell\\row\\pard end\\par}",
        "ascii",
    )
    found = read(file)
    assert found.title == "Paper"
    place = found.places[0]
    assert place.place.label == "계약 기간"
    assert place.text.strip().split("\n\n") == [
        "계약 기간",
        "café\tb 가\U0001f60a",
        "Note",
        "a | b\nc | d",
        "end",
    ]
    assert found.places[-1].text.strip() == "Running"


def test_rich_text_under_the_ending_of_word_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.doc"
    file.write_text("{\\rtf1 words\\par}")
    assert text_of(read(file)).strip() == "words"


def test_what_is_no_rich_text_says_so(tmp_path: Path) -> None:
    file = tmp_path / "a.rtf"
    file.write_text("words")
    with pytest.raises(DocumentError, match="is damaged"):
        read(file)
