# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
r"""Rich Text Format 1.9.1: control words, groups, and letters in the code page of their font.

Destinations that are not known are left out, as the format asks for (\*); notes stand after their
paragraph, running heads once at the end.
"""

import re
from collections.abc import Generator
from dataclasses import dataclass, field, replace

from assistant.documents.protocol import Reading
from assistant.documents.readers.encodings import decode
from assistant.documents.readers.refusals import only_pictures
from assistant.documents.readers.sections import Builder, Section, section_places
from assistant.documents.readers.source import TEXT_LIMIT, Cancelled, Extracted, Source, damaged

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)
_LEFT_OUT = frozenset(
    b"atnid bkmkend bkmkstart colorschememapping colortbl datafield filetbl fldinst fonttbl generator info"
    b" latentstyles listoverridetable listtable nonshppict object pict private revtbl rsidtbl stylesheet tc"
    b" template themedata xe xmlnstbl".split()
)
# To be read although a program may leave them out.
_SEEN = frozenset({b"shptxt", b"shpinst", b"annotation", b"pntext", b"footnote"})
_HEADS = frozenset(kind + page for kind in (b"header", b"footer") for page in (b"", b"l", b"r", b"f"))
_LETTERS = {
    b"tab": "\t", b"line": "\n", b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’",
    b"bullet": "•", b"ldblquote": "“", b"rdblquote": "”", b"emspace": " ", b"enspace": " ",
    b"zwj": "\u200d", b"zwnj": "\u200c",
}  # fmt: skip
_SIGNS = {b"~": "\xa0", b"_": "\u2011", b"-": "", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}
# The charset of a font to its code page; that of the file for the others.
_CHARSETS = {
    128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_SIGN_EVERY = 50_000  # tokens
_DEPTH = 500


@dataclass(frozen=True)
class _State:
    """What a group sets, until it ends."""

    target: str = "body"  # "", "title", "note", "head", "fonts": where letters go
    encoding: str = ""
    skipped: int = 1  # letters after \\u that stand for it in older programs
    hidden: bool = False


@dataclass
class _Document:
    """What was read until now: places in the making, and what stands in them at their end."""

    builder: Builder = field(default_factory=Builder)
    title: str = ""
    line: str = ""
    level: int = 0
    notes: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    row: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    def end_paragraph(self, in_table: bool) -> None:
        if in_table:
            self.line += "\n"
            return
        self.end_table()
        if self.level and self.line.strip():
            self.builder.heading(self.level, _whole(self.line))
        else:
            self.builder.paragraph(_whole(self.line))
        for note in self.notes:
            self.builder.paragraph(_whole(note).strip())
        self.line, self.notes = "", []

    def end_cell(self) -> None:
        self.row.append(_whole(self.line))
        self.line = ""

    def end_row(self) -> None:
        if self.row:
            self.rows.append(self.row)
        self.row = []

    def end_table(self) -> None:
        self.end_row()
        if self.rows:
            self.builder.table(self.rows)
        self.rows = []


def read_rtf(source: Source, cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read a document: a place for each heading path. Raises DocumentError, NoTextError."""
    content = source.content(3 * TEXT_LIMIT)
    start = content.find(b"{\\rtf")
    if not 0 <= start < 64:
        raise damaged(source.name)
    reader = _Reader()
    for count, token in enumerate(_TOKEN.finditer(content, start)):
        reader.take(token)
        if count % _SIGN_EVERY == 0:
            yield Reading(count, 0)
            if cancelled():
                break
    places = section_places(reader.finished())
    if not places:
        raise only_pictures(source.name)
    return Extracted(_whole(reader.document.title).strip(), places, 0)


class _Reader:
    """Takes one token after the other."""

    def __init__(self) -> None:
        self.document = _Document()
        self._state = _State()
        self._groups: list[_State] = []
        self._bytes = bytearray()  # letters of a double-byte code page come one byte at a time
        self._starred = False
        self._to_skip = 0
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._default = 0
        self._page = ""
        self._in_table = False

    def take(self, token: re.Match[bytes]) -> None:
        """Take a control word, a sign, a brace or letters."""
        word, value, code, sign, brace, letters = token.groups()
        if code or letters:
            self._take_bytes(bytes([int(code, 16)]) if code else letters)
            return
        self._flush()
        if brace:
            self._take_brace(brace)
        elif word:
            self._take_word(word, int(value) if value else None)
        elif sign == b"*":
            self._starred = True
        elif sign in _SIGNS:
            self._write(_SIGNS[sign])

    def finished(self) -> list[Section]:
        """Return the sections, that of the running heads last."""
        self._flush()
        self.document.end_paragraph(in_table=False)
        heads = Builder()
        lines = (line.strip() for head in self.document.heads for line in _whole(head).split("\n"))
        heads.paragraph("\n".join(dict.fromkeys(line for line in lines if line)))
        running = [Section(1, "", section.text) for section in heads.finished()]
        return self.document.builder.finished() + running

    def _take_bytes(self, content: bytes) -> None:
        skipped = min(self._to_skip, len(content))
        self._to_skip -= skipped
        self._bytes += content[skipped:]

    def _flush(self) -> None:
        if self._bytes:
            encoding = self._state.encoding or self._fonts.get(self._default) or self._page or "cp1252"
            content = bytes(self._bytes)
            self._bytes.clear()
            try:
                words = content.decode(encoding)
            except (UnicodeDecodeError, LookupError):
                words = decode(content) or content.decode("cp1252", "replace")
            self._write(words)

    def _take_brace(self, brace: bytes) -> None:
        self._to_skip = 0
        if brace == b"{":
            if len(self._groups) < _DEPTH:
                self._groups.append(self._state)
        elif self._groups:
            before = self._state.target
            self._state = self._groups.pop()
            if before == "head" and self._state.target != "head":
                self.document.heads.append("")
        self._starred = False

    def _take_word(self, word: bytes, value: int | None) -> None:
        if self._state.target == "fonts" and word == b"fcharset":
            self._fonts[self._font] = _CHARSETS.get(value or 0, "")
        elif word in _LEFT_OUT or (self._starred and word not in _SEEN):
            self._state = replace(
                self._state, target="fonts" if word == b"fonttbl" else "info" if word == b"info" else ""
            )
        elif word == b"title" and self._state.target == "info":
            self._state = replace(self._state, target="title")
        elif word in _HEADS:
            self.document.heads.append("")
            self._state = replace(self._state, target="head")
        elif word in (b"footnote", b"annotation"):
            self.document.notes.append("")
            self._state = replace(self._state, target="note")
        elif word == b"u" and value is not None:
            self._write(chr(value % 0x10000))
            self._to_skip = self._state.skipped
        else:
            self._take_format(word, value)
        self._starred = False

    def _take_format(self, word: bytes, value: int | None) -> None:
        on = value != 0
        if word in _LETTERS:
            self._write(_LETTERS[word])
        elif word == b"f":
            self._font = value or 0
            encoding = self._fonts.get(self._font) or self._page or "cp1252"
            self._state = replace(self._state, encoding=encoding)
        elif word == b"deff":
            self._default = value or 0
        elif word == b"plain":
            self._state = replace(self._state, encoding="", hidden=False)
        elif word == b"uc":
            self._state = replace(self._state, skipped=min(value if value is not None else 1, 8))
        elif word == b"ansicpg":
            self._page = f"cp{value}"
        elif word in (b"v", b"deleted"):
            self._state = replace(self._state, hidden=on)
        elif self._state.target == "body":
            self._take_structure(word, value)
        elif word in (b"par", b"cell"):
            self._write("\n")

    def _take_structure(self, word: bytes, value: int | None) -> None:
        document = self.document
        if word in (b"par", b"sect", b"page"):
            document.end_paragraph(self._in_table)
        elif word == b"pard":
            self._in_table, document.level = False, 0
        elif word == b"intbl":
            self._in_table = True
        elif word == b"outlinelevel" and value is not None:
            document.level = min(value + 1, 6) if 0 <= value < 9 else 0
        elif word in (b"cell", b"nestcell"):
            document.end_cell()
        elif word in (b"row", b"nestrow"):
            document.end_row()

    def _write(self, words: str) -> None:
        state, document = self._state, self.document
        if state.hidden:
            return
        if state.target == "body":
            document.line += words
        elif state.target == "title":
            document.title += words
        elif state.target == "note" and document.notes:
            document.notes[-1] += words
        elif state.target == "head" and document.heads:
            document.heads[-1] += words


def _whole(words: str) -> str:
    """Return letters above U+FFFF, which come as two halves, in one piece."""
    return words.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
