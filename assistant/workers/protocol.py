# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What crosses the process border: whole frozen dataclasses through a pipe, no framing of our own.

A worker module offers `open_worker(settings) -> Worker`. Every call is answered by a generator that
yields items (tokens, progress) and returns a result; a call without items just returns.
"""

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


class Cancelled(Protocol):
    """Asked often by a long call whether to end early; told by it that work goes on."""

    def __call__(self) -> bool:
        """Say whether the caller wants the call to end. Any thread.

        While the worker is paused, the thread that answers the call waits here; others do not.
        """
        ...

    @property
    def paused(self) -> bool:
        """Whether the call should break off what it is in and ask, which waits; then do it again.

        For a thread that watches over a long native step. Any thread; never waits.
        """
        ...

    def alive(self, patience: float = 0.0) -> None:
        """Give a sign of life: something was done since the last one. Cheap; any thread.

        `patience`: until the next sign it may take so many seconds (a context on a graphics card).
        """
        ...


class Call(Generic[ItemT, ResultT]):
    """Base of what a worker is asked: subclasses are frozen dataclasses that pickle."""


@dataclass(frozen=True)
class FileCall(Call[ItemT, ResultT]):
    """Base of a call that hands over an open file: the worker has no right to open it.

    `descriptor` is the caller's, which it keeps open until the call has ended; in the worker it is a
    copy, which the worker closes.
    """

    descriptor: int = field(default=-1, kw_only=True, repr=False)


class Worker(Protocol):
    """What runs in the worker's process."""

    def handle(self, call: Any, cancelled: Cancelled) -> Generator[Any, None, Any]:
        """Answer one call; look at `cancelled()` often and return early when it is true."""
        ...

    def close(self) -> None:
        """Leave everything in order; called once, before the process ends."""
        ...


@dataclass(frozen=True)
class Request:
    """Parent to worker: answer this call."""

    number: int
    call: Any


@dataclass(frozen=True)
class Cancel:
    """Parent to worker: end the call early."""

    number: int


@dataclass(frozen=True)
class Pause:
    """Parent to worker: calls wait where they ask whether to end (`on`), or go on."""

    on: bool


@dataclass(frozen=True)
class Started:
    """Worker to parent: it is there, calls may come."""


@dataclass(frozen=True)
class Sign:
    """Worker to parent: the call goes on; the next sign may take `patience` seconds, 0 for the usual."""

    patience: float


@dataclass(frozen=True)
class Item:
    """Worker to parent: one item of a call that goes on."""

    number: int
    value: Any


@dataclass(frozen=True)
class Done:
    """Worker to parent: the result; the call is over."""

    number: int
    value: Any


@dataclass(frozen=True)
class Failed:
    """Worker to parent: the call ended in an error that the user is told."""

    number: int
    error: Exception
