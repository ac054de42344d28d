# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A pytest plugin for `make faults`: gathers the outcome of every fault row into one table.

A test of a row carries `@pytest.mark.fault("F2")` and tells how often it tried with
`record_property("trials", n)`; without it the test itself counts once. How often is decided by
`trials(small, full)`: `make test` takes the small number, `make faults` the full one.
"""

import os
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest

TABLE = Path(__file__).resolve().parent / "benchmarks" / "results" / "faults.md"


def trials(small: int, full: int) -> int:
    """Return how often a fault test tries: `full` under `make faults`, else `small`."""
    return full if os.environ.get("MARU_FAULTS") == "full" else small


@dataclass
class _Row:
    """What the tests of one fault row came to."""

    tests: int = 0
    trials: int = 0
    seconds: float = 0.0
    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        if self.failed:
            return "FAILED: " + ", ".join(self.failed)
        if self.skipped:
            return f"OK, {len(self.skipped)} skipped" if len(self.skipped) < self.tests else "skipped"
        return "OK"


_rows: dict[str, _Row] = defaultdict(_Row)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    report = yield
    for marker in item.iter_markers("fault"):
        for row in marker.args:
            _note(_rows[row], item, report)
    return report


def _note(row: _Row, item: pytest.Item, report: pytest.TestReport) -> None:
    row.seconds += report.duration
    if report.failed and item.name not in row.failed:
        row.failed.append(item.name)
    if report.skipped:
        row.skipped.append(item.name)
    if report.when == "setup":
        row.tests += 1
    if report.when == "call":
        told = dict(item.user_properties)
        row.trials += int(told.get("trials", 1))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _rows:
        return
    lines = ["| row | tests | trials | seconds | outcome |", "|---|---|---|---|---|"]
    for name in sorted(_rows, key=_order):
        row = _rows[name]
        lines.append(f"| {name} | {row.tests} | {row.trials} | {row.seconds:.1f} | {row.outcome} |")
    terminalreporter.write_sep("-", "faults")
    for line in lines:
        terminalreporter.write_line(line)
    if os.environ.get("MARU_FAULTS") == "full":
        TABLE.parent.mkdir(parents=True, exist_ok=True)
        TABLE.write_text(
            "# Faults\n\nWritten by `make faults`.\n\n" + "\n".join(lines) + "\n", encoding="utf-8"
        )


def _order(name: str) -> tuple[str, int]:
    """Sort F2 before F12."""
    return name.rstrip("0123456789"), int("".join(filter(str.isdigit, name)) or 0)
