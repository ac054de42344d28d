# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The documents in the background: folders watched, drives that go, work paused, dropped and gone on with."""

import contextlib
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from assistant.app_events import AppEvent, Broadcast
from assistant.database import Database
from assistant.documents.collection import FolderState, IndexingState
from assistant.documents.library import Library
from assistant.documents.protocol import FileResult, FileStatus
from assistant.documents.schema import MIGRATIONS
from assistant.errors import DatabaseError, DocumentError, NotFoundError
from assistant.indexing import Indexing
from assistant.intake import Intake
from assistant.paths import Home
from assistant.texts import text
from tests.fakes import HashEmbedder, LineReader
from tests.waiting import PATIENCE_S, until


class World:
    """A library with its background, over a real database."""

    def __init__(self, home: Home) -> None:
        self.reader, self.embedder = LineReader(), HashEmbedder()
        self.database = Database.open(home.library, MIGRATIONS, None)
        self.library = Library(self.database, self.reader, self.embedder, None)
        self.told: list[AppEvent] = []
        self.open()

    def open(self) -> None:
        self.intake = _NoTokens(self.library, None, None, Broadcast())  # type: ignore[arg-type]
        self.indexing = Indexing(self.library, self.told.append, contextlib.nullcontext, self.intake)

    def close(self) -> None:
        self.indexing.close()
        self.library.close()
        self.database.close()

    def finds(self, words: str) -> list[str]:
        found = self.library.search(words, limit=50).found
        return sorted(Path(one.document).name for one in found if words in one.text)

    def until(self, true: Callable[[], object]) -> None:
        until(true, lambda: (self.library.documents(), self.told[-5:]))

    def rest(self) -> None:
        """Wait until all that was asked for has been done: what is due is done at the start of a round."""
        for _ in range(2):
            done = threading.Event()
            self.indexing.after(0, done.set)
            assert done.wait(PATIENCE_S), self.told[-5:]

    def let_a_minute_pass(self) -> None:
        """Let the look that comes now and then be due, and wait for all that comes of it."""

        def due() -> None:
            self.indexing._next_look = 0.0001

        self.indexing.after(0, due)
        self.rest()


class _NoTokens(Intake):
    split = 0

    def split_by_tokens(self) -> None:
        self.split += 1


@pytest.fixture
def world(home: Home) -> Iterator[World]:
    made = World(home)
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "watched"
    made.mkdir()
    return made


def test_a_watched_folder_is_kept_up_with(world: World, folder: Path) -> None:
    (folder / "one.txt").write_text("apples")
    world.indexing.add([folder])
    world.until(lambda: world.finds("apples") == ["one.txt"])
    world.until(lambda: world.library.collections()[0].folders[0].state is FolderState.WATCHED)

    (folder / "two.txt").write_text("pears")
    world.until(lambda: world.finds("pears") == ["two.txt"])
    (folder / "two.txt").write_text("plums and cherries")
    world.until(lambda: world.finds("plums") == ["two.txt"] and not world.finds("pears"))
    reads = len(world.reader.reads)
    (folder / "two.txt").rename(folder / "three.txt")
    world.until(lambda: world.finds("plums") == ["three.txt"])
    assert len(world.reader.reads) == reads, "a renamed file is not read again"
    (folder / "three.txt").unlink()
    world.until(lambda: not world.finds("plums"))
    (folder / "deep").mkdir()
    (folder / "deep" / "four.txt").write_text("quinces")
    world.until(lambda: world.finds("quinces") == ["four.txt"])


def test_what_happened_before_the_start_is_noticed(world: World, folder: Path) -> None:
    for name in ("one", "two", "three"):
        (folder / f"{name}.txt").write_text(f"apples {name}")
    world.indexing.add([folder])
    world.until(lambda: len(world.finds("apples")) == 3 and not world.library.missing())
    world.indexing.close()
    (folder / "one.txt").unlink()
    (folder / "two.txt").rename(folder / "zwei.txt")
    (folder / "four.txt").write_text("apples four")
    embedded = len(world.embedder.embedded)
    world.open()
    world.indexing.start()
    world.until(lambda: world.finds("apples") == ["four.txt", "three.txt", "zwei.txt"])
    world.until(lambda: not world.library.missing())  # a word is found before its vector is made
    assert len(world.embedder.embedded) == embedded + 1


