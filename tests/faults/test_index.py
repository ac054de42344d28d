# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""F9: Chroma's files damaged or gone, its process killed: search goes on, nothing is embedded again."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.database import Database
from assistant.documents import dense
from assistant.documents.explaining import Meaning
from assistant.documents.index import Index
from assistant.documents.library import Library
from assistant.documents.protocol import FileProgress
from assistant.documents.schema import MIGRATIONS
from assistant.paths import Home
from tests.fakes import HashEmbedder, LineReader
from tests.fault_table import trials

PASSAGES = 1_200  # more than Chroma's sync threshold: some of the vectors lie in its files
WORDS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath")


class World:
    """A library with a real index, that can be closed and opened again."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.embedder = HashEmbedder()
        self.database = Database.open(home.library, MIGRATIONS, None)
        self.open()

    def open(self) -> None:
        self.index = Index(self.home.index)
        self.library = Library(self.database, LineReader(), self.embedder, self.index)

    def close(self) -> None:
        self.library.close()

    def add(self, path: Path) -> None:
        for _ in self.library.add([path]):
            pass

    def finds(self, number: int) -> bool:
        found = self.library.search(line(number), limit=3)
        return found.vectors_used and line(number) in [passage.text for passage in found.found]


@pytest.fixture
def world(home: Home) -> Iterator[World]:
    made = World(home)
    yield made
    made.close()
    made.database.close()


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "many.txt"
    path.write_text("\n".join(line(number) for number in range(PASSAGES)), encoding="utf-8")
    return path


def line(number: int) -> str:
    words = (WORDS[number % 8], WORDS[number // 8 % 8], WORDS[number // 64 % 8], f"n{number}")
    return " ".join(words)


def cut(folder: Path) -> None:
    for file in folder.rglob("data_level0.bin"):
        os.truncate(file, file.stat().st_size // 2)


def zero(folder: Path) -> None:
    for file in folder.rglob("data_level0.bin"):
        file.write_bytes(b"\x00" * file.stat().st_size)


def damage_links(folder: Path) -> None:
    for file in folder.rglob("link_lists.bin"):
        file.write_bytes(b"\xff" * file.stat().st_size)


def without_segments(folder: Path) -> None:
    for one in folder.iterdir():
        if one.is_dir():
            shutil.rmtree(one)


def garbage_catalogue(folder: Path) -> None:
    (folder / "chroma.sqlite3").write_bytes(os.urandom(20_000))


def gone(folder: Path) -> None:
    shutil.rmtree(folder)


@pytest.mark.fault("F9")
@pytest.mark.parametrize("damage", [cut, zero, damage_links, without_segments, garbage_catalogue, gone])
def test_a_damaged_index_is_made_again_from_the_stored_vectors(
    world: World, document: Path, damage: Callable[[Path], None]
) -> None:
    world.add(document)
    assert world.library.health()["index"] == "in use"
    embedded = len(world.embedder.embedded)
    world.close()
    damage(world.home.index / "chroma")

    world.open()
    assert world.finds(7), "no wrong answer before it is made again"
    world.library.prepare()
    if damage is not damage_links:  # Chroma may find everything without the upper layers
        assert world.index.trouble, "the damage is noticed"
    assert world.library.health()["index"] == "in use"
    assert all(world.finds(number) for number in range(0, PASSAGES, 100))
    assert len(world.embedder.embedded) == embedded, "nothing is embedded again"


@pytest.mark.fault("F9")
def test_killing_the_index_while_adding_costs_no_vector(
    world: World, document: Path, record_property: Callable[[str, object], None]
) -> None:
    rounds = trials(small=1, full=20)
    record_property("trials", rounds)
    for number in range(rounds):
        killed = False
        for one in world.library.add([document]):
            late = isinstance(one, FileProgress) and one.done > 256 * (1 + number % 4)
            if late and not killed and world.index.pid is not None:
                killed = True
                os.kill(world.index.pid, signal.SIGKILL)
                assert world.finds(7), "search goes on"
        assert killed
        assert all(world.finds(place) for place in range(0, PASSAGES, 100))
        assert world.library.health()["vectors"] == "complete"
        world.close()
        world.open()
        world.library.prepare()
        assert world.library.health()["index"] == "in use"
        assert all(world.finds(place) for place in range(0, PASSAGES, 100))
        world.library.remove(document)
        assert world.library.search("amber").found == ()


@pytest.mark.fault("F9")
def test_an_index_that_another_process_holds_leaves_search_by_comparison(
    world: World, document: Path
) -> None:
    world.add(document)
    other = Library(world.database, LineReader(), world.embedder, Index(world.home.index))
    try:
        assert other.search(line(5)).vectors_used
        assert other.health()["index"] != "in use"
    finally:
        other.close()


@pytest.mark.fault("F20")
def test_what_leaves_one_collection_leaves_its_part_of_the_index(world: World, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
        (folder / "amber.txt").write_text(line(7), encoding="utf-8")
        (folder / f"{folder.name}.txt").write_text(line(8), encoding="utf-8")
        for _ in world.library.add([folder], folder.name):
            pass

    def held(collection: str) -> int:
        with world.database.read() as connection:
            sql = "SELECT count(*) FROM indexed JOIN collections ON id = collection_id WHERE name = ?"
            return int(connection.execute(sql, (collection,)).fetchone()[0])

    assert (held("one"), held("two")) == (2, 2)
    (one / "amber.txt").unlink()
    for _ in world.library.add([one], "one"):
        pass
    assert (held("one"), held("two")) == (1, 2), "the other collection has the text still"
    assert world.library.search(line(7), ["two"]).found[0].text == line(7)


@pytest.mark.fault("F9")
def test_search_says_that_a_damaged_index_is_being_made_again(
    world: World, document: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.add(document)
    world.close()
    gone(world.home.index / "chroma")
    monkeypatch.setattr(dense, "AT_ONCE", 0)  # as with an index that is not filled within one question
    world.open()

    explained = world.library.explain(line(7))
    assert explained.meaning is Meaning.COMPARED
    found = world.library.search(line(7))
    assert (found.vectors_used, found.rebuilding) == (True, True)
    assert world.library.health()["index"] == ("being made again; until then vectors are compared one by one")

    monkeypatch.setattr(dense, "COMPARED_AT_MOST", PASSAGES - 1)  # more would take too long
    explained = world.library.explain(line(7))
    assert explained.meaning is Meaning.TEXT_ONLY
    assert explained.passages[0].passage.text == line(7), "words find it"
    found = world.library.search(line(7))
    assert (found.vectors_used, found.rebuilding) == (False, True)
    assert world.library.health()["index"] == "being made again; until then text only"
    assert world.library.explain(line(7), within=[document]).meaning is Meaning.USED, "few are compared"

    world.library.prepare()
    assert world.library.explain(line(7)).meaning is Meaning.USED
    assert not world.library.search(line(7)).rebuilding
