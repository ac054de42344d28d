# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The places at which personal data may begin, and what the rows of one family share."""

from assistant.entities import EntityType
from assistant.privacy import checks
from assistant.privacy.row import Check, Context, Recognizer, Start

LOCAL = r"A-Za-z0-9\u00c0-\u024f._%+'\-"
_LOCAL_CHARACTERS = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._%+'-"
    + "".join(map(chr, range(0xC0, 0x250)))
)  # fmt: skip


def low_line(*words: str) -> str:
    """Return what holds for the sign behind a low line that joins it to a word: Hangul, or one of `words`."""
    return (
        "(?:" + "|".join(f"(?<={each}_.)" for each in ("[가-힣]", *(f"(?i:{word})" for word in words))) + ")"
    )


# What stands before the first digit of a number that is nobody's name for a thing in a program: no letter; a
# word for phone; a low line where the number is in groups or a mobile one, or a word says what it is.
_BEFORE = "|".join((
    "(?<![0-9A-Za-z_].)",
    *(f"(?<=(?i:{word}).)" for word in ("tel", "hp", "fax", "phone")),
    "(?<=[A-Za-z][+])(?=82[- ]?10)",
    r"(?<=_.)(?:(?<=[+(])|(?=[0-9]{1,5}[-.)][0-9]{2})|(?<=_0)(?=10[0-9]{8}(?![0-9]))|"
    + low_line("tel", "hp", "fax", "phone", "mobile", "cell", "rrn", "jumin", "ssn", "card") + ")",
))  # fmt: skip
# The first character of a number: six digits at least, no "digit and hyphen" before it, and no date. Most
# numbers are short: they are not asked whether they are of those that have nine or twelve digits.
_NUMBER = (
    rf"[+(0-9](?<![0-9].)(?:{_BEFORE})"
    r"(?<![0-9][-.].)(?<![A-Z]-.)(?=(?:[-+. ()/·\n]{0,4}[0-9]){6})"
    r"(?!(?:(?<=1)9|(?<=2)0)[0-9]{2}[-./](?:0[1-9]|1[0-2])[-./](?:0[1-9]|[12][0-9]|3[01])(?![0-9]|[-.][0-9]))"
)
NUMBER = Start(_NUMBER, loose=True)
LONG_NUMBER = Start(_NUMBER, loose=True, guard=r"(?:[-+. ()/·\n]{0,4}[0-9]){9}")
LONGER_NUMBER = Start(_NUMBER, loose=True, guard=r"(?:[-+. ()/·\n]{0,4}[0-9]){12}")
# A word that begins with a capital letter and soon has a digit: GB82 WEST…, M12345678, FR 61 954…
CAPITALS = Start(r"[A-Z](?<![A-Za-z0-9].)(?:(?<!_.)|(?<=[a-z가-힣]_.))(?=[A-Z]{0,5}[ .\n-]{0,2}[0-9])")
AT = Start("@", back=_LOCAL_CHARACTERS, loose=True)
AT_APART = Start(
    r" @(?<=[A-Za-z0-9] @)(?= [A-Za-z0-9-]{1,63}\.[A-Za-z])", (" @ ",), back=_LOCAL_CHARACTERS, loose=True
)
_OTHER_LETTERS = "".join(map(chr, (*range(0xAC00, 0xD7A4), *range(0x400, 0x500))))
AT_IN_OTHER_LETTERS = Start(
    r"@(?<=[가-힣\u0400-\u04ff]@)(?=[0-9A-Za-z\u0400-\u04ff-]{1,63}\.)",
    back=_LOCAL_CHARACTERS + _OTHER_LETTERS,
    reach=32,
)
SAID_AT = Start(  # kim골뱅이example.com, kim (at) example.com, kim%40example.com
    r"(?: ?(?:골뱅이|\(at\)|\[at\])|%40)(?= ?[0-9A-Za-z])",
    ("골뱅이", "(at)", "[at]", "%40"),
    back=_LOCAL_CHARACTERS,
)

PHONE_WORDS = (
    "tele|telephone|phone|phones|tel|mobile|cell|cellphone|call|calling|fax|contact|whatsapp|dial|"
    "hotline|text me|"
    "messages|answering|reach|office|desk|hp|ring|sms|voicemail|handy|telefon|"
    "전화|연락|휴대폰|핸드폰|휴대 전화|폰번호|폰 번호|문의|팩스|콜센터|고객센터|상담|통화 가능|"
    "통화를|통화로|문자|"
    "手机|电话|電話|携帯|联系方式|連絡先|대표번호|대표 번호|내선|카톡|"
    "휴대번호|손전화|직통|제 번호|내 번호|저희 번호|번호로 전화|my number"
)
BANK_WORDS = (
    "계좌|입금|송금|이체|은행|예금주|통장|환급|뱅크|농협|새마을|신협|우체국|수협|씨티|카뱅|토뱅|"
    "축협|산림조합|투자증권|예금|적금|"
    "account|acct|bank|a/c|deposit|wire|transfer|refund|kookmin|shinhan|woori|nonghyup|nh|ibk|kb|kdb|"
    "kakaobank|tossbank|kbank|k bank|citi|suhyup|saemaul|korea post|im bank|standard chartered|sc first"
)
BANK_NAMES = (
    "국민|신한|우리|하나|제일|산업|기업|부산|대구|광주|전북|경남|제주|카카오|토스|케이|hana|toss|kakao"
)


EXTENSION = r"(?:(?i: ?(?:x|ext\.?|내선) ?[0-9]{1,6}))?"  # behind a telephone number


def phone(
    pattern: str,
    score: float,
    in_context: float,
    before: int = 40,
    check: Check = checks.telephone,
    *,
    once: bool = False,
) -> Recognizer:
    """Return a row for telephone numbers; `pattern` ends where the number does."""
    context = Context(PHONE_WORDS, in_context, before, once=once, but="전화기|문자열|문자표")
    return Recognizer(EntityType.PHONE, NUMBER, pattern, score, context, check)
