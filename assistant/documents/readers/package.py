# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""ZIP packages of XML parts, as Open XML (ECMA-376) and OpenDocument (ISO/IEC 26300) files are.

What a file claims about itself is not believed: what comes out of it is counted as it comes, a
document type (and with it every entity) is refused, and an element too deep or too large ends it.
"""

import lzma
import posixpath
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator
from functools import lru_cache
from types import TracebackType
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from assistant.documents.readers.refusals import too_large
from assistant.documents.readers.source import Source, damaged, locked

UNPACKED_LIMIT = 1 << 30  # bytes out of one file
_ELEMENT_LIMIT = 400_000  # elements and texts held in memory at a time
_DEPTH_LIMIT = 400
_BLOCK = 1 << 16
# How text looks, which says nothing of it and is half of a large table.
_SKIPPED = frozenset(
    {"rPr", "rFonts", "szCs", "tcW", "tblGrid", "tcBorders", "tblBorders", "pBdr", "vAlign", "shd", "tcMar",
     "tblCellMar", "jc", "ind"}
)  # fmt: skip
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    RuntimeError,  # of zipfile: packed in a way that it does not know
    ValueError,
    expat.ExpatError,
)

Ancestors = list[tuple[str, dict[str, str]]]  # open elements around the one that is yielded, outermost first


class Package:
    """An open package; a context manager. Names of elements and attributes are without namespaces."""

    def __init__(self, source: Source) -> None:
        """Open the file. Raises DocumentError."""
        self._source = source
        self._unpacked = 0
        self._file = source.file()
        try:
            self._zip = zipfile.ZipFile(self._file)
        except _BROKEN:
            self._file.close()
            raise damaged(source.name) from None
        self.names = frozenset(self._zip.namelist())

    def __enter__(self) -> "Package":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._zip.close()
        self._file.close()

    def blocks(self, name: str) -> Iterator[bytes]:
        """Yield the part in blocks; nothing where there is no such part. Raises DocumentError."""
        if name not in self.names:
            return
        try:
            if self._zip.getinfo(name).flag_bits & 1:
                raise locked(self._source.name)
            with self._zip.open(name) as part:
                while block := part.read(_BLOCK):
                    self._unpacked += len(block)
                    if self._unpacked > UNPACKED_LIMIT:
                        raise too_large(self._source.name)
                    yield block
        except _BROKEN:
            raise damaged(self._source.name) from None

    def elements(self, name: str, *wanted: str) -> Iterator[tuple[Ancestors, Element]]:
        """Yield the outermost elements with a name in `wanted`, each whole, while the part is read.

        Raises DocumentError. The list of ancestors changes while the reading goes on.
        """
        cutter = _Cutter(frozenset(wanted), self._source.name)
        for block in self.blocks(name):
            try:
                cutter.feed(block)
            except (expat.ExpatError, LookupError, ValueError):  # broken, or in an unknown encoding
                raise damaged(self._source.name) from None
            while cutter.found:
                yield cutter.found.popleft()

    def tree(self, name: str) -> Element:
        """Return the root of a small part; an empty element where there is none. Raises DocumentError."""
        found = [element for _ancestors, element in self.elements(name)]
        return found[0] if found else Element("")

    def targets(self, name: str) -> dict[str, tuple[str, str]]:
        """Return the relationships of part `name` (OPC 9.3): by id, the type's last word and the part."""
        folder, file = posixpath.split(name)
        found = {}
        for one in self.tree(f"{folder}/_rels/{file}.rels".lstrip("/")).iter("Relationship"):
            if one.get("TargetMode") != "External":
                part = posixpath.normpath(posixpath.join("/", folder, one.get("Target", ""))).lstrip("/")
                found[one.get("Id", "")] = (one.get("Type", "").rpartition("/")[2], part)
        return found


@lru_cache(maxsize=4096)
def _shortened(full: str) -> str:
    """Return a name without its namespace; "rid" for r:id, which may stand beside an id."""
    space, _, name = full.rpartition("}")
    return "rid" if name == "id" and space.endswith("/relationships") else name


class _Cutter:
    """Cuts whole elements out of a stream of XML."""

    def __init__(self, wanted: frozenset[str], name: str) -> None:
        self.found: deque[tuple[Ancestors, Element]] = deque()
        self._wanted = wanted  # empty: the root
        self._name = name
        self._open: Ancestors = []
        self._inside = 0  # open elements of the one being built
        self._held = 0
        self._skipped = 0  # open elements, from one that is skipped on
        self._builder = TreeBuilder()
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._letters
        self._parser.StartDoctypeDeclHandler = self._refuse

    def feed(self, block: bytes) -> None:
        self._parser.Parse(block, False)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = _shortened(name)
        own = {_shortened(key): value for key, value in attributes.items()} if attributes else attributes
        if self._skipped or (self._inside and tag in _SKIPPED):
            self._skipped += 1
        elif not self._inside and self._wanted and tag not in self._wanted:
            self._open.append((tag, own))
        else:
            self._inside += 1
            self._hold()
            self._builder.start(tag, own)
        if len(self._open) + self._inside + self._skipped > _DEPTH_LIMIT:
            raise damaged(self._name)

    def _end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        if not self._inside:
            self._open.pop()
            return
        element = self._builder.end(_shortened(name))
        self._inside -= 1
        if not self._inside:
            self.found.append((list(self._open), element))
            self._builder, self._held = TreeBuilder(), 0

    def _letters(self, words: str) -> None:
        if self._inside and not self._skipped:
            self._hold()
            self._builder.data(words)

    def _hold(self) -> None:
        self._held += 1
        if self._held > _ELEMENT_LIMIT:
            raise too_large(self._name)

    def _refuse(self, *_declaration: object) -> None:
        raise damaged(self._name)
