# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A real Secret Service in a session of its own: gnome-keyring, unlocked with a throw-away password."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.key_file import KeyFile
from assistant.paths import Home
from tests.homes import ENVIRONMENT

ROOT = Path(__file__).resolve().parents[2]
CHILD = f'"{sys.executable}" -m tests.unit.secret_service_child'
UNLOCK = "printf 'throw away' | gnome-keyring-daemon --unlock --components=secrets >/dev/null"

pytestmark = pytest.mark.skipif(
    not (shutil.which("gnome-keyring-daemon") and shutil.which("dbus-run-session")),
    reason="no gnome-keyring, or no dbus-run-session",
)
Session = Callable[..., list[str]]


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """Return what runs commands of the shell in a desktop session without a desktop."""
    places = {name: tmp_path / name.lower() for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    running = tmp_path / "run"
    for place in (*places.values(), running):
        place.mkdir(mode=0o700)
    unwanted = ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", *ENVIRONMENT)
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    environment = {**kept, **{name: str(place) for name, place in places.items()}, "LC_ALL": "C.UTF-8"}
    environment["XDG_RUNTIME_DIR"] = str(running)

    def run(*commands: str) -> list[str]:
        ran = subprocess.run(
            ["dbus-run-session", "--", "sh", "-c", "; ".join(commands)],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.splitlines()

    return run


def test_the_keyring_of_the_desktop_opens_a_home_and_its_faults_are_told(
    session: Session, tmp_path: Path
) -> None:
    home = Home(tmp_path / "maru")
    open_it = f'{CHILD} "{home.root}"'
    first, again, changed, emptied = session(
        UNLOCK, open_it, open_it, f"{open_it} change", f"{open_it} empty"
    )
    assert first == again
    file = KeyFile.read(home)
    assert file is not None
    assert first == f"open {file.check}"
    assert changed.startswith("KEYRING_CHANGED")
    assert emptied.startswith("KEYRING_EMPTY")
    [locked] = session(open_it)
    assert locked.startswith("KEYRING_LOCKED"), "the next session, in which nobody typed its password"


def test_the_recovery_code_puts_the_key_back_into_the_keyring(session: Session, tmp_path: Path) -> None:
    home = Home(tmp_path / "maru")
    open_it = f'{CHILD} "{home.root}"'
    before, code = session(UNLOCK, open_it, f"{open_it} code")
    assert session(UNLOCK, f"{open_it} empty")[0].startswith("KEYRING_EMPTY")
    mended, after = session(UNLOCK, f'MARU_RECOVERY_CODE="{code}" {open_it}', open_it)
    assert before == mended == after
