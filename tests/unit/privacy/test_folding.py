# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The folded copy of a text, and the way back."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.entities import EntityType as Kind
from assistant.privacy.filter import find, mask
from assistant.privacy.folding import fold
from assistant.privacy.policy import STRICT
from assistant.privacy.restore import put_back
from assistant.privacy.vault import Vault


def test_plain_text_is_its_own_folded_copy() -> None:
    assert fold("plain 한글 010-1") == fold("plain 한글 010-1")
    assert fold("plain 한글 010-1").text == "plain 한글 010-1"


def test_one_spelling_is_left_of_each_digit_hyphen_space_and_sign() -> None:
    assert fold("０٣۴१𝟗 ‐–−ㅡ　＠．").text == "03419 ---- @."


def test_what_cannot_be_seen_is_left_out() -> None:
    assert fold("1\u200b2\u20603\ufeff4\u00ad5️⃣").text == "12345"


def test_a_change_of_case_divides_words() -> None:
    words = fold("accountNumber of USERid, myRRN_no2 한글words").latin_words
    assert {"account", "number", "of", "my", "rrn", "no", "words"} <= words
    assert "accountnumber" not in words


@pytest.mark.parametrize("filling", ["", "some words " * 1000])
def test_a_needle_is_held_in_any_case_within_a_word_and_over_a_blank(filling: str) -> None:
    folded = fold(f"{filling}DB_PassWord of the Bank Code 주민번호는")
    assert all(map(folded.holds, ("password", "db_", "bank code", "주민")))
    assert not any(map(folded.holds, ("passcode", "code bank")))
    asked = ("주민", "여권", "of")
    assert folded.said("주민|여권|of", asked) == (("주민", "of") if filling else asked), "of a short text all"


def test_a_letter_that_is_written_in_parts_becomes_one() -> None:
    assert fold(unicodedata.normalize("NFD", "각가 kïm パ")).text == "각가 kïm パ"
    assert fold("가\u11a8").text == "각"
    assert fold("q\u0301 \u1100 \u11a8").text == "q\u0301 \u1100 \u11a8"


def test_a_tab_is_a_blank_between_digits_alone() -> None:
    assert fold("1\t2\ta\t3").text == "1 2\ta\t3"


def test_every_end_of_a_line_is_one() -> None:
    assert fold("a\x0bb\x0cc\x85d\u2028e\u2029f\0g").text == "a\nb\nc\nd\ne\nf\ng"


@given(
    st.text(
        alphabet="a1１가\u200b\u2060-–\u1100\u1161\u11a8e\u0301\u0300\x07\t\u2028\U000e0100", max_size=30
    ),
    st.data(),
)
def test_a_span_leads_back_to_the_characters_it_came_from(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    start = data.draw(st.integers(0, len(folded.text)))
    end = data.draw(st.integers(start, len(folded.text)))
    if start == end:
        return
    first, last = folded.original(start, end)
    assert fold(text[first:last]).text.replace("\t", " ") == folded.text[start:end].replace("\t", " ")
    assert fold(text[first]).text != ""
    assert fold(text[last - 1]).text != ""
    assert last == len(text) or folded.original(0, len(folded.text))[1] >= last


IN_PARTS = [
    ("비밀번호는 hunter2pass!", Kind.PASSWORD, "hunter2pass!"),
    ("공일공 일이삼사 오육칠팔", Kind.PHONE, "공일공 일이삼사 오육칠팔"),
    ("국민은행 12345601123456", Kind.BANK_ACCOUNT, "12345601123456"),
    ("운전면허 111234567890", Kind.KR_DRIVER, "111234567890"),
    ("여권번호 M12345678", Kind.PASSPORT, "M12345678"),
    ("담당자: 김민수 부장", Kind.PERSON, "김민수"),
    ("kim@example.한국", Kind.EMAIL, "kim@example.한국"),
]


@pytest.mark.parametrize(("words", "kind", "value"), IN_PARTS)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_what_is_written_in_parts_is_found_and_comes_back_to_the_letter(
    words: str, kind: Kind, value: str, form: str
) -> None:
    text, expected = (unicodedata.normalize(form, each) for each in (f"{words}입니다", value))
    assert (kind, expected) in [(one.entity_type, one.text) for one in find(text)]
    vault = Vault("ko", exact=True)
    masked, _ = mask(text, vault, STRICT)
    assert expected not in masked
    assert put_back(masked, vault) == text


@pytest.mark.parametrize("sign", [*"\t\0\x0b\x0c\x1f\x85\u2028\u2029"])
@pytest.mark.parametrize(
    ("groups", "kind"),
    [
        (("010", "1234", "5678"), Kind.PHONE),
        (("4111", "1111", "1111", "1111"), Kind.CARD),
        (("900101", "1234568"), Kind.KR_RRN),
    ],
)
def test_no_end_of_a_line_hides_a_number(sign: str, groups: tuple[str, ...], kind: Kind) -> None:
    number = sign.join(groups)
    assert [(one.entity_type, one.text) for one in find(f"a {number} b")] == [(kind, number)]


@pytest.mark.parametrize("sign", [*"\x01\x08\x1b\x7f\ufff9\ufffb\U000e0031\U000e0100"])
@pytest.mark.parametrize("value", ["010-12{}34-5678", "kim@exam{}ple.com", "9001{}01-1234568"])
def test_nothing_that_is_not_seen_hides_a_value(sign: str, value: str) -> None:
    hidden = value.format(sign)
    assert [one.text for one in find(f"a {hidden} b")] == [hidden]


@given(st.text(alphabet="a@.b 0123-김가각\u1100\u1161\u11a8e\u0301\x07\t\u2028비밀번호는", max_size=60))
def test_any_text_comes_back_to_the_letter(text: str) -> None:
    vault = Vault("ko", exact=True)
    assert put_back(mask(text, vault)[0], vault) == text


def test_environments_of_programs_are_lists() -> None:
    found = find("MAIL=kim@example.com\0PHONE=010-1234-5678\0")
    assert [one.text for one in found] == ["kim@example.com", "010-1234-5678"]
