# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Hostile and broken files end in the parser, with a reason; the next file is read as ever."""

import contextlib
import os
import random
import signal
import struct
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from assistant.documents.parser import PATIENCE_S, RESIDENT_LIMIT, Parser, parser_spec
from assistant.documents.protocol import ParserSettings
from assistant.errors import DocumentError, WorkerCrashedError, WorkerTimeoutError
from tests.fault_table import trials
from tests.hwp_files import compound_file, hwpx, p, wide
from tests.parsers import read
from tests.pdf_files import numbered, pdf

DATA = Path(__file__).parents[1] / "data"
LOOK_EVERY_S = 0.005
SECRET = "the words of another file"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10)
)  # ten to the power of nine "ha"


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    started = Parser(parser_spec(ParserSettings()))
    yield started
    started.close()


def outcome(parser: Parser, path: Path) -> str:
    """Return the text of the document, or the sentence that tells why there is none.

    Fails where the parser held more than it may, took too long, or does not read the next file.
    """
    began = time.monotonic()
    with measured(parser) as peak:
        try:
            found = "\n".join(place.text for place in read(parser, path).places)
        except DocumentError as error:
            found = str(error)
    assert time.monotonic() - began < PATIENCE_S + 15
    assert max(peak) <= RESIDENT_LIMIT
    assert len(read(parser, DATA / "lease.pdf").places) == 7
    return found


@contextlib.contextmanager
def measured(parser: Parser) -> Iterator[list[int]]:
    """Note the most bytes that the parser's process held, every few milliseconds."""
    peak, over = [0], threading.Event()

    def look() -> None:
        while not over.wait(LOOK_EVERY_S):
            with contextlib.suppress(psutil.Error):
                if parser.pid is not None:
                    peak.append(psutil.Process(parser.pid).memory_info().rss)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield peak
    finally:
        over.set()
        looking.join()


