# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What an open Maru keeps and wipes: snapshots, restoring, reading alone, and that what is wiped is gone."""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant import pending
from assistant.app import Assistant
from assistant.app_events import SnapshotFailed
from assistant.asked import slot_of
from assistant.conversations import MIGRATIONS
from assistant.database import Database
from assistant.engine.states import path_of
from assistant.errors import DamagedError, DiskFullError, NewerSchemaError, NotFoundError, ReadOnlyError
from assistant.home_key import Given
from assistant.messages import FinishReason, Role
from assistant.opening import open_assistant
from assistant.paths import Home
from assistant.restoring import restore_closed
from assistant.snapshots import DAY, Budget, Reason, Snapshots
from assistant.transcripts import Transcript, Turn
from tests.assistants import FAKE_ENGINES, SAMPLES, add, ask, share_embedding_model
from tests.homes import key_of

SECRET = ("zyxwvutica", "꿹뛟쀍")


@pytest.fixture
def plain_home(tmp_path: Path, embedding_file: Path) -> Home:
    """Return a home in plain text: what is not gone would be seen."""
    home = Home(tmp_path / "plain")
    home.create()
    share_embedding_model(embedding_file, home)
    return home


@pytest.fixture
def plain(plain_home: Home) -> Iterator[Assistant]:
    with open_assistant(plain_home, FAKE_ENGINES, Given(plain=True, keyring=False)) as assistant:
        yield assistant


def reopened(home: Home) -> Assistant:
    return open_assistant(home, FAKE_ENGINES)


def holds(home: Home, *wanted: bytes) -> list[str]:
    """Return the files of a home, logs of databases too, in which one of `wanted` stands."""
    found = []
    for path in home.root.rglob("*"):
        if path.is_file() and path.parent != home.models:
            content = path.read_bytes()
            found += [str(path.relative_to(home.root))] * any(one in content for one in wanted)
    return sorted(found)


def spelled(word: str) -> list[bytes]:
    """Return how files write a word: full text folds case, and keeps Hangul as pairs of syllables."""
    return [word.encode(), word.upper().encode(), (word if word.isascii() else word[:2]).encode()]


def stores_with(home: Home, *wanted: bytes) -> set[str]:
    """Return in which of its stores something stands, a database's log taken for the database."""
    return {path.split("/")[0].removesuffix("-wal") for path in holds(home, *wanted)}


def in_files(home: Home) -> set[str]:
    """Return the stores in which one of the secret words stands."""
    return stores_with(home, *(one for word in SECRET for one in spelled(word)))


def vectors_of(assistant: Assistant) -> list[bytes]:
    database = assistant.library._database
    with database.read() as connection:
        return [bytes(row[0])[:64] for row in connection.execute("SELECT vector FROM vectors")]


def test_a_conversation_that_is_wiped_is_in_no_file(plain: Assistant) -> None:
    home = plain.home
    _, kept = ask(plain, "echo: ordinary words")
    _, answer = ask(plain, f"echo: {SECRET[0]} {SECRET[1]} are secret")
    number = answer.conversation_id
    for _ in range(10):
        _, answer = ask(plain, f"echo: {SECRET[0]}@example.com {SECRET[1]} again", after=answer)
    path_of(home.states, slot_of(number)).write_bytes(SECRET[0].encode())
    plain.keeping.snapshot_now()
    assert in_files(home) == {"conversations.db", "snapshots", "states"}, "else the test could not fail"
    wiped = plain.keeping.wipe_conversation(number)
    assert wiped.kept_until == plain.keeping.snapshots()[0].when + 7 * DAY
    assert in_files(home) == {"snapshots"}
    again = plain.keeping.wipe_conversation(kept.conversation_id, snapshots=True)
    assert again.kept_until is None
    with pytest.raises(NotFoundError):
        plain.keeping.wipe_conversation(number)


