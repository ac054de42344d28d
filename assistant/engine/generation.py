# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Reads a prompt and writes an answer: one loop, at the same cost for every token."""

import contextlib
import time
from collections.abc import Generator

from assistant.engine.context import SMALLEST_CHUNK, Context
from assistant.engine.guessing import Experience
from assistant.engine.llama import Model
from assistant.engine.lookup import LookupSteps
from assistant.engine.memory import Memory
from assistant.engine.protocol import Generate, Generated, PromptProgress, Timings, Token
from assistant.engine.sampler import Pick, Sampler
from assistant.engine.steps import PlainSteps, Steps
from assistant.engine.thinking import AnswerText, ThinkingHabit
from assistant.errors import ContextFullError, SettingsError
from assistant.messages import FinishReason, Role
from assistant.texts import text
from assistant.workers.protocol import Cancelled


class Generation:
    """Answers prompts, one after another; what was read for one is not read again for the next."""

    def __init__(
        self, model: Model, context: Context, memory: Memory, habit: ThinkingHabit | None = None
    ) -> None:
        """Use a model, with its habit of thinking, and the memory of its context."""
        self._model = model
        self._context = context
        self._memory = memory
        self._habit = habit
        self._ending = model.tokenize(habit.ending, special=True) if habit else []
        self._experience = Experience()

    def run(
        self, prompt: list[int], call: Generate, cancelled: Cancelled
    ) -> Generator[PromptProgress | Token, None, Generated]:
        """Yield reading progress, then text; return how it ended.

        Raises ContextFullError with the numbers before anything is read, EngineError.
        """
        seed = call.sampling.seed
        if seed is None:
            raise SettingsError(text("An answer needs a seed."))
        prompt = prompt or [max(self._model.bos, self._model.eos, 0)]  # even a blank text begins somewhere
        self._check_length(prompt)
        answers = any(message.role is Role.ASSISTANT for message in call.messages)
        if answers:
            prompt = self._memory.retold(prompt, call.slot, self._limit(prompt, call))
        clock = _Clock(len(prompt))
        with self._context.abort_when(cancelled, cancelled.alive):
            clock.cached = self._reuse(prompt, call.slot, again=answers)
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

    def _limit(self, prompt: list[int], call: Generate) -> int:
        """Return how long the prompt may become without taking room from the answer."""
        room = self._context.n_ctx
        return max(len(prompt), room - min(call.sampling.max_tokens, room // 2))

    def _reuse(self, prompt: list[int], slot: str, *, again: bool) -> int:
        """Keep what was read already; return its length in tokens. `again`: answers stand in the prompt.

        A few tokens are read by other kernels than many, with slightly other numbers. Where no answer
        stands in the prompt, nothing is kept that was read, or would be followed, by few tokens where
        a first reading has many: the same question then gets the same answer, byte by byte.
        """
        kept = self._memory.reuse(prompt, slot)
        if again or self._context.copies_only_grow:
            return kept
        last = len(prompt) - 1
        if kept < last and (same := _as_at_first(kept, last, self._context.n_batch)) < kept:
            self._memory.keep(same)
        return len(self._memory.tokens)

    def _read(self, prompt: list[int], cancelled: Cancelled) -> Generator[PromptProgress, None, bool]:
        """Read what is not in memory: up to the same borders each time, the last token by itself."""
        total, last = len(prompt), len(prompt) - 1
        yield PromptProgress(len(self._memory.tokens), total)
        while (done := len(self._memory.tokens)) < last:
            border = _border(done, last, self._context.chunk, self._context.n_batch)
            if cancelled() or not self._memory.read(prompt[done:border]):
                return False
            cancelled.alive()
            yield PromptProgress(len(self._memory.tokens), total)
        if cancelled() or not self._memory.add(prompt[-1]):
            return False
        yield PromptProgress(total, total)
        return True

    def _write(
        self, call: Generate, seed: int, clock: "_Clock", cancelled: Cancelled
    ) -> Generator[Token, None, FinishReason]:
        model, reason = self._model, None
        answer = AnswerText(self._habit, call.stop, drop_first_space=model.sentencepiece)
        longest = min(call.thinking_limit, (self._context.n_ctx - clock.tokens) // 2)
        with (
            contextlib.closing(Sampler(call.sampling, model.n_vocab, seed)) as sampler,
            contextlib.closing(self._steps(call, sampler, cancelled)) as steps,
        ):
            pick = steps.begin()
            while reason is None:
                said: tuple[int, ...] = (pick.token,)
                if answer.thinking and (model.ends(pick.token) or clock.thought >= longest):
                    said = tuple(self._ending)
                elif model.ends(pick.token):
                    reason = FinishReason.STOP
                    break
                for shown in self._said(answer, said, steps, clock):
                    yield self._token(*shown, pick)
                reason = self._ended(call, answer, clock, cancelled)
                if reason is None:
                    following = steps.after(*said)
                    reason = FinishReason.CANCELLED if following is None else None
                    pick = following or pick
        for shown in answer.flush():
            yield self._token(*shown, pick)
        return reason

    def _said(
        self, answer: AnswerText, tokens: tuple[int, ...], steps: Steps, clock: "_Clock"
    ) -> list[tuple[str, bool]]:
        """Take what was said, or put into the model's mouth; return what can be shown of it."""
        shown = []
        for token in tokens:
            before = answer.thinking
            shown += answer.feed(self._piece(token))
            clock.stepped(steps, thinking=before or answer.thinking)
        return shown

    def _piece(self, token: int) -> bytes:
        """Return the bytes of a token; of control tokens those that mark thinking."""
        if self._habit and self._model.is_control(token):
            marker = self._model.marker(token)
            return marker.encode() if self._habit.shows(marker) else b""
        return self._model.piece(token)

    def _ended(
        self, call: Generate, answer: AnswerText, clock: "_Clock", cancelled: Cancelled
    ) -> FinishReason | None:
        if answer.stopped:
            return FinishReason.STOP
        full = clock.tokens > self._context.n_ctx
        if full or clock.predicted - clock.thought >= call.sampling.max_tokens:
            return FinishReason.LENGTH
        return FinishReason.CANCELLED if cancelled() else None

    def _steps(self, call: Generate, sampler: Sampler, cancelled: Cancelled) -> Steps:
        context, memory = self._context, self._memory
        # Guesses that were wrong must be dropped: not every model's memory can do that.
        if call.lookup and sampler.greedy and not context.copies_only_grow:
            return LookupSteps(context, memory, sampler, cancelled.alive, self._experience)
        return PlainSteps(context, memory, sampler, cancelled.alive)

    def _token(self, shown: str, thinking: bool, pick: Pick) -> Token:
        return Token(
            text=shown,
            thinking=thinking,
            probability=pick.probability,
            entropy=pick.entropy,
            runner_up=self._model.piece(pick.runner_up).decode("utf-8", "replace"),
            runner_up_probability=pick.runner_up_probability,
        )


def _border(done: int, last: int, chunk: int, batch: int) -> int:
    """Return where the next chunk ends: no batch is divided so that a few tokens are left of it."""
    end = min(done - done % batch + batch, last)
    border = done - done % chunk + chunk
    return end if end - border < SMALLEST_CHUNK else border


def _as_at_first(kept: int, last: int, batch: int) -> int:
    """Return how many of `kept` tokens to keep so that the rest is read as if nothing had been."""
    start = kept - kept % batch
    end = min(start + batch, last)
    if end - start < SMALLEST_CHUNK or kept - start < SMALLEST_CHUNK:
        return start
    return min(kept, end - SMALLEST_CHUNK)


class _Clock:
    """Takes the times of one generation."""

    def __init__(self, prompt_tokens: int) -> None:
        self._prompt_tokens = prompt_tokens
        self._start = self._read = self._first = self._last = time.perf_counter()
        self.cached = 0
        self.predicted = 0
        self.thought = 0  # of those predicted
        self._steps: Steps | None = None

    def prompt_read(self) -> None:
        self._read = self._first = self._last = time.perf_counter()

    @property
    def tokens(self) -> int:
        return self._prompt_tokens + self.predicted

    def stepped(self, steps: Steps, *, thinking: bool) -> None:
        self._steps = steps
        self._last = time.perf_counter()
        if self.predicted == 0:
            self._first = self._last
        self.predicted += 1
        self.thought += thinking

    def timings(self) -> Timings:
        return Timings(
            prompt_tokens=self._prompt_tokens,
            cached_tokens=self.cached,
            prompt_ms=(self._read - self._start) * 1000,
            first_token_ms=(self._first - self._start) * 1000,
            predicted_tokens=self.predicted,
            predicted_ms=(self._last - self._read) * 1000,
            drafted_tokens=self._steps.drafted if self._steps else 0,
            accepted_tokens=self._steps.accepted if self._steps else 0,
            thinking_tokens=self.thought,
        )
