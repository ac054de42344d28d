# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""How the next token is picked: llama.cpp's sampler chain, and what the logits say of the pick."""

from dataclasses import dataclass

import numpy as np

from assistant.engine.context import Context, Floats
from assistant.engine.llama import api
from assistant.errors import EngineError
from assistant.sampling import SamplingParams
from assistant.texts import text

PENALTY_WINDOW = 64  # llama.cpp's default for penalty_last_n
# exp(-80) adds nothing to a sum of float32; below -87 its results lose digits and cost many times more.
LOWEST = np.float32(-80)


@dataclass(frozen=True)
class Pick:
    """A token and how sure the model was, before any sampler; `entropy` in nats."""

    token: int
    probability: float
    entropy: float
    runner_up: int  # the likeliest other token
    runner_up_probability: float


class Distribution:
    """Reads logits at the cost of a few passes, in memory reserved once."""

    def __init__(self, n_vocab: int) -> None:
        """Reserve memory for a vocabulary."""
        self._shifted = np.empty(n_vocab, np.float32)
        self._weights = np.empty(n_vocab, np.float32)

    def judge(self, logits: Floats, top: int, token: int) -> Pick:
        """Describe `token`; `top` is the likeliest one. Raises EngineError on numbers that are none.

        The logits are written to, and left as they were.
        """
        if not np.isfinite(logits[top]):  # argmax finds what is no number first
            raise EngineError(
                text("The model gives numbers that are none: its file is damaged."),
                text("Get the file again or choose another model."),
            )
        np.subtract(logits, logits[top], out=self._shifted)
        np.maximum(self._shifted, LOWEST, out=self._shifted)
        np.exp(self._shifted, out=self._weights)
        total = float(self._weights.sum())
        entropy = np.log(total) - float(np.dot(self._shifted, self._weights)) / total
        other = second(logits, top) if token == top else top
        return Pick(
            token=token,
            probability=float(self._weights[token]) / total,
            entropy=max(0.0, float(entropy)),
            runner_up=other,
            runner_up_probability=float(self._weights[other]) / total,
        )


def second(logits: Floats, top: int) -> int:
    """Return the likeliest token but `top`."""
    kept = logits[top]
    logits[top] = -np.inf
    other = int(logits.argmax())
    logits[top] = kept
    return other


class Sampler:
    """llama.cpp's sampler chain for a set of parameters."""

    def __init__(self, params: SamplingParams, n_vocab: int, seed: int) -> None:
        """Build the chain, in llama.cpp's order; what is off is left out. Temperature 0 is greedy."""
        self.greedy = params.temperature == 0 and not params.penalized
        self._distribution = Distribution(n_vocab)
        self._chain = api.llama_sampler_chain_init(api.llama_sampler_chain_default_params())
        add = api.llama_sampler_chain_add
        if params.penalized:
            repeat, frequency, presence = (
                params.repeat_penalty,
                params.frequency_penalty,
                params.presence_penalty,
            )
            add(
                self._chain,
                api.llama_sampler_init_penalties(n_vocab, PENALTY_WINDOW, repeat, frequency, presence),
            )
        if params.temperature == 0:
            add(self._chain, api.llama_sampler_init_greedy())
            return
        if params.top_k > 0:
            add(self._chain, api.llama_sampler_init_top_k(params.top_k))
        if params.top_p < 1:
            add(self._chain, api.llama_sampler_init_top_p(params.top_p, 1))
        if params.min_p > 0:
            add(self._chain, api.llama_sampler_init_min_p(params.min_p, 1))
        add(self._chain, api.llama_sampler_init_temp(params.temperature))
        add(self._chain, api.llama_sampler_init_dist(seed))

    def pick(self, context: Context) -> Pick:
        """Pick the next token by the logits of the current step. Raises EngineError."""
        logits = context.logits()
        top = int(logits.argmax())
        token = top if self.greedy else int(api.llama_sampler_sample(self._chain, context.handle, -1))
        return self._distribution.judge(logits, top, token)

    def judge(self, logits: Floats) -> Pick:
        """Describe the likeliest token. Raises EngineError."""
        top = int(logits.argmax())
        return self._distribution.judge(logits, top, top)

    def close(self) -> None:
        """Free the chain."""
        api.llama_sampler_free(self._chain)
