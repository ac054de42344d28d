# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The stories of ask_documents.feature, with the starter models."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_bdd import parsers, scenarios, then, when

from assistant import chat
from assistant.app import Assistant
from assistant.asked import Asked
from assistant.messages import FinishReason, Message, Role
from assistant.opening import WorkerModules, open_assistant
from assistant.paths import Home
from tests.assistants import share_embedding_model
from tests.features.conftest import Person

# Stories ask for their fixtures while they run: what outlives a test has to be named here.
pytestmark = [pytest.mark.real_model, pytest.mark.usefixtures("real")]

scenarios("ask_documents.feature")

IM_START, IM_END = 1, 2  # of SmolLM2's vocabulary


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, embedding_file: Path) -> Iterator[Assistant]:
    """Return an assistant with the starter models, loaded once for all stories."""
    made = Home(tmp_path_factory.mktemp("stories") / "home")
    made.create()
    share_embedding_model(embedding_file, made)
    with open_assistant(made) as assistant:
        yield assistant


@pytest.fixture
def person(real: Assistant, notes_folder: Path) -> Iterator[Person]:
    yield Person(real, notes_folder, WorkerModules())
    real.library.remove(notes_folder)


@then(parsers.parse('the answer is cited from page {page:d} of "{name}"'))
def _cited_from_page(person: Person, page: int, name: str) -> None:
    assert [(Path(one.passage.document).name, one.passage.place.page) for one in person.citations] == [
        (name, page)
    ] * len(person.citations)
    assert person.citations


@then(parsers.parse('the answer is cited from "{name}"'))
def _cited_from(person: Person, name: str) -> None:
    assert {Path(one.passage.document).name for one in person.citations} == {name}


@then("every quote stands in its document word for word")
def _quotes(person: Person) -> None:
    for citation in person.citations:
        places = person.maru.library.places(Path(citation.passage.document))
        words = places[citation.passage.place.ordinal].text
        assert words[citation.quote_start : citation.quote_end] == citation.quote


@then("nothing in the answer is cited")
def _not_cited(person: Person) -> None:
    assert person.citations == ()
    assert not any(isinstance(event, chat.Cited) for event in person.events)


@when(parsers.parse('the notes "{one}" and "{other}" swap what they say'))
def _swap(person: Person, one: str, other: str) -> None:
    first, second = person.folder / one, person.folder / other
    words, others = first.read_text(encoding="utf-8"), second.read_text(encoding="utf-8")
    first.write_text(others, encoding="utf-8")
    second.write_text(words, encoding="utf-8")


@when(parsers.parse('I search for "{words}"'))
def _search(person: Person, words: str) -> None:
    person.found = list(person.maru.library.search(words).found)


@then(parsers.parse('the first passage is from "{name}" and contains "{words}"'))
def _first_passage(person: Person, name: str, words: str) -> None:
    assert Path(person.found[0].document).name == name
    assert words in " ".join(person.found[0].text.split())


@then("Maru says in Korean that the starter model knows English only")
def _english_only(person: Person) -> None:
    notices = [str(event.text) for event in person.events if isinstance(event, chat.Notice)]
    assert notices == [chat.STARTER_ENGLISH_ONLY.in_language("ko")]


@then(parsers.parse('the answer quotes "{words}"'))
def _quotes_words(person: Person, words: str) -> None:
    assert person.answer.finish_reason is FinishReason.QUOTED
    assert words in person.answer.message.content


def roles_read(assistant: Assistant, messages: tuple[Message, ...]) -> list[int]:
    """Return the token after each control token: what the model takes for the name of a role."""
    tokens = assistant.chat_engine.tokenize_prompt(messages)
    assert tokens.count(IM_END) == len(messages)
    return [tokens[at + 1] for at, token in enumerate(tokens) if token == IM_START]


@then("what the model read has the roles system, user and assistant once each")
def _roles(person: Person) -> None:
    question = next(event.message for event in person.events if isinstance(event, chat.QuestionStored))
    passages = next(event.passages for event in person.events if isinstance(event, chat.Sources))
    assert any("<|im_start|>system" in passage.text for passage in passages.found)
    info = person.maru.chat_engine.loaded()
    maru = person.maru
    asked = Asked.of(maru.conversations, maru.privacy, question, maru.starting_options(), passages)
    messages = asked.prompt(person.maru.chat_engine, info).messages
    assert chat.shown_prompt(messages) == person.receipt.prompt_as_seen, "the prompt that was read"
    assert "<|im_start|>system" in person.receipt.prompt_as_seen
    harmless = (Message(Role.SYSTEM, "Be kind."), Message(Role.USER, "Hello!"))
    assert len(set(roles_read(person.maru, harmless))) == 3
    assert roles_read(person.maru, messages) == roles_read(person.maru, harmless)


@then("all my documents are still there")
def _documents_there(person: Person) -> None:
    rows = {row.path for row in person.maru.library.documents()}
    assert set(person.notes) <= rows
    assert all(path.exists() for path in rows)


@then("the conversation is one question and one answer")
def _one_turn(person: Person) -> None:
    branch = person.maru.conversations.branch(person.answer.conversation_id)
    assert [one.message.role for one in branch] == [Role.USER, Role.ASSISTANT]
