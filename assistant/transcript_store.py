# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Whole conversations out of the database and into it."""

from collections.abc import Iterable

from assistant.database import Connection, Database
from assistant.excerpts import title_of
from assistant.message_tree import found, index_message, index_title, sound
from assistant.messages import FinishReason, Role
from assistant.transcripts import Transcript, Turn

_ALIKE = "SELECT id FROM conversations WHERE deleted IS NULL AND title = ? AND created = ?"
_SAID = "SELECT role, content FROM messages WHERE conversation_id = ? ORDER BY id"


class TranscriptStore:
    """Reads and writes whole conversations. May be used from any thread."""

    def __init__(self, database: Database) -> None:
        """Take the database of the conversations."""
        self._database = database

    def read(self, conversation_id: int) -> Transcript:
        """Return a conversation with all its branches. Raises NotFoundError."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT title, created, updated, leaf_id FROM conversations WHERE id = ? AND deleted IS NULL",
                (conversation_id,),
            ).fetchone()
            title, created, updated, leaf = found(row)
            rows = connection.execute(
                "SELECT id, parent_id, role, content, created, finish_reason, receipt FROM messages"
                " WHERE conversation_id = ? ORDER BY id",
                (conversation_id,),
            ).fetchall()
        places = {row[0]: place for place, row in enumerate(rows)}
        turns = tuple(
            Turn(Role(role), words, places.get(parent), at, FinishReason(reason) if reason else None, receipt)
            for _, parent, role, words, at, reason, receipt in rows
        )
        return Transcript(title, created, updated, turns, places.get(leaf))

    def write(self, transcript: Transcript) -> int | None:
        """Store a conversation in one step; return its id, None where it is there already."""

        def work(connection: Connection) -> int | None:
            title = sound(transcript.title) or title_of(_first(transcript.turns))
            if _is_there(connection, title, transcript):
                return None
            row = connection.execute(
                "INSERT INTO conversations (title, created, updated) VALUES (?, ?, ?)",
                (title, transcript.created, transcript.updated),
            )
            conversation_id = int(row.lastrowid or 0)
            index_title(connection, conversation_id, title)
            ids: list[int] = []
            for turn in transcript.turns:
                ids.append(_put(connection, conversation_id, turn, ids))
            if transcript.leaf is not None:
                connection.execute(
                    "UPDATE conversations SET leaf_id = ? WHERE id = ?",
                    (ids[transcript.leaf], conversation_id),
                )
            return conversation_id

        return self._database.write(work)


def _is_there(connection: Connection, title: str, transcript: Transcript) -> bool:
    """Say whether a conversation of this title and time is there in which the same was said.

    Title and time alone do not tell: many are called "New chat", and of a file without times all have one.
    """
    said = [(turn.role.value, sound(turn.content)) for turn in transcript.turns]
    alike = connection.execute(_ALIKE, (title, transcript.created)).fetchall()
    return any(connection.execute(_SAID, row).fetchall() == said for row in alike)


def _put(connection: Connection, conversation_id: int, turn: Turn, ids: list[int]) -> int:
    words = sound(turn.content)
    reason = turn.finish_reason
    if turn.role is Role.ASSISTANT and reason is None:
        reason = FinishReason.FAILED  # it was being written when it was exported
    row = connection.execute(
        "INSERT INTO messages (conversation_id, parent_id, role, content, created, finish_reason, receipt)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            conversation_id,
            ids[turn.parent] if turn.parent is not None else None,
            turn.role.value,
            words,
            turn.created,
            reason.value if reason else None,
            sound(turn.receipt) if turn.receipt else None,
        ),
    )
    message_id = int(row.lastrowid or 0)
    if words:
        index_message(connection, message_id, words)
    return message_id


def _first(turns: Iterable[Turn]) -> str:
    return next((turn.content for turn in turns if turn.role is Role.USER), "")
