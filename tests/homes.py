# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Homes for tests: encrypted with a throw-away passphrase that costs nothing to try, no keyring near."""

import hmac
import json
import os

from assistant import home_conversion, home_key, set_aside
from assistant.key_file import KeyFile, Protection
from assistant.keys import ROUNDS, SALT_BYTES, SECRET_BYTES, HomeKey, stretched, wrap
from assistant.paths import Home
from assistant.unlocking import unlock

PASSPHRASE = "only for tests"
ENVIRONMENT = {"MARU_PASSPHRASE": PASSPHRASE, "MARU_KEYRING": "off"}


def protect(home: Home, passphrase: str = PASSPHRASE) -> HomeKey:
    """Make `home` and its key file, with a passphrase of one round."""
    home.create()
    key = home_key.new_key()
    KeyFile(key.home_id, Protection.PASSPHRASE, key.check(), wrap(key.secret, passphrase, 1)).write(home)
    return key


def key_of(home: Home) -> HomeKey:
    """Return the key of a home of the tests."""
    key = unlock(home, home_key.Given(PASSPHRASE, keyring=False), own=False).key
    assert key is not None
    return key


class FakeBackend:
    """A backend of the library keyring, at the border to the system: what it keeps can be looked at."""

    def __init__(self, error: Exception | None = None) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.error = error

    def get_password(self, service: str, name: str) -> str | None:
        if self.error is not None:
            raise self.error
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, secret: str) -> None:
        if self.error is not None:
            raise self.error
        self.kept[(service, name)] = secret

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[(service, name)]


def give_old_keys(home: Home, passphrase: str, *, check: bool = True) -> None:
    """Encrypt plain databases as Maru did before there was a key file: a key of the passphrase for each."""
    for path in (home.conversations, home.library):
        salt = os.urandom(SALT_BYTES)
        secret = stretched(passphrase, salt, ROUNDS, SECRET_BYTES)
        home_conversion._rewrite(path, None, f"x'{secret.hex()}{salt.hex()}'")
        if check:
            value = hmac.digest(secret, b"maru key check 1", "sha256")
            content = {"version": 1, "salt": salt.hex(), "value": value.hex()}
            home_conversion.check_of(path).write_text(json.dumps(content))


def held_aside(home: Home, name: str, key: HomeKey | None) -> bytes:
    """Return what a database that was set aside holds."""
    path, read = home.root / name, home.root / "read"
    if key is None:
        return path.read_bytes()
    set_aside.unseal_into(path, key, read)
    content = read.read_bytes()
    read.unlink()
    return content


def readable_words(home: Home, *words: str) -> list[str]:
    """Return the files of a home in which one of `words`, or the head of a plain database, can be read."""
    wanted = [word.encode() for word in words]
    found = []
    for path in sorted(home.root.rglob("*")):
        if path.is_file() and path.suffix != ".gguf":
            content = path.read_bytes()
            plain = path.suffix == ".db" and content.startswith(b"SQLite format 3")
            if plain or any(word in content for word in wanted):
                found.append(path.name)
    return found
