# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Word documents (WordprocessingML, ECMA-376 part 1, 17): what their pages show, in reading order.

Deleted text and field codes are left out; notes, comments, text boxes, charts, diagrams and what pictures
are said to show stand after the paragraph that holds them, running heads once at the end.
"""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from assistant.documents.protocol import Reading
from assistant.documents.readers.docx_numbers import Numbering
from assistant.documents.readers.docx_styles import Styles
from assistant.documents.readers.drawings import described, drawn
from assistant.documents.readers.package import Package
from assistant.documents.readers.refusals import only_pictures
from assistant.documents.readers.sections import Builder, Section, section_places
from assistant.documents.readers.source import Cancelled, Extracted, Source, damaged

_SIGN_EVERY = 200  # paragraphs
# Deleted or moved away, the codes of fields, the older form of a drawing, the reading of a ruby.
_LEFT_OUT = frozenset(
    {"del", "moveFrom", "delText", "instrText", "delInstrText", "Fallback", "rt", "pPr", "rPr", "tblPr",
     "trPr", "tcPr", "sectPr"}
)  # fmt: skip
_LETTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_REFERENCES = {"footnoteReference": "footnote", "endnoteReference": "endnote", "commentReference": "comment"}
_DRAWN = {"chart": "rid", "relIds": "dm"}  # and which attribute of it names its part
_PICTURE_FONT = re.compile("[\ue000-\uf8ff]")


@dataclass
class _Taken:
    """What walking through a paragraph found: its letters, and what is to stand after it."""

    letters: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.letters)


def read_docx(source: Source, _cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read a document: a place for each heading path. Raises DocumentError, NoTextError."""
    yield Reading(0, 0)
    with Package(source) as package:
        main = next((part for kind, part in package.targets("").values() if kind == "officeDocument"), "")
        if main not in package.names:
            raise damaged(source.name)
        document = _Word(package, main)
        for count, (_ancestors, block) in enumerate(package.elements(main, "p", "tbl")):
            document.add(block)
            if count % _SIGN_EVERY == 0:
                yield Reading(count, 0)
        sections = document.finished()
        title = package.tree("docProps/core.xml").findtext("title") or ""
    places = section_places(sections)
    if not places:
        raise only_pictures(source.name)
    yield Reading(1, 1)
    return Extracted(title or document.title, places, 0)


class _Word:
    """A document as it is put together."""

    def __init__(self, package: Package, main: str) -> None:
        self.title = ""
        self._package = package
        self._related = package.targets(main)
        self._targets = list(self._related.values())
        self._styles = Styles(package.tree(self._part("styles")))
        self._numbering = Numbering(package.tree(self._part("numbering")))
        self._builder = Builder()
        self._notes = {
            (kind, str(note.get("id"))): self._note(note)
            for kind in _REFERENCES.values()
            for _ancestors, note in package.elements(self._part(f"{kind}s"), kind)
        }

    def add(self, block: Element) -> None:
        """Add a paragraph or a table of the body."""
        if block.tag == "tbl":
            self._table(block)
        else:
            self._paragraph(block)

    def finished(self) -> list[Section]:
        """Return the sections, that of the running heads last."""
        sections = self._builder.finished()
        heads: dict[str, None] = {}  # each once: first, even and odd pages often share theirs
        for kind, part in self._targets:
            if kind in ("header", "footer"):
                for _ancestors, block in self._package.elements(part, "p", "tbl"):
                    heads.update(dict.fromkeys(line for line in self._lines(block) if line.strip()))
        if heads:
            running = Builder()
            running.paragraph("\n".join(heads))
            sections += [Section(1, "", section.text) for section in running.finished()]
        return sections

    def _part(self, kind: str) -> str:
        return next((part for found, part in self._targets if found == kind), "")

    def _paragraph(self, paragraph: Element) -> None:
        taken = _Taken()
        self._walk(paragraph, taken)
        style = self._styles.of(paragraph)
        words = self._numbering.before(style) + taken.text if taken.text.strip() else ""
        if style.level and words:
            self.title = self.title or (words if style.is_title else "")
            self._builder.heading(style.level, words)
        else:
            self._builder.paragraph(words)
        for box in taken.boxes:
            for block in _blocks(box):
                self.add(block)
        for note in taken.notes:
            self._builder.paragraph(note)

    def _table(self, table: Element) -> None:
        rows = [[self._cell(cell) for cell in _found(row, "tc")] for row in _found(table, "tr")]
        if max(map(len, rows), default=0) > 1:
            self._builder.table([["\n".join(cell) for cell in row] for row in rows])
        else:  # a frame around paragraphs
            for row in rows:
                for line in (line for cell in row for line in cell):
                    self._builder.paragraph(line)

    def _cell(self, cell: Element) -> list[str]:
        return [line for block in _blocks(cell) for line in self._lines(block) if line.strip()]

    def _lines(self, block: Element) -> Iterator[str]:
        """Yield the lines of a paragraph, or of a table within a cell."""
        if block.tag == "tbl":
            for row in _found(block, "tr"):
                yield " | ".join(" ".join(self._cell(cell)) for cell in _found(row, "tc"))
            return
        taken = _Taken()
        self._walk(block, taken)
        yield (self._numbering.before(self._styles.of(block)) if taken.text.strip() else "") + taken.text
        for box in taken.boxes:
            for inner in _blocks(box):
                yield from self._lines(inner)
        yield from taken.notes

    def _walk(self, element: Element, taken: _Taken) -> None:
        for one in element:
            if one.tag == "t":
                taken.letters.append(_PICTURE_FONT.sub("•", one.text or ""))
            elif one.tag in _LETTERS:
                taken.letters.append(_LETTERS[one.tag])
            elif one.tag in _REFERENCES:
                note = self._notes.get((_REFERENCES[one.tag], str(one.get("id"))), "")
                taken.notes += [note] if note else []
            elif one.tag == "docPr":
                taken.notes += filter(None, [described(one)])
            elif one.tag in _DRAWN:
                taken.notes += self._drawn(one)
            elif one.tag == "txbxContent":
                taken.boxes.append(one)
            elif one.tag not in _LEFT_OUT:
                self._walk(one, taken)

    def _drawn(self, element: Element) -> list[str]:
        """Return the words of a chart or a diagram, which is a part of its own."""
        kind, part = self._related.get(str(element.get(_DRAWN[element.tag])), ("", ""))
        return [words for words in drawn(self._package.tree(part)) if words.strip()] if kind else []

    def _note(self, note: Element) -> str:
        """Return a note's or a comment's words; of a comment also who made it."""
        taken = _Taken()
        for count, paragraph in enumerate(_blocks(note)):
            taken.letters += ["\n"] if count else []
            self._walk(paragraph, taken)
        author = note.get("author")
        words = taken.text.strip()
        return f"{author}: {words}" if author and words else words


def _blocks(element: Element) -> Iterator[Element]:
    """Yield the paragraphs and tables of a cell, a box or a note."""
    return _found(element, "p", "tbl")


def _found(element: Element, *wanted: str) -> Iterator[Element]:
    """Yield the outermost elements of these names; content controls and the like stand around them."""
    for one in element:
        if one.tag in wanted:
            yield one
        elif one.tag not in _LEFT_OUT:
            yield from _found(one, *wanted)
