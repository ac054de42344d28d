# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What was hidden, kept with its conversation; what is not personal, kept for good."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.conversations import MIGRATIONS, ConversationStore
from assistant.database import Database


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    database = Database.open(tmp_path / "conversations.db", MIGRATIONS, None)
    yield ConversationStore(database, clock=lambda: 1000.0)
    database.close()


def test_a_vault_is_kept_and_replaced(store: ConversationStore) -> None:
    one, other = store.create().id, store.create().id
    assert store.vaults.load(one) is None
    store.vaults.save(one, "first")
    store.vaults.save(one, "second")
    assert store.vaults.load(one) == "second"
    assert store.vaults.load(other) is None


def test_a_vault_goes_with_its_conversation_and_not_before(store: ConversationStore) -> None:
    conversation = store.create().id
    store.vaults.save(conversation, "kept")
    store.delete(conversation)
    assert store.vaults.load(conversation) == "kept", "it can still be brought back"
    store.purge_deleted()
    assert store.vaults.load(conversation) is None
    store.vaults.save(conversation, "too late")
    assert store.vaults.load(conversation) is None


def test_what_is_not_personal_is_kept_once_until_it_is_taken_back(store: ConversationStore) -> None:
    for value in ("02-120", "1588-0000", "02-120"):
        store.vaults.allow("PHONE", value)
    store.vaults.allow("EMAIL", "help@example.com")
    assert store.vaults.allowed() == [
        ("PHONE", "02-120"),
        ("PHONE", "1588-0000"),
        ("EMAIL", "help@example.com"),
    ]
    store.vaults.disallow("PHONE", "02-120")
    store.vaults.disallow("PHONE", "nothing")
    assert store.vaults.allowed() == [("PHONE", "1588-0000"), ("EMAIL", "help@example.com")]
