# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What DocInfo of an HWP 5 file says of paragraphs: their level in the outline and their numbers.

After "한글 문서 파일 형식 5.0" (revision 1.3), section "문서 정보의 데이터 레코드": HWPTAG_NUMBERING,
HWPTAG_BULLET, HWPTAG_PARA_SHAPE and HWPTAG_STYLE.
"""

import re
import struct
from dataclasses import dataclass

from assistant.documents.readers.hwp5_container import Record, records
from assistant.documents.readers.hwp_numbers import FORMS, Head, Numbering

_NUMBERING, _BULLET, _PARA_SHAPE, _STYLE = 23, 24, 25, 26  # HWPTAG_BEGIN is 16
_OUTLINE, _NUMBER, _BULLETED = 1, 2, 3  # kinds of paragraph heads
_LEVELS, _MORE_LEVELS = 7, 3
OUTLINE_STYLE = re.compile(r"(?:개요|Outline)\s?(\d{1,2})")
PLAIN_BULLET = "•"


@dataclass(frozen=True, slots=True)
class _Shape:
    """A paragraph shape: the kind of its head, its level from 1, its numbering or bullet from 1."""

    kind: int = 0
    level: int = 0
    head: int = 0


class Styles:
    """Counts the numbered paragraphs of a document as they come by."""

    def __init__(self, content: bytes) -> None:
        """Read the records of DocInfo. Raises ValueError, struct.error where they are broken."""
        self._shapes: list[_Shape] = []
        self._styles: list[int] = []  # outline level, 0 for none
        self._numberings: list[Numbering] = []
        self._bullets: list[str] = []
        for record in records(content):
            if record.tag == _PARA_SHAPE:
                self._shapes.append(_shape(record.data))
            elif record.tag == _STYLE:
                self._styles.append(_outline_level(record.data))
            elif record.tag == _NUMBERING:
                self._numberings.append(Numbering(_heads(record)))
            elif record.tag == _BULLET:
                self._bullets.append(_bullet(record.data))

    def level(self, shape: int, style: int) -> int:
        """Return the outline level of a paragraph, 0 where it is no heading."""
        found = self._shape(shape)
        if found.kind == _OUTLINE:
            return found.level
        return self._styles[style] if style < len(self._styles) else 0

    def head(self, shape: int, outline: int) -> str:
        """Return what Hangul Office shows before a paragraph; `outline`: the section's numbering from 1."""
        found = self._shape(shape)
        if found.kind == _BULLETED:
            return self._bullets[found.head - 1] if 1 <= found.head <= len(self._bullets) else ""
        if found.kind not in (_OUTLINE, _NUMBER):
            return ""
        numbering = outline if found.kind == _OUTLINE else found.head
        known = 1 <= numbering <= len(self._numberings)
        return self._numberings[numbering - 1].next(found.level) if known else ""

    def _shape(self, number: int) -> _Shape:
        return self._shapes[number] if number < len(self._shapes) else _Shape()


def _shape(data: bytes) -> _Shape:
    if len(data) < 32:
        return _Shape()
    (attributes,) = struct.unpack_from("<I", data)
    (head,) = struct.unpack_from("<H", data, 30)
    level = attributes >> 25 & 7
    if len(data) >= 58:  # from 5.1.0.0 on there are ten levels
        level = max(level, min(struct.unpack_from("<I", data, 54)[0], _LEVELS + _MORE_LEVELS - 1))
    return _Shape(attributes >> 23 & 3, level + 1, head)


def _outline_level(data: bytes) -> int:
    (length,) = struct.unpack_from("<H", data)
    found = OUTLINE_STYLE.fullmatch(data[2 : 2 + 2 * length].decode("utf-16-le", "replace").strip())
    return int(found[1]) if found else 0


def _heads(record: Record) -> list[Head]:
    """Return the forms of the levels; those after the seventh are not in older files."""
    position, found = 0, list[tuple[str, str]]()
    for _ in range(_LEVELS):
        position, head = _head(record.data, position)
        found.append(head)
    position += 2  # the number that the first list begins with
    starts = [1] * _LEVELS
    if len(record.data) >= position + 4 * _LEVELS:
        starts = list(struct.unpack_from(f"<{_LEVELS}I", record.data, position))
        position += 4 * _LEVELS
    while len(found) < _LEVELS + _MORE_LEVELS and len(record.data) >= position + 14:
        position, head = _head(record.data, position)
        found.append(head)
        starts.append(1)
    return [Head(pattern, form, start) for (pattern, form), start in zip(found, starts, strict=True)]


def _head(data: bytes, position: int) -> tuple[int, tuple[str, str]]:
    (attributes,) = struct.unpack_from("<I", data, position)
    (length,) = struct.unpack_from("<H", data, position + 12)
    end = position + 14 + 2 * length
    pattern = data[position + 14 : end].decode("utf-16-le", "replace")
    form = attributes >> 5 & 0xF
    return end, (pattern, FORMS[form] if form < len(FORMS) else FORMS[0])


def _bullet(data: bytes) -> str:
    if len(data) < 14:
        return PLAIN_BULLET
    return shown_bullet(data[12:14].decode("utf-16-le", "replace"))


def shown_bullet(letter: str) -> str:
    """Return the bullet, a plain one for the letters of picture fonts."""
    return (
        letter
        if letter.isprintable() and letter.strip() and not "\ue000" <= letter <= "\uf8ff"
        else PLAIN_BULLET
    )
