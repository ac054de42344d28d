# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The places of an HWP document: pages where their layout was stored, else what stands under a heading."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from assistant.documents.protocol import Heading, Instead, PlaceText
from assistant.documents.readers.hwp_flow import BoxKind, Paragraph, Section
from assistant.documents.readers.hwp_pages import Placed, placed
from assistant.documents.readers.hwp_tables import (
    Aside,
    Block,
    Said,
    Span,
    blocks,
    box_blocks,
    parts,
    span_blocks,
    table_blocks,
)
from assistant.documents.readers.sections import BETWEEN
from assistant.passages import Place, PlaceKind

_BETWEEN_BLOCKS = "\n\n"
_LABEL_LENGTH = 200


Steps = Generator[None, None, tuple[PlaceText, ...]]


def places_of(sections: Sequence[Section]) -> Steps:
    """Return the places in order; pages that hold nothing are among them. Yields after each step."""
    pages = placed(sections)
    return (yield from _sections(sections) if pages is None else _pages(sections, pages))


@dataclass(slots=True)
class _Room:
    """The blocks of one place."""

    above: list[Block] = field(default_factory=list)
    body: list[Block] = field(default_factory=list)
    below: list[Block] = field(default_factory=list)
    foot: list[Block] = field(default_factory=list)

    def take(self, said: Said) -> None:
        """Put a block into the body, what stands at the edges of a page there."""
        if isinstance(said, Block):
            self.body.append(said)
        else:
            target = {BoxKind.HEADER: self.above, BoxKind.FOOTER: self.foot}.get(said.kind, self.below)
            target.extend(each for each in blocks(said.paragraphs) if isinstance(each, Block))

    def place(self, place: Place) -> PlaceText:
        """Return the text, with its headings and its tables' Markdown."""
        words, length = list[str](), 0
        headings, instead = list[Heading](), list[Instead]()
        for block in (*self.above, *self.body, *self.below, *self.foot):
            if block.level:
                headings.append(Heading(length, block.level, " ".join(block.text.split())))
            if block.markdown:
                instead.append(Instead(length, length + len(block.text), block.markdown))
            words.append(block.text)
            length += len(block.text) + len(_BETWEEN_BLOCKS)
        return PlaceText(place, _BETWEEN_BLOCKS.join(words), tuple(headings), tuple(instead))


def _pages(sections: Sequence[Section], pages: Sequence[Sequence[Placed]]) -> Steps:
    rooms: dict[int, _Room] = {}
    endnotes: list[Aside] = []
    last = 1
    for section, places in zip(sections, pages, strict=True):
        for paragraph, place in zip(section.paragraphs, places, strict=True):
            yield
            last = max(last, place.last)
            for page, said in _on_pages(paragraph, place):
                if isinstance(said, Aside) and said.kind is BoxKind.ENDNOTE:
                    endnotes.append(said)
                else:
                    rooms.setdefault(page, _Room()).take(said)
    for note in endnotes:
        rooms.setdefault(last, _Room()).take(note)
    return tuple(
        rooms.get(page, _Room()).place(Place(PlaceKind.PAGE, page - 1, page=page))
        for page in range(1, last + 1)
    )


def _on_pages(paragraph: Paragraph, place: Placed) -> Iterator[tuple[int, Said]]:
    """Yield what a paragraph says, each with its page."""
    for part in parts(paragraph):
        if isinstance(part, Span):
            for page, span in _divided(part, place):
                for block in span_blocks(paragraph, span):
                    yield page, block
        elif isinstance(part, tuple):
            yield from table_blocks(part[1], place.rows.get(part[0], ()))
        else:
            for said in box_blocks(part):
                yield place.pages[-1][1], said


def _divided(span: Span, place: Placed) -> Iterator[tuple[int, Span]]:
    """Yield the pieces of a span that lie on one page each."""
    for (start, page), (end, _next) in pairwise((*place.pages, (span.end, 0))):
        start, end = max(start, span.start), min(end, span.end)  # noqa: PLW2901
        if start < end:
            yield page, Span(start, end)


def _sections(sections: Sequence[Section]) -> Steps:
    """Return a place for each heading that has text below it; headings without are put before the next."""
    rooms = [("", _Room())]
    path: dict[int, str] = {}
    endnotes: list[Aside] = []
    for said in blocks([paragraph for section in sections for paragraph in section.paragraphs]):
        yield
        if isinstance(said, Aside) and said.kind is BoxKind.ENDNOTE:
            endnotes.append(said)
            continue
        if isinstance(said, Block) and said.level:
            path = {level: name for level, name in path.items() if level < said.level}
            path[said.level] = " ".join(said.text.split())
            if any(not block.level for block in rooms[-1][1].body):
                rooms.append(("", _Room()))
            rooms[-1] = (BETWEEN.join(path.values())[:_LABEL_LENGTH], rooms[-1][1])
        rooms[-1][1].take(said)
    for note in endnotes:
        rooms[-1][1].take(note)
    return tuple(
        room.place(Place(PlaceKind.SECTION, ordinal, label=label))
        for ordinal, (label, room) in enumerate(rooms)
    )
