# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Outlook messages: [MS-OXMSG], properties ([MS-OXPROPS]) as streams of an OLE container."""

import io
import struct
from collections.abc import Generator, Iterator
from datetime import UTC, datetime, timedelta

import olefile

from assistant.documents.protocol import PlaceText, Reading
from assistant.documents.readers.attachments import DEPTH, Attachment, attached_places
from assistant.documents.readers.encodings import decode
from assistant.documents.readers.sections import BETWEEN, normal
from assistant.documents.readers.source import Cancelled, Extracted, Reader, Source, damaged
from assistant.documents.readers.web import web_page
from assistant.passages import Place, PlaceKind

_SUBJECT, _SENDER, _ADDRESS, _SMTP, _TO, _CC = "0037", "0C1A", "0C1F", "5D01", "0E04", "0E03"
_BODY, _HTML, _DATA, _LONG_NAME, _SHORT_NAME = "1000", "1013", "3701", "3707", "3704"
_TIMES = (0x0039, 0x0E06)  # sent, delivered
_EMBEDDED = "__substg1.0_3701000D"
_ATTACHED = "__attach_version1.0_#"
_LABEL_LENGTH = 200
_Path = list[str]


def outlook_reader(read: Reader) -> Reader:
    """Return the reader of an Outlook message, whose attachments `read` reads."""

    def read_outlook(source: Source, cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
        yield Reading(0, 1)
        try:
            with olefile.OleFileIO(io.BytesIO(source.content())) as container:
                message = _Message(container, source, read)
                places = yield from message.places([], 0, cancelled)
                title = message.string([], _SUBJECT)
        except (OSError, struct.error, ValueError, IndexError, AttributeError):
            raise damaged(source.name) from None
        yield Reading(1, 1)
        return Extracted(title, tuple(places), 0)

    return read_outlook


class _Message:
    """A message in an open container; messages within it are storages of the same container."""

    def __init__(self, container: olefile.OleFileIO, source: Source, read: Reader) -> None:
        self._container = container
        self._source = source
        self._read = read
        if not container.exists("__properties_version1.0"):
            raise damaged(source.name)

    def places(
        self, path: _Path, ordinal: int, cancelled: Cancelled, label: str = ""
    ) -> Generator[Reading, None, list[PlaceText]]:
        """Return a place for the message at `path`, then those of what is attached to it."""
        names = {name: self._name(name) for name in self._attached(path)}
        subject = self.string(path, _SUBJECT)
        sender = " ".join(
            part
            for part in (self.string(path, _SENDER), self.string(path, _SMTP) or self.string(path, _ADDRESS))
            if part
        )
        fields = {
            "Subject": subject,
            "From": sender,
            "To": self.string(path, _TO),
            "Cc": self.string(path, _CC),
            "Date": self._date(path),
            "Attachments": ", ".join(names.values()),
        }
        head = "\n".join(f"{name}: {value}" for name, value in fields.items() if value)
        shown = f"{label}{BETWEEN}{subject}" if label else subject
        place = Place(PlaceKind.MESSAGE, ordinal, label=normal(shown)[:_LABEL_LENGTH])
        places = [PlaceText(place, normal(f"{head}\n\n{self._text(path)}").strip())]
        for attached, name in names.items():
            after = ordinal + len(places)
            inner = [*attached, _EMBEDDED]
            if self._container.exists("/".join(inner)):
                if len(path) < 2 * DEPTH:
                    places += yield from self.places(inner, after, cancelled, name)
            else:
                attachment = Attachment.within(self._source, name, self._bytes(list(attached), _DATA))
                places += yield from attached_places([attachment], self._read, after, cancelled)
        return places

    def string(self, path: _Path, name: str) -> str:
        """Return a string property: in UTF-16, or in an older message in the encoding it looks like."""
        wide = self._stream(path, f"__substg1.0_{name}001F")
        if wide:
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        narrow = self._stream(path, f"__substg1.0_{name}001E").rstrip(b"\0")
        return decode(narrow) or narrow.decode("latin-1")

    def _bytes(self, path: _Path, name: str) -> bytes:
        return self._stream(path, f"__substg1.0_{name}0102")

    def _text(self, path: _Path) -> str:
        words = self.string(path, _BODY).replace("\r\n", "\n")
        page = self._bytes(path, _HTML).rstrip(b"\0")
        if words.strip() or not page:
            return words
        _title, sections = web_page(page)
        return "".join(section.text for section in sections)

    def _attached(self, path: _Path) -> Iterator[tuple[str, ...]]:
        found = {
            tuple(entry[: len(path) + 1])
            for entry in self._container.listdir(streams=True, storages=True)
            if entry[: len(path)] == path and entry[len(path) :] and entry[len(path)].startswith(_ATTACHED)
        }
        return iter(sorted(found))

    def _name(self, attached: tuple[str, ...]) -> str:
        path = list(attached)
        name = self.string(path, _LONG_NAME) or self.string(path, _SHORT_NAME)
        return normal(name or self.string([*path, _EMBEDDED], _SUBJECT) or "attachment")

    def _date(self, path: _Path) -> str:
        """Return when the message was sent, in UTC: properties of 16 bytes after a head ([MS-OXMSG] 2.4)."""
        content = self._stream(path, "__properties_version1.0")
        for start in (32, 24):
            for at in range(start, len(content) - 15, 16):
                tag, _flags, ticks = struct.unpack_from("<IIQ", content, at)
                if tag >> 16 in _TIMES and tag & 0xFFFF == 0x0040 and 0 < ticks < 1 << 59:
                    moment = datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)
                    return moment.strftime("%Y-%m-%d %H:%M UTC")
        return ""

    def _stream(self, path: _Path, name: str) -> bytes:
        full = "/".join([*path, name])
        if not self._container.exists(full):
            return b""
        with self._container.openstream(full) as stream:
            return bytes(stream.read())
