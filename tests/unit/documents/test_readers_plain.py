# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Text of every encoding, tables, subtitles, LaTeX, notebooks, source code, web pages and books."""

import json
import unicodedata
from pathlib import Path

import pytest

from assistant.documents.readers.encodings import decode
from assistant.documents.readers.formats import title_of
from assistant.documents.readers.source import open_source
from assistant.errors import DocumentError, NoTextError
from assistant.passages import PlaceKind
from tests.reader_files import package, read, search_text_of, text_of

KOREAN = (
    "계약서",
    "안녕하세요",
    "홍길동",
    "이름,나이,주소",
    "주차 요금은 천 원",
    "똠방각하 펲시",
    "견적서 2024",
    "㈜한빛소프트 대표 김민수",
    "갑은 을에게 매월 말일까지 대금을 지급한다.",
)
JAPANESE = (
    "お知らせ",
    "ありがとう",
    "明日の会議は午前十時から始まります。",
    "契約期間は二年間とする。",
    "コンピュータのプログラムを書く",
    "請求書番号 12345 支払期限 2024年3月31日",
    "ご注文の商品は三日以内に発送いたします。",
)
CHINESE = (
    "你好",
    "使用说明书",
    "合同期限为两年。",
    "北京市朝阳区",
    "姓名,年龄,住址",
    "会议将于明天上午十点开始。",
    "甲方应在每月五日前支付租金",
    "公司名称：上海贸易有限公司",
)
WESTERN = ("Größe", "naïve café", "Café à la crème, señor")


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        *(("cp949", words) for words in KOREAN),
        *(("cp932", words) for words in JAPANESE),
        *(("gb18030", words) for words in CHINESE),
        *(("cp1252", words) for words in WESTERN),
        *(("euc_jp", words) for words in JAPANESE if "請" not in words),
        *(("iso2022_jp", words) for words in JAPANESE),
        *(("iso2022_kr", words) for words in KOREAN if "펲" not in words and "㈜" not in words),
        *(("utf-16-le", f"{words} and some words") for words in (KOREAN[0], JAPANESE[0], CHINESE[0])),
        *(("utf-16-be", f"{words} and some words") for words in (KOREAN[0], JAPANESE[0], CHINESE[0])),
    ],
)
def test_encodings_without_a_mark_are_told_apart(encoding: str, words: str) -> None:
    assert decode(words.encode(encoding)) == words


def test_a_text_with_a_broken_byte_is_still_read() -> None:
    broken = ("계약 기간은 이 년으로 한다. " * 20).encode("cp949") + b"\xff"
    assert decode(broken) == "계약 기간은 이 년으로 한다. " * 20 + "\ufffd"
    assert decode("깨진 글자 하나. ".encode() * 20 + b"\xea\xb0") == "깨진 글자 하나. " * 20 + "\ufffd"


def test_a_text_with_single_zero_bytes_is_read_with_spaces_for_them() -> None:
    line = "기록 한 줄이 여기에 있다 quokka\n"
    for encoding in ("utf-8", "cp949"):
        content = line.encode(encoding) * 5
        assert decode(content[:-1] + b"\0" * 4000) == (line * 5)[:-1] + " "
        assert decode(content + b"\0" + content) == line * 5 + " " + line * 5


@pytest.mark.parametrize(
    "content",
    [
        b"some words" * 9 + bytes(range(32)) * 3,  # other control characters, too
        b"a\0b\0c\0d" * 20,
        "no mark, and a byte too many".encode("utf-16-le") + b"x",
        "한 글자가 모자란 글이다. ".encode("utf-16-le") * 9 + b"x",
        b"\0" * 4000,
    ],
)
def test_what_holds_many_zero_bytes_is_no_text(content: bytes) -> None:
    assert not (decode(content) or "").strip()


