# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""OLE containers ([MS-CFB]) of older Office files, looked through before anything is read from them."""

import io
import struct

import olefile

from assistant.documents.readers.source import Source, damaged, locked

MARK = b"\xd0\xcf\x11\xe0"
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
        title = container.get_metadata().title or ""
    except (OSError, ValueError, IndexError, struct.error, LookupError):
        return ""
    return title if isinstance(title, bytes | str) else ""
