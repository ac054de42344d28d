# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""HWP 5 and HWPX: what is read, in which order, on which page, and what a broken file costs."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.documents.protocol import Reading
from assistant.documents.readers.formats import extract, title_of
from assistant.documents.readers.hwp5_distribution import decrypted, key_of
from assistant.documents.readers.hwp5_styles import Styles
from assistant.documents.readers.hwp5_text import SectionText
from assistant.documents.readers.hwp_flow import Budget
from assistant.documents.readers.hwp_numbers import Head, Numbering, number
from assistant.documents.readers.source import Extracted, open_source
from assistant.errors import DocumentError, NoTextError
from assistant.passages import PlaceKind
from tests.hwp_files import (
    PAGE_HEIGHT,
    compound_file,
    control,
    control_letters,
    deflated,
    hwp5,
    hwpx,
    listed,
    p,
    page,
    paragraph,
    record,
    table,
    wide,
)

FILE_HEADER = b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", 0x05010001, 0) + bytes(216)
OBJECT = control_letters(11, "tbl ")
BOX, NOTE = 16, 17  # control characters of headers and footers, of notes


def read(path: Path) -> Extracted:
    steps = extract(open_source(path), lambda: False)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: Extracted = end.value
            return found


def words(found: Extracted) -> str:
    return "\f".join(place.text for place in found.places)


@pytest.fixture
def written(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes, name: str = "문서.hwp") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize("flags", [0, 1], ids=["plain", "deflated"])
def test_paragraphs_come_in_order_with_their_control_characters_read(
    written: Callable[[bytes], Path], flags: int
) -> None:
    line = wide("하나") + struct.pack("<H", 9) + bytes(12) + struct.pack("<H", 9) + wide("둘\n셋\x1e넷")
    found = read(written(hwp5(paragraph(line) + paragraph(wide("")) + paragraph(wide("끝")), flags=flags)))
    assert words(found) == "하나\t둘\n셋\u00a0넷\n\n끝"
    assert found.places[0].place.kind is PlaceKind.SECTION
    assert found.pages == 0


def test_text_is_composed_and_never_half_a_pair(written: Callable[[bytes], Path]) -> None:
    found = read(written(hwp5(paragraph(wide("\u1112\u1161\u11ab 😀") + b"\x00\xd8" + wide("a\x00b")))))
    assert words(found) == "한 😀\ufffdab"


def test_the_old_letter_in_the_name_of_hangul_can_be_read_and_searched(
    written: Callable[[bytes], Path],
) -> None:
    assert words(read(written(hwp5(paragraph(wide("\uf53a글 2024")))))) == "한글 2024"


def test_a_table_is_lines_for_people_and_markdown_for_the_search(written: Callable[[bytes], Path]) -> None:
    rows = [["이름", "금액"], ["임대료", "850,000"], ["", "1 | 2"]]
    found = read(written(hwp5(paragraph(wide("표:") + OBJECT, table(rows)) + paragraph(wide("뒤")))))
    (place,) = found.places
    assert place.text == "표:\n\n이름 | 금액\n임대료 | 850,000\n1 | 2\n\n뒤"
    (instead,) = place.instead
    assert place.text[instead.start : instead.end] == "이름 | 금액\n임대료 | 850,000\n1 | 2"
    assert instead.search_text == ("| 이름 | 금액 |\n| --- | --- |\n| 임대료 | 850,000 |\n|  | 1 \\| 2 |")


