# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""F16, F20, I6: names of every kind, files that change while they are indexed, kills while indexing."""

import contextlib
import random
import subprocess
import sys
import threading
import unicodedata
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

from assistant.database import Database
from assistant.documents.dense import EMBED_BATCH
from assistant.documents.library import Library
from assistant.documents.protocol import Document, FileResult, FileStatus, Reading
from assistant.documents.schema import MIGRATIONS
from assistant.errors import NotFoundError
from assistant.paths import Home
from tests.fakes import HashEmbedder, LineReader
from tests.fault_table import trials
from tests.terminal import FAKE, environment, run

NAMES = {
    "Korean, composed": unicodedata.normalize("NFC", "계약서 각서.txt"),
    "Korean, decomposed": unicodedata.normalize("NFD", "계약서 각서.txt"),
    "emoji": "📄🇰🇷 family 👨‍👩‍👧.txt",
    "spaces": "  two  spaces .txt",
    "newline": "one\nline\tand another.txt",
    "quotes": 'it\'s "quoted" & $HOME `x` %s {name}.txt',
    "long": "/".join(["folder with a rather long name " + "x" * 60] * 4) + "/" + "가" * 80 + ".txt",
}


@pytest.fixture
def database(home: Home) -> Iterator[Database]:
    opened = Database.open(home.library, MIGRATIONS, None)
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "documents"
    made.mkdir()
    return made


@pytest.fixture
def reader() -> LineReader:
    return LineReader()


@pytest.fixture
def library(database: Database, reader: LineReader) -> Library:
    return Library(database, reader, HashEmbedder(), None)


def add(library: Library, *paths: Path) -> list[FileResult]:
    return [one for one in library.add(paths) if isinstance(one, FileResult)]


@pytest.mark.fault("F16")
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_file_of_any_name_is_read_found_and_removed(library: Library, tmp_path: Path, name: str) -> None:
    path = tmp_path / "documents" / name
    path.parent.mkdir(parents=True)
    path.write_text("The monthly rent is 850 euros.", encoding="utf-8")
    assert [one.status for one in add(library, tmp_path / "documents")] == [FileStatus.ADDED]
    [passage] = library.search("monthly rent", within=[path]).found
    assert passage.document == str(path)
    assert not library.changed(passage)
    assert library.places(path)
    assert [one.status for one in add(library, path)] == [FileStatus.UNCHANGED]
    assert library.remove(path) == 1


@pytest.mark.fault("F16")
def test_a_name_that_is_not_unicode_is_named_and_the_others_go_on(library: Library, folder: Path) -> None:
    (folder / "bad\udcff.txt").write_text("x")
    (folder / "good.txt").write_text("apples")
    results = {one.path.name: one for one in add(library, folder)}
    assert results["good.txt"].status is FileStatus.ADDED
    assert results["bad\udcff.txt"].status is FileStatus.FAILED
    assert "Rename" in results["bad\udcff.txt"].reason
    assert library.search("apples").found


