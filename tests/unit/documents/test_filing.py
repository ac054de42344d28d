# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What comes into the library and goes out of it, where folders, rules and files cross one another."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.database import Database
from assistant.documents.explaining import NotUsed
from assistant.documents.library import Library
from assistant.documents.protocol import FileResult, FileStatus
from assistant.documents.schema import MIGRATIONS
from assistant.paths import Home
from tests.fakes import HashEmbedder, LineReader


@pytest.fixture
def library(home: Home) -> Iterator[Library]:
    database = Database.open(home.library, MIGRATIONS, None)
    made = Library(database, LineReader(), HashEmbedder(), None)
    yield made
    made.close()
    database.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "papers"
    (made / "inner").mkdir(parents=True)
    (made / "a.txt").write_text("apples")
    (made / "inner" / "b.txt").write_text("pears")
    (made / ".hidden.txt").write_text("plums")
    (made / "i.log").write_text("figs")
    (made / ".gitignore").write_text("*.log\n")
    return made


def added(library: Library, *paths: Path) -> list[FileResult]:
    return [one for one in library.add(paths) if isinstance(one, FileResult)]


def known(library: Library) -> set[str]:
    return {one.path.name for one in library.documents()}


def watched(library: Library, *folders: Path) -> int:
    """Let folders belong to the collection and read what they hold."""
    catalogue = library.filing.catalogue
    number = catalogue.id_of("default")
    for one in folders:
        catalogue.add_source(number, one)
    look(library)
    return number


def look(library: Library) -> None:
    for source in library.filing.catalogue.sources():
        library.filing.folders.look(source, watched=True)
    list(library.filing.work(threading.Event()))


def test_letting_an_inner_folder_be_takes_nothing_from_the_watched_one_around_it(
    library: Library, folder: Path
) -> None:
    number = watched(library, folder, folder / "inner")
    library.filing.unwatch(number, folder / "inner", keep=False)
    assert known(library) == {"a.txt", "b.txt"}


def test_letting_an_outer_folder_be_leaves_what_a_watched_one_within_holds(
    library: Library, folder: Path
) -> None:
    number = watched(library, folder, folder / "inner")
    (folder / "inner" / "c.txt").write_text("quinces")
    for source in library.filing.catalogue.sources():
        library.filing.folders.look(source, watched=True)
    library.filing.unwatch(number, folder, keep=False)
    list(library.filing.work(threading.Event()))
    assert known(library) == {"b.txt", "c.txt"}, "what waited of it is read"


def test_a_file_that_was_given_itself_stays_whatever_rule_its_folder_has(
    library: Library, folder: Path
) -> None:
    hidden, ignored = folder / ".hidden.txt", folder / "i.log"
    added(library, folder)
    added(library, hidden, ignored)
    assert not [one for one in added(library, folder) if one.status is FileStatus.REMOVED]
    watched(library, folder)
    assert known(library) == {"a.txt", "b.txt", ".hidden.txt", "i.log"}
    hidden.write_text("plums and damsons")
    look(library)
    assert library.search("damsons", limit=1).found, "it is kept up with, too"
    hidden.unlink()
    look(library)
    assert known(library) == {"a.txt", "b.txt", "i.log"}


def test_adding_a_file_that_is_gone_takes_it_out(library: Library, folder: Path) -> None:
    added(library, folder / "a.txt")
    (folder / "a.txt").unlink()
    (gone,) = added(library, folder / "a.txt")
    assert gone.status is FileStatus.REMOVED
    assert known(library) == set()
    (again,) = added(library, folder / "a.txt")
    assert again.status is FileStatus.FAILED
    assert "not there" in again.reason


def test_adding_a_folder_that_is_gone_takes_out_what_it_held(library: Library, folder: Path) -> None:
    added(library, folder)
    for path in (folder / "a.txt", folder / "inner" / "b.txt", folder / "i.log", folder / ".hidden.txt"):
        path.unlink()
    (folder / ".gitignore").unlink()
    (folder / "inner").rmdir()
    folder.rmdir()
    assert {(one.path.name, one.status) for one in added(library, folder)} == {
        ("a.txt", FileStatus.REMOVED),
        ("b.txt", FileStatus.REMOVED),
    }


def test_a_link_that_leads_in_a_circle_is_told_as_such(library: Library, folder: Path) -> None:
    circle = folder / "circle.txt"
    circle.symlink_to(circle)
    (told,) = added(library, circle)
    assert told.status is FileStatus.FAILED
    assert "circle" in told.reason


def test_it_is_said_of_a_file_that_it_waits_or_was_passed_over(library: Library, folder: Path) -> None:
    watched(library, folder)
    (folder / "late.txt").write_text("grapes")
    for source in library.filing.catalogue.sources():
        library.filing.folders.look(source, watched=True)
    for name, reason in (
        ("late.txt", NotUsed.WAITING),
        (".hidden.txt", NotUsed.PASSED_OVER),
        ("i.log", NotUsed.PASSED_OVER),
    ):
        why = library.why_not("grapes", folder / name)
        assert why.reason is reason
        assert name in why.sentence()
    outside = folder.parent / "outside.txt"
    outside.write_text("grapes")
    assert library.why_not("grapes", outside).reason is NotUsed.NOT_INDEXED
