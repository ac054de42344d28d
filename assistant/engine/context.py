# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A model's working memory: it evaluates tokens and gives logits or vectors."""

import contextlib
import ctypes
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.engine.abort import Abort
from assistant.engine.llama import Model, api
from assistant.errors import EngineError
from assistant.texts import text

Floats = NDArray[np.float32]
BATCH = 512  # tokens evaluated at once
SMALLEST_CHUNK = 64  # the same kernels as for more
LONG = 32  # tokens whose evaluation is worth listening to
SILENCE_S = 0.1  # after which a smaller chunk is read next time: it must be possible to stop
MAX_SEQUENCES = 64  # texts embedded at once
ABORTED = 2  # what llama_decode returns when the abort callback said so
NO_POOLING, MEAN_POOLING, RANK_POOLING = "0", 1, 4  # llama_pooling_type, the first as a file states it
FLASH_ATTENTION = {"auto": -1, "off": 0, "on": 1}  # llama_flash_attn_type
CACHE_TYPES = {"f16": 1, "q8_0": 8, "q4_0": 2}  # ggml_type, of keys and values


class Context:
    """A model's working memory: evaluates tokens, gives logits or vectors."""

    def __init__(
        self,
        model: Model,
        *,
        n_ctx: int,
        threads: int,
        embedding: bool = False,
        flash_attention: str = "auto",
        cache_type: str = "f16",
    ) -> None:
        """Reserve it. For `embedding`, `n_ctx` tokens are one batch. Raises EngineError."""
        parameters = _parameters(model, n_ctx, threads, embedding=embedding)
        parameters.flash_attn_type = FLASH_ATTENTION[flash_attention]
        parameters.type_k = parameters.type_v = CACHE_TYPES[cache_type]
        self.handle = api.llama_init_from_model(model.handle, parameters)
        if not self.handle:
            raise EngineError(
                text("There is not enough memory for a context window of {size} tokens.", size=n_ctx),
                text("Choose a smaller context window or a smaller model."),
            )
        self.model = model
        self.n_ctx = int(api.llama_n_ctx(self.handle))
        self.n_batch = int(api.llama_n_batch(self.handle))
        if embedding:  # an encoder that is given more at once aborts the process
            self.n_batch = min(self.n_batch, int(api.llama_n_ubatch(self.handle)))
        self.ranks = bool(api.llama_pooling_type(self.handle) == RANK_POOLING)
        self.memory = api.llama_get_memory(self.handle)
        self._window = int(api.llama_model_n_swa(model.handle))
        self.only_grows = model.recurrent  # no end of what was read can be dropped
        # A copy has no more than the last window of the layers that look no further back.
        self.copies_only_grow = self.only_grows or self._window > 0
        self._one = (api.llama_token * 1)()
        self._one_batch = api.llama_batch_get_one(self._one, 1)
        self._every = np.ones(self.n_batch, np.int8)
        self._abort = Abort(self.handle)
        self.abort_when = self._abort.when  # breaks off an evaluation (not one wholly on a graphics card)
        self.chunk = self.n_batch  # tokens to read at once, so that it can be stopped

    def decode(self, tokens: Sequence[int], *, every: bool = False) -> bool:
        """Evaluate at most `n_batch` tokens after those in memory; False when aborted.

        `every`: there are logits of each of them, not of the last only. Raises EngineError.
        """
        array = (api.llama_token * len(tokens))(*tokens)
        batch = api.llama_batch_get_one(array, len(tokens))
        if every:
            batch.logits = self._every.ctypes.data_as(ctypes.POINTER(ctypes.c_int8))
        if len(tokens) < LONG:
            return self._decoded(api.llama_decode(self.handle, batch))
        with self._abort.listening():
            status = api.llama_decode(self.handle, batch)
        self._fit_chunk(len(tokens))
        return self._decoded(status)

    def _fit_chunk(self, read: int) -> None:
        """Choose the next chunk so that nobody who wants to stop waits long."""
        if self._abort.silence > SILENCE_S:
            self.chunk = max(min(SMALLEST_CHUNK, self.n_batch), self.chunk // 2)
        elif self._abort.silence < SILENCE_S / 4 and read >= self.chunk:
            self.chunk = min(self.n_batch, self.chunk * 2)

    def decode_one(self, token: int) -> bool:
        """Evaluate one token, at constant cost; False when aborted. Raises EngineError."""
        self._one[0] = token
        return self._decoded(api.llama_decode(self.handle, self._one_batch))

    def _decoded(self, status: int) -> bool:
        if status not in (0, ABORTED):
            raise EngineError(
                text("The model could not read on (llama.cpp says {status}).", status=status),
                text("Ask again; if it stays, choose a smaller context window."),
            )
        return status == 0

    def remembered(self) -> int:
        """Return how many tokens are in memory."""
        return int(api.llama_memory_seq_pos_max(self.memory, 0)) + 1

    def keep(self, count: int) -> int:
        """Forget all but the first `count` tokens; return how many stay (0 where none can)."""
        if count >= self.remembered():
            return self.remembered()
        oldest = api.llama_memory_seq_pos_min(self.memory, 0)
        whole = not self._window or oldest <= max(0, count - self._window)
        if count > 0 and whole and api.llama_memory_seq_rm(self.memory, 0, count, -1):
            return count
        api.llama_memory_clear(self.memory, True)
        return 0

    def copy_out(self, most: int) -> NDArray[np.uint8]:
        """Return a copy of what is in memory, for `copy_in` of a context like this one.

        It is empty where it would take more than `most` bytes.
        """
        size = int(api.llama_state_seq_get_size(self.handle, 0))
        content = np.empty(size if size <= most else 0, np.uint8)
        written = api.llama_state_seq_get_data(self.handle, _octets(content), content.nbytes, 0)
        return content[:written]

    def copy_in(self, content: NDArray[np.uint8], count: int) -> bool:
        """Have a copy of `count` tokens in memory, and nothing else; False, and nothing, where it is none."""
        taken = api.llama_state_seq_set_data(self.handle, _octets(content), content.nbytes, 0)
        if taken > 0 and taken == content.nbytes and self.remembered() == count:
            return True
        self.keep(0)
        return False

    def adapt(self, adapters: Sequence[tuple[Any, float]]) -> None:
        """Add LoRA adapters of the model (`Model.load_adapter`), each with its scale."""
        handles = (api.llama_adapter_lora_p_ctypes * len(adapters))(*(handle for handle, _scale in adapters))
        scales = (ctypes.c_float * len(adapters))(*(scale for _handle, scale in adapters))
        api.llama_set_adapters_lora(self.handle, handles, len(adapters), scales)

    def logits(self, at: int = -1) -> Floats:
        """Return the logits of the last token, or of the one at a place of a batch with those of each.

        They are a view, valid until the next evaluation.
        """
        pointer = api.llama_get_logits_ith(self.handle, at)
        address = ctypes.addressof(pointer.contents)
        values: Any = (ctypes.c_float * self.model.n_vocab).from_address(address)
        return np.frombuffer(values, np.float32)

    def embed(self, texts: Sequence[Sequence[int]]) -> list[Floats]:
        """Return one pooled vector a text, as the model gives it; none when aborted.

        All texts fit one batch. A reranking model gives as many numbers as its classifier has labels.
        """
        lengths = [len(tokens) for tokens in texts]
        batch, _keep = _packed_batch(texts, lengths)
        with self._abort.listening() if sum(lengths) >= LONG else contextlib.nullcontext():
            if self.memory:
                api.llama_memory_clear(self.memory, True)
                status = api.llama_decode(self.handle, batch)
            else:
                status = api.llama_encode(self.handle, batch)
        if not self._decoded(status):
            return []
        # A longer read would run past the end of what llama.cpp keeps of a ranking.
        width = int(api.llama_model_n_cls_out(self.model.handle)) if self.ranks else self.model.dimensions
        found = [api.llama_get_embeddings_seq(self.handle, number) for number in range(len(texts))]
        if not all(found):
            raise EngineError(text("The model gives no vectors."), text("Choose another model."))
        return [np.ctypeslib.as_array(pointer, (width,)).copy() for pointer in found]

    def close(self) -> None:
        """Free it."""
        api.llama_free(self.handle)


def _parameters(model: Model, n_ctx: int, threads: int, *, embedding: bool) -> Any:
    parameters = api.llama_context_default_params()
    parameters.n_ctx = n_ctx
    parameters.n_batch = n_ctx if embedding else min(BATCH, n_ctx)
    parameters.n_ubatch = parameters.n_batch
    parameters.n_threads = parameters.n_threads_batch = threads
    parameters.embeddings = embedding
    if embedding:
        parameters.n_seq_max = min(MAX_SEQUENCES, api.llama_max_parallel_sequences())
        parameters.kv_unified = True
        if model.stated(f"{model.stated('general.architecture')}.pooling_type") in ("", NO_POOLING):
            parameters.pooling_type = MEAN_POOLING  # what encoders were trained with most
    return parameters


def _octets(content: NDArray[np.uint8]) -> Any:
    return content.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))


