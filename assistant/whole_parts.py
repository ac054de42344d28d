# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Documents cut into what a model can read at once, and what there is to say of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from assistant.documents.library import Library
from assistant.passages import Passage
from assistant.receipts import DocumentRead
from assistant.texts import Text, text
from assistant.uncut import joined
from assistant.whole_prompt import packed

MOST_PARTS = 40
"""Parts that are read for one answer; what lies beyond is named."""

WHOLE = text("The whole of {name} was read ({n} tokens).")
IN_PARTS = text("{name} was read in {n} parts, then together.")
ONE_BY_ONE = text("{name} was read in {n} parts, one after the other.")
LEFT_OUT = text("{name} is too long: {n} of its {total} parts were read, up to {place}.")
NOT_READ = text("{name} was not read: there was no room for it.")


@dataclass(frozen=True)
class Part:
    """A part of a document: its passages as they are and as the model may see them, and its tokens."""

    passages: tuple[Passage, ...]
    masked: tuple[Passage, ...]
    tokens: int

    @property
    def document(self) -> str:
        """The path of its document."""
        return self.passages[0].document


def whole_passages(library: Library, document: Path) -> list[Passage]:
    """Return all passages of a document, none of which ends inside of personal data: its halves would show.

    Raises NotFoundError.
    """
    return joined(library.passages(document))


def cut(
    passages: Sequence[Passage], masked: Sequence[Passage], sizes: Sequence[int], room: int
) -> list[Part]:
    """Return parts of at most `room` tokens, each of one document."""
    return [
        Part(
            tuple(passages[number] for number in part),
            tuple(masked[number] for number in part),
            sum(sizes[number] for number in part),
        )
        for part in packed(passages, sizes, room)
    ]


def documents_read(parts: Sequence[Part], used: int) -> tuple[DocumentRead, ...]:
    """Return what was read where the first `used` of `parts` were."""
    totals = Counter(part.document for part in parts)
    read = []
    for document, of_one in groupby(parts[:used], key=lambda part: part.document):
        mine = list(of_one)
        read.append(DocumentRead(document, sum(part.tokens for part in mine), len(mine), totals[document]))
    return tuple(read)


def said_of(parts: Sequence[Part], used: int, *, together: bool) -> list[Text]:
    """Return a sentence about how each document was read, and one about what was left out of it."""
    said = []
    for read in documents_read(parts, used):
        name = Path(read.document).name
        mine = [part for part in parts if part.document == read.document]
        if read.parts < read.total:
            place = mine[read.parts - 1].passages[-1].place.shown()
            said.append(filled(LEFT_OUT, name=name, n=read.parts, total=read.total, place=place))
        elif read.parts == 1:
            said.append(filled(WHOLE, name=name, n=read.tokens))
        else:
            said.append(filled(IN_PARTS if together else ONE_BY_ONE, name=name, n=read.parts))
    left = dict.fromkeys(part.document for part in parts[used:])
    reached = {part.document for part in parts[:used]}
    said += [filled(NOT_READ, name=Path(one).name) for one in left if one not in reached]
    return said


def filled(said: Text, **values: str | int) -> Text:
    """Return `said` with its places filled."""
    return replace(said, values=tuple(values.items()))
