# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Conditions that several statements on the library have."""

import os
from collections.abc import Iterable

UNDER = "(path = ?1 OR (path > ?2 AND path < ?3))"
"""The path itself, or in that folder: by the index of the paths, which are compared byte by byte. Takes
the path and its `bounds`."""


def bounds(path: str) -> tuple[str, str]:
    """Return what the paths of everything in a folder lie between, both left out."""
    start = path.rstrip(os.sep)
    return start + os.sep, start + chr(ord(os.sep) + 1)


def set_of(numbers: Iterable[int]) -> str:
    """Return numbers as IN takes them: there may be more of them than a statement takes values."""
    return f"({','.join(f'{one:d}' for one in numbers)})"
