# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The user's documents: add files, find passages, look at places, remove.

Search asks twice, by words and by meaning, and joins both. A question is searched unmasked, on the
user's own machine: masking an index ruins retrieval.
"""

import hashlib
import threading
from collections.abc import Generator, Sequence
from pathlib import Path

from assistant.database import Database
from assistant.documents.adding import Adding, Reader
from assistant.documents.changes import is_text
from assistant.documents.collection import DEFAULT_COLLECTION, Collection
from assistant.documents.dense import Dense
from assistant.documents.embedders import Formers
from assistant.documents.explaining import Explained, WhyNot
from assistant.documents.filing import Filing
from assistant.documents.index import Index
from assistant.documents.passage_store import PassageStore
from assistant.documents.protocol import DocumentRow, Embedder, PagePicture, PlaceText, RenderPage
from assistant.documents.searching import Rerank, Searcher
from assistant.documents.store import Store
from assistant.documents.unused import Unused
from assistant.documents.vector_store import VectorStore
from assistant.documents.walk import absolute
from assistant.documents.whole_texts import Titled, WholeTexts
from assistant.errors import DatabaseError, NotFoundError
from assistant.passages import Passage, Passages
from assistant.texts import text, tr


class Library:
    """The library of one home. Every method may be called from any thread."""

    def __init__(
        self,
        database: Database,
        reader: Reader,
        embedder: Embedder | None,
        index: Index | None,
        formers: Formers | None = None,
        rerank: Rerank | None = None,
    ) -> None:
        """Use `database`, opened with `schema.MIGRATIONS`.

        Without `embedder` search goes by words alone; without `index` (another process holds it)
        vectors are compared one by one. `formers` finds the model of vectors made before.
        """
        self._database = database
        self._store = Store(database)
        self._wholes = WholeTexts(database)
        self._dense = Dense(VectorStore(database), embedder, index, formers)
        self.searcher = Searcher(database, self._dense, rerank)
        self.filing = Filing(database, reader, self._dense)
        self._unused = Unused(self.searcher, PassageStore(database), self.filing.queue, self.filing.catalogue)
        self._reader = reader
        self._tidied = False

    def add(
        self, paths: Sequence[Path], collection: str = DEFAULT_COLLECTION, stop: threading.Event | None = None
    ) -> Adding:
        """Add files and folders; yields progress and a result for each file.

        `stop` ends it after the batch in hand; finished files stay. Two calls take
        turns. Raises DatabaseError; what is wrong with one file is in its result.
        """
        collection_id = self.filing.catalogue.id_of(collection)
        yield from self.filing.add(paths, collection_id, stop or threading.Event())

    def catch_up(self, stop: threading.Event | None = None) -> Generator[tuple[int, int], None, None]:
        """Make the vectors that documents still lack; yields (done, total). Raises MaruError."""
        yield from self._dense.embed(None, stop)

    def missing(self) -> int:
        """Return how many passages have no vector of the model chosen last. Raises MaruError."""
        return self._dense.missing()

    def search(
        self,
        question: str,
        collections: Sequence[str] | None = None,
        limit: int = 8,
        within: Sequence[Path] | None = None,
    ) -> Passages:
        """Return the `limit` best passages for a question, in all collections (None) or in those named.

        `within` narrows it to these files and folders. Raises DatabaseError.
        """
        return self.searcher.search(question, collections, limit, within)

    def explain(
        self,
        question: str,
        collections: Sequence[str] | None = None,
        limit: int = 8,
        within: Sequence[Path] | None = None,
    ) -> Explained:
        """Return what `search` does, with both scores and why each passage ranks where it does."""
        return self.searcher.explain(question, collections, limit, within)

    def why_not(
        self,
        question: str,
        path: Path,
        collections: Sequence[str] | None = None,
        limit: int = 8,
        within: Sequence[Path] | None = None,
        used: Sequence[Passage] | None = None,
        left_out: Sequence[Passage] = (),
    ) -> WhyNot:
        """Say why a file was not used; see `Unused.why_not`."""
        return self._unused.why_not(question, path, collections, limit, within, used, left_out)

    def documents(self, collection: str | None = None) -> list[DocumentRow]:
        """Return every document of a collection, or of all but those of conversations, by path."""
        return self._store.documents(collection)

    def document_count(
        self, collections: Sequence[str] | None = None, within: Sequence[Path] | None = None
    ) -> int:
        """Return how many documents with text a search would look at."""
        within = None if within is None else [absolute(path) for path in within]
        return self._store.count(self._store.scope(collections, within), within)

    def collections(self) -> list[Collection]:
        """Return the collections by name, without those of conversations."""
        return self.filing.catalogue.all()

    def conversation_collection(self, conversation_id: int) -> Collection | None:
        """Return the files that were dropped into a conversation, None where there are none."""
        return self.filing.catalogue.of_conversation(conversation_id)

    def create_collection(self, name: str) -> None:
        """Make an empty collection. Raises DocumentError where the name is taken."""
        self.filing.catalogue.create(name)

    def watch(self, collection: str, paths: Sequence[Path]) -> None:
        """Let the folders among `paths` belong to a collection, which is made where it is missing."""
        catalogue = self.filing.catalogue
        number = catalogue.id_of(collection)
        for path in map(absolute, paths):
            if path.is_dir() and is_text(str(path)):
                catalogue.add_source(number, path)

    def unwatch(self, collection: str, folder: Path, *, keep: bool = False) -> None:
        """Let a folder be; its documents go, unless they are kept. Raises NotFoundError."""
        self.filing.unwatch(self.filing.catalogue.existing(collection), folder, keep=keep)

    def rename_collection(self, name: str, new: str) -> None:
        """Give a collection another name. Raises NotFoundError, DocumentError."""
        self.filing.catalogue.rename(name, new)

    def delete_collection(self, name: str) -> None:
        """Delete a collection with all that it holds; the files themselves stay. Raises NotFoundError."""
        self.filing.delete(self.filing.catalogue.existing(name))

    def remove(self, path: Path, collection: str | None = None) -> int:
        """Take a file, or all files of a folder, out of one collection or all; returns how many.

        They are gone from search when this returns, and from every store. Raises DatabaseError.
        """
        return self.filing.remove(path, collection)

    def places(self, path: Path) -> list[PlaceText]:
        """Return the text of a document, place by place. Raises NotFoundError."""
        return self.kept_places(absolute(path))

    def kept_places(self, path: Path) -> list[PlaceText]:
        """Return the text of a document by its path as it is kept; looks at no file. Raises NotFoundError."""
        if places := self._store.places(path):
            return places
        raise _not_among_yours(path)

    def passages(self, path: Path) -> list[Passage]:
        """Return every passage of a document, in order: all of its text. Raises NotFoundError."""
        return self._wholes.passages(absolute(path), self.places(path))

    def around(self, passage: Passage, letters: int) -> tuple[str, str]:
        """Return up to so many characters before and after a passage in its place."""
        return self._wholes.around(passage, letters)

    def titles(
        self, collections: Sequence[str] | None = None, within: Sequence[Path] | None = None
    ) -> list[Titled]:
        """Return every document with text that a search would look at, with its title, by path."""
        within = None if within is None else [absolute(path) for path in within]
        return self._wholes.titles(self._store.scope(collections, within), within)

    def render(self, path: Path, page: int, scale: float, start: int = 0, end: int = 0) -> PagePicture:
        """Draw a page of a document with the span's rectangles.

        Raises NotFoundError where it is none of the user's: then nothing looks at it. Raises DocumentError,
        WorkerError.
        """
        if not self._store.has(path):
            raise _not_among_yours(path)
        password = self.filing.passwords.get(str(path), "")
        return self._reader.render(RenderPage(path, page, scale, start, end, password=password))

    def changed(self, passage: Passage) -> bool:
        """Say whether the file is gone or no longer what it was when the passage was read.

        Of what is no document of the user's nothing is said and nothing looked at: receipts come with
        imports, too, and may name any file or share.
        """
        path = Path(passage.document)
        if not self._store.has(path):
            return False
        try:
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() != passage.sha256
        except OSError:
            return True

    def health(self) -> dict[str, str]:
        """Return, for each store, how it is, in the language in use."""
        problems = self._database.problems()
        try:
            missing, index = self._dense.missing(), self._index_health()
        except DatabaseError as error:
            return {"library": str(error.message)}
        vectors = tr("{count} passages still without", count=missing) if missing else tr("complete")
        return {"library": "; ".join(problems) or tr("sound"), "vectors": vectors, "index": index}

    def _index_health(self) -> str:
        if self._dense.index_in_use:
            return tr("in use")
        if not self._dense.rebuilding:
            return tr("not open; vectors are compared one by one")
        if self._dense.too_many:
            return tr("being made again; until then text only")
        return tr("being made again; until then vectors are compared one by one")

    def prepare(self) -> None:
        """Open the index and bring it up to date, so that the first question need not wait."""
        self._tidy()
        self._dense.follow()

    def empty_index(self) -> None:
        """Leave nothing in the index's files of what was removed; `prepare` fills them again.

        Raises VectorIndexError where that cannot be done.
        """
        self._dense.empty()

    def use_embedder(self, embedder: Embedder | None) -> None:
        """Use another embedding model once `catch_up` has made its vectors; the old one answers until then.

        Raises MaruError where the model cannot be had.
        """
        self._dense.use(embedder)

    def close(self) -> None:
        """End the index process in order. The database and the parser belong to the caller."""
        self._dense.close()

    def _tidy(self) -> None:
        """Clear away, once, what an interrupted run left."""
        if not self._tidied:
            self._tidied = True
            if not self.filing.queue.count()[0]:
                self.filing.tidy()


def _not_among_yours(path: Path) -> NotFoundError:
    return NotFoundError(text("{name} is not among your documents.", name=path.name), text("Add it first."))
