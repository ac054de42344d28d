# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Takes documents in while somebody waits for it: reads them, and makes the vectors they lack."""

import threading
from collections.abc import Generator, Sequence
from contextlib import suppress
from pathlib import Path

from assistant.app_events import Broadcast, CatchingUp
from assistant.documents.collection import DEFAULT_COLLECTION
from assistant.documents.library import Library
from assistant.documents.parser import Parser
from assistant.documents.protocol import FileProgress, FileResult, ParserSettings
from assistant.engine.client import Engine
from assistant.engine.gguf import read_header, wordpiece_vocabulary
from assistant.errors import DatabaseError, MaruError


class Intake:
    """What adding needs beside the library: the parser told how to split, the vectors made up for."""

    def __init__(self, library: Library, parser: Parser, embedding: Engine, broadcast: Broadcast) -> None:
        """`broadcast` is told of everything."""
        self._library = library
        self._parser = parser
        self._embedding = embedding
        self._broadcast = broadcast
        self._splits_by_tokens = False
        self._splitting = threading.Lock()

    def add(
        self, paths: Sequence[Path], collection: str | None, stop: threading.Event, *, rest: bool
    ) -> Generator[FileProgress | FileResult, None, None]:
        """Add files and folders; see `Library.add`. With `rest` also what an earlier run left.

        Vectors that earlier documents lack, because their engine had ended, are made up for at the end.
        """
        self.split_by_tokens()
        for event in self._library.add(paths, collection or DEFAULT_COLLECTION, stop):
            self._broadcast.tell(event)
            yield event
        if rest:
            for event in self._library.filing.work(stop):
                self._broadcast.tell(event)
                yield event
        try:
            for _ in self.catch_up(stop):
                continue
        except DatabaseError:
            raise
        except MaruError:  # the results have said so, file by file
            return

    def prepare(self, stop: threading.Event) -> Generator[tuple[int, int], None, None]:
        """Open the index and make the vectors that documents lack; yields (done, total).

        Raises DatabaseError; without an engine or an index search goes on without them.
        """
        if not self._library.document_count():
            return
        try:
            self._library.prepare()
            yield from self.catch_up(stop)
        except DatabaseError:
            raise
        except MaruError:
            return

    def catch_up(self, stop: threading.Event) -> Generator[tuple[int, int], None, None]:
        """Make the vectors that documents lack; yields (done, total). Raises MaruError."""
        for done, total in self._library.catch_up(stop):
            self._broadcast.tell(CatchingUp(done, total))
            yield done, total

    def split_by_tokens(self) -> None:
        """Give the parser the embedder's vocabulary, once, before it first splits."""
        with self._splitting:
            if self._splits_by_tokens:
                return
            with suppress(MaruError):  # without an embedder it splits by characters
                header = read_header(self._embedding.settings.model)
                self._parser.use(ParserSettings(wordpiece_vocabulary(header), header.context_length))
            self._splits_by_tokens = True
