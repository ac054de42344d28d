# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Joins the two halves of search: reciprocal rank fusion, weighted per language."""

from collections.abc import Collection, Sequence

RANK_SHIFT = 60.0  # k of Cormack, Clarke and Büttcher (2009)

# (words, vectors) by language.
WEIGHTS = {"en": (1.0, 1.0), "ko": (1.0, 1.0)}


def fuse(
    words: Sequence[tuple[int, float]],
    vectors: Sequence[tuple[int, float]],
    language: str,
    unseen: Collection[int] = (),
) -> list[tuple[int, float]]:
    """Return (id, score) of both lists, best first; 1.0 is the score of the first in both.

    An id at rank r (from 1) of a list with weight w gets w / (k + r). Those `unseen` have no vector
    yet: their rank by words counts for both, or they would be last as long as vectors are made.
    """
    of_words, of_vectors = WEIGHTS[language]
    if not vectors:
        of_vectors = 0.0
    best = (of_words + of_vectors) / (RANK_SHIFT + 1)
    scores: dict[int, float] = {}
    for weight, ranked in ((of_words, words), (of_vectors, vectors)):
        for rank, (number, _) in enumerate(ranked, 1):
            scores[number] = scores.get(number, 0.0) + weight / (RANK_SHIFT + rank) / best
            if ranked is words and number in unseen:
                scores[number] += of_vectors / (RANK_SHIFT + rank) / best
    return sorted(scores.items(), key=lambda one: -one[1])
