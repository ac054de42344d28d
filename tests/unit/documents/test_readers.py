# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What each family of formats gives, and the sentence for what cannot be read."""

import codecs
import os
import unicodedata
import zipfile
from pathlib import Path

import kreuzberg
import pytest

from assistant.documents.parser_worker import ParserWorker
from assistant.documents.protocol import ParserSettings, PlaceText, Read
from assistant.documents.readers.encodings import decode
from assistant.documents.readers.formats import extract, title_of
from assistant.documents.readers.source import Extracted, open_source
from assistant.errors import DocumentError, NoTextError
from assistant.passages import PlaceKind
from assistant.workers.confinement import Confinement
from tests.hwp_files import hwpx, p
from tests.pdf_files import pdf
from tests.reader_files import docx, paragraph

DATA = Path(__file__).parents[2] / "data"


def read(path: Path) -> Extracted:
    with open_source(path) as source:
        steps = extract(source, lambda: False)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                found: Extracted = end.value
                return found


def place_with(found: Extracted, words: str) -> PlaceText:
    (place,) = [place for place in found.places if words in place.text]
    return place


@pytest.mark.parametrize(
    ("name", "title", "kind", "pages", "words", "page", "label"),
    [
        ("lease.pdf", "Residential Lease Agreement", "page", 7, "USD 850, payable", 2, ""),
        ("contract_ko.pdf", "소프트웨어 개발 용역 계약서", "page", 3, "달빛지방법원", 3, ""),
        ("handbook.docx", "Handbook of the Tidewater Bakery", "section", 0, "twenty-six days", None,
         "Handbook of the Tidewater Bakery > Vacation"),
        ("plan.pptx", "plan", "slide", 2, "4,200 units", 2, ""),
        ("stock.xlsx", "stock", "sheet", 2, "Oak shelf | K-1047 | 64.5", 1, "Prices!A1:C5"),
        ("members.csv", "members", "sheet", 1, "한소담,가야금,2023", 1, "members!A1:C4"),
        ("ferry.html", "Ferry to Gull Island", "section", 0, "a day ticket USD 12", None,
         "Ferry to Gull Island > Fares"),
        ("story.epub", "The Lamp of Fairhaven", "section", 0, "storm of 1911", None, "The storm"),
        ("minutes.odt", "minutes", "section", 0, "그네 두 개", None, "주민 회의록 > 놀이터"),
        ("note.rtf", "Note on the piano", "section", 0, "The café keeps the key.", None, ""),
        ("plumber.eml", "Plumber in Apartment 4B / 배관 수리 안내", "message", 0, "Thursday at 8:15", None,
         "Plumber in Apartment 4B / 배관 수리 안내"),
        ("letter.md", "Letter about the summer course", "section", 0, "USD 640", None,
         "Letter about the summer course > Fee"),
        ("notice_ko.txt", "notice_ko", "section", 0, "승강기 정기 점검", None, ""),
    ],
)  # fmt: skip
def test_each_format_gives_its_text_in_places(
    name: str, title: str, kind: str, pages: int, words: str, page: int | None, label: str
) -> None:
    found = read(DATA / name)
    place = place_with(found, words).place
    assert title_of(found, open_source(DATA / name)) == title
    assert (place.kind, place.page, place.label) == (PlaceKind(kind), page, label)
    assert found.pages == pages
    assert [each.place.ordinal for each in found.places] == list(range(len(found.places)))


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("markitdown/**/test.docx", "AutoGen"),
        ("markitdown/**/test.pptx", "AutoGen"),
        ("markitdown/**/test.xls", "Alpha"),
        ("markitdown/**/test_outlook_msg.msg", "Test Email Message"),
        ("markitdown/**/test_notebook.ipynb", "markitdown"),
        ("markitdown/**/test_mskanji.csv", "佐藤太郎"),
        ("sheets/merge_cells.ods", "|"),
    ],
)
def test_documents_of_others_are_read(shared_data: Path, pattern: str, words: str) -> None:
    path = next((shared_data / "documents").glob(pattern))
    assert any(words in place.text for place in read(path).places)