def test_a_folder_that_is_away_keeps_its_documents(world: World, folder: Path) -> None:
    for name in ("one", "two"):
        (folder / f"{name}.txt").write_text(f"apples {name}")
    world.indexing.add([folder])
    world.until(lambda: len(world.finds("apples")) == 2)
    away = folder.with_name("away")
    folder.rename(away)
    world.indexing.look()
    world.until(lambda: not any(row.there for row in world.library.documents()))
    world.until(lambda: world.library.collections()[0].folders[0].state is FolderState.NOT_THERE)
    assert len(world.finds("apples")) == 2, "they are still found"
    (away / "one.txt").unlink()
    away.rename(folder)
    world.indexing.look()
    world.until(lambda: world.finds("apples") == ["two.txt"])
    world.until(lambda: all(row.there for row in world.library.documents()))


def test_a_single_file_is_kept_up_with(world: World, folder: Path) -> None:
    one = folder / "one.txt"
    one.write_text("apples")
    world.indexing.add([one])
    world.until(lambda: world.finds("apples") == ["one.txt"])
    one.rename(folder / "uno.txt")
    world.indexing.look()
    world.until(lambda: world.finds("apples") == ["uno.txt"])
    (folder / "uno.txt").unlink()
    (folder / "other.txt").write_text("not added")
    world.indexing.look()
    world.until(lambda: not world.library.documents())
    assert world.finds("added") == []


def test_a_single_file_goes_with_its_folder_or_follows_its_new_name(world: World, folder: Path) -> None:
    for name in ("one", "two"):
        (folder / name).mkdir()
        (folder / name / f"{name}.txt").write_text(f"apples {name}")
        world.indexing.add([folder / name / f"{name}.txt"])
    world.until(lambda: world.finds("apples") == ["one.txt", "two.txt"])
    reads = len(world.reader.reads)
    shutil.rmtree(folder / "one")
    (folder / "two").rename(folder / "zwei")
    world.indexing.look()
    world.until(lambda: world.finds("apples") == ["two.txt"])
    world.until(lambda: [one.path for one in world.library.documents()] == [folder / "zwei" / "two.txt"])
    assert world.library.documents()[0].there
    assert len(world.reader.reads) == reads, "what was renamed is not read again"


