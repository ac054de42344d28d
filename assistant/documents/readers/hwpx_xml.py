# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The parts of an HWPX file: a ZIP of XML, opened with limits, read piece by piece.

The XML of a document has no use for a document type: one that declares it (and with it entities) is
refused. Names are without their prefix: those of KS X 6101 do not meet.
"""

import contextlib
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

from assistant.documents.readers.hwp5_container import UNPACKED_LIMIT
from assistant.documents.readers.refusals import too_large
from assistant.documents.readers.source import Source, damaged, locked

_MAX_PARTS = 20_000  # pictures are parts too
_MAX_DIRECTORY = 8 << 20  # bytes
_MAX_DEPTH = 400  # elements in elements; a table in a table is ten
_MAX_HELD = 600_000  # elements of one paragraph: a table of fifty thousand cells
_BLOCK = 1 << 16
_END = struct.Struct("<4s4H2LH")  # of the central directory (APPNOTE 4.3.16)
# What says nothing of the text, and is most of a file.
_SKIPPED = frozenset(
    {"renderingInfo", "lineShape", "fillBrush", "shadow", "img", "imgRect", "imgClip", "charPr", "fontfaces",
     "borderFills", "charProperties", "tabProperties", "orgSz", "curSz", "flip", "rotationInfo", "parameters",
     "pageBorderFill", "footNotePr", "endNotePr", "grid", "startNum", "visibility", "lineNumberShape"}
)  # fmt: skip
_ATTRIBUTES = frozenset(
    {"id", "idRef", "type", "level", "paraPrIDRef", "styleIDRef", "pageBreak", "colCount", "textpos",
     "vertpos", "vertsize", "horzsize", "textWrap", "vertRelTo", "vertOffset", "treatAsChar", "side",
     "colAddr", "rowAddr", "colSpan", "rowSpan", "height", "width", "landscape", "header", "footer", "top",
     "bottom", "outlineShapeIDRef", "num", "numType", "numFormat", "start", "char", "name", "text",
     "caption", "selectedValue", "composeText", "userChar", "prefixChar", "suffixChar"}
)  # fmt: skip
BROKEN = (
    OSError, ValueError, LookupError, RuntimeError, EOFError, struct.error, zlib.error, lzma.LZMAError,
    zipfile.BadZipFile, zipfile.LargeZipFile, expat.ExpatError,
)  # fmt: skip


@dataclass(slots=True)
class Node:
    """An element: its name, the attributes that are looked at, the elements and words in it."""

    name: str
    attributes: dict[str, str]
    children: "list[Node | str]" = field(default_factory=list)

    def get(self, name: str) -> str:
        """Return an attribute, "" where it is not there."""
        return self.attributes.get(name, "")

    def number(self, name: str) -> int:
        """Return an attribute as a number, 0 where it is none."""
        words = self.attributes.get(name, "")
        return int(words) if words.removeprefix("-").isdecimal() and len(words) < 12 else 0

    def nodes(self) -> "Iterator[Node]":
        """Yield the elements in it."""
        return (child for child in self.children if isinstance(child, Node))

    def first(self, *names: str) -> "Node | None":
        """Return the first element that the path of names leads to."""
        found: Node | None = self
        for name in names:
            found = next((node for node in found.nodes() if node.name == name), None) if found else None
        return found

    def words(self) -> str:
        """Return the words that stand in it, not those of its elements."""
        return "".join(child for child in self.children if isinstance(child, str))


class Package:
    """An open HWPX file. Raises what BROKEN names, and DocumentError where a part is too large."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        """Take an open archive."""
        self._archive = archive
        self._name = name
        self._left = UNPACKED_LIMIT

    def names(self) -> list[str]:
        """Return the names of the parts."""
        return self._archive.namelist()

    def blocks(self, name: str) -> Iterator[bytes]:
        """Yield the content of a part piece by piece."""
        with self._archive.open(name) as part:
            while block := part.read(_BLOCK):
                self._left -= len(block)
                if self._left < 0:
                    raise too_large(self._name)
                yield block

    def elements(self, part: str, *wanted: str) -> Iterator[Node]:
        """Yield the elements with these names, each once it is whole; those inside them come with them."""
        return filter(None, self.steps(part, *wanted))

    def steps(self, part: str, *wanted: str) -> Iterator[Node | None]:
        """Yield the same, and None as a sign of life after each piece that was read."""
        builder = _Builder(frozenset(wanted))
        for block in self.blocks(part):
            builder.feed(block)
            yield from builder.take()
            yield None
        builder.feed(b"", last=True)
        yield from builder.take()


class _Builder:
    """Builds the wanted elements and forgets the rest."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self._wanted = wanted
        self._open: list[Node] = []
        self._whole: list[Node] = []
        self._depth = self._held = 0
        self._skipped = 0  # the depth at which skipping began; 0 while nothing is skipped
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._refuse

    def feed(self, content: bytes, *, last: bool = False) -> None:
        self._parser.Parse(content, last)

    def take(self) -> list[Node]:
        whole, self._whole = self._whole, []
        return whole

    def _refuse(self, *_declared: object) -> None:
        raise ValueError("a document type is declared")

    def _start(self, qualified: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise ValueError("too deep")
        if self._skipped:
            return
        name = qualified.rpartition(":")[2]
        if name in _SKIPPED:
            self._skipped = self._depth
        elif self._open or name in self._wanted:
            self._held += 1
            if self._held > _MAX_HELD:
                raise OverflowError("too many elements in one paragraph")
            kept = {key: attributes[key] for key in attributes if key in _ATTRIBUTES}
            self._open.append(Node(name, kept))

    def _end(self, _qualified: str) -> None:
        self._depth -= 1
        if self._skipped:
            if self._depth < self._skipped:
                self._skipped = 0
            return
        if self._open:
            node = self._open.pop()
            if self._open:
                self._open[-1].children.append(node)
            else:
                self._whole.append(node)
                self._held = 0

    def _text(self, words: str) -> None:
        if self._open and not self._skipped:
            self._open[-1].children.append(words)


@contextlib.contextmanager
def opened(source: Source) -> Iterator[Package]:
    """Open an HWPX file; whatever is found broken inside the block is told as DocumentError."""
    source.check_size(UNPACKED_LIMIT * 4)
    with source.file() as file:
        try:
            _check_directory(file, source.size)
            with zipfile.ZipFile(file) as archive:
                if any(part.flag_bits & 1 for part in archive.infolist()):
                    raise locked(source.name)
                yield Package(archive, source.name)
        except OverflowError:
            raise too_large(source.name) from None
        except BROKEN:
            raise damaged(source.name) from None


def _check_directory(file: BinaryIO, size: int) -> None:
    """Raise ValueError where the list of parts is missing or longer than any document's."""
    file.seek(max(size - _END.size - 0xFFFF, 0))
    tail = file.read()
    found = tail.rfind(b"PK\5\6")
    if found < 0 or len(tail) < found + _END.size:
        raise ValueError("no directory")
    _mark, _disk, _first, _here, parts, length, _offset, _comment = _END.unpack_from(tail, found)
    if parts > _MAX_PARTS or length > _MAX_DIRECTORY:
        raise ValueError("too many parts")
