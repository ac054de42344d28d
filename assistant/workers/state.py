# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What a worker is doing, for those who show it."""

from dataclasses import dataclass
from enum import StrEnum

from assistant.texts import Text


class Phase(StrEnum):
    """Where a worker is in its life."""

    STOPPED = "stopped"
    STARTING = "starting"
    LOADING = "loading"
    READY = "ready"
    BUSY = "busy"
    PAUSED = "paused"
    CRASHED = "crashed"
    HUNG = "hung"
    SET_ASIDE = "set aside"


@dataclass(frozen=True)
class WorkerState:
    """`name` as people know the worker; `fraction` of loading, 0 to 1; `message` says what went wrong."""

    name: Text
    phase: Phase
    fraction: float = 0.0
    message: Text | None = None
