# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""One writer per home: a lock held by the process that owns the databases.

The system gives it up when the process ends, however it ends; a file left behind locks nothing.
"""

import contextlib
import os
import sys
from types import TracebackType
from typing import Self

from assistant.errors import HomeError, HomeHeldError
from assistant.paths import PRIVATE_FILE, Home
from assistant.texts import Text, text

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_LOCKED_BYTE = 4096  # Windows lets nobody read what is locked: the process id stands before it


class HomeLock:
    """The right to write to a home. Take it with `acquire`; a context manager that gives it back."""

    def __init__(self, handle: int | None, read_only: Text | None = None) -> None:
        """Take over the locked file; callers use `acquire` or `hold`.

        `read_only` says why the home cannot be written: then nothing is locked.
        """
        self._handle = handle
        self.read_only = read_only

    @classmethod
    def acquire(cls, home: Home) -> Self:
        """Take the lock of `home`, making the folder where it is missing, without waiting.

        Raises HomeHeldError where another process has it, HomeError where the folder cannot be used.
        """
        create(home)
        if not os.access(home.root, os.W_OK):  # files in it may be written all the same, but no log beside
            raise _unwritable(home)
        try:
            handle = os.open(home.lock, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
        except OSError:
            raise _unwritable(home) from None
        try:
            _lock(handle)
        except OSError:
            os.close(handle)
            raise HomeHeldError(
                text("Maru is already open with this home ({process}).", process=_process(home)),
                text("Use the open one, close it, or choose another folder with --home."),
            ) from None
        with contextlib.suppress(OSError):  # the number is a courtesy; the lock is held without it
            os.ftruncate(handle, 0)
            os.write(handle, f"{os.getpid()}\n".encode())
        return cls(handle)

    def release(self) -> None:
        """Give the lock back. Doing it twice does nothing."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def hold(home: Home) -> HomeLock:
    """Take the lock of `home`; where it cannot be written but holds something, it may be read.

    Raises HomeHeldError, HomeError.
    """
    try:
        return HomeLock.acquire(home)
    except HomeHeldError:
        raise
    except HomeError as error:
        if not os.access(home.conversations, os.R_OK):
            raise
        return HomeLock(None, error.message)


def create(home: Home) -> None:
    """Make the folder of `home` where it is missing. Raises HomeError where it cannot be used."""
    try:
        home.create()
    except OSError:
        raise _unwritable(home) from None


def _unwritable(home: Home) -> HomeError:
    return HomeError(
        text("Maru cannot write to its folder {folder}.", folder=str(home.root)),
        text("Check the rights of the folder and its disk, or choose another with --home."),
    )


def holder(home: Home) -> int | None:
    """Return the id of the process that holds `home` or held it last, None where unknown."""
    try:
        return int(home.lock.read_bytes()[:20])
    except (OSError, ValueError):
        return None


def _process(home: Home) -> str:
    pid = holder(home)
    return str(text("process {pid:d}", pid=pid) if pid else text("another process"))


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
