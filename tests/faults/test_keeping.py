# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Nothing is ever lost: damaged and newer databases, updates, snapshots and restores killed in the middle."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import pending
from assistant.conversations import MIGRATIONS, ConversationStore
from assistant.database import Database
from assistant.documents.store import Store
from assistant.errors import DamagedError, ReadOnlyError
from assistant.full_text import every_word_of
from assistant.home_lock import hold
from assistant.keys import HomeKey
from assistant.paths import Home
from assistant.restoring import restore_closed, start_from_readable
from assistant.settings import Settings
from assistant.snapshots import Reason, Snapshots, is_sound
from assistant.stores import Stores, budget_of, open_stores
from tests.fault_table import trials
from tests.faults.killing import changes_of, kill_at, spread, strace_works
from tests.homes import held_aside
from tests.old_homes import (
    ANSWER,
    DOCUMENT,
    OLD_CONVERSATIONS,
    OLD_LIBRARIES,
    PASSAGE,
    QUESTION,
    make_old_home,
    make_old_library,
)

KEY = HomeKey(bytes(range(32)), "home")
KEYS = pytest.mark.parametrize("key", [None, KEY], ids=["plain", "keyed"])
BUDGET = budget_of(Settings())
ROOTS = 24  # pages from which tables and indexes are found: what only a lost one leads to is lost
NEWEST = (len(MIGRATIONS), OLD_LIBRARIES.stop)
Record = Callable[[str, object], None]
needs_strace = pytest.mark.skipif(not strace_works(), reason="runs where strace is installed and may watch")


@pytest.fixture
def place(tmp_path: Path) -> Home:
    """Return a home without a key file: the tests give the key themselves."""
    home = Home(tmp_path / "place")
    home.create()
    return home


def opened(home: Home, key: HomeKey | None) -> Stores:
    pending.finish(home)
    return open_stores(home, key, Settings())


def check_readable(stores: Stores, count: int = 3) -> None:
    """Demand everything that `make_old_home` wrote."""
    store = ConversationStore(stores.conversations)
    assert len(store.all()) == count
    for conversation in store.all():
        words = [one.message.content for one in store.branch(conversation.id)]
        assert words == [QUESTION, ANSWER]
    assert len(store.search("제주행")) == count
    documents = Store(stores.documents)
    assert [str(one.path) for one in documents.documents()] == [DOCUMENT]
    assert documents.places(Path(DOCUMENT))[0].text == PASSAGE
    assert stores.conversations.problems() == stores.documents.problems() == []


def add_conversation(home: Home, key: HomeKey | None, words: str) -> None:
    stores = opened(home, key)
    store = ConversationStore(stores.conversations)
    store.add_question(store.create().id, None, words)
    stores.close()


