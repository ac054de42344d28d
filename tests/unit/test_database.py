# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The database: one writer, readers beside it, migrations, keys."""

import os
import stat
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from assistant.database import Connection, Database, statements
from assistant.database_errors import translated
from assistant.database_files import copy_database
from assistant.database_keys import read_cache_kib
from assistant.errors import (
    DamagedError,
    DatabaseError,
    DiskFullError,
    HomeError,
    NewerSchemaError,
    ReadOnlyError,
)
from assistant.keys import HomeKey
from assistant.texts import text

ONE = (statements("CREATE TABLE notes (id INTEGER PRIMARY KEY, words TEXT UNIQUE)"),)
TWO = (*ONE, statements("ALTER TABLE notes ADD COLUMN colour TEXT", "UPDATE notes SET colour = 'red'"))
KEY = HomeKey(bytes(range(32)), "home of a test")
posix_only = pytest.mark.skipif(os.name != "posix", reason="runs on Linux and macOS: rights of POSIX")


def insert(words: str) -> Callable[[Connection], int]:
    return lambda connection: connection.execute("INSERT INTO notes (words) VALUES (?)", (words,)).lastrowid


def words_in(database: Database) -> list[str]:
    with database.read() as connection:
        return [row[0] for row in connection.execute("SELECT words FROM notes ORDER BY id")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "notes.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    database = Database.open(path, ONE, None)
    yield database
    database.close()


def test_what_was_written_is_there_after_reopening(path: Path, database: Database) -> None:
    assert database.write(insert("하나")) == 1
    database.close()
    again = Database.open(path, ONE, None)
    assert words_in(again) == ["하나"]
    assert again.problems() == []
    again.close()


def test_commits_are_synced_and_deleted_rows_overwritten(database: Database) -> None:
    def pragmas(connection: Connection) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        return [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert database.write(pragmas) == ["wal", 2, 1, 1]


def test_an_exception_undoes_the_whole_write(database: Database) -> None:
    def fail(connection: Connection) -> None:
        insert("lost")(connection)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.write(fail)
    assert words_in(database) == []
    assert database.write(insert("kept")) == 1


def test_an_error_of_the_library_becomes_ours(database: Database) -> None:
    database.write(insert("same"))
    with pytest.raises(DatabaseError) as error:
        database.write(insert("same"))
    assert "SQLITE_CONSTRAINT" in str(error.value)
    with pytest.raises(DatabaseError), database.read() as connection:
        connection.execute("SELECT nothing FROM nowhere")


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DatabaseError), database.read() as connection:
        connection.execute("INSERT INTO notes (words) VALUES ('x')")
    assert words_in(database) == []


def test_a_reader_sees_one_state_while_others_write(database: Database) -> None:
    database.write(insert("before"))
    with database.read() as connection:
        count = "SELECT count(*) FROM notes"
        assert connection.execute(count).fetchone() == (1,)
        database.write(insert("after"))
        assert connection.execute(count).fetchone() == (1,)
    assert words_in(database) == ["before", "after"]


def test_many_threads_write_and_read_at_once(database: Database) -> None:
    def work(number: int) -> int:
        database.write(insert(str(number)))
        return len(words_in(database))

    with ThreadPoolExecutor(8) as pool:
        assert max(pool.map(work, range(40))) == 40
    assert sorted(map(int, words_in(database))) == list(range(40))


def test_write_inside_write_is_refused_instead_of_waiting_for_itself(database: Database) -> None:
    with pytest.raises(RuntimeError):
        database.write(lambda _: database.write(insert("x")))


def test_close_finishes_what_waits_and_leaves_no_thread(path: Path) -> None:
    database = Database.open(path, ONE, None)
    begun, go_on = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        begun.set()
        assert go_on.wait(10)
        insert("slow")(connection)

    with ThreadPoolExecutor(2) as pool:
        write = pool.submit(database.write, slow)
        assert begun.wait(10)
        close = pool.submit(database.close)
        go_on.set()
        write.result(10)
        close.result(10)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("write")]
    with pytest.raises(DatabaseError, match="closed"):
        database.write(insert("late"))
    with pytest.raises(DatabaseError, match="closed"):
        words_in(database)
    database.close()
    assert sorted(file.name for file in path.parent.iterdir()) == ["notes.db"]


def test_a_reader_that_outlives_close_is_closed_when_it_ends(path: Path) -> None:
    database = Database.open(path, ONE, None)
    with database.read() as connection:
        database.close()
        assert connection.execute("SELECT count(*) FROM notes").fetchone() == (0,)
    assert not path.with_name("notes.db-wal").exists()


def test_migrations_bring_an_old_file_to_the_newest_schema(path: Path, database: Database) -> None:
    database.write(insert("old"))
    database.close()
    newer = Database.open(path, TWO, None)
    with newer.read() as connection:
        assert connection.execute("SELECT words, colour FROM notes").fetchall() == [("old", "red")]
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    newer.close()


