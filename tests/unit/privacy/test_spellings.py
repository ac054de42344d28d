# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Values as people write them now and then: over a line, run together, in other letters and groups."""

import pytest

from assistant.entities import EntityType as Kind
from assistant.privacy.filter import find
from assistant.privacy.recognizers import normal

WHOLE = [
    ("kim@\nexample.co.kr", Kind.EMAIL),
    ("kim@example.\nco.kr", Kind.EMAIL),
    ("kim@ example.co.kr", Kind.EMAIL),
    ("kim @ example.co.kr", Kind.EMAIL),
    ("kim92 @ naver.com", Kind.EMAIL),
    ("minsu.kim @ example.com", Kind.EMAIL),
    ("김민수@example.co.kr", Kind.EMAIL),
    ("kïm@exämple.de", Kind.EMAIL),
    ("иван@почта.рф", Kind.EMAIL),
    ("kim@example.쇼핑", Kind.EMAIL),
    ("kim@example.xn--3e0b707e", Kind.EMAIL),
    ("kim골뱅이example.co.kr", Kind.EMAIL),
    ("kim(at)example.co.kr", Kind.EMAIL),
    ("kim [at] example [dot] com", Kind.EMAIL),
    ("kim%40example.com", Kind.EMAIL),
    ("900101\n-1234568", Kind.KR_RRN),
    ("900101--1234568", Kind.KR_RRN),
    ("900101~1234568", Kind.KR_RRN),
    ("0 1 0 - 1 2 3 4 - 5 6 7 8", Kind.PHONE),
    ("010~1234~5678", Kind.PHONE),
    ("010∼1234∼5678", Kind.PHONE),
    ("010,1234,5678", Kind.PHONE),
    ("010_1234_5678", Kind.PHONE),
    ("010:1234:5678", Kind.PHONE),
    ("4111,1111,1111,1111", Kind.CARD),
    ("5555,5555,5555,4444", Kind.CARD),
    ("3782,822463,10005", Kind.CARD),
]
NAMED = [
    ("주민번호", "9 0 0 1 0 1 - 1 2 3 4 5 6 8", Kind.KR_RRN),
    ("주민등록번호는", "90.01.01-1234568", Kind.KR_RRN),
    ("주민등록번호는", "900101-1-234568", Kind.KR_RRN),
    ("주민등록번호는", "900101-123-4568", Kind.KR_RRN),
    ("외국인등록번호:", "900101-5-234568", Kind.KR_FRN),
    ("카드", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", Kind.CARD),
    ("카드", "41111111 11111111", Kind.CARD),
    ("이메일:", "kim @ example.com", Kind.EMAIL),
    ("e-mail", "kim92 @ mail.example.org", Kind.EMAIL),
    ("카드", "4111, 1111, 1111, 1111", Kind.CARD),
    ("카드번호:\n", "4111,1111,1111,1111", Kind.CARD),
    ("여권", "M 1234 5678", Kind.PASSPORT),
    ("여권", "M-12345678", Kind.PASSPORT),
    ("전화", "0212345678", Kind.PHONE),
    ("연락처는", "0311234567", Kind.PHONE),
    ("사업자번호", "124-81 00998", Kind.KR_BUSINESS),
    ("사업자번호", "124.81.00998", Kind.KR_BUSINESS),
    ("위도", "37.5665 경도 126.9780", Kind.COORDINATES),
    ("EMŠO", "0101006500006", Kind.NATIONAL_ID),
    ("マイナンバー", "123456789018", Kind.NATIONAL_ID),
    ("手机号", "138 1234 5678", Kind.PHONE),
    ("电话", "13812345678", Kind.PHONE),
    ("パスワードは", "abc12345", Kind.PASSWORD),
    ("密码是", "abc12345", Kind.PASSWORD),
    ("Passwort:", "geheim123", Kind.PASSWORD),
    ("ATIN", "912-90-3456", Kind.TAX_NUMBER),
    ("PTIN", "P01594846", Kind.TAX_NUMBER),
    ("bisnummer", "98.47.28-997.65", Kind.NATIONAL_ID),
    ("PNF", "7111042925", Kind.NATIONAL_ID),
    ("onderwijsnummer", "101222331", Kind.NATIONAL_ID),
    ("REGON", "192598184", Kind.TAX_NUMBER),
]
TOGETHER = [
    ("kim@example.co.kr010-1234-5678", ["kim@example.co.kr", "010-1234-5678"]),
    ("010-1234-5678010-2222-3333", ["010-1234-5678", "010-2222-3333"]),
    ("900101-1234568900101-1234568", ["900101-1234568"] * 2),
    ("900101-1234568880202-5345678010-1234-5678", ["900101-1234568", "880202-5345678", "010-1234-5678"]),
    ("010-1234-5678900101-1234568", ["010-1234-5678", "900101-1234568"]),
    ("kim@example.co.kr900101-1234568", ["kim@example.co.kr", "900101-1234568"]),
    ("kim@example.com02-1234-5678", ["kim@example.com", "02-1234-5678"]),
    ("kim@example.kr01012345678에", ["kim@example.kr", "01012345678"]),
    ("kim@example.info010-1234-5678", ["kim@example.info", "010-1234-5678"]),
    ("A010-1234-5678", ["010-1234-5678"]),
    ("kim@example.com +82 10-1234-5678", ["kim@example.com", "+82 10-1234-5678"]),
    ("com+82 10-1234-5678", ["+82 10-1234-5678"]),
]
NOTHING = [
    "Lunch @ cafe.com at noon",
    "@ example.com",
    "see you @ cafe.Then",
    "see you @ cafe.co.kr",
    "meet @ 5.30pm",
    "email us @ example.com",
    "mail the mug @ cafe.Then",
    "kim @ naver.community",
    "ssh kim @ server.local",
    "12 @ example.co.kr",
    "10 pieces @ 3.com",
    "by Kim @ example.com",
    "Follow @kim.lee",
    "meet (at) noon. Come",
    "100%40 off.today",
    "코드 240101-123-4567",
    "주문 900101-123-4568",
    "일정 90.01.01-12.34.56",
    "2020~2024, 1~12월",
    "ISBN 978-89-12345-67-1",
    "버전 0.1.0 - 1.2.3",
    "[0, 1, 0, 1, 2, 3, 4, 5, 6, 7, 8]",
    "0 1 0 1 1 0 1 0 0 1 1 0 1 0 1 1",
    "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
    "가격 41111111 11111111원",
    "1,010,123,456",
    "4111,1111,1111,1112",  # the check digit is wrong
    "9111,1111,1111,1111",
    "1,4111,1111,1111,1111",
    "4111,1111,1111,1111,2222",
    "4111,1111,1111,1111\n5200,1300,2400,9900",
    "1월,2월,3월,4월\n4111,1111,1111,1111",
    "[4111, 1111, 1111, 1111]",
    "매출 4111, 1111, 1111, 1111",
    "4111,1111,1111,1111원",
    "시각 010:12:34",
    "mp4_1010_1234_5678",
    "M-1234 모델과 M 12345678 부품",
    "ORD900101-1234567",
    "123456-1234567123456-1234567",
    "240101-12345678240101-12345678",
    "900101-1234568900101-1",
    "자료 a.kr0212-34",
    # Ten digits alone may be a telephone in Seoul, a book or a spare part, and no digit of them says which.
    "0212345678",
    "0311234567",
    "책 0201633612와 0321125215",
    "점화 플러그 0242235666",
    "파일.com01012345678901",
    "密码是什么",
    "パスワードは必要です",
    "Das Passwort ist falsch.",
    "手机很好用 2024-10-12",
    "regon 2024",
]


@pytest.mark.parametrize(("value", "kind"), WHOLE)
def test_a_value_is_found_however_it_is_spelled(value: str, kind: Kind) -> None:
    assert [(one.entity_type, one.text) for one in find(f"저기 {value} 끝")] == [(kind, value)]


@pytest.mark.parametrize(("name", "value", "kind"), NAMED)
def test_a_value_in_odd_groups_is_found_beside_its_name(name: str, value: str, kind: Kind) -> None:
    assert (kind, value) in [(one.entity_type, one.text) for one in find(f"{name} {value}")]


def test_blanks_around_its_sign_make_no_other_address() -> None:
    assert {normal(Kind.EMAIL, value) for value in ("kim @ a.kr", "Kim@ a.kr", "kim@\na.kr")} == {"kim@a.kr"}


@pytest.mark.parametrize(("text", "values"), TOGETHER)
def test_values_that_run_together_are_found_one_by_one(text: str, values: list[str]) -> None:
    assert [one.text for one in find(text)] == values


@pytest.mark.parametrize("text", NOTHING)
def test_what_only_looks_like_it_is_nobodys(text: str) -> None:
    assert find(text) == []
