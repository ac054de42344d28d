# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Tries the built program as a stranger's machine would: an empty home, no Python, no display.

python3 packaging/smoke.py [PROGRAM]
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "dist" / "maru" / ("maru.exe" if sys.platform == "win32" else "maru")
PATIENCE_S = 300
KEPT = ("SYSTEMROOT", "TEMP", "TMP")  # Windows starts nothing without them


def main(arguments: list[str]) -> int:
    """Run the program's own self-test. Returns the exit code."""
    program = Path(arguments[0]).absolute() if arguments else PROGRAM
    if not program.exists():
        print(f"{program} is not there: run make package.")
        return 1
    for command in (["--version"], ["--self-test"], ["doctor"]):
        started = time.monotonic()
        code = _run([str(program), *command])
        print(
            f"{program.name} {' '.join(command)}: exit code {code}, {time.monotonic() - started:.1f} s",
            flush=True,
        )
        if code != 0:
            return 1
    return 0


def _run(command: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="maru smoke 연기 ") as folder:
        surroundings = {name: os.environ[name] for name in KEPT if name in os.environ}
        surroundings |= {"HOME": folder, "USERPROFILE": folder, "LOCALAPPDATA": folder}
        surroundings |= {"QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}
        surroundings |= {"MARU_PASSPHRASE": "smoke", "MARU_KEYRING": "off"}
        try:
            done = subprocess.run(command, cwd=folder, env=surroundings, timeout=PATIENCE_S, check=False)
        except subprocess.TimeoutExpired:
            print(f"no end after {PATIENCE_S} s")
            return 1
        return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
