# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""How an open home is protected, and how that is changed: for the window and for `maru init`."""

import contextlib

from assistant import home_key
from assistant.credentials import SYSTEM, Keyring
from assistant.database_errors import unusable
from assistant.errors import CredentialError, LockedError, LockedReason
from assistant.key_file import KeyFile, Protection
from assistant.keys import HomeKey
from assistant.newer_schemas import check_own
from assistant.paths import Home
from assistant.texts import text


class HomeProtection:
    """The protection of a home that is open. Where key.json cannot be written: HomeError, DiskFullError."""

    def __init__(self, home: Home, key: HomeKey | None, keyring: Keyring = SYSTEM) -> None:
        """Take what `unlock` found."""
        self._home = home
        self._key = key
        self._keyring = keyring

    @property
    def kind(self) -> Protection:
        """What opens the home."""
        file = KeyFile.read(self._home)
        return Protection.PLAIN if file is None else file.protection

    @property
    def at_next_start(self) -> bool:
        """Whether the databases are written anew, encrypted or plain, when Maru starts the next time."""
        file = KeyFile.read(self._home)
        return file is not None and (file.leaving or (bool(file.check) and self._key is None))

    @property
    def recovery_wanted(self) -> bool:
        """Whether there is a key and no recovery code that was typed back."""
        return self._key is not None and not home_key.recovery_confirmed(self._home)

    def new_recovery_code(self) -> str:
        """Return a new code, to be shown and typed back. Raises LockedError in a plain home."""
        if self._key is None:
            raise LockedError(
                text("This home is kept in plain text: there is nothing to recover."),
                text("Run `maru init --passphrase` or `maru init --keyring` to encrypt it."),
                reason=LockedReason.PLAIN,
            )
        try:
            return home_key.new_recovery_code(self._home, self._key)
        except OSError as error:
            raise unusable(self._home.key_file, error) from None

    def confirm_recovery(self, typed: str) -> bool:
        """Say whether the code that was typed back is right: then it alone is good.

        Raises LockedError for a typing error, which names the group.
        """
        try:
            return home_key.confirm_recovery(self._home, typed)
        except OSError as error:
            raise unusable(self._home.key_file, error) from None

    def use_passphrase(self, passphrase: str) -> None:
        """Let `passphrase` alone open the home; a plain one is encrypted at the next start.

        Raises NewerSchemaError where a newer Maru wrote what would be encrypted, LockedError for blanks.
        """
        key, before = self._key_to_be(), self.kind
        try:
            home_key.protect_with_passphrase(self._home, key, passphrase)
        except OSError as error:
            raise unusable(self._home.key_file, error) from None
        if before is Protection.KEYRING:
            with contextlib.suppress(CredentialError):  # a locked one keeps what nobody asks it for
                self._keyring.remove(key.home_id)

    def use_keyring(self) -> None:
        """Let the keyring open the home; a plain one is encrypted at the next start.

        Raises CredentialError where there is none, NewerSchemaError as `use_passphrase` does.
        """
        key = self._key_to_be()
        try:
            home_key.protect_with_keyring(self._home, key, self._keyring)
        except OSError as error:
            raise unusable(self._home.key_file, error) from None

    def make_plain(self) -> None:
        """Keep everything in plain text from the next start on: when somebody chose it in so many words.

        Raises NewerSchemaError where a newer Maru wrote what would be written anew.
        """
        if self._key is None:
            return
        check_own(self._home, self._key)
        try:
            home_key.leave_protection(self._home, self._key)
        except OSError as error:
            raise unusable(self._home.key_file, error) from None

    def _key_to_be(self) -> HomeKey:
        """Return the key of the home, a new one of a plain home: what it holds is written anew with that."""
        if self._key is None:
            check_own(self._home, None)
        return self._key or home_key.new_key()
