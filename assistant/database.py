# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""SQLite with or without a key: one writer thread, readers beside it, numbered migrations.

The only importer of sqlcipher3, whose SQLite is new and has FTS5 on every system. What `write`
returned from is on the disk: the write-ahead log is synced at every commit.
"""

import contextlib
import os
import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

from sqlcipher3 import dbapi2

from assistant.database_errors import code_of, damaged, translated, unusable
from assistant.errors import DatabaseError, NewerSchemaError, NotFoundError, PassphraseError
from assistant.key_check import SALT_BYTES, Key, KeyCheck
from assistant.paths import PRIVATE_FILE
from assistant.private_files import make_private, sync_folder
from assistant.texts import text

T = TypeVar("T")

BUSY_MS = 5_000
_PLAIN_HEADER = b"SQLite format 3\x00"


class Cursor(Protocol):
    """What a statement gives back: rows as tuples."""

    @property
    def lastrowid(self) -> int:
        """The id of the row that was inserted last."""
        ...

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        ...

    def fetchone(self) -> Any:
        """Return the next row, or None."""
        ...

    def fetchall(self) -> list[Any]:
        """Return all rows that are left."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """A connection as the rest of Maru sees it; transactions belong to Database."""

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Cursor:
        """Run one statement."""
        ...

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> Cursor:
        """Run one statement for every row."""
        ...


Migration = Callable[[Connection], None]


def statements(*sql: str) -> Migration:
    """Return the migration that runs these statements, one string each."""

    def migrate(connection: Connection) -> None:
        for statement in sql:
            connection.execute(statement)

    return migrate


class Database:
    """One database file. Open it with `Database.open`; every method may be called from any thread."""

    def __init__(self, path: Path, key: Key | None, writer: Any, *, own: bool = True) -> None:
        """Take over an open connection; callers use `open`."""
        self.path = path
        self.own = own
        self._key = key
        self._free: list[Any] = []
        self._lock = threading.Lock()
        self._closed = False
        self._work: queue.SimpleQueue[Callable[[Any], None] | None] = queue.SimpleQueue()
        self._writer = threading.Thread(
            target=self._run, args=(writer,), name=f"write {path.name}", daemon=True
        )
        self._writer.start()

    @classmethod
    def open(cls, path: Path, migrations: Sequence[Migration], key: str | None, *, own: bool = True) -> Self:
        """Open the database at `path`, or make it, and bring it to the newest schema.

        `migrations` are numbered by their position (PRAGMA user_version) and run in a transaction
        each; `key` is the passphrase, None for a database without one. A file that cannot be opened
        is left as it is. With `own` False, beside a process that holds the home, the database is only
        looked at: never made, migrated or written. Raises HomeError, PassphraseError,
        NewerSchemaError, DiskFullError, and DatabaseError for a damaged file.
        """
        with _told(path):
            try:
                used = _prepare(path, key, own=own)
            except OSError as error:
                raise unusable(path, error) from None
            connection = _connect(path, used)
            try:
                _check_schema(path, connection, len(migrations), own=own)
                if own:
                    _migrate(connection, migrations)
            except BaseException:
                connection.close()
                raise
        return cls(path, used, connection, own=own)

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that cannot write and sees one state of the data until the block ends.

        It is the block's own; take it for one piece of reading and give it back.
        Raises DatabaseError; NotFoundError where a name is asked for that is not valid Unicode.
        """
        with _told(self.path):
            connection = self._reader()
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                self._give_back(connection)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction on the writer thread and return its result once it is durable.

        Any exception of `work` undoes the whole transaction and is raised here; those of SQLite as
        DiskFullError or DatabaseError. Keep `work` short (20 ms): others wait behind it.
        """
        if not self.own:
            raise DatabaseError(
                text("{file} belongs to the Maru that is open.", file=self.path.name),
                text("Do this there, or close it first."),
            )
        if threading.current_thread() is self._writer:
            raise RuntimeError("write inside write: pass the connection on instead")
        future: Future[T] = Future()

        def run(connection: Any) -> None:
            try:
                with _told(self.path):
                    future.set_result(_in_transaction(connection, work))
            except BaseException as error:  # noqa: BLE001 - belongs to the caller, on another thread
                future.set_exception(error)

        with self._lock:
            if self._closed:
                raise self._is_closed()
            self._work.put(run)
        return future.result()

    def problems(self) -> list[str]:
        """Return what SQLite finds wrong with the file, [] where all is well. Reads all of it."""
        try:
            with self.read() as connection:
                found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(10)")]
        except DatabaseError as error:
            return [str(error.message)]
        return [] if found == ["ok"] else found

    def close(self) -> None:
        """Finish the writes that wait, end the writer thread and close every connection."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._work.put(None)
            idle, self._free = self._free, []
        for connection in idle:
            connection.close()
        self._writer.join()

    def _run(self, connection: Any) -> None:
        while (work := self._work.get()) is not None:
            work(connection)
            del work  # a result shall not live until the next write
        connection.close()

    def _reader(self) -> Any:
        with self._lock:
            if self._closed:
                raise self._is_closed()
            if self._free:
                return self._free.pop()
        connection = _connect(self.path, self._key)
        connection.execute("PRAGMA query_only = ON")
        return connection

    def _give_back(self, connection: Any) -> None:
        try:
            connection.execute("ROLLBACK")
        except dbapi2.Error:
            connection.close()
            return
        with self._lock:
            if not self._closed:
                self._free.append(connection)
                return
        connection.close()

    def _is_closed(self) -> DatabaseError:
        return DatabaseError(text("{file} is closed already.", file=self.path.name))


