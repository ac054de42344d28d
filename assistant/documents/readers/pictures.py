# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures of text: image files, and pages of a PDF that are scans."""

from collections.abc import Generator

import kreuzberg
import pypdfium2

from assistant.documents.protocol import PlaceText, Reading
from assistant.documents.readers import ocr
from assistant.documents.readers.pdf_file import opened, page_of
from assistant.documents.readers.source import Cancelled, Extracted, Source, damaged
from assistant.errors import NoTextError
from assistant.passages import Place, PlaceKind
from assistant.texts import text

PICTURES = {
    ".bmp": "image/bmp", ".gif": "image/gif", ".jpeg": "image/jpeg", ".jpg": "image/jpeg",
    ".png": "image/png", ".tif": "image/tiff", ".tiff": "image/tiff", ".webp": "image/webp",
}  # fmt: skip
_SCALE = 300 / 72  # pixels a point: what Tesseract was trained for
_PAGE_PIXELS = 12_000_000  # a page larger than A4 is drawn coarser: it must not take half a minute


def read_picture(source: Source, _cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read the words in an image file. Raises DocumentError (damaged), NoTextError, ScanError.

    Of a TIFF every picture is read, of an animated GIF the first.
    """
    if not ocr.ready():
        raise NoTextError(text("{name} is a picture.", name=source.name), ocr.how_to_add())
    source.check_wanted()
    yield Reading(0, 1, recognizing=True)
    try:
        words = ocr.recognized(source.content(), PICTURES[source.suffix])
    except kreuzberg.KreuzbergError:
        raise damaged(source.name) from None
    if not words:
        raise NoTextError(text("{name} is a picture.", name=source.name), ocr.how_to_add())
    yield Reading(1, 1)
    return Extracted("", (PlaceText(Place(PlaceKind.SECTION, 0), words, recognized=True),), 0)


def words_in_page(source: Source, page: int) -> str:
    """Return the words in the picture of a PDF's page (from 1); "" where it cannot be drawn or read."""
    with opened(source) as document:
        try:
            drawn = _drawn(page_of(document, page - 1))
        except pypdfium2.PdfiumError:
            return ""
    try:
        return ocr.recognized(drawn, "image/x-portable-graymap") if drawn else ""
    except kreuzberg.KreuzbergError:
        return ""


def _drawn(page: pypdfium2.PdfPage) -> bytes:
    """Return the page in shades of grey as PGM (Netpbm); nothing where it is of one colour."""
    width, height = page.get_size()
    scale = min(_SCALE, (_PAGE_PIXELS / max(width * height, 1)) ** 0.5)
    rows = page.render(scale=scale, grayscale=True, may_draw_forms=False).to_numpy()
    if rows.min() == rows.max():
        return b""
    high, wide = rows.shape[:2]
    pixels: bytes = rows.reshape(high, wide).tobytes()
    return b"P5 %d %d 255\n" % (wide, high) + pixels