def test_a_web_page_gives_words_without_addresses(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text(
        "<p>See <a href='https://example.org/a_(b)' title='T'>the <b>fare</b> [list]</a> and"
        " <a href='/x'><img src='file:///etc/passwd' alt='a map'></a> for 2*3 = 6_0.</p>"
    )
    words = read(file).places[0].text.split("\n\n")
    assert "See the fare [list] and a map for 2*3 = 6_0." in words
    assert not any("://" in each for each in words)


def test_slides_of_others_keep_their_numbers(shared_data: Path) -> None:
    found = read(next(shared_data.glob("documents/markitdown/**/test.pptx")))
    assert found.pages == 6
    assert place_with(found, "A Nested Shape parsing").place.page == 5


def test_text_is_composed_and_otherwise_as_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(unicodedata.normalize("NFD", "계약 기간\n\n  둘째  줄\n"), "utf-8")
    assert read(file).places[0].text == "계약 기간\n\n  둘째  줄\n"


def test_markdown_is_a_place_a_heading_and_together_the_whole_file(tmp_path: Path) -> None:
    words = "before\n# One\n## Two\ntext\n```\n# no heading\n```\n# Three #\nmore\n### Deep\n"
    file = tmp_path / "a.md"
    file.write_text(words, "utf-8")
    found = read(file)
    assert [place.place.label for place in found.places] == ["", "One > Two", "Three"]
    assert "".join(place.text for place in found.places) == words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("한글 text".encode(), "한글 text"),
        (codecs.BOM_UTF8 + "한글".encode(), "한글"),
        ("한글 text".encode("utf-16"), "한글 text"),
        (codecs.BOM_UTF16_BE + "한글".encode("utf-16-be"), "한글"),
        ("똠방각하 펲시".encode("cp949"), "똠방각하 펲시"),
        ("이 문서는 완성형입니다.".encode("euc-kr"), "이 문서는 완성형입니다."),
        ("日本の夏は暑いので、海へ行きます。とても楽しいです。".encode("shift-jis"),
         "日本の夏は暑いので、海へ行きます。とても楽しいです。"),
        (b"\x00\x01\x02\x03binary", None),
        (bytes(range(1, 256)) * 4, None),
        (codecs.BOM_UTF16_LE + b"\x00", None),
    ],
)  # fmt: skip
def test_encodings(content: bytes, words: str | None) -> None:
    assert decode(content) == words


def test_a_web_page_in_the_old_korean_encoding_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    head = '<head><meta charset="euc-kr"><title>안내</title></head>'
    page = f"<html>{head}<body><p>주차 요금은 천 원</p></body></html>"
    file.write_bytes(page.encode("cp949"))
    assert "주차 요금은 천 원" in read(file).places[0].text


