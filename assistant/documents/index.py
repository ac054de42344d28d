# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The client of the index process: vectors in, nearest ids out.

It knows nothing of documents. Whoever calls it keeps the truth and can put every vector in again;
so whatever goes wrong here is a VectorIndexError, after which the index must be opened again.
"""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Never, TypeVar

from assistant.documents.index_protocol import (
    Delete,
    Drop,
    Expected,
    IndexSettings,
    Open,
    Query,
    Upsert,
)
from assistant.errors import VectorIndexError, WorkerError, WorkerTimeoutError
from assistant.texts import text
from assistant.workers.process import Observer, WorkerProcess, WorkerSpec
from assistant.workers.protocol import Call

T = TypeVar("T")

PATIENCE_S = 120.0  # without an answer; after it the process is asked to end, never killed
OPEN_PATIENCE_S = 600.0  # comparing a large index on a slow disk
BATCH = 500  # vectors a call: Chroma takes 5,461 at most, and a question must not wait long


class Index:
    """The index under `folder`, in a process of its own that starts with `open`."""

    def __init__(
        self, folder: Path, log: Path | None = None, on_change: Observer = lambda _state: None
    ) -> None:
        """Start nothing yet. `on_change` is told what the process does, on the thread where that happens."""
        spec = WorkerSpec(
            text("search index"),
            "assistant.documents.index_worker",
            IndexSettings(folder),
            log,
            killable=False,
            background=True,
        )
        self._worker = WorkerProcess(spec, on_change)
        self._opening = threading.Lock()
        self._open = False
        self.trouble = ""  # why the index was last found damaged, in English; "" when it was sound

    @property
    def is_open(self) -> bool:
        """Whether calls may be made; False after any failure."""
        return self._open

    @property
    def pid(self) -> int | None:
        """The process id while the index process runs."""
        return self._worker.pid

    def open(self, expected: Sequence[Expected]) -> bool:
        """Open the index and compare it with what it must hold.

        Returns True when it holds it, False when it was damaged and is empty now: then every vector
        must be put in again. Raises VectorIndexError when it cannot be used at all.
        """
        with self._opening:
            if self._open:
                return True
            try:
                health = self._worker.request(Open(tuple(expected)), timeout=OPEN_PATIENCE_S)
                sound, self.trouble = health.sound, health.reason
            except WorkerTimeoutError as error:  # it still has the files open
                raise self._failed(error) from error
            except WorkerError:
                sound, self.trouble = False, "opening it ended the process"
            if not sound:
                self._empty()
            self._open = True
            return sound

    def empty(self) -> None:
        """Throw the files away, with the vectors that were taken out of them, which Chroma only marks.

        Every vector must be put in again. Raises VectorIndexError.
        """
        with self._opening:
            self._empty()
            self._open = True

    def put(self, collection: str, ids: Sequence[int], vectors: Sequence[bytes]) -> None:
        """Put vectors in, replacing those of the same ids. Raises VectorIndexError."""
        for start in range(0, len(ids), BATCH):
            end = start + BATCH
            self._ask(Upsert(collection, tuple(ids[start:end]), b"".join(vectors[start:end])))

    def nearest(self, collections: Sequence[str], vector: bytes, limit: int) -> list[tuple[int, float]]:
        """Return (id, cosine) of the nearest over all collections. Raises VectorIndexError."""
        call = Query(tuple(collections), vector, limit)
        found = self._ask(call)
        return list(found)

    def remove(self, collection: str, ids: Sequence[int]) -> None:
        """Take vectors out. Raises VectorIndexError."""
        for start in range(0, len(ids), BATCH):
            self._ask(Delete(collection, tuple(ids[start : start + BATCH])))

    def drop(self, collection: str) -> None:
        """Take a whole collection out. Raises VectorIndexError."""
        self._ask(Drop(collection))

    def close(self) -> None:
        """Ask the process to end and wait for it: it may be writing."""
        self._open = False
        self._worker.close()

    def _empty(self) -> None:
        self._open = False
        self._worker.close()  # only a fresh process may throw Chroma's files away
        try:
            self._worker.request(Open(discard=True), timeout=OPEN_PATIENCE_S)
        except WorkerError as error:
            raise self._failed(error) from error

    def _ask(self, call: Call[Never, T]) -> T:
        if not self._open:
            raise VectorIndexError(text("The search index is not open."))
        try:
            return self._worker.request(call, timeout=PATIENCE_S)
        except (WorkerError, VectorIndexError) as error:
            raise self._failed(error) from error

    def _failed(self, error: WorkerError | VectorIndexError) -> VectorIndexError:
        self._open = False
        return VectorIndexError(
            error.message, text("Your documents are safe: search goes on without it, and it is made again.")
        )
