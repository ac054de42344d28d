# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The files that wait to be read, on the disk: what a killed run left, the next one goes on with.

A file leaves the queue in the transaction that makes its document (store.py): it is never lost
between the two, and never read twice.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from assistant.database import Connection, Database

AT_ONCE = 2_000  # rows a transaction


@dataclass(frozen=True)
class Waiting:
    """A file to be read; `named` where the user gave it itself and not only its folder.

    `first`: before all others; `late`: it was found to be a scan, and waits behind those that are none.
    """

    id: int
    collection_id: int
    path: str
    size: int
    named: bool
    first: bool = False
    late: bool = False


@dataclass(frozen=True)
class ToRead:
    """A file as it is put into the queue."""

    path: str
    size: int
    named: bool = False


class Queue:
    """The order in which files are read."""

    def __init__(self, database: Database) -> None:
        """Use `database`, opened with `schema.MIGRATIONS`."""
        self._database = database

    def put(self, collection_id: int, files: Iterable[ToRead], *, first: bool = False) -> int:
        """Let files wait at the end, or before all others; returns the number of this call.

        A file that waits already keeps its place, unless it is wanted first. Of a collection that was
        deleted meanwhile none waits.
        """
        asked = self._database.write(_next_number)
        rows = iter([(collection_id, one.path, one.size, one.named, first, asked) for one in files])
        while some := list(islice(rows, AT_ONCE)):
            self._put(some)
        return asked

    def next(self, asked: int | None = None) -> Waiting | None:
        """Return the file whose turn it is, of one call or of all."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT id, collection_id, path, size, named, first, late FROM waiting"
                " WHERE ?1 IS NULL OR asked = ?1 ORDER BY first DESC, late, id LIMIT 1",
                (asked,),
            ).fetchone()
        return Waiting(*row[:4], *map(bool, row[4:])) if row else None

    def holds(self, path: str) -> bool:
        """Say whether a file waits to be read, for any collection."""
        with self._database.read() as connection:
            return connection.execute("SELECT 1 FROM waiting WHERE path = ?", (path,)).fetchone() is not None

    def has_others(self, waiting: Waiting, asked: int | None = None) -> bool:
        """Say whether a file, if it were late, would have others before it: of one call or of all."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT 1 FROM waiting WHERE id != ?1 AND first >= ?2 AND NOT late"
                " AND (?3 IS NULL OR asked = ?3) LIMIT 1",
                (waiting.id, waiting.first, asked),
            ).fetchone()
        return row is not None

    def put_behind(self, waiting: Waiting) -> None:
        """Let a file wait until those have been read that are no scans."""
        self._database.write(
            lambda connection: connection.execute("UPDATE waiting SET late = 1 WHERE id = ?", (waiting.id,))
        )

    def count(self, asked: int | None = None) -> tuple[int, int]:
        """Return how many files wait, of one call or of all, and how many bytes they have."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT count(*), coalesce(sum(size), 0) FROM waiting WHERE ?1 IS NULL OR asked = ?1",
                (asked,),
            ).fetchone()
        return row[0], row[1]

    def drop(self, waiting: Waiting) -> None:
        """Take a file out that cannot be read."""
        self._database.write(
            lambda connection: connection.execute("DELETE FROM waiting WHERE id = ?", (waiting.id,))
        )

    def drop_under(self, collection_id: int, path: str) -> None:
        """Take a file, or all of a folder, out of the queue."""
        start = path.rstrip(os.sep)
        values = (path, start + os.sep, start + chr(ord(os.sep) + 1), collection_id)
        self._database.write(
            lambda connection: connection.execute(
                "DELETE FROM waiting WHERE (path = ?1 OR (path > ?2 AND path < ?3)) AND collection_id = ?4",
                values,
            )
        )

    def drop_all(self, collection_id: int) -> None:
        """Take all files of a collection out of the queue."""
        self._database.write(
            lambda connection: connection.execute(
                "DELETE FROM waiting WHERE collection_id = ?", (collection_id,)
            )
        )

    def clear(self, asked: int | None = None) -> None:
        """Take all files out, or those of one call."""
        self._database.write(
            lambda connection: connection.execute(
                "DELETE FROM waiting WHERE ?1 IS NULL OR asked = ?1", (asked,)
            )
        )

    def _put(self, rows: Sequence[tuple[object, ...]]) -> None:
        self._database.write(
            lambda connection: connection.executemany(
                "INSERT INTO waiting (collection_id, path, size, named, first, asked)"
                " SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM collections WHERE id = ?1)"
                " ON CONFLICT (path, collection_id) DO UPDATE SET"
                " size = excluded.size, asked = excluded.asked, named = max(named, excluded.named),"
                " first = max(first, excluded.first)",
                rows,
            )
        )


def _next_number(connection: Connection) -> int:
    """Return a number that no file in the queue has."""
    return int(connection.execute("SELECT coalesce(max(asked), 0) + 1 FROM waiting").fetchone()[0])


def in_turns(paths: Iterable[str], size: int = AT_ONCE) -> Iterator[list[str]]:
    """Return `paths` in lists of at most `size`: each is one transaction."""
    remaining = iter(paths)
    while some := list(islice(remaining, size)):
        yield some
