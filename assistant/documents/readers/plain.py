# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Text, source code, Markdown and comma-separated tables, decoded by us."""

import csv
import re
from collections.abc import Generator, Iterator

from assistant.documents.protocol import PlaceText, Reading
from assistant.documents.readers.encodings import decode
from assistant.documents.readers.grid import cell_range
from assistant.documents.readers.refusals import nothing_to_search
from assistant.documents.readers.sections import Section, normal, section_places
from assistant.documents.readers.source import TEXT_LIMIT, Cancelled, Extracted, Source
from assistant.errors import DocumentError
from assistant.passages import Place, PlaceKind
from assistant.texts import text

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
# Formats whose programs write letters outside ASCII as \ud64d (RFC 8259; Java); \\ is a backslash.
_ESCAPING = frozenset({".json", ".jsonl", ".ndjson", ".properties"})
_ESCAPE = re.compile(
    r"\\(?:u(?P<high>d[89ab][0-9a-f]{2})\\u(?P<low>d[c-f][0-9a-f]{2})|u(?P<one>[0-9a-f]{4})|.)",
    re.IGNORECASE,
)
_ROWS = 50  # of a block of a table
_LETTERS = 8000  # a block ends after a row that makes it larger


def read_text(source: Source, _cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read a text file as one place. Raises DocumentError where it is no text, NoTextError.

    Letters that its format writes as escapes are read as letters: nobody would find them otherwise.
    """
    words = text_of(source)
    if source.suffix in _ESCAPING:
        words = normal(_ESCAPE.sub(_unescaped, words))
    yield Reading(1, 1)
    return Extracted("", (PlaceText(Place(PlaceKind.SECTION, 0), words),), 0)


def _unescaped(found: re.Match[str]) -> str:
    """Return the letter outside ASCII that an escape stands for, any other escape as it is."""
    if found["high"]:
        return bytes.fromhex(found["high"] + found["low"]).decode("utf-16-be")
    code = int(found["one"] or "0", 16)
    return found[0] if code < 0xA0 or 0xD800 <= code < 0xE000 or code >= 0xFFFE else chr(code)


def read_table(source: Source, _cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read comma- or tab-separated values: blocks of rows, as they stand in the file."""
    words = text_of(source)
    yield Reading(0, 1)
    lines = words.splitlines(keepends=True)
    separator = max(",;\t|", key=lines[0].count)
    columns = _columns(lines[0], separator)
    name, header = normal(source.stem), lines[0].strip()[:400]
    places: list[PlaceText] = []
    for first, last, block in _blocks(lines):
        label = f"{name}!{cell_range(first, last, 0, columns - 1)}"
        place = Place(PlaceKind.SHEET, len(places), page=1, label=label)
        places.append(PlaceText(place, block, columns=header if places else ""))
    yield Reading(1, 1)
    return Extracted("", tuple(places), 1)


def _columns(line: str, separator: str) -> int:
    try:
        return max(len(next(csv.reader([line], delimiter=separator), [])), 1)
    except csv.Error:  # a field of more letters than the module takes
        return line.count(separator) + 1


def _blocks(lines: list[str]) -> Iterator[tuple[int, int, str]]:
    """Yield (first row, last row, text); a row with line breaks in quotes stays whole."""
    block: list[str] = []
    first, row, size, quoted = 1, 0, 0, False
    for line in lines:
        quoted ^= bool(line.count('"') % 2)
        block.append(line)
        size += len(line)
        row += not quoted
        if size >= 4 * _LETTERS or (not quoted and (row - first + 1 >= _ROWS or size >= _LETTERS)):
            yield first, max(row, first), "".join(block)
            block, first, size = [], row + 1, 0
    if block:
        yield first, max(row, first), "".join(block)


def read_markdown(source: Source, _cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read Markdown: a place for each heading path (CommonMark's ATX headings)."""
    words = text_of(source)
    yield Reading(0, 1)
    sections = list(markdown_sections(words))
    title = next((section.heading for section in sections if section.level == 1), "")
    yield Reading(1, 1)
    return Extracted(title, section_places(sections), 0)


def markdown_sections(words: str) -> Generator[Section, None, None]:
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


def text_of(source: Source) -> str:
    """Return the file's text in NFC. Raises DocumentError where it is no text, NoTextError."""
    words = decode(source.content(TEXT_LIMIT))
    if words is None:
        raise DocumentError(
            text("{name} does not look like text.", name=source.name),
            text("If it is a document of another program, give it that program's ending."),
        )
    if not words.strip():
        raise nothing_to_search(source.name)
    return normal(words)
