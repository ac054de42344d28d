# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Names of people written in Latin letters.

Every run of words with capitals is looked at once. A title, a salutation, a label or a signature makes
what follows a name; otherwise it must hold a given name or a family name that many people have, and
nothing that makes it a street, a company or a month. Titles stay outside the span.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.entities import EntityType, Evidence
from assistant.privacy.names_latin_context import ANNOUNCED, LABELLED, SALUTES, TITLES, speaks
from assistant.privacy.names_latin_context import announced as announced_by
from assistant.privacy.names_latin_words import FAMILY_NAMES, GIVEN_NAMES, KOREAN_FAMILY_NAMES
from assistant.privacy.spans import Span
from assistant.privacy.words_latin import NO_NAMES, PLACES_BEGIN, WORDS_TOO

_KNOWN, _HALF_KNOWN, _ALONE = 0.8, 0.6, 0.55
_MOST = 4  # words of a name

_UPPER = "A-Z" + "".join(chr(code) for code in range(0xC0, 0x180) if chr(code).isupper())
_LETTER = "a-zA-Z\u00c0-\u024f"
_REST = rf"[{_LETTER}'\u2019]*+(?:-[{_LETTER}]++)*+\.?"
_LINK = r"(?:(?:van|von|de|da|di|del|der|den|dos|la|le|bin|al) ){0,2}"
_RUN = re.compile(rf"[{_UPPER}](?<![{_LETTER}0-9_@/.\-].){_REST}(?: {{1,2}}{_LINK}[{_UPPER}]{_REST}){{0,9}}+")
_TOKEN = re.compile("[^ ]++")
_MARKS = re.compile(r"[.-]|['\u2019]s?(?= |$)")
_INITIAL = re.compile(rf" (?:[{_UPPER}]\.|[D-HJ-UWYZ]) ")

_IN_SMALL_LETTERS = re.compile(r"name is ([a-z]{2,20}(?: [a-z']{2,20})?)(?![a-z@])")
_SHORT = 3

_OF_A_THING = re.compile(r" (?:[0-9]|& |and Sons)|-[0-9]")
_TELLING = GIVEN_NAMES | FAMILY_NAMES | TITLES | SALUTES


@dataclass(frozen=True)
class _Word:
    """One word of a run, without what sticks to it: its place in the text, and how the lists spell it."""

    text: str
    start: int
    key: str
    given: str  # the first of two that a hyphen joins

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def latin_names(folded: str) -> Iterator[Span]:
    """Yield the names in Latin letters in a folded text, in order."""
    for found in _RUN.finditer(folded):
        lower = found[0].lower()
        if lower in NO_NAMES:
            continue
        announced, told = announced_by(folded, found.start())
        known = not _TELLING.isdisjoint(_MARKS.sub(" ", lower).split())
        if not known and not told and " " not in lower:
            continue
        told = told or speaks(folded, found.end()) or _INITIAL.search(found[0]) is not None
        if known or told:
            yield from _names_in_run(folded, found, announced, told)
    for found in _IN_SMALL_LETTERS.finditer(folded):
        first, *more = found[1].split(" ")
        if first in GIVEN_NAMES and first not in WORDS_TOO:
            whole = more and (more[0] in FAMILY_NAMES or len(more[0]) > _SHORT) and more[0] not in NO_NAMES
            end = found.end(1) if whole else found.start(1) + len(first)
            yield Span(EntityType.PERSON, found.start(1), end, ANNOUNCED, Evidence.CONTEXT)


def _names_in_run(text: str, found: re.Match[str], announced: float, told: bool) -> Iterator[Span]:
    start = found.start()
    if text[start - 1 : start] == " " and text[start - 2 : start - 1].isdigit():
        return  # of a street: "52 Rua Joaquim"
    words = [_word(token[0], start + token.start()) for token in _TOKEN.finditer(found[0])]
    for part in _sentences(words):
        yield from _names_in(text, part, announced, told)
        announced, told = 0.0, False


