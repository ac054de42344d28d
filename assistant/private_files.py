# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Small files that only their owner may read, written whole or not at all."""

import contextlib
import os
import tempfile
from pathlib import Path

from assistant.paths import PRIVATE_FILE


def write_private(path: Path, content: bytes) -> None:
    """Put `content` at `path` in one step: after a crash the file is the old one or the new one.

    Readable by its owner alone (mode 0600). Raises OSError, and then leaves the old file as it was.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        make_private(Path(name))
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    sync_folder(path.parent)


def make_private(path: Path) -> None:
    """Take everybody else's rights off `path` where the system has such rights. Raises OSError."""
    if os.name == "posix" and path.stat().st_mode & 0o777 != PRIVATE_FILE:
        path.chmod(PRIVATE_FILE)


def sync_file(path: Path) -> None:
    """Make what was written to `path` by others survive a power cut. Raises OSError."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make a name that was just given in `folder` survive a power cut, where the system can."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):  # some file systems cannot; the file itself is safe already
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
