# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Watches folders while Maru is open: the system says what changes in them (inotify and its like).

Where it cannot, because a limit of the kernel is reached or the folder lies on another computer,
whose changes nobody reports, the folder is looked at now and then instead (indexing.py).
"""

import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

# File systems of other computers, as Linux, macOS and psutil on Windows name them.
_REMOTE = (
    "9p", "afpfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "fuse.davfs2", "fuse.glusterfs",
    "fuse.rclone", "fuse.sshfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb2", "smb3", "smbfs",
    "webdav",
)  # fmt: skip
GATHER_MS = 400  # changes that come so close together are told at once

Changed = Callable[[str, set[str]], None]
"""Told of a folder and of the paths in it that changed; on the thread that watches."""


@dataclass
class _Watch:
    """A watched folder: the thread, what ends it, and which folder it was that stood there."""

    identity: tuple[int, int]
    stop: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None
    failed: bool = False


class Watcher:
    """Watches any number of folders, each on a thread of its own. For one caller at a time."""

    def __init__(self, changed: Changed) -> None:
        """Tell `changed` what happens."""
        self._changed = changed
        self._watches: dict[str, _Watch] = {}

    def watch(self, folders: Iterable[str]) -> set[str]:
        """Watch these folders from now on, and no others; returns those that were not until now.

        One that was replaced is watched anew.
        """
        wanted = {folder: identity for folder in folders if (identity := _identity(folder)) is not None}
        for folder, watched in list(self._watches.items()):
            if wanted.get(folder) != watched.identity:
                self._end([self._watches.pop(folder)])
        begun = wanted.keys() - self._watches.keys()
        for folder in sorted(begun):
            self._watches[folder] = self._begin(folder, wanted[folder])
        return begun

    def watched(self, folder: str) -> bool:
        """Say whether changes in a folder are told."""
        found = self._watches.get(folder)
        return found is not None and not found.failed

    def close(self) -> None:
        """End every thread."""
        self._end(list(self._watches.values()))
        self._watches.clear()

    def _begin(self, folder: str, identity: tuple[int, int]) -> _Watch:
        watch = _Watch(identity)
        if is_remote(folder):
            watch.failed = True
            return watch
        ready = threading.Event()
        watch.thread = threading.Thread(
            target=self._run, args=(folder, watch, ready), name=f"watch {folder}", daemon=True
        )
        watch.thread.start()
        ready.wait()
        return watch

    def _run(self, folder: str, watch: _Watch, ready: threading.Event) -> None:
        from watchfiles import watch as changes_of  # noqa: PLC0415 - 0.1 s that only who watches needs

        try:
            # The first round begins when every folder below is watched; it ends with nothing at once.
            rounds = changes_of(
                folder,
                watch_filter=None,
                debounce=GATHER_MS * 4,
                step=GATHER_MS // 8,
                rust_timeout=1,
                yield_on_timeout=True,
                stop_event=watch.stop,
                raise_interrupt=False,
                ignore_permission_denied=True,
                force_polling=False,
            )
            for changes in rounds:
                ready.set()
                if changes:
                    self._changed(folder, {path for _, path in changes})
                elif watch.stop.wait(GATHER_MS / 1000):
                    return
        except (OSError, RuntimeError):  # no more watches, or what the library makes of other errors
            watch.failed = True
        finally:
            ready.set()

    def _end(self, watches: list[_Watch]) -> None:
        for watch in watches:
            watch.stop.set()
        for watch in watches:
            if watch.thread is not None:
                watch.thread.join()


def is_remote(folder: str) -> bool:
    """Say whether a folder lies on another computer."""
    if folder.startswith(("\\\\", "//")):
        return True
    best = None
    for part in psutil.disk_partitions(all=True):
        beginning = part.mountpoint.rstrip(os.sep) + os.sep
        if (folder + os.sep).startswith(beginning) and (
            best is None or len(part.mountpoint) >= len(best.mountpoint)
        ):
            best = part
    return best is not None and (best.fstype.lower() in _REMOTE or "remote" in best.opts.split(","))


def _identity(folder: str) -> tuple[int, int] | None:
    try:
        state = Path(folder).stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino
