# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A worker that does what a test asks of it."""

import os
import signal
import sys
import threading
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Never

from assistant.errors import DocumentError
from assistant.texts import text
from assistant.workers.protocol import Call, Cancelled

MODULE = "tests.unit.workers.echo_worker"


@dataclass(frozen=True)
class Repeat(Call[int, str]):
    """Yield 0 to `times` less one, then return `word`; ends early when cancelled."""

    word: str
    times: int = 0


@dataclass(frozen=True)
class Endless(Call[int, str]):
    """Yield numbers until cancelled, then return "cancelled"."""


@dataclass(frozen=True)
class Deaf(Call[int, str]):
    """Yield one item and never look at anything again."""


@dataclass(frozen=True)
class Refuse(Call[Never, None]):
    """Raise an error of ours."""

    name: str


@dataclass(frozen=True)
class Break(Call[Never, None]):
    """Raise a foreign error that holds a user's words."""


@dataclass(frozen=True)
class Die(Call[int, None]):
    """End the process by a signal after one item."""

    number: int


@dataclass(frozen=True)
class Swell(Call[int, None]):
    """Hold `megabytes` of memory, then wait."""

    megabytes: int


@dataclass(frozen=True)
class Environment(Call[Never, str]):
    """Return a variable of the environment, after printing to both streams."""

    name: str


class EchoWorker:
    """Answers the calls above; `settings` may name a file to write when it closes."""

    def __init__(self, settings: Path | str | None) -> None:
        self._settings = settings

    def handle(self, call: Any, cancelled: Cancelled) -> Generator[Any, None, Any]:  # noqa: C901
        match call:
            case Repeat(word, times):
                for number in range(times):
                    if cancelled():
                        return "cancelled"
                    yield number
                return word
            case Endless():
                number = 0
                while not cancelled():
                    yield number
                    number += 1
                return "cancelled"
            case Deaf():
                yield 1
                threading.Event().wait()
            case Refuse(name):
                raise DocumentError(text("{name} is damaged.", name=name), text("Save it again."))
            case Break():
                raise RuntimeError("a secret of the user's")
            case Die(number):
                yield 1
                os.kill(os.getpid(), number)
                signal.pause()
            case Swell(megabytes):
                held = bytearray(os.urandom(1) * (megabytes << 20))
                yield len(held)
                threading.Event().wait()
            case Environment(name):
                sys.stdout.write("noise\n")
                os.write(2, b"noise\n")
                return os.environ.get(name, "")

    def close(self) -> None:
        if isinstance(self._settings, Path):
            self._settings.write_text("closed")


def open_worker(settings: Path | str | None) -> EchoWorker:
    if settings == "broken":
        raise DocumentError(text("It cannot start."))
    return EchoWorker(settings)
