# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The key of a home: made, given back, recovered, and every way in which a keyring fails."""

import json
import os
import unicodedata
from pathlib import Path

import pytest

from assistant import home_key
from assistant.credentials import SERVICE, Keyring, SystemKeyring
from assistant.errors import KeyringAbsentError, LockedError, LockedReason
from assistant.home_key import (
    Given,
    confirm_recovery,
    given_by_environment,
    new_recovery_code,
    pause_after,
    protect_with_keyring,
    protect_with_passphrase,
    recovery_confirmed,
)
from assistant.key_file import MOST_SHOWN, KeyFile, Protection, copy_of
from assistant.keys import HomeKey, wrap
from assistant.opening import open_assistant
from assistant.paths import Home
from assistant.protecting import HomeProtection
from assistant.unlocking import unlock
from tests.assistants import FAKE_ENGINES
from tests.homes import FakeBackend
from tests.old_homes import make_old_home

NO_BUS = RuntimeError("no bus")
LOCKED = type("KeyringLocked", (Exception,), {})("Failed to unlock the collection!")


@pytest.fixture
def new_home(tmp_path: Path) -> Home:
    """Return a home that nothing protects yet."""
    made = Home(tmp_path / "new")
    made.create()
    return made


def refused(home: Home, given: Given, keyring: Keyring) -> LockedReason:
    with pytest.raises(LockedError) as error:
        unlock(home, given, keyring)
    assert str(error.value.message)
    assert str(error.value.hint)
    return error.value.reason


def opened(home: Home, given: Given, keyring: Keyring) -> HomeKey:
    key = unlock(home, given, keyring).key
    assert key is not None
    return key


def test_a_new_home_takes_the_keyring_where_there_is_one(
    new_home: Home, keyring: Keyring, backend: FakeBackend
) -> None:
    key = opened(new_home, Given(), keyring)
    assert backend.kept == {(SERVICE, key.home_id): key.secret.hex()}
    assert opened(new_home, Given(), keyring) == key
    assert opened(new_home, Given("any passphrase"), keyring) == key, "the keyring protects it"
    assert key.secret.hex() not in new_home.key_file.read_text()


def test_a_passphrase_that_is_given_protects_a_new_home(
    new_home: Home, keyring: Keyring, backend: FakeBackend
) -> None:
    key = opened(new_home, Given("열려라 참깨"), keyring)
    assert backend.kept == {}
    for form in ("NFC", "NFD"):
        assert opened(new_home, Given(unicodedata.normalize(form, "열려라 참깨")), keyring) == key
    assert refused(new_home, Given(), keyring) is LockedReason.PASSPHRASE
    assert refused(new_home, Given("열려라"), keyring) is LockedReason.WRONG_PASSPHRASE


def test_without_keyring_and_passphrase_a_new_home_stays_closed_and_names_the_ways(
    new_home: Home, backend: FakeBackend, keyring: Keyring
) -> None:
    backend.error = NO_BUS
    for given in (Given(), Given(keyring=False)):
        with pytest.raises(LockedError, match=r"MARU_PASSPHRASE.*maru init --plain") as error:
            unlock(new_home, given, keyring)
        assert error.value.reason is LockedReason.NEW
    assert list(new_home.root.glob("key*")) == []


def test_plain_is_only_what_was_chosen_in_so_many_words(new_home: Home, keyring: Keyring) -> None:
    assert unlock(new_home, Given(plain=True), keyring).key is None
    assert unlock(new_home, Given(), keyring).key is None, "a home that was chosen plain stays plain"
    assert refused(new_home, Given("anything"), keyring) is LockedReason.PLAIN


def test_ten_wrong_passphrases_lock_nobody_out(new_home: Home, keyring: Keyring) -> None:
    key = opened(new_home, Given("right"), keyring)
    for number in range(10):
        assert refused(new_home, Given(f"wrong {number}"), keyring) is LockedReason.WRONG_PASSPHRASE
    assert opened(new_home, Given("right"), keyring) == key


