# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""key.json: how a home is protected, the check of its key, and the key as a passphrase or a code wraps it.

The check lies outside the databases: SQLCipher says "file is not a database" of a wrong key and of a
damaged file. Without this file nobody could open a home that a passphrase protects, so that a copy of
it lies beside it and takes its place where it cannot be read.
"""

import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from assistant.errors import LockedError, LockedReason
from assistant.keys import HomeKey, Wrapped
from assistant.paths import Home
from assistant.private_files import write_private
from assistant.texts import text

VERSION = 1
MOST_ROUNDS = 100_000_000  # a file that asks for more was changed: it would never end
MOST_SHOWN = 8  # codes that were shown and not confirmed


class Protection(StrEnum):
    """What opens a home."""

    KEYRING = "keyring"
    PASSPHRASE = "passphrase"  # noqa: S105
    PLAIN = "plain"


@dataclass(frozen=True)
class Recovery:
    """The key as a recovery code wraps it; `confirmed` once the code was typed back."""

    wrapped: Wrapped
    confirmed: bool = False


@dataclass(frozen=True)
class KeyFile:
    """What key.json says. A plain home that nobody chose (`chosen` False) is asked about again.

    `leaving`: the databases are on their way to plain text; the key is still needed.
    """

    home_id: str
    protection: Protection
    check: str = ""
    passphrase: Wrapped | None = None
    recoveries: tuple[Recovery, ...] = ()
    chosen: bool = True
    leaving: bool = False

    @classmethod
    def read(cls, home: Home) -> Self | None:
        """Return it, None where there is none. Raises LockedError, of DAMAGED or of NEWER.

        Both are looked at: what a newer Maru wrote is not passed over for a copy that `mend` would then
        put in its place.
        """
        paths = [path for path in (home.key_file, copy_of(home)) if path.exists()]
        read = [one for path in paths if (one := cls._read(path)) is not None]
        if paths and not read:
            raise unreadable(home)
        return read[0] if read else None

    def write(self, home: Home) -> None:
        """Write it and its copy, each whole or not at all. Raises OSError."""
        written = self._written()
        for path in (home.key_file, copy_of(home)):
            write_private(path, written)

    def mend(self, home: Home) -> None:
        """Write again which of the two is lost, damaged or of before. Raises OSError."""
        written = self._written()
        for path in (home.key_file, copy_of(home)):
            if not path.exists() or path.read_bytes() != written:
                write_private(path, written)

    def _written(self) -> bytes:
        content = {"version": VERSION, **asdict(self)}
        for one in (content["passphrase"], *(one["wrapped"] for one in content["recoveries"])):
            if one is not None:
                one.update({name: one[name].hex() for name in ("salt", "sealed", "mark")})
        return json.dumps(content, indent=1).encode()

    def fits(self, key: HomeKey) -> bool:
        """Say whether `key` is the one."""
        return bool(self.check) and key.check() == self.check

    def with_recovery(self, made: Recovery) -> Self:
        """Return it with another code; those before stay good until one is confirmed.

        Somebody may have printed the one and closed the window before it was typed back.
        """
        confirmed = [one for one in self.recoveries if one.confirmed]
        shown = [one for one in self.recoveries if not one.confirmed][1 - MOST_SHOWN :]
        return replace(self, recoveries=(*confirmed, *shown, made))

    @classmethod
    def _read(cls, path: Path) -> Self | None:
        """Return what one file says, None where it is damaged. Raises LockedError(NEWER)."""
        try:
            found = json.loads(path.read_bytes())
            if found["version"] > VERSION:
                raise _newer(path)
            return cls._from(found)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    @classmethod
    def _from(cls, found: dict[str, Any]) -> Self:
        if found["version"] != VERSION:
            raise ValueError(found["version"])
        return cls(
            str(found["home_id"]),
            Protection(found["protection"]),
            str(found["check"]),
            _wrapped(found["passphrase"]) if found["passphrase"] else None,
            tuple(
                Recovery(_wrapped(one["wrapped"]), one["confirmed"] is True) for one in found["recoveries"]
            ),
            found["chosen"] is True,
            found["leaving"] is True,
        )


def _wrapped(found: dict[str, Any]) -> Wrapped:
    rounds = int(found["rounds"])
    if not 1 <= rounds <= MOST_ROUNDS:
        raise ValueError(rounds)
    salt, sealed, mark = (bytes.fromhex(found[name]) for name in ("salt", "sealed", "mark"))
    return Wrapped(salt, rounds, sealed, mark)


def copy_of(home: Home) -> Path:
    """Return where the second copy lies."""
    return home.key_file.with_name(f"{home.key_file.name}.copy")


def _newer(path: Path) -> LockedError:
    return LockedError(
        text("{file} was written by a newer Maru.", file=path.name),
        text("Install the newer version again; nothing was changed."),
        reason=LockedReason.NEWER,
    )


def unreadable(home: Home) -> LockedError:
    """Return the error for a home whose key file is gone or damaged while its databases are there."""
    return LockedError(
        text("{file} is damaged or missing: it tells how this home is protected.", file=home.key_file.name),
        text("Bring the file back from a copy of {folder}; nothing was changed.", folder=str(home.root)),
        reason=LockedReason.DAMAGED,
    )
