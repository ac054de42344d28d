# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A worker that does what a test asks of it."""

import os
import signal
import sys
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Never

from assistant.errors import DocumentError, Offer
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
class Burst(Call[Never, object]):
    """Return something that is too large to be handed over."""


class TooLarge:
    """There is no memory for a copy of it."""

    def __reduce__(self) -> str:
        raise MemoryError


@dataclass(frozen=True)
class Die(Call[int, None]):
    """End the process by a signal after one item."""

    number: int


@dataclass(frozen=True)
class Swell(Call[int, None]):
    """Hold `megabytes` of memory, then wait."""

    megabytes: int


@dataclass(frozen=True)
class Work(Call[Never, str]):
    """Work for `seconds` without an item; `patience` is asked for first, signs are given with `signs`."""

    seconds: float
    signs: bool = False
    patience: float = 0.0


@dataclass(frozen=True)
class Halt(Call[int, None]):
    """Ask for much patience, yield one item, then have the system stop the process."""


@dataclass(frozen=True)
class Spill(Call[Never, None]):
    """Let a thread fail with a user's words, write a line as a library does, and crash."""


@dataclass(frozen=True)
class Niceness(Call[Never, int]):
    """Return how far the process stands back."""


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
                raise DocumentError(
                    text("{name} is damaged.", name=name), text("Save it again."), Offer(n_ctx=512)
                )
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

            case _:
                return (yield from _live(call, cancelled))

    def close(self) -> None:
        if isinstance(self._settings, Path):
            self._settings.write_text("closed")


def _live(call: Any, cancelled: Cancelled) -> Generator[Any, None, Any]:
    match call:
        case Work(seconds, signs, patience):
            end = time.monotonic() + seconds
            if patience:
                cancelled.alive(patience)
            while time.monotonic() < end:
                threading.Event().wait(0.01)
                if signs:
                    cancelled.alive()
            return "worked"
        case Halt():
            cancelled.alive(patience=600)
            yield 1
            os.kill(os.getpid(), signal.SIGSTOP)
        case Spill():
            thread = threading.Thread(target=int, args=("a secret of the user's",))
            thread.start()
            thread.join()
            os.write(2, f"GGML_ASSERT(x) failed at {Path.home()}/x.c\n".encode())
            os.abort()
        case Niceness():
            return os.nice(0)
        case Burst():
            return TooLarge()


def open_worker(settings: Path | str | None) -> EchoWorker:
    if settings == "broken":
        raise DocumentError(text("It cannot start."))
    if settings == "slow":
        threading.Event().wait(0.6)
    return EchoWorker(settings)
