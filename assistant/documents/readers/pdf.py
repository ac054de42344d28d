# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""PDF through PDFium, page by page: text, and pictures of pages.

The text of a page is what PDFium returns, in NFC, with one change that keeps every offset: PDFium
marks a hyphen at the end of a line as U+FFFE, which is no character; here it is a soft hyphen.
PDFium is not thread-safe: only the parser's single thread calls it.
"""

import bisect
import contextlib
import struct
import time
import unicodedata
import zlib
from collections.abc import Generator, Iterable, Iterator

import pypdfium2
from pypdfium2 import raw

from assistant.documents.protocol import PagePicture, PlaceText, Reading, Rectangle, RenderPage
from assistant.documents.readers.source import PDF_LIMIT, Cancelled, Extracted, Source, damaged, protected
from assistant.errors import DocumentError, NoTextError
from assistant.passages import Place, PlaceKind
from assistant.texts import text

MAX_PIXELS = 40_000_000  # of a page picture: 120 MB before it is packed
_TOLD_EVERY_S = 0.05
_SAME_LINE = 0.3  # of the height of the lower box: a comma hangs half below its line
_HYPHEN_MARK = "\ufffe"
_SOFT_HYPHEN = "\u00ad"


def read_pdf(source: Source, cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Yield the pages done, now and then. Raises DocumentError (protected, damaged), NoTextError (a scan)."""
    source.check_size(PDF_LIMIT)
    with _opened(source) as document:
        total, due = len(document), 0.0
        places = []
        for index in range(total):
            if cancelled():
                break
            words = unicodedata.normalize("NFC", _page_text(document, index))
            places.append(PlaceText(Place(PlaceKind.PAGE, index, page=index + 1), words))
            if time.monotonic() >= due:
                due = time.monotonic() + _TOLD_EVERY_S
                yield Reading(index + 1, total)
        title = document.get_metadata_value("Title")
    if total == 0:
        raise damaged(source.name)
    if not cancelled() and not any(place.text.strip() for place in places):
        raise NoTextError(
            text("{name} holds no text; it may be a scan or only pictures.", name=source.name),
            text("Run text recognition (OCR) over it in another program and add the result."),
        )
    return Extracted(title, tuple(places), total)


def render_page(source: Source, call: RenderPage) -> PagePicture:
    """Draw a page as PNG, with the rectangles of the span [start, end) of its text.

    Raises DocumentError where there is no such page or it cannot be drawn.
    """
    with _opened(source) as document:
        if not 1 <= call.page <= len(document):
            raise DocumentError(
                text("{name} has no page {page}.", name=source.name, page=call.page),
                text("The file may have been changed since it was added."),
            )
        try:
            page = document[call.page - 1]
            width, height = page.get_size()
            scale = min(call.scale, (MAX_PIXELS / max(width * height, 1)) ** 0.5)
            bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False, prefer_bgrx=False)
            rectangles = _lines(_rectangles(page, call.start, call.end))
        except pypdfium2.PdfiumError:
            raise damaged(source.name) from None
        return PagePicture(_png(bitmap), width, height, rectangles)


@contextlib.contextmanager
def _opened(source: Source) -> Iterator[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(source.file(), password=source.password or None)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise protected(source) from None
        raise damaged(source.name) from None
    except OSError:
        raise damaged(source.name) from None
    try:
        yield document
    finally:
        document.close()


def _page_text(document: pypdfium2.PdfDocument, index: int) -> str:
    """Return the page's text; "" where this page alone is broken: the others still count."""
    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        return ""
    try:
        textpage = page.get_textpage()
        words: str = textpage.get_text_range(errors="replace")
        textpage.close()
    except pypdfium2.PdfiumError:
        return ""
    finally:
        page.close()
    return words.replace(_HYPHEN_MARK, _SOFT_HYPHEN).replace("\0", " ")


def _lines(boxes: Iterable[Rectangle]) -> tuple[Rectangle, ...]:
    """Join neighbours that stand on one line: PDFium gives a box for each run of equal glyphs."""
    lines: list[Rectangle] = []
    for box in boxes:
        last = lines[-1] if lines else None
        if last and _shared_height(last, box) > _SAME_LINE * min(
            last.bottom - last.top, box.bottom - box.top
        ):
            lines[-1] = Rectangle(
                min(last.left, box.left),
                min(last.top, box.top),
                max(last.right, box.right),
                max(last.bottom, box.bottom),
            )
        else:
            lines.append(box)
    return tuple(lines)


def _shared_height(one: Rectangle, other: Rectangle) -> float:
    return min(one.bottom, other.bottom) - max(one.top, other.top)


def _rectangles(page: pypdfium2.PdfPage, start: int, end: int) -> Iterator[Rectangle]:
    """Yield the boxes of the span, in points from the page's top left corner."""
    if start >= end:
        return
    textpage = page.get_textpage()
    words = textpage.get_text_range(errors="replace")
    first, last = (_char_index(textpage, words, offset) for offset in (start, end - 1))
    if first < 0 or last < first:
        return
    page_left, page_bottom, page_right, page_top = page.get_bbox()
    for number in range(textpage.count_rects(first, last - first + 1)):
        left, bottom, right, top = textpage.get_rect(number)
        yield Rectangle(
            max(left, page_left) - page_left,
            page_top - min(top, page_top),
            min(right, page_right) - page_left,
            page_top - max(bottom, page_bottom),
        )


def _char_index(textpage: pypdfium2.PdfTextPage, words: str, offset: int) -> int:
    """Return PDFium's character index for a code-point offset into the NFC text; -1 for none."""
    before = words[: _raw_offset(words, offset)].encode("utf-16-le", "replace")
    return int(raw.FPDFText_GetCharIndexFromTextIndex(textpage, len(before) // 2))


def _raw_offset(words: str, offset: int) -> int:
    """Return where in `words` the character at `offset` of its NFC form begins."""
    if unicodedata.is_normalized("NFC", words):
        return offset
    ends = range(1, len(words) + 1)
    return bisect.bisect_right(ends, offset, key=lambda end: len(unicodedata.normalize("NFC", words[:end])))


def _png(bitmap: pypdfium2.PdfBitmap) -> bytes:
    """Return the bitmap as PNG (ISO/IEC 15948): 8-bit RGB or grey, no filter, no interlace."""
    rows = bitmap.to_numpy()
    height, width = rows.shape[:2]
    channels = 1 if rows.ndim == 2 else rows.shape[2]
    if channels == 4:
        rows, channels = rows[:, :, :3], 3
    lines = b"".join(b"\0" + rows[number].tobytes() for number in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0 if channels == 1 else 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 3)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
