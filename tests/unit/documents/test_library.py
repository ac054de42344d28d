# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The library as its users see it: what is added is found, what is removed is gone."""

import os
import threading
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.database import Database
from assistant.documents.library import Library
from assistant.documents.protocol import Document, FileProgress, FileResult, FileStatus, Reading
from assistant.documents.queue import ToRead
from assistant.errors import NotFoundError
from assistant.texts import text
from tests.fakes import HashEmbedder, LineReader

LEASE = (
    "The tenancy begins in May.\nThe monthly rent is 850 euros.\f"
    "The deposit is 1,700 euros.\nPets are welcome."
)
CONTRACT = "임대차 계약서\n월세는 90만 원이다.\n보증금은 천만 원이다."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "documents"
    made.mkdir()
    return made


def write(path: Path, words: str) -> Path:
    path.write_text(words, encoding="utf-8")
    return path


def add(library: Library, *paths: Path, collection: str = "default") -> list[FileResult]:
    return [one for one in library.add(paths, collection) if isinstance(one, FileResult)]


def statuses(results: list[FileResult]) -> list[FileStatus]:
    return [result.status for result in results]


def texts(library: Library, question: str, **narrowed: object) -> list[str]:
    return [passage.text for passage in library.search(question, **narrowed).found]  # type: ignore[arg-type]


def rows(database: Database, table: str) -> int:
    with database.read() as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_finds_the_passage_with_its_document_page_and_span(library: Library, folder: Path) -> None:
    lease = write(folder / "lease.txt", LEASE)
    [result] = add(library, lease)
    assert (result.status, result.pages, result.passages) == (FileStatus.ADDED, 2, 4)

    found = library.search("How much is the deposit?")
    best = found.found[0]
    assert (best.document, best.place.page, best.text) == (str(lease), 2, "The deposit is 1,700 euros.")
    assert library.places(lease)[1].text[best.start : best.end] == best.text
    assert found.vectors_used
    assert found.supported


def test_finds_korean_words_of_two_syllables(library: Library, folder: Path) -> None:
    add(library, write(folder / "계약서.txt", CONTRACT))
    assert texts(library, "월세")[0] == "월세는 90만 원이다."
    assert texts(library, "보증금이 얼마인가요?")[0] == "보증금은 천만 원이다."


def test_adding_the_same_file_again_does_nothing(
    library: Library, folder: Path, reader: LineReader, embedder: HashEmbedder
) -> None:
    lease = write(folder / "lease.txt", LEASE)
    add(library, lease)
    reader.reads.clear()
    embedder.embedded.clear()
    assert statuses(add(library, lease)) == [FileStatus.UNCHANGED]
    os.utime(lease, (1, 1))  # touched, but not changed
    [again] = add(library, lease)
    assert (again.status, again.pages, again.passages) == (FileStatus.UNCHANGED, 2, 4)
    assert not reader.reads
    assert not embedder.embedded


def test_a_changed_file_replaces_its_passages(library: Library, folder: Path, database: Database) -> None:
    lease = write(folder / "lease.txt", LEASE)
    add(library, lease)
    write(lease, "The monthly rent is 900 euros from now on.")
    assert statuses(add(library, lease)) == [FileStatus.REPLACED]
    assert texts(library, "monthly rent deposit") == ["The monthly rent is 900 euros from now on."]
    assert [rows(database, table) for table in ("contents", "chunks", "chunk_terms", "vectors")] == [
        1,
        1,
        1,
        1,
    ]


def test_the_same_content_at_two_paths_is_embedded_once_and_found_at_each(
    library: Library, folder: Path, embedder: HashEmbedder
) -> None:
    one, two = write(folder / "one.txt", LEASE), write(folder / "two.txt", LEASE)
    assert statuses(add(library, one, two)) == [FileStatus.ADDED, FileStatus.ADDED]
    assert len(embedder.embedded) == 4
    for path in (one, two):
        [best] = library.search("monthly rent", within=[path], limit=1).found
        assert best.document == str(path)
    assert len(texts(library, "monthly rent")) == 4, "a passage is shown once"
    library.remove(one)
    assert library.search("monthly rent").found[0].document == str(two)


