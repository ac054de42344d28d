# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Search by words: BM25 over SQLite's FTS5, for Korean and English in one query.

A question's common words cost the most and tell the least. So candidates are found by its rarest
terms, as many as a budget of postings allows, and then put in order by all of its terms.
"""
# ruff: noqa: S608 - statements are put together of our own constants and numbers; values are bound

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.database import Connection, Database
from assistant.documents.store import Scope
from assistant.full_text import any_of, query_terms

POSTINGS = 30_000  # entries of the index that one question may read
FEWEST = 3  # terms that are always asked for, however common
CANDIDATES = 100  # put in order by all terms
K1, B = 1.2, 0.75  # BM25's usual constants, as in FTS5's own bm25()


@dataclass(frozen=True)
class Term:
    """A term of the question and how many passages hold it."""

    word: str
    passages: int


@dataclass(frozen=True)
class Words:
    """What a question asks for: its terms, and how many passages the library holds."""

    terms: tuple[Term, ...]
    total: int

    def weight(self, term: Term) -> float:
        """Return the term's inverse document frequency (Robertson and Spärck Jones, floored at 0)."""
        return max(0.0, math.log((self.total - term.passages + 0.5) / (term.passages + 0.5) + 1.0))


class Lexical:
    """The full-text half of search."""

    def __init__(self, database: Database) -> None:
        """Use `database`, opened with `schema.MIGRATIONS`."""
        self._database = database

    def words(self, question: str) -> Words:
        """Look up how common the terms of a question are."""
        with self._database.read() as connection:
            total = connection.execute("SELECT count(*) FROM chunks").fetchone()[0]
            counts = [(word, _passages_with(connection, word)) for word in query_terms(question)]
        return Words(tuple(Term(word, count) for word, count in counts), total)

    def search(self, words: Words, scope: Scope, limit: int) -> list[tuple[int, float]]:
        """Return (chunk id, BM25) of the best passages in scope, best first."""
        present = [term for term in words.terms if term.passages]
        asked = _rarest(present)
        if not asked:
            return []
        statement = (
            "SELECT chunk_terms.rowid, -chunk_terms.rank FROM chunk_terms"
            " JOIN chunks ON chunks.id = chunk_terms.rowid WHERE chunk_terms MATCH ?"
            f" AND {scope.condition('chunks.content_id')} ORDER BY chunk_terms.rank LIMIT ?"
        )
        every = len(asked) == len(present)
        with self._database.read() as connection:
            found = connection.execute(
                statement, (any_of(term.word for term in asked), limit if every else max(limit, CANDIDATES))
            ).fetchall()
            return found if every else _in_order(connection, found, words, present)[:limit]


def _passages_with(connection: Connection, word: str) -> int:
    row = connection.execute("SELECT doc FROM chunk_vocabulary WHERE term = ?", (word,)).fetchone()
    return int(row[0]) if row else 0


def _rarest(terms: Sequence[Term]) -> list[Term]:
    """Return the rarest terms whose postings fit the budget, and at least FEWEST."""
    asked: list[Term] = []
    spent = 0
    for term in sorted(terms, key=lambda term: term.passages):
        spent += term.passages
        if spent > POSTINGS and len(asked) >= FEWEST:
            break
        asked.append(term)
    return asked


def _in_order(
    connection: Connection, found: Sequence[tuple[int, float]], words: Words, terms: Sequence[Term]
) -> list[tuple[int, float]]:
    """Score the candidates by all `terms` with BM25 (Robertson et al., TREC-3)."""
    weights = {term.word: words.weight(term) for term in terms}
    texts = {
        number: connection.execute("SELECT terms FROM chunk_terms WHERE rowid = ?", (number,))
        .fetchone()[0]
        .split()
        for number, _ in found
    }
    average = sum(map(len, texts.values())) / max(1, len(texts))
    scored = []
    for number, held in texts.items():
        counts = Counter(word for word in held if word in weights)
        norm = K1 * (1 - B + B * len(held) / average)
        scored.append((number, sum(weights[word] * n * (K1 + 1) / (n + norm) for word, n in counts.items())))
    return sorted(scored, key=lambda one: -one[1])
