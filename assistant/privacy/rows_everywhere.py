# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What looks alike in every country: mail, cards, bank codes, addresses of machines, places, wallets."""

from assistant.entities import EntityType
from assistant.privacy import checks, checks_of_signs
from assistant.privacy.row import END, MAY_BREAK, Check, Context, Recognizer, Start
from assistant.privacy.rows_cards import CARDS
from assistant.privacy.rows_machines import MACHINES
from assistant.privacy.starts import (
    AT,
    AT_APART,
    AT_IN_OTHER_LETTERS,
    CAPITALS,
    EXTENSION,
    LOCAL,
    SAID_AT,
    phone,
)

_LABEL = r"(?:[A-Za-z0-9\u00c0-\u024f-]++|[가-힣][가-힣0-9]*+|[\u0400-\u04ff][\u0400-\u04ff0-9-]*+)"
# Endings by which a host is known that goes on in the next line, or stands apart from its "@".
_KNOWN_ENDING = "(?:(?:co|or|go|ac|ne|re|pe)\\.kr|co\\.(?:jp|uk)|com|net|org|edu|kr)(?![A-Za-z0-9_])"
_ENDING_OF_TWO = "(?:(?:co|or|go|ac|ne|re|pe)\\.kr|co\\.(?:jp|uk))(?![A-Za-z0-9_])"
_KNOWN_HOST = rf"(?:[A-Za-z0-9-]++\.)+{_KNOWN_ENDING}"
_PROVIDER = (
    "(?i:(?:gmail|naver|hanmail|kakao|nate|outlook|hotmail|icloud|yahoo|live)\\.com|(?:daum|hanmail)\\.net)"
    "(?![A-Za-z0-9_]|\\.[A-Za-z0-9])"
)
_NO_WORD = (  # of a sentence that goes on with a place
    "(?!(?i:an?|and|at|is|it|me|us|you|him|her|them|all|live|now|today|tonight|tomorrow|here|there|meet|meeting"
    "|lunch|dinner|breakfast|coffee|party|event|work|working|job|jobs|sale|read|more|find|visit|see|out|off"
    "|online|e-?mails?|mail) @)(?=[^ ]*[A-Za-z])"
)
_ENDING = (
    r"(?:xn--[A-Za-z0-9-]{2,40}(?![A-Za-z0-9_])|[A-Za-z]{2,24}(?![A-Za-z0-9_])|[A-Za-z]{2,4}(?=_|010-[0-9]{4}-)"
    r"|(?:kr|com|net|org)(?=0[0-9]{1,2}-?[0-9]{3,4}-?[0-9]{4}(?![0-9])|[0-9]{6}-[1-8][0-9]{6})"
    r"|(?:한국|닷컴|닷넷|쇼핑|рф|бел|укр)(?![A-Za-z0-9_\u0400-\u04ff]))"
)


def _abroad(
    pattern: str,
    score: float,
    in_context: float,
    before: int = 40,
    check: Check = checks.telephone,
    *,
    once: bool = False,
) -> Recognizer:
    return phone(pattern + EXTENSION + END, score, in_context, before, check, once=once)


_MAIL_WORDS = Context("e-mail|email|mail|메일", 0.99)
_SAID_HOST = r"(?:[A-Za-z0-9-]++(?:\.| ?[(\[]dot[)\]] ?))+[A-Za-z]{2,24}(?![A-Za-z0-9_])"
_HOST = rf"(?:{_LABEL}\.)+{_ENDING}"


def _mail(start: Start, shape: str) -> Recognizer:
    return Recognizer(EntityType.EMAIL, start, shape, 0.95, _MAIL_WORDS, checks.mailbox)