def test_a_migration_that_fails_changes_nothing(path: Path, database: Database) -> None:
    database.write(insert("old"))
    database.close()
    broken = (*ONE, statements("ALTER TABLE notes ADD COLUMN colour TEXT", "UPDATE nowhere SET a = 1"))
    with pytest.raises(DatabaseError):
        Database.open(path, broken, None)
    again = Database.open(path, TWO, None)
    assert words_in(again) == ["old"]
    again.close()


def test_a_newer_schema_is_left_alone(path: Path) -> None:
    Database.open(path, TWO, None).close()
    before = path.read_bytes()
    with pytest.raises(NewerSchemaError, match="newer Maru"):
        Database.open(path, ONE, None)
    assert path.read_bytes() == before


@posix_only
@pytest.mark.parametrize("key", [None, KEY])
def test_files_are_their_owners_alone(path: Path, key: HomeKey | None) -> None:
    database = Database.open(path, ONE, key)
    database.write(insert("x"))
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    database.close()
    assert set(modes.values()) == {0o600}
    assert {"notes.db", "notes.db-wal", "notes.db-shm"} <= set(modes)


@posix_only
def test_rights_that_were_opened_are_closed_again(path: Path, database: Database) -> None:
    database.close()
    path.chmod(0o644)
    Database.open(path, ONE, None).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["메모 #1?.db", "50%.db", "it's.db"])
def test_names_with_odd_letters_work(tmp_path: Path, name: str) -> None:
    database = Database.open(tmp_path / name, ONE, None)
    database.write(insert("x"))
    database.close()
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    for folder in (tmp_path / "file", tmp_path / "missing"):
        with pytest.raises(HomeError, match=folder.name):
            Database.open(folder / "notes.db", ONE, None)


def test_a_keyed_file_holds_no_plain_text(path: Path) -> None:
    database = Database.open(path, ONE, KEY)
    database.write(insert("confidential words"))
    written = b"".join(file.read_bytes() for file in path.parent.iterdir())
    database.close()
    assert b"confidential" not in written
    assert b"CREATE TABLE" not in written
    again = Database.open(path, ONE, KEY)
    assert words_in(again) == ["confidential words"]
    again.close()


def test_any_sqlcipher_program_opens_the_file_by_its_key(path: Path) -> None:
    Database.open(path, ONE, KEY).close()
    connection = dbapi2.connect(str(path))
    connection.execute(f"PRAGMA key = \"x'{KEY.secret.hex()}'\"")
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    connection.close()


def test_what_the_checked_key_does_not_open_is_damaged_and_left_as_it_is(path: Path) -> None:
    Database.open(path, ONE, KEY).close()
    before = path.read_bytes()
    for key in (HomeKey(bytes(32), "another"), None):
        with pytest.raises(DatabaseError, match="damaged"):
            Database.open(path, ONE, key)
    assert path.read_bytes() == before


def test_a_plain_file_in_an_encrypted_home_is_told(path: Path, database: Database) -> None:
    database.close()
    with pytest.raises(DatabaseError, match="not encrypted, but this home is"):
        Database.open(path, ONE, KEY)


def test_the_key_is_in_no_representation(path: Path) -> None:
    database = Database.open(path, ONE, KEY)
    key = database._key
    database.close()
    assert key is not None
    assert key.secret.hex() not in repr(key)
    assert repr(key.secret) not in repr(key)