def test_the_pause_between_guesses_grows_and_ends() -> None:
    assert [pause_after(wrong) for wrong in range(10)] == [0, 0, 0, 1, 2, 4, 8, 16, 30, 30]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("absent", LockedReason.KEYRING_ABSENT),
        ("off", LockedReason.KEYRING_ABSENT),
        ("locked", LockedReason.KEYRING_LOCKED),
        ("emptied", LockedReason.KEYRING_EMPTY),
        ("changed", LockedReason.KEYRING_CHANGED),
        ("overwritten", LockedReason.KEYRING_CHANGED),
    ],
)
def test_a_keyring_that_fails_is_explained_and_the_code_opens(
    new_home: Home, keyring: Keyring, backend: FakeBackend, fault: str, reason: LockedReason
) -> None:
    key = opened(new_home, Given(), keyring)
    code = new_recovery_code(new_home, key)
    before = new_home.key_file.read_bytes()
    place = (SERVICE, key.home_id)
    if fault == "emptied":
        backend.kept.clear()
    elif fault in ("changed", "overwritten"):
        backend.kept[place] = os.urandom(32).hex() if fault == "changed" else "no key at all"
    elif fault != "off":
        backend.error = NO_BUS if fault == "absent" else LOCKED
    given = Given(keyring=fault != "off")
    assert refused(new_home, given, keyring) is reason
    assert opened(new_home, Given(recovery_code=code, keyring=given.keyring), keyring) == key
    assert new_home.key_file.read_bytes() == before, "it is still the keyring that protects"
    backend.error = None
    assert backend.kept == {place: key.secret.hex()}, "what the code opened is put back into the keyring"
    assert opened(new_home, Given(), keyring) == key


def test_without_a_code_the_entry_of_the_keyring_is_named(
    new_home: Home, keyring: Keyring, backend: FakeBackend
) -> None:
    key = opened(new_home, Given(), keyring)
    backend.kept.clear()
    with pytest.raises(LockedError, match=f"no recovery code was made.*{key.home_id}"):
        unlock(new_home, Given(), keyring)


def test_a_keyring_that_forgets_at_once_protects_nothing(new_home: Home) -> None:
    class Forgetful(FakeBackend):
        def set_password(self, service: str, name: str, secret: str) -> None:
            """Keep nothing, as the library's own null backend does."""

    keyring = SystemKeyring(Forgetful)
    assert refused(new_home, Given(), keyring) is LockedReason.NEW
    with pytest.raises(KeyringAbsentError):
        protect_with_keyring(new_home, home_key.new_key(), keyring)
    assert not new_home.key_file.exists()


def test_a_wrong_code_is_told_from_a_mistyped_one(new_home: Home, keyring: Keyring) -> None:
    key = opened(new_home, Given("right"), keyring)
    code, other = new_recovery_code(new_home, key), home_key.new_code()
    assert refused(new_home, Given(recovery_code=other), keyring) is LockedReason.WRONG_CODE
    assert refused(new_home, Given(recovery_code=code[:-1]), keyring) is LockedReason.MISTYPED_CODE
    assert opened(new_home, Given(recovery_code=code.lower()), keyring) == key


def test_a_stale_code_in_the_environment_locks_nobody_out(
    new_home: Home, keyring: Keyring, backend: FakeBackend
) -> None:
    key = opened(new_home, Given("right"), keyring)
    code = new_recovery_code(new_home, key)
    for stale in (home_key.new_code(), "no code at all"):
        assert opened(new_home, Given("right", stale), keyring) == key
        assert refused(new_home, Given("wrong", stale), keyring) is LockedReason.WRONG_PASSPHRASE
    assert opened(new_home, Given("wrong", code), keyring) == key
    protect_with_keyring(new_home, key, keyring)
    assert opened(new_home, Given(recovery_code=home_key.new_code()), keyring) == key
    backend.kept.clear()
    assert refused(new_home, Given(recovery_code=home_key.new_code()), keyring) is LockedReason.WRONG_CODE