_MAILS = (
    _mail(
        AT,
        rf"[.\-]*+[{LOCAL}]++@(?:(?:{_LABEL}\.)+(?:{_ENDING}|\n{_KNOWN_ENDING})"
        rf"|(?: \n?|\n)(?:[A-Za-z0-9-]++\.)+{_KNOWN_ENDING})",
    ),
    _mail(AT_IN_OTHER_LETTERS, rf"[.\-]*+[{LOCAL}가-힣\u0400-\u04ff]++@{_HOST}"),
    # With a blank on both sides: prose names a place so, "Lunch @ cafe.com".
    _mail(AT_APART, rf"{_NO_WORD}[{LOCAL}]++ @ (?:{_PROVIDER}|(?:[A-Za-z0-9-]++\.)+{_ENDING_OF_TWO})"),
    _mail(AT_APART, rf"[A-Za-z]{{2,}}[._][A-Za-z][{LOCAL}]*+ @ {_KNOWN_HOST}"),
    Recognizer(
        EntityType.EMAIL,
        AT_APART,
        rf"{_NO_WORD}[{LOCAL}]++ @ {_KNOWN_HOST}",
        0.3,
        _MAIL_WORDS,
        checks.mailbox,
    ),
    _mail(SAID_AT, rf"[{LOCAL.replace('%', '')}]++(?: ?(?:골뱅이|\(at\)|\[at\]) ?|%40){_SAID_HOST}"),
)

# North America; then Britain and the spellings of Europe; then any country code (E.164).
_PHONES = (
    _abroad(
        rf"(?:(?:\+ ?1|1|001){MAY_BREAK})?\(?[2-9][0-9]{{2}}(?:\) ?-?|[-.])\n?[0-9]{{3}}[-. ]\n?[0-9]{{4}}",
        0.7,
        0.9,
    ),
    _abroad(r"\+1[2-9][0-9]{9}", 0.9, 0.95),
    _abroad(r"\(?07[0-9]{3}\)?[ \n-][0-9]{3}[ \n-]?[0-9]{3}", 0.7, 0.9),
    _abroad(r"\(?0[1-9][0-9]{1,3}\)?(?:[ \n]|-\n?)[0-9]{3,4}(?:[ \n]|-\n?)[0-9]{3,4}", 0.6, 0.9),
    _abroad(r"\(?01[0-9]{3}\)?[ \n][0-9]{5,6}", 0.55, 0.9),
    _abroad(r"\(?0[1-9][0-9]{0,3}\)?-\n?[0-9]{1,4}-\n?[0-9]{4}", 0.55, 0.93),  # Japan
    _abroad("1[3-9][0-9](?:[ -]?[0-9]{4}){2}", 0.3, 0.85),  # China
    _abroad(r"0[1-9][0-9]{0,2}(?:[ .-][0-9]{2}){3,4}", 0.55, 0.9),
    _abroad(r"\(?\+ ?[1-9](?:[-. ()/]{0,3}[0-9]){7,14}", 0.8, 0.9, check=checks.possible_abroad),
    _abroad(r"\(?\+ ?[1-9](?:[-. ()/\n]{0,3}[0-9]){7,14}", 0.78, 0.89, check=checks.possible_over_a_line),
    _abroad(r"00[1-9](?:[-. ()/]{0,3}[0-9]){7,13}", 0.6, 0.9, check=checks.possible_abroad),
    # Anything that can be dialled, next to a word that says so.
    _abroad(
        r"\(?[0-9](?:[-. ()/]{0,2}[0-9]){6,13}(?! ?(?:원|만|억|건|명|개|가구|달러|엔|회|권|년|쪽|"
        r"페이지|호|점|배|초|분|시|일|월|주|톤|자|줄|행|위|석|장|대|km|kg|g|%))",
        0.2,
        0.65,
        before=20,
        once=True,
    ),
)

# ISO 13616: country, two check digits, up to 30 letters and digits in groups of four.
_IBANS = (
    *(
        Recognizer(EntityType.IBAN, CAPITALS, shape + "(?![A-Za-z0-9_])", 0.2, certain=checks.iban)
        for shape in (
            "[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}",
            r"[A-Z]{2}[0-9]{2}(?:(?:[ -]\n?|\n)[A-Z0-9]{4}){2,7}+(?:[ -][A-Z0-9]{1,3})?",
            r"[A-Z]{2}[0-9]{2}(?:(?:[ -]\n?|\n)[A-Z0-9]{4}){2,7}+(?:[ -]\n|\n)[A-Z0-9]{1,3}",
        )
    ),
    Recognizer(
        EntityType.IBAN,
        Start("[a-z](?<![A-Za-z0-9_].)(?=[a-z][0-9]{2} ?[a-z0-9]{4})", ("iban", "계좌", "account")),
        "[a-z]{2}[0-9]{2}(?: ?[a-z0-9]{4}){2,7}+(?: ?[a-z0-9]{1,3})?(?![A-Za-z0-9_])",
        0.2,
        certain=checks.iban,
    ),
)
_SWIFT_CODE = Start(
    r"[A-Z](?<![A-Za-z0-9_].)(?=[A-Z]{5}[A-Z0-9]{2})",
    needles=(
        "swift",
        "bic",
        "스위프트",
        "은행 코드",
        "은행코드",
        "bank code",
        "국제송금",
        "해외송금",
        "해외 송금",
    ),
)
_SWIFT = Recognizer(
    EntityType.SWIFT,
    _SWIFT_CODE,
    r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![A-Za-z0-9_])",
    0.2,
    Context(
        "swift|bic|swift code|스위프트|은행코드|은행 코드|bank code|국제송금|해외송금|해외 송금", 0.9, 40, 20
    ),
    checks_of_signs.bank_code,
)

