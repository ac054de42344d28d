# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Makes `.venv-gpu`: what `.venv` has, with the engine that runs on every computer and knows Vulkan.

    .venv/bin/python packaging/gpu_environment.py

`make gpu-test` runs in it. It holds the engine alone; everything else is read from `.venv`.
"""

import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import engine
import system_packages

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".venv-gpu"
STAMP = FOLDER / "built"


def main() -> int:
    """Make the environment where it is not there yet. Returns the exit code."""
    if system_packages.main(["", "gpu"]) != 0:
        return 1
    wheel = engine.wheel(with_vulkan=True)
    if wheel is None:
        return 1
    wanted = f"{wheel.name} {wheel.stat().st_mtime_ns} {sys.version}\n"
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted:
        return 0
    shutil.rmtree(FOLDER, ignore_errors=True)
    venv.create(FOLDER, symlinks=sys.platform != "win32")
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    python = FOLDER / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    told = subprocess.run([str(python), "-c", asked], capture_output=True, text=True, check=True)
    packages = Path(told.stdout.strip())
    engine.unpack(wheel, packages)
    # Looked into after the folder itself, so that its engine comes first.
    line = f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n"
    (packages / "everything-else.pth").write_text(line, encoding="utf-8")
    STAMP.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
