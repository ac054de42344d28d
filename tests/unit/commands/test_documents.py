# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru add`, `documents`, `remove`, `read`: shapes, exit codes, bad files."""

import os
from pathlib import Path

import pytest

from assistant.paths import Home
from tests.assistants import SAMPLES
from tests.terminal import FAKE, Terminal, run

FILE_KEYS = {"path", "status", "pages", "passages", "seconds", "reason"}


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "메모 note.md"
    path.write_text("# Trip\n\nThe ferry to Gull Island leaves at seven.\n", encoding="utf-8")
    return path


def test_a_document_is_added_once_listed_replaced_and_removed(maru: Terminal, note: Path) -> None:
    added = maru("add", note, "--json")
    assert added.code == 0
    assert set(added.json) == FILE_KEYS
    assert (added.json["path"], added.json["status"], added.json["reason"]) == (str(note), "added", "")
    assert maru("add", note, "--json").json["status"] == "unchanged"
    assert maru("documents", "--json").json == [
        {
            "path": str(note),
            "collection": "default",
            "pages": 0,
            "passages": 1,
            "status": "added",
            "reason": "",
            "there": True,
        }
    ]
    note.write_text("# Trip\n\nThe ferry to Gull Island leaves at eight.\n", encoding="utf-8")
    assert maru("add", note, "--json").json["status"] == "replaced"
    removed = maru("remove", note, "--json")
    assert (removed.code, removed.json) == (0, {"path": str(note), "removed": 1})
    assert note.exists()
    assert maru("documents", "--json").json == []
    again = maru("remove", note)
    assert again.code == 1
    assert "is not among your documents" in again.err


def test_a_line_a_file_and_the_count_of_those_that_failed(maru: Terminal, tmp_path: Path) -> None:
    good, empty, gone = tmp_path / "good.txt", tmp_path / "empty.pdf", tmp_path / "gone.txt"
    good.write_text("Some words.", encoding="utf-8")
    empty.write_bytes(b"")
    ran = maru("add", good, empty, gone)
    assert ran.code == 0, "one of them was added"
    first, second, third = ran.out.splitlines()
    assert first.startswith(f"{good}: added (")
    assert second.startswith(f"{empty}: ")
    assert "empty" in second.removeprefix(str(empty))
    assert third == f"{gone}: failed. It is not there. Check the name."
    assert "could not be read" in ran.err
    by_json = {Path(one["path"]).name: one for one in maru("add", good, empty, gone, "--json").lines}
    assert by_json["gone.txt"]["status"] == "failed"
    assert by_json["gone.txt"]["reason"] == "It is not there. Check the name."


def test_when_every_file_failed_the_exit_code_is_1(maru: Terminal, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.pdf"
    damaged.write_bytes(b"%PDF-1.7\n" + os.urandom(200))
    ran = maru("add", damaged, "--json")
    assert ran.code == 1
    assert ran.json["status"] == "failed"
    assert ran.json["reason"]


def test_a_folder_without_rights_is_named_and_the_others_go_on(
    ready_home: Home, tmp_path: Path, note: Path, unprivileged: tuple[str, ...]
) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0)
    ran = run(ready_home.root, "add", folder, note, "--json", module=FAKE, prefix=unprivileged)
    folder.chmod(0o700)
    assert ran.code == 0, ran.err
    results = {one["path"]: one for one in ran.lines}
    assert results[str(note)]["status"] == "added"
    assert results[str(folder)]["status"] == "failed"
    assert "may not read" in results[str(folder)]["reason"]


def test_an_empty_folder_is_told(maru: Terminal, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    ran = maru("add", tmp_path / "nothing")
    assert (ran.code, ran.out) == (1, "")
    assert "no file to read in nothing" in ran.err


def test_documents_for_people_is_a_table(stocked: Terminal) -> None:
    heads, *rows = stocked("documents").out.splitlines()
    assert heads.split() == ["Document", "Collection", "Pages", "Passages", "State"]
    assert len(rows) == 2
    assert len({row.index("My documents") for row in rows}) == 1, "columns are aligned"


def test_an_empty_library_says_how_to_begin(maru: Terminal) -> None:
    ran = maru("documents")
    assert (ran.code, ran.out) == (0, "")
    assert "maru add PATH" in ran.err


def test_collections_are_apart(maru: Terminal, note: Path) -> None:
    assert maru("add", note, "--collection", "여행").code == 0
    assert [row["collection"] for row in maru("documents", "--json").json] == ["여행"]
    assert maru("collections", "--create", "other").code == 0
    assert maru("documents", "--collection", "other", "--json").json == []
    assert maru("search", "ferry", "--collection", "other", "--json").json == []
    assert maru("search", "ferry", "--collection", "여행", "--json").json != []


@pytest.mark.parametrize("command", [("documents",), ("search", "ferry")])
def test_a_collection_that_is_not_there_is_named(
    maru: Terminal, note: Path, command: tuple[str, ...]
) -> None:
    assert maru("add", note).code == 0
    ran = maru(*command, "--collection", "misspelt")
    assert ran.code == 1
    assert "There is no collection misspelt." in ran.err


def test_read_gives_places_with_pages(maru: Terminal) -> None:
    places = maru("read", SAMPLES / "lease.pdf", "--json").json
    assert [place["page"] for place in places] == list(range(1, 8))
    assert all(set(place) == {"place", "page", "text"} for place in places)
    assert places[1]["place"] == "page 2"
    assert "USD 850" in places[1]["text"]


def test_read_needs_no_home(maru: Terminal, note: Path) -> None:
    before = sorted(maru.home.rglob("*"))
    ran = maru("read", note)
    assert ran.code == 0
    assert "Gull Island" in ran.out
    assert sorted(maru.home.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("gone.pdf", None, "gone.pdf"),
        ("empty.pdf", b"", "empty"),
        ("damaged.pdf", b"%PDF-1.7 nothing", "damaged"),
        ("photo.heic", b"\x00\x01\x02\x03" * 100, "photo.heic"),
    ],
)
def test_read_says_why_not(
    maru: Terminal, tmp_path: Path, name: str, content: bytes | None, reason: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    ran = maru("read", tmp_path / name)
    assert (ran.code, ran.out) == (1, "")
    assert reason in ran.err
    assert "Traceback" not in ran.err


def test_read_of_a_locked_pdf_asks_for_its_password(maru: Terminal, tmp_path: Path) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    path = tmp_path / "locked.pdf"
    canvas = Canvas(str(path), encrypt=StandardEncryption("secret"))
    canvas.drawString(100, 700, "hidden")
    canvas.save()
    ran = maru("read", path)
    assert ran.code == 1
    assert "password" in ran.err
    (tmp_path / "wrong").write_text("guess\n", "utf-8")
    assert "does not open locked.pdf" in maru("read", path, "--password-file", tmp_path / "wrong").err
    (tmp_path / "right").write_text("secret\n", "utf-8")
    assert "hidden" in maru("read", path, "--password-file", tmp_path / "right").out


def test_a_collection_that_is_not_there_is_no_empty_one(maru: Terminal, note: Path) -> None:
    assert maru("add", note).code == 0
    ran = maru("documents", "--collection", "Wrok")
    assert ran.code != 0
    assert "There is no collection Wrok." in ran.err
