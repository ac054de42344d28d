# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Several texts masked by one vault: every way back, and nothing left on the way out."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.entities import EntityType
from assistant.privacy.filter import find
from assistant.privacy.masking import Masked, masked_together
from assistant.privacy.policy import STRICT, named
from assistant.privacy.restore import put_back
from assistant.privacy.vault import Vault

VALUES = (
    *("kim@example.com", "Lee.Park@example.co.kr", "010-1234-5678", "010 9876 5432", "+82 10-2345-6789"),
    *("4111 1111 1111 1111", "5555-5555-5555-4444", "900101-1234568", "02-123-4567"),
)
AROUND = (
    *("전화는 ", "Write to ", "로 보내세요. ", " and ", "\n", "? ", "[EMAIL_1] ", "EMAIL_1, ", "[x](mailto:"),
    *(") ", "주문번호 20240101-0001 ", "the 5th_day ", "［이메일_2］", "\\[KR_RRN\\_1\\] ", "🙂 ", ", "),
)
texts = st.lists(st.sampled_from([*VALUES, *AROUND]), max_size=10).map("".join)
spaced = st.lists(st.sampled_from([*VALUES, *AROUND]), max_size=10).map(" ".join)


def masked(given: list[str], vault: Vault) -> list[Masked]:
    return masked_together(given, vault, STRICT, find)


@given(st.lists(texts, max_size=5), st.sampled_from(["en", "ko"]))
@settings(deadline=None, max_examples=200)
def test_every_text_comes_back_to_the_letter(written: list[str], language: str) -> None:
    vault = Vault(language, exact=True)
    shown = masked(written, vault)
    assert [put_back(one.text, vault) for one in shown] == written
    stored = Vault.from_json(vault.to_json())
    assert [put_back(one.text, stored) for one in shown] == written
    assert [one.text for one in masked(written, stored)] == [one.text for one in shown]
    assert stored.size == vault.size, "nothing new the second time"


@given(st.lists(spaced, max_size=5))
@settings(deadline=None, max_examples=200)
def test_no_value_that_was_hidden_once_is_left_in_any_text(written: list[str]) -> None:
    vault = Vault()
    shown = "\n".join(one.text for one in masked(written, vault))
    hidden = [value for _, _, value in vault.hidden()]
    assert not [value for value in hidden if value in shown.replace("[LITERAL", "")]


@given(spaced)
@settings(deadline=None, max_examples=100)
def test_masking_what_is_masked_hides_nothing_twice(written: str) -> None:
    vault = Vault(exact=True)
    (once,) = masked([written], vault)
    (twice,) = masked([once.text], vault)
    assert twice.hidden == ()
    assert put_back(put_back(twice.text, vault), vault) == put_back(once.text, vault)


def test_a_policy_that_shows_a_type_shows_it_although_the_vault_knows_it() -> None:
    vault = Vault()
    masked(["kim@example.com"], vault)
    shown = named("own", {"EMAIL": "ignore"})
    (one,) = masked_together(["kim@example.com 010-1234-5678"], vault, shown, find)
    assert one.text == "kim@example.com [PHONE_1]"
    assert [entity.entity_type for entity in one.hidden] == [EntityType.PHONE]


def test_many_known_values_cost_no_more_than_few() -> None:
    vault = Vault()
    for number in range(20_000):
        vault.placeholder(EntityType.EMAIL, f"person{number}@example.com")
        vault.placeholder(EntityType.PHONE, f"010-{number // 10000 + 1000}-{number % 10000:04}")
    text = "Nothing to see here, but person7@example.com and 010-1000-0007 in 2,000 words. " * 200
    before = time.process_time()
    assert len(list(vault.known(text))) == 400
    assert time.process_time() - before < 0.3
