# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""P4 where a usual day does not reach: copies, snapshots, reports, a crash, the real engine's states."""

import contextlib
import logging
import zlib
from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant import chat
from assistant.errors import MaruError
from assistant.home_key import Given
from assistant.opening import open_assistant
from assistant.paths import Home
from tests import terminal
from tests.assistants import FAKE_ENGINES, ask, embedding_file, ready_home, share_embedding_model
from tests.planted import Leak, Planted, drawn, leaks, send

__all__ = ["embedding_file", "ready_home"]

pytestmark = pytest.mark.fault("P4")


@pytest.fixture
def planted() -> list[Planted]:
    return drawn(80)


def in_files(folder: Path, planted: Sequence[Planted]) -> list[Leak]:
    """Return the values that stand in the names or the content of the files under a folder."""
    return leaks(planted, "", Home(folder))


def finished(work: Generator[Any, None, object]) -> None:
    for _ in work:
        pass


def test_a_masked_copy_holds_no_value_in_its_words_or_its_names(
    ready_home: Home, tmp_path: Path, planted: list[Planted]
) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    mail = next(one for one in planted if "@" in one.value and " " not in one.value and "/" not in one.value)
    with open_assistant(ready_home, FAKE_ENGINES) as assistant:
        send(assistant, planted, folder)
        named = tmp_path / f"{mail.value}.md"
        named.write_text(f"# About {mail.value}\n\n{mail.line}\n", "utf-8")
        finished(assistant.add([named]))
        _, answer = ask(assistant, f"echo: {mail.line}")
        assistant.conversations.rename(answer.conversation_id, f"Letter to {mail.value}")
        masked, open_copy = tmp_path / "masked", tmp_path / "open"
        finished(assistant.copies.everything(masked, masked=True))
        finished(assistant.copies.everything(open_copy))
        assistant.copies.document(named, tmp_path / "masked" / "one.md")
    assert in_files(open_copy, planted), "what is searched for would be seen"
    assert in_files(masked, planted) == []


def test_snapshots_settings_and_reports_hold_no_value(
    ready_home: Home,
    tmp_path: Path,
    planted: list[Planted],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    monkeypatch.setattr("assistant.looking.WorkerModules", lambda: FAKE_ENGINES)
    monkeypatch.setattr("assistant.opening.WorkerModules", lambda: FAKE_ENGINES)
    with open_assistant(ready_home, FAKE_ENGINES) as assistant:
        prompts = send(assistant, planted, folder)
        assistant.apply(replace(assistant.settings, snapshots_kept=3))
        assistant.keeping.snapshot_now()
        assistant.keeping.snapshot_now()
    assert len(list(ready_home.snapshots.iterdir())) >= 1
    assert ready_home.settings.is_file()
    assert leaks(planted, prompts, ready_home) == []
    ran = terminal.Terminal(ready_home.root, capsys)("doctor", "--json")
    assert ran.json["stores"]["conversations"] == "sound"
    assert [one for one in planted if one.value in ran.out] == []


def test_no_snapshot_holds_what_a_document_said_once_it_is_wiped_from_them(
    tmp_path: Path, embedding_file: Path, planted: list[Planted]
) -> None:
    home = Home(tmp_path / "plain")  # what is not gone is seen
    home.create()
    share_embedding_model(embedding_file, home)
    folder = tmp_path / "documents"
    folder.mkdir()
    with open_assistant(home, FAKE_ENGINES, Given(plain=True, keyring=False)) as assistant:
        send(assistant, planted, folder)
        of_documents = planted[: len(planted) // 2]
        ask(assistant, f"echo: {planted[-1].line}", chat.Options(documents=False))
        assistant.keeping.snapshot_now()
        assistant.keeping.wipe_document(folder, snapshots=True)
        for one in assistant.conversations.all():
            assistant.keeping.wipe_conversation(one.id)
        assert in_files(home.snapshots, of_documents), "the conversations that read them are in it"
        assert assistant.keeping.wipe_document(folder, snapshots=True).kept_until is None
        assert in_files(home.snapshots, of_documents) == []
        assert len(assistant.keeping.snapshots()) == 1
    assert leaks(of_documents, "", home) == []
    assert in_files(home.snapshots, planted[-1:]), "what quoted no document stays"


def test_an_engine_that_ends_while_it_holds_a_question_tells_nothing_of_it(
    ready_home: Home, planted: list[Planted], caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []
    with caplog.at_level(logging.DEBUG), open_assistant(ready_home, FAKE_ENGINES) as assistant:
        lines = "\n".join(one.line for one in planted[:20])
        _, before = ask(assistant, f"Please remember:\n{lines}", chat.Options(documents=False))
        with contextlib.suppress(MaruError):
            try:
                ask(assistant, "crash", chat.Options(documents=False), before)
            except MaruError as error:
                told += [str(error.message), str(error.hint), repr(error), *getattr(error, "details", ())]
                raise
    assert told, "it did end"
    assert [one for one in planted if any(one.value in words for words in (*told, caplog.text))] == []
    assert leaks(planted, "", ready_home) == []


@pytest.mark.real_model
def test_what_the_real_engine_keeps_of_a_conversation_cannot_be_read(ready_home: Home) -> None:
    planted = drawn(10)
    lines = "\n".join(one.line for one in planted)
    with open_assistant(ready_home) as assistant:
        _, answer = ask(assistant, f"Please remember:\n{lines}", assistant.starting_options())
        assistant.leave(answer.conversation_id)
    states = [path for path in ready_home.states.rglob("*") if path.is_file()]
    assert states, "something was kept"
    for path in states:
        content = path.read_bytes()[: 1 << 22]
        assert len(zlib.compress(content, 1)) > 0.98 * len(content), "encrypted: nothing in it repeats"
    assert leaks(planted, "", ready_home) == []
