# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Places, passages and citations: pure values, without identity.

A document keeps, per place, the text exactly as its reader returned it (NFC, nothing removed).
Spans are code-point offsets into that text, and a quote is always a slice of it.
"""

from dataclasses import dataclass
from enum import StrEnum

from assistant.texts import tr


class PlaceKind(StrEnum):
    """What kind of place a document's text is divided into."""

    PAGE = "page"
    SLIDE = "slide"
    SHEET = "sheet"
    SECTION = "section"  # a heading path; the whole text where there are no headings
    MESSAGE = "message"


@dataclass(frozen=True)
class Place:
    """Where in a document a text stands.

    `ordinal` counts places from 0; `page` counts from 1 and is None where the format has no pages;
    `label` is the reader's own name for it (sheet and cells, heading path), "" for pages. A page of a
    file within a message is a section: `label` is the file's name, and `page` counts in it.
    """

    kind: PlaceKind
    ordinal: int
    page: int | None = None
    label: str = ""

    @property
    def is_page(self) -> bool:
        """Whether it is a page, of the document or of a file within it."""
        return self.kind is PlaceKind.PAGE or (self.kind is PlaceKind.SECTION and self.page is not None)

    def shown(self) -> str:
        """Return the place as people read it, in the language in use."""
        if self.kind is PlaceKind.PAGE:
            return tr("page {page}", page=self.page or self.ordinal + 1)
        if self.kind is PlaceKind.SLIDE:
            return tr("slide {slide}", slide=self.page or self.ordinal + 1)
        if self.kind is PlaceKind.SECTION and self.page is not None:
            return tr("{file}, page {page}", file=self.label, page=self.page)
        return self.label or tr("whole text")


@dataclass(frozen=True)
class Elsewhere:
    """Where the text of a passage stands too, the same or nearly: another document, or another place."""

    document: str
    place: Place
    start: int
    end: int
    sha256: str = ""


@dataclass(frozen=True)
class Passage:
    """A piece of a document that search found.

    `document` is the absolute path; `text` is the slice [start, end) of the place's text; `heading`
    is the heading path above it ("" where unknown); `score` is comparable within one search only;
    `sha256` is the document's content hash when it was read, so that a changed file is noticed. `also`
    are other places of the same text, which is shown once.
    """

    document: str
    place: Place
    start: int
    end: int
    text: str
    heading: str = ""
    score: float = 0.0
    sha256: str = ""
    recognized: bool = False  # read from a picture by OCR
    also: tuple[Elsewhere, ...] = ()

    def where(self) -> str:
        """Return its place as people read it; OCR misreads, so text that was read by it is marked."""
        place = self.place.shown()
        return tr("{place}, read from a picture", place=place) if self.recognized else place


@dataclass(frozen=True)
class Passages:
    """The outcome of one search, best first.

    `supported` says whether any passage is above the threshold; where it is False the passages are
    only the nearest ones. `vectors_used` is False where the index or the embedder had no say
    ("text only"), `rebuilding` is True while a damaged index is being made again.
    """

    found: tuple[Passage, ...]
    supported: bool
    vectors_used: bool = True
    rebuilding: bool = False


@dataclass(frozen=True)
class Citation:
    """A sentence of an answer that a passage supports.

    `n` is the passage's number as shown, from 1. `start` and `end` are the sentence's span in the
    answer's text (without markers); `quote_start` and `quote_end` are the quote's span in the
    text of the passage's place; `quote` is that slice.
    """

    n: int
    start: int
    end: int
    passage: Passage
    quote: str
    quote_start: int
    quote_end: int
    score: float
