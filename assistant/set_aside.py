# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Damaged databases that were set aside: sealed in an encrypted home, plain in a plain one.

They may not open as databases any more, so that each is sealed as a file is, under its name, in one step:
whoever is killed finds the old one or the new one. In an encrypted home every one is sealed, also one that
SQLCipher wrote: a damaged file does not tell which it is.

A sealed one is MAGIC, the mark of its home, a salt, its length, and pieces of PIECE bytes.
"""

import contextlib
import hmac
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from assistant.cipher_pages import PAGE, pages_of, plain_database, plain_log
from assistant.database_errors import unusable
from assistant.errors import SealError
from assistant.keys import HomeKey
from assistant.paths import PRIVATE_FILE, Home
from assistant.private_files import sync_folder
from assistant.sealed import MARK_BYTES, SALT_BYTES, TAG_BYTES, Cipher, mark_of

MAGIC = b"MaruAsd1"
PIECE = 1 << 20
LOG = "-wal"
_HEAD = struct.Struct(f"<8s{MARK_BYTES}s{SALT_BYTES}sQ")
_PURPOSE = b"database set aside"
_UNFINISHED = ".converting"


def files(home: Home) -> list[Path]:
    """Return the databases that were set aside, and their logs."""
    names = (f"{database.stem}.damaged-*.db{end}" for database in (home.conversations, home.library)
             for end in ("", LOG))  # fmt: skip
    return sorted(path for name in names for path in home.root.glob(name))


def is_sealed(path: Path) -> bool:
    """Say whether nobody can read it without the key. Raises OSError."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def unsealed(home: Home) -> list[Path]:
    """Return those that are still to be sealed; one whose beginning cannot be read is."""

    def waits(path: Path) -> bool:
        try:
            return not is_sealed(path)
        except OSError:
            return True

    return [path for path in files(home) if waits(path)]


def seal(path: Path, key: HomeKey) -> None:
    """Seal one, in its place; what its disk does not give back is zeros. Raises HomeError, DiskFullError."""
    size = path.stat().st_size
    with _anew(path) as (old, new):
        head = _HEAD.pack(MAGIC, mark_of(key), os.urandom(SALT_BYTES), size)
        cipher = _cipher(key, head)
        new.write(head)
        for number, start in enumerate(range(0, size, PIECE)):
            new.write(cipher.seal(number, _piece(old, start, min(PIECE, size - start)), head))


def unseal_into(path: Path, key: HomeKey, target: Path) -> None:
    """Write what a sealed one holds to the new file `target`; what was damaged since is zeros there.

    What is not sealed, or not by this home, comes as it is. Raises HomeError, DiskFullError.
    """
    try:
        target.unlink(missing_ok=True)
        with path.open("rb") as old, _created(target) as new:
            _unseal(old, new, key)
    except OSError as error:
        raise unusable(target, error) from None


def make_plain(home: Home, key: HomeKey) -> None:
    """Write all of them so that they can be read without the key. Raises HomeError, DiskFullError."""
    for path in files(home):
        if path.name.endswith(LOG):
            continue
        log = path.with_name(path.name + LOG)
        for each in (path, log):
            if each.exists() and is_sealed(each):
                with _anew(each) as (old, new):
                    _unseal(old, new, key)
        _decrypt(path, log, key)


def _decrypt(path: Path, log: Path, key: HomeKey) -> None:
    """Take SQLCipher's encryption off; the log first, for the file tells its salt until it is plain."""
    with path.open("rb") as database:
        pages = pages_of(key.secret, database)
    if pages is None:
        return
    if log.exists():
        with _anew(log) as (old, new):
            new.writelines(plain_log(pages, old))
    with _anew(path) as (old, new):
        new.writelines(plain_database(pages, old))


def _unseal(old: BinaryIO, new: BinaryIO, key: HomeKey) -> None:
    head = old.read(_HEAD.size)
    magic, mark, _, size = _HEAD.unpack(head) if len(head) == _HEAD.size else (b"", b"", b"", 0)
    if magic != MAGIC or not hmac.compare_digest(mark, mark_of(key)):
        new.write(head)
        while rest := old.read(PIECE):
            new.write(rest)
        return
    cipher = _cipher(key, head)
    for number, start in enumerate(range(0, size, PIECE)):
        wanted = min(PIECE, size - start)
        try:
            new.write(cipher.open(number, old.read(wanted + TAG_BYTES), head))
        except SealError:
            new.write(bytes(wanted))


def _piece(file: BinaryIO, start: int, size: int) -> bytes:
    """Return a piece of a file, page by page where its disk cannot read all of it: that may be the damage."""
    try:
        file.seek(start)
        return file.read(size).ljust(size, b"\0")
    except OSError:
        if size <= PAGE:
            return bytes(size)
    end = start + size
    return b"".join(_piece(file, at, min(PAGE, end - at)) for at in range(start, end, PAGE))


def _cipher(key: HomeKey, head: bytes) -> Cipher:
    salt: bytes = _HEAD.unpack(head)[2]
    return Cipher(key, _PURPOSE, salt)


@contextlib.contextmanager
def _anew(path: Path) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Give a file to read, and a new one that takes its place when the block ends."""
    part = path.with_name(path.name + _UNFINISHED)
    try:
        part.unlink(missing_ok=True)
        with path.open("rb") as old, _created(part) as new:
            yield old, new
            new.flush()
            os.fsync(new.fileno())
        part.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise unusable(path, error) from None
    finally:
        part.unlink(missing_ok=True)


def _created(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0),
                             PRIVATE_FILE), "wb")  # fmt: skip
