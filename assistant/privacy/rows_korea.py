# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Korea: registration numbers, licence, passport, insurance, accounts by bank, telephones, plates."""

from dataclasses import replace

from assistant.entities import EntityType
from assistant.privacy import checks, checks_of_signs
from assistant.privacy.row import BREAK, DASH, END, LOOSE_END, MAY_BREAK, Check, Context, Recognizer, Start
from assistant.privacy.starts import (
    BANK_NAMES,
    BANK_WORDS,
    CAPITALS,
    EXTENSION,
    LONG_NUMBER,
    LONGER_NUMBER,
    PHONE_WORDS,
    phone,
)

_RESIDENT = (
    "rrn|resident|residents|resident registration|id number|jumin|"
    "national id|personal id|주민|민증|신분증|주민번호"
)
_FOREIGNER = (
    "arc|frn|alien|alien registration|foreigner|foreigner registration|foreign resident|residence card|"
    "외국인|외국인등록|거소|체류"
)
_REGIONS = "서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주"
_DAY = "[0-9]{2}[01][0-9][0-3][0-9]"


# Offices of the court registry and days of birth look alike.
_AGAINST = Context(
    "corporate|corporation|corp|company|incorporation|legal entity|registry|법인|등기", 0.0, after=0
)


def _born(
    entity_type: EntityType,
    kind: str,
    words: str,
    separator: str,
    score: float,
    start: Start = LONGER_NUMBER,
    end: str = END,
) -> Recognizer:
    """Return a row for the 13 digits that begin with a day of birth; `kind` is the seventh."""
    return Recognizer(
        entity_type,
        start,
        rf"{_DAY}{separator}{kind}[0-9]{{6}}{end}",
        score,
        Context(words, 0.96),
        checks.rrn_of_someone,
        checks.rrn_checksum if separator else checks.rrn_by_itself,
        against=_AGAINST,
    )


# Ministry of the interior: six digits of the day of birth, seven of which the first tells century and sex.
_RESIDENTS = tuple(
    _born(entity_type, kind, words, separator, score)
    for entity_type, kind, words in (
        (EntityType.KR_RRN, "[1-4]", _RESIDENT),
        (EntityType.KR_FRN, "[5-8]", _FOREIGNER),
    )
    for separator, score in ((rf"(?:{DASH}|--|\n-)", 0.85), (r" ?[.·/] ?", 0.6), ("[ \n]", 0.6), ("", 0.4))
)
# Run together with another one, with a mobile number or with the end of a mail address before it.
_NEXT = "(?:[0-9]{6}-[1-8][0-9]{6}|010-[0-9]{4}-[0-9]{4})(?:(?![0-9A-Za-z_]|-[0-9])|(?=[0-9]{6}-[1-8]|010-))"
_JOINED = Start(
    rf"-(?<=[0-9]{{6}}-)(?=[1-8][0-9]{{6}})(?:(?=.{{7}}{_NEXT})(?<![0-9A-Za-z_.-].{{6}}-)"
    "|(?<=-[1-8][0-9]{12}-)|(?<=010-[0-9]{4}-[0-9]{10}-)|(?<=[.]kr.{6}-)|(?<=[.](?:com|net|org).{6}-))",
    back="0123456789",
    reach=6,
)
_RESIDENTS_JOINED = tuple(
    _born(entity_type, kind, words, "-", 0.85, _JOINED, rf"(?:(?={_NEXT})|{END})")
    for entity_type, kind, words in (
        (EntityType.KR_RRN, "[1-4]", _RESIDENT),
        (EntityType.KR_FRN, "[5-8]", _FOREIGNER),
    )
)
# Divided in any other way, beside a word: "90.01.01-1234568", "900101-123-4568", digit by digit.
_DIVIDED = tuple(
    Recognizer(
        entity_type,
        LONGER_NUMBER,
        rf"(?:[0-9]{{2}}[-./ ]?[01][0-9][-./ ]?[0-3][0-9] ?[-./] ?{kind}[- ]?[0-9]{{2,3}}[- ]?[0-9]{{3,4}}"
        rf"|[0-9](?: [0-9]){{5}} ?- ?{kind}(?: [0-9]){{6}}){END}",
        0.3,
        Context(words, 0.9),
        checks.rrn_divided,
        against=_AGAINST,
    )
    for entity_type, kind, words in (
        (EntityType.KR_RRN, "[1-4]", _RESIDENT),
        (EntityType.KR_FRN, "[5-8]", _FOREIGNER),
    )
)
_BY_A_TILDE = tuple(
    Recognizer(
        entity_type,
        Start("[~∼〜](?=[1-8][0-9]{6}(?![0-9]))", ("~", "∼", "〜"), back="0123456789", reach=6),
        f"{_DAY}[~∼〜]{kind}[0-9]{{6}}{END}",
        0.4,
        Context(words, 0.9),
        checks.rrn_of_someone,
        checks.rrn_checksum,
    )
    for entity_type, kind, words in (
        (EntityType.KR_RRN, "[1-4]", _RESIDENT),
        (EntityType.KR_FRN, "[5-8]", _FOREIGNER),
    )
)

