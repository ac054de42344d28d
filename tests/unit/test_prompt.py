# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The prompt holds what fits, drops the oldest first, and says what it dropped."""

from collections.abc import Sequence

import pytest

from assistant import prompt
from assistant.errors import ContextFullError
from assistant.messages import Message, Role
from assistant.passages import Passage, Place, PlaceKind
from assistant.prompt import Window


def count(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def passage(words: int, name: str = "a.pdf") -> Passage:
    text = "word " * words
    return Passage(f"/papers/{name}", Place(PlaceKind.PAGE, 0, 1), 0, len(text), text, "Rent")


HISTORY = [
    Message(Role.USER, "first question " * 20),
    Message(Role.ASSISTANT, "first answer " * 20),
    Message(Role.USER, "second question " * 20),
    Message(Role.ASSISTANT, "second answer " * 20),
]


def test_everything_fits_into_a_large_window() -> None:
    built = prompt.build("Why?", HISTORY, [passage(10)], Window(8192, 512), count)
    assert [message.role for message in built.messages] == [
        Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.USER, Role.ASSISTANT, Role.USER,
    ]  # fmt: skip
    assert built.left_out() is None


def test_passages_are_numbered_quoted_and_named() -> None:
    built = prompt.build("Why?", [], [passage(3), passage(4, "b.pdf")], Window(8192, 512), count)
    asked = built.messages[-1].content
    assert '[1] a.pdf, Rent\n"""\nword word word\n"""' in asked
    assert "[2] b.pdf" in asked
    assert asked.endswith("Why?")
    assert "/papers" not in asked


def test_oldest_turns_go_first_and_never_leave_an_answer_alone() -> None:
    built = prompt.build("Why?", HISTORY, [], Window(280, 70), count)
    kept = [message.content.split()[0] for message in built.messages[1:-1]]
    assert kept == ["second", "second"]
    assert built.dropped_messages == 2
    assert "2 earlier messages" in str(built.left_out())


def test_the_last_passages_go_when_the_window_is_small() -> None:
    built = prompt.build("Why?", [], [passage(60), passage(60), passage(60)], Window(300, 50), count)
    assert len(built.passages) + built.dropped_passages == 3
    assert 1 <= len(built.passages) < 3
    assert built.left_out() is not None


def test_a_question_that_cannot_fit_is_refused_with_the_numbers() -> None:
    with pytest.raises(ContextFullError) as refused:
        prompt.build("word " * 500, [], [], Window(512, 256), count)
    assert "512" in str(refused.value)
    assert "Shorten it" in str(refused.value)


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("with_passages", [True, False])
def test_there_are_instructions_in_both_languages(language: str, with_passages: bool) -> None:
    assert prompt.instructions(language, with_passages=with_passages)


def test_a_small_model_is_asked_for_one_sentence() -> None:
    large = prompt.build("Why?", [], [passage(3)], Window(8192, 512), count)
    small = prompt.build("Why?", [], [passage(3)], Window(8192, 512), count, small=True)
    assert "in one sentence" in small.messages[-1].content
    assert "in one sentence" not in large.messages[-1].content


def test_a_small_model_is_given_two_passages() -> None:
    many = [passage(3, f"{letter}.pdf") for letter in "abcd"]
    assert len(prompt.build("Why?", [], many, Window(8192, 512), count, small=True).passages) == 2
    assert len(prompt.build("Why?", [], many, Window(8192, 512), count).passages) == 4


def test_line_breaks_of_the_page_do_not_reach_the_model() -> None:
    text = "The monthly rent is USD 850, payable in\r\nadvance on the first day."
    broken = Passage("/papers/a.pdf", Place(PlaceKind.PAGE, 0, 1), 0, len(text), text)
    assert "payable in advance" in prompt.quoted(1, broken)
