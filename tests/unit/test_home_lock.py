# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""One writer per home."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import HomeError, HomeHeldError
from assistant.home_lock import HomeLock, holder
from assistant.paths import Home

HOLD = """
import sys
from pathlib import Path
from assistant.home_lock import HomeLock
from assistant.paths import Home
with HomeLock.acquire(Home(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_told_who_holds_the_home(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    command = [sys.executable, "-c", HOLD, str(home.root)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(HomeHeldError, match="already open") as error:
            HomeLock.acquire(home)
        assert str(other.pid) in str(error.value)
        assert holder(home) == other.pid
        other.kill()
    HomeLock.acquire(home).release()


def test_the_lock_can_be_taken_again_once_given_back(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with HomeLock.acquire(home) as lock:
        assert holder(home) == os.getpid()
        with pytest.raises(HomeHeldError):
            HomeLock.acquire(home)
        lock.release()
        HomeLock.acquire(home).release()


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeError, match="file") as error:
        HomeLock.acquire(Home(tmp_path / "file" / "home"))
    assert not isinstance(error.value, HomeHeldError)


def test_nobody_holds_a_home_that_is_not_there(tmp_path: Path) -> None:
    assert holder(Home(tmp_path)) is None


@pytest.mark.skipif(os.name != "posix", reason="runs on Linux and macOS: rights of POSIX")
@pytest.mark.parametrize(("mode", "then"), [(0o777, 0o700), (0o500, 0o500), (0o555, 0o500), (0o700, 0o700)])
def test_only_the_rights_of_others_are_taken_off_a_home(tmp_path: Path, mode: int, then: int) -> None:
    home = Home(tmp_path / "home")
    home.create()
    home.root.chmod(mode)
    home.create()
    assert home.root.stat().st_mode & 0o777 == then
    home.root.chmod(0o700)
