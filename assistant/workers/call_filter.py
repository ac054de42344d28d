# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Refuses system calls that a reader of files never needs: sockets, programs, other processes (Linux).

The kernel runs a small program before each system call of this process (seccomp, mode 2); here it
answers EACCES to the calls listed below, and "not there" to `clone3`, whose arguments it cannot see:
the C library then calls `clone`, which may make threads and nothing else. Sources: the kernel's
Documentation/userspace-api/seccomp_filter.rst, include/uapi/linux/{seccomp,filter,audit}.h, and the
tables of system calls of both processors.
"""

import ctypes
import errno
import os
import struct

from assistant.workers.landlock import renounce_privileges

# Name: number on x86-64, on 64-bit ARM (None: it has no such call).
_REFUSED: dict[str, tuple[int, int | None]] = {
    # No socket but a pair within this process, by which kreuzberg's threads wake each other; io_uring
    # would be a way around this filter.
    "socket": (41, 198), "connect": (42, 203), "bind": (49, 200),
    "listen": (50, 201), "accept": (43, 202), "accept4": (288, 242),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    # No other program, no other process.
    "execve": (59, 221), "execveat": (322, 281), "fork": (57, None), "vfork": (58, None),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kill": (62, 129), "tkill": (200, 130), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
    "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424),
    # No attribute of a file: Landlock says nothing of them.
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "chown": (92, None), "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "utime": (132, None), "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88),
    # Nothing else that reaches deep into the kernel.
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "add_key": (248, 217),
    "request_key": (249, 218), "keyctl": (250, 219), "mount": (165, 40), "umount2": (166, 39),
    "unshare": (272, 97), "setns": (308, 268), "chroot": (161, 51), "open_by_handle_at": (304, 265),
}  # fmt: skip
_CLONE = (56, 220)
_CLONE3 = 435
_CLONE_THREAD = 0x10000
_X32 = 0x40000000  # from here on calls of a second, older interface of x86-64
_PROCESSORS = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column above, name for the filter

# Operations of the filter's little machine, and where it finds things (struct seccomp_data).
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT, _ANSWER = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _PROCESSOR_AT, _FIRST_ARGUMENT_AT = 0, 4, 16  # the lower half: both are little-endian
_ALLOW, _FAIL = 0x7FFF0000, 0x00050000

_SET_SECCOMP, _FILTER = 22, 2  # include/uapi/linux/prctl.h

_Step = tuple[int, int, str, str]  # operation, operand, where to go if so and if not ("": the next step)


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def known() -> bool:
    """Say whether the calls of this computer's processor are known."""
    return os.uname().machine in _PROCESSORS


def refuse_calls() -> None:
    """Refuse them from now on, to this thread and those it starts. Raises OSError."""
    steps = _assembled(_steps(*_PROCESSORS[os.uname().machine]))
    program = _Program(len(steps) // 8, steps)
    renounce_privileges()
    libc = ctypes.CDLL(None, use_errno=True)
    unused = ctypes.c_ulong(0)
    if libc.prctl(_SET_SECCOMP, ctypes.c_ulong(_FILTER), ctypes.byref(program), unused, unused):
        raise OSError(ctypes.get_errno(), "seccomp")


def _steps(column: int, processor: int) -> list[_Step]:
    refused = [numbers[column] for numbers in _REFUSED.values()]
    return [
        (_LOAD, _PROCESSOR_AT, "", ""),
        (_IF_EQUAL, processor, "", "refuse"),
        (_LOAD, _NUMBER_AT, "", ""),
        (_IF_AT_LEAST, _X32, "refuse", ""),
        *((_IF_EQUAL, number, "refuse", "") for number in refused if number is not None),
        (_IF_EQUAL, _CLONE3, "not there", ""),
        (_IF_EQUAL, _CLONE[column], "", "allow"),
        (_LOAD, _FIRST_ARGUMENT_AT, "", ""),
        (_IF_ANY_BIT, _CLONE_THREAD, "allow", "refuse"),
    ]


def _assembled(steps: list[_Step]) -> bytes:
    """Return the steps and the answers after them as struct sock_filter: jumps count what they skip."""
    answers = {"refuse": _FAIL | errno.EACCES, "not there": _FAIL | errno.ENOSYS, "allow": _ALLOW}
    at = {name: len(steps) + n for n, name in enumerate(answers)} | {"": 0}

    def skipped(here: int, target: str) -> int:
        return at[target] - here - 1 if target else 0

    packed = [
        struct.pack("=HBBI", operation, skipped(n, then), skipped(n, otherwise), operand)
        for n, (operation, operand, then, otherwise) in enumerate(steps)
    ]
    return b"".join(packed + [struct.pack("=HBBI", _ANSWER, 0, 0, answer) for answer in answers.values()])
