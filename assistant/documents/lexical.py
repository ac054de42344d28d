# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Search by words: BM25 over SQLite's FTS5, for Korean and English in one query.

A question's common words cost the most and tell the least. So candidates are found by its rarest
terms, as many as a budget of postings allows: where they stand most often, each as heavy as it is
rare. They are then put in order by all of its terms, by BM25 and by what share of the question stands
in the passage and in its best sentence: an answer stands in one sentence, where BM25 sees a bag of
words. FTS5's own BM25 would cost far more than both: each match times each term.
"""
# ruff: noqa: S608 - statements are put together of our own constants and numbers; values are bound

import json
import math
import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

from assistant.database import Connection, Database
from assistant.documents.conditions import set_of
from assistant.documents.store import Scope
from assistant.full_text import fold, is_syllable, query_terms, spellings, words_of

# Entries of the index that one question reads, times the root of the number of passages. KorQuAD, hit@1 /
# hit@5: among 1,204 passages 0.909 / 0.988 with 300 entries, 700 (these) or 5,000; among 10,004 with 1,000
# 0.703 / 0.907, 2,000 (these) 0.706 / 0.916, 5,000 0.710 / 0.919; with 5,000 and FTS5's own BM25, for more
# than twice the time, 0.697 / 0.909.
POSTINGS = 20
BEGINNING = 20  # terms that stand for a single syllable, at most
FEWEST = 3  # terms that are always asked for, however common
CANDIDATES = 40  # put in order by all terms
SCOPED = 100  # candidates that are looked up at once to see whether they are in scope

# Chosen on XQuAD (English) and on one quarter of KorQuAD, hit@1 / hit@5: BM25 alone 0.934 / 0.987 and
# 0.889 / 0.983; with the two shares and less weight for Korean endings 0.945 / 0.988 and 0.909 / 0.987.
# On another quarter of KorQuAD, with the words that only ask set apart: 0.920 / 0.986.
K1, B = 0.9, 0.5
IN_PASSAGE = 0.3  # weight of the share of the question that stands in the passage
IN_SENTENCE = 0.6  # and in its best sentence
ENDING = 0.5  # weight of a Korean word's last pair: as often a particle as part of the noun
APART = 0.5  # weight of the parts of a word that stands in the library as one, too: e-mail, 진 단 서
STANDING = 0.5  # share of a word's terms that must be there for it to stand in a passage
ASKING = 0.2  # weight of words that only ask: in a small library they are as rare as any other

_ASKING = frozenset(
    query_terms(
        "what who whom whose which when where why how much many long often far is are was were be been do"
        " does did can could will would shall should may must has have had a an the of in on at to for from"
        " by with and or as it its this that these those there i you he she we they my your his her our"
        " their please tell"
    )
)
_ASKING_KOREAN = re.compile(
    "(?:무엇|뭐|뭘|뭔|무슨|누구|누가|언제|어디|어느|어떤|어떻게|얼마|며칠|왜)[가-힣]*|몇(?![가-힣])"
    "|(?:이?었?는가|인가|은가|던가|[하되있없한된는은]?[나까가]요|[습입합됩]니까"
    "|알려 ?줘|알려 ?주세요)(?![가-힣])"
)
_NOUN_OF_ONE = re.compile("(?<![가-힣])[가-힣][은는이가을를의에도로만와과](?![가-힣])")
_HANGUL = re.compile("[가-힣]{3,}")


@dataclass(frozen=True)
class Term:
    """A term of the question and how many passages hold it.

    `ending`: it only ends Korean words; `asking`: it makes the sentence a question, no more; `apart`: it
    is part of a word that is asked for as one, too. `begins` are the terms that stand for a single
    syllable: they begin with it (집을 for 집).
    """

    word: str
    passages: int
    ending: bool = False
    asking: bool = False
    apart: bool = False
    begins: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Return what part of its rarity counts."""
        if self.asking:
            return ASKING
        if self.apart:
            return APART
        return ENDING if self.ending else 1.0


@dataclass(frozen=True)
class Words:
    """What a question asks for: its terms, and how many passages the library holds."""

    terms: tuple[Term, ...]
    total: int

    def weight(self, term: Term) -> float:
        """Return how much a term tells: its inverse document frequency (Robertson, Spärck Jones)."""
        held = min(term.passages, self.total)
        rarity = math.log((self.total - held + 0.5) / (held + 0.5) + 1.0)
        return rarity * term.share


