# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Kills a process at one chosen change of a file: strace counts the calls and sends the signal."""

import functools
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHANGING = (
    "pwrite64",
    "write",
    "fsync",
    "fdatasync",
    "rename",
    "unlink",
    "unlinkat",
    "rmdir",
    "mkdir",
    "ftruncate",
)


@functools.cache
def strace_works() -> bool:
    program = shutil.which("strace")
    return bool(program) and subprocess.run([program, "-o", os.devnull, "true"], check=False).returncode == 0


def run_module(arguments: Sequence[str], prefix: Sequence[str] = ()) -> "subprocess.CompletedProcess[str]":
    command = [*prefix, sys.executable, "-m", *arguments]
    alone = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}  # else a first run changes files of Python's own
    return subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env=alone, timeout=120, check=False
    )


def changes_of(arguments: Sequence[str], log: Path) -> list[tuple[str, int]]:
    """Run a module to its end; return each change of a file: the call, and which of its kind."""
    ran = run_module(arguments, ["strace", "-qq", "-o", str(log), "-e", f"trace={','.join(CHANGING)}"])
    assert ran.returncode == 0, ran.stderr
    seen: Counter[str] = Counter()
    found = []
    for line in log.read_text("utf-8", "replace").splitlines():
        call = line.split("(")[0]
        if call in CHANGING:
            seen[call] += 1
            found.append((call, seen[call]))
    return found


def kill_at(arguments: Sequence[str], call: str, number: int) -> bool:
    """Run a module and kill it at the call number `number` of that kind; says whether it was killed."""
    inject = f"inject={call}:signal=KILL:when={number}"
    prefix = ["strace", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", inject]
    ran = run_module(arguments, prefix)
    assert ran.returncode in (0, -9, 137), ran.stderr
    return ran.returncode != 0


def spread(points: Sequence[tuple[str, int]], count: int) -> list[tuple[str, int]]:
    """Return `count` of the points, evenly spread, or all of them where there are no more."""
    if len(points) <= count:
        return list(points)
    return [points[(2 * number + 1) * len(points) // (2 * count)] for number in range(count)]
