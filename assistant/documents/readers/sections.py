# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Sections of a document by its headings, and the places they make."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from assistant.documents.protocol import PlaceText
from assistant.passages import Place, PlaceKind

BETWEEN = " > "  # headings of a path
_LABEL_LENGTH = 200


@dataclass(frozen=True)
class Section:
    """A heading (level 1 to 6; 0 and "" before the first one) and its text, heading included."""

    level: int
    heading: str
    text: str


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
        places.append(_place(len(places), path, waiting + section.text))
        waiting = ""
    if waiting.strip():
        if places:
            places[-1] = replace(places[-1], text=places[-1].text + unicodedata.normalize("NFC", waiting))
        else:
            places.append(_place(0, path, waiting))
    return tuple(places)


def _place(ordinal: int, path: dict[int, str], words: str) -> PlaceText:
    label = BETWEEN.join(" ".join(path[level].split()) for level in sorted(path) if path[level].strip())
    label = unicodedata.normalize("NFC", label)
    place = Place(PlaceKind.SECTION, ordinal, label=label[:_LABEL_LENGTH])
    return PlaceText(place, unicodedata.normalize("NFC", words))


def _is_heading_only(section: Section) -> bool:
    own = section.text.strip().lstrip("#").strip(" \t#")
    return not own or own == section.heading.strip()
