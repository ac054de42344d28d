# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Which of the ranked chunks are shown: the same text once, not one document alone, neighbours joined.

A question that names several documents, or compares, gets something of each.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.documents.passage_store import Found
from assistant.full_text import fold, query_terms, spellings

ALIKE = 0.9  # share of words that two texts must have in common to be shown as one
FREELY = 3  # chunks of one document that are taken as they rank
CROWDED = 0.97  # what each further one counts for: another document must be close to come before it
COMPARED = 0.6  # the same, where the question compares
NAMED = 0.5  # share of the best score that a document needs to count as named: titles may be common words
JOINED = 3  # chunks that a passage may be joined of
JOIN_SHARE = 0.4  # of the best score of all, that both neighbours must have
GAP = 8  # characters of white space that may stand between neighbours

_COMPARING = re.compile(
    r"\b(?:compar\w*|differ\w*|versus|vs|both|each|between)\b|비교|차이|다른 ?점|공통|각각|둘 ?다|모두"
)

_BETWEEN_WORDS = re.compile(r"[\W_]+")


@dataclass
class Chosen:
    """A passage to be shown: a chunk, its neighbours, and the chunks that say the same elsewhere."""

    best: Found
    score: float
    chunks: list[Found]
    alike: list[Found] = field(default_factory=list)

    @property
    def start(self) -> int:
        """Where the first of its chunks begins."""
        return min(chunk.start for chunk in self.chunks)

    @property
    def end(self) -> int:
        """Where the last of them ends."""
        return max(chunk.end for chunk in self.chunks)


def choose(question: str, ranked: Sequence[tuple[Found, float]], limit: int) -> list[Chosen]:
    """Return what is shown of `ranked` (best first): of `limit` chunks at most, best first."""
    found = _without_doubles(ranked)
    chosen = _named_first(question, found, limit)
    crowded = COMPARED if _COMPARING.search(fold(question)) else CROWDED
    freely = 1 if crowded == COMPARED else FREELY
    taken = Counter(one.best.content_id for one in chosen)
    waiting = [one for one in found if one not in chosen]
    while waiting and len(chosen) < limit:
        best = max(
            waiting, key=lambda one: one.score * crowded ** max(0, taken[one.best.content_id] - freely + 1)
        )
        waiting.remove(best)
        chosen.append(best)
        taken[best.best.content_id] += 1
    return _joined(sorted(chosen, key=lambda one: -one.score))


def _without_doubles(ranked: Sequence[tuple[Found, float]]) -> list[Chosen]:
    """Return each text once, with those that say the same."""
    kept: list[tuple[Chosen, frozenset[str]]] = []
    for chunk, score in ranked:
        words = frozenset(chunk.text.split())
        for one, known in kept:
            if _alike(words, known):
                one.alike.append(chunk)
                break
        else:
            kept.append((Chosen(chunk, score, [chunk]), words))
    return [one for one, _ in kept]


def _alike(words: frozenset[str], known: frozenset[str]) -> bool:
    """Say whether two texts say the same; one other number, and they do not."""
    fewer, more = sorted((len(words), len(known)))
    if fewer < ALIKE * more:
        return False  # what differs much in length cannot have that much in common
    common = len(words & known)
    if common < ALIKE * (fewer + more - common):
        return False
    return not any(letter.isdigit() for word in words ^ known for letter in word)


def _named_first(question: str, found: Sequence[Chosen], limit: int) -> list[Chosen]:
    """Return the best of each document that the question names, where it names several."""
    asked = set(query_terms(question))
    best: dict[int, Chosen] = {}
    for one in found:
        best.setdefault(one.best.content_id, one)
    good = [one for one in best.values() if one.score >= NAMED * found[0].score]
    named = [one for one in good if _is_named(one.best.title, asked)]
    return named[:limit] if len(named) > 1 else []


def _is_named(title: str, asked: set[str]) -> bool:
    terms = set(query_terms(" ".join(_BETWEEN_WORDS.split(title))))
    for word in spellings(title.replace("_", " ")):  # "the email rules" names e-mail-rules
        if asked.issuperset(word.together):
            terms = terms.difference(word.apart).union(word.together)
        else:
            terms.difference_update(word.together)
    return bool(terms) and asked.issuperset(terms)


def _joined(chosen: Sequence[Chosen]) -> list[Chosen]:
    """Join neighbours into the better of them; `chosen` is best first."""
    kept: list[Chosen] = []
    for one in chosen:
        good = one.score >= JOIN_SHARE * chosen[0].score
        beside = (other for other in kept if good and _neighbours(other, one))
        if (other := next(beside, None)) is None:
            kept.append(one)
        else:
            other.chunks.append(one.best)
            other.alike += one.alike
    return kept


def _neighbours(better: Chosen, one: Chosen) -> bool:
    chunk = one.best
    if (better.best.content_id, better.best.place.ordinal) != (chunk.content_id, chunk.place.ordinal):
        return False
    beside = 0 <= chunk.start - better.end <= GAP or 0 <= better.start - chunk.end <= GAP
    return beside and len(better.chunks) < JOINED
