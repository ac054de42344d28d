# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""PyInstaller: llama.cpp's shared libraries, which are opened by name from the package's own folder.

The engine for every computer (packaging/engine.py) holds each library once, and beside them its
backends, which ggml finds by looking into the folder. An engine built for one computer holds each
library three times (name, soname, full version): llama is loaded by its plain name, the others by
their sonames, and the rest stays behind. llava and mtmd (pictures) are not used.
"""

import sys
from pathlib import Path

from PyInstaller.utils.hooks import get_module_file_attribute

LIBRARIES = Path(get_module_file_attribute("llama_cpp")).parent / "lib"
VERSIONED = (LIBRARIES / "libggml-base.so.0").exists()


def _is_wanted(name: str) -> bool:
    if any(part in name for part in ("mtmd", "llava", "llama-common")):
        return False
    if sys.platform != "linux":
        return name.endswith((".dll", ".dylib", ".so", ".metal"))
    if VERSIONED:
        return name == "libllama.so" or (name.startswith("libggml") and name.endswith(".so.0"))
    return name.startswith(("libllama", "libggml")) and name.endswith(".so")


binaries = [(str(file), "llama_cpp/lib") for file in sorted(LIBRARIES.iterdir()) if _is_wanted(file.name)]
