# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""S1 in small: nothing asks for the internet, and everything works where there is none."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.paths import Home
from tests.assistants import embedding_file, ready_home
from tests.check_network import asked_for, control, watch
from tests.terminal import ROOT, environment

__all__ = ["embedding_file", "ready_home"]

SAMPLE = ROOT / "tests" / "data" / "lease.pdf"
QUESTION = "How much is the monthly rent?"


def maru(home: Home, *arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "assistant", "--home", str(home.root), *map(str, arguments)]


@pytest.fixture
def terminal_environment(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    names = ("MARU_PASSPHRASE", "MARU_KEYRING")
    return environment(**{name: os.environ[name] for name in names if name in os.environ})


def test_only_internet_sockets_count() -> None:
    log = (
        "12 socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = 3\n"
        "13 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = -1 EPERM (Operation not permitted)\n"
        "14 socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) = 4\n"
        "15 socket(AF_INET6, SOCK_DGRAM, 0) = 5\n"
    )
    assert [call.partition(",")[0] for call in asked_for(log)] == ["socket(AF_INET", "socket(AF_INET6"]


@pytest.mark.untraced
@pytest.mark.real_model
def test_documents_are_read_searched_and_asked_without_an_internet_socket(
    ready_home: Home, terminal_environment: dict[str, str]
) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not there")
    assert control(), "the control is seen, or the test says nothing"
    commands: Sequence[list[str]] = (
        maru(ready_home, "add", SAMPLE),
        maru(ready_home, "search", "rent"),
        maru(ready_home, "ask", QUESTION),
    )
    for command in commands:
        ran = watch(command, env=terminal_environment, cwd=ROOT, stdout=subprocess.DEVNULL)
        assert (ran.code, ran.sockets) == (0, ()), command


@pytest.mark.real_model
def test_documents_are_read_and_asked_where_there_is_no_network(
    ready_home: Home, terminal_environment: dict[str, str]
) -> None:
    alone = ["unshare", "-rn"]
    if (
        not shutil.which("unshare")
        or subprocess.run([*alone, "true"], check=False, capture_output=True).returncode
    ):
        pytest.skip("this system lets nobody take the network away")
    added = subprocess.run(
        [*alone, *maru(ready_home, "add", SAMPLE)], check=False, env=terminal_environment, cwd=ROOT
    )
    asked = subprocess.run(
        [*alone, *maru(ready_home, "ask", QUESTION)],
        check=False,
        env=terminal_environment,
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )
    assert (added.returncode, asked.returncode) == (0, 0), asked.stderr
    assert "850" in asked.stdout
    assert "lease.pdf" in asked.stdout