def test_a_conversation_is_wiped_from_the_snapshots_too(plain: Assistant) -> None:
    _, other = ask(plain, "echo: ordinary words")
    _, answer = ask(plain, f"echo: {SECRET[0]} {SECRET[1]} are secret")
    for _ in range(2):
        plain.keeping.snapshot_now()
    assert plain.keeping.kept_until(answer.conversation_id) is not None
    wiped = plain.keeping.wipe_conversation(answer.conversation_id, snapshots=True)
    assert wiped.kept_until is None
    assert in_files(plain.home) == set()
    assert len(plain.keeping.snapshots()) == 2
    assert plain.keeping.kept_until(other.conversation_id) is not None, "the others stay"


@pytest.mark.parametrize("snapshots", [False, True])
def test_a_document_that_is_wiped_is_in_no_file_and_its_vectors_in_none(
    plain: Assistant, tmp_path: Path, snapshots: bool
) -> None:
    home = plain.home
    path = tmp_path / "documents" / "secret.txt"
    path.parent.mkdir()
    path.write_text("\n".join(f"{SECRET[0]} {SECRET[1]} number {n}." for n in range(30)), encoding="utf-8")
    list(plain.add([path]))
    before = vectors_of(plain)
    add(plain, "ferry.html")
    plain.prepare()
    plain.keeping.snapshot_now()
    assert in_files(home) == {"library.db", "snapshots"}, "else the test could not fail"
    assert stores_with(home, *before) == {"library.db", "snapshots", "index"}
    wiped = plain.keeping.wipe_document(path, snapshots=snapshots)
    assert (wiped.kept_until is None) == snapshots
    left = set() if snapshots else {"snapshots"}
    assert in_files(home) == left
    assert stores_with(home, *before) == left
    assert path.exists(), "the file itself is the user's"
    plain.prepare()
    assert [one.path.name for one in plain.library.documents()] == ["ferry.html"]
    assert plain.library.search("ferry").found


def test_a_wiped_document_is_told_where_answers_quote_it(plain: Assistant) -> None:
    add(plain, "letter.md")
    _, answer = ask(plain, "What does the letter say?")
    assert answer.receipt is not None
    assert answer.receipt.passages, "else the test could not fail"
    ask(plain, "echo: nothing of it", replace(plain.starting_options(), documents=False))
    wiped = plain.keeping.wipe_document(SAMPLES / "letter.md")
    assert wiped.quoted_in == (answer.conversation_id,)


def test_a_document_goes_from_snapshots_of_conversations_that_are_there_no_more(
    plain: Assistant, tmp_path: Path
) -> None:
    path = tmp_path / "documents" / "secret.txt"
    path.parent.mkdir()
    path.write_text(f"The ferry to {SECRET[0]} {SECRET[1]} leaves at seven.", encoding="utf-8")
    list(plain.add([path]))
    _, gone = ask(plain, "When does the ferry leave?")
    assert gone.receipt is not None
    assert gone.receipt.passages, "else the test could not fail"
    plain.keeping.snapshot_now()
    _, other = ask(plain, "echo: nothing of it", replace(plain.starting_options(), documents=False))
    plain.keeping.snapshot_now()
    wiped = plain.keeping.wipe_document(path, snapshots=True)
    assert (wiped.kept_until, wiped.quoted_in) == (None, (gone.conversation_id,))
    kept = plain.keeping.wipe_conversation(gone.conversation_id).kept_until
    assert kept is not None
    assert plain.keeping.document_kept_until(path) == kept, "it is told before it is asked for"
    wiped = plain.keeping.wipe_document(path)
    assert (wiped.kept_until, wiped.quoted_in) == (kept, ())
    assert in_files(plain.home) == {"snapshots"}
    assert plain.keeping.wipe_document(path, snapshots=True).kept_until is None
    assert in_files(plain.home) == set()
    assert plain.keeping.kept_until(other.conversation_id) is not None, "the others stay"
    with pytest.raises(NotFoundError):
        plain.keeping.wipe_document(path)


