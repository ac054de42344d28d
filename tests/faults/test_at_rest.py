# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Homes that are made, encrypted or made plain, killed at any moment; and a home without readable words."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import home_conversion, home_key, set_aside
from assistant.conversations import ConversationStore
from assistant.documents.store import Store
from assistant.errors import DamagedError
from assistant.home_conversion import databases, is_plain
from assistant.home_key import Given
from assistant.key_file import KeyFile, Protection
from assistant.keys import HomeKey
from assistant.opening import open_assistant
from assistant.paths import Home
from assistant.protecting import HomeProtection
from assistant.restoring import restore_closed, start_from_readable
from assistant.settings import Settings
from assistant.snapshots import Reason, Snapshots
from assistant.stores import budget_of, open_stores
from assistant.unlocking import Unlocked, unlock
from tests import homes
from tests.assistants import FAKE_ENGINES, add, ask, embedding_file, ready_home
from tests.fault_table import trials
from tests.faults.killing import changes_of, kill_at, spread, strace_works
from tests.faults.test_keeping import NEWEST, check_readable, damaged
from tests.homes import PASSPHRASE, give_old_keys, held_aside, readable_words
from tests.old_homes import ANSWER, PASSAGE, QUESTION, make_old_home

__all__ = ["embedding_file", "ready_home"]

