# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""S1 in small: nothing asks for the internet, and everything works where there is none."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.paths import Home
from tests.assistants import embedding_file, ready_home
from tests.check_network import WATCHED, Watched, asked_for, control, report, watch
from tests.terminal import ROOT, environment
from tests.watched import TOLD_TO

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


def test_what_came_of_a_run_names_the_tests_that_were_left_out() -> None:
    left_out = [("tests/a.py::one[1]", "stops a process"), ("tests/a.py::one[2]", "stops a process")]
    written = report(Watched(0, ()), {"passed": 7, "skipped": 1}, left_out)
    assert "with all that they start: 7 passed, 1 skipped\n" in written
    assert "internet sockets asked for: 0\n- exit code of the tests: 0\n" in written
    assert "| stops a process | 2 | `a.py::one` |\n" in written


TESTS = """
import pytest

def test_that_is_watched():
    pass

@pytest.mark.untraced("stops a process")
def test_that_is_not():
    raise AssertionError

@pytest.mark.tries_network
def test_that_asks():
    raise AssertionError
"""


def test_it_is_told_how_the_tests_ended_and_why_some_were_left_out(tmp_path: Path) -> None:
    told, file = tmp_path / "told.json", tmp_path / "test_few.py"
    file.write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.watched", "-m", WATCHED]
    where = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path)]
    environment = {**os.environ, TOLD_TO: str(told), "PYTHONPATH": str(ROOT)}
    subprocess.run([*command, *where, file], check=True, env=environment, cwd=tmp_path, capture_output=True)
    assert json.loads(told.read_text("utf-8")) == {
        "counts": {"passed": 1},
        "left_out": [
            ["test_few.py::test_that_is_not", "stops a process"],
            ["test_few.py::test_that_asks", "asks for the internet, to see it refused"],
        ],
    }


@pytest.mark.untraced("runs strace itself")
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


@pytest.fixture(scope="module")
def alone() -> list[str]:
    """Return what a command begins with that is to run where there is no network; skip where none can."""
    begins = ["unshare", "-rn"]
    if not shutil.which(begins[0]):
        pytest.skip("runs where unshare is installed (Linux, util-linux)")
    seen = subprocess.run([*begins, "cat", "/proc/net/dev"], check=False, capture_output=True, text=True)
    if seen.returncode:
        pytest.skip("this system lets nobody take the network away")
    ways = [line.partition(":")[0].strip() for line in seen.stdout.splitlines() if ":" in line]
    assert ways == ["lo"], "only the way back to itself is left, or the test says nothing"
    return begins


@pytest.mark.real_model
def test_documents_are_read_and_asked_where_there_is_no_network(
    ready_home: Home, terminal_environment: dict[str, str], alone: list[str]
) -> None:
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


FIRST_DAY = """
import sys
from pathlib import Path
from tests.screenshot.person import Person

if __name__ == "__main__":
    home, document, question = sys.argv[1:]
    person = Person(Path(home), "en", "light", Path(home))
    person.waits_for_model()
    person.drags(Path(document))
    person.drops(Path(document))
    person.waits_for_documents()
    person.types(question)
    person.presses_enter()
    person.waits_for_sources()
    person.waits_for_answer()
    turn = person.window.frame.chat.turns[-1]
    print(turn.text)
    print(*(passage.document for passage in turn.sources))
    person.leave()
"""


@pytest.mark.real_model
@pytest.mark.window
def test_the_window_is_started_for_the_first_time_where_there_is_no_network(
    tmp_path: Path, terminal_environment: dict[str, str], alone: list[str]
) -> None:
    script = tmp_path / "first_day.py"
    script.write_text(FIRST_DAY)
    ran = subprocess.run(
        [*alone, sys.executable, "-B", script, tmp_path / "new", SAMPLE, QUESTION],
        check=False,
        env={**terminal_environment, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
    )
    assert ran.returncode == 0, ran.stderr
    assert "850" in ran.stdout
    assert "lease.pdf" in ran.stdout
