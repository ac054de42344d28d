# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The prompt holds what fits, drops the oldest first, and says what it dropped."""

import itertools
from collections.abc import Sequence

import pytest

from assistant import prompt
from assistant.errors import ContextFullError, Offer
from assistant.messages import Message, Role
from assistant.passages import Passage, Place, PlaceKind
from assistant.prompt import Prompt, Reader, Window


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
    assert built.left_out() == ()


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
    assert [str(said) for said in built.left_out()] == [
        "To fit the context window, 2 earlier messages were left out."
    ]


def test_an_answer_goes_with_its_question() -> None:
    history = [Message(Role.USER, "long " * 400), Message(Role.ASSISTANT, "short answer")]
    built = prompt.build("Why?", history, [], Window(300, 50), count)
    assert [message.role for message in built.messages] == [Role.SYSTEM, Role.USER]
    assert built.dropped_messages == 2


def test_a_long_chat_begins_the_same_for_many_turns_so_that_little_is_read_again() -> None:
    history: list[Message] = []
    beginnings = []
    for turn in range(60):
        history += [Message(Role.USER, f"question {turn} " * 20), Message(Role.ASSISTANT, "answer " * 20)]
        built = prompt.build("Why?", history, [], Window(2000, 200), count)
        assert sum(count([one.content for one in built.messages])) <= 1500
        beginnings.append(built.messages[1].content)
    changes = sum(1 for before, after in itertools.pairwise(beginnings) if before != after)
    assert changes <= 12


def test_the_last_passages_go_when_the_window_is_small() -> None:
    built = prompt.build("Why?", [], [passage(60), passage(60), passage(60)], Window(300, 50), count)
    assert len(built.passages) + built.dropped_passages == 3
    assert 1 <= len(built.passages) < 3
    [said] = built.left_out()
    assert said.n == built.dropped_passages
    assert "passage" in str(said)


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
    small = prompt.build("Why?", [], [passage(3)], Window(8192, 512), count, reader=Reader(small=True))
    assert "in one sentence" in small.messages[-1].content
    assert "in one sentence" not in large.messages[-1].content


def test_a_small_model_is_given_two_passages() -> None:
    many = [passage(3, f"{letter}.pdf") for letter in "abcd"]
    assert (
        len(prompt.build("Why?", [], many, Window(8192, 512), count, reader=Reader(small=True)).passages) == 2
    )
    assert len(prompt.build("Why?", [], many, Window(8192, 512), count).passages) == 4


def test_line_breaks_of_the_page_do_not_reach_the_model() -> None:
    text = "The monthly rent is USD 850, payable in\r\nadvance on the first day."
    broken = Passage("/papers/a.pdf", Place(PlaceKind.PAGE, 0, 1), 0, len(text), text)
    assert "payable in advance" in prompt.quoted(1, broken)


def test_a_base_model_goes_on_with_the_text_and_gets_no_instructions() -> None:
    built = prompt.build("Once upon", HISTORY, [], Window(8192, 512), count, reader=Reader(base=True))
    assert [*built.messages] == [*HISTORY, Message(Role.USER, "Once upon")]
    asked = prompt.build("Why?", [], [passage(3)], Window(8192, 512), count, "ko", Reader(base=True))
    assert [message.role for message in asked.messages] == [Role.USER]
    assert asked.messages[0].content.endswith("질문: Why?\n답:")


def test_the_parts_of_a_prompt_are_counted() -> None:
    built = prompt.build("Why?", HISTORY, [passage(10)], Window(8192, 512), count)
    assert built.history_tokens == 160
    assert built.passages_tokens == count([prompt.quoted(1, passage(10))])[0]


def fit(window: Window, overhead: int, question: str = "Why?") -> Prompt:
    """Fit a prompt for an engine whose template takes `overhead` tokens for every message."""

    def measure(messages: Sequence[Message]) -> int:
        return sum(count([message.content])[0] + overhead for message in messages)

    def attempt(smaller: Window) -> Prompt:
        return prompt.build(question, HISTORY, [passage(20), passage(20)], smaller, count)

    return prompt.fitted(attempt, window, measure)


def test_a_template_that_takes_more_than_estimated_leaves_more_out() -> None:
    window = Window(500, 100)
    lean, fat = fit(window, 5), fit(window, 60)
    assert lean.dropped_messages == 0
    assert fat.dropped_messages + fat.dropped_passages > 0
    for built in (lean, fat):
        assert 0 < built.tokens <= window.for_prompt


def test_a_template_too_large_for_the_window_is_refused_with_what_would_do() -> None:
    with pytest.raises(ContextFullError, match=r"needs [\d,]+ tokens; 375 fit .* 500") as refused:
        fit(Window(500, 100, n_ctx_train=4096), 300)
    assert refused.value.offer == Offer(n_ctx=1024)
    with pytest.raises(ContextFullError) as refused:
        fit(Window(500, 100, n_ctx_train=512), 300)
    assert refused.value.offer is None
