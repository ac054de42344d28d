# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Paragraph styles of Word documents (ECMA-376 part 1, 17.7): which are headings, which are numbered."""

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

_HEADING = re.compile(r"(?:heading|제목|見出し|标题|標題)\s*(\d)", re.IGNORECASE)
_TITLE = re.compile(r"title|제목|表題|标题|標題", re.IGNORECASE)
_BODY = 9  # an outline level that is none
_LINKS = 20  # of styles that are based on others; a circle ends there


@dataclass(frozen=True)
class Style:
    """Of one paragraph: its heading level (1 the title; 0: none), its list and its level in that list."""

    level: int = 0
    is_title: bool = False
    list_id: str = ""
    list_level: int = 0


class Styles:
    """The styles of a document, and the default one."""

    def __init__(self, root: Element) -> None:
        styles = [one for one in root.iter("style") if one.get("type", "paragraph") == "paragraph"]
        self._styles = {one.get("styleId", ""): one for one in styles}
        self._default = next((one for one in styles if one.get("default") in ("1", "true")), None)
        self._known: dict[str, Style] = {}

    def of(self, paragraph: Element) -> Style:
        """Return the style of a paragraph, with what it sets itself."""
        properties = paragraph.find("pPr")
        named = value_of(properties, "pStyle")
        style = self._named(named)
        if properties is None:
            return style
        outline = value_of(properties, "outlineLvl")
        level = style.level if not outline.isdecimal() else _level(int(outline))
        list_id = value_of(properties.find("numPr"), "numId") or style.list_id
        list_level = value_of(properties.find("numPr"), "ilvl")
        return Style(
            level,
            style.is_title and level == 1,
            list_id,
            int(list_level) if list_level.isdecimal() else style.list_level,
        )

    def _named(self, style_id: str) -> Style:
        if style_id not in self._known:
            self._known[style_id] = self._read(style_id)
        return self._known[style_id]

    def _read(self, style_id: str) -> Style:
        """Follow a style to those it is based on, until everything is known."""
        one = self._styles.get(style_id, self._default)
        level, title, list_id, list_level = -1, False, "", -1
        for _ in range(_LINKS):
            if one is None:
                break
            properties = one.find("pPr")
            name = value_of(one, "name")
            if level < 0:
                outline, named = value_of(properties, "outlineLvl"), _HEADING.fullmatch(name)
                title = bool(_TITLE.fullmatch(name))
                if outline.isdecimal() or named or title:
                    level = 1 if title else _level(int(outline) if outline.isdecimal() else int(named[1]) - 1)  # type: ignore[index]
            numbers = properties.find("numPr") if properties is not None else None
            list_id = list_id or value_of(numbers, "numId")
            if list_level < 0 and value_of(numbers, "ilvl").isdecimal():
                list_level = int(value_of(numbers, "ilvl"))
            one = self._styles.get(value_of(one, "basedOn"))
        return Style(max(level, 0), title and level == 1, list_id, max(list_level, 0))


def _level(outline: int) -> int:
    """Return the heading level of an outline level: 0 is the highest, below the title."""
    return 0 if outline >= _BODY else outline + 2


def value_of(element: Element | None, name: str) -> str:
    """Return what a property such as numId is set to, "" where it is not."""
    found = element.find(name) if element is not None else None
    return found.get("val", "") if found is not None else ""
