# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""U1: from the start of the process to a window that is painted.

With `MARU_EXIT_WHEN_READY=1` the window writes a line and quits after its first paint.
"""

import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from tests.benchmarks.pairs import NotRun, Row, Rows, compare

ROOT = Path(__file__).resolve().parents[2]
GOAL_MS = 400
PATIENCE_S = 60

# The least that Qt does for a window: the same wait for the first paint.
BARE_WINDOW = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

class Window(QWidget):
    def paintEvent(self, event):
        sys.stdout.write("ready\\n")
        sys.stdout.flush()
        QTimer.singleShot(0, QApplication.quit)

application = QApplication([])
window = Window()
window.resize(1280, 800)
window.show()
sys.exit(application.exec())
"""


def start_of_the_window() -> Row:
    """Measure the start over a home that has been opened before, beside an empty Qt window."""
    if find_spec("ui.__main__") is None or find_spec("PySide6") is None:
        raise NotRun("the window is not there")
    with tempfile.TemporaryDirectory() as home:
        comparison = compare(
            lambda: _milliseconds_to_paint(["-m", "ui", "--home", home]),
            lambda: _milliseconds_to_paint(["-c", BARE_WINDOW]),
        )
    low, high = comparison.ours.spread
    return Row(
        row="U1",
        goal=f"<= {GOAL_MS} ms",
        measured=f"{comparison.ours.median:.0f} ms",
        ratio=comparison.ratio,
        spread=f"{low:.0f} to {high:.0f} ms, CPU {comparison.ours.cpu_s * 1000:.0f} ms",
        kept=comparison.ours.median <= GOAL_MS,
        what=f"process start to first paint, from source; an empty Qt window {comparison.bare.median:.0f} ms",
    )


def _milliseconds_to_paint(arguments: Sequence[str]) -> float:
    environment = {**os.environ, "MARU_EXIT_WHEN_READY": "1"}
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    before = time.perf_counter()
    with (
        tempfile.TemporaryFile("w+") as complaints,
        subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
        ) as process,
    ):
        try:
            return _painted(process, before)
        except subprocess.TimeoutExpired:
            raise NotRun(f"the window did not quit within {PATIENCE_S} s of its start") from None
        except ChildProcessError:
            complaints.seek(0)
            said = complaints.read().strip().splitlines()
            raise NotRun(f"the window failed: {said[-1] if said else process.returncode}") from None
        finally:
            if process.poll() is None:
                process.kill()


def _painted(process: subprocess.Popen[bytes], before: float) -> float:
    """Return the milliseconds to the line that the window writes, or to its end where it writes none."""
    assert process.stdout is not None
    if not select.select([process.stdout], [], [], PATIENCE_S)[0]:
        raise subprocess.TimeoutExpired(process.args, PATIENCE_S)
    process.stdout.readline()
    painted = (time.perf_counter() - before) * 1000
    if process.wait(PATIENCE_S) != 0:
        raise ChildProcessError
    return painted


ROWS: Rows = {"U1": start_of_the_window}
