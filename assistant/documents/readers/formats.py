# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Which reader reads which file."""

import re
import unicodedata
from collections.abc import Generator
from functools import partial

from assistant.documents.protocol import Reading
from assistant.documents.readers import ocr
from assistant.documents.readers.docx import read_docx
from assistant.documents.readers.epub import read_epub
from assistant.documents.readers.hwp import read_hwp
from assistant.documents.readers.latex import read_latex
from assistant.documents.readers.mail import mailbox_reader, message_reader, read_web_archive
from assistant.documents.readers.notebooks import read_notebook
from assistant.documents.readers.odt import read_odt
from assistant.documents.readers.office import MIME_TYPES, office_reader
from assistant.documents.readers.ole import MARK
from assistant.documents.readers.opendocument import read_odp, read_ods
from assistant.documents.readers.outlook import outlook_reader
from assistant.documents.readers.pdf import read_pdf
from assistant.documents.readers.pictures import PICTURES, read_picture, words_in_page
from assistant.documents.readers.plain import read_markdown, read_table, read_text
from assistant.documents.readers.pptx import read_pptx
from assistant.documents.readers.rtf import read_rtf
from assistant.documents.readers.source import Cancelled, Extracted, Reader, Source, damaged
from assistant.documents.readers.subtitles import SUBTITLES, read_subtitles
from assistant.documents.readers.web import read_web
from assistant.documents.readers.xls import read_xls
from assistant.documents.readers.xlsx import read_xlsx
from assistant.errors import DocumentError
from assistant.texts import text

HANGUL_OFFICE = frozenset({".hwp", ".hwpx", ".hwt"})
HANGUL_XML = ".hml"  # its reader says what to do with it
# Endings of what holds no text that a reader of ours finds: refused without reading them through.
NOT_TEXT = frozenset(
    {".avi", ".dll", ".dmg", ".exe", ".gguf", ".heic", ".iso", ".key", ".mkv", ".mov", ".mp3", ".mp4",
     ".numbers", ".pages", ".safetensors", ".so", ".svg", ".wav"}
)  # fmt: skip
ARCHIVES = frozenset({".7z", ".bz2", ".gz", ".rar", ".tar", ".tgz", ".xz", ".zip"})
CODE = frozenset(
    {".adoc", ".asm", ".bash", ".bat", ".bib", ".c", ".cc", ".cfg", ".clj", ".cmake", ".cmd", ".conf", ".cpp",
     ".cs", ".css", ".cxx", ".dart", ".erl", ".ex", ".exs", ".fish", ".go", ".gradle", ".graphql", ".groovy",
     ".h", ".hpp", ".hs", ".ini", ".java", ".jl", ".js", ".json", ".jsonl", ".jsx", ".kt", ".kts", ".less",
     ".lua", ".mjs", ".mm", ".org", ".pas", ".php", ".pl", ".pm", ".properties", ".proto", ".ps1", ".py",
     ".pyi", ".r", ".rb", ".rs", ".rss", ".rst", ".scala", ".scss", ".sh", ".sql", ".svelte", ".swift", ".tf",
     ".toml", ".ts", ".tsx", ".vb", ".vbs", ".vue", ".xml", ".xsd", ".xsl", ".yaml", ".yml", ".zsh"}
)  # fmt: skip
TEXT = CODE | {"", ".txt", ".text", ".log"}
_READERS: dict[str, Reader] = (
    dict.fromkeys(TEXT, read_text)
    | dict.fromkeys(SUBTITLES, read_subtitles)
    | {kind: office_reader(kind) for kind in MIME_TYPES}
    | dict.fromkeys((".md", ".markdown", ".mdown", ".mkd"), read_markdown)
    | dict.fromkeys((".csv", ".tsv"), read_table)
    | dict.fromkeys((".htm", ".html", ".xhtml"), read_web)
    | dict.fromkeys((".mht", ".mhtml"), read_web_archive)
    | dict.fromkeys(PICTURES, read_picture)
    | dict.fromkeys((".docm", ".docx"), read_docx)
    | dict.fromkeys((".pptm", ".ppsx", ".pptx"), read_pptx)
    | dict.fromkeys((".xlsm", ".xlsx"), read_xlsx)
    | {
        ".ods": read_ods,
        ".odp": read_odp,
        ".odt": read_odt,
        ".rtf": read_rtf,
        ".xls": read_xls,
        ".epub": read_epub,
        ".ipynb": read_notebook,
        ".tex": read_latex,
    }
)
_MAIL = frozenset({".eml", ".mbox", ".msg"})
KNOWN = _READERS.keys() | _MAIL | HANGUL_OFFICE
_NEWER = {".doc": ".docx", ".ppt": ".pptx", ".xls": ".xlsx"}
_OLDER = {newer: older for older, newer in _NEWER.items()} | {
    ".docm": ".doc",
    ".pptm": ".ppt",
    ".xlsm": ".xls",
}
_ZIP = b"PK\x03\x04"
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")  # marks of UTF-16 and UTF-32
_UNTITLED = re.compile(
    r"untitled|\(unspecified\)|microsoft \w+ - |.*\.(docx?|hwpx?|indd|odt|pdf|pptx?|rtf|tex|xlsx?)$",
    re.IGNORECASE,
)


