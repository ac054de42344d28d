# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Vaults of `maru redact` as files: what was hidden in texts, sealed with the home's key."""

from pathlib import Path

from assistant.errors import ChangedError, DatabaseError
from assistant.keys import HomeKey
from assistant.privacy.vault import Vault
from assistant.private_files import write_private
from assistant.sealed import seal, unseal
from assistant.system_reasons import reason_of
from assistant.texts import text

PURPOSE = b"vault of redact"


class VaultFile:
    """A vault and the file it lies in; what is in the file already goes on: same value, same placeholder."""

    def __init__(self, path: Path, key: HomeKey, vault: Vault, found: bytes | None) -> None:
        """Use `begin` or `open`. `found` is what the file held then, None where there was none."""
        self.vault = vault
        self._path = path
        self._key = key
        self._found = found

    @classmethod
    def begin(cls, path: Path, key: HomeKey, language: str) -> "VaultFile":
        """Go on with the vault at `path`, or begin one whose placeholders are in `language` ("en", "ko").

        Raises SealError for a file that is no vault of this home, or damaged; DatabaseError where it
        cannot be read. Nothing is written before `save`.
        """
        return cls.open(path, key) if path.exists() else cls(path, key, Vault(language, exact=True), None)

    @classmethod
    def open(cls, path: Path, key: HomeKey) -> "VaultFile":
        """Open the vault at `path`. Raises as `begin` does."""
        found = _read(path)
        try:
            contents = unseal(key, PURPOSE, found).decode()
        except ChangedError as error:
            raise ChangedError(
                text("{name} is damaged or was changed.", name=path.name),
                text("Take it from a copy: what it hides stands nowhere else. It was left as it is."),
            ) from error
        return cls(path, key, Vault.from_json(contents), found)

    def save(self) -> None:
        """Write the vault, whole or not at all. Raises DatabaseError where the file was changed meanwhile."""
        if (_read(self._path) if self._path.exists() else None) != self._found:
            raise DatabaseError(
                text("{name} was changed by another program meanwhile.", name=self._path.name),
                text("Nothing was lost: run it again."),
            )
        sealed = seal(self._key, PURPOSE, self.vault.to_json().encode())
        try:
            write_private(self._path, sealed)
        except OSError as error:
            raise DatabaseError(
                text(
                    "{name} could not be written ({reason}).",
                    name=self._path.name,
                    reason=reason_of(error),
                ),
                text("Nothing was hidden: free some space or choose another place for the vault."),
            ) from None
        self._found = sealed


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DatabaseError(
            text("{name} cannot be read ({reason}).", name=path.name or str(path), reason=reason_of(error)),
            text("Check the path and its rights."),
        ) from None
