# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Every real PDF gives its text, or the reason that is true of it."""

import re
from pathlib import Path

import pytest

from assistant.documents.parser_worker import estimate
from assistant.documents.protocol import RenderPage
from assistant.documents.readers.pdf import read_pdf
from assistant.documents.readers.pdf_pages import render_page
from assistant.documents.readers.source import Extracted, open_source
from assistant.documents.splitter import Splitter
from assistant.errors import DocumentError, NoTextError, PasswordError

FOLDERS = ("pdf-samples", "pdfplumber", "pikepdf", "markitdown")
PROTECTED = {
    "libreoffice-writer-password.pdf",
    "password-example.pdf",
    "graph-encrypted.pdf",
    "newline-buffer-test.pdf",
}
DAMAGED = {
    "unreadablemetadata.pdf": "its page tree has no pages",
    "378014596.pdf": "found by a fuzzer: its only page is none",
}
EMPTY = {
    "empty.pdf": "no bytes",
    "issue-297-example.pdf": "a page with nothing on it",
    "cyclic-toc.pdf": "a page with nothing on it",
    "form.pdf": "form fields only, all of them empty",
    "multiline_diffmap_font.pdf": "a page with nothing on it",
    "veraPDF test suite 6-2-3-3-t01-fail-c.pdf": "a coloured square, no image",
}
PICTURES = {
    "imagemagick-ASCII85Decode.pdf",
    "imagemagick-CCITTFaxDecode.pdf",
    "imagemagick-images.pdf",  # its only word stands beside pages of four points
    "imagemagick-lzw.pdf",
    "grayscale-image.pdf",
    "cmyk-image.pdf",
    "issue-203-decimalize.pdf",
    "1biticc.pdf",
    "aquamarine-cie.pdf",
    "ccitt-endofline-true.pdf",
    "cmyk-jpeg.pdf",
    "congress-gray.pdf",
    "congress.pdf",
    "ctm_cm.pdf",
    "graph.pdf",
    "image-mono-inline.pdf",
    "invalid_creationdate.pdf",
    "jbig2.pdf",
    "pal-1bit-rgb.pdf",
    "pal-1bit-trivial.pdf",
    "pal.pdf",
    "pike-flate-jp2.pdf",
    "pike-jp2.pdf",
    "pink-palette-icc.pdf",
    "rle.pdf",
    "MEDRPT-2024-PAT-3847_medical_report_scan.pdf",
}


def read(path: Path) -> Extracted:
    steps = read_pdf(open_source(path), lambda: False)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: Extracted = end.value
            return found


def outcome(path: Path) -> str:
    try:
        found = read(path)
    except PasswordError:
        return "protected"
    except NoTextError as error:
        return "pictures" if re.search("is a picture|pages are pictures", str(error)) else "empty"
    except DocumentError as error:
        return "damaged" if "is damaged" in str(error) else str(error)
    return "text" if any(place.text.strip() for place in found.places) else "nothing"


def expected(name: str) -> str:
    if name in PROTECTED:
        return "protected"
    if name in DAMAGED:
        return "damaged"
    if name in EMPTY:
        return "empty"
    return "pictures" if name in PICTURES else "text"


def test_every_real_pdf_gives_text_or_the_true_reason(shared_data: Path) -> None:
    paths = [
        path for folder in FOLDERS for path in sorted((shared_data / "documents" / folder).rglob("*.pdf"))
    ]
    assert len(paths) > 100
    told = {path.name: outcome(path) for path in paths}
    assert told == {path.name: expected(path.name) for path in paths}


@pytest.mark.parametrize(
    "name", ["issue-67-example.pdf", "issue-71-duplicate-chars-2.pdf", "pr-138-example.pdf"]
)
def test_what_stands_for_tables_is_in_order_and_in_the_chunks(shared_data: Path, name: str) -> None:
    found = read(shared_data / "documents/pdfplumber/tests/pdfs" / name)
    assert any(place.instead for place in found.places)
    for place in found.places:
        ends = [0, *(one.end for one in place.instead)]
        assert all(end <= one.start < one.end for end, one in zip(ends, place.instead, strict=False))
    for part in Splitter(estimate, 512).split(name, found.places):
        for chunk in part:
            assert estimate([chunk.search_text])[0] <= 512
            assert found.places[chunk.ordinal].text[chunk.start : chunk.end].strip()


def test_rectangles_on_a_turned_page_run_with_the_words(shared_data: Path) -> None:
    folder = shared_data / "documents/pdfplumber/tests/pdfs"
    for turned in ("", "-rotated"):
        path = folder / f"nics-background-checks-2015-11{turned}.pdf"
        words = read(path).places[0].text
        start = words.index("Connecticut")
        call = RenderPage(path, 1, 0.5, start, start + len("Connecticut"))
        picture = render_page(open_source(path), call)
        (box,) = picture.rectangles
        assert (box.bottom - box.top > box.right - box.left) == bool(turned)
        assert 0 < box.left < box.right < picture.width
        assert 0 < box.top < box.bottom < picture.height
