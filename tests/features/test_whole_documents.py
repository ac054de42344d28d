# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The stories of whole_documents.feature: real search, an engine whose answers are known beforehand."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_bdd import parsers, scenarios, then

from assistant import chat
from assistant.app import Assistant
from assistant.messages import FinishReason
from assistant.opening import WorkerModules, open_assistant
from assistant.paths import Home
from tests.assistants import share_embedding_model
from tests.fake_engine import FAKE_ENGINE
from tests.features.conftest import Person

pytestmark = [pytest.mark.real_model, pytest.mark.usefixtures("searching")]

scenarios("whole_documents.feature")

ENGINES = WorkerModules(chat=FAKE_ENGINE)


@pytest.fixture(scope="module")
def searching(tmp_path_factory: pytest.TempPathFactory, embedding_file: Path) -> Iterator[Assistant]:
    """Return an assistant that searches with the starter model, for all stories."""
    made = Home(tmp_path_factory.mktemp("stories") / "home")
    made.create()
    share_embedding_model(embedding_file, made)
    with open_assistant(made, ENGINES) as assistant:
        yield assistant


@pytest.fixture
def person(searching: Assistant, notes_folder: Path) -> Iterator[Person]:
    yield Person(searching, notes_folder, ENGINES)
    searching.library.remove(notes_folder)


@then(parsers.parse('Maru says that the whole of "{name}" was read'))
def _whole(person: Person, name: str) -> None:
    notices = [str(event.text) for event in person.events if isinstance(event, chat.Notice)]
    assert any(notice.startswith(f"The whole of {name} was read") for notice in notices)
    assert [Path(one.document).name for one in person.receipt.whole] == [name]


@then(parsers.parse('the model saw "{first}" and "{last}"'))
def _seen(person: Person, first: str, last: str) -> None:
    seen = person.receipt.prompt_as_seen
    assert seen.index(first) < seen.index(last)


@then(parsers.parse('the answer is cited from pages {pages} of "{name}"'))
def _cited_from_pages(person: Person, pages: str, name: str) -> None:
    wanted = {int(page) for page in pages.replace(" and ", ", ").split(", ")}
    assert {one.passage.place.page for one in person.citations} == wanted
    assert {Path(one.passage.document).name for one in person.citations} == {name}


@then("Maru asks which document I mean")
def _asks(person: Person) -> None:
    assert person.answer.finish_reason is FinishReason.ASKED
    assert "- lease.pdf" in person.answer.message.content


@then(parsers.parse('Maru says that it searched for "{words}"'))
def _searched_for(person: Person, words: str) -> None:
    sources = next(event for event in person.events if isinstance(event, chat.Sources))
    assert sources.searched_for == person.receipt.searched_for == words


@then(parsers.parse('the first source is from page {page:d} of "{name}" and contains "{words}"'))
def _first_source(person: Person, page: int, name: str, words: str) -> None:
    first = person.receipt.passages[0]
    assert (Path(first.document).name, first.place.page) == (name, page)
    assert words in first.text
