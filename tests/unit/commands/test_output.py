# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""How commands speak: what a terminal must not obey, columns, Ctrl+C."""

import json
import os
import signal

import pytest

from assistant.commands.interrupts import Interrupts
from assistant.commands.output import note, say, say_json, table

HOSTILE = "a\x1b]52;c;aGFjaw==\x07b\x9b2Jc\rd\te"


def test_a_terminal_gets_nothing_to_obey(capsys: pytest.CaptureFixture[str]) -> None:
    say(HOSTILE)
    note(HOSTILE)
    captured = capsys.readouterr()
    assert captured.out == captured.err == "a]52;c;aGFjaw==b2Jcd\te\n"


@pytest.mark.parametrize("mark", "\u202e\u202a\u2066\u2069\u200e\u200f\u061c")
def test_nothing_turns_the_direction_of_writing_around(mark: str, capsys: pytest.CaptureFixture[str]) -> None:
    say(f"lease{mark}fdp.exe")
    assert capsys.readouterr().out == "leasefdp.exe\n"
    say("가\u200d나")  # what joins letters stays
    assert capsys.readouterr().out == "가\u200d나\n"


def test_a_cell_of_a_table_stays_on_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    table([("1", "The\nlease\tof\u2028May", "x"), ("2", "a\u202e", "y")])
    assert capsys.readouterr().out == "1  The lease of May  x\n2  a                 y\n"


def test_json_keeps_every_letter(capsys: pytest.CaptureFixture[str]) -> None:
    say_json([HOSTILE, "잔금"])
    out = capsys.readouterr().out
    assert "잔금" in out
    assert "\x1b" not in out
    assert json.loads(out) == [HOSTILE, "잔금"]


def test_a_table_aligns_korean_and_english(capsys: pytest.CaptureFixture[str]) -> None:
    table([("a", "x"), ("계약", "y")])
    assert capsys.readouterr().out == "a     x\n계약  y\n"


@pytest.mark.skipif(os.name != "posix", reason="no such signal")
def test_the_first_interrupt_stops_the_second_leaves() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Interrupts() as stop:
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.wait(5)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
