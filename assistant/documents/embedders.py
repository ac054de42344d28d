# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Which embedding model answers: the chosen one, or the one before until the vectors are made anew.

The vectors themselves say which that is, so that a change that was interrupted goes on after a start.
"""

import contextlib
import threading
from collections.abc import Iterator
from typing import Protocol

from assistant.documents.protocol import Embedder
from assistant.documents.vector_store import VectorStore


class Formers(Protocol):
    """Where embedding models come from that are no longer chosen; app.py fills it."""

    def former(self, key: str, model: str) -> Embedder | None:
        """Return the model of this SHA-256, which lay at `model`; None where it is not to be had."""
        ...

    def release(self, embedder: Embedder) -> None:
        """End what runs for a model that is not used any more."""
        ...


class Embedders:
    """The model that answers questions and, while vectors are made anew, the one that comes after it."""

    def __init__(self, vectors: VectorStore, chosen: Embedder | None, formers: Formers | None = None) -> None:
        """Decide nothing yet: finding out what a model is may take seconds."""
        self._vectors = vectors
        self._chosen = chosen
        self._formers = formers
        self._deciding = threading.RLock()
        self._answering: Embedder | None = None
        self._coming: Embedder | None = None
        self._in_use: list[Embedder] = []  # once for each call that asks it just now
        self._leaving: list[Embedder] = []  # to be let go once nobody asks them any more
        self._decided = False

    @property
    def any(self) -> bool:
        """Whether there is an embedding model at all."""
        return self._chosen is not None

    def choose(self, embedder: Embedder | None) -> None:
        """Use another from now on: once its vectors are made, where there are others until then."""
        with self._deciding:
            before = [one for one in (self._answering, self._coming or self._chosen) if one is not None]
            self._chosen, self._decided = embedder, False
            self._decide(before)
        for one in before:
            self._release(one)

    def answering(self) -> Embedder | None:
        """Return the model that questions are asked of. Raises MaruError."""
        with self._deciding:
            self._decide()
            return self._answering

    @contextlib.contextmanager
    def in_use(self) -> Iterator[Embedder | None]:
        """Give what `answering` returns; it is not let go meanwhile, or a question would start it again.

        Raises MaruError.
        """
        with self._deciding:
            if (embedder := self.answering()) is not None:
                self._in_use.append(embedder)
        try:
            yield embedder
        finally:
            with self._deciding:
                if embedder is not None:
                    self._in_use.remove(embedder)
                leaving, self._leaving = self._leaving, []
            for one in leaving:
                self._release(one)

    def coming(self) -> Embedder | None:
        """Return the model that will answer once its vectors are made, None where none is coming."""
        with self._deciding:
            self._decide()
            return self._coming

    def switch(self) -> bool:
        """Let the model that is coming answer, if all its vectors are there; says whether it does now."""
        with self._deciding:
            coming, before = self._coming, self._answering
            if coming is None or self._vectors.count_missing(self.number(coming)):
                return False
            self._answering, self._coming = coming, None
        if before is not None:
            self._release(before)
        return True

    def number(self, embedder: Embedder) -> int:
        """Return the number that a model's vectors are kept under."""
        return self._vectors.embedder_id(embedder.key, embedder.model)

    def _decide(self, open_now: list[Embedder] | None = None) -> None:
        if self._decided:
            return
        self._answering, self._coming = self._chosen, None
        if self._chosen is not None:
            mine = self.number(self._chosen)
            others = [one for one in self._vectors.embedders() if one.number != mine and one.vectors]
            if others and self._vectors.count_missing(mine):
                most = max(others, key=lambda one: one.vectors)
                former = next((one for one in open_now or [] if one.key == most.key), None)
                if former is None and self._formers is not None:
                    former = self._formers.former(most.key, most.model)
                if former is not None:
                    self._answering, self._coming = former, self._chosen
        self._decided = True

    def _release(self, embedder: Embedder) -> None:
        """Let a model go that has no part any more, at once or when the last question to it is answered."""
        with self._deciding:
            if embedder in (self._answering, self._coming, self._chosen):
                return
            if embedder in self._in_use:
                self._leaving.append(embedder)
                return
        if self._formers is not None:
            self._formers.release(embedder)
