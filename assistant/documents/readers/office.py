# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Office formats, web pages, books and e-mail, through kreuzberg.

kreuzberg gets bytes and returns a tree of nodes in reading order; a place is a slide, a sheet, a
message, or what stands below a heading. Its cache would keep every text unencrypted and its text
recognition would look for downloads: both are always off.
"""

import re
import secrets
import unicodedata
from collections.abc import Generator, Iterable, Iterator
from typing import Any

import kreuzberg

from assistant.documents.protocol import PlaceText, Reading
from assistant.documents.readers.plain import decode
from assistant.documents.readers.sections import Section, section_places
from assistant.documents.readers.source import Cancelled, Extracted, Source, damaged, locked
from assistant.errors import DocumentError, NoTextError
from assistant.passages import Place, PlaceKind
from assistant.texts import text

_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
SLIDES = {
    ".pptx": f"{_OPEN_XML}.presentationml.presentation",
    ".ppt": "application/vnd.ms-powerpoint",
}
SHEETS = {
    ".xlsx": f"{_OPEN_XML}.spreadsheetml.sheet",
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
    ".xls": "application/vnd.ms-excel",
    ".ods": f"{_OPEN_DOCUMENT}.spreadsheet",
}
MESSAGES = {".eml": "message/rfc822", ".msg": "application/vnd.ms-outlook"}
WEB = {".html": "text/html", ".htm": "text/html", ".xhtml": "text/html"}
TEXTS = {
    ".docx": f"{_OPEN_XML}.wordprocessingml.document",
    ".doc": "application/msword",
    ".odt": f"{_OPEN_DOCUMENT}.text",
    ".rtf": "application/rtf",
    ".epub": "application/epub+zip",
    ".ipynb": "application/x-ipynb+json",
}
MIME_TYPES = SLIDES | SHEETS | MESSAGES | WEB | TEXTS

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] 2.2
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] 1.3.2
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
# kreuzberg writes what a paragraph of a web page holds as Markdown; a reader of the page sees words.
_MARKDOWN = (
    (
        re.compile(
            r"!?\[((?:[^\[\]]|\[[^\[\]]{0,200}\]){0,500})\]"
            r"\((?:[^()\s]|\([^()\s]{0,200}\)){0,2000}(?:\s+\"[^\"\n]{0,500}\")?\)"
        ),
        r"\1",
    ),
    (re.compile(r"\*\*([^*\n]+)\*\*"), r"\1"),
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)
_BLANK_LINE = "\n\n"


def read_office(source: Source, _cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read one file in one step. Raises DocumentError (protected, damaged), NoTextError."""
    mark = f"maru-{secrets.token_hex(8)}"  # a document cannot guess it and so forge a slide
    yield Reading(0, 1)
    result = _extracted(source, mark)
    nodes = _Nodes(result.document["nodes"] if result.document else [], source.suffix in WEB)
    if source.suffix in SLIDES:
        places = _slides(nodes, mark)
    elif source.suffix in SHEETS:
        places = _sheets(nodes)
    elif source.suffix in MESSAGES:
        places = _message(nodes, str(result.metadata.get("subject") or ""))
    else:
        places = section_places(nodes.sections())
    if not any(place.text.strip() for place in places):
        raise NoTextError(
            text("{name} holds no text.", name=source.name),
            text("If it shows text, that text is a picture: it cannot be searched."),
        )
    yield Reading(1, 1)
    pages = len(places) if source.suffix in SLIDES or source.suffix in SHEETS else 0
    return Extracted(_title(result.metadata, source), places, pages)


def _extracted(source: Source, mark: str) -> Any:
    content = source.content()
    if source.suffix in WEB:
        content = _utf8(content)
    config = kreuzberg.ExtractionConfig(
        use_cache=False,
        disable_ocr=True,
        include_document_structure=True,
        concurrency=kreuzberg.ConcurrencyConfig(max_threads=1),
        pages=kreuzberg.PageConfig(
            insert_page_markers=source.suffix in SLIDES, marker_format=f"\n\n{mark} {{page_num}}\n\n"
        ),
    )
    try:
        return kreuzberg.extract_bytes_sync(content, MIME_TYPES[source.suffix], config)
    except kreuzberg.KreuzbergError as error:
        # Its words are about the file's structure: they are looked at, never shown.
        if "password" in str(error).lower() or (content.startswith(_OLE) and _ENCRYPTED in content):
            raise locked(source.name) from None
        if "security limit" in str(error).lower():
            raise DocumentError(
                text("{name} unpacks to far more than a document holds.", name=source.name),
                text("If you trust it, save it as PDF and add that."),
            ) from None
        raise damaged(source.name) from None


