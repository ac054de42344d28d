# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
r"""The table of what counts as personal data: pattern, scores, words around it, checks.

A recognizer is data. Its pattern runs on a folded text (`assistant.privacy.folding`) and only where its
anchor matches, so that prose costs one fast scan. Every repetition is bounded or possessive: time grows
with the length of the text and no faster. Nothing is compiled before the first text is searched, which
keeps the start of the window short. `\b` is not used: Korean particles stick to a value.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property

from assistant.entities import EntityType
from assistant.privacy import checks
from assistant.privacy.folding import fold

THRESHOLD = 0.5  # what scores less is not personal data
CERTAIN = 0.99
DOUBT = 0.4  # taken off where the words before say that the number is something else

Check = Callable[[str], bool]


@dataclass(frozen=True)
class Context:
    """Words that make a match likelier: found up to `before` or `after` code points away."""

    words: str  # a pattern
    score: float
    before: int = 40
    after: int = 16

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return _compiled(self.words)

    def near(self, text: str, start: int, end: int) -> bool:
        """Say whether a word of it stands near the span [start, end) of a folded text."""
        window = f"{text[max(0, start - self.before) : start]}\n{text[end : end + self.after]}"
        return self._pattern.search(window) is not None


@dataclass(frozen=True)
class Recognizer:
    """One shape of one type of personal data.

    `score` is the confidence, 0 to 1, in a match that stands alone. `possible` must hold, or it is no
    match; where `certain` holds too, nothing around it matters. Both get the folded match.
    """

    entity_type: EntityType
    anchor: str
    shape: str
    score: float
    context: Context
    possible: Check = bool
    certain: Check | None = None

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Return the shape, compiled."""
        return _compiled(self.shape)

    @property
    def best_score(self) -> float:
        """Return the highest score that a match of it can have."""
        return CERTAIN if self.certain else self.context.score

    def judge(self, text: str, start: int, end: int) -> float:
        """Return the confidence in a match at [start, end) of a folded text; 0 where it is none."""
        value = text[start:end]
        if not self.possible(value):
            return 0.0
        if self.certain and self.certain(value):
            return CERTAIN
        if self.context.near(text, start, end):
            return max(self.score, self.context.score)
        doubtful = _compiled(_SOMETHING_ELSE).search(text[max(0, start - 24) : start])
        return self.score - DOUBT if doubtful else self.score


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _words(latin: str, korean: str) -> str:
    return rf"(?<![a-z])(?:{latin})(?![a-z])|{korean}"


# What a number is called right before it, when it is not a person's.
_SOMETHING_ELSE = (
    r"(?:(?<![a-z])(?:order|invoice|tracking|serial|part|isbn|version|ref|sku|case|ticket)"
    r"(?: no| number| id)?"
    "|(?:주문|송장|운송장|접수|일련|법인 ?등록|사업자 ?등록|계좌|문서|관리|예약) ?번호|버전)"
    r"(?:은|는|이|가)?[ :#.=(-]{0,4}\Z"
)
_MAIL_WORDS = _words("e-?mail|mail", "메일")
_PHONE_WORDS = _words(
    "tele?phone|phones?|tel|mobile|cell|cellphone|call|fax|contact|whatsapp|dial|hotline|text me|"
    "messages|answering|reach|office|hp",
    "전화|연락|휴대폰|핸드폰|휴대 전화|폰번호|문의|팩스|콜센터|고객센터|상담|통화|문자|대표 ?번호|내선",
)
_CARD_WORDS = _words(
    "cards?|credit|debit|visa|mastercard|amex|american express|cc", "카드|신용|체크|결제|비자|마스터"
)
_RRN_WORDS = _words(
    "rrn|resident|residents|resident registration|registration number|id number|jumin",
    "주민|외국인 ?등록|민증|신분증",
)

_SEP = r"(?: ?[-.][ \n]?|\)[ -]?| )"
_END = r"(?![0-9A-Za-z_])(?![-.][0-9])"
_LOOSE_END = r"(?![0-9])(?!-[0-9])"  # for shapes that letters behind do not make into another
_EXTENSION = r"(?: ?(?:x|ext\.?|내선) ?[0-9]{1,6})?"

# The first character of a number: no digit, letter or "digit and hyphen" before it, or a word for phone;
# six more digits at least behind it.
_NUMBER = (
    r"[+(0-9](?<![0-9][-.].)(?=(?:[-+. ()/\n]{0,4}[0-9]){6})"
    r"(?:(?<![0-9A-Za-z_].)|(?<=(?i:tel).)|(?<=(?i:hp).)|(?<=(?i:fax).)|(?<=(?i:phone).))"
)
_LOCAL = r"A-Za-z0-9\u00c0-\u024f._%+\-"
_ADDRESS = rf"[{_LOCAL}](?<![{_LOCAL}].)[{_LOCAL}]*+(?=@)"


def _phone(pattern: str, score: float, in_context: float, end: str = _END, before: int = 40) -> Recognizer:
    return Recognizer(
        EntityType.PHONE,
        _NUMBER,
        pattern + _EXTENSION + end,
        score,
        Context(_PHONE_WORDS, in_context, before),
        checks.telephone,
    )


def _card(pattern: str, score: float, possible: Check) -> Recognizer:
    return Recognizer(EntityType.CARD, _NUMBER, pattern + _END, score, Context(_CARD_WORDS, 0.95), possible)


