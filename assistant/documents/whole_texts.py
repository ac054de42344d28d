# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Documents as wholes: which there are and what they call themselves, and all passages of one."""
# ruff: noqa: S608 - the only text put into statements is that of `Scope`, which holds numbers

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.database import Database
from assistant.documents.contents import PART
from assistant.documents.protocol import PlaceText
from assistant.documents.store import Scope, is_within
from assistant.passages import Passage


@dataclass(frozen=True)
class Titled:
    """A document with text, and the title it gives itself (the name without ending where it has none)."""

    path: Path
    title: str


class WholeTexts:
    """Reads what the store holds of whole documents."""

    def __init__(self, database: Database) -> None:
        """Use `database`, opened with `schema.MIGRATIONS`."""
        self._database = database

    def titles(self, scope: Scope, within: Sequence[Path] | None) -> list[Titled]:
        """Return every document with text in scope, once, by path."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT path, max(title) FROM documents JOIN contents ON contents.id = content_id"
                f" WHERE {scope.of_documents()} GROUP BY path ORDER BY path"
            ).fetchall()
        found = [Titled(Path(path), title) for path, title in rows]
        return found if within is None else [one for one in found if is_within(one.path, within)]

    def around(self, passage: Passage, letters: int) -> tuple[str, str]:
        """Return up to so many characters before and after a passage in its place, as they were read.

        Both are "" where its text is not stored any more.
        """
        begin = max(0, passage.start - letters)
        first, last = begin // PART, (passage.end + letters) // PART
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT text FROM places WHERE content_id = (SELECT id FROM contents WHERE sha256 = ?)"
                " AND ordinal = ? AND part BETWEEN ? AND ? ORDER BY part",
                (passage.sha256, passage.place.ordinal, first, last),
            ).fetchall()
        whole, offset = "".join(row[0] for row in rows), first * PART
        start, end = passage.start - offset, passage.end - offset
        return whole[begin - offset : start], whole[end : end + letters]

    def passages(self, path: Path, places: Sequence[PlaceText]) -> list[Passage]:
        """Return every passage of a document in order: all of its text but running heads and blanks.

        `places` is its text as it was read.
        """
        with self._database.read() as connection:
            rows = connection.execute(
                'SELECT ordinal, start, "end", heading, sha256 FROM chunks'
                " JOIN contents ON contents.id = content_id WHERE content_id ="
                " (SELECT max(content_id) FROM documents WHERE path = ?)"
                " ORDER BY ordinal, start",
                (str(path),),
            ).fetchall()
        by_ordinal = {place.place.ordinal: place for place in places}
        return [
            Passage(
                document=str(path),
                place=by_ordinal[ordinal].place,
                start=start,
                end=end,
                text=by_ordinal[ordinal].text[start:end],
                heading=heading,
                sha256=sha256,
                recognized=by_ordinal[ordinal].recognized,
            )
            for ordinal, start, end, heading, sha256 in rows
            if ordinal in by_ordinal
        ]
