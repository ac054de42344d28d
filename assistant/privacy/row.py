# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
r"""What a row of the table of personal data is: where it may begin, shape, scores, words around, checks.

A row is data. Its shape runs on a folded text (`assistant.privacy.folding`) and only where its start
matches, so that prose costs a few fast scans. Every repetition is bounded or possessive: time grows with
the length of the text and no faster. Nothing is compiled before the first text is searched, which keeps
the start of the window short. `\b` is not used: Korean particles stick to a value. A shape has no
capturing groups: the scan puts many into one pattern (`assistant.privacy.scan`).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from assistant.entities import EntityType, Evidence
from assistant.privacy.folding import Folded, beginnings_of

THRESHOLD = 0.5  # what scores less is not personal data
CERTAIN = 0.99
DOUBT = 0.4  # taken off where the words right before say that the number is something else
FARTHER = 0.001  # taken off for each character between a value and the word that speaks for it

Check = Callable[[str], bool]

# A low line may follow a number in groups, "010-1234-5678_old": names that programs give have no groups.
_GROUPED = "|".join(f"(?<=[-.) ][0-9]{{{digits}}})" for digits in (2, 4, 5, 6, 7))
END = rf"(?![0-9A-Za-z])(?:(?!_)|{_GROUPED})(?![-.][0-9])"
LOOSE_END = r"(?![0-9])(?!-[0-9])"  # for shapes that letters behind do not make into another
BREAK = r"(?:[-./·) \n]{1,4})"  # between the groups of a number, a line's end among them
MAY_BREAK = r"[-./·) \n]{0,4}"
DASH = r" ?- ?\n? {0,4}"


@dataclass(frozen=True)
class Start:
    """Where rows may begin: at each match of `pattern`, in texts that hold one of `needles` (lower case).

    With `after` it is the end of the match. `back` are characters that still belong to the value where
    they stand before the match, up to `reach` of them. Where it is `loose`, dots, hyphens and a lone bracket
    at the beginning are the sentence's. `lower` is for patterns in small letters, which are looked for in the
    text in lower case: `(?i:…)` would cost ten times as much. Starts that differ in `guard` alone are looked
    for together; the rows of each are tried where its guard matches.
    """

    pattern: str
    needles: tuple[str, ...] = ()
    after: bool = False
    back: str = ""
    reach: int = 64
    loose: bool = False
    guard: str = ""
    lower: bool = False

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    @cached_property
    def _beginnings(self) -> frozenset[tuple[str, ...]]:
        return beginnings_of(self.needles)

    def possible_in(self, folded: Folded) -> bool:
        """Say whether a text holds one of the needles."""
        return not self.needles or folded.holds_any(self.needles, self._beginnings)

    def positions(self, folded: Folded) -> Iterator[int]:
        """Yield the code points of a folded text at which to look, where it is `possible_in` it."""
        text = folded.lower if self.lower else folded.text
        last = -1
        for found in self._compiled.finditer(text):
            at = found.end() if self.after else found.start()
            if self.back:
                before = text[max(0, at - self.reach) : at]
                at -= len(before) - len(before.rstrip(self.back))
            if at != last:
                last = at
                yield at


def any_of(*names: str, apart: bool = False) -> str:
    """Return a pattern for one of `names`, patterns that begin with a small letter or a syllable.

    By their first letters, so that `re` passes over all other letters at once. With `apart` no Latin letter
    stands before.
    """
    by_first: dict[str, list[str]] = {}
    for name in names:
        by_first.setdefault(name[0], []).append(name[1:])
    alone = {first: f"(?<![a-z]{first})" if apart and first.isascii() else "" for first in by_first}
    return (
        "(?:" + "|".join(f"{first}{alone[first]}(?:{'|'.join(by_first[first])})" for first in by_first) + ")"
    )


@dataclass(frozen=True)
class Context:
    """Words, divided by `|`, that make a match likelier: up to `before` or `after` code points away.

    Words in lower case; an ASCII word counts only where no other ASCII letter touches it, a change of
    case (`accountNumber`) divides words. `behind` are words that count behind a value alone. What stands
    behind counts to the end of its line, cell or sentence. A word that counts `once` speaks for the first
    value behind it alone, and for none of the next sentence. `but` are longer words that say nothing.
    """

    words: str
    score: float
    before: int = 44
    after: int = 16
    behind: str = ""
    once: bool = False
    but: str = ""

    @cached_property
    def _words(self) -> tuple[str, ...]:
        return tuple(self.words.split("|"))

    @cached_property
    def _but(self) -> tuple[str, ...]:
        return tuple(self.but.split("|")) if self.but else ()

    @cached_property
    def _words_behind(self) -> tuple[str, ...]:
        return (*self._words, *self.behind.split("|")) if self.behind else self._words

    @property
    def all_words(self) -> tuple[str, ...]:
        """Return the words, before a value or behind it."""
        return self._words_behind

    def distance(self, folded: Folded, start: int, end: int) -> int:
        """Return how far from the span [start, end) the nearest word is; -1 where there is none.

        A word behind counts as 8 code points farther.
        """
        words, text = folded.words, folded.text
        first = max(0, start - self.before)
        before = words[first:start]
        for other in self._but:
            if other in before:
                before = before.replace(other, "\0" * len(other))
        best = -1
        for word in folded.said(self.words, self._words):
            if word in before:  # of few; the rest need not be fast
                last = _last(word, before, text[first : start + 1])
                if last >= 0 and not (self.once and _TAKEN.search(before, last)):
                    best = len(before) - last if best < 0 else min(best, len(before) - last)
        if self.after:
            behind = words[end : end + self.after]
            behind = _SENTENCE.split(behind.removeprefix(".") if self.behind else behind, 1)[0]
            for word in self._words_behind if behind.strip(" .,;:)\"'") else ():
                if word in behind and (best < 0 or behind.find(word) + 8 < best):
                    at = behind.find(word)
                    if behind[at + len(word) :].lstrip()[:1] in ("=", ":"):
                        continue  # it names what comes next
                    at += words.startswith(".", end) and bool(self.behind)
                    best = best if _touched(word, text[end : end + self.after + 1], at) else at + 8
        return best


_SENTENCE = re.compile(r"\n|\||\t|[.] ")
_TAKEN = re.compile(r"(?:[0-9][^0-9]?){6}|[A-Za-z] (?:19|20)[0-9]{2}[,. ]|[가-힣]\.\s|\?\s")


def _touched(word: str, text: str, at: int) -> bool:
    """Say whether an ASCII letter stands right beside an ASCII word at `at` of a text as it is written."""
    if not word.isascii():
        return False
    end = at + len(word)
    before, last, after = text[at - 1 : at], text[end - 1 : end], text[end : end + 1]
    return (before.isascii() and before.isalpha() and not (before.islower() and text[at].isupper())) or (
        after.isascii() and after.isalpha() and not (last.islower() and after.isupper())
    )


def _last(word: str, before: str, text: str) -> int:
    """Return the end of the last place where a word stands for itself; -1 where there is none."""
    at = before.rfind(word)
    while at >= 0 and _touched(word, text, at):
        at = before.rfind(word, 0, at + len(word) - 1)
    return at + len(word) if at >= 0 else -1


NO_CONTEXT = Context("\x00", 0.0, 0, 0)


@dataclass(frozen=True)
class Recognizer:
    """One shape of one type of personal data.

    `score` is the confidence, 0 to 1, in a match that stands alone. `possible` must hold, or it is no
    match; where `certain` holds too, nothing around it matters. Both get the folded match. `checked`
    says that `possible` looks at check digits. Where a word of `against` is nearer than one of `context`,
    it is something else.
    """

    entity_type: EntityType
    start: Start
    shape: str
    score: float
    context: Context = NO_CONTEXT
    possible: Check = bool
    certain: Check | None = None
    checked: bool = False
    against: Context | None = None

    @cached_property
    def alone(self) -> bool:
        """Whether a match may count without a word beside it."""
        return self.certain is not None or self.score >= THRESHOLD

    @cached_property
    def best_score(self) -> float:
        """Return the highest score that a match of it can have."""
        return CERTAIN if self.certain else max(self.score, self.context.score)

    def judge(self, folded: Folded, start: int, end: int) -> tuple[float, Evidence]:
        """Return the confidence in a match at [start, end) of a folded text, and why; 0 where it is none."""
        alone = self.alone
        distance = -1 if alone else self.context.distance(folded, start, end)
        if not alone and distance < 0:
            return 0.0, Evidence.SHAPE
        value = folded.text[start:end]
        if not self.possible(value):
            return 0.0, Evidence.SHAPE
        if alone:
            distance = self.context.distance(folded, start, end)
        other = self.against.distance(folded, start, end) if self.against else -1
        if other >= 0 and (distance < 0 or other < distance):
            return 0.0, Evidence.SHAPE
        doubt = doubt_before(folded.words, start)
        if self.certain and (not doubt or 0 <= distance < doubt) and self.certain(value):
            return CERTAIN, Evidence.CHECKSUM
        return self._weighed(distance, doubt)

    def _weighed(self, distance: int, doubt: int) -> tuple[float, Evidence]:
        evidence = Evidence.CHECKSUM if self.checked else Evidence.SHAPE
        # A word that is a part of the doubtful name or stands nearer speaks for the value.
        if distance >= 0 and (not doubt or distance < doubt):
            lifted = self.context.score - FARTHER * distance
            if lifted > self.score:
                return lifted, evidence if self.checked else Evidence.CONTEXT
        return self.score - (DOUBT if doubt and (distance < 0 or distance >= doubt) else 0), evidence


# What a number is called right before it, when it is not a person's.
_THINGS = (
    "order|orders|pp|pages|invoice|tracking|serial|part|isbn|version|ref|reference|sku|case|"
    "ticket|item|model|product"
    "|article|batch|lot|build|commit|issue|bug|error|page|section|revision|release|shipment|parcel|doi"
    "|imei|meid|iccid|awb|waybill|barcode|attendance|tag it|tag|corporate reg|corporate "
    "registration|corporation registration"
    "|confirmation|booking|reservation|receipt|purchase|request|job|asset|catalog|catalogue|ean|upc|gtin|issn"
)
_KOREAN_THINGS = (
    "주문|송장|운송장|접수|일련|법인등록|법인 등록|사업자등록|사업자 등록|계좌|문서|관리|예약|상품|제품|모델"
    "|부품|승인|거래|배송|도서|품목|시리얼|영수증|등기|사건|허가|신청|발주|견적|청구서|청구|참조|재고"
    "|로트|자산|고객|회원|처리|민원|티켓|이슈|빌드|표준"
)
_LATIN_ENDS = (" number", " no.", " no", " nos", " id", " code", " #")
_KOREAN_ENDS = ("번호", "코드", "넘버")
_ALONE = (
    "버전",
    "판번호",
    "바코드",
    "운송장",
    "송장",
    "주문",
    "가격",
    "금액",
    "합계",
    "정가",
    "단가",
    "총액",
)
_PARTICLES = ("은", "는", "이", "가")
_LAST_TWO = frozenset(
    each[-2:] for each in (*_THINGS.split("|"), *_LATIN_ENDS, *_KOREAN_ENDS, *_ALONE, " is", " was")
)
_LATIN = tuple(_THINGS.split("|"))
_KOREAN = tuple(_KOREAN_THINGS.split("|"))


def doubt_before(lower: str, start: int) -> int:
    """Return how many code points before `start` a name of something else begins; 0 where none does."""
    before = lower[max(0, start - 24) : start].rstrip(" :#.=(-")
    if before[-2:] not in _LAST_TWO and before[-1:] not in _PARTICLES:
        return 0  # nearly always, at once
    for name in (
        (before, before[:-1].removesuffix(" i").removesuffix(" wa"))
        if before.endswith((*_PARTICLES, " is", " was"))
        else (before,)
    ):
        at = _thing(name)
        if at >= 0:
            return min(start, 24) - at
    return 0


def _thing(name: str) -> int:
    """Return where in `name` the thing begins that it ends with; -1 where it ends with none."""
    if name.endswith(_ALONE):
        return len(name) - next(len(thing) for thing in _ALONE if name.endswith(thing))
    if name.endswith(_KOREAN_ENDS):
        stem, things = name[:-2].rstrip(), _KOREAN
    else:
        end = next((end for end in _LATIN_ENDS if name.endswith(end)), "")
        stem, things = name[: len(name) - len(end)].rstrip(" ."), _LATIN
    if not stem.endswith(things):
        return -1
    at = len(stem) - max(len(thing) for thing in things if stem.endswith(thing))
    return -1 if things is _LATIN and at and "a" <= stem[at - 1] <= "z" else at
