# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A file as a reader gets it: open already, with a position for each who reads, never more than it had."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from assistant.documents.readers.source import Source, open_source
from assistant.errors import DocumentError, NoTextError

LETTERS = bytes(range(256)) * 10_000  # more than is read at once


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "a.bin"
    made.write_bytes(LETTERS)
    return made


def test_each_who_reads_has_a_position_of_its_own(file: Path) -> None:
    with open_source(file) as source, source.file() as one, source.file() as other:
        assert one.read(3) == LETTERS[:3]
        assert other.read(2) == LETTERS[:2]
        assert source.head(5) == LETTERS[:5]
        assert one.read(3) == LETTERS[3:6]
        other.seek(-4, os.SEEK_END)
        assert (other.read(), other.tell()) == (LETTERS[-4:], len(LETTERS))
        one.seek(2, os.SEEK_CUR)
        assert one.read(1) == LETTERS[8:9]
        assert source.content() == LETTERS
        assert source.sha256() == hashlib.sha256(LETTERS).hexdigest()
        with pytest.raises(OSError, match="before the beginning"):
            one.seek(-1)


def test_what_is_added_while_it_is_read_is_not_read(file: Path) -> None:
    with open_source(file) as source:
        with file.open("ab") as growing:
            growing.write(b"more")
        assert source.content() == LETTERS
        with pytest.raises(DocumentError, match=r"a\.bin was changed while it was read"):
            source.check_unchanged()


def test_a_file_that_is_cut_meanwhile_ends_where_it_ends(file: Path) -> None:
    with open_source(file) as source:
        os.truncate(file, 100)
        assert source.content() == LETTERS[:100]
        with pytest.raises(DocumentError, match="was changed"):
            source.check_unchanged()


@pytest.mark.skipif(os.name != "posix", reason="an open file is not replaced there")
def test_a_file_put_in_its_place_changes_nothing_of_what_is_read(file: Path, tmp_path: Path) -> None:
    with open_source(file) as source:
        (tmp_path / "new").write_bytes(b"other words")
        (tmp_path / "new").replace(file)
        assert source.content() == LETTERS
        source.check_unchanged()


def test_the_name_is_kept_and_the_folder_is_not(file: Path) -> None:
    with open_source(file) as source:
        assert (source.name, source.stem, source.suffix) == ("a.bin", "a", ".bin")
        assert str(file.parent) not in repr(source)


def test_a_password_is_not_shown(file: Path) -> None:
    with open_source(file, "open sesame") as source:
        assert source.password == "open sesame"
        assert "sesame" not in repr(source)


def test_nothing_stays_open_where_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    before = os.dup(0)
    os.close(before)
    for refused in (tmp_path / "empty.txt", tmp_path, tmp_path / "gone"):
        with pytest.raises(DocumentError):
            open_source(refused)
    after = os.dup(0)
    os.close(after)
    assert after == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
def test_a_pipe_put_in_place_of_a_file_does_not_make_it_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("words")
    regular = (tmp_path / "a.txt").stat()
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setattr(Path, "stat", lambda _path: regular)
    with pytest.raises(DocumentError, match="is not a regular file"):
        open_source(tmp_path / "pipe")


@pytest.mark.skipif(shutil.which("sh") is None, reason="no shell")
def test_a_program_started_meanwhile_does_not_get_the_file(file: Path) -> None:
    with open_source(file) as source:
        told = subprocess.run(
            ["sh", "-c", f"cat <&{source.descriptor}"], capture_output=True, close_fds=False, check=False
        )
    assert told.stdout == b""


def test_an_empty_one_holds_no_text(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    with pytest.raises(NoTextError, match=r"empty\.txt is empty"):
        open_source(tmp_path / "empty.txt")


def test_a_source_can_be_made_of_what_was_handed_over(file: Path) -> None:
    with Source.of("b.bin", os.open(file, os.O_RDONLY)) as source:
        assert (source.name, source.size) == ("b.bin", len(LETTERS))
