# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The full text, which writing leaves in pieces and merging brings together."""

from pathlib import Path

from assistant.database import Database
from assistant.documents.catalogue import Catalogue
from assistant.documents.contents import Contents
from assistant.documents.lexical import Lexical
from assistant.documents.protocol import Chunk, Document, PlaceText
from assistant.documents.store import FileAt, Scope, Stamp, Store
from assistant.passages import Place, PlaceKind


def add(database: Database, number: int) -> None:
    words = f"The lease of house {number} ends in autumn."
    place = PlaceText(Place(PlaceKind.SECTION, 0), words)
    chunks = (Chunk(0, 0, len(words), "", words),)
    content = Contents(database).write(Document("lease", f"{number:064}", len(words), (place,), chunks, 0))
    at = FileAt(Path(f"/{number}"), Catalogue(database).id_of("default"), Stamp(0, 0))
    Store(database).link(content, at)


def pieces(database: Database) -> int:
    with database.read() as connection:
        row = connection.execute("SELECT count(DISTINCT segid) FROM chunk_terms_idx").fetchone()
    return int(row[0])


def test_the_full_text_is_merged_into_few_pieces_and_finds_the_same(database: Database) -> None:
    for number in range(60):
        add(database, number)
    words, contents = Lexical(database), Contents(database)
    before = words.search(words.words("lease of house 17"), Scope(), 10)
    assert pieces(database) > 5
    while contents.merge():
        pass
    assert pieces(database) <= 2
    assert words.search(words.words("lease of house 17"), Scope(), 10) == before
    assert before[0][0] == 18


def test_there_is_nothing_to_merge_in_an_empty_library(database: Database) -> None:
    assert not Contents(database).merge()
