# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What an open Maru does so that nothing is lost, and so that what is wiped is gone."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant import pending, wiping
from assistant.conversations import ConversationStore
from assistant.database import Database
from assistant.documents.library import Library
from assistant.documents.walk import absolute
from assistant.errors import DiskFullError, MaruError, NotFoundError, ReadOnlyError
from assistant.keys import HomeKey
from assistant.message_tree import found
from assistant.paths import Home
from assistant.restoring import prepare_restore
from assistant.settings import Settings
from assistant.snapshots import Reason, Snapshot
from assistant.stores import Stores, budget_of
from assistant.texts import Text, text

PATIENCE_S = 10.0
"""How long closing waits for a daily snapshot of documents; after that it goes without them."""


@dataclass(frozen=True)
class Wiped:
    """What is left of something that was wiped.

    `kept_until`: a snapshot keeps it until the first start after that moment, None: none does. `damaged`
    are files that were set aside and may hold it; `quoted_in` conversations whose answers quote the document.
    """

    kept_until: datetime | None = None
    damaged: tuple[str, ...] = ()
    quoted_in: tuple[int, ...] = ()


class Keeping:
    """Snapshots, restoring and wiping of an open home. Every method may be called from any thread."""

    def __init__(
        self,
        home: Home,
        key: HomeKey | None,
        stores: Stores,
        conversations: ConversationStore,
        library: Library,
        settings: Settings,
    ) -> None:
        """Keep what `stores` hold."""
        self._home = home
        self._key = key
        self._stores = stores
        self._conversations = conversations
        self._library = library
        self._budget = budget_of(settings)
        self._closing = threading.Event()
        self._daily = threading.Lock()
        self._looked = False
        self.read_only: Text | None = stores.read_only
        self.on_trouble: Callable[[MaruError], None] = lambda _error: None  # no daily snapshot: why
        self.later: Callable[[Callable[[], None]], None] = lambda work: work()  # in the background
        self.forget_read: Callable[[int], None] = lambda _id: None  # lets a conversation be read anew

    def use(self, settings: Settings) -> None:
        """Take over how much is kept."""
        self._budget = budget_of(settings)

    def snapshots(self) -> list[Snapshot]:
        """Return the snapshots, the newest first."""
        return self._stores.snapshots.all()

    def snapshot_now(self) -> Snapshot:
        """Take a snapshot. Raises DiskFullError, DatabaseError."""
        self._check_writable()
        return self._stores.snapshots.take(Reason.ASKED, self._budget)

    def daily(self) -> None:
        """Take a snapshot where the newest is a day old; once in the life of a process.

        `on_trouble` is told what goes wrong: nobody waits for it.
        """
        with self._daily:
            if self._looked or self.read_only is not None:
                return
            self._looked = True
            try:
                snapshots = self._stores.snapshots
                # Of an empty home too, where one is kept: its time ends when a newer one is there.
                if snapshots.due() and (snapshots.all() or self._holds_something()):
                    snapshots.take(Reason.DAILY, self._budget, self._closing.is_set)
            except MaruError as error:
                self.on_trouble(error)

    def close(self) -> None:
        """Take the daily snapshot where that was not tried; documents are left out of one that takes long."""
        timer = threading.Timer(PATIENCE_S, self._closing.set)
        timer.start()
        try:
            self.daily()
        finally:
            timer.cancel()
            timer.join()

    def restore(self, name: str) -> None:
        """Go back to a snapshot; the present state becomes one. It happens when Maru is closed.

        Until then nothing can be changed any more. Raises NotFoundError, DamagedError for a snapshot that
        is, DiskFullError, DatabaseError; then all is as it was.
        """
        self._stores.snapshots.find(name)
        reason = text("A snapshot is being restored. Close Maru and open it again.")
        self._plan(
            reason,
            lambda: prepare_restore(self._home, self._key, self._stores.snapshots, name, self._budget),
        )

    def kept_until(self, conversation_id: int) -> datetime | None:
        """Return until when a snapshot keeps a conversation: it goes with the first start after that.

        None where no snapshot has it.
        """
        known = self._known(conversation_id, snapshots=True)
        return None if known is None else self._conversation_kept(conversation_id, known[1])

    def document_kept_until(self, path: Path) -> datetime | None:
        """Return until when a snapshot keeps a document, or one of a folder; None where none does.

        A conversation that quotes it and that only snapshots have keeps it too.
        """
        name, snapshots = str(absolute(path)), self._stores.snapshots
        kept = (
            snapshots.kept_until(
                self._home.library.name, lambda one: wiping.holds_document(one, name), self._budget
            ),
            snapshots.kept_until(
                self._home.conversations.name, lambda one: bool(self._lost_quoting(one, name)), self._budget
            ),
        )
        return max((one for one in kept if one is not None), default=None)

    def title_of(self, conversation_id: int, *, snapshots: bool = False) -> str:
        """Return what a conversation is called; with `snapshots` also one that only these have.

        Raises NotFoundError.
        """
        title, _ = found(self._known(conversation_id, snapshots))
        return str(title)

    def wipe_conversation(self, conversation_id: int, *, snapshots: bool = False) -> Wiped:
        """Delete a conversation for good, with its own files, and from the snapshots too if wanted.

        With `snapshots` it may be one that only these have. Raises NotFoundError, DatabaseError;
        VectorIndexError where the index could not be emptied.
        """
        self._check_writable()
        present = self._present(conversation_id) is not None
        _, created = found(self._known(conversation_id, snapshots))
        if present:
            self._wipe_present(conversation_id)
        if snapshots:
            self._rewrite(self._home.conversations,
                          lambda one: wiping.holds_conversation(one, conversation_id, created),
                          lambda one: wiping.wipe_conversation(one, conversation_id))  # fmt: skip
            self._rewrite(self._home.library,
                          lambda one: wiping.has_collection_of(one, conversation_id),
                          lambda one: wiping.wipe_collection_of(one, conversation_id))  # fmt: skip
        return Wiped(self._conversation_kept(conversation_id, created), self._damaged())

    def _wipe_present(self, conversation_id: int) -> None:
        self._conversations.delete(conversation_id)  # tells the engine, and clears what it saved
        own = self._library.conversation_collection(conversation_id)
        if own is not None:
            self._library.delete_collection(own.name)
        conversations, documents = self._stores.conversations, self._stores.documents
        conversations.write(lambda connection: wiping.wipe_conversation(connection, conversation_id))
        _compact(conversations)
        if own is not None:
            self._clear_library(documents)

    def wipe_document(self, path: Path, *, snapshots: bool = False) -> Wiped:
        """Delete what is known of a file, or of all files of a folder; the files themselves stay.

        A file of a watched folder stays out of it: that alone is kept, with its name. With `snapshots` the
        conversations that quote it go from these too where they are only there; those that are still there
        are told, and stay in both. Raises NotFoundError, DatabaseError; VectorIndexError where the index
        could not be emptied.
        """
        name = str(absolute(path))
        known = self._library.remove(path) > 0 or self.document_kept_until(path) is not None
        self._clear_library(self._stores.documents)
        if snapshots:
            self._rewrite(self._home.library,
                          lambda one: wiping.holds_document(one, name),
                          lambda one: wiping.wipe_document(one, name))  # fmt: skip
            self._rewrite(self._home.conversations,
                          lambda one: bool(self._lost_quoting(one, name)),
                          lambda one: self._wipe_lost_quoting(one, name))  # fmt: skip
        with self._stores.conversations.read() as connection:
            quoted = wiping.quotes_document(connection, name)
        for conversation_id in quoted:  # the model has read the document there
            self.forget_read(conversation_id)
        if not known and not quoted:
            raise NotFoundError(
                text("{name} is not among your documents.", name=path.name),
                text("Check the path; the list of documents has it as it was added."),
            )
        return Wiped(self.document_kept_until(path), self._damaged(), tuple(quoted))

    def wipe_everything(self) -> None:
        """Delete conversations, documents, snapshots, logs and settings when Maru is closed; models stay.

        Until then nothing can be changed any more. Raises HomeError, DiskFullError.
        """
        reason = text("Everything is being deleted. Close Maru and open it again.")
        self._plan(reason, lambda: pending.plan_wipe(self._home))

    def _plan(self, reason: Text, work: Callable[[], None]) -> None:
        """Do `work` while nothing can be changed, and leave it so; all is as before where it fails."""
        self._check_writable()
        both = (self._stores.conversations, self._stores.documents)
        for database in both:
            database.refuse(reason)
        try:
            work()
        except BaseException:
            for database in both:
                database.refuse(None)
            raise
        self.read_only = reason

    def _check_writable(self) -> None:
        if self.read_only is not None:
            raise ReadOnlyError(self.read_only, text("Nothing was changed."))

    def _holds_something(self) -> bool:
        for database, table in (
            (self._stores.conversations, "messages"),
            (self._stores.documents, "documents"),
        ):
            with database.read() as connection:
                if connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():  # noqa: S608 - ours
                    return True
        return False

    def _present(self, conversation_id: int) -> tuple[str, float] | None:
        """Return what a conversation is called, and when it was made; also of a deleted one."""
        with self._stores.conversations.read() as connection:
            return wiping.title_of(connection, conversation_id)

    def _known(self, conversation_id: int, snapshots: bool) -> tuple[str, float] | None:
        """Do the same; with `snapshots` also for one that only these have."""
        known = self._present(conversation_id)
        if known is None and snapshots:
            return self._stores.snapshots.newest_with(
                self._home.conversations.name, lambda one: wiping.title_of(one, conversation_id)
            )
        return known

    def _lost_quoting(self, snapshot: Any, name: str) -> list[int]:
        """Return the conversations of a snapshot that quote a document and are in the database no more."""
        quoting = wiping.quotes_document(snapshot, name)
        with self._stores.conversations.read() as connection:
            there = wiping.conversations(connection) if quoting else {}
        return [one for one, created in quoting.items() if there.get(one) != created]

    def _wipe_lost_quoting(self, snapshot: Any, name: str) -> None:
        for conversation_id in self._lost_quoting(snapshot, name):
            wiping.wipe_conversation(snapshot, conversation_id)

    def _conversation_kept(self, conversation_id: int, created: float) -> datetime | None:
        return self._stores.snapshots.kept_until(
            self._home.conversations.name,
            lambda one: wiping.holds_conversation(one, conversation_id, created),
            self._budget,
        )

    def _rewrite(self, database: Path, holds: Callable[[Any], bool], wipe: Callable[[Any], None]) -> None:
        self._stores.snapshots.rewrite(database.name, holds, wipe)

    def _clear_library(self, documents: Database) -> None:
        """Leave nothing in the file, and in the index's, of what was taken out: Chroma only marks it."""
        _compact(documents)
        self._library.empty_index()
        self.later(self._library.prepare)

    def _damaged(self) -> tuple[str, ...]:
        return tuple(sorted(path.name for path in self._home.root.glob("*.damaged-*.db")))


def _compact(database: Database) -> None:
    """Write the file anew; where the disk has no room for that, what is deleted is overwritten already."""
    with suppress(DiskFullError):
        database.compact()
