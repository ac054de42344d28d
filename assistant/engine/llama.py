# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The only importer of llama_cpp: the library and its models, over its low-level functions.

Contexts (context.py) and samplers (sampler.py) take `api` from here. Nothing in these three knows
conversations or pipes. Tokens are plain ints, texts are str, logits and vectors are float32 arrays.
Objects free their native side in `close`.
"""

import contextlib
import ctypes
import os
import sys
from collections import OrderedDict, deque
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from llama_cpp import __version__
from llama_cpp import llama_cpp as api

from assistant.engine.letters import Letters
from assistant.errors import EngineError
from assistant.texts import text

__all__ = ["Model", "api", "ggml", "library_version", "log_lines", "separate_log", "start", "started_log"]

UNKNOWN, CONTROL, USER_DEFINED = 1 << 0, 1 << 3, 1 << 4  # llama_token_attr
SENTENCEPIECE = 1  # llama_vocab_type
NO_MAPPING = 0  # llama_load_mode
TEXTS_KEPT = 256
DEBUG, CONTINUED = 1, 5  # ggml_log_level (ggml.h)
LOG_KEPT = 200  # lines
_log: deque[str] = deque(maxlen=LOG_KEPT)
_start_log: list[str] = []  # what was said of backends before any model
_log_level = [0]


def _keep_log_line(level: int, line: bytes, _data: object) -> None:
    if level != CONTINUED:
        _log_level[0] = level
    if _log_level[0] != DEBUG:
        words = line.decode("utf-8", "replace")
        _log.append(words.rstrip())
        sys.stderr.write(words)  # in a worker its log file, which outlives a crash


_log_callback = api.llama_log_callback(_keep_log_line)  # must live as long as the library


def start() -> None:
    """Make llama.cpp ready: its log is kept here, its backends are loaded. May be called twice."""
    api.llama_log_set(_log_callback, ctypes.c_void_p(0))
    api.llama_backend_init()
    _load_backends()
    _start_log.extend(_log)


def started_log() -> list[str]:
    """Return what llama.cpp logged at the start: which backends it loaded."""
    return [line for line in _start_log if line]


@contextlib.contextmanager
def separate_log() -> Generator[list[str], None, None]:
    """Gather what is logged meanwhile; the log of the loaded model stays as it is.

    The list is filled when the block ends. After an error, what was logged last stays the log.
    """
    kept, gathered = list(_log), list[str]()
    _log.clear()
    yield gathered
    gathered.extend(line for line in _log if line)
    _log.clear()
    _log.extend(kept)


def log_lines() -> list[str]:
    """Return the last lines llama.cpp logged: about models and devices, never a user's text."""
    return [line for line in _log if line]


def library_version() -> str:
    """Return what the processor parts of llama.cpp were built for."""
    return bytes(api.llama_print_system_info()).decode("utf-8", "replace").strip()


