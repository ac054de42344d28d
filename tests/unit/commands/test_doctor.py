# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru doctor`: what runs where and why, on sound machines and on those where something is wrong."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.commands import doctor
from assistant.engine.protocol import Adapter, Device, Devices, EngineSettings, MemoryUse
from assistant.paths import Home
from assistant.texts import text
from assistant.workers import call_filter, landlock
from assistant.workers.confinement import Confinement
from tests.fake_engine import model_info
from tests.gguf_files import CHAT, write_gguf
from tests.terminal import FAKE, REAL, Terminal, run

DOCTOR_KEYS = {
    "protection",
    "versions",
    "backend",
    "variant",
    "devices",
    "model",
    "layers",
    "layers_total",
    "reason",
    "command",
    "memory",
    "folders",
    "stores",
    "reader",
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
    assert report["protection"] == "passphrase"
    assert report["stores"] == {
        "library": "sound",
        "vectors": "complete",
        "index": "in use",
        "conversations": "sound",
    }


def test_doctor_for_people_names_every_part(maru: Terminal) -> None:
    ran = maru("doctor")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == [
        "Versions", "Devices", "Chat model", "This computer", "Stores",
    ]  # fmt: skip
    told = {name: value.strip() for name, _, value in (line.strip().partition("  ") for line in lines)}
    assert told["CPU"] == "a fake processor · processor"
    assert told["Runs on"] == "a fake processor"
    assert told["Layers"] == "0 of 1 on the graphics card"
    assert told["Why"] == "no GPU"
    assert told["Context window"] == "8,192 tokens; trained for 8,192"
    assert told["Documents"] == "sound"


@pytest.mark.parametrize(("content", "says"), [("{", "damaged"), ('{"version": 2}', "newer")])
def test_doctor_tells_a_key_file_of_a_newer_maru_from_a_damaged_one(
    maru: Terminal, content: str, says: str
) -> None:
    for name in ("key.json", "key.json.copy"):
        (maru.home / name).write_text(content)
    report = maru("doctor", "--json").json
    assert report["protection"] == says
    assert says in report["stores"]["library"]


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
    assert report["model"] is None
    assert report["devices"], "told all the same"
    assert "Cannot be loaded  damaged.gguf is damaged." in maru("doctor").out
    assert report["stores"]["library"] == "sound"


def test_a_graphics_card_that_is_not_used_is_named_with_the_command_that_changes_it() -> None:
    card = Device("Vulkan0", "A Card", "gpu", 3 * 10**9, 4 * 10**9)
    reason = text("This build cannot use your card.")
    devices = Devices("A Processor", (card,), 0, 31, reason, "", (), "make install BACKEND=cuda", "zen4")
    info = replace(
        model_info(EngineSettings(Path("m.gguf"))),
        layers=31,
        layers_offloaded=10,
        n_ctx=4096,
        cache_type="q8_0",
        memory=MemoryUse(10**8, 2 * 10**8, 5 * 10**7, 10**8),
        adapters=(Adapter(Path("style.gguf"), 0.5),),
    )
    told = dict(doctor._model_fields(info, devices, None))
    assert told["Layers"] == "10 of 31 on the graphics card"
    assert told["Why"] == "This build cannot use your card."
    assert told["To change it"] == "make install BACKEND=cuda"
    assert told["Processor's part"] == "zen4"
    assert told["Context window"] == "4,096 tokens; trained for 8,192"
    assert told["Cache"] == "q8_0"
    assert told["Memory"] == "350 MB: weights 100 MB, context 200 MB, working space 50 MB"
    assert told["Adapter"] == "style.gguf × 0.5"
    assert doctor._device_words(card) == "A Card · graphics card · 3.0 GB of 4.0 GB free"


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
    assert report["layers_total"] == 31
    assert report["devices"]
    assert report["variant"]
    assert report["model"]["memory"]["total"] > report["model"]["memory"]["weights"] > 90_000_000


def test_doctor_says_what_is_closed_to_the_document_reader(
    maru: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = maru("doctor", "--json").json["reader"]
    if sys.platform == "linux" and landlock.version() and call_filter.known():
        assert found == {"files_closed": True, "network_closed": True, "reason": ""}
    else:
        assert found["reason"]
    half = Confinement(network=True, reason=text("only Linux can do that"))
    monkeypatch.setattr(doctor, "_reader", lambda _home: half)
    (line,) = [line for line in maru("doctor").out.splitlines() if "Document reader" in line]
    assert line.split(maxsplit=2)[2] == (
        "other files open to it · network closed to it · only Linux can do that"
    )
