# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""PDF through PDFium, page by page: text in reading order, tables and bookmarks for the search text.

A page that is only a picture has the text "" (or what `recognize` reads in it); so has a page that alone
is broken: the others still count.
"""

import contextlib
import itertools
import time
from collections.abc import Callable, Generator
from enum import Enum, auto
from typing import Any

import pypdfium2
from pypdfium2 import raw

from assistant.documents.protocol import Heading, PlaceText, Reading
from assistant.documents.readers import ocr
from assistant.documents.readers.pdf_file import opened, page_of
from assistant.documents.readers.pdf_outline import headings, outline
from assistant.documents.readers.pdf_tables import tables
from assistant.documents.readers.pdf_text import PageText
from assistant.documents.readers.source import Cancelled, Extracted, Source, damaged
from assistant.errors import NoTextError
from assistant.passages import Place, PlaceKind
from assistant.texts import Text, text, textn

Recognize = Callable[[Source, int], str]
"""Returns the words in the picture of a page (counted from 1); it may take its time."""

_TOLD_EVERY_S = 0.05
_MOST_OBJECTS = 1000  # looked at to tell a picture from an empty page
_DEEPEST = 8  # groups of objects in one another, of a page without words


class _Kind(Enum):
    """What a page turned out to hold."""

    WORDS = auto()
    PICTURE = auto()
    EMPTY = auto()
    BROKEN = auto()


def read_pdf(
    source: Source, cancelled: Cancelled, recognize: Recognize | None = None
) -> Generator[Reading, None, Extracted]:
    """Yield the pages done, now and then, and before each page that `recognize` reads.

    Raises DocumentError (damaged, protected in a way that no password opens), PasswordError, ScanError and
    NoTextError where no page has text, which says how many are pictures. Where only some are, and none
    is recognized, the notes say so.
    """
    with contextlib.ExitStack() as open_now:
        document = open_now.enter_context(opened(source))
        total, due = len(document), 0.0
        marks = outline(document)
        places: list[PlaceText] = []
        kinds: list[_Kind] = []
        for index in itertools.takewhile(lambda _: not cancelled(), range(total)):
            place, kind = _page(document, index, marks.get(index, ()))
            if kind is _Kind.PICTURE and recognize is not None:
                source.check_wanted()
                yield Reading(index, total, recognizing=True)
                open_now.close()  # it keeps every picture that it met, and recognizing takes much memory
                place = PlaceText(place.place, recognize(source, index + 1), recognized=True)
                document = open_now.enter_context(opened(source))
            places.append(place)
            kinds.append(kind)
            if time.monotonic() >= due:
                due = time.monotonic() + _TOLD_EVERY_S
                yield Reading(index + 1, total)
        title = _title(document)
    if not cancelled() and not any(place.text.strip() for place in places):
        raise _no_text(source, kinds)
    return Extracted(title, tuple(places), total, _notes(kinds) if recognize is None else ())


def _page(
    document: pypdfium2.PdfDocument, index: int, marks: tuple[tuple[int, str], ...]
) -> tuple[PlaceText, _Kind]:
    place = Place(PlaceKind.PAGE, index, page=index + 1)
    try:
        page = page_of(document, index)
    except pypdfium2.PdfiumError:
        return PlaceText(place, ""), _Kind.BROKEN
    try:
        found = PageText(page)
        words = found.words
        kind = _Kind.WORDS if words.strip() else _kind_without_words(page)
        instead = tables(page, found) if kind is _Kind.WORDS else ()
        found.close()
    except pypdfium2.PdfiumError:
        return PlaceText(place, ""), _Kind.BROKEN
    finally:
        page.close()
    named: tuple[Heading, ...] = headings(words, marks)
    return PlaceText(place, words, named, instead), kind


def _kind_without_words(page: pypdfium2.PdfPage) -> _Kind:
    count = min(raw.FPDFPage_CountObjects(page), _MOST_OBJECTS)
    found = (raw.FPDFPage_GetObject(page, number) for number in range(count))
    return _Kind.PICTURE if any(map(_is_picture, found)) else _Kind.EMPTY


def _is_picture(found: Any, depth: int = 0) -> bool:
    """Say whether an object of a page is an image, or a group of objects with one: an empty field is none."""
    kind = raw.FPDFPageObj_GetType(found)
    if kind != raw.FPDF_PAGEOBJ_FORM or depth == _DEEPEST:
        return bool(kind == raw.FPDF_PAGEOBJ_IMAGE)
    count = min(raw.FPDFFormObj_CountObjects(found), _MOST_OBJECTS)
    return any(_is_picture(raw.FPDFFormObj_GetObject(found, number), depth + 1) for number in range(count))


def _title(document: pypdfium2.PdfDocument) -> str:
    try:
        title: str = document.get_metadata_value("Title")
    except UnicodeDecodeError:
        return ""
    return title


def _notes(kinds: list[_Kind]) -> tuple[Text, ...]:
    """Return what to tell of pages that are pictures, beside others that were read."""
    if not (pictures := kinds.count(_Kind.PICTURE)):
        return ()
    told = textn(
        "{n} of its {pages} pages is a picture and was not read.",
        "{n} of its {pages} pages are pictures and were not read.",
        pictures,
        pages=len(kinds),
    )
    return told, ocr.how_to_add()


def _no_text(source: Source, kinds: list[_Kind]) -> Exception:
    if kinds and all(kind is _Kind.BROKEN for kind in kinds):
        return damaged(source.name)
    hint = ocr.how_to_add()
    if pictures := kinds.count(_Kind.PICTURE):
        return NoTextError(
            textn(
                "{name} holds no text; it may be a scan: its page is a picture.",
                "{name} holds no text; it may be a scan: {n} pages are pictures.",
                pictures,
                name=source.name,
            ),
            hint,
        )
    return NoTextError(
        text("{name} holds no text; it may be a scan or only pictures.", name=source.name), hint
    )
