# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru collections`, `add --watch`, `retry`: collections in the terminal."""

import io
from pathlib import Path

import pytest

from assistant.paths import Home
from tests.assistants import SAMPLES
from tests.terminal import Terminal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "여행 docs"
    made.mkdir()
    (made / "one.txt").write_text("The ferry leaves at seven.", encoding="utf-8")
    return made


def names(maru: Terminal) -> list[str]:
    return [one["name"] for one in maru("collections", "--json").json]


def test_collections_are_made_renamed_and_deleted(maru: Terminal, folder: Path) -> None:
    assert "no collections" in maru("collections").err
    assert maru("collections", "--create", "Travel").code == 0
    assert maru("add", folder / "one.txt", "--collection", "Travel").code == 0
    again = maru("collections", "--create", "Travel")
    assert (again.code, "already" in again.err) == (1, True)
    assert maru("collections", "--rename", "Travel", "여행").code == 0
    [one] = maru("collections", "--json").json
    assert (one["name"], one["documents"], one["folders"]) == ("여행", 1, [])
    refused = maru("collections", "--delete", "여행")
    assert (refused.code, "--yes" in refused.err) == (2, True)
    assert maru("collections", "--delete", "여행", "--yes").code == 0
    assert names(maru) == []
    assert maru("search", "ferry", "--json").json == []
    assert (folder / "one.txt").exists()


def test_a_folder_is_watched_and_let_be(maru: Terminal, folder: Path) -> None:
    assert maru("collections", "--watch", "Travel", str(folder)).code == 0
    [one] = maru("collections", "--json").json
    assert [part["path"] for part in one["folders"]] == [str(folder)]
    assert f"Travel: {folder} (watched)\n" in maru("collections").out
    assert maru("collections", "--unwatch", "Travel", str(folder), "--keep").code == 0
    [one] = maru("collections", "--json").json
    assert (one["folders"], one["documents"]) == ([], 1)
    not_watched = maru("collections", "--unwatch", "Travel", str(folder))
    assert (not_watched.code, "not watched" in not_watched.err) == (1, True)
    assert maru("add", folder, "--watch", "--collection", "Travel").code == 0
    assert maru("collections", "--unwatch", "Travel", str(folder)).code == 0
    assert maru("documents", "--json").json == []
    assert maru("collections", "--watch", "Travel", str(folder / "one.txt")).code == 2


def test_the_usual_collection_has_the_name_that_the_window_shows(maru: Terminal, folder: Path) -> None:
    assert maru("add", folder / "one.txt", "--collection", "archive").code == 0
    assert maru("add", folder / "one.txt", "--collection", "Zoo").code == 0
    assert maru("add", folder, "--watch", "--collection", "my documents").code == 0
    assert names(maru) == ["default", "archive", "Zoo"], "programs know it by its own"
    shown = maru("collections").out
    assert [line.split("  ")[0] for line in shown.splitlines()[1:4]] == ["My documents", "archive", "Zoo"]
    assert f"My documents: {folder} (watched)" in shown
    listed = [one["collection"] for one in maru("documents", "--json").json]
    assert listed == sorted(listed, key=["default", "archive", "Zoo"].index)
    assert maru("documents", "--collection", "My documents", "--json").json
    taken = maru("collections", "--create", "My documents")
    assert "already" in taken.err
    assert maru("collections", "--unwatch", "My documents", folder).code == 0
    assert maru("collections", "--delete", "my documents", "--yes").code == 0
    assert names(maru) == ["archive", "Zoo"]


@pytest.mark.parametrize("change", [["--rename", "none", "new"], ["--delete", "none", "--yes"]])
def test_a_collection_that_is_not_there_is_said(maru: Terminal, change: list[str]) -> None:
    ran = maru("collections", *change)
    assert (ran.code, "no collection none" in ran.err) == (1, True)


def test_a_file_gone_from_an_added_folder_is_said_and_taken_out(maru: Terminal, folder: Path) -> None:
    assert maru("add", folder).code == 0
    (folder / "one.txt").unlink()
    (folder / "two.txt").write_text("The bus leaves at nine.", encoding="utf-8")
    lines = maru("add", folder, "--json").lines
    assert [(Path(one["path"]).name, one["status"]) for one in lines] == [
        ("one.txt", "removed"),
        ("two.txt", "added"),
    ]


def test_what_was_set_aside_is_read_once_more(maru: Terminal, folder: Path) -> None:
    assert "No file was set aside" in maru("retry").err
    bad = folder / "bad.pdf"
    bad.write_bytes(b"not a pdf")
    maru("add", folder)
    [row] = [one for one in maru("documents", "--json").json if one["path"] == str(bad)]
    assert (row["status"], bool(row["reason"])) == ("failed", True)
    assert row["reason"] in maru("documents").out
    assert maru("retry", bad).code == 1
    [again] = maru("retry", "--json").lines
    assert (again["path"], again["status"]) == (str(bad), "failed")
    unknown = maru("retry", folder / "one.txt")
    assert (unknown.code, "not among" in unknown.err) == (1, True)


def test_a_password_comes_from_a_file_or_from_standard_input(
    maru: Terminal, folder: Path, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = folder / "one.txt"
    assert maru("add", folder, "--password-file", one).code == 2
    assert maru("add", one, "--password-file", folder / "none").code == 2
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert maru("add", one, "--password-file", "-").code == 2
    monkeypatch.setattr("sys.stdin", io.StringIO("Zq9-vault-x7\n"))
    assert maru("add", one, "--password-file", "-").code == 0
    assert b"Zq9-vault-x7" not in b"".join(
        file.read_bytes() for file in home.root.rglob("*") if file.is_file()
    )


def test_a_question_goes_to_several_collections_or_none(maru: Terminal, folder: Path) -> None:
    assert maru("add", SAMPLES / "lease.pdf", "--collection", "Home").code == 0
    question = "How much is the monthly rent?"
    assert maru("collections", "--create", "Work").code == 0
    both = maru("ask", question, "--collection", "Work", "--collection", "Home", "--json").lines
    assert both[0]["event"] == "sources"
    none = maru("ask", question, "--no-documents", "--json").lines
    assert all(one["event"] != "sources" for one in none)
