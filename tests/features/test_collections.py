# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The stories of collections.feature, with fake engines and the real watching of folders."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from assistant import chat
from assistant.app import Assistant
from assistant.errors import NotFoundError
from assistant.opening import open_assistant
from assistant.paths import Home
from tests.assistants import FAKE_ENGINES
from tests.waiting import until

scenarios("collections.feature")

QUESTION = "How much is the monthly rent?"
PATIENCE_S = 60.0


@dataclass
class Owner:
    """Who has a folder and a Maru."""

    home: Home
    folder: Path
    maru: Assistant
    conversation: int = 0

    def found(self, words: str) -> dict[str, str]:
        """Return the text found in each document that holds the first of the words."""
        first = words.split(maxsplit=1)[0]
        passages = self.maru.library.search(words, limit=50).found
        return {Path(one.document).name: one.text for one in passages if first in one.text}

    def until(self, true: Callable[[], object]) -> None:
        until(true, self.maru.library.documents, PATIENCE_S)

    def sources(self, conversation: int) -> set[str]:
        """Ask in a conversation; return the names of the documents that were found."""
        events = self.maru.ask(conversation, QUESTION, self.maru.starting_options(), threading.Event())
        sources = [one.passages for one in events if isinstance(one, chat.Sources)]
        return {Path(one.document).name for found in sources for one in found.found}


@pytest.fixture
def owner(ready_home: Home, tmp_path: Path) -> Iterator[Owner]:
    made = Owner(ready_home, tmp_path, open_assistant(ready_home, FAKE_ENGINES))
    yield made
    made.maru.close()


@given(parsers.parse('a folder "{folder}" with a note "{name}" that says "{words}"'))
def _folder(owner: Owner, folder: str, name: str, words: str) -> None:
    owner.folder = owner.folder / folder
    owner.folder.mkdir()
    (owner.folder / name).write_text(words, encoding="utf-8")


@when(parsers.parse('I give the folder to the collection "{collection}"'))
def _give(owner: Owner, collection: str) -> None:
    owner.maru.indexing.watch(collection, owner.folder)


@when(parsers.parse('the note "{name}" says "{words}" from now on'))
def _says(owner: Owner, name: str, words: str) -> None:
    (owner.folder / name).write_text(words, encoding="utf-8")


@when(parsers.parse('the note "{name}" is renamed to "{new}"'))
def _renamed(owner: Owner, name: str, new: str) -> None:
    (owner.folder / name).rename(owner.folder / new)


@when(parsers.parse('the note "{name}" is deleted'))
def _deleted(owner: Owner, name: str) -> None:
    (owner.folder / name).unlink()


@when("I quit Maru")
def _quit(owner: Owner) -> None:
    owner.maru.close()


@when("I start Maru again")
def _start(owner: Owner) -> None:
    owner.maru = open_assistant(owner.home, FAKE_ENGINES)
    owner.maru.prepare()


@when(parsers.parse('I drop the note "{name}" into a conversation'))
def _drop(owner: Owner, name: str) -> None:
    owner.conversation = owner.maru.conversations.create("mine").id
    owner.maru.indexing.add_to_conversation([owner.folder / name], owner.conversation)

    def read() -> bool:
        own = owner.maru.library.conversation_collection(owner.conversation)
        return own is not None and own.documents == 1

    owner.until(read)


@when("I delete that conversation for good")
def _delete(owner: Owner) -> None:
    owner.maru.conversations.delete(owner.conversation)
    owner.maru.conversations.purge_deleted()
    owner.maru.prepare()


@then(parsers.parse('"{name}" is found by "{words}"'))
def _found(owner: Owner, name: str, words: str) -> None:
    owner.until(lambda: list(owner.found(words)) == [name])


@then(parsers.parse('what is found by "{words}" says "{said}"'))
def _found_saying(owner: Owner, words: str, said: str) -> None:
    owner.until(lambda: [said in text for text in owner.found(words).values()] == [True])


@then(parsers.parse('nothing is found by "{words}"'))
def _nothing_found(owner: Owner, words: str) -> None:
    owner.until(lambda: not owner.found(words))


@then(parsers.parse('a conversation that uses all collections finds "{name}"'))
def _all(owner: Owner, name: str) -> None:
    assert owner.sources(owner.maru.conversations.create().id) == {name}


@then(parsers.parse('a conversation that uses only the collection "{collection}" finds nothing'))
def _other(owner: Owner, collection: str) -> None:
    owner.maru.library.create_collection(collection)
    conversation = owner.maru.conversations.create().id
    owner.maru.chosen.choose(conversation, [collection])
    owner.maru.library.rename_collection(collection, f"{collection} 2")
    assert owner.maru.chosen.of(conversation) == (f"{collection} 2",)
    assert owner.sources(conversation) == set()


@then("a conversation that uses no collection finds nothing")
def _none(owner: Owner) -> None:
    conversation = owner.maru.conversations.create().id
    owner.maru.chosen.choose(conversation, ())
    assert owner.maru.chosen.of(conversation) == ()
    assert owner.sources(conversation) == set()
    owner.maru.chosen.choose(conversation, None)
    assert owner.sources(conversation)


@then(parsers.parse('that conversation finds "{name}"'))
def _own(owner: Owner, name: str) -> None:
    assert owner.sources(owner.conversation) == {name}


@then("another conversation finds nothing")
def _another(owner: Owner) -> None:
    assert owner.sources(owner.maru.conversations.create().id) == set()


@then(parsers.parse('nothing of the note "{name}" is left'))
def _gone(owner: Owner, name: str) -> None:
    with pytest.raises(NotFoundError):
        owner.maru.library.places(owner.folder / name)
    assert owner.maru.library.conversation_collection(owner.conversation) is None
    assert owner.maru.library.filing.catalogue.ids() == {}
