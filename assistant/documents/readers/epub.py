# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Books: EPUB 2 and 3 (container and package document), their pages in the order of the spine."""

import posixpath
from collections.abc import Generator
from urllib.parse import unquote

from assistant.documents.protocol import Reading
from assistant.documents.readers.encodings import decode
from assistant.documents.readers.package import Package
from assistant.documents.readers.refusals import only_pictures
from assistant.documents.readers.sections import section_places
from assistant.documents.readers.source import Cancelled, Extracted, Source, damaged, locked
from assistant.documents.readers.web import Page

_CONTAINER = "META-INF/container.xml"
_PAGE_LIMIT = 16 << 20  # bytes of one page of a book
_FONTS_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")


def read_epub(source: Source, cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read a book: a place for each heading path. Raises DocumentError, NoTextError."""
    yield Reading(0, 0)
    page = Page()
    with Package(source) as package:
        for _ancestors, method in package.elements("META-INF/encryption.xml", "EncryptionMethod"):
            if method.get("Algorithm") not in _FONTS_ONLY:
                raise locked(source.name)
        title, parts = _spine(package, source.name)
        for count, part in enumerate(parts):
            content = b""
            for block in package.blocks(part):
                content += block
                if len(content) > _PAGE_LIMIT:
                    break
            page.read(decode(content) or content.decode("utf-8", "replace"))
            if cancelled():
                break
            yield Reading(count, len(parts))
    places = section_places(page.builder.finished())
    if not places:
        raise only_pictures(source.name)
    return Extracted(title, places, 0)


def _spine(package: Package, name: str) -> tuple[str, list[str]]:
    """Return the title of a book and its pages in order. Raises DocumentError."""
    root = package.tree(_CONTAINER).find("rootfiles/rootfile")
    path = root.get("full-path", "") if root is not None else ""
    if path not in package.names:
        raise damaged(name)
    book = package.tree(path)
    items = {item.get("id", ""): unquote(item.get("href", "")) for item in book.iter("item")}
    parts = [
        posixpath.normpath(posixpath.join(posixpath.dirname(path), items[entry.get("idref", "")]))
        for entry in book.iter("itemref")
        if entry.get("idref", "") in items
    ]
    return book.findtext("metadata/title") or "", parts
