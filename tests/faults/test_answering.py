# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""F1, F2, F5: whoever answers dies at any moment, or the disk is full; the question stays."""

import contextlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from assistant import chat
from assistant.app import Assistant
from assistant.conversations import MIGRATIONS, ConversationStore, StoredMessage
from assistant.database import Database
from assistant.documents.protocol import FileProgress, FileResult, FileStatus
from assistant.errors import WorkerCrashedError
from assistant.messages import FinishReason, Role
from assistant.opening import WorkerModules, open_assistant
from assistant.paths import Home
from tests.assistants import FAKE_ENGINES, SAMPLES, ask, embedding_file, ready_home, real_assistant
from tests.fake_engine import FAKE_ENGINE
from tests.fault_table import trials
from tests.homes import key_of
from tests.terminal import FAKE, REAL, ROOT, environment, run, start

__all__ = ["embedding_file", "ready_home", "real_assistant"]

NO_DOCUMENTS = chat.Options(documents=False)


@pytest.fixture
def maru(ready_home: Home) -> Iterator[Assistant]:
    with open_assistant(ready_home, FAKE_ENGINES) as assistant:
        yield assistant


def last_branch(home: Home, modules: WorkerModules = FAKE_ENGINES) -> list[StoredMessage]:
    """Open a home that was left by force and return the newest conversation."""
    with open_assistant(home, modules) as assistant:
        return assistant.conversations.branch(assistant.conversations.all()[0].id)


def kill(process: "subprocess.Popen[str]") -> None:
    """Kill a command as hard as can be; its workers find out by themselves."""
    workers = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.communicate()
    _, alive = psutil.wait_procs(workers, timeout=20)
    assert not alive, "the workers end with it"


@pytest.mark.fault("F1")
@pytest.mark.parametrize("module", [FAKE, pytest.param(REAL, marks=pytest.mark.real_model)])
def test_killed_in_the_middle_of_an_answer_question_and_part_are_kept(
    ready_home: Home, module: str, record_property
) -> None:
    tries = trials(1, 20)
    record_property("trials", tries)
    question = "long" if module == FAKE else "Tell me everything about the sea, the wind and the ships."
    chance = random.Random(1)
    for _ in range(tries):
        command = ("ask", question, "--no-docs", "--temperature", "1", "--seed", "7", "--json")
        with start(ready_home.root, *command, module=module) as process:
            assert process.stdout is not None
            shown = [json.loads(process.stdout.readline()) for _ in range(chance.randint(1, 60))]
            kill(process)
        assert {event["event"] for event in shown} == {"token"}, "it was still answering"
        asked, answer = last_branch(ready_home)
        assert asked.message.content == question
        assert answer.finish_reason is FinishReason.FAILED
        assert "".join(event["text"] for event in shown).startswith(answer.message.content[:1])
    assert run(ready_home.root, "ask", "echo: again", "--no-docs", module=FAKE).out == "again\n"


@pytest.mark.fault("F1")
def test_a_growing_answer_is_saved_and_there_after_a_kill(ready_home: Home) -> None:
    # A pipe of one page: the command writes no faster than this test reads.
    command = ("ask", "long", "--no-docs", "--json")
    with start(ready_home.root, *command, module=FAKE, pipesize=4096) as process:
        assert process.stdout is not None
        while not saved_part(ready_home):
            assert process.stdout.readline(), "it ended before a part was saved"
        kill(process)
    _, answer = last_branch(ready_home)
    assert answer.finish_reason is FinishReason.FAILED
    assert answer.message.content.startswith("word0 word1 word2 ")


def saved_part(home: Home) -> str:
    """Look into the conversations beside their owner: what is on the disk of the answer in progress."""
    if not home.conversations.exists():
        return ""
    with contextlib.closing(
        Database.open(home.conversations, MIGRATIONS, key_of(home), own=False)
    ) as database:
        store = ConversationStore(database)
        return "".join(
            message.message.content
            for conversation in store.all()
            for message in store.branch(conversation.id)
            if message.message.role is Role.ASSISTANT
        )


