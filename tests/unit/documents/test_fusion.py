# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Both halves joined, and the threshold over them."""

import pytest

from assistant.documents.fusion import Fused, fuse
from assistant.documents.support import is_supported


def order(ranked: list[Fused]) -> list[int]:
    return [one.chunk_id for one in ranked]


def test_what_both_find_comes_first() -> None:
    assert order(fuse([(1, 0.6), (2, 0.5)], [(3, 0.6), (2, 0.5)], "en"))[0] == 2


def test_the_first_of_both_with_full_scores_has_the_score_one() -> None:
    [one] = fuse([(1, 1.0)], [(1, 1.0)], "en")
    assert one.score == pytest.approx(1.0)
    assert one.of_words > one.of_meaning > 0


def test_without_vectors_the_words_decide() -> None:
    words = [(3, 0.9), (1, 0.8), (2, 0.7)]
    assert order(fuse(words, [], "ko")) == [3, 1, 2]


def test_a_weak_half_does_not_outvote_a_strong_one() -> None:
    assert order(fuse([(1, 0.9), (2, 0.1)], [(2, 0.05), (3, 0.04), (1, -0.2)], "en"))[0] == 1


def test_a_passage_whose_vector_is_not_made_yet_is_not_put_last() -> None:
    words, vectors = [(9, 0.9), (1, 0.5)], [(1, 0.7), (2, 0.6)]
    assert order(fuse(words, vectors, "en"))[0] == 1
    assert order(fuse(words, vectors, "en", unseen={9}))[0] == 9


@pytest.mark.parametrize(
    ("words", "vectors", "supported"),
    [
        ([(1, 0.5)], [(1, 0.5)], True),
        ([(1, 0.1)], [(1, 0.2)], False),
        ([], [(1, 0.9)], True),
        ([(1, 0.5)], [], True),
        ([(1, 0.2)], [], False),
        ([], [], False),
    ],
)
def test_a_passage_is_above_the_threshold_by_both_or_by_words_alone(
    words: list[tuple[int, float]], vectors: list[tuple[int, float]], supported: bool
) -> None:
    assert is_supported(words, vectors) is supported


def test_a_model_that_knows_a_language_badly_has_less_say() -> None:
    words, vectors = [(1, 0.5), (2, 0.48)], [(2, 0.9), (1, 0.2)]
    assert order(fuse(words, vectors, "en"))[0] == 2
    assert order(fuse(words, vectors, "en", strength=0.02))[0] == 1
    assert all(one.of_meaning == 0.0 for one in fuse(words, vectors, "en", strength=0.0))
