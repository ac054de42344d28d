# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Earlier states of the databases, a folder each: taken before anything risky and once a day.

    snapshots/2026-11-21T18-33-05Z/   conversations.db, library.db (same key),
                                      about.json (no words of the user's)

A folder gets its name when everything in it is on the disk: what was interrupted is called otherwise.
Which are kept: at most `Budget.kept`, none older than as many days, and as many as fit into
`Budget.size`, the newest always. Documents (library.db) are in a snapshot while they need less than half
of the size, so that there are always two; before an update and a restore wherever the disk has room.
They can be made again from the user's files, conversations cannot.
"""

import contextlib
import json
import re
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from assistant.database_errors import unusable
from assistant.database_files import changing, copy_database, reading
from assistant.errors import DamagedError, DatabaseError, DiskFullError, NotFoundError
from assistant.keys import HomeKey
from assistant.paths import PRIVATE_FOLDER, Home
from assistant.private_files import sync_folder, write_private
from assistant.texts import text

FoundT = TypeVar("FoundT")

VERSION = 1
ABOUT = "about.json"
UNFINISHED = ".unfinished-"
CHANGING = ".changing"  # after the name of a database that is to take its place
DAY = timedelta(days=1)
SPARE_BYTES = 32 << 20  # left free on the disk for what goes on meanwhile
_NAME = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ(-\d+)?")
_STAMP = "%Y-%m-%dT%H-%M-%SZ"


class Reason(StrEnum):
    """Why a snapshot was taken: UPDATE before a migration, RESTORE of what a restore replaces."""

    DAILY = "daily"
    UPDATE = "update"
    RESTORE = "restore"
    ASKED = "asked"


@dataclass(frozen=True)
class Snapshot:
    """A whole snapshot: its time in UTC, its bytes, and whether documents are in it."""

    name: str
    when: datetime
    reason: Reason
    size: int
    library: bool


@dataclass(frozen=True)
class Budget:
    """How many snapshots are kept, for as many days each, in so many bytes."""

    kept: int
    size: int


class Snapshots:
    """The snapshots of a home. Whoever changes them holds the home; any thread may."""

    def __init__(
        self, home: Home, key: HomeKey | None, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Copy databases that `key` opens, None for a plain home."""
        self._home = home
        self._key = key
        self._clock = clock
        self._taking = threading.Lock()

    def all(self) -> list[Snapshot]:
        """Return the whole ones, the newest first."""
        try:
            names = [path.name for path in self._home.snapshots.iterdir() if _NAME.fullmatch(path.name)]
        except OSError:
            return []
        found = [one for name in names if (one := self._read(name)) is not None]
        return sorted(found, key=lambda one: (one.when, one.name), reverse=True)

    def find(self, name: str) -> Snapshot:
        """Return the snapshot of this name. Raises NotFoundError."""
        for one in self.all():
            if one.name == name:
                return one
        raise NotFoundError(
            text("There is no snapshot {name}.", name=name), text("See which there are: maru snapshots")
        )

    def files(self, snapshot: Snapshot) -> list[Path]:
        """Return the databases of a snapshot."""
        names = [self._home.conversations.name] + [self._home.library.name] * snapshot.library
        return [self._home.snapshots / snapshot.name / name for name in names]

    def due(self) -> bool:
        """Say whether the newest one is a day old, or there is none."""
        newest = next(iter(self.all()), None)
        return newest is None or not timedelta(0) <= self._clock() - newest.when < DAY

    def take(self, reason: Reason, budget: Budget, stop: Callable[[], bool] = lambda: False) -> Snapshot:
        """Copy the databases as they are now, open or not; then, if that was planned, drop the oldest ones.

        `stop` ends it early: then documents are left out. Raises DiskFullError, DamagedError, DatabaseError.
        """
        with self._taking:
            try:
                snapshot = self._take(reason, budget, stop)
            except OSError as error:
                raise unusable(self._home.snapshots, error) from None
        if reason in (Reason.DAILY, Reason.ASKED):
            self.prune(budget)
        return snapshot

    def prune(self, budget: Budget) -> None:
        """Remove what the budget has no room for; the newest stays."""
        total, now = 0, self._clock()
        for number, one in enumerate(self.all()):
            total += one.size
            fits = number < budget.kept and total <= budget.size and now - one.when <= budget.kept * DAY
            if number and not fits:
                self.remove(one.name)

    def remove(self, name: str) -> None:
        """Remove one: first it loses its name, so that half of it is never taken for a snapshot."""
        path = self._home.snapshots / name
        with contextlib.suppress(OSError):  # the next start tries again
            shutil.rmtree(path.rename(path.with_name(UNFINISHED + name)))

    def clear(self) -> None:
        """Remove what was interrupted. Only while none is being taken."""
        with contextlib.suppress(OSError):
            for path in self._home.snapshots.glob(f"{UNFINISHED}*"):
                shutil.rmtree(path, ignore_errors=True)
            for path in self._home.snapshots.glob(f"*/*{CHANGING}*"):
                path.unlink(missing_ok=True)

    def newest_sound(self) -> Snapshot | None:
        """Return the newest one whose conversations and documents can be read from end to end."""
        for one in self.all():
            if all(is_sound(path, self._key) for path in self.files(one)):
                return one
        return None

    def kept_until(self, file: str, holds: Callable[[Any], bool], budget: Budget) -> datetime | None:
        """Return until when a database called `file` of a snapshot keeps what `holds` looks for.

        It goes with the first start after that moment. None where none has it; one that cannot be read
        counts as one that has.
        """
        for one in self.all():
            if any(path.name == file and _holds(path, self._key, holds) for path in self.files(one)):
                return one.when + budget.kept * DAY
        return None

    def newest_with(self, file: str, look: Callable[[Any], FoundT | None]) -> FoundT | None:
        """Return what `look` finds in a database called `file`, in the newest snapshot where it does.

        One that cannot be read is passed over.
        """
        for one in self.all():
            for path in self.files(one):
                if path.name == file and (found := _look(path, self._key, look)) is not None:
                    return found
        return None

    def rewrite(self, file: str, holds: Callable[[Any], bool], change: Callable[[Any], None]) -> None:
        """Change the database called `file` in every snapshot where `holds` finds something.

        Each is replaced in one step; a snapshot that cannot be read goes. Raises DiskFullError,
        DatabaseError.
        """
        with self._taking:
            for one in self.all():
                for path in self.files(one):
                    if path.name == file and _holds(path, self._key, holds):
                        self._rewrite(one, path, change)

    def _rewrite(self, snapshot: Snapshot, path: Path, change: Callable[[Any], None]) -> None:
        new = path.with_name(f"{path.name}{CHANGING}")
        try:
            new.unlink(missing_ok=True)
            copy_database(path, self._key, new)
            with changing(new, self._key) as connection:
                change(connection)
            new.replace(path)
            sync_folder(path.parent)
        except DamagedError:
            self.remove(snapshot.name)
        except OSError as error:
            raise unusable(path, error) from None

    def _take(self, reason: Reason, budget: Budget, stop: Callable[[], bool]) -> Snapshot:
        name = self._free_name()
        unfinished = self._home.snapshots / (UNFINISHED + name)
        self._home.snapshots.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=PRIVATE_FOLDER)
        try:
            sizes = self._copy(unfinished, reason, budget, stop)
            about = {"version": VERSION, "reason": reason.value, "files": sizes}
            write_private(unfinished / ABOUT, json.dumps(about, indent=2).encode())
            sync_folder(unfinished)
            unfinished.rename(unfinished.with_name(name))
            sync_folder(self._home.snapshots)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        return self.find(name)

    def _copy(self, folder: Path, reason: Reason, budget: Budget, stop: Callable[[], bool]) -> dict[str, int]:
        """Copy what belongs into the snapshot; returns the bytes of each file."""
        copied: dict[str, int] = {}
        for source in (self._home.conversations, self._home.library):
            optional = source == self._home.library
            if optional and (stop() or not (source.exists() and self._takes_library(reason, budget))):
                continue
            target = folder / source.name
            try:
                if not self._has_room(source):
                    raise DiskFullError(
                        text("The disk is too full for a snapshot of your data."),
                        text("Free some space and try again. Nothing that was stored is lost."),
                    )
                copy_database(source, self._key, target, stop if optional else lambda: False)
            except DatabaseError:
                if optional and (stop() or not self._has_room(source)):
                    continue
                raise
            copied[source.name] = target.stat().st_size
        return copied

    def _takes_library(self, reason: Reason, budget: Budget) -> bool:
        if reason in (Reason.UPDATE, Reason.RESTORE):
            return True
        return 2 * (_size(self._home.conversations) + _size(self._home.library)) <= budget.size

    def _has_room(self, source: Path) -> bool:
        return shutil.disk_usage(self._home.root).free >= _size(source) + SPARE_BYTES

    def _free_name(self) -> str:
        stamp, number = self._clock().strftime(_STAMP), 1
        name = stamp
        while (self._home.snapshots / name).exists():
            number += 1
            name = f"{stamp}-{number}"
        return name

    def _read(self, name: str) -> Snapshot | None:
        """Return what a folder holds, None where it is not whole."""
        folder = self._home.snapshots / name
        try:
            about: dict[str, Any] = json.loads((folder / ABOUT).read_bytes())
            files: dict[str, int] = about["files"]
            whole = all((folder / file).stat().st_size > 0 for file in files)
            if not whole or self._home.conversations.name not in files:
                return None
            when = datetime.strptime(name[: len("2026-11-21T18-33-05Z")], _STAMP).replace(tzinfo=UTC)
            size = sum((folder / file).stat().st_size for file in files)
            return Snapshot(name, when, Reason(about["reason"]), size, self._home.library.name in files)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None


def _holds(path: Path, key: HomeKey | None, holds: Callable[[Any], bool]) -> bool:
    try:
        with reading(path, key) as connection:
            return holds(connection)
    except DatabaseError:
        return True


def _look(path: Path, key: HomeKey | None, look: Callable[[Any], FoundT | None]) -> FoundT | None:
    with contextlib.suppress(DatabaseError), reading(path, key) as connection:
        return look(connection)
    return None


def is_sound(path: Path, key: HomeKey | None) -> bool:
    """Say whether a database that is not open can be read from end to end. Takes as long as it is large."""
    try:
        with reading(path, key) as connection:
            found: object = connection.execute("PRAGMA quick_check(1)").fetchone()
            return found == ("ok",)
    except DatabaseError:
        return False


def _size(path: Path) -> int:
    """Return the bytes of a database with its log."""
    total = 0
    for one in (path, path.with_name(f"{path.name}-wal")):
        with contextlib.suppress(OSError):
            total += one.stat().st_size
    return total
