# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""S1: the whole test suite, watched for sockets of the internet families; a control shows that one is seen.

    python -m tests.check_network [PYTEST ARGUMENTS]

What the suite starts is watched, too. Left out are tests that try the network on purpose, to see it refused
(marked `tries_network`), and those that cannot be watched (`untraced`, with the reason): they watch calls
themselves, or a process is stopped in them, which another one that watches it has stopped already.
A run over the whole suite writes what came of it to `tests/benchmarks/results/network.md`.
Exit code 0: none was asked for; 1: one was, or a test failed; 2: cannot be told.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.watched import TOLD_TO

ASKED = re.compile(r"^(?P<pid>[0-9]+) +(?P<call>socket\((?:AF_INET|AF_INET6|AF_PACKET)\b.*)", re.MULTILINE)
STRACE = ("strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=socket", "-o")
WATCHED = "not tries_network and not untraced"
CONTROL = "import socket; socket.socket(socket.AF_INET6 if {six} else socket.AF_INET).close()"
QUIET, ASKED_FOR, UNKNOWN = 0, 1, 2
REPORT = Path(__file__).resolve().parent / "benchmarks" / "results" / "network.md"


@dataclass(frozen=True)
class Watched:
    """How a command ended, and the internet sockets that it or what it started asked for."""

    code: int
    sockets: tuple[str, ...]


def watch(command: Sequence[str], **options: object) -> Watched:
    """Run a command to its end and return the sockets it asked for, also those that were refused."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "calls"
        ran = subprocess.run([*STRACE, str(log), *command], check=False, **options)  # type: ignore[call-overload]
        return Watched(ran.returncode, asked_for(log.read_text("utf-8", "replace")))


def asked_for(log: str) -> tuple[str, ...]:
    """Return the calls in strace's log that ask for a socket of the internet families."""
    return tuple(found["call"] for found in ASKED.finditer(log))


def control() -> bool:
    """Say whether a socket of either family is seen where one is asked for, by a process of a process."""
    for six in (False, True):
        inner = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {CONTROL.format(six=six)!r}])"
        if len(watch([sys.executable, "-c", inner]).sockets) != 1:
            return False
    return True


def main(arguments: Sequence[str]) -> int:
    """Watch the suite, or the part of it that the arguments name."""
    if shutil.which("strace") is None:
        sys.stderr.write("strace is needed: it watches what is asked of the system.\n")
        return UNKNOWN
    if not control():
        sys.stderr.write("The control was not seen: strace does not work here, and nothing can be told.\n")
        return UNKNOWN
    sys.stdout.write("control: a socket of either family is seen\n")
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told.json"
        suite = [sys.executable, "-m", "pytest", "-q", "-p", "tests.watched", "-m", WATCHED]
        ran = watch([*suite, *(arguments or ["tests"])], env={**os.environ, TOLD_TO: str(told)})
        if not arguments and told.exists():
            REPORT.write_text(report(ran, **json.loads(told.read_text("utf-8"))), "utf-8")
    for call in sorted(set(ran.sockets)):
        sys.stdout.write(f"{ran.sockets.count(call)} x {call}\n")
    sys.stdout.write(f"internet sockets asked for: {len(ran.sockets)}; the tests ended with {ran.code}\n")
    return ASKED_FOR if ran.sockets or ran.code else QUIET


def report(ran: Watched, counts: dict[str, int], left_out: Iterable[tuple[str, str]]) -> str:
    """Return what came of a run as Markdown: how many tests ended how, and why which were left out."""
    by_reason = defaultdict(list)
    for test, reason in left_out:
        by_reason[reason].append(test)
    ended = ", ".join(f"{number} {outcome}" for outcome, number in counts.items())
    lines = [
        "# Network", "", "Written by `make check-network` over the whole suite.", "",
        "- control: a socket of either family that a process of a process asks for is seen",
        f"- tests watched, with all that they start: {ended}",
        f"- internet sockets asked for: {len(ran.sockets)}",
        f"- exit code of the tests: {ran.code}",
        "", "| left out because the test | tests | which |", "| --- | --- | --- |",
        *(f"| {reason} | {len(tests)} | {_named(tests)} |" for reason, tests in sorted(by_reason.items())),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _named(tests: Iterable[str]) -> str:
    """Name each test once, without its file's folder and its cases."""
    names = dict.fromkeys(test.rpartition("/")[2].partition("[")[0] for test in tests)
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
