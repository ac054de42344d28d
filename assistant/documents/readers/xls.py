# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What kreuzberg does not tell of an older Excel workbook: where its cells begin, whether it is locked.

After [MS-XLS]: BIFF 5 and 8, records one after the other in a stream of an OLE container.
"""

import io
import struct

import olefile

_STREAMS = ("Workbook", "Book")
_SHEET, _BEGIN, _END, _LOCK = 0x0085, 0x0809, 0x000A, 0x002F
_CODE_PAGE = b"\x42\x00\x02\x00"  # a record of two bytes
# Records of full cells, each with row and column first: NUMBER, LABEL, RSTRING, LABELSST, RK,
# MULRK, BOOLERR and the forms of FORMULA.
_CELLS = frozenset({0x0203, 0x0204, 0x00D6, 0x00FD, 0x027E, 0x00BD, 0x0205, 0x0006, 0x0206, 0x0406})


def is_encrypted(content: bytes) -> bool:
    """Say whether the workbook's records are encrypted or hidden (FILEPASS, [MS-XLS] 2.4.117)."""
    return any(kind == _LOCK for kind, _at, _size in _records(_stream(content), 0))


def with_known_code_page(content: bytes) -> bytes:
    """Return the file with code page 0x8001 (Windows ANSI, [MS-XLS] 2.4.52) as the 1252 that it means."""
    return content.replace(_CODE_PAGE + b"\x01\x80", _CODE_PAGE + struct.pack("<H", 1252), 1)


def sheet_corners(content: bytes) -> dict[int, tuple[int, int]]:
    """Return, by sheet number from 1, the first row (from 1) and the first column (from 0) with a value.

    A sheet whose cells are not found where they should be is left out.
    """
    stream = _stream(content)
    try:
        starts = [
            struct.unpack_from("<I", stream, at)[0]
            for kind, at, _size in _records(stream, 0)
            if kind == _SHEET
        ]
        corners = {number: _corner(stream, start) for number, start in enumerate(starts, 1)}
    except struct.error:
        return {}
    return {number: corner for number, corner in corners.items() if corner}


def _stream(content: bytes) -> bytes:
    """Return the records of a workbook; nothing where there are none to be found."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as container:
            name = next((one for one in _STREAMS if container.exists(one)), "")
            return bytes(container.openstream(name).read()) if name else b""
    except (OSError, ValueError, IndexError, struct.error):
        return b""


def _corner(stream: bytes, start: int) -> tuple[int, int] | None:
    cells = [
        struct.unpack_from("<HH", stream, at) for kind, at, _size in _records(stream, start) if kind in _CELLS
    ]
    if not cells:
        return None
    return min(row for row, _column in cells) + 1, min(column for _row, column in cells)


def _records(stream: bytes, at: int) -> list[tuple[int, int, int]]:
    """Return the records of the substream at `at`: kind, where the data begins, how long it is."""
    records, depth = [], 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        depth += (kind == _BEGIN) - (kind == _END)
        records.append((kind, at + 4, size))
        at += 4 + size
        if depth <= 0:  # charts within a sheet begin and end too
            break
    return records
