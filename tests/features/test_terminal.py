# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The stories of terminal.feature: the program in a process of its own, with the starter models."""

import hashlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from assistant import model_files
from assistant.messages import Role
from assistant.opening import open_assistant
from assistant.paths import Home
from tests.gguf_files import CHAT, write_gguf
from tests.terminal import REAL, Keyboard, Ran, at_keyboard, run

pytestmark = pytest.mark.real_model

scenarios("terminal.feature")


@given("a fresh machine", target_fixture="machine")
def _fresh(tmp_path: Path) -> Path:
    return tmp_path / "fresh"


@when('I run "maru add" on all sample documents', target_fixture="ran")
def _add(machine: Path, samples: Path) -> Ran:
    return run(machine, "add", samples, "--json")


@then("every document is added")
def _added(ran: Ran, samples: Path) -> None:
    assert ran.code == 0, ran.err
    assert {line["status"] for line in ran.lines} == {"added"}
    assert len(ran.lines) == len(list(samples.iterdir()))


@when(parsers.parse('I run "maru ask" with "{question}" and ask for JSON'), target_fixture="ran")
def _ask_json(machine: Path, question: str) -> Ran:
    return run(machine, "ask", question, "--json")


@when(parsers.parse('I run "maru ask" with "{question}"'), target_fixture="ran")
def _ask(machine: Path, question: str) -> Ran:
    return run(machine, "ask", question)


@when(parsers.parse('I run "maru search" with "{words}"'), target_fixture="ran")
def _search(machine: Path, words: str) -> Ran:
    return run(machine, "search", words, "--json")


@then(parsers.parse('the last line is an answer that contains "{words}"'))
def _answer(ran: Ran, words: str) -> None:
    assert ran.code == 0, ran.err
    assert ran.lines[-1]["event"] == "answer"
    assert words in ran.lines[-1]["text"]


@then(parsers.parse('it cites page {page:d} of "{name}"'))
def _cites(ran: Ran, page: int, name: str) -> None:
    cited = {(Path(one["document"]).name, one["page"]) for one in ran.lines[-1]["citations"]}
    assert cited == {(name, page)}


@then(parsers.parse('the first passage comes from "{name}"'))
def _first(ran: Ran, name: str) -> None:
    assert Path(ran.json[0]["document"]).name == name


@then(parsers.parse('the answer begins with "{words}"'))
def _begins(ran: Ran, words: str) -> None:
    assert ran.code == 0, ran.err
    assert ran.out.startswith(words)


@pytest.fixture
def keyboard(machine: Path) -> Iterator[Keyboard]:
    """Return a chat at a terminal."""
    with at_keyboard(machine, "chat", "--no-docs", module=REAL) as opened:
        yield opened


@when("I chat without documents")
def _chat(keyboard: Keyboard) -> None:
    keyboard.wait_for("> ")


@when(parsers.parse('I say "{words}" and read the answer'))
def _say(keyboard: Keyboard, words: str) -> None:
    keyboard.enter(words)
    keyboard.wait_for(words)
    answer = keyboard.wait_for("\n> ").removesuffix("\n> ")
    assert answer.strip()


@when("I switch to a model file that is damaged")
def _switch(keyboard: Keyboard, tmp_path: Path) -> None:
    keyboard.enter(f"/model {write_gguf(tmp_path / 'damaged.gguf', CHAT)}")


@then("I read that it cannot be used")
def _refused(keyboard: Keyboard) -> None:
    told = keyboard.wait_for("\n> ")
    assert "damaged.gguf" in told or "Tiny" in told
    assert "answers now" not in told


@when("I leave")
def _leave(keyboard: Keyboard) -> None:
    keyboard.enter("/quit")
    assert keyboard.end() == 0


@then("both answers came from the same model")
def _same(machine: Path) -> None:
    with open_assistant(Home(machine)) as assistant:
        branch = assistant.conversations.branch(assistant.conversations.all()[0].id)
    receipts = [one.receipt for one in branch if one.message.role is Role.ASSISTANT]
    assert [receipt.model_name for receipt in receipts if receipt] == ["SmolLM2 135M"] * 2


@when('I run "maru doctor"', target_fixture="ran")
def _doctor(machine: Path) -> Ran:
    return run(machine, "doctor")


@then("it names the processor and the folder of models")
def _names(ran: Ran, machine: Path) -> None:
    assert ran.code == 0, ran.err
    assert " · processor\n" in ran.out
    assert str(machine / "models") in ran.out


@then("it says how many of the model's layers are on a graphics card, and why not all of them")
def _layers(ran: Ran) -> None:
    found = re.search(r"Layers +(\d+) of 31 on the graphics card\n", ran.out)
    assert found
    assert found[1] == "31" or re.search(r"Why +\S.+\n", ran.out)


@then("it says how large the context window is and how much memory the model takes")
def _sizes(ran: Ran) -> None:
    assert re.search(r"Context window +8,192 tokens; trained for 8,192\n", ran.out)
    assert re.search(r"Memory +\d+ MB: weights \d+ MB, context \d+ MB, working space \d+ MB\n", ran.out)


@then('"maru doctor" tells programs the same')
def _doctor_json(ran: Ran, machine: Path) -> None:
    report = run(machine, "doctor", "--json").json
    assert f"{report['layers']} of {report['layers_total']} on the graphics card" in ran.out
    assert f"{report['model']['n_ctx']:,} tokens" in ran.out
    assert report["reason"] in ran.out


@when('I run "maru models" to bring in the starter under another name', target_fixture="brought")
def _bring_in(machine: Path, tmp_path: Path) -> Path:
    home = Home(machine)
    home.create()
    source = tmp_path / "brought.gguf"
    shutil.copy(model_files.starter_chat(home).path, source)
    ran = run(machine, "models", "--import", source)
    assert ran.code == 0, ran.err
    return source


@then("it is listed, with its hash, and fits")
def _listed(machine: Path, brought: Path) -> None:
    listed = {Path(one["path"]).name: one for one in run(machine, "models", "--fit", "--json").json}
    found = listed["brought.gguf"]
    assert found["sha256"] == hashlib.sha256(brought.read_bytes()).hexdigest()
    assert found["fits"] is True
    assert found["memory"]["total"] > found["size"]


@when('I run "maru models" to take it out again')
def _take_out(machine: Path) -> None:
    assert run(machine, "models", "--remove", "brought.gguf", "--yes").code == 0


@then("it is listed no more")
def _gone(machine: Path) -> None:
    assert "brought.gguf" not in run(machine, "models").out
