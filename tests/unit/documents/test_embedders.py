# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Another embedding model: the old vectors answer until the new ones are made, across a start too."""

import threading
from pathlib import Path

import pytest

from assistant.database import Database
from assistant.documents import vector_store
from assistant.documents.library import Library
from assistant.documents.protocol import Embedder, FileProgress
from assistant.documents.store import Scope
from assistant.documents.vector_store import VectorStore
from assistant.errors import EngineError
from tests.fakes import HashEmbedder, LineReader

LINES = [f"apple number {number}" for number in range(40)]


class Shelf:
    """The models that can still be had, and those that were given back."""

    def __init__(self, *embedders: HashEmbedder) -> None:
        self.embedders = embedders
        self.released: list[Embedder] = []

    def former(self, key: str, model: str) -> Embedder | None:
        found = [one for one in self.embedders if (one.key, one.model) == (key, model)]
        return found[0] if found else None

    def release(self, embedder: Embedder) -> None:
        self.released.append(embedder)


@pytest.fixture
def old() -> HashEmbedder:
    return HashEmbedder("a" * 64)


@pytest.fixture
def new() -> HashEmbedder:
    return HashEmbedder("b" * 64)


def open_library(database: Database, embedder: HashEmbedder, shelf: Shelf) -> Library:
    return Library(database, LineReader(), embedder, None, formers=shelf)


@pytest.fixture
def stocked(database: Database, old: HashEmbedder, tmp_path: Path) -> Library:
    library = open_library(database, old, Shelf())
    path = tmp_path / "apples.txt"
    path.write_text("\n".join(LINES), encoding="utf-8")
    for _ in library.add([path]):
        pass
    return library


