# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Which files adding some paths means: files as named, folders with everything under them."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Found:
    """A file to add; `named` is True where the user gave it itself and not only its folder.

    `error` is set for a path that is not there or a folder that may not be looked into.
    """

    path: Path
    named: bool
    error: OSError | None = None


def find_files(paths: Sequence[Path]) -> list[Found]:
    """Return the files that `paths` mean, each once, in natural order (chapter 2 before 10).

    In folders, hidden files and links to folders are left out.
    """
    found: dict[Path, Found] = {}
    for path in paths:
        for one in _files_of(absolute(path)):
            found.setdefault(one.path, one)
    return list(found.values())


def absolute(path: Path) -> Path:
    """Return the path from the root, with `..` resolved but links kept: as the user knows it."""
    return Path(os.path.abspath(path.expanduser()))  # noqa: PTH100 - Path.resolve follows links


def _files_of(path: Path) -> Iterator[Found]:
    if not path.is_dir():
        yield Found(path, named=True)
        return
    errors: list[OSError] = []
    for folder, folders, files in os.walk(path, onerror=errors.append):
        folders[:] = sorted((one for one in folders if not one.startswith(".")), key=_natural)
        for name in sorted(files, key=_natural):
            if not name.startswith("."):
                yield Found(Path(folder, name), named=False)
    for error in errors:
        yield Found(Path(error.filename), named=True, error=error)


def _natural(name: str) -> list[tuple[int, str]]:
    """Return a key that puts numbers in names by their value."""
    parts = _DIGITS.split(name.casefold())
    return [(int(part), "") if place % 2 else (0, part) for place, part in enumerate(parts)]
