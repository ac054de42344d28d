# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""maru snapshots, restore, wipe."""

import json
import re
from pathlib import Path

import pytest

from assistant.paths import Home
from tests.homes import held_aside, key_of
from tests.terminal import Terminal, at_keyboard


@pytest.fixture
def asked(maru: Terminal) -> Terminal:
    """Return a terminal on a home with a conversation and a snapshot of it, taken when Maru ended."""
    assert maru("ask", "echo: the ferry to Jeju").code == 0
    return maru


def names(maru: Terminal) -> list[str]:
    return [one["name"] for one in maru("snapshots", "--json").json]


def test_snapshots_are_listed_and_taken(maru: Terminal) -> None:
    ran = maru("snapshots")
    assert (ran.code, ran.out) == (0, "")
    assert "no snapshots yet" in ran.err
    assert maru("snapshots", "--json").json == []
    maru("ask", "echo: the ferry to Jeju")
    (daily,) = maru("snapshots", "--json").json
    assert daily.keys() == {"name", "taken", "reason", "size", "documents"}
    assert (daily["reason"], daily["documents"]) == ("daily", True)
    lines = maru("snapshots", "--now").out.splitlines()
    assert [re.split(r"  +", line)[2] for line in lines] == ["Why", "asked for", "once a day"]


def test_a_snapshot_is_restored_and_the_state_before_is_one(asked: Terminal) -> None:
    (first,) = names(asked)
    asked("ask", "echo: the second question")
    ran = asked("restore", first)
    assert (ran.code, ran.err) == (0, "")
    assert f"{first} is restored" in ran.out
    assert [one["reason"] for one in asked("snapshots", "--json").json] == ["restore", "daily"]
    assert asked("wipe", "conversation", "2", "--yes").code == 1, "it is not there any more"
    assert asked("restore", names(asked)[0], "--json").json == {"restored": names(asked)[1], "damaged": []}
    assert asked("wipe", "conversation", "2", "--yes").code == 0


def test_what_cannot_be_restored_is_told(asked: Terminal) -> None:
    ran = asked("restore", "2020-01-01T00-00-00Z")
    assert ran.code == 1
    assert "There is no snapshot 2020-01-01T00-00-00Z." in ran.err
    ran = asked("restore")
    assert ran.code == 2
    assert "Name a snapshot, or say --readable." in ran.err
    for wrong in (names(asked)[0], "../conversations.damaged-1.db", "settings.json"):
        assert (
            f"No database was set aside under the name {wrong}" in asked("restore", wrong, "--readable").err
        )
    assert "Nothing is damaged" in asked("restore", "--readable").out


def test_a_damaged_snapshot_is_told_as_such_and_leaves_no_other(asked: Terminal) -> None:
    (name,) = names(asked)
    path = asked.home / "snapshots" / name / "conversations.db"
    path.write_bytes(bytes(path.stat().st_size))
    for _ in range(2):
        ran = asked("restore", name)
        assert (ran.code, ran.err.splitlines()[0]) == (1, f"The snapshot {name} is damaged.")
    assert names(asked) == [name]
    assert asked("conversations").code == 0, "the present state was never damaged"


def test_a_database_that_is_gone_is_not_told_as_one_that_is_kept(asked: Terminal) -> None:
    asked.home.joinpath("conversations.db").unlink()
    assert "conversations.db is gone." in asked("conversations").err
    ran = asked("restore", "--readable")
    assert (ran.code, ran.out) == (0, "conversations.db was gone; a new, empty one is in its place.\n")
    assert not list(asked.home.glob("*.damaged-*"))
    asked.home.joinpath("conversations.db").unlink()
    salvaged = {"file": "conversations.db", "kept_as": None, "rows": 0}
    assert asked("restore", "--readable", "--json").json == {"restored": None, "damaged": [salvaged]}
    assert asked("conversations").code == 0


def test_a_snapshot_without_documents_is_restored_where_these_are_gone(asked: Terminal) -> None:
    (name,) = names(asked)
    about = asked.home / "snapshots" / name / "about.json"
    found = json.loads(about.read_text("utf-8"))
    del found["files"]["library.db"]
    about.write_text(json.dumps(found), encoding="utf-8")
    asked("ask", "echo: the second question")
    asked.home.joinpath("library.db").unlink()
    assert f"{name} is restored" in asked("restore", name).out
    assert len(asked("conversations", "--json").json) == 1


def test_damage_names_the_command_that_brings_everything_back(asked: Terminal) -> None:
    path = asked.home / "conversations.db"
    path.write_bytes(bytes(9000))
    ran = asked("ask", "echo: more")
    assert ran.code == 1
    found = re.search(r"maru restore (\S+Z)", ran.err)
    assert found is not None, ran.err
    assert asked("ask", "echo: more", "--json").lines[-1]["snapshot"] == found[1]
    ran = asked("restore", found[1])
    assert "conversations.db was damaged; it is kept as conversations.damaged-1.db." in ran.out
    home = Home(asked.home)
    assert held_aside(home, "conversations.damaged-1.db", key_of(home)) == bytes(9000)
    assert asked("ask", "echo: more").code == 0
    path.write_bytes(bytes(9000))
    ran = asked("restore", "--readable")
    assert "0 rows of it could be read." in ran.out
    assert asked("ask", "echo: more").code == 0


