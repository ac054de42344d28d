# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`python -m tests.faults.adding_child HOME FOLDER LOG`: adds a folder until it is killed or done.

What is read and embedded is written into LOG, a line each, before it is done.
"""

import os
import sys
import threading
from collections.abc import Generator, Sequence
from pathlib import Path

from assistant.database import Database
from assistant.documents.library import Library
from assistant.documents.protocol import Document, Reading
from assistant.documents.schema import MIGRATIONS
from assistant.paths import Home
from tests.fakes import HashEmbedder, LineReader

EMBEDDING_S = 0.005  # a batch


class Log:
    """Lines that a kill cannot take back."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY)

    def write(self, *lines: str) -> None:
        os.write(self._file, "".join(f"{line}\n" for line in lines).encode())


class LoggedReader(LineReader):
    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def read(
        self,
        path: Path,
        stop: threading.Event | None = None,
        password: str = "",
        *,
        postpone: bool = False,
    ) -> Generator[Reading, None, Document]:
        self._log.write(f"read {path.name}")
        return (yield from super().read(path, stop, password, postpone=postpone))


class LoggedEmbedder(HashEmbedder):
    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def passages(self, texts: Sequence[str]) -> list[bytes]:
        self._log.write(*(f"embedded {one}" for one in texts))
        threading.Event().wait(EMBEDDING_S)  # a kill shall hit it, as it would a real model
        return super().passages(texts)


def main(home: str, folder: str, log: str) -> None:
    written = Log(Path(log))
    database = Database.open(Home(Path(home)).library, MIGRATIONS, None)
    library = Library(database, LoggedReader(written), LoggedEmbedder(written), None)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    stop = threading.Event()
    for _ in library.filing.work(stop):  # what an earlier run left
        continue
    for _ in library.add([Path(folder)]):
        continue
    for _ in library.catch_up():
        continue
    library.close()
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
