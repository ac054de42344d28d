# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru chat` at a keyboard: a real terminal (a pty), fake engines."""

import os
from pathlib import Path

import pytest

from assistant.messages import FinishReason
from assistant.opening import open_assistant
from assistant.paths import Home
from tests.assistants import FAKE_ENGINES, SAMPLES
from tests.gguf_files import CHAT, write_gguf
from tests.terminal import CTRL_C, CTRL_D, FAKE, at_keyboard, run

pytestmark = pytest.mark.skipif(os.name != "posix", reason="no pty")
PROMPT = "> "


def test_a_conversation_with_documents_and_commands(ready_home: Home) -> None:
    with at_keyboard(ready_home.root, "chat") as chat:
        chat.wait_for(PROMPT)
        chat.enter("/sources")
        assert "rests on no documents" in chat.wait_for(PROMPT)
        chat.enter("/help")
        shown = chat.wait_for(PROMPT)
        assert all(command in shown for command in ("/add PATH", "/sources", "/model FILE", "/quit"))
        chat.enter("/dance")
        assert "“/dance” is not a command" in chat.wait_for(PROMPT)
        chat.enter(f"/add '{SAMPLES / 'lease.pdf'}'")
        assert "lease.pdf: 21 passages" in chat.wait_for(PROMPT)
        chat.enter("How much is the monthly rent? echo: The monthly rent is USD 850.")
        shown = chat.wait_for("lease.pdf, page 2")
        assert "The monthly rent is USD 850. [1]" in shown.split("\n", 1)[1]
        chat.wait_for(PROMPT)
        chat.enter("/sources")
        assert "The monthly rent is USD 850, payable in advance" in chat.wait_for(PROMPT)
        chat.enter("/add /nowhere/gone.pdf")
        assert "gone.pdf could not be used" in chat.wait_for(PROMPT)
        chat.enter("/quit")
        assert chat.end() == 0


def test_who_leaves_without_a_question_leaves_no_conversation(ready_home: Home) -> None:
    with at_keyboard(ready_home.root, "chat", "--no-docs") as chat:
        chat.wait_for(PROMPT)
        chat.enter("/help")
        chat.wait_for(PROMPT)
        chat.enter("/quit")
        assert chat.end() == 0
    with open_assistant(ready_home, FAKE_ENGINES) as assistant:
        assert assistant.conversations.all() == []


def test_another_model_answers_and_one_that_fails_leaves_it(ready_home: Home, tmp_path: Path) -> None:
    tiny, damaged = (write_gguf(tmp_path / name, CHAT) for name in ("tiny.gguf", "damaged.gguf"))
    with at_keyboard(ready_home.root, "chat", "--no-docs") as chat:
        chat.wait_for(PROMPT)
        chat.enter(f"/model {tiny}")
        assert "Tiny answers now." in chat.wait_for(PROMPT)
        chat.enter(f"/model {damaged}")
        assert "damaged.gguf is damaged." in chat.wait_for(PROMPT)
        chat.enter("echo: still here")
        chat.wait_for("still here\n")  # the echo of the keys
        chat.wait_for("still here")
        chat.wait_for(PROMPT)
        chat.enter("/quit")
        assert chat.end() == 0
    with open_assistant(ready_home, FAKE_ENGINES) as assistant:
        answer = assistant.conversations.branch(assistant.conversations.all()[0].id)[-1]
    assert answer.receipt is not None
    assert answer.receipt.model_name == "Tiny"


def test_ctrl_c_stops_an_answer_and_the_conversation_goes_on(ready_home: Home) -> None:
    with at_keyboard(ready_home.root, "chat", "--no-docs") as chat:
        chat.wait_for(PROMPT)
        chat.enter("long")
        chat.wait_for("word20")
        chat.type(CTRL_C)
        assert "word1999" not in chat.wait_for("Stopped.")
        chat.wait_for(PROMPT)
        chat.enter("echo: it goes on")
        chat.wait_for("it goes on\n")  # the echo of the keys
        assert chat.wait_for("it goes on")
        chat.wait_for(PROMPT)
        chat.type(CTRL_D)
        assert chat.end() == 0
        assert "Traceback" not in chat.screen
    with open_assistant(ready_home, FAKE_ENGINES) as assistant:
        branch = assistant.conversations.branch(assistant.conversations.all()[0].id)
    assert [message.finish_reason for message in branch[1::2]] == [FinishReason.CANCELLED, FinishReason.STOP]
    assert branch[1].message.content.startswith("word0 word1 ")


def test_ctrl_c_twice_leaves_and_keeps_what_there_is(ready_home: Home) -> None:
    with at_keyboard(ready_home.root, "chat", "--no-docs") as chat:
        chat.wait_for(PROMPT)
        chat.enter("long")
        chat.wait_for("word20")
        chat.type(CTRL_C)
        chat.wait_for(PROMPT)
        assert chat.end_by(CTRL_C) == 0
        assert "Traceback" not in chat.screen
    with open_assistant(ready_home, FAKE_ENGINES) as assistant:
        branch = assistant.conversations.branch(assistant.conversations.all()[0].id)
    assert branch[1].message.content.startswith("word0 word1 ")


def test_a_crash_is_one_sentence_and_the_next_question_is_answered(ready_home: Home) -> None:
    with at_keyboard(ready_home.root, "chat", "--no-docs") as chat:
        chat.wait_for(PROMPT)
        chat.enter("crash")
        assert "ended unexpectedly" in chat.wait_for(PROMPT)
        chat.enter("echo: back")
        chat.wait_for("back\n")
        chat.wait_for("back")
        chat.wait_for(PROMPT)
        chat.type(CTRL_D)
        assert chat.end() == 0


def test_maru_alone_chats_where_there_is_a_terminal_but_no_display(ready_home: Home) -> None:
    with at_keyboard(ready_home.root) as chat:
        assert "no display" in chat.wait_for(PROMPT)
        assert chat.end_by(CTRL_C) == 0
        assert "Traceback" not in chat.screen


def test_ctrl_c_stops_the_answer_of_ask(ready_home: Home) -> None:
    with at_keyboard(ready_home.root, "ask", "long", "--no-docs") as ask:
        ask.wait_for("word20")
        ask.type(CTRL_C)
        ask.wait_for("Stopped.")
        assert ask.end() == 0


def test_questions_from_a_pipe_are_answered_in_order(ready_home: Home, tmp_path) -> None:
    questions = tmp_path / "questions.txt"
    questions.write_text("echo: one\n\necho: two\n", encoding="utf-8")
    with questions.open() as lines:
        ran = run(ready_home.root, "chat", "--no-docs", module=FAKE, stdin=lines)
    assert ran.code == 0
    assert ran.out == "one\ntwo\n"
