# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The texts that `maru redact` works on: files as they are, documents as Maru reads them, standard input."""

import contextlib
import re
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.commands.output import note
from assistant.documents.parser import Parser
from assistant.engines import open_parser
from assistant.errors import DocumentError, UsageError
from assistant.in_steps import result_of
from assistant.system_reasons import reason_of
from assistant.texts import text, tr

# What is read by the parser: the text does not stand in the file as it is.
_ENDINGS = frozenset(
    {".doc", ".docm", ".docx", ".eml", ".epub", ".hml", ".hwp", ".hwpx", ".hwt", ".mbox", ".mht", ".mhtml",
     ".msg", ".odp", ".ods", ".odt", ".pdf", ".ppsx", ".ppt", ".pptm", ".pptx", ".rtf", ".xls", ".xlsm",
     ".xlsx", ".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}
)  # fmt: skip
_MARKS = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff")
_ENCODINGS = ("utf-8-sig", "cp949")  # where the detector is not sure
_LARGEST = 100 << 20  # bytes of a text; the memory for it is a dozen times that
_LONG = 4 << 20  # bytes of texts that take a while to look through
_MB = 1 << 20
_HALF = re.compile("[\ud800-\udfff]")  # of a pair, alone: no letter, though some programs write it
_HALF_AS_BYTES = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_ZEROS = 10  # of so many signs one is zero at most


@dataclass(frozen=True)
class Given:
    """A text and the file it came from; None for standard input."""

    path: Path | None
    text: str


def read_texts(paths: Sequence[Path]) -> list[Given]:
    """Return the text of each file, or of standard input where none is named.

    Raises DocumentError; UsageError where there is no standard input. What takes long is said beforehand.
    """
    if not paths:
        given = [Given(None, _standard_input())]
    else:
        with contextlib.closing(open_parser()) as parser:  # its process starts with the first document
            given = [Given(path, _text_of(path.expanduser(), parser)) for path in paths]
    size = sum(len(one.text) for one in given)
    if size > _LONG:
        note(tr("{n} million letters are looked through: this takes a while.", n=round(size / 1e6)))
    return given


def _standard_input() -> str:
    if sys.stdin is None:
        raise UsageError(
            text("There is no standard input to read a text from."), text("Name a file to be read.")
        )
    raw = sys.stdin.buffer.read(_LARGEST + 1)
    _check_size(len(raw), tr("The text"))
    return _decoded(raw, tr("The text"))


def _check_size(size: int, name: str) -> None:
    if size > _LARGEST:
        raise DocumentError(
            text("{name} is larger than {n} MB.", name=name, n=_LARGEST // _MB),
            text("Cut it into several files."),
        )


def _text_of(path: Path, parser: Parser) -> str:
    name = path.name or str(path)  # "." and "/" have none
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except OSError as error:
        raise DocumentError(
            text("{name} cannot be read ({reason}).", name=name, reason=reason_of(error)),
            text("Check the path and its rights."),
        ) from error
    if path.suffix.lower() in _ENDINGS or raw.startswith(_MARKS):
        return _parsed(path, parser)
    _check_size(len(raw), name)
    return _decoded(raw, name)


def _parsed(path: Path, parser: Parser) -> str:
    document = result_of(parser.read(path.absolute(), threading.Event()))
    for words in document.notes:
        note(f"{path.name}: {words}")
    return "\n\n".join(place.text.rstrip() for place in document.places) + "\n"


def _decoded(raw: bytes, name: str) -> str:
    """Return a text to the letter, in the encoding that a document would be read in. Raises DocumentError.

    Half a pair (U+D800 to U+DFFF) that stands alone in UTF-8 becomes U+FFFD: no file could hold it again.
    """
    from assistant.documents.readers.encodings import decode  # noqa: PLC0415 - slow, and only this needs it

    if halves := _with_halves(raw):
        return halves
    words = decode(raw, exact=True)
    if words is None or words.count("\ufffd") > raw.count("\ufffd".encode()):  # not all of it is known
        words = _in_one_of(raw, _ENCODINGS if b"\0" not in raw else _ENCODINGS[:1])
    if words is None or _is_wide(raw, words):
        raise DocumentError(
            text("{name} is in an encoding that Maru does not know.", name=name),
            text("Save it as UTF-8 and try again."),
        )
    return words


def _with_halves(raw: bytes) -> str:
    """Return a text in UTF-8 that has half a pair in it; "" for any other."""
    if _HALF_AS_BYTES.search(raw):
        with contextlib.suppress(UnicodeDecodeError):
            return _HALF.sub("\ufffd", raw.decode("utf-8", "surrogatepass"))
    return ""


def _in_one_of(raw: bytes, encodings: Sequence[str]) -> str | None:
    for encoding in encodings:
        with contextlib.suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return None


def _is_wide(raw: bytes, words: str) -> bool:
    """Say whether a text was read letter by letter of what has two bytes each: half of it would be zeros."""
    return words.count("\0") * _ZEROS > len(words) and len(words) > 1 and b"\0" in raw
