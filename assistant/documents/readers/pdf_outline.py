# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The bookmarks of a PDF as headings of its pages (ISO 32000-1, 12.3.3)."""

import itertools
import re
import unicodedata
from collections.abc import Mapping

import pypdfium2

from assistant.documents.protocol import Heading

_MOST = 20_000
_TITLE_LENGTH = 200
_NUMBER = r"(?:[\dA-Z]{1,3}(?:\.\d+)*\.?\s+)?"

Marks = tuple[tuple[int, str], ...]
"""Level, 1 for the highest, and title of the bookmarks of one page, in order."""


def outline(document: pypdfium2.PdfDocument) -> Mapping[int, Marks]:
    """Return the bookmarks by the index of the page that they lead to."""
    marks: dict[int, list[tuple[int, str]]] = {}
    for bookmark in itertools.islice(document.get_toc(), _MOST):
        try:
            title = " ".join(unicodedata.normalize("NFC", bookmark.get_title()).split())
        except UnicodeDecodeError:
            continue
        target = bookmark.get_dest()
        index = target.get_index() if target else None
        if title and index is not None and index >= 0:
            marks.setdefault(index, []).append((bookmark.level + 1, title[:_TITLE_LENGTH]))
    return {index: tuple(found) for index, found in marks.items()}


def headings(words: str, marks: Marks) -> tuple[Heading, ...]:
    """Return the bookmarks of a page where its text has their titles.

    A title that the text does not have stands where the one before it does, else at the beginning.
    """
    found: list[Heading] = []
    after = start = 0
    for level, title in marks:
        said = r"\s+".join(map(re.escape, title.split()))
        match = re.compile(
            rf"^[ \t]*((?:[\dA-Z]{{1,3}}(?:\.\d+)*\.?\s+)?{said})", re.IGNORECASE | re.MULTILINE
        ).search(words, after)
        if match is None:
            match = re.compile(f"({said})", re.IGNORECASE).search(words, after)
        if match is not None:
            start, after = match.start(1), match.end()
        found.append(Heading(start, level, title))
    return tuple(found)
