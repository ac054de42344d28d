# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Worker processes: what comes through, what is noticed, what is never left behind."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any

import psutil
import pytest

from assistant.errors import (
    CallTooLargeError,
    DocumentError,
    Offer,
    WorkerCrashedError,
    WorkerError,
    WorkerTimeoutError,
)
from assistant.texts import text
from assistant.workers.process import SPAWN, WorkerProcess, WorkerSpec
from tests.unit.workers.echo_worker import (
    MODULE,
    Break,
    Burst,
    Deaf,
    Die,
    Endless,
    Environment,
    Refuse,
    Repeat,
    Swell,
)
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[3]


def outcome(items: Generator[Any, None, Any]) -> tuple[list[Any], Any]:
    seen = []
    while True:
        try:
            seen.append(next(items))
        except StopIteration as end:
            return seen, end.value


def test_items_and_result_arrive_in_order(start):
    worker = start()
    assert worker.pid is None, "it starts with the first call, not before"
    assert outcome(worker.stream(Repeat("done", 5))) == ([0, 1, 2, 3, 4], "done")
    assert worker.request(Repeat("again", 3)) == "again"
    assert worker.starts == 1


def test_an_error_of_ours_crosses_with_message_hint_and_offer(start):
    worker = start()
    with pytest.raises(DocumentError) as caught:
        worker.request(Refuse("a.pdf"))
    assert str(caught.value) == "a.pdf is damaged. Save it again."
    assert caught.value.offer == Offer(n_ctx=512)
    assert worker.request(Repeat("fine")) == "fine", "an error does not end the worker"


def test_a_foreign_error_crosses_without_its_words(start):
    with pytest.raises(WorkerError) as caught:
        start().request(Break())
    assert "RuntimeError" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_an_answer_that_memory_does_not_hold_is_told_and_the_worker_goes_on(start):
    worker = start()
    with pytest.raises(CallTooLargeError):
        worker.request(Burst())
    assert worker.request(Repeat("fine")) == "fine"


def test_a_worker_that_cannot_start_tells_why(start):
    worker = start("broken")
    for _ in range(2):
        with pytest.raises(DocumentError, match="It cannot start"):
            worker.request(Repeat("x"))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_crash_is_told_in_one_sentence_and_the_next_call_starts_again(start, number):
    worker = start()
    items = worker.stream(Die(number))
    assert next(items) == 1
    with pytest.raises(WorkerCrashedError) as caught:
        next(items)
    assert "test worker" in str(caught.value)
    assert worker.pid is None
    assert worker.request(Repeat("back")) == "back"
    assert worker.starts == 2


def test_a_crash_between_two_calls_costs_nothing(start):
    worker = start()
    worker.request(Repeat("x"))
    pid = worker.pid
    os.kill(pid, signal.SIGKILL)
    until(lambda: worker.pid is None)  # while its threads end, its pipe still takes what is sent
    assert worker.request(Repeat("back")) == "back"


def test_a_dropped_stream_is_cancelled_and_drained(start):
    worker = start()
    items = worker.stream(Endless())
    assert next(items) == 0
    items.close()
    assert outcome(worker.stream(Repeat("next", 2))) == ([0, 1], "next")
    assert worker.starts == 1, "the worker was kept"


def test_a_stop_event_ends_the_call_and_its_result_arrives(start):
    stop = threading.Event()
    items = start().stream(Endless(), stop)
    next(items)
    stop.set()
    assert outcome(items)[1] == "cancelled"


def test_a_call_that_was_stopped_before_it_began_is_cancelled(start):
    stop = threading.Event()
    stop.set()
    assert outcome(start().stream(Endless(), stop))[1] == "cancelled"


def test_a_worker_without_a_sign_of_life_is_ended(start):
    worker = start()
    items = worker.stream(Deaf(), timeout=0.3)
    next(items)
    with pytest.raises(WorkerTimeoutError):
        next(items)
    assert worker.pid is None
    assert worker.request(Repeat("back")) == "back"


def test_stop_ends_a_worker_that_does_not_listen(start, monkeypatch):
    monkeypatch.setattr("assistant.workers.watch.STOP_PATIENCE_S", 0.3)
    stop = threading.Event()
    worker = start()
    items = worker.stream(Deaf(), stop)
    next(items)
    stop.set()
    with pytest.raises(WorkerTimeoutError):
        next(items)
    assert worker.pid is None


