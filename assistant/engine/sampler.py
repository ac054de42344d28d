# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""How the next token is picked: llama.cpp's sampler chain, and what the logits say of the pick."""

import numpy as np

from assistant.engine.context import Context
from assistant.engine.llama import api
from assistant.errors import EngineError
from assistant.sampling import SamplingParams
from assistant.texts import text

PENALTY_WINDOW = 64  # llama.cpp's default for penalty_last_n


class Sampler:
    """llama.cpp's sampler chain for a set of parameters."""

    def __init__(self, params: SamplingParams, n_vocab: int, seed: int) -> None:
        """Build the chain; what is off is left out. Temperature 0 is greedy."""
        self.greedy = params.temperature == 0 and params.repeat_penalty == 1
        self._chain = api.llama_sampler_chain_init(api.llama_sampler_chain_default_params())
        add = api.llama_sampler_chain_add
        if params.repeat_penalty != 1:
            penalties = api.llama_sampler_init_penalties(n_vocab, PENALTY_WINDOW, params.repeat_penalty, 0, 0)
            add(self._chain, penalties)
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

    def pick(self, context: Context) -> tuple[int, float]:
        """Return the next token and its probability before any sampler. Raises EngineError."""
        logits = context.logits()
        highest = logits.max()
        total = float(np.exp(logits - highest).sum())
        if not np.isfinite(total):
            raise EngineError(
                text("The model gives numbers that are none: its file is damaged."),
                text("Get the file again or choose another model."),
            )
        if self.greedy:
            token = int(logits.argmax())
        else:
            token = int(api.llama_sampler_sample(self._chain, context.handle, -1))
        return token, float(np.exp(logits[token] - highest)) / total

    def close(self) -> None:
        """Free the chain."""
        api.llama_sampler_free(self._chain)
