# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Vectors that the index lacks are put into it once each, over an index that only counts."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest

from assistant.database import Database
from assistant.documents import dense
from assistant.documents.dense import Dense
from assistant.documents.index import Index
from assistant.documents.library import Library
from assistant.documents.store import Scope
from assistant.documents.vector_store import VectorStore
from tests.fakes import HashEmbedder, LineReader

LINES = [f"apple number {number}" for number in range(40)]


class CountingIndex:
    """Takes what is put in, and has lost all of it when it is opened."""

    def __init__(self) -> None:
        self.is_open = False
        self.put_in: list[list[int]] = []

    def open(self, expected: object) -> bool:
        self.is_open = True
        return False

    def put(self, collection: str, ids: Sequence[int], vectors: Sequence[bytes]) -> None:
        assert len(ids) == len(vectors)
        self.put_in.append(list(ids))

    def nearest(self, collections: Sequence[str], vector: bytes, limit: int) -> list[tuple[int, float]]:
        return []


@pytest.fixture
def index() -> CountingIndex:
    return CountingIndex()


@pytest.fixture
def store(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VectorStore:
    """40 vectors, put into the index by seven."""
    monkeypatch.setattr(dense, "BATCH", 7)
    path = tmp_path / "apples.txt"
    path.write_text("\n".join(LINES), encoding="utf-8")
    library = Library(database, LineReader(), HashEmbedder(), None)
    for _ in library.add([path]):
        pass
    return VectorStore(database)


def test_what_the_index_lacks_is_looked_for_once_and_put_in_once(
    store: VectorStore, index: CountingIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []
    to_index = store.to_index

    def counted(*of: object) -> Sequence[int]:
        looked.append(1)
        return to_index(*of)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "to_index", counted)
    following = Dense(store, HashEmbedder(), cast(Index, index))
    following.follow()
    assert [len(ids) for ids in index.put_in] == [7, 7, 7, 7, 7, 5]
    assert len({number for ids in index.put_in for number in ids}) == len(LINES)
    # Once to come into step, once for what was made meanwhile: after each batch it would go over all again.
    assert len(looked) == 2
    following.follow()
    assert len(index.put_in) == 6, "it is in step"


def test_a_search_puts_in_a_part_and_answers_by_comparing(
    store: VectorStore, index: CountingIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dense, "AT_ONCE", 10)
    lagging = Dense(store, HashEmbedder(), cast(Index, index))
    found = lagging.nearest(LINES[3], Scope(), 1)
    assert (len(index.put_in), len(found)) == (2, 1)
    lagging.follow()
    assert len({number for ids in index.put_in for number in ids}) == len(LINES)