def test_a_korean_text_in_the_old_encoding_is_read_with_either_form_of_its_name(tmp_path: Path) -> None:
    for form in ("NFC", "NFD"):
        file = tmp_path / unicodedata.normalize(form, f"공지 {form}.txt")
        file.write_bytes("승강기 정기 점검을 합니다.".encode("cp949"))
        found = read(file)
        assert text_of(found) == "승강기 정기 점검을 합니다."
        with open_source(file) as source:
            assert title_of(found, source) == f"공지 {form}"


def test_a_table_is_cut_into_blocks_that_together_are_the_file(tmp_path: Path) -> None:
    rows = [f'{number},"a ""b""\nc",{number}' for number in range(120)]
    words = "번호;비고\n".replace(";", ",") + "\n".join(rows) + "\n"
    file = tmp_path / "목록.csv"
    file.write_text(words, "utf-8")
    found = read(file)
    assert "".join(place.text for place in found.places) == words
    assert [place.place.label for place in found.places] == ["목록!A1:B50", "목록!A51:B100", "목록!A101:B121"]
    assert [place.columns for place in found.places] == ["", "번호,비고", "번호,비고"]


@pytest.mark.parametrize(
    "name", ["a.py", "a.ts", "a.sql", "a.yaml", "a.json", "a.xml", "a.css", "A.JAVA", "Makefile"]
)
def test_source_code_is_text(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text("가나 = 1\n", "utf-8")
    assert text_of(read(file)) == "가나 = 1\n"


def test_letters_that_a_format_writes_as_escapes_are_read_as_letters(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"이름": "홍길동", "표": "\U0001f600 é"}), "ascii")
    assert text_of(read(file)) == '{"이름": "홍길동", "표": "\U0001f600 é"}'
    lines = tmp_path / "a.ndjson"
    lines.write_text('{"a": "\\uC11C\\uc6b8"}\n{"a": "\\u1112\\u1161\\u11ab"}\n', "ascii")
    assert text_of(read(lines)) == '{"a": "서울"}\n{"a": "한"}\n'
    java = tmp_path / "a.properties"
    java.write_text("title=\\uacc4\\uc57d\n", "ascii")
    assert text_of(read(java)) == "title=계약\n"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.json", r'"C:\\ud64d and \u0022, \u001b, \n, \u00"'),  # an escaped backslash, signs of JSON
        ("a.json", r'"\ud83d \ude00\ud83d \uffff"'),  # halves of pairs, and no letter
        ("a.py", r'"\ud64d"'),
        ("a.txt", r"\ud64d"),
    ],
)
def test_what_is_no_escaped_letter_stays_as_it_stands(tmp_path: Path, name: str, words: str) -> None:
    file = tmp_path / name
    file.write_text(words, "ascii")
    assert text_of(read(file)) == words


SRT = """1
00:00:01,000 --> 00:00:02,500
안녕, <i>친구</i>.

2
00:00:03,000 --> 00:00:04,000
가자.
"""
VTT = """WEBVTT

NOTE by me
more

intro
00:01.000 --> 00:02.000 align:start
Hello.

00:03.000 --> 00:04.000
<v Kim>Go.
"""
SAMI = """<SAMI><HEAD><STYLE>P {}</STYLE></HEAD><BODY><!-- <SYNC Start=1>no -->
<SYNC Start=1000><P Class=KRCC>안녕<br>친구&nbsp;들
 &amp; <i>나</i>
<sync end="x" start='3661999'><P Class=KRCC>가자<P Class=ENCC>Let&#39;s go
<SYNC Start=3663000><P Class=KRCC>&nbsp
</BODY></SAMI>"""
SUBSTATION = """[Script Info]
Title: x

[Events]
Format: Layer, Text
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\i1}안녕{\\i0}, 친구\\N가자
"""


