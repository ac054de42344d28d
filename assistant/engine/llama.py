# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The only importer of llama_cpp: models, contexts and samplers over its low-level functions.

Nothing here knows conversations or pipes. Tokens are plain ints, texts are str, logits and vectors
are float32 arrays. Objects free their native side in `close`.
"""

import contextlib
import ctypes
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from llama_cpp import llama_cpp as api
from numpy.typing import NDArray

from assistant.errors import EngineError
from assistant.sampling import SamplingParams
from assistant.texts import text

Floats = NDArray[np.float32]
BATCH = 512  # tokens evaluated between two looks at the caller
MAX_SEQUENCES = 64  # texts embedded at once
PENALTY_WINDOW = 64  # llama.cpp's default for penalty_last_n
ABORTED = 2  # what llama_decode returns when the abort callback said so
LOOK_EVERY_S = 0.02
CONTROL, USER_DEFINED = 1 << 3, 1 << 4  # llama_token_attr
SENTENCEPIECE = 1  # llama_vocab_type
DEBUG, CONTINUED = 1, 5  # ggml_log_level (ggml.h)
_log: deque[str] = deque(maxlen=200)
_log_level = [0]


def _keep_log_line(level: int, line: bytes, _data: object) -> None:
    if level != CONTINUED:
        _log_level[0] = level
    if _log_level[0] != DEBUG:
        _log.append(line.decode("utf-8", "replace").rstrip())


_log_callback = api.llama_log_callback(_keep_log_line)  # must live as long as the library


def start() -> None:
    """Make llama.cpp ready: its log is kept here, its backends are loaded. May be called twice."""
    api.llama_log_set(_log_callback, ctypes.c_void_p(0))
    api.llama_backend_init()
    _load_backends()


def log_lines() -> list[str]:
    """Return the last lines llama.cpp logged: about models and devices, never a user's text."""
    return [line for line in _log if line]


def library_version() -> str:
    """Return what the processor parts of llama.cpp were built for."""
    return bytes(api.llama_print_system_info()).decode("utf-8", "replace").strip()