def test_a_removed_document_is_gone_from_everything(
    library: Library, folder: Path, database: Database
) -> None:
    lease = write(folder / "lease.txt", LEASE)
    add(library, lease)
    assert library.remove(lease) == 1
    assert library.search("monthly rent").found == ()
    assert library.documents() == []
    assert [
        rows(database, table) for table in ("contents", "places", "chunks", "chunk_terms", "vectors")
    ] == [0] * 5
    with pytest.raises(NotFoundError):
        library.places(lease)
    assert library.remove(lease) == 0


def test_removing_a_folder_removes_what_was_added_from_it(library: Library, folder: Path) -> None:
    write(folder / "one.txt", "apples")
    write(folder / "two.txt", "pears")
    kept = write(folder.parent / "documents2.txt", "plums")
    add(library, folder, kept)
    assert library.remove(folder) == 2
    assert [row.path for row in library.documents()] == [kept]


def test_folders_are_added_in_natural_order_without_hidden_files(library: Library, folder: Path) -> None:
    for name in ("chapter 10.txt", "chapter 2.txt", ".hidden.txt"):
        write(folder / name, name)
    (folder / ".git").mkdir()
    write(folder / ".git" / "config.txt", "secret")
    assert [result.path.name for result in add(library, folder)] == ["chapter 2.txt", "chapter 10.txt"]


def test_one_bad_file_does_not_stop_the_others(library: Library, folder: Path) -> None:
    write(folder / "1 damaged.txt", "\x00")
    write(folder / "2 empty.txt", " ")
    good = write(folder / "3 good.txt", "apples")
    missing = folder / "4 missing.txt"
    results = add(library, folder, missing)
    assert statuses(results) == [FileStatus.FAILED, FileStatus.NO_TEXT, FileStatus.ADDED, FileStatus.FAILED]
    assert [bool(result.reason) for result in results] == [True, True, False, True]
    assert [row.status for row in library.documents()] == ["failed", "no_text", "added"]
    assert library.search("apples").found[0].document == str(good)


def test_a_file_set_aside_is_read_again_only_when_named_or_changed(
    library: Library, folder: Path, reader: LineReader
) -> None:
    bad = write(folder / "bad.txt", "\x00")
    add(library, folder)
    reader.reads.clear()
    [again] = add(library, folder)
    assert (again.status, bool(again.reason), reader.reads) == (FileStatus.FAILED, True, [])
    assert statuses(add(library, bad)) == [FileStatus.FAILED]
    assert reader.reads == [bad]
    write(bad, "apples")
    assert statuses(add(library, folder)) == [FileStatus.ADDED]


def test_a_file_that_no_longer_can_be_read_leaves_no_old_passages(library: Library, folder: Path) -> None:
    lease = write(folder / "lease.txt", LEASE)
    add(library, lease)
    write(lease, "\x00")
    add(library, lease)
    assert library.search("monthly rent").found == ()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="rights do not bind this user")
def test_a_file_without_rights_keeps_what_is_known_of_it(library: Library, folder: Path) -> None:
    lease = write(folder / "lease.txt", LEASE)
    add(library, lease)
    lease.chmod(0)
    assert statuses(add(library, lease)) == [FileStatus.FAILED]
    assert texts(library, "monthly rent")


def test_stopping_keeps_finished_files(library: Library, folder: Path) -> None:
    for number in range(5):
        write(folder / f"{number}.txt", f"apples {number}")
    stop = threading.Event()
    results = []
    for one in library.add([folder], stop=stop):
        if isinstance(one, FileResult):
            results.append(one)
            if len(results) == 2:
                stop.set()
    assert statuses(results) == [FileStatus.ADDED] * 2
    assert len(library.documents()) == 2
    assert statuses(add(library, folder)) == [FileStatus.UNCHANGED] * 2 + [FileStatus.ADDED] * 3


