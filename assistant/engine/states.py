# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What was read of conversations, kept on the disk: one file each, checked before llama.cpp sees it.

state_files.py says what is in a file. No llama.cpp here: a conversation is deleted with its file also
where no engine runs.
"""

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from io import FileIO
from pathlib import Path

from assistant.engine.state_files import DamagedStateError, Saved, form_for
from assistant.keys import HomeKey
from assistant.paths import PRIVATE_FILE, PRIVATE_FOLDER

SUFFIX, PART = ".state", ".part"
NEVER_A_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def path_of(folder: Path, slot: str) -> Path:
    """Return the file of a conversation: no letter of its name stands in the file's name."""
    return folder / (hashlib.sha256(slot.encode()).hexdigest()[:32] + SUFFIX)


def forget_saved(folder: Path | None, slot: str) -> None:
    """Remove what is saved of a conversation; nothing where nothing is. Raises OSError."""
    if folder is not None:
        path = path_of(folder, slot)
        path.unlink(missing_ok=True)
        path.with_suffix(PART).unlink(missing_ok=True)


def remove_orphans(folder: Path | None, slots: Iterable[str]) -> None:
    """Remove what belongs to none of `slots` and what is half-written. Raises OSError.

    Only while no engine runs: it may be writing.
    """
    if folder is None or not folder.is_dir():
        return
    kept = {path_of(folder, slot) for slot in slots}
    for path in _ours(folder):
        if path not in kept:
            path.unlink(missing_ok=True)


class StateFolder:
    """The saved states of one model with one context; written on a thread of its own, one by one."""

    def __init__(self, folder: Path, budget: int, key: str, sealing: HomeKey | None = None) -> None:
        """Take files of `key` only; keep at most `budget` bytes in `folder`, those used last.

        `sealing` None: in a plain home.
        """
        self._folder = folder
        self._budget = budget
        self._key = key
        self._form = form_for(sealing)
        self._writer = ThreadPoolExecutor(1, "states")

    def find(self, slot: str) -> Saved | None:
        """Return what is saved of a conversation, None where it is of no use; a damaged file goes."""
        path = path_of(self._folder, slot)
        try:
            with _opened(path) as file:
                saved = self._form.head(path, file)
        except DamagedStateError:
            _remove(path)
            return None
        except OSError:
            return None
        return saved if saved.key == self._key else None

    def read(self, saved: Saved) -> bytearray | None:
        """Return the state itself, None where it is not what was written; a damaged file goes."""
        try:
            with _opened(saved.path) as file:
                state = self._form.content(saved, file)
            os.utime(saved.path)
        except DamagedStateError:
            _remove(saved.path)
            return None
        except (OSError, MemoryError):
            return None
        return state

    def discard(self, slot: str) -> None:
        """Remove a file that llama.cpp did not take."""
        _remove(path_of(self._folder, slot))

    def write(self, slot: str, tokens: Iterable[int], state: memoryview) -> "Future[bool]":
        """Begin to write; `state` may not change before the end. False there: it could not be written."""
        return self._writer.submit(self._write, path_of(self._folder, slot), list(tokens), state)

    def forget(self, slot: str) -> None:
        """Remove what is saved of a conversation, also what is being written. Raises OSError."""
        self._writer.submit(forget_saved, self._folder, slot).result()

    def close(self) -> None:
        """Wait until everything is written."""
        self._writer.shutdown()

    def _write(self, path: Path, tokens: list[int], state: memoryview) -> bool:
        part = path.with_suffix(PART)
        try:
            content = self._form.parts(path.name, tokens, self._key, state)
            head = next(content)
            self._make_room(path, len(head) + self._form.stored(state.nbytes))
            part.unlink(missing_ok=True)
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NEVER_A_LINK, PRIVATE_FILE)
            with os.fdopen(handle, "wb") as file:
                file.write(head)
                file.writelines(content)
            part.replace(path)
        except OSError as error:
            _remove(part)
            sys.stderr.write(f"The state of a conversation was not saved: {error.strerror}\n")
            return False
        return True

    def _make_room(self, path: Path, size: int) -> None:
        """Make the folder and remove what was used longest ago. Raises OSError, also for too large a size."""
        if size > self._budget:
            raise OSError(0, "it is larger than the room for all of them")
        self._folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        if os.name == "posix":
            self._folder.chmod(PRIVATE_FOLDER)
        others = [(other.lstat(), other) for other in _ours(self._folder) if other != path]
        total = size + sum(status.st_size for status, _ in others)
        for status, other in sorted(others, key=lambda pair: pair[0].st_mtime_ns):
            if total <= self._budget:
                break
            other.unlink(missing_ok=True)
            total -= status.st_size


def _opened(path: Path) -> FileIO:
    return FileIO(os.open(path, os.O_RDONLY | NEVER_A_LINK), "rb")


def _ours(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.suffix in (SUFFIX, PART)]


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
