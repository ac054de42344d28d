# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The SHA-256 of model files: worked out once, remembered with size and time, interruptible.

A model of 40 GB takes minutes to read; one that lies in several files has one hash, of all of their
bytes in order.
"""

import contextlib
import hashlib
import json
import threading
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import ModelError, StoppedError
from assistant.in_steps import result_of
from assistant.paths import Home
from assistant.private_files import write_private
from assistant.system_reasons import reason_of
from assistant.texts import text

BLOCK = 1 << 20


@dataclass(frozen=True)
class Checking:
    """How far the check of a model file is, in bytes."""

    done: int
    total: int


def fingerprint(path: Path, home: Home) -> str:
    """Return the SHA-256 of one file. Raises ModelError."""
    return result_of(checking((path,), home))


def checking(
    files: tuple[Path, ...], home: Home, stop: threading.Event | None = None
) -> Generator[Checking, None, str]:
    """Return the SHA-256 of a model in one or several files; yields how far reading it is.

    Files that have the size and time they had are not read again. Raises ModelError where they cannot
    be read, StoppedError when stopped.
    """
    first = files[0]
    try:
        stamp = stamp_of(files)
        entry = _remembered(home).get(str(first))
        if isinstance(entry, dict) and entry.get("stamp") == stamp and isinstance(entry.get("sha256"), str):
            return str(entry["sha256"])
        sha256 = yield from _digest(files, stop)
    except OSError as error:
        raise unreadable(first, error) from None
    remember(first, home, stamp, sha256)
    return sha256


def stamp_of(files: tuple[Path, ...]) -> list[int]:
    """Return size and time of each file: while they are the same, so is the content. Raises OSError."""
    found = [file.stat() for file in files]
    return [number for status in found for number in (status.st_size, status.st_mtime_ns)]


def remember(path: Path, home: Home, stamp: list[int], sha256: str) -> None:
    """Remember a hash; a home that cannot be written to forgets it."""
    known = {**_remembered(home), str(path): {"stamp": stamp, "sha256": sha256}}
    with contextlib.suppress(OSError):  # what it says is worked out again
        write_private(home.models / "hashes.json", json.dumps(known).encode())


def unreadable(path: Path, error: OSError) -> ModelError:
    """Return the error of a model file that cannot be read."""
    return ModelError(
        text("{name} cannot be read ({reason}).", name=path.name,
             reason=reason_of(error)),
    )  # fmt: skip


def _digest(files: tuple[Path, ...], stop: threading.Event | None) -> Generator[Checking, None, str]:
    digest = hashlib.sha256()
    total = sum(file.stat().st_size for file in files)
    done = 0
    for path in files:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                if stop is not None and stop.is_set():
                    raise StoppedError(text("Checking {name} was stopped.", name=path.name))
                digest.update(block)
                done += len(block)
                yield Checking(done, total)
    return digest.hexdigest()


def _remembered(home: Home) -> dict[str, Any]:
    try:
        known = json.loads((home.models / "hashes.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return known if isinstance(known, dict) else {}