@pytest.mark.fault("F16")
def test_names_of_every_kind_are_shown_without_a_locale(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    for name in (*NAMES.values(), "bad\udcff.txt"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("The monthly rent is 850 euros.", encoding="utf-8")
    plain = environment(LC_ALL="C", LANG="C")
    ran = run(home.root, "add", folder, "--json", module=FAKE, env=plain)
    assert ran.code == 0, ran.err
    by_status = Counter(one["status"] for one in ran.lines)
    assert by_status == {"added": len(NAMES), "failed": 1}


class Changing(LineReader):
    """Does something to the file while it is read, the first times."""

    def __init__(self, change: Callable[[Path, int], None], times: int = 1) -> None:
        super().__init__()
        self._change, self._left, self._done = change, times, 0

    def read(
        self,
        path: Path,
        stop: threading.Event | None = None,
        password: str = "",
        *,
        postpone: bool = False,
    ) -> Generator[Reading, None, Document]:
        document = yield from super().read(path, stop, password, postpone=postpone)
        if self._left:
            self._left, self._done = self._left - 1, self._done + 1
            self._change(path, self._done)
        return document


def grow(path: Path, times: int) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\nline {times}")


@pytest.mark.fault("F20")
@pytest.mark.parametrize("times", [1, 2, 10])
def test_a_file_that_grows_while_it_is_read_is_known_whole_in_the_end(
    database: Database, folder: Path, times: int
) -> None:
    path = folder / "log.txt"
    path.write_text("line 0", encoding="utf-8")
    library = Library(database, Changing(grow, times), HashEmbedder(), None)
    add(library, path)
    for _ in range(times):
        add(library, folder)
    [place] = library.places(path)
    assert place.text == path.read_text("utf-8")
    assert all(not library.changed(one) for one in library.search("line").found)


@pytest.mark.fault("F20")
def test_a_file_deleted_while_it_is_read_leaves_nothing(database: Database, folder: Path) -> None:
    path = folder / "gone.txt"
    path.write_text("apples", encoding="utf-8")
    library = Library(database, Changing(lambda one, _: one.unlink()), HashEmbedder(), None)
    [result] = add(library, path)
    assert result.status is FileStatus.FAILED
    assert library.search("apples").found == ()
    add(library, folder)
    with database.read() as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("documents", "contents", "chunks", "waiting")
        ]
    assert counts == [0, 0, 0, 0]


@pytest.mark.fault("F20")
def test_a_file_removed_by_the_user_while_it_is_read_stays_out(database: Database, folder: Path) -> None:
    path = folder / "one.txt"
    path.write_text("apples", encoding="utf-8")
    library = Library(database, Changing(lambda one, _: void(library.remove(one))), HashEmbedder(), None)
    add(library, path)
    assert library.documents() == []
    assert library.search("apples").found == ()


def void(_: object) -> None:
    """Return nothing."""


@pytest.mark.fault("F20")
@pytest.mark.parametrize("how", ["changed", "deleted", "renamed"])
def test_no_citation_opens_what_is_not_there_any_more(
    library: Library, reader: LineReader, folder: Path, how: str
) -> None:
    path = folder / "lease.txt"
    path.write_text("One.\fThe monthly rent is 850 euros.", encoding="utf-8")
    add(library, folder)
    cited = library.search("monthly rent").found[0]
    assert cited.place.page == 2
    after = folder / "renamed.txt"
    if how == "changed":
        path.write_text("The monthly rent is 900 euros.\fTwo.", encoding="utf-8")
    elif how == "deleted":
        path.unlink()
    else:
        path.rename(after)
    assert library.changed(cited), "the citation of the old answer says so at once"
    reads = len(reader.reads)
    add(library, folder)
    found = [one for one in library.search("monthly rent").found if "rent" in one.text]
    if how == "changed":
        assert [(one.place.page, one.text) for one in found] == [(1, "The monthly rent is 900 euros.")]
    elif how == "deleted":
        assert found == []
        with pytest.raises(NotFoundError):
            library.places(path)
    else:
        assert [one.document for one in found] == [str(after)]
        assert len(reader.reads) == reads
    assert all(not library.changed(one) for one in found)


@pytest.mark.fault("F20")
@pytest.mark.parametrize("how", ["remove", "delete", "change", "collection"])
def test_removed_text_is_gone_from_every_file(home: Home, tmp_path: Path, how: str) -> None:
    words = ("zyxwvutica", "꿹뛟쀍")
    path = tmp_path / "documents" / "secret.txt"
    path.parent.mkdir()
    kept = "\n".join(f"Ordinary line {number}." for number in range(200))
    path.write_text("\n".join(f"{words[0]} {words[1]} number {n}" for n in range(300)), encoding="utf-8")
    (path.parent / "other.txt").write_text(kept, encoding="utf-8")
    database = Database.open(home.library, MIGRATIONS, None)
    library = Library(database, LineReader(), HashEmbedder(), None)
    add(library, path.parent)
    assert library.search(words[0]).found
    assert holds(home, words[0]), "else the test could not fail"
    if how == "remove":
        library.remove(path)
    elif how == "collection":
        library.delete_collection("default")
    else:
        path.write_text("nothing of it", encoding="utf-8") if how == "change" else path.unlink()
        add(library, path.parent)
    library.close()
    database.close()  # the last connection writes the log back
    for word in words:
        assert not holds(home, word), word


def holds(home: Home, word: str) -> bool:
    # Full text folds case, and keeps Hangul as pairs of syllables.
    wanted = [
        word.encode(),
        word.upper().encode(),
        word[:2].encode() if ord(word[0]) > 127 else word.encode(),
    ]
    every = [file.read_bytes() for file in home.root.rglob("*") if file.is_file()]
    return any(one in content for one in wanted for content in every)


@pytest.mark.fault("I6")
def test_a_kill_while_indexing_repeats_one_batch_at_most(
    home: Home, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    kills, folder, log = trials(small=4, full=100), tmp_path / "documents", tmp_path / "log"
    record_property("trials", kills)
    folder.mkdir()
    drawn, expected = random.Random(6), 0
    for number in range(kills):
        for part in range(3):
            lines = [f"apple {number} {part} {line}" for line in range(drawn.choice([1, 40, 400]))]
            (folder / f"{number} {part}.txt").write_text("\n".join(lines), encoding="utf-8")
            expected += len(lines)
        child = start(home, folder, log)
        assert child.stdout is not None
        child.stdout.readline()
        with child:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=drawn.uniform(0.0, 0.25))
            child.kill()
    with start(home, folder, log) as last:
        last.communicate(timeout=600)
    assert last.returncode == 0
    lines = Counter(log.read_text("utf-8").splitlines())
    embedded = {line: count for line, count in lines.items() if line.startswith("embedded ")}
    assert len(embedded) == expected, "nothing is missing"
    assert sum(embedded.values()) - expected <= kills * EMBED_BATCH
    reads = sum(count for line, count in lines.items() if line.startswith("read "))
    assert reads - 3 * kills <= kills, "the file in hand alone is read again"
    check_whole(home, 3 * kills, expected)


def start(home: Home, folder: Path, log: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.faults.adding_child", str(home.root), str(folder), str(log)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])


def check_whole(home: Home, documents: int, passages: int) -> None:
    """Check that everything is there once, and nothing else."""
    database = Database.open(home.library, MIGRATIONS, None)
    with database.read() as connection:
        found = {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("documents", "contents", "chunks", "chunk_terms", "vectors", "waiting")
        }
    assert database.problems() == []
    database.close()
    assert found == {
        "documents": documents,
        "contents": documents,
        "chunks": passages,
        "chunk_terms": passages,
        "vectors": passages,
        "waiting": 0,
    }
