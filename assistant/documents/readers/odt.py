# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""OpenDocument text (ISO/IEC 26300-1, 5): paragraphs, headings, lists, tables and text boxes in order.

Notes and comments stand after the paragraph that holds them, running heads once at the end.
"""

from collections.abc import Generator, Iterator
from xml.etree.ElementTree import Element

from assistant.documents.protocol import Reading
from assistant.documents.readers.opendocument import (
    document_title,
    open_document,
    paragraph_text,
    paragraphs_of,
)
from assistant.documents.readers.package import Package
from assistant.documents.readers.refusals import only_pictures
from assistant.documents.readers.sections import Builder, Section, section_places
from assistant.documents.readers.source import Cancelled, Extracted, Source

_SIGN_EVERY = 200  # paragraphs
_HEADS = ("header", "header-left", "header-first", "footer", "footer-left", "footer-first")
_AFTER = frozenset({"note-body", "annotation", "text-box"})  # within a paragraph, and not part of its line
_UNSEEN = ("tracked-changes", "deletion", "master-styles")


def read_odt(source: Source, _cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read a document: a place for each heading path. Raises DocumentError, NoTextError."""
    yield Reading(0, 0)
    builder = Builder()
    with open_document(source) as package:
        blocks = package.elements("content.xml", "p", "h", "table")
        for count, (ancestors, block) in enumerate(blocks):
            if not any(tag in _UNSEEN for tag, _own in ancestors):
                _add(builder, block)
            if count % _SIGN_EVERY == 0:
                yield Reading(count, 0)
        sections = builder.finished() + _running_heads(package)
        title = document_title(package)
    places = section_places(sections)
    if not places:
        raise only_pictures(source.name)
    yield Reading(1, 1)
    return Extracted(title, places, 0)


def _add(builder: Builder, block: Element) -> None:
    if block.tag == "table":
        rows = [
            [paragraphs_of(cell) for cell in row if cell.tag in ("table-cell", "covered-table-cell")]
            for row in block.iter("table-row")
        ]
        if max(map(len, rows), default=0) > 1:
            builder.table(rows)
        else:
            for row in rows:
                builder.paragraph("\n".join(row))
        return
    words = paragraph_text(block)
    level = block.get("outline-level", "1")
    if block.tag == "h":
        builder.heading(int(level) if level.isdecimal() else 1, words)
    else:
        builder.paragraph(words)
    for inner in _after(block):
        author = inner.findtext("creator")
        if author:
            builder.paragraph(f"{author}: {paragraphs_of(inner)}")
        else:
            for one in inner:
                if one.tag in ("p", "h", "table"):
                    _add(builder, one)
                else:
                    builder.paragraph(paragraphs_of(one))


def _after(element: Element) -> Iterator[Element]:
    for one in element:
        if one.tag in _AFTER:
            yield one
        else:
            yield from _after(one)


def _running_heads(package: Package) -> list[Section]:
    heads = [paragraphs_of(one) for _ancestors, one in package.elements("styles.xml", *_HEADS)]
    builder = Builder()
    builder.paragraph("\n".join(dict.fromkeys(head for head in heads if head.strip())))
    return [Section(1, "", section.text) for section in builder.finished()]
