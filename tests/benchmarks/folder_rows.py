# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""I3 to I6: a folder of 100,000 files unchanged, with one byte changed; copies of a file; kills."""

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.database import Connection, Database
from assistant.documents.catalogue import Source
from assistant.documents.dense import EMBED_BATCH
from assistant.documents.library import Library
from assistant.documents.protocol import FileResult
from assistant.documents.schema import MIGRATIONS
from assistant.documents.store import lay_of
from assistant.documents.walk import walk
from assistant.paths import Home
from tests.benchmarks.pairs import Row, Rows
from tests.fakes import HashEmbedder, LineReader

FILES, FOLDERS = 100_000, 100
COPIES = 1_000
KILLS = 20
ROUNDS = 5
LIMIT_S = {"I3": 0.5, "I4": 1.0}
OPENING = frozenset({"open", "os.open"})  # audit events; os.scandir and os.stat are others


@dataclass(frozen=True)
class World:
    """A library that knows every file of a watched folder."""

    library: Library
    reader: LineReader
    embedder: HashEmbedder
    source: Source

    def look(self) -> int:
        """Look at the whole folder; return how many files are to be read."""
        return self.library.filing.folders.look(self.source, watched=True).to_read

    def work(self) -> None:
        """Read what waits."""
        for _ in self.library.filing.work(threading.Event()):
            continue


class Opened:
    """Counts the files under a folder that this process opens, by Python's audit events."""

    def __init__(self, folder: Path) -> None:
        """Count from `counting` on; a hook can never be taken out again."""
        self.counting = False
        self.files = 0
        self._folder = str(folder)

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        """Take an audit event."""
        if self.counting and event in OPENING and str(arguments[0]).startswith(self._folder):
            self.files += 1


def unchanged() -> list[Row]:
    """Measure a look at 100,000 unchanged files, beside the same stats without any comparison."""
    with _many() as (world, folder):
        opened = _audited(folder)
        looks, bare, busy = [], [], []
        for _ in range(ROUNDS):
            opened.counting = True
            start = time.process_time()
            looks.append(_seconds(world.look))
            busy.append(time.process_time() - start)
            opened.counting = False
            bare.append(_seconds(lambda: _stat_alone(folder)))
        nothing = not world.library.filing.queue.count()[0] and not world.reader.reads
        best = min(looks)
    return [
        Row(
            row="I3",
            goal=f"<= {LIMIT_S['I3']} s, no file opened, nothing embedded",
            measured=f"{best:.2f} s, {opened.files} opened",
            ratio=best / LIMIT_S["I3"],
            spread=f"{min(looks):.2f} to {max(looks):.2f} s; {min(busy):.2f} s of processor",
            kept=best <= LIMIT_S["I3"] and not opened.files and nothing,
            what=f"a look at {FILES:,} files in {FOLDERS} folders, best of {ROUNDS};"
            f" stat alone {min(bare):.2f} s",
        )
    ]


def one_byte() -> list[Row]:
    """Measure from a look at 100,000 files, one of which differs by a byte, until it is found anew."""
    with _many() as (world, folder):
        path = folder / "7" / "7.txt"
        times, told = [], []
        for number in range(ROUNDS):
            path.write_text(f"note 7 {number}", encoding="utf-8")
            times.append(_seconds(lambda: (world.look(), world.work())))
            path.write_text(f"note 8 {number}", encoding="utf-8")
            told.append(_seconds(lambda: (_told(world, path), world.work())))
        embedded = len(world.embedder.embedded)
        best = min(times)
    return [
        Row(
            row="I4",
            goal=f"<= {LIMIT_S['I4']:.0f} s plus the changed chunks",
            measured=f"{best:.2f} s; told by the system {min(told) * 1000:.0f} ms",
            ratio=best / LIMIT_S["I4"],
            spread=f"{min(times):.2f} to {max(times):.2f} s; told {min(told):.3f} to {max(told):.3f} s",
            kept=best <= LIMIT_S["I4"] and embedded == 2 * ROUNDS,
            what=f"one byte changed in one of {FILES:,} files; {embedded} passages embedded"
            f" in {2 * ROUNDS} changes, best of {ROUNDS}",
        )
    ]


