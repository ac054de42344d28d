# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What SQLite's errors mean to a user. Knows their names, not the library that raises them.

Names: https://www.sqlite.org/rescode.html
"""

import contextlib
import errno
import shutil
from pathlib import Path

from assistant.errors import DamagedError, DatabaseError, DiskFullError, HomeError
from assistant.texts import text

SCARCE_BYTES = 1 << 20  # SQLite needs about this much for its log and its index


def code_of(error: Exception) -> str:
    """Return the name of SQLite's result code ("SQLITE_FULL"), "" for an error of the library itself."""
    return str(getattr(error, "sqlite_errorname", ""))


def translated(path: Path, error: Exception) -> DatabaseError:
    """Return our error for one that SQLite raised about the database at `path`."""
    name = code_of(error)
    stuck = name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN"))
    if name == "SQLITE_FULL" or (stuck and _is_full(path)):
        return _disk_full(path)
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return damaged(path)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return DatabaseError(
            text("Another program is using {file}.", file=path.name), text("Close it and try again.")
        )
    if name.startswith("SQLITE_READONLY") or stuck:
        return DatabaseError(
            text("{file} cannot be read or written.", file=path.name),
            text("Check that you may write to {folder}.", folder=str(path.parent)),
        )
    return DatabaseError(text("{file} refused an operation ({code}).", file=path.name, code=name))


def _is_full(path: Path) -> bool:
    with contextlib.suppress(OSError):
        return shutil.disk_usage(path.parent).free < SCARCE_BYTES
    return False


def _disk_full(path: Path) -> DiskFullError:
    return DiskFullError(
        text("The disk is full; {file} could not be written.", file=path.name),
        text("Free some space and try again. Nothing that was stored is lost."),
    )


def damaged(path: Path) -> DamagedError:
    """Return the error for a file whose bytes are no longer a database."""
    return DamagedError(
        text("{file} is damaged.", file=path.name),
        text("It was left as it is. See what can be restored: maru snapshots"),
        file=path.name,
    )


def unusable(path: Path, error: OSError) -> HomeError | DiskFullError:
    """Return our error for one of the system's about the database at `path`."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _disk_full(path)
    return HomeError(
        text("{file} cannot be read or written.", file=path.name),
        text("Check that you may write to {folder}, or choose another with --home.", folder=str(path.parent)),
    )
