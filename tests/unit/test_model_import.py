# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Models brought into the home and taken out again; what stops an import is in tests/faults."""

import hashlib
import os
import shutil
import stat
import threading
from pathlib import Path

import pytest

from assistant import model_files, model_import
from assistant.errors import EngineError, MaruError, ModelError
from assistant.model_files import UNFINISHED, ModelFile
from assistant.model_import import Importing, ImportProgress, import_model, remove_model
from assistant.paths import Home
from tests.gguf_files import CHAT, write_gguf, write_parts

WEIGHTS = [("w", (512, 700))]  # more than one block


def brought(steps: Importing) -> ModelFile:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: ModelFile = end.value
            return found


def names(home: Home) -> set[str]:
    """Return what was brought into the home."""
    found = {path.name for path in home.models.iterdir()} - {"hashes.json"}
    return {name for name in found if not name.startswith(model_files.CONVERTED)}


def in_two_parts(folder: Path) -> Path:
    """Write a model in two files; return the first."""
    folder.mkdir()
    return write_parts(folder, CHAT, [("w1", (64,)), ("w2", (64,))])[0]


def test_a_model_is_copied_whole_and_known_by_its_hash(home: Home, tmp_path: Path) -> None:
    source = write_gguf(tmp_path / "mine.gguf", CHAT, tensors=WEIGHTS)
    steps = import_model(source, home)
    progress = []
    while True:
        try:
            progress.append(next(steps))
        except StopIteration as end:
            model = end.value
            break
        assert "mine.gguf" not in names(home), "it is not there before it is whole"
    size = source.stat().st_size
    assert progress[-1] == ImportProgress(size, size, verifying=True)
    assert {step.verifying for step in progress} == {False, True}
    assert model.path == home.models / "mine.gguf"
    assert model.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
    assert model in model_files.list_models(home)
    assert names(home) == {"mine.gguf"}
    if os.name == "posix":
        assert stat.S_IMODE(model.path.stat().st_mode) == 0o600


def test_a_model_in_several_files_comes_whole_in_a_folder_of_its_own(home: Home, tmp_path: Path) -> None:
    source = in_two_parts(tmp_path / "from")
    model = brought(import_model(source, home))
    assert model.path == home.models / "tiny" / source.name
    both = b"".join(part.read_bytes() for part in sorted(source.parent.iterdir()))
    assert (model.sha256, model.size) == (hashlib.sha256(both).hexdigest(), len(both))
    listed = [one.path for one in model_files.list_models(home) if one.name == "Tiny"]
    assert listed == [model.path], "its other parts are no models"
    remove_model(model, home)
    assert names(home) == set()


def test_a_model_that_lacks_a_part_is_not_brought_in(home: Home, tmp_path: Path) -> None:
    source = in_two_parts(tmp_path / "from")
    source.with_name("tiny-00002-of-00002.gguf").unlink()
    with pytest.raises(ModelError, match="tiny-0000"):
        brought(import_model(source, home))
    assert names(home) == set()


def test_what_lies_in_the_home_already_is_not_copied_again(home: Home, tmp_path: Path) -> None:
    source = write_gguf(tmp_path / "mine.gguf", CHAT)
    model = brought(import_model(source, home))
    stamp = model.path.stat().st_mtime_ns
    assert brought(import_model(source, home)) == model
    assert brought(import_model(model.path, home)) == model
    assert model.path.stat().st_mtime_ns == stamp


def test_another_model_of_the_same_name_is_not_overwritten(home: Home, tmp_path: Path) -> None:
    kept = write_gguf(home.models / "mine.gguf", CHAT).read_bytes()
    other = write_gguf(tmp_path / "mine.gguf", {**CHAT, "general.name": "Other"})
    with pytest.raises(ModelError, match="Another model named"):
        brought(import_model(other, home))
    assert (home.models / "mine.gguf").read_bytes() == kept


@pytest.mark.parametrize("content", [b"", b"<html>", b"GGUF\x03\x00\x00\x00"])
def test_what_is_no_model_is_refused_before_anything_is_copied(
    home: Home, tmp_path: Path, content: bytes
) -> None:
    source = tmp_path / "no.gguf"
    source.write_bytes(content)
    with pytest.raises(ModelError, match=r"no\.gguf"):
        brought(import_model(source, home))
    assert names(home) == set()


def test_a_disk_without_room_is_told_with_the_numbers(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_gguf(tmp_path / "mine.gguf", CHAT, tensors=WEIGHTS)
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=3 * 10**6))
    with pytest.raises(ModelError, match="needs 1 MB on the disk; 3 MB are free"):
        brought(import_model(source, home))
    assert names(home) == set()


def test_stopped_it_leaves_nothing(home: Home, tmp_path: Path) -> None:
    source = write_gguf(tmp_path / "mine.gguf", CHAT, tensors=WEIGHTS)
    stop = threading.Event()
    steps = import_model(source, home, stop)
    next(steps)
    stop.set()
    with pytest.raises(EngineError, match="stopped"):
        brought(steps)
    assert names(home) == set()


def test_dropped_it_leaves_nothing(home: Home, tmp_path: Path) -> None:
    steps = import_model(write_gguf(tmp_path / "mine.gguf", CHAT, tensors=WEIGHTS), home)
    next(steps)
    assert names(home) == {UNFINISHED}
    steps.close()
    assert names(home) == set()


def test_a_file_that_grows_meanwhile_is_refused(home: Home, tmp_path: Path) -> None:
    source = write_gguf(tmp_path / "mine.gguf", CHAT, tensors=WEIGHTS)
    steps = import_model(source, home)
    next(steps)
    with source.open("ab") as file:
        file.write(b"more")
    with pytest.raises(ModelError, match="changed while"):
        brought(steps)
    assert names(home) == set()


def test_what_was_not_written_as_it_was_read_is_refused(home: Home, tmp_path: Path) -> None:
    source = write_gguf(tmp_path / "mine.gguf", CHAT, tensors=WEIGHTS)
    steps = import_model(source, home)
    while not next(steps).verifying:
        continue
    copy = home.models / UNFINISHED / "mine.gguf"
    data = bytearray(copy.read_bytes())
    data[-1] ^= 0xFF
    copy.write_bytes(data)
    with pytest.raises(ModelError, match="not written as it was read"):
        brought(steps)
    assert names(home) == set()


def test_only_a_model_of_the_home_is_deleted(home: Home, tmp_path: Path) -> None:
    elsewhere = model_files.inspect(write_gguf(tmp_path / "mine.gguf", CHAT), home)
    for model in (elsewhere, model_files.starter_chat(home), model_files.starter_embedding(home)):
        with pytest.raises(ModelError, match="not a model that you brought"):
            remove_model(model, home)
        assert model.path.exists()


def test_removing_deletes_the_file(home: Home) -> None:
    model = model_files.inspect(write_gguf(home.models / "mine.gguf", CHAT), home)
    remove_model(model, home)
    assert not model.path.exists()
    with pytest.raises(ModelError, match="There is no file"):
        remove_model(model, home)


def test_a_home_that_cannot_be_written_to_is_told(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_gguf(tmp_path / "mine.gguf", CHAT)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(model_import.os, "fsync", refuse)
    with pytest.raises(MaruError, match="the disk is full"):
        brought(import_model(source, home))
    assert names(home) == set()
