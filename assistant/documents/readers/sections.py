# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Sections of a document by its headings, and the places they make."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.documents.protocol import Instead, PlaceText
from assistant.passages import Place, PlaceKind

BETWEEN = " > "  # headings of a path
_LABEL_LENGTH = 200
_BLANK_LINE = "\n\n"


@dataclass(frozen=True)
class Section:
    """A heading (level 1 to 6; 0 and "" before the first one) and its text, heading included.

    `instead` counts from the beginning of `text`, which is NFC where there are any.
    """

    level: int
    heading: str
    text: str
    instead: tuple[Instead, ...] = ()


class Builder:
    """Puts sections together from paragraphs and tables in reading order."""

    def __init__(self) -> None:
        self.sections: list[Section] = []
        self._level = 0
        self._heading = ""
        self._parts: list[str] = []
        self._length = 0
        self._instead: list[Instead] = []

    def heading(self, level: int, words: str) -> None:
        """Begin a section; an empty heading is a paragraph."""
        if not words.strip():
            return
        self._end()
        self._level, self._heading = min(max(level, 1), 6), " ".join(normal(words).split())
        self.paragraph(words)

    def paragraph(self, words: str, search_text: str | None = None) -> None:
        """Add a paragraph; `search_text` stands for it in the search text."""
        words = normal(words).rstrip()
        if not words.strip():
            return
        if search_text is not None:
            self._instead.append(Instead(self._length, self._length + len(words), normal(search_text)))
        self._parts.append(words + _BLANK_LINE)
        self._length += len(self._parts[-1])

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Add a table: a line a row, and as Markdown in the search text."""
        lines, markdown = table_texts(rows)
        self.paragraph(lines, markdown or None)

    def finished(self) -> list[Section]:
        """Return the sections; nothing can be added after it."""
        self._end()
        return self.sections

    def _end(self) -> None:
        if self._parts:
            section = Section(self._level, self._heading, "".join(self._parts), tuple(self._instead))
            self.sections.append(section)
        self._parts, self._instead, self._length = [], [], 0


def table_texts(rows: Sequence[Sequence[str]]) -> tuple[str, str]:
    """Return a line a row, its cells separated by " | ", and the table as Markdown.

    Empty rows are left out; what has one row or one column is no table: it has no Markdown.
    """
    filled = [[" ".join(cell.split()) for cell in row] for row in rows]
    filled = [row for row in filled if any(row)]
    lines = "\n".join(" | ".join(row).rstrip(" |") for row in filled)
    width = max(map(len, filled), default=0)
    if len(filled) < 2 or width < 2:
        return lines, ""
    full = [[cell.replace("|", "\\|") for cell in row] + [""] * (width - len(row)) for row in filled]
    full.insert(1, ["---"] * width)
    return lines, "\n".join(f"| {' | '.join(row)} |" for row in full)


def normal(words: str) -> str:
    """Return the text in NFC: spans count its letters."""
    return unicodedata.normalize("NFC", words)


def moved(instead: Iterable[Instead], by: int) -> tuple[Instead, ...]:
    """Return the replacements of a text that `by` letters were put before."""
    return tuple(replace(one, start=one.start + by, end=one.end + by) for one in instead)


def section_places(sections: Iterable[Section]) -> tuple[PlaceText, ...]:
    """Return a place for each section that has text of its own, labelled with its heading path.

    A heading without text of its own is put before the section that follows it.
    """
    places: list[PlaceText] = []
    path: dict[int, str] = {}
    waiting = ""
    for section in sections:
        if section.level:
            path = {level: name for level, name in path.items() if level < section.level}
            path[section.level] = section.heading
        if _is_heading_only(section):
            waiting += section.text
            continue
        instead = moved(section.instead, len(waiting))
        places.append(_place(len(places), path, waiting + section.text, instead))
        waiting = ""
    if waiting.strip():
        if places:
            places[-1] = replace(places[-1], text=places[-1].text + normal(waiting))
        else:
            places.append(_place(0, path, waiting))
    return tuple(places)


def _place(ordinal: int, path: dict[int, str], words: str, instead: tuple[Instead, ...] = ()) -> PlaceText:
    label = BETWEEN.join(" ".join(path[level].split()) for level in sorted(path) if path[level].strip())
    place = Place(PlaceKind.SECTION, ordinal, label=normal(label)[:_LABEL_LENGTH])
    return PlaceText(place, normal(words), instead=instead)


def _is_heading_only(section: Section) -> bool:
    own = section.text.strip().lstrip("#").strip(" \t#")
    return not own or own == section.heading.strip()
