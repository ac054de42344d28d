# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""PowerPoint presentations (PresentationML, ECMA-376 part 1, 19): the slides in the order of the show.

Of a slide: its shapes, tables, diagrams and the words of its charts, then its notes and comments.
"""

from collections.abc import Generator, Iterator
from xml.etree.ElementTree import Element

from assistant.documents.protocol import Heading, PlaceText, Reading
from assistant.documents.readers.drawings import described, drawn, paragraphs
from assistant.documents.readers.package import Package
from assistant.documents.readers.refusals import only_pictures
from assistant.documents.readers.sections import Builder
from assistant.documents.readers.source import Cancelled, Extracted, Source, damaged
from assistant.passages import Place, PlaceKind

_TITLES = frozenset({"title", "ctrTitle"})
_FURNITURE = frozenset({"sldNum", "dt", "ftr", "hdr", "sldImg"})  # page numbers, dates, running heads
_LEFT_OUT = frozenset({"Fallback", "nvSpPr", "nvGrpSpPr", "spPr", "grpSpPr", "extLst"})
# Descriptions that the program put there: a file's path, what it took the picture for.


def read_pptx(source: Source, _cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read a presentation, a place a slide. Raises DocumentError, NoTextError."""
    yield Reading(0, 0)
    with Package(source) as package:
        slides = _slides(package, source.name)
        places: list[PlaceText] = []
        for part in slides:
            places.append(_slide(package, part, len(places)))
            yield Reading(len(places), len(slides))
        title = package.tree("docProps/core.xml").findtext("title") or ""
    if not any(place.text for place in places):
        raise only_pictures(source.name)
    return Extracted(title, tuple(places), len(places))


def _slides(package: Package, name: str) -> list[str]:
    """Return the parts of the slides in the order of the presentation (19.2.1.34)."""
    main = next((part for kind, part in package.targets("").values() if kind == "officeDocument"), "")
    if main not in package.names:
        raise damaged(name)
    targets = package.targets(main)
    return [
        targets[slide.get("rid", "")][1]
        for slide in package.tree(main).iter("sldId")
        if targets.get(slide.get("rid", ""), ("", ""))[0] == "slide"
    ]


def _slide(package: Package, part: str, ordinal: int) -> PlaceText:
    builder = Builder()
    title = ""
    targets = package.targets(part)
    shapes = list(_shapes(package.tree(part)))
    # The title is often the last shape of the file and always the first one that is read.
    for shape in sorted(shapes, key=lambda shape: _role(shape) not in _TITLES):
        if _role(shape) in _TITLES and not title:
            title = " ".join(" ".join(paragraphs(shape)).split())
        _fill(builder, shape)
    for kind in ("diagramData", "chart", "notesSlide", "comments"):
        for found, target in targets.values():
            if found == kind:
                _add_part(builder, kind, package.tree(target))
    return _place(builder, title, ordinal)


def _place(builder: Builder, title: str, ordinal: int) -> PlaceText:
    sections = builder.finished()
    words, instead = (sections[0].text.rstrip(), sections[0].instead) if sections else ("", ())
    headings = (Heading(0, 1, title),) if title else ()
    return PlaceText(Place(PlaceKind.SLIDE, ordinal, page=ordinal + 1), words, headings, instead)


def _add_part(builder: Builder, kind: str, root: Element) -> None:
    """Add what stands in a part of its own."""
    if kind == "notesSlide":
        for shape in _shapes(root):
            _fill(builder, shape)
    elif kind == "comments":
        for comment in root.iter("text"):
            builder.paragraph(comment.text or "")
    else:
        for words in drawn(root):
            builder.paragraph(words)


def _shapes(element: Element) -> Iterator[Element]:
    """Yield shapes with text and frames with tables, those of groups among them."""
    for one in element:
        if one.tag in ("sp", "graphicFrame", "cxnSp", "pic"):
            if _role(one) not in _FURNITURE:
                yield one
        elif one.tag not in _LEFT_OUT:
            yield from _shapes(one)


def _role(shape: Element) -> str:
    """Return what a placeholder is for; "" for other shapes."""
    holder = shape.find("nvSpPr/nvPr/ph")
    return holder.get("type", "body") if holder is not None else ""


def _fill(builder: Builder, shape: Element) -> None:
    picture = shape.find("nvPicPr/cNvPr")
    if picture is not None:
        builder.paragraph(described(picture))
    tables = list(shape.iter("tbl"))
    for table in tables:
        builder.table(
            [["\n".join(paragraphs(cell)) for cell in row.findall("tc")] for row in table.iter("tr")]
        )
    if not tables:
        for words in paragraphs(shape):
            builder.paragraph(words)