def extract(source: Source, cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read `source` by its kind. Raises DocumentError, NoTextError."""
    try:
        return (yield from _reader(source)(source, cancelled))
    except RecursionError:  # of elements within elements without end
        raise damaged(source.name) from None


def title_of(found: Extracted, source: Source) -> str:
    """Return the title that the file gives itself, or its name without the ending."""
    title = " ".join(unicodedata.normalize("NFC", found.title).split())
    if title and not _UNTITLED.match(title):
        return title
    return source.stem


def _reader(source: Source) -> Reader:
    """Choose by content for PDF, else by the name's ending; an unknown one is tried as text."""
    suffix, head = source.suffix, source.head()
    if suffix == ".pdf" or b"%PDF-" in head:
        return partial(read_pdf, recognize=words_in_page if ocr.ready() else None)
    if suffix in HANGUL_OFFICE or suffix == HANGUL_XML:
        return read_hwp
    if suffix in ARCHIVES:
        raise DocumentError(
            text("{name} is an archive.", name=source.name),
            text("Unpack it first, and add the folder with its files."),
        )
    if suffix in NOT_TEXT or (suffix not in KNOWN and _is_binary(head)):
        raise DocumentError(
            text("{name} is of a kind that Maru cannot read.", name=source.name),
            text("Save it as PDF, as an office document or as text, and add that."),
        )
    if suffix in _MAIL:
        return _mail_reader(suffix, head)
    return _office_reader(source, head) or _READERS.get(suffix, read_text)


def _mail_reader(suffix: str, head: bytes) -> Reader:
    if head.startswith(MARK):
        return outlook_reader(extract)
    if suffix == ".mbox" or head.startswith(b"From "):
        return mailbox_reader(extract)
    return message_reader(extract)


def _office_reader(source: Source, head: bytes) -> Reader | None:
    """Return the reader of an office document that has the ending of another kind; None for others.

    Programs write web pages and tables of text as .xls, and RTF as .doc; encrypted Office documents
    are in the container of the older formats.
    """
    suffix = source.suffix
    if head.startswith(MARK) and suffix in _OLDER:
        return _READERS[_OLDER[suffix]]
    if suffix not in _NEWER or head.startswith(MARK):
        return None
    if head.startswith(_ZIP):
        return _READERS[_NEWER[suffix]]
    if head.startswith(b"{\\rtf"):
        return _READERS[".rtf"]
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<head", b"<meta")):
        return read_web
    if start.startswith((b"mime-version:", b"from:")):  # a page saved from the web, with its pictures
        return read_web_archive
    if b"<?mso-application" in start:
        raise DocumentError(
            text("{name} is in the XML format of Office 2003, which Maru cannot read.", name=source.name),
            text("Open it, save it as .docx or .xlsx, and add that."),
        )
    return read_table if suffix == ".xls" and not _is_binary(head) else None


def _is_binary(head: bytes) -> bool:
    return b"\0" in head and not head.startswith(_WIDE)
