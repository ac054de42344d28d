# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Documents in SQLite: which files there are, and what of them is known.

A document is found from the moment that it is linked to a content, and never with half of one. What
changes a document takes its file out of the queue in the same transaction.
"""
# ruff: noqa: S608 - statements are put together of our own constants and numbers; values are bound

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from assistant.database import Connection, Database
from assistant.documents.catalogue import IN_ORDER
from assistant.documents.conditions import UNDER, bounds, set_of
from assistant.documents.protocol import DocumentRow, PlaceText
from assistant.documents.queue import in_turns
from assistant.documents.walk import Stamped
from assistant.passages import Place, PlaceKind


@dataclass(frozen=True)
class Stamp:
    """What tells cheaply whether a file may have changed: its size and time of change.

    `device` and `inode` are the drive and where on it, 0 where that is not known: they tell a renamed file.
    """

    size: int
    mtime_ns: int
    device: int = field(default=0, compare=False)
    inode: int = field(default=0, compare=False)


Lay = tuple[int, int, int, int]
"""Where a file lay and what it was: size, time of change, device and inode as they are stored."""


@dataclass(frozen=True)
class FileAt:
    """A file of a collection as it was found; `waiting` is its row in the queue, where it comes from there.

    Where that row is gone the user has removed the file meanwhile: nothing is stored of it. `postpone`:
    where its pages have to be recognized it is not read now. `named`: the user gave it itself.
    """

    path: Path
    collection_id: int
    stamp: Stamp
    waiting: int | None = None
    postpone: bool = False
    named: bool = False


@dataclass(frozen=True)
class Stored:
    """A document as the store knows it; `content_id` is None where nothing could be read."""

    content_id: int | None
    stamp: Stamp
    row: DocumentRow


@dataclass(frozen=True)
class Scope:
    """What a search looks at: None for all collections, None for all contents."""

    collection_ids: tuple[int, ...] | None = None
    contents: tuple[int, ...] | None = None

    def condition(self, content: str) -> str:
        """Return SQL that holds where the column `content` is in scope. Only numbers go into it."""
        live = f"EXISTS (SELECT 1 FROM documents WHERE content_id = {content} AND {self.of_documents()})"
        if self.contents is None:
            return live
        return f"{live} AND {content} IN {set_of(self.contents)}"

    def of_documents(self) -> str:
        """Return SQL that holds for a row of `documents` whose collection is in scope."""
        return "1" if self.collection_ids is None else f"collection_id IN {set_of(self.collection_ids)}"


class Store:
    """The documents of the library."""

    def __init__(self, database: Database) -> None:
        """Use `database`, opened with `schema.MIGRATIONS`."""
        self._database = database

    def documents(self, collection: str | None = None) -> list[DocumentRow]:
        """Return every document of a collection, or of all but those of conversations, by it and by path."""
        where = "k.conversation_id IS NULL" if collection is None else "k.name = ?"
        return [one.row for one in self._documents(where, (collection,) if collection else ())]

    def has(self, path: Path) -> bool:
        """Say whether a file is known in any collection, those of conversations among them."""
        return bool(self._documents("d.path = ?", (str(path),)))

    def stored(self, collection_id: int, path: Path) -> Stored | None:
        """Return what is known of a file."""
        found = self._documents("d.path = ? AND d.collection_id = ?", (str(path), collection_id))
        return found[0] if found else None

    def stored_under(self, collection_id: int, path: str) -> list[Stored]:
        """Return what is known of a file, or of all that a folder holds, by path."""
        where = f"{UNDER.replace('path', 'd.path')} AND d.collection_id = ?4"
        return self._documents(where, (path, *bounds(path), collection_id))

    def stored_in(self, collection_id: int) -> list[Stored]:
        """Return what is known of every file of a collection."""
        return self._documents("d.collection_id = ?", (collection_id,))

    def stamps(self, collection_id: int, path: str) -> list[Stamped]:
        """Return path, size and time of change of a file, or of all that a folder holds."""
        with self._database.read() as connection:
            return connection.execute(
                f"SELECT path, size, mtime_ns FROM documents WHERE {UNDER} AND collection_id = ?4",
                (path, *bounds(path), collection_id),
            ).fetchall()

    def lay(self, collection_id: int, paths: Iterable[str]) -> "dict[Lay, str]":
        """Return where these files lay, where that is known and something was read of them.

        What was set aside may have been so for its name: under another one it is read anew.
        """
        found: dict[Lay, str] = {}
        with self._database.read() as connection:
            for path in paths:
                row = connection.execute(
                    "SELECT size, mtime_ns, device, inode FROM documents"
                    " WHERE path = ? AND collection_id = ? AND inode AND content_id IS NOT NULL",
                    (path, collection_id),
                ).fetchone()
                if row is not None:
                    found[row] = path
        return found

    def named(self, collection_id: int, paths: Iterable[str]) -> list[str]:
        """Return which of these files the user gave themselves, not only their folder."""
        wanted = set(paths)
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT path FROM documents WHERE collection_id = ? AND named", (collection_id,)
            ).fetchall()
        return [path for (path,) in rows if path in wanted]

    def count(self, scope: Scope, within: Sequence[Path] | None) -> int:
        """Return how many documents with text are in scope."""
        with self._database.read() as connection:
            found = f"FROM documents WHERE content_id IS NOT NULL AND {scope.of_documents()}"
            if within is None:
                return int(connection.execute(f"SELECT count(*) {found}").fetchone()[0])
            rows = connection.execute(f"SELECT path {found}").fetchall()
        return sum(is_within(Path(row[0]), within) for row in rows)

    def devices(self, collection_id: int, path: str) -> set[int]:
        """Return the drives that the files of a folder lay on, where that is known."""
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT DISTINCT device FROM documents WHERE {UNDER} AND collection_id = ?4 AND device",
                (path, *bounds(path), collection_id),
            )
            return {row[0] for row in rows}

    def link(self, content_id: int, at: FileAt) -> int | None:
        """Let the document have this content from now on; returns the content that it had before.

        Old passages go and new ones come in one moment.
        """

        def work(connection: Connection) -> int | None:
            connection.execute("UPDATE contents SET complete = 1 WHERE id = ?", (content_id,))
            return _put_document(connection, content_id, at, "added", "")

        return self._database.write(work)

    def set_aside(self, at: FileAt, status: str, reason: str) -> int | None:
        """Keep why a file has no passages; returns the content that it had before."""
        return self._database.write(lambda connection: _put_document(connection, None, at, status, reason))

    def touch(self, at: FileAt) -> None:
        """Keep the new stamp of a file whose content is the same."""

        def work(connection: Connection) -> None:
            connection.execute(
                "UPDATE documents SET size = ?, mtime_ns = ?, device = ?, inode = ?, there = 1,"
                " named = max(named, ?) WHERE path = ? AND collection_id = ?",
                (*_row(at.stamp), at.named, str(at.path), at.collection_id),
            )
            _done(connection, at)

        self._database.write(work)

    def move(self, collection_id: int, moved: Sequence[tuple[str, str]]) -> None:
        """Let documents have new paths: (before, after). What was known of the new one gives way."""
        rows = [(after, before, collection_id) for before, after in moved]

        def work(connection: Connection) -> None:
            connection.executemany(
                "UPDATE OR REPLACE documents SET path = ?, there = 1 WHERE path = ? AND collection_id = ?",
                rows,
            )

        self._database.write(work)

    def take_out(self, collection_id: int, paths: Iterable[str]) -> list[int]:
        """Take documents out; returns the contents that they had."""
        contents: set[int] = set()
        for some in in_turns(paths, 500):
            contents |= self._database.write(partial(_take, collection_id, some))
        return sorted(contents)

    def unlink(self, path: str, collection_id: int) -> tuple[int, list[int]]:
        """Take a file, or all of a folder, out of a collection; returns how many, and their contents.

        Nothing of them is found any more; `Contents.forget` then clears away what nobody has.
        """
        paths = [one[0] for one in self.stamps(collection_id, path)]
        return len(paths), self.take_out(collection_id, paths)

    def mark(self, collection_id: int, path: str, *, there: bool) -> bool:
        """Keep whether the files of a folder are there; says whether that is new."""
        values = (path, *bounds(path), collection_id)
        where = f"{UNDER} AND collection_id = ?4 AND {'NOT there' if there else 'there'}"
        with self._database.read() as connection:
            new = connection.execute(f"SELECT 1 FROM documents WHERE {where} LIMIT 1", values).fetchone()
        if new is None:
            return False
        self._database.write(
            lambda connection: connection.execute(
                f"UPDATE documents SET there = {there:d} WHERE {where}", values
            )
        )
        return True

    def single(self) -> "list[tuple[int, str, Lay]]":
        """Return (collection id, path, where it lay) of the documents that no watched folder holds."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT collection_id, path, size, mtime_ns, device, inode FROM documents d WHERE NOT EXISTS"
                " (SELECT 1 FROM folders f WHERE f.collection_id = d.collection_id"
                f" AND substr(d.path, 1, length(f.path) + 1) = rtrim(f.path, '{os.sep}') || '{os.sep}')"
            ).fetchall()
        return [(row[0], row[1], row[2:]) for row in rows]

    def aside(self, path: str | None) -> list[tuple[int, str, int]]:
        """Return (collection id, path, size) of the files without passages, of one or of all."""
        with self._database.read() as connection:
            return connection.execute(
                "SELECT collection_id, path, size FROM documents"
                " WHERE content_id IS NULL AND (?1 IS NULL OR path = ?1) ORDER BY path",
                (path,),
            ).fetchall()

    def places(self, path: Path) -> list[PlaceText]:
        """Return the text of a document as it was read last, place by place; empty where it is not known."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT ordinal, kind, page, label, recognized, text FROM places WHERE content_id ="
                " (SELECT max(content_id) FROM documents WHERE path = ?)"
                " ORDER BY ordinal, part",
                (str(path),),
            ).fetchall()
        return [
            PlaceText(
                Place(PlaceKind(kind), ordinal, page, label),
                "".join(row[5] for row in parts),
                recognized=bool(recognized),
            )
            for (ordinal, kind, page, label, recognized), parts in groupby(rows, key=lambda row: row[:5])
        ]

    def scope(self, collections: Sequence[str] | None, within: Sequence[Path] | None) -> Scope:
        """Return what a search in `collections` and in files or folders `within` looks at.

        None for `collections` is all but those of conversations.
        """
        chosen = self._chosen(collections)
        if within is None:
            return Scope(chosen)
        contents: set[int] = set()
        with self._database.read() as connection:
            for path in within:
                rows = connection.execute(
                    f"SELECT content_id FROM documents WHERE content_id IS NOT NULL AND {UNDER}",
                    (str(path), *bounds(str(path))),
                )
                contents.update(row[0] for row in rows)
        return Scope(chosen, tuple(sorted(contents)))

    def _chosen(self, collections: Sequence[str] | None) -> tuple[int, ...] | None:
        with self._database.read() as connection:
            rows = connection.execute("SELECT id, name, conversation_id FROM collections").fetchall()
        if collections is not None:
            return tuple(sorted(row[0] for row in rows if row[1] in collections))
        if any(row[2] is not None for row in rows):
            return tuple(sorted(row[0] for row in rows if row[2] is None))
        return None

    def _documents(self, where: str, values: tuple[object, ...]) -> list[Stored]:
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT d.path, k.name, coalesce(c.pages, 0), coalesce(c.passages, 0), d.status,"
                " coalesce(c.note, d.reason),"
                " d.there, d.content_id, d.size, d.mtime_ns, d.device, d.inode FROM documents d"
                " JOIN collections k ON k.id = d.collection_id LEFT JOIN contents c ON c.id = d.content_id"
                f" WHERE {where} ORDER BY {IN_ORDER}, d.path",
                values,
            ).fetchall()
        return [_stored(row) for row in rows]


def _stored(row: tuple[Any, ...]) -> Stored:
    document = DocumentRow(Path(row[0]), row[1], row[2], row[3], row[4], row[5], bool(row[6]))
    return Stored(row[7], Stamp(*row[8:]), document)


def stamp_of(state: os.stat_result) -> Stamp:
    """Return what a file's state says of it."""
    return Stamp(state.st_size, state.st_mtime_ns, state.st_dev, state.st_ino)