@pytest.mark.parametrize(
    ("name", "words", "sought"),
    [
        ("a.srt", SRT, "안녕, 친구. 가자."),
        ("a.vtt", VTT, "Hello. Go."),
        ("a.ass", SUBSTATION, "안녕, 친구 가자"),
    ],
)
def test_subtitles_are_quoted_whole_and_searched_without_times(
    tmp_path: Path, name: str, words: str, sought: str
) -> None:
    file = tmp_path / name
    file.write_bytes(words.encode("cp949"))
    found = read(file)
    assert text_of(found) == words
    assert " ".join(search_text_of(found).split()) == sought


def test_sami_is_what_is_said_at_each_time_and_searched_without_times(tmp_path: Path) -> None:
    file = tmp_path / "a.smi"
    file.write_bytes(SAMI.encode("cp949"))
    found = read(file)
    assert text_of(found) == "00:00:01\n안녕\n친구 들 & 나\n\n01:01:01\n가자\nLet's go\n\n"
    assert search_text_of(found).split() == ["안녕", "친구", "들", "&", "나", "가자", "Let's", "go"]
    file.write_text("<SAMI><BODY>때 없이<SYNC><P>한 말 1 < 2</SAMI>", "utf-8")
    assert text_of(read(file)) == "때 없이\n한 말 1 < 2\n\n"


def test_subtitles_that_say_nothing_have_no_text(tmp_path: Path) -> None:
    file = tmp_path / "a.srt"
    file.write_text("1\n00:00:01,000 --> 00:00:02,500\n\n")
    with pytest.raises(NoTextError, match="holds no text"):
        read(file)
    sami = tmp_path / "a.smi"
    sami.write_text("<SAMI><SYNC Start=1000><P>&nbsp;</SAMI>")
    with pytest.raises(NoTextError, match="holds no text"):
        read(sami)


def test_latex_is_a_place_a_heading_and_searched_without_comments(tmp_path: Path) -> None:
    words = (
        "\\documentclass{article} % a comment\n\\title[s]{The \\emph{long} day}\n"
        "\\section{하나}\n50\\% of it % no\n"
        "\\subsection*{둘 {\\bf x}}\n% \\section{no heading}\nwords\\\\% gone\n"
    )
    file = tmp_path / "a.tex"
    file.write_text(words, "utf-8")
    found = read(file)
    assert found.title == "The long day"
    assert "".join(place.text for place in found.places) == words
    assert [place.place.label for place in found.places] == ["", "하나", "하나 > 둘 x"]
    sought = search_text_of(found)
    assert "50\\% of it" in sought
    assert not any(comment in sought for comment in ("a comment", "no\n", "no heading", "gone"))


def test_a_notebook_is_its_cells_and_what_they_printed(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# 제목\n", "설명"]},
        {
            "cell_type": "code",
            "source": "1 + 1",
            "outputs": [
                {"output_type": "execute_result", "data": {"text/plain": ["2"], "image/png": "iVBO"}},
                {"output_type": "stream", "text": "printed\n"},
                {"output_type": "error", "ename": "ValueError", "evalue": "bad", "traceback": ["x"]},
            ],
        },
        {"cell_type": "markdown", "source": "## 다음\n끝"},
    ]
    file = tmp_path / "a.ipynb"
    file.write_text(json.dumps({"nbformat": 4, "cells": cells}), "utf-8")
    found = read(file)
    assert found.title == "제목"
    assert [place.place.label for place in found.places] == ["제목", "제목 > 다음"]
    assert found.places[0].text.split("\n\n")[1:] == ["1 + 1", "2", "printed", "ValueError: bad", ""]
    for broken in ("{", '{"cells": 3}', "[" * 100_000):
        file.write_text(broken)
        with pytest.raises(DocumentError, match="is damaged"):
            read(file)


