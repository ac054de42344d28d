# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A key.json of another home: it opens nothing, overwrites nothing and is told for what it is."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.credentials import SystemKeyring
from assistant.errors import DamagedError, LockedError, LockedReason
from assistant.home_key import (
    Given,
    confirm_recovery,
    new_recovery_code,
    protect_with_passphrase,
)
from assistant.home_mark import HomeMark, mark, opens
from assistant.key_file import KeyFile, Protection, copy_of
from assistant.keys import HomeKey
from assistant.opening import open_assistant
from assistant.paths import Home
from assistant.protecting import HomeProtection
from assistant.settings import Settings
from assistant.snapshots import Reason, Snapshots
from assistant.stores import budget_of, open_stores
from assistant.unlocking import KeySearch, Unlocked, unlock
from tests.assistants import FAKE_ENGINES
from tests.homes import FakeBackend, protect
from tests.old_homes import QUESTION, make_old_home

RIGHT, OTHER = "the passphrase of this home", "that of another one"
NEWEST = (99, 99)
given, other_given = Given(RIGHT, keyring=False), Given(OTHER, keyring=False)


def used(root: Path, passphrase: str | None) -> Home:
    """Return a home with conversations and a document that was opened; without a passphrase a plain one."""
    made = Home(root)
    if passphrase is None:
        made.create()
        unlock(made, Given(plain=True))
        key = None
    else:
        key = protect(made, passphrase)
    make_old_home(made, *NEWEST, key)
    unlock(made, Given(passphrase, keyring=False))
    return made


@pytest.fixture
def mine(tmp_path: Path) -> Home:
    return used(tmp_path / "mine", RIGHT)


def contents(home: Home) -> dict[str, bytes]:
    """Return every file of a home, but the number of the process that held it."""
    found = {str(path.relative_to(home.root)): path for path in home.root.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if path != home.lock}


def swap(home: Home, other: Home, *, both: bool) -> None:
    for path in (home.key_file, copy_of(home)) if both else (home.key_file,):
        shutil.copy(other.key_file, path)


def forgotten(home: Home) -> None:
    """Leave the home as one that was not opened since there is home.json."""
    home.mark.unlink()


def misplaced(home: Home) -> None:
    """Leave beside it the home.json of another home, as where its files were copied into one."""
    mark(home, "another", HomeKey(os.urandom(32), "another"))


def kept(_home: Home) -> None:
    """Leave home.json as it is."""


@pytest.mark.parametrize("before", [kept, forgotten, misplaced])
@pytest.mark.parametrize("passphrase", [OTHER, RIGHT, None])
def test_a_stray_key_file_does_not_destroy_the_good_copy(
    mine: Home, tmp_path: Path, passphrase: str | None, before: Callable[[Home], None]
) -> None:
    key = unlock(mine, given).key
    stray, good = used(tmp_path / "other", passphrase), mine.key_file.read_bytes()
    swap(mine, stray, both=False)
    before(mine)
    wrong = contents(mine)
    with pytest.raises(LockedError) as error:
        unlock(mine, Given("neither", keyring=False))
    assert error.value.reason is LockedReason.WRONG_PASSPHRASE
    assert contents(mine) == wrong, "nothing was written before a key opened"
    assert KeySearch(mine, given).result() == key
    assert unlock(mine, given, own=False).key == key
    assert contents(mine) == wrong
    unlocked = unlock(mine, given)
    assert unlocked.key == key
    assert mine.key_file.read_bytes() == copy_of(mine).read_bytes() == good
    if passphrase is not None:
        assert (mine.root / "key.other-1.json").read_bytes() == stray.key_file.read_bytes()
        assert "kept as key.other-1.json" in str(unlocked.notice)
    assert unlock(mine, given) == Unlocked(key), "it is said once"


def test_no_key_file_that_was_set_aside_is_overwritten(mine: Home, tmp_path: Path) -> None:
    for number in (1, 2):
        swap(mine, used(tmp_path / str(number), OTHER), both=False)
        unlock(mine, given)
    one, two = (mine.root / f"key.other-{number}.json" for number in (1, 2))
    assert one.read_bytes() != two.read_bytes()


