# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What was hidden in each conversation, and what a person called not personal: rows of conversations.db.

Both are personal data themselves: they lie beside the conversations, under the same key, and what was
hidden goes with its conversation.
"""

from assistant.database import Connection, Database

TABLES = (
    """CREATE TABLE vaults (
        conversation_id INTEGER PRIMARY KEY REFERENCES conversations (id) ON DELETE CASCADE,
        contents TEXT NOT NULL
    )""",
    """CREATE TABLE allowed (
        entity_type TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (entity_type, value)
    )""",
)


# From the leaf upwards, no farther than to the first message of the person's.
_LAST_QUESTION = """
    WITH RECURSIVE branch (parent_id, role, content) AS (
        SELECT m.parent_id, m.role, m.content FROM conversations c JOIN messages m ON m.id = c.leaf_id
            WHERE c.id = ?
        UNION ALL SELECT m.parent_id, m.role, m.content FROM messages m JOIN branch b ON m.id = b.parent_id
            WHERE b.role <> 'user' OR b.content = '')
    SELECT content FROM branch WHERE role = 'user' AND content <> ''"""


class VaultStore:
    """Reads and writes both. May be used from any thread."""

    def __init__(self, database: Database) -> None:
        """Take the database of the conversations."""
        self._database = database

    def load(self, conversation_id: int) -> str | None:
        """Return what was kept of a conversation's vault, None for nothing."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT contents FROM vaults WHERE conversation_id = ?", (conversation_id,)
            ).fetchone()
        return None if row is None else str(row[0])

    def save(self, conversation_id: int, contents: str) -> None:
        """Keep a conversation's vault; nothing where the conversation is gone meanwhile."""

        def work(connection: Connection) -> None:
            connection.execute(
                "INSERT INTO vaults (conversation_id, contents)"
                " SELECT id, ? FROM conversations WHERE id = ?"
                " ON CONFLICT (conversation_id) DO UPDATE SET contents = excluded.contents",
                (contents, conversation_id),
            )

        self._database.write(work)

    def last_question(self, conversation_id: int) -> str:
        """Return what the person wrote last in a conversation, "" for nothing: a value may go on after it."""
        with self._database.read() as connection:
            row = connection.execute(_LAST_QUESTION, (conversation_id,)).fetchone()
        return "" if row is None else str(row[0])

    def allowed(self) -> list[tuple[str, str]]:
        """Return what is not personal, as (type, value), in the order in which it was said."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT entity_type, value FROM allowed ORDER BY rowid")
            return [(row[0], row[1]) for row in rows]

    def allow(self, entity_type: str, value: str) -> None:
        """Add a value to what is not personal."""
        sql = "INSERT OR IGNORE INTO allowed (entity_type, value) VALUES (?, ?)"
        self._database.write(lambda connection: connection.execute(sql, (entity_type, value)))

    def disallow(self, entity_type: str, value: str) -> None:
        """Take a value out again; nothing where it is not there."""
        sql = "DELETE FROM allowed WHERE entity_type = ? AND value = ?"
        self._database.write(lambda connection: connection.execute(sql, (entity_type, value)))
