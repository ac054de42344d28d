# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""After a wipe of everything the key goes too: what an undelete finds opens with nothing that is left."""

import contextlib
import os
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import home_key, pending
from assistant.credentials import SERVICE, Keyring
from assistant.home_key import Given, confirm_recovery, new_recovery_code
from assistant.key_file import KeyFile, Protection, copy_of
from assistant.keys import HomeKey
from assistant.opening import open_assistant
from assistant.paths import Home
from assistant.unlocking import unlock
from tests.assistants import FAKE_ENGINES
from tests.homes import FakeBackend, protect

RIGHT = "the passphrase"
GIVEN = Given(RIGHT, keyring=False)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home_key, "ROUNDS", 1)


@pytest.fixture
def empty(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.create()
    return made


def wipe(home: Home) -> None:
    pending.plan_wipe(home)
    pending.finish(home)


def key_by(home: Home, given: Given, keyring: Keyring) -> HomeKey:
    key = unlock(home, given, keyring).key
    assert key is not None
    return key


def test_the_passphrase_opens_another_key_after_everything_is_wiped(empty: Home, keyring: Keyring) -> None:
    key = protect(empty, RIGHT)
    code = new_recovery_code(empty, key)
    confirm_recovery(empty, code)
    wrapped = empty.key_file.read_bytes()
    with contextlib.ExitStack() as opened:
        old = [opened.enter_context(path.open("rb")) for path in (empty.key_file, copy_of(empty))]
        with open_assistant(empty, FAKE_ENGINES, GIVEN) as assistant:
            assistant.keeping.wipe_everything()
        was = KeyFile.read(empty)
        assert was is not None
        assert was.spent
        old += [opened.enter_context(path.open("rb")) for path in (empty.key_file, copy_of(empty))]
        with open_assistant(empty, FAKE_ENGINES, GIVEN) as assistant:
            assert assistant.protection.kind is Protection.PASSPHRASE
            assert assistant.protection.recovery_wanted, "the code opened the old one"
        if os.name == "posix":
            assert {any(file.read()) for file in old} == {False}, "the old files are overwritten"
    new = key_by(empty, GIVEN, keyring)
    assert new.secret != key.secret
    assert new.home_id != key.home_id
    assert new == key_by(empty, GIVEN, keyring), "once"
    assert wrapped not in (empty.key_file.read_bytes(), copy_of(empty).read_bytes())
    assert list(empty.root.glob("key.other*")) == []


def test_the_keyring_holds_another_key_after_everything_is_wiped(
    empty: Home, keyring: Keyring, backend: FakeBackend
) -> None:
    key = key_by(empty, Given(), keyring)
    wipe(empty)
    new = key_by(empty, Given(), keyring)
    assert new.secret != key.secret
    assert backend.kept == {(SERVICE, new.home_id): new.secret.hex()}
    assert key_by(empty, Given(), keyring) == new


def test_a_key_that_nothing_given_protects_anew_is_kept(
    empty: Home, keyring: Keyring, backend: FakeBackend
) -> None:
    key = key_by(empty, GIVEN, keyring)
    code = new_recovery_code(empty, key)
    wipe(empty)
    assert key_by(empty, Given(recovery_code=code, keyring=False), keyring) == key
    assert key_by(empty, GIVEN, keyring) == key, "what was written since has it"
    file = KeyFile.read(empty)
    assert file is not None
    assert not file.spent
    other = Home(empty.root.parent / "other")
    other.create()
    key = key_by(other, Given(), keyring)
    wipe(other)
    backend.set_password = lambda *_: None  # type: ignore[method-assign] - one that forgets at once
    assert key_by(other, Given(), keyring) == key
    assert list(backend.kept) == [(SERVICE, key.home_id)]


def test_what_was_brought_back_after_a_wipe_keeps_its_key(empty: Home, keyring: Keyring) -> None:
    key = protect(empty, RIGHT)
    open_assistant(empty, FAKE_ENGINES, GIVEN).close()
    kept = empty.conversations.read_bytes()
    wipe(empty)
    empty.conversations.write_bytes(kept)
    assert key_by(empty, GIVEN, keyring) == key
    empty.conversations.unlink()
    assert key_by(empty, GIVEN, keyring) == key


def test_a_wipe_leaves_plain_homes_plain_and_damaged_key_files_alone(empty: Home) -> None:
    unlock(empty, Given(plain=True))
    before = empty.key_file.read_bytes()
    wipe(empty)
    assert empty.key_file.read_bytes() == before
    for path in (empty.key_file, copy_of(empty)):
        path.write_bytes(b"{")
    wipe(empty)
    assert empty.key_file.read_bytes() == b"{"


def test_giving_up_cut_off_between_the_two_files_leaves_nothing_of_the_old_one(
    empty: Home, keyring: Keyring
) -> None:
    protect(empty, RIGHT)
    wipe(empty)
    spent = empty.key_file.read_bytes()
    new = key_by(empty, GIVEN, keyring)
    copy_of(empty).write_bytes(spent)
    assert key_by(empty, GIVEN, keyring) == new
    assert copy_of(empty).read_bytes() == empty.key_file.read_bytes() != spent
    assert list(empty.root.glob("key.other*")) == []


def test_a_key_file_of_before_says_nothing_of_being_spent(empty: Home) -> None:
    key = protect(empty, RIGHT)
    content = empty.key_file.read_text().replace(',\n "spent": false', "")
    assert "spent" not in content
    empty.key_file.write_text(content)
    file = KeyFile.read(empty)
    assert file is not None
    assert file == replace(file, spent=False)
    assert file.fits(key)
