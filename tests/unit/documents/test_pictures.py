# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Words in pictures: read where the languages' data are, told as a picture where not, never fetched."""

import difflib
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import kreuzberg
import numpy as np
import psutil
import pypdfium2
import pytest

from assistant.documents.parser import Parser, parser_spec
from assistant.documents.protocol import ParserSettings, Reading
from assistant.documents.readers import ocr
from assistant.documents.readers.formats import extract
from assistant.documents.readers.source import Extracted, Source, open_source
from assistant.errors import DocumentError, NoTextError, ScanError
from tests.parsers import read
from tests.pdf_files import numbered, pdf

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests" / "data"
HOW = r"To have pictures read"


@pytest.fixture(scope="module")
def reading() -> Iterator[Parser]:
    """Return a parser that can read pictures; skip where it has no data."""
    if not any(ocr._has_languages(Path(folder)) for folder in ocr._FOLDERS):
        pytest.skip("no language data of Tesseract: install tesseract-ocr-kor and tesseract-ocr-eng")
    started = Parser(parser_spec(ParserSettings()))
    yield started
    started.close()


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process find no language data."""
    monkeypatch.setattr(ocr, "_FOLDERS", ())
    monkeypatch.delenv("TESSDATA_PREFIX", raising=False)
    monkeypatch.delenv(ocr.OWN_FOLDER, raising=False)
    assert ocr.prepare() is None


def drawn(document: Path, page: int, scale: float = 300 / 72) -> tuple[int, int, bytes, str]:
    """Return a page as a scanner sees it (width, height, grey pixels), and its words."""
    opened = pypdfium2.PdfDocument(document)
    try:
        rows = opened[page - 1].render(scale=scale, grayscale=True).to_numpy()
        words = opened[page - 1].get_textpage().get_text_range()
        return rows.shape[1], rows.shape[0], rows.tobytes(), words
    finally:
        opened.close()


def scan(*pages: tuple[int, int, bytes, str] | str) -> bytes:
    """Return a PDF of pictures, and of words where a page is a text."""
    bodies = ["<</Type/Catalog/Pages 2 0 R>>", ""]
    kids = []
    for page in pages:
        first = len(bodies) + 1
        kids.append(f"{first} 0 R")
        box = f"/Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {first + 1} 0 R"
        if isinstance(page, str):
            drawing = f"BT /F 12 Tf 72 720 Td ({page}) Tj ET"
            font = "<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
            bodies.append(f"<<{box}/Resources<</Font{font}>>>>")
            bodies.append(f"<</Length {len(drawing)}>>\nstream\n{drawing}\nendstream")
            continue
        width, height, grey, _words = page
        drawing = "q 595 0 0 842 0 0 cm /I Do Q"
        bodies.append(f"<<{box}/Resources<</XObject<</I {first + 2} 0 R>>>>>>")
        bodies.append(f"<</Length {len(drawing)}>>\nstream\n{drawing}\nendstream")
        kind = f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray"
        bodies.append(
            f"<<{kind}/BitsPerComponent 8/Length {len(grey)}>>\nstream\n{grey.decode('latin-1')}\nendstream"
        )
    bodies[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>"
    return numbered(bodies)


def bmp(width: int, height: int, grey: bytes) -> bytes:
    """Return a Windows bitmap of 256 shades: rows from the bottom, each a multiple of four bytes."""
    table = b"".join(bytes((shade, shade, shade, 0)) for shade in range(256))
    rows = np.frombuffer(grey, np.uint8).reshape(height, width)[::-1]
    pixels = np.pad(rows, ((0, 0), (0, -width % 4))).tobytes()
    start = 14 + 40 + len(table)

    def number(value: int, size: int = 4) -> bytes:
        return value.to_bytes(size, "little")

    info = number(40) + number(width) + number(height) + number(1, 2) + number(8, 2) + number(0) * 6
    return b"BM" + number(start + len(pixels)) + number(0) + number(start) + info + table + pixels


def likeness(found: str, wanted: str) -> float:
    """Return how alike two texts are, spaces aside, from 0 to 1."""
    one, other = "".join(found.split()), "".join(wanted.split())
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


@pytest.mark.parametrize(("name", "page", "least"), [("contract_ko.pdf", 1, 0.93), ("lease.pdf", 2, 0.97)])
def test_a_picture_of_a_page_is_read(
    reading: Parser, tmp_path: Path, name: str, page: int, least: float
) -> None:
    width, height, grey, words = drawn(DATA / name, page)
    file = tmp_path / "scan.bmp"
    file.write_bytes(bmp(width, height, grey))
    (place,) = read(reading, file).places
    assert place.recognized
    assert likeness(place.text, words) > least


def test_only_the_pages_without_words_of_their_own_are_recognized(reading: Parser, tmp_path: Path) -> None:
    korean, english = drawn(DATA / "contract_ko.pdf", 2), drawn(DATA / "lease.pdf", 2)
    file = tmp_path / "partly.pdf"
    file.write_bytes(scan("Typed words of the first page", korean, english))
    steps = reading.read(file)
    told: list[Reading] = []
    while True:
        try:
            told.append(next(steps))
        except StopIteration as end:
            document = end.value
            break
    assert [place.recognized for place in document.places] == [False, True, True]
    assert document.places[0].text.strip() == "Typed words of the first page"
    assert likeness(document.places[1].text, korean[3]) > 0.9
    assert likeness(document.places[2].text, english[3]) > 0.95
    assert {step.done for step in told} >= {1, 2}, "progress is told page by page"
    assert reading.pid is not None
    assert psutil.Process(reading.pid).memory_info().rss < 512 << 20


def test_a_scan_of_many_pages_is_read_by_one_process(tmp_path: Path, reading: Parser) -> None:
    width, height, grey, _words = drawn(DATA / "lease.pdf", 2)
    written = height // 10  # a few lines: the picture is as large, and there is less to read
    page = (width, height, grey[: width * written] + b"\xff" * (width * (height - written)), "")
    file = tmp_path / "long.pdf"
    file.write_bytes(scan(*[page] * 5))
    assert reading.confinement()
    process = reading.pid
    document = read(reading, file)
    assert all(place.recognized and place.text for place in document.places)
    assert reading.pid == process, "the memory of a page was not there for the next one"


def test_a_page_that_takes_longer_than_readers_may_be_silent_is_read_all_the_same(
    reading: Parser, tmp_path: Path
) -> None:
    file = tmp_path / "dense.pdf"
    page = drawn(DATA / "contract_ko.pdf", 1)
    file.write_bytes(scan(page, page))
    patience = 0.5  # seconds: in place of half a minute
    impatient = Parser(parser_spec(ParserSettings()), patience=patience)
    try:
        begun = time.monotonic()
        places = read(impatient, file).places
        assert time.monotonic() - begun > 2 * patience, "this page does not show it"
    finally:
        impatient.close()
    assert all(place.recognized and place.text for place in places)


def test_a_picture_without_words_says_so(reading: Parser, tmp_path: Path) -> None:
    shades = np.random.default_rng(1).integers(0, 255, (30, 40), dtype=np.uint8)
    file = tmp_path / "noise.bmp"
    file.write_bytes(bmp(800, 600, np.kron(shades, np.ones((20, 20), np.uint8)).tobytes()))
    with pytest.raises(NoTextError, match=r"noise\.bmp is a picture\. No words were recognized"):
        read(reading, file)
    file = tmp_path / "blank.pdf"
    file.write_bytes(scan((595, 842, b"\xff" * (595 * 842), "")))
    with pytest.raises(NoTextError, match=r"blank\.pdf holds no text.* No words were recognized"):
        read(reading, file)


def test_a_damaged_picture_says_so(reading: Parser, tmp_path: Path) -> None:
    file = tmp_path / "cut.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    with pytest.raises(DocumentError, match=r"cut\.png is damaged"):
        read(reading, file)


@pytest.mark.usefixtures("blind")
@pytest.mark.parametrize("name", ["photo.jpg", "scan.tiff", "drawing.webp"])
def test_without_the_data_a_picture_says_what_it_is_and_what_to_do(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(b"no matter what")
    with open_source(file) as source, pytest.raises(NoTextError, match=f"is a picture. {HOW}"):
        list(extract(source, lambda: False))


@pytest.mark.usefixtures("blind")
def test_without_the_data_a_scanned_pdf_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(scan(drawn(DATA / "lease.pdf", 1, 0.5)))
    with open_source(file) as source, pytest.raises(NoTextError, match=HOW):
        list(extract(source, lambda: False))


@pytest.mark.usefixtures("blind")
def test_without_the_data_it_is_told_how_many_pages_of_a_pdf_were_not_read(tmp_path: Path) -> None:
    page, file = drawn(DATA / "lease.pdf", 1, 0.5), tmp_path / "partly.pdf"
    file.write_bytes(scan("Typed words of the first page", page, page))
    found: list[Extracted] = []

    def read_through(source: Source) -> Iterator[Reading]:
        found.append((yield from extract(source, lambda: False)))

    with open_source(file) as source:
        list(read_through(source))
    assert [bool(place.text) for place in found[0].places] == [True, False, False]
    assert re.match(
        f"2 of its 3 pages are pictures and were not read. {HOW}", " ".join(map(str, found[0].notes))
    )


def test_what_would_have_to_be_recognized_is_read_later(reading: Parser, tmp_path: Path) -> None:
    page = drawn(DATA / "lease.pdf", 1, 0.5)
    files = {
        "partly.pdf": scan("Typed words of the first page", page),
        "scan.bmp": bmp(page[0], page[1], page[2]),
    }
    message = EmailMessage()
    message.set_content("See the scan.")
    message.add_attachment(files["partly.pdf"], maintype="application", subtype="pdf", filename="partly.pdf")
    for name, content in {**files, "message.eml": bytes(message)}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ScanError):
            list(reading.read(tmp_path / name, postpone=True))
    steps = reading.read(DATA / "lease.pdf", postpone=True)
    assert list(steps), "words of its own are read at once"


@pytest.mark.usefixtures("blind")
def test_where_debians_packages_are_not_the_folder_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ocr.OWN_FOLDER, "/home/me/maru/tessdata")
    monkeypatch.setattr(Path, "exists", lambda _path: False)
    assert "kor.traineddata and eng.traineddata into /home/me/maru/tessdata" in str(ocr.how_to_add())


@pytest.mark.usefixtures("blind")
def test_data_for_one_language_alone_are_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "eng.traineddata").touch()
    monkeypatch.setenv(ocr.OWN_FOLDER, str(tmp_path))
    assert ocr.prepare() is None
    assert not ocr.ready()


@pytest.mark.usefixtures("blind")
def test_the_users_own_folder_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for language in ocr.LANGUAGES:
        (tmp_path / f"{language}.traineddata").touch()
    monkeypatch.setenv(ocr.OWN_FOLDER, str(tmp_path))
    monkeypatch.setattr(kreuzberg, "list_ocr_backends", lambda: ["tesseract"])
    monkeypatch.setenv("KREUZBERG_CACHE_DIR", "")
    assert ocr.prepare() == tmp_path
    assert ocr.ready()


RECOGNIZE = """
import sys
from pathlib import Path
from assistant.documents.parser import Parser, parser_spec
from assistant.documents.protocol import ParserSettings
from assistant.errors import DocumentError

