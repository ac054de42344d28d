# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Documents and passages in SQLite: the truth, of which full text and vectors are derived.

Writing goes in small transactions, so that a question is never kept waiting; nothing of a content
is found before the last of them links a document to it.
"""
# ruff: noqa: S608 - statements are put together of our own constants and numbers; values are bound

import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby, islice
from pathlib import Path
from typing import TypeVar

from assistant.database import Connection, Database
from assistant.documents.protocol import Chunk, Document, DocumentRow, PlaceText
from assistant.full_text import index_terms
from assistant.passages import Passage, Place, PlaceKind

PART = 50_000  # characters of a place's text in a row: one huge page must not be one huge write
WRITE_S = 0.012  # aim of one transaction: well under the 20 ms that a question may have to wait

T = TypeVar("T")

_SENTENCE_END = re.compile(r"(?<=[.!?。])\s+|\n+")
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
        return len(rows) if within is None else sum(_is_within(Path(row[0]), within) for row in rows)

    def size_known(self, size: int) -> bool:
        """Say whether any content has this size in bytes: else a file cannot be a copy of one."""
        with self._database.read() as connection:
            return connection.execute("SELECT 1 FROM contents WHERE size = ?", (size,)).fetchone() is not None

    def content(self, sha256: str) -> int | None:
        """Return the id of the content, if all of it is stored."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT id FROM contents WHERE sha256 = ? AND complete", (sha256,)
            ).fetchone()
            return row[0] if row else None

    def write(self, document: Document) -> int:
        """Store places and chunks of a content and return its id; nothing of it is found yet."""
        if (unfinished := self._unfinished(document.sha256)) is not None:
            self.forget(unfinished)
        content_id = self._database.write(lambda connection: _begin(connection, document))
        parts = [part for place in document.places for part in _parts(place)]
        self._in_batches(parts, partial(_put_parts, content_id))
        terms = ((chunk, sentence_terms(chunk.search_text)) for chunk in document.chunks)
        self._in_batches(terms, partial(_put_chunks, content_id))
        return content_id

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

    def forget(self, content_id: int) -> bool:
        """Clear a content away, unless a document has it; says whether it went."""
        size = 4
        while True:
            state, seconds = self._timed(partial(_forget_some, content_id, size))
            if state != "more":
                return state == "gone"
            size = _next_size(size, seconds)

    def forget_unfinished(self) -> None:
        """Clear away what an interrupted run left: contents that no document has."""
        with self._database.read() as connection:
            orphans = connection.execute(
                "SELECT id FROM contents WHERE id NOT IN"
                " (SELECT content_id FROM documents WHERE content_id IS NOT NULL)"
            ).fetchall()
        for (content_id,) in orphans:
            self.forget(content_id)

    def places(self, path: Path) -> list[PlaceText]:
        """Return the text of a document, place by place; empty where it is not known."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT ordinal, kind, page, label, text FROM places WHERE content_id ="
                " (SELECT content_id FROM documents WHERE path = ? AND content_id IS NOT NULL LIMIT 1)"
                " ORDER BY ordinal, part",
                (str(path),),
            ).fetchall()
        return [
            PlaceText(Place(PlaceKind(kind), ordinal, page, label), "".join(row[4] for row in parts))
            for (ordinal, kind, page, label), parts in groupby(rows, key=lambda row: row[:4])
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

    def passage(self, chunk_id: int, scope: Scope, within: Sequence[Path] | None) -> Passage | None:
        """Return the passage of a chunk at one of the documents in scope; None where it has gone."""
        with self._database.read() as connection:
            return _passage(connection, chunk_id, scope, within)

    def size_of(self, content_id: int) -> tuple[int, int]:
        """Return how many pages and passages a content has."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT pages, passages FROM contents WHERE id = ?", (content_id,)
            ).fetchone()
        return row[0], row[1]

    def _unfinished(self, sha256: str) -> int | None:
        """Return what an interrupted run wrote of this content."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT id FROM contents WHERE sha256 = ? AND NOT complete", (sha256,)
            ).fetchone()
            return row[0] if row else None

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

    def _in_batches(self, items: Iterable[T], work: Callable[[Sequence[T], Connection], None]) -> None:
        """Write `items` in transactions of about WRITE_S each."""
        remaining, size = iter(items), 4
        while some := list(islice(remaining, size)):
            _, seconds = self._timed(partial(work, some))
            size = _next_size(size, seconds)

    def _timed(self, work: Callable[[Connection], T]) -> tuple[T, float]:
        """Write; return the result and how long the work itself took, in seconds."""

        def timed(connection: Connection) -> tuple[T, float]:
            start = time.perf_counter()
            result = work(connection)
            return result, time.perf_counter() - start

        return self._database.write(timed)


def sentence_terms(words: str) -> str:
    """Return the full-text terms of a passage, a sentence a line: search looks at sentences too."""
    lines = (index_terms(sentence) for sentence in _SENTENCE_END.split(words))
    return "\n".join(line for line in lines if line)


def _numbers(values: Iterable[int]) -> str:
    return f"({','.join(f'{one:d}' for one in values)})"


def _next_size(size: int, seconds: float) -> int:
    """Return how many rows the next transaction may have, so that it takes about WRITE_S."""
    return max(1, min(2 * size, int(size * WRITE_S / max(seconds, 1e-6)), 1000))


def _begin(connection: Connection, document: Document) -> int:
    return int(
        connection.execute(
            "INSERT INTO contents (sha256, title, size, pages, passages) VALUES (?, ?, ?, ?, ?) RETURNING id",
            (document.sha256, document.title, document.size, document.pages, len(document.chunks)),
        ).fetchone()[0]
    )


def _parts(place: PlaceText) -> Iterator[tuple[Place, int, str]]:
    for part, start in enumerate(range(0, max(len(place.text), 1), PART)):
        yield place.place, part, place.text[start : start + PART]


def _put_parts(content_id: int, parts: Sequence[tuple[Place, int, str]], connection: Connection) -> None:
    connection.executemany(
        "INSERT INTO places VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(content_id, at.ordinal, part, at.kind, at.page, at.label, text) for at, part, text in parts],
    )


def _put_chunks(content_id: int, chunks: Sequence[tuple[Chunk, str]], connection: Connection) -> None:
    for chunk, terms in chunks:
        chunk_id = connection.execute(
            'INSERT INTO chunks (content_id, ordinal, start, "end", heading, search_text)'
            " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
            (content_id, chunk.ordinal, chunk.start, chunk.end, chunk.heading, chunk.search_text),
        ).fetchone()[0]
        connection.execute("INSERT INTO chunk_terms (rowid, terms) VALUES (?, ?)", (chunk_id, terms))


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


def _forget_some(content_id: int, limit: int, connection: Connection) -> str:
    """Delete up to `limit` chunks; "kept" where a document has the content, "gone" when all is done."""
    if connection.execute("SELECT 1 FROM documents WHERE content_id = ?", (content_id,)).fetchone():
        return "kept"
    # From now on it is not taken for whole, however far this comes.
    connection.execute("UPDATE contents SET complete = 0 WHERE id = ?", (content_id,))
    chunks = connection.execute(
        "SELECT id FROM chunks WHERE content_id = ? LIMIT ?", (content_id, limit)
    ).fetchall()
    connection.executemany("DELETE FROM chunk_terms WHERE rowid = ?", chunks)
    connection.executemany("DELETE FROM chunks WHERE id = ?", chunks)
    if len(chunks) == limit:
        return "more"
    connection.execute("DELETE FROM contents WHERE id = ?", (content_id,))
    return "gone"


def _passage(
    connection: Connection, chunk_id: int, scope: Scope, within: Sequence[Path] | None
) -> Passage | None:
    chunk = connection.execute(
        'SELECT content_id, ordinal, start, "end", heading, sha256 FROM chunks'
        " JOIN contents ON contents.id = content_id WHERE chunks.id = ?",
        (chunk_id,),
    ).fetchone()
    if chunk is None:
        return None
    content_id, ordinal, start, end, heading, sha256 = chunk
    documents = connection.execute(
        f"SELECT path FROM documents WHERE content_id = ? AND {scope.of_documents()} ORDER BY id",
        (content_id,),
    ).fetchall()
    path = next((path for (path,) in documents if within is None or _is_within(Path(path), within)), None)
    if path is None:
        return None
    first = start // PART
    parts = connection.execute(
        "SELECT kind, page, label, text FROM places WHERE content_id = ? AND ordinal = ?"
        " AND part BETWEEN ? AND ? ORDER BY part",
        (content_id, ordinal, first, max(end - 1, start) // PART),
    ).fetchall()
    whole = "".join(part[3] for part in parts)
    kind, page, label, _ = parts[0]
    quote = whole[start - first * PART : end - first * PART]
    return Passage(
        path, Place(PlaceKind(kind), ordinal, page, label), start, end, quote, heading, 0.0, sha256
    )


def _beginning(path: Path) -> str:
    """Return what the paths of everything in a folder begin with."""
    return str(path).rstrip(os.sep) + os.sep


def _is_within(path: Path, within: Sequence[Path]) -> bool:
    return any(path == one or one in path.parents for one in within)
