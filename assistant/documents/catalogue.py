# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Collections in SQLite: their names, the folders they watch, what the user left out of these."""
# ruff: noqa: S608 - statements are put together of our own constants; values are bound

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from assistant.database import Connection, Database
from assistant.documents.collection import (
    DEFAULT_COLLECTION,
    Collection,
    Folder,
    FolderState,
    kept_name,
    shown_name,
)
from assistant.errors import DocumentError, NotFoundError
from assistant.excerpts import one_line
from assistant.texts import text

OF_CONVERSATION = "conversation:"  # with its id: what was dropped into one conversation
IN_ORDER = f"k.name != '{DEFAULT_COLLECTION}', k.name COLLATE NOCASE"
"""SQL of the order in which collections `k` are listed: the usual one, then by name."""


@dataclass(frozen=True)
class Source:
    """A folder of a collection. `device` is the drive it was last looked at on, None before that."""

    collection_id: int
    path: str
    state: FolderState
    device: int | None


class Catalogue:
    """The collections of the library."""

    def __init__(self, database: Database) -> None:
        """Use `database`, opened with `schema.MIGRATIONS`."""
        self._database = database

    def all(self) -> list[Collection]:
        """Return the collections, the usual one first, then by name; without those of conversations."""
        return self._collections(None)

    def of_conversation(self, conversation_id: int) -> Collection | None:
        """Return what was dropped into a conversation, None where nothing was."""
        found = self._collections(conversation_id)
        return found[0] if found else None

    def conversations(self) -> list[int]:
        """Return the conversations that files were dropped into."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT conversation_id FROM collections WHERE conversation_id > 0")
            return [row[0] for row in rows]

    def ids(self) -> dict[str, int]:
        """Return all collections, those of conversations too, by name, with their ids."""
        with self._database.read() as connection:
            return dict(connection.execute("SELECT name, id FROM collections ORDER BY name").fetchall())

    def id_of(self, name: str) -> int:
        """Return the id of a collection, made where it is missing. Raises DocumentError for no name."""
        known = self.ids().get(name)
        return known if known is not None else self._make(_sound(name), None)

    def id_of_conversation(self, conversation_id: int) -> int:
        """Return the id of the collection of a conversation, made where it is missing."""
        name = name_of_conversation(conversation_id)
        known = self.ids().get(name)
        return known if known is not None else self._make(name, conversation_id)

    def create(self, name: str) -> None:
        """Make an empty collection. Raises DocumentError where the name is taken or none."""
        if (name := _sound(name)) in self.ids():
            raise _taken(name)
        self._make(name, None)

    def rename(self, name: str, new: str) -> None:
        """Give a collection another name. Raises NotFoundError, DocumentError."""
        number, new = self.existing(name), _sound(new)
        if self.ids().get(new, number) != number:
            raise _taken(new)
        self._database.write(
            lambda connection: connection.execute(
                "UPDATE collections SET name = ? WHERE id = ?", (new, number)
            )
        )

    def all_exist(self, names: Iterable[str]) -> None:
        """Raise NotFoundError for the first of `names` that is no collection."""
        for name in names:
            self.existing(name)

    def existing(self, name: str) -> int:
        """Return the id of a collection. Raises NotFoundError."""
        known = self.ids().get(name)
        if known is None:
            raise NotFoundError(
                text("There is no collection {name}.", name=shown_name(name)), text("See: maru collections")
            )
        return known

    def drop(self, collection_id: int) -> None:
        """Delete a collection that holds no documents any more."""
        self._database.write(
            lambda connection: connection.execute("DELETE FROM collections WHERE id = ?", (collection_id,))
        )

    def sources(self, collection_id: int | None = None) -> list[Source]:
        """Return the folders of one collection, or of all."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT collection_id, path, state, device FROM folders"
                " WHERE ?1 IS NULL OR collection_id = ?1 ORDER BY collection_id, path",
                (collection_id,),
            ).fetchall()
        return [Source(row[0], row[1], FolderState(row[2]), row[3]) for row in rows]

    def add_source(self, collection_id: int, path: Path) -> None:
        """Let a folder belong to a collection from now on."""

        def work(connection: Connection) -> None:
            connection.execute(
                "INSERT OR IGNORE INTO folders (collection_id, path, state) VALUES (?, ?, ?)",
                (collection_id, str(path), FolderState.LOOKED_AT.value),
            )

        self._database.write(work)

    def drop_source(self, collection_id: int, path: Path) -> bool:
        """Let a folder be; says whether it was one of the collection's."""
        values = (collection_id, str(path))
        return self._database.write(
            lambda connection: (
                connection.execute(
                    "DELETE FROM folders WHERE collection_id = ? AND path = ?", values
                ).rowcount
                > 0
            )
        )

    def note(self, source: Source, state: FolderState, device: int | None) -> bool:
        """Keep how a folder was found; says whether that is new."""
        if (source.state, source.device) == (state, device):
            return False
        values = (state.value, device, source.collection_id, source.path)
        self._database.write(
            lambda connection: connection.execute(
                "UPDATE folders SET state = ?, device = ? WHERE collection_id = ? AND path = ?", values
            )
        )
        return source.state is not state

    def leave_out(self, collection_id: int, path: str) -> None:
        """Keep that the user removed a path that a watched folder would bring back."""
        self._database.write(
            lambda connection: connection.execute(
                "INSERT OR IGNORE INTO left_out VALUES (?, ?)", (collection_id, path)
            )
        )

    def left_out(self, collection_id: int) -> list[str]:
        """Return the paths that the user removed."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT path FROM left_out WHERE collection_id = ?", (collection_id,))
            return [row[0] for row in rows]

    def take_back(self, collection_id: int, paths: list[str]) -> None:
        """Forget that the user removed these paths: they are named again."""
        rows = [(collection_id, path) for path in paths]
        self._database.write(
            lambda connection: connection.executemany(
                "DELETE FROM left_out WHERE collection_id = ? AND path = ?", rows
            )
        )

    def _make(self, name: str, conversation_id: int | None) -> int:
        def work(connection: Connection) -> int:
            connection.execute(
                "INSERT OR IGNORE INTO collections (name, conversation_id) VALUES (?, ?)",
                (name, conversation_id),
            )
            row = connection.execute("SELECT id FROM collections WHERE name = ?", (name,)).fetchone()
            return int(row[0])

        return self._database.write(work)

    def _collections(self, conversation_id: int | None) -> list[Collection]:
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT k.id, k.name, count(d.content_id), coalesce(sum(c.passages), 0),"
                " count(d.id) - count(d.content_id),"
                " (SELECT count(*) FROM waiting WHERE collection_id = k.id), k.conversation_id"
                " FROM collections k LEFT JOIN documents d ON d.collection_id = k.id"
                " LEFT JOIN contents c ON c.id = d.content_id WHERE k.conversation_id IS ?"
                f" GROUP BY k.id ORDER BY {IN_ORDER}",
                (conversation_id,),
            ).fetchall()
        folders: dict[int, list[Folder]] = {}
        for source in self.sources():
            folders.setdefault(source.collection_id, []).append(Folder(Path(source.path), source.state))
        return [Collection(row[1], tuple(folders.get(row[0], ())), *row[2:]) for row in rows]


def name_of_conversation(conversation_id: int) -> str:
    """Return the name of the collection of a conversation."""
    return f"{OF_CONVERSATION}{conversation_id}"


def may_be_called(name: str) -> str:
    """Return the name as a collection may have it; that of the usual one where it may not."""
    name = one_line(name)
    return DEFAULT_COLLECTION if not name or name.startswith(OF_CONVERSATION) else kept_name(name)


def _sound(name: str) -> str:
    """Return the name as it is kept. Raises DocumentError for one that cannot be."""
    name = " ".join(name.encode("utf-8", "replace").decode().split())
    if not name or name.startswith(OF_CONVERSATION):
        raise DocumentError(
            text("A collection cannot be called “{name}”.", name=name), text("Choose another name.")
        )
    if kept_name(name) != name:  # people know the usual one by this name
        raise _taken(name)
    return name


def _taken(name: str) -> DocumentError:
    return DocumentError(
        text("There is a collection {name} already.", name=name), text("Choose another name.")
    )
