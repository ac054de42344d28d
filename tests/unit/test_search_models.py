# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Another model to search with while Maru runs, in real engines: the old one answers until then."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import gguf
import pytest

from assistant.app_events import CatchingUp, ReloadFailed
from assistant.database import Database
from assistant.documents.library import Library
from assistant.documents.parser import Parser, parser_spec
from assistant.documents.protocol import ParserSettings
from assistant.documents.schema import MIGRATIONS
from assistant.engines import Engines, WorkerModules, open_engines
from assistant.errors import ModelError
from assistant.opening import open_assistant
from assistant.paths import Home
from assistant.search_models import SearchModels, open_library
from assistant.settings import Settings
from tests.tiny_models import write_bert

WORDS = ["The ferry leaves at seven.", "The rent is 850 euros.", "Pets are welcome here."]


class World:
    """A library with engines of its own, that can be closed and opened again."""

    def __init__(self, home: Home, settings: Settings) -> None:
        self.home, self.settings = home, settings
        self.parser = Parser(parser_spec(ParserSettings()))
        self.database = Database.open(home.library, MIGRATIONS, None)
        self.engines: Engines = open_engines(home, settings, WorkerModules())
        self.library: Library = open_library(self.database, self.parser, self.engines, None, settings)
        self.models = SearchModels(home, self.engines, self.library)

    def change(self, settings: Settings) -> bool:
        self.settings, before = settings, self.settings
        return self.models.change(settings, before)

    def catch_up(self, stop: threading.Event | None = None) -> None:
        for done, _ in self.library.catch_up(stop):
            if stop is not None and done:
                stop.set()

    def model(self) -> str:
        """Return the beginning of the SHA-256 of the model whose vectors answer."""
        with self.database.read() as connection:
            keys = connection.execute(
                "SELECT DISTINCT key FROM embedders JOIN vectors ON embedder_id = id"
            ).fetchall()
        return ",".join(sorted(key[:8] for (key,) in keys))

    def close(self) -> None:
        self.library.close()
        for one in (self.engines.embedding, self.engines.ranking, self.engines.formers, self.parser):
            one.close()
        self.database.close()


@pytest.fixture
def models(tmp_path: Path) -> tuple[Path, Path]:
    one = write_bert(tmp_path / "one.gguf", pooling=gguf.PoolingType.MEAN, head=False)
    two = write_bert(tmp_path / "two.gguf", pooling=gguf.PoolingType.CLS, head=False, width=64)
    return one, two


@pytest.fixture
def world(home: Home, models: tuple[Path, Path], tmp_path: Path) -> Iterator[World]:
    made = World(home, Settings(embedding_model=str(models[0])))
    for number, words in enumerate(WORDS):
        path = tmp_path / f"{number}.txt"
        path.write_text(words, encoding="utf-8")
        for _ in made.library.add([path]):
            pass
    yield made
    made.close()


def test_the_old_model_answers_in_a_process_of_its_own_until_the_new_vectors_are_made(
    world: World, models: tuple[Path, Path]
) -> None:
    before = world.model()
    assert world.library.search("rent").vectors_used
    assert world.change(replace(world.settings, embedding_model=str(models[1])))
    assert world.library.search("rent").vectors_used
    assert world.model() == before
    world.catch_up()
    assert world.model() not in ("", before)
    assert world.library.search("rent").vectors_used
    assert world.engines.formers.running() == 0, "the old model's process has ended"


def test_after_a_start_the_old_model_is_found_where_it_lay(
    world: World, models: tuple[Path, Path], home: Home
) -> None:
    before = world.model()
    world.close()
    changed = World(home, Settings(embedding_model=str(models[1])))
    try:
        assert changed.library.search("rent").vectors_used
        assert changed.model() == before
        assert changed.engines.formers.running() == 1
        changed.catch_up()
        assert changed.model() not in ("", before)
    finally:
        changed.close()


def test_a_file_that_is_no_embedding_model_changes_nothing(world: World, tmp_path: Path) -> None:
    before = world.model()
    ranking = write_bert(tmp_path / "ranking.gguf")
    with pytest.raises(ModelError):
        world.change(replace(world.settings, embedding_model=str(ranking)))
    assert world.library.search("rent").vectors_used
    assert world.model() == before


def test_a_reranker_decides_the_order_from_the_next_question_on(world: World, tmp_path: Path) -> None:
    plain = world.library.explain("rent ferry pets")
    assert all(one.why.reranked is None for one in plain.passages)
    ranking = write_bert(tmp_path / "ranking.gguf", context=128)
    with_it = replace(world.settings, reranker=str(ranking))
    assert not world.change(with_it)
    found = world.library.explain("rent ferry pets").passages
    scores = [one.why.reranked for one in found]
    assert None not in scores
    assert scores == sorted(scores, key=lambda score: -(score or 0.0))
    assert {one.passage.text for one in found} == {one.passage.text for one in plain.passages}
    assert not world.change(replace(with_it, reranker=""))
    assert all(one.why.reranked is None for one in world.library.explain("rent ferry pets").passages)


def test_a_model_that_does_not_rank_is_no_reranker(world: World, models: tuple[Path, Path]) -> None:
    with pytest.raises(ModelError, match="cannot put passages in order"):
        world.change(replace(world.settings, reranker=str(models[0])))


def test_of_two_models_that_change_together_none_does_where_one_is_none(world: World, tmp_path: Path) -> None:
    ranking = str(write_bert(tmp_path / "ranking.gguf", context=128))
    with pytest.raises(ModelError):
        world.change(replace(world.settings, reranker=ranking, embedding_model=ranking))
    assert all(one.why.reranked is None for one in world.library.explain("rent").passages)


def test_a_reranker_that_fails_leaves_the_order_as_it_was(world: World, tmp_path: Path) -> None:
    ranking = write_bert(tmp_path / "ranking.gguf", context=128)
    world.change(replace(world.settings, reranker=str(ranking)))
    ranking.unlink()
    world.engines.ranking.close()
    found = world.library.explain("rent")
    assert found.passages
    assert all(one.why.reranked is None for one in found.passages)


def test_an_assistant_changes_the_search_model_in_the_background(
    home: Home, models: tuple[Path, Path], tmp_path: Path
) -> None:
    path = tmp_path / "rent.txt"
    path.write_text("The rent is 850 euros.", encoding="utf-8")
    with open_assistant(home) as assistant:
        events = assistant.events()
        assistant.apply(replace(assistant.settings, embedding_model=str(models[0])))
        for _ in assistant.add([path]):
            pass
        assistant.apply(replace(assistant.settings, embedding_model=str(models[1])))
        done = next(event for event in events if isinstance(event, CatchingUp) and event.done == event.total)
        assert done.total == 1
        assert assistant.library.search("rent").vectors_used
        broken = tmp_path / "broken.gguf"
        broken.write_bytes(b"GGUF")
        assistant.apply(replace(assistant.settings, embedding_model=str(broken)))
        failed = next(event for event in events if isinstance(event, ReloadFailed))
        assert failed.settings.embedding_model == str(models[1])
        assert assistant.settings.embedding_model == str(models[1])
