# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""PyInstaller: llama.cpp's shared libraries, which ctypes opens from the package's own folder.

The wheel holds each library three times (name, soname, full version). One is loaded by its plain name,
the others by their sonames; the rest stays behind. llava and mtmd (pictures) are not used.
"""

import sys
from pathlib import Path

from PyInstaller.utils.hooks import get_module_file_attribute

LIBRARIES = Path(get_module_file_attribute("llama_cpp")).parent / "lib"


def _is_wanted(name: str) -> bool:
    if "mtmd" in name or "llava" in name:
        return False
    if sys.platform != "linux":
        return name.endswith((".dll", ".dylib", ".metal"))
    return name == "libllama.so" or (name.startswith("libggml") and name.endswith(".so.0"))


binaries = [(str(file), "llama_cpp/lib") for file in sorted(LIBRARIES.iterdir()) if _is_wanted(file.name)]
