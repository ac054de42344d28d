# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Documents of Hangul Office: HWP 5 (.hwp, templates .hwt) and HWPX (.hwpx), told apart by their content."""

import time
from collections.abc import Generator

from assistant.documents.protocol import PlaceText, Reading
from assistant.documents.readers.hwp5 import SIGN_EVERY_S, hwp5_flow
from assistant.documents.readers.hwp_flow import clean
from assistant.documents.readers.hwp_places import Steps, places_of
from assistant.documents.readers.hwpx import hwpx_flow
from assistant.documents.readers.source import Cancelled, Extracted, Source, damaged
from assistant.errors import DocumentError, NoTextError
from assistant.passages import PlaceKind
from assistant.texts import text

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] 2.2
_ZIP = b"PK\3\4"
_OLD = (b"HWP Document File V1.", b"HWP Document File V2.", b"HWP Document File V3.")
_XML_FORM = (b"<HWPML", "<HWPML".encode("utf-16-le"))


def read_hwp(source: Source, cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read one document. Raises DocumentError (damaged, protected, of another version), NoTextError."""
    head = source.head()
    if head.startswith(_COMPOUND):
        title, sections = yield from hwp5_flow(source, cancelled)
    elif head.startswith(_ZIP):
        title, sections = yield from hwpx_flow(source, cancelled)
    else:
        raise _unknown(source, head)
    places = yield from _told(places_of(sections))
    if not cancelled() and not any(place.text.strip() for place in places):
        raise NoTextError(
            text("{name} holds no text.", name=source.name),
            text("If it shows text, that text is a picture: it cannot be searched."),
        )
    title = (
        clean(title) if any(map(str.isalpha, title)) else ""
    )  # the first line of a draft is often a number
    return Extracted(title, places, len(places) if places[0].place.kind is PlaceKind.PAGE else 0)


def _told(steps: Steps) -> Generator[Reading, None, tuple[PlaceText, ...]]:
    """Run through the steps with a sign of life now and then."""
    sign = time.monotonic()
    while True:
        try:
            next(steps)
        except StopIteration as end:
            places: tuple[PlaceText, ...] = end.value
            return places
        if time.monotonic() - sign > SIGN_EVERY_S:
            sign = time.monotonic()
            yield Reading(1, 1)


def _unknown(source: Source, head: bytes) -> DocumentError:
    """Return what to tell the user of a file that is neither HWP 5 nor HWPX."""
    if head.startswith(_OLD):
        return DocumentError(
            text(
                "{name} was saved by Hangul 3.0 or an older version, which Maru cannot read.",
                name=source.name,
            ),
            text("Open it in Hangul Office, save it as HWPX and add that."),
        )
    if any(mark in head for mark in _XML_FORM):
        return DocumentError(
            text(
                "{name} is in the XML form of Hangul Office (HML), which Maru cannot read.", name=source.name
            ),
            text("Open it in Hangul Office, save it as HWPX and add that."),
        )
    return damaged(source.name)