def test_a_code_counts_once_it_was_typed_back(new_home: Home, keyring: Keyring) -> None:
    key = opened(new_home, Given("right"), keyring)
    assert not recovery_confirmed(new_home)
    first = new_recovery_code(new_home, key)
    assert not recovery_confirmed(new_home)
    assert not confirm_recovery(new_home, home_key.new_code())
    with pytest.raises(LockedError, match="group"):
        confirm_recovery(new_home, "0" + first[1:] if first[0] != "0" else "1" + first[1:])
    assert confirm_recovery(new_home, first)
    assert recovery_confirmed(new_home)
    second = new_recovery_code(new_home, key)
    third = new_recovery_code(new_home, key)
    for code in (first, second, third):  # the second may have been printed before its window was closed
        assert opened(new_home, Given(recovery_code=code), keyring) == key
    assert recovery_confirmed(new_home), "one that was confirmed stays good until the next one is"
    assert confirm_recovery(new_home, third)
    for code in (first, second):
        assert refused(new_home, Given(recovery_code=code), keyring) is LockedReason.WRONG_CODE


def test_not_every_code_that_was_ever_shown_is_kept(new_home: Home, keyring: Keyring) -> None:
    key = opened(new_home, Given("right"), keyring)
    shown = [new_recovery_code(new_home, key) for _ in range(MOST_SHOWN + 1)]
    assert refused(new_home, Given(recovery_code=shown[0]), keyring) is LockedReason.WRONG_CODE
    for code in (shown[1], shown[-1]):
        assert opened(new_home, Given(recovery_code=code), keyring) == key


def test_the_protection_changes_and_the_key_and_the_code_stay(
    new_home: Home, keyring: Keyring, backend: FakeBackend
) -> None:
    key = opened(new_home, Given("first"), keyring)
    code = new_recovery_code(new_home, key)
    protect_with_passphrase(new_home, key, "second")
    assert refused(new_home, Given("first"), keyring) is LockedReason.WRONG_PASSPHRASE
    protect_with_keyring(new_home, key, keyring)
    assert opened(new_home, Given(), keyring) == key
    assert opened(new_home, Given(recovery_code=code), keyring) == key
    protect_with_passphrase(new_home, key, "third")
    assert opened(new_home, Given("third"), keyring) == key


def test_a_damaged_key_file_is_taken_from_its_copy(new_home: Home, keyring: Keyring) -> None:
    key = opened(new_home, Given("right"), keyring)
    for damage in (b"", b"{", b"[1]", b'{"version": 1}', b"\xff" * 100, None):
        new_home.key_file.write_bytes(damage) if damage is not None else new_home.key_file.unlink()
        assert opened(new_home, Given("right"), keyring) == key
    for path in (new_home.key_file, copy_of(new_home)):
        path.write_bytes(b"{")
    assert refused(new_home, Given("right"), keyring) is LockedReason.DAMAGED


@pytest.mark.parametrize("newer", ["key.json", "key.json.copy", "both"])
def test_a_key_file_of_a_newer_maru_is_told_and_nothing_is_changed(new_home: Home, newer: str) -> None:
    unlock(new_home, Given("right", keyring=False))
    for path in (new_home.key_file, copy_of(new_home)):
        if newer in (path.name, "both"):
            path.write_text('{"version": 2, "how": "otherwise"}')
    new_home.settings.write_text('{"version": 99}')
    before = {path: path.read_bytes() for path in new_home.root.iterdir() if path.is_file()}
    for given in (Given("right", keyring=False), Given(plain=True), Given(recovery_code="K7QD2")):
        with pytest.raises(LockedError, match=r"was written by a newer Maru\. Install the newer") as error:
            open_assistant(new_home, given=given)
        assert error.value.reason is LockedReason.NEWER
    new_home.lock.unlink()
    assert {path: path.read_bytes() for path in new_home.root.iterdir() if path.is_file()} == before


