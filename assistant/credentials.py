# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The keyring of the system: Secret Service, Windows Credential Locker, macOS Keychain.

The only importer of keyring.

The backend is named here: what keyring would choose by itself, or by a file of the user's, may store in
plain text or not at all. It is imported when it is first asked (0.05 s), and asked on a thread: the
system may show a dialog and wait for its password.
"""

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol, TypeVar

from assistant.errors import CredentialError, KeyringAbsentError, KeyringLockedError
from assistant.texts import text

T = TypeVar("T")

SERVICE = "Maru"
PATIENCE_S = 60.0
"""How long somebody has to type the keyring's password into the system's dialog."""


class Keyring(Protocol):
    """What keeps a secret under a name. All methods raise KeyringAbsentError and KeyringLockedError."""

    def get(self, name: str) -> bytes | None:
        """Return the secret, None where there is none."""
        ...

    def put(self, name: str, secret: bytes) -> None:
        """Keep the secret; one that is there is replaced."""
        ...

    def remove(self, name: str) -> None:
        """Forget the secret; nothing where there is none."""
        ...


class SystemKeyring:
    """The system's own keyring. May be used from any thread; waits at most `patience` seconds a call."""

    def __init__(self, backend: Callable[[], Any] | None = None, patience: float = PATIENCE_S) -> None:
        """Use `backend()` of the library keyring, the one of this system where it is None."""
        self._backend = backend
        self._patience = patience

    def get(self, name: str) -> bytes | None:
        """Return the secret; bytes that no key can be where something else was put in its place."""
        found = self._asked(lambda backend: backend.get_password(SERVICE, name))
        if found is None:
            return None
        try:
            return bytes.fromhex(found)
        except ValueError:
            return b""

    def put(self, name: str, secret: bytes) -> None:
        """Keep the secret as hexadecimal digits: Windows takes text of 2.5 KB at most."""
        self._asked(lambda backend: backend.set_password(SERVICE, name, secret.hex()))

    def remove(self, name: str) -> None:
        """Forget the secret."""

        def forget(backend: Any) -> None:
            if backend.get_password(SERVICE, name) is not None:
                backend.delete_password(SERVICE, name)

        self._asked(forget)

    def _asked(self, question: Callable[[Any], T]) -> T:
        future: Future[T] = Future()

        def ask() -> None:
            try:
                future.set_result(question((self._backend or system_backend)()))
            except BaseException as error:  # noqa: BLE001 - of the library or the system, told below
                future.set_exception(error)

        # A daemon: a dialog that nobody answers must not keep the program from ending.
        threading.Thread(target=ask, name="keyring", daemon=True).start()
        try:
            return future.result(self._patience)
        except TimeoutError:
            raise KeyringLockedError(
                text(
                    "The system's keyring did not answer in {seconds} seconds.", seconds=round(self._patience)
                ),
                text("Answer its dialog, or unlock it, and start again."),
            ) from None
        except CredentialError:
            raise
        except Exception as error:
            raise _told(error) from error


def switched_off() -> bool:
    """Say whether MARU_KEYRING=off keeps the keyring out of everything."""
    return os.environ.get("MARU_KEYRING", "").lower() == "off"


def system_backend() -> Any:
    """Return the library's backend for this system. Raises KeyringAbsentError."""
    if switched_off():
        raise KeyringAbsentError(text("The system's keyring is switched off (MARU_KEYRING)."))
    try:
        if sys.platform == "win32":
            from keyring.backends.Windows import WinVaultKeyring as Backend  # noqa: PLC0415
        elif sys.platform == "darwin":
            from keyring.backends.macOS import Keyring as Backend  # noqa: PLC0415
        else:
            from keyring.backends.SecretService import Keyring as Backend  # noqa: PLC0415
        return Backend()
    except Exception as error:
        raise absent() from error


def absent() -> KeyringAbsentError:
    """Return the error for a keyring that cannot be reached: why is the library's own language."""
    return KeyringAbsentError(
        text("There is no keyring on this system that Maru can use."),
        text("A passphrase can take its place."),
    )


def _told(error: Exception) -> CredentialError:
    """Return ours for an error of keyring or of the system: their names alone tell one from another."""
    names = {kind.__name__ for kind in type(error).__mro__}
    if (
        names & {"KeyringLocked", "LockedException", "PromptDismissedException"}
        or "locked" in str(error).lower()
    ):
        return KeyringLockedError(text("The system's keyring is locked."), text("Unlock it and start again."))
    return absent()


SYSTEM: Keyring = SystemKeyring()
