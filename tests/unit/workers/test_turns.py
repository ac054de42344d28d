# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""One after another, in order of arrival; whoever leaves the queue holds nobody up."""

import threading

import pytest

from assistant.workers.turns import Turns
from tests.waiting import until


class Interrupted(threading.Event):
    """Ctrl+C comes while its waiter waits."""

    def is_set(self) -> bool:
        raise KeyboardInterrupt


def test_who_is_interrupted_while_waiting_leaves_no_place_behind():
    turns = Turns()
    with turns.turn():
        with pytest.raises(KeyboardInterrupt), turns.turn(Interrupted()):
            pass
        assert turns.taken
    assert not turns.taken
    with turns.turn() as came:
        assert came


def test_who_stops_waiting_has_no_turn_and_the_others_keep_their_order():
    turns, stop, order = Turns(), threading.Event(), list[str]()

    def wait(name: str, ends: threading.Event) -> None:
        with turns.turn(ends) as came:
            order.append(f"{name} {came}")

    threads = []
    with turns.turn():
        for number, (name, ends) in enumerate(
            (("first", threading.Event()), ("stopped", stop), ("last", threading.Event()))
        ):
            threads.append(threading.Thread(target=wait, args=(name, ends)))
            threads[-1].start()
            until(lambda number=number: len(turns._queue) == number + 2)
        stop.set()
        until(lambda: order == ["stopped False"])
    for thread in threads:
        thread.join()
    assert order == ["stopped False", "first True", "last True"]
    assert not turns.taken
