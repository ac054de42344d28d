# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Takes every right to the file system from this process but that to read below some folders (Linux).

Landlock is a part of the kernel (since 5.13, where it was built in and switched on) that a process
without any right may call for itself, and that nothing takes back. What was open stays open. Source
of the numbers and structures: the kernel's include/uapi/linux/landlock.h and
Documentation/userspace-api/landlock.rst.
"""

import contextlib
import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same number on every processor
_VERSION = 1  # a flag: return the version of the interface instead
_BENEATH = 1  # the kind of a rule: whatever lies below a folder, or one file
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
# Rights to files known to version 1 to 5: thirteen, then moving between folders, cutting, ioctl on devices.
_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
_TCP_SINCE, _TCP = 4, 0b11  # bind, connect
_SCOPES_SINCE, _SCOPES = 6, 0b11  # abstract sockets and signals of processes outside
_SET_NO_NEW_PRIVS = 38  # include/uapi/linux/prctl.h


class _Ruleset(ctypes.Structure):
    """struct landlock_ruleset_attr; an older kernel takes a shorter one."""

    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Rule(ctypes.Structure):
    """struct landlock_path_beneath_attr."""

    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def version() -> int:
    """Return the version of the kernel's Landlock, 0 where there is none or it is switched off."""
    try:
        return _call(_CREATE_RULESET, None, 0, _VERSION)
    except OSError:
        return 0


def restrict(readable: Iterable[Path]) -> None:
    """Let this thread, and those it starts, open nothing but to read, and only at or below `readable`.

    A path that is not there is passed over. Raises OSError where the kernel refuses.
    """
    known = version()
    files = _FILE_RIGHTS[min(max(known, 1), max(_FILE_RIGHTS))]
    rules = _Ruleset(files, _TCP if known >= _TCP_SINCE else 0, _SCOPES if known >= _SCOPES_SINCE else 0)
    size = 8 if known < _TCP_SINCE else 16 if known < _SCOPES_SINCE else 24
    ruleset = _call(_CREATE_RULESET, ctypes.byref(rules), size, 0)
    try:
        for path in readable:
            _allow(ruleset, path)
        renounce_privileges()
        _call(_RESTRICT_SELF, ruleset, 0, 0)
    finally:
        os.close(ruleset)


def renounce_privileges() -> None:
    """Never gain a right by starting a program: the kernel wants that of who restricts itself."""
    libc = ctypes.CDLL(None, use_errno=True)
    on, unused = ctypes.c_ulong(1), ctypes.c_ulong(0)
    if libc.prctl(_SET_NO_NEW_PRIVS, on, unused, unused, unused):
        raise OSError(ctypes.get_errno(), "prctl")


def _allow(ruleset: int, path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        there = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            rights = _READ_FILE | (_READ_DIR if path.is_dir() else 0)
            _call(_ADD_RULE, ruleset, _BENEATH, ctypes.byref(_Rule(rights, there)), 0)
        finally:
            os.close(there)


def _call(number: int, *arguments: object) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    whole = [ctypes.c_long(part) if isinstance(part, int) else part for part in arguments]
    result = int(libc.syscall(ctypes.c_long(number), *whole))
    if result < 0:
        raise OSError(ctypes.get_errno(), "landlock")
    return result
