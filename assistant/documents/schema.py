# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The tables of `library.db`, as numbered migrations.

    collections ─┬─ documents ── contents ─┬─ places   the text as read, in parts of PART characters
                 │                         └─ chunks ─┬─ chunk_terms   full text, by chunk id
                 │                                    └─ vectors       by chunk and embedder
                 ├─ folders    that are watched
                 ├─ left_out   what the user removed from a watched folder
                 ├─ waiting    files that are to be read, in order
                 └─ indexed    which vectors the index process was told of, and said yes to

A content is stored once by its SHA-256, however many documents have it. Ids are never used again
(AUTOINCREMENT): the index may still know an old one.
"""

from assistant.database import Migration, statements
from assistant.full_text import TOKENIZER

MIGRATIONS: tuple[Migration, ...] = (
    statements(
        "CREATE TABLE collections (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE)",
        """CREATE TABLE contents (
        id INTEGER PRIMARY KEY AUTOINCREMENT, sha256 TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
        size INTEGER NOT NULL, pages INTEGER NOT NULL, passages INTEGER NOT NULL,
        complete INTEGER NOT NULL DEFAULT 0)""",
        "CREATE INDEX contents_size ON contents (size)",
        """CREATE TABLE documents (
        id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL,
        collection_id INTEGER NOT NULL REFERENCES collections, content_id INTEGER REFERENCES contents,
        size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL,
        UNIQUE (path, collection_id))""",
        "CREATE INDEX documents_content ON documents (content_id, collection_id)",
        "CREATE INDEX documents_collection ON documents (collection_id)",
        """CREATE TABLE places (
        content_id INTEGER NOT NULL REFERENCES contents ON DELETE CASCADE, ordinal INTEGER NOT NULL,
        part INTEGER NOT NULL, kind TEXT NOT NULL, page INTEGER, label TEXT NOT NULL, text TEXT NOT NULL,
        PRIMARY KEY (content_id, ordinal, part))""",
        """CREATE TABLE chunks (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        content_id INTEGER NOT NULL REFERENCES contents ON DELETE CASCADE,
        ordinal INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
        heading TEXT NOT NULL, search_text TEXT NOT NULL)""",
        "CREATE INDEX chunks_content ON chunks (content_id)",
        f'CREATE VIRTUAL TABLE chunk_terms USING fts5(terms, tokenize="{TOKENIZER}")',
        # Words of a removed document leave the index at once, not with some later merge.
        "INSERT INTO chunk_terms (chunk_terms, rank) VALUES ('secure-delete', 1)",
        "CREATE VIRTUAL TABLE chunk_vocabulary USING fts5vocab(chunk_terms, row)",
        "CREATE TABLE embedders (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE)",
        """CREATE TABLE vectors (
        chunk_id INTEGER NOT NULL REFERENCES chunks ON DELETE CASCADE,
        embedder_id INTEGER NOT NULL REFERENCES embedders, vector BLOB NOT NULL,
        PRIMARY KEY (chunk_id, embedder_id))""",
        """CREATE TABLE indexed (
        collection_id INTEGER NOT NULL, embedder_id INTEGER NOT NULL, chunk_id INTEGER NOT NULL,
        PRIMARY KEY (collection_id, embedder_id, chunk_id)) WITHOUT ROWID""",
    ),
    statements(
        # Set for what was dropped into one conversation.
        "ALTER TABLE collections ADD COLUMN conversation_id INTEGER",
        # Where a file lies: the drive, and where on it. They tell a renamed file from another, and a
        # deleted one from an unplugged drive. 0 where the system does not say.
        "ALTER TABLE documents ADD COLUMN device INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE documents ADD COLUMN inode INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE documents ADD COLUMN there INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE places ADD COLUMN recognized INTEGER NOT NULL DEFAULT 0",
        # `device` is that of the folder when it was last looked at, NULL before.
        """CREATE TABLE folders (
        collection_id INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE, path TEXT NOT NULL,
        state TEXT NOT NULL, device INTEGER, PRIMARY KEY (collection_id, path)) WITHOUT ROWID""",
        """CREATE TABLE left_out (
        collection_id INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE, path TEXT NOT NULL,
        PRIMARY KEY (collection_id, path)) WITHOUT ROWID""",
        # `asked` numbers the call that put it in; `first` is 1 for what a question waits for.
        """CREATE TABLE waiting (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        collection_id INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE, path TEXT NOT NULL,
        size INTEGER NOT NULL, named INTEGER NOT NULL, first INTEGER NOT NULL, asked INTEGER NOT NULL,
        UNIQUE (path, collection_id))""",
        "CREATE INDEX waiting_order ON waiting (first DESC, id)",
        "CREATE INDEX documents_not_there ON documents (collection_id) WHERE NOT there",
    ),
    statements(
        # Where the file of a model lay, so that it can answer while vectors are made for another.
        "ALTER TABLE embedders ADD COLUMN model TEXT NOT NULL DEFAULT ''",
    ),
    statements(
        # What of it could not be read, for people: pages that are pictures, say.
        "ALTER TABLE contents ADD COLUMN note TEXT NOT NULL DEFAULT ''",
        # 1 for a file whose pages have to be recognized: it waits behind those that need not be.
        "ALTER TABLE waiting ADD COLUMN late INTEGER NOT NULL DEFAULT 0",
        "DROP INDEX waiting_order",
        "CREATE INDEX waiting_order ON waiting (first DESC, late, id)",
    ),
    statements(
        # Where each term stands: search by words adds up what it needs of it.
        "CREATE VIRTUAL TABLE chunk_instances USING fts5vocab(chunk_terms, instance)",
        # Two pieces of the full text of one size are enough to merge: `Contents.merge`.
        "INSERT INTO chunk_terms (chunk_terms, rank) VALUES ('usermerge', 2)",
    ),
    statements(
        # Set for a file that the user gave itself: no rule of a folder around it takes it out.
        "ALTER TABLE documents ADD COLUMN named INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX documents_named ON documents (collection_id) WHERE named",
    ),
)