_NAMED = Recognizer(  # 홍길동(9001011234567)
    EntityType.KR_RRN,
    LONGER_NUMBER,
    rf"(?<=[가-힣]\(){_DAY}[1-4][0-9]{{6}}(?=\))",
    0.55,
    Context(_RESIDENT, 0.96),
    checks.rrn_of_no_product,
    checks.rrn_checksum,
)
_BUSINESS = Context(
    "business registration|business number|business no|brn|company registration|사업자|사업자등록|"
    "사업자 등록|사업자번호|등록번호",
    0.95,
)
_CORPORATION = Context(
    "corporate|corporation|corp|company registration|company reg|incorporation|legal entity|"
    "registry|법인|법인등록|법인 "
    "등록|법인번호|등기번호",
    0.97,
)
_LICENCE = Context(
    "driver|drivers|driver's license|driver's licence|driving licence|driving license|license|licence|면허",
    0.95,
)
_HEALTH = Context(
    "health insurance|nhis|insurance card|insurance certificate|medical insurance|건강보험|건보|"
    "보험증|의료보험|피보험자|"
    "건강 보험|증번호",
    0.95,
)
_PASSPORT = Context("passport|passports|여권", 0.95)
_PASSPORT_WORDS = ("passport", "여권")


_TWELVE_DIGITS = (EntityType.KR_CORPORATION, EntityType.KR_DRIVER)


def _number(
    entity_type: EntityType,
    shape: str,
    score: float,
    context: Context,
    possible: Check = bool,
    certain: Check | None = None,
) -> Recognizer:
    start = LONGER_NUMBER if entity_type in _TWELVE_DIGITS else LONG_NUMBER
    return Recognizer(entity_type, start, shape + END, score, context, possible, certain)


_NUMBERS = (
    # National tax service: 3-2-5, the last a check digit.
    _number(
        EntityType.KR_BUSINESS,
        rf"[1-9][0-9]{{2}}{DASH}[0-9]{{2}}{DASH}[0-9]{{5}}",
        0.4,
        _BUSINESS,
        bool,
        checks.business,
    ),
    _number(
        EntityType.KR_BUSINESS,
        r"[1-9][0-9]{2}[- .\n][0-9]{2}[- .\n][0-9]{5}",
        0.4,
        _BUSINESS,
        checks.business,
    ),
    _number(EntityType.KR_BUSINESS, "[1-9][0-9]{9}", 0.3, _BUSINESS, checks.business),
    # Court registry: office and kind 4 + 2, then seven digits; the check digit ended in January 2025.
    _number(EntityType.KR_CORPORATION, rf"[0-9]{{6}}{DASH}[0-9]{{7}}", 0.3, _CORPORATION),
    _number(EntityType.KR_CORPORATION, "[0-9]{6}[ \n]?[0-9]{7}", 0.3, replace(_CORPORATION, score=0.94)),
    _number(
        EntityType.KR_CORPORATION,
        rf"(?:1[1-8]|2[0-9])[0-9]{{2}}(?:1[1-5]|[2-7][1-9]){DASH}[0-9]{{7}}",
        0.86,
        _CORPORATION,
        checks.registered,
    ),
    # National police agency: region, year of issue, serial, check.
    _number(
        EntityType.KR_DRIVER,
        rf"(?:1[1-9]|2[0-68]){DASH}[0-9]{{2}}{DASH}[0-9]{{6}}{DASH}[0-9]{{2}}",
        0.85,
        _LICENCE,
    ),
    _number(
        EntityType.KR_DRIVER,
        r"(?:1[1-9]|2[0-68])[ .\n]?[0-9]{2}[ .\n]?[0-9]{6}[ .\n]?[0-9]{2}",
        0.3,
        _LICENCE,
    ),
    Recognizer(
        EntityType.KR_DRIVER,
        Start(rf"(?:{_REGIONS})(?=(?: ?- ?\n?| |\n)?\(?[0-9]{{2}}\)?[ -]{{0,3}}\n?[0-9]{{6}})"),
        rf"(?:{_REGIONS})(?: ?- ?\n?| |\n)?\(?[0-9]{{2}}\)?(?:{DASH}|[ \n]|)[0-9]{{6}}(?:{DASH}|[ \n]|)"
        rf"[0-9]{{2}}{END}",
        0.9,
        _LICENCE,
    ),
    # National health insurance service: eleven digits.
    _number(EntityType.KR_HEALTH, rf"[1-9](?:{DASH}|[ \n])?[0-9]{{10}}", 0.3, _HEALTH),
    _number(
        EntityType.KR_HEALTH, r"[1-9][0-9]{3}[- ]?[0-9]{3,4}[- ]?[0-9]{3,4}", 0.25, _HEALTH, checks.digits(11)
    ),
    # Passports: one letter and eight digits; since December 2021 three digits, a letter, four digits.
    Recognizer(EntityType.PASSPORT, CAPITALS, rf"[MSRODG][ -]?[0-9]{{4}} ?[0-9]{{4}}{END}", 0.45, _PASSPORT),
    Recognizer(
        EntityType.PASSPORT, CAPITALS, rf"[MSRODG][ -]?[0-9]{{3}}[A-Z][0-9]{{4}}{END}", 0.7, _PASSPORT
    ),
    Recognizer(
        EntityType.PASSPORT,
        Start(r"[MSRODGmsrodg](?<![A-Za-z0-9_].)(?=[0-9]{3}[A-Za-z0-9][0-9]{4})", _PASSPORT_WORDS),
        rf"[MSRODGmsrodg][0-9]{{3}}[A-Za-z0-9][0-9]{{4}}{END}",
        0.3,
        _PASSPORT,
    ),
)