def copies() -> list[Row]:
    """Measure adding 1,000 copies of a file; removing all but the last must leave that one."""
    with TemporaryDirectory() as place:
        folder, home = Path(place, "copies"), Home(Path(place, "home"))
        folder.mkdir()
        words = "\n".join(f"apple {line}" for line in range(100))
        paths = [folder / f"{number}.txt" for number in range(COPIES)]
        for path in paths:
            path.write_text(words, encoding="utf-8")
        with _library(home) as (library, reader, embedder):
            seconds = _seconds(lambda: [one for one in library.add([folder]) if isinstance(one, FileResult)])
            citable = sum(bool(library.search("apple 77", within=[path], limit=1).found) for path in paths)
            for path in paths[:-1]:
                library.remove(path)
            left = {one.document for one in library.search("apple 77").found}
        once = len(embedder.embedded) == 100 and len(reader.reads) == 1
    return [
        Row(
            row="I5",
            goal="embedded once, every location citable",
            measured=f"{len(embedder.embedded) / 100:.2f} times, {citable} citable",
            ratio=None,
            spread=f"{seconds:.1f} s, {seconds / COPIES * 1000:.1f} ms a copy",
            kept=once and citable == COPIES and left == {str(paths[-1])},
            what=f"{COPIES:,} copies of a file of 100 passages; the last stays when the others go",
        )
    ]


def kills() -> list[Row]:
    """Kill a process that adds files at random moments; count what the next one does again."""
    drawn, passages = random.Random(6), 0
    with TemporaryDirectory() as place:
        folder, home, log = Path(place, "files"), Path(place, "home"), Path(place, "log")
        folder.mkdir()
        home.mkdir()
        command = [sys.executable, "-m", "tests.faults.adding_child", str(home), str(folder), str(log)]
        for number in range(KILLS):
            lines = [f"apple {number} {line}" for line in range(drawn.choice([1, 40, 400]))]
            (folder / f"{number}.txt").write_text("\n".join(lines), encoding="utf-8")
            passages += len(lines)
            with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
                assert child.stdout is not None
                child.stdout.readline()
                with suppress(subprocess.TimeoutExpired):
                    child.wait(drawn.uniform(0.0, 0.25))
                child.kill()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        lines = [line for line in log.read_text("utf-8").splitlines() if line.startswith("embedded ")]
    again, missing = len(lines) - passages, passages - len(set(lines))
    return [
        Row(
            row="I6",
            goal="at most one batch repeated, no duplicate",
            measured=f"{again / KILLS:.1f} passages a kill made again",
            ratio=again / (KILLS * EMBED_BATCH),
            spread=f"{missing} missing",
            kept=again <= KILLS * EMBED_BATCH and not missing,
            what=f"{KILLS} kills at random moments, {passages} passages, {EMBED_BATCH} a batch;"
            " make faults kills 100 times and looks for duplicates",
        )
    ]


@contextmanager
def _many() -> Iterator[tuple[World, Path]]:
    """Give a library that knows 100,000 files: their rows are written as adding would write them."""
    with TemporaryDirectory() as place:
        folder, home = Path(place, "many"), Home(Path(place, "home"))
        for number in range(FOLDERS):
            (folder / str(number)).mkdir(parents=True)
            for file in range(FILES // FOLDERS):
                (folder / str(number) / f"{file}.txt").write_text(f"note {number} {file}", encoding="utf-8")
        with _library(home) as (library, reader, embedder):
            collection_id = library.filing.catalogue.id_of("default")
            library.filing.catalogue.add_source(collection_id, folder)
            [source] = library.filing.catalogue.sources()
            _know(library, collection_id, folder)
            reader.reads.clear()
            embedder.embedded.clear()
            yield World(library, reader, embedder, source), folder


def _know(library: Library, collection_id: int, folder: Path) -> None:
    """Add one file, and give its content to all others: what a look compares is the same."""
    first = folder / "0" / "0.txt"
    for _ in library.add([first]):
        continue
    store = library.filing._store
    known = store.stored(collection_id, first)
    content_id = known.content_id if known else None
    rows = [
        (path, collection_id, content_id, *lay_of(Path(path).stat()))
        for path, _, _ in walk(str(folder)).files
        if path != str(first)
    ]

    def work(connection: Connection) -> None:
        connection.executemany(
            "INSERT INTO documents"
            " (path, collection_id, content_id, size, mtime_ns, device, inode, status, reason)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, 'added', '')",
            rows,
        )

    store._database.write(work)


@contextmanager
def _library(home: Home) -> Iterator[tuple[Library, LineReader, HashEmbedder]]:
    reader, embedder = LineReader(), HashEmbedder()
    home.root.mkdir()
    database = Database.open(home.library, MIGRATIONS, None)
    try:
        yield Library(database, reader, embedder, None), reader, embedder
    finally:
        database.close()


def _told(world: World, path: Path) -> None:
    """Look at what the system says has changed."""
    world.library.filing.folders.look(world.source, watched=True, paths=[str(path)])


def _audited(folder: Path) -> Opened:
    opened = Opened(folder)
    sys.addaudithook(opened)
    return opened


def _stat_alone(folder: Path) -> None:
    for part in os.scandir(folder):
        for entry in os.scandir(part.path):
            entry.stat()


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


ROWS: Rows = {"I3": unchanged, "I4": one_byte, "I5": copies, "I6": kills}
