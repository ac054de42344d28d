# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The vault: values and placeholders, both ways, and stored."""

import pytest

from assistant.entities import Entity, EntityType
from assistant.errors import DatabaseError
from assistant.privacy.masking import masked_together
from assistant.privacy.policy import STANDARD, STRICT
from assistant.privacy.vault import LABELS, LITERAL, Vault


def test_a_value_keeps_its_placeholder_and_another_gets_another() -> None:
    vault = Vault()
    assert vault.placeholder(EntityType.EMAIL, "kim@x.com") == "[EMAIL_1]"
    assert vault.placeholder(EntityType.EMAIL, "lee@x.com") == "[EMAIL_2]"
    assert vault.placeholder(EntityType.EMAIL, "kim@x.com") == "[EMAIL_1]"
    assert vault.placeholder(EntityType.PHONE, "010-1234-5678") == "[PHONE_1]"


def test_two_spellings_are_one_value_and_come_back_as_the_first() -> None:
    vault = Vault()
    assert vault.placeholder(EntityType.EMAIL, "kim@x.com") == vault.placeholder(
        EntityType.EMAIL, "KIM@X.COM"
    )
    assert vault.value("EMAIL", 1) == "kim@x.com"


def test_an_exact_vault_keeps_spellings_apart() -> None:
    vault = Vault(exact=True)
    assert vault.placeholder(EntityType.EMAIL, "kim@x.com") != vault.placeholder(
        EntityType.EMAIL, "KIM@X.COM"
    )


def test_literals_differ_by_every_letter() -> None:
    vault = Vault()
    assert vault.placeholder(LITERAL, "[EMAIL_1]") != vault.placeholder(LITERAL, "[email_1]")


def test_labels_of_either_language_lead_to_the_value() -> None:
    vault = Vault("ko")
    assert vault.placeholder(EntityType.EMAIL, "kim@x.com") == "[이메일_1]"
    assert vault.value("EMAIL", 1) == vault.value("이메일", 1) == "kim@x.com"


@pytest.mark.parametrize(("label", "number"), [("EMAIL", 2), ("EMAIL", 0), ("PHONE", 1), ("NOTHING", 1)])
def test_what_was_never_hidden_has_no_value(label: str, number: int) -> None:
    vault = Vault()
    vault.placeholder(EntityType.EMAIL, "kim@x.com")
    assert vault.value(label, number) is None


def test_every_type_has_a_label_of_its_own_in_every_language() -> None:
    labels = [label for named in LABELS.values() for label in named.values()]
    assert set(LABELS) == {*EntityType, LITERAL}
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("exact", [False, True])
def test_a_stored_vault_goes_on_where_it_was(exact: bool) -> None:
    vault = Vault("ko", exact)
    vault.placeholder(EntityType.EMAIL, "kim@x.com")
    vault.placeholder(EntityType.EMAIL, "KIM@X.COM")
    vault.placeholder(LITERAL, "[EMAIL_1]")
    again = Vault.from_json(vault.to_json())
    assert again == vault
    assert again.placeholder(EntityType.EMAIL, "lee@x.com") == vault.placeholder(
        EntityType.EMAIL, "lee@x.com"
    )


@pytest.mark.parametrize(
    "stored", ["", "null", "[]", "{}", '{"language": "en", "exact": false, "values": {"NOTHING": ["a"]}}']
)
def test_a_damaged_vault_is_told_in_a_sentence_without_its_contents(stored: str) -> None:
    with pytest.raises(DatabaseError) as raised:
        Vault.from_json(stored)
    assert "damaged" in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_vault_shows_none_of_its_values_in_a_log() -> None:
    vault = Vault()
    vault.placeholder(EntityType.EMAIL, "kim@x.com")
    assert "kim" not in repr(vault)


def test_a_value_of_two_types_keeps_its_first_placeholder() -> None:
    vault = Vault()
    number = Entity(EntityType.PHONE, 0, 13, 0.9, "010-1234-5678")
    account = Entity(EntityType.BANK_ACCOUNT, 0, 13, 0.9, "010-1234-5678")
    for found in (number, account):
        masked = masked_together(["010-1234-5678"], vault, STANDARD, lambda _text, one=found: [one])
        assert masked[0].text == "[PHONE_1]"


