# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What the events of an answer make of its row, and how full they say the context window is."""

import pytest

from assistant.chat import (
    ContextUse,
    Loading,
    Masked,
    Notice,
    Reading,
    ReadingPart,
    Sources,
    Thinking,
    TokenText,
)
from assistant.conversations import StoredMessage
from assistant.engine.protocol import LoadProgress
from assistant.messages import FinishReason, Message, Role
from assistant.passages import Passage, Passages, Place, PlaceKind
from assistant.prompt import Prompt
from assistant.receipts import DocumentRead, Receipt
from ui.context_words import Filled, filled, filled_by
from ui.live import changed
from ui.turns import LeftOut, Turn, details, hidden_line, thought_line

LIVE = Turn(Role.ASSISTANT, "", streaming=True)
PASSAGE = Passage("/papers/lease.pdf", Place(PlaceKind.PAGE, 2, 3), 0, 20, "The rent is 850 euros.")
USE = ContextUse(8192, 3210, 1000, 1800, ("What about cats?",), (PASSAGE,))


def after(*events: tuple[object, float]) -> Turn:
    turn = LIVE
    for event, now in events:
        turn = changed(turn, event, now)
    return turn


def test_the_status_goes_with_the_first_word() -> None:
    assert after((Loading(0.4), 1.0)).status == "Starting the model, 40 %"
    assert after((LoadProgress(0.4), 1.0)).status == "Starting the model, 40 %"
    assert after((Reading(1, 2), 1.0)).status == "Reading, 50 %"
    assert after((Reading(1, 2), 1.0), (TokenText("It"), 2.0)).status == ""
    assert after((Reading(1, 2), 1.0), (Thinking("Hm"), 2.0)).status == ""


def test_the_parts_of_a_long_document_are_counted() -> None:
    assert after((ReadingPart(3, 7), 1.0)).status == "Reading part 3 of 7"
    assert after((ReadingPart(8, 7), 1.0)).status == "Putting 7 parts together"


def test_how_documents_were_read_stands_with_the_details() -> None:
    read = (
        DocumentRead("/papers/lease.pdf", 2182),
        DocumentRead("/papers/book.md", 9000, 7, 7),
        DocumentRead("/papers/long.md", 9000, 40, 63),
    )
    lines = [line for name, line in details(Receipt(whole=read)) if name == "Read"]
    assert lines == ["lease.pdf, whole", "book.md, in 7 parts", "long.md, 40 of 63 parts"]


def test_what_was_searched_for_in_place_of_a_follow_up_question_is_said() -> None:
    found = Passages((PASSAGE,), supported=True)
    assert after((Sources(found, "monthly rent deposit"), 1.0)).notices == (
        "Searched for: monthly rent deposit",
    )
    assert after((Sources(found), 1.0)).notices == ()


@pytest.mark.parametrize(
    ("hidden", "told", "line"),
    [
        ({"EMAIL": 2}, {}, "2 items are hidden from the model"),
        ({}, {"IP": 1}, "The model sees 1 IP address as written"),
        (
            {"CARD": 1},
            {"IP": 1, "PERSON": 2},
            "1 item is hidden from the model · The model sees 2 names and 1 IP address as written",
        ),
        ({}, {"A_KIND_OF_A_NEWER_MARU": 1}, ""),
        ({}, {}, ""),
    ],
)
def test_what_was_hidden_and_what_was_pointed_out_are_told_while_and_after_it_is_written(
    hidden: dict[str, int], told: dict[str, int], line: str
) -> None:
    assert hidden_line(after((Masked(hidden, told), 1.0))) == line
    message = Message(Role.ASSISTANT, "Yes.")
    stored = StoredMessage(2, 1, 1, message, 1.0, FinishReason.STOP, Receipt(masked=hidden, told=told))
    assert hidden_line(Turn.of(stored)) == line


def test_thinking_is_kept_apart_from_the_answer_and_timed() -> None:
    turn = after((Thinking("First "), 10.0), (Thinking("this."), 15.0), (TokenText("It is "), 22.5))
    assert (turn.thinking, turn.text, turn.thought_s) == ("First this.", "It is ", 12.5)
    turn = changed(turn, TokenText("850."), 30.0)
    assert turn.thought_s == 12.5
    assert thought_line(turn) == "Thought for 12 s"


def test_what_was_left_out_is_told_once_with_its_list() -> None:
    said = Prompt((), (), 1, 1).left_out()
    assert len(said) == 2
    for language in ("en", "ko"):
        told = [(Notice(one.in_language(language)), 1.0) for one in said]
        turn = after((Notice("Another."), 1.0), *told, (USE, 1.0))
        assert turn.notices == ("Another.",)
        assert turn.left_out == LeftOut(("What about cats?",), ("lease.pdf, page 3",))


def test_the_context_window_is_told_part_by_part() -> None:
    now = filled(USE)
    assert (now.used, now.size) == (3210, 8192)
    assert dict(now.parts)["Instructions and question"] == 410
    assert dict(now.parts)["Earlier messages"] == 1000
    assert dict(now.parts)["Passages of your documents"] == 1800
    assert dict(now.parts)["Room for the answer"] == 4982


def test_an_answer_fills_the_window_further() -> None:
    now = filled_by(Receipt(context=USE, timings={"predicted_tokens": 100.0}))
    assert now.used == 3310
    assert dict(now.parts)["Answer"] == 100
    assert dict(now.parts)["Free"] == 4882
    assert filled_by(None) == filled_by(Receipt()) == Filled()
