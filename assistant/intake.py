# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Takes documents in while somebody waits for it: reads them, and makes the vectors they lack."""

import threading
from collections.abc import Generator, Sequence
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
        self._split_by: Path | None = None  # the model whose tokens the parser counts
        self._splitting = threading.Lock()

    def add(
        self, paths: Sequence[Path], collection: str | None, stop: threading.Event, *, rest: bool
    ) -> Generator[FileProgress | FileResult, None, None]:
        """Add files and folders; see `Library.add`. With `rest` also what an earlier run left.

        Vectors that earlier documents lack, because their engine had ended, are made up for at the end.
        """
        self.split_by_tokens()
        for event in self._library.add(paths, collection or DEFAULT_COLLECTION, stop):
            yield self._told(event)
        if rest:
            for event in self._library.filing.work(stop):
                yield self._told(event)
        try:
            for _ in self.catch_up(stop):
                continue
        except DatabaseError:
            raise
        except MaruError:  # the results have said so, file by file
            return

    def _told(self, event: FileProgress | FileResult) -> FileProgress | FileResult:
        self._broadcast.tell(event)
        if isinstance(event, FileResult):
            self.split_by_tokens()  # another model may have been chosen meanwhile
        return event

    def prepare(self) -> None:
        """Open the index. Raises DatabaseError; without an engine or an index search goes on without."""
        if not self._library.document_count():
            return
        try:
            self._library.prepare()
        except DatabaseError:
            raise
        except MaruError:
            return

    def lacks_vectors(self) -> bool:
        """Say whether documents lack vectors. Raises DatabaseError; without a model none can be made."""
        try:
            return bool(self._library.document_count() and self._library.missing())
        except DatabaseError:
            raise
        except MaruError:
            return False

    def catch_up(self, stop: threading.Event) -> Generator[tuple[int, int], None, None]:
        """Make the vectors that documents lack; yields (done, total). Raises MaruError."""
        for done, total in self._library.catch_up(stop):
            self._broadcast.tell(CatchingUp(done, total))
            yield done, total

    def split_by_tokens(self) -> None:
        """Give the parser the embedder's vocabulary before it splits: once, and after a change of the model.

        Not while the parser reads for the same thread.
        """
        with self._splitting:
            try:
                model = self._embedding.settings.model
                if model == self._split_by:
                    return
                self._split_by = model
                header = read_header(model)
                self._parser.use(ParserSettings(wordpiece_vocabulary(header), header.context_length))
            except MaruError:  # without an embedder it splits by characters
                return