def damaged(whole: bytes, how: str) -> bytes:
    pages = len(whole) // 4096
    content = bytearray(whole)
    if how in ("garbage page", "zeroed page"):
        middle = pages // 2 * 4096
        content[middle : middle + 4096] = os.urandom(4096) if how == "garbage page" else bytes(4096)
        return bytes(content)
    return {
        "empty": b"",
        "truncated": whole[: pages * 9 // 10 * 4096],
        "torn": whole[: len(whole) * 9 // 10 + 100],
        "zeroed": bytes(len(whole)),
        "garbage": os.urandom(len(whole)),
        "no first page": bytes(4096) + whole[4096:],
    }[how]


DAMAGES = ["empty", "truncated", "torn", "zeroed", "garbage", "no first page"]


@pytest.mark.fault("F8")
@KEYS
@pytest.mark.parametrize("name", ["conversations.db", "library.db"])
@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_database_is_kept_and_the_snapshot_comes_back(
    place: Home, key: HomeKey | None, name: str, how: str
) -> None:
    make_old_home(place, *NEWEST, key)
    snapshot = Snapshots(place, key).take(Reason.ASKED, BUDGET)
    path = place.root / name
    content = damaged(path.read_bytes(), how)
    path.write_bytes(content)
    with pytest.raises(DamagedError, match=f"maru restore {snapshot.name}") as error:
        opened(place, key)
    assert (error.value.file, error.value.snapshot) == (name, snapshot.name)
    assert path.read_bytes() == content, "nothing was changed"
    restored = restore_closed(place, key, snapshot.name, BUDGET)
    assert [one.kept_as for one in restored] == [f"{path.stem}.damaged-1.db"]
    assert held_aside(place, restored[0].kept_as, key) == content
    stores = opened(place, key)
    check_readable(stores)
    stores.close()


@pytest.mark.fault("F8")
@KEYS
def test_a_garbage_page_is_found_by_the_daily_snapshot_and_costs_no_sound_one(
    place: Home, key: HomeKey | None
) -> None:
    make_old_home(place, *NEWEST, key, 300)
    snapshots = Snapshots(place, key)
    sound = snapshots.take(Reason.ASKED, BUDGET)
    whole = place.conversations.read_bytes()
    content = damaged(whole, "garbage page")
    place.conversations.write_bytes(content)
    if key is not None:  # a plain page of rubbish may be taken for words
        with pytest.raises(DamagedError):
            snapshots.take(Reason.DAILY, BUDGET)
        assert [one.name for one in snapshots.all()] == [sound.name]
        assert sorted(place.snapshots.iterdir()) == [place.snapshots / sound.name]
    assert not is_sound(place.conversations, key)
    assert place.conversations.read_bytes() == content


@pytest.mark.fault("F8")
@KEYS
@pytest.mark.parametrize("how", ["garbage page", "zeroed page", "truncated", "torn", "zeroed"])
def test_what_can_be_read_of_a_damaged_database_goes_on(
    place: Home, key: HomeKey | None, how: str, record_property: Record
) -> None:
    record_property("trials", rounds := trials(small=1, full=20))
    for number in range(rounds):
        shutil.rmtree(place.root)
        make_old_home(place, *NEWEST, key, 200)
        content = damaged(place.conversations.read_bytes(), how)
        if how == "garbage page":
            content = bytearray(place.conversations.read_bytes())
            pages = range(ROOTS, len(content) // 4096)
            for page in random.Random(number).sample(pages, 3):
                content[page * 4096 : page * 4096 + 4096] = os.urandom(4096)
        place.conversations.write_bytes(content)
        found = start_from_readable(place, key)
        assert held_aside(place, "conversations.damaged-1.db", key) == bytes(content)
        stores = opened(place, key)
        store = ConversationStore(stores.conversations)
        for conversation in store.all():
            store.branch(conversation.id)
        if how != "zeroed":
            assert len(store.all()) > 20
            assert len(store.search("제주행", 1000)) > 20
            assert found[0].rows > 50
        store.add_question(store.create().id, None, "It goes on")
        assert stores.conversations.problems() == []
        stores.close()


@pytest.mark.fault("F8")
@KEYS
def test_a_library_with_holes_is_read_again_where_they_are(place: Home, key: HomeKey | None) -> None:
    make_old_home(place, *NEWEST, key)
    place.library.unlink()
    make_old_library(place.library, NEWEST[1], key, count=400)
    content = bytearray(place.library.read_bytes())
    for page in range(len(content) // 4096 // 3, len(content) // 4096, 9):
        content[page * 4096 : page * 4096 + 4096] = os.urandom(4096)
    place.library.write_bytes(content)
    found = start_from_readable(place, key)
    assert [one.file for one in found] == ["library.db"], "sound conversations stay where they are"
    stores = opened(place, key)
    assert len(ConversationStore(stores.conversations).all()) == 3
    documents = Store(stores.documents)
    read = documents.stored_in(1)
    whole = [one for one in read if one.content_id is not None]
    assert 0 < len(whole) < 400
    assert all(documents.places(one.row.path)[0].text == PASSAGE for one in whole)
    assert all(one.stamp.size == -1 for one in read if one.content_id is None), "to be read again"
    with stores.documents.read() as connection:
        found_by = "SELECT count(*) FROM chunk_terms WHERE chunk_terms MATCH ?"
        terms = connection.execute(found_by, (every_word_of("ferry"),)).fetchone()
    assert terms == (len(whole),)
    assert stores.documents.problems() == []
    stores.close()


@pytest.mark.fault("F8")
@KEYS
def test_a_lost_log_costs_what_was_in_it_alone(place: Home, key: HomeKey | None) -> None:
    make_old_home(place, *NEWEST, key)
    stores = opened(place, key)
    store = ConversationStore(stores.conversations)
    store.add_question(store.create().id, None, "only in the log")
    copy = Home(place.root.with_name("copy"))
    shutil.copytree(place.root, copy.root)  # as a crash leaves it
    stores.close()
    log = copy.root / "conversations.db-wal"
    assert log.stat().st_size > 0
    log.unlink()
    stores = opened(copy, key)
    check_readable(stores)
    stores.close()


@pytest.mark.fault("F8")
@KEYS
def test_a_database_that_is_gone_does_not_come_back_empty_where_a_snapshot_has_it(
    place: Home, key: HomeKey | None
) -> None:
    make_old_home(place, *NEWEST, key)
    snapshot = Snapshots(place, key).take(Reason.ASKED, BUDGET)
    place.conversations.unlink()
    with pytest.raises(DamagedError, match="gone") as error:
        opened(place, key)
    assert error.value.snapshot == snapshot.name
    assert not place.conversations.exists()
    restore_closed(place, key, snapshot.name, BUDGET)
    stores = opened(place, key)
    check_readable(stores)
    stores.close()


@pytest.mark.fault("F8")
@KEYS
@pytest.mark.parametrize("newer", ["conversations.db", "library.db"])
def test_a_newer_schema_is_read_and_not_changed(place: Home, key: HomeKey | None, newer: str) -> None:
    make_old_home(place, *NEWEST, key)
    for path, version in ((place.conversations, NEWEST[0]), (place.library, NEWEST[1])):
        if path.name == newer:
            more = (*[lambda _: None] * version, lambda one: one.execute("CREATE TABLE more (id INTEGER)"))
            Database.open(path, more, key).close()
    before = [path.read_bytes() for path in (place.conversations, place.library)]
    stores = opened(place, key)
    assert "newer Maru" in str(stores.read_only)
    check_readable(stores)
    for database in (stores.conversations, stores.documents):
        with pytest.raises(ReadOnlyError, match="newer Maru"):
            database.write(lambda one: one.execute("DELETE FROM collections"))
    stores.close()
    assert [path.read_bytes() for path in (place.conversations, place.library)] == before
    assert Snapshots(place, key).all() == []


OLD = [(one, other) for one in (*OLD_CONVERSATIONS, NEWEST[0]) for other in (*OLD_LIBRARIES, NEWEST[1])][:-1]


@pytest.mark.fault("F14")
@KEYS
def test_every_earlier_schema_is_brought_up_to_date(
    tmp_path: Path, key: HomeKey | None, record_property: Record
) -> None:
    record_property("trials", len(OLD))
    for conversations, library in OLD:
        home = Home(tmp_path / f"{conversations}-{library}")
        make_old_home(home, conversations, library, key)
        stores = opened(home, key)
        check_readable(stores)
        stores.close()
        assert [one.reason for one in Snapshots(home, key).all()] == [Reason.UPDATE]
        stores = opened(home, key)
        check_readable(stores)
        stores.close()
        assert len(Snapshots(home, key).all()) == 1, "once"


@pytest.mark.fault("F14")
@KEYS
def test_the_state_before_an_update_can_be_restored(place: Home, key: HomeKey | None) -> None:
    make_old_home(place, 1, 1, key)
    opened(place, key).close()
    add_conversation(place, key, "written later")
    before = Snapshots(place, key).all()[0]
    restore_closed(place, key, before.name, BUDGET)
    stores = opened(place, key)
    check_readable(stores)
    stores.close()
    assert Reason.RESTORE in [one.reason for one in Snapshots(place, key).all()]


def version_of(path: Path, key: HomeKey | None) -> int:
    database = Database.open(path, (), key, read_only="looked at")
    with database.read() as connection:
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    database.close()
    return version


def child(action: str, home: Home, key: HomeKey | None) -> list[str]:
    secret = key.secret.hex() if key else ""
    return ["tests.faults.keeping_child", action, str(home.root), secret]


def killed_everywhere(
    action: str, prepared: Home, key: HomeKey | None, count: int, check: Callable[[Home], None]
) -> int:
    """Kill `action` at `count` of its changes, each time in a copy of a home, and check what is left."""
    work = Home(prepared.root.with_name("work"))
    shutil.copytree(prepared.root, work.root)
    points = changes_of(child(action, work, key), prepared.root.with_name("calls"))
    done = 0
    for call, number in spread(points, count):
        shutil.rmtree(work.root)
        shutil.copytree(prepared.root, work.root)
        done += kill_at(child(action, work, key), call, number)
        check(work)
    assert done >= count // 2, "else nothing was killed"
    return done


@needs_strace
@pytest.mark.fault("F14")
@KEYS
def test_an_update_killed_anywhere_loses_nothing_and_runs_again(
    place: Home, key: HomeKey | None, record_property: Record
) -> None:
    make_old_home(place, 1, 1, key)

    def check(home: Home) -> None:
        changed = version_of(home.conversations, key) > 1 or version_of(home.library, key) > 1
        snapshots = Snapshots(home, key)
        assert not changed or [one.reason for one in snapshots.all()] == [Reason.UPDATE], "snapshot first"
        stores = opened(home, key)
        check_readable(stores)
        stores.close()
        for one in snapshots.all():
            assert all(is_sound(path, key) for path in snapshots.files(one))
        assert all(not path.name.startswith(".") for path in home.snapshots.iterdir())

    record_property("trials", killed_everywhere("update", place, key, trials(small=3, full=60), check))


@needs_strace
@pytest.mark.fault("F14")
@KEYS
def test_a_snapshot_killed_anywhere_is_whole_or_not_there(
    place: Home, key: HomeKey | None, record_property: Record
) -> None:
    make_old_home(place, *NEWEST, key)

    def check(home: Home) -> None:
        snapshots = Snapshots(home, key)
        for one in snapshots.all():
            assert all(is_sound(path, key) for path in snapshots.files(one))
        stores = opened(home, key)
        check_readable(stores)
        stores.close()
        assert all(not path.name.startswith(".") for path in home.snapshots.glob("*"))

    record_property("trials", killed_everywhere("snapshot", place, key, trials(small=2, full=60), check))


@needs_strace
@pytest.mark.fault("F14")
@KEYS
def test_a_restore_killed_anywhere_ends_in_one_state_or_the_other(
    place: Home, key: HomeKey | None, record_property: Record
) -> None:
    make_old_home(place, *NEWEST, key)
    Snapshots(place, key).take(Reason.ASKED, BUDGET)
    add_conversation(place, key, "written later")

    def check(home: Home) -> None:
        stores = opened(home, key)
        later = ConversationStore(stores.conversations).search("written later")
        if not later:
            check_readable(stores)
            assert [one.reason for one in stores.snapshots.all()] == [Reason.RESTORE, Reason.ASKED]
        stores.close()
        assert not list(home.root.glob("*.restoring*"))
        assert not home.pending.exists()

    record_property("trials", killed_everywhere("restore", place, key, trials(small=3, full=80), check))


@needs_strace
@pytest.mark.fault("F8")
@KEYS
def test_a_rescue_killed_anywhere_keeps_the_damaged_file(
    place: Home, key: HomeKey | None, record_property: Record
) -> None:
    make_old_home(place, *NEWEST, key, 100)
    content = damaged(place.conversations.read_bytes(), "torn")
    place.conversations.write_bytes(content)

    def check(home: Home) -> None:
        pending.finish(home)
        start_from_readable(home, key)
        assert held_aside(home, "conversations.damaged-1.db", key) == content
        stores = opened(home, key)
        assert len(ConversationStore(stores.conversations).all()) > 20
        stores.close()

    record_property("trials", killed_everywhere("rescue", place, key, trials(small=2, full=60), check))


@needs_strace
@pytest.mark.fault("F14")
def test_a_wipe_of_everything_killed_anywhere_is_done_by_the_next_start(
    place: Home, record_property: Record
) -> None:
    make_old_home(place, *NEWEST, None)
    Snapshots(place, None).take(Reason.ASKED, BUDGET)

    def check(home: Home) -> None:
        planned = home.pending.exists()
        stores = opened(home, None)
        store = ConversationStore(stores.conversations)
        if planned or not store.all():
            assert store.all() == []
            assert stores.snapshots.all() == []
        else:
            check_readable(stores)
        stores.close()

    record_property("trials", killed_everywhere("wipe", place, None, trials(small=2, full=30), check))


@pytest.mark.fault("F17")
def test_a_drive_that_goes_away_is_told_and_nothing_is_written_elsewhere(place: Home, tmp_path: Path) -> None:
    make_old_home(place, *NEWEST, KEY)
    stores = opened(place, KEY)
    store = ConversationStore(stores.conversations)
    place.root.rename(tmp_path / "unplugged")
    with pytest.raises(Exception, match=r"cannot be read or written|not there|damaged") as error:
        stores.snapshots.take(Reason.DAILY, BUDGET)
    assert type(error.value).__module__ == "assistant.errors"
    del store
    stores.close()
    assert [path.name for path in tmp_path.iterdir()] == ["unplugged"]
    (tmp_path / "unplugged").rename(place.root)
    stores = opened(place, KEY)
    check_readable(stores)
    stores.close()


@pytest.mark.fault("F17")
def test_a_file_that_another_program_locks_is_named(place: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlcipher3 import dbapi2

    make_old_home(place, *NEWEST, None)
    monkeypatch.setattr("assistant.database_keys.BUSY_MS", 1)
    other = dbapi2.connect(str(place.conversations), isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with hold(place), pytest.raises(Exception, match=r"Another program is using conversations\.db"):
        opened(place, None)
    other.close()
    stores = opened(place, None)
    check_readable(stores)
    stores.close()
