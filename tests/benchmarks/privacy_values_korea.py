# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Made-up Korean personal data, from the published formats.

Resident registration: 주민등록법 시행규칙 제2조 (birth date, sex and century, then, until October 2020, place
and check digit, since then random digits). Foreigner registration: the same with 5 to 8. Licences: region,
year, serial, check. Passports: M12345678, since December 2021 M123A4567. Business: 국세청's check digit.
Corporate: 등기 규칙's check digit. Telephones: 전기통신번호관리세칙. Accounts: the banks' own groups.
"""

from datetime import date
from random import Random

import phonenumbers

from assistant.entities import EntityType
from tests.benchmarks.privacy_values import DOTS, Kind, Maker, day, drawn, until

PLATE_LETTERS = "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주하허호바사아자배"
REGIONS = tuple(
    "서울 부산 대구 인천 광주 대전 울산 경기 강원 충북 충남 전북 전남 경북 경남 제주".split()  # noqa: SIM905
)
LICENCE_REGIONS = (11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 28)
WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)


def resident(rng: Random) -> str:
    """Return a resident registration number, half of them with the random digits of today."""
    old = rng.random() < 0.5
    born = day(rng, date(1935, 1, 1), date(2020, 9, 30) if old else date(2025, 12, 31))
    sex = rng.randint(1, 2) + (2 if born.year >= 2000 else 0)
    if not old:
        return f"{born:%y%m%d}-{sex}{drawn(rng, '######')}"
    body = f"{born:%y%m%d}{sex}{rng.randint(0, 95):02d}{drawn(rng, '##')}{rng.randint(1, 5)}"
    return f"{body[:6]}-{body[6:]}{(11 - _weighed(body) % 11) % 10}"


def foreigner(rng: Random) -> str:
    """Return a foreigner registration number, half of them with the random digits of today."""
    born = day(rng, date(1945, 1, 1), date(2019, 12, 31))
    sex = rng.randint(5, 6) + (2 if born.year >= 2000 else 0)
    if rng.random() < 0.5:
        return f"{born:%y%m%d}-{sex}{drawn(rng, '######')}"
    body = f"{born:%y%m%d}{sex}{2 * rng.randint(0, 49):02d}{drawn(rng, '##')}{rng.randint(6, 9)}"
    return f"{body[:6]}-{body[6:]}{(13 - _weighed(body) % 11) % 10}"


def _weighed(body: str) -> int:
    return sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))


def licence(rng: Random) -> str:
    """Return a driver's licence: region, year, serial, check; on old ones the region is a word."""
    rest = f"{rng.choice((*range(75, 100), *range(26))):02d}-{drawn(rng, '######-##')}"
    if rng.random() < 0.15:
        return f"{rng.choice(REGIONS)} {rest}"
    return f"{rng.choice(LICENCE_REGIONS)}-{rest}"


def passport(rng: Random) -> str:
    """Return a Korean passport's number: the old form, the new one, now and then the oldest."""
    form = rng.choice(("########", "########", "###@####", "###@####", "R#######"))
    if form.startswith("R"):
        return rng.choice(("JR", "TM", "SC", "YN", "GK")) + drawn(rng, form[1:])
    return rng.choice("MMMSRGD") + drawn(rng, form)


