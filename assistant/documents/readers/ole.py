# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""OLE containers ([MS-CFB]) of older Office files, looked through before anything is read from them."""

import io
import struct

import olefile

from assistant.documents.readers.source import Source, damaged, locked

MARK = b"\xd0\xcf\x11\xe0"
_SUMMARY = "\x05SummaryInformation"
_TITLE, _STRING, _WIDE_STRING = 2, 30, 31  # PIDSI_TITLE, VT_LPSTR, VT_LPWSTR
_MAX_PROPERTIES, _MAX_TITLE = 100, 500
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] 1.3.2


def open_container(source: Source) -> olefile.OleFileIO:
    """Return the open container. Raises DocumentError where it is broken or encrypted.

    Chains of sectors that lead nowhere or in a circle are found here: who reads on would not end.
    """
    content = source.content()
    if is_locked(content):
        raise locked(source.name)
    try:
        container = olefile.OleFileIO(io.BytesIO(content), raise_defects=olefile.DEFECT_INCORRECT)
        for entry in container.listdir():
            container.openstream(entry).close()
    except (OSError, ValueError, IndexError, struct.error, RecursionError):
        raise damaged(source.name) from None
    return container


def is_locked(content: bytes) -> bool:
    """Say whether this is an Office document that only a password opens."""
    return content.startswith(MARK) and _ENCRYPTED in content


def title_in(container: olefile.OleFileIO) -> bytes | str:
    """Return the title among the properties of the file ([MS-OLEPS]); "" where they are broken."""
    try:
        return title_of(container.openstream(_SUMMARY).read()) if container.exists(_SUMMARY) else ""
    except (OSError, ValueError, IndexError, struct.error, LookupError):
        return ""


def title_of(summary: bytes) -> bytes | str:
    """Return the title in a property set ([MS-OLEPS] 2.21), as bytes where its code page says what they are.

    "" where there is none. Nothing else is read: olefile goes through lists that claim to be endless.
    Raises struct.error, LookupError.
    """
    (start,) = struct.unpack_from("<I", summary, 44)  # of the first set, behind the header and its FMTID
    (count,) = struct.unpack_from("<I", summary, start + 4)
    for number in range(min(count, _MAX_PROPERTIES)):
        name, offset = struct.unpack_from("<II", summary, start + 8 + 8 * number)
        if name == _TITLE:
            kind, length = struct.unpack_from("<II", summary, start + offset)
            words, length = summary[start + offset + 8 :], min(length, _MAX_TITLE)
            if kind == _WIDE_STRING:
                return words[: 2 * length].decode("utf-16-le", "replace").partition("\0")[0]
            return words[:length].partition(b"\0")[0] if kind == _STRING else ""
    return ""
