# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Homes of before there was a key file, and homes whose protection is changed."""

import contextlib
import itertools
import re
import shutil
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import home_conversion
from assistant.commands.init import init
from assistant.conversations import MIGRATIONS, ConversationStore
from assistant.credentials import Keyring
from assistant.database import Database
from assistant.database_keys import connect
from assistant.documents.schema import MIGRATIONS as LIBRARY
from assistant.errors import DatabaseError, LockedError, LockedReason, NewerSchemaError
from assistant.full_text import index_terms
from assistant.home_conversion import Converting
from assistant.home_key import Given, leave_protection, new_key, new_recovery_code, protect_with_passphrase
from assistant.key_file import KeyFile, Protection
from assistant.keys import HomeKey
from assistant.paths import Home
from assistant.protecting import HomeProtection
from assistant.settings import Settings
from assistant.stores import Stores, open_stores
from assistant.unlocking import KeySearch, Unlocked, conversion_waits, unlock
from tests.homes import PASSPHRASE, FakeBackend, give_old_keys, readable_words
from tests.old_homes import ANSWER, PASSAGE, QUESTION, make_old_home, make_old_library

NEWEST = (99, 99)
FIRST = (1, 1)
NO_BUS = RuntimeError("no bus")
GIVEN = Given("열려라 참깨", keyring=False)


@pytest.fixture(params=[FIRST, NEWEST], ids=["first version", "newest"])
def old_home(tmp_path: Path, request: pytest.FixtureRequest) -> Home:
    """Return a plain home of before there was a key file, with what was read of a conversation."""
    made = Home(tmp_path / "old")
    make_old_home(made, *request.param, None)
    (made.states / f"{'0' * 32}.state").write_bytes(QUESTION.encode())
    return made


def holds_everything(home: Home, key: HomeKey | None) -> None:
    """Open the databases by `key` and demand what `make_old_home` wrote, by full text too."""
    with contextlib.closing(open_stores(home, key, Settings())) as stores:
        _look(stores)


def _look(stores: Stores) -> None:
    store = ConversationStore(stores.conversations)
    for conversation in store.all():
        words = [one.message.content for one in store.branch(conversation.id)]
        assert words == [QUESTION, ANSWER]
    assert len(store.search("제주행")) == len(store.all()) == 3
    assert store.add_question(store.create("new").id, None, "it goes on").id > 6
    with stores.documents.read() as connection:
        assert connection.execute("SELECT search_text FROM chunks").fetchall() == [(PASSAGE,)]
        words = index_terms("ferry")
        found = connection.execute("SELECT rowid FROM chunk_terms WHERE chunk_terms MATCH ?", (words,))
        assert len(found.fetchall()) == 1
    assert stores.conversations.problems() == stores.documents.problems() == []


def is_encrypted(home: Home) -> bool:
    return readable_words(home, QUESTION, ANSWER, PASSAGE, "CREATE TABLE") == []


def test_an_old_home_is_encrypted_with_the_keyring_and_this_is_said(
    old_home: Home, keyring: Keyring, backend: FakeBackend
) -> None:
    unlocked = unlock(old_home, Given(), keyring)
    assert "keyring opens them" in str(unlocked.notice)
    assert unlocked.key is not None
    assert list(backend.kept.values()) == [unlocked.key.secret.hex()]
    assert is_encrypted(old_home), "neither log nor copy nor state is left"
    assert unlock(old_home, Given(), keyring) == Unlocked(unlocked.key), "it is said once"
    holds_everything(old_home, unlocked.key)
    assert is_encrypted(old_home)


@pytest.mark.parametrize("plain", [False, True])
def test_a_conversion_tells_how_far_it_is_from_its_beginning_to_its_end(
    old_home: Home, monkeypatch: pytest.MonkeyPatch, plain: bool
) -> None:
    make_old_library(old_home.root / "more.db", len(LIBRARY), None, 1500)
    (old_home.root / "more.db").replace(old_home.library)
    monkeypatch.setattr(home_conversion, "_TELL_S", 0.0)
    if plain:
        key = unlock(old_home, GIVEN).key
        assert key is not None
        HomeProtection(old_home, key).make_plain()
    first = old_home.conversations.stat().st_size
    total = first + old_home.library.stat().st_size
    told: list[Converting] = []
    assert conversion_waits(old_home)
    unlock(old_home, GIVEN, tell=told.append)
    assert not conversion_waits(old_home)
    done = [step.done for step in told]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0, total)
    assert {(step.total, step.plain) for step in told} == {(total, plain)}
    assert [step.done for step in told if step.checking] == [first, total]
    steps = [later - before for before, later in itertools.pairwise(done)]
    assert len(set(done)) >= 8
    assert max(steps) < total // 3, "no long silence in the middle of a file"