class Lexical:
    """The full-text half of search."""

    def __init__(self, database: Database) -> None:
        """Use `database`, opened with `schema.MIGRATIONS`."""
        self._database = database

    def words(self, question: str) -> Words:
        """Look up how common the terms of a question are."""
        endings, asking = _endings(question), _asking(question)
        with self._database.read() as connection:
            total = connection.execute("SELECT count(*) FROM chunks").fetchone()[0]
            asked = query_terms(question)
            held = _passages_with(connection, [word for word in asked if word not in asking])
            asked, apart = _as_written(question, asked, held, asking)
            nouns = [word for word in _nouns_of_one(question, asked) if word not in asking]
            if len(nouns) < len(asked):  # beside other words a noun as it was written is enough
                nouns = [word for word in nouns if word not in held]
            begun = {word: _beginning_with(connection, word[0]) for word in nouns}
        # Counting the commonest words would cost most: half of all is near enough for them.
        terms = tuple(
            Term(word, max(1, total // 2), asking=True)
            if word in asking
            else Term(word, sum(begun[word].values()), begins=tuple(begun[word]))
            if word in begun
            else Term(word, held.get(word, 0), word in endings, apart=word in apart)
            for word in asked
        )
        return Words(terms, total)

    def search(self, words: Words, scope: Scope, limit: int) -> list[tuple[int, float]]:
        """Return (chunk id, score) of the best passages in scope, best first.

        A score is the share of what the question asks for: 1 where every term stands in one sentence.
        """
        present = [term for term in words.terms if term.passages]
        present = [term for term in present if not term.asking] or present
        if not present:
            return []
        with self._database.read() as connection:
            found = _likeliest(
                connection, _rarest(present, words.total), words, scope, max(limit, CANDIDATES)
            )
            texts = _terms_of(connection, found[:CANDIDATES], words)
        ranked = _in_order(texts, words)
        # Further down the order of the candidates is good enough.
        return (ranked + [(number, 0.0) for number in found[CANDIDATES:]])[:limit]

    def standing_in(
        self, question: str, words: Words, chunk_ids: Sequence[int]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return which words of a question stand in a passage of these chunks, as asked, and which do not.

        Words that only ask are in neither.
        """
        weights = {term.word: term.share for term in words.terms if not term.asking}
        with self._database.read() as connection:
            there = set(" ".join(_terms_of(connection, chunk_ids, words).values()).split())
        standing: list[str] = []
        missing: list[str] = []
        for word in dict.fromkeys(words_of(question)):
            terms = [term for term in query_terms(word) if term in weights]
            whole = sum(weights[term] for term in terms)
            found = sum(weights[term] for term in terms if term in there)
            if terms:
                (standing if found >= STANDING * whole else missing).append(word)
        return tuple(standing), tuple(missing)


def _nouns_of_one(question: str, asked: Sequence[str]) -> list[str]:
    """Return the terms that are one syllable, or one with a particle: 집, 집은."""
    glued = set(_NOUN_OF_ONE.findall(fold(question)))
    return [word for word in asked if is_syllable(word) or word in glued]


def _as_written(
    question: str, asked: Sequence[str], held: Container[str], asking: Container[str]
) -> tuple[list[str], set[str]]:
    """Return the terms to ask for, and which of them are parts of a word that is asked for as one, too.

    Of a word that is written in two ways, what nobody wrote is not asked for: not the one way where the
    library lacks it (as one that was indexed before it knew of it does), nor what it lacks of the other.
    """
    left_out: set[str] = set()
    apart: set[str] = set()
    for word in spellings(question):
        if all(term in held for term in word.together) and not any(term in asking for term in word.apart):
            apart.update(() if word.code else word.apart)
            left_out.update(term for term in word.apart if term not in held)
        elif not word.code:
            left_out.update(word.together)
    return [term for term in asked if term not in left_out], apart


def _endings(question: str) -> set[str]:
    """Return the pairs of syllables that only end words of the question."""
    inside: set[str] = set()
    last: set[str] = set()
    for run in _HANGUL.findall(fold(question)):
        inside.update(run[place : place + 2] for place in range(len(run) - 2))
        last.add(run[-2:])
    return last - inside


def _asking(question: str) -> set[str]:
    """Return the terms of the words that make the sentence a question."""
    korean = " ".join(_ASKING_KOREAN.findall(fold(question)))
    return {*_ASKING, *query_terms(korean)}


def _passages_with(connection: Connection, words: Sequence[str]) -> dict[str, int]:
    """Return how many passages hold each of these words, without those that none holds."""
    return dict(
        connection.execute(
            "SELECT term, doc FROM chunk_vocabulary WHERE term IN (SELECT value FROM json_each(?))",
            (json.dumps(words),),
        )
    )


def _beginning_with(connection: Connection, syllable: str) -> dict[str, int]:
    """Return the commonest terms that begin with a syllable, itself among them, and how many hold each."""
    return dict(
        connection.execute(
            "SELECT term, doc FROM chunk_vocabulary WHERE term >= ?1 AND term < ?1 || ?2"
            " ORDER BY doc DESC LIMIT ?3",
            (syllable, chr(0x10FFFF), BEGINNING),
        )
    )


def _likeliest(
    connection: Connection, terms: Sequence[Term], words: Words, scope: Scope, count: int
) -> list[int]:
    """Return up to `count` chunks in scope, best first: by how often these terms stand there."""
    weighed: dict[int, float] = {}
    for term in terms:
        weight = words.weight(term)
        for word in term.begins or (term.word,):
            rows = connection.execute("SELECT doc FROM chunk_instances WHERE term = ?", (word,)).fetchall()
            for (number,) in rows:
                weighed[number] = weighed.get(number, 0.0) + weight
    ranked = sorted(weighed, key=weighed.__getitem__, reverse=True)
    found: list[int] = []
    for start in range(0, len(ranked), SCOPED):
        found += _in_scope(connection, ranked[start : start + SCOPED], scope)
        if len(found) >= count:
            break
    return found[:count]


def _in_scope(connection: Connection, chunk_ids: Sequence[int], scope: Scope) -> list[int]:
    """Return those of these chunks that are in scope, in their order."""
    rows = connection.execute(
        f"SELECT id FROM chunks WHERE id IN {set_of(chunk_ids)} AND {scope.condition('chunks.content_id')}"
    ).fetchall()
    there = {row[0] for row in rows}
    return [one for one in chunk_ids if one in there]


def _terms_of(connection: Connection, chunk_ids: Sequence[int], words: Words) -> dict[int, str]:
    """Return what chunks hold, with the question's syllables in place of what begins with them."""
    rows = connection.execute(f"SELECT rowid, terms FROM chunk_terms WHERE rowid IN {set_of(chunk_ids)}")
    terms = dict(rows.fetchall())
    for term in words.terms:
        for begun in term.begins:
            standing = re.compile(f"(?<![^ \\n]){re.escape(begun)}(?![^ \\n])")
            terms = {number: standing.sub(term.word, held) for number, held in terms.items()}
    return {one: terms[one] for one in chunk_ids if one in terms}


def _rarest(terms: Sequence[Term], total: int) -> list[Term]:
    """Return the rarest terms whose postings fit the budget of a library of `total` passages, and FEWEST."""
    budget = POSTINGS * math.sqrt(total)
    asked: list[Term] = []
    for term in sorted(terms, key=lambda term: term.passages):
        budget -= term.passages
        if budget < 0 and len(asked) >= FEWEST:
            break
        asked.append(term)
    return asked


def _in_order(texts: dict[int, str], words: Words) -> list[tuple[int, float]]:
    """Score passages, given as their terms with a sentence a line, by all terms of the question."""
    weights = {term.word: words.weight(term) for term in words.terms}
    lengths = {number: terms.count(" ") + 1 for number, terms in texts.items()}
    average = sum(lengths.values()) / max(1, len(lengths))
    most = sum(weights.values()) * (K1 + 1 + IN_PASSAGE + IN_SENTENCE)
    scored = []
    for number, terms in texts.items():
        norm = K1 * (1 - B + B * lengths[number] / average)
        scored.append((number, _score(terms, weights, norm) / most))
    return sorted(scored, key=lambda one: -one[1])


def _score(terms: str, weights: dict[str, float], norm: float) -> float:
    counts: dict[str, int] = {}
    best = 0.0
    for sentence in terms.split("\n"):
        if standing := list(filter(weights.__contains__, sentence.split(" "))):
            best = max(best, sum([weights[word] for word in set(standing)]))
            for word in standing:
                counts[word] = counts.get(word, 0) + 1
    bm25 = sum([weights[word] * n * (K1 + 1) / (n + norm) for word, n in counts.items()])
    return bm25 + IN_PASSAGE * sum([weights[word] for word in counts]) + IN_SENTENCE * best
