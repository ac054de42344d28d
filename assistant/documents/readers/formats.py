# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Which reader reads which file."""

import re
import unicodedata
from collections.abc import Generator

from assistant.documents.protocol import Reading
from assistant.documents.readers.hwp import read_hwp
from assistant.documents.readers.office import MIME_TYPES, read_office
from assistant.documents.readers.pdf import read_pdf
from assistant.documents.readers.plain import read_markdown, read_table, read_text
from assistant.documents.readers.source import Cancelled, Extracted, Reader, Source
from assistant.errors import DocumentError
from assistant.texts import text

MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".mkd"})
TABLES = frozenset({".csv", ".tsv"})
HANGUL_OFFICE = frozenset({".hwp", ".hwpx", ".hwt"})
HANGUL_XML = ".hml"  # its reader says what to do with it
# Endings of what holds no text that a reader of ours finds: refused without reading them through.
NOT_TEXT = frozenset(
    {".7z", ".avi", ".bmp", ".bz2", ".dll", ".dmg", ".exe", ".gguf", ".gif", ".gz", ".heic", ".iso", ".jpeg",
     ".jpg", ".key", ".mbox", ".mkv", ".mov", ".mp3", ".mp4", ".numbers", ".pages", ".png", ".rar",
     ".safetensors", ".so", ".svg", ".tar", ".tif", ".tiff", ".wav", ".webp", ".xz", ".zip"}
)  # fmt: skip
KNOWN = MARKDOWN | TABLES | HANGUL_OFFICE | MIME_TYPES.keys() | {"", ".txt", ".text", ".log"}
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")  # marks of UTF-16 and UTF-32
_UNTITLED = re.compile(
    r"untitled|\(unspecified\)|microsoft \w+ - |.*\.(docx?|hwpx?|indd|odt|pdf|pptx?|rtf|tex|xlsx?)$",
    re.IGNORECASE,
)


def extract(source: Source, cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read `source` by its kind. Raises DocumentError, NoTextError."""
    return (yield from _reader(source)(source, cancelled))


def title_of(found: Extracted, source: Source) -> str:
    """Return the title that the file gives itself, or its name without the ending."""
    title = " ".join(unicodedata.normalize("NFC", found.title).split())
    if title and not _UNTITLED.match(title):
        return title
    return source.stem


def _reader(source: Source) -> Reader:
    """Choose by content for PDF, else by the name's ending; an unknown one is tried as text."""
    suffix = source.suffix
    if suffix == ".pdf" or b"%PDF-" in source.head():
        return read_pdf
    if suffix in HANGUL_OFFICE or suffix == HANGUL_XML:
        return read_hwp
    if suffix in NOT_TEXT or (suffix not in KNOWN and _is_binary(source.head())):
        raise DocumentError(
            text("{name} is of a kind that Maru cannot read.", name=source.name),
            text("Save it as PDF, as an office document or as text, and add that."),
        )
    if suffix in MIME_TYPES:
        return read_office
    if suffix in MARKDOWN:
        return read_markdown
    return read_table if suffix in TABLES else read_text


def _is_binary(head: bytes) -> bool:
    return b"\0" in head and not head.startswith(_WIDE)
