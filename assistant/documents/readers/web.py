# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Web pages: the words that a browser would show, in the order of the file, without addresses.

What leads around a site (nav) can be quoted but is left out of the search.
"""

import re
from collections.abc import Generator
from html.parser import HTMLParser

from assistant.documents.protocol import Reading
from assistant.documents.readers.encodings import decode
from assistant.documents.readers.refusals import only_pictures
from assistant.documents.readers.sections import Builder, Section, section_places
from assistant.documents.readers.source import TEXT_LIMIT, Cancelled, Extracted, Source

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_KOREAN = ("euc-kr", "ks_c_5601-1987", "ksc5601")
_SILENT = frozenset({"script", "style", "template", "select", "datalist", "svg", "canvas", "audio", "video"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog",
     "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "header",
     "hr", "legend", "li", "main", "menu", "nav", "noframes", "noscript", "ol", "option", "p", "pre",
     "section", "summary", "textarea", "ul"}
)  # fmt: skip
_VOID = frozenset({"area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta"})
_STEP = 1 << 18  # letters
_FRAMES = 3  # pages within pages
_DECLARED = re.compile(r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?<!doctype[^\[>]{0,2000}\[[^\]]*\]\s*>", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")


def read_web(source: Source, _cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read a web page: a place for each heading path. Raises DocumentError, NoTextError."""
    yield Reading(0, 1)
    words = _without_declaration(_without_comments(_decoded(source.content(TEXT_LIMIT), "")))
    page = Page()
    for start in range(0, len(words), _STEP):
        page.feed(words[start : start + _STEP])
        yield Reading(0, 1)
    page.end()
    places = section_places(page.builder.finished())
    if not places:
        raise only_pictures(source.name)
    yield Reading(1, 1)
    return Extracted(page.title, places, 0)


def web_page(content: bytes, charset: str = "") -> tuple[str, list[Section]]:
    """Return the title and the sections of a page; `charset` is what stands around it says of it."""
    page = Page()
    page.read(_without_comments(_decoded(content, charset)))
    return page.title, page.builder.finished()


def _decoded(content: bytes, charset: str) -> str:
    """Decode by what the page says of itself, else by what it looks like."""
    named = _CHARSET.search(content[:2048])
    charset = (charset or (named[1].decode("ascii", "replace") if named else "")).lower()
    if charset:
        try:
            return content.decode("cp949" if charset in _KOREAN else charset)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(content) or content.decode("utf-8", "replace")


def _without_comments(words: str) -> str:
    """Leave comments out; the parser would look for the end of one that has none again and again."""
    parts, at = [], 0
    while (start := words.find("<!--", at)) >= 0 and (end := words.find("-->", start + 2)) >= 0:
        parts.append(words[at:start])
        at = end + 3
    return "".join([*parts, words[at:].replace("<!--", "")])


def _without_declaration(words: str) -> str:
    """Leave out the declarations within a document type, whose end the parser would take for text."""
    found = _DECLARED.match(words)
    return words if found is None else words[found.end() :]


class Page(HTMLParser):
    """Puts the sections of a page together; several pages may be read one after the other."""

    def __init__(self, builder: Builder | None = None, depth: int = 0) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = builder or Builder()
        self.title = ""
        self._depth = depth
        self._words: list[str] = []
        self._silent: list[str] = []  # open elements that show nothing
        self._heading = 0
        self._leading = 0  # open elements that lead around the site
        self._kept = 0  # open elements that keep their spaces
        self._in_title = False
        self._tables: list[list[list[str]]] = []

    def read(self, words: str) -> None:
        """Read a whole page."""
        self.feed(words)
        self.end()

    def end(self) -> None:
        """End a page and everything that is open in it; another one may follow."""
        self.close()
        self.reset()
        self._silent.clear()
        self._leading = self._kept = self._heading = 0
        while self._tables:
            self._end_table()
        self._flush()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, a row or a cell, or add what an element itself shows."""
        if self._silent or tag in _SILENT:
            if tag in _SILENT:
                self._silent.append(tag)
            return
        self._in_title = tag == "title" and not self.title
        if tag in _HEADINGS:
            self._flush()
            self._heading = 0 if self._tables else _HEADINGS[tag]
        elif tag in _BLOCKS:
            self._flush()
            self._kept += tag in ("pre", "textarea")
            self._leading = 0 if tag in ("article", "main") else self._leading + (tag == "nav")
        elif tag in ("table", "tr", "td", "th"):
            self._begin_cells(tag)
        else:
            self._show(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        """End what the element began."""
        if self._silent:
            if tag in self._silent:
                del self._silent[self._silent.index(tag) :]
            return
        self._in_title = False
        if tag == "table":
            self._end_table()
        elif tag in _BLOCKS or tag in _HEADINGS:
            self._flush()
            self._kept = max(self._kept - (tag in ("pre", "textarea")), 0)
            self._heading = 0
            self._leading = max(self._leading - (tag == "nav"), 0)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Read <x/> of XHTML: begun and ended."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        """Add letters."""
        if self._silent:
            return
        if self._in_title:
            self.title += data
        else:
            self._words.append(data if self._kept else _SPACE.sub(" ", data))

    def _show(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "br":
            self._words.append("\n")
        elif tag == "img":
            self._words.append(f" {attributes.get('alt') or ''} ")
        elif tag == "iframe" and attributes.get("srcdoc") and self._depth < _FRAMES:
            self._flush()
            Page(self.builder, self._depth + 1).read(attributes["srcdoc"] or "")

    def _begin_cells(self, tag: str) -> None:
        if tag == "table":
            self._flush()
            self._tables.append([])
        elif self._tables:
            self._flush()
            table = self._tables[-1]
            if tag == "tr" or not table:
                table.append([])
            if tag != "tr":
                table[-1].append("")

    def _end_table(self) -> None:
        self._flush()
        if not self._tables:
            return
        table = self._tables.pop()
        if self._tables:  # a table within a cell
            self._add("\n".join(" ".join(row) for row in table))
        elif max(map(len, table), default=0) > 1:
            self.builder.table(table)
        else:
            for row in table:
                for cell in row:
                    self.builder.paragraph(cell)

    def _flush(self) -> None:
        lines = "".join(self._words).split("\n")
        kept = lines if self._kept else [_SPACE.sub(" ", line).strip(" ") for line in lines]
        self._words.clear()
        self._add("\n".join(kept).strip("\n"))

    def _add(self, words: str) -> None:
        if not words.strip():
            return
        if self._tables and self._tables[-1] and self._tables[-1][-1]:
            row = self._tables[-1][-1]
            row[-1] = f"{row[-1]}\n{words}".strip("\n")
        elif self._heading:
            self.builder.heading(self._heading, " ".join(words.split()))
        else:
            self.builder.paragraph(words, "" if self._leading else None)
