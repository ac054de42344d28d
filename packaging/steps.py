# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Runs one long command, says how far it is, and shows the end of what it said where it fails.

Standard library only: the set-up uses it before anything is installed.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

TICK_S = 1.0
LINE_EVERY_S = 30  # where the output is no terminal
LINES_SHOWN = 25


def surroundings(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment for a compile, with `extra`."""
    # With SOURCE_DATE_EPOCH, which Debian's build tools set, llama.cpp is built for plain SSE2.
    own = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    return {**own, **(extra or {})}


def run(words: str, command: Sequence[str], log: Path, environment: Mapping[str, str]) -> bool:
    """Run `command`, adding what it says to `log`, and return whether it worked.

    `words` tell people what is going on.
    """
    with log.open("a", encoding="utf-8") as output:
        process = subprocess.Popen(command, env=dict(environment), stdout=output, stderr=subprocess.STDOUT)
        try:
            _tell_progress(words, process)
        except BaseException:
            process.terminate()
            raise
    if process.returncode == 0:
        return True
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    print("\n".join(lines[-LINES_SHOWN:]))
    print(f"This step failed: {words}. All of what it said is in {log}.")
    print("Without a network connection nothing can be fetched; with one, run the same command again.")
    return False


def _tell_progress(words: str, process: "subprocess.Popen[bytes]") -> None:
    """Say what is being done and for how long, until `process` ends."""
    started, told = time.monotonic(), 0.0
    live = sys.stdout.isatty()
    print(f"{words} …", end="" if live else "\n", flush=True)
    while process.poll() is None:
        try:
            process.wait(TICK_S)
        except subprocess.TimeoutExpired:
            elapsed = time.monotonic() - started
            if live:
                print(f"\r{words} … {clock(elapsed)}", end="", flush=True)
            elif elapsed - told >= LINE_EVERY_S:
                told = elapsed
                print(f"  {clock(elapsed)}", flush=True)
    if live:
        print(f"\r{words} … {clock(time.monotonic() - started)}")


def clock(seconds: float) -> str:
    """Return minutes and seconds as people read them."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
