# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Assistants for tests: whole and real, or with fake engines at the process border for speed."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import chat, model_files
from assistant.app import Assistant
from assistant.conversations import StoredMessage
from assistant.documents.protocol import FileResult
from assistant.opening import WorkerModules, open_assistant
from assistant.paths import Home
from tests.fake_engine import FAKE_ENGINE

FAKE_ENGINES = WorkerModules(chat=FAKE_ENGINE, embedding=FAKE_ENGINE)
SAMPLES = Path(__file__).resolve().parent / "data"


@pytest.fixture(scope="session")
def embedding_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the starter embedding model, converted once for all tests."""
    made = Home(tmp_path_factory.mktemp("models") / "home")
    made.create()
    return model_files.starter_embedding(made).path


def share_embedding_model(embedding_file: Path, home: Home) -> None:
    """Put the converted model into a home, with the seal that says that it is whole."""
    for path in (embedding_file, embedding_file.with_name(embedding_file.name + ".sha256")):
        os.link(path, home.models / path.name)


@pytest.fixture
def ready_home(home: Home, embedding_file: Path) -> Home:
    """Return an empty home that need not convert the embedding model again."""
    share_embedding_model(embedding_file, home)
    return home


@pytest.fixture
def fake_assistant(ready_home: Home) -> Iterator[Assistant]:
    """Return an assistant whose engines are fakes; stores, parser and index are real."""
    with open_assistant(ready_home, FAKE_ENGINES) as assistant:
        yield assistant


@pytest.fixture
def searching_assistant(ready_home: Home) -> Iterator[Assistant]:
    """Return an assistant that searches with the starter model and answers with a fake one."""
    with open_assistant(ready_home, WorkerModules(chat=FAKE_ENGINE)) as assistant:
        yield assistant


@pytest.fixture
def real_assistant(ready_home: Home) -> Iterator[Assistant]:
    """Return an assistant with the starter models."""
    with open_assistant(ready_home) as assistant:
        yield assistant


def add(assistant: Assistant, *names: str) -> list[FileResult]:
    """Add sample documents by name; return what came of each."""
    events = assistant.add([SAMPLES / name for name in names])
    return [event for event in events if isinstance(event, FileResult)]


def ask(
    assistant: Assistant,
    question: str,
    options: chat.Options | None = None,
    after: StoredMessage | None = None,
) -> tuple[list[chat.ChatEvent], StoredMessage]:
    """Ask in a new conversation, or after a message; return all events and the stored answer."""
    conversation = after.conversation_id if after else assistant.conversations.create().id
    events = list(
        assistant.ask(
            conversation,
            question,
            options or assistant.starting_options(),
            threading.Event(),
            after.id if after else None,
        )
    )
    answered = events[-1]
    assert isinstance(answered, chat.Answered)
    return events, answered.message


def shown(events: list[chat.ChatEvent]) -> str:
    """Return the text that was shown, without markers."""
    return "".join(event.text for event in events if isinstance(event, chat.TokenText))
