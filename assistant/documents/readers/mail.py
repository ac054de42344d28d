# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""E-mail: messages (RFC 5322, RFC 2045 to 2049), mailboxes (RFC 4155) and web archives (RFC 2557)."""

import re
from binascii import Error as BinasciiError
from collections.abc import Generator, Iterator
from email import policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser

from assistant.documents.protocol import PlaceText, Reading
from assistant.documents.readers.attachments import Attachment, attached_places
from assistant.documents.readers.encodings import decode
from assistant.documents.readers.refusals import only_pictures, too_large
from assistant.documents.readers.sections import Section, normal, section_places
from assistant.documents.readers.source import Cancelled, Extracted, Reader, Source, damaged
from assistant.documents.readers.web import web_page
from assistant.passages import Place, PlaceKind

MESSAGE_LIMIT = 64 << 20  # bytes of one message
_MAILBOX_LIMIT = 1 << 30  # bytes
_TEXT_LIMIT = 96 << 20  # letters of a mailbox
_PARTS = 1000  # of one message
_LINE = 1 << 20  # bytes
_WEB = ("text/html", "application/xhtml+xml")
_SHOWN = ("Subject", "From", "To", "Cc", "Date")
_LABEL_LENGTH = 200
_ENDINGS = {
    "message/rfc822": ".eml",
    "application/pdf": ".pdf",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/csv": ".csv",
    "text/calendar": ".txt",
}
# Names that programs write for encodings that Python knows under others.
_CHARSETS = {
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
_EMPTY_LINE = re.compile(rb"\r?\n\r?\n")
_SPACED = re.compile(rb"^([!-9;-~]+)[ \t]+:", re.MULTILINE)  # RFC 5322, 4.5.8: "Subject :"
_BARE_NAME = re.compile(r'name\s*=\s*"?([^";]+)')
_MAILBOX_LINE = re.compile(rb"From \S{1,300} .{0,100}\d\d:\d\d")


def message_reader(read: Reader) -> Reader:
    """Return the reader of a message, whose attachments `read` reads."""

    def read_message(source: Source, cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
        yield Reading(0, 1)
        message = _parsed(source.content(MESSAGE_LIMIT), source.name)
        places = yield from message_places(message, source, read, 0, cancelled)
        yield Reading(1, 1)
        return Extracted(header(message, "Subject"), tuple(places), 0)

    return read_message


def mailbox_reader(read: Reader) -> Reader:
    """Return the reader of a mailbox: its messages one after the other, with their attachments."""

    def read_mailbox(source: Source, cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
        source.check_size(_MAILBOX_LIMIT)
        places: list[PlaceText] = []
        letters = 0
        for content in _messages(source):
            yield Reading(len(places), 0)
            message = _parsed(content, source.name)
            new = yield from message_places(message, source, read, len(places), cancelled)
            places += new
            letters += sum(len(place.text) for place in new)
            if letters > _TEXT_LIMIT:
                raise too_large(source.name)
            if cancelled():
                break
        if not places:
            raise damaged(source.name)
        return Extracted("", tuple(places), 0)

    return read_mailbox


def read_web_archive(source: Source, _cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read an MHTML file: its page, then the pages that its frames show."""
    yield Reading(0, 1)
    message = _parsed(source.content(MESSAGE_LIMIT), source.name)
    pages = [part for part in message.walk() if part.get_content_type() in _WEB]
    title, sections = "", list[Section]()
    for part in pages:
        found, more = web_page(_body(part), _charset(part))
        title = title or found
        sections += more
    places = section_places(sections)
    if not places:
        raise only_pictures(source.name)
    yield Reading(1, 1)
    return Extracted(title or header(message, "Subject"), places, 0)


def message_places(
    message: Message, source: Source, read: Reader, ordinal: int, cancelled: Cancelled
) -> Generator[Reading, None, list[PlaceText]]:
    """Return a place for the message, then those of its attachments."""
    bodies, attachments = list[str](), list[Attachment]()
    for count, (words, attachment) in enumerate(_parts(message, source)):
        if count >= _PARTS:
            break
        if attachment:
            attachments.append(attachment)
        else:
            bodies.append(words)
    head = [f"{name}: {value}" for name in _SHOWN if (value := header(message, name))]
    if attachments:
        head.append(f"Attachments: {', '.join(attachment.name for attachment in attachments)}")
    shown = "\n".join(head) + "\n\n" + "\n\n".join(body.strip() for body in bodies if body.strip())
    label = header(message, "Subject")[:_LABEL_LENGTH]
    place = PlaceText(Place(PlaceKind.MESSAGE, ordinal, label=label), normal(shown).strip())
    return [place, *(yield from attached_places(attachments, read, ordinal + 1, cancelled))]


def header(message: Message, name: str) -> str:
    """Return a header field on one line, its encoded words (RFC 2047) decoded; "" where there is none."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    return " ".join(_decoded_words(raw, _charset(message)).split())


def _decoded_words(raw: str, charset: str) -> str:
    """Return a field's value; bytes that nothing is said about are in the message's own encoding."""
    if "=?" not in raw:
        return _text_of(raw.encode("utf-8", "surrogateescape"), charset)
    try:
        parts = decode_header(raw)
    except (ValueError, BinasciiError, HeaderParseError):
        return raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(
        part if isinstance(part, str) else _text_of(part, named or charset) for part, named in parts
    )


def _parsed(content: bytes, name: str) -> Message:
    """Parse leniently: a message with an odd header is still a message. Raises DocumentError."""
    content = content.lstrip(b"\r\n\t ").removeprefix(b"\xef\xbb\xbf")
    end = _EMPTY_LINE.search(content)
    head = content[: end.start()] if end else content
    content = _SPACED.sub(rb"\1:", head) + content[len(head) :]
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(content)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        raise damaged(name) from None
    if not message.keys():
        raise damaged(name)
    return message


def _parts(part: Message, source: Source) -> Iterator[tuple[str, Attachment | None]]:
    """Yield the texts of a message and what is attached to it, in their order."""
    kind, name = part.get_content_type(), _file_name(part)
    if kind == "message/rfc822":
        for inner in _inner(part):
            subject = header(inner, "Subject").replace("/", " ")
            yield "", Attachment.within(source, name or f"{subject or 'message'}.eml", _as_bytes(inner))
    elif kind == "message/delivery-status":
        lines = [f"{key}: {value}" for inner in _inner(part) for key, value in inner.raw_items()]
        yield "\n".join(lines).encode("utf-8", "replace").decode(), None
    elif kind == "multipart/alternative":
        yield from _alternatives(part, source)
    elif part.is_multipart():
        for inner in _inner(part):
            yield from _parts(inner, source)
    elif name or part.get_content_disposition() == "attachment":
        name = name or f"attachment{_ENDINGS.get(kind, '')}"
        yield (
            "",
            Attachment.within(source, name if "." in name else name + _ENDINGS.get(kind, ""), _body(part)),
        )
    elif kind.startswith("text/"):
        yield _words(part, kind), None


def _alternatives(part: Message, source: Source) -> Iterator[tuple[str, Attachment | None]]:
    """Yield the plainest of the alternatives that says anything, and what is attached to any."""
    plain = [inner for inner in _inner(part) if inner.get_content_type() == "text/plain"]
    others = [inner for inner in _inner(part) if inner.get_content_type() != "text/plain"]
    words = "\n".join(_words(inner, "text/plain") for inner in plain).strip()
    if words:
        yield words, None
    for inner in others:
        found = [one for one in _parts(inner, source) if one[1] or not words]
        words = words or "".join(text for text, _attachment in found).strip()
        yield from found


def _words(part: Message, kind: str) -> str:
    """Return the text of a part; of a web page its words."""
    if kind == "text/html":
        _title, sections = web_page(_body(part), _charset(part))
        return "".join(section.text for section in sections)
    return _text_of(_body(part), _charset(part))


def _text_of(content: bytes, charset: str) -> str:
    """Decode by what the message says, else by what it looks like."""
    if charset not in ("", "us-ascii", "iso-8859-1"):  # which programs say without looking
        try:
            return content.decode(charset)
        except (LookupError, ValueError):
            pass
    return decode(content) or content.decode("latin-1" if charset == "iso-8859-1" else "utf-8", "replace")


def _charset(part: Message) -> str:
    try:
        charset = (part.get_content_charset() or "").lower()
    except (LookupError, ValueError):
        return ""
    return _CHARSETS.get(charset, charset)


def _body(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, BinasciiError, LookupError):
        return b""
    return content if isinstance(content, bytes) else b""


def _inner(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _as_bytes(message: Message) -> bytes:
    try:
        return message.as_bytes()
    except (ValueError, LookupError, TypeError, AttributeError):  # a header that cannot be written again
        return b""


def _file_name(part: Message) -> str:
    try:
        name = str(part.get_filename() or "")
    except (ValueError, LookupError, TypeError):
        return ""
    if "\ufffd" in name:  # in bare bytes, which the package does not look at
        fields = " ".join(header(part, field) for field in ("Content-Disposition", "Content-Type"))
        bare = _BARE_NAME.search(fields)
        name = bare[1] if bare else name
    return _decoded_words(name, _charset(part))


def _messages(source: Source) -> Iterator[bytes]:
    """Yield the messages of a mailbox: each begins at a line "From " with a time, after an empty line."""
    with source.file() as file:
        lines: list[bytes] = []
        size, empty = 0, True
        for line in iter(lambda: file.readline(_LINE), b""):
            if empty and _MAILBOX_LINE.match(line):
                if lines:
                    yield b"".join(lines)
                lines, size = [], 0
            elif size < MESSAGE_LIMIT:
                lines.append(line[1:] if line.startswith(b">From ") else line)
                size += len(line)
            empty = line in (b"\n", b"\r\n")
        if b"".join(lines).strip():
            yield b"".join(lines)
