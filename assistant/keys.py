# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The key of a home, and how secrets are derived, checked and wrapped. No file is touched."""

import hashlib
import hmac
import os
import unicodedata
from dataclasses import dataclass

SECRET_BYTES = 32
SALT_BYTES = 16
# As SQLCipher 4 derives its own: https://www.zetetic.net/sqlcipher/design/ ("Key Derivation").
ROUNDS = 256_000
_CHECK = b"maru home key check 1"
_MARK_BYTES = 32


@dataclass(frozen=True)
class HomeKey:
    """What opens everything that is encrypted in a home: 32 random bytes, and the id of the home."""

    secret: bytes
    home_id: str

    def literal(self) -> str:
        """Return the key as SQLCipher's raw key, hexadecimal digits alone; the salt is the file's own."""
        return f"x'{self.secret.hex()}'"

    def check(self) -> str:
        """Return what tells this key from another one and gives nothing of it away."""
        return hmac.digest(self.secret, _CHECK + self.home_id.encode(), "sha256").hex()

    def derived(self, purpose: bytes) -> bytes:
        """Return a key of 32 bytes for one purpose: what it does tells nothing about the others."""
        return hmac.digest(self.secret, b"maru key for " + purpose, "sha256")

    def part(self, purpose: bytes) -> "HomeKey":
        """Return a key for a process that needs one thing alone: the databases stay closed to it."""
        return HomeKey(self.derived(purpose), self.home_id)

    def __repr__(self) -> str:
        """Keep the secret out of logs and tracebacks."""
        return "HomeKey(...)"


@dataclass(frozen=True)
class Wrapped:
    """A secret that a passphrase or a code opens: what lies in the file, with the work that guessing costs.

    The pad is used once, because the salt is new each time; the mark tells a wrong passphrase.
    """

    salt: bytes
    rounds: int
    sealed: bytes
    mark: bytes


def stretched(words: str, salt: bytes, rounds: int, size: int) -> bytes:
    """Return `size` bytes derived from a passphrase by PBKDF2-HMAC-SHA512 (RFC 8018)."""
    # The same Korean passphrase arrives composed or decomposed, by the system it is typed on.
    same = unicodedata.normalize("NFC", words).encode("utf-8", "surrogatepass")
    return hashlib.pbkdf2_hmac("sha512", same, salt, rounds, size)


def wrap(secret: bytes, words: str, rounds: int = ROUNDS) -> Wrapped:
    """Return `secret` so that only `words` gives it back; 0.3 s with the usual rounds."""
    salt = os.urandom(SALT_BYTES)
    pad, marking = _pad_and_marking(words, salt, rounds)
    sealed = _mixed(secret, pad)
    return Wrapped(salt, rounds, sealed, hmac.digest(marking, salt + sealed, "sha256"))


def unwrap(wrapped: Wrapped, words: str) -> bytes | None:
    """Return the secret, None where `words` are not the right ones."""
    pad, marking = _pad_and_marking(words, wrapped.salt, wrapped.rounds)
    mark = hmac.digest(marking, wrapped.salt + wrapped.sealed, "sha256")
    return _mixed(wrapped.sealed, pad) if hmac.compare_digest(mark, wrapped.mark) else None


def _pad_and_marking(words: str, salt: bytes, rounds: int) -> tuple[bytes, bytes]:
    found = stretched(words, salt, rounds, SECRET_BYTES + _MARK_BYTES)
    return found[:SECRET_BYTES], found[SECRET_BYTES:]


def _mixed(content: bytes, pad: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(content, pad, strict=True))
