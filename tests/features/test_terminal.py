# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The stories of terminal.feature: the program in a process of its own, with the starter models."""

from pathlib import Path

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from tests.terminal import Ran, run

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
