# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Vectors in SQLite: made once per content and embedding model, kept for good.

Beside them stands what the index process has confirmed (`indexed`), so that after a crash on either
side only the difference has to be put in or taken out again.
"""
# ruff: noqa: S608 - statements are put together of our own constants; values are bound

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from assistant.database import Connection, Database
from assistant.documents.conditions import set_of
from assistant.documents.index_protocol import Expected
from assistant.documents.store import Scope

KNOWN = 64  # vectors a collection that must find themselves when the index is opened

_LIVE = (
    "EXISTS (SELECT 1 FROM chunks JOIN documents ON documents.content_id = chunks.content_id"
    " WHERE chunks.id = indexed.chunk_id AND documents.collection_id = indexed.collection_id)"
)


def index_name(collection_id: int, embedder_id: int) -> str:
    """Return the index's name for the vectors of a collection: Chroma takes no Korean names."""
    return f"collection-{collection_id}-embedder-{embedder_id}"


NO_EMBEDDER = 0  # rows count from 1
COMPARED = 20_000  # vectors that are in memory at once where all are compared
DROPPED = 200  # vectors that are deleted in one transaction


@dataclass(frozen=True)
class KeptEmbedder:
    """A model that vectors are kept of: its number, its SHA-256, where its file lay."""

    number: int
    key: str
    model: str
    vectors: int


