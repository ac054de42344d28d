# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The texts that `maru redact` works on: files as they are, documents as Maru reads them, standard input."""

import contextlib
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.commands.output import note
from assistant.documents.parser import Parser
from assistant.documents.protocol import Document
from assistant.engines import open_parser
from assistant.errors import DocumentError
from assistant.texts import text

# What is read by the parser: the text does not stand in the file as it is.
_ENDINGS = frozenset(
    {".doc", ".docm", ".docx", ".eml", ".epub", ".hml", ".hwp", ".hwpx", ".hwt", ".mbox", ".mht", ".mhtml",
     ".msg", ".odp", ".ods", ".odt", ".pdf", ".ppsx", ".ppt", ".pptm", ".pptx", ".rtf", ".xls", ".xlsm",
     ".xlsx", ".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}
)  # fmt: skip
_MARKS = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff")
_ENCODINGS = ("utf-8-sig", "cp949")


@dataclass(frozen=True)
class Given:
    """A text and the file it came from; None for standard input."""

    path: Path | None
    text: str


def read_texts(paths: Sequence[Path]) -> list[Given]:
    """Return the text of each file, or of standard input where none is named. Raises DocumentError."""
    if not paths:
        return [Given(None, _decoded(sys.stdin.buffer.read()))]
    with contextlib.closing(open_parser()) as parser:  # its process starts with the first document
        return [Given(path, _text_of(path.expanduser(), parser)) for path in paths]


def _text_of(path: Path, parser: Parser) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DocumentError(
            text("{name} cannot be read ({reason}).", name=path.name, reason=error.strerror or ""),
            text("Check the path and its rights."),
        ) from error
    if path.suffix.lower() in _ENDINGS or raw.startswith(_MARKS):
        return _parsed(path, parser)
    return _decoded(raw)


def _parsed(path: Path, parser: Parser) -> str:
    reading = parser.read(path.absolute(), threading.Event())
    while True:
        try:
            next(reading)
        except StopIteration as end:
            document: Document = end.value
            break
    for words in document.notes:
        note(f"{path.name}: {words}")
    return "\n\n".join(place.text.rstrip() for place in document.places) + "\n"


def _decoded(raw: bytes) -> str:
    """Return a file's text: UTF-8, or CP949 where it is none."""
    for encoding in _ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DocumentError(
        text("The text is in an encoding that Maru does not know."), text("Save it as UTF-8 and try again.")
    )
