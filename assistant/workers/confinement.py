# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Locks a worker that reads foreign files away from files and network, where the system can do that.

Called once, by the worker, when its modules are imported and before the first call. What the parent
hands over as an open descriptor can still be read, and the program's own files, its libraries and
the system's fonts can still be opened, so that a module may be imported later.
"""

import contextlib
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.texts import Text, text
from assistant.workers import call_filter, landlock

# Shared libraries, what the loader and the C library look up, fonts that a page does not bring.
_OF_THE_SYSTEM = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/etc/localtime",
    "/usr/share/zoneinfo", "/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/X11/fonts",
    "/dev/null", "/dev/urandom",
)  # fmt: skip
_PROGRAM = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Confinement:
    """Whether files outside and the network are closed to a worker; `reason`: why one is not."""

    files: bool = False
    network: bool = False
    reason: Text | None = None


def confine(more: Iterable[Path] = ()) -> Confinement:
    """Close what can be closed, for good; `more` stays readable too. Never raises."""
    if sys.platform != "linux":
        return Confinement(reason=text("only Linux can do that"))
    if len(list(Path("/proc/self/task").iterdir())) > 1:  # the others would stay as they are
        return Confinement(reason=text("the reader had begun to work before"))
    files = network = False
    with contextlib.suppress(OSError):
        landlock.restrict([*_readable(), *more])
        files = True
    if call_filter.known():
        with contextlib.suppress(OSError):
            call_filter.refuse_calls()
            network = True
    if files and network:
        return Confinement(files, network)
    return Confinement(files, network, text("this computer's Linux kernel does not offer it"))


def _readable() -> Iterator[Path]:
    """Yield the program's own folders and files, and those of the system that it runs on.

    Not `sys.path`: where Maru was started from a folder of the user's, that folder is in it.
    """
    yield from map(Path, _OF_THE_SYSTEM)
    yield from {Path(os.path.realpath(library)).parent for library in _libraries()}
    if bundle := getattr(sys, "_MEIPASS", None):
        yield Path(bundle)
        yield Path(sys.executable)  # PyInstaller keeps the modules in it and opens it for each
        return
    yield _PROGRAM
    for name in ("stdlib", "platstdlib", "purelib", "platlib"):
        yield Path(sysconfig.get_path(name))


def _libraries() -> Iterator[str]:
    """Yield the shared libraries of this process: on some systems they lie in no usual folder."""
    for line in Path("/proc/self/maps").read_text("utf-8", "replace").splitlines():
        path = line.partition("/")[2]
        if ".so" in path:
            yield f"/{path}"
