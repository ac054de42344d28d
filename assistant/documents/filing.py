# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What comes into the library and goes out of it: files and folders named, folders looked at, removals.

What is to be read waits in the queue. What goes out is not found any more at once; its content is
cleared away when the queue is empty: a renamed file may just be on its way back in.
"""

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.database import Database
from assistant.documents.adding import Adder, Adding, Reader, as_before, since, why_not
from assistant.documents.catalogue import Catalogue
from assistant.documents.changes import compare, in_order, is_text, lies_in
from assistant.documents.collection import FolderState
from assistant.documents.contents import Contents
from assistant.documents.dense import Dense
from assistant.documents.folders import Folders
from assistant.documents.protocol import FileResult, FileStatus
from assistant.documents.queue import Queue, ToRead
from assistant.documents.store import Store
from assistant.documents.walk import absolute, walk
from assistant.errors import NotFoundError
from assistant.texts import text

WAIT_S = 0.1  # how often one that waits for another looks at its stop event


@dataclass
class Planned:
    """What adding some paths means: files that need not be read, those to be read, and what is wrong."""

    done: list[FileResult] = field(default_factory=list)
    to_read: list[ToRead] = field(default_factory=list)
    failed: list[FileResult] = field(default_factory=list)


class Filing:
    """Puts files in and takes them out. Every method may be called from any thread."""

    def __init__(self, database: Database, reader: Reader, dense: Dense) -> None:
        """Use `database`, opened with `schema.MIGRATIONS`."""
        self.catalogue = Catalogue(database)
        self.queue = Queue(database)
        self.passwords: dict[str, str] = {}  # of protected files: in memory alone, never on the disk
        self._own = str(absolute(database.path.parent))
        self._store = Store(database)
        self._contents = Contents(database)
        self._dense = dense
        self.folders = Folders(self.catalogue, self.queue, self._store, self._own)
        self.adder = Adder(self._store, self._contents, self.queue, dense, reader, self.passwords)
        self._adding = threading.Lock()

    def add(self, paths: Sequence[Path], collection_id: int, stop: threading.Event) -> Adding:
        """Add files and folders; first what need not be read, at the end what is not there."""
        planned = self.plan(paths, collection_id)
        yield from planned.done
        asked = self.queue.put(collection_id, planned.to_read, first=True)
        yield from self.work(stop, asked)
        if stop.is_set():
            self.queue.clear(asked)  # whoever waited for it does not want the others any more
        yield from planned.failed

    def work(self, stop: threading.Event, asked: int | None = None) -> Adding:
        """Read what waits, of one call or of all, until there is nothing or `stop` is set.

        Scans come last: recognizing their pages takes long, and the others can be found meanwhile.
        """
        number, total = 0, self.queue.count(asked)[0]
        while not stop.is_set():
            with self._turn(stop):
                if stop.is_set() or (waiting := self.queue.next(asked)) is None:
                    break
                number += 1
                if number > total:
                    total = number - 1 + self.queue.count(asked)[0]
                postpone = not waiting.late and self.queue.has_others(waiting, asked)
                number -= yield from self.adder.file(waiting, number, total, stop, postpone=postpone)
        if self.queue.count()[0] == 0:
            self.tidy()
        while not stop.is_set() and self.queue.count()[0] == 0 and self._contents.merge():
            pass  # in small steps: a question, or a file that comes, need not wait

    def plan(self, paths: Sequence[Path], collection_id: int) -> Planned:
        """Find out what adding `paths` means; what is gone from a folder among them goes out."""
        planned = Planned()
        named = [absolute(path) for path in paths]
        whole = [path for path in named if is_text(str(path))]
        planned.failed += [unnamed(str(path)) for path in named if path not in whole]
        if left_out := [one for one in self.catalogue.left_out(collection_id)
                        if lies_in(one, [str(path) for path in whole])]:  # fmt: skip
            self.catalogue.take_back(collection_id, left_out)
        for path in dict.fromkeys(whole):
            if path.is_dir():
                self._plan_folder(path, collection_id, planned)
            else:
                self._plan_file(path, collection_id, planned)
        return planned

    def remove(self, path: Path, collection: str | None) -> int:
        """Take a file, or all files of a folder, out of one collection or all; returns how many.

        A watched folder among them is not watched any more; a file of one stays out.
        """
        path, gone = absolute(path), 0
        ids = self.catalogue.ids()
        for number in ids.values() if collection is None else [ids[collection]] if collection in ids else []:
            for source in self.catalogue.sources(number):
                if lies_in(source.path, [str(path)]):
                    self.catalogue.drop_source(number, Path(source.path))
                elif lies_in(str(path), [source.path]):
                    self.catalogue.leave_out(number, str(path))
            self.queue.drop_under(number, str(path))
            count, contents = self._store.unlink(str(path), number)
            gone += count
            self._clear(contents)
        return gone

    def delete(self, collection_id: int) -> None:
        """Delete a collection with all that it holds; the files themselves stay."""
        for source in self.catalogue.sources(collection_id):
            self.catalogue.drop_source(collection_id, Path(source.path))
        self.queue.drop_all(collection_id)  # first: then nothing of the file in hand is stored either
        paths = [one.row.path for one in self._store.stored_in(collection_id)]
        self._clear(self._store.take_out(collection_id, map(str, paths)))
        self.catalogue.drop(collection_id)

    def unwatch(self, collection_id: int, folder: Path, *, keep: bool) -> None:
        """Let a folder be, and take what came from it out of the collection.

        With `keep` its documents stay, and what waits to be read is read.
        """
        folder = absolute(folder)
        if not self.catalogue.drop_source(collection_id, folder):
            raise NotFoundError(
                text("{path} is not watched.", path=str(folder)), text("See: maru collections")
            )
        others = self.catalogue.sources(collection_id)
        if keep or lies_in(str(folder), [one.path for one in others]):
            return  # a watched folder around it holds the same
        self.queue.drop_under(collection_id, str(folder))
        within = [one for one in others if lies_in(one.path, [str(folder)])]
        stays = [one.path for one in within]
        paths = [one[0] for one in self._store.stamps(collection_id, str(folder))]
        self._clear(self._store.take_out(collection_id, [one for one in paths if not lies_in(one, stays)]))
        for one in within:  # what waited of them waits again
            self.folders.look(one, watched=one.state is FolderState.WATCHED)

    def retry(self, path: Path | None) -> int:
        """Let what was set aside be read once more: one file, or all; returns how many.

        A file that is named is read again too where a part of it could not be read.
        """
        found = self._store.aside(None if path is None else str(absolute(path)))
        partly = [] if path is None else self._contents.partly_read(str(absolute(path)))
        for collection_id, name, _ in partly:
            self._clear(self._store.take_out(collection_id, [name]))  # what is known is not read again
        found += partly
        for collection_id in {row[0] for row in found}:
            files = [ToRead(row[1], row[2], named=True) for row in found if row[0] == collection_id]
            self.queue.put(collection_id, files, first=path is not None)
        return len(found)

    def tidy(self) -> None:
        """Clear away the contents that no document has: of deleted files, of an interrupted run.

        What others have still goes from the index of the collections that it left.
        """
        left, self.folders.left = self.folders.left, set()
        self._clear(sorted(left.union(self._contents.orphans())))

    def _plan_folder(self, path: Path, collection_id: int, planned: Planned) -> None:
        start = time.monotonic()
        walked = walk(str(path), without=self._own)
        for error in walked.errors:
            planned.failed.append(
                FileResult(Path(error.filename), FileStatus.FAILED, 0, 0, 0.0, why_not(error))
            )
        changes = compare(self._store, collection_id, str(path), walked)
        changes, _ = self.folders.without_away(collection_id, changes)
        self.folders.apply(collection_id, replace(changes, to_read=[]))
        planned.failed += [unnamed(one) for one in changes.unnamed]
        planned.done += [
            FileResult(Path(one), FileStatus.REMOVED, 0, 0, since(start)) for one in changes.gone
        ]
        to_read = {one[0] for one in changes.to_read}
        same = [
            one
            for one in self._store.stored_under(collection_id, str(path))
            if str(one.row.path) not in to_read
        ]
        if len(same) < 10_000:  # else their order costs more than the look
            same.sort(key=lambda one: in_order(str(one.row.path)))
        planned.done += [as_before(one) for one in same]
        planned.to_read += [ToRead(name, size) for name, size, _ in changes.to_read]

    def _plan_file(self, path: Path, collection_id: int, planned: Planned) -> None:
        try:
            state = path.stat()
        except OSError as error:
            if isinstance(error, FileNotFoundError) and self._plan_gone(path, collection_id, planned):
                return
            planned.failed.append(FileResult(path, FileStatus.FAILED, 0, 0, 0.0, why_not(error)))
            return
        planned.to_read.append(ToRead(str(path), state.st_size, named=True))

    def _plan_gone(self, path: Path, collection_id: int, planned: Planned) -> bool:
        """Take out what lay at a path where nothing is now; says whether anything went."""
        start = time.monotonic()
        before = {one.row.path for one in self._store.stored_under(collection_id, str(path))}
        if before:
            self.folders.look_at_single(path)
        after = {one.row.path for one in self._store.stored_under(collection_id, str(path))}
        gone = sorted(before - after)
        planned.done += [FileResult(one, FileStatus.REMOVED, 0, 0, since(start)) for one in gone]
        return bool(gone)

    def _clear(self, contents: Sequence[int]) -> None:
        for content_id in contents:
            self._dense.forget(content_id)
            self._contents.forget(content_id)

    @contextlib.contextmanager
    def _turn(self, stop: threading.Event) -> Iterator[None]:
        """Wait until nobody else adds a file, or until `stop` is set."""
        while not (mine := self._adding.acquire(timeout=WAIT_S)) and not stop.is_set():
            pass
        try:
            yield
        finally:
            if mine:
                self._adding.release()


def unnamed(path: str) -> FileResult:
    """Return the result for a file whose name is not valid Unicode."""
    why = why_not(UnicodeEncodeError("utf-8", "", 0, 0, ""))
    return FileResult(Path(path), FileStatus.FAILED, 0, 0, 0.0, why)
