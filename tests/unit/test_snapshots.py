# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Snapshots: what is in them, which are kept, and until when."""

import os
import stat
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant import snapshots as module
from assistant.conversations import MIGRATIONS, ConversationStore
from assistant.database import Database
from assistant.database_files import reading
from assistant.documents.schema import MIGRATIONS as LIBRARY
from assistant.errors import DamagedError, DiskFullError, NotFoundError
from assistant.keys import HomeKey
from assistant.paths import Home
from assistant.snapshots import DAY, Budget, Reason, Snapshots
from tests.old_homes import make_old_home

KEY = HomeKey(bytes(range(32)), "home")
LARGE = Budget(7, 10**9)
posix_only = pytest.mark.skipif(os.name != "posix", reason="runs on Linux and macOS: rights of POSIX")


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 18, 33, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def place(tmp_path: Path) -> Home:
    home = Home(tmp_path / "place")
    make_old_home(home, len(MIGRATIONS), len(LIBRARY), KEY)
    return home


@pytest.fixture
def taken(place: Home, clock: Clock) -> Snapshots:
    return Snapshots(place, KEY, clock)


def test_a_snapshot_of_open_databases_holds_what_was_written(place: Home, taken: Snapshots) -> None:
    database = Database.open(place.conversations, MIGRATIONS, KEY)
    store = ConversationStore(database)
    store.add_question(store.create().id, None, "confidential words")
    snapshot = taken.take(Reason.ASKED, LARGE)
    database.close()
    assert snapshot.name == "2026-11-21T18-33-05Z"
    assert snapshot.when == datetime(2026, 11, 21, 18, 33, 5, tzinfo=UTC)
    assert (snapshot.reason, snapshot.library) == (Reason.ASKED, True)
    with reading(place.snapshots / snapshot.name / "conversations.db", KEY) as connection:
        rows = connection.execute("SELECT content FROM messages ORDER BY id DESC LIMIT 1").fetchall()
    assert rows == [("confidential words",)]
    files = sorted((place.snapshots / snapshot.name).iterdir())
    assert [path.name for path in files] == ["about.json", "conversations.db", "library.db"]
    assert snapshot.size == sum(path.stat().st_size for path in files[1:])
    assert all(b"confidential" not in path.read_bytes() for path in files), "it stays encrypted"


@posix_only
def test_snapshots_are_their_owners_alone(place: Home, taken: Snapshots) -> None:
    snapshot = taken.take(Reason.ASKED, LARGE)
    folder = place.snapshots / snapshot.name
    assert {stat.S_IMODE(path.stat().st_mode) for path in (place.snapshots, folder)} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_two_of_one_second_have_two_names(taken: Snapshots) -> None:
    names = [taken.take(Reason.ASKED, LARGE).name for _ in range(3)]
    assert names == [f"2026-11-21T18-33-05Z{end}" for end in ("", "-2", "-3")]
    assert [one.name for one in taken.all()] == [names[2], names[1], names[0]]


def test_one_is_due_after_a_day_and_where_the_clock_went_back(taken: Snapshots, clock: Clock) -> None:
    assert taken.due()
    taken.take(Reason.DAILY, LARGE)
    assert not taken.due()
    clock.now += timedelta(hours=23)
    assert not taken.due()
    clock.now += timedelta(hours=1)
    assert taken.due()
    clock.now -= timedelta(days=3)
    assert taken.due()


def test_as_many_are_kept_as_the_budget_says_the_newest_always(taken: Snapshots, clock: Clock) -> None:
    names = []
    for _ in range(5):
        clock.now += timedelta(hours=1)
        names.append(taken.take(Reason.DAILY, Budget(3, 10**9)).name)
    assert [one.name for one in taken.all()] == names[:1:-1]
    clock.now += 4 * DAY
    assert [one.name for one in taken.all()] == names[:1:-1], "nothing goes before there is a newer one"
    newest = taken.take(Reason.DAILY, Budget(3, 10**9))
    assert [one.name for one in taken.all()] == [newest.name], "older ones are past their days"
    taken.take(Reason.DAILY, Budget(3, 1))
    assert len(taken.all()) == 1, "too large for the budget, but the newest"


def test_a_library_that_needs_more_than_half_of_the_budget_is_left_out(taken: Snapshots, place: Home) -> None:
    both = place.conversations.stat().st_size + place.library.stat().st_size
    assert taken.take(Reason.DAILY, Budget(7, 2 * both)).library
    small = Budget(7, 2 * both - 1)
    assert not taken.take(Reason.DAILY, small).library
    assert taken.take(Reason.UPDATE, small).library, "before something risky all the same"


