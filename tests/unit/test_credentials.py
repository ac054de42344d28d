# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The system's keyring: what it keeps, and every way in which it does not."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from assistant.credentials import SERVICE, SYSTEM, SystemKeyring
from assistant.errors import CredentialError, KeyringAbsentError, KeyringLockedError
from tests.homes import FakeBackend

SECRET = bytes(range(32))


def test_what_was_put_in_is_given_back_and_forgotten() -> None:
    backend = FakeBackend()
    keyring = SystemKeyring(lambda: backend)
    assert keyring.get("home") is None
    keyring.put("home", SECRET)
    assert keyring.get("home") == SECRET
    assert len(backend.kept[(SERVICE, "home")]) * 2 < 2500, "Windows takes no more, two bytes a letter"
    keyring.remove("home")
    keyring.remove("home")
    assert keyring.get("home") is None


def test_what_somebody_else_put_there_is_no_key() -> None:
    backend = FakeBackend()
    backend.kept[(SERVICE, "home")] = "a sentence"
    assert SystemKeyring(lambda: backend).get("home") == b""


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (RuntimeError("no bus"), KeyringAbsentError),
        (type("InitError", (Exception,), {})("Failed to create the collection"), KeyringAbsentError),
        (type("KeyringLocked", (Exception,), {})("Failed to unlock the collection!"), KeyringLockedError),
        (type("PromptDismissedException", (Exception,), {})(), KeyringLockedError),
        (OSError(1312, "no such logon session"), KeyringAbsentError),
    ],
)
def test_whatever_the_library_raises_is_told_as_ours(error: Exception, kind: type[CredentialError]) -> None:
    keyring = SystemKeyring(lambda: FakeBackend(error))
    for act in (lambda: keyring.get("home"), lambda: keyring.put("home", SECRET)):
        with pytest.raises(kind) as told:
            act()
        assert not str(error) or str(error) not in str(told.value), (
            "the words of a library tell nobody anything"
        )
        assert told.value.__cause__ is error


def test_a_dialog_that_nobody_answers_is_not_waited_for(blocked: Callable[[], Any]) -> None:
    with pytest.raises(KeyringLockedError, match="did not answer"):
        SystemKeyring(blocked, patience=0.05).get("home")


@pytest.fixture
def blocked() -> Iterator[Callable[[], Any]]:
    answered = threading.Event()

    def wait() -> Any:
        answered.wait()
        return FakeBackend()

    yield wait
    answered.set()


def test_the_library_is_not_imported_before_it_is_asked() -> None:
    program = "import sys, assistant.opening; print({'keyring', 'cryptography'} & {*sys.modules})"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"


def test_switched_off_it_is_not_touched_whatever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("off", "OFF"):
        monkeypatch.setenv("MARU_KEYRING", value)
        for act in (lambda: SYSTEM.get("home"), lambda: SYSTEM.put("home", SECRET)):
            with pytest.raises(KeyringAbsentError, match="MARU_KEYRING"):
                act()
