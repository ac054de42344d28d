# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures of the pages of a PDF, to be looked at."""

import struct
import zlib
from collections.abc import Iterable

import pypdfium2

from assistant.documents.protocol import PagePicture, Rectangle, RenderPage
from assistant.documents.readers.pdf_file import opened, page_of
from assistant.documents.readers.pdf_glyphs import Box
from assistant.documents.readers.pdf_text import PageText
from assistant.documents.readers.source import Source, damaged
from assistant.errors import DocumentError
from assistant.texts import text

MAX_PIXELS = 24_000_000  # of a page picture: 72 MB before it is packed
_SAME_LINE = 0.3  # of the height of the lower box: a comma hangs half below its line


def render_page(source: Source, call: RenderPage) -> PagePicture:
    """Draw a page as PNG, with the rectangles of the span [start, end) of its text.

    Raises DocumentError where there is no such page or it cannot be drawn, PasswordError.
    """
    with opened(source) as document:
        page = _found(document, source, call.page)
        try:
            width, height = page.get_size()
            bitmap = page.render(
                scale=_scale(page, call.scale), rev_byteorder=True, may_draw_forms=False, prefer_bgrx=False
            )
            rectangles = _rectangles(page, call.start, call.end)
        except pypdfium2.PdfiumError:
            raise damaged(source.name) from None
        return PagePicture(_png(bitmap), width, height, rectangles)


def _found(document: pypdfium2.PdfDocument, source: Source, number: int) -> pypdfium2.PdfPage:
    if not 1 <= number <= len(document):
        raise DocumentError(
            text("{name} has no page {page}.", name=source.name, page=number),
            text("The file may have been changed since it was added."),
        )
    try:
        return page_of(document, number - 1)
    except pypdfium2.PdfiumError:
        raise damaged(source.name) from None


def _scale(page: pypdfium2.PdfPage, wanted: float) -> float:
    width, height = page.get_size()
    return float(min(wanted, (MAX_PIXELS / max(width * height, 1)) ** 0.5))


def _rectangles(page: pypdfium2.PdfPage, start: int, end: int) -> tuple[Rectangle, ...]:
    """Return the boxes of the span on the page, one a line."""
    found = PageText(page)
    width, height = found.view.width, found.view.height
    clipped = (
        Box(max(left, 0), max(top, 0), min(right, width), min(bottom, height))
        for left, top, right, bottom in found.rectangles(start, end)
    )
    lines = _lines(box for box in clipped if box.left < box.right and box.top < box.bottom)
    found.close()
    return lines


def _lines(boxes: Iterable[Box]) -> tuple[Rectangle, ...]:
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
            lines.append(Rectangle(*box))
    return tuple(lines)


def _shared_height(one: Rectangle, other: Box) -> float:
    return min(one.bottom, other.bottom) - max(one.top, other.top)


def _png(bitmap: pypdfium2.PdfBitmap) -> bytes:
    """Return a bitmap of three bytes a point as PNG (ISO/IEC 15948): 8-bit RGB, no filter, no interlace."""
    rows = bitmap.to_numpy()
    height, width = rows.shape[:2]
    packing = zlib.compressobj(3)
    packed = b"".join(packing.compress(b"\0" + rows[number].tobytes()) for number in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", packed + packing.flush()), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
