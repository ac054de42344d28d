# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Lookup decoding: what stood in the prompt or the answer before is guessed and checked in one batch.

The answer is the one that plain greedy decoding gives. A batch may be computed by other kernels than a
single token, with slightly other numbers: how far apart the two are is measured before a batch is
trusted, and where two tokens are nearer to each other than that, what was evaluated in batches is
evaluated again one by one. Guessing pays where a batch costs less than its tokens one by one; both are
measured, and no more than a hundredth of the time is spent on finding out.
"""

import math
import time
from collections import deque
from collections.abc import Callable, Sequence

from assistant.engine.context import Context
from assistant.engine.guessing import SIZES, Experience, Index
from assistant.engine.memory import Memory
from assistant.engine.sampler import Pick, Sampler
from assistant.engine.steps import PlainSteps

DEBT = 1.0  # steps that may be lost in an answer before anything was gained
SHARE = 0.01  # of an answer's time that may be lost on wrong guesses
CREDIT = 8.0  # steps gained that may be lost again


class LookupSteps(PlainSteps):
    """Greedy steps that guess ahead."""

    def __init__(
        self,
        context: Context,
        memory: Memory,
        sampler: Sampler,
        alive: Callable[[], None],
        experience: Experience,
    ) -> None:
        """Begin after the prompt in memory, with the experience of earlier answers."""
        super().__init__(context, memory, sampler, alive)
        self._index = Index(memory.tokens)
        self._known = experience
        experience.begin()
        self._said = self._clean = len(memory.tokens)  # in memory: said; and evaluated as if never guessed
        self._ahead: deque[Pick] = deque()  # picks that were checked and not yet asked for
        self._alone = False  # the next token is to be evaluated by itself
        self._balance = self._elapsed = 0.0  # seconds gained by guessing; seconds of the answer

    def after(self, *tokens: int) -> Pick | None:
        """Pick the next one after `tokens`; None when aborted. Raises EngineError."""
        for token in tokens:
            self._index.add(token)
        if len(tokens) == 1 and self._ahead and self._memory.tokens[self._said] == tokens[0]:
            self._said += 1
            self.accepted += 1
            return self._ahead.popleft()
        self.close()
        self._ahead.clear()
        pick = self._guessed(tokens[0]) if len(tokens) == 1 else None
        if pick is None:
            pick = self._stepped(tokens)
        self._said += len(tokens)
        return pick

    def close(self) -> None:
        """Leave in memory what was said, and nothing else."""
        if len(self._memory.tokens) > self._said:
            self._memory.keep(self._said)
            self._clean = min(self._clean, self._said)

    def _stepped(self, tokens: Sequence[int]) -> Pick | None:
        """Evaluate tokens one by one; all since the last guess as well, where the pick is doubtful."""
        started = time.perf_counter()
        self._alone = False
        before = len(self._memory.tokens)
        if not self._added(tokens):
            return None
        pick = self._sampler.pick(self._context)
        self._learn_step((time.perf_counter() - started) / len(tokens))
        if self._clean == before:
            self._clean = len(self._memory.tokens)
        elif self._doubtful(pick):
            return self._again()
        return pick

    def _again(self) -> Pick | None:
        """Evaluate one by one what was evaluated in batches, and pick by that."""
        started = time.perf_counter()
        tokens = self._memory.tokens[self._clean :]
        self._memory.keep(self._clean)
        if not self._added(tokens):
            return None
        self._clean = len(self._memory.tokens)
        self._spend(time.perf_counter() - started)
        return self._sampler.pick(self._context)

    def _guessed(self, token: int) -> Pick | None:
        """Evaluate a token and guesses behind it; None where there is nothing worth guessing."""
        guesses, match = self._index.guess(SIZES[-1] - 1)
        room = self._context.n_ctx - len(self._memory.tokens)
        size = 0 if self._alone else self._known.best_size(match, min(len(guesses) + 1, room))
        if not size or not self._affordable(size, match):
            return None
        batch, started = [token, *guesses[: size - 1]], time.perf_counter()
        if not self._memory.read(batch, every=True):
            return None
        picks = self._checked(batch)
        seconds = time.perf_counter() - started
        self._alive()
        self.drafted += size - 1
        self._known.checked(size, seconds, match, max(0, len(picks) - 1))
        self._elapsed += seconds
        if not self._known.proven(size, self._said):
            return self._compared(batch, len(picks))
        self._spend(seconds - len(picks) * self._known.single)
        return self._take(picks)

    def _checked(self, batch: Sequence[int]) -> list[Pick]:
        """Return the picks behind the tokens of a batch, as long as the guesses were right beyond doubt."""
        picks: list[Pick] = []
        for place, guess in enumerate([*batch[1:], None]):
            pick = self._sampler.judge(self._context.logits(place))
            if self._doubtful(pick):
                self._alone = True
                break
            picks.append(pick)
            if pick.token != guess:
                break
        return picks

    def _compared(self, batch: Sequence[int], count: int) -> Pick | None:
        """Evaluate the first `count` tokens of a batch again, one by one, and compare."""
        self._alone = False
        places = range(max(1, count))
        guessed = [self._context.logits(place).copy() for place in places]
        self._memory.keep(self._said)
        clean, picks = self._clean == self._said, []
        for place in places:
            started = time.perf_counter()
            if not self._added(batch[place : place + 1]):
                return None
            picks.append(self._sampler.pick(self._context))
            self._learn_step(time.perf_counter() - started)
            self._known.compared(len(batch), self._said, guessed[place], self._context.logits())
            if place + 1 < len(batch) and picks[-1].token != batch[place + 1]:
                break
        if clean:
            self._clean = len(self._memory.tokens)
        return self._take(picks)

    def _take(self, picks: list[Pick]) -> Pick | None:
        """Keep of a batch what was right; None where nothing was beyond doubt."""
        self._memory.keep(self._said + len(picks))
        self._ahead.extend(picks[1:])
        return picks[0] if picks else None

    def _doubtful(self, pick: Pick) -> bool:
        """Say whether other kernels could have picked another token."""
        if not self._known.margin:
            return False
        return pick.probability < pick.runner_up_probability * math.exp(self._known.margin)

    def _affordable(self, size: int, match: int) -> bool:
        """Say whether an answer could bear what a wrong guess, as likely as it is, would cost."""
        stake = (1 - self._known.share(match)) * (self._known.cost(size) - self._known.single)
        return self._balance - stake >= -(DEBT * self._known.single + SHARE * self._elapsed)

    def _spend(self, seconds: float) -> None:
        self._balance = min(self._balance - seconds, CREDIT * self._known.single)

    def _learn_step(self, seconds: float) -> None:
        self._known.stepped(seconds)
        self._elapsed += seconds
