# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Whether a text supports a claim: numbers, names and words compared, and of whom it is said.

A number proves nothing by itself: it must stand in a sentence that also speaks of what is claimed. "The
deposit is 850" is no more supported by "The rent is 850. The deposit is 1,700" than "The rent is 900".
"""

import re
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass, field, replace
from functools import lru_cache

from assistant.full_text import index_terms, spellings
from assistant.parties import of_another, parties, without_parties
from assistant.sentences import spans, unwrapped

WORDS_THRESHOLD = 0.5
"""Least weighted share of a claim's words that a passage must hold."""

NAME_MISSING_THRESHOLD = 0.75
"""The same where a name of the claim stands nowhere in the passage."""

NUMBER_THRESHOLD = 0.55
"""Least share of the words around a number that the sentence with this number must hold."""

QUESTION_THRESHOLD = 0.75
"""The same for the words of the question, where the answer says little beside the number."""

NEARLY = 0.2
"""Sentences whose share of a claim's words is so near to the best one's may be meant as well."""

NAME_WEIGHT = 2.0
LEAST_LETTERS = 2

_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_DIALLED = re.compile(r"(?:82-|0)([1-9]\d?)-(\d{3,4})-(\d{4})")
_HYPHEN = re.compile("[A-Za-z][-‐‑‒–−][A-Za-z]")
_NAME = re.compile(r"(?<!^)(?<![.!?]\s)\b[A-Z][a-z]+(?:-[A-Z]?[a-z]+)*\b")
# Not at the comma of "March 31, 2027".
_CLAUSE = re.compile(r"(?:,\s(?!\d{4}\b)|;\s)|\s(?:and|but|or|while)\s|(?<=[고며나])\s")


def _stems(words: str) -> frozenset[str]:
    return frozenset(index_terms(words).split())


