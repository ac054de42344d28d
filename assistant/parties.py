# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Who a sentence speaks of, and whether another says the same of somebody else. Pure; English and Korean.

"The account that the Tenant names" shares every word but one with "the account that the Landlord names".
Compared are the parties of a contract, a court or a family, and persons and places of two names ("Mira
Solano"), by the words beside them: whoever stands beside the same word does the same thing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.full_text import index_terms

_SIDES = """
    tenant lessee renter 임차인 세입자 | landlord landlady lessor 임대인 집주인
    buyer purchaser 매수인 구매자 | seller vendor 매도인 판매자
    employee worker 근로자 직원 | employer 고용주 사용자 사업주
    plaintiff claimant 원고 | defendant respondent 피고
    lender creditor 채권자 대주 | borrower debtor 채무자 차주
    contractor supplier provider 수급인 수탁자 수급자 | client customer 도급인 발주자 위탁자 의뢰인
    licensor | licensee
    insurer 보험자 | insured policyholder 피보험자
    assignor 양도인 | assignee 양수인
    franchisor 가맹본부 | franchisee 가맹점사업자
    principal 위임인 본인 | agent 수임인 대리인
    갑 | 을 | 병
    teacher 교사 선생님 | student pupil 학생
    doctor physician 의사 | patient 환자
    husband 남편 | wife 아내
    mother 어머니 | father 아버지
    son 아들 | daughter 딸
    brother | sister
    host | guest
    sender 발신인 송신인 | recipient addressee 수신인 수취인
"""
"""Groups of parties that are taken for one another: one a line, all names of one between the bars."""

_NAME = "name"
_PARTIES = {
    word: (str(group), str(side))
    for group, line in enumerate(_SIDES.strip().splitlines())
    for side, words in enumerate(line.split("|"))
    for word in words.split()
}
_KOREAN = "|".join(sorted((word for word in _PARTIES if word[0] >= "가"), key=len, reverse=True))
_CASES = {
    "subject": "은 는 이 가 께서 도 만",
    "object": "을 를",
    "owner": "의",
    "receiver": "에게 께 한테 에",
    "source": "에게서 로부터 으로부터 께로부터",
    "": "과 와 이나 나 로서 으로서 측",
}
_PARTICLES = {particle: case for case, words in _CASES.items() for particle in words.split()} | {"": ""}
_PARTICLE = "|".join(sorted(_PARTICLES, key=len, reverse=True))
_KOREAN_PARTY = re.compile(f"({_KOREAN})(?:들)?({_PARTICLE})")
_RECEIVES = "받"  # in Korean it turns about who gives and who gets
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)\b.*\bby\b", re.DOTALL)
_ENDS = re.compile("[;:()]")  # what stands behind it is not beside what stands before
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_TITLES = frozenset({"mr", "mrs", "ms", "dr", "prof"})
# Beside everybody, and so beside nobody.
_ANYWHERE = frozenset(
    """a an the of to by for from with and or in on at into is are be been was were has have had may must
    shall will would can could should do does not no it its his her their our your that which who whom
    this these those as if when both also only either each any all
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday 및 또는 그리고 모두 각각 단 다만""".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Party:
    """Somebody in a sentence: a party (its group and side) or a name, with the words beside it.

    `before` and `after` are "" where the sentence begins or ends. `case` is told by a Korean particle, ""
    where there is none. `start` and `end` are its span.
    """

    group: str
    who: frozenset[str]
    case: str
    before: str
    after: str
    start: int
    end: int

    def is_same(self, other: "Party") -> bool:
        """Say whether both are the same: a name may be told by a part of it."""
        return self.group == other.group and bool(self.who & other.who)

    def stands_like(self, other: "Party") -> bool:
        """Say whether the same word stands beside both, on the same side."""
        return (self.before == other.before != "") or (self.after == other.after != "")

    def stands_turned(self, other: "Party") -> bool:
        """Say whether the same word stands beside both, on the other side."""
        return (self.before == other.after != "") or (self.after == other.before != "")

    def does_like(self, other: "Party") -> bool:
        """Say whether the same word stands beside both, on whatever side."""
        return self.stands_like(other) or self.stands_turned(other)


@dataclass(frozen=True)
class _Word:
    """A word of a sentence, or all of a name; `key` is the same in all of its forms, "" for a party."""

    key: str
    start: int
    end: int
    party: tuple[str, frozenset[str], str] | None = None  # group, who, case


def parties(text: str, beside: str = "") -> tuple[Party, ...]:
    """Return who `text` speaks of, in order; names that `beside` gives in full are known here too."""
    return _parties(text, _names(text) | _names(beside))


def without_parties(text: str, beside: str = "") -> str:
    """Return `text` without those it speaks of."""
    for one in reversed(parties(text, beside)):
        text = f"{text[: one.start]} {text[one.end :]}"
    return text


def of_another(claim: str, sentence: str, *, bare: bool = False) -> bool:
    """Say whether `sentence` says of somebody else what `claim` says of its party.

    `bare`: the claim names a party and says nothing ("The Tenant."), and `sentence` is what was asked for.
    """
    said, held = parties(claim, sentence), parties(sentence, claim)
    passive = _is_passive(claim) != _is_passive(sentence)
    for one in said:
        same = [other for other in held if other.is_same(one)]
        others = [other for other in held if other.group == one.group and not other.is_same(one)]
        if not same:
            if any(map(one.does_like, others)) or (bare and others and one.group != _NAME):
                return True
        elif _in_place_of(one, same, others, passive=passive):
            return True
    return False


def _in_place_of(one: Party, same: list[Party], others: list[Party], *, passive: bool) -> bool:
    """Say whether another does in a sentence what `one` is said to do, who stands there too.

    Korean words may stand in any order: the particle tells who does it. `passive`: one of both sentences
    is, and so the sides are turned about.
    """
    if one.case and passive:
        return False
    others = [other for other in others if other.case == one.case]
    there = [other for other in same if other.case == one.case]
    if not there:
        return bool(others) and bool(one.case)
    if passive:
        return any(map(one.stands_turned, others)) and not any(map(one.does_like, there))
    return any(map(one.stands_like, others)) and not any(map(one.stands_like, there))


def _is_passive(text: str) -> bool:
    return _RECEIVES in text or _PASSIVE.search(text) is not None


@lru_cache(maxsize=2048)
def _parties(text: str, names: frozenset[str]) -> tuple[Party, ...]:
    words = list(_joined(_words(text, names)))
    return tuple(
        Party(
            *word.party, _beside(reversed(words[:at])), _beside(iter(words[at + 1 :])), word.start, word.end
        )
        for at, word in enumerate(words)
        if word.party is not None
    )


def _beside(words: Iterator[_Word]) -> str:
    """Return the first word that tells something: others who stand between do not."""
    found = next((word.key for word in words if word.party is None and word.key not in _ANYWHERE), "")
    return "" if _ENDS.match(found) else found


def _words(text: str, names: frozenset[str]) -> Iterator[_Word]:
    last = 0
    for match in _WORD.finditer(text):
        found, (start, end) = match.group(), match.span()
        if ends := _ENDS.search(text, last, start):
            yield _Word(ends.group(), start, start)
        last = end
        plain = found.casefold()
        korean = _KOREAN_PARTY.fullmatch(found)
        stem = re.sub("['’]s?$", "", plain)
        party = _PARTIES.get(korean[1] if korean else stem) or _PARTIES.get(stem.removesuffix("s"))
        if party is not None:
            case = _PARTICLES[korean[2]] if korean else ""
            yield _Word("", start, end, (party[0], frozenset({party[1]}), case))
        elif stem in names and found[0].isupper():
            yield _Word("", start, end, (_NAME, frozenset({stem}), ""))
        else:
            yield _Word(_key(plain), start, end)


def _joined(words: Iterator[_Word]) -> Iterator[_Word]:
    """Let the words of one name be one."""
    before: _Word | None = None
    for word in words:
        if before is None:
            before = word
        elif before.party and word.party and before.party[0] == word.party[0] == _NAME and (
            word.start - before.end <= 2
        ):  # fmt: skip
            who = before.party[1] | word.party[1]
            before = _Word("", before.start, word.end, (_NAME, who, ""))
        else:
            yield before
            before = word
    if before is not None:
        yield before


@lru_cache(maxsize=2048)
def _names(text: str) -> frozenset[str]:
    """Return the words of names: two that begin with capitals in a row, or one after a title."""
    found: set[str] = set()
    last, last_end = "", -9
    for match in _WORD.finditer(text):
        word = re.sub("['’]s?$", "", match.group())
        plain = word.casefold()
        near = text[last_end : match.start()] in (" ", ". ") if last else False
        if not word[0].isupper() or word.isupper() or plain in _ANYWHERE or plain in _PARTIES:
            last = ""
            continue
        if near and (last in _TITLES or text[last_end : match.start()] == " "):
            found |= {plain} if last in _TITLES else {plain, last}
        last, last_end = plain, match.end()
    return frozenset(found)


def _key(word: str) -> str:
    """Return what is the same in all forms of a word: an English stem, two syllables of a Korean one."""
    if "가" <= word[0] <= "힣":
        return word[:2]
    return word if word in _ANYWHERE else index_terms(word).partition(" ")[0]