def test_stopping_while_vectors_are_made_keeps_the_text_and_goes_on_later(
    library: Library, folder: Path, embedder: HashEmbedder
) -> None:
    long = write(folder / "long.txt", "\n".join(f"apple number {number}" for number in range(100)))
    stop = threading.Event()
    for one in library.add([long], stop=stop):
        if isinstance(one, FileProgress) and one.step == "embedding" and one.done:
            stop.set()
    assert len(embedder.embedded) == 16
    assert "apple number 99" in texts(library, "number 99")
    assert list(library.catch_up())[-1] == (84, 84)
    assert len(embedder.embedded) == 100


def test_progress_names_file_and_step(library: Library, folder: Path) -> None:
    write(folder / "1.txt", "a\fb")
    write(folder / "2.txt", "c")
    seen = [one for one in library.add([folder]) if isinstance(one, FileProgress)]
    assert {(one.number, one.total) for one in seen} == {(1, 2), (2, 2)}
    assert [(one.step, one.done, one.places) for one in seen if one.number == 1] == [
        ("reading", 0, 0), ("reading", 1, 2), ("reading", 2, 2), ("embedding", 0, 2), ("embedding", 2, 2),
    ]  # fmt: skip


def test_scans_are_read_after_the_others(library: Library, folder: Path, reader: LineReader) -> None:
    for name in ("1.txt", "2.txt", "3.txt", "4.txt"):
        write(folder / name, f"words of {name}")
    reader.scans = {"1.txt", "3.txt"}
    seen = list(library.add([folder]))
    results = [one for one in seen if isinstance(one, FileResult)]
    assert [one.path.name for one in results] == ["2.txt", "4.txt", "1.txt", "3.txt"]
    assert set(statuses(results)) == {FileStatus.ADDED}
    told = [(one.number, one.total) for one in seen if isinstance(one, FileProgress)]
    assert max(told) == (4, 4), "a file that waits is not counted twice"
    assert [path.name for path in reader.reads] == ["2.txt", "4.txt", "1.txt", "3.txt"]


def test_a_scan_waits_behind_what_comes_later_and_is_read_where_it_is_alone(
    library: Library, folder: Path, reader: LineReader
) -> None:
    scan, stop = write(folder / "scan.txt", "recognized words"), threading.Event()
    reader.scans = {"scan.txt"}
    queue, number = library.filing.queue, library.filing.catalogue.id_of("default")
    queue.put(number, [ToRead(str(scan), 1), ToRead(str(write(folder / "one.txt", "typed one")), 1)])
    work = library.filing.work(stop)
    while not isinstance(next(work), FileResult):
        pass
    queue.put(number, [ToRead(str(write(folder / "two.txt", "typed two")), 1)])
    rest = [one.path.name for one in work if isinstance(one, FileResult)]
    assert rest == ["two.txt", "scan.txt"]
    assert statuses(add(library, write(folder / "scan.txt", "other words"))) == [FileStatus.REPLACED]


def test_what_of_a_document_was_not_read_is_told_and_can_be_tried_again(
    library: Library, folder: Path, reader: LineReader
) -> None:
    reader.notes["lease.txt"] = (text("One page was not read."), text("Do this."))
    lease = write(folder / "lease.txt", LEASE)
    [result] = add(library, lease)
    assert (result.status, result.reason) == (FileStatus.ADDED, "One page was not read. Do this.")
    assert [row.reason for row in library.documents()] == [result.reason]
    assert texts(library, "monthly rent"), "the rest is found"
    copy = write(folder / "copy.txt", LEASE)
    [copied] = add(library, copy)
    assert copied.reason == result.reason, "also of a copy, which is not read"
    library.remove(copy)

    assert library.filing.retry(None) == 0, "only where it is asked for"
    reader.notes.clear()
    assert library.filing.retry(lease) == 1
    [again] = [one for one in library.filing.work(threading.Event()) if isinstance(one, FileResult)]
    assert (again.status, again.reason) == (FileStatus.ADDED, "")
    assert [row.reason for row in library.documents()] == [""]