class VectorStore:
    """The vectors of all chunks, by embedding model."""

    def __init__(self, database: Database) -> None:
        """Use `database`, opened with `schema.MIGRATIONS`."""
        self._database = database

    def embedder_id(self, key: str, model: str) -> int:
        """Return the number that vectors of the model with this SHA-256 are kept under.

        `model` says where its file lies, to be found again when another is chosen. Where the database
        may only be looked at and there are none yet, NO_EMBEDDER.
        """
        with self._database.read() as connection:
            row = connection.execute("SELECT id, model FROM embedders WHERE key = ?", (key,)).fetchone()
        if row is not None and (row[1] == model or not self._database.own):
            return int(row[0])
        if not self._database.own:
            return NO_EMBEDDER

        def work(connection: Connection) -> int:
            found = connection.execute(
                "INSERT INTO embedders (key, model) VALUES (?, ?)"
                " ON CONFLICT (key) DO UPDATE SET model = excluded.model RETURNING id",
                (key, model),
            )
            return int(found.fetchone()[0])

        return self._database.write(work)

    def embedders(self) -> list[KeptEmbedder]:
        """Return the models that vectors are kept of."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT id, key, model FROM embedders").fetchall()
            if len(rows) == 1:  # counting them all takes its time
                return [KeptEmbedder(rows[0][0], rows[0][1], rows[0][2], 1)]
            counts = dict(
                connection.execute("SELECT embedder_id, count(*) FROM vectors GROUP BY 1").fetchall()
            )
        return [KeptEmbedder(number, key, model, counts.get(number, 0)) for number, key, model in rows]

    def drop_others(self, embedder_id: int) -> list[str]:
        """Forget the vectors of every other model; returns what their collections in the index are called."""
        others = [one.number for one in self.embedders() if one.number != embedder_id]
        names: list[str] = []
        for other in others:
            with self._database.read() as connection:
                rows = connection.execute(
                    "SELECT DISTINCT collection_id FROM indexed WHERE embedder_id = ?", (other,)
                ).fetchall()
            names += [index_name(row[0], other) for row in rows]
            after: int | None = 0
            while after is not None:
                after = self._database.write(partial(_drop_some, other, after))
        return names

    def missing(
        self, embedder_id: int, content_id: int | None, after: int, limit: int
    ) -> list[tuple[int, str]]:
        """Return (chunk id, search text) of chunks without a vector, by id from `after` on.

        Of one content, or of every content that a document has.
        """
        where = "c.content_id = ?2" if content_id is not None else (
            "?2 IS NULL AND c.content_id IN (SELECT content_id FROM documents)"
        )  # fmt: skip
        with self._database.read() as connection:
            return connection.execute(
                f"SELECT c.id, c.search_text FROM chunks c WHERE c.id > ?3 AND {where} AND NOT EXISTS"
                " (SELECT 1 FROM vectors WHERE chunk_id = c.id AND embedder_id = ?1) ORDER BY c.id LIMIT ?4",
                (embedder_id, content_id, after, limit),
            ).fetchall()

    def count_missing(self, embedder_id: int, content_id: int | None = None) -> int:
        """Return how many chunks of a content, or of all documents, have no vector."""
        where = "content_id = ?2" if content_id is not None else (
            "?2 IS NULL AND content_id IN (SELECT content_id FROM documents)"
        )  # fmt: skip
        with self._database.read() as connection:
            row = connection.execute(
                f"SELECT count(*) FROM chunks WHERE {where} AND NOT EXISTS"
                " (SELECT 1 FROM vectors WHERE chunk_id = chunks.id AND embedder_id = ?1)",
                (embedder_id, content_id),
            ).fetchone()
        return int(row[0])

    def count(self, embedder_id: int, most: int) -> int:
        """Return how many vectors of a model there are; counts no further than `most`."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT count(*) FROM (SELECT 1 FROM vectors WHERE embedder_id = ? LIMIT ?)",
                (embedder_id, most),
            ).fetchone()
        return int(row[0])

    def among(self, embedder_id: int, chunk_ids: Sequence[int]) -> set[int]:
        """Return those of these chunks that have a vector."""
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT chunk_id FROM vectors WHERE embedder_id = ? AND chunk_id IN {set_of(chunk_ids)}",
                (embedder_id,),
            ).fetchall()
        return {row[0] for row in rows}

    def put(self, embedder_id: int, vectors: Sequence[tuple[int, bytes]]) -> None:
        """Store vectors; those of chunks that have gone meanwhile are left out."""
        rows = [(chunk_id, embedder_id, vector) for chunk_id, vector in vectors]
        self._database.write(
            lambda connection: connection.executemany(
                "INSERT OR REPLACE INTO vectors (chunk_id, embedder_id, vector)"
                " SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM chunks WHERE id = ?1)",
                rows,
            )
        )

    def nearest(self, embedder_id: int, vector: bytes, scope: Scope, limit: int) -> list[tuple[int, float]]:
        """Return (chunk id, cosine) of the nearest in `scope`, compared with every vector.

        Some at a time: those of a million passages are more than a gigabyte.
        """
        best: list[tuple[int, float]] = []
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT v.chunk_id, v.vector FROM vectors v JOIN chunks c ON c.id = v.chunk_id"
                f" WHERE v.embedder_id = ? AND {scope.condition('c.content_id')}",
                (embedder_id,),
            )
            while some := list(islice(rows, COMPARED)):
                best = sorted([*best, *_nearest(some, vector, limit)], key=lambda one: -one[1])[:limit]
        return best

    def collections(self, embedder_id: int) -> list[int]:
        """Return the ids of the library's collections that hold vectors or are in the index."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT DISTINCT collection_id FROM documents UNION"
                " SELECT DISTINCT collection_id FROM indexed WHERE embedder_id = ?",
                (embedder_id,),
            ).fetchall()
        return [row[0] for row in rows]

    def to_index(self, collection_id: int, embedder_id: int, content_id: int | None) -> "array[int]":
        """Return the ids of chunks whose vectors the index has not confirmed: of one content, or of all.

        All at once: asking for some and again for some goes over what is confirmed each time.
        """
        of = "d.content_id = ?3" if content_id is not None else "?3 IS NULL"
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT DISTINCT v.chunk_id FROM documents d"
                " JOIN chunks c ON c.content_id = d.content_id"
                " JOIN vectors v ON v.chunk_id = c.id AND v.embedder_id = ?2"
                f" WHERE d.collection_id = ?1 AND {of} AND NOT EXISTS (SELECT 1 FROM indexed WHERE"
                " collection_id = ?1 AND embedder_id = ?2 AND chunk_id = v.chunk_id)",
                (collection_id, embedder_id, content_id),
            )
            return array("q", (row[0] for row in rows))

    def of(self, embedder_id: int, chunk_ids: Sequence[int]) -> list[tuple[int, bytes]]:
        """Return (chunk id, vector) of those of these chunks that have one."""
        with self._database.read() as connection:
            return connection.execute(
                "SELECT chunk_id, vector FROM vectors WHERE embedder_id = ?"
                f" AND chunk_id IN {set_of(chunk_ids)}",
                (embedder_id,),
            ).fetchall()

    def stale(self, limit: int, content_id: int | None = None) -> list[tuple[int, int, int]]:
        """Return (collection id, embedder id, chunk id) that the index holds and no document has.

        Of one content that still has its chunks, or of all.
        """
        of = "?1 IS NULL"
        if content_id is not None:
            of = "chunk_id IN (SELECT id FROM chunks WHERE content_id = ?1)"
        with self._database.read() as connection:
            return connection.execute(
                "SELECT collection_id, embedder_id, chunk_id FROM indexed"
                f" WHERE {of} AND NOT {_LIVE} LIMIT ?2",
                (content_id, limit),
            ).fetchall()

    def confirm(self, collection_id: int, embedder_id: int, chunk_ids: Sequence[int]) -> None:
        """Keep that the index holds these."""
        rows = [(collection_id, embedder_id, chunk_id) for chunk_id in chunk_ids]
        self._database.write(
            lambda connection: connection.executemany("INSERT OR IGNORE INTO indexed VALUES (?, ?, ?)", rows)
        )

    def unconfirm(self, rows: Sequence[tuple[int, int, int]]) -> None:
        """Keep that the index holds these (collection, embedder, chunk) no more."""
        self._database.write(
            lambda connection: connection.executemany(
                "DELETE FROM indexed WHERE collection_id = ? AND embedder_id = ? AND chunk_id = ?", rows
            )
        )

    def unconfirm_all(self) -> None:
        """Keep that the index holds nothing."""
        self._database.write(lambda connection: connection.execute("DELETE FROM indexed"))

    def expected(self) -> list[Expected]:
        """Return what the index must hold: all that it has confirmed."""
        found = []
        with self._database.read() as connection:
            counts = connection.execute(
                "SELECT collection_id, embedder_id, count(*) FROM indexed GROUP BY 1, 2"
            ).fetchall()
            for collection_id, embedder_id, count in counts:
                # Evenly spread ids, the newest among them: damage hits a region or the end.
                rows = connection.execute(
                    "SELECT chunk_id, vector FROM (SELECT chunk_id,"
                    " row_number() OVER (ORDER BY chunk_id DESC) AS place FROM indexed"
                    " WHERE collection_id = ?1 AND embedder_id = ?2) AS numbered"
                    " JOIN vectors USING (chunk_id) WHERE embedder_id = ?2 AND (place - 1) % ?3 = 0 LIMIT ?4",
                    (collection_id, embedder_id, max(1, count // KNOWN), KNOWN),
                ).fetchall()
                ids, vectors = tuple(row[0] for row in rows), tuple(row[1] for row in rows)
                found.append(Expected(index_name(collection_id, embedder_id), count, ids, vectors))
        return found


def _nearest(rows: Sequence[tuple[int, bytes]], vector: bytes, limit: int) -> list[tuple[int, float]]:
    import numpy as np  # noqa: PLC0415 - 0.1 s and 25 MB that the window needs only here

    matrix = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4").reshape(len(rows), -1)
    cosines = matrix @ np.frombuffer(vector, dtype="<f4")
    best = np.argsort(-cosines, kind="stable")[:limit]
    return [(rows[place][0], float(cosines[place])) for place in best]


def _drop_some(embedder_id: int, after: int, connection: Connection) -> int | None:
    """Delete some vectors of a model from row `after` on; returns where to go on, None at the end."""
    rows = connection.execute(
        "SELECT rowid FROM vectors WHERE embedder_id = ? AND rowid > ? ORDER BY rowid LIMIT ?",
        (embedder_id, after, DROPPED),
    ).fetchall()
    connection.executemany("DELETE FROM vectors WHERE rowid = ?", rows)
    if len(rows) == DROPPED:
        return int(rows[-1][0])
    connection.execute("DELETE FROM indexed WHERE embedder_id = ?", (embedder_id,))
    connection.execute("DELETE FROM embedders WHERE id = ?", (embedder_id,))
    return None
