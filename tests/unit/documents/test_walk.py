# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Which files a folder holds: hidden ones, links, .gitignore, names of every kind."""

import os
import sys
import unicodedata
from pathlib import Path

import pytest

from assistant.documents.walk import absolute, walk
from assistant.documents.watch import is_remote


def made(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")
    return folder


def found(folder: Path, path: Path | None = None) -> list[str]:
    walked = walk(str(path or folder), str(folder) if path else None)
    return sorted(Path(one[0]).relative_to(folder).as_posix() for one in walked.files)


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    made(tmp_path, "a.txt", ".hidden", ".git/config", "b/.c/d.txt", "b/e.txt")
    assert found(tmp_path) == ["a.txt", "b/e.txt"]
    assert found(tmp_path, tmp_path / "b" / ".c" / "d.txt") == []
    assert found(tmp_path, tmp_path / "b") == ["b/e.txt"]


# Each line from the documentation of git's pattern format.
@pytest.mark.parametrize(
    ("patterns", "kept"),
    [
        ("# note\n\n", ["doc/a.txt", "doc/b.log", "frotz/x", "hello.c", "hello1", "sub/doc/frotz/y"]),
        ("*.log", ["doc/a.txt", "frotz/x", "hello.c", "hello1", "sub/doc/frotz/y"]),
        ("doc/frotz/", ["doc/a.txt", "doc/b.log", "frotz/x", "hello.c", "hello1", "sub/doc/frotz/y"]),
        ("frotz/", ["doc/a.txt", "doc/b.log", "hello.c", "hello1"]),
        ("/doc/*", ["frotz/x", "hello.c", "hello1", "sub/doc/frotz/y"]),
        ("doc/*\n!doc/a.txt", ["doc/a.txt", "frotz/x", "hello.c", "hello1", "sub/doc/frotz/y"]),
        ("hello.*", ["doc/a.txt", "doc/b.log", "frotz/x", "hello1", "sub/doc/frotz/y"]),
        ("hello[0-9]", ["doc/a.txt", "doc/b.log", "frotz/x", "hello.c", "sub/doc/frotz/y"]),
        ("hello[!0-9]c", ["doc/a.txt", "doc/b.log", "frotz/x", "hello1", "sub/doc/frotz/y"]),
        ("hello?", ["doc/a.txt", "doc/b.log", "frotz/x", "hello.c", "sub/doc/frotz/y"]),
        ("**/frotz/y", ["doc/a.txt", "doc/b.log", "frotz/x", "hello.c", "hello1"]),
        ("sub/**", ["doc/a.txt", "doc/b.log", "frotz/x", "hello.c", "hello1"]),
        ("sub/**/y", ["doc/a.txt", "doc/b.log", "frotz/x", "hello.c", "hello1"]),
        ("hello1 ", ["doc/a.txt", "doc/b.log", "frotz/x", "hello.c", "sub/doc/frotz/y"]),
        ("doc/[z-a]*", ["doc/a.txt", "doc/b.log", "frotz/x", "hello.c", "hello1", "sub/doc/frotz/y"]),
    ],
)
def test_gitignore_is_followed(tmp_path: Path, patterns: str, kept: list[str]) -> None:
    made(tmp_path, "doc/a.txt", "doc/b.log", "frotz/x", "hello.c", "hello1", "sub/doc/frotz/y")
    (tmp_path / ".gitignore").write_text(patterns, encoding="utf-8")
    assert found(tmp_path) == kept


def test_the_nearest_gitignore_decides(tmp_path: Path) -> None:
    made(tmp_path, "a.log", "deep/b.log", "deep/c.txt")
    (tmp_path / ".gitignore").write_text("*.log")
    (tmp_path / "deep" / ".gitignore").write_text("!b.log\nc.txt")
    assert found(tmp_path) == ["deep/b.log"]
    assert found(tmp_path, tmp_path / "deep") == ["deep/b.log"]
    assert found(tmp_path, tmp_path / "a.log") == []


def test_links_that_lead_in_a_circle_end(tmp_path: Path) -> None:
    made(tmp_path, "a.txt")
    (tmp_path / "round").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    assert found(tmp_path) == ["a.txt", "b.txt"]
    assert found(tmp_path, tmp_path / "round") == []


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes in folders")
def test_pipes_are_no_files(tmp_path: Path) -> None:
    made(tmp_path, "a.txt")
    os.mkfifo(tmp_path / "pipe")
    assert found(tmp_path) == ["a.txt"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="rights do not bind this user")
def test_a_folder_without_rights_is_unreadable_not_empty(tmp_path: Path) -> None:
    made(tmp_path, "shut/a.txt", "b.txt")
    (tmp_path / "shut").chmod(0)
    walked = walk(str(tmp_path))
    (tmp_path / "shut").chmod(0o700)
    assert (len(walked.files), walked.unreadable) == (1, [str(tmp_path / "shut")])


def test_a_name_in_the_other_normal_form_is_found(tmp_path: Path) -> None:
    name = unicodedata.normalize("NFD", "계약서.txt")
    made(tmp_path, name)
    assert absolute(tmp_path / "계약서.txt").exists()
    assert absolute(tmp_path / "없음.txt") == tmp_path / "없음.txt"


def test_folders_of_other_computers_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import psutil

    from assistant.documents import watch

    class Part:
        def __init__(self, mountpoint: str, fstype: str, opts: str = "rw") -> None:
            self.mountpoint, self.fstype, self.opts = mountpoint, fstype, opts

    parts = [
        Part("/", "ext4"),
        Part("/mnt/share", "nfs4"),
        Part("/mnt/usb", "vfat"),
        Part("Z:", "", "remote"),
    ]
    assert watch.psutil is psutil
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_: parts)
    assert is_remote("/mnt/share/deep")
    assert is_remote("\\\\server\\share")
    assert not is_remote("/mnt/shared")
    assert not is_remote("/mnt/usb/x")


def test_marus_own_folder_is_passed_over(tmp_path: Path) -> None:
    made(tmp_path, "a.txt", "home/library.db")
    own = str(tmp_path / "home")
    assert [Path(one[0]).name for one in walk(str(tmp_path), without=own).files] == ["a.txt"]
    assert walk(own, without=own).files == []


def test_a_file_that_cannot_be_looked_at_counts_as_unreadable_not_as_gone(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("one")
    (tmp_path / "circle").symlink_to("circle")  # stands for a share that answers with an error
    walked = walk(str(tmp_path))
    assert [Path(one[0]).name for one in walked.files] == ["one.txt"]
    assert walked.unreadable == [str(tmp_path / "circle")]