def test_a_conversation_that_quotes_a_wiped_document_stays_in_snapshots_while_it_is_there(
    plain: Assistant,
) -> None:
    add(plain, "letter.md")
    _, answer = ask(plain, "What does the letter say?")
    plain.keeping.snapshot_now()
    wiped = plain.keeping.wipe_document(SAMPLES / "letter.md", snapshots=True)
    assert (wiped.kept_until, wiped.quoted_in) == (None, (answer.conversation_id,))
    assert plain.keeping.kept_until(answer.conversation_id) is not None


def test_a_conversation_that_only_snapshots_have_can_be_wiped_from_them(plain: Assistant) -> None:
    _, other = ask(plain, "echo: ordinary words")
    _, answer = ask(plain, f"echo: {SECRET[0]} {SECRET[1]} are secret")
    number = answer.conversation_id
    plain.keeping.snapshot_now()
    until = plain.keeping.wipe_conversation(number).kept_until
    assert until is not None
    assert in_files(plain.home) == {"snapshots"}, "else the test could not fail"
    with pytest.raises(NotFoundError):
        plain.keeping.title_of(number)
    assert plain.keeping.title_of(number, snapshots=True) == f"echo: {SECRET[0]} {SECRET[1]} are secret"
    assert plain.keeping.kept_until(number) == until
    assert plain.keeping.wipe_conversation(number, snapshots=True).kept_until is None
    assert in_files(plain.home) == set()
    for wrong in (number, 99):
        with pytest.raises(NotFoundError):
            plain.keeping.wipe_conversation(wrong, snapshots=True)
    assert [one.id for one in plain.conversations.all()] == [other.conversation_id]
    assert plain.keeping.kept_until(other.conversation_id) is not None, "the others stay"


def test_what_the_model_kept_of_a_wiped_document_goes_too(plain: Assistant) -> None:
    add(plain, "letter.md")
    _, read = ask(plain, "What does the letter say?")
    _, other = ask(plain, "echo: nothing of it", replace(plain.starting_options(), documents=False))
    plain.chat_engine.save_states()
    states = [path_of(plain.home.states, slot_of(one.conversation_id)) for one in (read, other)]
    assert [state.exists() for state in states] == [True, True], "else the test could not fail"
    plain.keeping.wipe_document(SAMPLES / "letter.md")
    assert [state.exists() for state in states] == [False, True]
    plain.close()
    assert [state.exists() for state in states] == [False, True], "the engine has forgotten it as well"


