# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What Maru needs of the system on Linux: says what is missing, installs it as root on Debian or Ubuntu.

    python3 packaging/system_packages.py run|tests|vulkan|gpu

Exit code 0: everything is there. 1: something is missing, and the command that brings it is printed.
On Windows and macOS nothing is looked for. Standard library only: it runs before the set-up.
"""

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
HANGUL_FONTS = ("notosanscjk", "notosanskr", "nanum", "unfonts", "baekmuk", "malgun", "pretendard")
DRIVER_FOLDERS = ("/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d", "/usr/local/share/vulkan/icd.d")


@dataclass(frozen=True)
class Need:
    """One thing of the system: how it is called, which package of Debian's brings it, a look for it."""

    name: str
    package: str
    present: Callable[[], bool]


def library(soname: str, package: str) -> Need:
    """Need a shared library that the loader finds."""
    return Need(soname, package, lambda: _loads(soname))


def program(names: tuple[str, ...], package: str) -> Need:
    """Need one of several programs."""
    return Need(names[0], package, lambda: any(shutil.which(name) for name in names))


def _loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def _makes_venvs() -> bool:
    return importlib.util.find_spec("ensurepip") is not None  # Debian leaves it out of python3


def _has_hangul_font() -> bool:
    if lister := shutil.which("fc-list"):
        found = subprocess.run([lister, ":lang=ko", "family"], capture_output=True, text=True, check=False)
        if found.stdout.strip():
            return True
    for folder in FONT_FOLDERS:
        for file in Path(folder).expanduser().rglob("*.[ot]t[cf]"):
            if file.name.lower().replace("-", "").startswith(HANGUL_FONTS):
                return True
    return False


def _has_lavapipe() -> bool:
    return any(list(Path(folder).glob("lvp_icd*.json")) for folder in DRIVER_FOLDERS)


def tesseract_language(language: str) -> Need:
    """Need the data by which Tesseract, inside kreuzberg, reads pictures of text in a language."""
    name = f"{language}.traineddata"
    return Need(
        name,
        f"tesseract-ocr-{language}",
        lambda: any(Path("/usr/share").glob(f"tess*/**/{name}")),
    )


# The shared libraries are those that Qt's xcb and offscreen platforms name (readelf -d) and that
# neither PySide6 nor a bare Debian brings.
RUN = (
    Need("python3-venv", "python3-venv", _makes_venvs),
    program(("c++", "g++", "clang++"), "g++"),
    library("libEGL.so.1", "libegl1"),
    library("libGL.so.1", "libgl1"),
    library("libX11-xcb.so.1", "libx11-xcb1"),
    library("libdbus-1.so.3", "libdbus-1-3"),
    library("libfontconfig.so.1", "libfontconfig1"),
    library("libfreetype.so.6", "libfreetype6"),
    library("libglib-2.0.so.0", "libglib2.0-0"),
    library("libgssapi_krb5.so.2", "libgssapi-krb5-2"),
    library("libgomp.so.1", "libgomp1"),
    library("libxcb-cursor.so.0", "libxcb-cursor0"),
    library("libxcb-icccm.so.4", "libxcb-icccm4"),
    library("libxcb-image.so.0", "libxcb-image0"),
    library("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    library("libxcb-randr.so.0", "libxcb-randr0"),
    library("libxcb-render-util.so.0", "libxcb-render-util0"),
    library("libxcb-shape.so.0", "libxcb-shape0"),
    library("libxcb-xkb.so.1", "libxcb-xkb1"),
    library("libxkbcommon.so.0", "libxkbcommon0"),
    library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    Need("a font with Hangul", "fonts-noto-cjk", _has_hangul_font),
)
TESTS = (
    *RUN,
    program(("Xvfb",), "xvfb"),
    program(("xauth",), "xauth"),
    program(("strace",), "strace"),
    program(("fc-list",), "fontconfig"),
    program(("dbus-run-session",), "dbus"),
    program(("gnome-keyring-daemon",), "gnome-keyring"),
    tesseract_language("kor"),
    tesseract_language("eng"),
)
# To build for Vulkan, and to run it where there is no graphics card: Mesa's lavapipe computes it in software.
VULKAN = (
    program(("c++", "g++", "clang++"), "g++"),
    program(("glslc",), "glslc"),
    Need("libvulkan.so", "libvulkan-dev", lambda: _loads("libvulkan.so")),
    Need(
        "the headers of SPIR-V", "spirv-headers", lambda: Path("/usr/include/spirv/unified1/spirv.h").exists()
    ),
)
GPU = (
    *TESTS,
    *VULKAN,
    Need("a software Vulkan device", "mesa-vulkan-drivers", _has_lavapipe),
)


def missing(needs: tuple[Need, ...]) -> list[Need]:
    """Return the needs that this machine does not meet."""
    return [need for need in needs if not need.present()]


def command(packages: list[str], *, root: bool) -> str:
    """Return the shell command that installs `packages` on Debian or Ubuntu."""
    sudo = "" if root else "sudo "
    return f"{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {' '.join(packages)}"


def main(argv: list[str]) -> int:
    """Look, then install or tell. Returns the exit code."""
    if sys.platform in ("win32", "darwin"):
        return 0
    needs = {"tests": TESTS, "vulkan": VULKAN, "gpu": GPU}.get(argv[1], RUN)
    if not (absent := missing(needs)):
        return 0
    print("Missing on this system: " + ", ".join(need.name for need in absent))
    packages = sorted({need.package for need in absent})
    if not shutil.which("apt-get"):
        print("Install them with your system's package manager, then run the same command again.")
        return 1
    if os.geteuid() != 0:
        print(f"Install them, then run the same command again:\n\n    {command(packages, root=False)}\n")
        return 1
    return _install(packages, needs)


def _install(packages: list[str], needs: tuple[Need, ...]) -> int:
    print("Installing " + " ".join(packages), flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["sh", "-c", command(packages, root=True)], env=quiet, stdout=subprocess.DEVNULL, check=False
    )
    if done.returncode != 0:
        print(f"That failed. By hand:\n\n    {command(packages, root=True)}\n")
        return 1
    importlib.invalidate_caches()  # ensurepip may be new
    if absent := missing(needs):
        print("Still missing: " + ", ".join(need.name for need in absent))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
