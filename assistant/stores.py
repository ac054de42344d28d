# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The two databases of a home, opened so that nothing is ever lost.

A snapshot is taken before the first migration; what a newer Maru wrote is only read, and so is what lies in
a folder that cannot be written, or on a full disk; a damaged file stays as it is, and the error names the
newest snapshot.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from assistant.conversations import MIGRATIONS as CONVERSATION_MIGRATIONS
from assistant.database import Database, Migration
from assistant.documents.schema import MIGRATIONS as LIBRARY_MIGRATIONS
from assistant.errors import DamagedError, DatabaseError, DiskFullError, NewerSchemaError
from assistant.home_lock import HomeLock
from assistant.keys import HomeKey
from assistant.paths import Home
from assistant.settings import Settings, look_at_settings
from assistant.snapshots import Budget, Reason, Snapshots
from assistant.texts import Text, text

MEGABYTE = 10**6
T = TypeVar("T")


@dataclass(frozen=True)
class Stores:
    """The open databases of a home. `read_only` says why nothing can be changed, None where all is well."""

    conversations: Database
    documents: Database
    snapshots: Snapshots
    read_only: Text | None

    def close(self) -> None:
        """Close both."""
        self.documents.close()
        self.conversations.close()


def budget_of(settings: Settings) -> Budget:
    """Return what snapshots may take."""
    return Budget(settings.snapshots_kept, settings.snapshots_mb * MEGABYTE)


def migrations_of(home: Home) -> dict[Path, tuple[Migration, ...]]:
    """Return the schema of each database of a home."""
    return {home.conversations: CONVERSATION_MIGRATIONS, home.library: LIBRARY_MIGRATIONS}


def open_stores(home: Home, key: HomeKey | None, settings: Settings, read_only: Text | None = None) -> Stores:
    """Open both databases; the caller closes them.

    `read_only` is why the home cannot be written. Where one of them can only be read, so is the other:
    they belong together. Raises DamagedError, DiskFullError, HomeError, DatabaseError.
    """
    snapshots = Snapshots(home, key)
    opening = _Opening(home, key, settings, snapshots)
    if read_only is None:
        snapshots.clear()
    return _or_to_read(home, opening.both, read_only)


def open_one(home: Home, path: Path, key: HomeKey | None, lock: HomeLock | None) -> Database:
    """Open one database of a home, `path`, to look at it; a damaged other one does not matter.

    Without a lock another process holds the home: nothing is changed. Raises as `open_stores` does, and
    DatabaseError where it is not there yet.
    """
    migrations = migrations_of(home)[path]
    if lock is None:
        return Database.open(path, migrations, key, own=False)
    opening = _Opening(home, key, look_at_settings(home), Snapshots(home, key))
    return _or_to_read(home, lambda read_only: opening.one(path, migrations, read_only), lock.read_only)


def _or_to_read(home: Home, open_it: Callable[[Text | None], T], read_only: Text | None) -> T:
    """Open with the reason why nothing can be written, None: to write, or to read where only that goes."""
    try:
        return open_it(read_only)
    except NewerSchemaError as error:
        return open_it(error.message)
    except DiskFullError as full:  # to be read, exported and wiped: that makes room
        try:
            return open_it(_full(home))
        except DamagedError:
            raise
        except DatabaseError:  # one that is still to be made, or brought up to date
            raise full from None


def _full(home: Home) -> Text:
    return text(
        "The disk is full: what Maru keeps in {folder} can only be read until you free some space.",
        folder=str(home.root),
    )


class _Opening:
    """Opens the databases of a home."""

    def __init__(self, home: Home, key: HomeKey | None, settings: Settings, snapshots: Snapshots) -> None:
        self._home = home
        self._key = key
        self._settings = settings
        self._snapshots = snapshots
        self._taken = False

    def both(self, read_only: Text | None) -> Stores:
        with contextlib.ExitStack() as opened:
            databases = []
            for path, migrations in migrations_of(self._home).items():
                databases.append(self.one(path, migrations, read_only))
                opened.callback(databases[-1].close)
            opened.pop_all()
            return Stores(databases[0], databases[1], self._snapshots, read_only)

    def one(self, path: Path, migrations: tuple[Migration, ...], read_only: Text | None) -> Database:
        try:
            if not path.exists() and self._was_there(path):
                raise DamagedError(text("{file} is gone.", file=path.name), file=path.name)
            return Database.open(
                path, migrations, self._key, read_only=read_only, before_update=self._before_update
            )
        except DamagedError as error:
            raise with_offer(error, self._snapshots) from None

    def _was_there(self, path: Path) -> bool:
        newest = next(iter(self._snapshots.all()), None)
        return newest is not None and path.name in [one.name for one in self._snapshots.files(newest)]

    def _before_update(self) -> None:
        """Keep both as they are, once: a migration may change either."""
        if not self._taken:
            self._snapshots.take(Reason.UPDATE, budget_of(self._settings))
            self._taken = True


def with_offer(error: DamagedError, snapshots: Snapshots) -> DamagedError:
    """Return the error with what can be done: restore, or go on with what can be read."""
    newest = snapshots.newest_sound()
    if newest is None:
        hint = text("It was left as it is. Go on with what can still be read of it: maru restore --readable")
        return DamagedError(error.message, hint, file=error.file)
    hint = text(
        "It was left as it is. Restore the newest snapshot: maru restore {name} – or go on with what can "
        "still be read: maru restore --readable",
        name=newest.name,
    )
    return DamagedError(error.message, hint, file=error.file, snapshot=newest.name)