def lay_of(state: os.stat_result) -> Lay:
    """Return where a file lies as the store keeps it."""
    return _row(stamp_of(state))


def is_within(path: Path, within: Sequence[Path]) -> bool:
    """Say whether a path is one of `within`, or in one of these folders."""
    return any(path == one or one in path.parents for one in within)


def _put_document(
    connection: Connection, content_id: int | None, at: FileAt, status: str, reason: str
) -> int | None:
    if at.waiting is not None and not _waits(connection, at.waiting):
        return None
    before = connection.execute(
        "SELECT content_id FROM documents WHERE path = ? AND collection_id = ?",
        (str(at.path), at.collection_id),
    ).fetchone()
    connection.execute(
        "INSERT INTO documents"
        " (path, collection_id, content_id, status, reason, named, size, mtime_ns, device, inode)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (path, collection_id) DO UPDATE SET there = 1,"
        " content_id = excluded.content_id, size = excluded.size, mtime_ns = excluded.mtime_ns,"
        " device = excluded.device, inode = excluded.inode, status = excluded.status,"
        " reason = excluded.reason, named = max(named, excluded.named)",
        (str(at.path), at.collection_id, content_id, status, reason, at.named, *_row(at.stamp)),
    )
    _done(connection, at)
    return before[0] if before else None


def _row(stamp: Stamp) -> tuple[int, int, int, int]:
    # SQLite's numbers are signed; some file systems count to 2^64.
    return stamp.size, stamp.mtime_ns, _signed(stamp.device), _signed(stamp.inode)


def _signed(number: int) -> int:
    return number - (1 << 64) if number >= 1 << 63 else number


def _waits(connection: Connection, number: int) -> bool:
    return connection.execute("SELECT 1 FROM waiting WHERE id = ?", (number,)).fetchone() is not None


def _done(connection: Connection, at: FileAt) -> None:
    connection.execute(
        "DELETE FROM waiting WHERE path = ? AND collection_id = ?", (str(at.path), at.collection_id)
    )


def _take(collection_id: int, paths: Sequence[str], connection: Connection) -> set[int]:
    found: set[int] = set()
    for path in paths:
        gone = connection.execute(
            "DELETE FROM documents WHERE path = ? AND collection_id = ? RETURNING content_id",
            (path, collection_id),
        ).fetchall()
        found.update(row[0] for row in gone if row[0] is not None)
        connection.execute("DELETE FROM waiting WHERE path = ? AND collection_id = ?", (path, collection_id))
    return found
