# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Small documents of Hangul Office for tests: HWP 5 from records, in a compound file, and HWPX from XML."""

import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

SECTOR, MINI = 512, 64
NONE, END, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
PARA_HEADER, PARA_TEXT, LINE_SEG, CONTROL, LIST, PAGE_DEF, TABLE = 66, 67, 69, 71, 72, 73, 77
PAGE_HEIGHT = 60_000  # HWPUNIT between the margins of PAGE


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """Return an OLE compound file ([MS-CFB], version 3) with streams of less than 4,096 bytes and larger."""
    folders = sorted({name.rpartition("/")[0] for name in streams} - {""})
    names = ["Root Entry", *folders, *streams]
    mini, mini_fat, sectors = bytearray(), list[int](), list[bytes]()
    fat: list[int] = []
    places: dict[str, tuple[int, int]] = {}
    for name, content in streams.items():
        if len(content) < 4096:
            places[name] = (_chain(mini_fat, len(content), MINI), len(content))
            mini += content.ljust(-(-len(content) // MINI) * MINI, b"\0")
        else:
            places[name] = (_append(fat, sectors, content), len(content))
    places["Root Entry"] = (_append(fat, sectors, bytes(mini)), len(mini))
    first_mini_fat = _append(fat, sectors, struct.pack(f"<{len(mini_fat)}I", *mini_fat), b"\xff")
    directory = b"".join(_entry(number, names, streams, places) for number in range(len(names)))
    first_directory = _append(fat, sectors, directory)
    fat_sectors = 1
    while fat_sectors * (SECTOR // 4) < len(fat) + fat_sectors:
        fat_sectors += 1
    where = [*range(len(fat), len(fat) + fat_sectors)]
    fat += [FAT_SECTOR] * fat_sectors
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(fat_sectors * SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<9I", 0, fat_sectors, first_directory, 0, 4096, first_mini_fat,
                                     -(-len(mini_fat) * 4 // SECTOR), END, 0)  # fmt: skip
    header += struct.pack("<109I", *where, *([NONE] * (109 - len(where))))
    return header + b"".join(sectors) + table


def record(tag: int, level: int, data: bytes = b"") -> bytes:
    """Return a record of HWP 5."""
    size = len(data)
    if size >= 0xFFF:
        return struct.pack("<II", tag | level << 10 | 0xFFF << 20, size) + data
    return struct.pack("<I", tag | level << 10 | size << 20) + data


def wide(words: str) -> bytes:
    """Return the words as HWP 5 writes them."""
    return words.encode("utf-16-le")


def control_letters(code: int, name: str) -> bytes:
    """Return the eight letters that stand for an extended control in a text."""
    return struct.pack("<H", code) + name[::-1].encode("ascii") + bytes(8) + struct.pack("<H", code)


def paragraph(
    words: bytes,
    below: bytes = b"",
    level: int = 0,
    tops: Sequence[int] = (),
    shape: int = 0,
    breaks: int = 0,
) -> bytes:
    """Return the records of a paragraph; `tops` are those of its lines, a letter each."""
    header = struct.pack("<IIHBBHHHI", len(words) // 2, 0, shape, 0, breaks, 0, 0, len(tops), 0)
    lines = b"".join(
        struct.pack("<I7iI", number, top, 1000, 1000, 850, 600, 0, 40000, 0)
        for number, top in enumerate(tops)
    )
    return (
        record(PARA_HEADER, level, header)
        + record(PARA_TEXT, level + 1, words + wide("\r"))
        + (record(LINE_SEG, level + 1, lines) if lines else b"")
        + below
    )


def control(name: str, data: bytes = b"", below: bytes = b"", level: int = 1) -> bytes:
    """Return a control; what stands below it has the next level."""
    return record(CONTROL, level, name[::-1].encode("ascii") + data) + below


def listed(words: str, level: int = 2, data: bytes = b"") -> bytes:
    """Return a list of one paragraph."""
    return record(LIST, level, data or bytes(16)) + paragraph(wide(words), level=level)


def page(height: int = PAGE_HEIGHT) -> bytes:
    """Return a section definition of a page without margins."""
    return control("secd", bytes(24), record(PAGE_DEF, 2, struct.pack("<10I", 50000, height, *([0] * 8))))


def table(rows: Sequence[Sequence[str]], attributes: int = 0, height: int = 0) -> bytes:
    """Return a table control of one paragraph a cell."""
    cells = b"".join(
        listed(words, data=bytes(8) + struct.pack("<HHHHII", column, number, 1, 1, 5000, 1000) + bytes(10))
        for number, row in enumerate(rows)
        for column, words in enumerate(row)
    )
    place = struct.pack("<IiiII", attributes, 0, 0, 40000, height)
    return control("tbl ", place, record(TABLE, 2, struct.pack("<IHH", 0, len(rows), 2)) + cells)


def hwp5(body: bytes, *, flags: int = 1, information: bytes = b"", folder: str = "BodyText") -> bytes:
    """Return an HWP 5 file with one section."""
    header = b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", 0x05010001, flags) + bytes(216)
    return compound_file(
        {"FileHeader": header, "DocInfo": deflated(information), f"{folder}/Section0": deflated(body)}
        if flags & 1
        else {"FileHeader": header, "DocInfo": information, f"{folder}/Section0": body}
    )


def deflated(content: bytes) -> bytes:
    """Return the content as raw deflate."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(content) + packer.flush()


def hwpx(path: Path, body: str, *, header: str = "", others: Mapping[str, str] | None = None) -> Path:
    """Write an HWPX file with one section and return its path."""
    names = 'xmlns:hs="s" xmlns:hp="p" xmlns:hh="h"'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/hwp+zip", zipfile.ZIP_STORED)
        package.writestr("Contents/header.xml", f"<hh:head {names}>{header}</hh:head>")
        package.writestr("Contents/section0.xml", f"<hs:sec {names}>{body}</hs:sec>")
        for name, content in (others or {}).items():
            package.writestr(name, content)
    return path


def p(words: str, *, top: int | None = None, attributes: str = "") -> str:
    """Return a paragraph of HWPX with one run; `words` may hold elements."""
    lines = ""
    if top is not None:
        lines = f'<hp:lineseg textpos="0" vertpos="{top}" vertsize="1000" horzsize="40000"/>'
    return (
        f"<hp:p {attributes}><hp:run>{words if words.startswith('<') else f'<hp:t>{words}</hp:t>'}</hp:run>"
        f"<hp:linesegarray>{lines}</hp:linesegarray></hp:p>"
    )


def _chain(fat: list[int], size: int, sector: int) -> int:
    """Add the sectors of a stream to an allocation table and return the first."""
    if not size:
        return END
    first, count = len(fat), -(-size // sector)
    fat.extend([*range(first + 1, first + count), END])
    return first


def _append(fat: list[int], sectors: list[bytes], content: bytes, filler: bytes = b"\0") -> int:
    first = _chain(fat, len(content), SECTOR)
    for start in range(0, len(content), SECTOR):
        sectors.append(content[start : start + SECTOR].ljust(SECTOR, filler))
    return first


def _entry(
    number: int, names: Sequence[str], streams: Mapping[str, bytes], places: Mapping[str, tuple[int, int]]
) -> bytes:
    """Return an entry of the directory; brothers hang on one another to the right."""
    name = names[number]
    parent = "Root Entry" if "/" not in name else name.rpartition("/")[0]
    brothers = [
        other
        for other in range(1, len(names))
        if ("Root Entry" if "/" not in names[other] else names[other].rpartition("/")[0]) == parent
    ]
    children = [
        other
        for other in range(1, len(names))
        if ("Root Entry" if "/" not in names[other] else names[other].rpartition("/")[0]) == name
    ]
    after = [other for other in brothers if other > number]
    shown = wide(name.rpartition("/")[2] + "\0")
    kind = 5 if number == 0 else 2 if name in streams else 1
    start, size = places.get(name, (0, 0))
    return (
        shown.ljust(64, b"\0")
        + struct.pack("<HBB", len(shown), kind, 1)
        + struct.pack("<3I", NONE, after[0] if number and after else NONE, children[0] if children else NONE)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
