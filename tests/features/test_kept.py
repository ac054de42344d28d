# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The stories of kept.feature: with fake engines, real databases and real files."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from assistant.app import Assistant
from assistant.conversations import MIGRATIONS
from assistant.database import Database
from assistant.errors import DamagedError, ReadOnlyError
from assistant.keeping import Wiped
from assistant.opening import open_assistant
from assistant.restoring import restore_closed
from assistant.snapshots import Budget, Reason, Snapshot
from tests.assistants import FAKE_ENGINES, SAMPLES
from tests.features.conftest import Person
from tests.homes import held_aside, key_of

scenarios("kept.feature")


@dataclass
class Kept:
    """What the story has come to."""

    snapshot: Snapshot | None = None
    offered: str = ""
    content: bytes = b""
    wiped: Wiped | None = None


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def person(fake_assistant: Assistant, notes_folder: Path) -> Iterator[Person]:
    person = Person(fake_assistant, notes_folder, FAKE_ENGINES)
    yield person
    person.maru.close()


@given("a snapshot was taken")
def _taken(person: Person, kept: Kept) -> None:
    kept.snapshot = person.maru.keeping.snapshot_now()


@when("I restore the snapshot")
def _restore(person: Person, kept: Kept) -> None:
    assert kept.snapshot is not None
    person.maru.keeping.restore(kept.snapshot.name)
    person.restart()


@when("I restore the state that was set aside")
def _restore_aside(person: Person) -> None:
    newest = person.maru.keeping.snapshots()[0]
    assert newest.reason is Reason.RESTORE
    person.maru.keeping.restore(newest.name)
    person.restart()


@then(parsers.parse('my conversations are "{titles}"'))
def _conversations(person: Person, titles: str) -> None:
    assert [one.title for one in person.maru.conversations.all()] == titles.split(", ")


@then("I have no conversations")
def _none(person: Person) -> None:
    assert person.maru.conversations.all() == []


@when("the file of my conversations is damaged")
def _damage(person: Person, kept: Kept) -> None:
    person.maru.close()
    path = person.maru.home.conversations
    kept.content = bytes(path.stat().st_size)
    path.write_bytes(kept.content)


@then("Maru does not start and offers the snapshot")
def _offers(person: Person, kept: Kept) -> None:
    with pytest.raises(DamagedError) as error:
        open_assistant(person.maru.home, FAKE_ENGINES)
    assert kept.snapshot is not None
    kept.offered = error.value.snapshot
    assert kept.offered == kept.snapshot.name


@when("I restore what is offered")
def _restore_offered(person: Person, kept: Kept) -> None:
    home = person.maru.home
    restore_closed(home, key_of(home), kept.offered, Budget(7, 10**9))
    person.restart()


@then("the damaged file is still there")
def _still_there(person: Person, kept: Kept) -> None:
    home = person.maru.home
    assert held_aside(home, "conversations.damaged-1.db", key_of(home)) == kept.content


@when("I wipe the conversation")
def _wipe(person: Person, kept: Kept) -> None:
    kept.wiped = person.maru.keeping.wipe_conversation(person.answer.conversation_id)


@when("I wipe the conversation from the snapshots too")
def _wipe_snapshots(person: Person, kept: Kept) -> None:
    kept.wiped = person.maru.keeping.wipe_conversation(person.answer.conversation_id, snapshots=True)


@then("I read until when a snapshot keeps it")
def _kept_until(kept: Kept) -> None:
    assert kept.wiped is not None
    assert kept.snapshot is not None
    assert kept.wiped.kept_until is not None
    assert (kept.wiped.kept_until - kept.snapshot.when).days == 7


@then("no snapshot keeps it")
def _not_kept(person: Person, kept: Kept) -> None:
    assert kept.wiped == Wiped()
    assert len(person.maru.keeping.snapshots()) == 2


@when("a newer Maru has changed my conversations")
def _newer(person: Person) -> None:
    person.maru.close()
    home = person.maru.home
    newer = (*MIGRATIONS, lambda connection: connection.execute("ALTER TABLE messages ADD COLUMN more TEXT"))
    Database.open(home.conversations, newer, key_of(home)).close()
    person.restart()


@then(parsers.parse('I can read "{title}" and search my documents for "{words}"'))
def _read(person: Person, title: str, words: str) -> None:
    assert [one.title for one in person.maru.conversations.all()] == [title]
    assert person.maru.library.search(words).found


@then("asking and adding are refused, with the reason")
def _refused(person: Person) -> None:
    for change in (lambda: person.ask("echo: more"), lambda: person.add(SAMPLES / "letter.md")):
        with pytest.raises(ReadOnlyError, match="newer Maru"):
            change()
