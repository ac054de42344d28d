# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru models`: what is listed, what fits, one brought in, one taken out."""

from pathlib import Path

import pytest

from assistant.opening import open_assistant
from assistant.paths import Home
from tests.assistants import FAKE_ENGINES
from tests.gguf_files import CHAT, EMBEDDING, write_gguf
from tests.terminal import Terminal, at_keyboard

KEYS = {
    "name",
    "path",
    "kind",
    "sha256",
    "size",
    "architecture",
    "parameters",
    "quantization",
    "n_ctx_train",
    "licence",
    "languages",
}


def test_models_lists_starters_and_what_was_brought(maru: Terminal) -> None:
    brought = write_gguf(maru.home / "models" / "tiny.gguf", CHAT, tensors=[("w", (64,))])
    write_gguf(
        maru.home / "models" / "style.gguf", {**CHAT, "general.type": "adapter", "adapter.type": "lora"}
    )
    (maru.home / "models" / "broken.gguf").write_bytes(b"GGUF")
    ran = maru("models", "--json")
    assert ran.code == 0
    assert all(set(model) == KEYS for model in ran.json)
    kinds = {Path(model["path"]).name: model["kind"] for model in ran.json}
    assert list(kinds.values()) == ["chat", "embedding", "adapter", "chat"]
    tiny = next(model for model in ran.json if model["path"] == str(brought))
    assert (tiny["size"], tiny["architecture"], tiny["parameters"]) == (brought.stat().st_size, "llama", 64)
    assert (tiny["quantization"], tiny["n_ctx_train"], tiny["languages"]) == ("F32", 256, ["en", "ko"])
    heads, first, *_ = maru("models").out.splitlines()
    assert heads.split() == [
        "Name", "Kind", "Architecture", "Parameters", "Quantization", "Context", "Size", "Licence",
        "Languages", "File",
    ]  # fmt: skip
    assert first.split()[:7] == ["SmolLM2", "135M", "writes", "llama", "135M", "Q4_1", "8,192"]


def test_fit_says_what_each_chat_model_needs(maru: Terminal) -> None:
    for name in ("huge.gguf", "breaks.gguf"):
        write_gguf(maru.home / "models" / name, {**CHAT, "general.name": name})
    found = {Path(model["path"]).name: model for model in maru("models", "--fit", "--json").json}
    starter = next(model for model in found.values() if model["name"] == "SmolLM2 135M")
    assert starter["fits"] is True
    assert starter["memory"]["total"] == 950 << 20
    assert starter["n_ctx"] == 8192
    assert "fits" not in next(model for model in found.values() if model["kind"] == "embedding")
    assert (found["huge.gguf"]["fits"], found["huge.gguf"]["nearest"]) == (False, 4096)
    assert "needs 950 MB; 900 MB are free" in found["huge.gguf"]["problem"]
    assert found["breaks.gguf"]["fits"] is False
    assert "ended unexpectedly" in found["breaks.gguf"]["problem"]
    ran = maru("models", "--fit")
    assert "996 MB  yes" in ran.out
    assert "huge.gguf: It needs 950 MB; 900 MB are free." in ran.err
    assert "huge.gguf fits with a context window of 4,096 tokens." in ran.err


def test_import_copies_and_remove_deletes(maru: Terminal, tmp_path: Path) -> None:
    source = write_gguf(tmp_path / "tiny.gguf", CHAT)
    ran = maru("models", "--import", source)
    copy = maru.home / "models" / "tiny.gguf"
    assert (ran.code, ran.out) == (0, f"Tiny is in Maru's folder now: {copy}\n")
    assert ran.err.splitlines()[-1] == "Comparing: 100 %"
    assert copy.read_bytes() == source.read_bytes()
    assert maru("models", "--import", source, "--json").json["path"] == str(copy), "it is there already"
    assert maru("models", "--remove", "Tiny", "--yes").out == "Tiny is deleted.\n"
    assert not copy.exists()
    maru("models", "--import", source)
    assert maru("models", "--remove", "tiny.gguf", "--yes", "--json").json["removed"]["name"] == "Tiny"


def test_what_cannot_be_imported_is_one_sentence(maru: Terminal, tmp_path: Path) -> None:
    (tmp_path / "page.gguf").write_bytes(b"<html>")
    for name, reason in (("page.gguf", "is a web page"), ("gone.gguf", "There is no file")):
        ran = maru("models", "--import", tmp_path / name)
        assert (ran.code, ran.out) == (1, "")
        assert reason in ran.err


def test_nothing_is_deleted_without_being_confirmed(maru: Terminal) -> None:
    copy = write_gguf(maru.home / "models" / "tiny.gguf", CHAT)
    ran = maru("models", "--remove", "Tiny")
    assert ran.code == 2
    assert "--yes" in ran.err
    with at_keyboard(maru.home, "models", "--remove", "Tiny") as keyboard:
        keyboard.wait_for("Type “yes” to delete it: ")
        keyboard.enter("no")
        keyboard.wait_for("Nothing was deleted.")
        assert keyboard.end() == 1
    assert copy.exists()
    with at_keyboard(maru.home, "models", "--remove", "Tiny") as keyboard:
        keyboard.wait_for("will be deleted for good: ")
        keyboard.wait_for("Type “yes” to delete it: ")
        keyboard.enter("yes")
        keyboard.wait_for("Tiny is deleted.")
        assert keyboard.end() == 0
    assert not copy.exists()


def test_what_cannot_be_removed_is_one_sentence(maru: Terminal, tmp_path: Path) -> None:
    for name in ("a.gguf", "b.gguf"):
        write_gguf(maru.home / "models" / name, CHAT)
    elsewhere = write_gguf(tmp_path / "elsewhere.gguf", {**CHAT, "general.name": "Elsewhere"})
    with open_assistant(Home(maru.home), FAKE_ENGINES) as assistant:
        for _ in assistant.choose_model(elsewhere):
            continue
    for name, code, reason in (
        ("Nobody", 1, "no model named Nobody"),
        ("Tiny", 2, "2 models are named Tiny"),
        ("SmolLM2 135M", 1, "not a model that you brought"),
        ("Elsewhere", 1, "is in use"),
    ):
        ran = maru("models", "--remove", name, "--yes")
        assert (ran.code, ran.out) == (code, "")
        assert reason in ran.err


@pytest.mark.parametrize("arguments", [["--fit", "--import", "x"], ["--import"], ["--remove"]])
def test_wrong_use_is_told(maru: Terminal, arguments: list[str]) -> None:
    ran = maru("models", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 2


def test_an_embedding_model_is_brought_in_too(maru: Terminal, tmp_path: Path) -> None:
    source = write_gguf(tmp_path / "finder.gguf", EMBEDDING)
    assert maru("models", "--import", source, "--json").json["kind"] == "embedding"