def test_what_hangs_on_a_paragraph_is_read_at_its_place(written: Callable[[bytes], Path]) -> None:
    below = (
        control("head", bytes(8), listed("머리말"))
        + control("foot", bytes(8), listed("꼬리말"))
        + control("fn  ", bytes(8), listed("각주 글"))
        + control("en  ", bytes(8), listed("미주 글"))
        + control("gso ", bytes(40), record(76, 2, bytes(8)) + listed("글상자", 3))
        + control("tcmt", b"", listed("숨은 설명"))
        + control("eqed", bytes(20), record(88, 2, bytes(4) + struct.pack("<H", 5) + wide("a + b")))
        + control("atno", struct.pack("<IH", 3, 7) + bytes(6))
    )
    letters = (
        control_letters(BOX, "head")
        + control_letters(BOX, "foot")
        + control_letters(NOTE, "fn  ")
        + control_letters(NOTE, "en  ")
        + control_letters(11, "gso ")
        + control_letters(15, "tcmt")
        + wide("식")
        + control_letters(11, "eqed")
        + wide("그림 ")
        + control_letters(18, "atno")
    )
    found = read(written(hwp5(paragraph(letters, below) + paragraph(wide("다음")))))
    assert words(found) == "머리말\n\n식 a + b 그림 7\n\n글상자\n\n다음\n\n각주 글\n\n미주 글\n\n꼬리말"


def test_pages_turn_where_lines_begin_again_at_the_top(written: Callable[[bytes], Path]) -> None:
    body = (
        paragraph(control_letters(2, "secd") + wide("가나다라"), page(), tops=(0,))
        + paragraph(wide("첫째 둘째"), tops=(58_000, 59_000, 0, 1_000))
        + paragraph(wide("새 쪽"), tops=(2_000,), breaks=4)
        + paragraph(wide("같은 쪽"), tops=(4_000,))
    )
    found = read(written(hwp5(body)))
    assert [place.text for place in found.places] == ["가나다라\n\n첫째", " 둘째", "새 쪽\n\n같은 쪽"]
    assert [place.place.page for place in found.places] == [1, 2, 3]
    assert found.pages == 3


def test_a_table_that_goes_on_over_a_page_has_its_rows_on_both(written: Callable[[bytes], Path]) -> None:
    rows = [[f"행 {number}", "값"] for number in range(20)]
    place = 1 << 21 | 2 << 3  # text above and below it; its place is counted from the paragraph
    flowing = table(rows, place, 10_000)
    anchor = paragraph(OBJECT, flowing, tops=(49_000,)).replace(
        struct.pack("<ii", 0, 40000), struct.pack("<ii", 0, 0), 1
    )
    body = paragraph(wide("앞"), page(), tops=(0,)) + anchor + paragraph(wide("뒤"), tops=(12_000,))
    first, second = read(written(hwp5(body))).places
    assert first.text.startswith("앞\n\n행 0 | 값")
    assert second.text.endswith("행 19 | 값\n\n뒤")
    assert "행 8 | 값" in first.text
    assert "| 행 0 | 값 |\n| --- | --- |\n" in second.instead[0].search_text  # the names of the columns again


def test_headings_come_from_the_outline_with_their_numbers(written: Callable[[bytes], Path]) -> None:
    heads = b"".join(
        struct.pack("<IHHIH", 8 << 5 if level else 0, 0, 0, 0, 3) + wide(f"^{level + 1}.")
        for level in range(7)
    )
    information = record(23, 0, heads + struct.pack("<H7I", 0, *([1] * 7)))
    for level in range(2):
        information += record(25, 0, struct.pack("<I", 1 << 23 | level << 25) + bytes(38))
    body = (
        paragraph(wide("총칙"), shape=0)
        + paragraph(wide("목적"), shape=1)
        + paragraph(wide("본문"), shape=9)
        + paragraph(wide("정의"), shape=1)
        + paragraph(wide("뜻"), shape=9)
    )
    one, two = read(written(hwp5(body, information=information))).places
    assert one.text == "1. 총칙\n\n가. 목적\n\n본문"
    assert one.place.label == "1. 총칙 > 가. 목적"
    assert [(each.start, each.level, each.title) for each in one.headings] == [
        (0, 1, "1. 총칙"),
        (7, 2, "가. 목적"),
    ]
    assert (two.text, two.place.label) == ("나. 정의\n\n뜻", "1. 총칙 > 나. 정의")