if __name__ == "__main__":
    parser = Parser(parser_spec(ParserSettings()))
    try:
        for _ in parser.read(Path(sys.argv[1])):
            pass
    except DocumentError as error:
        print(error)
    parser.close()
"""


@pytest.mark.untraced("runs strace itself")
@pytest.mark.skipif(shutil.which("strace") is None, reason="runs where strace is installed and may watch")
def test_no_socket_is_so_much_as_tried(tmp_path: Path) -> None:
    script, log, file = tmp_path / "read.py", tmp_path / "strace.log", tmp_path / "scan.pdf"
    script.write_text(RECOGNIZE)
    file.write_bytes(scan(drawn(DATA / "lease.pdf", 1, 150 / 72)))
    watch = ["strace", "-f", "-qq", "-o", log, "-e", "trace=socket,connect,openat"]
    subprocess.run(
        [*watch, sys.executable, "-B", script, file],
        check=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin"},
        timeout=120,
    )
    calls = log.read_text(errors="replace")
    assert str(file) in calls
    assert " socket(" not in calls
    assert "connect(" not in calls
    assert not (tmp_path / "home").exists()


def test_a_pdf_of_words_is_read_without_recognizing(reading: Parser, tmp_path: Path) -> None:
    file = tmp_path / "words.pdf"
    file.write_bytes(pdf("Typed words", ""))
    assert [place.recognized for place in read(reading, file).places] == [False, False]
