# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Reads the user's documents in the background: looks at folders, watches them, works the queue off.

Everything happens on one thread, one thing after the other; whoever asks for something is back at
once and hears of it through the events. Pausing and closing stop after the batch in hand; what is
left waits on the disk.
"""

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.app_events import AppEvent
from assistant.documents.catalogue import Source
from assistant.documents.changes import is_text
from assistant.documents.collection import DEFAULT_COLLECTION, FolderState, IndexingState, LibraryChanged
from assistant.documents.filing import unnamed
from assistant.documents.folders import Looked
from assistant.documents.library import Library
from assistant.documents.protocol import FileResult
from assistant.documents.walk import absolute
from assistant.documents.watch import Watcher
from assistant.errors import DatabaseError, MaruError
from assistant.intake import Intake
from assistant.pace import Pace

LOOK_S = 60.0  # between two looks at what cannot be watched, and whether a drive is there again
SHARE = 20  # a look is worth a twentieth of the time at most
TELL_S = 0.25  # between two IndexingStates

InHand = Callable[[threading.Event], contextlib.AbstractContextManager[None]]


class Indexing:
    """The documents' background. Methods return at once, from any thread, unless they say else."""

    def __init__(
        self, library: Library, tell: Callable[[AppEvent], None], in_hand: InHand, intake: Intake
    ) -> None:
        """`in_hand` lets closing wait for a batch."""
        self._library = library
        self._filing = library.filing
        self._tell = tell
        self._in_hand = in_hand
        self._intake = intake
        self._changing = threading.Condition()
        self._jobs: deque[Callable[[], None]] = deque()
        self._stop = threading.Event()  # of the files in hand
        self._thread: threading.Thread | None = None
        self._closing = self._paused = False
        self._watcher = Watcher(self._changed)
        self._pace = Pace()
        self._lacking = False  # vectors, because making them was stopped
        self._dropped = False  # making them: what the user cancelled waits for the next start
        self._due: list[tuple[float, Callable[[], None]]] = []
        self._named: set[str] = set()  # files with invalid names that were told already
        self._next_look = 0.0

    @property
    def state(self) -> IndexingState:
        """How far it is."""
        return self._pace.state(paused=self._paused)

    def use(self, largest: int) -> None:
        """Read files of folders up to so many bytes."""
        self._filing.adder.largest = largest

    def start(self) -> None:
        """Look at every folder, watch it, go on with what waits; from now on until `close`. Once."""
        with self._changing:
            if self._thread is not None or self._closing:
                return
            self._thread = threading.Thread(target=self._run, name="indexing", daemon=True)
            self._thread.start()

    def add(self, paths: Sequence[Path], collection: str = DEFAULT_COLLECTION, *, watch: bool = True) -> None:
        """Add files and folders; with `watch` the folders belong to the collection from now on."""
        whole = [absolute(path) for path in paths]
        self._later(lambda: self._add(whole, self._filing.catalogue.id_of(collection), watch=watch))

    def add_to_conversation(self, paths: Sequence[Path], conversation_id: int) -> None:
        """Add files for one conversation alone, before whatever else waits."""
        whole = [absolute(path) for path in paths]
        self._later(
            lambda: self._add(
                whole, self._filing.catalogue.id_of_conversation(conversation_id), watch=False, first=True
            )
        )

    def watch(self, collection: str, folder: Path) -> None:
        """Let a folder belong to a collection from now on."""
        self.add([folder], collection)

    def unwatch(self, collection: str, folder: Path, *, keep: bool = False) -> None:
        """Let a folder be; its documents go, unless they are kept."""

        def work() -> None:
            self._filing.unwatch(self._filing.catalogue.existing(collection), folder, keep=keep)
            self._watch()

        self._later(work)

    def look(self) -> None:
        """Look at every folder now."""
        self._later(self._look_at_all)

    def retry(self, path: Path | None = None) -> None:
        """Read once more what was set aside: one file, or all."""
        self._later(lambda: self._count_in(self._filing.retry(path)))

    def unlock(self, path: Path, password: str) -> None:
        """Read a protected file with its password, and draw its pages with it.

        It is kept in memory alone, for as long as Maru is open; after that pages are not drawn before
        it is given again, while the text that was read stays.
        """
        self._filing.passwords[str(absolute(path))] = password
        self.retry(path)

    def change(self, change: Callable[[], bool]) -> None:
        """Do `change`, which says whether vectors lack after it; then make them."""

        def work() -> None:
            self._lacking, self._dropped = change() or self._lacking, False

        self._later(work)

    def after(self, seconds: float, work: Callable[[], None]) -> None:
        """Do `work` so many seconds from now, if the background has begun then and is not closed."""
        with self._changing:
            self._due.append((time.monotonic() + seconds, work))
            self._changing.notify_all()

    def pause(self) -> None:
        """Stop after the batch in hand, until `resume`."""
        with self._changing:
            self._paused = True
            self._stop.set()
        self._tell(self.state)

    def resume(self) -> None:
        """Go on."""
        with self._changing:
            self._paused = False
            self._changing.notify_all()
        self._tell(self.state)

    def cancel(self) -> None:
        """Stop after the batch in hand and drop what waits; documents that are in stay.

        Vectors of another search model that lack still are made from the next start on.
        """
        with self._changing:
            self._dropped = True
            self._stop.set()

        def work() -> None:
            self._filing.queue.clear()
            self._lacking = False
            self._pace = Pace()
            self._tell(self.state)

        self._later(work)

    def close(self, patience: float | None = None) -> None:
        """Stop after the batch in hand and end the threads. Waits for that, at most `patience` seconds."""
        with self._changing:
            self._closing = True
            self._stop.set()
            self._changing.notify_all()
        if self._thread is not None:
            self._thread.join(patience)

    def _later(self, job: Callable[[], None]) -> None:
        """Do it on the thread, between two steps of what is in hand."""
        with self._changing:
            self._jobs.append(job)
            self._changing.notify_all()
        self.start()

    def _run(self) -> None:
        try:
            self._do(self._look_at_all)
            self._do(self._look_for_lacking)
            while self._wait():
                self._do_jobs()
                if time.monotonic() >= self._next_look:
                    self._do(self._look_now_and_then)
                self._do(self._work)
        finally:
            self._watcher.close()

    def _wait(self) -> bool:
        """Wait until there is something to do; says whether to go on."""
        with self._changing:
            idle = self._paused or not (self._lacking or self._waiting())
            if idle and not self._jobs and not self._closing:
                due = min([self._next_look, *(one[0] for one in self._due)])
                self._changing.wait(max(0.0, due - time.monotonic()))
            now = time.monotonic()
            self._jobs.extend(work for due, work in self._due if due <= now)
            self._due = [one for one in self._due if one[0] > now]
            return not self._closing

    def _waiting(self) -> bool:
        try:
            return self._filing.queue.count()[0] > 0
        except DatabaseError:
            return False

    def _do_jobs(self) -> None:
        while self._jobs and not self._closing:
            self._do(self._jobs.popleft())
            self._tell(LibraryChanged())

    def _do(self, work: Callable[[], None]) -> None:
        """Do it; what goes wrong with the store itself pauses the rest, and is told."""
        try:
            work()
        except MaruError as error:
            self._paused = self._paused or isinstance(error, DatabaseError)
            self._pace.problem = str(error)
            self._tell(self.state)

    def _work(self) -> None:
        """Read what waits, and make the vectors that are missing."""
        with self._changing:
            if self._paused or self._closing:
                return
            self._stop = stop = threading.Event()
        if not self._waiting() and not self._lacking:
            return
        self._intake.split_by_tokens()
        last = 0.0
        with self._in_hand(stop):
            for event in self._filing.work(stop):
                self._pace.take(event)
                self._tell(event)
                self._do_jobs()
                if isinstance(event, FileResult):
                    self._intake.split_by_tokens()  # another model may have been chosen meanwhile
                if time.monotonic() - last > TELL_S:
                    last = time.monotonic()
                    self._tell(self.state)
            lacking = stop.is_set()
            self._lacking = False  # where making them fails it is not tried without end
            if not lacking and not self._dropped:
                lacking = self._make(stop)
        # Yet another model may have been chosen while the vectors of one were made.
        self._lacking = (self._lacking or lacking or stop.is_set()) and not self._dropped
        if not self._paused and not self._waiting():
            self._pace = Pace()
        self._tell(self.state)
        self._tell(LibraryChanged())

    def _make(self, stop: threading.Event) -> bool:
        """Make the vectors that are missing, until files wait; says whether some lack still."""
        last = 0.0
        self._pace.make(0, 0)
        try:
            for done, total in self._intake.catch_up(stop):
                self._pace.make(done, total)
                if time.monotonic() - last > TELL_S:
                    last = time.monotonic()
                    self._tell(self.state)
                self._do_jobs()
                if self._waiting():  # vectors of another model may take hours
                    return True
        except MaruError:
            self._pace.make(0, 0)
            raise
        return False

    def _look_for_lacking(self) -> None:
        """Find out whether vectors lack: because Maru was closed before they were made, say."""
        self._lacking = self._lacking or (not self._dropped and self._intake.lacks_vectors())

    def _add(self, paths: Sequence[Path], collection_id: int, *, watch: bool, first: bool = False) -> None:
        folders = [path for path in paths if path.is_dir() and is_text(str(path))] if watch else []
        for folder in folders:
            self._filing.catalogue.add_source(collection_id, folder)
        planned = self._filing.plan(paths, collection_id)
        self._filing.queue.put(collection_id, planned.to_read, first=first)
        for result in planned.failed:
            self._named.add(str(result.path))
            self._tell(result)
        self._count_in(len(planned.to_read))
        if folders:
            self._watch()
            for source in self._filing.catalogue.sources(collection_id):
                if Path(source.path) in folders:
                    self._look(source)

    def _look_at_all(self) -> None:
        self._watch()
        for source in self._filing.catalogue.sources():
            self._look(source)
        self._take(self._filing.folders.look_at_single())

    def _look_now_and_then(self) -> None:
        """Look at what cannot be watched, links too, at single files, and at folders that came or went."""
        start = time.monotonic()
        self._next_look = start + LOOK_S  # also where this look fails: it must not be tried without end
        begun = self._watch()
        for source in self._filing.catalogue.sources():
            if source.path in begun or source.state is not FolderState.WATCHED:
                self._look(source)
            elif links := self._filing.folders.links(source):
                self._look(source, links)
        self._take(self._filing.folders.look_at_single())
        self._next_look = time.monotonic() + max(LOOK_S, SHARE * (time.monotonic() - start))

    def _watch(self) -> set[str]:
        """Watch the folders there are; returns those that were not watched until now."""
        self._next_look = self._next_look or time.monotonic() + LOOK_S
        return self._watcher.watch({source.path for source in self._filing.catalogue.sources()})

    def _look(self, source: Source, paths: set[str] | None = None) -> None:
        watched = self._watcher.watched(source.path)
        self._take(self._filing.folders.look(source, watched=watched, paths=paths))

    def _take(self, looked: Looked) -> None:
        """Tell what a look found."""
        for path in sorted(looked.unnamed - self._named):
            self._tell(unnamed(path))
        self._named |= looked.unnamed
        self._count_in(looked.to_read)
        if looked.changed:
            self._tell(LibraryChanged())
        if (looked.gone or looked.moved) and not self._waiting():
            self._filing.tidy()

    def _count_in(self, files: int) -> None:
        if files:
            self._pace.expect(*self._filing.queue.count())
            self._tell(self.state)

    def _changed(self, folder: str, paths: set[str]) -> None:
        """Look at what changed, on the thread of the others."""

        def work() -> None:
            for source in self._filing.catalogue.sources():
                if source.path == folder:
                    self._look(source, paths)

        self._later(work)
