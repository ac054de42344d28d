# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Connections to database files with a key or without one. The only importer of sqlcipher3.

Its SQLite is new and has FTS5 on every system.
"""

import os
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from assistant.database_errors import damaged
from assistant.errors import DatabaseError
from assistant.keys import HomeKey
from assistant.paths import PRIVATE_FILE
from assistant.private_files import sync_folder
from assistant.texts import text

SQLError = dbapi2.Error
BUSY_MS = 5_000
# Each page that is read again is decrypted again, 10 us: with SQLite's 2 MB a search in 10,000 passages
# takes 1.22 times as long as in a plain file, with 8 MB 1.15, with this 1.0.
KEYED_CACHE_KIB = 32_000
# A search in 100,000 passages, a file of 620 MB, takes 1.40 times the processor time with that, 1.26 with
# 128 MB, 0.95 with 256: a share of the file, which is filled by what is read of it alone.
READ_SHARE, MOST_READ_CACHE_KIB = 0.4, 256_000
PLAIN_HEADER = b"SQLite format 3\x00"
REMNANTS = ("-wal", "-shm")


def connect(path: Path, key: HomeKey | None, mode: str = "rw") -> Any:
    """Open a connection to a file that is there and read the schema's number. Raises SQLError.

    `mode` "ro" never writes to the file.
    """
    return connect_with(path, None if key is None else key.literal(), mode)


def read_cache_kib(size: int) -> int:
    """Return how many KiB of memory the pages read of an encrypted file of `size` bytes may take."""
    return max(KEYED_CACHE_KIB, min(MOST_READ_CACHE_KIB, int(size * READ_SHARE / 1024)))


def connect_to_read(path: Path, key: HomeKey | None) -> Any:
    """Open a connection that never writes, in a folder that cannot be written too. Raises SQLError.

    SQLite wants to make an index of the write-ahead log; without a log the file is taken as one that
    nobody changes.
    """
    try:
        return connect(path, key, "ro")
    except SQLError:
        log = path.with_name(f"{path.name}-wal")
        if log.exists() and log.stat().st_size:
            raise
        return connect(path, key, "ro&immutable=1")


def connect_to_rescue(path: Path, key: HomeKey | None) -> Any:
    """Open a connection that reads what there is of a damaged file, also of one that was cut.

    Raises SQLError.
    """
    return connect_with(path, None if key is None else key.literal(), "ro", cut=True)


def connect_with(path: Path, literal: str | None, mode: str = "rw", *, cut: bool = False) -> Any:
    """Open a connection with a raw key as SQLCipher takes it, None for a plain file. Raises SQLError."""
    # As a URI that never creates: a file that vanished must not come back as an empty one.
    connection = dbapi2.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")  # it writes to standard error otherwise
        if literal is not None:
            connection.execute(f'PRAGMA key = "{literal}"')
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        if cut:  # else SQLite refuses a file with fewer pages than its head says
            connection.execute("PRAGMA writable_schema = ON")
        if literal is not None:  # reads the head, which a cut file only gives up now
            connection.execute(f"PRAGMA cache_size = -{KEYED_CACHE_KIB}")
        connection.execute("PRAGMA user_version").fetchone()
        for setting in (
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {setting}")
    except BaseException:
        connection.close()
        raise
    return connection


def create(path: Path, key: HomeKey | None) -> None:
    """Make an empty database under another name first: a file of no bytes is then always damage.

    Raises OSError, SQLError.
    """
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    for remnant in REMNANTS:  # of a database that is gone: never to be played into this one
        path.with_name(path.name + remnant).unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE_FILE))
    connection = connect(unfinished, key)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA user_version = 0")
        connection.execute("VACUUM")  # writes the first page even where nothing else was to write
    finally:
        connection.close()
    unfinished.replace(path)
    sync_folder(path.parent)


def check_header(path: Path, key: HomeKey | None) -> None:
    """Look, before any connection, whether the file may be what the key says.

    Closing a handle of our own drops this process's locks on the file: never while it is open.
    Raises OSError; DatabaseError for a file that was cut, or is plain beside a key, or keyed without one.
    """
    with path.open("rb") as file:
        header = file.read(len(PLAIN_HEADER))
    if len(header) < len(PLAIN_HEADER):
        raise damaged(path)
    plain = header == PLAIN_HEADER
    if plain and key is not None:
        raise DatabaseError(
            text("{file} is not encrypted, but this home is.", file=path.name),
            text("Open Maru once to encrypt it."),
        )
    if not plain and key is None:
        raise damaged(path)
