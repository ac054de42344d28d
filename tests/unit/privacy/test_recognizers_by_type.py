# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Every type of structured personal data: what is found, why, and what merely looks like it."""

import time

import pytest

from assistant.entities import EntityType, Evidence
from assistant.privacy.filter import find
from assistant.privacy.folding import fold
from assistant.privacy.recognizers import RECOGNIZERS, normal
from assistant.privacy.scan import scan
from tests.unit.privacy.examples import ABROAD, EVERYWHERE, KOREA, NEAR_MISSES, SECRETS

HITS = [
    (entity_type, text, value)
    for table in (EVERYWHERE, KOREA, ABROAD, SECRETS)
    for entity_type, examples in table.items()
    for text, value in examples
]


@pytest.mark.parametrize(("entity_type", "text", "value"), HITS)
def test_a_value_is_found_with_its_type_and_its_borders(
    entity_type: EntityType, text: str, value: str
) -> None:
    assert (entity_type, value) in [(entity.entity_type, entity.text) for entity in find(text)]


LONG = "So far nothing. 아직 아무것도 없다.\n" * 200


@pytest.mark.parametrize(("entity_type", "text", "value"), HITS)
def test_a_value_is_found_at_the_end_of_a_long_text_as_well(
    entity_type: EntityType, text: str, value: str
) -> None:
    assert (entity_type, value) in [(entity.entity_type, entity.text) for entity in find(LONG + text)]


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_merely_looks_like_it_is_left_alone(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("GB82 WEST 1234 5698 7654 32", Evidence.CHECKSUM),
        ("116-82-00276", Evidence.CHECKSUM),
        ("NHS 943 476 5870", Evidence.CHECKSUM),
        ("4111-1111-1111-1111", Evidence.CHECKSUM),
        ("SWIFT: DEUTDEFF500", Evidence.CONTEXT),
        ("신한 110-123-456789", Evidence.CONTEXT),
        ("생년월일 900312", Evidence.CONTEXT),
        ("010-1234-5678", Evidence.SHAPE),
        ("192.168.0.12", Evidence.SHAPE),
    ],
)
def test_the_reason_is_told(text: str, evidence: Evidence) -> None:
    (found,) = find(text)
    assert found.evidence is evidence


@pytest.mark.parametrize(
    ("plain", "written"),
    [
        ("운전면허 11-12-345678-90", "운전면허 １１－１２－３４５６７８－９０"),
        ("IBAN GB82 WEST 1234 5698 7654 32", "IBAN GB82\u00a0WEST\u00a01234\u200b 5698 7654 32"),
        ("MAC 00:1A:2B:3C:4D:5E", "MAC ００：１Ａ：２Ｂ：３Ｃ：４Ｄ：５Ｅ"),
        ("사업자등록번호 116-82-00276", "사업자등록번호 11\u200b6–82—00\ufeff276"),
        ("비밀번호는 hunter2", "비밀번호는 hun\u200dter2"),
    ],
)
def test_another_spelling_is_found_where_it_stands(plain: str, written: str) -> None:
    (expected,), (found,) = find(plain), find(written)
    assert found.entity_type is expected.entity_type
    assert written[found.start : found.end] == found.text
    assert fold(found.text).text == fold(expected.text).text


def test_a_word_far_away_or_of_another_value_says_nothing() -> None:
    assert find("SWIFT " + "x " * 40 + "DEUTDEFF500") == []
    text = "생년월일 1990-03-12, 방문일 2024-05-06"
    assert [entity.text for entity in find(text)] == ["1990-03-12"]


def test_a_longer_word_is_not_the_word() -> None:
    assert find("hotel 12345678") == []
    assert find("문자열 12345678") == []


def test_a_corporation_is_nobody_even_with_a_day_in_its_number() -> None:
    (found,) = find("Corporate reg. no. : 130111-2231255")
    assert found.entity_type is EntityType.KR_CORPORATION


@pytest.mark.parametrize(
    ("entity_type", "one", "other"),
    [
        (EntityType.IBAN, "gb82 west 1234 5698 7654 32", "GB82WEST12345698765432"),
        (EntityType.KR_DRIVER, "서울 12-345678-90", "11-12-345678-90"),
        (EntityType.BIRTH_DATE, "1990년 3월 12일", "March 12, 1990"),
        (EntityType.BIRTH_DATE, "900312", "1990-03-12"),
        (EntityType.PLATE, "12가 3456", "12가3456"),
        (EntityType.MAC, "00:1a:2b:3c:4d:5e", "00-1A-2B-3C-4D-5E"),
        (EntityType.PHONE, "공일공 일이삼사 오육칠팔", "010-1234-5678"),
        (EntityType.PERSON, "Anna  Smith", "anna smith"),
        (EntityType.CRYPTO, "0xde0B" + "9A" * 18, "0xDE0b" + "9a" * 18),
    ],
)
def test_two_spellings_are_one_value(entity_type: EntityType, one: str, other: str) -> None:
    assert normal(entity_type, one) == normal(entity_type, other)


@pytest.mark.parametrize("entity_type", [EntityType.PASSWORD, EntityType.TOKEN, EntityType.PRIVATE_KEY])
def test_two_secrets_that_differ_in_case_are_two(entity_type: EntityType) -> None:
    assert normal(entity_type, "aB") != normal(entity_type, "ab")


# Each begins one family of shapes, again and again; the words in front open every family.
HEAD = (
    "password=host=Server= key token passport car plate born 생일 swift mac ° bc1 0x eyJ -----begin :// "
    "jdbc: ?pwd= accountkey= :aa sk- _ curl mysql docker login 비번 로그인 /pw cvc 뒷면 보안코드 ssh < "
)
HOSTILE = [
    *(
        "1 ",
        "1\n",
        "공 ",
        "이 일 ",
        "4111 1111 ",
        "+1",
        "37.12345,",
        "AB12 ",
        "A1",
        "GB82 WEST ",
        "1:",
        "a:",
        "::",
    ),
    *(
        "-",
        "0x",
        "bc1q",
        "eyJa.",
        "-----BEGIN PRIVATE KEY-----",
        "password:",
        "password to a ",
        "비밀번호",
        "key =",
    ),
    *(
        "://a:",
        "a://a:a@",
        "Server=a;",
        "host=a ",
        "?password=",
        "sk-a",
        "xoxb-",
        "12가",
        "서울12",
        "서울 12-",
    ),
    *(
        "1990-01-01 생일",
        "January 1",
        "37° ",
        "국민 123-45-",
        "passport A1234567",
        "plate AB-1",
        "1111",
        "'",
        "=",
        "curl -u a",
        "mysql ",
        "mysql -p",
        "ssh a@",
        "login a ",
        "a1!b2-",
        "pass a1! ",
        'password "a ',
        "cvc ",
        "tel_0",
        "10.0.0.1-",
        "<pw>",
    ),
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_costs_time_in_proportion_to_its_length(unit: str) -> None:
    def cost(length: int) -> float:
        folded = fold(HEAD + (unit * length)[:length])
        best = float("inf")
        for _ in range(2):
            before = time.process_time()
            for _ in scan(folded):
                pass
            best = min(best, time.process_time() - before)
        return best

    cost(500)
    # Four times the length: 4 where linear, 16 where quadratic.
    assert cost(8_000) < 9 * max(cost(2_000), 0.001)


def test_the_values_of_people_are_kept_nowhere_after_the_search() -> None:
    for row in RECOGNIZERS:
        assert not hasattr(row.possible, "cache_info")
