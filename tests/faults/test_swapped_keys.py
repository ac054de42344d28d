# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Key files that were exchanged for those of another home, and keys that are given up after a wipe."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant import pending
from assistant.errors import LockedError, MaruError
from assistant.home_key import Given
from assistant.key_file import copy_of
from assistant.opening import open_assistant
from assistant.paths import Home
from assistant.restoring import start_from_readable
from assistant.settings import Settings
from assistant.stores import open_stores
from assistant.unlocking import unlock
from tests.assistants import FAKE_ENGINES
from tests.fault_table import trials
from tests.faults.killing import changes_of, kill_at, spread, strace_works
from tests.faults.test_keeping import NEWEST, check_readable
from tests.homes import PASSPHRASE, protect
from tests.old_homes import make_old_home

CHILD = "tests.faults.unlocking_child"
needs_strace = pytest.mark.skipif(not strace_works(), reason="runs where strace is installed and may watch")
Record = Callable[[str, object], None]
OTHER, WRONG = "of another home", "of no home"


def killed(original: Home, folder: Path, record: Record) -> Iterator[tuple[Home, tuple[str, int]]]:
    """Yield copies of a home whose unlocking was killed at a change of the disk, and at which one."""
    counted = shutil.copytree(original.root, folder / "counted")
    points = changes_of([CHILD, str(counted)], folder / "log")
    tried = spread(points, trials(8, len(points)))
    assert tried
    for number, (call, count) in enumerate(tried):
        home = Home(shutil.copytree(original.root, folder / str(number)))
        assert kill_at([CHILD, str(home.root)], call, count)
        yield home, (call, count)
        shutil.rmtree(home.root)
    record("trials", len(tried))


def used(root: Path, passphrase: str | None) -> Home:
    """Return a home of today with everything in it, None: one in plain text."""
    home, key = Home(root), None
    if passphrase is None:
        home.create()
        unlock(home, Given(plain=True))
    else:
        key = protect(home, passphrase)
    make_old_home(home, *NEWEST, key)
    unlock(home, Given(passphrase, keyring=False))
    return home


def state(home: Home) -> dict[str, bytes]:
    """Return what lies in a home, but the lock."""
    paths = [path for path in home.root.rglob("*") if path.is_file() and path != home.lock]
    return {str(path): path.read_bytes() for path in paths}


@pytest.mark.fault("F23")
@pytest.mark.parametrize("known", [True, False], ids=["known", "of before"])
@pytest.mark.parametrize("passphrase", [OTHER, PASSPHRASE, None], ids=["other", "same", "plain"])
@pytest.mark.parametrize("name", ["key.json", "key.json.copy", "both"])
def test_an_exchanged_key_file_costs_nothing(
    tmp_path: Path, name: str, passphrase: str | None, known: bool
) -> None:
    home, stray = used(tmp_path / "home", PASSPHRASE), used(tmp_path / "stray", passphrase)
    good, foreign = home.key_file.read_bytes(), stray.key_file.read_bytes()
    for path in (home.key_file, copy_of(home)):
        if name in (path.name, "both"):
            path.write_bytes(foreign)
    if not known:
        home.mark.unlink()
    before = state(home)
    for given in (Given(WRONG, keyring=False), Given(OTHER, keyring=False), Given(keyring=False)):
        with pytest.raises(LockedError) as told:
            open_assistant(home, FAKE_ENGINES, given)
        assert "damaged" not in str(told.value)
        assert state(home) == before
    given = Given(PASSPHRASE, keyring=False)
    if name == "both":
        with pytest.raises(MaruError) as error:
            start_from_readable(home, unlock(home, given, own=False).key)
        asked = passphrase == OTHER and not known  # nothing tells this from a mistyped one
        assert ("does not open this home" if asked else "belongs to another home") in str(error.value)
        assert state(home) == before
        home.key_file.write_bytes(good)
    stores = open_stores(home, unlock(home, given).key, Settings())
    check_readable(stores)
    stores.close()
    assert home.key_file.read_bytes() == copy_of(home).read_bytes() == good
    kept = [path.read_bytes() for path in home.root.glob("key.other-*.json")]
    assert kept == ([] if passphrase is None else [foreign])


@needs_strace
@pytest.mark.fault("F23")
def test_killed_while_an_exchanged_key_file_is_set_aside_both_are_there(
    tmp_path: Path, record_property: Record
) -> None:
    original, stray = used(tmp_path / "original", PASSPHRASE), used(tmp_path / "stray", OTHER)
    good, foreign = original.key_file.read_bytes(), stray.key_file.read_bytes()
    original.key_file.write_bytes(foreign)
    for home, at in killed(original, tmp_path, record_property):
        stores = open_stores(home, unlock(home, Given(PASSPHRASE, keyring=False)).key, Settings())
        check_readable(stores)
        stores.close()
        assert home.key_file.read_bytes() == copy_of(home).read_bytes() == good
        assert [path.read_bytes() for path in home.root.glob("key.other-*")] == [foreign], at


@needs_strace
@pytest.mark.fault("F23")
def test_killed_while_a_key_is_given_up_the_home_opens_and_no_old_key_stays(
    tmp_path: Path, record_property: Record
) -> None:
    original, given = used(tmp_path / "original", PASSPHRASE), Given(PASSPHRASE, keyring=False)
    old = unlock(original, given).key
    assert old is not None
    pending.plan_wipe(original)
    pending.finish(original)
    for home, at in killed(original, tmp_path, record_property):
        new = unlock(home, given).key
        assert new not in (None, old)
        assert unlock(home, given).key == new
        files = [path.read_text() for path in home.root.glob("key.*") if path.is_file()]
        assert len(files) == 2, at
        assert not any(old.home_id in file for file in files)
