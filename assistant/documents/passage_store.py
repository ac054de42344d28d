# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What search reads of the library: chunks with their text, where a content lies, what became of a file."""
# ruff: noqa: S608 - statements are put together of our own constants and numbers; values are bound

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.database import Connection, Database
from assistant.documents.conditions import set_of
from assistant.documents.contents import PART
from assistant.documents.store import Scope, is_within
from assistant.passages import Elsewhere, Passage, Place, PlaceKind

_Chunk = tuple[int, int, int, int, str, str, str]  # content, place, start, end, heading, title, SHA-256


@dataclass(frozen=True)
class Found:
    """A chunk in scope: the slice [start, end) of a place of a content, and the first document with it."""

    chunk_id: int
    content_id: int
    place: Place
    start: int
    end: int
    heading: str
    text: str
    title: str
    sha256: str
    document: str
    recognized: bool = False

    def passage(self, also: tuple[Elsewhere, ...] = ()) -> Passage:
        """Return it as it is shown."""
        return Passage(
            self.document,
            self.place,
            self.start,
            self.end,
            self.text,
            self.heading,
            sha256=self.sha256,
            recognized=self.recognized,
            also=also,
        )

    def elsewhere(self) -> Elsewhere:
        """Return it as another place of a passage."""
        return Elsewhere(self.document, self.place, self.start, self.end, self.sha256)


@dataclass(frozen=True)
class Known:
    """What became of a file that was added: its status, the reader's reason, its content where it has one."""

    content_id: int | None
    status: str
    reason: str


class PassageStore:
    """Reads passages of the library; `within` narrows a scope to these files and folders."""

    def __init__(self, database: Database) -> None:
        """Use `database`, opened with `schema.MIGRATIONS`."""
        self._database = database

    def found(self, chunk_ids: Sequence[int], scope: Scope, within: Sequence[Path] | None) -> list[Found]:
        """Return those of the chunks that are still there, at one of the documents in scope, in order."""
        with self._database.read() as connection:
            chunks = _chunks(connection, chunk_ids)
            contents = {row[0] for row in chunks.values()}
            first = _first_documents(connection, contents, scope, within)
            return [
                _found(connection, number, chunks[number], first[chunks[number][0]])
                for number in chunk_ids
                if number in chunks and chunks[number][0] in first
            ]

    def documents(self, content_id: int, scope: Scope, within: Sequence[Path] | None, most: int) -> list[str]:
        """Return up to `most` documents in scope that have this content, the first added first."""
        with self._database.read() as connection:
            return _documents(connection, content_id, scope, within, most)

    def between(self, content_id: int, ordinal: int, start: int, end: int) -> str:
        """Return the slice [start, end) of a place's text."""
        with self._database.read() as connection:
            return _slice(connection, content_id, ordinal, start, end)[2]

    def known(self, path: Path) -> list[Known]:
        """Return what became of a file, once for each collection that it is in."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT content_id, status, reason FROM documents WHERE path = ?", (str(path),)
            ).fetchall()
        return [Known(*row) for row in rows]


def _chunks(connection: Connection, chunk_ids: Sequence[int]) -> dict[int, _Chunk]:
    rows = connection.execute(
        'SELECT chunks.id, content_id, ordinal, start, "end", heading, title, sha256 FROM chunks'
        f" JOIN contents ON contents.id = content_id WHERE chunks.id IN {set_of(chunk_ids)}"
    ).fetchall()
    return {row[0]: row[1:] for row in rows}


def _first_documents(
    connection: Connection, contents: Iterable[int], scope: Scope, within: Sequence[Path] | None
) -> dict[int, str]:
    """Return the first document in scope of each content that has one."""
    if within is not None:
        named = {one: _documents(connection, one, scope, within, 1) for one in contents}
        return {one: paths[0] for one, paths in named.items() if paths}
    rows = connection.execute(
        "SELECT content_id, path FROM documents WHERE id IN (SELECT min(id) FROM documents"
        f" WHERE content_id IN {set_of(contents)} AND {scope.of_documents()} GROUP BY content_id)"
    ).fetchall()
    return dict(rows)


def _found(connection: Connection, chunk_id: int, chunk: _Chunk, document: str) -> Found:
    content_id, ordinal, start, end, heading, title, sha256 = chunk
    place, recognized, text = _slice(connection, content_id, ordinal, start, end)
    return Found(chunk_id, content_id, place, start, end, heading, text, title, sha256, document, recognized)


def _documents(
    connection: Connection, content_id: int, scope: Scope, within: Sequence[Path] | None, most: int
) -> list[str]:
    rows = connection.execute(
        f"SELECT path FROM documents WHERE content_id = ? AND {scope.of_documents()} ORDER BY id",
        (content_id,),
    )
    found: list[str] = []
    for (path,) in rows:
        if within is None or is_within(Path(path), within):
            found.append(path)
            if len(found) == most:
                break
    return list(dict.fromkeys(found))


def _slice(
    connection: Connection, content_id: int, ordinal: int, start: int, end: int
) -> tuple[Place, bool, str]:
    first, last = start // PART, max(end - 1, start) // PART
    # Of the parts only the slice itself is taken over: they may be long.
    parts = connection.execute(
        "SELECT kind, page, label, recognized, substr(text, max(?1 - part * ?3, 0) + 1,"
        " min(?2 - part * ?3, ?3) - max(?1 - part * ?3, 0)) FROM places"
        " WHERE content_id = ?4 AND ordinal = ?5 AND part BETWEEN ?6 AND ?7 ORDER BY part",
        (start, end, PART, content_id, ordinal, first, last),
    ).fetchall()
    kind, page, label, recognized, _ = parts[0]
    text = "".join(part[4] for part in parts)
    return Place(PlaceKind(kind), ordinal, page, label), bool(recognized), text
