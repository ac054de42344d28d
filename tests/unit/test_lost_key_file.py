# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Homes that lost key.json and its copy: home.json names the key, and the keyring may have it."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.credentials import Keyring
from assistant.errors import LockedError, LockedReason
from assistant.home_key import Given, new_recovery_code, protect_with_passphrase
from assistant.home_mark import HomeMark
from assistant.key_file import KeyFile, copy_of
from assistant.keys import HomeKey
from assistant.opening import open_assistant
from assistant.paths import Home
from assistant.protecting import HomeProtection
from assistant.unlocking import KeySearch, Unlocked, conversion_waits, is_undecided, unlock
from tests.assistants import FAKE_ENGINES
from tests.homes import FakeBackend
from tests.old_homes import make_old_home

NEWEST = (99, 99)
NO_BUS = RuntimeError("no bus")


def used(root: Path, keyring: Keyring) -> tuple[Home, HomeKey]:
    """Return a home with conversations, whose key the keyring has."""
    home = Home(root)
    home.create()
    key = unlock(home, Given(), keyring).key
    assert key is not None
    make_old_home(home, *NEWEST, key)
    unlock(home, Given(), keyring)
    return home, key


@pytest.fixture
def mine(tmp_path: Path, keyring: Keyring) -> tuple[Home, HomeKey]:
    return used(tmp_path / "mine", keyring)


def lose(home: Home) -> None:
    for path in (home.key_file, copy_of(home)):
        path.unlink()


def damage(home: Home) -> None:
    for path in (home.key_file, copy_of(home)):
        path.write_bytes(b"{")


def contents(home: Home) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in home.root.iterdir() if path.is_file()}


@pytest.mark.parametrize("without", [lose, damage])
def test_the_keyring_opens_a_home_that_lost_its_key_file_and_this_is_said_once(
    mine: tuple[Home, HomeKey], keyring: Keyring, without: Callable[[Home], None]
) -> None:
    home, key = mine
    new_recovery_code(home, key)
    without(home)
    before = contents(home)
    assert not is_undecided(home)
    assert not conversion_waits(home)
    assert KeySearch(home, Given(), keyring).result() == key
    assert unlock(home, Given(), keyring, own=False).key == key
    assert contents(home) == before, "who only looks writes nothing"
    unlocked = unlock(home, Given("of another home", "00000-00000"), keyring)
    assert unlocked.key == key
    assert "key.json was lost" in str(unlocked.notice)
    assert "make a new one" in str(unlocked.notice)
    assert home.key_file.read_bytes() == copy_of(home).read_bytes()
    assert unlock(home, Given(), keyring) == Unlocked(key)
    protection = HomeProtection(home, key, keyring)
    assert protection.recovery_wanted
    assert protection.confirm_recovery(protection.new_recovery_code())


def test_a_key_file_of_a_newer_maru_is_not_written_over(mine: tuple[Home, HomeKey], keyring: Keyring) -> None:
    home, _ = mine
    lose(home)
    home.key_file.write_text(json.dumps({"version": 2}))
    before = contents(home)
    with pytest.raises(LockedError) as error:
        unlock(home, Given(), keyring)
    assert error.value.reason is LockedReason.NEWER
    assert contents(home) == before


def refused(home: Home, keyring: Keyring, given: Given, hint: str = "from a copy of") -> None:
    """Demand that nothing opens the home, and that nothing is written for that."""
    before = contents(home)
    for own in (True, False):
        with pytest.raises(LockedError, match="damaged or missing") as error:
            unlock(home, given, keyring, own=own)
        assert error.value.reason is LockedReason.DAMAGED
        assert hint in str(error.value.hint)
    assert contents(home) == before


@pytest.mark.parametrize("without", [lose, damage])
def test_without_the_keyring_nothing_is_written_and_the_way_back_is_told(
    mine: tuple[Home, HomeKey], keyring: Keyring, backend: FakeBackend, without: Callable[[Home], None]
) -> None:
    home, key = mine
    without(home)
    refused(home, keyring, Given(keyring=False), "may still hold the key")
    backend.error = NO_BUS
    refused(home, keyring, Given("a passphrase"), "may still hold the key")
    backend.error = None
    assert unlock(home, Given(), keyring).key == key


def test_another_key_under_the_same_name_is_not_used(
    mine: tuple[Home, HomeKey], keyring: Keyring, backend: FakeBackend
) -> None:
    home, key = mine
    lose(home)
    keyring.put(key.home_id, os.urandom(32))
    refused(home, keyring, Given())
    backend.kept.clear()
    refused(home, keyring, Given())


def test_a_key_that_opens_no_database_here_is_not_used(mine: tuple[Home, HomeKey], keyring: Keyring) -> None:
    """What home.json says was changed: check, name and entry belong together, the databases do not."""
    home, _ = mine
    known, forged = HomeMark.read(home), HomeKey(os.urandom(32), "forged")
    assert known is not None
    keyring.put(forged.home_id, forged.secret)
    content = {"home_id": forged.home_id, "check": forged.check(), "salts": known.salts}
    home.mark.write_text(json.dumps({"version": 1, **content}))
    lose(home)
    refused(home, keyring, Given())


def test_the_home_json_of_another_home_opens_and_overwrites_nothing(
    mine: tuple[Home, HomeKey], tmp_path: Path, keyring: Keyring
) -> None:
    home, _ = mine
    other, _ = used(tmp_path / "other", keyring)
    lose(home)
    mark = home.mark.read_bytes()
    shutil.copy(other.mark, home.mark)
    with pytest.raises(LockedError) as error:
        unlock(home, Given(), keyring)
    assert error.value.reason is LockedReason.DAMAGED
    assert not home.key_file.exists()
    home.mark.write_bytes(mark)
    assert unlock(home, Given(), keyring).key is not None
    shutil.copy(other.mark, home.mark)
    assert KeyFile.read(home) is not None
    assert unlock(home, Given(), keyring).notice is None


def test_a_home_that_a_passphrase_protects_stays_closed(
    mine: tuple[Home, HomeKey], keyring: Keyring, backend: FakeBackend
) -> None:
    home, key = mine
    protect_with_passphrase(home, key, "right")
    backend.kept.clear()
    lose(home)
    refused(home, keyring, Given("right"))


def test_the_whole_of_maru_opens_by_the_keyring(mine: tuple[Home, HomeKey], keyring: Keyring) -> None:
    home, _ = mine
    damage(home)
    search = KeySearch(home, Given(), keyring)
    with open_assistant(home, FAKE_ENGINES, search=search) as assistant:
        assert "was lost" in str(assistant.notice)
        assert len(assistant.conversations.all()) == 3
