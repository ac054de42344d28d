# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Database files as they lie: copied, read and changed whatever their schema."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from assistant.database_errors import damaged, translated, unusable
from assistant.database_keys import PLAIN_HEADER, SQLError, check_header, connect, connect_to_read
from assistant.errors import NotFoundError
from assistant.keys import HomeKey
from assistant.paths import PRIVATE_FILE
from assistant.private_files import sync_file
from assistant.texts import text

STOP_LOOK = 20_000  # instructions of SQLite between two looks at whether to stop: about a millisecond


def copy_database(
    source: Path, key: HomeKey | None, target: Path, stop: Callable[[], bool] = lambda: False
) -> None:
    """Copy a database, which may be open, into the new file `target`, with the same key: all of it is read.

    Raises DatabaseError, also where `stop` ended it, DamagedError, DiskFullError; then there is no
    `target`.
    """
    try:
        if source.stat().st_size < len(PLAIN_HEADER):  # else SQLite takes it for a new database
            raise damaged(source)
        with told(source):
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE_FILE))
            connection = connect_to_read(source, key)
            try:
                connection.set_progress_handler(stop, STOP_LOOK)
                connection.execute("VACUUM INTO ?", (str(target),))
            finally:
                connection.close()
            sync_file(target)
    except BaseException as error:
        target.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise unusable(target, error) from None
        raise


@contextlib.contextmanager
def changing(path: Path, key: HomeKey | None) -> Iterator[Any]:
    """Give a connection to a file that nobody has open, whatever its schema; then write it anew.

    What the block changes is there when it ends, or nothing of it; what it deletes is in the file no
    more. Raises DatabaseError.
    """
    with told(path):
        connection = connect(path, key)
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
            connection.execute("VACUUM")
        finally:
            connection.close()
        sync_file(path)


@contextlib.contextmanager
def reading(path: Path, key: HomeKey | None) -> Iterator[Any]:
    """Give a connection that never writes to a file that is not open, whatever its schema.

    Raises DatabaseError, DamagedError.
    """
    with told(path):
        try:
            check_header(path, key)
        except OSError as error:
            raise unusable(path, error) from None
        connection = connect_to_read(path, key)
        try:
            yield connection
        finally:
            connection.close()


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours, and that it takes no invalid Unicode, as in the names of files."""
    try:
        yield
    except UnicodeEncodeError:
        raise NotFoundError(
            text("Its name holds letters that are not valid. Rename the file and add it again.")
        ) from None
    except SQLError as error:
        raise translated(path, error) from error
