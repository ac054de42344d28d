# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The files that keep what was read: private, bounded, whole or gone."""

import dataclasses
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.engine.state_files import PIECE
from assistant.engine.states import StateFolder, forget_saved, path_of, remove_orphans
from assistant.keys import HomeKey

TOKENS = [1, 40_000, 7]
STATE = memoryview(bytes(range(256)) * 40)
ROOM = 1 << 20


SEALING = HomeKey(bytes(range(32)), "home of a test")


@pytest.fixture(params=[None, SEALING], ids=["plain", "sealed"])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[StateFolder]:
    made = StateFolder(tmp_path / "states", ROOM, "key", request.param)
    yield made
    made.close()


def write(folder: StateFolder, slot: str = "conversation-1") -> Path:
    assert folder.write(slot, TOKENS, STATE).result()
    return path_of(folder._folder, slot)


def holds(folder: StateFolder, slot: str = "conversation-1") -> bool:
    """Say whether `slot` is saved, and assert that what is given back is what was written."""
    saved = folder.find(slot)
    if saved is None or (state := folder.read(saved)) is None:
        return False
    assert (list(saved.tokens), state) == (TOKENS, STATE)
    return True


def test_what_is_written_is_read_again(folder: StateFolder):
    assert not holds(folder)
    write(folder)
    assert holds(folder)
    assert not holds(folder, "conversation-2")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
def test_only_the_owner_can_read_them(folder: StateFolder, tmp_path: Path):
    path = write(folder)
    assert path.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "states").stat().st_mode & 0o777 == 0o700
    (tmp_path / "states").chmod(0o755)
    write(folder)
    assert (tmp_path / "states").stat().st_mode & 0o777 == 0o700


def test_no_name_of_a_conversation_stands_in_a_file_name(folder: StateFolder, tmp_path: Path):
    path = write(folder, "../../my divorce")
    assert path.parent == tmp_path / "states"
    assert path.name.removesuffix(".state").isalnum()
    assert holds(folder, "../../my divorce")


def test_a_state_of_another_key_is_left_alone(folder: StateFolder, tmp_path: Path):
    path = write(folder)
    sealing = getattr(folder._form, "_key", None)
    other = StateFolder(tmp_path / "states", ROOM, "another model", sealing)
    assert not holds(other)
    other.close()
    assert path.exists()
    assert holds(folder)


@pytest.mark.parametrize("part", [number / 50 for number in range(50)])
def test_a_truncated_file_is_refused_and_removed(folder: StateFolder, part: float):
    path = write(folder)
    os.truncate(path, int(path.stat().st_size * part))
    assert not holds(folder)
    assert not path.exists()


def test_an_altered_file_is_refused_and_removed(folder: StateFolder):
    chance = random.Random(5)
    for _ in range(200):
        path = write(folder)
        content = bytearray(path.read_bytes())
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(content)
        assert not holds(folder)
        assert not path.exists()


def test_a_state_that_has_no_room_in_memory_is_left_alone(folder: StateFolder):
    path = write(folder)
    saved = folder.find("conversation-1")
    assert saved is not None
    assert folder.read(dataclasses.replace(saved, size=1 << 60)) is None
    assert path.exists()


@pytest.fixture
def large() -> memoryview:
    return memoryview(random.Random(3).randbytes(2 * PIECE + 100))


