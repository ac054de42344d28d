# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The parser's worker, as confined as it is, taken over by a hostile file: it does what it is asked."""

import ctypes
import importlib
import os
import socket
import subprocess
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Never

from assistant.documents import parser_worker
from assistant.documents.protocol import ParserSettings
from assistant.workers.protocol import Call, FileCall

MODULE = "tests.unit.documents.reader_gone_bad"
_IO_URING_SETUP = 425


@dataclass(frozen=True)
class Attempt(Call[Never, str]):
    """Try `what` with `path`; return what the system called its answer, or "done"."""

    what: str
    path: Path = Path()


@dataclass(frozen=True)
class FirstBytes(FileCall[Never, bytes]):
    """Return the beginning of the file handed over, and how many descriptors are open now."""

    filling: bytes = b""


def open_worker(settings: ParserSettings) -> "Bad":
    """Confine this process as the parser does."""
    parser_worker.open_worker(settings)
    return Bad()


class Bad:
    """Answers Attempt and FirstBytes."""

    def handle(self, call: Attempt | FirstBytes, _cancelled: object) -> Generator[Any, None, str | bytes]:
        if isinstance(call, FirstBytes):
            try:
                os.lseek(call.descriptor, 0, os.SEEK_SET)  # the position is shared by all copies
                return os.read(call.descriptor, 16)
            finally:
                os.close(call.descriptor)
        try:
            ATTEMPTS[call.what](call.path)
        except OSError as error:
            return type(error).__name__
        return "done"
        yield

    def close(self) -> None:
        """Nothing is open."""


def _write(path: Path) -> None:
    with path.open("ab"):
        pass


def _system_call(number: int, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(ctypes.c_long(number), *arguments) < 0:
        raise OSError(ctypes.get_errno(), "")


def _fork(_path: Path) -> None:
    if os.fork() == 0:
        os._exit(0)


def _thread(_path: Path) -> None:
    thread = threading.Thread(target=print)
    thread.start()
    thread.join()


ATTEMPTS: dict[str, Callable[[Path], object]] = {
    "read": lambda path: path.read_bytes(),
    "list": lambda path: list(path.iterdir()),
    "write": _write,
    "remove": lambda path: path.unlink(),
    "rename": lambda path: path.rename(path.with_name("renamed")),
    "make a folder": lambda path: path.mkdir(),
    "link": lambda path: path.symlink_to("/etc/passwd"),
    "change the rights": lambda path: path.chmod(0o777),
    "change the time": os.utime,
    "internet socket": lambda _path: socket.socket(),
    "local socket": lambda _path: socket.socket(socket.AF_UNIX),
    "look a name up": lambda _path: socket.getaddrinfo("localhost", 80),
    "start a program": lambda _path: subprocess.run(["/bin/true"], check=True),
    "fork": _fork,
    "signal the parent": lambda _path: os.kill(os.getppid(), 0),
    "ring": lambda _path: _system_call(_IO_URING_SETUP, 1, ctypes.create_string_buffer(256)),
    "pair": lambda _path: [end.close() for end in socket.socketpair()],
    "thread": _thread,
    "import": lambda _path: importlib.import_module("wave"),
    "null": lambda _path: Path(os.devnull).read_bytes(),
}
