# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Conversations: messages as a tree, where edits and answers given again are branches.

Every change is on the disk when the method returns. A conversation has one current branch, from its
first question to the leaf that was written or chosen last.
"""

import json
import time
from collections.abc import Callable, Sequence

from assistant.database import Connection, Database
from assistant.excerpts import excerpt, title_of
from assistant.full_text import every_word_of
from assistant.message_tree import (
    CONVERSATION,
    MIGRATIONS,
    SEARCH,
    SEARCH_TITLES,
    Conversation,
    SearchHit,
    StoredMessage,
    branch_to,
    change,
    check_place,
    found,
    index_message,
    index_title,
    message_of,
    newest_leaf,
    siblings_of,
    sound,
)
from assistant.messages import FinishReason, Message, Role
from assistant.receipts import Receipt
from assistant.transcript_store import TranscriptStore
from assistant.vault_store import VaultStore

__all__ = ["MIGRATIONS", "Conversation", "ConversationStore", "SearchHit", "StoredMessage"]


class ConversationStore:
    """Reads and writes conversations. May be used from any thread."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        """Take a database opened with MIGRATIONS; answers that a crash cut off are marked FAILED.

        Only the holder of the home does so: to others they are answers in progress.
        """
        self._database = database
        self._clock = clock
        self.vaults = VaultStore(database)
        self.transcripts = TranscriptStore(database)
        self.on_delete: Callable[[int], None] = lambda _id: None  # told of each that goes out of sight
        if database.own:
            database.write(_fail_unfinished)

    def create(self, title: str = "") -> Conversation:
        """Make an empty conversation; without a title it gets one from its first question."""
        title, now = sound(title), self._clock()

        def insert(connection: Connection) -> int:
            row = connection.execute(
                "INSERT INTO conversations (title, created, updated) VALUES (?, ?, ?)", (title, now, now)
            )
            index_title(connection, row.lastrowid, title)
            return row.lastrowid

        return Conversation(self._database.write(insert), title, now, now)

    def all(self, limit: int | None = None) -> list[Conversation]:
        """Return the conversations that are not deleted, the one changed last first."""
        with self._database.read() as connection:
            rows = connection.execute(
                f"{CONVERSATION} WHERE deleted IS NULL ORDER BY updated DESC, id DESC LIMIT ?",
                (-1 if limit is None else limit,),
            )
            return [Conversation(*row) for row in rows]

    def ids(self, undo_s: float | None = None) -> set[int]:
        """Return the ids of all conversations, also of deleted ones that can still be brought back.

        These are all that are not purged yet, or those of the last `undo_s` seconds.
        """
        after = 0.0 if undo_s is None else self._clock() - undo_s
        sql = "SELECT id FROM conversations WHERE deleted IS NULL OR deleted > ?"
        with self._database.read() as connection:
            return {row[0] for row in connection.execute(sql, (after,))}

    def get(self, conversation_id: int) -> Conversation:
        """Return one conversation. Raises NotFoundError, also for a deleted one."""
        with self._database.read() as connection:
            row = connection.execute(
                f"{CONVERSATION} WHERE id = ? AND deleted IS NULL", (conversation_id,)
            ).fetchone()
        return Conversation(*found(row))

    def rename(self, conversation_id: int, title: str) -> Conversation:
        """Give a conversation another title. Raises NotFoundError."""
        title = sound(title)

        def work(connection: Connection) -> None:
            change(connection, "UPDATE conversations SET title = ? WHERE id = ?", (title, conversation_id))
            index_title(connection, conversation_id, title)

        self._database.write(work)
        return self.get(conversation_id)

    def delete(self, conversation_id: int) -> None:
        """Put a conversation out of sight until `undelete` or `purge_deleted`. Raises NotFoundError."""
        sql = "UPDATE conversations SET deleted = ? WHERE id = ?"
        self._database.write(lambda connection: change(connection, sql, (self._clock(), conversation_id)))
        self.on_delete(conversation_id)

    def undelete(self, conversation_id: int) -> Conversation:
        """Bring a deleted conversation back. Raises NotFoundError once it is purged."""
        sql = "UPDATE conversations SET deleted = NULL WHERE id = ?"
        self._database.write(lambda connection: change(connection, sql, (conversation_id,)))
        return self.get(conversation_id)

    def purge_deleted(self, older_than_s: float = 0.0) -> int:
        """Remove for good what was deleted at least so many seconds ago; return how many."""
        before = self._clock() - older_than_s
        gone = self._database.write(lambda connection: _purge(connection, before))
        if gone:  # FTS5 only marks words as deleted; merging everything takes them out of the file
            self._database.write(_merge_words)
        return gone

    def add_question(self, conversation_id: int, parent_id: int | None, words: str) -> StoredMessage:
        """Store a question below the answer `parent_id` (None: as a first one) and make it current.

        Raises NotFoundError where the conversation or the answer is not there.
        """
        return self._add(conversation_id, parent_id, Message(Role.USER, sound(words)))

    def start_answer(self, conversation_id: int, parent_id: int) -> StoredMessage:
        """Store an empty answer in progress below the question `parent_id` and make it current.

        Raises NotFoundError where the conversation or the question is not there.
        """
        return self._add(conversation_id, parent_id, Message(Role.ASSISTANT, ""))

    def save_partial(self, message_id: int, words: str) -> None:
        """Keep what is written so far of an answer in progress; a finished one stays as it is."""
        sql = "UPDATE messages SET content = ? WHERE id = ? AND finish_reason IS NULL AND role = 'assistant'"
        self._database.write(lambda connection: connection.execute(sql, (sound(words), message_id)))

    def finish_answer(
        self, message_id: int, words: str, reason: FinishReason, receipt: Receipt | None = None
    ) -> StoredMessage:
        """Store the whole answer, why it ended, and its receipt. Raises NotFoundError."""
        words, now = sound(words), self._clock()
        written = receipt.to_json() if receipt else None

        def finish(connection: Connection) -> StoredMessage:
            change(
                connection,
                "UPDATE messages SET content = ?, finish_reason = ?, receipt = ?"
                " WHERE id = ? AND role = 'assistant'",
                (words, reason.value, written, message_id),
            )
            connection.execute(
                "UPDATE conversations SET updated = ? WHERE id ="
                " (SELECT conversation_id FROM messages WHERE id = ?)",
                (now, message_id),
            )
            index_message(connection, message_id, words)
            return message_of(connection, message_id)

        return self._database.write(finish)

    def message(self, message_id: int) -> StoredMessage:
        """Return one message. Raises NotFoundError."""
        with self._database.read() as connection:
            return message_of(connection, message_id)

    def branch(self, conversation_id: int, leaf_id: int | None = None) -> list[StoredMessage]:
        """Return the messages from the first question to `leaf_id` (None: the current leaf)."""
        with self._database.read() as connection:
            row = connection.execute("SELECT leaf_id FROM conversations WHERE id = ?", (conversation_id,))
            leaf = found(row.fetchone())[0] if leaf_id is None else leaf_id
            return [] if leaf is None else branch_to(connection, conversation_id, leaf)

    def choose(self, message_id: int) -> None:
        """Make the branch through this message current, down to its newest leaf. Raises NotFoundError."""

        def work(connection: Connection) -> None:
            stored = message_of(connection, message_id)
            connection.execute(
                "UPDATE conversations SET leaf_id = ? WHERE id = ?",
                (newest_leaf(connection, message_id), stored.conversation_id),
            )

        self._database.write(work)

    def collections(self, conversation_id: int) -> tuple[int, ...] | None:
        """Return the collections that a conversation looks at, by id; None for all. Raises NotFoundError."""
        with self._database.read() as connection:
            row = connection.execute("SELECT collections FROM conversations WHERE id = ?", (conversation_id,))
            (written,) = found(row.fetchone())
        return None if written is None else tuple(json.loads(written))

    def use_collections(self, conversation_id: int, ids: Sequence[int] | None) -> None:
        """Let a conversation look at these collections alone; None for all. Raises NotFoundError."""
        written = None if ids is None else json.dumps(list(ids))
        sql = "UPDATE conversations SET collections = ? WHERE id = ?"
        self._database.write(lambda connection: change(connection, sql, (written, conversation_id)))

    def siblings(self, message_id: int) -> list[int]:
        """Return the ids of all versions in the place of this message, oldest first, itself included."""
        with self._database.read() as connection:
            return siblings_of(connection, message_id)

    def search(self, words: str, limit: int = 50) -> list[SearchHit]:
        """Return the messages that hold every word of `words`, best first, then titles that do.

        The last word may be unfinished. A title's hit names the conversation's first message.
        """
        expression = every_word_of(words)
        if not expression:
            return []
        with self._database.read() as connection:
            rows = connection.execute(SEARCH, (expression, limit)).fetchall()
            titles = connection.execute(SEARCH_TITLES, (expression, limit)).fetchall()
        seen = {row[0] for row in rows}
        hits = [SearchHit(row[0], row[1], row[2], excerpt(row[3], words)) for row in rows]
        hits += [
            SearchHit(row[0], row[1], row[2], excerpt(row[3], words)) for row in titles if row[0] not in seen
        ]
        return hits[:limit]

    def _add(self, conversation_id: int, parent_id: int | None, message: Message) -> StoredMessage:
        now = self._clock()
        title = title_of(message.content) if message.role is Role.USER else ""

        def insert(connection: Connection) -> StoredMessage:
            check_place(connection, conversation_id, parent_id, message.role)
            row = connection.execute(
                "INSERT INTO messages (conversation_id, parent_id, role, content, created)"
                " VALUES (?, ?, ?, ?, ?)",
                (conversation_id, parent_id, message.role.value, message.content, now),
            )
            message_id = row.lastrowid
            connection.execute(
                "UPDATE conversations SET leaf_id = ?, updated = ? WHERE id = ?",
                (message_id, now, conversation_id),
            )
            named = connection.execute(
                "UPDATE conversations SET title = ? WHERE id = ? AND title = ''", (title, conversation_id)
            )
            if title and named.rowcount:
                index_title(connection, conversation_id, title)
            if message.content:
                index_message(connection, message_id, message.content)
            return message_of(connection, message_id)

        return self._database.write(insert)


def _fail_unfinished(connection: Connection) -> None:
    unfinished = "FROM messages WHERE finish_reason IS NULL AND role = 'assistant'"
    for message_id, content in connection.execute(f"SELECT id, content {unfinished}").fetchall():
        connection.execute("UPDATE messages SET finish_reason = 'failed' WHERE id = ?", (message_id,))
        index_message(connection, message_id, content)


def _purge(connection: Connection, before: float) -> int:
    connection.execute(
        "DELETE FROM message_words WHERE rowid IN (SELECT m.id FROM messages m"
        " JOIN conversations c ON c.id = m.conversation_id WHERE c.deleted <= ?)",
        (before,),
    )
    connection.execute(
        "DELETE FROM title_words WHERE rowid IN (SELECT id FROM conversations WHERE deleted <= ?)", (before,)
    )
    return connection.execute("DELETE FROM conversations WHERE deleted <= ?", (before,)).rowcount


def _merge_words(connection: Connection) -> None:
    connection.execute("INSERT INTO message_words (message_words) VALUES ('optimize')")
    connection.execute("INSERT INTO title_words (title_words) VALUES ('optimize')")
