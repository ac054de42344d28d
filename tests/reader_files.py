# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Documents made for tests of the readers, and reading one in this process."""

import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

from assistant.documents.readers.formats import extract
from assistant.documents.readers.source import Extracted, open_source

_END, _NONE = 0xFFFFFFFE, 0xFFFFFFFF
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    f' xmlns:r="{_TYPES}"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
)
OPEN_DOCUMENT = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"), ("style", "style"),
        ("presentation", "presentation"), ("manifest", "manifest"), ("meta", "meta"),
    )
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip


def read(path: Path) -> Extracted:
    """Read a file to its end."""
    with open_source(path) as source:
        steps = extract(source, lambda: False)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                found: Extracted = end.value
                return found


def text_of(found: Extracted) -> str:
    """Return all the text of what was read."""
    return "\n".join(place.text for place in found.places)


def search_text_of(found: Extracted) -> str:
    """Return all the text as the search sees it."""
    parts = []
    for place in found.places:
        at = 0
        for one in place.instead:
            parts += [place.text[at : one.start], one.search_text]
            at = one.end
        parts.append(place.text[at:] + "\n")
    return "".join(parts)


def package(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    """Write a ZIP file of these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def relationships(**targets: str) -> str:
    """Return a part of relationships: the kind, a number after "__" left out, to its target."""
    lines = (
        f'<Relationship Id="{kind}" Type="{_TYPES}/{kind.partition("__")[0]}" Target="{target}"/>'
        for kind, target in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}">{"".join(lines)}</Relationships>'


def docx(path: Path, body: str, **parts: str) -> Path:
    """Write a Word document; `parts` are its further parts by kind (styles, footnotes, header...)."""
    own = {f"word/{kind}.xml": f"<x {NAMESPACES}>{content}</x>" for kind, content in parts.items()}
    return package(
        path,
        {
            "_rels/.rels": relationships(officeDocument="word/document.xml"),
            "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": relationships(**{kind: f"{kind}.xml" for kind in parts}),
            **own,
        },
    )


def paragraph(words: str, style: str = "", properties: str = "") -> str:
    """Return a paragraph of a Word document."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>"


def xlsx(path: Path, rows: str, strings: str = "", styles: str = "", **sheet_parts: str) -> Path:
    """Write a workbook of one sheet; `sheet_parts` are what the sheet refers to, by kind."""
    return package(
        path,
        {
            "_rels/.rels": relationships(officeDocument="xl/workbook.xml"),
            "xl/workbook.xml": f"<workbook {NAMESPACES}><sheets>"
            '<sheet name="가격" r:id="worksheet"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": relationships(
                worksheet="worksheets/sheet1.xml", sharedStrings="sharedStrings.xml", styles="styles.xml"
            ),
            "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{rows}</sheetData></worksheet>",
            "xl/sharedStrings.xml": f"<sst>{strings}</sst>",
            "xl/styles.xml": f"<styleSheet>{styles}</styleSheet>",
            "xl/worksheets/_rels/sheet1.xml.rels": relationships(
                **{kind: f"../{kind}.xml" for kind in sheet_parts}
            ),
            **{f"xl/{kind}.xml": f"<x {NAMESPACES}>{content}</x>" for kind, content in sheet_parts.items()},
        },
    )


def open_document(path: Path, body: str, styles: str = "") -> Path:
    """Write an OpenDocument file."""
    return package(
        path,
        {
            "content.xml": f"<office:document-content {OPEN_DOCUMENT}><office:body>{body}</office:body>"
            "</office:document-content>",
            "styles.xml": f"<office:document-styles {OPEN_DOCUMENT}>{styles}</office:document-styles>",
            "META-INF/manifest.xml": f"<manifest:manifest {OPEN_DOCUMENT}/>",
        },
    )


def ole(path: Path, streams: Mapping[str, bytes]) -> Path:
    """Write an OLE container ([MS-CFB]) of these streams, each filled up with zeros to whole sectors."""
    sectors: list[bytes] = []
    chain: list[int] = []
    entries = [_entry("Root Entry", 5, 1 if streams else _NONE, _END, 0)]
    for number, (name, content) in enumerate(streams.items(), 2):
        size = -(-max(len(content), 4096) // 512) * 512  # smaller ones would stand elsewhere
        filled = content.ljust(size, b"\0")
        right = number if number <= len(streams) else _NONE
        entries.append(_entry(name, 2, _NONE, len(sectors), size, right))
        count = size // 512
        chain += [*range(len(sectors) + 1, len(sectors) + count), _END]
        sectors += [filled[at : at + 512] for at in range(0, size, 512)]
    directory = b"".join(entries).ljust(-(-len(entries) // 4) * 512, b"\0")
    first_directory = len(sectors)
    count = len(directory) // 512
    chain += [*range(first_directory + 1, first_directory + count), _END]
    sectors += [directory[at : at + 512] for at in range(0, len(directory), 512)]
    chain.append(0xFFFFFFFD)  # the sector of the chains themselves
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head += bytes(10) + struct.pack("<IIIIIIIII", 1, first_directory, 0, 4096, _END, 0, _END, 0, len(sectors))
    path.write_bytes(head.ljust(512, b"\xff") + b"".join(sectors) + fat)
    return path


def _entry(name: str, kind: int, child: int, start: int, size: int, right: int = _NONE) -> bytes:
    wide = (name + "\0").encode("utf-16-le")
    head = wide.ljust(64, b"\0") + struct.pack("<HBBIII", len(wide), kind, 1, _NONE, right, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)
