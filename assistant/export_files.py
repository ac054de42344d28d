# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The files of exports: written new, never over something else; read from a folder, a .zip or a .json."""

import contextlib
import json
import lzma
import os
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from assistant.errors import DocumentError
from assistant.paths import PRIVATE_FILE, PRIVATE_FOLDER
from assistant.system_reasons import reason_of
from assistant.texts import text

T = TypeVar("T")

WHOLE = "maru.json"

# What zipfile raises of an archive with a byte gone bad, and json of a file.
_BROKEN = (
    ValueError, RecursionError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error, lzma.LZMAError,
)  # fmt: skip

MOST_BYTES = 1 << 30
"""Of one JSON file of an export; read whole, it takes several times as much memory."""


def write_new(path: Path, words: str) -> None:
    """Write a file that is not there yet, for its owner alone. Raises DocumentError: then there is none."""

    def write() -> None:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="\n") as file:
                file.write(words)
        except OSError:  # a full disk: half a file would be taken for a whole one
            with contextlib.suppress(OSError):
                path.unlink()
            raise

    _told(path, write)


def make_folder(path: Path) -> None:
    """Make a folder, or take one that is empty. Raises DocumentError."""

    def make() -> None:
        path.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        if any(path.iterdir()):
            raise FileExistsError(path)

    _told(path, make)


def read_export(path: Path) -> list[Any]:
    """Return what the JSON files of an export hold. Raises DocumentError."""
    if path.is_dir():
        return _told(path, lambda: [_loaded(one) for one in _in_folder(path)])
    if path.suffix.lower() == ".zip":
        return _told(path, lambda: _of_archive(path))
    return [_told(path, lambda: _loaded(path))]


def written_at(path: Path) -> float:
    """Return when an export was written, in seconds since 1970, UTC; now where its file does not tell.

    The same whenever it is asked for: what is taken in twice is known by its time. Raises DocumentError.
    """
    return (
        _told(path, lambda: (_in_folder(path)[0] if path.is_dir() else path).stat().st_mtime) or time.time()
    )


def _in_folder(path: Path) -> list[Path]:
    """Return the files of conversations in a folder: an export of Maru, or an archive that was unpacked."""
    if (path / WHOLE).is_file():
        return [path / WHOLE]
    found = sorted(one for one in path.iterdir() if _holds_conversations(one.name) and one.is_file())
    if not found:
        raise DocumentError(
            text("There are no conversations in {name}.", name=path.name),
            text("Choose the folder of an export, or the file that the export gave you."),
        )
    return found


def _loaded(path: Path) -> Any:
    if path.stat().st_size > MOST_BYTES:
        raise _too_large(path.name)
    return json.loads(path.read_bytes())


def _of_archive(path: Path) -> list[Any]:
    with zipfile.ZipFile(path) as archive:
        names = [one for one in archive.infolist() if _holds_conversations(one.filename)]
        if not names:
            raise DocumentError(
                text("There are no conversations in {name}.", name=path.name),
                text("Choose the .zip that the export gave you."),
            )
        found = []
        for one in sorted(names, key=lambda each: each.filename):
            if one.file_size > MOST_BYTES:
                raise _too_large(one.filename)
            with archive.open(one) as file:
                content = file.read(MOST_BYTES + 1)  # the size in its list may be a lie
            if len(content) > MOST_BYTES:
                raise _too_large(one.filename)
            found.append(json.loads(content))
        return found


def _holds_conversations(name: str) -> bool:
    last = name.rpartition("/")[2].lower()
    return last == WHOLE or (last.startswith("conversations") and last.endswith(".json"))


def _too_large(name: str) -> DocumentError:
    return DocumentError(
        text("{name} is too large to be taken in.", name=name),
        text("Export fewer conversations at once, if the program can do that."),
    )


def _told(path: Path, work: Callable[[], T]) -> T:
    """Turn what the system and the formats find wrong into a DocumentError."""
    try:
        return work()
    except FileExistsError:
        raise DocumentError(
            text("{name} is there already.", name=path.name),
            text("Nothing is overwritten: choose another name."),
        ) from None
    except _BROKEN:
        raise DocumentError(
            text("{name} is damaged, or no export.", name=path.name),
            text("Choose the file that the export gave you: a .zip, or the conversations.json in it."),
        ) from None
    except OSError as error:
        raise DocumentError(
            text("{name} cannot be used ({reason}).", name=path.name, reason=reason_of(error)),
            text("Check the path, its rights and the disk."),
        ) from error
