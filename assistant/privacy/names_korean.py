# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Names of people written in Hangul.

A name is a family name and mostly two more syllables that are common in given names. What stands around
it decides: a title ("김민수 과장이"), a form of address ("이서연님"), a label ("담당자: 박지훈"), or no more
than a particle, and then the syllables must speak clearly. Titles and particles stay outside the span.
"""

import re
from collections.abc import Iterator

from assistant.entities import EntityType, Evidence
from assistant.privacy.names_korean_words import (
    AFTER_CONSONANT,
    AFTER_VOWEL,
    DOUBLE_FAMILY_NAMES,
    FAMILY_NAMES,
    FIRST_SYLLABLES,
    LABELS,
    PARTICLES,
    PEOPLE,
    SECOND_SYLLABLES,
    THIS_AND_THAT,
    TITLES,
)
from assistant.privacy.spans import Span
from assistant.privacy.words_korean import NO_GIVEN_NAMES, NO_NAMES, NO_NAMES_OF_TWO

_LABELLED, _ADDRESSED, _TITLED, _ALONE = 0.9, 0.9, 0.85, 0.6
_CLEAR, _LIKELY, _POSSIBLE = 6, 5, 3  # what the syllables must weigh: alone, beside a title, after a label

_FIRST = "".join({*FAMILY_NAMES, *(name[0] for name in DOUBLE_FAMILY_NAMES)})
_WORD = re.compile(rf"[{_FIRST}](?<![가-힣A-Za-z0-9].)[가-힣]{{0,15}}+")
_PARTICLE = f"(?:{'|'.join(sorted(PARTICLES, key=len, reverse=True))})?(?![가-힣])"
_ANY_TITLE = f"(?:{'|'.join(sorted(TITLES, key=len, reverse=True))})님?들?{_PARTICLE}"
_OF_ADDRESS = re.compile(
    rf" ?(?:모 ?)?(?:\([0-9]{{1,2}}(?:세|살)?[^)\n]{{0,6}}\) ?)?(?:씨|님|군|양|옹)들?{_PARTICLE}"
)
# "김민수 과장", "김민수과장", "김민수 영업 팀장", "김민수 서울시 전 부시장"
_TITLE = re.compile(
    rf" ?(?:(?<= )(?:[가-힣]{{1,7}} )?(?:前|전|현|신임) ?)?(?:(?<= )[가-힣]{{1,4}} ?)?{_ANY_TITLE}"
)
_RANK = re.compile(f" {_ANY_TITLE}")
_SYLLABLE_0, _FINALS, _RIEUL = ord("가"), 28, 8
_NUMBER_IN_BRACKETS = re.compile(r" ?\((?:[0-9]|[공일이삼사오육칠팔구]{3})")
_OF_PLACES = frozenset("동구리군읍면로길시도")
_BEHIND_PLACES = frozenset(f"{place} " for place in "시도구군읍면")
_BEHIND_WORDS = frozenset("은는이가을를의에도로만와과들적하한된할해인했")
_LABEL = 14  # code points of a label and what parts it from the name
_ANNOUNCING = tuple(
    name + particle
    for name in ("이름", "성함", "성명", "본명", "명의", "담당자", "예금주", "대표자", "신청인", "환자")
    for particle in "은는이가"
)
_LABEL_ENDS = frozenset(label[-1] for label in (*LABELS, *PEOPLE, *_ANNOUNCING))


def korean_names(folded: str) -> Iterator[Span]:
    """Yield the Korean names in a folded text, in order."""
    for found in _WORD.finditer(folded):
        word, start = found[0], found.start()
        if span := _name_in(folded, start, word):
            yield span


def _name_in(text: str, start: int, word: str) -> Span | None:
    """Return the name at the beginning of a word of Hangul, or None."""
    family = 2 if word[:2] in DOUBLE_FAMILY_NAMES and len(word) > 2 else 1
    if len(word) == 1:
        return _family_name(text, start, start + 1)
    for given in (2, 1) if word[0] in FAMILY_NAMES or family == 2 else ():
        if len(word) >= family + given and (judged := _judged(text, start, word, family, family + given)):
            score, evidence = judged
            return Span(EntityType.PERSON, start, start + family + given, score, evidence)
    if word[1] == "씨":
        return _family_name(text, start, start + 1)
    return None


def _judged(text: str, start: int, word: str, family: int, length: int) -> tuple[float, Evidence] | None:
    """Return score and evidence of the name of `length` syllables at `start`, or None where it is none."""
    weight = _weight(word, family, length)
    if weight < _POSSIBLE or word[:3] in NO_NAMES or word[1:3] in NO_GIVEN_NAMES:
        return None
    end, rest = start + length, word[length:]
    bare = not rest or rest in PARTICLES
    if length == 2 and word[:2] in NO_NAMES_OF_TWO:
        return None
    if bare and _labelled(text, start, weight):
        return _LABELLED, Evidence.CONTEXT
    if weight < _LIKELY:
        return None
    if _OF_ADDRESS.match(text, end) or (not rest and _NUMBER_IN_BRACKETS.match(text, end)):
        return _ADDRESSED, Evidence.CONTEXT
    if word[:2] in NO_NAMES_OF_TWO and word[2] in _BEHIND_WORDS:
        return None
    if length - family < 2:
        ranked = FAMILY_NAMES.get(word[0], 0) > 1 and not rest and _RANK.match(text, end)
        return (_TITLED, Evidence.CONTEXT) if ranked else None
    if _TITLE.match(text, end):
        return _TITLED, Evidence.CONTEXT
    clear = (
        weight >= _CLEAR and bare and _agrees(word[length - 1], rest) and not _of_a_place(text, start, end)
    )
    return (_ALONE, Evidence.SHAPE) if clear else None


def _of_a_place(text: str, start: int, end: int) -> bool:
    """Say whether it is a quarter or a road: "인천광역시 연수구", "송도동 379"."""
    if text[end - 1] not in _OF_PLACES:
        return False
    return text[end + 1 : end + 2].isdigit() or text[max(0, start - 2) : start] in _BEHIND_PLACES


def _weight(word: str, family: int, length: int) -> int:
    """Return how much the syllables look like a name, 0 to 9."""
    first = FIRST_SYLLABLES.get(word[family], 0)
    if length - family < 2:
        return (first or SECOND_SYLLABLES.get(word[family], 0)) + FAMILY_NAMES.get(word[0], 3)
    second = SECOND_SYLLABLES.get(word[family + 1], 0)
    if not first or not second:
        return 0
    return first + second + (3 if family == 2 else FAMILY_NAMES[word[0]])


def _agrees(syllable: str, particle: str) -> bool:
    """Say whether a particle has the form that stands behind this syllable."""
    if not particle:
        return True
    final = (ord(syllable) - _SYLLABLE_0) % _FINALS
    if particle in AFTER_CONSONANT:
        return final > 0
    if particle in AFTER_VOWEL:
        return final == 0 or (particle == "로" and final == _RIEUL)
    return True


def _labelled(text: str, start: int, weight: int) -> bool:
    """Say whether a label such as "담당자:" stands right before, or "이름은" before what is like a name."""
    before = text[max(0, start - _LABEL) : start]
    label = before.rstrip(" :|\t=*")
    if label == before or label[-1:] not in _LABEL_ENDS:
        return False
    if label.endswith(_ANNOUNCING):
        return weight >= _LIKELY
    marked = not set(before[len(label) :]).isdisjoint(":|\t=")
    return label.endswith(LABELS) if marked else weight >= _LIKELY and label.endswith(PEOPLE)


def _family_name(text: str, start: int, end: int) -> Span | None:
    """Return a family name that stands alone before a title: "최 대리", "박 씨"."""
    family = text[start]
    if FAMILY_NAMES.get(family, 0) < 2 or family in THIS_AND_THAT or text[end : end + 1] not in (" ", "씨"):
        return None
    if _OF_ADDRESS.match(text, end) or _RANK.match(text, end):
        return Span(EntityType.PERSON, start, end, _TITLED, Evidence.CONTEXT)
    return None
