# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Which graphics cards the system tells of, whether or not this build can use them."""

import os
import platform
import sys
from pathlib import Path

VENDORS = {"0x10de": "NVIDIA", "0x1002": "AMD", "0x8086": "Intel"}  # PCI vendor numbers
# What `make install BACKEND=…` builds for it.
BACKENDS = {"NVIDIA": "cuda", "AMD": "vulkan", "Intel": "vulkan", "Apple": "metal"}
ORDER = tuple(BACKENDS)


def graphics_cards(root: Path = Path("/"), system: str = sys.platform) -> tuple[str, ...]:
    """Return the makers of the graphics cards, the strongest first; () where none is seen."""
    if system == "darwin":
        return ("Apple",) if platform.machine() == "arm64" else ()
    if system == "win32":
        libraries = Path(os.environ.get("SYSTEMROOT", "C:\\Windows")) / "System32"
        return ("NVIDIA",) if (libraries / "nvcuda.dll").exists() else ()
    return _linux_cards(root)


def _linux_cards(root: Path) -> tuple[str, ...]:
    found = {"NVIDIA"} if (root / "proc/driver/nvidia/version").exists() else set()
    for vendor in (root / "sys/class/drm").glob("card*/device/vendor"):
        try:
            number = vendor.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            continue
        if number in VENDORS:
            found.add(VENDORS[number])
    return tuple(sorted(found, key=ORDER.index))