def test_a_full_database_says_so_and_works_again(database: Database) -> None:
    database.write(insert("first"))
    pages = database.write(lambda connection: connection.execute("PRAGMA page_count").fetchone()[0])
    database.write(lambda connection: connection.execute(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(DiskFullError, match="Free some space"):
        database.write(insert("x" * 100_000))
    assert words_in(database) == ["first"]
    database.write(lambda connection: connection.execute("PRAGMA max_page_count = 100000"))
    database.write(insert("x" * 100_000))
    assert database.problems() == []


@pytest.mark.parametrize(
    ("code", "kind", "says"),
    [
        ("SQLITE_FULL", DiskFullError, "full"),
        ("SQLITE_CORRUPT_VTAB", DamagedError, "damaged"),
        ("SQLITE_BUSY_SNAPSHOT", DatabaseError, "Another program"),
        ("SQLITE_IOERR_WRITE", DatabaseError, "cannot be read or written"),
        ("SQLITE_READONLY", DatabaseError, "may write"),
        ("SQLITE_ERROR", DatabaseError, "SQLITE_ERROR"),
    ],
)
def test_every_kind_of_error_has_its_sentence(
    path: Path, code: str, kind: type[Exception], says: str
) -> None:
    error = dbapi2.OperationalError("anything")
    error.sqlite_errorname = code
    told = translated(path, error)
    assert type(told) is kind
    assert says in str(told)


def test_a_file_that_another_program_locks_is_named(
    path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.close()
    monkeypatch.setattr("assistant.database_keys.BUSY_MS", 1)
    other = dbapi2.connect(str(path), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    again = Database.open(path, ONE, None)
    with pytest.raises(DatabaseError, match="Another program is using"):
        again.write(insert("x"))
    other.close()
    again.write(insert("x"))
    again.close()


def test_a_second_process_may_look_but_not_write(path: Path, database: Database) -> None:
    database.write(insert("seen"))
    other = Database.open(path, ONE, None, own=False)
    assert words_in(other) == ["seen"]
    with pytest.raises(DatabaseError, match="belongs to the Maru that is open"):
        other.write(insert("x"))
    database.write(insert("later"))
    assert words_in(other) == ["seen", "later"]
    other.close()


def test_looking_makes_and_migrates_nothing(path: Path) -> None:
    with pytest.raises(DatabaseError, match="not there yet"):
        Database.open(path, ONE, None, own=False)
    assert not path.exists()
    Database.open(path, ONE, None).close()
    with pytest.raises(DatabaseError, match="older Maru"):
        Database.open(path, TWO, None, own=False)


def test_compacting_leaves_nothing_of_what_was_deleted_in_file_and_log(
    path: Path, database: Database
) -> None:
    for number in range(200):
        database.write(insert(f"secret {number} " + "x" * 500))
    database.write(lambda connection: connection.execute("DELETE FROM notes"))
    large = path.stat().st_size + path.with_name("notes.db-wal").stat().st_size
    database.compact()
    assert path.with_name("notes.db-wal").stat().st_size == 0
    assert path.stat().st_size < large / 10
    assert b"secret" not in path.read_bytes()
    assert database.problems() == []


@pytest.mark.parametrize("key", [None, KEY])
def test_a_copy_of_an_open_database_has_its_key_and_one_that_is_stopped_is_not_there(
    path: Path, key: HomeKey | None
) -> None:
    database = Database.open(path, ONE, key)
    for number in range(50):
        database.write(insert(f"kept {number}"))
    copy = path.with_name("copy.db")
    copy_database(path, key, copy)
    with pytest.raises(HomeError, match="unwritten"):
        copy_database(path, key, path.with_name("unwritten") / "copy.db")
    stopped = path.with_name("stopped.db")
    database.write(
        lambda connection: connection.executemany(
            "INSERT INTO notes (words) VALUES (?)", [(f"many {number}",) for number in range(20_000)]
        )
    )
    with pytest.raises(DatabaseError, match="SQLITE_INTERRUPT"):
        copy_database(path, key, stopped, lambda: True)
    assert not stopped.exists()
    database.close()
    again = Database.open(copy, ONE, key)
    assert len(words_in(again)) == 50
    again.close()


def test_a_database_that_refuses_says_why_and_takes_writes_again(database: Database) -> None:
    database.refuse(text("It is being restored."))
    with pytest.raises(ReadOnlyError, match="It is being restored"):
        database.write(insert("x"))
    with pytest.raises(ReadOnlyError):
        database.compact()
    assert words_in(database) == []
    database.refuse(None)
    database.write(insert("x"))
    assert words_in(database) == ["x"]


def test_a_database_to_read_alone_is_of_any_schema_and_not_changed(path: Path, database: Database) -> None:
    database.write(insert("old"))
    database.close()
    Database.open(path, TWO, None).close()
    before = path.read_bytes()
    alone = Database.open(path, ONE, None, read_only=text("It is newer."))
    assert words_in(alone) == ["old"]
    with pytest.raises(ReadOnlyError, match="newer"):
        alone.write(insert("x"))
    alone.close()
    assert path.read_bytes() == before
    three = (*TWO, statements("CREATE TABLE more (id INTEGER)"))
    with pytest.raises(DatabaseError, match="older Maru"):
        Database.open(path, three, None, read_only=text("It cannot be written."))


def test_before_the_first_update_of_a_file_in_use_somebody_is_asked_once(path: Path) -> None:
    asked: list[bool] = []
    Database.open(path, ONE, None, before_update=lambda: asked.append(True)).close()
    assert asked == [], "a new file has nothing to lose"
    three = (*TWO, statements("CREATE TABLE more (id INTEGER)"))
    Database.open(path, three, None, before_update=lambda: asked.append(True)).close()
    assert asked == [True]
    Database.open(path, three, None, before_update=lambda: asked.append(True)).close()
    assert asked == [True]


def test_pages_of_a_large_encrypted_file_are_kept_in_memory_by_its_size(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [read_cache_kib(size) for size in (0, 60 << 20, 300 << 20, 9 << 30)] == [
        32_000,
        32_000,
        122_880,
        256_000,
    ]
    key = HomeKey(bytes(range(32)), "test")
    monkeypatch.setattr("assistant.database_keys.KEYED_CACHE_KIB", 7)
    with closing(Database.open(path, [], key)) as database, database.read() as connection:
        assert connection.execute("PRAGMA cache_size").fetchone() == (-7,)
