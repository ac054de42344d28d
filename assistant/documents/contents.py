# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Contents in SQLite: the text of what was read, once for each SHA-256, with its passages.

Writing goes in small transactions, so that a question is never kept waiting; nothing of a content
is found before the last of them, in store.py, links a document to it.
"""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import TypeVar

from assistant.database import Connection, Database
from assistant.documents.protocol import Chunk, Document, PlaceText
from assistant.full_text import index_terms

PART = 50_000  # characters of a place's text in a row: one huge page must not be one huge write
WRITE_S = 0.012  # aim of one transaction: well under the 20 ms that a question may have to wait
MERGED = 100  # pages of the full text that are merged at once: about 10 ms
SMALL = 8  # passages and parts of places that are surely written in this time

T = TypeVar("T")

_SENTENCE_END = re.compile(r"(?<=[.!?。])\s+|\n+")


class Contents:
    """What was read of files, apart from where they lie."""

    def __init__(self, database: Database) -> None:
        """Use `database`, opened with `schema.MIGRATIONS`."""
        self._database = database

    def size_known(self, size: int) -> bool:
        """Say whether any content has this size in bytes: else a file cannot be a copy of one."""
        with self._database.read() as connection:
            return connection.execute("SELECT 1 FROM contents WHERE size = ?", (size,)).fetchone() is not None

    def of(self, sha256: str) -> int | None:
        """Return the id of the content, if all of it is stored."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT id FROM contents WHERE sha256 = ? AND complete", (sha256,)
            ).fetchone()
            return row[0] if row else None

    def size_of(self, content_id: int) -> tuple[int, int, str]:
        """Return how many pages and passages a content has, and what of it could not be read."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT pages, passages, note FROM contents WHERE id = ?", (content_id,)
            ).fetchone()
        return row[0], row[1], row[2]

    def partly_read(self, path: str) -> list[tuple[int, str, int]]:
        """Return (collection id, path, size) of a document of which a part could not be read."""
        with self._database.read() as connection:
            return connection.execute(
                "SELECT d.collection_id, d.path, d.size FROM documents d"
                " JOIN contents c ON c.id = d.content_id WHERE d.path = ? AND c.note != ''",
                (path,),
            ).fetchall()

    def write(self, document: Document) -> int:
        """Store places and chunks of a content and return its id; nothing of it is found yet."""
        if (unfinished := self._unfinished(document.sha256)) is not None:
            self.forget(unfinished)
        parts = [part for place in document.places for part in _parts(place)]
        terms = ((chunk, sentence_terms(chunk.search_text)) for chunk in document.chunks)
        if len(parts) + len(document.chunks) <= SMALL:
            return self._database.write(partial(_put_whole, document, parts, list(terms)))
        content_id = self._database.write(lambda connection: _begin(connection, document))
        self._in_batches(parts, partial(_put_parts, content_id))
        self._in_batches(terms, partial(_put_chunks, content_id))
        return content_id

    def forget(self, content_id: int) -> bool:
        """Clear a content away, unless a document has it; says whether it went."""
        size = 4
        while True:
            state, seconds = self._timed(partial(_forget_some, content_id, size))
            if state != "more":
                return state == "gone"
            size = _next_size(size, seconds)

    def merge(self) -> bool:
        """Merge some of the pieces that writing leaves the full text in; says whether there may be more.

        A question looks each of its words up in every piece: in 18 of them, as 10,000 passages leave
        them, that takes five times as long as in one.
        """
        return self._database.write(_merge_some)

    def orphans(self) -> list[int]:
        """Return the contents that no document has: what an interrupted run left, what was deleted."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT id FROM contents WHERE id NOT IN"
                " (SELECT content_id FROM documents WHERE content_id IS NOT NULL)"
            ).fetchall()
        return [row[0] for row in rows]

    def _unfinished(self, sha256: str) -> int | None:
        """Return what an interrupted run wrote of this content."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT id FROM contents WHERE sha256 = ? AND NOT complete", (sha256,)
            ).fetchone()
            return row[0] if row else None

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


def _next_size(size: int, seconds: float) -> int:
    """Return how many rows the next transaction may have, so that it takes about WRITE_S."""
    return max(1, min(2 * size, int(size * WRITE_S / max(seconds, 1e-6)), 1000))


def _begin(connection: Connection, document: Document) -> int:
    return int(
        connection.execute(
            "INSERT INTO contents (sha256, title, size, pages, passages, note)"
            " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
            (
                document.sha256,
                document.title,
                document.size,
                document.pages,
                len(document.chunks),
                " ".join(map(str, document.notes)),
            ),
        ).fetchone()[0]
    )


def _put_whole(
    document: Document,
    parts: Sequence[tuple[PlaceText, int, str]],
    chunks: Sequence[tuple[Chunk, str]],
    connection: Connection,
) -> int:
    content_id = _begin(connection, document)
    _put_parts(content_id, parts, connection)
    _put_chunks(content_id, chunks, connection)
    return content_id


def _parts(place: PlaceText) -> Iterator[tuple[PlaceText, int, str]]:
    for part, start in enumerate(range(0, max(len(place.text), 1), PART)):
        yield place, part, place.text[start : start + PART]


def _put_parts(content_id: int, parts: Sequence[tuple[PlaceText, int, str]], connection: Connection) -> None:
    connection.executemany(
        "INSERT INTO places (content_id, ordinal, part, kind, page, label, text, recognized)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (content_id, one.place.ordinal, part, one.place.kind, one.place.page, one.place.label, text,
             one.recognized)
            for one, part, text in parts
        ],
    )  # fmt: skip


def _put_chunks(content_id: int, chunks: Sequence[tuple[Chunk, str]], connection: Connection) -> None:
    for chunk, terms in chunks:
        chunk_id = connection.execute(
            'INSERT INTO chunks (content_id, ordinal, start, "end", heading, search_text)'
            " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
            (content_id, chunk.ordinal, chunk.start, chunk.end, chunk.heading, chunk.search_text),
        ).fetchone()[0]
        connection.execute("INSERT INTO chunk_terms (rowid, terms) VALUES (?, ?)", (chunk_id, terms))


def _merge_some(connection: Connection) -> bool:
    before = connection.execute("SELECT total_changes()").fetchone()[0]
    connection.execute("INSERT INTO chunk_terms (chunk_terms, rank) VALUES ('merge', ?)", (MERGED,))
    after = connection.execute("SELECT total_changes()").fetchone()[0]
    return int(after) - int(before) > 1  # the statement itself counts as one: SQLite's manual of FTS5


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