@pytest.mark.parametrize("before", [kept, forgotten, misplaced])
@pytest.mark.parametrize("passphrase", [RIGHT, None])
def test_databases_under_an_exchanged_key_file_are_not_damaged(
    mine: Home, tmp_path: Path, passphrase: str | None, before: Callable[[Home], None]
) -> None:
    swap(mine, used(tmp_path / "other", passphrase), both=True)
    before(mine)
    found = contents(mine)
    for open_it in (
        lambda: unlock(mine, given),
        lambda: unlock(mine, given, own=False),
        lambda: open_assistant(mine, FAKE_ENGINES, given),
        lambda: KeySearch(mine, given).result(),
    ):
        with pytest.raises(LockedError, match=r"key\.json belongs to another home.*key\.json\.copy") as error:
            open_it()
        assert error.value.reason is LockedReason.DAMAGED
        assert contents(mine) == found


def test_the_passphrase_of_an_exchanged_key_file_is_not_asked_for(mine: Home, tmp_path: Path) -> None:
    good = mine.key_file.read_bytes()
    swap(mine, used(tmp_path / "other", OTHER), both=True)
    for each in (given, other_given, Given(keyring=False)):
        with pytest.raises(LockedError, match="belongs to another home"):
            unlock(mine, each)
    mine.key_file.write_bytes(good)
    open_assistant(mine, FAKE_ENGINES, given).close()
    assert copy_of(mine).read_bytes() == good


def test_a_database_that_is_damaged_at_its_beginning_is_told_as_damaged(mine: Home) -> None:
    unlock(mine, given)
    for path in (mine.conversations, mine.library):
        path.write_bytes(os.urandom(4096) + path.read_bytes()[4096:])
    with pytest.raises(DamagedError):
        open_assistant(mine, FAKE_ENGINES, given)
    plain = used(mine.root.parent / "plain", None)
    for path in (plain.conversations, plain.library):
        path.write_bytes(os.urandom(4096) + path.read_bytes()[4096:])
    with pytest.raises(DamagedError):
        open_assistant(plain, FAKE_ENGINES, Given(keyring=False))


def test_what_was_copied_over_a_new_home_opens_by_its_own_key_file(mine: Home, tmp_path: Path) -> None:
    key, fresh = unlock(mine, given).key, Home(tmp_path / "fresh")
    protect(fresh, OTHER)
    open_assistant(fresh, FAKE_ENGINES, other_given).close()
    for path in (mine.conversations, mine.library, mine.key_file):
        shutil.copy(path, fresh.root)
    with pytest.raises(LockedError) as error:
        unlock(fresh, Given(keyring=False))
    assert error.value.reason is LockedReason.PASSPHRASE, "it is asked for"
    assert unlock(fresh, given).key == key
    assert copy_of(fresh).read_bytes() == mine.key_file.read_bytes()
    known = HomeMark.read(fresh)
    assert known is not None
    assert known.is_of(fresh)


def test_a_home_is_known_after_its_first_start_and_after_a_restore(tmp_path: Path) -> None:
    home = Home(tmp_path / "new")
    key = protect(home, RIGHT)
    with open_assistant(home, FAKE_ENGINES, given) as assistant:
        name = assistant.keeping.snapshot_now().name
        assistant.keeping.restore(name)
    unlock(home, given)
    known = HomeMark.read(home)
    assert known is not None
    assert known.is_of(home)
    assert (known.home_id, known.check, len(known.salts)) == (key.home_id, key.check(), 2)
    assert opens(home.conversations, key)
    assert not opens(home.conversations, HomeKey(os.urandom(32), key.home_id))


def test_a_snapshot_alone_tells_that_the_key_file_is_right(mine: Home) -> None:
    key = unlock(mine, given).key
    Snapshots(mine, key).take(Reason.ASKED, budget_of(Settings()))
    for path in (mine.conversations, mine.library):
        path.write_bytes(os.urandom(len(path.read_bytes())))
    forgotten(mine)
    with pytest.raises(DamagedError, match="maru restore"):
        open_assistant(mine, FAKE_ENGINES, given)


