# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What is deleted for good, as SQL that holds for every schema: in the databases and in snapshots of them."""
# ruff: noqa: S608 - statements are put together of our own constants; values are bound

from typing import Any

from assistant.documents.conditions import UNDER, bounds

_UNUSED = (
    "SELECT id FROM contents WHERE id NOT IN (SELECT content_id FROM documents WHERE content_id IS NOT NULL)"
)
# A receipt that an import brought may hold anything.
_DOCUMENT = "json_extract(CASE p.type WHEN 'object' THEN p.value ELSE '{}' END, '$.document')"
_RECEIPT = "CASE WHEN json_valid(m.receipt) THEN m.receipt ELSE '{}' END"
_PARTS = "(VALUES ('$.passages'), ('$.whole'), ('$.context.left_out_passages'))"


def holds_conversation(connection: Any, conversation_id: int, created: float) -> bool:
    """Say whether a database has this conversation: after a restore an id may mean another one."""
    row = connection.execute(
        "SELECT 1 FROM conversations WHERE id = ? AND created = ?", (conversation_id, created)
    )
    return row.fetchone() is not None


def wipe_conversation(connection: Any, conversation_id: int) -> None:
    """Delete a conversation; merging the words takes those out that full text only marks as deleted."""
    connection.execute(
        "DELETE FROM message_words WHERE rowid IN (SELECT id FROM messages WHERE conversation_id = ?)",
        (conversation_id,),
    )
    connection.execute("DELETE FROM title_words WHERE rowid = ?", (conversation_id,))
    connection.execute("DELETE FROM conversations WHERE id = ?", (conversation_id,))
    for words in ("message_words", "title_words"):
        connection.execute(f"INSERT INTO {words} ({words}) VALUES ('optimize')")


def conversations(connection: Any) -> dict[int, float]:
    """Return the ids of all conversations with when each was made; also of deleted ones."""
    return dict(connection.execute("SELECT id, created FROM conversations"))


def title_of(connection: Any, conversation_id: int) -> tuple[str, float] | None:
    """Return what a conversation is called, and when it was made; None where it is not there."""
    row = connection.execute("SELECT title, created FROM conversations WHERE id = ?", (conversation_id,))
    found: tuple[str, float] | None = row.fetchone()
    return found


def quotes_document(connection: Any, path: str) -> dict[int, float]:
    """Return the conversations with an answer whose sources are this file, or files of this folder.

    A file that was read whole is one too: the answer keeps the prompt. By id, with when each was made.
    """
    rows = connection.execute(
        "SELECT DISTINCT c.id, c.created FROM conversations c JOIN messages m ON m.conversation_id = c.id,"
        f" {_PARTS} part, json_each({_RECEIPT}, part.column1) p"
        f" WHERE m.receipt IS NOT NULL AND {UNDER.replace('path', _DOCUMENT)} ORDER BY 1",
        (path, *bounds(path)),
    )
    return dict(rows.fetchall())


def holds_document(connection: Any, path: str) -> bool:
    """Say whether a library has this file, or files of this folder, or a text that may be theirs."""
    row = connection.execute(f"SELECT 1 FROM documents WHERE {UNDER} LIMIT 1", (path, *bounds(path)))
    return row.fetchone() is not None or _has_unused(connection)


def wipe_document(connection: Any, path: str) -> None:
    """Delete a file, or all of a folder, with its text and its vectors, and its name."""
    under = (path, *bounds(path))
    for table in ("documents", "waiting", "left_out", "folders"):
        if _is_there(connection, table):
            connection.execute(f"DELETE FROM {table} WHERE {UNDER}", under)
    forget_unused(connection)


def has_collection_of(connection: Any, conversation_id: int) -> bool:
    """Say whether a library has files that were dropped into a conversation."""
    if "conversation_id" not in [row[1] for row in connection.execute("PRAGMA table_info(collections)")]:
        return False
    row = connection.execute("SELECT 1 FROM collections WHERE conversation_id = ?", (conversation_id,))
    return row.fetchone() is not None or _has_unused(connection)


def wipe_collection_of(connection: Any, conversation_id: int) -> None:
    """Delete the files that were dropped into a conversation."""
    of = "(SELECT id FROM collections WHERE conversation_id = ?)"
    connection.execute(f"DELETE FROM documents WHERE collection_id IN {of}", (conversation_id,))
    connection.execute("DELETE FROM collections WHERE conversation_id = ?", (conversation_id,))
    forget_unused(connection)


def forget_unused(connection: Any) -> None:
    """Delete the contents that no document has."""
    connection.execute(
        f"DELETE FROM chunk_terms WHERE rowid IN (SELECT id FROM chunks WHERE content_id IN ({_UNUSED}))"
    )
    connection.execute(f"DELETE FROM contents WHERE id IN ({_UNUSED})")
    connection.execute("DELETE FROM indexed WHERE chunk_id NOT IN (SELECT id FROM chunks)")


def _has_unused(connection: Any) -> bool:
    """Say whether there is a text without a document: one was just being read, or removed."""
    return connection.execute(f"{_UNUSED} LIMIT 1").fetchone() is not None


def _is_there(connection: Any, table: str) -> bool:
    row = connection.execute("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,))
    return row.fetchone() is not None