@pytest.mark.parametrize(
    ("name", "content", "kind", "sentence"),
    [
        ("a.pdf", b"", NoTextError, "a.pdf is empty."),
        ("a.pdf", b"%PDF-1.7 nothing else", DocumentError, "a.pdf is damaged"),
        ("a.docx", b"PK\x03\x04 not a document", DocumentError, "a.docx is damaged"),
        ("a.txt", os.urandom(64) + bytes(64), DocumentError, "a.txt does not look like text."),
        ("a.txt", b" \n\n ", NoTextError, "a.txt holds no text."),
        ("a.html", b"<html><body></body></html>", NoTextError, "a.html holds no text."),
        ("a.hwp", b"anything", DocumentError, "a.hwp is damaged"),
        ("a.hwpx", b"anything", DocumentError, "a.hwpx is damaged"),
        ("a.mp4", b"\0\0\0\x18ftyp", DocumentError, "a.mp4 is of a kind that Maru cannot read."),
        ("a.unknown", bytes(100), DocumentError, "a.unknown is of a kind that Maru cannot read."),
        ("scan.pdf", pdf("", ""), NoTextError, "scan.pdf holds no text; it may be a scan"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why_and_what_to_do(
    tmp_path: Path, name: str, content: bytes, kind: type[DocumentError], sentence: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(kind) as caught:
        read(file)
    assert type(caught.value) is kind
    assert str(caught.value).startswith(sentence)
    assert str(caught.value.hint)


def test_an_encrypted_pdf_asks_for_its_password(shared_data: Path) -> None:
    path = next(shared_data.glob("documents/pdf-samples/**/libreoffice-writer-password.pdf"))
    with pytest.raises(DocumentError, match=r"is protected by a password\. Give its password"):
        read(path)


def test_an_encrypted_sheet_asks_for_a_copy_without_a_password(shared_data: Path) -> None:
    with pytest.raises(DocumentError, match="is protected by a password"):
        read(shared_data / "documents/sheets/password_2002_40_basecrypto.xls")


def test_a_pdf_under_another_name_is_read_as_a_pdf(tmp_path: Path) -> None:
    file = tmp_path / "scan.txt"
    file.write_bytes(pdf("Words on a page"))
    assert read(file).pages == 1


def test_a_hyphen_at_the_end_of_a_line_becomes_a_soft_one(shared_data: Path) -> None:
    path = next(shared_data.glob("documents/pdf-samples/026-latex-multicolumn/*.pdf"))
    texts = [place.text for place in read(path).places]
    assert any("\u00ad" in words for words in texts)
    assert not any("\ufffe" in words or "\0" in words for words in texts)


def test_a_folder_a_missing_file_and_a_pipe_say_so(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="is a folder"):
        open_source(tmp_path)
    with pytest.raises(DocumentError, match="is not there"):
        open_source(tmp_path / "gone.pdf")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.txt")
        with pytest.raises(DocumentError, match="is not a regular file"):
            open_source(tmp_path / "pipe.txt")


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="rights are POSIX rights here")
def test_no_right_to_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.txt"
    file.write_text("words")
    file.chmod(0)
    if os.geteuid() == 0:  # root reads everything: let the system's answer come from here

        def refuse(*_arguments: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(DocumentError, match=r"You have no right to read a\.txt"):
        read(file)


def test_a_file_that_is_too_large_says_the_limit(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    with file.open("wb") as sparse:
        sparse.truncate((32 << 20) + 1)
    with pytest.raises(DocumentError, match=r"a\.txt is larger than 32 MB\. Split it"):
        read(file)


class _Going:
    """A call that nobody cancels."""

    def __call__(self) -> bool:
        return False

    def alive(self, patience: float = 0.0) -> None:
        self.patience = patience


def test_a_file_that_changes_while_it_is_read_is_not_taken(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("words")
    call = Read(file, descriptor=os.open(file, os.O_RDONLY))
    steps = ParserWorker(ParserSettings(), Confinement()).handle(call, _Going())
    next(steps)
    file.write_text("other words")
    with pytest.raises(DocumentError, match="was changed while it was read"):
        list(steps)


@pytest.mark.skipif(os.name != "posix", reason="names are Unicode there")
def test_a_name_that_is_no_unicode_can_be_shown(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xb0\xa1.txt"))
    path.write_text("words")
    source = open_source(path)
    source.name.encode("utf-8")
    assert title_of(read(path), source)


@pytest.mark.parametrize("name", ["계약 📄 사본.txt", "x" * 200 + ".txt", "two\nlines.txt"])
def test_unusual_names_are_read(tmp_path: Path, name: str) -> None:
    for form in ("NFC", "NFD"):
        path = tmp_path / unicodedata.normalize(form, name)
        if len(os.fsencode(path.name)) < 255:
            path.write_text("words", "utf-8")
            assert read(path).places[0].text == "words"


def test_titles_that_programs_invent_give_way_to_the_file_name(tmp_path: Path) -> None:
    file = tmp_path / "계획.pdf"
    file.write_bytes(b"x")
    for invented in ("", "Untitled", "Microsoft Word - x.doc", "report.docx", "(unspecified)"):
        assert title_of(Extracted(invented, (), 0), open_source(file)) == "계획"


def test_no_error_of_a_library_leaves_the_readers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise kreuzberg.ParsingError("the words of the document")

    monkeypatch.setattr(kreuzberg, "extract_bytes_sync", fail)
    file = tmp_path / "a.doc"
    file.write_bytes(b"words")
    with pytest.raises(DocumentError) as caught:
        read(file)
    assert "words of the document" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_panic_in_a_library_is_a_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise type("PanicException", (BaseException,), {})("index out of bounds")

    monkeypatch.setattr(kreuzberg, "extract_bytes_sync", fail)
    file = tmp_path / "a.ppt"
    file.write_bytes(b"words")
    with pytest.raises(DocumentError, match="is damaged"):
        read(file)


@pytest.mark.parametrize("packed", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("name", ["a.docx", "a.hwpx"])
def test_a_packed_file_with_bytes_gone_bad_is_damaged(tmp_path: Path, name: str, packed: int) -> None:
    sound, bad = tmp_path / "sound", tmp_path / name
    hwpx(sound, p("글")) if name == "a.hwpx" else docx(sound, paragraph("Words"))
    with zipfile.ZipFile(sound) as old, zipfile.ZipFile(bad, "w", packed) as new:
        for one in old.namelist():
            new.writestr(one, old.read(one))
    content = bytearray(bad.read_bytes())
    with zipfile.ZipFile(bad) as archive:
        for one in archive.infolist():
            body = one.header_offset + 30 + len(one.filename.encode())
            begin, end = body + 9, body + one.compress_size  # behind the settings that LZMA has
            content[begin:end] = b"\xa5" * (end - begin)
    bad.write_bytes(content)
    with pytest.raises(DocumentError, match="is damaged"):
        read(bad)
