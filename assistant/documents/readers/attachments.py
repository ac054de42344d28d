# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Documents within messages: each is read by the reader of its kind, as further places."""

import io
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field, replace

from assistant.documents.protocol import PlaceText, Reading
from assistant.documents.readers.refusals import too_large
from assistant.documents.readers.sections import BETWEEN, normal
from assistant.documents.readers.source import WHOLE_LIMIT, Cancelled, Reader, Source
from assistant.errors import DocumentError
from assistant.passages import Place, PlaceKind

DEPTH = 4  # messages within messages
_LABEL_LENGTH = 200


@dataclass(frozen=True)
class Attachment(Source):
    """A file that another one holds; `depth` counts the files around it."""

    body: bytes = field(default=b"", repr=False)
    depth: int = 1

    @classmethod
    def within(cls, outer: Source, name: str, body: bytes) -> "Attachment":
        """Return an attachment of `outer`."""
        name = normal(" ".join(name.replace("\\", "/").rpartition("/")[2].split())) or "attachment"
        inner = depth_of(outer) + 1
        return cls(name, -1, len(body), 0, postpone=outer.postpone, body=body, depth=inner)

    def file(self) -> io.BufferedReader:
        """Return the content as an open file."""
        return io.BufferedReader(io.BytesIO(self.body))


def depth_of(source: Source) -> int:
    """Return how many files stand around `source`."""
    return source.depth if isinstance(source, Attachment) else 0


def attached_places(
    attachments: Iterable[Attachment], read: Reader, ordinal: int, cancelled: Cancelled
) -> Generator[Reading, None, list[PlaceText]]:
    """Return the places of what can be read, named after the attachment, from `ordinal` on.

    What cannot be read (a picture, a protected file) is left out: its name stands in the message.
    """
    places: list[PlaceText] = []
    letters = 0
    for attachment in attachments:
        if cancelled() or attachment.depth > DEPTH or not attachment.body:
            continue
        try:
            found = yield from read(attachment, cancelled)
        except DocumentError:
            continue
        letters += sum(len(place.text) for place in found.places)
        if letters > WHOLE_LIMIT:
            raise too_large(attachment.name)
        places += _renamed(found.places, attachment.name, ordinal + len(places))
    return places


def _renamed(places: Iterable[PlaceText], name: str, ordinal: int) -> Iterator[PlaceText]:
    for number, place in enumerate(places, ordinal):
        yield replace(place, place=_within(place.place, name, number))


def _within(place: Place, name: str, ordinal: int) -> Place:
    """Return the place of an attachment's text in the message, which has no pages itself."""
    if place.kind is PlaceKind.PAGE:
        return Place(PlaceKind.SECTION, ordinal, place.page, name[:_LABEL_LENGTH])
    if place.kind is PlaceKind.SLIDE:
        return Place(PlaceKind.SECTION, ordinal, label=f"{name}, {place.page}"[:_LABEL_LENGTH])
    label = f"{name}{BETWEEN}{place.label}" if place.label else name
    return Place(place.kind, ordinal, label=label[:_LABEL_LENGTH])
