# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""One token after another: what was said is evaluated, then the next token is picked."""

from collections.abc import Callable, Sequence
from typing import Protocol

from assistant.engine.context import Context
from assistant.engine.memory import Memory
from assistant.engine.sampler import Pick, Sampler


class Steps(Protocol):
    """How an answer grows. The prompt is in memory when it begins."""

    drafted: int  # tokens guessed
    accepted: int  # guesses that were right

    def begin(self) -> Pick:
        """Pick the first token. Raises EngineError."""
        ...

    def after(self, *tokens: int) -> Pick | None:
        """Pick the next one after `tokens`, usually the last pick's; None when aborted.

        Raises EngineError.
        """
        ...

    def close(self) -> None:
        """Leave in memory what was said, and nothing else."""
        ...


class PlainSteps:
    """Evaluates one token at a time."""

    def __init__(self, context: Context, memory: Memory, sampler: Sampler, alive: Callable[[], None]) -> None:
        """`alive` is told of every token evaluated."""
        self._context = context
        self._memory = memory
        self._sampler = sampler
        self._alive = alive
        self.drafted = self.accepted = 0

    def begin(self) -> Pick:
        """Pick the first token. Raises EngineError."""
        return self._sampler.pick(self._context)

    def after(self, *tokens: int) -> Pick | None:
        """Pick the next one after `tokens`; None when aborted. Raises EngineError."""
        return self._sampler.pick(self._context) if self._added(tokens) else None

    def close(self) -> None:
        """Leave in memory what was said, and nothing else."""

    def _added(self, tokens: Sequence[int]) -> bool:
        for token in tokens:
            if not self._memory.add(token):
                return False
            self._alive()
        return True
