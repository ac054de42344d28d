# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Joins the two halves of search: reciprocal rank fusion, weighted per language and by the scores."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

# Cormack, Clarke and Büttcher (2009) give each hit w / (k + rank). Measured on XQuAD with the starter
# embedder, hit@1 / hit@5: words 0.945 / 0.988, vectors 0.888 / 0.982; joined by ranks alone 0.942 / 0.992
# with their k of 60, 0.949 / 0.995 at best (k = 2); with each hit's score in its share, as here,
# 0.962 / 0.997. `make bench ROW=R4` measures it again.
RANK_SHIFT = 5.0

# (words, vectors) by language. A model that is blind in a language has no say in it; of one that
# sees Korean there is no measurement yet.
WEIGHTS = {"en": (1.0, 0.85), "ko": (1.0, 0.85)}


@dataclass(frozen=True)
class Fused:
    """A chunk that either half found, and what each half gave to its score."""

    chunk_id: int
    of_words: float = 0.0
    of_meaning: float = 0.0

    @property
    def score(self) -> float:
        """1.0 is a full score and the first rank in both halves."""
        return self.of_words + self.of_meaning


def fuse(
    words: Sequence[tuple[int, float]],
    vectors: Sequence[tuple[int, float]],
    language: str,
    unseen: Collection[int] = (),
) -> list[Fused]:
    """Join both lists of (id, score), best first.

    An id at rank r (from 1) of a list with weight w, where its score is s (0 to 1), gets w s / (k + r).
    Those `unseen` have no vector yet: their rank by words counts for both, or they would be last as
    long as vectors are made.
    """
    of_words, of_vectors = WEIGHTS[language]
    if not vectors:
        of_vectors = 0.0
    full = (of_words + of_vectors) / (RANK_SHIFT + 1)
    fused: dict[int, Fused] = {}
    for rank, (number, score) in enumerate(words, 1):
        weight = of_words + (of_vectors if number in unseen else 0.0)
        fused[number] = Fused(number, weight * score / (RANK_SHIFT + rank) / full)
    for rank, (number, score) in enumerate(vectors, 1):
        share = of_vectors * max(0.0, score) / (RANK_SHIFT + rank) / full
        fused[number] = replace(fused.get(number, Fused(number)), of_meaning=share)
    return sorted(fused.values(), key=lambda one: -one.score)
