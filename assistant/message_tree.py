# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Conversations as rows: the schema, the values, and the questions that the message tree answers."""

from dataclasses import dataclass
from typing import Any

from assistant.database import Connection, statements
from assistant.errors import NotFoundError
from assistant.full_text import TOKENIZER, index_terms
from assistant.messages import FinishReason, Message, Role
from assistant.receipts import Receipt
from assistant.texts import text
from assistant.vault_store import TABLES as PERSONAL_DATA

MIGRATIONS = (
    statements(
        """CREATE TABLE conversations (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            title TEXT NOT NULL,
            created REAL NOT NULL,
            updated REAL NOT NULL,
            deleted REAL,
            leaf_id INTEGER REFERENCES messages (id) ON DELETE SET NULL
        )""",
        """CREATE TABLE messages (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            conversation_id INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            parent_id INTEGER REFERENCES messages (id) ON DELETE CASCADE,
            role TEXT NOT NULL,
            content TEXT NOT NULL,
            created REAL NOT NULL,
            finish_reason TEXT,
            receipt TEXT
        )""",
        "CREATE INDEX messages_by_place ON messages (conversation_id, parent_id)",
        "CREATE INDEX messages_by_parent ON messages (parent_id)",
        "CREATE INDEX messages_unfinished ON messages (role) WHERE finish_reason IS NULL",
        f"""CREATE VIRTUAL TABLE message_words USING fts5 (
            words, content='', contentless_delete=1, tokenize="{TOKENIZER}")""",
        f"""CREATE VIRTUAL TABLE title_words USING fts5 (
            words, content='', contentless_delete=1, tokenize="{TOKENIZER}")""",
    ),
    # The ids of the collections that a conversation looks at, as JSON; NULL for all.
    statements("ALTER TABLE conversations ADD COLUMN collections TEXT"),
    statements(*PERSONAL_DATA),
)

CONVERSATION = "SELECT id, title, created, updated FROM conversations"

# The siblings of m are the other answers to its question, or the other wordings of it.
_MESSAGE = """
    SELECT m.id, m.conversation_id, m.parent_id, m.role, m.content, m.created, m.finish_reason, m.receipt,
        (SELECT count(*) FROM messages s WHERE s.conversation_id = m.conversation_id
            AND s.parent_id IS m.parent_id AND s.role = m.role AND s.id <= m.id),
        (SELECT count(*) FROM messages s WHERE s.conversation_id = m.conversation_id
            AND s.parent_id IS m.parent_id AND s.role = m.role)
    FROM messages m"""

_BRANCH = """
    WITH RECURSIVE branch (id, parent_id) AS (
        SELECT id, parent_id FROM messages WHERE id = ? AND conversation_id = ?
        UNION ALL SELECT m.id, m.parent_id FROM messages m JOIN branch b ON m.id = b.parent_id)"""

# A parent is always older than its child, so the newest descendant is a leaf.
_NEWEST_LEAF = """
    WITH RECURSIVE below (id) AS (
        SELECT ?1 UNION ALL SELECT m.id FROM messages m JOIN below b ON m.parent_id = b.id)
    SELECT max(id) FROM below"""


_SIBLINGS = """
    SELECT s.id FROM messages m JOIN messages s ON s.conversation_id = m.conversation_id
        AND s.parent_id IS m.parent_id AND s.role = m.role
    WHERE m.id = ? ORDER BY s.id"""


@dataclass(frozen=True)
class Conversation:
    """A conversation as the list shows it; times in seconds since 1970, UTC."""

    id: int
    title: str
    created: float
    updated: float


@dataclass(frozen=True)
class StoredMessage:
    """A message in its place in the tree.

    `finish_reason` is None for a question and for an answer in progress. It is `version` (from 1) of
    the `versions` that stand in the same place.
    """

    id: int
    conversation_id: int
    parent_id: int | None
    message: Message
    created: float
    finish_reason: FinishReason | None = None
    receipt: Receipt | None = None
    version: int = 1
    versions: int = 1


@dataclass(frozen=True)
class SearchHit:
    """A message that holds the words, with the piece of it around them; best first."""

    conversation_id: int
    title: str
    message_id: int
    excerpt: str