@pytest.mark.fault("F1")
@pytest.mark.parametrize("wait_s", [0.0, 0.3, 0.6, 0.9])
def test_killed_at_any_moment_of_the_start_the_home_opens_again(ready_home: Home, wait_s: float) -> None:
    with start(ready_home.root, "ask", "echo: x", "--no-docs", module=FAKE) as process:
        threading.Event().wait(wait_s)
        process.kill()
    with open_assistant(ready_home, FAKE_ENGINES) as assistant:
        for conversation in assistant.conversations.all():
            for message in assistant.conversations.branch(conversation.id):
                assert message.message.role is Role.USER or message.finish_reason is not None
        assert ask(assistant, "echo: fine", NO_DOCUMENTS)[1].message.content == "fine"


@pytest.mark.fault("F1")
def test_killed_while_adding_the_rest_is_added_the_next_time(ready_home: Home) -> None:
    with start(ready_home.root, "add", SAMPLES, "--json", module=FAKE) as process:
        assert process.stdout is not None
        first = json.loads(process.stdout.readline())
        kill(process)
    assert first["status"] == "added"
    ran = run(ready_home.root, "add", SAMPLES, "--json", module=FAKE)
    results = {line["path"]: line["status"] for line in ran.lines}
    assert results[first["path"]] == "unchanged"
    assert set(results.values()) <= {"unchanged", "added"}
    rows = run(ready_home.root, "documents", "--json", module=FAKE).json
    assert len(rows) == len(results) == len(list(SAMPLES.iterdir()))
    stores = run(ready_home.root, "doctor", "--json", module=FAKE).json["stores"]
    assert (stores["library"], stores["vectors"]) == ("sound", "complete")


Moment = Callable[[chat.ChatEvent], bool]
MOMENTS: dict[str, Moment] = {
    "loading": lambda event: isinstance(event, chat.Loading),
    "reading": lambda event: isinstance(event, chat.Reading),
    "writing": lambda event: isinstance(event, chat.TokenText),
}


def crash_while(assistant: Assistant, moment: Moment, number: signal.Signals, question: str) -> bool:
    """Ask, end the chat engine's process at this moment, and demand that nothing is lost.

    Says whether that was noticed.
    """
    conversation = assistant.conversations.create().id
    events = assistant.ask(conversation, question, NO_DOCUMENTS, threading.Event())
    written = ""
    for event in events:
        written += event.text if isinstance(event, chat.TokenText) else ""
        if moment(event):
            break
    assert assistant.chat_engine.pid is not None
    os.kill(assistant.chat_engine.pid, number)
    crashed = ""
    try:
        list(events)
    except WorkerCrashedError as error:
        crashed = str(error)
    # Without an error it had nothing to do just then, and a new one did the work.
    assert not crashed or "chat engine ended unexpectedly" in crashed
    branch = assistant.conversations.branch(conversation)
    assert branch[0].message.content == question
    if written:
        assert crashed
        assert branch[1].message.content.startswith(written)
        assert branch[1].finish_reason is FinishReason.FAILED
    return bool(crashed)


@pytest.mark.fault("F2")
@pytest.mark.parametrize("moment", MOMENTS)
def test_the_chat_engine_is_killed_and_the_same_question_can_be_asked_again(
    maru: Assistant, moment: str, record_property
) -> None:
    tries = trials(1, 20)
    record_property("trials", tries)
    for _ in range(tries):
        maru.chat_engine.close()
        crash_while(maru, MOMENTS[moment], signal.SIGKILL, "long")
        assert ask(maru, "echo: again", NO_DOCUMENTS)[1].message.content == "again"


@pytest.mark.fault("F2")
@pytest.mark.real_model
def test_the_real_chat_engine_is_killed_while_loading_and_writing_and_answers_the_next_question(
    real_assistant: Assistant,
) -> None:
    for moment in ("loading", "writing"):
        assert crash_while(real_assistant, MOMENTS[moment], signal.SIGKILL, "Name ten colours.")
    _, answer = ask(real_assistant, "Name a colour.", NO_DOCUMENTS)
    assert answer.message.content
    assert answer.finish_reason is not FinishReason.FAILED


@pytest.mark.fault("F2")
def test_the_embedding_engine_is_killed_while_adding_and_goes_on(maru: Assistant) -> None:
    results = []
    for event in maru.add([SAMPLES / "lease.pdf"]):
        # It may be in the middle of a text or not: then the rest is made up for at the end.
        if isinstance(event, FileProgress) and event.step == "embedding" and 0 < event.done < event.places:
            assert maru.embedding_engine.pid is not None
            os.kill(maru.embedding_engine.pid, signal.SIGKILL)
        if isinstance(event, FileResult):
            results.append(event)
    assert [(one.status, one.passages) for one in results] == [(FileStatus.ADDED, 21)]
    assert maru.library.health()["vectors"] == "complete"
    assert maru.library.search("monthly rent").vectors_used