def test_a_failing_embedder_leaves_search_by_words_and_vectors_for_later(
    library: Library, folder: Path, embedder: HashEmbedder
) -> None:
    embedder.fail()
    [result] = add(library, write(folder / "lease.txt", LEASE))
    assert (result.status, "words only" in result.reason) == (FileStatus.ADDED, True)
    found = library.search("monthly rent")
    assert (found.found[0].place.page, found.vectors_used) == (1, False)
    assert "4" in library.health()["vectors"]

    embedder.error = None
    assert list(library.catch_up())[-1] == (4, 4)
    assert library.search("monthly rent").vectors_used
    assert list(library.catch_up()) == []


def test_an_embedder_blind_in_a_language_has_no_say_in_it(
    database: Database, reader: LineReader, folder: Path
) -> None:
    library = Library(database, reader, HashEmbedder(blind_in=("ko",)), None)
    add(library, write(folder / "contract.txt", CONTRACT))
    assert not library.search("월세").vectors_used
    assert library.search("rent").vectors_used


def test_collections_are_searched_apart_or_together(library: Library, folder: Path) -> None:
    home, work = write(folder / "home.txt", "apples at home"), write(folder / "work.txt", "apples at work")
    add(library, home, collection="집")
    add(library, work, collection="work")
    assert [one.name for one in library.collections()] == ["work", "집"]
    assert texts(library, "apples", collections=["집"]) == ["apples at home"]
    assert len(texts(library, "apples")) == 2
    assert texts(library, "apples", collections=["nowhere"]) == []
    library.remove(work, "집")
    assert len(library.documents()) == 2


def test_search_within_files_and_folders(library: Library, folder: Path) -> None:
    one = write(folder / "one.txt", "apples one")
    inner = folder / "inner"
    inner.mkdir()
    write(inner / "two.txt", "apples two")
    add(library, folder)
    assert texts(library, "apples", within=[one]) == ["apples one"]
    assert texts(library, "apples", within=[inner]) == ["apples two"]
    assert texts(library, "apples", within=[]) == []
    assert [library.document_count(within=where) for where in (None, [one], [inner], [])] == [2, 1, 1, 0]


