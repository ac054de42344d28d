# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What stands around an answer's text: thinking, what was left out, how sure and how fast it was."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from assistant.errors import ContextFullError, MaruError, Offer, SetAsideError, WorkerCrashedError
from assistant.messages import FinishReason, Role
from assistant.receipts import Receipt
from assistant.sampling import SamplingParams
from assistant.texts import text
from ui.answer_view import AnswerView
from ui.chat_view import ChatView
from ui.turns import LeftOut, Turn, Unsure, details, left_out_line, pace

QUESTION = Turn(Role.USER, "How much?", id=1)
ANSWER = Turn(Role.ASSISTANT, "It is 850 euros.", id=2, parent_id=1, finish_reason=FinishReason.STOP)
TIMINGS = {
    "prompt_tokens": 3000.0,
    "cached_tokens": 2900.0,
    "predicted_tokens": 50.0,
    "predicted_ms": 2000.0,
    "first_token_ms": 310.0,
    "drafted_tokens": 12.0,
    "accepted_tokens": 9.0,
    "thinking_tokens": 20.0,
}


@pytest.fixture
def chat(qtbot: QtBot) -> ChatView:
    view = ChatView()
    qtbot.addWidget(view)
    view.resize(800, 600)
    with qtbot.waitExposed(view):
        view.show()
    return view


def shown(chat: ChatView, turn: Turn) -> AnswerView:
    chat.show_turns([QUESTION, turn])
    view = chat.view_of(1)
    assert isinstance(view, AnswerView)
    return view


def button(view: AnswerView, name: str) -> Any:
    return next(
        one for one in view.findChildren(QPushButton) if one.isVisible() and one.text().startswith(name)
    )


# --- thinking


def test_thinking_is_folded_above_the_answer_and_unfolds_by_key(chat: ChatView, qtbot: QtBot) -> None:
    view = shown(chat, replace(ANSWER, thinking="First the lease.\nThen the rent.", thought_s=12.4))
    fold = view.thinking
    assert fold.button.text() == "Thought for 12 s"
    assert fold.button.accessibleName() == "Thought for 12 s, folded"
    assert not fold.body.isVisible()
    height = view.height()
    fold.button.setFocus()
    qtbot.keyClick(fold.button, Qt.Key.Key_Space)
    assert fold.body.isVisible()
    assert fold.body.toPlainText() == "First the lease.\nThen the rent."
    assert view.height() > height
    assert fold.geometry().bottom() < view.texts()[0].geometry().top() + 1
    qtbot.keyClick(fold.button, Qt.Key.Key_Space)
    assert view.height() == height


def test_while_it_thinks_the_last_line_is_seen_and_gone_when_the_answer_begins(chat: ChatView) -> None:
    thinking = replace(ANSWER, id=0, text="", streaming=True, thinking="One.\nTwo is longer\n")
    view = shown(chat, thinking)
    assert view.thinking.button.text() == "Thinking…"
    assert view.thinking.glimpse() == "Two is longer"
    chat.show_row(1, replace(thinking, text="It is"))
    assert view.thinking.glimpse() == ""
    assert view.thinking.button.text() == "Thought first"


def test_an_answer_without_thinking_has_no_fold(chat: ChatView) -> None:
    assert shown(chat, ANSWER).thinking.isHidden()


# --- what was left out


@pytest.mark.parametrize(
    ("left_out", "line"),
    [
        (LeftOut(), ""),
        (LeftOut(("a", "b")), "To fit the context window, 2 earlier messages were left out."),
        (LeftOut((), ("a",)), "To fit the context window, 1 passage was left out."),
        (
            LeftOut(("a",), ("b", "c")),
            "To fit the context window, 1 earlier message and 2 passages were left out.",
        ),
    ],
)
def test_what_did_not_fit_is_said_in_one_line(left_out: LeftOut, line: str) -> None:
    assert left_out_line(left_out) == line


def test_what_did_not_fit_unfolds_to_a_list(chat: ChatView, qtbot: QtBot) -> None:
    left_out = LeftOut(("What about cats? …",), ("lease.pdf, page 3",))
    view = shown(chat, replace(ANSWER, left_out=left_out))
    qtbot.mouseClick(view.left_out.button, Qt.MouseButton.LeftButton)
    assert view.left_out.body.toPlainText() == "• What about cats? …\n• lease.pdf, page 3"


# --- how it ended


