# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""key.json: how a home is protected, the check of its key, and the key as a passphrase or a code wraps it.

The check lies outside the databases: SQLCipher says "file is not a database" of a wrong key and of a
damaged file. Without this file nobody could open a home that a passphrase protects, so that a copy of
it lies beside it and takes its place where it cannot be read, or is that of another home: home.json tells.
"""

import contextlib
import json
import os
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from assistant.errors import LockedError, LockedReason
from assistant.home_mark import HomeMark
from assistant.keys import HomeKey, Wrapped
from assistant.paths import Home
from assistant.private_files import make_private, sync_folder, write_private
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

    `leaving`: the databases are on their way to plain text; the key is still needed. `spent`: everything
    that it opened was wiped; the next start takes another one.
    """

    home_id: str
    protection: Protection
    check: str = ""
    passphrase: Wrapped | None = None
    recoveries: tuple[Recovery, ...] = ()
    chosen: bool = True
    leaving: bool = False
    spent: bool = False

    @classmethod
    def both(cls, home: Home) -> list[Self]:
        """Return it and its copy, the copy only where it is of another key; nothing where there is none.

        Raises LockedError, of DAMAGED or of NEWER: both are looked at, so that what a newer Maru wrote is
        not passed over for a copy that `keep` would then put in its place.
        """
        paths = [path for path in _places(home) if path.exists()]
        found = [one for path in paths if (one := cls._read(path)) is not None]
        if paths and not found:
            raise unreadable(home)
        return [one for number, one in enumerate(found) if not any(map(one.is_like, found[:number]))]

    @classmethod
    def read(cls, home: Home) -> Self | None:
        """Return it, None where there is none; the copy where that alone is of the key of the databases.

        Raises as `both` does.
        """
        found, mark = cls.both(home), HomeMark.read(home)
        own = [one for one in found if mark is not None and one.check and one.is_of(mark)]
        return next(iter(own + found), None)

    def write(self, home: Home) -> None:
        """Write it and its copy, each whole or not at all. Raises OSError."""
        written = self._written()
        for path in _places(home):
            write_private(path, written)

    def keep(self, home: Home) -> list[str]:
        """Write again which of the two is lost, damaged, of before or not its owner's alone.

        One that holds the key of another home gets another name first: nobody else may have it. Returns
        those names. Raises OSError.
        """
        written, kept = self._written(), []
        for path in _places(home):
            if path.exists() and path.read_bytes() == written:
                make_private(path)
                continue
            if path.exists() and (other := self._read(path)) is not None and other.is_foreign_to(self):
                kept.append(_set_aside(path))
            write_private(path, written)
        return kept

    def overwrite(self, home: Home) -> None:
        """Write it, and nothing over what the two files were before, where the system can. Raises OSError."""
        before = [path.open("r+b") for path in _places(home) if os.name == "posix" and path.exists()]
        with contextlib.ExitStack() as opened:
            for file in before:
                opened.enter_context(file)
            self.write(home)
            for file in before:
                file.write(bytes(os.fstat(file.fileno()).st_size))
                file.flush()
                os.fsync(file.fileno())

    def is_like(self, other: "KeyFile") -> bool:
        """Say whether both are of one key."""
        return (self.home_id, self.check) == (other.home_id, other.check)

    def is_of(self, mark: HomeMark) -> bool:
        """Say whether it is of the key that the databases have."""
        return (self.home_id, self.check) == (mark.home_id, mark.check)

    def is_foreign_to(self, other: "KeyFile") -> bool:
        """Say whether it holds a key that `other` does not, and that was not given up for that."""
        given_up = self.spent or (self.home_id == other.home_id and not other.check)
        return bool(self.check) and not self.is_like(other) and not given_up

    def _written(self) -> bytes:
        content = {"version": VERSION, **asdict(self)}
        for one in (content["passphrase"], *(one["wrapped"] for one in content["recoveries"])):
            if one is not None:
                one.update({name: one[name].hex() for name in ("salt", "sealed", "mark")})
        return json.dumps(content, indent=1).encode()

    @property
    def is_undecided(self) -> bool:
        """Whether the home is plain and nobody chose that."""
        return self.protection is Protection.PLAIN and not self.chosen

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
        except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
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
            found.get("spent") is True,
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


def _places(home: Home) -> tuple[Path, Path]:
    return home.key_file, copy_of(home)


def _set_aside(path: Path) -> str:
    """Give a file a name that nothing has, key.other-1.json, and return that."""
    number = 1
    while (kept := path.with_name(f"key.other-{number}.json")).exists():
        number += 1
    path.rename(kept)
    make_private(kept)
    sync_folder(kept.parent)
    return kept.name


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


def exchanged(home: Home) -> LockedError:
    """Return the error for a home whose databases have another key than its key file speaks of."""
    return LockedError(
        text("{file} belongs to another home: it does not open what lies here.", file=home.key_file.name),
        text(
            "Put the {file} of this home, or its {copy}, back into {folder}; nothing was changed.",
            file=home.key_file.name, copy=copy_of(home).name, folder=str(home.root),
        ),
        reason=LockedReason.DAMAGED,
    )  # fmt: skip