# Places, in degrees.
_PLACE = Context(
    "gps|lat|latitude|lon|lng|long|longitude|coordinates|coordinate|coords|location|located|"
    "position|map|maps|geo|pin|"
    "좌표|위도|경도|위치|지도",
    0.95,
)
_DECIMAL = Start(
    r"[0-9](?<![0-9A-Za-z_.].)(?=[0-9]{0,2}\.[0-9]{2,})",
    back="-+",
    reach=1,
)
_DIVIDER = r"(?:° ?[NS]?| ?[NS])?(?: ?[,/;] ?\n?| |(?:, ?| )(?i:lon(?:gitude)?|lng|경도)[는은]? ?[:=]? ?)"
_PLACES = (
    Recognizer(
        EntityType.COORDINATES,
        _DECIMAL,
        rf"[-+]?[0-9]{{1,2}}\.[0-9]{{4,12}}{_DIVIDER}[-+"
        rf"]?[0-9]{{1,3}}\.[0-9]{{4,12}}(?: ?°? ?[EW](?![A-Za-z]))?(?![0-9A-Za-z_]|\.[0-9])",
        0.7,
        _PLACE,
        checks_of_signs.place,
    ),
    Recognizer(
        EntityType.COORDINATES,
        _DECIMAL,
        rf"[-+]?[0-9]{{1,2}}\.[0-9]{{2,12}}{_DIVIDER}[-+"
        rf"]?[0-9]{{1,3}}\.[0-9]{{2,12}}(?: ?°? ?[EW](?![A-Za-z]))?(?![0-9A-Za-z_]|\.[0-9])",
        0.3,
        _PLACE,
        checks_of_signs.place,
    ),
    Recognizer(
        EntityType.COORDINATES,
        Start(r"[0-9](?<![0-9A-Za-z_.].)(?=[0-9]{0,2} ?[°º])", ("°", "º")),
        r"[0-9]{1,3} ?[°º] ?[0-9]{1,2} ?['′’] ?(?:[0-9]{1,2}(?:\.[0-9]{1,8})? ?(?:[\"″”]|''|′′)"
        r" ?)?[NS][, /]{1,3}\n?"
        r"[0-9]{1,3} ?[°º] ?[0-9]{1,2} ?['′’] ?(?:[0-9]{1,2}(?:\.[0-9]{1,8})? ?(?:[\"″”]|''|′′)"
        r" ?)?[EW](?![A-Za-z])",
        0.9,
        _PLACE,
    ),
)

# Wallets: base58 with its double SHA-256, bech32 with its BCH code (BIP 173, BIP 350), Ethereum (EIP-55).
_WALLET = Context("bitcoin|btc|ethereum|eth|wallet|crypto|비트코인|이더리움|지갑|코인|입금 주소", 0.6)
_WALLETS = (
    Recognizer(
        EntityType.CRYPTO,
        Start(rf"[13LDMTX](?<![A-Za-z0-9_].)(?=[{checks_of_signs.BASE58}]{{25,34}}(?![A-Za-z0-9_]))"),
        rf"[{checks_of_signs.BASE58}]{{26,35}}",
        0.2,
        _WALLET,
        bool,
        checks_of_signs.base58_checked,
    ),
    Recognizer(
        EntityType.CRYPTO,
        Start(
            "(?:bc|BC|tb|ltc)1(?=[02-9ac-hj-np-zAC-HJ-NP-Z]{10})",
            ("bc1", "tb1", "ltc1"),
        ),
        "(?<![A-Za-z0-9_])(?:bc|BC|tb|ltc)1[02-9ac-hj-np-zAC-HJ-NP-Z]{11,71}(?![A-Za-z0-9_])",
        0.3,
        _WALLET,
        bool,
        checks_of_signs.bech32_checked,
    ),
    Recognizer(
        EntityType.CRYPTO,
        Start("0[xX](?<![A-Za-z0-9_]..)(?=[0-9A-Fa-f]{40}(?![0-9A-Za-z_]))", ("0x",)),
        "0[xX][0-9A-Fa-f]{40}",
        0.9,
        _WALLET,
    ),
)

