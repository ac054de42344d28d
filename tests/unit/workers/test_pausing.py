# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Pauses: work breaks off soon, goes on where it was, and nobody waits for ever."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil

from assistant.texts import text
from assistant.workers.process import SPAWN, WorkerProcess, WorkerSpec
from assistant.workers.state import Phase
from assistant.workers.yielding import Yielding
from tests.unit.workers.echo_worker import MODULE, Endless, Repeat
from tests.waiting import until

YIELDS_S = 0.1 + 0.2  # the goal, and what a busy machine adds


class Counting:
    """Takes the numbers of an endless call on a thread; `at` is when the last one came."""

    def __init__(self, worker: WorkerProcess, stop: threading.Event) -> None:
        self.count, self.at, self.result = 0, 0.0, ""
        self._worker, self._stop = worker, stop
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        items = self._worker.stream(Endless(), self._stop, timeout=0.4)
        while True:
            try:
                next(items)
            except StopIteration as end:
                self.result = end.value
                return
            self.count, self.at = self.count + 1, time.monotonic()

    def rests(self) -> bool:
        """Say whether nothing comes for a while."""
        before = self.count
        threading.Event().wait(0.3)
        return self.count == before


@contextmanager
def counting(worker: WorkerProcess) -> Iterator[Counting]:
    stop = threading.Event()
    made = Counting(worker, stop)
    try:
        yield made
    finally:
        stop.set()
        made.thread.join()


def test_a_paused_call_rests_soon_and_goes_on(start, phases):
    worker = start()
    with counting(worker) as numbers:
        until(lambda: numbers.count > 10)
        paused = time.monotonic()
        worker.pause()
        until(numbers.rests)
        assert numbers.at - paused < YIELDS_S
        assert phases[-1] is Phase.PAUSED
        threading.Event().wait(0.5)  # longer than the silence it may keep
        before = numbers.count
        worker.resume()
        until(lambda: numbers.count > before)
        assert phases[-1] is Phase.BUSY
    assert (numbers.result, worker.losses) == ("cancelled", 0)


def test_pauses_are_counted(start):
    worker = start()
    with counting(worker) as numbers:
        until(lambda: numbers.count > 10)
        with Yielding([worker]), Yielding([worker]):
            until(numbers.rests)
            worker.pause()
            worker.resume()
            assert numbers.rests()
        before = numbers.count
        until(lambda: numbers.count > before)


def test_a_call_that_begins_in_a_pause_rests_too(start):
    worker = start()
    worker.pause()
    with counting(worker) as numbers:
        until(lambda: worker.pid is not None)
        assert numbers.rests()
        assert numbers.count == 0
        worker.resume()
        until(lambda: numbers.count > 0)


def test_a_paused_call_can_be_stopped(start):
    worker = start()
    with Yielding([worker]), counting(worker):
        pass
    assert worker.request(Repeat("next")) == "next"


def test_a_dropped_call_ends_in_a_pause(start):
    worker = start()
    items = worker.stream(Endless())
    next(items)
    with Yielding([worker]):
        items.close()
    assert worker.request(Repeat("next")) == "next"
    assert worker.starts == 1


def test_what_must_not_wait_goes_through_in_a_pause(start):
    worker = start()
    worker.request(Repeat("x"))
    with Yielding([worker]), worker.lifted():
        assert worker.request(Repeat("urgent", 5)) == "urgent"


def test_closing_lets_a_paused_call_come_to_its_end(start):
    worker = start()
    worker.pause()
    results: list[str] = []
    thread = threading.Thread(target=lambda: results.append(worker.request(Repeat("whole", 5))))
    thread.start()
    until(lambda: worker.pid is not None)
    worker.close()
    thread.join()
    assert results == ["whole"]


def _pause_and_tell(connection: Any) -> None:
    worker = WorkerProcess(WorkerSpec(text("test worker"), MODULE))
    items = worker.stream(Endless())
    next(items)
    worker.pause()
    connection.send(worker.pid)
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_paused_worker_ends_when_its_parent_was_killed():
    ours, theirs = SPAWN.Pipe()
    parent = SPAWN.Process(target=_pause_and_tell, args=(theirs,))
    parent.start()
    pid = ours.recv()
    parent.join()
    until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    for connection in (ours, theirs):
        connection.close()
    parent.close()
