# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The other side of the engine's rows: the shortest loops over the same llama.cpp library."""

import ctypes
import os
import time
from collections.abc import Sequence
from pathlib import Path

from llama_cpp import llama_cpp as api

BATCH = 512


def _ignore(_level: int, _line: bytes, _data: object) -> None:
    """Keep llama.cpp's log off the terminal."""


_SILENT = api.llama_log_callback(_ignore)


class Bare:
    """A model and a context, and nothing around them."""

    def __init__(self, path: Path, threads: int, n_ctx: int = 0, *, embedding: bool = False) -> None:
        """Load `path`; for `embedding` a batch holds `BATCH` tokens of up to 64 texts."""
        api.llama_log_set(_SILENT, ctypes.c_void_p(0))
        self.model = api.llama_model_load_from_file(os.fsencode(path), api.llama_model_default_params())
        parameters = api.llama_context_default_params()
        parameters.n_ctx = BATCH if embedding else n_ctx
        parameters.n_batch = parameters.n_ubatch = BATCH
        parameters.n_threads = parameters.n_threads_batch = threads
        parameters.embeddings = embedding
        if embedding:
            parameters.n_seq_max, parameters.kv_unified = 64, True
        self.context = api.llama_init_from_model(self.model, parameters)
        self.vocabulary = api.llama_model_get_vocab(self.model)
        self._last = 0  # the token that was picked last

    def read(self, prompt: Sequence[int]) -> float:
        """Evaluate a prompt from nothing; return tokens per second."""
        api.llama_memory_clear(api.llama_get_memory(self.context), True)
        return len(prompt) / self.read_on(prompt)

    def read_on(self, prompt: Sequence[int]) -> float:
        """Evaluate tokens after those read before, and pick the next; return the seconds."""
        started = time.perf_counter()
        for start in range(0, len(prompt), BATCH):
            part = prompt[start : start + BATCH]
            array = (api.llama_token * len(part))(*part)
            api.llama_decode(self.context, api.llama_batch_get_one(array, len(part)))
        self._last = self._sample_greedily()
        return time.perf_counter() - started

    def write(self, prompt: Sequence[int], count: int) -> float:
        """Write `count` tokens after a prompt; return tokens per second from the first on."""
        self.read(prompt)
        return self.go_on(count - 1)

    def go_on(self, count: int) -> float:
        """Write `count` tokens more, whether or not an answer would end; return tokens per second."""
        one = (api.llama_token * 1)()
        batch = api.llama_batch_get_one(one, 1)
        started = time.perf_counter()
        for _ in range(count):
            one[0] = self._last
            api.llama_decode(self.context, batch)
            self._last = self._sample_greedily()
        return count / (time.perf_counter() - started)

    def _sample_greedily(self) -> int:
        sampler = api.llama_sampler_init_greedy()
        token = int(api.llama_sampler_sample(sampler, self.context, -1))
        api.llama_sampler_free(sampler)
        return token

    def batches(self, texts: Sequence[str]) -> list[api.llama_batch]:
        """Return texts as full batches, ready to be encoded."""
        done: list[api.llama_batch] = []
        room = 0
        for tokens in (self._tokens(words) for words in texts):
            if room < len(tokens):
                done.append(api.llama_batch_init(BATCH, 0, 1))
                room, sequence = BATCH, 0
            batch = done[-1]
            for position, token in enumerate(tokens):
                at = batch.n_tokens
                batch.token[at], batch.pos[at], batch.logits[at] = token, position, 1
                batch.n_seq_id[at], batch.seq_id[at][0] = 1, sequence
                batch.n_tokens += 1
            room -= len(tokens)
            sequence += 1
        return done

    def encode(self, batches: Sequence[api.llama_batch]) -> None:
        """Embed what is in the batches."""
        for batch in batches:
            api.llama_encode(self.context, batch)
            api.llama_get_embeddings_seq(self.context, 0)

    def close(self) -> None:
        """Free both."""
        api.llama_free(self.context)
        api.llama_model_free(self.model)

    def _tokens(self, words: str) -> list[int]:
        data = words.encode()
        room = len(data) + 8
        tokens = (api.llama_token * room)()
        return list(tokens[: api.llama_tokenize(self.vocabulary, data, len(data), tokens, room, True, False)])
