# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The life of a worker between start and end: signs, silence, death, idleness, and what is told of it."""

import os
import signal
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from assistant.errors import OutOfMemoryError, WorkerCrashedError, WorkerStoppedError, WorkerTimeoutError
from assistant.workers import boot, watch
from assistant.workers.state import Phase
from tests.unit.workers.echo_worker import Deaf, Die, Endless, Halt, Niceness, Repeat, Spill, Work
from tests.waiting import until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def test_a_call_that_gives_signs_of_life_is_no_hang(start):
    assert start().request(Work(2.5, signs=True), timeout=1.5) == "worked"


def test_a_call_without_a_sign_is_a_hang(start):
    worker = start()
    with pytest.raises(WorkerTimeoutError, match="no sign of life for 1 second"):
        worker.request(Work(60.0), timeout=0.3)
    assert worker.pid is None
    assert worker.losses == 1


def test_patience_that_was_asked_for_is_given(start):
    assert start().request(Work(0.8, patience=5.0), timeout=0.3) == "worked"


def test_patience_ends_with_the_next_sign(start):
    with pytest.raises(WorkerTimeoutError):
        start().request(Work(60.0, patience=0.9), timeout=0.3)


@pytest.mark.untraced("stops a process")
def test_a_stopped_process_is_a_hang_whatever_the_patience(start, monkeypatch):
    monkeypatch.setattr(watch, "SILENCE_S", 0.4)
    worker = start()
    items = worker.stream(Halt())
    next(items)
    with pytest.raises(WorkerTimeoutError):
        next(items)
    assert worker.request(Repeat("back")) == "back"


@pytest.mark.untraced("stops a process")
def test_a_large_call_to_a_stopped_process_does_not_stop_the_caller(start):
    worker = start()
    worker.request(Repeat("x"))
    os.kill(worker.pid, signal.SIGSTOP)
    with pytest.raises(WorkerTimeoutError):
        worker.request(Repeat("x" * 5_000_000), timeout=0.4)
    assert worker.request(Repeat("x" * 5_000_000), timeout=10.0) == "x" * 5_000_000


def test_a_start_has_an_allowance_of_its_own(start, monkeypatch):
    assert start("slow").request(Repeat("x"), timeout=0.2) == "x"
    monkeypatch.setattr(watch, "START_S", 0.2)
    with pytest.raises(WorkerTimeoutError):
        start("slow").request(Repeat("x"), timeout=5.0)


def test_time_in_which_nobody_looked_does_not_count():
    looker = watch.Watch(SimpleNamespace(started=True), timeout=3.0, stop_patience=None)
    looker._looked -= 3600  # the computer slept, or the whole terminal did
    assert looker.too_long(paused=False) == 0.0


def test_a_worker_that_may_not_be_killed_is_asked_to_end_and_waited_for(start, monkeypatch):
    monkeypatch.setattr("assistant.workers.process.ENDING_S", 0.1)
    worker = start(killable=False)
    worker.request(Repeat("x"))
    pid = worker.pid
    with pytest.raises(WorkerTimeoutError, match="asked to end"):
        worker.request(Work(1.5), timeout=0.2)
    assert psutil.pid_exists(pid)
    with pytest.raises(WorkerTimeoutError, match="still busy"):
        worker.request(Repeat("x"))
    monkeypatch.setattr("assistant.workers.process.ENDING_S", 20.0)
    assert worker.request(Repeat("back")) == "back"
    assert not psutil.pid_exists(pid)
    assert worker.starts == 2


@pytest.mark.untraced("stops a process")
def test_a_worker_that_may_not_be_killed_and_was_stopped_goes_on_to_its_end(start, tmp_path: Path):
    worker = start(tmp_path / "closed", killable=False)
    worker.request(Repeat("x"))
    os.kill(worker.pid, signal.SIGSTOP)
    with pytest.raises(WorkerTimeoutError):
        worker.request(Repeat("x"), timeout=0.2)
    worker.close()
    assert (tmp_path / "closed").exists()