# Accounts, in the groups that the banks print, only beside a bank or a word for an account.
_ACCOUNT = Context(f"{BANK_WORDS}|{BANK_NAMES}", 0.93, 48, 8)
_LAYOUTS = frozenset((
    "6-2-6", "3-2-4-3", "3-3-6", "3-2-6", "4-3-6", "3-6-5", "3-8-3", "3-6-2-3", "3-4-4-2", "3-4-4-1", "4-2-7",
    "4-4-4", "4-4-4-1", "4-2-6-1", "3-2-6-1", "3-2-7", "2-2-6", "3-6-3", "3-3-5", "3-3-7", "2-6-2-3", "4-6-2",
    "3-5-5", "3-2-5-1", "6-3-5", "6-6", "4-3-5", "3-4-6", "5-2-6", "3-4-4-3", "3-6-2", "3-2-6-2",
    "4-2-6", "2-3-6",
))  # fmt: skip


_GROUPED = rf"[0-9]{{2,6}}(?:(?:{DASH}|[ .]\n?)[0-9]{{1,8}}){{1,4}}"

_ACCOUNTS = (
    _number(EntityType.BANK_ACCOUNT, _GROUPED, 0.3, _ACCOUNT, checks.layout(_LAYOUTS)),
    _number(EntityType.BANK_ACCOUNT, "[0-9]{10,14}", 0.25, Context(BANK_WORDS, 0.9, 24, 4, once=True)),
)

# The numbering plan of the ministry of science: mobile, region, internet, service.
_AREA = "(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|80|50[2-8]?|30|60)"


def _phone(
    pattern: str,
    score: float,
    in_context: float,
    end: str = LOOSE_END,
    before: int = 40,
    check: Check = checks.telephone,
) -> Recognizer:
    return phone(pattern + EXTENSION + end, score, in_context, before, check)


_PHONES = (
    _phone(rf"\(?010{MAY_BREAK}[0-9]{{4}}{MAY_BREAK}[0-9]{{4}}", 0.9, 0.95),
    _phone("0 ?1 ?0 ?(?:[ -]?[0-9]){8}", 0.4, 0.93),  # digit by digit
    _phone("0 1 [016789] - (?:[0-9] ){4}- [0-9](?: [0-9]){3}", 0.8, 0.95),
    _phone(rf"\(?01[016789]{BREAK}[0-9]{{3,4}}{MAY_BREAK}[0-9]{{4}}", 0.8, 0.95),
    _phone(
        rf"(?:\(?\+ ?82|0082|\(82){MAY_BREAK}(?:\(0\)|0)?{MAY_BREAK}"
        rf"(?:1[016789]|{_AREA}){MAY_BREAK}[0-9]{{3,4}}{MAY_BREAK}[0-9]{{4}}",
        0.92,
        0.97,
    ),
    _phone(rf"82(?:{BREAK}0?10{BREAK}|0?10)[0-9]{{4}}{MAY_BREAK}[0-9]{{4}}", 0.6, 0.9, END),
    _phone(rf"\(?0{_AREA}{BREAK}[0-9]{{3,4}}{BREAK}[0-9]{{4}}", 0.75, 0.95),
    # Run together only beside a word: books (ISBN 0201633612) and spare parts have such numbers, too.
    _phone(rf"0{_AREA}[0-9]{{7,8}}", 0.3, 0.95, END),
    _phone(
        r"1[568][0-9]{2}(?: ?[-.] ?\n?| |\n)[0-9]{4}(?! ?(?:쪽|페이지|년|원))",
        0.2,
        0.9,
        END,
        check=checks.nationwide,
    ),
    _phone("1[568][0-9]{6}", 0.2, 0.8, END, before=20),
)