def test_a_dropped_stream_of_a_worker_that_does_not_listen_ends_it(start, monkeypatch):
    monkeypatch.setattr("assistant.workers.process.STOP_PATIENCE_S", 0.3)
    worker = start()
    items = worker.stream(Deaf())
    next(items)
    items.close()
    assert worker.request(Repeat("back")) == "back"
    assert worker.starts == 2


def test_too_much_memory_ends_the_worker_and_says_how_much(start):
    worker = start(resident_limit=150 << 20)
    items = worker.stream(Swell(300))
    with pytest.raises(WorkerCrashedError, match="150 MB"):
        outcome(items)
    assert worker.request(Repeat("back")) == "back"


def test_close_lets_the_worker_finish_in_order(start, tmp_path: Path):
    worker = start(tmp_path / "closed")
    worker.request(Repeat("x"))
    worker.close()
    assert (tmp_path / "closed").read_text() == "closed"
    assert worker.pid is None


def test_restart_brings_new_settings(start, tmp_path: Path):
    worker = start(tmp_path / "first")
    worker.request(Repeat("x"))
    worker.restart(tmp_path / "second")
    worker.request(Repeat("x"))
    worker.close()
    assert (tmp_path / "first").exists()
    assert (tmp_path / "second").exists()


def test_sigterm_ends_the_worker_in_order(start, tmp_path: Path):
    worker = start(tmp_path / "closed")
    worker.request(Repeat("x"))
    os.kill(worker.pid, signal.SIGTERM)
    until(lambda: worker.pid is None)
    assert (tmp_path / "closed").exists()


def test_ctrl_c_is_left_to_the_parent(start):
    worker = start()
    worker.request(Repeat("x"))
    os.kill(worker.pid, signal.SIGINT)
    assert worker.request(Repeat("y")) == "y"
    assert worker.starts == 1


def _start_and_tell(connection: Any) -> None:
    worker = WorkerProcess(WorkerSpec(text("test worker"), MODULE))
    items = worker.stream(Endless())
    next(items)
    connection.send(worker.pid)
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_worker_ends_when_its_parent_was_killed():
    ours, theirs = SPAWN.Pipe()
    parent = SPAWN.Process(target=_start_and_tell, args=(theirs,))
    parent.start()
    pid = ours.recv()
    parent.join()
    until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    for connection in (ours, theirs):
        connection.close()
    parent.close()


def test_calls_of_many_threads_are_answered_in_order_of_arrival(start):
    worker = start()
    stop = threading.Event()
    running = worker.stream(Endless(), stop)
    next(running)
    order: list[int] = []
    threads = []
    for number in range(5):
        thread = threading.Thread(target=lambda n=number: order.append((worker.request(Repeat("x")), n)[1]))
        thread.start()
        threads.append(thread)
        until(lambda n=number: len(worker._turns._queue) == n + 2)
    stop.set()
    outcome(running)
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_what_a_worker_prints_goes_to_its_log_and_its_environment_is_set(start, tmp_path: Path, capfd):
    log = tmp_path / "worker.log"
    worker = start(log=log, environment=(("MARU_TEST_WORKER", "seen"),))
    assert worker.request(Environment("MARU_TEST_WORKER")) == "seen"
    assert "MARU_TEST_WORKER" not in os.environ
    worker.close()
    assert log.read_text().count("noise") == 2
    assert log.stat().st_mode & 0o777 == 0o600
    assert capfd.readouterr() == ("", "")


# No `__main__` guard, and no file that could be found again: what people type at a Python prompt.
SCRIPT = f"""
from assistant.texts import text
from assistant.workers.process import WorkerProcess, WorkerSpec
from {MODULE} import MODULE, Repeat

worker = WorkerProcess(WorkerSpec(text("test worker"), MODULE))
print(worker.request(Repeat("heard")))
worker.close()
"""


def test_a_script_from_standard_input_can_start_workers() -> None:
    ended = subprocess.run(
        [sys.executable, "-"], input=SCRIPT, capture_output=True, text=True, cwd=ROOT, timeout=60, check=False
    )
    assert (ended.returncode, ended.stdout) == (0, "heard\n"), ended.stderr
