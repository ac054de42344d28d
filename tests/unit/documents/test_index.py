# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The vector index in its process: real Chroma, real files."""

import os
import signal
from collections.abc import Iterator

import numpy as np
import pytest

from assistant.documents.index import Index
from assistant.documents.index_protocol import Expected
from assistant.errors import VectorIndexError
from assistant.paths import Home


def vectors(count: int, seed: int = 0) -> list[bytes]:
    drawn = np.random.default_rng(seed).normal(size=(count, 32)).astype("<f4")
    return [(row / np.linalg.norm(row)).tobytes() for row in drawn]


def holding(name: str, ids: list[int], of: list[bytes]) -> Expected:
    return Expected(name, len(ids), tuple(ids), tuple(of))


@pytest.fixture
def index(home: Home) -> Iterator[Index]:
    opened = Index(home.index)
    yield opened
    opened.close()


def test_finds_the_nearest_over_several_collections(index: Index) -> None:
    one, two = vectors(600), vectors(5, seed=1)
    assert index.open([])
    index.put("one", list(range(600)), one)
    index.put("two", list(range(1000, 1005)), two)
    [(number, cosine), *_] = index.nearest(["one", "two"], two[3], 5)
    assert (number, round(cosine, 3)) == (1003, 1.0)
    assert index.nearest(["one"], one[599], 1)[0][0] == 599
    assert index.nearest(["nowhere"], one[0], 1) == []


def test_what_several_collections_hold_is_found_once(index: Index) -> None:
    held = vectors(20)
    index.open([])
    index.put("one", list(range(20)), held)
    index.put("two", list(range(10)), held[:10])
    found = [number for number, _ in index.nearest(["one", "two"], held[3], 12)]
    assert len(found) == len(set(found)) == 12
    assert found[0] == 3


def test_removed_vectors_are_not_found(index: Index) -> None:
    held = vectors(10)
    index.open([])
    index.put("one", list(range(10)), held)
    index.remove("one", [3, 99])
    assert 3 not in [number for number, _ in index.nearest(["one"], held[3], 10)]
    index.drop("one")
    index.drop("one")
    assert index.nearest(["one"], held[0], 10) == []


def test_is_sound_when_opened_again(index: Index) -> None:
    held = vectors(50)
    index.open([])
    index.put("one", list(range(50)), held)
    index.close()
    assert index.open([holding("one", list(range(50)), held)])
    assert index.nearest(["one"], held[7], 1)[0][0] == 7


@pytest.mark.untraced("stops a process")
def test_a_process_that_hangs_is_asked_to_end_and_loses_nothing(index: Index, monkeypatch) -> None:
    held = vectors(10)
    index.open([])
    index.put("one", list(range(10)), held)
    os.kill(index.pid, signal.SIGSTOP)
    monkeypatch.setattr("assistant.documents.index.PATIENCE_S", 0.3)
    with pytest.raises(VectorIndexError, match="no sign of life"):
        index.nearest(["one"], held[0], 1)
    assert not index.is_open
    monkeypatch.setattr("assistant.workers.process.ENDING_S", 20.0)
    assert index.open([holding("one", list(range(10)), held)])
    assert index.nearest(["one"], held[7], 1)[0][0] == 7


def test_texts_that_stand_in_many_documents_are_no_damage(index: Index) -> None:
    held = vectors(1) * 40
    index.open([])
    index.put("one", list(range(40)), held)
    index.close()
    assert index.open([holding("one", list(range(40)), held)])


@pytest.mark.parametrize(
    "expected",
    [
        holding("one", [1, 2, 3], vectors(3)),
        holding("one", [0, 1], vectors(2, seed=9)),
        holding("elsewhere", [0, 1], vectors(2)),
    ],
    ids=["another count", "other vectors", "another collection"],
)
def test_what_it_does_not_hold_is_noticed_and_it_starts_empty(index: Index, expected: Expected) -> None:
    index.open([])
    index.put("one", [0, 1], vectors(2))
    index.close()
    assert not index.open([expected])
    assert index.trouble
    assert index.nearest(["one"], vectors(1)[0], 5) == []


def test_collections_that_nobody_knows_are_taken_out(index: Index) -> None:
    index.open([])
    index.put("one", [0, 1], vectors(2))
    index.close()
    assert index.open([])
    assert index.nearest(["one"], vectors(1)[0], 5) == []


def test_calls_before_opening_fail(index: Index) -> None:
    with pytest.raises(VectorIndexError):
        index.nearest(["one"], vectors(1)[0], 1)
    assert index.pid is None


def test_vectors_of_another_length_are_refused(index: Index) -> None:
    index.open([])
    index.put("one", [0, 1], vectors(2))
    with pytest.raises(VectorIndexError):
        index.put("one", [2], [b"\x00" * 16])
    assert not index.is_open, "whoever uses it compares again"


def test_a_second_process_is_kept_out(index: Index, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    index.open([])
    second = Index(home.index)
    try:
        with pytest.raises(VectorIndexError, match="Another Maru"):
            second.open([])
    finally:
        second.close()
    assert index.is_open