def test_a_large_state_is_sealed_piece_by_piece_and_holds_no_plain_text(tmp_path: Path, large: memoryview):
    folder = StateFolder(tmp_path / "states", 8 << 20, "key", SEALING)
    assert folder.write("conversation-1", TOKENS, large).result()
    path = path_of(folder._folder, "conversation-1")
    written = path.read_bytes()
    assert not any(bytes(large[start : start + 16]) in written for start in range(0, len(large), PIECE // 4))
    saved = folder.find("conversation-1")
    assert saved is not None
    assert folder.read(saved) == large
    assert b'"key"' not in written
    folder.close()


def test_pieces_that_changed_places_are_refused(tmp_path: Path, large: memoryview):
    folder = StateFolder(tmp_path / "states", 8 << 20, "key", SEALING)
    assert folder.write("conversation-1", TOKENS, large).result()
    saved = folder.find("conversation-1")
    assert saved is not None
    content = bytearray(saved.path.read_bytes())
    each = PIECE + 16
    first, second = content[saved.start :][:each], content[saved.start + each :][:each]
    content[saved.start : saved.start + 2 * each] = second + first
    saved.path.write_bytes(content)
    assert folder.read(saved) is None
    assert not saved.path.exists()
    folder.close()


@pytest.mark.parametrize(
    ("first", "second"),
    [(None, SEALING), (SEALING, None), (SEALING, HomeKey(bytes(32), "another home"))],
)
def test_a_state_of_the_other_form_or_another_home_is_removed(
    tmp_path: Path, first: HomeKey | None, second: HomeKey | None
):
    written, found = (StateFolder(tmp_path / "states", ROOM, "key", one) for one in (first, second))
    path = write(written)
    assert not holds(found)
    assert not path.exists()
    written.close()
    found.close()


def test_a_sealed_state_under_another_name_is_refused(tmp_path: Path):
    folder = StateFolder(tmp_path / "states", ROOM, "key", SEALING)
    write(folder).rename(path_of(tmp_path / "states", "conversation-2"))
    assert not holds(folder, "conversation-2")
    folder.close()


def test_a_longer_file_is_refused_and_removed(folder: StateFolder):
    path = write(folder)
    path.write_bytes(path.read_bytes() + b"more")
    assert not holds(folder)
    assert not path.exists()


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_link_is_not_followed(folder: StateFolder, tmp_path: Path):
    path = write(folder)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert not holds(folder)
    path.with_suffix(".part").symlink_to(tmp_path / "victim")
    write(folder)
    assert not (tmp_path / "victim").exists()
    assert not path.is_symlink()
    assert holds(folder)


def test_what_was_used_longest_ago_goes_first(tmp_path: Path):
    size = StateFolder(tmp_path / "one", ROOM, "key")
    each = write(size).stat().st_size
    size.close()
    folder = StateFolder(tmp_path / "states", 3 * each, "key")
    for number in range(3):
        path = write(folder, f"conversation-{number}")
        os.utime(path, (number, number))
    assert holds(folder, "conversation-0"), "and is the one used last by that"
    write(folder, "conversation-3")
    assert [number for number in range(4) if holds(folder, f"conversation-{number}")] == [0, 2, 3]
    write(folder, "conversation-3")
    assert [number for number in range(4) if holds(folder, f"conversation-{number}")] == [0, 2, 3]
    folder.close()


def test_what_is_larger_than_all_the_room_is_not_written(tmp_path: Path, capsys):
    folder = StateFolder(tmp_path / "states", 1000, "key")
    assert folder.write("conversation-1", TOKENS, STATE).result() is False
    assert not holds(folder)
    folder.close()
    assert "not saved: it is larger" in capsys.readouterr().err


def test_files_of_others_are_left_alone(folder: StateFolder, tmp_path: Path):
    strange = tmp_path / "states" / "notes.txt"
    strange.parent.mkdir()
    strange.write_bytes(bytes(2 * ROOM))
    write(folder)
    remove_orphans(tmp_path / "states", [])
    assert list((tmp_path / "states").iterdir()) == [strange]


def test_a_folder_that_cannot_be_written_to_fails_nothing(tmp_path: Path, capsys):
    (tmp_path / "states").write_text("a file where the folder should be")
    folder = StateFolder(tmp_path / "states", ROOM, "key")
    assert folder.write("conversation-1", TOKENS, STATE).result() is False
    assert not holds(folder)
    folder.close()
    told = capsys.readouterr().err
    assert told.startswith("The state of a conversation was not saved: ")
    assert str(tmp_path) not in told


def test_a_full_disk_leaves_the_old_file_and_no_half_one(folder: StateFolder, monkeypatch, tmp_path: Path):
    path = write(folder)

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        assert folder.write("conversation-1", [5], STATE).result() is False
    assert list((tmp_path / "states").iterdir()) == [path]
    assert holds(folder)


def test_forgetting_removes_the_file_also_while_it_is_written(folder: StateFolder, tmp_path: Path):
    for _ in range(20):
        folder.write("conversation-1", TOKENS, STATE)
    folder.forget("conversation-1")
    assert list((tmp_path / "states").iterdir()) == []
    folder.forget("conversation-1")


def test_forgetting_needs_no_engine(folder: StateFolder, tmp_path: Path):
    path = write(folder)
    path.with_suffix(".part").write_bytes(b"half")
    forget_saved(tmp_path / "states", "conversation-1")
    assert list((tmp_path / "states").iterdir()) == []
    forget_saved(tmp_path / "nowhere", "conversation-1")
    forget_saved(None, "conversation-1")


def test_orphans_and_halves_are_removed_and_the_others_stay(folder: StateFolder, tmp_path: Path):
    kept, gone = write(folder, "conversation-1"), write(folder, "conversation-2")
    kept.with_suffix(".part").write_bytes(b"half")
    remove_orphans(tmp_path / "states", ["conversation-1", "conversation-3"])
    assert list((tmp_path / "states").iterdir()) == [kept]
    assert not gone.exists()
    remove_orphans(tmp_path / "nowhere", [])
    remove_orphans(None, [])


def test_forgetting_imports_nothing_that_only_a_worker_needs():
    program = "import sys, assistant.engine.states; print({'numpy', 'llama_cpp'} & {*sys.modules})"
    asked = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "set()"