def test_what_the_model_kept_of_a_wiped_document_goes_too_where_maru_is_closed_at_once(
    plain: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(plain, "letter.md")
    _, read = ask(plain, "What does the letter say?")
    state = path_of(plain.home.states, slot_of(read.conversation_id))
    monkeypatch.setattr(plain._background, "submit", lambda _work: None)  # it does not come to it any more
    plain.keeping.wipe_document(SAMPLES / "letter.md")
    plain.close()
    assert not state.exists()


def test_a_wiped_document_is_told_where_it_was_read_whole_and_no_receipt_hinders(plain: Assistant) -> None:
    add(plain, "letter.md")
    path = SAMPLES / "letter.md"
    options = replace(plain.starting_options(), whole=(path,))
    _, answer = ask(plain, "Translate it into Korean. echo: nothing of it", options)
    assert answer.receipt is not None
    assert (answer.receipt.passages, len(answer.receipt.whole)) == ((), 1), "else the test could not fail"
    turns = (Turn(Role.USER, "?", None, 1.0), Turn(Role.ASSISTANT, "!", 0, 1.0, FinishReason.STOP, "{"))
    for receipt in ("{", '{"passages": ["word", 1, null], "whole": 3}', "7"):
        odd = (turns[0], replace(turns[1], receipt=receipt))
        plain.conversations.transcripts.write(Transcript(receipt, 1.0, 1.0, odd, 1))
    assert plain.keeping.wipe_document(path).quoted_in == (answer.conversation_id,)


def test_files_of_a_wiped_conversation_go_with_it(plain: Assistant, tmp_path: Path) -> None:
    path = tmp_path / "dropped.txt"
    path.write_text(f"{SECRET[0]} {SECRET[1]}", encoding="utf-8")
    number = plain.conversations.create("mine").id
    plain.indexing.add_to_conversation([path], number)
    read, tries = threading.Event(), iter(range(3000))
    while not (own := plain.library.conversation_collection(number)) or own.passages == 0:
        assert next(tries, None) is not None, "it was not read"
        read.wait(0.01)
    plain.keeping.snapshot_now()
    plain.keeping.wipe_conversation(number, snapshots=True)
    assert in_files(plain.home) == set()


def test_everything_is_wiped_when_maru_is_closed(ready_home: Home, tmp_path: Path) -> None:
    with reopened(ready_home) as assistant:
        ask(assistant, "echo: ordinary words")
        add(assistant, "ferry.html")
        assistant.prepare()
        assistant.keeping.snapshot_now()
        assistant.protection.new_recovery_code()
        (ready_home.root / "letter.txt").write_text("not Maru's", encoding="utf-8")
        (ready_home.root / ".settings.json.abc").write_text("cut off", encoding="utf-8")
        (ready_home.root / "conversations.damaged-1.db").write_bytes(b"set aside")
        assistant.keeping.wipe_everything()
        assert "being deleted" in str(assistant.read_only)
        with pytest.raises(ReadOnlyError):
            assistant.conversations.create("too late")
    assert {path.name for path in ready_home.root.iterdir()} == {
        "home.lock", "key.json", "key.json.copy", "models", "logs", "states", "letter.txt"
    }  # fmt: skip
    assert list(ready_home.models.iterdir()), "models stay"
    with reopened(ready_home) as assistant:
        assert assistant.conversations.all() == []
        assert assistant.library.documents() == []
        assert assistant.read_only is None


def test_a_snapshot_is_restored_when_maru_is_closed_and_the_present_is_one(ready_home: Home) -> None:
    with reopened(ready_home) as assistant:
        ask(assistant, "echo: the first question")
        add(assistant, "ferry.html")
        assistant.prepare()
        first = assistant.keeping.snapshot_now()
        _, answer = ask(assistant, "echo: the second question")
        assistant.library.remove(SAMPLES / "ferry.html")
        add(assistant, "letter.md")
        path_of(ready_home.states, slot_of(answer.conversation_id)).write_bytes(b"what was read")
        assistant.keeping.restore(first.name)
        assert "restored" in str(assistant.read_only)
        for change in (
            lambda: ask(assistant, "echo: too late"),
            lambda: assistant.keeping.restore(first.name),
        ):
            with pytest.raises(ReadOnlyError):
                change()
    with reopened(ready_home) as assistant:
        assert [one.title for one in assistant.conversations.all()] == ["echo: the first question"]
        assistant.prepare()
        assert [one.path.name for one in assistant.library.documents()] == ["ferry.html"]
        assert assistant.library.search("ferry").found
        assert assistant.library.health()["index"] == "in use"
        assert not list(ready_home.states.glob("*.state"))
        present = assistant.keeping.snapshots()[0]
        assert present.reason is Reason.RESTORE
        assistant.keeping.restore(present.name)
    with reopened(ready_home) as assistant:
        assert len(assistant.conversations.all()) == 2
        assert [one.path.name for one in assistant.library.documents()] == ["letter.md"]


def test_a_restore_that_cannot_be_prepared_changes_nothing(
    fake_assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(fake_assistant, "echo: words")
    name = fake_assistant.keeping.snapshot_now().name
    with pytest.raises(NotFoundError):
        fake_assistant.keeping.restore("2020-01-01T00-00-00Z")
    for file in ("library.db", "conversations.db"):
        path = fake_assistant.home.snapshots / name / file
        path.write_bytes(bytes(path.stat().st_size))
        with pytest.raises(DamagedError, match=f"^The snapshot {name} is damaged"):
            fake_assistant.keeping.restore(name)
        assert not list(fake_assistant.home.root.glob("*.restoring*"))
    assert [one.name for one in fake_assistant.keeping.snapshots()] == [name], "no try leaves another one"
    sound = fake_assistant.keeping.snapshot_now().name
    with monkeypatch.context() as full:
        full.setattr("assistant.snapshots.SPARE_BYTES", 1 << 62)
        with pytest.raises(DiskFullError):
            fake_assistant.keeping.restore(sound)
    assert fake_assistant.read_only is None
    fake_assistant.conversations.create("it goes on")
    assert not list(fake_assistant.home.root.glob("*.restoring*"))


def test_the_daily_snapshot_is_taken_once_and_only_of_something(ready_home: Home) -> None:
    with reopened(ready_home) as assistant:
        assistant.prepare()
    assert Snapshots(ready_home, None).all() == [], "there is nothing to lose yet"
    with reopened(ready_home) as assistant:
        ask(assistant, "echo: words")
    taken = Snapshots(ready_home, None).all()
    assert [one.reason for one in taken] == [Reason.DAILY], "closing takes it where nothing else did"
    with reopened(ready_home) as assistant:
        assistant.prepare()
    assert Snapshots(ready_home, None).all() == taken


def test_a_snapshot_of_what_was_wiped_goes_when_it_was_said_to_though_nothing_else_is_left(
    ready_home: Home,
) -> None:
    with reopened(ready_home) as assistant:
        _, answer = ask(assistant, "echo: words")
        name = assistant.keeping.snapshot_now().name
        until = assistant.keeping.wipe_conversation(answer.conversation_id).kept_until
    assert until is not None
    old = (datetime.now(UTC) - timedelta(days=30)).strftime("%Y-%m-%dT%H-%M-%SZ")
    folder = ready_home.snapshots
    (folder / name).rename(folder / old)
    with reopened(ready_home) as assistant:
        assistant.prepare()
    assert old not in [one.name for one in Snapshots(ready_home, None).all()]


def test_a_daily_snapshot_that_fails_is_told_and_keeps_nobody(
    fake_assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(fake_assistant, "echo: words")
    monkeypatch.setattr("assistant.snapshots.SPARE_BYTES", 1 << 62)
    events = fake_assistant.events()
    fake_assistant.keeping.daily()
    told = next(one for one in events if isinstance(one, SnapshotFailed))
    assert isinstance(told.error, DiskFullError)


def test_settings_say_how_much_is_kept(fake_assistant: Assistant) -> None:
    ask(fake_assistant, "echo: words")
    fake_assistant.apply(replace(fake_assistant.settings, snapshots_kept=2))
    for _ in range(4):
        fake_assistant.keeping.snapshot_now()
    assert len(fake_assistant.keeping.snapshots()) == 2


@pytest.mark.fault("F8")
def test_a_newer_home_is_read_searched_and_not_changed(ready_home: Home) -> None:
    with reopened(ready_home) as assistant:
        _, answer = ask(assistant, "echo: the ferry to Jeju")
        add(assistant, "ferry.html")
    newer = (*MIGRATIONS, lambda connection: connection.execute("ALTER TABLE messages ADD COLUMN more TEXT"))
    Database.open(ready_home.conversations, newer, key_of(ready_home)).close()
    before = ready_home.conversations.read_bytes(), ready_home.library.read_bytes()
    with reopened(ready_home) as assistant:
        check_reading_alone(assistant, answer.conversation_id, "newer Maru")
    assert (ready_home.conversations.read_bytes(), ready_home.library.read_bytes()) == before


def check_reading_alone(assistant: Assistant, conversation: int, reason: str) -> None:
    """Demand that everything can be read and nothing changed."""
    assert reason in str(assistant.read_only)
    assistant.prepare()
    assert len(assistant.conversations.branch(conversation)) == 2
    assert assistant.conversations.search("Jeju")
    assert [one.path.name for one in assistant.library.documents()] == ["ferry.html"]
    assert assistant.library.places(SAMPLES / "ferry.html")
    assert assistant.library.search("When does the ferry leave?").found
    changes: list[Callable[[], object]] = [
        lambda: ask(assistant, "echo: more"),
        lambda: add(assistant, "letter.md"),
        lambda: assistant.conversations.rename(conversation, "other"),
        lambda: assistant.conversations.delete(conversation),
        lambda: assistant.library.remove(SAMPLES / "ferry.html"),
        lambda: assistant.library.create_collection("new"),
        assistant.keeping.snapshot_now,
        lambda: assistant.keeping.wipe_conversation(conversation),
        assistant.keeping.wipe_everything,
    ]
    for change in changes:
        with pytest.raises(ReadOnlyError) as error:
            change()
        assert reason in str(error.value)


READ_ONLY = """
import sys
from pathlib import Path
from assistant.opening import open_assistant
from assistant.paths import Home
from tests.assistants import FAKE_ENGINES
from tests.unit.test_keeping import check_reading_alone

with open_assistant(Home(Path(sys.argv[1])), FAKE_ENGINES) as assistant:
    check_reading_alone(assistant, int(sys.argv[2]), "cannot write to its folder")
print("read")
"""


def mounting_works() -> bool:
    program = shutil.which("unshare")
    return bool(program) and subprocess.run([program, "-rm", "true"], check=False).returncode == 0


@pytest.mark.fault("F17")
@pytest.mark.skipif(not mounting_works(), reason="no mounting")
@pytest.mark.parametrize("crashed", [False, True])
def test_a_folder_that_cannot_be_written_is_read(ready_home: Home, tmp_path: Path, crashed: bool) -> None:
    folder = tmp_path / "drive"
    with reopened(ready_home) as assistant:
        _, answer = ask(assistant, "echo: the ferry to Jeju")
        add(assistant, "ferry.html")
        if crashed:  # the log is still there
            shutil.copytree(ready_home.root, folder)
    if not crashed:
        shutil.copytree(ready_home.root, folder)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    samples = sorted(SAMPLES.rglob("*"))
    mount = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && exec "$2" -c "$3" "$1" "$4"'
    command = ["unshare", "-rm", "sh", "-c", mount, "sh", str(folder), sys.executable, READ_ONLY]
    ran = subprocess.run(
        [*command, str(answer.conversation_id)],
        capture_output=True, text=True, timeout=60, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert ran.stdout == "read\n", ran.stderr
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert sorted(SAMPLES.rglob("*")) == samples, "nothing is written beside the documents"


@pytest.mark.parametrize("aside", [[None], "conversations.db", {"conversations.db": 1},
                                   {"conversations.db": "../x.db"}, {"conversations.db": "\0"}])  # fmt: skip
def test_a_plan_that_another_program_was_at_is_none(ready_home: Home, aside: object) -> None:
    ready_home.conversations.write_bytes(b"mine")
    ready_home.pending.write_text(json.dumps({"version": 1, "do": "restore", "aside": aside}))
    pending.finish(ready_home)
    assert not ready_home.pending.exists()
    assert ready_home.conversations.read_bytes() == b"mine"


def test_what_a_newer_maru_has_planned_is_left_to_it(ready_home: Home) -> None:
    reopened(ready_home).close()
    ready_home.pending.write_text('{"version": 2, "do": "wipe"}')
    with pytest.raises(NewerSchemaError, match=r"pending\.json was written by a newer Maru"):
        reopened(ready_home)
    assert ready_home.pending.exists()
    assert ready_home.conversations.exists()


def test_a_damaged_home_says_which_snapshot_brings_it_back(ready_home: Home) -> None:
    with reopened(ready_home) as assistant:
        ask(assistant, "echo: words")
        name = assistant.keeping.snapshot_now().name
    ready_home.conversations.write_bytes(bytes(4096))
    with pytest.raises(DamagedError, match=f"maru restore {name}"):
        reopened(ready_home)
    restore_closed(ready_home, key_of(ready_home), name, Budget(7, 10**9))
    with reopened(ready_home) as assistant:
        assert len(assistant.conversations.all()) == 1
        assert assistant.keeping.wipe_conversation(1).damaged == ("conversations.damaged-1.db",)