def test_maru_goes_on_with_what_can_be_read_of_a_database_that_was_set_aside(asked: Terminal) -> None:
    path, aside = asked.home / "conversations.db", "conversations.damaged-1.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    assert f"kept as {aside}" in asked("restore", names(asked)[0]).out
    asked("ask", "echo: written since")
    assert asked("restore", "--readable", aside).out.splitlines() == [
        f"3 rows of {aside} could be read.",
        "What was there before: maru snapshots",
    ]
    assert "written since" not in asked("conversations").out
    found = asked("restore", "--readable", aside, "--json").json
    assert found == {"restored": None, "damaged": [{"file": path.name, "kept_as": aside, "rows": 3}]}
    (asked.home / aside).write_bytes(bytes(9000))
    ran = asked("restore", "--readable", aside)
    assert (ran.code, ran.err) == (1, f"Nothing can be read of {aside} any more.\nNothing was changed.\n")
    assert "ferry" in asked("conversations").out


def test_a_conversation_is_wiped_and_the_snapshot_that_keeps_it_told(asked: Terminal) -> None:
    ran = asked("wipe", "conversation", "1", "--yes")
    assert ran.code == 0
    assert re.search(r"A snapshot keeps it until \d{4}-\d\d-\d\d \d\d:\d\d, or the next start", ran.out)
    asked("ask", "echo: another")
    wiped = asked("wipe", "conversation", "2", "--yes", "--snapshots", "--json").json
    assert wiped == {"wiped": "conversation", "kept_until": None, "damaged": [], "quoted_in": []}


def test_a_document_is_wiped_and_where_it_is_quoted_told(maru: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("The ferry to Jeju leaves at seven in the morning.", encoding="utf-8")
    maru("ask", "When does the ferry to Jeju leave?", "--docs", path)
    ran = maru("wipe", "document", path, "--yes", "--snapshots")
    assert ran.code == 0
    assert ran.out.splitlines() == ["Deleted for good.", "The answers of 1 conversation quote it: 1"]
    assert path.exists()
    assert maru("documents", "--json").json == []


def test_what_only_a_snapshot_keeps_any_more_can_be_wiped_as_was_said(asked: Terminal) -> None:
    assert "Add --snapshots to delete it there too." in asked("wipe", "conversation", "1", "--yes").out
    assert asked("wipe", "conversation", "1", "--yes").code == 1, "it is there no more"
    assert asked("wipe", "conversation", "1", "--yes", "--snapshots").out == "Deleted for good.\n"
    ran = asked("wipe", "conversation", "1", "--yes", "--snapshots")
    assert (ran.code, "There is no conversation 1." in ran.err) == (1, True)


def test_a_document_that_a_wiped_conversation_quoted_goes_from_snapshots_as_was_said(
    maru: Terminal, tmp_path: Path
) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("The ferry to Jeju leaves at seven in the morning.", encoding="utf-8")
    maru("ask", "When does the ferry to Jeju leave?", "--docs", path)
    assert len(names(maru)) == 1
    assert maru("wipe", "document", path, "--yes", "--snapshots").code == 0
    maru("wipe", "conversation", "1", "--yes")
    told = maru("wipe", "document", path, "--yes").out.splitlines()
    assert re.match(r"A snapshot keeps it until \d{4}-\d\d-\d\d", told[1])
    assert told[2] == "Add --snapshots to delete it there too."
    assert maru("wipe", "document", path, "--yes", "--snapshots").out == "Deleted for good.\n"
    assert maru("wipe", "document", path, "--yes", "--snapshots").code == 1, "nothing has it any more"


def test_everything_is_wiped_without_the_passphrase_too(
    asked: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asked("wipe", "everything").code == 2, "it has to be confirmed"
    assert names(asked)
    monkeypatch.setenv("MARU_PASSPHRASE", "forgotten")
    assert asked("wipe", "everything", "--yes").out == "Deleted for good.\n"
    assert names(asked) == []
    assert not (asked.home / "conversations.db").exists()
    assert list((asked.home / "models").iterdir()), "models stay"


def test_a_folder_that_is_no_home_is_not_wiped(maru: Terminal, tmp_path: Path) -> None:
    folder = tmp_path / "somewhere"
    (folder / "logs").mkdir(parents=True)
    (folder / "logs" / "diary.txt").write_text("not Maru's", encoding="utf-8")
    ran = maru("wipe", "everything", "--yes", "--home", str(folder))
    assert (ran.code, "Maru keeps nothing in" in ran.err) == (1, True)
    assert [path.name for path in folder.rglob("*")] == ["logs", "diary.txt"]


def test_wiping_has_to_be_meant(maru: Terminal, ready_home: Home) -> None:
    for what in (("conversation", "1"), ("document", "letter.txt"), ("everything",)):
        ran = maru("wipe", *what, "--json")
        assert ran.code in (1, 2)
        assert ran.json["event"] == "error"
    with at_keyboard(ready_home.root, "wipe", "everything") as keyboard:
        keyboard.wait_for("Type “yes” to delete it: ")
        keyboard.enter("no")
        keyboard.wait_for("Nothing was deleted.")
        assert keyboard.end() == 1


def test_what_is_no_document_cannot_be_wiped(asked: Terminal, tmp_path: Path) -> None:
    ran = asked("wipe", "document", tmp_path / "nope.pdf", "--yes")
    assert ran.code == 1
    assert "nope.pdf is not among your documents." in ran.err
