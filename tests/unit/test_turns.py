# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Answers and changes of the model: any number of answers, or one change, in turn."""

import threading

import pytest

from assistant.errors import EngineError
from assistant.turns import Gate
from tests.waiting import until

PATIENCE_S = 10.0


class Visitor:
    """Goes through the gate on a thread of its own and stays inside until it may leave."""

    def __init__(self, gate: Gate, *, changing: bool = False, announced: bool = False) -> None:
        self.inside, self.leave, self.stop = threading.Event(), threading.Event(), threading.Event()
        self.error: EngineError | None = None
        self._gate, self._changing, self._announced = gate, changing, announced
        self._thread = threading.Thread(target=self._go)
        self._thread.start()

    def _go(self) -> None:
        try:
            way = (
                self._gate.changing(self.stop, announced=self._announced)
                if self._changing
                else self._gate.answering(self.stop)
            )
            with way:
                self.inside.set()
                assert self.leave.wait(PATIENCE_S)
        except EngineError as error:
            self.error = error

    def end(self) -> None:
        self.leave.set()
        self._thread.join()


def waiting(gate: Gate) -> int:
    return gate._waiting


def test_answers_go_on_beside_one_another() -> None:
    gate = Gate()
    answers = [Visitor(gate), Visitor(gate)]
    for answer in answers:
        assert answer.inside.wait(PATIENCE_S)
    for answer in answers:
        answer.end()


def test_a_change_waits_for_answers_and_later_answers_wait_for_it() -> None:
    gate = Gate()
    first = Visitor(gate)
    assert first.inside.wait(PATIENCE_S)
    change = Visitor(gate, changing=True)
    until(lambda: waiting(gate))
    later = Visitor(gate)
    assert not change.inside.is_set()
    assert not later.inside.wait(0.1)
    first.end()
    assert change.inside.wait(PATIENCE_S)
    assert not later.inside.is_set()
    change.end()
    assert later.inside.wait(PATIENCE_S)
    later.end()


def test_changes_come_one_after_the_other() -> None:
    gate = Gate()
    first = Visitor(gate, changing=True)
    assert first.inside.wait(PATIENCE_S)
    second = Visitor(gate, changing=True)
    until(lambda: waiting(gate))
    assert not second.inside.is_set()
    first.end()
    assert second.inside.wait(PATIENCE_S)
    second.end()


def test_an_announced_change_goes_first() -> None:
    gate = Gate()
    gate.announce()
    answer = Visitor(gate)
    assert not answer.inside.wait(0.1)
    change = Visitor(gate, changing=True, announced=True)
    assert change.inside.wait(PATIENCE_S)
    assert not answer.inside.is_set()
    change.end()
    assert answer.inside.wait(PATIENCE_S)
    answer.end()


def test_who_is_stopped_waits_no_longer() -> None:
    gate = Gate()
    change = Visitor(gate, changing=True)
    assert change.inside.wait(PATIENCE_S)
    answer, other = Visitor(gate), Visitor(gate, changing=True)
    answer.stop.set()
    other.stop.set()
    assert answer.inside.wait(PATIENCE_S), "a stopped answer has still to be stored"
    other.end()
    assert other.error is not None
    answer.end()
    change.end()
    with gate.changing(threading.Event()):
        pass


def test_an_error_inside_leaves_the_gate_open() -> None:
    gate = Gate()
    with pytest.raises(ValueError, match="x"), gate.changing(threading.Event()):
        raise ValueError("x")
    with pytest.raises(ValueError, match="x"), gate.answering(threading.Event()):
        raise ValueError("x")
    with gate.changing(threading.Event()):
        pass
