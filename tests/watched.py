# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A pytest plugin for `make check-network`: tells how the tests ended and which were left out, and why."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

TOLD_TO = "MARU_WATCHED"  # the variable that names the file
REFUSED = "asks for the internet, to see it refused"
OUTCOMES = ("passed", "skipped", "failed", "error")

_left_out: list[tuple[str, str]] = []


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    _left_out.extend((item.nodeid, reason(item)) for item in items)


def reason(item: pytest.Item) -> str:
    """Say why a test is not watched."""
    if marker := item.get_closest_marker("untraced"):
        return str(marker.args[0])
    return REFUSED if item.get_closest_marker("tries_network") else "was not asked for"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counts = {name: len(found) for name in OUTCOMES if (found := terminalreporter.getreports(name))}
    told = {"counts": counts, "left_out": _left_out}
    Path(os.environ[TOLD_TO]).write_text(json.dumps(told), "utf-8")