def test_a_web_page_gives_all_that_it_shows(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text(
        "<title>표제</title><style>x</style><nav>메뉴 <a href=/>홈</a></nav><main>"
        "<h1>첫 <b>절</b></h1><p>문단 하나"
        "<p>둘<br>셋 &amp; 넷<ul><li>항목</ul><blockquote>인용</blockquote>"
        "<dl><dt>말<dd>뜻</dl><pre>코드  x\n  y</pre>"
        "<table><tr><th>가<th>나<tr><td>1<td><table><tr><td>2</table></table><svg><text>no</text></svg>"
        "<script>no()</script><iframe srcdoc='<p>틀</p>'></iframe>"
        "<details><summary>요약</summary>상세</details>그냥",
        "utf-8",
    )
    found = read(file)
    assert found.title == "표제"
    assert found.places[1].place.label == "첫 절"
    blocks = found.places[1].text.strip().split("\n\n")
    assert blocks == [
        "첫 절", "문단 하나", "둘\n셋 & 넷", "항목", "인용", "말", "뜻", "코드  x\n  y",
        "가 | 나\n1 | 2", "틀", "요약", "상세", "그냥",
    ]  # fmt: skip
    assert "메뉴 홈" in found.places[0].text
    assert "메뉴" not in search_text_of(found)


def test_declarations_within_a_document_type_are_no_words(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text('<!DOCTYPE html [<!ENTITY x "no words">]>\n<p>The otter pays [today]>.</p>')
    assert text_of(read(file)).strip() == "The otter pays [today]>."


def test_a_page_of_frames_alone_gives_what_it_says_without_them(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text("<frameset><frame src=b.html><noframes>Use frames</noframes></frameset>")
    assert text_of(read(file)).strip() == "Use frames"


def test_a_book_is_read_in_the_order_of_its_spine(tmp_path: Path) -> None:
    parts = {
        "META-INF/container.xml": "<container><rootfiles>"
        '<rootfile full-path="O/b.opf"/></rootfiles></container>',
        "O/b.opf": "<package><metadata><title>책</title></metadata><manifest>"
        '<item id="1" href="one.xhtml"/><item id="2" href="t%20wo.xhtml"/><item id="3" href="unused.xhtml"/>'
        '</manifest><spine><itemref idref="2"/><itemref idref="1"/></spine></package>',
        "O/one.xhtml": "<html><body><h1>뒤</h1><p>나중</p></body></html>",
        "O/t wo.xhtml": "<html><body><h1>앞</h1><p>먼저</p></body></html>",
        "O/unused.xhtml": "<p>no</p>",
    }
    found = read(package(tmp_path / "a.epub", parts))
    assert found.title == "책"
    assert [place.place.label for place in found.places] == ["앞", "뒤"]
    encryption = (
        '<encryption><EncryptedData><EncryptionMethod Algorithm="x#aes128-cbc"/></EncryptedData></encryption>'
    )
    with pytest.raises(DocumentError, match="is protected by a password"):
        read(package(tmp_path / "b.epub", parts | {"META-INF/encryption.xml": encryption}))
    with pytest.raises(DocumentError, match="is damaged"):
        read(package(tmp_path / "c.epub", {"x": "y"}))


@pytest.mark.parametrize("name", ["a.zip", "a.7z", "a.tar", "a.gz"])
def test_an_archive_is_to_be_unpacked_first(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(b"PK\x03\x04")
    with pytest.raises(DocumentError, match=r"is an archive\. Unpack it first"):
        read(file)


def test_places_are_counted_and_plain_text_is_one(tmp_path: Path) -> None:
    file = tmp_path / "a.log"
    file.write_text("one\n\ntwo\n")
    (place,) = read(file).places
    assert (place.place.kind, place.place.ordinal, place.place.label) == (PlaceKind.SECTION, 0, "")


def test_what_never_ends_is_read_in_one_go(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text('"' + "a" * 200_000 + "\nb,c\n")
    assert sum(len(place.text) for place in read(table).places) == 200_006
    page = tmp_path / "a.html"
    page.write_text("<p>words" + "<!--" * 200_000 + "more<!-- kept --> words")
    assert text_of(read(page)).split() == ["words", "words"]
    spoken = tmp_path / "a.smi"
    spoken.write_text("<SYNC Start=1>words" + "<!--" * 200_000)
    assert search_text_of(read(spoken)).strip() == "words"
