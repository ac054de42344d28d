# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Files beside the databases, sealed with the home's key: AES-256-GCM, a key of its own for each file.

A sealed file is MAGIC, the mark of its home, a salt, and what was encrypted; all of it is
authenticated. `Cipher` seals larger things piece by piece. `cryptography` is imported when something
is sealed or opened (13 ms), never by the start of the window.
"""

import hashlib
import hmac
import os
import struct

from assistant.errors import ChangedError, SealError
from assistant.keys import HomeKey
from assistant.texts import text

MAGIC = b"MaruSea1"
_KIND = MAGIC[:-1]  # the last letter is the version of the format
MARK_BYTES, SALT_BYTES, TAG_BYTES = 16, 16, 16
HEADER_BYTES = len(MAGIC) + MARK_BYTES + SALT_BYTES
_NONCE = struct.Struct(">IQ")


class Cipher:
    """Seals and opens the numbered pieces of one file. A number is used once for sealing."""

    def __init__(self, key: HomeKey, purpose: bytes, salt: bytes) -> None:
        """Derive the file's own key from the home's, the purpose and the file's salt."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - not at the start

        self._aes = AESGCM(hmac.digest(key.derived(purpose), salt, "sha256"))

    def seal(self, number: int, plain: bytes | memoryview, header: bytes = b"") -> bytes:
        """Return piece `number`, 16 bytes longer than `plain`; `header` is authenticated with it."""
        return self._aes.encrypt(_NONCE.pack(0, number), plain, header)

    def open(self, number: int, sealed: bytes | memoryview, header: bytes = b"") -> bytes:
        """Return what piece `number` holds. Raises SealError where a bit of it was changed."""
        try:
            return self._aes.decrypt(_NONCE.pack(0, number), sealed, header)
        except Exception as error:  # InvalidTag, ValueError for pieces that are too short
            raise changed() from error

    def open_into(self, number: int, sealed: memoryview, room: memoryview) -> None:
        """Put what piece `number` holds into `room`, which is 16 bytes shorter. Raises SealError."""
        try:
            self._aes.decrypt_into(_NONCE.pack(0, number), sealed, None, room)
        except Exception as error:
            raise changed() from error


def seal(key: HomeKey, purpose: bytes, plain: bytes) -> bytes:
    """Return `plain` sealed: only the same key and purpose give it back."""
    salt = os.urandom(SALT_BYTES)
    header = MAGIC + mark_of(key) + salt
    return header + Cipher(key, purpose, salt).seal(0, plain, header)


def unseal(key: HomeKey, purpose: bytes, sealed: bytes) -> bytes:
    """Return what was sealed. Raises SealError: not sealed, of a newer Maru or another home, or changed."""
    header = sealed[:HEADER_BYTES]
    check_kind(header)
    if len(header) < HEADER_BYTES:
        raise changed()
    if not hmac.compare_digest(header[len(MAGIC) : -SALT_BYTES], mark_of(key)):
        raise SealError(
            text("This file was encrypted in another home."), text("Open it with the home that made it.")
        )
    return Cipher(key, purpose, header[-SALT_BYTES:]).open(0, sealed[HEADER_BYTES:], header)


def check_kind(header: bytes) -> None:
    """Look at how a file begins. Raises SealError: not sealed, or by a newer Maru."""
    if header.startswith(_KIND) and header[: len(MAGIC)] > MAGIC:
        raise SealError(
            text("This file was encrypted by a newer Maru."),
            text("Install the newer version again; nothing was changed."),
        )
    if not header.startswith(MAGIC):
        raise SealError(text("This file was not encrypted by Maru."))


def mark_of(key: HomeKey) -> bytes:
    """Return what tells the files of one home from another's: no secret."""
    return hashlib.sha256(b"maru home " + key.home_id.encode()).digest()[:MARK_BYTES]


def changed() -> ChangedError:
    """Return the error for a file that is no longer what was sealed."""
    return ChangedError(text("This file is damaged or was changed."), text("Make it again."))
