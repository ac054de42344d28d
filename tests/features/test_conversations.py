# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The stories of conversations.feature, with fake engines."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_bdd import parsers, scenarios, then, when

from assistant import chat
from assistant.conversations import SearchHit
from assistant.messages import FinishReason
from assistant.opening import open_assistant
from assistant.paths import Home
from tests.assistants import FAKE_ENGINES
from tests.features.conftest import Person

scenarios("conversations.feature")


@pytest.fixture
def person(ready_home: Home, notes_folder: Path) -> Iterator[Person]:
    someone = Person(open_assistant(ready_home, FAKE_ENGINES), notes_folder, FAKE_ENGINES)
    yield someone
    someone.maru.close()


@when("I quit Maru and start it again")
def _restart(person: Person) -> None:
    person.restart()


@then(parsers.parse('my conversation is there with the answer "{words}"'))
def _still_there(person: Person, words: str) -> None:
    [conversation] = person.maru.conversations.all()
    branch = person.maru.conversations.branch(conversation.id)
    assert branch[-1].message.content == words
    assert branch[-1].finish_reason is FinishReason.STOP


@then(parsers.parse('my documents are still "{name}"'))
def _documents_still(person: Person, name: str) -> None:
    assert [row.path.name for row in person.maru.library.documents()] == [name]


@when(parsers.parse('I change the question to "{question}"'))
def _edit(person: Person, question: str) -> None:
    """Ask in the place of the question before: below the same message."""
    options = person.maru.starting_options()
    conversation = person.answer.conversation_id
    *_, last = person.maru.ask(conversation, question, options, threading.Event(), None)
    assert isinstance(last, chat.Answered)
    person.answered = last.message


@then(parsers.parse("there are {count:d} versions of the question"))
def _versions_of_question(person: Person, count: int) -> None:
    question = person.maru.conversations.branch(person.answer.conversation_id)[0]
    assert (question.version, question.versions) == (count, count)


@when(parsers.parse("I go back to version {number:d}"))
def _go_back(person: Person, number: int) -> None:
    store = person.maru.conversations
    question = store.branch(person.answer.conversation_id)[0]
    store.choose(store.siblings(question.id)[number - 1])
    person.answered = store.branch(person.answer.conversation_id)[-1]


@when("I ask for another answer")
def _ask_again(person: Person) -> None:
    assert person.answer.parent_id is not None
    options = person.maru.starting_options()
    *_, last = person.maru.ask_again(person.answer.parent_id, options, threading.Event())
    assert isinstance(last, chat.Answered)
    person.answered = last.message


@then(parsers.parse("there are {count:d} versions of the answer"))
def _versions_of_answer(person: Person, count: int) -> None:
    assert (person.answer.version, person.answer.versions) == (count, count)


@when(parsers.parse('I ask "{question}" and stop after the first words'))
def _ask_and_stop(person: Person, question: str) -> None:
    stop = threading.Event()
    conversation = person.maru.conversations.create().id
    for event in person.maru.ask(conversation, question, person.maru.starting_options(), stop):
        if isinstance(event, chat.TokenText):
            stop.set()


@then(parsers.parse('the answer begins with "{words}" and is marked as stopped'))
def _stopped(person: Person, words: str) -> None:
    [conversation] = person.maru.conversations.all()
    answer = person.maru.conversations.branch(conversation.id)[-1]
    assert answer.message.content.startswith(words)
    assert answer.finish_reason is FinishReason.CANCELLED


@when(parsers.parse('I look for "{words}"'), target_fixture="hits")
def _look_for(person: Person, words: str) -> list[SearchHit]:
    return person.maru.conversations.search(words)


@then(parsers.parse('one conversation is found, and it says "{words}"'))
def _one_found(hits: list[SearchHit], words: str) -> None:
    assert len({hit.conversation_id for hit in hits}) == 1
    assert any(words in hit.excerpt for hit in hits)


@when("I delete the conversation")
def _delete(person: Person) -> None:
    person.maru.conversations.delete(person.answer.conversation_id)


@then("there is no conversation")
def _none(person: Person) -> None:
    assert person.maru.conversations.all() == []


@when("I undo that")
def _undo(person: Person) -> None:
    person.maru.conversations.undelete(person.answer.conversation_id)
