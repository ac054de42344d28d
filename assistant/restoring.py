# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Back to an earlier state: a snapshot, or what can still be read of damaged databases.

What takes the place of a database is made whole beside it first; `pending` then exchanges them. The state
before is a snapshot, or, where it is damaged, a file called otherwise: nothing is overwritten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant import pending, set_aside
from assistant.database import Migration
from assistant.database_errors import damaged as damaged_error
from assistant.database_files import changing, copy_database
from assistant.errors import DamagedError, NotFoundError
from assistant.home_conversion import key_for
from assistant.home_lock import HomeLock
from assistant.keys import HomeKey
from assistant.paths import Home
from assistant.salvage import rescue
from assistant.snapshots import Budget, Reason, Snapshots, is_sound
from assistant.stores import migrations_of
from assistant.texts import text


@dataclass(frozen=True)
class Salvaged:
    """What became of a damaged database: the name that it has now, and how many rows could be read.

    `kept_as` is "" where the database was gone: there was nothing to keep.
    """

    file: str
    kept_as: str
    rows: int


def prepare_restore(home: Home, key: HomeKey | None, snapshots: Snapshots, name: str, budget: Budget) -> None:
    """Set the present state aside as a snapshot and let that of `name` follow it once all is closed.

    Raises NotFoundError, DamagedError for a snapshot that is, DiskFullError, DatabaseError.
    """
    files = snapshots.files(snapshots.find(name))
    _bring(home, key, files)
    try:
        snapshots.take(Reason.RESTORE, budget)
        pending.plan_restore(home)
    except BaseException:
        _take_back(home, files)
        raise


def restore_closed(home: Home, key: HomeKey | None, name: str, budget: Budget) -> list[Salvaged]:
    """Restore a snapshot into a home that is not open; returns what was damaged and set aside.

    Where a database is damaged, that one alone is restored. Raises NotFoundError, HomeHeldError,
    DamagedError for a snapshot that is, DiskFullError, DatabaseError.
    """
    with HomeLock.acquire(home):
        pending.finish(home)
        snapshots = Snapshots(home, key)
        snapshots.clear()
        files = snapshots.files(snapshots.find(name))
        held = [one.name for one in files]  # of a database that is gone and in no snapshot nothing comes
        damaged = {
            file: kept
            for file, kept in _damaged(home, key).items()
            if file in held or (home.root / file).exists()
        }
        if damaged:
            _bring(home, key, [one for one in files if one.name in damaged])
            pending.plan_restore(home, damaged)
        else:
            prepare_restore(home, key, snapshots, name, budget)
        pending.finish(home)
        _seal(home, key)
    return [Salvaged(file, kept, 0) for file, kept in damaged.items() if (home.root / kept).exists()]


def start_from_readable(home: Home, key: HomeKey | None) -> list[Salvaged]:
    """Go on with what can still be read of the damaged databases of a home that is not open.

    Raises HomeHeldError, DiskFullError, DatabaseError.
    """
    with HomeLock.acquire(home):
        pending.finish(home)
        damaged, rows = _damaged(home, key), {}
        for path, migrations in migrations_of(home).items():
            if path.name in damaged:
                rows[path.name] = rescue(path, pending.incoming(path), migrations, key)
        if damaged:
            pending.plan_restore(home, damaged)
            pending.finish(home)
        _seal(home, key)
    return [
        Salvaged(file, kept if (home.root / kept).exists() else "", rows[file])
        for file, kept in damaged.items()
    ]


def start_from_set_aside(home: Home, key: HomeKey | None, name: str, budget: Budget) -> Salvaged:
    """Go on with what can be read of a database that was set aside earlier, in a home that is not open.

    The state before becomes a snapshot. Raises NotFoundError for no such file, DamagedError where nothing
    can be read of it or the present one is damaged, HomeHeldError, DiskFullError, DatabaseError.
    """
    with HomeLock.acquire(home):
        pending.finish(home)
        path = next((one for one in set_aside.files(home) if one.name == name), None)
        database = next((one for one in migrations_of(home) if name.startswith(f"{one.stem}.")), None)
        if path is None or database is None or not name.endswith(database.suffix):
            raise NotFoundError(
                text("No database was set aside under the name {name}.", name=name),
                text("Their names are like {name}.", name="conversations.damaged-1.db"),
            )
        rows = _rescue_sealed(path, database, migrations_of(home)[database], key)
        if not rows:
            pending.finish(home)
            raise DamagedError(
                text("Nothing can be read of {file} any more.", file=name), text("Nothing was changed.")
            )
        Snapshots(home, key).take(Reason.RESTORE, budget)
        pending.plan_restore(home)
        pending.finish(home)
    return Salvaged(database.name, name, rows)


def _rescue_sealed(path: Path, database: Path, migrations: Sequence[Migration], key: HomeKey | None) -> int:
    """Rescue a database that was set aside into what takes the place of `database`.

    SQLite reads files: what was sealed lies there unsealed meanwhile, under a name that `pending` clears.
    """
    new = pending.incoming(database)
    if key is None or not set_aside.is_sealed(path):
        return rescue(path, new, migrations, key)
    read = new.with_name(f"{new.name}.read")
    log, read_log = (one.with_name(one.name + set_aside.LOG) for one in (path, read))
    try:
        set_aside.unseal_into(path, key, read)
        if log.exists():
            set_aside.unseal_into(log, key, read_log)
        return rescue(read, new, migrations, key)
    finally:
        for each in (read, read_log, read.with_name(f"{read.name}-shm")):
            each.unlink(missing_ok=True)


def _seal(home: Home, key: HomeKey | None) -> None:
    """In an encrypted home no damaged database is left in plain text."""
    if key is not None:
        for path in set_aside.unsealed(home):
            set_aside.seal(path, key)


def _damaged(home: Home, key: HomeKey | None) -> dict[str, str]:
    """Return the databases that cannot be read from end to end, with the name that each is to have."""
    return {
        path.name: _free_name(path).name
        for path in migrations_of(home)
        if not (path.exists() and is_sound(path, key_for(path, key)))
    }


def _free_name(path: Path) -> Path:
    """Return a name beside `path` that nothing has: conversations.damaged-1.db."""
    number = 1
    while (kept := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    return kept


def _bring(home: Home, key: HomeKey | None, files: list[Path]) -> None:
    """Put copies of these where `pending` takes them from, all or none.

    Raises DamagedError for a snapshot that is, DiskFullError, DatabaseError.
    """
    try:
        for path in files:
            _bring_one(home, key, path)
    except BaseException as error:
        _take_back(home, files)
        if isinstance(error, DamagedError):  # it names a file as if it were that of the home
            raise DamagedError(
                text("The snapshot {name} is damaged.", name=path.parent.name),
                text("Choose another one. See: maru snapshots"),
                file=path.name,
            ) from None
        raise


def _bring_one(home: Home, key: HomeKey | None, path: Path) -> None:
    """Copy one, checked from end to end; the index is made again from the library."""
    new = pending.incoming(home.root / path.name)
    new.unlink(missing_ok=True)
    fitting = key_for(path, key)  # a conversion that damage ended left it plain: the next start goes on
    copy_database(path, fitting, new)
    if not is_sound(new, fitting):
        raise damaged_error(path)
    if path.name == home.library.name:
        with changing(new, fitting) as connection:
            connection.execute("DELETE FROM indexed")


def _take_back(home: Home, files: list[Path]) -> None:
    for path in files:
        pending.incoming(home.root / path.name).unlink(missing_ok=True)