def kept(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return dict(
            connection.execute(
                "SELECT substr(key, 1, 1), count(*) FROM vectors"
                " JOIN embedders ON id = embedder_id GROUP BY 1"
            ).fetchall()
        )


def make_some(library: Library) -> None:
    stop = threading.Event()
    for done, _ in library.catch_up(stop):
        if done:
            stop.set()


def asked(embedder: HashEmbedder, library: Library) -> bool:
    """Say whether a question is asked of `embedder`, and answered by vectors."""
    before = len(embedder.asked)
    found = library.search("apple number 7")
    return found.vectors_used and len(embedder.asked) > before


def test_the_old_vectors_answer_until_the_new_ones_are_made(
    stocked: Library, database: Database, old: HashEmbedder, new: HashEmbedder
) -> None:
    stocked.use_embedder(new)
    assert asked(old, stocked)
    make_some(stocked)
    assert 0 < kept(database)["b"] < len(LINES)
    assert asked(old, stocked)
    assert not new.asked
    for _ in stocked.catch_up():
        pass
    assert asked(new, stocked)
    assert kept(database) == {"b": len(LINES)}, "the old ones are forgotten"


def test_what_is_added_meanwhile_is_found_by_meaning_at_once(
    stocked: Library, database: Database, old: HashEmbedder, new: HashEmbedder, tmp_path: Path
) -> None:
    stocked.use_embedder(new)
    pears = tmp_path / "pears.txt"
    pears.write_text("a pear tree", encoding="utf-8")
    for _ in stocked.add([pears]):
        pass
    assert kept(database)["a"] == len(LINES) + 1
    assert asked(old, stocked)
    for _ in stocked.catch_up():
        pass
    assert kept(database) == {"b": len(LINES) + 1}


def test_a_model_is_not_let_go_while_a_question_is_asked_of_it(
    stocked: Library,
    database: Database,
    old: HashEmbedder,
    new: HashEmbedder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shelf, question = Shelf(old), old.question
    library = open_library(database, new, shelf)
    gone_early: list[Embedder] = []

    def asked_while_it_leaves(text: str) -> bytes:
        for _ in library.catch_up():
            pass
        gone_early.extend(shelf.released)
        return question(text)

    monkeypatch.setattr(old, "question", asked_while_it_leaves)
    library.search("apple number 7")
    assert not gone_early, "a question would have started it again"
    assert shelf.released == [old]
    assert asked(new, library)


def test_a_question_asked_of_a_model_that_leaves_is_answered_by_the_one_after_it(
    stocked: Library,
    database: Database,
    old: HashEmbedder,
    new: HashEmbedder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    library, question = open_library(database, new, Shelf(old)), old.question

    def leaves_meanwhile(text: str) -> bytes:
        vector = question(text)
        for _ in library.catch_up():
            pass
        assert kept(database) == {"b": len(LINES)}
        return vector

    monkeypatch.setattr(old, "question", leaves_meanwhile)
    assert library.search("apple number 7").vectors_used
    assert len(new.asked) == 1


def test_a_change_that_was_interrupted_goes_on_after_a_start(
    stocked: Library, database: Database, old: HashEmbedder, new: HashEmbedder
) -> None:
    stocked.use_embedder(new)
    make_some(stocked)
    shelf = Shelf(old)
    again = open_library(database, new, shelf)
    assert asked(old, again)
    made = len(new.embedded)
    for _ in again.catch_up():
        pass
    assert len(new.embedded) == len(LINES), "what was made is not made again"
    assert made < len(LINES)
    assert asked(new, again)
    assert shelf.released == [old]


def test_where_the_old_model_has_gone_words_decide_until_the_vectors_are_made(
    stocked: Library, database: Database, new: HashEmbedder
) -> None:
    again = open_library(database, new, Shelf())
    found = again.search("apple number 7")
    assert found.found
    assert not found.vectors_used
    for _ in again.catch_up():
        pass
    assert asked(new, again)
    assert kept(database) == {"b": len(LINES)}


def test_going_back_to_the_old_model_makes_nothing_anew(
    stocked: Library, database: Database, old: HashEmbedder, new: HashEmbedder
) -> None:
    stocked.use_embedder(new)
    make_some(stocked)
    made = len(old.embedded)
    stocked.use_embedder(old)
    assert list(stocked.catch_up()) == []
    assert len(old.embedded) == made
    assert asked(old, stocked)
    assert kept(database) == {"a": len(LINES)}


def test_a_model_that_fails_leaves_the_old_one_answering(
    stocked: Library, old: HashEmbedder, new: HashEmbedder
) -> None:
    stocked.use_embedder(new)
    new.fail()
    with pytest.raises(EngineError):
        list(stocked.catch_up())
    assert asked(old, stocked)


def test_comparing_with_every_vector_finds_the_same_some_at_a_time(
    stocked: Library, database: Database, old: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, vector = VectorStore(database), old.question("apple number 7")
    at_once = store.nearest(1, vector, Scope(), 10)
    assert len(at_once) == 10
    monkeypatch.setattr(vector_store, "COMPARED", 7)
    some_at_a_time = store.nearest(1, vector, Scope(), 10)
    assert some_at_a_time[0][0] == at_once[0][0]
    assert len({number for number, _ in some_at_a_time}) == 10
    assert [cosine for _, cosine in some_at_a_time] == pytest.approx([cosine for _, cosine in at_once])
    assert store.nearest(2, vector, Scope(), 10) == []


def test_an_engine_that_loads_another_model_meanwhile_adds_no_vectors_to_those_of_the_first(
    database: Database, old: HashEmbedder, tmp_path: Path
) -> None:
    library = open_library(database, old, Shelf())
    path = tmp_path / "apples.txt"
    path.write_text("\n".join(LINES), encoding="utf-8")
    for event in library.add([path]):
        if isinstance(event, FileProgress) and event.done == 16:
            old.key = "b" * 64
    assert kept(database) == {"a": 16}
    for _ in library.catch_up():
        continue
    assert kept(database)["b"] == len(LINES)
