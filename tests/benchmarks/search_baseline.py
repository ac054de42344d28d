# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What people build today: a recursive character splitter, Chroma as it comes, nearest vectors alone."""

from collections.abc import Iterator, Mapping, Sequence

import chromadb
import numpy as np
from chromadb.config import Settings

from tests.benchmarks.search_sets import Kept

SIZE, OVERLAP = 1_000, 200  # characters
SEPARATORS = ("\n\n", "\n", " ", "")
BATCH = 5_000  # Chroma takes 5,461 at most


def recursive_split(text: str) -> list[tuple[int, int]]:
    """Return spans of SIZE characters at most, about OVERLAP of each also in the next.

    The way of the splitters that are in use: cut at blank lines, where that is too long at line ends,
    then at spaces, then anywhere; the pieces are packed, and the last of them begin the next chunk.
    """
    spans: list[tuple[int, int]] = []
    packed: list[tuple[int, int]] = []
    for start, end in _pieces(text, 0, len(text), SEPARATORS):
        if packed and end - packed[0][0] > SIZE:
            spans.append((packed[0][0], packed[-1][1]))
            while packed and (packed[-1][1] - packed[0][0] > OVERLAP or end - packed[0][0] > SIZE):
                packed.pop(0)
        packed.append((start, end))
    return [*spans, (packed[0][0], packed[-1][1])] if packed else spans


class Baseline:
    """Articles split so, in Chroma with its own parameters."""

    def __init__(self, articles: Mapping[str, str], embedder: Kept) -> None:
        """Split and embed; the chunks' search text is their text."""
        self.chunks = [
            (title, start, end) for title, text in articles.items() for start, end in recursive_split(text)
        ]
        self._embedder = embedder
        client = chromadb.EphemeralClient(settings=Settings(anonymized_telemetry=False))
        self._collection = client.get_or_create_collection("baseline", embedding_function=None)
        vectors = embedder.passages([articles[title][start:end] for title, start, end in self.chunks])
        for first in range(0, len(vectors), BATCH):
            some = vectors[first : first + BATCH]
            matrix = np.frombuffer(b"".join(some), dtype="<f4").reshape(len(some), -1)
            names = [str(number) for number in range(first, first + len(some))]
            self._collection.upsert(ids=names, embeddings=matrix)
        self._client = client

    def nearest(self, question: str, limit: int) -> list[tuple[str, int, int]]:
        """Return (title, start, end) of the nearest chunks."""
        vector = np.frombuffer(self._embedder.question(question), dtype="<f4").reshape(1, -1)
        found = self._collection.query(query_embeddings=vector, n_results=limit, include=["distances"])
        return [self.chunks[int(number)] for number in found["ids"][0]]

    def close(self) -> None:
        """Take it out of memory."""
        self._client.delete_collection("baseline")


def _pieces(text: str, start: int, end: int, separators: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield spans no longer than SIZE, cut at the first separator that is there."""
    if end - start <= SIZE and separators != SEPARATORS:
        yield start, end
        return
    separator, *finer = separators
    if not separator:
        yield from ((at, min(at + SIZE, end)) for at in range(start, end, SIZE))
        return
    at = start
    while at < end:
        cut = text.find(separator, at, end)
        stop = end if cut < 0 else cut
        if stop - at > SIZE:
            yield from _pieces(text, at, stop, finer)
        elif stop > at:
            yield at, stop
        at = stop + len(separator)