def test_an_old_home_is_encrypted_with_the_passphrase_that_is_given(old_home: Home) -> None:
    unlocked = unlock(old_home, GIVEN)
    assert "passphrase opens them" in str(unlocked.notice)
    assert is_encrypted(old_home)
    holds_everything(old_home, unlocked.key)


def test_an_old_home_without_keyring_stays_readable_and_this_is_said_once(
    old_home: Home, keyring: Keyring, backend: FakeBackend
) -> None:
    backend.error = NO_BUS
    unlocked = unlock(old_home, Given(), keyring)
    assert unlocked.key is None
    assert "are not encrypted" in str(unlocked.notice)
    assert unlock(old_home, Given(), keyring) == Unlocked(None)
    holds_everything(old_home, None)
    backend.error = None
    later = unlock(old_home, Given(), keyring)
    assert later.key is not None, "a keyring that comes later is used"
    assert is_encrypted(old_home)


def test_an_old_home_that_was_chosen_plain_stays_plain(old_home: Home, keyring: Keyring) -> None:
    for given in (Given(plain=True), Given()):
        assert unlock(old_home, given, keyring) == Unlocked(None)
    holds_everything(old_home, None)


@pytest.mark.parametrize("check", [True, False], ids=["with its checks", "without them"])
def test_an_old_passphrase_opens_its_home_and_nothing_else_does(
    old_home: Home, keyring: Keyring, check: bool
) -> None:
    give_old_keys(old_home, "열려라 참깨", check=check)
    before = old_home.conversations.read_bytes()
    for given, reason in (
        (Given(), LockedReason.PASSPHRASE),
        (Given("wrong"), LockedReason.WRONG_PASSPHRASE),
    ):
        with pytest.raises(LockedError) as error:
            unlock(old_home, given, keyring)
        assert error.value.reason is (reason if check else LockedReason.DAMAGED)
    assert old_home.conversations.read_bytes() == before
    assert not old_home.key_file.exists()
    unlocked = unlock(old_home, GIVEN)
    assert unlocked.notice is None
    assert list(old_home.root.glob("*.keycheck")) == []
    holds_everything(old_home, unlocked.key)
    assert unlock(old_home, GIVEN).key == unlocked.key


def test_a_damaged_old_database_is_no_wrong_passphrase(old_home: Home) -> None:
    give_old_keys(old_home, "열려라 참깨")
    whole = old_home.conversations.read_bytes()
    old_home.conversations.write_bytes(whole[:16] + bytes(len(whole) - 16))
    with pytest.raises(DatabaseError, match="damaged"):
        unlock(old_home, GIVEN)
    old_home.conversations.write_bytes(whole)
    holds_everything(old_home, unlock(old_home, GIVEN).key)


def test_a_damaged_plain_database_is_left_as_it_is(old_home: Home) -> None:
    whole = old_home.library.read_bytes()
    damaged = whole[:4096] + bytes(len(whole) - 4096)
    old_home.library.write_bytes(damaged)
    with pytest.raises(DatabaseError, match="damaged"):
        unlock(old_home, GIVEN)
    assert old_home.library.read_bytes() == damaged


def test_encrypted_databases_without_key_file_are_no_new_home(old_home: Home) -> None:
    unlock(old_home, GIVEN)
    for path in old_home.root.glob("key.json*"):
        path.unlink()
    for given in (GIVEN, Given(), Given(plain=True)):
        with pytest.raises(LockedError) as error:
            unlock(old_home, given)
        assert error.value.reason is LockedReason.DAMAGED