# What only a mobile number has: 010 behind a letter or another number, or in groups with an odd sign between.
_MOBILE = Context(PHONE_WORDS, 0.95)
_MOBILES = (
    Recognizer(
        EntityType.PHONE,
        Start(
            "010-(?:(?=[0-9]{4}-[0-9]{4}(?:010-|[0-9]{6}-[1-8]))|(?<=[0-9]-[0-9]{4}010-)|(?<=-[1-8][0-9]{6}010-)"
            "|(?<=[A-Za-z]010-))",
            ("010-",),
        ),
        "010-[0-9]{4}-[0-9]{4}(?:(?=010-[0-9]{4}-|[0-9]{6}-[1-8][0-9]{6})|(?![0-9A-Za-z_]|-[0-9]))",
        0.85,
        _MOBILE,
        checks.telephone,
    ),
    Recognizer(
        EntityType.PHONE,
        Start(r"010(?=[~∼〜,_:][0-9]{4}[~∼〜,_:][0-9]{4})(?<![0-9A-Za-z_.,:~-]010)", ("010",)),
        "010(?:[~∼〜][0-9]{4}[~∼〜]|,[0-9]{4},|_[0-9]{4}_|:[0-9]{4}:)[0-9]{4}(?![0-9A-Za-z_]|[-.,:~][0-9])",
        0.8,
        _MOBILE,
        checks.telephone,
    ),
)

# Right behind the ending of a mail address: kim@example.co.kr02-123-4567.
_BEHIND_MAIL = Recognizer(
    EntityType.PHONE,
    Start(r"\.(?:kr|com|net|org)(?=0[0-9])", (".kr0", ".com0", ".net0", ".org0"), after=True),
    rf"(?:010[0-9]{{8}}|0{_AREA}-[0-9]{{3,4}}-[0-9]{{4}})(?![0-9A-Za-z_]|-[0-9])",
    0.85,
    _MOBILE,
    checks.telephone,
)

# Plates: two or three digits, a syllable for the use, four digits; before 2004 with a region.
_USE = "[가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주바사아자하허호배육해공국합]"
_PLATE = Context(
    "plate|licence plate|license plate|number plate|car|vehicle|registration|parked|차량|차 번호|"
    "번호판|주차|차번호|자동차|"
    "승용차|트럭|렌터카|견인|택시",
    0.93,
)
_PLATES = (
    Recognizer(
        EntityType.PLATE,
        Start(rf"(?:{_REGIONS})(?= ?[0-9]{{1,2}} ?{_USE} ?[0-9]{{4}}(?![0-9]))"),
        rf"(?:{_REGIONS}) ?[0-9]{{1,2}} ?{_USE} ?[0-9]{{4}}",
        0.9,
        _PLATE,
    ),
    Recognizer(
        EntityType.PLATE,
        Start(rf"[0-9](?<![0-9A-Za-z.,-].)(?=[0-9]{{1,2}} ?{_USE} ?[0-9]{{4}})"),
        rf"[0-9]{{2,3}}{_USE} ?[0-9]{{4}}(?![0-9A-Za-z]|[-.,][0-9]|[년원개명])",
        0.75,
        _PLATE,
        checks_of_signs.plate,
    ),
    Recognizer(
        EntityType.PLATE,
        Start(rf"[0-9](?<![0-9A-Za-z.,-].)(?=[0-9]{{1,2}} ?{_USE} ?[0-9]{{4}})"),
        rf"[0-9]{{2,3}} ?{_USE} ?[0-9]{{4}}(?![0-9A-Za-z]|[-.,][0-9]|[년원개명])",
        0.4,
        _PLATE,
    ),
)

KOREA = (
    *(*_RESIDENTS, *_RESIDENTS_JOINED, *_DIVIDED, *_BY_A_TILDE, _NAMED),
    *(*_NUMBERS, *_ACCOUNTS, *_PHONES, *_MOBILES, _BEHIND_MAIL, *_PLATES),
)
