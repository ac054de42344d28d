# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Builds the engine that runs on every computer, as a wheel that is kept in `build/engine`.

    .venv/bin/python packaging/engine.py [--with-vulkan]

The engine of `.venv` is built for this very processor; this one holds a library for every generation
of processors and one for Vulkan, and loads what fits when it starts. A second run finds the wheel.
Vulkan is left out where it cannot be built, unless it is asked for: then that is an error.
"""

import shutil
import sys
from pathlib import Path
from zipfile import ZipFile

import backends
import steps

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
ENGINE = BUILD / "engine"
STAMP = ENGINE / "built"
LOG = ENGINE / "build.log"
HEADERS = BUILD / "vulkan-headers"
DISTRIBUTION = "llama-cpp-python"
LIBRARIES = "llama_cpp/lib/"


def main(arguments: list[str]) -> int:
    """Build, and say where the wheel is. Returns the exit code."""
    found = wheel(with_vulkan="--with-vulkan" in arguments)
    if found is None:
        return 1
    print(f"{found.relative_to(ROOT)}: {found.stat().st_size / 1e6:.0f} MB")
    return 0


def wheel(*, with_vulkan: bool = False) -> Path | None:
    """Return the wheel, built where it is not there yet; None where that failed, which was then told."""
    kept = _kept()
    if kept is not None and (has_vulkan(kept) or not with_vulkan):
        return kept
    can, headers = backends.ready_for_vulkan(HEADERS)
    if not can:
        if with_vulkan:
            return None
        print("The engine is built without Vulkan: it will use the processor alone.")
    recipe = backends.portable(headers, vulkan=can)
    shutil.rmtree(ENGINE, ignore_errors=True)
    ENGINE.mkdir(parents=True)
    words = "Building the engine for every computer, about a quarter of an hour"
    if not steps.run(words, _command(), LOG, steps.surroundings(recipe.variables())):
        return None
    STAMP.write_text(stamp(), encoding="utf-8")
    return _kept()


def unpack(source: Path, folder: Path) -> Path:
    """Unpack the wheel `source` into `folder`, emptied first, and return it: it can stand in PYTHONPATH."""
    shutil.rmtree(folder, ignore_errors=True)
    with ZipFile(source) as archive:
        archive.extractall(folder)
    return folder


def requirement() -> str:
    """Return the engine with its pinned version, as pip takes it."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.lower().replace("_", "-").startswith(DISTRIBUTION + "=="))


def stamp() -> str:
    """Return what a kept wheel must have been built from: the version and the flags of every build."""
    return "\n".join([requirement(), *backends.portable(None, vulkan=False).flags]) + "\n"


def libraries(source: Path) -> list[str]:
    """Return the names of the shared libraries in a wheel."""
    with ZipFile(source) as archive:
        inside = (name.removeprefix(LIBRARIES) for name in archive.namelist() if name.startswith(LIBRARIES))
        return sorted(name for name in inside if name.endswith((".so", ".dylib", ".dll")))


def has_vulkan(source: Path) -> bool:
    """Say whether a wheel can use Vulkan."""
    return any("ggml-vulkan" in name for name in libraries(source))


def _kept() -> Path | None:
    if not STAMP.exists() or STAMP.read_text(encoding="utf-8") != stamp():
        return None
    return next(ENGINE.glob("*.whl"), None)


def _command() -> list[str]:
    # No cache: pip keeps one wheel a version, and the one it has is for this processor.
    pip = [sys.executable, "-m", "pip", "wheel", "--disable-pip-version-check", "--no-cache-dir", "--no-deps"]
    pinned = ["-c", str(ROOT / "constraints.txt"), "--build-constraint", str(ROOT / "constraints.txt")]
    return [*pip, *pinned, "--wheel-dir", str(ENGINE), requirement()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
