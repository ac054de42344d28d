# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What the stories have in common: someone who asks, and the steps that every story may use."""

import threading
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from pytest_bdd import given, parsers, then, when

from assistant import chat
from assistant.app import Assistant
from assistant.conversations import StoredMessage
from assistant.documents.protocol import FileStatus
from assistant.opening import WorkerModules, open_assistant
from assistant.passages import Citation, Passage
from assistant.receipts import Receipt
from tests.assistants import SAMPLES, add, ask, embedding_file, fake_assistant, ready_home

__all__ = ["embedding_file", "fake_assistant", "ready_home"]


@dataclass
class Person:
    """Someone at Maru: asks, and remembers what came of it."""

    maru: Assistant
    folder: Path
    engines: WorkerModules
    events: list[chat.ChatEvent] = field(default_factory=list)
    answered: StoredMessage | None = None
    found: list[Passage] = field(default_factory=list)

    @property
    def answer(self) -> StoredMessage:
        assert self.answered is not None, "nothing was asked yet"
        return self.answered

    @property
    def receipt(self) -> Receipt:
        assert self.answer.receipt is not None
        return self.answer.receipt

    @property
    def citations(self) -> tuple[Citation, ...]:
        return self.receipt.citations

    @property
    def notes(self) -> tuple[Path, ...]:
        return tuple(sorted(self.folder.glob("*.md")))

    def ask(self, question: str, *, go_on: bool = False, only_notes: bool = False) -> None:
        options = self.maru.starting_options()
        if only_notes:
            self.add(*self.notes)
            options = replace(options, within=self.notes)
        after = self.answer if go_on else None
        self.events, self.answered = ask(self.maru, question, options, after)

    def add(self, *paths: Path) -> None:
        usable = (FileStatus.ADDED, FileStatus.UNCHANGED, FileStatus.REPLACED)
        for event in self.maru.add(paths, stop=threading.Event()):
            assert getattr(event, "status", FileStatus.ADDED) in usable, event

    def restart(self) -> None:
        home = self.maru.home
        self.maru.close()
        self.maru = open_assistant(home, self.engines)


@given(parsers.parse('my documents hold "{name}"'))
def _documents_hold(person: Person, name: str) -> None:
    add(person.maru, name)
    assert any(row.path.name == name and row.passages for row in person.maru.library.documents())


@given(parsers.parse('a note "{name}" that says "{words}"'))
@given(parsers.parse('a note "{name}" that says'))
def _note(person: Person, name: str, words: str = "", docstring: str = "") -> None:
    path = person.folder / name
    path.write_text(f"{words or docstring}\n", encoding="utf-8")
    person.add(path)


@when(parsers.parse('I ask "{question}"'))
@given(parsers.parse('I asked "{question}"'))
def _ask(person: Person, question: str) -> None:
    person.ask(question)


@when(parsers.parse('I ask the notes "{question}"'))
def _ask_notes(person: Person, question: str) -> None:
    person.ask(question, only_notes=True)


@when(parsers.parse('I go on with "{question}"'))
def _go_on(person: Person, question: str) -> None:
    person.ask(question, go_on=True)


@then(parsers.parse('the answer contains "{words}"'))
def _answer_contains(person: Person, words: str) -> None:
    assert words in person.answer.message.content


@then(parsers.parse('the answer begins with "{words}"'))
def _answer_begins(person: Person, words: str) -> None:
    assert person.answer.message.content.startswith(words)


@then(parsers.parse('the answer is "{words}"'))
def _answer_is(person: Person, words: str) -> None:
    assert person.answer.message.content == words


@pytest.fixture
def notes_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    return folder


@pytest.fixture
def samples() -> Path:
    """Return the folder of sample documents."""
    return SAMPLES