@pytest.mark.parametrize(
    ("timings", "words"),
    [
        ({}, "This answer reached its longest length."),
        ({"predicted_tokens": 64.0}, "This answer reached its longest length, 64 tokens."),
        (
            {"predicted_tokens": 164.0, "thinking_tokens": 100.0},
            "This answer reached its longest length, 64 tokens.",
        ),
        ({"predicted_tokens": 30.0}, "The context window was full before this answer ended."),
    ],
)
def test_a_cut_answer_says_why_and_goes_on(
    timings: dict[str, float], words: str, chat: ChatView, qtbot: QtBot
) -> None:
    receipt = Receipt(sampling=SamplingParams(max_tokens=64), timings=timings)
    view = shown(chat, replace(ANSWER, finish_reason=FinishReason.LENGTH, receipt=receipt))
    assert view._ending.words() == words
    with qtbot.waitSignal(chat.go_on_wanted):
        qtbot.mouseClick(button(view, "Go on"), Qt.MouseButton.LeftButton)


@pytest.mark.parametrize(
    ("error", "name", "signal"),
    [
        (
            ContextFullError(text("9,000 of 8,192."), offer=Offer(n_ctx=16384)),
            "Use a larger context, 16,384 tokens",
            "offer_accepted",
        ),
        (ContextFullError(text("9,000 of 8,192.")), "Shorten the question", "shorten_wanted"),
        (
            SetAsideError(text("It crashed three times."), offer=Offer(n_ctx=2048)),
            "Use a smaller context, 2,048 tokens",
            "offer_accepted",
        ),
        (
            SetAsideError(text("It crashed three times."), offer=Offer(n_gpu_layers=8)),
            "Fewer layers on the graphics card: 8",
            "offer_accepted",
        ),
        (WorkerCrashedError(text("It ended.")), "Ask again", "again_wanted"),
    ],
)
def test_an_error_has_the_one_button_that_helps(
    error: MaruError, name: str, signal: str, chat: ChatView, qtbot: QtBot
) -> None:
    turn = replace(ANSWER, text="", error=error)
    view = shown(chat, turn)
    with qtbot.waitSignal(getattr(chat, signal)) as wanted:
        qtbot.mouseClick(button(view, name), Qt.MouseButton.LeftButton)
    assert wanted.args == [turn]


def test_the_last_lines_of_a_crash_fold_out(chat: ChatView, qtbot: QtBot) -> None:
    error = WorkerCrashedError(text("The chat engine ended."), details=("ggml: abort", "line two"))
    view = shown(chat, replace(ANSWER, error=error))
    qtbot.mouseClick(view._log.button, Qt.MouseButton.LeftButton)
    assert view._log.body.toPlainText() == "ggml: abort\nline two"


# --- how fast


def test_speed_and_wait_stand_under_each_answer(chat: ChatView) -> None:
    receipt = Receipt(timings=TIMINGS)
    view = shown(chat, replace(ANSWER, receipt=receipt))
    assert view.action_row.pace.text() == pace(receipt) == "25.0 tokens/s · 0.31 s"
    assert pace(Receipt()) == ""


def test_details_tell_what_was_known_and_guessed() -> None:
    told = dict(details(Receipt(timings=TIMINGS)))
    assert told["Speed"] == "25.0 tokens a second"
    assert told["First word after"] == "0.31 seconds"
    assert told["Length of the prompt"] == "3,000 tokens, 2,900 of them known from before"
    assert told["Length of the answer"] == "50 tokens"
    assert told["Thinking"] == "20 tokens"
    assert told["Guessed ahead"] == "9 of 12 tokens were right"
    assert "Guessed ahead" not in dict(details(Receipt(timings={"prompt_tokens": 9.0})))


# --- how sure


def test_unsure_words_are_underlined_on_demand_with_their_probability(chat: ChatView, qtbot: QtBot) -> None:
    place = ANSWER.text.index("850")
    turn = replace(ANSWER, unsure=(Unsure(place, place + 3, 0.312),), unsupported=((0, len(ANSWER.text)),))
    view = shown(chat, turn)
    [body] = view.texts()

    def underline() -> QTextCharFormat.UnderlineStyle:
        cursor = body.document().find("850")
        return cursor.charFormat().underlineStyle()

    assert underline() is QTextCharFormat.UnderlineStyle.DotLine
    qtbot.mouseClick(view._unsure_button, Qt.MouseButton.LeftButton)
    assert view._unsure_button.accessibleName() == "Hide unsure words"
    assert underline() is QTextCharFormat.UnderlineStyle.DashUnderline
    assert view._unsure_legend.words().startswith("Dashed underline")
    cursor = body.document().find("850")
    where = body.cursorRect(cursor).center() - QPoint(6, 0)
    assert body.unsure_at(where) == 0
    assert body.describe_unsure(0) == "The model gave this word 31 %"
    start = body.document().find("It is")
    assert body.unsure_at(body.cursorRect(start).center() - QPoint(6, 0)) == -1
    qtbot.mouseClick(view._unsure_button, Qt.MouseButton.LeftButton)
    assert underline() is QTextCharFormat.UnderlineStyle.DotLine


def test_an_answer_without_doubts_offers_no_such_view(chat: ChatView) -> None:
    assert shown(chat, ANSWER)._unsure_button.isHidden()
