# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Text, Markdown, source code and comma-separated tables, decoded by us."""

import codecs
import re
import unicodedata
from collections.abc import Generator

import charset_normalizer

from assistant.documents.protocol import PlaceText, Reading
from assistant.documents.readers.sections import Section, section_places
from assistant.documents.readers.source import TEXT_LIMIT, Cancelled, Extracted, Source
from assistant.errors import DocumentError, NoTextError
from assistant.passages import Place, PlaceKind
from assistant.texts import text

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
_GUESSED_FROM = 256 << 10  # bytes: guessing an encoding reads them many times


def read_text(source: Source, _cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read a text file as one place. Raises DocumentError where it is no text, NoTextError."""
    words = _decoded(source)
    yield Reading(1, 1)
    return Extracted("", (PlaceText(Place(PlaceKind.SECTION, 0), words),), 0)


def read_table(source: Source, _cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read comma- or tab-separated values as one sheet, its lines as they stand in the file."""
    words = _decoded(source)
    yield Reading(1, 1)
    place = Place(PlaceKind.SHEET, 0, page=1, label=unicodedata.normalize("NFC", source.path.stem))
    return Extracted("", (PlaceText(place, words),), 1)


def read_markdown(source: Source, _cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read Markdown: a place for each heading path (CommonMark's ATX headings)."""
    words = _decoded(source)
    yield Reading(0, 1)
    sections = list(_markdown_sections(words))
    title = next((section.heading for section in sections if section.level == 1), "")
    yield Reading(1, 1)
    return Extracted(title, section_places(sections), 0)


def _markdown_sections(words: str) -> Generator[Section, None, None]:
    """Yield the slices between headings; together they are the whole text."""
    level, heading, fence = 0, "", ""
    lines: list[str] = []
    for line in words.splitlines(keepends=True):
        if mark := _FENCE.match(line):
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        found = None if fence else _HEADING.match(line.rstrip("\r\n"))
        if found:
            if lines:
                yield Section(level, heading, "".join(lines))
            level, heading, lines = len(found[1]), found[2], []
        lines.append(line)
    if lines:
        yield Section(level, heading, "".join(lines))


def _decoded(source: Source) -> str:
    """Return the file's text in NFC."""
    content = source.content(TEXT_LIMIT)
    words = decode(content)
    if words is None:
        raise DocumentError(
            text("{name} does not look like text.", name=source.name),
            text("If it is a document of another program, give it that program's ending."),
        )
    if not words.strip():
        raise NoTextError(
            text("{name} holds no text.", name=source.name), text("There is nothing to search in it.")
        )
    return unicodedata.normalize("NFC", words)


def decode(content: bytes) -> str | None:
    """Return the text of `content`, None where it is no text.

    UTF-8, UTF-16 and UTF-32 by their marks, then UTF-8, CP949, and what charset-normalizer guesses.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strictly(content, encoding)
    if b"\0" in content:
        return None
    for encoding in ("utf-8", "cp949"):
        words = _strictly(content, encoding)
        if words is not None:
            return words
    guess = charset_normalizer.from_bytes(content[:_GUESSED_FROM]).best()
    return _strictly(content, guess.encoding) if guess is not None else None


def _strictly(content: bytes, encoding: str) -> str | None:
    """Decode without replacing anything; None where that fails or the result is no text."""
    try:
        words = content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
    controls = len(_CONTROLS.findall(words[: 1 << 20]))
    return words if controls * 500 <= len(words[: 1 << 20]) else None
