# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Search by meaning: vectors made once, kept in the store, looked up in the index.

The index is a copy. Where it is damaged, busy elsewhere or not to be had, the question is compared
with every stored vector instead, which finds the same and takes longer. While a damaged index is made
again, and that would be too long, search goes by words alone.
"""

import contextlib
import threading
from collections.abc import Generator, Iterator, Sequence

from assistant.documents.embedders import Embedders, Formers
from assistant.documents.index import BATCH, Index
from assistant.documents.protocol import Embedder
from assistant.documents.store import Scope
from assistant.documents.vector_store import VectorStore, index_name
from assistant.errors import VectorIndexError
from assistant.texts import language_of, text

EMBED_BATCH = 16  # texts a call: Stop and a question wait for one call at most
FOLLOW_EVERY = 256  # vectors made before the index hears of them: a huge document is found early
AT_ONCE = 2_000  # vectors that a search puts into a lagging index before it answers
# Vectors that a question is compared with while a damaged index is made again. Of 384 numbers each, in ms
# of processor time: 10,000 take 42, 50,000 178, 100,000 336. A laptop of half the speed is to answer as well.
COMPARED_AT_MOST = 50_000
TRIES = 3  # times the index may fail to open before it is left alone until it is rebuilt


class Dense:
    """The vector half of search. Call it from any thread."""

    def __init__(
        self,
        vectors: VectorStore,
        embedder: Embedder | None,
        index: Index | None,
        formers: Formers | None = None,
    ) -> None:
        """Without an embedder there are no vectors; without an index every one is compared.

        `formers` finds the model before, which answers until the vectors of `embedder` are made.
        """
        self._vectors = vectors
        self._embedders = Embedders(vectors, embedder, formers)
        self._index = index
        self._changing = threading.Lock()  # held while the index is opened or changed
        self._in_step = False  # the index holds exactly what the store does
        self._failures = 0

    @property
    def index_in_use(self) -> bool:
        """Whether questions are looked up in the index just now."""
        return self._index is not None and self._in_step and self._index.is_open

    @property
    def rebuilding(self) -> bool:
        """Whether the index cannot be asked before it has been filled, or could not be opened at all."""
        index = self._index
        if index is None or self.index_in_use:
            return False
        return index.is_open or bool(index.trouble) or self._failures >= TRIES

    @property
    def too_many(self) -> bool:
        """Whether there are more vectors than a question can be compared with in about 0.3 seconds."""
        embedder = self._embedders.answering()
        return embedder is not None and self._too_many(self._embedders.number(embedder))

    @property
    def has_embedder(self) -> bool:
        """Whether there is an embedding model at all."""
        return self._embedders.any

    def use(self, embedder: Embedder | None) -> None:
        """Use another embedding model once `embed` has made its vectors; until then the old one answers.

        Raises MaruError where the model cannot be had.
        """
        with self._changing:
            self._in_step = False
            self._embedders.choose(embedder)

    def sees(self, question: str) -> bool:
        """Say whether vectors can tell words of the question's language apart. Raises MaruError."""
        with self._embedders.in_use() as embedder:
            return embedder is not None and not embedder.blind(language_of(question))

    def strength(self, language: str) -> float:
        """Return how much say vectors are to have, 0 to 1. Raises MaruError."""
        with self._embedders.in_use() as embedder:
            return embedder.strength(language) if embedder is not None else 0.0

    def nearest(self, question: str, scope: Scope, limit: int) -> list[tuple[int, float]]:
        """Return (chunk id, cosine) of the nearest, best first.

        Raises MaruError of the embedder; VectorIndexError where the index is being made again and there
        are too many vectors to compare meanwhile.
        """
        while True:
            with self._embedders.in_use() as embedder:
                found = [] if embedder is None else self._nearest(embedder, question, scope, limit)
            # A model that was let go meanwhile took its vectors along: the one after it has them all.
            if found or self._embedders.answering() is embedder:
                return found

    def _nearest(
        self, embedder: Embedder, question: str, scope: Scope, limit: int
    ) -> list[tuple[int, float]]:
        embedder_id, key = self._embedders.number(embedder), embedder.key
        vector = embedder.question(question)
        if embedder.key != key:  # its engine has just loaded another model
            return []
        if scope.contents is None and self._usable() and self._index is not None:
            of = scope.collection_ids
            if of is None:
                of = tuple(self._vectors.collections(embedder_id))
            with contextlib.suppress(VectorIndexError):
                return self._index.nearest([index_name(one, embedder_id) for one in of], vector, limit)
            self._in_step = False
        if scope.contents is None and self.rebuilding and self._too_many(embedder_id):
            raise VectorIndexError(text("The search index is being made again."))
        return self._vectors.nearest(embedder_id, vector, scope, limit)

    def without(self, chunk_ids: Sequence[int]) -> set[int]:
        """Return those of these chunks that have no vector yet."""
        if (embedder := self._embedders.answering()) is None:
            return set(chunk_ids)
        return set(chunk_ids) - self._vectors.among(self._embedders.number(embedder), chunk_ids)

    def missing(self, content_id: int | None = None) -> int:
        """Return how many passages, of a content or of all documents, have no vector yet."""
        embedder = self._embedders.coming() or self._embedders.answering()
        return 0 if embedder is None else self._missing(embedder, content_id)

    def embed(
        self, content_id: int | None = None, stop: threading.Event | None = None
    ) -> Generator[tuple[int, int], None, None]:
        """Make the vectors that are missing, of a content or of all; yields (done, total).

        What is done is kept, also when it is stopped. Raises MaruError of the embedder.
        """
        if content_id is not None:  # what is added is found at once; the model that comes follows later
            with self._embedders.in_use() as embedder:
                if embedder is not None:
                    yield from self._make(embedder, content_id, stop)
            return
        if (coming := self._embedders.coming()) is not None:
            yield from self._make(coming, None, stop)
            if self._embedders.switch():
                self.follow()
        with self._embedders.in_use() as embedder:
            if embedder is not None:
                yield from self._make(embedder, None, stop)
                if self._embedders.coming() is None:
                    self._drop_others(embedder)

    def _too_many(self, embedder_id: int) -> bool:
        return self._vectors.count(embedder_id, COMPARED_AT_MOST + 1) > COMPARED_AT_MOST

    def _missing(self, embedder: Embedder, content_id: int | None) -> int:
        return self._vectors.count_missing(self._embedders.number(embedder), content_id)

    def _make(
        self, embedder: Embedder, content_id: int | None, stop: threading.Event | None
    ) -> Generator[tuple[int, int], None, None]:
        """Make the vectors of one model that are missing, as long as its engine loads no other."""
        if not (total := self._missing(embedder, content_id)):
            return
        embedder_id, key = self._embedders.number(embedder), embedder.key
        done = last = 0
        yield 0, total
        try:
            while rows := self._vectors.missing(embedder_id, content_id, last, EMBED_BATCH):
                if stop is not None and stop.is_set():
                    return
                vectors = embedder.passages([row[1] for row in rows])
                if embedder.key != key:  # they are another model's
                    return
                self._vectors.put(
                    embedder_id, [(row[0], one) for row, one in zip(rows, vectors, strict=True)]
                )
                last, done = rows[-1][0], done + len(rows)
                if done % FOLLOW_EVERY < EMBED_BATCH:
                    self.follow(content_id)
                yield done, max(done, total)
        finally:
            self.follow(content_id)

    def _drop_others(self, embedder: Embedder) -> None:
        """Forget the vectors of the models before, in the index too."""
        names = self._vectors.drop_others(self._embedders.number(embedder))
        if self._index is not None and self._index.is_open:
            with self._changing, contextlib.suppress(VectorIndexError):
                for name in names:
                    self._index.drop(name)

    def follow(self, content_id: int | None = None) -> None:
        """Put into the index what it lacks, of a content or of all. An index that fails is left."""
        if self._index is None:
            return
        with self._changing, contextlib.suppress(VectorIndexError):
            if self._opened():
                self._put(self._index, content_id, None)

    def forget(self, content_id: int) -> None:
        """Take a content's vectors out of the index where no document has it any more."""
        if self._index is None:
            return
        with self._changing, contextlib.suppress(VectorIndexError):
            if self._opened():
                self._take_out(self._index, content_id)

    def empty(self) -> None:
        """Throw the index's files away: vectors that were taken out are still in them. `follow` fills it.

        Raises VectorIndexError where that cannot be done.
        """
        if self._index is not None:
            with self._changing:
                self._in_step = False
                self._index.empty()
                self._vectors.unconfirm_all()

    def close(self) -> None:
        """End the index process in order."""
        self._in_step = False
        if self._index is not None:
            self._index.close()

    def _usable(self) -> bool:
        """Say whether to look in the index; opens it, and brings it up to date if that is quick."""
        if self._index is None:
            return False
        if not self.index_in_use and self._changing.acquire(blocking=False):
            try:
                with contextlib.suppress(VectorIndexError):
                    self._opened(AT_ONCE)
            finally:
                self._changing.release()
        return self.index_in_use

    def _opened(self, most: int | None = None) -> bool:
        """Open the index if it is not open, and let it catch up by `most` vectors, None for all.

        Says whether it can be changed now. Needs `_changing`. Raises VectorIndexError.
        """
        index = self._index
        if index is None or (not index.is_open and self._failures >= TRIES):
            return False
        if not index.is_open:
            self._in_step = False
            self._failures += 1
            if not index.open(self._vectors.expected()):
                self._vectors.unconfirm_all()
            self._failures = 0
        if not self._in_step:
            self._take_out(index, None)
            self._in_step = self._put(index, None, most)
        return True

    def _put(self, index: Index, content_id: int | None, most: int | None) -> bool:
        """Put in what the index lacks, up to about `most` vectors; says whether that was all."""
        for collection_id, embedder_id in self._pairs():
            lacking = self._vectors.to_index(collection_id, embedder_id, content_id)
            for start in range(0, len(lacking), BATCH):
                if most is not None and most <= 0:
                    return False
                rows = self._vectors.of(embedder_id, lacking[start : start + BATCH])
                ids = [row[0] for row in rows]
                index.put(index_name(collection_id, embedder_id), ids, [row[1] for row in rows])
                self._vectors.confirm(collection_id, embedder_id, ids)
                most = None if most is None else most - len(ids)
        return True

    def _take_out(self, index: Index, content_id: int | None) -> None:
        while rows := self._vectors.stale(BATCH, content_id):
            for collection_id, embedder_id in {row[:2] for row in rows}:
                ids = [row[2] for row in rows if row[:2] == (collection_id, embedder_id)]
                index.remove(index_name(collection_id, embedder_id), ids)
            self._vectors.unconfirm(rows)

    def _pairs(self) -> Iterator[tuple[int, int]]:
        """Yield (collection, model) of what the index holds: of the model that is coming too."""
        for embedder in (self._embedders.answering(), self._embedders.coming()):
            if embedder is not None:
                embedder_id = self._embedders.number(embedder)
                for collection_id in self._vectors.collections(embedder_id):
                    yield collection_id, embedder_id