def test_a_page_that_only_the_log_has_whole_counts(mine: Home) -> None:
    key = unlock(mine, given).key
    assert key is not None
    stores = open_stores(mine, key, Settings())
    with stores.conversations.read() as reader:  # what is read keeps the log from being taken in
        reader.execute("SELECT count(*) FROM messages").fetchone()
        stores.conversations.write(lambda one: one.execute("CREATE TABLE later (id INTEGER)"))
        for path in mine.root.glob("conversations.db*"):
            shutil.copy(path, mine.root.parent / path.name)
    stores.close()
    copy = mine.root.parent / mine.conversations.name
    content = bytearray(copy.read_bytes())
    content[100:200] = bytes(100)
    copy.write_bytes(content)
    assert opens(copy, key)
    copy.with_name(f"{copy.name}-wal").unlink()
    assert not opens(copy, key)


def test_a_change_of_the_protection_cut_off_between_the_two_files_goes_on(mine: Home) -> None:
    """The copy is of before: it is neither foreign nor asked."""
    before = mine.key_file.read_bytes()
    key = unlock(mine, given).key
    assert key is not None
    protect_with_passphrase(mine, key, OTHER)
    copy_of(mine).write_bytes(before)
    with pytest.raises(LockedError):
        unlock(mine, given)
    assert unlock(mine, other_given) == Unlocked(key)
    HomeProtection(mine, key).make_plain()
    leaving = mine.key_file.read_bytes()
    assert unlock(mine, other_given) == Unlocked(None)
    copy_of(mine).write_bytes(leaving)
    assert unlock(mine, Given(keyring=False)) == Unlocked(None)
    assert copy_of(mine).read_bytes() == mine.key_file.read_bytes()
    plain = mine.key_file.read_bytes()
    HomeProtection(mine, None).use_passphrase(OTHER)
    copy_of(mine).write_bytes(plain)
    with pytest.raises(LockedError) as error:
        unlock(mine, Given(keyring=False))
    assert error.value.reason is LockedReason.PASSPHRASE, "not plain because the key is missing"
    assert unlock(mine, other_given).key not in (None, key)
    assert list(mine.root.glob("key.other*")) == []


def test_an_exchanged_file_of_a_home_with_a_keyring_is_told(tmp_path: Path) -> None:
    backend = FakeBackend()
    keyring = SystemKeyring(lambda: backend)
    homes = [Home(tmp_path / name) for name in ("mine", "other")]
    for home in homes:
        home.create()
        make_old_home(home, *NEWEST, unlock(home, Given(), keyring).key)
    swap(*homes, both=True)
    with pytest.raises(LockedError, match="belongs to another home"):
        unlock(homes[0], Given(), keyring)


def test_a_code_of_another_home_confirms_nothing_here(mine: Home, tmp_path: Path) -> None:
    other = used(tmp_path / "other", OTHER)
    key, other_key = unlock(mine, given).key, unlock(other, other_given).key
    assert key is not None
    assert other_key is not None
    code, good = new_recovery_code(other, other_key), mine.key_file.read_bytes()
    swap(mine, other, both=False)
    assert not confirm_recovery(mine, code)
    forgotten(mine)
    confirm_recovery(mine, code)
    assert good in (copy_of(mine).read_bytes(), (mine.root / "key.other-1.json").read_bytes())
    swap(mine, other, both=True)
    with pytest.raises(LockedError, match="belongs to another home"):
        new_recovery_code(mine, key)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"version": 2}', b'{"version": 1}', b"\xff"])
def test_a_home_json_that_says_nothing_is_written_again(mine: Home, content: bytes) -> None:
    key, whole = unlock(mine, given).key, mine.mark.read_bytes()
    mine.mark.write_bytes(content)
    assert unlock(mine, given).key == key
    assert mine.mark.read_bytes() == whole
    assert QUESTION.encode() not in whole


def test_the_mark_of_a_plain_home_names_no_key(tmp_path: Path) -> None:
    home = used(tmp_path / "plain", None)
    file, known = KeyFile.read(home), HomeMark.read(home)
    assert file is not None
    assert file.protection is Protection.PLAIN
    assert known == HomeMark(file.home_id, "")
    with pytest.raises(LockedError, match="plain text"):
        unlock(home, given)
