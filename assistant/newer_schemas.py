# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Databases that a newer Maru wrote: they are read, and never written anew, not even with another key."""

import contextlib

from assistant.conversations import MIGRATIONS as CONVERSATIONS
from assistant.database_keys import SQLError, connect_to_read
from assistant.documents.schema import MIGRATIONS as LIBRARY
from assistant.errors import NewerSchemaError
from assistant.keys import HomeKey
from assistant.paths import Home
from assistant.texts import text


def check_own(home: Home, *keys: HomeKey | None) -> None:
    """Look at the databases that one of `keys` opens, None for plain ones, open or not.

    Raises NewerSchemaError where a newer Maru wrote one. What is damaged is told by whoever opens it.
    """
    for path, known in ((home.conversations, len(CONVERSATIONS)), (home.library, len(LIBRARY))):
        for key in keys:
            with contextlib.suppress(SQLError), contextlib.closing(connect_to_read(path, key)) as connection:
                if connection.execute("PRAGMA user_version").fetchone()[0] > known:
                    raise NewerSchemaError(
                        text("{file} was written by a newer Maru.", file=path.name),
                        text("Install the newer version again; nothing was changed."),
                    )
