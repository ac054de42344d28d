# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru redact`, `models`, `doctor`: shapes, and machines on which something is wrong."""

import io
import json
from pathlib import Path

import pytest

from assistant import cli
from assistant.paths import Home
from tests.gguf_files import CHAT, write_gguf
from tests.terminal import FAKE, REAL, Terminal, run

PERSONAL = "Write to kim@example.com or call 010-1234-5678."
MASKED = "Write to [EMAIL_1] or call [PHONE_1]."


def test_redact_masks_a_file(maru: Terminal, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text(PERSONAL, encoding="utf-8")
    ran = maru("redact", letter)
    assert (ran.code, ran.out, ran.err) == (0, MASKED, "")


def test_redact_with_json_lists_what_it_found(maru: Terminal, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text(PERSONAL, encoding="utf-8")
    found = maru("redact", letter, "--json").json
    assert found["text"] == MASKED
    assert [set(entity) for entity in found["entities"]] == [
        {"entity_type", "start", "end", "score", "text"}
    ] * 2
    for entity in found["entities"]:
        assert PERSONAL[entity["start"] : entity["end"]] == entity["text"]
    assert [entity["entity_type"] for entity in found["entities"]] == ["EMAIL", "PHONE"]


def test_redact_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(PERSONAL.encode())))
    assert cli.main(["redact"]) == 0
    assert capsys.readouterr().out == MASKED


def test_redact_reads_cp949(maru: Terminal, tmp_path: Path) -> None:
    letter = tmp_path / "편지.txt"
    letter.write_bytes("연락처는 010-1234-5678 입니다.".encode("cp949"))
    ran = maru("redact", letter)
    assert ran.code == 0
    assert "1234" not in ran.out
    assert ran.out.startswith("연락처는 [")


def test_redact_says_what_it_cannot_read(maru: Terminal, tmp_path: Path) -> None:
    gone = maru("redact", tmp_path / "gone.txt")
    assert (gone.code, gone.out) == (1, "")
    assert "gone.txt" in gone.err
    assert maru("redact", tmp_path).code == 1, "a folder"
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff\xfe\xff\x00")
    assert "encoding" in maru("redact", tmp_path / "picture.png").err


def test_models_lists_starters_and_what_was_brought(maru: Terminal) -> None:
    brought = write_gguf(maru.home / "models" / "tiny.gguf", CHAT)
    (maru.home / "models" / "broken.gguf").write_bytes(b"GGUF")
    ran = maru("models", "--json")
    assert ran.code == 0
    assert all(set(model) == {"name", "path", "kind", "sha256", "size"} for model in ran.json)
    kinds = {model["name"]: model["kind"] for model in ran.json}
    assert kinds == {"SmolLM2 135M": "chat", "all-MiniLM-L6-v2": "embedding", "Tiny": "chat"}
    tiny = next(model for model in ran.json if model["name"] == "Tiny")
    assert (tiny["path"], tiny["size"]) == (str(brought), brought.stat().st_size)
    heads = maru("models").out.splitlines()[0].split()
    assert heads == ["Name", "Kind", "Size", "Licence", "File"]


DOCTOR_KEYS = {
    "versions",
    "backend",
    "devices",
    "layers",
    "layers_total",
    "reason",
    "memory",
    "folders",
    "stores",
}


def test_doctor_reports_on_a_sound_home(stocked: Terminal) -> None:
    ran = stocked("doctor", "--json")
    assert ran.code == 0
    report = ran.json
    assert set(report) == DOCTOR_KEYS
    assert report["versions"]["maru"]
    assert report["backend"] == "a fake processor"
    assert report["devices"][0]["name"] == "CPU"
    assert report["folders"]["home"] == str(stocked.home)
    assert report["memory"]["total_gib"] > 0
    assert report["stores"] == {
        "library": "sound",
        "vectors": "complete",
        "index": "in use",
        "conversations": "sound",
    }


def test_doctor_for_people_names_every_part(maru: Terminal) -> None:
    ran = maru("doctor")
    assert ran.code == 0
    for part in ("Versions:", "Runs on: a fake processor", "Memory (GiB):", "Stores:", "  library: sound"):
        assert part in ran.out.splitlines()


def test_doctor_reports_on_damaged_stores_instead_of_giving_up(maru: Terminal) -> None:
    (maru.home / "library.db").write_bytes(b"not a database, but long enough to be looked at")
    ran = maru("doctor", "--json")
    assert ran.code == 0
    assert ran.json["backend"] == "a fake processor"
    assert "library.db is damaged" in ran.json["stores"]["library"]
    (maru.home / "library.db").unlink()
    (maru.home / "conversations.db").write_bytes(b"")
    stores = maru("doctor", "--json").json["stores"]
    assert stores["library"] == "sound"
    assert "conversations.db is damaged" in stores["conversations"]


def test_doctor_says_why_a_model_cannot_be_loaded(maru: Terminal) -> None:
    damaged = write_gguf(maru.home / "models" / "damaged.gguf", CHAT)
    (maru.home / "settings.json").write_text(json.dumps({"chat_model": str(damaged)}), encoding="utf-8")
    report = maru("doctor", "--json").json
    assert "damaged.gguf is damaged" in report["reason"]
    assert report["stores"]["library"] == "sound"


@pytest.mark.parametrize("command", [["models"], ["doctor"], ["documents"], ["ask", "x"]])
def test_a_home_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, command: list[str], unprivileged: tuple[str, ...]
) -> None:
    home = tmp_path / "sealed" / "home"
    home.parent.mkdir(mode=0o500)
    ran = run(home, *command, module=FAKE, prefix=unprivileged)
    assert "Traceback" not in ran.err
    if command[0] == "doctor":
        assert "cannot write to its folder" in ran.out
    else:
        assert (ran.code, ran.out) == (1, "")
        assert "Maru cannot write to its folder" in ran.err
        assert "--home" in ran.err


@pytest.mark.real_model
def test_doctor_reports_on_the_real_engine(ready_home: Home) -> None:
    report = run(ready_home.root, "doctor", "--json", module=REAL).json
    assert report["backend"]
    assert report["layers_total"] == 30
    assert report["devices"]
