# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A library of texts that are at hand, as search sees it: nothing is read from files."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.database import Database
from assistant.documents.catalogue import Catalogue
from assistant.documents.contents import Contents
from assistant.documents.dense import Dense
from assistant.documents.index import Index
from assistant.documents.protocol import Chunk, Document, Embedder, PlaceText
from assistant.documents.schema import MIGRATIONS
from assistant.documents.searching import Searcher
from assistant.documents.splitter import Splitter
from assistant.documents.store import FileAt, Stamp, Store
from assistant.documents.vector_store import VectorStore
from assistant.keys import HomeKey
from assistant.passages import Place, PlaceKind
from assistant.paths import Home


@dataclass(frozen=True)
class Opened:
    """A library that can be searched; `chunks` are (title, start, end) by chunk id."""

    database: Database
    searcher: Searcher
    dense: Dense
    exact: Dense  # without an index: every vector is compared
    chunks: Mapping[int, tuple[str, int, int]]


@contextmanager
def library_of(
    documents: Iterable[Document],
    embedder: Embedder | None,
    *,
    index: bool = False,
    collections: Mapping[str, str] | None = None,
    folder: Path | None = None,
    key: HomeKey | None = None,
) -> Iterator[Opened]:
    """Give a library of these documents, with all vectors made; with `index` they are in Chroma too.

    `collections` names the collection of a title; the others are in "default". With `folder` it is
    kept there, and what is there already is not made again. With `key` it is encrypted.
    """
    with TemporaryDirectory() as temporary:
        home = Home(folder or Path(temporary))
        home.create()
        database = Database.open(home.library, MIGRATIONS, key)
        vectors = VectorStore(database)
        dense = Dense(vectors, embedder, Index(home.index) if index else None)
        try:
            contents, store, catalogue = Contents(database), Store(database), Catalogue(database)
            for number, one in enumerate(documents):
                if (content := contents.of(one.sha256)) is None:
                    collection = catalogue.id_of((collections or {}).get(one.title, "default"))
                    at = FileAt(Path(f"/{number}/{one.title}.txt"), collection, Stamp(0, 0))
                    content = contents.write(one)
                    store.link(content, at)
                for _ in dense.embed(content):
                    pass
            while contents.merge():
                pass
            dense.follow()
            exact = Dense(vectors, embedder, None)
            yield Opened(database, Searcher(database, dense), dense, exact, _chunks(database))
        finally:
            dense.close()
            database.close()


def document(title: str, text: str, chunks: Sequence[Chunk]) -> Document:
    """Return a document of one place."""
    place = PlaceText(Place(PlaceKind.SECTION, 0), text)
    sha256 = hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()
    return Document(title, sha256, len(text), (place,), tuple(chunks), 0)


def split(title: str, text: str, splitter: Splitter) -> Document:
    """Return a document as Maru splits it."""
    place = PlaceText(Place(PlaceKind.SECTION, 0), text)
    return document(title, text, [chunk for some in splitter.split(title, [place]) for chunk in some])


def _chunks(database: Database) -> dict[int, tuple[str, int, int]]:
    with database.read() as connection:
        rows = connection.execute(
            'SELECT k.id, c.title, k.start, k."end" FROM chunks k JOIN contents c ON c.id = k.content_id'
        ).fetchall()
    return {number: (title, start, end) for number, title, start, end in rows}
