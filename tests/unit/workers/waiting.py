# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Waiting for a condition, with an end."""

import threading
import time
from collections.abc import Callable

PATIENCE_S = 20.0


def until(condition: Callable[[], bool]) -> None:
    """Wait until `condition` is true; fail after PATIENCE_S."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.005)