def _rrn(separator: str, score: float) -> Recognizer:
    return Recognizer(
        EntityType.KR_RRN,
        _NUMBER,
        rf"[0-9]{{2}}[01][0-9][0-3][0-9]{separator}[1-8][0-9]{{6}}{_END}",
        score,
        Context(_RRN_WORDS, 0.95),
        checks.rrn_of_someone,
        checks.rrn_checksum,
    )


_LABEL = "(?:[A-Za-z0-9-]++|[가-힣][가-힣0-9]*+)"
_KR_AREA = "(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|80|50[2-8]?)"

RECOGNIZERS = (
    Recognizer(
        EntityType.EMAIL,
        _ADDRESS,
        (rf"[.\-]*+[{_LOCAL}]++@(?:{_LABEL}\.)+(?:[A-Za-z]{{2,24}}|한국|닷컴|닷넷)(?![A-Za-z0-9_])"),
        0.95,
        Context(_MAIL_WORDS, 0.99),
        checks.mailbox,
    ),
    _rrn(r" ?- ?\n?", 0.85),
    _rrn(" ", 0.6),
    _rrn("", 0.4),
    _card(rf"[0-9]{{4}}{_SEP}[0-9]{{4}}{_SEP}[0-9]{{4}}{_SEP}[0-9]{{4}}", 0.9, checks.issued_card),
    _card(rf"[0-9]{{4}}(?:{_SEP}[0-9]{{4}}){{3}}{_SEP}[0-9]{{1,3}}", 0.9, checks.issued_card),
    _card(rf"3[0-9]{{3}}{_SEP}[0-9]{{6}}{_SEP}[0-9]{{4,5}}", 0.9, checks.issued_card),
    _card("[0-9]{14,19}", 0.75, checks.issued_card),
    _card("[0-9]{12,19}", 0.3, checks.luhn),
    _card(rf"[0-9](?:{_SEP}?[0-9]){{11,18}}", 0.3, checks.luhn),
    # Korea, by the numbering plan of the ministry of science (MSIT): mobile, region, service.
    _phone(rf"\(?010{_SEP}?[0-9]{{4}}{_SEP}?[0-9]{{4}}", 0.9, 0.95, _LOOSE_END),
    _phone(rf"\(?01[016789]{_SEP}[0-9]{{3,4}}{_SEP}?[0-9]{{4}}", 0.8, 0.95, _LOOSE_END),
    _phone(
        rf"(?:\(?\+ ?82|0082){_SEP}?(?:\(0\)|0)?{_SEP}?"
        rf"(?:1[016789]|{_KR_AREA}){_SEP}?[0-9]{{3,4}}{_SEP}?[0-9]{{4}}",
        0.92,
        0.97,
        _LOOSE_END,
    ),
    _phone(rf"82(?:{_SEP}10{_SEP}|10)[0-9]{{4}}{_SEP}?[0-9]{{4}}", 0.6, 0.9),
    _phone(rf"\(?0{_KR_AREA}{_SEP}[0-9]{{3,4}}{_SEP}[0-9]{{4}}", 0.75, 0.95, _LOOSE_END),
    _phone("1[568][0-9]{2}[- ][0-9]{4}", 0.2, 0.7, before=20),
    # North America; then Britain and the spellings of Europe; then any country code (E.164).
    _phone(
        rf"(?:(?:\+ ?1|1|001){_SEP}?)?\(?[2-9][0-9]{{2}}(?:\) ?-?|[-.])[0-9]{{3}}[-. ][0-9]{{4}}", 0.7, 0.9
    ),
    _phone(r"\+1[2-9][0-9]{9}", 0.9, 0.95),
    _phone(r"\(?07[0-9]{3}\)?[ -][0-9]{3}[ -]?[0-9]{3}", 0.7, 0.9),
    _phone(r"\(?0[1-9][0-9]{1,3}\)?[ -][0-9]{3,4}[ -][0-9]{3,4}", 0.6, 0.9),
    _phone(r"\(?01[0-9]{3}\)? [0-9]{5,6}", 0.55, 0.9),
    _phone(r"0[1-9][0-9]{0,2}(?:[ .-][0-9]{2}){3,4}", 0.55, 0.9),
    _phone(r"\(?\+ ?[1-9](?:[-. ()/]{0,3}[0-9]){7,14}", 0.8, 0.9),
    _phone(r"00[1-9](?:[-. ()/]{0,3}[0-9]){7,13}", 0.4, 0.8),
    # Anything that can be dialled, next to a word that says so.
    _phone(r"\(?[0-9](?:[-. ()/]{0,2}[0-9]){6,13}", 0.2, 0.65, before=20),
)


def unmeant(value: str) -> int:
    """Return how many characters at the start of a match are the sentence's: dots, a lone bracket."""
    rest = value.lstrip(".-")
    return len(value) - len(rest) + (rest.startswith("(") and ")" not in rest)


def normal(entity_type: EntityType, value: str) -> str:
    """Return what two spellings of one value share: lower case for e-mail, digits for numbers."""
    folded = fold(value).text
    if entity_type is EntityType.EMAIL:
        return folded.casefold()
    digits = checks.digits_of(folded)
    if entity_type is EntityType.PHONE:
        return re.sub(r"^(?:00)?82(?=(?:0?1[016789]|0?[2-7]))0?", "0", digits)
    return digits