def test_a_file_for_distribution_is_read(written: Callable[[bytes], Path]) -> None:
    seed = struct.pack("<I", 12345) + bytes(range(252))
    packed = deflated(paragraph(wide("배포용 문서의 글")))
    packed = packed.ljust(-(-len(packed) // 16) * 16, b"\0")
    header = b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", 0x05010001, 1 | 4) + bytes(216)
    streams = {
        "FileHeader": header,
        "DocInfo": deflated(b""),
        "ViewText/Section0": record(28, 0, seed) + _encrypted(packed, key_of(seed)),
    }
    assert words(read(written(compound_file(streams)))) == "배포용 문서의 글"


def test_aes_is_that_of_fips_197() -> None:
    clear = bytes.fromhex("00112233445566778899aabbccddeeff")
    hidden = bytes.fromhex("69c4e0d86a7b0430d8cdb78070b4c55a")
    assert decrypted(hidden, bytes(range(16))) == clear


@pytest.mark.parametrize("flag", [1 << 1, 1 << 4, 1 << 8, 1 << 10])
def test_a_protected_file_is_told_as_such(written: Callable[[bytes], Path], flag: int) -> None:
    with pytest.raises(DocumentError, match="protected by a password"):
        read(written(hwp5(paragraph(wide("a")), flags=flag)))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.hwp", b"HWP Document File V3.00 \x1a\1\2\3\4\5" + bytes(100), "saved by Hangul 3.0"),
        ("a.hml", b'<?xml version="1.0"?><HWPML Version="2.8"><HEAD/></HWPML>', "XML form of Hangul Office"),
        ("a.hml", '\ufeff<?xml version="1.0"?><HWPML/>'.encode("utf-16-le"), "XML form of Hangul Office"),
        ("a.hwp", b"anything", "damaged"),
        ("a.hml", b"anything", "damaged"),
        ("a.hwpx", b"PK\3\4" + bytes(40), "damaged"),
        ("a.hwp", compound_file({"WordDocument": b"x" * 10}), "damaged"),
    ],
)
def test_what_is_no_hwp_5_is_recognized(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(DocumentError, match=said):
        read(file)


def test_a_file_without_words_is_told_as_such(written: Callable[[bytes], Path], tmp_path: Path) -> None:
    with pytest.raises(NoTextError):
        read(written(hwp5(paragraph(wide("")))))
    with pytest.raises(NoTextError):
        read(hwpx(tmp_path / "a.hwpx", p("")))


def test_a_template_and_a_wrong_ending_are_read_by_what_they_hold(
    tmp_path: Path, written: Callable[..., Path]
) -> None:
    assert words(read(written(hwp5(paragraph(wide("서식"))), "a.hwt"))) == "서식"
    assert words(read(hwpx(tmp_path / "b.hwp", p("엑스")))) == "엑스"


def test_a_file_cut_off_anywhere_is_refused_or_read(written: Callable[[bytes], Path], tmp_path: Path) -> None:
    whole = hwp5(
        paragraph(wide("글") + OBJECT, table([["a", "b"]]) + control("fn  ", bytes(8), listed("주")))
    )
    packed = hwpx(tmp_path / "a.hwpx", p("글") + p("<hp:tbl/>")).read_bytes()
    for content in (whole, packed):
        for end in range(1, len(content), max(len(content) // 60, 1)):
            _refused_or_read(written(content[:end]))


def test_records_broken_anywhere_are_refused_or_read(written: Callable[[bytes], Path]) -> None:
    body = paragraph(
        wide("글") + OBJECT,
        page() + table([["a", "b"]], 1 << 21, 99) + control("fn  ", bytes(8), listed("주")),
    )
    for position in range(0, len(body), 7):
        for value in (b"\xff\xff\xff\xff", b"\0\0\0\x80"):
            broken = body[:position] + value + body[position + 4 :]
            _refused_or_read(written(hwp5(broken, flags=0)))


def test_lists_in_lists_without_end_are_refused(written: Callable[[bytes], Path], tmp_path: Path) -> None:
    body = b""
    for level in range(200, -1, -2):
        body = paragraph(
            OBJECT, control("gso ", bytes(40), record(72, level + 2, bytes(16)) + body, level + 1), level
        )
    with pytest.raises(DocumentError, match="damaged"):
        read(written(hwp5(body)))
    deep = p("글")
    for _ in range(60):
        deep = p(f"<hp:rect><hp:drawText><hp:subList>{deep}</hp:subList></hp:drawText></hp:rect>")
    with pytest.raises(DocumentError, match="damaged"):
        read(hwpx(tmp_path / "a.hwpx", deep))
    with pytest.raises(DocumentError, match="damaged"):
        read(hwpx(tmp_path / "b.hwpx", p("<hp:t>" * 500 + "</hp:t>" * 500)))


def test_a_bomb_is_refused(written: Callable[[bytes], Path], tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="unpacks to far more"):
        read(written(hwp5(bytes(65 << 20))))
    with pytest.raises(DocumentError, match="unpacks to far more"):
        read(hwpx(tmp_path / "a.hwpx", " " * (65 << 20)))
    with pytest.raises(DocumentError, match="unpacks to far more"):
        read(hwpx(tmp_path / "b.hwpx", "<hp:p><hp:run>" + "<hp:t/>" * 700_000 + "</hp:run></hp:p>"))


def test_more_paragraphs_than_a_book_has_are_refused() -> None:
    section = SectionText(paragraph(wide("하나")) * 3, Styles(b""), Budget(2))
    with pytest.raises(OverflowError):
        list(section)


@pytest.mark.parametrize(
    "declared", ["<!DOCTYPE a [<!ENTITY b 'c'>]>", '<!DOCTYPE a SYSTEM "file:///etc/passwd">']
)
def test_a_document_type_is_refused(tmp_path: Path, declared: str) -> None:
    path = hwpx(tmp_path / "a.hwpx", "", others={"Contents/section1.xml": f"{declared}<sec><p/></sec>"})
    with pytest.raises(DocumentError, match="damaged"):
        read(path)


def test_hwpx_is_read_like_hwp(tmp_path: Path) -> None:
    header = (
        '<hh:numberings><hh:numbering id="1">'
        '<hh:paraHead start="1" level="1" numFormat="DIGIT">제^1조</hh:paraHead></hh:numbering>'
        '</hh:numberings><hh:bullets><hh:bullet id="1" char="\uf06c"/></hh:bullets>'
        '<hh:paraPr id="1"><hh:heading type="OUTLINE" idRef="0" level="0"/></hh:paraPr>'
        '<hh:paraPr id="2"><hh:heading type="BULLET" idRef="1" level="0"/></hh:paraPr>'
        '<hh:style id="5" name="개요 2" paraPrIDRef="0"/>'
    )

    def sub(said: str) -> str:
        return f"<hp:subList>{p(said)}</hp:subList>"

    cells = "".join(
        f'<hp:tc><hp:cellAddr colAddr="{column}" rowAddr="{row}"/>{sub(said)}</hp:tc>'
        for row, column, said in ((0, 0, "항목"), (0, 1, "값"), (1, 0, "가"), (1, 1, "나"))
    )
    body = (
        p('<hp:secPr outlineShapeIDRef="1"/>' + f"<hp:ctrl><hp:header>{sub('머리말')}</hp:header></hp:ctrl>")
        + p("목적", attributes='paraPrIDRef="1"')
        + p("둘째", attributes='styleIDRef="5"')
        + p("점", attributes='paraPrIDRef="2"')
        + p(f"<hp:ctrl><hp:footNote>{sub('각주')}</hp:footNote></hp:ctrl><hp:t>본문<hp:tab/>글</hp:t>")
        + p("<hp:t>남는<hp:deleteBegin/> 지운<hp:deleteEnd/> 말</hp:t>")
        + p(f"<hp:tbl><hp:tr>{cells}</hp:tr><hp:caption>{sub('표 1')}</hp:caption></hp:tbl>")
        + p(f"<hp:container><hp:rect><hp:drawText>{sub('상자')}</hp:drawText></hp:rect></hp:container>")
        + p(f"<hp:ctrl><hp:hiddenComment>{sub('숨은')}</hp:hiddenComment></hp:ctrl><hp:t/>")
        + p(f'<hp:ctrl><hp:fieldBegin type="MEMO">{sub("메모")}</hp:fieldBegin></hp:ctrl><hp:t>끝</hp:t>')
        + p(
            "<hp:switch><hp:case><hp:t>새</hp:t></hp:case><hp:default><hp:t>옛</hp:t></hp:default></hp:switch>"
        )
        + p("<hp:equation><hp:script>x over y</hp:script></hp:equation>")
    )
    title = {"Contents/content.hpf": "<package><metadata><title>규정</title></metadata></package>"}
    path = hwpx(tmp_path / "a.hwpx", body, header=header, others=title)
    found = read(path)
    assert title_of(found, open_source(path)) == "규정"
    (below,) = found.places
    assert below.place.label == "제1조 목적 > 둘째"
    assert below.text.split("\n\n") == [
        "머리말", "제1조 목적", "둘째", "• 점", "본문\t글", "남는 말", "항목 | 값\n가 | 나", "표 1", "상자",
        "끝", "옛", " x over y", "각주",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "order"),
    [
        ('<hp:pos treatAsChar="1"/>', ["앞", "ㄱ | ㄴ", "사이", "ㄷ | ㄹ", "뒤"]),
        ("", ["앞", "ㄱ | ㄴ", "사이", "ㄷ | ㄹ", "뒤"]),
        ('<hp:pos treatAsChar="0"/>', ["앞사이뒤", "ㄱ | ㄴ", "ㄷ | ㄹ"]),
    ],
    ids=["inline", "without a place", "floating"],
)
def test_text_of_hwpx_stands_before_and_behind_a_table_in_its_line(
    tmp_path: Path, place: str, order: list[str]
) -> None:
    def inner(*cells: str) -> str:
        made = "".join(
            f'<hp:tc><hp:cellAddr colAddr="{column}" rowAddr="0"/><hp:subList>{p(said)}</hp:subList></hp:tc>'
            for column, said in enumerate(cells)
        )
        return f"<hp:tbl>{place}<hp:tr>{made}</hp:tr></hp:tbl>"

    first, second = inner("ㄱ", "ㄴ"), inner("ㄷ", "ㄹ")
    body = f"<hp:t>앞</hp:t>{first}<hp:t>사이</hp:t>{second}<hp:t>뒤</hp:t>"
    assert words(read(hwpx(tmp_path / "a.hwpx", p(body)))).split("\n\n") == order
    begun = [part for part in order if part != "앞"]
    found = words(read(hwpx(tmp_path / "b.hwpx", p(body.replace("<hp:t>앞</hp:t>", "")))))
    assert found.split("\n\n") == [part.replace("앞", "") for part in begun]


def test_a_heading_behind_a_table_in_its_line_keeps_it_below_itself(written: Callable[[bytes], Path]) -> None:
    information = b"".join(record(25, 0, struct.pack("<I", kind) + bytes(38)) for kind in (0, 1 << 23))
    body = paragraph(OBJECT + wide("목적"), table([["ㄱ", "ㄴ"]], 1), shape=1)
    (place,) = read(written(hwp5(body, information=information))).places
    assert place.text == "목적\n\nㄱ | ㄴ"
    assert [(heading.start, heading.title) for heading in place.headings] == [(0, "목적")]


@pytest.mark.parametrize(("said", "title"), [("규정\x01집", "규정집"), ("1111", "문서"), ("", "문서")])
def test_the_title_is_that_of_the_summary(written: Callable[[bytes], Path], said: str, title: str) -> None:
    words = wide(said + "\0rest")
    summary = bytes(44) + struct.pack("<I", 48) + struct.pack("<IIIIII", 0, 2, 1, 24, 2, 24)
    summary += struct.pack("<II", 31, len(words) // 2) + words
    body = {"FileHeader": FILE_HEADER, "DocInfo": b"", "BodyText/Section0": paragraph(wide("글"))}
    path = written(compound_file(body | {"\x05HwpSummaryInformation": summary}))
    assert title_of(read(path), open_source(path)) == title


def test_pages_of_hwpx_come_from_its_lines(tmp_path: Path) -> None:
    margin = "".join(f' {side}="0"' for side in ("top", "bottom", "header", "footer"))
    size = f'width="50000" height="{PAGE_HEIGHT}"'
    settings = f"<hp:secPr><hp:pagePr {size}><hp:margin{margin}/></hp:pagePr></hp:secPr>"
    body = p(settings + "<hp:t>하나</hp:t>", top=0) + p("둘", top=59_500) + p("셋", top=0)
    found = read(hwpx(tmp_path / "a.hwpx", body + p("넷", top=1600, attributes='pageBreak="1"')))
    assert [place.text for place in found.places] == [
        "하나",
        "둘\n\n셋",
        "넷",
    ]  # the second is pushed off its page
    assert found.pages == 3


def test_columns_are_no_pages(tmp_path: Path) -> None:
    columns = '<hp:ctrl><hp:colPr colCount="2"/></hp:ctrl><hp:t>하나</hp:t>'
    body = p(columns, top=0) + p("둘", top=50_000) + p("셋", top=0) + p("넷", top=50_000) + p("다섯", top=0)
    found = read(hwpx(tmp_path / "a.hwpx", body))
    assert [place.text for place in found.places] == ["하나\n\n둘\n\n셋\n\n넷", "다섯"]


def test_an_encrypted_hwpx_is_told_as_such(tmp_path: Path) -> None:
    manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    path = hwpx(tmp_path / "a.hwpx", p("글"), others={"META-INF/manifest.xml": manifest})
    with pytest.raises(DocumentError, match="protected by a password"):
        read(path)


def test_a_sign_of_life_comes_early_and_stopping_is_heard(tmp_path: Path) -> None:
    path = hwpx(tmp_path / "a.hwpx", p("글") * 2000)
    steps = extract(open_source(path), lambda: True)
    assert next(steps) == Reading(0, 1)
    with pytest.raises(StopIteration) as end:
        next(steps)
    assert end.value.value.places[0].text == "글"


@pytest.mark.parametrize(
    ("form", "value", "said"),
    [
        ("DIGIT", 12, "12"), ("CIRCLED_DIGIT", 3, "③"), ("CIRCLED_DIGIT", 21, "21"),
        ("ROMAN_CAPITAL", 9, "IX"),
        ("ROMAN_SMALL", 4, "iv"), ("LATIN_CAPITAL", 2, "B"), ("LATIN_SMALL", 27, "aa"),
        ("HANGUL_SYLLABLE", 3, "다"),
        ("CIRCLED_HANGUL_SYLLABLE", 1, "㉮"), ("HANGUL_JAMO", 2, "ㄴ"), ("HANGUL_PHONETIC", 21, "이십일"),
        ("IDEOGRAPH", 10, "十"), ("DIGIT", 0, "0"), ("unknown", 5, "5"),
    ],
)  # fmt: skip
def test_numbers_have_the_form_that_the_document_names(form: str, value: int, said: str) -> None:
    assert number(value, form) == said


def test_a_numbering_counts_its_levels() -> None:
    numbering = Numbering([Head("^1."), Head("^1.^2)", start=3), Head("^n")])
    assert [numbering.next(level) for level in (1, 2, 2, 1, 2, 3, 9)] == [
        "1.",
        "1.3)",
        "1.4)",
        "2.",
        "2.3)",
        "2.3.1",
        "",
    ]


def _refused_or_read(path: Path) -> None:
    try:
        read(path)
    except DocumentError:
        return


def _encrypted(clear: bytes, key: bytes) -> bytes:
    """Return what AES-128 makes of whole blocks."""
    cryptography = pytest.importorskip("cryptography.hazmat.primitives.ciphers")
    cipher = cryptography.Cipher(cryptography.algorithms.AES(key), cryptography.modes.ECB())
    return bytes(cipher.encryptor().update(clear))
