# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Databases as earlier versions of Maru left them: the migrations of today, cut off, with rows of then."""
# ruff: noqa: ISC004 - long statements in a table

import os
from pathlib import Path

from assistant.conversations import MIGRATIONS as CONVERSATIONS
from assistant.database import Connection, Database
from assistant.documents.schema import MIGRATIONS as LIBRARY
from assistant.full_text import index_terms
from assistant.keys import HomeKey
from assistant.paths import Home

QUESTION, ANSWER = "When does the ferry to Jeju leave?", "The ferry leaves at seven. 제주행 배입니다."
PASSAGE = "The ferry to Jeju leaves at seven in the morning."
DOCUMENT = "/documents/ferry.txt"
OLD_CONVERSATIONS = range(1, len(CONVERSATIONS))
OLD_LIBRARIES = range(1, len(LIBRARY))


def make_old_conversations(path: Path, version: int, key: HomeKey | None, count: int = 3) -> None:
    """Make conversations of `version`: `count` of them, a question and an answer each."""

    def fill(connection: Connection) -> None:
        for number in range(1, count + 1):
            title = f"Ferry {number}"
            connection.execute(
                "INSERT INTO conversations (id, title, created, updated) VALUES (?, ?, ?, ?)",
                (number, title, 1000.0 + number, 2000.0 + number),
            )
            _words(connection, "title_words", number, title)
            first = 2 * number - 1
            for message, parent, role, words, reason in (
                (first, None, "user", QUESTION, None),
                (first + 1, first, "assistant", ANSWER, "stop"),
            ):
                connection.execute(
                    "INSERT INTO messages (id, conversation_id, parent_id, role, content, created,"
                    " finish_reason) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (message, number, parent, role, words, 1500.0, reason),
                )
                _words(connection, "message_words", message, words)
            connection.execute("UPDATE conversations SET leaf_id = ? WHERE id = ?", (first + 1, number))

    database = Database.open(path, CONVERSATIONS[:version], key)
    database.write(fill)
    database.close()


def make_old_library(path: Path, version: int, key: HomeKey | None, count: int = 1) -> None:
    """Make a library of `version` with documents of one passage each, their vectors in the index."""

    def fill(connection: Connection) -> None:
        connection.execute("INSERT INTO collections (id, name) VALUES (1, 'default')")
        connection.execute("INSERT INTO embedders (id, key) VALUES (1, 'model')")
        for number in range(1, count + 1):
            _put_document(connection, number, DOCUMENT if number == 1 else f"{DOCUMENT}-{number}")

    database = Database.open(path, LIBRARY[:version], key)
    database.write(fill)
    database.close()


def _put_document(connection: Connection, number: int, path: str) -> None:
    for sql, values in (
        ("INSERT INTO contents (id, sha256, title, size, pages, passages, complete)"
         " VALUES (?1, ?1, 'Ferry', 10, 1, 1, 1)", ()),
        ("INSERT INTO documents (path, collection_id, content_id, size, mtime_ns, status, reason)"
         " VALUES (?2, 1, ?1, 10, 0, 'added', '')", (path,)),
        ("INSERT INTO places (content_id, ordinal, part, kind, page, label, text)"
         " VALUES (?1, 0, 0, 'page', 1, '', ?2)", (PASSAGE,)),
        ('INSERT INTO chunks (id, content_id, ordinal, start, "end", heading, search_text)'
         " VALUES (?1, ?1, 0, 0, ?2, '', ?3)", (len(PASSAGE), PASSAGE)),
        ("INSERT INTO chunk_terms (rowid, terms) VALUES (?1, ?2)", (index_terms(PASSAGE),)),
        ("INSERT INTO vectors VALUES (?1, 1, ?2)", (os.urandom(64),)),
        ("INSERT INTO indexed VALUES (1, 1, ?1)", ()),
    ):  # fmt: skip
        connection.execute(sql, (number, *values))


def make_old_home(home: Home, conversations: int, library: int, key: HomeKey | None, count: int = 3) -> None:
    """Make the databases of a home as they were then."""
    home.create()
    make_old_conversations(home.conversations, conversations, key, count)
    make_old_library(home.library, library, key)


def _words(connection: Connection, table: str, number: int, words: str) -> None:
    connection.execute(
        f"INSERT INTO {table} (rowid, words) VALUES (?, ?)",
        (number, index_terms(words)),
    )