def docx(path: Path, document: bytes, more: dict[str, bytes] | None = None) -> None:
    with (
        zipfile.ZipFile(DATA / "handbook.docx") as sample,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in sample.namelist():
            made.writestr(name, document if name == "word/document.xml" else sample.read(name))
        for name, content in (more or {}).items():
            made.writestr(name, content)


def word(body: str, doctype: str = "") -> bytes:
    document = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return f'<?xml version="1.0"?>{doctype}{document}'.encode()


def paragraph(words: str) -> str:
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


def zip_bomb(folder: Path) -> Path:
    docx(folder / "bomb.docx", word(paragraph("a" * (200 << 20))))
    return folder / "bomb.docx"


def many_cells(folder: Path) -> Path:
    """Return a sheet of a few hundred kilobytes that unfolds to hundreds of megabytes."""
    row = b"<row>" + b'<c t="inlineStr"><is><t>words words words</t></is></c>' * 200 + b"</row>"
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    with zipfile.ZipFile(DATA / "stock.xlsx") as sample:
        parts = {name: sample.read(name) for name in sample.namelist()}
    parts["xl/worksheets/sheet1.xml"] = sheet + row * 3_000 + b"</sheetData></worksheet>"
    with zipfile.ZipFile(folder / "cells.xlsx", "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return folder / "cells.xlsx"


def billion_laughs(folder: Path) -> Path:
    docx(folder / "laughs.docx", word(paragraph("&l9;"), f"<!DOCTYPE w:document [{LAUGHS}]>"))
    return folder / "laughs.docx"


def outer_entity(folder: Path) -> Path:
    (folder / "secret.txt").write_text(SECRET)
    entity = f'<!DOCTYPE w:document [<!ENTITY x SYSTEM "{(folder / "secret.txt").as_uri()}">]>'
    docx(folder / "outer.docx", word(paragraph("before &x; after"), entity))
    return folder / "outer.docx"


def path_traversal(folder: Path) -> Path:
    (folder / "secret.txt").write_text(SECRET)
    up = "../" * 12 + str(folder / "secret.txt").lstrip("/")
    with zipfile.ZipFile(DATA / "story.epub") as sample, zipfile.ZipFile(folder / "up.epub", "w") as made:
        for name in sample.namelist():
            made.writestr(name, sample.read(name).replace(b"c1.xhtml", up.encode()))
        made.writestr("../../out.txt", b"written outside")
    return folder / "up.epub"


def page_of_another_file(folder: Path) -> Path:
    (folder / "secret.txt").write_text(SECRET)
    address = (folder / "secret.txt").as_uri()
    (folder / "frame.html").write_text(
        f'<html><body><iframe src="{address}"></iframe><img src="{address}">'
        f'<object data="{address}"></object><p>own words</p></body></html>'
    )
    return folder / "frame.html"


def written(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return path


def with_part(sample: str, path: Path, part: str, content: bytes) -> Path:
    """Return a copy of a sample with one of its parts exchanged."""
    with zipfile.ZipFile(DATA / sample) as original:
        return written(path, {name: original.read(name) for name in original.namelist()} | {part: content})


def hostile_xml(folder: Path, root: bytes, body: bytes) -> tuple[bytes, bytes]:
    """Return XML of a root element that unfolds without end, and XML that wants another file."""
    (folder / "secret.txt").write_text(SECRET)
    name = root.split()[0]
    outer = f'<!ENTITY x SYSTEM "{(folder / "secret.txt").as_uri()}">'.encode()
    return tuple(
        b'<?xml version="1.0"?><!DOCTYPE %s [%s]><%s>%s</%s>' % (name, inside, root, body % call, name)
        for inside, call in ((LAUGHS.encode(), b"&l9;"), (outer, b"before &x; after"))
    )  # type: ignore[return-value]


SHEET = b'worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
CELL = b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>%s</t></is></c></row></sheetData>'
OFFICE = b"urn:oasis:names:tc:opendocument:xmlns:"
ODT = b'office:document-content xmlns:office="%soffice:1.0" xmlns:text="%stext:1.0"' % (OFFICE, OFFICE)
ODT_BODY = b"<office:body><office:text><text:p>%s</text:p></office:text></office:body>"


def entities_in_a_sheet(folder: Path) -> list[Path]:
    return [
        with_part("stock.xlsx", folder / f"{n}.xlsx", "xl/worksheets/sheet1.xml", xml)
        for n, xml in enumerate(hostile_xml(folder, SHEET, CELL))
    ]


def entities_in_an_odt(folder: Path) -> list[Path]:
    return [
        with_part("minutes.odt", folder / f"{n}.odt", "content.xml", xml)
        for n, xml in enumerate(hostile_xml(folder, ODT, ODT_BODY))
    ]


def entities_in_a_drawing(folder: Path) -> list[Path]:
    paths = []
    for n, xml in enumerate(
        hostile_xml(folder, b'svg xmlns="http://www.w3.org/2000/svg"', b"<text>%s</text>")
    ):
        for suffix in ("svg", "xml"):
            paths.append(folder / f"{n}.{suffix}")
            paths[-1].write_bytes(xml)
    return paths


def entities_in_hwpx(folder: Path) -> list[Path]:
    sample = hwpx(folder / "sample.hwpx", p("own words"))
    with zipfile.ZipFile(sample) as original:
        parts = {name: original.read(name) for name in original.namelist()}
    (section,) = (name for name in parts if name.endswith("section0.xml"))
    xml = parts[section].decode()
    start = xml.index("<", xml.index("?>") + 2) if xml.startswith("<?xml") else 0
    (folder / "secret.txt").write_text(SECRET)
    outer = f'<!ENTITY x SYSTEM "{(folder / "secret.txt").as_uri()}">'
    paths = []
    for n, (inside, call) in enumerate(((LAUGHS, "&l9;"), (outer, "before &x; after"))):
        hostile = xml[:start] + f"<!DOCTYPE x [{inside}]>" + xml[start:].replace("own words", call)
        paths.append(written(folder / f"{n}.hwpx", parts | {section: hostile.encode()}))
    return paths


def bombs_of_other_kinds(folder: Path) -> list[Path]:
    """Return a sheet, an HWPX and an ODT of a few hundred kilobytes that unfold to 200 megabytes."""
    much = b"a" * (200 << 20)
    sheet = b"<" + SHEET + b">" + CELL % much + b"</worksheet>"
    odt = b"<" + ODT + b">" + ODT_BODY % much + b"</office:document-content>"
    with zipfile.ZipFile(hwpx(folder / "sample.hwpx", p("own words"))) as original:
        parts = {name: original.read(name) for name in original.namelist()}
    (section,) = (name for name in parts if name.endswith("section0.xml"))
    parts[section] = parts[section].replace(b"own words", much)
    return [
        with_part("stock.xlsx", folder / "bomb.xlsx", "xl/worksheets/sheet1.xml", sheet),
        with_part("minutes.odt", folder / "bomb.odt", "content.xml", odt),
        written(folder / "bomb.hwpx", parts),
    ]


def names_that_lead_out(folder: Path) -> list[Path]:
    """Return archives whose parts are named as if they lay elsewhere."""
    with zipfile.ZipFile(DATA / "handbook.docx") as original:
        parts = {name: original.read(name) for name in original.namelist()}
    outside = {"../../out.txt": b"x", str(folder / "out.txt"): b"x", "word/../../out.txt": b"x"}
    return [written(folder / "names.docx", parts | outside), written(folder / "names.zip", outside)]


def pixel_bombs(folder: Path) -> list[Path]:
    """Return pictures of a few hundred kilobytes that unfold to 900 and 400 million pixels."""
    paths = []
    for side, depth in ((30_000, 8), (20_000, 1)):
        packer = zlib.compressobj(9)
        row = bytes(1 + side * depth // 8)
        body = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
        header = struct.pack(">IIBBBBB", side, side, depth, 0, 0, 0, 0)
        parts = ((b"IHDR", header), (b"IDAT", body), (b"IEND", b""))
        paths.append(folder / f"{side}.png")
        paths[-1].write_bytes(
            b"\x89PNG\r\n\x1a\n"
            + b"".join(
                struct.pack(">I", len(part)) + kind + part + struct.pack(">I", zlib.crc32(kind + part))
                for kind, part in parts
            )
        )
    return paths


def nested_archives(folder: Path) -> Path:
    inner = b"x" * (10 << 20)
    for level in range(6):
        path = folder / f"level{level}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
            for copy in range(4):
                made.writestr(f"{copy}.zip" if level else f"{copy}.txt", inner)
        inner = path.read_bytes()
    docx(folder / "nested.docx", word(paragraph("own words")), {"word/embeddings/deep.zip": inner})
    return folder / "nested.docx"


def deep_pdf(folder: Path) -> Path:
    depth = 100_000
    drawing = "[" * depth + "]" * depth + " TJ"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        f"<</Length {len(drawing)}>>\nstream\n{drawing}\nendstream",
        "<<" + "/A <<" * depth + ">>" * depth + ">>",
    ]
    (folder / "deep.pdf").write_bytes(numbered(objects))
    return folder / "deep.pdf"


def ring_of_pages(folder: Path) -> Path:
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 9>>",
               "<</Type/Pages/Parent 2 0 R/Kids[2 0 R 3 0 R]/Count 9>>"]  # fmt: skip
    (folder / "ring.pdf").write_bytes(numbered(objects))
    return folder / "ring.pdf"


def huge_image(folder: Path) -> Path:
    packed = zlib.compress(bytes(64 << 20), 9).decode("latin-1")
    image = "<</Type/XObject/Subtype/Image/Width 60000/Height 60000/ColorSpace/DeviceRGB/BitsPerComponent 8"
    drawing = "q 500 0 0 700 20 20 cm /I Do Q"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>",
        f"<</Length {len(drawing)}>>\nstream\n{drawing}\nendstream",
        f"{image}/Filter/FlateDecode/Length {len(packed)}>>\nstream\n{packed}\nendstream",
    ]
    (folder / "image.pdf").write_bytes(numbered(objects))
    return folder / "image.pdf"


def deep_page(folder: Path) -> Path:
    depth = 50_000
    (folder / "deep.html").write_text("<div>" * depth + "own words" + "</div>" * depth)
    return folder / "deep.html"


def deep_notebook(folder: Path) -> Path:
    (folder / "deep.ipynb").write_text('{"cells": ' + "[" * 100_000 + "]" * 100_000 + "}")
    return folder / "deep.ipynb"


@pytest.mark.fault("F19")
@pytest.mark.parametrize(
    "make",
    [zip_bomb, many_cells, billion_laughs, outer_entity, path_traversal, page_of_another_file,
     nested_archives, deep_pdf, ring_of_pages, huge_image, deep_page, deep_notebook],
)  # fmt: skip
def test_a_hostile_file_ends_in_the_parser(
    parser: Parser, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    words = outcome(parser, make(tmp_path))
    assert SECRET not in words
    assert "haha" not in words
    assert not any((tmp_path / up).exists() for up in ("out.txt", "../out.txt", "../../out.txt"))


@pytest.mark.fault("F19")
@pytest.mark.parametrize(
    "make",
    [entities_in_a_sheet, entities_in_an_odt, entities_in_a_drawing, entities_in_hwpx,
     bombs_of_other_kinds, names_that_lead_out, pixel_bombs],
)  # fmt: skip
def test_so_do_its_kin_in_other_formats(
    parser: Parser, tmp_path: Path, make: Callable[[Path], list[Path]]
) -> None:
    for path in make(tmp_path):
        words = outcome(parser, path)
        assert SECRET not in words
        assert "haha" not in words
    assert not any((tmp_path / up).exists() for up in ("out.txt", "../out.txt", "../../out.txt"))


@pytest.mark.fault("F19")
def test_the_same_files_without_entities_are_read(parser: Parser, tmp_path: Path) -> None:
    sheet = b"<" + SHEET + b">" + CELL % b"own words" + b"</worksheet>"
    odt = b"<" + ODT + b">" + ODT_BODY % b"own words" + b"</office:document-content>"
    for path in (
        with_part("stock.xlsx", tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml", sheet),
        with_part("minutes.odt", tmp_path / "a.odt", "content.xml", odt),
        hwpx(tmp_path / "a.hwpx", p("own words")),
    ):
        assert "own words" in outcome(parser, path)


@pytest.mark.fault("F19")
def test_a_reader_without_memory_for_a_picture_says_so(tmp_path: Path) -> None:
    logged = Parser(parser_spec(ParserSettings(), tmp_path / "parser.log"))
    try:
        words = outcome(logged, pixel_bombs(tmp_path)[1])
    finally:
        logged.close()
    if "is a picture" in words:
        pytest.skip("no language data of Tesseract: install tesseract-ocr-kor and tesseract-ocr-eng")
    assert "20000.png needs too much memory to be read" in words


def one_huge_line(folder: Path) -> Path:
    (folder / "line.txt").write_text("word " * (trials(4, 6) << 20) + "x" * (1 << 20))
    return folder / "line.txt"


def a_gigabyte(folder: Path) -> Path:
    with (folder / "sparse.txt").open("wb") as sparse:
        sparse.truncate(1 << 30)
    return folder / "sparse.txt"


def more_than_a_gigabyte(folder: Path) -> Path:
    with (folder / "sparse.pdf").open("wb") as sparse:
        sparse.truncate((1 << 30) + 1)
    return folder / "sparse.pdf"


def many_pages(folder: Path) -> Path:
    (folder / "pages.pdf").write_bytes(pdf(*(f"Page {n} of many" for n in range(trials(5_000, 100_000)))))
    return folder / "pages.pdf"


def a_line_of_a_gigabyte(folder: Path) -> Path:
    block = b"x" * (1 << 20)
    with (folder / "line.csv").open("wb") as made:
        for _ in range(trials(40, 1024)):
            made.write(block)
    return folder / "line.csv"


def nothing(folder: Path) -> Path:
    (folder / "empty.hwp").touch()
    return folder / "empty.hwp"


def cp949(folder: Path) -> Path:
    (folder / "cp949.txt").write_bytes("안내문: 승강기 정기 점검".encode("cp949"))
    return folder / "cp949.txt"


def encrypted(folder: Path) -> Path:
    """Return the container that Office puts an encrypted document into ([MS-OFFCRYPTO] 2.3.4.4)."""
    package = {"EncryptionInfo": bytes(64), "EncryptedPackage": wide("no matter what") * 200}
    (folder / "locked.docx").write_bytes(compound_file(package))
    return folder / "locked.docx"


def utf16(folder: Path) -> Path:
    (folder / "utf16.txt").write_bytes("안내문: own words".encode("utf-16"))
    return folder / "utf16.txt"


def binary_as_text(folder: Path) -> Path:
    (folder / "binary.txt").write_bytes(random.Random(1).randbytes(1 << 20))
    return folder / "binary.txt"


def a_million_lines(folder: Path) -> Path:
    (folder / "lines.csv").write_text("\n".join(f"{n},word" for n in range(trials(200_000, 1_000_000))))
    return folder / "lines.csv"


@pytest.mark.fault("F18")
@pytest.mark.parametrize(
    ("make", "told"),
    [
        (one_huge_line, "word word"),
        (a_gigabyte, "is larger than 32 MB"),
        (more_than_a_gigabyte, "is larger than 1,024 MB"),
        (many_pages, "Page 4999 of many"),
        (a_line_of_a_gigabyte, "is larger than 32 MB"),
        (nothing, "is empty"),
        (cp949, "안내문: 승강기 정기 점검"),
        (encrypted, "is protected by a password"),
        (utf16, "안내문: own words"),
        (binary_as_text, "does not look like text"),
        (a_million_lines, "199999,word"),
    ],
)
def test_an_unusual_file_is_read_or_told(
    parser: Parser, tmp_path: Path, make: Callable[[Path], Path], told: str
) -> None:
    assert told in outcome(parser, make(tmp_path))


@pytest.mark.fault("F18")
@pytest.mark.parametrize(
    "name", ["lease.pdf", "contract_ko.pdf", "handbook.docx", "stock.xlsx", "plumber.eml"]
)
def test_a_damaged_file_is_read_or_told(
    parser: Parser, tmp_path: Path, name: str, record_property: Callable[[str, object], None]
) -> None:
    sample, chance = (DATA / name).read_bytes(), random.Random(name)
    count = trials(12, 200)
    record_property("trials", count)
    for number in range(count):
        content = bytearray(sample[: chance.randrange(1, len(sample))] if number % 3 == 0 else sample)
        for _ in range(chance.randrange(1, 40)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        file = tmp_path / f"{number}-{name}"
        file.write_bytes(content)
        outcome(parser, file)


@pytest.fixture
def long_pdf(tmp_path: Path) -> Path:
    file = tmp_path / "long.pdf"
    file.write_bytes(pdf(*(f"Page {n}" for n in range(20_000))))
    return file


@pytest.mark.fault("F3")
@pytest.mark.skipif(os.name != "posix", reason="runs on Linux and macOS: signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_crash_costs_the_file_and_says_so(parser: Parser, long_pdf: Path, number: signal.Signals) -> None:
    steps = parser.read(long_pdf)
    next(steps)
    assert parser.pid is not None
    os.kill(parser.pid, number)
    with pytest.raises(
        DocumentError, match=r"long\.pdf could not be read safely.* It was left out"
    ) as caught:
        list(steps)
    assert not isinstance(caught.value.__cause__, WorkerCrashedError)
    assert len(read(parser, DATA / "lease.pdf").places) == 7


@pytest.mark.fault("F3")
@pytest.mark.skipif(os.name != "posix", reason="runs on Linux and macOS: signals of POSIX")
@pytest.mark.untraced("stops a process")
def test_a_hang_costs_the_file_and_says_so(long_pdf: Path) -> None:
    hasty = Parser(parser_spec(ParserSettings()), patience=1.0)
    assert len(read(hasty, DATA / "note.rtf").places) == 1
    steps = hasty.read(long_pdf)
    next(steps)
    assert hasty.pid is not None
    os.kill(hasty.pid, signal.SIGSTOP)
    with pytest.raises(DocumentError, match=r"long\.pdf could not be read: it took too long") as caught:
        list(steps)
    assert not isinstance(caught.value.__cause__, WorkerTimeoutError)
    assert len(read(hasty, DATA / "note.rtf").places) == 1
    hasty.close()


def test_the_parser_is_given_little_memory() -> None:
    assert parser_spec(ParserSettings()).resident_limit == RESIDENT_LIMIT == 512 << 20