def business(rng: Random) -> str:
    """Return a business registration number: office, kind, serial and check digit."""
    kind = rng.choice((*range(1, 80), 81, 82, 85, 86, 87, 88))
    body = f"{rng.randint(101, 721)}{kind:02d}{rng.randint(1, 9999):04d}"
    total = sum(int(a) * b for a, b in zip(body, (1, 3, 7, 1, 3, 7, 1, 3, 5), strict=True))
    check = (10 - (total + int(body[8]) * 5 // 10) % 10) % 10
    return f"{body[:3]}-{body[3:5]}-{body[5:]}{check}"


def corporation(rng: Random) -> str:
    """Return a corporate registration number: court, kind, serial and check digit."""
    court = rng.choice(("1101", "1301", "1801", "1201", "1701", "2001", "1501", "1311", "1345", "2841"))
    body = court + rng.choice(("11", "11", "14", "21", "22", "71")) + f"{rng.randint(1, 899999):06d}"
    total = sum(int(digit) * (1, 2)[place % 2] for place, digit in enumerate(body))
    return f"{body[:6]}-{body[6:]}{(10 - total % 10) % 10}"


def health(rng: Random) -> str:
    """Return the number of a health insurance certificate: the kind of insured, then ten digits."""
    return f"{rng.choice('1257')}{rng.choice(('-', '-', ''))}{drawn(rng, '%#########')}"


def plate(rng: Random) -> str:
    """Return a vehicle's plate: of today, of before 2019, of a region or of business."""
    letter = rng.choice(PLATE_LETTERS)
    two, three = drawn(rng, "%#"), drawn(rng, "%##")
    gap = rng.choice(("", " "))
    forms = (f"{three}{letter}{gap}%###", f"{two}{letter}{gap}%###", f"{three}{letter}{gap}%###")
    region = rng.choice(REGIONS)
    return drawn(
        rng, rng.choice((*forms, f"{region} {two}{letter}{gap}%###", f"{region}{two}{letter}{gap}%###"))
    )


def mobile(rng: Random) -> str:
    """Return a number of a mobile, of today (010) or of before."""
    forms = ("010-%###-####",) * 8 + ("011-%##-####", "016-%##-####", "017-%##-####", "019-%##-####")
    return until(rng, lambda one: drawn(one, one.choice(forms)), _valid)


def regional(rng: Random) -> str:
    """Return a number with a region's code, of the internet, safe or free of charge."""
    codes = ("02", "02", "031", "032", "033", "041", "042", "043", "051", "052", "053", "054", "055")
    code = rng.choice((*codes, "061", "062", "063", "064", "070"))
    short = "%###-####" if code == "070" else "%##-####"
    number = rng.choice(("%###-####", short))
    forms = (
        f"{code}-{number}",
        f"{code}-{number}",
        f"{code}-{number}",
        f"{code}){short}",
        f"({code}){short}",
    )
    form = rng.choice((*forms, "080-%##-####"))
    safe = drawn(rng, "050#-%###-####")  # the library's plan has none of today's
    return safe if rng.random() < 0.1 else until(rng, lambda one: drawn(one, form), _valid)


def service(rng: Random) -> str:
    """Return a number of a company for the whole country."""
    heads = ("1588", "1577", "1544", "1566", "1600", "1644", "1661", "1670", "1688", "1899", "1522", "1533")
    return f"{rng.choice(heads)}-{drawn(rng, '####')}"


def international(rng: Random) -> str:
    """Return a Korean number as it is dialled from abroad."""
    form = rng.choice(("10-%###-####", "10-%###-####", "2-%###-####", "31-%##-####", "51-%##-####"))
    number = until(rng, lambda one: drawn(one, f"+82-{form}"), _valid)
    return rng.choice((number, number.replace("-", " "), number.replace("+82-", "+82 "), _dialled(number)))


def _dialled(number: str) -> str:
    return number.replace("+82-1", "+82 (0)1").replace("+82-", "+82)")


def _valid(value: str) -> bool:
    return phonenumbers.is_valid_number(phonenumbers.parse(value, "KR"))


BANKS = (  # groups of an account, the bank in English and in Korean
    ("110-###-######", "Shinhan Bank", "신한은행"),
    ("1002-###-######", "Woori Bank", "우리은행"),
    ("######-0#-######", "KB Kookmin Bank", "국민은행"),
    ("%##-9#####-##%07", "Hana Bank", "하나은행"),
    ("302-####-####-#1", "NongHyup", "농협"),
    ("%##-0#####-01-0##", "Industrial Bank of Korea", "기업은행"),
    ("3333-##-#######", "KakaoBank", "카카오뱅크"),
    ("1000-####-####", "Toss Bank", "토스뱅크"),
    ("100-###-######", "K bank", "케이뱅크"),
    ("9002-####-####-#", "MG Community Credit", "새마을금고"),
    ("%#####-02-######", "Korea Post", "우체국"),
    ("%##-20-######", "SC First Bank", "SC제일은행"),
    ("101-20##-####-0#", "Busan Bank", "부산은행"),
    ("%##-##-######-#", "Daegu Bank", "대구은행"),
)


def account(pattern: str) -> Maker:
    """Return what makes accounts of a bank."""
    return lambda rng: drawn(rng, pattern)


HYPHENS = (" ", "", " - ", "–", "‑")
KINDS: tuple[Kind, ...] = (
    Kind("rrn", EntityType.KR_RRN, resident, "rrn", separators=HYPHENS, spoken=True),
    Kind("frn", EntityType.KR_FRN, foreigner, "frn", separators=HYPHENS),
    Kind("licence_korean", EntityType.KR_DRIVER, licence, "driver", separators=(" ", "", " - ")),
    Kind("passport_korean", EntityType.PASSPORT, passport, "passport", korean=4.0),
    Kind("business", EntityType.KR_BUSINESS, business, "business", separators=HYPHENS),
    Kind("corporation", EntityType.KR_CORPORATION, corporation, "corporation", separators=HYPHENS),
    Kind("health", EntityType.KR_HEALTH, health, "health", separators=(" ", "", " - ")),
    Kind("plate_korean", EntityType.PLATE, plate, "plate", english=1.0, korean=8.0, varied="plate"),
    Kind(
        "phone_mobile",
        EntityType.PHONE,
        mobile,
        "phone",
        2.0,
        8.0,
        separators=(*DOTS, "", " - "),
        spoken=True,
    ),
    Kind(
        "phone_region", EntityType.PHONE, regional, "phone", 0.7, 4.0, separators=(*DOTS, " - "), spoken=True
    ),
    Kind("phone_service", EntityType.PHONE, service, "phone", 0.3, 1.5, separators=("-",)),
    Kind("phone_world", EntityType.PHONE, international, "phone", 1.0, 2.0, separators=DOTS),
    *(
        Kind(
            f"account_{place}",
            EntityType.BANK_ACCOUNT,
            account(form),
            "account",
            separators=(" ", "", " - "),
            bank=(english, korean),
        )
        for place, (form, english, korean) in enumerate(BANKS)
    ),
)
