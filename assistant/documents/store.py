# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Documents in SQLite: which files there are, what they hold, and the passages in them.

A document is found from the moment that it is linked to a content, and never with half of one.
"""
# ruff: noqa: S608 - statements are put together of our own constants and numbers; values are bound

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from assistant.database import Connection, Database
from assistant.documents.protocol import DocumentRow, PlaceText
from assistant.passages import Place, PlaceKind

_UNDER = "(path = ?1 OR substr(path, 1, length(?2)) = ?2)"  # the path itself, or in that folder


@dataclass(frozen=True)
class Stamp:
    """What tells cheaply whether a file may have changed: its size and time of change."""

    size: int
    mtime_ns: int


@dataclass(frozen=True)
class Stored:
    """A document as the store knows it; `content_id` is None where nothing could be read."""

    content_id: int | None
    sha256: str
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
        return f"{live} AND {content} IN {_numbers(self.contents)}"

    def of_documents(self) -> str:
        """Return SQL that holds for a row of `documents` whose collection is in scope."""
        return "1" if self.collection_ids is None else f"collection_id IN {_numbers(self.collection_ids)}"


class Store:
    """Contents, documents and passages of the library."""

    def __init__(self, database: Database) -> None:
        """Use `database`, opened with `schema.MIGRATIONS`."""
        self._database = database

    def stored(self, collection: str) -> list[Stored]:
        """Return what is known of every file of a collection."""
        return self._documents("k.name = ?", (collection,))

    def documents(self) -> list[DocumentRow]:
        """Return every document, by collection and path."""
        return [stored.row for stored in self._documents("1", ())]

    def collections(self) -> dict[str, int]:
        """Return the collections that hold documents, by name, with their ids."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT name, id FROM collections k WHERE EXISTS"
                " (SELECT 1 FROM documents WHERE collection_id = k.id) ORDER BY name"
            )
            return dict(rows.fetchall())

    def count(self, scope: Scope, within: Sequence[Path] | None) -> int:
        """Return how many documents with text are in scope."""
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT path FROM documents WHERE content_id IS NOT NULL AND {scope.of_documents()}"
            ).fetchall()
        return len(rows) if within is None else sum(is_within(Path(row[0]), within) for row in rows)

    def link(self, content_id: int, row: DocumentRow, stamp: Stamp) -> int | None:
        """Let the document have this content from now on; returns the content that it had before.

        Old passages go and new ones come in one moment.
        """

        def work(connection: Connection) -> int | None:
            connection.execute("UPDATE contents SET complete = 1 WHERE id = ?", (content_id,))
            return _put_document(connection, content_id, row, stamp)

        return self._database.write(work)

    def set_aside(self, row: DocumentRow, stamp: Stamp) -> int | None:
        """Keep why a file has no passages; returns the content that it had before."""
        return self._database.write(lambda connection: _put_document(connection, None, row, stamp))

    def touch(self, path: Path, collection: str, stamp: Stamp) -> None:
        """Keep the new stamp of a file whose content is the same."""

        def work(connection: Connection) -> None:
            connection.execute(
                "UPDATE documents SET size = ?, mtime_ns = ? WHERE path = ? AND collection_id ="
                " (SELECT id FROM collections WHERE name = ?)",
                (stamp.size, stamp.mtime_ns, str(path), collection),
            )

        self._database.write(work)

    def unlink(self, path: Path, collection: str | None) -> tuple[int, list[int]]:
        """Take a file, or all of a folder, out; returns how many, and the contents they had.

        Nothing of them is found any more; `forget` then clears away what nobody has.
        """

        def work(connection: Connection) -> tuple[int, list[int]]:
            gone = connection.execute(
                f"DELETE FROM documents WHERE {_UNDER} AND (?3 IS NULL OR collection_id ="
                " (SELECT id FROM collections WHERE name = ?3)) RETURNING content_id",
                (str(path), _beginning(path), collection),
            ).fetchall()
            return len(gone), list({row[0] for row in gone if row[0] is not None})

        return self._database.write(work)

    def places(self, path: Path) -> list[PlaceText]:
        """Return the text of a document, place by place; empty where it is not known."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT ordinal, kind, page, label, recognized, text FROM places WHERE content_id ="
                " (SELECT content_id FROM documents WHERE path = ? AND content_id IS NOT NULL LIMIT 1)"
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
        """Return what a search in `collections` and in files or folders `within` looks at."""
        chosen = None
        if collections is not None:
            ids = self.collections()
            chosen = tuple(sorted({ids[name] for name in collections if name in ids}))
        if within is None:
            return Scope(chosen)
        contents: set[int] = set()
        with self._database.read() as connection:
            for path in within:
                rows = connection.execute(
                    f"SELECT content_id FROM documents WHERE content_id IS NOT NULL AND {_UNDER}",
                    (str(path), _beginning(path)),
                )
                contents.update(row[0] for row in rows)
        return Scope(chosen, tuple(sorted(contents)))

    def _documents(self, where: str, values: tuple[str, ...]) -> list[Stored]:
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT d.path, k.name, coalesce(c.pages, 0), coalesce(c.passages, 0), d.status, d.reason,"
                " d.content_id, coalesce(c.sha256, ''), d.size, d.mtime_ns FROM documents d"
                " JOIN collections k ON k.id = d.collection_id LEFT JOIN contents c ON c.id = d.content_id"
                f" WHERE {where} ORDER BY k.name, d.path",
                values,
            ).fetchall()
        return [
            Stored(row[6], row[7], Stamp(row[8], row[9]), DocumentRow(Path(row[0]), *row[1:6]))
            for row in rows
        ]


def _numbers(values: Iterable[int]) -> str:
    return f"({','.join(f'{one:d}' for one in values)})"


def _put_document(
    connection: Connection, content_id: int | None, row: DocumentRow, stamp: Stamp
) -> int | None:
    connection.execute("INSERT OR IGNORE INTO collections (name) VALUES (?)", (row.collection,))
    collection_id = connection.execute(
        "SELECT id FROM collections WHERE name = ?", (row.collection,)
    ).fetchone()[0]
    before = connection.execute(
        "SELECT content_id FROM documents WHERE path = ? AND collection_id = ?",
        (str(row.path), collection_id),
    ).fetchone()
    connection.execute(
        "INSERT INTO documents (path, collection_id, content_id, size, mtime_ns, status, reason)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (path, collection_id) DO UPDATE SET"
        " content_id = excluded.content_id, size = excluded.size, mtime_ns = excluded.mtime_ns,"
        " status = excluded.status, reason = excluded.reason",
        (str(row.path), collection_id, content_id, stamp.size, stamp.mtime_ns, row.status, row.reason),
    )
    return before[0] if before else None


def _beginning(path: Path) -> str:
    """Return what the paths of everything in a folder begin with."""
    return str(path).rstrip(os.sep) + os.sep


def is_within(path: Path, within: Sequence[Path]) -> bool:
    """Say whether a path is one of `within`, or in one of these folders."""
    return any(path == one or one in path.parents for one in within)
