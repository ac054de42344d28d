# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The path of a search: by words and by meaning, joined, put in order, chosen; and why it came so.

A question is searched unmasked, on the user's own machine: masking an index ruins retrieval.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.database import Database
from assistant.documents.dense import Dense
from assistant.documents.explaining import Explained, Meaning, Ranked, Why
from assistant.documents.fusion import Fused, fuse
from assistant.documents.lexical import Lexical, Words
from assistant.documents.passage_store import Found, PassageStore
from assistant.documents.selecting import Chosen, choose
from assistant.documents.store import Scope, Store
from assistant.documents.support import is_supported
from assistant.documents.walk import absolute
from assistant.errors import DatabaseError, MaruError, VectorIndexError
from assistant.passages import Elsewhere, Passage, Passages
from assistant.texts import language_of

CANDIDATES = 50  # that each half of search offers
RERANKED = 20  # that a reranker reads: a second or two where it is small
ELSEWHERE = 20  # other places of a passage that are named

Rerank = Callable[[str, Sequence[str]], Sequence[float]]
"""How well each text answers the question, higher is better. Raises MaruError."""


@dataclass(frozen=True)
class Look:
    """What one search found before anything was chosen, best first; `reranked` by chunk id."""

    question: str
    scope: Scope
    within: tuple[Path, ...] | None
    words: Words
    by_words: Sequence[tuple[int, float]]
    by_meaning: Sequence[tuple[int, float]]
    meaning: Meaning
    fused: Sequence[Fused]
    reranked: dict[int, float] = field(default_factory=dict)

    def ranking(self) -> list[tuple[int, float]]:
        """Return (chunk id, score) in the order that counts."""
        if not self.reranked:
            return [(one.chunk_id, one.score) for one in self.fused]
        scores = {number: 1 / (1 + math.exp(-score)) for number, score in self.reranked.items()}
        lowest = min(scores.values())
        ranked = ((one.chunk_id, scores.get(one.chunk_id, lowest * one.score)) for one in self.fused)
        return sorted(ranked, key=lambda one: -one[1])


