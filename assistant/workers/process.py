# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Starts a worker process when first needed, asks it, notices its end, starts it again."""

import contextlib
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from typing import Any

from assistant.errors import WorkerCrashedError, WorkerError, WorkerStoppedError, WorkerTimeoutError
from assistant.in_steps import result_of
from assistant.texts import text
from assistant.workers import ends
from assistant.workers.child import END_PATIENCE_S, SPAWN, Child, WorkerSpec
from assistant.workers.protocol import (
    Call,
    Cancel,
    Done,
    Failed,
    Item,
    ItemT,
    Request,
    ResultT,
    Sign,
    Started,
)
from assistant.workers.state import Phase, WorkerState
from assistant.workers.turns import Turns
from assistant.workers.watch import STOP_PATIENCE_S, Watch

__all__ = ["SPAWN", "WorkerProcess", "WorkerSpec"]

LOOK_EVERY_S = 0.02  # how often a waiting caller looks at its stop event and at the worker

IDLE_LOOK_S = 5.0
ENDING_S = 2.0  # how long a call waits for a worker that could not be killed
UNLOAD_S = 60.0  # to keep what it has read

Observer = Callable[[WorkerState], None]


class WorkerProcess:
    """One worker process; calls are answered one at a time, in order of arrival.

    A thread looks after the process while it lives: it sees a death that no call sees, and ends the
    process after a time without calls.
    """

    def __init__(
        self,
        spec: WorkerSpec,
        on_change: Observer = lambda _state: None,
        on_loss: Callable[[int], None] | None = None,
    ) -> None:
        """Start nothing yet: the first call does.

        `on_change` is told what the worker does, on the thread where it happens, so it must be quick.
        `on_loss` is called after the process was lost, on a thread that has time, with the number
        that `stream` takes as `start`.
        """
        self.spec = spec
        self.starts = 0
        self.losses = 0  # crashes and hangs since somebody last set this to 0
        self.idle_s = 0.0  # seconds without a call after which the process is ended, 0 for never
        self._turns = Turns()
        self._child: Child | None = None
        self._ending: Child | None = None  # given up, asked to end, not to be killed
        self._number = 0
        self._on_change = on_change
        self._on_loss = on_loss
        self._keepers: list[threading.Thread] = []
        self._used = time.monotonic()
        self._generation = 0  # how often it was closed or restarted by those who use it
        self._pausing = threading.Lock()
        self._pauses = self._lifts = 0

    @property
    def pid(self) -> int | None:
        """The process id while the worker runs."""
        child = self._child
        return child.pid if child is not None and child.alive else None

    def request(self, call: Call[Any, ResultT], *, timeout: float | None = None) -> ResultT:
        """Answer `call`, dropping its items. Raises what `stream` raises."""
        return result_of(self.stream(call, timeout=timeout))

    def stream(
        self,
        call: Call[ItemT, ResultT],
        stop: threading.Event | None = None,
        *,
        timeout: float | None = None,
        stop_patience: float | None = None,
        start: int | None = None,
    ) -> Generator[ItemT, None, ResultT]:
        """Yield the items of `call` and return its result.

        `stop` asks the worker to end the call early; it still returns its result. With `stop_patience`
        one that does not within so many seconds is killed, and the call raises WorkerStoppedError.
        `timeout` is in seconds without a sign of life.
        `start`: only where nobody closed or restarted the worker since `on_loss` gave this number.
        Dropping the generator cancels the call and drains it. Raises WorkerCrashedError,
        WorkerTimeoutError, WorkerStoppedError, or the MaruError the worker raised.
        """
        with self._turns.turn(stop) as came:
            if not came or start not in (None, self._generation):
                raise WorkerStoppedError(text("It was stopped before it began."))
            self._number += 1
            child = self._asked(Request(self._number, call))
            watch = Watch(child, timeout, stop_patience)
            finished = False
            try:
                message = yield from self._items(child, self._number, stop, watch)
                finished = True
            finally:
                if not finished and self._child is child:
                    self._drain(child, self._number)
                self._used = time.monotonic()
                if self._child is child:
                    self._tell(Phase.READY)
        if isinstance(message, Failed):
            raise message.error
        result: ResultT = message.value
        return result

    def restart(self, settings: Any) -> None:
        """End the worker; the next call starts it with `settings`."""
        with self.lifted(), self._turns.turn():
            keepers = self._end(UNLOAD_S)
            self.spec = replace(self.spec, settings=settings)
        _wait_for(keepers)

    def close(self, timeout: float = 5.0) -> None:
        """Ask the worker to end and wait; one that may be killed is killed after `timeout` s."""
        with self.lifted(), self._turns.turn():
            keepers = self._end(timeout)
        _wait_for(keepers)

    def pause(self) -> None:
        """Let calls wait, from their next look at the caller on; each needs its `resume`."""
        with self._pausing:
            self._pauses += 1
        self._tell_pause()

    def resume(self) -> None:
        """Take one `pause` back."""
        with self._pausing:
            self._pauses -= 1
        self._tell_pause()

    @contextlib.contextmanager
    def lifted(self) -> Iterator[None]:
        """Work in spite of all pauses: for what must not wait, or would for ever."""
        with self._pausing:
            self._lifts += 1
        self._tell_pause()
        try:
            yield
        finally:
            with self._pausing:
                self._lifts -= 1
            self._tell_pause()

    def _tell_pause(self) -> None:
        with self._pausing:
            child, paused = self._child, self._paused
            changed = child is not None and child.alive and child.pause(paused)
        if changed and self._turns.taken:
            self._tell(Phase.PAUSED if paused else Phase.BUSY)

    @property
    def _paused(self) -> bool:
        return self._pauses > 0 and not self._lifts

    def _asked(self, request: Request) -> Child:
        """Send the call to a living process. Raises WorkerTimeoutError where none can be had."""
        child = self._child
        if child is None or not child.alive:
            child = self._restarted()
        self._tell_pause()
        try:
            sent = child.send(request)
        except OSError:
            # It died while idle; it has not seen this call, so a fresh one can have it.
            child = self._restarted()
            sent = child.send(request)
        if not sent:
            raise self._hung(child, STOP_PATIENCE_S)
        if child.started:
            self._tell(Phase.PAUSED if self._paused else Phase.BUSY)
        return child

    def _restarted(self) -> Child:
        self._wait_for_the_last()
        if self._child is not None:
            self._crashed(self._child)
        self._tell(Phase.STARTING)
        child = self._child = Child(self.spec)
        self.starts += 1
        keeper = threading.Thread(
            target=self._keep, args=(child, self._generation), name="keeper", daemon=True
        )
        self._keepers = [thread for thread in self._keepers if thread.is_alive()]
        self._keepers.append(keeper)
        keeper.start()
        return child

    def _items(
        self, child: Child, number: int, stop: threading.Event | None, watch: Watch
    ) -> Generator[Any, None, Done | Failed]:
        cancelled = False
        while True:
            if stop is not None and stop.is_set() and not cancelled:
                watch.stop_asked()
                with contextlib.suppress(OSError):
                    cancelled = child.send(Cancel(number))
            try:
                message = child.receive(LOOK_EVERY_S)
            except (EOFError, OSError):
                raise self._crashed(child) from None
            match message:
                case None:
                    self._tell_pause()
                    self._look(child, watch)
                case Started():
                    child.started = True
                    watch.sign()
                    self._tell(Phase.PAUSED if self._paused else Phase.BUSY)
                case Sign(patience):
                    watch.sign(patience)
                case Item() if message.number == number:
                    yield message.value
                    watch.sign()
                case Done() | Failed() if message.number == number:
                    return message
                case _:
                    watch.sign()  # the end of a call that was dropped

    def _look(self, child: Child, watch: Watch) -> None:
        if watch.check() and child.spec.killable:
            raise self._too_large(child)
        seconds = watch.too_long(paused=self._paused)
        if watch.past_stop:
            raise self._stopped(child)
        if seconds:
            raise self._hung(child, seconds)

    def _drain(self, child: Child, number: int) -> None:
        """Cancel a dropped call and read to its end: its tokens must not answer the next one."""
        deadline = time.monotonic() + STOP_PATIENCE_S
        cancelled = False
        try:
            while time.monotonic() < deadline:
                cancelled = cancelled or child.send(Cancel(number))
                message = child.receive(LOOK_EVERY_S)
                if isinstance(message, Done | Failed) and message.number == number:
                    return
                child.started = child.started or isinstance(message, Started)
        except (EOFError, OSError):
            self._crashed(child)
            return
        self._hung(child, STOP_PATIENCE_S)

    def _crashed(self, child: Child) -> WorkerCrashedError:
        child.ended_within(2.0)
        error = ends.crash(child)
        self._lost(child, error)
        return error

    def _too_large(self, child: Child) -> WorkerCrashedError:
        child.kill()
        error = ends.too_large(child)
        self._lost(child, error)
        return error

    def _stopped(self, child: Child) -> WorkerStoppedError:
        self._child, child.fate = None, Phase.STOPPED
        child.kill()
        child.close()
        self._tell(Phase.STOPPED)
        return WorkerStoppedError(text("It was stopped."))

    def _hung(self, child: Child, seconds: float) -> WorkerTimeoutError:
        error = ends.hang(child, seconds)
        if child.spec.killable:
            child.fate = Phase.HUNG
            child.kill()
        else:
            child.ask_to_end()
            self._ending = child
        self._lost(child, error, Phase.HUNG)
        return error

    def _lost(self, child: Child, error: WorkerError | None = None, fate: Phase = Phase.CRASHED) -> None:
        """Note that a process is no longer of use. Only while it is this one's turn."""
        in_order = fate is Phase.CRASHED and child.exit_code == 0  # somebody else asked it to end
        child.fate = Phase.STOPPED if in_order else fate
        self._child = None
        self.losses += not in_order
        if child is not self._ending:
            child.close()
        self._tell(child.fate, error)

    def _wait_for_the_last(self) -> None:
        """Wait for a process that was asked to end; two must not open the same files."""
        last = self._ending
        if last is None:
            return
        last.ask_to_end()  # again: it may not have read when it was asked first
        if not last.ended_within(ENDING_S):
            raise WorkerTimeoutError(
                text("The {worker} is still busy with what it was asked before.", worker=str(last.spec.name)),
                text("Wait a little, then try again."),
            )
        last.close()
        self._ending = None

    def _end(self, timeout: float) -> list[threading.Thread]:
        """End what runs; return the threads that looked after it, which end too."""
        self._generation += 1
        children = [child for child in (self._child, self._ending) if child is not None]
        self._child = self._ending = None
        for child in children:
            child.fate = child.fate or Phase.STOPPED
            child.ask_to_end()
            while not child.ended_within(timeout):
                if self.spec.killable:
                    child.kill()
                    break
                child.ask_to_end()
            child.close()
            self._tell(Phase.STOPPED)
        return [keeper for keeper in self._keepers if keeper is not threading.current_thread()]

    def _keep(self, child: Child, generation: int) -> None:
        """Look after a process between calls, until it has ended."""
        while not child.wait_for_end(min(self.idle_s or IDLE_LOOK_S, IDLE_LOOK_S)):
            if self._is_idle() and self._unloaded(child):
                return
        with self._turns.turn():
            if self._child is child:  # nobody was asking it
                self._lost(child, ends.crash(child))
        if child.fate is not Phase.STOPPED and self._on_loss and generation == self._generation:
            self._on_loss(generation)

    def _is_idle(self) -> bool:
        return self.idle_s > 0 and not self._turns.taken and time.monotonic() - self._used >= self.idle_s

    def _unloaded(self, child: Child) -> bool:
        """End an idle process in order; False where a call came in between."""
        with self._turns.turn():
            if self._child is not child or time.monotonic() - self._used < self.idle_s:
                return False
            self._child, child.fate = None, Phase.STOPPED
            child.ask_to_end()
            while not child.wait_for_end(UNLOAD_S):
                child.kill()
            child.close()
            self._tell(Phase.STOPPED)
        return True

    def _tell(self, phase: Phase, error: WorkerError | None = None) -> None:
        self._on_change(WorkerState(self.spec.name, phase, message=error.message if error else None))


def _wait_for(keepers: list[threading.Thread]) -> None:
    for keeper in keepers:
        keeper.join(END_PATIENCE_S)
