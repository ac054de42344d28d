# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Reads a prompt and writes an answer: one loop, at the same cost for every token."""

import contextlib
import time
from collections.abc import Generator

from assistant.engine.context import Context
from assistant.engine.llama import Model
from assistant.engine.memory import Memory
from assistant.engine.pieces import TextPieces
from assistant.engine.protocol import Generate, Generated, PromptProgress, Timings, Token
from assistant.engine.sampler import Sampler
from assistant.errors import ContextFullError, SettingsError
from assistant.messages import FinishReason
from assistant.texts import text
from assistant.workers.protocol import Cancelled


class Generation:
    """Answers prompts, one after another; what was read for one is not read again for the next."""

    def __init__(self, model: Model, context: Context, memory: Memory) -> None:
        """Use a model and the memory of its context."""
        self._model = model
        self._context = context
        self._memory = memory

    def run(
        self, prompt: list[int], call: Generate, cancelled: Cancelled
    ) -> Generator[PromptProgress | Token, None, Generated]:
        """Yield reading progress, then text; return how it ended.

        Raises ContextFullError with the numbers before anything is read, EngineError.
        """
        seed = call.sampling.seed
        if seed is None:
            raise SettingsError(text("An answer needs a seed."))
        self._check_length(prompt)
        clock = _Clock(len(prompt))
        with self._context.abort_when(cancelled):
            clock.cached = self._memory.reuse(prompt, call.slot)
            complete = yield from self._read(prompt, cancelled)
            clock.prompt_read()
            reason = FinishReason.CANCELLED
            if complete:
                reason = yield from self._write(call, seed, clock, cancelled)
        return Generated(reason, seed, clock.timings())

    def _check_length(self, prompt: list[int]) -> None:
        room = self._context.n_ctx
        if len(prompt) >= room:
            raise ContextFullError(
                text("This needs {needed} tokens, but the context window holds {room}, "
                     "and the answer needs room too.", needed=len(prompt), room=room),
                text("Ask for less at once, or choose a larger context window."),
            )  # fmt: skip

    def _read(self, prompt: list[int], cancelled: Cancelled) -> Generator[PromptProgress, None, bool]:
        total = len(prompt)
        yield PromptProgress(len(self._memory.tokens), total)
        while len(self._memory.tokens) < total:
            if cancelled():
                return False
            chunk = prompt[len(self._memory.tokens) :][: self._context.n_batch]
            if not self._memory.read(chunk):
                return False
            yield PromptProgress(len(self._memory.tokens), total)
        return True

    def _write(
        self, call: Generate, seed: int, clock: "_Clock", cancelled: Cancelled
    ) -> Generator[Token, None, FinishReason]:
        model, context = self._model, self._context
        pieces = TextPieces(call.stop, drop_first_space=model.sentencepiece)
        sampler = Sampler(call.sampling, model.n_vocab, seed)
        probability = 1.0
        reason = FinishReason.LENGTH
        with contextlib.closing(sampler):
            while True:
                token, probability = sampler.pick(context)
                if model.ends(token):
                    reason = FinishReason.STOP
                    break
                clock.token()
                if shown := pieces.feed(model.piece(token)):
                    yield Token(shown, probability)
                if pieces.stopped:
                    reason = FinishReason.STOP
                    break
                if clock.predicted >= call.sampling.max_tokens or len(self._memory.tokens) >= context.n_ctx:
                    break
                if cancelled() or not self._memory.add(token):
                    reason = FinishReason.CANCELLED
                    break
        if shown := pieces.flush():
            yield Token(shown, probability)
        return reason


class _Clock:
    """Takes the times of one generation."""

    def __init__(self, prompt_tokens: int) -> None:
        self._prompt_tokens = prompt_tokens
        self._start = self._read = self._first = self._last = time.perf_counter()
        self.cached = 0
        self.predicted = 0

    def prompt_read(self) -> None:
        self._read = self._first = self._last = time.perf_counter()

    def token(self) -> None:
        self._last = time.perf_counter()
        if self.predicted == 0:
            self._first = self._last
        self.predicted += 1

    def timings(self) -> Timings:
        return Timings(
            prompt_tokens=self._prompt_tokens,
            cached_tokens=self.cached,
            prompt_ms=(self._read - self._start) * 1000,
            first_token_ms=(self._first - self._start) * 1000,
            predicted_tokens=self.predicted,
            predicted_ms=(self._last - self._read) * 1000,
        )
