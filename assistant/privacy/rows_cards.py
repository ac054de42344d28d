# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Payment cards: their numbers, and the figures on the back that stand for the card in hand."""

from assistant.entities import EntityType
from assistant.privacy import checks
from assistant.privacy.row import BREAK, END, Check, Context, Recognizer, Start, any_of
from assistant.privacy.starts import LONGER_NUMBER

_CARD = Context(
    "card|cards|credit|debit|visa|mastercard|amex|american express|cc|카드|신용|체크|결제|비자|마스터", 0.95
)


# A comma between the groups is one between amounts far oftener.
_BY_COMMAS = Start(
    ",(?<=[0-9]{4},)(?= ?(?:[0-9]{4}, ?[0-9]{4}, ?[0-9]{4}|[0-9]{6}, ?[0-9]{5})(?![0-9]))",
    (",",),
    back="0123456789",
    reach=5,
)


def _card(pattern: str, score: float, possible: Check, start: Start = LONGER_NUMBER) -> Recognizer:
    return Recognizer(EntityType.CARD, start, pattern + END, score, _CARD, possible, checked=True)


_NUMBERS = (
    _card(rf"[0-9]{{4}}(?:{BREAK}[0-9]{{4}}){{3}}", 0.9, checks.issued_card),
    _card(rf"[0-9]{{4}}(?:{BREAK}[0-9]{{4}}){{3}}{BREAK}[0-9]{{1,3}}", 0.9, checks.issued_card),
    _card(rf"3[0-9]{{3}}{BREAK}[0-9]{{6}}{BREAK}[0-9]{{4,5}}", 0.9, checks.issued_card),
    _card("[0-9]{14,19}", 0.75, checks.issued_card),
    _card("[0-9]{12,19}", 0.3, checks.luhn),
    _card("[0-9](?: [0-9]){14,15}", 0.3, checks.issued_card),  # digit by digit
    _card(rf"[0-9]{{2,8}}(?:{BREAK}[0-9]{{2,8}}){{1,4}}", 0.3, checks.long_luhn),
)

# Alone in its line, or within a sentence: no row of a table, which has others above it or below.
_WITH_COMMAS = (
    _card(
        "(?<![0-9A-Za-z_.,:\\n-])(?<![0-9], )(?:[0-9]{4}(?:,[0-9]{4}){3}|3[0-9]{3},[0-9]{6},[0-9]{5})"
        "(?!,? ?[0-9]| ?원|\\n[0-9])",
        0.75,
        checks.issued_card,
        _BY_COMMAS,
    ),
    _card(
        "(?<![0-9A-Za-z_.,-])(?<![0-9], )(?:[0-9]{4}(?:, ?[0-9]{4}){3}|3[0-9]{3}, ?[0-9]{6}, ?[0-9]{5})"
        "(?!, ?[0-9]{3}| ?원|\\n[0-9]+,)",
        0.3,
        checks.issued_card,
        _BY_COMMAS,
    ),
)

# The three or four figures on the back of a card, only where they are named.
_CVC_WORDS = any_of(
    *("cvc2?", "cvv2?", "cvn2?", "card verification (?:code|number|value)"),
    *(
        "card security (?:code|number|value)",
        "카드 ?(?:인증|보안) ?(?:코드|번호)",
        "유효성 ?(?:확인|검사)? ?코드",
    ),
    apart=True,
)
_CVC_BETWEEN = (
    r"(?: ?(?:번호|코드|값|숫자|number|no\.?|code|value))?(?: ?\([^)\n0-9]{0,12}[0-9]?[^)\n0-9]{0,12}\))?"
    r"(?: ?[:=|] ?| (?:is|was) |[은는이가] ?| |\()[\"'`(]?"
)
_FIGURES = (
    r"[0-9]{3,4}(?![0-9A-Za-z_%]|[-.,:/~][0-9]"
    r"| ?(?:자리|개|번|명|건|원|년|월|일|글자|쪽|페이지|digit|to |or |%))"
)
_CVC = Recognizer(
    EntityType.CARD,
    Start(
        f"{_CVC_WORDS}(?![a-z]){_CVC_BETWEEN}",
        ("cvc", "cvv", "cvn", "card verification", "card security", "카드", "유효성"),
        after=True,
        lower=True,
    ),
    _FIGURES,
    0.85,
)
_BACK_OF_CARD = Recognizer(  # "뒷면 세 자리는 123", "security code 123" beside a card
    EntityType.CARD,
    Start(
        any_of(
            "security code",
            "보안 ?코드",
            "뒷면(?:의|에)?(?: ?(?:숫자|번호))?(?: ?(?:3|세) ?자리)?(?: ?(?:숫자|번호))?",
        )
        + _CVC_BETWEEN,
        ("security code", "뒷면", "보안코드", "보안 코드"),
        after=True,
        lower=True,
    ),
    _FIGURES,
    0.3,
    Context("card|cards|visa|mastercard|amex|카드|신용|유효기간", 0.8, 80, 0),
)

CARDS = (*_NUMBERS, *_WITH_COMMAS, _CVC, _BACK_OF_CARD)