# Days of birth, only beside a word for it.
_BIRTH_WORDS = (
    "born|birth|birthday|birthdate|dob|d.o.b|date of birth|생년월일|생일|출생|생년|생신|태어난 날|탄생일"
)
_MONTH = (
    "(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_BIRTH_NEEDLES = (
    "born",
    "birth",
    "dob",
    "d.o.b",
    "생년",
    "생일",
    "출생",
    "태어",
    "년생",
    "생신",
)
_DAY = Start(
    r"[0-9](?<![0-9A-Za-z_.].)(?<![0-9]-.)(?=[0-9]{0,3}(?:[-./ 년]|\n|(?:st|nd|rd|th)[ \n]|"
    r"[0-9]{2,4}(?![0-9])))",
    _BIRTH_NEEDLES,
)
_DAY_OF_ONE = Start(_DAY.pattern, ("생",))  # 1990년 3월 2일생
_BORN = Context(_BIRTH_WORDS, 0.92, 44, 10, "태어|년생|생인|생입", once=True)
_YEAR = "(?:19|20)[0-9]{2}"
_DATE_END = r"(?![0-9]|[-/][0-9]|\.[0-9])"


def _birth(start: Start, shape: str, context: Context = _BORN) -> Recognizer:
    return Recognizer(
        EntityType.BIRTH_DATE, start, shape + _DATE_END, 0.3, context, checks_of_signs.day_of_birth
    )


_BIRTHS = (
    _birth(_DAY, rf"{_YEAR} ?[-./]\n? ?[0-9]{{1,2}} ?[-./]\n? ?[0-9]{{1,2}}"),
    _birth(_DAY, rf"(?:{_YEAR}|[0-9]{{2}})년 ?\n?[0-9]{{1,2}}월 ?\n?[0-9]{{1,2}}일"),
    _birth(_DAY, r"[0-9]{1,2} ?[-./] ?[0-9]{1,2} ?[-./] ?(?:19|20)[0-9]{2}"),
    _birth(_DAY, r"[0-9]{2}[-./] ?[0-9]{1,2}[-./] ?[0-9]{1,2}"),
    _birth(_DAY, rf"[0-9]{{1,2}}(?:st|nd|rd|th)?[ \n](?:of )?{_MONTH},?[ \n]{_YEAR}"),
    _birth(_DAY, rf"{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"),
    _birth(
        _DAY,
        r"[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])",
        Context(_BIRTH_WORDS, 0.9, 30, 4, once=True),
    ),
    *(
        Recognizer(
            EntityType.BIRTH_DATE,
            _DAY_OF_ONE,
            shape + "(?= ?생(?![산활일방중명성각]))",
            0.8,
            possible=checks_of_signs.day_of_birth,
        )
        for shape in (
            rf"(?:{_YEAR}|[0-9]{{2}})년 ?\n?[0-9]{{1,2}}월 ?\n?[0-9]{{1,2}}일",
            rf"(?:{_YEAR}|[0-9]{{2}})[-./] ?[0-9]{{1,2}}[-./] ?[0-9]{{1,2}}\.?",
        )
    ),
    _birth(
        Start(rf"[JFMASONDjfmasond](?<![A-Za-z].)(?<=(?={_MONTH}[ \n][0-9]).)", _BIRTH_NEEDLES),
        rf"{_MONTH}[ \n][0-9]{{1,2}}(?:st|nd|rd|th)?,?[ \n]{_YEAR}",
    ),
)

EVERYWHERE = (*_MAILS, *CARDS, *_PHONES, *_IBANS, _SWIFT, *MACHINES, *_PLACES, *_WALLETS, *_BIRTHS)
