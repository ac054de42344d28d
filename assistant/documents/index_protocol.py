# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What crosses the border of the index process: pure values and calls.

A vector is little-endian float32 bytes of length 1, so that the inner product is the cosine. Ids
are the store's chunk ids. Collection names are Chroma's: 3 to 512 of [a-zA-Z0-9._-].
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Never

from assistant.workers.protocol import Call


@dataclass(frozen=True)
class IndexSettings:
    """Where the index lies; the process locks the folder and is the only one to open it."""

    folder: Path


@dataclass(frozen=True)
class Expected:
    """What a collection must hold: how many vectors, and some of them that must find themselves."""

    collection: str
    count: int
    ids: tuple[int, ...] = ()
    vectors: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Health:
    """What opening found: `reason` says in English, for the log, what is wrong, "" when sound."""

    sound: bool
    reason: str = ""


@dataclass(frozen=True)
class Open(Call[Never, Health]):
    """Open the index and compare it with what it must hold; `discard` empties it first.

    Only a fresh process may discard. Raises VectorIndexError where another process holds the folder.
    """

    expected: tuple[Expected, ...] = ()
    discard: bool = False


@dataclass(frozen=True)
class Upsert(Call[Never, None]):
    """Put vectors in, replacing those of the same ids; the collection is made when missing."""

    collection: str
    ids: tuple[int, ...]
    vectors: bytes  # len(ids) vectors, one after the other


@dataclass(frozen=True)
class Query(Call[Never, tuple[tuple[int, float], ...]]):
    """Return (id, cosine) of the `limit` nearest over all `collections`, best first."""

    collections: tuple[str, ...]
    vector: bytes
    limit: int


@dataclass(frozen=True)
class Delete(Call[Never, None]):
    """Take vectors out; ids that are not there do not matter."""

    collection: str
    ids: tuple[int, ...]


@dataclass(frozen=True)
class Drop(Call[Never, None]):
    """Take a whole collection out; one that is not there does not matter."""

    collection: str


IndexCall = Open | Upsert | Query | Delete | Drop
