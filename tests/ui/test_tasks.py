# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
import threading
from typing import Any

from pytestqt.qtbot import QtBot

from assistant.errors import EngineError, MaruError
from assistant.texts import text
from ui.tasks import Steps, Task, call, stop_all


def test_ten_thousand_events_arrive_in_order_in_the_gui_thread(qtbot: QtBot) -> None:
    def steps(_stop: threading.Event) -> Steps:
        yield from range(10_000)
        return "done"

    seen: list[int] = []
    threads: set[int] = set()
    task = Task(steps)
    task.item.connect(lambda value: (seen.append(value), threads.add(threading.get_ident())))
    with qtbot.waitSignal(task.finished) as ending:
        task.start()
    assert ending.args == ["done"]
    assert seen == list(range(10_000))
    assert threads == {threading.get_ident()}


def test_ten_thousand_plain_emits_do_not_harm_the_interpreter(qtbot: QtBot) -> None:
    seen: list[Any] = []
    task = Task(lambda _stop: iter(()))  # type: ignore[arg-type,return-value]
    task.item.connect(seen.append)
    for number in range(10_000):
        task.item.emit(number)
    assert len(seen) == 10_000


def test_stop_ends_an_endless_generator_and_its_thread(qtbot: QtBot) -> None:
    def endless(stop: threading.Event) -> Steps:
        while not stop.wait(0.001):
            yield "still here"
        return "stopped"

    task = Task(endless).start()
    qtbot.waitSignal(task.item).wait()
    assert task.running
    with qtbot.waitSignals([task.finished, task.ended]):
        task.stop()
    assert not task.running
    assert not [thread for thread in threading.enumerate() if thread.name == "task"]


def test_an_error_of_the_core_arrives_as_it_is(qtbot: QtBot) -> None:
    error = EngineError(text("The engine ended."), text("Ask again."))

    def failing(_stop: threading.Event) -> Steps:
        yield "before"
        raise error

    with qtbot.waitSignal(Task(failing).start().failed) as ending:
        pass
    assert ending.args == [error]


def test_a_bug_is_told_in_words_without_its_message(qtbot: QtBot) -> None:
    def broken() -> None:
        raise KeyError("the user's own words")

    task = call(broken)
    with qtbot.waitSignal(task.failed) as ending:
        task.start()
    [told] = ending.args or []
    assert isinstance(told, MaruError)
    assert "KeyError" in str(told)
    assert "own words" not in str(told)


def test_a_call_finishes_with_its_result(qtbot: QtBot) -> None:
    task = call(lambda: 42)
    with qtbot.waitSignal(task.finished) as ending:
        task.start()
    assert ending.args == [42]


def test_nothing_is_told_after_all_were_stopped(qtbot: QtBot) -> None:
    begun = threading.Event()

    def endless(stop: threading.Event) -> Steps:
        yield "begun"
        begun.set()
        stop.wait(10)
        return "done"

    told: list[Any] = []
    task = Task(endless)
    for signal in (task.item, task.finished, task.failed):
        signal.connect(told.append)
    task.start()
    assert begun.wait(10)
    assert stop_all()
    qtbot.wait(1)  # what waits in the loop is handed out
    assert told == []
    assert not task.running