class Searcher:
    """Finds passages. Every method may be called from any thread and raises DatabaseError."""

    def __init__(self, database: Database, dense: Dense, rerank: Rerank | None = None) -> None:
        """Use `database`, opened with `schema.MIGRATIONS`."""
        self._store = Store(database)
        self._passages = PassageStore(database)
        self._lexical = Lexical(database)
        self._dense = dense
        self.rerank = rerank

    def search(
        self,
        question: str,
        collections: Sequence[str] | None = None,
        limit: int = 8,
        within: Sequence[Path] | None = None,
    ) -> Passages:
        """Return the best passages for a question: of `limit` chunks at most, neighbours joined.

        In all collections (None) or in those named; `within` narrows it to these files and folders.
        """
        look = self.look(question, collections, limit, within)
        shown = tuple(self._passage(one, look) for one in self.chosen(look, limit))
        supported = self._supported(look, shown)
        return Passages(shown, supported, look.meaning.had_say, look.meaning.rebuilding)

    def explain(
        self,
        question: str,
        collections: Sequence[str] | None = None,
        limit: int = 8,
        within: Sequence[Path] | None = None,
    ) -> Explained:
        """Return what `search` does, with both scores and why each passage ranks where it does."""
        look = self.look(question, collections, limit, within)
        chosen = self.chosen(look, limit)
        ranked = tuple(
            Ranked(rank, self._passage(one, look), self.why(look, one.best.chunk_id, one.chunks))
            for rank, one in enumerate(chosen, 1)
        )
        shown = tuple(one.passage for one in ranked)
        return Explained(question, ranked, self._supported(look, shown), look.meaning)

    def look(
        self,
        question: str,
        collections: Sequence[str] | None = None,
        limit: int = 8,
        within: Sequence[Path] | None = None,
    ) -> Look:
        """Return both halves and their union, in order."""
        inside = None if within is None else tuple(absolute(path) for path in within)
        return self.look_in(question, self._store.scope(collections, inside), inside, limit)

    def look_in(
        self, question: str, scope: Scope, within: tuple[Path, ...] | None = None, limit: int = 8
    ) -> Look:
        """Return both halves and their union, in a scope."""
        offered = max(CANDIDATES, limit)
        words = self._lexical.words(question)
        by_words = self._lexical.search(words, scope, offered)
        by_meaning, meaning = self._by_meaning(question, scope, offered)
        unseen = self._dense.without([number for number, _ in by_words]) if by_meaning else ()
        language = language_of(question)
        strength = self._dense.strength(language) if by_meaning else 0.0
        fused = fuse(by_words, by_meaning, language, unseen, strength)
        look = Look(question, scope, within, words, by_words, by_meaning, meaning, fused)
        return replace(look, reranked=self._reranked(look)) if self.rerank and fused else look

    def chosen(self, look: Look, limit: int) -> list[Chosen]:
        """Return what is shown of a look, best first."""
        ranking = look.ranking()
        found: list[tuple[Found, float]] = []
        chosen: list[Chosen] = []
        step = limit + 8
        for start in range(0, len(ranking), step):  # further down where much of it is the same
            scores = dict(ranking[start : start + step])
            some = self._passages.found(list(scores), look.scope, look.within)
            found += [(one, scores[one.chunk_id]) for one in some]
            chosen = choose(look.question, found, limit)
            if sum(len(one.chunks) for one in chosen) >= limit:
                break
        return chosen

    def why(self, look: Look, chunk_id: int, joined: Sequence[Found] = ()) -> Why:
        """Return why a chunk ranks where it does; which words stand in it, or in what it was joined to."""
        words, words_rank = _place(look.by_words, chunk_id)
        cosine, cosine_rank = _place(look.by_meaning, chunk_id)
        fused = next((one for one in look.fused if one.chunk_id == chunk_id), Fused(chunk_id))
        passage = [one.chunk_id for one in joined] or [chunk_id]
        terms, missing = self._lexical.standing_in(look.question, look.words, passage)
        return Why(
            words,
            words_rank,
            cosine,
            cosine_rank,
            round(fused.of_words, 6),
            round(fused.of_meaning, 6),
            terms,
            missing,
            look.reranked.get(chunk_id),
        )

    def _by_meaning(self, question: str, scope: Scope, limit: int) -> tuple[list[tuple[int, float]], Meaning]:
        try:
            if not self._dense.has_embedder:
                return [], Meaning.NONE
            if not self._dense.sees(question):
                return [], Meaning.BLIND
            nearest = self._dense.nearest(question, scope, limit)
        except DatabaseError:
            raise
        except VectorIndexError:
            return [], Meaning.TEXT_ONLY
        except MaruError:  # the embedding engine is away: the words are still there
            return [], Meaning.AWAY
        used = Meaning.COMPARED if self._dense.rebuilding and scope.contents is None else Meaning.USED
        return nearest, used if nearest else Meaning.NONE

    def _reranked(self, look: Look) -> dict[int, float]:
        """Return what the reranker gives to the first; nothing where it cannot be had."""
        first = [one.chunk_id for one in look.fused[:RERANKED]]
        found = self._passages.found(first, look.scope, look.within)
        texts = ["\n".join(filter(None, (one.title, one.heading, one.text))) for one in found]
        try:
            scores = self.rerank(look.question, texts) if self.rerank else ()
        except DatabaseError:
            raise
        except MaruError:
            return {}
        return {one.chunk_id: score for one, score in zip(found, scores, strict=False)}

    def _supported(self, look: Look, shown: Sequence[Passage]) -> bool:
        return bool(shown) and is_supported(look.by_words, look.by_meaning)

    def _passage(self, chosen: Chosen, look: Look) -> Passage:
        best = chosen.best
        if len(chosen.chunks) > 1:
            place = best.content_id, best.place.ordinal, chosen.start, chosen.end
            best = replace(best, start=chosen.start, end=chosen.end, text=self._passages.between(*place))
        copies = self._passages.documents(best.content_id, look.scope, look.within, ELSEWHERE + 1)[1:]
        also: list[Elsewhere] = [replace(best, document=path).elsewhere() for path in copies]
        also += [one.elsewhere() for one in chosen.alike]
        return replace(best.passage(tuple(also[:ELSEWHERE])), score=round(chosen.score, 6))


def _place(ranked: Sequence[tuple[int, float]], chunk_id: int) -> tuple[float | None, int | None]:
    """Return the score and the rank, from 1, of a chunk; None where it is not among them."""
    for rank, (number, score) in enumerate(ranked, 1):
        if number == chunk_id:
            return round(score, 6), rank
    return None, None
