# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Waiting for a condition, with an end."""

import threading
import time
from collections.abc import Callable

PATIENCE_S = 20.0
LOOK_EVERY_S = 0.005


def until(
    condition: Callable[[], object], seen: Callable[[], object] = lambda: None, patience_s: float = PATIENCE_S
) -> None:
    """Wait until `condition` holds; fail after `patience_s` seconds with what `seen` returns then."""
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline, seen()
        threading.Event().wait(LOOK_EVERY_S)