def _word(token: str, start: int) -> _Word:
    """Return a word without the dot or the possessive behind it."""
    plain = token.rstrip(".")
    for possessive in ("'s", "\u2019s", "'", "\u2019"):
        plain = plain.removesuffix(possessive)
    key = plain.lower()
    return _Word(plain, start, key, key.partition("-")[0])


def _sentences(words: Sequence[_Word]) -> Iterator[Sequence[_Word]]:
    """Part the words where something stands between them: a full stop, or a possessive."""
    first = 0
    for at, (word, following) in enumerate(pairwise(words)):
        if following.start - word.end > 1 and len(word.text) > 1 and word.key not in TITLES:
            yield words[first : at + 1]
            first = at + 1
    yield words[first:]


def _names_in(text: str, words: Sequence[_Word], announced: float, told: bool) -> Iterator[Span]:
    """Yield the names among words of one sentence; titles and words that are no names part them."""
    at = 0
    while at < len(words):
        if words[at].key in TITLES or words[at].key in SALUTES:
            announced = ANNOUNCED
            at += 1
            continue
        end = at
        while end < len(words) and end - at < _MOST and _belongs(words, at, end):
            end += 1
        group = words[at:end]
        of_a_place = at > 0 and words[at - 1].key in PLACES_BEGIN
        of_a_thing = of_a_place or end < len(words) or (group and _OF_A_THING.match(text, group[-1].end))
        if group and (announced or not of_a_thing) and (span := _judged(group, announced, told)):
            yield span
        announced, told = 0.0, False
        at = max(end, at + 1)


def _judged(group: Sequence[_Word], announced: float, told: bool) -> Span | None:
    """Return the name in a group of words with capitals, or None."""
    last = group[-1]
    known = any(word.given in GIVEN_NAMES or word.key in FAMILY_NAMES for word in group)
    if announced and len(group[0].text) > 1 and (announced > LABELLED or known or len(group) > 1):
        return _span(group, announced, Evidence.CONTEXT)
    for at, word in enumerate(group):
        behind = group[at + 1 :]
        if word.given in GIVEN_NAMES and behind and _fits(word, behind):
            return _span(group[at:], _KNOWN)
    if len(group) == 1:
        alone = last.given in GIVEN_NAMES and (told or last.key not in WORDS_TOO) and _cased(last)
        return _span(group, _ALONE) if alone else None
    if group[0].key in KOREAN_FAMILY_NAMES and "-" in group[1].text:
        return _span(group[:2], _KNOWN)
    if not all(_cased(word) for word in group):
        return None
    if told:
        return _span(group, _HALF_KNOWN, Evidence.CONTEXT)
    if last.key in FAMILY_NAMES and last.key not in WORDS_TOO:
        return _span(group[-2:] if len(group[-2].text) > 1 else group[-3:], _HALF_KNOWN)
    return None


def _belongs(words: Sequence[_Word], first: int, at: int) -> bool:
    """Say whether the word at `at` can be of the name that begins at `first`."""
    key = words[at].key
    if key not in NO_NAMES:
        return True
    if at == first:
        return False
    closes = at == len(words) - 1 and key in FAMILY_NAMES  # "Michael Hall"
    given = words[at - 1].key
    return (len(key) == 1 and key != "a") or (closes and given in GIVEN_NAMES and given not in WORDS_TOO)


def _cased(word: _Word) -> bool:
    """Say whether a word has capitals as names have them: not "NASA", not "LoRA"."""
    return len(word.text) == 1 or word.text[1:].islower() or not word.text[-2:].isupper()


def _fits(given: _Word, behind: Sequence[_Word]) -> bool:
    """Say whether what stands behind a given name can be the rest of the name."""
    family = behind[-1]
    if given.key in WORDS_TOO or given.text.isupper() or family.text.isupper():
        return family.key in FAMILY_NAMES
    return len(family.text) > 1


def _span(group: Sequence[_Word], score: float, evidence: Evidence = Evidence.SHAPE) -> Span:
    return Span(EntityType.PERSON, group[0].start, group[-1].end, score, evidence)