CHILD = "tests.faults.unlocking_child"
SECRETS = (QUESTION, ANSWER, PASSAGE, "CREATE TABLE")
ASIDE, DAMAGED = "conversations.damaged-1.db", bytes(4096) + QUESTION.encode() * 1000
needs_strace = pytest.mark.skipif(not strace_works(), reason="runs where strace is installed and may watch")
Record = Callable[[str, object], None]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody guess here: deriving a key at every kill would take longer than all the rest."""
    for place in (home_key, home_conversion, homes):
        monkeypatch.setattr(place, "ROUNDS", 1)


def nothing(home: Home) -> None:
    home.create()


def old_home(home: Home) -> None:
    """Make a plain home of the first version, with a damaged database that was set aside."""
    make_old_home(home, 1, 1, None)
    (home.root / ASIDE).write_bytes(DAMAGED)


def plain(home: Home) -> None:
    old_home(home)
    (home.states / f"{'0' * 32}.state").write_bytes(QUESTION.encode())


def with_old_keys(home: Home) -> None:
    old_home(home)
    give_old_keys(home, PASSPHRASE)


def leaving(home: Home) -> None:
    old_home(home)
    key = unlock(home).key
    assert key is not None
    HomeProtection(home, key).make_plain()


def needed_by(home: Home) -> Given:
    """Return the passphrase, and nothing once the home is plain: there it is refused."""
    file = KeyFile.read(home)
    is_plain = file is not None and file.protection is Protection.PLAIN
    return Given(None if is_plain else PASSPHRASE, keyring=False)


def holds_everything(home: Home, key: HomeKey | None) -> None:
    stores = open_stores(home, key, Settings())
    store = ConversationStore(stores.conversations)
    for conversation in store.all():
        assert [one.message.content for one in store.branch(conversation.id)] == [QUESTION, ANSWER]
    assert len(store.search("제주행")) == 3
    assert stores.conversations.problems() == stores.documents.problems() == []
    stores.close()
    assert held_aside(home, ASIDE, key) == DAMAGED


@needs_strace
@pytest.mark.fault("F14", "F23")
@pytest.mark.parametrize("make", [nothing, plain, with_old_keys, leaving])
def test_killed_at_any_change_the_next_start_goes_on_and_nothing_is_lost(
    tmp_path: Path, make: Callable[[Home], None], record_property: Record
) -> None:
    original = Home(tmp_path / "original")
    make(original)
    counted = shutil.copytree(original.root, tmp_path / "counted")
    points = changes_of([CHILD, str(counted)], tmp_path / "log")
    assert len(points) > 5
    tried = spread(points, trials(8, len(points)))
    for number, (call, count) in enumerate(tried):
        home = Home(shutil.copytree(original.root, tmp_path / str(number)))
        assert kill_at([CHILD, str(home.root)], call, count)
        unlocked = unlock(home, needed_by(home))
        if make is not nothing:
            assert (unlocked.key is None) == (make is leaving)
            assert make is leaving or readable_words(home, *SECRETS) == []
            holds_everything(home, unlocked.key)
        assert unlock(home, needed_by(home)) == Unlocked(unlocked.key)
        left = {path.suffix for path in home.root.rglob("*") if path.is_file()}
        assert not left & {".converting", ".keycheck", ".new"}, (call, count)
        shutil.rmtree(home.root)
    record_property("trials", len(tried))


@pytest.mark.fault("F23")
@pytest.mark.skipif(os.name != "posix", reason="runs on Linux and macOS: rights of POSIX")
def test_a_used_home_shows_no_word_without_its_key_and_belongs_to_its_owner(
    ready_home: Home, tmp_path: Path
) -> None:
    """Everything that a conversation with documents leaves, looked at file by file."""
    secret = tmp_path / "secret.md"
    secret.write_text("# Zanzibar\n\nThe zebra sleeps in room 4711 of the Quetzal hotel.\n")
    with open_assistant(ready_home, FAKE_ENGINES) as assistant:
        list(assistant.add([secret]))
        _, answer = ask(assistant, "echo: Who sleeps at the Quetzal hotel?")
        assistant.conversations.rename(answer.conversation_id, "Quetzal at night")
        assistant.leave(answer.conversation_id)
        add(assistant, "lease.pdf")
        used = readable_words(ready_home, "Quetzal", "zebra", "Zanzibar", "echo:")
        modes = {path: path.stat().st_mode & 0o777 for path in ready_home.root.rglob("*")}
    assert used == [], "while it is open, logs of the databases included"
    assert readable_words(ready_home, "Quetzal", "zebra", "Zanzibar", "echo:") == []
    modes |= {path: path.stat().st_mode & 0o777 for path in ready_home.root.rglob("*")}
    wrong = {
        path.relative_to(ready_home.root).as_posix(): oct(mode)
        for path, mode in modes.items()
        if mode & 0o077 and path.suffix not in (".gguf", ".sha256")
    }
    assert wrong == {}
    assert ready_home.root.stat().st_mode & 0o777 == 0o700
    assert len(databases(ready_home)) >= 2
    with pytest.raises(Exception, match="passphrase does not open"):
        open_assistant(ready_home, FAKE_ENGINES, Given("wrong", keyring=False))


@pytest.mark.fault("F8", "F23")
@pytest.mark.parametrize("how", ["garbage page", "truncated"])
@pytest.mark.parametrize("readable", [False, True])
def test_a_plain_home_that_is_damaged_when_it_is_to_be_encrypted_is_mended(
    tmp_path: Path, how: str, readable: bool
) -> None:
    home, given = Home(tmp_path / "home"), Given(PASSPHRASE, keyring=False)
    home.create()
    make_old_home(home, *NEWEST, None)
    snapshot = Snapshots(home, None).take(Reason.ASKED, budget_of(Settings()))
    content = damaged(home.conversations.read_bytes(), how)
    home.conversations.write_bytes(content)
    with pytest.raises(DamagedError, match=f"maru restore {snapshot.name}"):
        open_assistant(home, given=given)
    key = unlock(home, given, own=False).key
    if readable:
        salvaged = start_from_readable(home, key)
    else:
        salvaged = restore_closed(home, key, snapshot.name, budget_of(Settings()))
    assert [one.file for one in salvaged] == ["conversations.db"], "the library was whole"
    assert key is not None
    assert held_aside(home, salvaged[0].kept_as, key) == content
    assert set_aside.unsealed(home) == [], "at once"
    stores = open_stores(home, unlock(home, given).key, Settings())
    assert len(Store(stores.documents).documents()) == 1
    if not readable:
        check_readable(stores)
    stores.close()
    assert not [path for path in databases(home) if is_plain(path)]


@pytest.mark.fault("F23")
@pytest.mark.parametrize("how", ["garbage page", "truncated", "torn"])
def test_a_damaged_snapshot_keeps_nobody_from_encrypting_a_home(tmp_path: Path, how: str) -> None:
    home, given = Home(tmp_path / "home"), Given(PASSPHRASE, keyring=False)
    home.create()
    make_old_home(home, *NEWEST, None)
    name = Snapshots(home, None).take(Reason.ASKED, budget_of(Settings())).name
    path = home.snapshots / name / "conversations.db"
    path.write_bytes(damaged(path.read_bytes(), how))
    key = unlock(home, given).key
    stores = open_stores(home, key, Settings())
    check_readable(stores)
    stores.close()
    assert Snapshots(home, key).all() == []
    assert not (home.snapshots / name).exists()