def library_release() -> str:
    """Return which llama.cpp this is: what one wrote of its memory, another may take for something else."""
    parts = [ggml(name, ctypes.c_char_p)() for name in ("ggml_version", "ggml_commit")]
    written = api.LLAMA_STATE_SEQ_VERSION
    return " ".join([__version__, str(written), *(part.decode("utf-8", "replace") for part in parts)])


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
        weightless: bool = False,
    ) -> None:
        """Load `path`; `progress` gets 0 to 1 and ends the loading by returning False.

        `weightless`: no memory is taken, for the model or its contexts; they only tell what they
        would take. Raises EngineError; `log_lines` then ends with llama.cpp's reason.
        """
        parameters = api.llama_model_default_params()
        parameters.n_gpu_layers = n_gpu_layers
        self._no_device = (ctypes.c_void_p * 1)()  # the list of devices is ended by a null
        if not n_gpu_layers:
            # Else prompts are read on a graphics card all the same, their weights sent there each time.
            parameters.devices = ctypes.addressof(self._no_device)
        if weightless:
            parameters.no_alloc = True
            parameters.load_mode = NO_MAPPING
        callback = api.llama_progress_callback(lambda fraction, _data: progress(fraction))
        parameters.progress_callback = callback
        parameters.kv_overrides = _overrides(overrides or {})
        _log.clear()
        self.handle = api.llama_model_load_from_file(os.fsencode(path), parameters)
        if not self.handle:
            raise EngineError(text("{name} could not be loaded.", name=path.name))
        self._read_facts()
        self._tokenized: OrderedDict[tuple[str, bool, bool], list[int]] = OrderedDict()

    def load_adapter(self, path: Path) -> Any:
        """Return the LoRA adapter of a file; it is freed with the model. Raises EngineError."""
        adapter = api.llama_adapter_lora_init(self.handle, os.fsencode(path))
        if not adapter:
            raise EngineError(text("{name} could not be loaded.", name=path.name))
        return adapter

    def _read_facts(self) -> None:
        self.vocabulary = api.llama_model_get_vocab(self.handle)
        self.n_vocab = int(api.llama_vocab_n_tokens(self.vocabulary))
        self.parameters = int(api.llama_model_n_params(self.handle))
        self.size = int(api.llama_model_size(self.handle))
        self.n_ctx_train = int(api.llama_model_n_ctx_train(self.handle))
        self.dimensions = int(api.llama_model_n_embd_out(self.handle))
        self.layers = int(api.llama_model_n_layer(self.handle))
        self.recurrent = bool(
            api.llama_model_is_recurrent(self.handle) or api.llama_model_is_hybrid(self.handle)
        )
        self.bos = int(api.llama_vocab_bos(self.vocabulary))
        self.eos = int(api.llama_vocab_eos(self.vocabulary))
        self.separator = int(api.llama_vocab_sep(self.vocabulary))
        self.adds_bos = bool(api.llama_vocab_get_add_bos(self.vocabulary))
        self.adds_eos = bool(api.llama_vocab_get_add_eos(self.vocabulary))
        self.adds_separator = bool(api.llama_vocab_get_add_sep(self.vocabulary))
        self.sentencepiece = api.llama_vocab_type(self.vocabulary) == SENTENCEPIECE
        self._pieces: dict[int, bytes] = {}
        tokens = (api.llama_vocab_get_text(self.vocabulary, token) for token in range(self.n_vocab))
        self._letters = Letters(tokens) if self.sentencepiece else None

    def stated(self, key: str) -> str:
        """Return a word or number of the file's metadata as llama.cpp writes it, "" where it has none."""
        buffer = ctypes.create_string_buffer(256)
        length = api.llama_model_meta_val_str(self.handle, key.encode(), buffer, len(buffer))
        return buffer.value.decode("utf-8", "replace") if length >= 0 else ""

    def tokenize(self, words: str, *, special: bool = False, whole: bool = False) -> list[int]:
        """Return the tokens of `words`.

        `special`: markers such as <|im_end|> become control tokens. `whole`: with the start and end
        tokens the model wants around a text. The latest texts are remembered: a chat has the same ones
        in every turn.
        """
        key = (words, special, whole)
        tokens = self._tokenized.pop(key, None) or self._tokenize(*key)
        self._tokenized[key] = tokens
        if len(self._tokenized) > TEXTS_KEPT:
            self._tokenized.popitem(last=False)
        return tokens.copy()

    def _tokenize(self, words: str, special: bool, whole: bool) -> list[int]:
        if self._letters is not None and not self._letters.complete:
            words = self._letters.shown(words, self._markers(special=special))
        data = words.encode("utf-8", "replace")
        room = len(data) + 8
        while True:
            tokens = (api.llama_token * room)()
            count = api.llama_tokenize(self.vocabulary, data, len(data), tokens, room, whole, special)
            if count >= 0:
                return list(tokens[:count])
            room = -count

    def _markers(self, *, special: bool) -> list[str]:
        """Return the tokens that are looked for in a text as a whole, before its letters are."""
        wanted = USER_DEFINED | (CONTROL | UNKNOWN if special else 0)
        found = (token for token in range(self.n_vocab) if self._attributes(token) & wanted)
        return [marker for token in found if (marker := self.marker(token))]

    def _attributes(self, token: int) -> int:
        return int(api.llama_vocab_get_attr(self.vocabulary, token))

    def piece(self, token: int) -> bytes:
        """Return the bytes of a token: maybe half a character, nothing for a control token."""
        piece = self._pieces.get(token)
        if piece is None:
            length = -256  # a negative length is the room that is wanted
            while length < 0:
                buffer = ctypes.create_string_buffer(-length)
                length = api.llama_token_to_piece(self.vocabulary, token, buffer, -length, 0, False)
            piece = self._pieces[token] = buffer.raw[:length]
        return piece

    def marker(self, token: int) -> str:
        """Return the text of a token as the vocabulary has it, "" for no token."""
        if not 0 <= token < self.n_vocab:
            return ""
        return bytes(api.llama_vocab_get_text(self.vocabulary, token)).decode("utf-8", "replace")

    def is_special(self, token: int) -> bool:
        """Say whether it is a control token or one that the model's maker defined."""
        return bool(self._attributes(token) & (CONTROL | USER_DEFINED))

    def is_control(self, token: int) -> bool:
        """Say whether it is a control token."""
        return bool(self._attributes(token) & CONTROL)

    def ends(self, token: int) -> bool:
        """Say whether the token ends an answer."""
        return bool(api.llama_vocab_is_eog(self.vocabulary, token))

    def close(self) -> None:
        """Free the model; its contexts must be closed before."""
        api.llama_model_free(self.handle)


def _overrides(flags: dict[str, bool]) -> Any:
    entries = (api.llama_model_kv_override * (len(flags) + 1))()  # the last one, empty, ends the list
    for entry, (key, value) in zip(entries, flags.items(), strict=False):
        entry.tag = api.LLAMA_KV_OVERRIDE_TYPE_BOOL
        entry.key = key.encode()
        entry.value.val_bool = value
    return entries
