# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What can still be read of a damaged database, row by row, in a new one of the newest schema.

Words are indexed again; a message whose parent is lost stands below the one before it, one whose
conversation is lost in a new one; of a document with holes nothing is kept: its file is read again.
"""
# ruff: noqa: S608 - statements are put together of names that the schema gives

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.database import Database, Migration
from assistant.database_files import changing
from assistant.database_keys import SQLError, connect_to_rescue
from assistant.documents.contents import sentence_terms
from assistant.excerpts import title_of
from assistant.full_text import index_terms
from assistant.home_conversion import key_for
from assistant.keys import HomeKey
from assistant.messages import FinishReason, Role
from assistant.receipts import Receipt

ONE_BY_ONE = 500  # rows tried one after the other where one cannot be read; then in growing strides
_NOT_COPIED = ("indexed",)  # what the index holds: it is made again

_MENDED = (
    """INSERT INTO conversations (id, title, created, updated)
        SELECT conversation_id, '', min(created), max(created) FROM messages
        WHERE conversation_id NOT IN (SELECT id FROM conversations) GROUP BY 1""",
    """UPDATE messages SET parent_id = (SELECT max(p.id) FROM messages p WHERE p.id < messages.id
        AND p.conversation_id = messages.conversation_id AND p.role != messages.role)
        WHERE parent_id NOT IN (SELECT id FROM messages)""",
    """UPDATE conversations SET leaf_id =
        (SELECT max(id) FROM messages WHERE conversation_id = conversations.id)
        WHERE leaf_id IS NULL OR leaf_id NOT IN (SELECT id FROM messages)""",
)
_READ_AGAIN = (
    """DELETE FROM contents WHERE NOT EXISTS (SELECT 1 FROM places WHERE content_id = contents.id)
        OR passages != (SELECT count(*) FROM chunks WHERE content_id = contents.id)""",
    "UPDATE documents SET content_id = NULL, size = -1 WHERE content_id NOT IN (SELECT id FROM contents)",
    "DELETE FROM chunks WHERE content_id NOT IN (SELECT id FROM contents)",
)


def rescue(source: Path, target: Path, migrations: Sequence[Migration], key: HomeKey | None) -> int:
    """Make the database `target` of what can be read of `source`; returns how many rows that was.

    `source` is not changed. Raises DatabaseError where `target` cannot be written.
    """
    target.unlink(missing_ok=True)
    Database.open(target, migrations, key).close()
    with changing(target, key) as new:
        new.execute("PRAGMA defer_foreign_keys = ON")  # checked when all is mended
        rows = sum(_copy_table(source, key_for(source, key), new, table) for table in _tables(new))
        names = {table for table, _ in _tables(new)}
        if "messages" in names:
            _mend_conversations(new)
        if "contents" in names:
            _mend_library(new)
        _drop_what_hangs(new)
    return rows


def _tables(new: Any) -> list[tuple[str, bool]]:
    """Return the tables that hold rows of their own, and whether they have a rowid."""
    found = new.execute("PRAGMA table_list").fetchall()
    names = [(row[1], not row[4]) for row in found if row[0] == "main" and row[2] == "table"]
    return sorted(one for one in names if one[0] not in _NOT_COPIED and not one[0].startswith("sqlite_"))


def _copy_table(source: Path, key: HomeKey | None, new: Any, table: tuple[str, bool]) -> int:
    name, has_rowid = table
    wanted = [row[1] for row in new.execute(f'PRAGMA table_info("{name}")')]
    reader = _Reader(source, key)
    try:
        there = [column for column in reader.columns(name) if column in wanted]
        if not there:
            return 0
        columns = ", ".join(f'"{one}"' for one in there)
        sql = f'INSERT OR IGNORE INTO "{name}" ({columns}) VALUES ({", ".join("?" * len(there))})'
        rows = reader.by_rowid(name, columns) if has_rowid else reader.as_they_come(name, columns)
        count = 0
        for row in rows:
            with contextlib.suppress(SQLError):  # a value that was damaged and fits nowhere
                count += new.execute(sql, row).rowcount
        return count
    finally:
        reader.close()


class _NonsenseError(Exception):
    """What was read cannot be."""


class _Reader:
    """Reads rows of a damaged file; opened anew after every error, for SQLCipher does not go on after one."""

    def __init__(self, path: Path, key: HomeKey | None) -> None:
        self._path = path
        self._key = key
        self._connection: Any = None

    def columns(self, table: str) -> list[str]:
        with contextlib.suppress(SQLError, OSError):
            return [row[1] for row in self._opened().execute(f'PRAGMA table_info("{table}")')]
        return []

    def as_they_come(self, table: str, columns: str) -> Iterator[tuple[Any, ...]]:
        """Yield rows up to the first one that cannot be read."""
        with contextlib.suppress(SQLError):
            yield from self._opened().execute(f'SELECT {columns} FROM "{table}"')

    def by_rowid(self, table: str, columns: str) -> Iterator[tuple[Any, ...]]:
        """Yield every row that can be read."""
        last, tries, top = 0, 0, self._top(table)
        sql = f'SELECT rowid, {columns} FROM "{table}" WHERE rowid > ? ORDER BY rowid'
        while last < top:
            try:
                for row in self._opened().execute(sql, (last,)):
                    if row[0] <= last:  # a damaged page leads backwards
                        raise _NonsenseError
                    last, tries = row[0], 0
                    yield row[1:]
                return
            except (SQLError, _NonsenseError):
                self.close()
                tries += 1
                last += 2 ** max(0, tries - ONE_BY_ONE)  # a damaged page may speak of rows beyond number

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _top(self, table: str) -> int:
        """Return the greatest rowid there may be."""
        found = [0]
        asked = (
            f'SELECT max(rowid) FROM "{table}"',
            f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'",
        )
        for sql in asked:
            try:
                row = self._opened().execute(sql).fetchone()
                found.append(int(row[0] or 0) if row else 0)
            except (SQLError, ValueError):
                self.close()
        return max(found)

    def _opened(self) -> Any:
        if self._connection is None:
            self._connection = connect_to_rescue(self._path, self._key)
        return self._connection


def _drop_nonsense(new: Any) -> None:
    """Take out of messages what no Maru wrote: a plain file can hold anything where it is damaged."""
    for number, role, reason, receipt in new.execute(
        "SELECT id, role, finish_reason, receipt FROM messages"
    ).fetchall():
        if role not in {one.value for one in Role}:
            new.execute("DELETE FROM messages WHERE id = ?", (number,))
            continue
        if reason is not None and reason not in {one.value for one in FinishReason}:
            failed = (FinishReason.FAILED.value, number)
            new.execute("UPDATE messages SET finish_reason = ? WHERE id = ?", failed)
        try:
            _ = receipt and Receipt.from_json(receipt)
        except (ValueError, TypeError, LookupError, AttributeError):
            new.execute("UPDATE messages SET receipt = NULL WHERE id = ?", (number,))


def _mend_conversations(new: Any) -> None:
    _drop_nonsense(new)
    for sql in _MENDED:
        new.execute(sql)
    for number, words in new.execute("SELECT id, content FROM messages").fetchall():
        new.execute("INSERT INTO message_words (rowid, words) VALUES (?, ?)", (number, index_terms(words)))
    for number, named in new.execute("SELECT id, title FROM conversations").fetchall():
        title = named or _first_words(new, number)
        new.execute("UPDATE conversations SET title = ? WHERE id = ?", (title, number))
        new.execute("INSERT INTO title_words (rowid, words) VALUES (?, ?)", (number, index_terms(title)))


def _first_words(new: Any, conversation_id: int) -> str:
    row = new.execute(
        "SELECT content FROM messages WHERE conversation_id = ? ORDER BY id LIMIT 1", (conversation_id,)
    ).fetchone()
    return title_of(row[0]) if row else ""


def _mend_library(new: Any) -> None:
    for sql in _READ_AGAIN:
        new.execute(sql)
    for number, words in new.execute("SELECT id, search_text FROM chunks").fetchall():
        terms = sentence_terms(words)
        new.execute("INSERT INTO chunk_terms (rowid, terms) VALUES (?, ?)", (number, terms))


def _drop_what_hangs(new: Any) -> None:
    """Delete rows whose other half is lost: nothing refers to what is not there."""
    while hanging := new.execute("PRAGMA foreign_key_check").fetchall():
        gone = 0
        for table, rowid, _, _ in hanging:
            if rowid is None:
                gone += new.execute(f'DELETE FROM "{table}"').rowcount
            else:
                gone += new.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (rowid,)).rowcount
        if not gone:
            return