def test_a_file_that_is_none_of_the_users_documents_is_not_looked_at(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A receipt that came with an import may name any file, or a share that learns who asks."""
    add(library, write(folder / "lease.txt", LEASE))
    passage = library.search("rent").found[0]
    other = write(folder / "other.txt", LEASE)
    foreign = replace(passage, document=str(other))
    looked: list[str] = []

    def looks(path: Any, *_more: object, **_named: object) -> Any:
        looked.append(str(path))
        raise FileNotFoundError(path)

    for name in ("lexists", "exists"):
        monkeypatch.setattr(os.path, name, looks)
    for name in ("open", "stat", "is_file"):
        monkeypatch.setattr(Path, name, looks)
    assert not library.changed(foreign)
    with pytest.raises(NotFoundError, match="not among your documents"):
        library.kept_places(other)
    with pytest.raises(NotFoundError, match="not among your documents"):
        library.render(other, 1, 1.0)
    assert looked == []
    assert library.changed(passage)
    assert looked == [passage.document]


def test_a_changed_or_vanished_file_is_noticed(library: Library, folder: Path) -> None:
    lease = write(folder / "lease.txt", LEASE)
    add(library, lease)
    passage = library.search("rent").found[0]
    assert not library.changed(passage)
    write(lease, "else")
    assert library.changed(passage)
    lease.unlink()
    assert library.changed(passage)


@pytest.mark.parametrize("question", ["", "   ", "?!", "\x00", 'NOT AND OR " * ( ) NEAR', "é" * 5000])
def test_any_question_can_be_asked(library: Library, folder: Path, question: str) -> None:
    add(library, write(folder / "lease.txt", LEASE))
    library.search(question)


def test_an_empty_library_supports_nothing(library: Library) -> None:
    found = library.search("monthly rent")
    assert (found.found, found.supported, found.vectors_used) == ((), False, False)


def test_questions_are_answered_while_files_are_added(library: Library, folder: Path) -> None:
    for number in range(20):
        write(folder / f"{number}.txt", "\n".join(f"apple {number} {line}" for line in range(40)))
    failures: list[BaseException] = []
    done = threading.Event()

    def ask() -> None:
        try:
            while not done.is_set():
                library.search("apple 3 7")
        except BaseException as error:  # noqa: BLE001 - shown by the assertion
            failures.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    results = add(library, folder)
    done.set()
    asking.join()
    assert not failures
    assert statuses(results) == [FileStatus.ADDED] * 20


def test_what_an_interrupted_run_left_is_cleared_away(
    library: Library, folder: Path, database: Database, reader: LineReader
) -> None:
    lease = write(folder / "lease.txt", LEASE)
    reading = reader.read(lease)
    while True:
        try:
            next(reading)
        except StopIteration as end:
            document = end.value
            break
    library.filing._contents.write(document)  # and then the process ends, before a document has it
    assert texts(library, "monthly rent") == []
    again = Library(database, reader, HashEmbedder(), None)
    assert statuses(add(again, lease)) == [FileStatus.ADDED]
    assert rows(database, "chunks") == 4


def test_a_file_too_large_for_a_folder_is_read_when_it_is_named(
    library: Library, folder: Path, reader: LineReader
) -> None:
    large = write(folder / "large.txt", "apples " * 100)
    library.filing.adder.largest = 500
    [result] = add(library, folder)
    assert (result.status, "larger than" in result.reason, reader.reads) == (FileStatus.FAILED, True, [])
    assert statuses(add(library, large)) == [FileStatus.ADDED]


def test_a_renamed_folder_is_not_read_again(
    library: Library, folder: Path, reader: LineReader, embedder: HashEmbedder
) -> None:
    (folder / "before").mkdir()
    for number in range(5):
        write(folder / "before" / f"{number}.txt", f"apples {number}")
    add(library, folder)
    reader.reads.clear()
    embedder.embedded.clear()
    (folder / "before").rename(folder / "after")
    assert statuses(add(library, folder)) == [FileStatus.UNCHANGED] * 5
    assert (reader.reads, embedder.embedded) == ([], [])
    assert {Path(one.document).parent.name for one in library.search("apples").found} == {"after"}


def test_a_file_that_comes_back_elsewhere_is_not_embedded_again(
    library: Library, folder: Path, embedder: HashEmbedder
) -> None:
    one = write(folder / "one.txt", LEASE)
    add(library, folder)
    embedder.embedded.clear()
    write(folder / "two.txt", LEASE)
    one.unlink()
    assert statuses(add(library, folder)) == [FileStatus.REMOVED, FileStatus.ADDED]
    assert embedder.embedded == []


def test_the_text_read_by_ocr_is_told(database: Database, folder: Path) -> None:
    class Scanner(LineReader):
        def read(self, path: Path, *given: Any, **named: Any) -> Generator[Reading, None, Document]:
            document = yield from super().read(path, *given, **named)
            return replace(document, places=tuple(replace(one, recognized=True) for one in document.places))

    library = Library(database, Scanner(), None, None)
    path = write(folder / "scan.txt", LEASE)
    add(library, path)
    assert all(place.recognized for place in library.places(path))
    assert all(passage.recognized for passage in library.search("monthly rent").found)


def test_of_a_file_in_two_collections_the_text_read_last_is_shown(library: Library, folder: Path) -> None:
    lease = write(folder / "lease.txt", "The rent is 850 euros.")
    add(library, lease)
    add(library, lease, collection="home")
    write(lease, "The rent is now 900 euros.")
    add(library, lease, collection="home")
    assert [one.text for one in library.places(lease)] == ["The rent is now 900 euros."]
    assert [one.text for one in library.passages(lease)] == ["The rent is now 900 euros."]


def test_reading_many_files_leaves_the_full_text_in_few_pieces(
    library: Library, folder: Path, database: Database
) -> None:
    add(library, *(write(folder / f"{number}.txt", f"Lease {number}.") for number in range(12)))
    with database.read() as connection:
        [pieces] = connection.execute("SELECT count(DISTINCT segid) FROM chunk_terms_idx").fetchone()
    assert pieces <= 2