@pytest.mark.parametrize("rounds", [0, -1, 10**12, "many"])
def test_a_key_file_that_asks_for_endless_work_is_damaged(new_home: Home, rounds: object) -> None:
    unlock(new_home, Given("right", keyring=False))
    content = json.loads(new_home.key_file.read_text())
    content["passphrase"]["rounds"] = rounds
    for path in (new_home.key_file, copy_of(new_home)):
        path.write_text(json.dumps(content))
    with pytest.raises(LockedError, match="damaged or missing"):
        KeyFile.read(new_home)


def test_a_check_of_another_key_is_damage_and_no_wrong_passphrase(new_home: Home) -> None:
    unlock(new_home, Given("right", keyring=False))
    content = json.loads(new_home.key_file.read_text())
    content["check"] = "00" * 32
    for path in (new_home.key_file, copy_of(new_home)):
        path.write_text(json.dumps(content))
    with pytest.raises(LockedError) as error:
        unlock(new_home, Given("right", keyring=False))
    assert error.value.reason is LockedReason.DAMAGED


def test_what_was_given_is_in_no_representation(new_home: Home) -> None:
    given = Given("my passphrase", "my code")
    assert "my " not in repr(given)
    key = unlock(new_home, Given("my passphrase", keyring=False)).key
    assert key is not None
    assert key.secret.hex() not in f"{key!r}"
    file = KeyFile.read(new_home)
    assert file is not None
    assert file.protection is Protection.PASSPHRASE


def test_the_environment_gives_passphrase_code_and_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MARU_PASSPHRASE", "MARU_KEYRING"):
        monkeypatch.delenv(name)
    assert given_by_environment() == Given()
    monkeypatch.setenv("MARU_PASSPHRASE", " ")
    monkeypatch.setenv("MARU_RECOVERY_CODE", "K7")
    monkeypatch.setenv("MARU_KEYRING", "off")
    assert given_by_environment() == Given(" ", "K7", keyring=False)
    monkeypatch.setenv("MARU_PASSPHRASE", "")
    assert given_by_environment().passphrase is None


@pytest.mark.parametrize("blank", [" ", "\t\u3000"])
def test_a_passphrase_of_blanks_protects_nothing_new(
    new_home: Home, keyring: Keyring, tmp_path: Path, blank: str
) -> None:
    old = Home(tmp_path / "old")
    make_old_home(old, 1, 1, None)
    for home in (new_home, old):
        with pytest.raises(LockedError, match="blanks alone protects nothing"):
            unlock(home, Given(blank), keyring)
        assert list(home.root.glob("key*")) == [], "nor is it plain for that"
    key = opened(new_home, Given("right"), keyring)
    with pytest.raises(LockedError):
        HomeProtection(new_home, key).use_passphrase(blank)
    wrapped = wrap(key.secret, blank, 1)
    KeyFile(key.home_id, Protection.PASSPHRASE, key.check(), wrapped).write(new_home)
    assert opened(new_home, Given(blank), keyring) == key, "what was protected so still opens"


@pytest.mark.skipif(os.name != "posix", reason="runs on Linux and macOS: rights of POSIX")
def test_what_others_may_read_is_their_owners_again_at_the_next_start(new_home: Home) -> None:
    unlock(new_home, Given("right", keyring=False))
    for path in (new_home.root, *new_home.root.iterdir()):
        path.chmod(0o777)
    with open_assistant(new_home, FAKE_ENGINES, Given("right", keyring=False)):
        files = [path for path in new_home.root.iterdir() if path.is_file()]
        assert {path.name for path in files if path.stat().st_mode & 0o077} == set()
        assert new_home.root.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.name != "posix", reason="runs on Linux and macOS: rights of POSIX")
def test_the_key_files_are_their_owners_alone(new_home: Home) -> None:
    unlock(new_home, Given("right", keyring=False))
    assert {path.stat().st_mode & 0o777 for path in new_home.root.glob("*.json*")} == {0o600}
    assert len(list(new_home.root.glob("key*"))) == 2