def test_a_single_file_on_a_drive_that_is_away_stays(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive = folder / "drive"
    drive.mkdir()
    (drive / "one.txt").write_text("apples")
    world.indexing.add([drive / "one.txt"])
    world.until(lambda: world.finds("apples"))
    with world.database.read() as connection:
        (device,) = connection.execute("SELECT device FROM documents").fetchone()
    world.database.write(
        lambda connection: connection.execute("UPDATE documents SET device = ?", (device + 1,))
    )
    shutil.rmtree(drive)  # with the folder it was mounted at; what is left lies on another device
    world.indexing.look()
    world.until(lambda: not world.library.documents()[0].there)
    assert world.finds("apples")


def test_what_was_removed_from_a_watched_folder_stays_out(world: World, folder: Path) -> None:
    for name in ("one", "two"):
        (folder / f"{name}.txt").write_text(f"apples {name}")
    world.indexing.add([folder])
    world.until(lambda: len(world.finds("apples")) == 2)
    world.library.remove(folder / "one.txt")
    (folder / "one.txt").write_text("apples changed")
    (folder / "three.txt").write_text("apples three")
    world.until(lambda: world.finds("apples") == ["three.txt", "two.txt"])
    world.indexing.add([folder / "one.txt"])
    world.until(lambda: len(world.finds("apples")) == 3)


def test_pausing_keeps_what_waits_and_cancelling_drops_it(world: World, folder: Path) -> None:
    for number in range(30):
        (folder / f"{number}.txt").write_text(f"apples {number}")
    world.indexing.pause()
    world.indexing.add([folder], watch=False)
    world.until(lambda: world.library.collections() and world.library.collections()[0].waiting == 30)
    assert world.indexing.state.paused
    assert world.library.documents() == []
    world.indexing.cancel()
    world.until(lambda: world.library.collections()[0].waiting == 0)
    world.indexing.resume()
    world.indexing.add([folder], watch=False)
    world.until(lambda: len(world.library.documents()) == 30)
    states = [one for one in world.told if isinstance(one, IndexingState)]
    assert max(one.of_files for one in states) >= 30


class Gated(HashEmbedder):
    """Another model, which makes no vectors before it may."""

    def __init__(self) -> None:
        super().__init__("b" * 64)
        self.asked_for, self.may = threading.Event(), threading.Event()

    def passages(self, texts: Sequence[str]) -> list[bytes]:
        self.asked_for.set()
        assert self.may.wait(PATIENCE_S)
        return super().passages(texts)


def changing(world: World, folder: Path) -> Gated:
    """Read 100 passages, then choose another model, which has just begun."""
    (folder / "apples.txt").write_text("\n".join(f"apples {number}" for number in range(100)))
    world.indexing.add([folder / "apples.txt"])
    world.until(lambda: world.finds("apples 7") and not world.library.missing())
    new = Gated()

    def choose() -> bool:
        world.library.use_embedder(new)
        return True

    world.indexing.change(choose)
    world.until(new.asked_for.is_set)
    state = world.indexing.state
    assert (state.made, state.of_made, state.of_files) == (0, 100, 0)
    return new


def test_cancelling_stops_the_vectors_of_another_model_until_the_next_start(
    world: World, folder: Path
) -> None:
    new = changing(world, folder)
    world.indexing.cancel()
    new.may.set()
    world.until(lambda: world.indexing.state == IndexingState())
    made = len(new.embedded)
    assert 0 < made < 100
    (folder / "pears.txt").write_text("pears")
    world.indexing.add([folder / "pears.txt"])
    world.until(lambda: world.finds("pears"))
    world.rest()
    assert len(new.embedded) == made, "what is added is no reason to go on"
    assert world.library.search("apples 7").vectors_used, "the model before answers"

    world.indexing.close()
    world.open()
    world.indexing.start()
    world.until(lambda: not world.library.missing())
    assert len(new.embedded) == 101, "what was made is not made again"


def test_pausing_stops_the_vectors_of_another_model_until_it_goes_on(world: World, folder: Path) -> None:
    new = changing(world, folder)
    world.indexing.pause()
    new.may.set()
    world.until(lambda: world.library.missing() < 100)
    (folder / "pears.txt").write_text("pears")
    world.indexing.add([folder / "pears.txt"])
    world.until(lambda: world.library.collections()[0].waiting == 1)
    assert (world.indexing.state.paused, len(new.embedded)) == (True, 16), "one batch, which was in hand"
    world.indexing.resume()
    world.until(lambda: not world.library.missing())
    world.until(lambda: world.indexing.state == IndexingState())


def test_choosing_a_model_again_goes_on_with_what_was_cancelled(world: World, folder: Path) -> None:
    new = changing(world, folder)
    world.indexing.cancel()
    new.may.set()
    world.until(lambda: world.indexing.state == IndexingState())
    world.indexing.change(lambda: True)
    world.until(lambda: not world.library.missing())


def test_a_third_model_chosen_while_the_vectors_of_a_second_are_made_gets_its_own(
    world: World, folder: Path
) -> None:
    second, third = changing(world, folder), HashEmbedder("c" * 64)

    def choose() -> bool:
        world.library.use_embedder(third)
        return True

    world.indexing.change(choose)
    second.may.set()
    world.until(lambda: len(third.embedded) == 100 and not world.library.missing())


def test_the_parser_may_learn_other_tokens_between_two_files(world: World, folder: Path) -> None:
    for name in ("one", "two", "three"):
        (folder / f"{name}.txt").write_text(f"apples {name}")
    world.indexing.add([folder])
    world.until(lambda: len(world.finds("apples")) == 3)
    world.until(lambda: world.indexing.state == IndexingState())
    assert world.intake.split >= 3


def test_what_is_due_is_done_in_time_also_while_it_is_paused(world: World) -> None:
    done: list[str] = []
    world.indexing.after(3600, lambda: done.append("much later"))
    world.indexing.pause()
    world.indexing.start()
    world.indexing.after(0.05, lambda: done.append("soon"))
    world.until(lambda: done == ["soon"])


def test_a_protected_file_is_read_with_its_password(world: World, folder: Path) -> None:
    secret = folder / "secret.txt"
    secret.write_text("apples")
    world.reader.passwords["secret.txt"] = "open"
    world.indexing.add([secret])
    world.until(lambda: [row.status for row in world.library.documents()] == ["protected"])
    world.indexing.unlock(secret, "wrong")
    world.until(lambda: sum(isinstance(one, FileResult) for one in world.told) == 2)
    world.indexing.unlock(secret, "open")
    world.until(lambda: world.finds("apples") == ["secret.txt"])
    world.library.render(secret, 1, 1.0)
    assert world.reader.rendered[-1].password == "open"


def test_what_was_set_aside_is_read_again_when_asked(world: World, folder: Path) -> None:
    bad = folder / "bad.txt"
    bad.write_bytes(b"\x00")
    world.indexing.add([folder])
    world.until(lambda: [row.status for row in world.library.documents()] == ["failed"])
    reads = len(world.reader.reads)
    world.indexing.look()
    world.indexing.retry()
    world.until(lambda: len(world.reader.reads) == reads + 1)


def test_files_of_a_conversation_come_first_and_are_seen_by_it_alone(world: World, folder: Path) -> None:
    for number in range(5):
        (folder / f"{number}.txt").write_text(f"apples {number}")
    own = folder.parent / "own.txt"
    own.write_text("apples of my own")
    world.indexing.pause()
    world.indexing.add([folder])
    world.indexing.add_to_conversation([own], 7)
    world.until(lambda: world.library.conversation_collection(7))
    world.indexing.resume()
    world.until(lambda: len(world.library.documents()) == 5)
    done = [one.path.name for one in world.told if isinstance(one, FileResult)]
    assert done[0] == "own.txt"
    assert "own.txt" not in world.finds("apples")
    name = world.library.conversation_collection(7).name  # type: ignore[union-attr]
    [passage] = world.library.search("apples", [name]).found
    assert passage.document == str(own)


def test_a_folder_that_is_let_be_takes_its_documents_along_or_leaves_them(world: World, folder: Path) -> None:
    (folder / "one.txt").write_text("apples")
    world.indexing.add([folder], "fruit")
    world.until(lambda: world.finds("apples"))
    world.indexing.unwatch("fruit", folder, keep=True)
    world.until(lambda: not world.library.collections()[0].folders)
    assert world.finds("apples")
    world.indexing.watch("fruit", folder)
    world.until(lambda: world.library.collections()[0].folders)
    world.indexing.unwatch("fruit", folder)
    world.until(lambda: not world.finds("apples"))


def test_of_a_folder_that_is_let_be_at_once_everything_is_read_all_the_same(
    world: World, folder: Path
) -> None:
    for number in range(5):
        (folder / f"{number}.txt").write_text(f"apples {number}")
    world.indexing.pause()
    world.indexing.add([folder], "fruit")
    world.until(lambda: world.library.collections() and world.library.collections()[0].waiting == 5)
    world.indexing.unwatch("fruit", folder, keep=True)
    world.until(lambda: not world.library.collections()[0].folders)
    world.indexing.resume()
    world.until(lambda: len(world.finds("apples")) == 5)
    (folder / "5.txt").write_text("apples 5")
    world.indexing.look()
    world.rest()
    assert len(world.finds("apples")) == 5, "what comes later is left alone"


def test_a_folder_without_any_more_watches_is_looked_at(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import watchfiles

    def full(*_: object, **__: object) -> Iterator[object]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(watchfiles, "watch", full)
    (folder / "one.txt").write_text("apples")
    world.indexing.add([folder])
    world.until(lambda: world.finds("apples"))
    world.until(lambda: world.library.collections()[0].folders[0].state is FolderState.LOOKED_AT)
    (folder / "two.txt").write_text("pears")
    world.let_a_minute_pass()
    assert world.finds("pears")


def test_what_changed_behind_a_link_in_a_watched_folder_is_read_anew(
    world: World, folder: Path, tmp_path: Path
) -> None:
    behind = tmp_path / "elsewhere.txt"
    behind.write_text("apples")
    (folder / "link.txt").symlink_to(behind)
    world.indexing.add([folder])
    world.until(lambda: world.finds("apples"))
    world.until(lambda: world.library.collections()[0].folders[0].state is FolderState.WATCHED)
    world.rest()
    behind.write_text("pears and plums")  # the system tells the folder nothing of it
    world.let_a_minute_pass()
    assert world.finds("pears") == ["link.txt"]
    assert not world.finds("apples")
    behind.unlink()
    world.let_a_minute_pass()
    assert not world.finds("pears")


def test_names_that_are_not_unicode_are_named_once(world: World, folder: Path) -> None:
    (folder / "good.txt").write_text("apples")
    (folder / "bad\udcff.txt").write_text("pears")
    world.indexing.add([folder])
    world.until(lambda: world.finds("apples"))
    world.indexing.look()
    world.indexing.look()
    world.rest()
    results = [one for one in world.told if isinstance(one, FileResult) and one.status is FileStatus.FAILED]
    assert [one.path.name for one in results] == ["bad\udcff.txt"]
    assert "letters" in results[0].reason


def test_deleting_a_collection_leaves_nothing_of_it(world: World, folder: Path) -> None:
    (folder / "one.txt").write_text("apples")
    world.indexing.add([folder], "fruit")
    world.until(lambda: world.finds("apples"))
    world.library.delete_collection("fruit")
    assert world.library.collections() == []
    assert world.finds("apples") == []
    with world.database.read() as connection:
        assert connection.execute("SELECT count(*) FROM chunks").fetchone() == (0,)
    shutil.rmtree(folder)


def test_a_drive_that_was_mounted_in_a_folder_keeps_its_documents_while_it_is_away(
    world: World, folder: Path
) -> None:
    drive = folder / "drive"
    (drive / "deep").mkdir(parents=True)
    (drive / "deep" / "one.txt").write_text("apples")
    (folder / "two.txt").write_text("apples here")
    world.indexing.add([folder])
    world.until(lambda: len(world.finds("apples")) == 2)
    world.indexing.close()
    world.database.write(
        lambda connection: connection.execute("UPDATE documents SET device = 7 WHERE path LIKE '%one.txt'")
    )
    shutil.move(drive / "deep", folder.parent / "away")  # what stays is empty, on another device
    (folder / "two.txt").unlink()
    world.open()
    world.indexing.start()
    world.until(lambda: world.finds("apples") == ["one.txt"])
    world.until(lambda: [row.there for row in world.library.documents()] == [False])
    for event in world.library.add([folder]):
        assert event.status is FileStatus.UNCHANGED, event  # type: ignore[union-attr]
    shutil.move(folder.parent / "away", drive / "deep")
    world.indexing.look()
    world.until(lambda: [row.there for row in world.library.documents()] == [True])
    shutil.rmtree(drive)
    (folder / "three.txt").write_text("pears")
    world.until(lambda: not world.finds("apples"))


def test_a_file_that_was_set_aside_for_its_name_is_read_under_another(world: World, folder: Path) -> None:
    world.reader.passwords["half.txt.part"] = world.reader.passwords["single.part"] = "not known"
    (folder / "half.txt.part").write_text("apples")
    single = folder.parent / "single.part"
    single.write_text("pears")
    world.indexing.add([folder, single])
    world.until(lambda: [row.status for row in world.library.documents()] == ["protected", "protected"])
    world.indexing.close()
    (folder / "half.txt.part").rename(folder / "half.txt")
    single.rename(single.with_suffix(".txt"))
    world.open()
    world.indexing.start()
    world.until(lambda: world.finds("apples") == ["half.txt"] and world.finds("pears") == ["single.txt"])


def test_a_collection_that_is_deleted_while_its_folder_is_looked_at_takes_nothing_in(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "one.txt").write_text("apples")
    put = world.library.filing.queue.put

    def late(*given: object, **more: object) -> int:
        world.library.delete_collection("fruit")
        return put(*given, **more)  # type: ignore[arg-type]

    world.library.create_collection("fruit")
    with monkeypatch.context() as patch:
        patch.setattr(world.library.filing.queue, "put", late)
        world.indexing.add([folder], "fruit", watch=False)
        world.until(lambda: not world.library.collections())
    (folder / "two.txt").write_text("pears")
    world.indexing.add([folder / "two.txt"])
    world.until(lambda: world.finds("pears") == ["two.txt"])
    assert not world.indexing.state.paused
    assert not world.finds("apples")


def test_a_collection_that_is_deleted_while_a_file_of_it_is_read_keeps_nothing_of_it(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "one.txt").write_text("apples")
    take_out = world.library.filing._store.take_out
    reading, go_on = threading.Event(), threading.Event()
    read = world.reader.read

    def slowly(*given: object, **more: object) -> object:
        reading.set()
        assert go_on.wait(PATIENCE_S)
        return read(*given, **more)  # type: ignore[arg-type]

    def meanwhile(*given: object) -> list[int]:
        gone = take_out(*given)  # type: ignore[arg-type]
        go_on.set()
        world.until(lambda: any(isinstance(one, FileResult) for one in world.told))
        return gone

    monkeypatch.setattr(world.reader, "read", slowly)
    monkeypatch.setattr(world.library.filing._store, "take_out", meanwhile)
    world.indexing.add([folder], "fruit", watch=False)
    assert reading.wait(PATIENCE_S)
    world.library.delete_collection("fruit")
    assert world.library.collections() == []
    assert not world.finds("apples")


def test_a_look_that_fails_is_not_tried_without_end(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "one.txt").write_text("apples")
    world.indexing.add([folder])
    world.until(lambda: world.finds("apples"))
    looks: list[int] = []

    def broken() -> object:
        looks.append(1)
        raise DatabaseError(text("The database cannot be read."))

    monkeypatch.setattr(world.library.filing.folders, "look_at_single", broken)
    world.let_a_minute_pass()
    assert world.indexing.state.paused
    for _ in range(2):
        world.indexing.add([], watch=False)
        world.rest()
    assert len(looks) == 1


def test_a_folder_with_an_invalid_name_is_named_and_holds_nothing_up(world: World, folder: Path) -> None:
    bad, good = folder / "bad\udcff", folder / "good.txt"
    bad.mkdir()
    (bad / "one.txt").write_text("apples")
    good.write_text("pears")
    world.indexing.add([bad, good])
    world.until(lambda: world.finds("pears") == ["good.txt"])
    world.library.watch("default", [bad])
    [event] = world.library.add([bad])
    assert isinstance(event, FileResult)
    assert (event.path, event.status) == (bad, FileStatus.FAILED)
    assert "letters" in event.reason
    with pytest.raises(NotFoundError, match="letters"):
        world.library.remove(bad)


def test_vectors_that_cannot_be_made_are_not_tried_without_end(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "one.txt").write_text("apples")
    world.indexing.add([folder])
    world.until(lambda: world.finds("apples"))
    world.until(lambda: world.library.collections()[0].folders[0].state is FolderState.WATCHED)
    world.rest()  # or the vectors of the file that was added are a try more
    world.database.write(lambda connection: connection.execute("DELETE FROM vectors"))
    catch_up, tries = world.library.catch_up, []

    def counted(stop: threading.Event | None = None) -> Iterator[tuple[int, int]]:
        tries.append(1)
        return catch_up(stop)

    monkeypatch.setattr(world.library, "catch_up", counted)
    world.embedder.fail()
    world.indexing.change(lambda: True)
    world.until(lambda: "failed" in world.indexing.state.problem)
    for _ in range(3):
        world.indexing.add([], watch=False)
        world.rest()
    assert len(tries) == 1
    world.embedder.error = None
    world.indexing.change(lambda: True)
    world.until(lambda: len(tries) == 2)


def test_a_file_whose_drive_goes_while_it_is_read_is_read_when_it_is_back(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "one.txt").write_text("apples")
    away, read = folder.with_name("away"), world.reader.read
    went: list[Path] = []

    def breaks(path: Path, *more: object, **named: object) -> object:
        if not went:
            went.append(folder.rename(away))
            raise DocumentError(text("one.txt could not be read."))
        return read(path, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(world.reader, "read", breaks)
    world.indexing.add([folder])
    world.until(lambda: any(isinstance(one, FileResult) for one in world.told))
    away.rename(folder)
    world.indexing.look()
    world.until(lambda: world.finds("apples") == ["one.txt"])
