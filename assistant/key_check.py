# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""From a passphrase to a key, and a way to tell a wrong passphrase from a damaged database.

SQLCipher says "file is not a database" in both cases. A small file beside the database therefore
keeps the salt and a value that only the right key produces. It gives nothing away that the first
page of the database does not: guessing costs the same derivation.
"""

import hashlib
import hmac
import json
import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from assistant.private_files import write_private

SALT_BYTES = 16
KEY_BYTES = 32
# SQLCipher 4's own derivation, so that any SQLCipher program opens the file by its passphrase:
# https://www.zetetic.net/sqlcipher/design/ ("Key Derivation").
ROUNDS = 256_000
_PURPOSE = b"maru key check 1"


@dataclass(frozen=True)
class Key:
    """A database's key: 32 bytes derived from the passphrase, and the salt of 16 bytes used."""

    secret: bytes
    salt: bytes

    @classmethod
    def derive(cls, passphrase: str, salt: bytes | None = None) -> Self:
        """Derive the key by PBKDF2-HMAC-SHA512, with a new salt where none is given (0.3 s)."""
        salt = os.urandom(SALT_BYTES) if salt is None else salt
        # The same Korean passphrase arrives composed or decomposed, by the system it is typed on.
        words = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
        return cls(hashlib.pbkdf2_hmac("sha512", words, salt, ROUNDS, KEY_BYTES), salt)

    def literal(self) -> str:
        """Return the key as SQLCipher's raw key with salt: hexadecimal digits alone."""
        return f"x'{self.secret.hex()}{self.salt.hex()}'"

    def __repr__(self) -> str:
        """Keep the secret out of logs and tracebacks."""
        return "Key(...)"


@dataclass(frozen=True)
class KeyCheck:
    """What lies beside a keyed database: its salt and the check value of its key."""

    salt: bytes
    value: bytes

    @classmethod
    def of(cls, key: Key) -> Self:
        """Return the check of `key`."""
        return cls(key.salt, hmac.digest(key.secret, _PURPOSE, "sha256"))

    @classmethod
    def read(cls, database: Path) -> Self | None:
        """Return the check beside `database`, or None where there is none that can be read."""
        try:
            found = json.loads(file_of(database).read_bytes())
            return cls(bytes.fromhex(found["salt"]), bytes.fromhex(found["value"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, database: Path) -> None:
        """Write it beside `database`. Raises OSError."""
        content = {"version": 1, "salt": self.salt.hex(), "value": self.value.hex()}
        write_private(file_of(database), json.dumps(content).encode())

    def accepts(self, passphrase: str) -> bool:
        """Say whether `passphrase` is the right one."""
        return hmac.compare_digest(KeyCheck.of(Key.derive(passphrase, self.salt)).value, self.value)


def file_of(database: Path) -> Path:
    """Return where the key check of `database` lies."""
    return database.with_name(f"{database.name}.keycheck")
