# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Amounts of memory in words, for the window and the terminal."""

from assistant.engine.protocol import MemoryUse
from assistant.texts import tr

GIGABYTE, MEGABYTE = 10**9, 10**6


def memory_words(memory: MemoryUse) -> str:
    """Return what a model takes, the whole first and then its parts."""
    return tr(
        "{total}: weights {weights}, context {cache}, working space {compute}",
        total=size_words(memory.total),
        weights=size_words(memory.weights),
        cache=size_words(memory.cache),
        compute=size_words(memory.compute),
    )


def size_words(size: int) -> str:
    """Return a size in bytes as people read it: "98 MB", "4.7 GB" (powers of ten)."""
    if size < GIGABYTE:
        return tr("{n} MB", n=max(round(size / MEGABYTE), 1) if size else 0)
    return tr("{n} GB", n=f"{size / GIGABYTE:.1f}")