_STOP_WORDS = _stems(
    """a an and are as at be been by can do does for from had has have he her his how i if in is it its may
    me much many my no not of on or our she should so such than that the their them then there these they
    this those to us was we were what when where which who will with would yes you your
    according answer based document documents following passage passages provided states"""
)
# What stands beside every amount says nothing about which one it is.
_UNITS = _stems("usd dollar dollars eur euro euros krw won gbp pound pounds percent per total amount is 원")
# Endings of Korean sentences and particles, as the bigrams that full text makes of them.
_KOREAN_STOP = frozenset(
    """니다 습니 입니 있습 합니 됩니 하는 하며 하여 에서 으로 에게 이며
    이다 한다 된다 있는 있다 그리 리고 또한 원입 원이 얼마 마입 니까
    할수 볼수 될수 알수 수있 수없 그후 그때 이때 그외""".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Terms:
    """What a text says: weighted words, and numbers in one spelling.

    `joined` has, for the parts of a word with a hyphen, the same word without (ordin: coordin).
    """

    words: dict[str, float]
    numbers: frozenset[str]
    joined: dict[str, str] = field(default_factory=dict)

    def share_in(self, other: "Terms") -> float:
        """Return the weighted share of these words that `other` holds, 0 to 1; 0 without words."""
        total = sum(self.words.values())
        shared = sum(weight for word, weight in self.words.items() if self.has_in(other, word))
        return shared / total if total else 0.0

    def has_in(self, other: "Terms", word: str) -> bool:
        """Say whether one of these words stands in `other`, with or without its hyphen."""
        if word in other.words or not (self.joined or other.joined):
            return word in other.words
        spelled = {word, self.joined.get(word, word)}
        return not spelled.isdisjoint(other.words) or not spelled.isdisjoint(other.joined.values())

    def found_by(self) -> set[str]:
        """Return every word and number by which this is found."""
        return {*self.words, *self.joined.values(), *self.numbers}


@lru_cache(maxsize=4096)
def terms(text: str) -> Terms:
    """Return what `text` says, without the words that say nothing."""
    numbers = frozenset(_same_number(match.group()) for match in _NUMBER.finditer(text))
    names = {word for name in _NAME.findall(text) for word in index_terms(name).split()}
    words: dict[str, float] = {}
    for word in index_terms(text).split():
        if word in _STOP_WORDS or word in _KOREAN_STOP or len(word) < LEAST_LETTERS or word[0].isdigit():
            continue
        words[word] = NAME_WEIGHT if word in names else 1.0
    joined = _joined(text, words)
    for word in joined.values():
        words.pop(word, None)
    return Terms(words, numbers, joined)


def _joined(text: str, words: Container[str]) -> dict[str, str]:
    """Return the word without its hyphen for those of `words` that are parts of one."""
    if not _HYPHEN.search(text):
        return {}
    return {
        part: word.together[0]
        for word in spellings(text)
        if word.hyphened
        for part in word.apart
        if part in words
    }


def support(claim: str, text: str, heading: str = "", question: str = "") -> float:
    """Return how well `text` (under `heading`) supports `claim`, 0 to 1; 0 is "not at all".

    `question` is what the claim answers: an answer such as "850." says little by itself.
    """
    said, held = terms(claim), terms(f"{heading}\n{text}")
    if not said.numbers <= held.numbers:
        return 0.0
    if not all(_number_holds(clause, text, heading, question) for clause in _clauses(claim)):
        return 0.0
    telling = _without_units(said)
    if not telling.words:
        return 1.0 if said.numbers else 0.0
    share = telling.share_in(held)
    names = (word for word, weight in said.words.items() if weight == NAME_WEIGHT)
    named = all(said.has_in(held, name) for name in names)
    if share < (WORDS_THRESHOLD if named else NAME_MISSING_THRESHOLD):
        return 0.0
    return 0.0 if _of_another(claim, text, question) else share


def closest(wanted: Terms, text: str) -> tuple[int, int]:
    """Return the span of the sentence of `text` that holds the most of `wanted`, numbers first.

    A word that many sentences hold, what the document is about, says little about which one is meant.
    """
    best, best_score = (0, len(text)), -1.0
    sentences = [(start, end, terms(text[start:end])) for start, end in spans(unwrapped(text))]
    often = Counter(word for _, _, held in sentences for word in held.words)
    for start, end, held in sentences:
        shared = (word for word in wanted.words if wanted.has_in(held, word))
        score = sum(wanted.words[word] / max(1, often[word]) for word in shared)
        score += 2 * sum(wanted.words.values()) * bool(wanted.numbers & held.numbers)
        if score > best_score:
            best, best_score = (start, end), score
    return best


def _clauses(claim: str) -> list[Terms]:
    """Return the parts of a claim that hold numbers; one that is a bare number speaks for the whole."""
    whole = terms(claim)
    parts = [terms(part) for part in _CLAUSE.split(claim)]
    return [replace(part if part.words else whole, numbers=part.numbers) for part in parts if part.numbers]


def _number_holds(clause: Terms, text: str, heading: str, question: str) -> bool:
    """Say whether a sentence of `text` holds the clause's numbers and speaks of the same thing."""
    telling, asked = _without_units(clause), _without_units(terms(question))
    above = terms(heading)
    for start, end in spans(unwrapped(text)):
        held = terms(text[start:end])
        if not clause.numbers <= held.numbers or _belongs_elsewhere(telling, text[start:end]):
            continue
        around = Terms(held.words | above.words, held.numbers, held.joined | above.joined)
        if telling.words and telling.share_in(around) >= NUMBER_THRESHOLD:
            return True
        if asked.share_in(around) >= QUESTION_THRESHOLD:
            return True
        if not telling.words and not asked.words:
            return True
    return False


def _belongs_elsewhere(said: Terms, sentence: str) -> bool:
    """Say whether another number of `sentence` fits better: "a ride costs 5, a day ticket 12"."""
    parts = [part for part in map(terms, _CLAUSE.split(sentence)) if part.numbers]
    own = max((said.share_in(part) for part in parts if part.numbers & said.numbers), default=0.0)
    other = max((said.share_in(part) for part in parts if not part.numbers & said.numbers), default=0.0)
    return other > own


def _of_another(claim: str, text: str, question: str) -> bool:
    """Say whether what `claim` says of somebody stands in `text`, but of somebody else."""
    for part in _CLAUSE.split(claim):
        if not parties(part, text):
            continue
        said = terms(without_parties(part, text))
        bare = not said.words
        if bare:
            said = terms(without_parties(claim, text)) if part != claim else terms(question)
        held = [text[start:end] for start, end in spans(unwrapped(text))]
        shares = [said.share_in(terms(sentence)) for sentence in held]
        least = max([WORDS_THRESHOLD, *(share - NEARLY for share in shares)])
        telling = [one for one, share in zip(held, shares, strict=True) if share >= least]
        if telling and all(of_another(part, one, bare=bare) for one in telling):
            return True
    return False


def _without_units(said: Terms) -> Terms:
    return replace(said, words={word: weight for word, weight in said.words.items() if word not in _UNITS})


def _same_number(spelled: str) -> str:
    """Return one spelling for 1,700 and 1700 and 1,700.00; dates and times stay as they are.

    And one for a Korean telephone number, dialled at home and from abroad.
    """
    if dialled := _DIALLED.fullmatch(spelled):
        return "0" + "".join(dialled.groups())
    plain = spelled.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", spelled) else spelled
    return plain.rstrip("0").rstrip(".") if re.fullmatch(r"\d+\.0+", plain) else plain
