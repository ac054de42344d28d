# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""home.json: which key the databases of a home have, said apart from key.json.

Who puts the key.json of another home into this one is not to hear that the databases are damaged, which is
what SQLCipher says of them then. This file names the key by its id and its check, and the databases by the
salts that they begin with. A database that is written anew has a new salt: where none of those is known,
what the file says may be of other databases, and is a hint at most.
"""

import contextlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from assistant.cipher_pages import PAGE, SALT, Pages
from assistant.database_keys import PLAIN_HEADER, SQLError, connect_to_read
from assistant.keys import HomeKey
from assistant.paths import Home
from assistant.private_files import make_private, write_private

VERSION = 1


@dataclass(frozen=True)
class HomeMark:
    """What home.json says: the id of the home, the check of its key, the salts of databases that have it.

    A plain home has neither check nor salts.
    """

    home_id: str
    check: str
    salts: tuple[str, ...] = ()

    @classmethod
    def read(cls, home: Home) -> Self | None:
        """Return it, None where there is none that can be read: it is written again at the next start."""
        try:
            found = json.loads(home.mark.read_bytes())
            if found["version"] != VERSION:
                return None
            return cls(str(found["home_id"]), str(found["check"]), tuple(map(str, found["salts"])))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def is_of(self, home: Home) -> bool:
        """Say whether it was written for a database that lies there now. Only while none is open."""
        return any(salt_of(path) in self.salts for path in (home.conversations, home.library))


def mark(home: Home, home_id: str, key: HomeKey | None) -> None:
    """Write down which key the databases have, None for plain ones. Only while none is open.

    Where it cannot be written the home opens as well: the next start tries again.
    """
    with contextlib.suppress(OSError):
        made = HomeMark(home_id, "")
        if key is not None:
            opened = [path for path in (home.conversations, home.library) if opens(path, key)]
            made = HomeMark(home_id, key.check(), tuple(filter(None, map(salt_of, opened))))
        if HomeMark.read(home) != made:
            write_private(home.mark, json.dumps({"version": VERSION, **asdict(made)}, indent=1).encode())
        make_private(home.mark)


def salt_of(path: Path) -> str:
    """Return what an encrypted database begins with, "" for a plain one and for none."""
    with contextlib.suppress(OSError), path.open("rb") as file:
        salt = file.read(SALT)
        return salt.hex() if len(salt) == SALT and salt != PLAIN_HEADER else ""
    return ""


def is_keyed(path: Path) -> bool:
    """Say whether it looks like a whole database with some key: else it is plain, or damaged in any case."""
    salt = salt_of(path)
    return bool(salt.strip("0")) and path.stat().st_size % PAGE == 0


def opens(path: Path, key: HomeKey) -> bool:
    """Say whether a database that is not open has this key. Nothing is written where it has no log."""
    try:
        with path.open("rb") as file:
            page = file.read(PAGE)
        if Pages(key.secret, page[:SALT]).is_sound(1, page):
            return True
        log = path.with_name(f"{path.name}-wal")
        if log.exists() and log.stat().st_size:  # the first page may be whole in there alone
            connect_to_read(path, key).close()
            return True
    except (OSError, SQLError):
        pass
    return False
