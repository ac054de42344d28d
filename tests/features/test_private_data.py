# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The stories of private_data.feature, with a fake engine that repeats what it sees."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from assistant import chat
from assistant.errors import BlockedError
from assistant.opening import open_assistant
from assistant.paths import Home
from assistant.privacy.policy import OWN, item_of
from tests.assistants import FAKE_ENGINES
from tests.features.conftest import Person

scenarios("private_data.feature")


@pytest.fixture
def person(ready_home: Home, notes_folder: Path) -> Iterator[Person]:
    person = Person(open_assistant(ready_home, FAKE_ENGINES), notes_folder, FAKE_ENGINES)
    yield person
    person.maru.close()


@pytest.fixture
def refused() -> list[BlockedError]:
    """Return what was refused, filled by the steps."""
    return []


@given(parsers.parse('I let "{value}" through'))
def _let_through(person: Person, value: str) -> None:
    items = frozenset(item_of(one.entity) for one in person.maru.privacy.preview(None, value))
    assert items
    chosen = replace(person.maru.starting_options(), let_through=items)
    person.maru.starting_options = lambda: chosen  # type: ignore[method-assign]


@given(parsers.parse('I keep "{value}" back'))
def _keep_back(person: Person, value: str) -> None:
    items = frozenset(item_of(one.entity) for one in person.maru.privacy.preview(None, value))
    assert items
    chosen = replace(person.maru.starting_options(), kept_back=items)
    person.maru.starting_options = lambda: chosen  # type: ignore[method-assign]


@given(parsers.parse('I said that "{value}" is not personal'))
def _not_personal(person: Person, value: str) -> None:
    found = person.maru.privacy.preview(None, value)
    assert found
    for one in found:
        person.maru.privacy.allow(one.entity)


@given(parsers.parse('I chose never to send "{kind}"'))
def _never_send(person: Person, kind: str) -> None:
    person.maru.apply(replace(person.maru.settings, privacy=OWN, privacy_actions={kind: "block"}))


@given(parsers.parse('I chose the policy "{name}"'))
def _policy(person: Person, name: str) -> None:
    person.maru.apply(replace(person.maru.settings, privacy=name))


@when("I quit Maru and start again")
def _restart(person: Person) -> None:
    person.restart()


@when(parsers.parse('I try to ask "{question}"'))
def _try(person: Person, question: str, refused: list[BlockedError]) -> None:
    conversation = person.maru.conversations.create()
    options = person.maru.starting_options()
    with pytest.raises(BlockedError) as raised:
        list(person.maru.ask(conversation.id, question, options, threading.Event()))
    refused.append(raised.value)


@then(parsers.parse('Maru refuses because of "{kind}"'))
def _refused(refused: list[BlockedError], kind: str) -> None:
    assert kind in str(refused[0])


@then("nothing of it is kept")
def _nothing_kept(person: Person) -> None:
    (conversation,) = person.maru.conversations.all()
    assert person.maru.conversations.branch(conversation.id) == []
    assert conversation.title == ""
    assert person.maru.privacy.hidden(conversation.id) == []


@then(parsers.parse("{count:d} values are hidden in the conversation"))
def _hidden_in(person: Person, count: int) -> None:
    assert len(person.maru.privacy.hidden(person.answer.conversation_id)) == count


@then("Maru hides nothing")
def _hides_nothing(person: Person) -> None:
    assert person.receipt.masked == {}
    assert not any(isinstance(event, chat.Masked) for event in person.events)


@then(parsers.parse('"{words}" is marked as made up'))
def _made_up(person: Person, words: str) -> None:
    said = person.answer.message.content
    assert [said[start:end] for start, end in person.receipt.invented] == [words]


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


@then(parsers.parse("Maru says that the model sees {count:d} {kind}"))
def _sees(person: Person, count: int, kind: str) -> None:
    assert chat.Masked({}, {kind: count}) in person.events
    assert person.receipt.told == {kind: count}


@then(parsers.parse('the sources show "{words}"'))
def _sources_show(person: Person, words: str) -> None:
    assert any(words in passage.text for passage in person.receipt.passages)
