# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Workers that a test starts, and what they tell."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from assistant.texts import text
from assistant.workers.process import WorkerProcess, WorkerSpec
from assistant.workers.state import Phase
from tests.unit.workers.echo_worker import MODULE


@pytest.fixture
def phases() -> list[Phase]:
    """What the workers of a test told, in order."""
    return []


@pytest.fixture
def start(phases: list[Phase]) -> Iterator[Callable[..., WorkerProcess]]:
    started: list[WorkerProcess] = []

    def make(
        settings: Any = None, on_loss: Callable[[int], None] | None = None, **fields: Any
    ) -> WorkerProcess:
        spec = WorkerSpec(text("test worker"), MODULE, settings, **fields)
        started.append(WorkerProcess(spec, lambda state: phases.append(state.phase), on_loss))
        return started[-1]

    yield make
    for worker in started:
        worker.close()
