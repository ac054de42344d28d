# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A home on a disk without any room: all can be read, and a wipe makes room."""

import contextlib
import errno
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant import pending
from assistant.errors import DamagedError, DiskFullError, ReadOnlyError
from assistant.looking import open_for_looking
from assistant.opening import open_assistant
from assistant.paths import Home
from assistant.private_files import write_private
from assistant.unlocking import unlock
from tests.assistants import FAKE_ENGINES
from tests.homes import key_of
from tests.old_homes import make_old_home

if sys.platform != "win32":
    import resource

NEWEST, FIRST = (99, 99), (1, 1)
Full = Callable[[], contextlib.AbstractContextManager[None]]


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Full:
    """Return a block in which no file can grow, as on a full disk; what is free is the fake."""
    if sys.platform == "win32":
        pytest.skip("runs where the size of files can be limited (Linux and macOS)")

    @contextlib.contextmanager
    def nothing_grows() -> Iterator[None]:
        with monkeypatch.context() as patch:
            patch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(1, 1, 0))
            before = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
            try:
                yield
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, before)

    return nothing_grows


@pytest.fixture
def used(home: Home) -> Home:
    """Return a home with conversations and a document."""
    make_old_home(home, *NEWEST, key_of(home))
    open_assistant(home, FAKE_ENGINES).close()
    return home


def test_a_home_on_a_full_disk_is_read_and_said_to_be(used: Home, full: Full) -> None:
    with full(), open_assistant(used, FAKE_ENGINES) as assistant:
        assert "The disk is full" in str(assistant.read_only)
        assert len(assistant.conversations.all()) == 3
        assert len(assistant.library.documents()) == 1
        with pytest.raises(ReadOnlyError, match="The disk is full"):
            assistant.conversations.create("one more")
    with open_assistant(used, FAKE_ENGINES) as assistant:
        assert assistant.read_only is None
        assistant.conversations.create("one more")


def test_a_home_on_a_full_disk_is_looked_at(used: Home, full: Full) -> None:
    with full(), open_for_looking(used) as looking:
        assert len(looking.library.documents()) == 1


@pytest.mark.parametrize("schema", [None, FIRST])
def test_what_is_to_be_made_or_brought_up_to_date_waits_for_room(
    home: Home, full: Full, schema: tuple[int, int] | None
) -> None:
    if schema is not None:
        make_old_home(home, *schema, key_of(home))
    unlock(home)
    with full(), pytest.raises(DiskFullError):
        open_assistant(home, FAKE_ENGINES)


def test_damage_on_a_full_disk_is_told_as_damage(used: Home, full: Full) -> None:
    used.library.write_bytes(used.library.read_bytes()[:4096] + os.urandom(8192))
    with full(), pytest.raises(DamagedError):
        open_assistant(used, FAKE_ENGINES)


@pytest.mark.parametrize("until", ["home.json", "states", "snapshots"])
def test_a_wipe_of_everything_makes_room_for_its_plan(
    used: Home, monkeypatch: pytest.MonkeyPatch, until: str
) -> None:
    _fill(used)
    _write_only_without(used.root / until, monkeypatch)
    pending.plan_wipe(used)
    assert json.loads(used.pending.read_bytes())["do"] == "wipe"
    assert used.conversations.exists(), "not while it may be open"
    assert (used.snapshots / "one").exists() is (until != "snapshots"), "no more than it takes"
    pending.finish(used)
    assert not any(path.exists() for path in (used.conversations, used.library, used.pending))


def test_where_no_room_can_be_made_nothing_more_than_that_is_gone(
    used: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(used)
    _write_only_without(used.root, monkeypatch)
    with pytest.raises(DiskFullError):
        pending.plan_wipe(used)
    assert not used.pending.exists()
    with open_assistant(used, FAKE_ENGINES) as assistant:
        assert len(assistant.conversations.all()) == 3


def _fill(home: Home) -> None:
    (home.states / "one.state").write_bytes(b"read")
    (home.snapshots / "one").mkdir(parents=True)
    (home.snapshots / "one" / "conversations.db").write_bytes(b"kept")


def _write_only_without(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the plan meet a full disk as long as there is something at `path`."""

    def write(target: Path, content: bytes) -> None:
        if path.is_file() or (path.is_dir() and any(path.iterdir())):
            raise OSError(errno.ENOSPC, "No space left on device")
        write_private(target, content)

    monkeypatch.setattr(pending, "write_private", write)
