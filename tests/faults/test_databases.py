# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Databases under faults: killed writers, full disks, damaged files."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.conversations import MIGRATIONS, ConversationStore
from assistant.database import Database
from assistant.errors import DamagedError, DatabaseError, NewerSchemaError
from assistant.keys import HomeKey
from assistant.messages import FinishReason, Role

ROOT = Path(__file__).parents[2]
KEYS = [None, HomeKey(bytes(range(32)), "home of a test")]

# Says on standard output what was acknowledged, and only that.
WRITE = """
import sys
from pathlib import Path
from assistant.conversations import MIGRATIONS, ConversationStore
from assistant.database import Database
from assistant.errors import DatabaseError, DiskFullError
from assistant.keys import HomeKey
from assistant.messages import FinishReason

def until_it_works(work):
    while True:
        try:
            return work()
        except DatabaseError:
            print("full", flush=True)

key = HomeKey(bytes.fromhex(sys.argv[2]), "home of a test") if sys.argv[2] else None
database = until_it_works(lambda: Database.open(Path(sys.argv[1]), MIGRATIONS, key))
store = until_it_works(lambda: ConversationStore(database))
conversation = until_it_works(lambda: store.create("c").id)
parent = None
for number in range(int(sys.argv[3])):
    try:
        asked = store.add_question(conversation, parent, f"question {number}" + " more words" * 500)
        print(asked.id, flush=True)
        answer = store.start_answer(conversation, asked.id)
        print(answer.id, flush=True)
        store.save_partial(answer.id, "half an answer")
        parent = store.finish_answer(answer.id, "whole answer", FinishReason.STOP).id
        print("finished", parent, flush=True)
    except DiskFullError:
        print("full", flush=True)
"""


def writer(path: Path, key: HomeKey | None, rounds: int, *prefix: str) -> "subprocess.Popen[str]":
    secret = key.secret.hex() if key else ""
    command = [*prefix, sys.executable, "-c", WRITE, str(path), secret, str(rounds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)


def acknowledged_and_kept(path: Path, key: HomeKey | None, lines: list[str]) -> ConversationStore:
    """Open what the writer left and demand everything that it was told is there."""
    database = Database.open(path, MIGRATIONS, key)
    assert database.problems() == []
    store = ConversationStore(database)
    for line in lines:
        if line.startswith("finished"):
            assert store.message(int(line.split()[1])).message.content == "whole answer"
        elif line.isdigit():
            store.message(int(line))
    return store


def close(store: ConversationStore) -> None:
    store._database.close()


@pytest.mark.parametrize("after", [0, 1, 2, 3, 8, 21])
@pytest.mark.parametrize("key", KEYS)
def test_killed_at_any_moment_nothing_acknowledged_is_lost(
    tmp_path: Path, key: HomeKey | None, after: int
) -> None:
    path = tmp_path / "conversations.db"
    lines = []
    with writer(path, key, 1_000_000) as process:
        assert process.stdout is not None
        for _ in range(after):
            lines.append(process.stdout.readline())
        process.kill()
        lines += process.stdout.readlines()
    if not path.exists():
        assert lines == []
        return
    store = acknowledged_and_kept(path, key, [line.strip() for line in lines if line.endswith("\n")])
    for conversation in store.all():
        for message in store.branch(conversation.id):
            if message.message.role is Role.ASSISTANT:
                assert message.finish_reason in (FinishReason.STOP, FinishReason.FAILED)
        store.add_question(conversation.id, None, "it goes on")
    close(store)


@pytest.fixture(scope="module", params=KEYS)
def sound(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, HomeKey | None]:
    """Return a database of some size, closed, and its key."""
    path = tmp_path_factory.mktemp("sound") / "conversations.db"
    store = ConversationStore(Database.open(path, MIGRATIONS, request.param))
    conversation = store.create().id
    for number in range(20):
        store.add_question(conversation, None, f"question {number} " * 200)
    close(store)
    return path, request.param


def damaged_copy(sound: Path, folder: Path, content: bytes) -> Path:
    shutil.copytree(sound.parent, folder, dirs_exist_ok=True)
    path = folder / sound.name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("damage", ["empty", "cut", "half", "zeroed", "garbage", "text"])
def test_a_damaged_file_is_named_and_left_as_it_is(
    tmp_path: Path, sound: tuple[Path, HomeKey | None], damage: str
) -> None:
    original, key = sound
    whole = original.read_bytes()
    content = {
        "empty": b"",
        "cut": whole[:7],
        "half": whole[: len(whole) // 2],
        "zeroed": bytes(len(whole)),
        "garbage": os.urandom(len(whole)),
        "text": b"<!doctype html><title>Not found</title>" * 100,
    }[damage]
    path = damaged_copy(original, tmp_path, content)
    with pytest.raises(DatabaseError, match="damaged") as error:
        Database.open(path, MIGRATIONS, key)
    assert type(error.value) is DamagedError
    assert "left as it is" in str(error.value)
    assert path.read_bytes() == content


def test_a_garbage_page_is_found_by_the_check(tmp_path: Path, sound: tuple[Path, HomeKey | None]) -> None:
    original, key = sound
    whole = bytearray(original.read_bytes())
    middle = len(whole) // 4096 // 2 * 4096
    whole[middle : middle + 4096] = os.urandom(4096)
    path = damaged_copy(original, tmp_path, bytes(whole))
    try:
        database = Database.open(path, MIGRATIONS, key)
    except DatabaseError:
        return
    assert database.problems() != []
    database.close()


def test_a_log_of_garbage_is_passed_over(tmp_path: Path, sound: tuple[Path, HomeKey | None]) -> None:
    original, key = sound
    path = damaged_copy(original, tmp_path, original.read_bytes())
    path.with_name(f"{path.name}-wal").write_bytes(os.urandom(5000))
    close(acknowledged_and_kept(path, key, []))


def test_a_lost_log_leaves_a_database_that_opens(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    with writer(path, None, 1_000_000) as process:
        assert process.stdout is not None
        for _ in range(5):
            process.stdout.readline()
        process.kill()
    path.with_name(f"{path.name}-wal").unlink()
    close(acknowledged_and_kept(path, None, []))


def test_a_newer_schema_is_not_touched(tmp_path: Path, sound: tuple[Path, HomeKey | None]) -> None:
    original, key = sound
    path = damaged_copy(original, tmp_path, original.read_bytes())
    newer = (*MIGRATIONS, lambda connection: None)
    Database.open(path, newer, key).close()
    before = path.read_bytes()
    with pytest.raises(NewerSchemaError):
        Database.open(path, MIGRATIONS, key)
    assert path.read_bytes() == before


def strace_works() -> bool:
    program = shutil.which("strace")
    return bool(program) and subprocess.run([program, "-o", os.devnull, "true"], check=False).returncode == 0


@pytest.mark.skipif(not strace_works(), reason="runs where strace is installed and may watch")
@pytest.mark.parametrize("first", [2, 40, 70])
def test_a_full_disk_damages_nothing_and_is_survived(tmp_path: Path, first: int) -> None:
    path = tmp_path / "conversations.db"
    # strace counts the calls of each thread: the one that opens and the one that writes.
    inject = f"inject=pwrite64:error=ENOSPC:when={first}..{first + 12}"
    prefix = ("strace", "-f", "-qq", "-o", os.devnull, "-e", "trace=pwrite64", "-e", inject)
    with writer(path, None, 30, *prefix) as process:
        output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    lines = output.splitlines()
    assert "full" in lines
    assert lines[-1].startswith("finished"), "it works again once there is space"
    close(acknowledged_and_kept(path, None, lines))