def test_what_was_hidden_once_is_hidden_where_nothing_gives_it_away() -> None:
    vault = Vault("ko")
    vault.placeholder(EntityType.PERSON, "김민수")
    texts = ["김민수는 누구? 김민수씨, 새김민수, 김민", "Nothing here"]
    masked = masked_together(texts, vault, STRICT, lambda _text: [])
    assert masked[0].text == "[이름_1]는 누구? [이름_1]씨, 새김민수, 김민"
    assert [one.text for one in masked[0].hidden] == ["김민수", "김민수"]
    assert masked[1].text == texts[1]
    assert masked_together(texts, vault, STANDARD, lambda _text: [])[0].text == texts[0], "told, not hidden"


def test_a_value_that_only_begins_like_a_hidden_one_is_another() -> None:
    vault = Vault()
    vault.placeholder(EntityType.BANK_ACCOUNT, "110-1234")
    vault.placeholder(EntityType.PASSWORD, "maple7")
    vault.placeholder(EntityType.PASSWORD, "4711")
    text = "110-12345, 0110-1234, maple77, xmaple7, 4711; 110-1234, maple7."
    (masked,) = masked_together([text], vault, STANDARD, lambda _text: [])
    assert masked.text == ("110-12345, 0110-1234, maple77, xmaple7, 4711; [BANK_ACCOUNT_1], [PASSWORD_1].")


def test_what_a_later_text_tells_is_hidden_in_an_earlier_one_of_the_same_question() -> None:
    def find(text: str) -> list[Entity]:
        at = text.find("Dr. ") + 4
        return [Entity(EntityType.PERSON, at, at + 5, 0.9, text[at : at + 5])] if at > 3 else []

    first, second = masked_together(["Who is Weber?", "Dr. Weber"], Vault(), STRICT, find)
    assert (first.text, second.text) == ("Who is [PERSON_1]?", "Dr. [PERSON_1]")


def test_a_vault_whose_values_became_one_keeps_every_placeholder() -> None:
    stored = '{"language": "en", "exact": false, "values": {"EMAIL": ["a@x.com", "A@x.com", "b@x.com"]}}'
    vault = Vault.from_json(stored)
    assert vault.value("EMAIL", 3) == "b@x.com"
    assert vault.placeholder(EntityType.EMAIL, "A@X.COM") == "[EMAIL_1]"
    assert vault.placeholder(EntityType.EMAIL, "c@x.com") == "[EMAIL_4]"


def test_what_was_kept_back_is_kept_with_the_vault_and_may_lack_in_an_older_one() -> None:
    vault = Vault()
    assert vault.choose(frozenset(), {(EntityType.IP, "203.0.113.7")})
    assert not vault.choose(frozenset(), {(EntityType.IP, "203.0.113.7")})
    assert Vault.from_json(vault.to_json()).kept_back == {(EntityType.IP, "203.0.113.7")}
    assert Vault.from_json('{"language": "en", "exact": false, "values": {}}').kept_back == set()


def test_what_was_let_through_is_kept_with_the_vault() -> None:
    vault = Vault()
    vault.let_through.add((EntityType.EMAIL, "kim@x.com"))
    assert Vault.from_json(vault.to_json()).let_through == {(EntityType.EMAIL, "kim@x.com")}


def test_a_vault_lists_what_it_hides_but_no_literals() -> None:
    vault = Vault("ko")
    vault.placeholder(LITERAL, "[EMAIL_1]")
    vault.placeholder(EntityType.PHONE, "010-1234-5678")
    vault.placeholder(EntityType.EMAIL, "kim@x.com")
    assert vault.hidden() == [
        ("[이메일_1]", EntityType.EMAIL, "kim@x.com"),
        ("[전화_1]", EntityType.PHONE, "010-1234-5678"),
    ]
