# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Policies: what each does with every type, and what a person allows."""

from assistant.entities import Entity, EntityGroup, EntityType
from assistant.privacy.filter import mask
from assistant.privacy.policy import (
    OWN,
    POLICIES,
    RELAXED,
    STANDARD,
    STRICT,
    Action,
    Found,
    for_remote,
    item_of,
    judged,
    named,
)
from assistant.privacy.vault import Vault
from assistant.settings import Settings, about

MAIL = Entity(EntityType.EMAIL, 0, 16, 0.95, "Kim@Example.co.kr")
NAME = Entity(EntityType.PERSON, 0, 3, 0.9, "김민수")


def of(entity_type: EntityType) -> Entity:
    return Entity(entity_type, 0, 1, 0.9, "x")


def test_every_policy_has_an_action_for_every_type() -> None:
    assert set(POLICIES) == {"relaxed", "standard", "strict"}
    assert all(set(each.actions) == set(EntityType) for each in POLICIES.values())


def test_standard_hides_contact_money_identity_and_secrets_and_tells_of_the_rest() -> None:
    hidden = {
        kind
        for group in (EntityGroup.CONTACT, EntityGroup.MONEY, EntityGroup.IDENTITY, EntityGroup.SECRETS)
        for kind in group.types
    }
    for kind in EntityType:
        assert STANDARD.action(of(kind)) is (Action.MASK if kind in hidden else Action.WARN), kind


def test_relaxed_tells_of_contact_and_leaves_people_alone() -> None:
    assert RELAXED.action(of(EntityType.EMAIL)) is Action.WARN
    assert RELAXED.action(of(EntityType.PERSON)) is Action.IGNORE
    for group in (EntityGroup.MONEY, EntityGroup.IDENTITY, EntityGroup.SECRETS):
        assert all(RELAXED.hides(of(kind)) for kind in group.types)


def test_each_policy_hides_at_least_what_the_one_before_hides() -> None:
    for kind in EntityType:
        hides = [policy.hides(of(kind)) for policy in (RELAXED, STANDARD, STRICT)]
        assert hides == sorted(hides)
        assert hides[-1]


def test_what_is_called_not_personal_is_allowed_in_any_spelling() -> None:
    policy = STRICT.allowing([item_of(MAIL)])
    assert policy.action(MAIL) is Action.IGNORE
    assert policy.action(Entity(EntityType.EMAIL, 0, 17, 0.95, "kim@example.CO.KR")) is Action.IGNORE
    assert policy.action(of(EntityType.EMAIL)) is Action.MASK
    assert policy.action(NAME) is Action.MASK


def test_a_policy_of_ones_own_is_standard_but_for_what_was_chosen() -> None:
    policy = named(OWN, {"PERSON": "mask", "EMAIL": "block", "NOTHING": "mask", "IP": "nothing"})
    assert policy.action(NAME) is Action.MASK
    assert policy.action(MAIL) is Action.BLOCK
    assert policy.hides(MAIL)
    assert policy.action(of(EntityType.IP)) is Action.WARN
    assert named("strict") is STRICT


def test_another_machine_sees_nothing_that_is_found() -> None:
    blocking = named(OWN, {"CARD": "block", "PERSON": "ignore"})
    for policy in (*POLICIES.values(), blocking):
        assert all(for_remote(policy).hides(of(kind)) for kind in EntityType)
    assert for_remote(blocking).action(of(EntityType.CARD)) is Action.BLOCK


def test_what_is_found_is_shown_with_what_is_done_with_it() -> None:
    assert judged([MAIL, NAME], STANDARD) == [Found(MAIL, Action.MASK), Found(NAME, Action.WARN)]


def test_masking_hides_what_the_policy_hides_and_nothing_else() -> None:
    text = "kim@example.com, card 4111 1111 1111 1111, [EMAIL_1]"
    masked, hidden = mask(text, Vault(), RELAXED)
    assert masked == "kim@example.com, card [CARD_1], [LITERAL_1]"
    assert [entity.entity_type for entity in hidden] == [EntityType.CARD]


def test_the_settings_offer_every_policy_and_begin_with_standard() -> None:
    assert about("privacy").choices == (*POLICIES, OWN)
    assert named(Settings().privacy, Settings().privacy_actions) is STANDARD
