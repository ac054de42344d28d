# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Hostile and broken files end in the parser, with a reason; the next file is read as ever."""

import os
import random
import signal
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.documents.parser import PATIENCE_S, RESIDENT_LIMIT, Parser, parser_spec
from assistant.documents.protocol import ParserSettings
from assistant.errors import DocumentError, WorkerCrashedError, WorkerTimeoutError
from tests.fault_table import trials
from tests.parsers import read
from tests.pdf_files import numbered, pdf

DATA = Path(__file__).parents[1] / "data"
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
    """Return the text of the document, or the sentence that tells why there is none."""
    began = time.monotonic()
    try:
        found = "\n".join(place.text for place in read(parser, path).places)
    except DocumentError as error:
        found = str(error)
    assert time.monotonic() - began < PATIENCE_S + 15
    assert len(read(parser, DATA / "lease.pdf").places) == 7
    return found


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
        (more_than_a_gigabyte, "is larger than 1024 MB"),
        (many_pages, "Page 4999 of many"),
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
@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX signals here")
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
@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX signals here")
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