def test_a_database_that_another_program_reads_is_not_taken_away_from_it(
    old_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.database_keys.BUSY_MS", 1)
    database = Database.open(old_home.conversations, MIGRATIONS, None)
    with database.read(), pytest.raises(DatabaseError, match="Another program is using"):
        unlock(old_home, GIVEN)
    database.close()
    holds_everything(old_home, unlock(old_home, GIVEN).key)


def test_beside_another_process_nothing_is_made_or_converted(old_home: Home) -> None:
    before = sorted(old_home.root.iterdir())
    assert unlock(old_home, GIVEN, own=False) == Unlocked(None)
    assert sorted(old_home.root.iterdir()) == before


def test_the_key_is_looked_for_on_a_thread(home: Home) -> None:
    search = KeySearch(home)
    assert unlock(home, search=search).key == search.result() == unlock(home).key
    wrong = KeySearch(home, Given("wrong"))
    with pytest.raises(LockedError):
        unlock(home, search=wrong)


def test_a_home_becomes_plain_and_encrypted_again_at_the_next_start(
    old_home: Home, keyring: Keyring, backend: FakeBackend
) -> None:
    key = unlock(old_home, Given(), keyring).key
    assert key is not None
    protection = HomeProtection(old_home, key, keyring)
    assert protection.kind is Protection.KEYRING
    assert not protection.at_next_start
    protection.make_plain()
    assert protection.at_next_start
    assert is_encrypted(old_home)
    assert unlock(old_home, Given(), keyring) == Unlocked(None)
    assert backend.kept == {}
    holds_everything(old_home, None)
    protection = HomeProtection(old_home, None, keyring)
    assert (protection.kind, protection.recovery_wanted) == (Protection.PLAIN, False)
    with pytest.raises(LockedError, match="nothing to recover"):
        protection.new_recovery_code()
    protection.use_passphrase("another")
    assert protection.at_next_start
    again = unlock(old_home, Given("another"), keyring).key
    assert again not in (key, None)
    shutil.rmtree(old_home.root / "snapshots", ignore_errors=True)
    assert is_encrypted(old_home)


def test_the_protection_of_an_open_home_changes_at_once(
    old_home: Home, keyring: Keyring, backend: FakeBackend
) -> None:
    key = unlock(old_home, GIVEN).key
    assert key is not None
    protection = HomeProtection(old_home, key, keyring)
    assert protection.recovery_wanted
    code = protection.new_recovery_code()
    assert protection.recovery_wanted
    assert protection.confirm_recovery(code)
    assert not protection.recovery_wanted
    protection.use_keyring()
    assert protection.kind is Protection.KEYRING
    assert unlock(old_home, Given(), keyring).key == key
    assert len(backend.kept) == 1
    protection.use_passphrase("short")
    assert backend.kept == {}, "the keyring opens it no more"
    assert unlock(old_home, Given("short"), keyring).key == key
    assert unlock(old_home, Given(recovery_code=code), keyring).key == key


def test_a_recovery_code_of_another_home_opens_nothing(home: Home, old_home: Home) -> None:
    key = unlock(old_home, GIVEN).key
    assert key is not None
    with pytest.raises(LockedError) as error:
        unlock(home, Given(recovery_code=new_recovery_code(old_home, key)))
    assert error.value.reason in (LockedReason.WRONG_CODE, LockedReason.PASSPHRASE)


def test_snapshots_are_encrypted_and_made_plain_with_their_home(old_home: Home) -> None:
    kept = old_home.root / "snapshots" / "2026-01-01T00-00-00Z"
    kept.mkdir(parents=True)
    shutil.copy(old_home.conversations, kept / "conversations.db")
    key = unlock(old_home, GIVEN).key
    assert key is not None
    assert is_encrypted(old_home)
    HomeProtection(old_home, key).make_plain()
    unlock(old_home, GIVEN)
    assert (kept / "conversations.db").read_bytes().startswith(b"SQLite format 3")
    file = KeyFile.read(old_home)
    assert file is not None
    assert file.protection is Protection.PLAIN


def test_what_was_given_since_counts_and_not_what_was_looked_for(home: Home) -> None:
    wrong = KeySearch(home, Given("wrong"))
    with pytest.raises(LockedError):
        wrong.result()
    assert unlock(home, Given(PASSPHRASE), search=wrong).key is not None
    found = KeySearch(home)
    found.result()
    for path in home.root.glob("key.json*"):
        path.unlink()
    assert unlock(home, search=found).key not in (None, found.result()), "another home under its name"


def test_a_keyring_that_does_not_answer_is_waited_for_once(
    tmp_path: Path, backend: FakeBackend, keyring: Keyring
) -> None:
    made, asked = Home(tmp_path / "new"), []
    made.create()
    backend.error = NO_BUS
    search = KeySearch(made, Given(), keyring)
    with pytest.raises(LockedError) as error:
        search.result()
    assert error.value.reason is LockedReason.NEW
    backend.get_password = backend.set_password = lambda *_: asked.append(1)  # type: ignore[method-assign]
    with pytest.raises(LockedError):
        unlock(made, keyring=keyring, search=search)
    assert asked == []
    assert not made.key_file.exists()


@pytest.mark.parametrize("name", ["key.json", "key.json.copy"])
@pytest.mark.parametrize("content", [b"{", b"[" * 100_000, None])
def test_a_lost_or_damaged_key_file_is_there_again_after_the_next_start(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    new_home, given = Home(tmp_path / "new"), Given("right", keyring=False)
    new_home.create()
    key = unlock(new_home, given).key
    path = new_home.root / name
    before = path.read_bytes()
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    assert unlock(new_home, given, own=False).key == key
    assert not path.exists() or path.read_bytes() == content, "beside an open Maru nothing is written"
    assert unlock(new_home, given).key == key
    assert path.read_bytes() == before


def test_a_key_file_with_a_number_that_is_none_is_damaged(tmp_path: Path) -> None:
    new_home, given = Home(tmp_path / "new"), Given("right", keyring=False)
    new_home.create()
    key = unlock(new_home, given).key
    before = new_home.key_file.read_bytes()
    odd = re.sub(rb'"rounds": \d+', b'"rounds": Infinity', before)
    assert odd != before
    new_home.key_file.write_bytes(odd)
    assert unlock(new_home, given).key == key
    assert new_home.key_file.read_bytes() == before


@pytest.fixture(params=["conversations.db", "library.db"])
def newer_home(old_home: Home, request: pytest.FixtureRequest) -> Home:
    """Return a plain home with a database of a newer Maru."""
    unlock(old_home, Given(plain=True))
    with contextlib.closing(connect(old_home.root / request.param, None)) as connection:
        connection.execute("PRAGMA user_version = 1000")
    return old_home


def refused(home: Home, work: Callable[[], object]) -> None:
    """Demand that `work` is refused for a newer Maru, and that no database is another one for that."""
    before = {path.name: path.read_bytes() for path in home.root.glob("*.db")}
    with pytest.raises(NewerSchemaError, match="was written by a newer Maru"):
        work()
    assert {path.name: path.read_bytes() for path in home.root.glob("*.db")} == before


def test_what_a_newer_maru_wrote_is_not_written_anew_with_a_key(newer_home: Home, keyring: Keyring) -> None:
    protection, key_file = HomeProtection(newer_home, None, keyring), newer_home.key_file.read_bytes()
    refused(newer_home, lambda: protection.use_passphrase("zz"))
    refused(newer_home, protection.use_keyring)
    assert newer_home.key_file.read_bytes() == key_file, "nothing is asked for that cannot be"
    protect_with_passphrase(newer_home, new_key(), "zz")
    refused(newer_home, lambda: unlock(newer_home, Given("zz", keyring=False)))
    for path in newer_home.root.glob("key.json*"):
        path.unlink()
    assert unlock(newer_home, Given("zz"), keyring) == Unlocked(None), "it is read as it is"
    refused(newer_home, lambda: HomeProtection(newer_home, None, keyring).use_passphrase("zz"))
    others = dict.fromkeys(("keyring", "plain", "recovery_code", "check_recovery"), False)
    refused(newer_home, lambda: init(newer_home, Namespace(passphrase=True, **others)))


def test_what_a_newer_maru_wrote_is_not_written_anew_in_plain_text(old_home: Home, keyring: Keyring) -> None:
    key = unlock(old_home, GIVEN).key
    assert key is not None
    with contextlib.closing(connect(old_home.library, key)) as connection:
        connection.execute("PRAGMA user_version = 1000")
    protection = HomeProtection(old_home, key, keyring)
    refused(old_home, protection.make_plain)
    assert not protection.at_next_start
    protection.use_passphrase("another")
    assert unlock(old_home, Given("another", keyring=False)).key == key, "that writes no database"
    leave_protection(old_home, key)
    refused(old_home, lambda: unlock(old_home, Given("another", keyring=False)))
