# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The index process: the only importer of chromadb and the only opener of its folder.

Chroma answers wrongly in silence when its files are damaged, and loses vectors when two processes
write to them. So the folder is locked here, a marker file tells whether the last process ended in
order, and opening compares known vectors: they must find themselves. What is in the folder can
always be made again from the library's own database.
"""

import contextlib
import os
import shutil
import sys
import time
from collections.abc import Generator
from heapq import nlargest
from pathlib import Path
from typing import IO, Any, Never

import chromadb
import numpy as np
from chromadb.config import Settings
from chromadb.errors import ChromaError, NotFoundError

from assistant.documents.index_protocol import (
    Delete,
    Drop,
    Expected,
    Health,
    IndexCall,
    IndexSettings,
    Open,
    Query,
    Upsert,
)
from assistant.errors import VectorIndexError
from assistant.paths import PRIVATE_FOLDER
from assistant.texts import text
from assistant.workers.protocol import Cancelled

LOCK_PATIENCE_S = 5.0  # the process before us may still be writing its last vectors
LOCK_LOOK_S = 0.05
SAME = 1e-3  # distance of a vector to itself, with room for float32 and duplicates
NEIGHBOURS = 10  # how many results a known vector may share its place with
UNCLEAN_ROOM = 256 * 2**20  # bytes a damaged index may write while it is opened

# Unit vectors: the inner product is the cosine, without a second normalisation. Chroma's defaults
# (16 neighbours, 100 looked at) find 0.54 of the true ten at 100,000 hard vectors. Of real embeddings
# (the starter's, of recombined sentences; recall@10 over 400 real questions): at 10,000 with 16 neighbours
# and 100 looked at 0.998, with 32 and 100 0.9998, with 32 and 200 or 300 1.000; at 43,904 with these 1.000.
HNSW = {
    "space": "ip",
    "max_neighbors": 32,
    "ef_construction": 200,
    "ef_search": 300,
    "sync_threshold": 1000,
}


class IndexWorker:
    """Answers the calls of index_protocol; nothing is opened before the first `Open`."""

    def __init__(self, settings: IndexSettings) -> None:
        self._folder = settings.folder
        self._files = settings.folder / "chroma"
        self._unclean = settings.folder / "unclean"
        self._lock: IO[bytes] | None = None
        self._client: Any = None

    def handle(self, call: IndexCall, cancelled: Cancelled) -> Generator[Never, None, Any]:
        """Answer one call. Raises VectorIndexError."""
        del cancelled  # every call is short
        yield from ()
        try:
            return self._answer(call)
        except (ChromaError, OSError, ValueError, RuntimeError) as error:
            raise VectorIndexError(
                text("The search index failed ({kind}).", kind=type(error).__name__),
                text("Your documents are safe: search goes on without it, and it is made again."),
            ) from None

    def close(self) -> None:
        """Close Chroma in order and say so."""
        if self._client is not None:
            self._client.close()
            self._client = None
            self._unclean.unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.close()

    def _answer(self, call: IndexCall) -> Any:
        if isinstance(call, Open):
            return self._open(call)
        if self._client is None:
            raise VectorIndexError(text("The search index is not open."))
        if isinstance(call, Upsert):
            return self._upsert(call)
        if isinstance(call, Query):
            return self._query(call)
        if isinstance(call, Delete):
            return self._delete(call)
        return self._drop(call)

    def _open(self, call: Open) -> Health:
        if self._lock is None:
            self._folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            self._lock = _locked(self._folder / "lock")
        unclean = self._unclean.exists() and self._client is None
        if self._client is None:
            if call.discard:
                shutil.rmtree(self._files, ignore_errors=True)
            self._unclean.touch()
            with _limited_writing(self._files if unclean else None):
                reason = self._start() or self._compare(call.expected)
        else:
            reason = self._compare(call.expected)
        if not reason:
            self._drop_others({one.collection for one in call.expected})
        return Health(sound=not reason, reason=reason)

    def _start(self) -> str:
        """Open Chroma; returns what is wrong, "" for nothing."""
        try:
            self._client = chromadb.PersistentClient(
                str(self._files), settings=Settings(anonymized_telemetry=False)
            )
        except (ChromaError, OSError, ValueError, RuntimeError) as error:
            return type(error).__name__
        return ""

    def _compare(self, expected: tuple[Expected, ...]) -> str:
        """Return what differs from `expected`, "" for nothing."""
        for one in expected:
            try:
                collection = self._collection(one.collection)
                if (count := collection.count()) != one.count:
                    return f"{count} vectors instead of {one.count}"
                lost = sum(
                    not _finds_itself(collection, number, vector)
                    for number, vector in zip(one.ids, one.vectors, strict=True)
                )
            except (ChromaError, OSError, ValueError, RuntimeError) as error:
                return type(error).__name__
            if lost:
                return f"{lost} of {len(one.ids)} known vectors do not find themselves"
        return ""

    def _drop_others(self, known: set[str]) -> None:
        """Take out what the library does not know: its ids may mean other passages by now."""
        for collection in self._client.list_collections():
            if collection.name not in known:
                self._client.delete_collection(collection.name)

    def _upsert(self, call: Upsert) -> None:
        vectors = np.frombuffer(call.vectors, dtype="<f4").reshape(len(call.ids), -1)
        collection = self._client.get_or_create_collection(
            call.collection, embedding_function=None, configuration={"hnsw": HNSW}
        )
        collection.upsert(ids=[str(number) for number in call.ids], embeddings=vectors)

    def _query(self, call: Query) -> tuple[tuple[int, float], ...]:
        found: dict[int, float] = {}  # by chunk: one text may be in several collections
        for name in call.collections:
            with contextlib.suppress(NotFoundError):
                found.update(_nearest(self._collection(name), call.vector, call.limit))
        return tuple(nlargest(call.limit, found.items(), key=lambda one: one[1]))

    def _delete(self, call: Delete) -> None:
        with contextlib.suppress(NotFoundError):
            self._collection(call.collection).delete(ids=[str(number) for number in call.ids])

    def _drop(self, call: Drop) -> None:
        with contextlib.suppress(NotFoundError):
            self._client.delete_collection(call.collection)

    def _collection(self, name: str) -> Any:
        return self._client.get_collection(name, embedding_function=None)


def open_worker(settings: IndexSettings) -> IndexWorker:
    """Make the worker; called by `assistant.workers.boot`."""
    return IndexWorker(settings)


def _nearest(collection: Any, vector: bytes, limit: int) -> list[tuple[int, float]]:
    answer = collection.query(
        query_embeddings=np.frombuffer(vector, dtype="<f4").reshape(1, -1),
        n_results=limit,
        include=["distances"],
    )
    pairs = zip(answer["ids"][0], answer["distances"][0], strict=True)
    return [(int(number), 1.0 - float(distance)) for number, distance in pairs]


def _finds_itself(collection: Any, number: int, vector: bytes) -> bool:
    nearest = _nearest(collection, vector, NEIGHBOURS)
    same = [one for one, cosine in nearest if cosine > 1.0 - SAME]
    # Where a text stands in many documents, all its neighbours are as near as it is itself.
    return number in same or (bool(same) and len(same) == len(nearest))


def _locked(path: Path) -> IO[bytes]:
    """Open and lock `path`; the system lets go of the lock when this process ends, however."""
    file = path.open("ab")
    deadline = time.monotonic() + LOCK_PATIENCE_S
    while not _try_lock(file):
        if time.monotonic() > deadline:
            file.close()
            raise VectorIndexError(
                text("Another Maru holds the search index."), text("Close the other one first.")
            )
        time.sleep(LOCK_LOOK_S)
    return file


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    @contextlib.contextmanager
    def _limited_writing(files: Path | None) -> Generator[None, None, None]:
        del files  # Windows has no limit of a file's size
        yield
else:
    import fcntl
    import resource

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    @contextlib.contextmanager
    def _limited_writing(files: Path | None) -> Generator[None, None, None]:
        """Limit the size of files while an index that may be damaged is opened.

        A damaged `link_lists.bin` can make Chroma write gigabytes of rubbish.
        """
        if files is None:
            yield
            return
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        largest = max((_size(file) for file in files.rglob("*")), default=0)
        wanted = 2 * largest + UNCLEAN_ROOM
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _size(file: Path) -> int:
    with contextlib.suppress(OSError):
        return os.stat(file).st_size  # noqa: PTH116
    return 0