def ggml(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """Return a function of the ggml libraries that llama.cpp itself is linked with."""
    # Through llama's own handle: opening libggml by file name can load a second copy of it.
    library = api._lib  # noqa: SLF001  no public name
    if not hasattr(library, name):  # Windows looks names up in one library only
        library = next(lib for lib in map(ctypes.CDLL, ("ggml.dll", "ggml-base.dll")) if hasattr(lib, name))
    function = library[name]
    function.restype, function.argtypes = result, list(arguments)
    return function  # type: ignore[no-any-return]


def _load_backends() -> None:
    """Load backends that are files of their own: such a build finds none by itself."""
    count = ggml("ggml_backend_dev_count", ctypes.c_size_t)
    load = ggml("ggml_backend_load_all_from_path", None, ctypes.c_char_p)
    package = Path(api.__file__).resolve().parent
    for folder in (package / "lib", package.parent / "bin", package.parent / "lib"):
        if count() == 0 and folder.is_dir():
            load(os.fsencode(folder))


class Model:
    """A loaded model file and its vocabulary."""

    def __init__(
        self,
        path: Path,
        *,
        n_gpu_layers: int = 0,
        overrides: dict[str, bool] | None = None,
        progress: Callable[[float], bool] = lambda _fraction: True,
    ) -> None:
        """Load `path`; `progress` gets 0 to 1 and ends the loading by returning False.

        Raises EngineError; `log_lines` then ends with llama.cpp's reason.
        """
        parameters = api.llama_model_default_params()
        parameters.n_gpu_layers = n_gpu_layers
        callback = api.llama_progress_callback(lambda fraction, _data: progress(fraction))
        parameters.progress_callback = callback
        parameters.kv_overrides = _overrides(overrides or {})
        _log.clear()
        self.handle = api.llama_model_load_from_file(os.fsencode(path), parameters)
        if not self.handle:
            raise EngineError(text("{name} could not be loaded.", name=path.name))
        self.vocabulary = api.llama_model_get_vocab(self.handle)
        self.n_vocab = int(api.llama_vocab_n_tokens(self.vocabulary))
        self.parameters = int(api.llama_model_n_params(self.handle))
        self.size = int(api.llama_model_size(self.handle))
        self.n_ctx_train = int(api.llama_model_n_ctx_train(self.handle))
        self.dimensions = int(api.llama_model_n_embd_out(self.handle))
        self.layers = int(api.llama_model_n_layer(self.handle))
        self.bos = int(api.llama_vocab_bos(self.vocabulary))
        self.eos = int(api.llama_vocab_eos(self.vocabulary))
        self.adds_bos = bool(api.llama_vocab_get_add_bos(self.vocabulary))
        self.sentencepiece = api.llama_vocab_type(self.vocabulary) == SENTENCEPIECE
        self._pieces: dict[int, bytes] = {}

    def tokenize(self, words: str, *, special: bool = False, whole: bool = False) -> list[int]:
        """Return the tokens of `words`.

        `special`: markers such as <|im_end|> become control tokens. `whole`: with the start and end
        tokens the model wants around a text.
        """
        data = words.encode("utf-8", "replace")
        room = len(data) + 8
        while True:
            tokens = (api.llama_token * room)()
            count = api.llama_tokenize(self.vocabulary, data, len(data), tokens, room, whole, special)
            if count >= 0:
                return list(tokens[:count])
            room = -count

    def piece(self, token: int) -> bytes:
        """Return the bytes of a token: maybe half a character, nothing for a control token."""
        piece = self._pieces.get(token)
        if piece is None:
            buffer = ctypes.create_string_buffer(256)
            length = api.llama_token_to_piece(self.vocabulary, token, buffer, 256, 0, False)
            piece = self._pieces[token] = buffer.raw[: max(length, 0)]
        return piece

    def marker(self, token: int) -> str:
        """Return the text of a token as the vocabulary has it, "" for no token."""
        if not 0 <= token < self.n_vocab:
            return ""
        return bytes(api.llama_vocab_get_text(self.vocabulary, token)).decode("utf-8", "replace")

    def is_special(self, token: int) -> bool:
        """Say whether it is a control token or one that the model's maker defined."""
        return bool(api.llama_vocab_get_attr(self.vocabulary, token) & (CONTROL | USER_DEFINED))

    def is_control(self, token: int) -> bool:
        """Say whether it is a control token."""
        return bool(api.llama_vocab_get_attr(self.vocabulary, token) & CONTROL)

    def ends(self, token: int) -> bool:
        """Say whether the token ends an answer."""
        return bool(api.llama_vocab_is_eog(self.vocabulary, token))

    def close(self) -> None:
        """Free the model; its contexts must be closed before."""
        api.llama_model_free(self.handle)


class Context:
    """A model's working memory: evaluates tokens, gives logits or vectors."""

    def __init__(self, model: Model, *, n_ctx: int, threads: int, embedding: bool = False) -> None:
        """Reserve it. For `embedding`, `n_ctx` tokens are one batch. Raises EngineError."""
        parameters = api.llama_context_default_params()
        parameters.n_ctx = n_ctx
        parameters.n_batch = n_ctx if embedding else min(BATCH, n_ctx)
        parameters.n_ubatch = parameters.n_batch
        parameters.n_threads = parameters.n_threads_batch = threads
        parameters.embeddings = embedding
        if embedding:
            parameters.n_seq_max = min(MAX_SEQUENCES, api.llama_max_parallel_sequences())
            parameters.kv_unified = True
        self.handle = api.llama_init_from_model(model.handle, parameters)
        if not self.handle:
            raise EngineError(
                text("There is not enough memory for a context window of {size} tokens.", size=n_ctx),
                text("Choose a smaller context window or a smaller model."),
            )
        self.model = model
        self.n_ctx = int(api.llama_n_ctx(self.handle))
        self.n_batch = int(api.llama_n_batch(self.handle))
        self.memory = api.llama_get_memory(self.handle)
        self._one = (api.llama_token * 1)()
        self._one_batch = api.llama_batch_get_one(self._one, 1)
        self._flag = ctypes.create_string_buffer(2)
        self._abort = ctypes.cast(_c_library().strlen, api.ggml_abort_callback)
        # ggml asks before every node, a thousand times a token: strlen of a one-letter flag answers
        # false or true without running any Python.
        api.llama_set_abort_callback(self.handle, self._abort, ctypes.cast(self._flag, ctypes.c_void_p))

    @contextlib.contextmanager
    def abort_when(self, cancelled: Callable[[], bool]) -> Generator[None, None, None]:
        """Break off an evaluation soon after `cancelled` turns true (not one wholly on a GPU)."""
        over = threading.Event()

        def watch() -> None:
            while not over.wait(LOOK_EVERY_S):
                if cancelled():
                    self._flag[0] = b"\x01"
                    return

        watcher = threading.Thread(target=watch, name="abort", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()
            self._flag[0] = b"\x00"

    def decode(self, tokens: Sequence[int]) -> bool:
        """Evaluate tokens after those in memory; False when aborted. Raises EngineError."""
        array = (api.llama_token * len(tokens))(*tokens)
        return self._decoded(api.llama_decode(self.handle, api.llama_batch_get_one(array, len(tokens))))

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
        if count > 0 and api.llama_memory_seq_rm(self.memory, 0, count, -1):
            return count
        api.llama_memory_clear(self.memory, True)
        return 0

    def logits(self) -> Floats:
        """Return the logits of the last token: a view, valid until the next evaluation."""
        pointer = api.llama_get_logits_ith(self.handle, -1)
        address = ctypes.addressof(pointer.contents)
        values: Any = (ctypes.c_float * self.model.n_vocab).from_address(address)
        return np.frombuffer(values, np.float32)

    def embed(self, texts: Sequence[Sequence[int]]) -> list[Floats]:
        """Return one pooled vector a text, as the model gives it. All of them fit one batch."""
        lengths = [len(tokens) for tokens in texts]
        batch, _keep = _packed_batch(texts, lengths)
        if self.memory:
            api.llama_memory_clear(self.memory, True)
            status = api.llama_decode(self.handle, batch)
        else:
            status = api.llama_encode(self.handle, batch)
        if not self._decoded(status):
            return []
        width = self.model.dimensions
        return [
            np.ctypeslib.as_array(api.llama_get_embeddings_seq(self.handle, number), (width,)).copy()
            for number in range(len(texts))
        ]

    def close(self) -> None:
        """Free it."""
        api.llama_free(self.handle)


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


def _c_library() -> ctypes.CDLL:
    return ctypes.CDLL("ucrtbase" if sys.platform == "win32" else None)


def _overrides(flags: dict[str, bool]) -> Any:
    entries = (api.llama_model_kv_override * (len(flags) + 1))()  # the last one, empty, ends the list
    for entry, (key, value) in zip(entries, flags.items(), strict=False):
        entry.tag = api.LLAMA_KV_OVERRIDE_TYPE_BOOL
        entry.key = key.encode()
        entry.value.val_bool = value
    return entries


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