def _utf8(content: bytes) -> bytes:
    """Return a web page as UTF-8, from the encoding it names or else the one it is in."""
    words = None
    if named := _CHARSET.search(content[:2048]):
        try:
            words = content.decode("cp949" if named[1].lower() == b"euc-kr" else named[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            words = None
    words = words or decode(content) or content.decode("utf-8", "replace")
    return _CHARSET.sub(b"charset=utf-8", words.encode("utf-8"), count=1) if named else words.encode("utf-8")


class _Nodes:
    """The nodes of a document, each as (heading level or 0, its text)."""

    def __init__(self, nodes: Iterable[dict[str, Any]], marked: bool) -> None:
        self._nodes = list(nodes)
        self._marked = marked

    def __iter__(self) -> Iterator[tuple[int, str]]:
        for node in self._nodes:
            content = node["content"]
            words = _node_text(content)
            if self._marked:
                words = _without_markdown(words)
            if words.strip() and node.get("content_layer") not in ("header", "footer"):
                yield (int(content.get("level", 1)) if content["node_type"] == "heading" else 0), words

    def sections(self) -> Iterator[Section]:
        level, heading, parts = 0, "", list[str]()
        for found, words in self:
            if found:
                yield Section(level, heading, "".join(parts))
                level, heading, parts = found, words, []
            parts.append(words + _BLANK_LINE)
        yield Section(level, heading, "".join(parts))


def _node_text(content: dict[str, Any]) -> str:
    kind = content["node_type"]
    if kind == "table":
        return _table_text(content["grid"])
    if kind == "metadata_block":
        return "\n".join(f"{name}: {value}" for name, value in content.get("entries", ()))
    if kind == "image":
        return str(content.get("description") or "")
    return str(content.get("text") or "")


def _without_markdown(words: str) -> str:
    previous = ""
    while previous != words and "](" in words:  # a picture may stand inside a link
        previous, words = words, _MARKDOWN[0][0].sub(_MARKDOWN[0][1], words)
    for pattern, kept in _MARKDOWN[1:]:
        words = pattern.sub(kept, words)
    return words


def _table_text(grid: dict[str, Any]) -> str:
    """Return a line a row, its cells separated by " | "; empty rows are left out."""
    rows: dict[int, list[str]] = {}
    for cell in grid["cells"]:
        rows.setdefault(cell["row"], []).append(" ".join(str(cell["content"]).split()))
    return "\n".join(" | ".join(cells).rstrip(" |") for _row, cells in sorted(rows.items()) if any(cells))


def _slides(nodes: _Nodes, mark: str) -> tuple[PlaceText, ...]:
    slides: dict[int, str] = {}
    number = 1
    for _level, words in nodes:
        if marked := re.fullmatch(rf"{mark} (\d+)", words.strip()):
            number = int(marked[1])
            slides.setdefault(number, "")
        else:
            slides[number] = slides.get(number, "") + words + _BLANK_LINE
    numbers = range(1, max(slides, default=0) + 1)
    return tuple(
        PlaceText(Place(PlaceKind.SLIDE, n - 1, page=n), _normal(slides.get(n, ""))) for n in numbers
    )


def _sheets(nodes: _Nodes) -> tuple[PlaceText, ...]:
    sheets = [section for section in nodes.sections() if section.level]
    return tuple(
        PlaceText(
            Place(PlaceKind.SHEET, n, page=n + 1, label=_normal(sheet.heading)),
            _normal(sheet.text.removeprefix(sheet.heading).lstrip("\n")),
        )
        for n, sheet in enumerate(sheets)
    )


def _message(nodes: _Nodes, subject: str) -> tuple[PlaceText, ...]:
    words = _BLANK_LINE.join(words for _level, words in nodes)
    return (PlaceText(Place(PlaceKind.MESSAGE, 0, label=_normal(subject)), _normal(words)),)


def _title(metadata: dict[str, Any], source: Source) -> str:
    return str(metadata.get("subject" if source.suffix in MESSAGES else "title") or "")


def _normal(words: str) -> str:
    return unicodedata.normalize("NFC", words)
