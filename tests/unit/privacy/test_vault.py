# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The vault: values and placeholders, both ways, and stored."""

import pytest

from assistant.entities import EntityType
from assistant.errors import DatabaseError
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