SEARCH = """
    SELECT c.id, c.title, m.id, m.content FROM message_words w
        JOIN messages m ON m.id = w.rowid JOIN conversations c ON c.id = m.conversation_id
    WHERE message_words MATCH ? AND c.deleted IS NULL ORDER BY w.rank, m.id DESC LIMIT ?"""

SEARCH_TITLES = """
    SELECT c.id, c.title, min(m.id), m.content FROM title_words w
        JOIN conversations c ON c.id = w.rowid JOIN messages m ON m.conversation_id = c.id
    WHERE title_words MATCH ? AND c.deleted IS NULL GROUP BY c.id ORDER BY c.updated DESC LIMIT ?"""


def check_place(connection: Connection, conversation_id: int, parent_id: int | None, role: Role) -> None:
    """Raise NotFoundError unless a message of `role` may stand below `parent_id`.

    Questions stand first or below an answer, answers below a question.
    """
    row = connection.execute(
        "SELECT 1 FROM conversations WHERE id = ? AND deleted IS NULL", (conversation_id,)
    )
    found(row.fetchone())
    if parent_id is None and role is Role.USER:
        return
    above = Role.USER if role is Role.ASSISTANT else Role.ASSISTANT
    row = connection.execute(
        "SELECT 1 FROM messages WHERE id = ? AND conversation_id = ? AND role = ?",
        (parent_id, conversation_id, above.value),
    )
    found(row.fetchone())


def message_of(connection: Connection, message_id: int) -> StoredMessage:
    """Return one message. Raises NotFoundError."""
    return _stored(found(connection.execute(f"{_MESSAGE} WHERE m.id = ?", (message_id,)).fetchone()))


def branch_to(connection: Connection, conversation_id: int, leaf_id: int) -> list[StoredMessage]:
    """Return the messages from the first question to `leaf_id`. Raises NotFoundError."""
    sql = f"{_BRANCH} {_MESSAGE} WHERE m.id IN (SELECT id FROM branch) ORDER BY m.id"  # noqa: S608 - constants
    rows = connection.execute(sql, (leaf_id, conversation_id)).fetchall()
    return [_stored(row) for row in rows] or found(None)


def newest_leaf(connection: Connection, message_id: int) -> int:
    """Return the leaf that was written last below this message, itself where there is none."""
    return int(connection.execute(_NEWEST_LEAF, (message_id,)).fetchone()[0])


def siblings_of(connection: Connection, message_id: int) -> list[int]:
    """Return all messages in the place of this one, oldest first, itself included."""
    return [row[0] for row in connection.execute(_SIBLINGS, (message_id,))]


def _stored(row: Any) -> StoredMessage:
    message_id, conversation_id, parent_id, role, content, created, reason, receipt, version, versions = row
    return StoredMessage(
        message_id,
        conversation_id,
        parent_id,
        Message(Role(role), content),
        created,
        FinishReason(reason) if reason else None,
        Receipt.from_json(receipt) if receipt else None,
        version,
        versions,
    )


def change(connection: Connection, sql: str, values: tuple[Any, ...]) -> None:
    """Run an UPDATE. Raises NotFoundError where it met no row."""
    if not connection.execute(sql, values).rowcount:
        found(None)


def found(row: Any) -> Any:
    """Return `row`. Raises NotFoundError where it is None."""
    if row is None:
        raise NotFoundError(
            text("This conversation or message is no longer there."), text("Choose another in the list.")
        )
    return row


def sound(words: str) -> str:
    """Return `words` without what no file can hold: halves of characters, as a broken paste has them."""
    return words.encode("utf-8", "replace").decode()


def index_message(connection: Connection, message_id: int, words: str) -> None:
    """Put the words of a message into the full text."""
    connection.execute("DELETE FROM message_words WHERE rowid = ?", (message_id,))
    connection.execute(
        "INSERT INTO message_words (rowid, words) VALUES (?, ?)", (message_id, index_terms(words))
    )


def index_title(connection: Connection, conversation_id: int, title: str) -> None:
    """Put the words of a title into the full text."""
    connection.execute("DELETE FROM title_words WHERE rowid = ?", (conversation_id,))
    connection.execute(
        "INSERT INTO title_words (rowid, words) VALUES (?, ?)", (conversation_id, index_terms(title))
    )
