# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru conversations`, `export`, `import`."""

import json
import threading
from pathlib import Path

import pytest

from assistant.commands import exports
from assistant.commands.interrupts import Interrupts
from tests.terminal import Terminal


def asked(maru: Terminal) -> None:
    assert maru("ask", "echo: write to kim@example.co.kr").code == 0


def test_conversations_are_listed_with_the_numbers_to_name_them_by(maru: Terminal) -> None:
    assert "no conversations yet" in maru("conversations").out
    asked(maru)
    (one,) = maru("conversations", "--json").json
    assert str(one["id"]) in maru("conversations").out
    assert one["title"] in maru("conversations").out


def test_everything_out_and_in_again(maru: Terminal, tmp_path: Path) -> None:
    asked(maru)
    out = maru("export", tmp_path / "out", "--json")
    assert out.json == {"folder": str(tmp_path / "out"), "conversations": 1, "documents": 0}
    came = maru("import", tmp_path / "out", "--json")
    assert came.json == {
        "event": "imported", "conversations": 0, "known": 1, "left_out": 0, "unread": [], "documents": 0
    }  # fmt: skip
    assert "1 was there already" in maru("import", tmp_path / "out" / "maru.json").out
    again = maru("export", tmp_path / "out")
    assert again.code == 1
    assert "there already" in again.err


def test_one_conversation_and_one_document(maru: Terminal, tmp_path: Path) -> None:
    note = tmp_path / "note.md"
    note.write_text("Write to kim@example.co.kr.", "utf-8")
    assert maru("add", note).code == 0
    asked(maru)
    number = maru("conversations", "--json").json[0]["id"]
    assert maru("export", "--conversation", str(number), "--masked", tmp_path / "one.md").code == 0
    assert "kim@" not in (tmp_path / "one.md").read_text("utf-8")
    done = maru("export", "--document", note, tmp_path / "copy.md")
    assert "1 value is hidden" in done.out
    assert "[EMAIL_1]" in (tmp_path / "copy.md").read_text("utf-8")
    for command in (
        ("export", "--conversation", "77", tmp_path / "no.md"),
        ("wipe", "conversation", "77", "--yes"),
    ):
        ran = maru(*command)
        assert ran.code == 1
        assert ran.err == "There is no conversation 77.\nSee which there are: maru conversations\n"


def test_an_import_reads_documents_where_that_is_asked_for_alone(maru: Terminal, tmp_path: Path) -> None:
    note = tmp_path / "note.md"
    note.write_text("The plumber Ivo comes on Monday.", "utf-8")
    maru("add", note)
    maru("export", tmp_path / "out")
    maru("remove", note)
    ran = maru("import", tmp_path / "out")
    assert f"names 1 document, which was not read:\n  {note}\n" in ran.err
    assert "--documents" in ran.err
    assert maru("import", tmp_path / "out", "--json").json["documents"] == 1
    assert maru("documents", "--json").json == []
    came = maru("import", tmp_path / "out", "--documents", "--json").lines
    assert came[0]["documents"] == 1
    assert came[1]["status"] == "added"


def test_which_conversations_could_not_be_read_is_told(maru: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "conversations.json"
    good = {"name": "Boats", "created_at": "garbage", "chat_messages": [{"sender": "human", "text": "?"}]}
    bad = [{"name": "Lease", "chat_messages": 1}, *({"chat_messages": 1} for _ in range(21))]
    path.write_text(json.dumps([good, *bad]), encoding="utf-8")
    ran = maru("import", path)
    assert ran.out == "1 conversation was brought in.\n"
    lines = ran.err.splitlines()
    assert lines[0] == "22 could not be read and were left out."
    assert lines[1:3] == ["  “Lease”, number 2 in the file", "  number 3 in the file"]
    assert (lines[-1], len(lines)) == ("  and 2 more", 22)
    (one,) = maru("conversations", "--json").json
    assert one["created"] == path.stat().st_mtime
    told = maru("import", path, "--json").json
    assert (told["known"], told["left_out"], told["unread"][0]) == (1, 22, {"title": "Lease", "place": 2})


def test_what_ctrl_c_stopped_is_told_and_is_no_success(
    maru: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(maru)
    maru("export", tmp_path / "out")

    class Pressed(Interrupts):
        def __enter__(self) -> threading.Event:
            stop = super().__enter__()
            stop.set()
            return stop

    monkeypatch.setattr(exports, "Interrupts", Pressed)
    for command in (("import", tmp_path / "out"), ("export", tmp_path / "a")):
        ran = maru(*command)
        assert ran.code == 1
        assert "Stopped; " in ran.err
    for command in (("import", tmp_path / "out"), ("export", tmp_path / "b")):
        ran = maru(*command, "--json")
        assert (ran.code, ran.json["stopped"], ran.json["conversations"]) == (1, True, 0)


def test_how_much_personal_data_each_document_holds(maru: Terminal, tmp_path: Path) -> None:
    note, empty = tmp_path / "note.md", tmp_path / "empty.md"
    note.write_text(
        "Write to kim@example.co.kr, KIM@example.co.kr or lee@example.com: 010-1234-5678.", "utf-8"
    )
    empty.write_text("", "utf-8")
    maru("add", note, empty)
    listed = {
        Path(one["path"]).name: one["personal"] for one in maru("documents", "--personal", "--json").json
    }
    assert listed == {"note.md": {"EMAIL": 2, "PHONE": 1}, "empty.md": {}}
    assert "E-mail address × 2, Telephone number × 1" in maru("documents", "--personal").out
    assert "personal" not in maru("documents", "--json").json[0]


def test_what_is_no_export_is_told(maru: Terminal, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(json.dumps({"a": 1}))
    ran = maru("import", tmp_path / "x.json")
    assert ran.code == 1
    assert "no export" in ran.err
