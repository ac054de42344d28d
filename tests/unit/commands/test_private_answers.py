# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Personal data in `maru ask` and `maru chat`: policies, what is told, what is refused, what was made up."""

from pathlib import Path

import pytest

from assistant.opening import open_assistant
from assistant.paths import Home
from assistant.settings import Settings, save_settings
from tests.assistants import FAKE_ENGINES
from tests.terminal import Terminal, at_keyboard

MAIL, CARD = "kim@example.com", "4111 1111 1111 1111"
OWN = Settings(privacy="own", privacy_actions={"CARD": "block"})


def test_the_policy_of_the_command_line_holds_for_the_question_alone(maru: Terminal) -> None:
    question = f"echo: {MAIL} {CARD}"
    ran = maru("ask", question, "--no-docs", "--policy", "relaxed")
    assert "Hidden from the model: Card number × 1\n" in ran.err
    assert "Shown to the model: E-mail address × 1\n" in ran.err
    ran = maru("ask", question, "--no-docs")
    assert "Hidden from the model: Card number × 1, E-mail address × 1\n" in ran.err
    assert ran.out == f"{MAIL} {CARD}\n"
    assert maru("ask", question, "--no-docs", "--policy", "lax").code == 2


def test_json_tells_what_was_shown_on_purpose(maru: Terminal) -> None:
    lines = maru("ask", f"echo: {MAIL}", "--no-docs", "--policy", "relaxed", "--json").lines
    assert {"event": "masked", "entities": {}, "told": {"EMAIL": 1}} in lines


def test_what_is_never_to_be_sent_is_refused_and_leaves_no_conversation(maru: Terminal) -> None:
    save_settings(Home(maru.home), OWN)
    ran = maru("ask", f"Pay by {CARD}", "--no-docs")
    assert (ran.code, ran.out) == (1, "")
    assert "Not sent" in ran.err
    assert "Card number" in ran.err
    assert "4111" not in ran.err
    assert maru("ask", f"Pay by {CARD}", "--no-docs", "--json").json["event"] == "error"
    masked = maru("ask", f"echo: {CARD}", "--no-docs", "--policy", "standard")
    assert masked.out == f"{CARD}\n"
    with open_assistant(Home(maru.home), FAKE_ENGINES) as assistant:
        assert [one.title for one in assistant.conversations.all()] == [f"echo: {CARD}"]


def test_one_blocked_question_of_a_batch_costs_that_question(maru: Terminal, tmp_path: Path) -> None:
    save_settings(Home(maru.home), OWN)
    batch = tmp_path / "batch.jsonl"
    batch.write_text(
        f'{{"id": "1", "question": "Pay by {CARD}"}}\n{{"id": "2", "question": "echo: fine"}}\n',
        encoding="utf-8",
    )
    first, second = maru("ask", "--batch", batch, "--json", "--no-docs").lines
    assert (first["event"], second["text"]) == ("error", "fine")


def test_what_the_model_made_up_is_named(maru: Terminal) -> None:
    ran = maru("ask", "echo: Ask <9 EMAIL> or <9 EMAIL>.", "--no-docs")
    assert ran.out == "Ask [EMAIL_9] or [EMAIL_9].\n"
    assert "The model made up what it calls [EMAIL_9]: nothing hidden stands behind it.\n" in ran.err
    answer = maru("ask", "echo: Ask <9 EMAIL>.", "--no-docs", "--json").lines[-1]
    assert answer["invented"] == ["[EMAIL_9]"]


@pytest.mark.skipif("sys.platform == 'win32'", reason="a terminal of POSIX")
def test_a_chat_goes_on_after_a_blocked_question_and_hides_a_number_over_two(ready_home: Home) -> None:
    save_settings(ready_home, OWN)
    with at_keyboard(ready_home.root, "chat", "--no-docs") as keyboard:
        keyboard.wait_for("> ")
        keyboard.enter(f"echo: {CARD}")
        keyboard.wait_for("Not sent")
        keyboard.wait_for("> ")
        keyboard.enter("echo: 010-1234-")
        keyboard.wait_for("> ")
        keyboard.enter("5678 echo: <1 PHONE>")
        keyboard.wait_for("010-1234-5678")
        keyboard.enter("/quit")
        assert keyboard.end() == 0
