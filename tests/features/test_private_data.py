# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The stories of private_data.feature, with a fake engine that repeats what it sees."""

from pathlib import Path

import pytest
from pytest_bdd import parsers, scenarios, then

from assistant import chat
from assistant.app import Assistant
from tests.assistants import FAKE_ENGINES
from tests.features.conftest import Person

scenarios("private_data.feature")


@pytest.fixture
def person(fake_assistant: Assistant, notes_folder: Path) -> Person:
    return Person(fake_assistant, notes_folder, FAKE_ENGINES)


@then(parsers.parse('the model has not seen "{words}"'))
def _not_seen(person: Person, words: str) -> None:
    assert person.receipt.prompt_as_seen
    assert words not in person.receipt.prompt_as_seen


@then(parsers.parse('the model has seen "{words}"'))
def _seen(person: Person, words: str) -> None:
    assert words in person.receipt.prompt_as_seen


@then(parsers.parse("Maru says that it hid {count:d} {kind}"))
def _hid(person: Person, count: int, kind: str) -> None:
    assert chat.Masked({kind: count}) in person.events


@then(parsers.parse('the sources show "{words}"'))
def _sources_show(person: Person, words: str) -> None:
    assert any(words in passage.text for passage in person.receipt.passages)