def test_without_room_on_the_disk_documents_are_left_out_and_then_nothing_is_taken(
    taken: Snapshots, place: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "free")
    free = place.conversations.stat().st_size + module.SPARE_BYTES
    with place.library.open("r+b") as file:
        file.truncate(place.library.stat().st_size * 4)
    monkeypatch.setattr("assistant.snapshots.shutil.disk_usage", lambda _: usage(free))
    assert not taken.take(Reason.UPDATE, LARGE).library
    free -= 1
    monkeypatch.setattr("assistant.snapshots.shutil.disk_usage", lambda _: usage(free))
    with pytest.raises(DiskFullError, match="too full"):
        taken.take(Reason.UPDATE, LARGE)
    assert len(taken.all()) == 1
    assert len(list(place.snapshots.iterdir())) == 1, "nothing half"


def test_one_that_is_stopped_is_whole_without_documents(taken: Snapshots) -> None:
    assert not taken.take(Reason.DAILY, LARGE, lambda: True).library


def test_what_is_not_whole_is_no_snapshot_and_is_cleared_away(taken: Snapshots, place: Home) -> None:
    snapshot = taken.take(Reason.ASKED, LARGE)
    whole = place.snapshots / snapshot.name
    for name, missing in (
        ("2026-11-20T18-33-05Z", "about.json"),
        ("2026-11-19T18-33-05Z", "conversations.db"),
    ):
        half = place.snapshots / name
        half.mkdir()
        for path in whole.iterdir():
            if path.name != missing:
                (half / path.name).write_bytes(path.read_bytes())
    (place.snapshots / ".unfinished-2026-11-18T18-33-05Z").mkdir()
    (place.snapshots / "notes").mkdir()
    (odd := place.snapshots / "2026-11-17T18-33-05Z").mkdir()
    (odd / "about.json").write_text("[" * 100_000)
    assert [one.name for one in taken.all()] == [snapshot.name]
    taken.clear()
    assert not list(place.snapshots.glob(".*"))
    assert taken.all()
    with pytest.raises(NotFoundError, match="2026-11-20"):
        taken.find("2026-11-20T18-33-05Z")
    with pytest.raises(NotFoundError):
        taken.find("../place")


def test_the_newest_sound_one_is_found_behind_a_damaged_one(
    taken: Snapshots, place: Home, clock: Clock
) -> None:
    sound = taken.take(Reason.DAILY, LARGE)
    clock.now += DAY
    damaged = taken.take(Reason.DAILY, LARGE)
    path = place.snapshots / damaged.name / "conversations.db"
    path.write_bytes(bytes(path.stat().st_size))
    assert taken.newest_sound() == sound
    place.conversations.write_bytes(b"")
    with pytest.raises(DamagedError):
        taken.take(Reason.DAILY, LARGE)
    assert [one.name for one in taken.all()] == [damaged.name, sound.name]


def test_until_when_something_is_kept_is_told_by_the_newest_that_has_it(
    taken: Snapshots, place: Home, clock: Clock
) -> None:
    def has_first(connection: object) -> bool:
        return connection.execute("SELECT 1 FROM conversations WHERE id = 1").fetchone() is not None

    assert taken.kept_until("conversations.db", has_first, LARGE) is None
    taken.take(Reason.DAILY, LARGE)
    clock.now += DAY
    second = clock.now
    taken.take(Reason.DAILY, LARGE)
    assert taken.kept_until("conversations.db", has_first, LARGE) == second + 7 * DAY
    taken.rewrite(
        "conversations.db", has_first, lambda one: one.execute("DELETE FROM conversations WHERE id = 1")
    )
    assert taken.kept_until("conversations.db", has_first, LARGE) is None
    assert len(taken.all()) == 2
    assert taken.newest_sound() is not None
    assert not list(place.snapshots.glob("*/*changing*"))


def test_a_damaged_snapshot_that_should_be_rewritten_goes(taken: Snapshots, place: Home) -> None:
    snapshot = taken.take(Reason.DAILY, LARGE)
    path = place.snapshots / snapshot.name / "conversations.db"
    path.write_bytes(bytes(path.stat().st_size))
    assert taken.kept_until("conversations.db", lambda _: False, LARGE) is not None, "nobody knows"
    taken.rewrite("conversations.db", lambda _: False, lambda _: None)
    assert taken.all() == []
    assert not path.exists()
