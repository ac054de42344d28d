# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What header.xml of an HWPX file says of paragraphs: their level in the outline and their numbers.

After KS X 6101, elements numbering and paraHead, bullet, paraPr and heading, style.
"""

import re
from dataclasses import dataclass

from assistant.documents.readers.hwp5_styles import OUTLINE_STYLE, PLAIN_BULLET, shown_bullet
from assistant.documents.readers.hwp_numbers import Head, Numbering
from assistant.documents.readers.hwpx_xml import Node, Package

_HEADER = re.compile(r"(?:.*/)?header\.xml", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Shape:
    """A paragraph shape: NONE, OUTLINE, NUMBER or BULLET, its level from 1, its numbering or bullet."""

    kind: str = "NONE"
    level: int = 0
    head: str = ""


class HwpxStyles:
    """Counts the numbered paragraphs of a document as they come by."""

    def __init__(self, package: Package) -> None:
        """Read header.xml; a file without it has no headings."""
        self._shapes: dict[str, _Shape] = {}
        self._styles: dict[str, int] = {}  # outline level
        self._numberings: dict[str, Numbering] = {}
        self._bullets: dict[str, str] = {}
        for part in filter(_HEADER.fullmatch, package.names()):
            for node in package.elements(part, "numbering", "bullet", "paraPr", "style"):
                self._add(node)

    def level(self, shape: str, style: str) -> int:
        """Return the outline level of a paragraph, 0 where it is no heading."""
        found = self._shapes.get(shape, _Shape())
        return found.level if found.kind == "OUTLINE" else self._styles.get(style, 0)

    def head(self, shape: str, outline: str) -> str:
        """Return what Hangul Office shows before a paragraph; `outline` is the section's numbering."""
        found = self._shapes.get(shape, _Shape())
        if found.kind == "BULLET":
            return self._bullets.get(found.head, "")
        numbering = self._numberings.get(outline if found.kind == "OUTLINE" else found.head)
        return numbering.next(found.level) if numbering and found.kind in ("OUTLINE", "NUMBER") else ""

    def _add(self, node: Node) -> None:
        number = node.get("id")
        if node.name == "numbering":
            heads = [each for each in node.nodes() if each.name == "paraHead"]
            self._numberings[number] = Numbering([_head(each) for each in heads[:10]])
        elif node.name == "bullet":
            self._bullets[number] = shown_bullet(node.get("char")) if node.get("char") else PLAIN_BULLET
        elif node.name == "paraPr":
            self._shapes[number] = _shape(node)
        elif found := OUTLINE_STYLE.fullmatch(node.get("name").strip()):
            self._styles[number] = int(found[1])


def _shape(node: Node) -> _Shape:
    """Return the shape; its heading may stand in a switch between versions of the format."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if each.name == "heading":
            return _Shape(each.get("type"), each.number("level") + 1, each.get("idRef"))
        waiting.extend(each.nodes())
    return _Shape()


def _head(node: Node) -> Head:
    return Head(node.words(), node.get("numFormat") or "DIGIT", max(node.number("start"), 0))
