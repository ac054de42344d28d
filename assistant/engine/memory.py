# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What a context has read: a prompt that begins the same is not read twice."""

from collections.abc import Sequence

from assistant.engine.context import Context


class Memory:
    """The tokens in a context, in order, and how they change."""

    def __init__(self, context: Context) -> None:
        """Start with nothing read."""
        self._context = context
        self.tokens: list[int] = []

    def reuse(self, prompt: Sequence[int], slot: str = "") -> int:
        """Keep the longest common beginning; return its length. The last token is always read again."""
        del slot
        common = 0
        for ours, theirs in zip(self.tokens, prompt[:-1], strict=False):
            if ours != theirs:
                break
            common += 1
        kept = self._context.keep(common) if self.tokens else 0
        self.tokens = list(prompt[:kept])
        return kept

    def read(self, chunk: Sequence[int]) -> bool:
        """Evaluate tokens after those in memory; False when aborted. Raises EngineError."""
        attempted = [*self.tokens, *chunk]
        try:
            complete = self._context.decode(chunk)
        except BaseException:
            self.tokens = []
            self._context.keep(0)
            raise
        # An evaluation that was broken off keeps the part that was complete.
        self.tokens = attempted if complete else attempted[: self._context.remembered()]
        return complete

    def add(self, token: int) -> bool:
        """Evaluate one token, at constant cost; False when aborted. Raises EngineError."""
        if not self._context.decode_one(token):
            return False
        self.tokens.append(token)
        return True
