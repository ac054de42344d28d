# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""S1: the whole test suite, watched for sockets of the internet families; a control shows that one is seen.

    python -m tests.check_network [PYTEST ARGUMENTS]

What the suite starts is watched, too. Left out are tests that try the network on purpose, to see it refused
(marked `tries_network`), and those that cannot be watched (`untraced`): they watch calls themselves, or a
process is stopped in them.
Exit code 0: none was asked for; 1: one was, or a test failed; 2: cannot be told.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ASKED = re.compile(r"^(?P<pid>[0-9]+) +(?P<call>socket\((?:AF_INET|AF_INET6|AF_PACKET)\b.*)", re.MULTILINE)
STRACE = ("strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=socket", "-o")
CONTROL = "import socket; socket.socket(socket.AF_INET6 if {six} else socket.AF_INET).close()"
QUIET, ASKED_FOR, UNKNOWN = 0, 1, 2


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
    wanted = list(arguments) or ["tests"]
    ran = watch([sys.executable, "-m", "pytest", "-q", "-m", "not tries_network and not untraced", *wanted])
    for call in sorted(set(ran.sockets)):
        sys.stdout.write(f"{ran.sockets.count(call)} x {call}\n")
    sys.stdout.write(f"internet sockets asked for: {len(ran.sockets)}; the tests ended with {ran.code}\n")
    return ASKED_FOR if ran.sockets or ran.code else QUIET


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
