# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A PDF file opened by PDFium.

PDFium holds a small file in memory and asks a large one for the parts that it needs: a gigabyte is
never in memory, and a file that is cut while it is read ends in an error, where mapped memory
would end the process. PDFium is not thread-safe: only the parser's single thread calls it.
"""

import contextlib
from collections.abc import Iterator
from typing import BinaryIO

import pypdfium2
from pypdfium2 import raw

from assistant.documents.readers.source import PDF_LIMIT, Source, damaged, locked, protected
from assistant.errors import DocumentError

_UNWRITTEN = (raw.FPDF_ANNOT_UNKNOWN, raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP)
_MOST_ANNOTATIONS = 2_000  # looked at on a page: nearly all are links in a book of references
_HELD = 16 << 20  # bytes: many small questions to a file take a tenth of the time of reading it


@contextlib.contextmanager
def opened(source: Source) -> Iterator[pypdfium2.PdfDocument]:
    """Open the document with the source's password, where it has one; an owner's password is not needed.

    Raises DocumentError (damaged, too large, protected in a way that no password opens) and
    PasswordError.
    """
    source.check_size(PDF_LIMIT)
    with source.file() as file:
        document = _document(source, file)
        try:
            yield document
        finally:
            document.close()


def page_of(document: pypdfium2.PdfDocument, index: int) -> pypdfium2.PdfPage:
    """Return page `index`, from 0, with what was filled into its form and written on it as part of it.

    PDFium keeps both apart from the page: neither its text nor its picture would hold them.
    Raises PdfiumError where there is no such page or it is broken.
    """
    page = document[index]
    if not _is_written_on(page) or raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) != raw.FLATTEN_SUCCESS:
        return page
    page.close()
    return document[index]  # what was flattened is read when the page is opened anew


def _is_written_on(page: pypdfium2.PdfPage) -> bool:
    return any(
        _kind_of_annotation(page, number) not in _UNWRITTEN
        for number in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_ANNOTATIONS))
    )


def _kind_of_annotation(page: pypdfium2.PdfPage, number: int) -> int:
    annotation = raw.FPDFPage_GetAnnot(page, number)
    if not annotation:
        return 0  # FPDF_ANNOT_UNKNOWN
    try:
        kind: int = raw.FPDFAnnot_GetSubtype(annotation)
        return kind
    finally:
        raw.FPDFPage_CloseAnnot(annotation)


def _document(source: Source, file: BinaryIO) -> pypdfium2.PdfDocument:
    try:
        content = file.read() if source.size <= _HELD else _Quiet(file)
        document = pypdfium2.PdfDocument(content, password=source.password or None)
    except (pypdfium2.PdfiumError, OSError) as error:
        raise _told(source, error) from None
    with contextlib.suppress(pypdfium2.PdfiumError):  # the page itself can be read without
        if document.get_formtype() == raw.FORMTYPE_ACRO_FORM:
            document.init_forms()  # draws values whose program left their look to the reader
    return document


def _told(source: Source, error: Exception) -> DocumentError:
    code = error.err_code if isinstance(error, pypdfium2.PdfiumError) else None
    if code == raw.FPDF_ERR_PASSWORD:
        return protected(source)
    return locked(source.name) if code == raw.FPDF_ERR_SECURITY else damaged(source.name)


class _Quiet:
    """The file for PDFium's callbacks, from which no exception may come: a failed read reads nothing."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to `offset`."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return where the next read begins."""
        return self._file.tell()

    def read(self, size: int = -1) -> bytes:
        """Return the next `size` bytes."""
        return self._file.read(size)

    def readinto(self, buffer: bytearray) -> int:
        """Fill the buffer; return how much of it."""
        try:
            return self._file.readinto(buffer)  # type: ignore[attr-defined, no-any-return]
        except OSError:
            return 0
