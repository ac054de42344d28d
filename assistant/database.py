# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""SQLite with or without a key: one writer thread, readers beside it, numbered migrations.

What `write` returned from is on the disk: the write-ahead log is synced at every commit.
"""

import contextlib
import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

from assistant.database_errors import unusable
from assistant.database_files import told
from assistant.database_keys import (
    SQLError,
    check_header,
    connect,
    connect_to_read,
    create,
    read_cache_kib,
)
from assistant.errors import DatabaseError, NewerSchemaError, ReadOnlyError
from assistant.keys import HomeKey
from assistant.private_files import make_private
from assistant.texts import Text, text

T = TypeVar("T")


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

    def __init__(
        self,
        path: Path,
        key: HomeKey | None,
        writer: Any,
        *,
        own: bool = True,
        read_only: Text | None = None,
    ) -> None:
        """Take over an open connection; callers use `open`."""
        self.path = path
        self.own = own and read_only is None
        self._read_only = read_only
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
    def open(
        cls,
        path: Path,
        migrations: Sequence[Migration],
        key: HomeKey | None,
        *,
        own: bool = True,
        read_only: Text | None = None,
        before_update: Callable[[], None] = lambda: None,
    ) -> Self:
        """Open the database at `path`, or make it, and bring it to the newest schema.

        `migrations` are numbered by their position (PRAGMA user_version) and run in a transaction
        each; `key` is that of the home, which was checked before, None for a plain home. A file that
        cannot be opened is left as it is. With `own` False, beside a process that holds the home, the
        database is only looked at: never made, migrated or written. The same with `read_only`, the reason
        why it can only be read, which a write then tells; a newer schema is read as well then.
        `before_update` is called before the first migration of a file that is in use already. Raises
        HomeError, NewerSchemaError, DiskFullError, DamagedError and other DatabaseErrors.
        """
        own = own and read_only is None
        with told(path):
            try:
                _prepare(path, key, own=own)
            except OSError as error:
                raise unusable(path, error) from None
            connection = connect(path, key) if read_only is None else connect_to_read(path, key)
            try:
                _check_schema(path, connection, len(migrations), own=own, newer=read_only is not None)
                if own:
                    _migrate(connection, migrations, before_update)
            except BaseException:
                connection.close()
                raise
        return cls(path, key, connection, own=own, read_only=read_only)

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that cannot write and sees one state of the data until the block ends.

        It is the block's own; take it for one piece of reading and give it back.
        Raises DatabaseError; NotFoundError where a name is asked for that is not valid Unicode.
        """
        with told(self.path):
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
        return self._on_writer(lambda connection: _in_transaction(connection, work))

    def compact(self) -> None:
        """Write the file anew without what was deleted, and empty its log. Takes time by its size.

        Deleted rows are overwritten at once; what other rows were moved over may keep a trace until then.
        """

        def work(connection: Any) -> None:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

        self._on_writer(work)

    def refuse(self, reason: Text | None) -> None:
        """Take no writes from now on: each raises ReadOnlyError with this reason; None: take them again."""
        self._read_only = reason
        self.own = reason is None

    def _on_writer(self, work: Callable[[Any], T]) -> T:
        """Do it on the writer thread, outside any transaction."""
        if self._read_only is not None:
            raise ReadOnlyError(self._read_only, text("Nothing was changed."))
        if not self.own:
            raise ReadOnlyError(
                text("{file} belongs to the Maru that is open.", file=self.path.name),
                text("Do this there, or close it first."),
            )
        if threading.current_thread() is self._writer:
            raise RuntimeError("write inside write: pass the connection on instead")
        future: Future[T] = Future()

        def run(connection: Any) -> None:
            try:
                with told(self.path):
                    future.set_result(work(connection))
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
        only = self._read_only is not None
        connection = connect_to_read(self.path, self._key) if only else connect(self.path, self._key)
        connection.execute("PRAGMA query_only = ON")
        if self._key is not None:
            with contextlib.suppress(OSError):
                connection.execute(f"PRAGMA cache_size = -{read_cache_kib(self.path.stat().st_size)}")
        return connection

    def _give_back(self, connection: Any) -> None:
        try:
            connection.execute("ROLLBACK")
        except SQLError:
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
        with contextlib.suppress(SQLError):  # SQLite has undone it already on a full disk
            connection.execute("ROLLBACK")
        raise
    return result


def _prepare(path: Path, key: HomeKey | None, *, own: bool) -> None:
    """See that the file is there and may be opened with the key; make it where it is missing.

    Raises OSError, SQLError, DatabaseError.
    """
    if path.exists():
        check_header(path, key)
    elif own:
        create(path, key)
    else:
        raise DatabaseError(text("{file} is not there yet.", file=path.name), text("Open Maru once."))
    if own:
        make_private(path)


def _check_schema(path: Path, connection: Any, newest: int, *, own: bool, newer: bool) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > newest and not newer:
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


def _migrate(connection: Any, migrations: Sequence[Migration], before_update: Callable[[], None]) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if 0 < version < len(migrations):
        before_update()
    connection.execute("PRAGMA journal_mode = WAL")
    for number, migration in enumerate(migrations[version:], version + 1):
        _in_transaction(connection, _numbered(migration, number))


def _numbered(migration: Migration, number: int) -> Migration:
    def migrate(connection: Connection) -> None:
        migration(connection)
        connection.execute(f"PRAGMA user_version = {number}")

    return migrate
