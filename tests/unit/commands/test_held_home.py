# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A home that another Maru holds: what changes it says so, what only looks works beside it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.app import Assistant
from assistant.opening import open_assistant
from assistant.paths import Home
from tests.assistants import FAKE_ENGINES, SAMPLES, add, share_embedding_model
from tests.terminal import Terminal


@pytest.fixture(scope="module")
def holder(tmp_path_factory: pytest.TempPathFactory, embedding_file: Path) -> Iterator[Assistant]:
    """Return an open Maru with documents, which holds its home and its index."""
    made = Home(tmp_path_factory.mktemp("held") / "home")
    made.create()
    share_embedding_model(embedding_file, made)
    with open_assistant(made, FAKE_ENGINES) as assistant:
        add(assistant, "lease.pdf")
        yield assistant


@pytest.fixture
def beside(holder: Assistant, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Return a terminal on the home that is held."""
    return Terminal(holder.home.root, capsys)


@pytest.mark.fault("F11")
@pytest.mark.parametrize(
    "command",
    [
        ["ask", "echo: x"],
        ["chat"],
        ["add", "x.pdf"],
        ["remove", "x.pdf"],
        ["retry"],
        ["collections", "--create", "x"],
        ["models", "--import", "x.gguf"],
        ["models", "--remove", "x", "--yes"],
    ],
    ids=" ".join,
)
def test_what_would_change_the_home_says_who_holds_it(beside: Terminal, command: list[str]) -> None:
    ran = beside(*command)
    assert (ran.code, ran.out) == (1, "")
    first, second = ran.err.splitlines()
    assert first.startswith("Maru is already open with this home (process ")
    assert "--home" in second


@pytest.mark.parametrize("command", [["search", "rent"], ["documents"], ["models"], ["doctor"]], ids=" ".join)
def test_who_only_looks_leaves_damaged_settings_to_whoever_holds_the_home(
    beside: Terminal, holder: Assistant, command: list[str]
) -> None:
    holder.home.settings.write_bytes(b'{"limit": "many"}')
    beside(*command)
    assert holder.home.settings.read_bytes() == b'{"limit": "many"}'
    assert list(holder.home.root.glob("settings.old-*")) == []
    holder.home.settings.unlink()


def test_documents_and_search_work_beside_it(beside: Terminal) -> None:
    assert [Path(row["path"]).name for row in beside("documents", "--json").json] == ["lease.pdf"]
    found = beside("search", "monthly rent", "--json").json
    assert "850" in found[0]["text"]


@pytest.mark.fault("F11")
def test_search_finds_the_same_as_the_holder(holder: Assistant, beside: Terminal) -> None:
    own = holder.library.search("monthly rent")
    assert own.vectors_used
    found = beside("search", "monthly rent", "--json").json
    assert [(one["start"], one["end"]) for one in found] == [(one.start, one.end) for one in own.found]


def test_read_redact_models_and_doctor_work_beside_it(beside: Terminal, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("Call 010-1234-5678.", encoding="utf-8")
    assert "Call" in beside("read", note).out
    assert "1234" not in beside("redact", note).out
    assert len(beside("models", "--json").json) == 2
    report = beside("doctor", "--json").json
    assert report["backend"] == "a fake processor"
    stores = report["stores"]
    assert (stores["library"], stores["vectors"], stores["conversations"]) == ("sound", "complete", "sound")


def test_looking_into_an_empty_library_works_beside_its_holder(
    ready_home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_assistant(ready_home, FAKE_ENGINES):
        beside = Terminal(ready_home.root, capsys)
        assert beside("documents", "--json").json == []
        assert beside("search", "anything", "--json").json == []
        assert beside("doctor", "--json").json["stores"]["library"] == "sound"


def test_after_the_holder_closed_the_home_is_free(
    ready_home: Home, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    maru = Terminal(ready_home.root, capsys)
    with open_assistant(ready_home, FAKE_ENGINES):
        assert maru("remove", SAMPLES / "lease.pdf").code == 1
    assert "is not among your documents" in maru("remove", SAMPLES / "lease.pdf").err
