# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Brings the databases of a home to the key that key.json speaks of, or to plain text.

Each database is written anew beside the old one, checked, and put in its place in one step: whoever is
killed in between finds the old one or the new one, and goes on at the next start. What old homes had:
plain databases, or a passphrase from which every database made a key of its own (`.keycheck`).
"""

import contextlib
import hashlib
import hmac
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import set_aside
from assistant.database_errors import damaged, translated, unusable
from assistant.database_keys import PLAIN_HEADER, SQLError, connect_with
from assistant.engine.states import remove_orphans
from assistant.errors import DamagedError, DatabaseError, LockedError, LockedReason
from assistant.keys import ROUNDS, SALT_BYTES, SECRET_BYTES, HomeKey, stretched
from assistant.paths import PRIVATE_FILE, Home
from assistant.private_files import sync_folder, write_private
from assistant.snapshots import Snapshots
from assistant.texts import text

_OLD_CHECK = b"maru key check 1"
_UNFINISHED = ".converting"
_TELL_S = 0.1  # from one word about how far it is to the next
_LOOK = 1_000  # instructions of SQLite between two looks at how far it is: some hundred for 100 MB


@dataclass(frozen=True)
class Converting:
    """How far a conversion is: bytes of all the files that are written anew. `plain`: without a key.

    `checking`: a file was written and is read again, which takes as long; SQLite does not say how far it is.
    """

    done: int
    total: int
    plain: bool
    checking: bool = False


Tell = Callable[[Converting], None]


def in_silence(_step: Converting) -> None:
    """Tell nobody."""


def databases(home: Home) -> list[Path]:
    """Return the databases that are there, those of the snapshots too."""
    own = [path for path in (home.conversations, home.library) if path.exists()]
    return own + sorted(home.root.glob("snapshots/*/*.db"))


def is_plain(path: Path) -> bool:
    """Say whether whoever can read the file can read what is in it. Raises OSError."""
    with path.open("rb") as file:
        return file.read(len(PLAIN_HEADER)) == PLAIN_HEADER


def key_for(path: Path, key: HomeKey | None) -> HomeKey | None:
    """Return what opens a database that is not open: None for one that is still to be encrypted."""
    with contextlib.suppress(OSError):
        return None if is_plain(path) else key
    return key


def to_encrypt(home: Home) -> list[Path]:
    """Return the databases that have not the key of the home, and the damaged ones that were set aside."""
    own = [path for path in databases(home) if is_plain(path) or check_of(path).exists()]
    return own + set_aside.unsealed(home)


def encrypt(home: Home, key: HomeKey, passphrase: str | None = None, tell: Tell = in_silence) -> None:
    """Give every database the key of the home, and seal what was set aside.

    `passphrase` opens those that made their key of it. Raises DatabaseError, HomeError, LockedError.
    """
    waiting = to_encrypt(home)
    if waiting:
        # What was read of conversations lies there as it was read. It goes first: killed after the last
        # database nobody would come back for it. The same holds for a snapshot that was being changed.
        remove_orphans(home.states, ())
        Snapshots(home, None).clear()
    told = _Told(waiting, tell, plain=False)
    for path in set_aside.unsealed(home):
        with told.file(path):
            set_aside.seal(path, key)
    for path in databases(home):
        with told.file(path):
            _convert(home, path, lambda path: _encrypted(path, key, passphrase, told))


def decrypt(home: Home, key: HomeKey, tell: Tell = in_silence) -> None:
    """Write every database as plain text, and what was set aside. Raises DatabaseError, HomeError."""
    remove_orphans(home.states, ())
    told = _Told([path for path in databases(home) if not is_plain(path)], tell, plain=True)
    for path in databases(home):
        with told.file(path):
            _convert(home, path, lambda path: _decrypted(path, key, told))
    set_aside.make_plain(home, key)


def mark_old_keys(home: Home, passphrase: str) -> bool:
    """Look whether `passphrase` opens every encrypted database of a home without key.json.

    Those that it opens get the file that tells their old key from the new one. Raises DatabaseError for
    damage, OSError.
    """
    for path in databases(home):
        if is_plain(path):
            continue
        literal, check = _old_key(path, passphrase)
        if not _opens(path, literal):
            if _says(path, check):
                raise damaged(path)
            return False
        if not _says(path, check):
            write_private(check_of(path), json.dumps(check).encode())
    return True


def check_of(database: Path) -> Path:
    """Return where the key check of an old database lies."""
    return database.with_name(f"{database.name}.keycheck")


def _convert(home: Home, path: Path, work: Callable[[Path], None]) -> None:
    """Do it with one database; a snapshot that is damaged goes: it could not be restored either."""
    if not path.exists():
        return
    _clear(path)
    try:
        work(path)
    except DamagedError:
        if path.parent == home.root:
            raise
        shutil.rmtree(path.parent, ignore_errors=True)


class _Told:
    """Counts the bytes of files that are written anew, and tells how far that is, now and then."""

    def __init__(self, files: list[Path], tell: Tell, *, plain: bool) -> None:
        self._left = {path: path.stat().st_size for path in files}
        self._total = sum(self._left.values())
        self._tell, self._plain = tell, plain
        self._done, self._size, self._last = 0, 0, 0.0

    @contextlib.contextmanager
    def file(self, path: Path) -> Iterator[None]:
        """Count `path` as done when the block ends, nothing where it needs nothing."""
        self._size = self._left.pop(path, 0)
        self.at(0.0)
        yield
        self.at(1.0)
        self._done, self._size = self._done + self._size, 0

    def at(self, share: float, *, checking: bool = False) -> None:
        """Say how much of the file is written, 0 to 1."""
        now = time.monotonic()
        if self._size and (share == 1.0 or now - self._last >= _TELL_S):
            self._last = now
            done = self._done + round(share * self._size)
            self._tell(Converting(done, self._total, self._plain, checking))


def _encrypted(path: Path, key: HomeKey, passphrase: str | None, told: _Told) -> None:
    if is_plain(path):
        _rewrite(path, None, key.literal(), told)
    elif check_of(path).exists():
        _take_over(path, key, passphrase, told)


def _decrypted(path: Path, key: HomeKey, told: _Told) -> None:
    if not is_plain(path):
        _rewrite(path, key.literal(), None, told)


def _take_over(path: Path, key: HomeKey, passphrase: str | None, told: _Told) -> None:
    """Give a database with an old key the new one. Killed before the last step, it has it already."""
    if not _opens(path, key.literal()):
        if passphrase is None:
            raise LockedError(
                text("{file} still has the key that was made of the passphrase.", file=path.name),
                text("Give the passphrase in MARU_PASSPHRASE and start again."),
                reason=LockedReason.PASSPHRASE,
            )
        literal, _ = _old_key(path, passphrase)
        if not _opens(path, literal):
            raise damaged(path)
        _rewrite(path, literal, key.literal(), told)
    check_of(path).unlink()
    sync_folder(path.parent)


def _rewrite(path: Path, source: str | None, target: str | None, told: _Told | None = None) -> None:
    """Write the database with another key beside itself and let it take its own place."""
    part = path.with_name(path.name + _UNFINISHED)
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE_FILE))
        told = told or _Told([], in_silence, plain=target is None)
        version = _export(path, source, part, target, told)
        told.at(1.0, checking=True)
        with closing(connect_with(part, target)) as written:
            found = [row[0] for row in written.execute("PRAGMA quick_check(1)")]
            if found != ["ok"] or _version(written) != version:
                raise damaged(part)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(path)
        sync_folder(path.parent)
    except SQLError as error:
        if "malformed" in str(error):  # sqlcipher_export gives no code of its own
            raise damaged(path) from error
        raise translated(path, error) from error
    except OSError as error:
        raise unusable(path, error) from None
    finally:
        part.unlink(missing_ok=True)


def _export(path: Path, source: str | None, part: Path, target: str | None, told: _Told) -> int:
    """Copy everything and return the schema's number.

    https://www.zetetic.net/sqlcipher/sqlcipher-api/#sqlcipher_export
    """
    size = max(path.stat().st_size, 1)

    def look() -> bool:
        told.at(min(part.stat().st_size / size, 0.99))
        return False  # go on

    with closing(connect_with(path, source)) as connection:
        version = _version(connection)
        connection.set_progress_handler(look, _LOOK)
        connection.execute("ATTACH DATABASE ? AS converted KEY ?", (str(part), target or ""))
        connection.execute("PRAGMA converted.synchronous = FULL")
        connection.execute("SELECT sqlcipher_export('converted')")
        connection.execute(f"PRAGMA converted.user_version = {version}")
        connection.execute("DETACH DATABASE converted")
        # Only now, a damaged file stays as it is: a log must not outlive the file that it belongs to.
        if connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0] != "delete":
            raise DatabaseError(
                text("Another program is using {file}.", file=path.name), text("Close it and try again.")
            )
    return version


def _version(connection: Any) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _opens(path: Path, literal: str) -> bool:
    try:
        connect_with(path, literal).close()
    except SQLError:
        return False
    return True


def _old_key(path: Path, passphrase: str) -> tuple[str, dict[str, Any]]:
    """Return SQLCipher's literal for the key that old homes made, and what lies beside such a database."""
    with path.open("rb") as file:
        salt = file.read(SALT_BYTES)
    secret = stretched(passphrase, salt, ROUNDS, SECRET_BYTES)
    value = hmac.digest(secret, _OLD_CHECK, hashlib.sha256)
    return f"x'{secret.hex()}{salt.hex()}'", {"version": 1, "salt": salt.hex(), "value": value.hex()}


def _says(path: Path, check: dict[str, Any]) -> bool:
    try:
        return bool(json.loads(check_of(path).read_bytes()) == check)
    except (OSError, ValueError, RecursionError):
        return False


def _clear(path: Path) -> None:
    """Remove what an interrupted conversion left."""
    for end in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + _UNFINISHED + end).unlink(missing_ok=True)
