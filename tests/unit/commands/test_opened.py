# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What a start tells is said by whatever command opened the home."""

import shutil
from pathlib import Path

import pytest

from assistant.key_file import KeyFile
from assistant.paths import Home
from tests.homes import protect
from tests.terminal import Terminal


@pytest.mark.parametrize(
    "command",
    ["conversations", "documents", "collections", "snapshots --now", "init",
     "init --recovery-code", "redact --vault VAULT TEXT", "export FOLDER"],
)  # fmt: skip
def test_a_notice_of_the_start_is_said_once(maru: Terminal, tmp_path: Path, command: str) -> None:
    words = tmp_path / "TEXT"
    words.write_text("nothing personal", encoding="utf-8")
    maru("conversations")
    other = Home(tmp_path / "other")
    protect(other)
    shutil.copy(other.key_file, Home(maru.home).key_file)
    arguments = [str(tmp_path / each) if each.isupper() else each for each in command.split()]
    assert "kept as key.other-1.json" in maru(*arguments).err
    assert KeyFile.read(Home(maru.home)) != KeyFile.read(other)
    assert "key.other" not in maru("conversations").err