@pytest.mark.fault("F2")
def test_without_its_engine_a_file_is_found_by_its_words_and_the_vectors_are_made_up(
    ready_home: Home,
) -> None:
    broken = WorkerModules(chat=FAKE_ENGINE, embedding="tests.no_such_engine")
    with open_assistant(ready_home, broken) as assistant:
        [result] = [
            event for event in assistant.add([SAMPLES / "lease.pdf"]) if isinstance(event, FileResult)
        ]
        assert (result.status, result.passages) == (FileStatus.ADDED, 21)
        assert "Found by its words only for now" in result.reason
        found = assistant.library.search("monthly rent")
        assert (found.vectors_used, "850" in found.found[0].text) == (False, True)
    with open_assistant(ready_home, FAKE_ENGINES) as assistant:
        assert "21 passages still without" in assistant.library.health()["vectors"]
        list(assistant.add([SAMPLES / "letter.md"]))
        assert assistant.library.health()["vectors"] == "complete"
        assert assistant.library.search("monthly rent").vectors_used


@pytest.mark.fault("F2")
def test_the_index_is_killed_while_adding_and_is_brought_up_to_date(maru: Assistant) -> None:
    list(maru.add([SAMPLES / "letter.md"]))
    index = maru.library._dense._index
    assert index is not None
    pid = index._worker.pid
    assert pid is not None
    results = []
    for event in maru.add([SAMPLES / "lease.pdf"]):
        if isinstance(event, FileProgress) and event.step == "embedding" and event.done:
            with_index, pid = pid, 0
            if with_index:
                os.kill(with_index, signal.SIGKILL)
        if isinstance(event, FileResult):
            results.append(event)
    assert [result.status for result in results] == [FileStatus.ADDED]
    found = maru.library.search("monthly rent")
    assert found.vectors_used
    assert "850" in found.found[0].text
    maru.library.prepare()
    assert maru.library.health()["index"] == "in use"


# A disk of its own, filled to the last byte and freed again; only this process sees it.
FULL_DISK = """
mount -t tmpfs -o size=96m none "$1" && cp -r "$2" "$1/home" || exit 77
maru() { shift 2; echo "== $1"; "$PYTHON" -m tests.terminal --home "$DISK/home" "$@"; echo "code $?"; }
DISK="$1"
maru "$@" ask "echo: before" --no-docs
cat /dev/zero > "$DISK/filler" 2>/dev/null
maru "$@" ask "echo: no space" --no-docs
maru "$@" add tests/data/letter.md
rm "$DISK/filler"
maru "$@" ask "echo: after" --no-docs
maru "$@" add tests/data/letter.md
maru "$@" doctor
"""


@pytest.mark.fault("F5")
def test_a_full_disk_is_one_sentence_and_it_works_again_once_there_is_space(
    ready_home: Home, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["unshare", "-rm", "sh", "-c", FULL_DISK, "sh", str(disk), str(ready_home.root)]
    if shutil.which("unshare") is None:
        pytest.skip("runs where unshare is installed (Linux, util-linux)")
    ran = subprocess.run(
        command, check=False, text=True, cwd=ROOT, timeout=120,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment(PYTHON=sys.executable),
    )  # fmt: skip
    if ran.returncode == 77 or "unshare failed" in ran.stdout:
        pytest.skip("runs where a name space may mount a disk of its own (Linux, as root)")
    parts = [part.partition("\n")[2] for part in ran.stdout.split("== ")]
    before, ask_full, add_full, ask_after, add_after, doctor = parts[1:]
    assert before == "before\ncode 0\n"
    for full in (ask_full, add_full):
        assert full.startswith("The disk is full: ")
        assert full.endswith(" can only be read until you free some space.\nNothing was changed.\ncode 1\n")
        assert len(full.splitlines()) == 3
    assert ask_after == "after\ncode 0\n"
    assert "added" in add_after
    for store in ("Documents", "Conversations"):
        assert re.search(rf"^ +{store} +sound$", doctor, re.MULTILINE), doctor
