# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""For every test: a home to throw away, English sentences, and no thread or process left behind."""

import contextlib
import multiprocessing
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from assistant.paths import Home
from assistant.texts import language_in_use, use_language
from tests.homes import ENVIRONMENT, protect

ROOT = Path(__file__).resolve().parents[1]
SHARED_DATA = ROOT.parent / "shared" / "data"
PATIENCE_S = 5.0  # what ends by itself may take this long
LOOK_EVERY_S = 0.01
LASTING_SCOPES = ("class", "module", "package", "session")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home of this test's own, made and empty."""
    made = Home(tmp_path / "home")
    protect(made)
    return made


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of data that is not in the repository; skip where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("no shared data: runs where it lies beside the repository")
    return SHARED_DATA


@pytest.fixture(scope="session", autouse=True)
def _homes_open_by_a_passphrase_of_the_tests() -> Iterator[None]:
    """Keep the user's keyring out, and let passphrases cost nothing; also where fixtures last longer."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        patch.setattr("assistant.home_key.ROUNDS", 1)
        yield


@pytest.fixture(autouse=True)
def _a_world_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep the user's own home, recovery code and language out of every test."""
    monkeypatch.setenv("MARU_HOME", str(tmp_path / "home"))
    for name in ("MARU_RECOVERY_CODE", "MARU_LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    spoken = language_in_use()
    use_language("en")
    yield
    use_language(spoken)


@pytest.fixture(scope="session", autouse=True)
def _nothing_left_by_the_session() -> Iterator[None]:
    yield from _guard()


@pytest.fixture(scope="module", autouse=True)
def _nothing_left_by_the_module(request: pytest.FixtureRequest) -> Iterator[None]:
    tests = [item for item in request.session.items if item.path == request.path]
    lasting = any(_uses_fixture_of(item, ("package", "session")) for item in tests)
    yield from _guard(watch=not lasting)


@pytest.fixture(autouse=True)
def _nothing_left_by_the_test(request: pytest.FixtureRequest) -> Iterator[None]:
    # A fixture of the module may start its engine inside the first test and keep it for the next.
    yield from _guard(watch=not _uses_fixture_of(request.node, LASTING_SCOPES))


def _uses_fixture_of(item: pytest.Item, scopes: tuple[str, ...]) -> bool:
    """Say whether `item` uses a fixture of our own with one of `scopes`, the guards aside."""
    known = item._fixtureinfo.name2fixturedefs
    return any(
        definitions[-1].scope in scopes
        and definitions[-1].baseid.startswith("tests")
        and not name.startswith("_nothing_left")
        and name != "shared_data"
        for name, definitions in known.items()
    )


def _guard(*, watch: bool = True) -> Iterator[None]:
    before = _running() if watch else {}
    yield
    if not watch:
        return
    deadline = time.monotonic() + PATIENCE_S
    while (left := _running().keys() - before.keys()) and time.monotonic() < deadline:
        threading.Event().wait(LOOK_EVERY_S)
    now = _running()
    assert not left, "left behind: " + ", ".join(sorted(now[key] for key in left if key in now))


def _running() -> dict[object, str]:
    """Return the threads and child processes of this process: what identifies each, and its name."""
    multiprocessing.active_children()  # reaps those that ended
    found: dict[object, str] = {
        thread: f"thread {thread.name}"
        for thread in threading.enumerate()
        if not isinstance(thread, threading._DummyThread)  # Qt's own threads that ran Python once
    }
    for child in psutil.Process(os.getpid()).children():
        with contextlib.suppress(psutil.Error):
            command = " ".join(child.cmdline())
            # spawn's own bookkeeper lives as long as the process.
            if child.status() != psutil.STATUS_ZOMBIE and "resource_tracker" not in command:
                found[(child.pid, child.create_time())] = f"process {child.pid}: {command[:200]}"
    return found