def test_a_death_that_no_call_sees_is_told_at_once(start, phases):
    lost = []
    worker = start(on_loss=lost.append)
    worker.request(Repeat("x"))
    os.kill(worker.pid, signal.SIGKILL)
    until(lambda: bool(lost))
    assert phases[-1] is Phase.CRASHED
    assert worker.losses == 1


def test_a_worker_that_was_asked_to_end_is_no_loss(start, phases):
    lost = []
    worker = start(on_loss=lost.append)
    worker.request(Repeat("x"))
    os.kill(worker.pid, signal.SIGTERM)
    until(lambda: phases[-1] is Phase.STOPPED)
    assert worker.losses == 0
    worker.request(Repeat("x"))
    worker.close()
    assert lost == []


def test_what_would_revive_a_worker_does_nothing_after_it_was_closed(start):
    starts = []
    worker = start(on_loss=starts.append)
    worker.request(Repeat("x"))
    os.kill(worker.pid, signal.SIGKILL)
    until(lambda: bool(starts))
    worker.close()
    with pytest.raises(WorkerStoppedError):
        next(worker.stream(Repeat("x"), start=starts[0]))
    assert worker.pid is None


def test_an_idle_worker_is_ended_in_order_and_starts_again(start, tmp_path: Path, phases):
    worker = start(tmp_path / "closed")
    worker.idle_s = 0.2
    assert worker.request(Work(0.5)) == "worked", "a call is no idleness"
    until(lambda: phases[-1] is Phase.STOPPED)
    assert worker.pid is None
    assert (tmp_path / "closed").exists()
    assert worker.request(Repeat("back")) == "back"
    assert (worker.starts, worker.losses) == (2, 0)


def test_phases_are_told_in_order(start, phases):
    worker = start()
    worker.request(Repeat("x"))
    assert phases == [Phase.STARTING, Phase.BUSY, Phase.READY]
    with pytest.raises(WorkerCrashedError):
        list(worker.stream(Die(signal.SIGSEGV)))
    assert phases[3:] == [Phase.BUSY, Phase.CRASHED]
    worker.request(Repeat("x"))
    worker.close()
    assert phases[5:] == [Phase.STARTING, Phase.BUSY, Phase.READY, Phase.STOPPED]


def test_a_caller_who_waits_for_its_turn_can_stop(start):
    worker = start()
    running = worker.stream(Endless())
    next(running)
    stop = threading.Event()
    threading.Timer(0.05, stop.set).start()
    with pytest.raises(WorkerStoppedError):
        next(worker.stream(Repeat("x", 1), stop))
    running.close()
    assert worker.request(Repeat("next")) == "next"


def test_a_call_whose_caller_has_no_patience_ends_with_its_worker(start):
    worker = start()
    stop = threading.Event()
    items = worker.stream(Deaf(), stop, stop_patience=0.05)
    next(items)
    stop.set()
    with pytest.raises(WorkerStoppedError):
        next(items)
    assert (worker.pid, worker.losses) == (None, 0)


def test_a_kill_by_the_system_may_be_for_want_of_memory(start):
    with pytest.raises(OutOfMemoryError, match="maybe because memory ran out"):
        list(start().stream(Die(signal.SIGKILL)))


def test_a_crash_brings_the_last_lines_of_the_log_without_a_users_words(start, tmp_path: Path):
    log = tmp_path / "worker.log"
    log.write_text("an older line\n")
    with pytest.raises(WorkerCrashedError, match="cannot go on") as crashed:
        start(log=log).request(Spill())
    details = crashed.value.details
    assert "GGML_ASSERT(x) failed at ~/x.c" in details
    assert any(line.startswith("ValueError at ") for line in details)
    assert "an older line" not in details
    assert "secret" not in log.read_text()


def test_a_long_log_begins_anew(start, tmp_path: Path):
    log = tmp_path / "worker.log"
    log.write_bytes(b"x" * (boot.LOG_LIMIT + 1))
    start(log=log).request(Repeat("x"))
    assert log.stat().st_size < 1000


def test_work_that_can_wait_stands_back(start):
    usual = start().request(Niceness())
    assert start(background=True).request(Niceness()) == min(19, usual + boot.NICENESS)