def _packed_batch(texts: Sequence[Sequence[int]], lengths: list[int]) -> tuple[Any, tuple[Any, ...]]:
    """Return a batch of many sequences and the arrays that must outlive it."""
    total = sum(lengths)
    tokens = np.fromiter((token for tokens in texts for token in tokens), np.int32, total)
    positions = np.concatenate([np.arange(length, dtype=np.int32) for length in lengths])
    sequences = np.repeat(np.arange(len(texts), dtype=np.int32), lengths)
    pointers = sequences.ctypes.data + 4 * np.arange(total, dtype=np.uintp)
    ones, wanted = np.ones(total, np.int32), np.ones(total, np.int8)
    batch = api.llama_batch(
        n_tokens=total,
        token=tokens.ctypes.data_as(ctypes.POINTER(api.llama_token)),
        embd=None,
        pos=positions.ctypes.data_as(ctypes.POINTER(api.llama_pos)),
        n_seq_id=ones.ctypes.data_as(ctypes.POINTER(ctypes.c_int32)),
        seq_id=pointers.ctypes.data_as(ctypes.POINTER(ctypes.POINTER(api.llama_seq_id))),
        logits=wanted.ctypes.data_as(ctypes.POINTER(ctypes.c_int8)),
    )
    return batch, (tokens, positions, sequences, pointers, ones, wanted)
