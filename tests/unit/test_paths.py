# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Where Maru's folder lies, by what the person and the system say."""

import sys
from pathlib import Path

import pytest

from assistant.paths import default_home


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the folder of Linux")
@pytest.mark.parametrize(
    ("given", "home"),
    [(None, "me/.local/share/maru"), ("", "me/.local/share/maru"), ("files", "me/.local/share/maru")],
)
def test_a_folder_that_is_no_whole_path_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: str | None, home: str
) -> None:
    monkeypatch.delenv("MARU_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    monkeypatch.setenv("XDG_DATA_HOME", given or "")
    if given is None:
        monkeypatch.delenv("XDG_DATA_HOME")
    assert default_home() == tmp_path / home


def test_what_the_person_or_the_system_chose_is_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MARU_HOME", str(tmp_path / "mine"))
    assert default_home() == tmp_path / "mine"
    monkeypatch.delenv("MARU_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "files"))
    if sys.platform not in ("win32", "darwin"):
        assert default_home() == tmp_path / "files" / "maru"
