# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""SQLCipher's encryption taken off page by page, of databases that it does not open any more.

A page of SQLCipher 4 ends in a random IV and an HMAC-SHA512 of what stands before it and its number; the
file begins with a salt (https://www.zetetic.net/sqlcipher/design/). What comes out is a database of SQLite
with as many reserved bytes at the end of every page (https://www.sqlite.org/fileformat2.html).
"""

import hashlib
import hmac
import struct
from collections.abc import Iterator
from typing import BinaryIO

PAGE, SALT, IV, MAC = 4096, 16, 16, 64
_HEAD = b"SQLite format 3\x00"
_LOG_HEAD, _FRAME_HEAD = 32, 24  # bytes of a write-ahead log and of each of its frames before the page
_SUMS = struct.Struct(">II")
_REST = 1 << 20

Sums = tuple[int, int]


class Pages:
    """The pages of one database, which begins with `salt`."""

    def __init__(self, secret: bytes, salt: bytes) -> None:
        """Take the raw key as SQLCipher takes it, 32 bytes."""
        self._secret = secret
        mixed = bytes(one ^ 0x3A for one in salt)
        self._marking = hashlib.pbkdf2_hmac("sha512", secret, mixed, 2, 32)

    def is_sound(self, number: int, page: bytes) -> bool:
        """Say whether `page` is page `number`, counted from 1, as SQLCipher wrote it with this key."""
        if len(page) != PAGE:
            return False
        start = SALT if number == 1 else 0
        mac = hmac.digest(self._marking, page[start:-MAC] + struct.pack("<I", number), "sha512")
        return hmac.compare_digest(mac, page[-MAC:])

    def opened(self, number: int, page: bytes) -> bytes | None:
        """Return page `number`, counted from 1, as SQLite writes it; None where it is no sound page of it."""
        if not self.is_sound(number, page):
            return None
        start = SALT if number == 1 else 0
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: PLC0415 - rare

        end = PAGE - MAC - IV
        decryptor = Cipher(algorithms.AES(self._secret), modes.CBC(page[end:-MAC])).decryptor()
        return _HEAD[:start] + decryptor.update(page[start:end]) + bytes(IV + MAC)


def pages_of(secret: bytes, database: BinaryIO) -> Pages | None:
    """Return what opens the pages of `database`, None where not one is a sound page of SQLCipher."""
    salt = database.read(SALT)
    if len(salt) < SALT or salt == _HEAD:
        return None
    pages = Pages(secret, salt)
    database.seek(0)
    return pages if any(pages.opened(*one) is not None for one in _numbered(database)) else None


def plain_database(pages: Pages, database: BinaryIO) -> Iterator[bytes]:
    """Return the database without its encryption; a page that is damaged comes as it is."""
    database.seek(0)
    for number, page in _numbered(database):
        yield pages.opened(number, page) or page


def plain_log(pages: Pages, log: BinaryIO) -> Iterator[bytes]:
    """Return a write-ahead log without its encryption; from the first damaged frame on it comes as it is."""
    log.seek(0)
    head = log.read(_LOG_HEAD)
    yield head
    before = after = _summed(head[:24], head, (0, 0)) if len(head) == _LOG_HEAD else (0, 0)
    while len(frame := log.read(_FRAME_HEAD + PAGE)) == _FRAME_HEAD + PAGE:
        page = frame[_FRAME_HEAD:]
        before = _summed(frame[:8] + page, head, before)
        if frame[8:16] != head[16:24] or frame[16:24] != _SUMS.pack(*before):
            break
        plain = pages.opened(int.from_bytes(frame[:4], "big"), page) or page
        after = _summed(frame[:8] + plain, head, after)
        yield frame[:16] + _SUMS.pack(*after) + plain
    yield frame
    while rest := log.read(_REST):
        yield rest


def _numbered(database: BinaryIO) -> Iterator[tuple[int, bytes]]:
    number = 1
    while page := database.read(PAGE):
        yield number, page
        number += 1


def _summed(content: bytes, head: bytes, sums: Sums) -> Sums:
    """Return SQLite's running checksum of a log; its head tells the order of bytes."""
    order = ">" if head[3] & 1 else "<"
    one, other = sums
    values = struct.unpack(f"{order}{len(content) // 4}I", content)
    for first, second in zip(values[::2], values[1::2], strict=True):
        one = (one + first + other) & 0xFFFFFFFF
        other = (other + second + one) & 0xFFFFFFFF
    return one, other
