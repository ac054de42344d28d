# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Joins the two halves of search: reciprocal rank fusion, weighted per language and by the scores."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

# Cormack, Clarke and Büttcher (2009) give each hit w / (k + rank); here each hit's score is in its share
# too. Chosen with the starter embedder on one half of XQuAD and of ClapNQ (`make eval-search`,
# `--tune`), hit@1 of words alone / k = 5 / k = 20: XQuAD's paragraphs 0.938 / 0.961 / 0.965, its whole
# articles 0.929 / 0.924 / 0.933, ClapNQ's passages 0.853 / 0.953 / 0.953.
RANK_SHIFT = 20.0

# (words, vectors) by language, for a model as strong in it as the starter is in English; a weaker one has
# less say, one that is blind in a language none. Of one that knows Korean there is no measurement yet.
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
    strength: float = 1.0,
) -> list[Fused]:
    """Join both lists of (id, score), best first.

    An id at rank r (from 1) of a list with weight w, where its score is s (0 to 1), gets w s / (k + r).
    Those `unseen` have no vector yet: their rank by words counts for both, or they would be last as
    long as vectors are made. `strength` (0 to 1) is how well the model knows the language.
    """
    of_words, of_vectors = WEIGHTS[language]
    of_vectors *= strength if vectors else 0.0
    full = (of_words + of_vectors) / (RANK_SHIFT + 1)
    fused: dict[int, Fused] = {}
    for rank, (number, score) in enumerate(words, 1):
        weight = of_words + (of_vectors if number in unseen else 0.0)
        fused[number] = Fused(number, weight * score / (RANK_SHIFT + rank) / full)
    for rank, (number, score) in enumerate(vectors, 1):
        share = of_vectors * max(0.0, score) / (RANK_SHIFT + rank) / full
        found = fused.get(number)
        fused[number] = Fused(number, found.of_words if found else 0.0, share)
    return sorted(fused.values(), key=lambda one: -one.score)
