# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Finding, masking and restoring a whole text."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.entities import Entity, EntityType, Evidence, count_by_type
from assistant.privacy.filter import find, mask, restore
from assistant.privacy.restore import put_back
from assistant.privacy.spans import Span
from assistant.privacy.vault import Vault

MAIL = "kim@example.com"
PHONE = "010-1234-5678"

# Everything that masking gives a meaning to, in pieces that may be put together wrongly.
PIECES = [
    *(MAIL, "KIM@example.COM", "lee@x.co.kr", PHONE, "01012345678", "+82 10-1234-5678"),
    *("４１１１ 1111 1111 1111", "900101-1234568", "1588-1234", "전화 ", "call "),
    *("[EMAIL_1]", "[email 1]", "［ 이메일_1 ］", "EMAIL_1", "이메일_1", "KR_RRN_1", "[LITERAL_1]", "원문_1"),
    *(
        "[",
        "]",
        "［",
        "］",
        "[[",
        "]]",
        "\\",
        "_",
        "EMAIL",
        "EMAIL_",
        "PHONE",
        "전화",
        "원문",
        "1",
        "12",
        "0",
    ),
    *(" ", "\n", "\u200b", "\u00a0", "-", ".", "@", "로", "a", "ſ", "\u0130", "🙂", "\U0001d7d8", "\u202e"),
]
texts = st.lists(st.sampled_from(PIECES), max_size=24).map("".join) | st.text(max_size=80)


def test_entities_come_in_order_with_spans_of_the_text_itself() -> None:
    text = f"🙂\u200b {PHONE}로, 메일은 ｋｉｍ＠ｘ.com"
    found = find(text)
    assert [entity.entity_type for entity in found] == [EntityType.PHONE, EntityType.EMAIL]
    assert [text[entity.start : entity.end] for entity in found] == [PHONE, "ｋｉｍ＠ｘ.com"]


@given(texts)
@settings(deadline=None)
def test_entities_never_overlap_and_hold_their_own_text(text: str) -> None:
    end = 0
    for entity in find(text):
        assert end <= entity.start < entity.end <= len(text)
        assert text[entity.start : entity.end] == entity.text
        end = entity.end


def test_where_two_types_fit_the_surer_one_wins() -> None:
    (found,) = find("전화 말고 주민번호 900101-1234568")
    assert found.entity_type is EntityType.KR_RRN


def test_the_longer_of_two_equal_ones_wins() -> None:
    (found,) = find("+1-984-182-0190")
    assert found.text == "+1-984-182-0190"


def test_of_an_address_that_holds_another_value_the_rest_stays_an_address() -> None:
    def all_of_it(folded: str) -> list[Span]:
        return [Span(EntityType.ADDRESS, 0, len(folded), 0.8, Evidence.SHAPE)]

    found = find(f"12 Harbour Road, {PHONE}; {MAIL}, Busan.", [all_of_it])
    assert [(one.entity_type, one.text) for one in found] == [
        (EntityType.ADDRESS, "12 Harbour Road"),
        (EntityType.PHONE, PHONE),
        (EntityType.EMAIL, MAIL),
        (EntityType.ADDRESS, "Busan"),
    ]


def test_masking_hides_each_value_behind_a_placeholder_of_its_type() -> None:
    masked, entities = mask(f"{MAIL}로, {PHONE}로, {MAIL}", Vault())
    assert masked == "[EMAIL_1]로, [PHONE_1]로, [EMAIL_1]"
    assert count_by_type(entities) == {"EMAIL": 2, "PHONE": 1}


def test_a_korean_conversation_has_korean_placeholders() -> None:
    text = f"{MAIL} {PHONE} 4111-1111-1111-1111 900101-1234568"
    assert mask(text, Vault("ko"))[0] == "[이메일_1] [전화_1] [카드_1] [주민등록번호_1]"


def test_text_without_personal_data_is_not_touched() -> None:
    text = "The rent is 850 a month [1], due on the 5th_day. 월세는 850,000원입니다."
    assert mask(text, Vault()) == (text, [])


@given(texts)
@settings(deadline=None, max_examples=400)
def test_restoring_undoes_masking_to_the_letter(text: str) -> None:
    vault = Vault(exact=True)
    assert put_back(mask(text, vault)[0], vault) == text


@given(st.lists(texts, max_size=4), st.sampled_from(["en", "ko"]))
@settings(deadline=None, max_examples=200)
def test_restoring_undoes_masking_after_other_texts_went_through_the_vault(
    earlier: list[str], language: str
) -> None:
    vault = Vault(language, exact=True)
    pairs = [(mask(text, vault)[0], text) for text in earlier]
    assert [put_back(masked, vault) for masked, _ in pairs] == [text for _, text in pairs]


@given(texts)
@settings(deadline=None, max_examples=200)
def test_in_a_conversation_a_value_comes_back_in_its_first_spelling(text: str) -> None:
    vault = Vault()
    masked, _ = mask(text, vault)
    again, _ = mask(put_back(masked, vault), vault)
    assert put_back(again, vault) == put_back(masked, vault)


@given(texts)
@settings(deadline=None, max_examples=200)
def test_nothing_that_was_found_is_left_in_the_masked_text(text: str) -> None:
    masked, entities = mask(text, Vault())
    literals = "".join(text[start:end] for start, end in _between(entities, len(text)))
    for entity in entities:
        assert entity.text not in masked or entity.text in literals


def _between(entities: list[Entity], length: int) -> list[tuple[int, int]]:
    edges = [0, *(edge for entity in entities for edge in (entity.start, entity.end)), length]
    return list(zip(edges[::2], edges[1::2], strict=True))


@pytest.mark.parametrize(
    "lookalike",
    ["[EMAIL_1]", "[email_1]", "[ Email 1 ]", "［이메일_1］", "EMAIL_1", r"\[EMAIL\_1\]", f"{MAIL}이메일_1"],
)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_document_cannot_pull_out_the_owners_address(lookalike: str, language: str) -> None:
    vault = Vault(language)
    owner = "owner@secret.org"
    mask(f"my address is {owner}", vault)
    masked, _ = mask(lookalike, vault)
    assert restore(masked, vault) == lookalike


HOSTILE = [
    *(
        "a",
        "1",
        "1 ",
        "1-",
        "a@",
        "a.",
        "@",
        "a@1.1.",
        "+",
        "(",
        "-",
        "010-1234-",
        "phone1 ",
        "[",
        "[ ",
        "\\",
    ),
    *(
        "EMAIL_",
        "EMAIL_1",
        "이메일_",
        "1\u200b",
        "가@가.",
        "01 23 ",
        "4111 1111 ",
        "010-1234-5678 ",
        "800101-1",
    ),
    *("+1 1 1 1 1 1 1", "전화", "ext", "ａ＠"),
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_costs_time_in_proportion_to_its_length(unit: str) -> None:
    def cost(length: int) -> float:
        text = (unit * length)[:length]
        best = float("inf")
        for _ in range(3):
            vault = Vault()
            before = time.process_time()
            restore(mask(text, vault)[0], vault)
            best = min(best, time.process_time() - before)
        return best

    cost(1_000)
    # Four times the length: 4 where linear, 16 where quadratic.
    assert cost(20_000) < 9 * max(cost(5_000), 0.001)


def test_one_endless_address_costs_no_more() -> None:
    before = time.process_time()
    find("a@" + "b." * 200_000)
    find("a@" + "b-" * 200_000)
    assert time.process_time() - before < 20