def _in_transaction(connection: Any, work: Callable[[Connection], T]) -> T:
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = work(connection)
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(dbapi2.Error):  # SQLite has undone it already on a full disk
            connection.execute("ROLLBACK")
        raise
    return result


def _prepare(path: Path, passphrase: str | None, *, own: bool) -> Key | None:
    """Return the key of the file, which is made where it is missing. Raises OSError."""
    if not own:
        if not path.exists():
            raise DatabaseError(text("{file} is not there yet.", file=path.name), text("Open Maru once."))
        return _key_of_existing(path, passphrase)
    key = _key_of_existing(path, passphrase) if path.exists() else _create(path, passphrase)
    make_private(path)
    return key


def _create(path: Path, passphrase: str | None) -> Key | None:
    """Make an empty database under another name first: a file of no bytes is then always damage."""
    key = None if passphrase is None else Key.derive(passphrase)
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    for remnant in ("-wal", "-shm"):  # of a database that is gone: never to be played into this one
        path.with_name(path.name + remnant).unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE_FILE))
    connection = _connect(unfinished, key)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        _in_transaction(connection, lambda new: new.execute("PRAGMA user_version = 0"))
        connection.execute("VACUUM")  # writes the first page even where nothing else was to write
    finally:
        connection.close()
    if key is not None:
        KeyCheck.of(key).write(path)
    unfinished.replace(path)
    sync_folder(path.parent)
    return key


def _key_of_existing(path: Path, passphrase: str | None) -> Key | None:
    """Return the key that opens the file. Raises PassphraseError, or DatabaseError for damage.

    Comes before any connection: closing a handle of our own drops this process's locks on the file.
    """
    with path.open("rb") as file:
        header = file.read(SALT_BYTES)
    check = KeyCheck.read(path)
    if len(header) < SALT_BYTES:
        raise damaged(path)
    if header == _PLAIN_HEADER:
        if passphrase is not None:
            raise PassphraseError(
                text("{file} has no passphrase, but one was given.", file=path.name),
                text("Start Maru without MARU_PASSPHRASE."),
            )
        return None
    if passphrase is None:
        if check is None:
            raise damaged(path)
        raise PassphraseError(
            text("{file} is protected by a passphrase.", file=path.name),
            text("Give it in MARU_PASSPHRASE and start again."),
        )
    return _key_that_opens(path, Key.derive(passphrase, header), passphrase, check)


def _key_that_opens(path: Path, key: Key, passphrase: str, check: KeyCheck | None) -> Key:
    try:
        _connect(path, key).close()
    except dbapi2.Error as error:
        if code_of(error) != "SQLITE_NOTADB":
            raise
        if check is not None and check.accepts(passphrase):
            raise damaged(path) from None
        raise PassphraseError(
            text("The passphrase does not open {file}.", file=path.name),
            text("Check MARU_PASSPHRASE; capital letters and spaces count."),
        ) from None
    if check != KeyCheck.of(key):
        with contextlib.suppress(OSError):  # it can be written the next time
            KeyCheck.of(key).write(path)
    return key


def _connect(path: Path, key: Key | None) -> Any:
    """Open a connection and read the schema's number. Raises dbapi2.Error."""
    # As a URI that never creates: a file that vanished must not come back as an empty one.
    connection = dbapi2.connect(
        f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")  # it writes to standard error otherwise
        if key is not None:
            connection.execute(f'PRAGMA key = "{key.literal()}"')
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
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


def _check_schema(path: Path, connection: Any, newest: int, *, own: bool) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > newest:
        raise NewerSchemaError(
            text("{file} was written by a newer Maru.", file=path.name),
            text("Install the newer version again; nothing was changed."),
        )
    if version < newest and not own:
        raise DatabaseError(
            text("{file} was written by an older Maru.", file=path.name),
            text("Open Maru once to bring it up to date."),
        )
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()


def _migrate(connection: Any, migrations: Sequence[Migration]) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.execute("PRAGMA journal_mode = WAL")
    for number, migration in enumerate(migrations[version:], version + 1):
        _in_transaction(connection, _numbered(migration, number))


def _numbered(migration: Migration, number: int) -> Migration:
    def migrate(connection: Connection) -> None:
        migration(connection)
        connection.execute(f"PRAGMA user_version = {number}")

    return migrate


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours, and that it takes no invalid Unicode, as in the names of files."""
    try:
        yield
    except UnicodeEncodeError:
        raise NotFoundError(
            text("Its name holds letters that are not valid. Rename the file and add it again.")
        ) from None
    except dbapi2.Error as error:
        raise translated(path, error) from error
