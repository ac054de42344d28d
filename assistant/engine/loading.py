# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""From a file to a model at work: checked, fitted into the memory there is, loaded, explained."""

import queue
import re
import sys
import threading
from collections.abc import Generator
from dataclasses import dataclass

import psutil

from assistant.engine import devices, llama
from assistant.engine.context import Context
from assistant.engine.embedding import KOREAN_SAMPLE, Embedding, Habits, habits_of, reads_korean
from assistant.engine.generation import Generation
from assistant.engine.gguf import Header, read_header
from assistant.engine.memory import Memory, open_memory
from assistant.engine.protocol import EngineSettings, LoadProgress, ModelInfo
from assistant.engine.template import ChatTemplate, template_of
from assistant.errors import EngineError, MaruError, ModelError
from assistant.texts import text
from assistant.workers.protocol import Cancelled

DEFAULT_CONTEXT = 8192
SMALLEST_CONTEXT = 1024
CELL_BYTES = 64  # what llama.cpp keeps of a token beside its keys and values
EMBEDDING_BATCH = 512
LONGEST_TEXT = 2048
KOREAN_TOKENS_PER_LETTER = 1.7  # above: letters fall apart into bytes, the model never learnt them
SMALL_VOCABULARY = 1000
UNKNOWN_ARCHITECTURE = re.compile(r"unknown model architecture: '([\w.-]+)'")


@dataclass
class Loaded:
    """A model at work."""

    info: ModelInfo
    model: llama.Model
    context: Context
    template: ChatTemplate | None
    generation: Generation | None
    embedding: Embedding | None
    memory: Memory | None = None

    def close(self) -> None:
        """Save what was read; free context and model."""
        if self.memory is not None:
            self.memory.close()
        self.context.close()
        self.model.close()


def load(settings: EngineSettings, cancelled: Cancelled) -> Generator[LoadProgress, None, Loaded]:
    """Load what `settings` name. Raises ModelError, EngineError; also when cancelled."""
    header = read_header(settings.model)
    _check_kind(header, embedding=settings.embedding)
    habits = habits_of(header) if settings.embedding else Habits()
    model = yield from _load_model(settings, header, habits, cancelled)
    try:
        return _set_up(settings, header, habits, model)
    except MaruError:
        model.close()
        raise


def _check_kind(header: Header, *, embedding: bool) -> None:
    wanted = "embedding" if embedding else "chat"
    if header.kind == wanted:
        return
    if header.kind == "embedding":
        raise ModelError(
            text("{name} is an embedding model: it searches, but it cannot write.", name=header.name),
            text("Choose a chat model."),
        )
    raise ModelError(
        text("{name} is not an embedding model.", name=header.name)
        if embedding
        else text("{name} is not a language model.", name=header.name),
        text("Choose another model."),
    )


def _load_model(
    settings: EngineSettings, header: Header, habits: Habits, cancelled: Cancelled
) -> Generator[LoadProgress, None, llama.Model]:
    """Load on a thread, so that progress and a cancel get through meanwhile."""
    fractions: queue.SimpleQueue[float | None] = queue.SimpleQueue()
    outcome: list[llama.Model | Exception] = []

    def progress(fraction: float) -> bool:
        fractions.put(fraction)
        return not cancelled()

    def load() -> None:
        try:
            outcome.append(
                llama.Model(
                    settings.model,
                    n_gpu_layers=settings.n_gpu_layers,
                    overrides=dict(habits.overrides),
                    progress=progress,
                )
            )
        except Exception as error:  # noqa: BLE001  raised again below, on the thread that answers
            outcome.append(error)
        fractions.put(None)

    thread = threading.Thread(target=load, name="load")
    thread.start()
    last = -1.0
    while (fraction := fractions.get()) is not None:
        if fraction - last >= 0.01:
            last = fraction
            yield LoadProgress(fraction)
    thread.join()
    loaded = outcome[0]
    if isinstance(loaded, llama.Model):
        return loaded
    if cancelled():
        raise EngineError(text("Loading was stopped."))
    raise _explained(header) if isinstance(loaded, EngineError) else loaded


def _explained(header: Header) -> ModelError:
    """Say why llama.cpp refused a model, from its log."""
    log = llama.log_lines()
    for line in log:
        if found := UNKNOWN_ARCHITECTURE.search(line):
            return ModelError(
                text("{name} is built in a way ({architecture}) that this version does not know.",
                     name=header.name, architecture=found[1]),
                text("Choose another model."),
            )  # fmt: skip
    return ModelError(
        text("{name} cannot be loaded: its file is damaged, or there is too little memory.",
             name=header.name),
        text("Get the file again, or choose a smaller model."),
    )  # fmt: skip


def _set_up(settings: EngineSettings, header: Header, habits: Habits, model: llama.Model) -> Loaded:
    threads = settings.threads or devices.default_threads()
    size = _batch_size(model) if settings.embedding else _context_size(settings, header, model)
    template = None if settings.embedding else template_of(header, model)
    context = Context(model, n_ctx=size, threads=threads, embedding=settings.embedding)
    layers, _ = devices.offloaded_layers(llama.log_lines()) or (0, 0)
    info = ModelInfo(
        name=settings.name or header.name,
        architecture=header.architecture,
        path=settings.model,
        sha256=settings.sha256,
        parameters=model.parameters,
        size=model.size,
        n_ctx=min(size, model.n_ctx_train) if settings.embedding else context.n_ctx,
        n_ctx_train=model.n_ctx_train,
        dimensions=model.dimensions,
        layers=model.layers,
        layers_offloaded=layers,
        backend=devices.backend_in_use(devices.list_devices(), layers),
        has_template=template is not None and bool(template.source),
        template_fault=template.fault if template else None,
        korean=_knows_korean(header, model, habits if settings.embedding else None),
    )
    if settings.embedding:
        return Loaded(info, model, context, template, None, Embedding(model, context, habits))
    memory = open_memory(settings, context)
    return Loaded(info, model, context, template, Generation(model, context, memory), None, memory)


def _batch_size(model: llama.Model) -> int:
    return max(EMBEDDING_BATCH, min(model.n_ctx_train, LONGEST_TEXT))


def _context_size(settings: EngineSettings, header: Header, model: llama.Model) -> int:
    """Return the context in tokens; what is asked for but has no room is refused with the numbers."""
    each = header.cache_bytes + CELL_BYTES
    free = psutil.virtual_memory().available
    if any(device.kind in ("gpu", "igpu") for device in devices.list_devices()):
        free = sys.maxsize  # the cache lies on the device, which refuses by itself
    if settings.n_ctx * each > free:
        raise EngineError(
            text("A context window of {size} tokens needs {needed} MB of memory; {free} MB are free.",
                 size=settings.n_ctx, needed=settings.n_ctx * each >> 20, free=free >> 20),
            text("Choose a smaller context window or a smaller model."),
        )  # fmt: skip
    size = settings.n_ctx or min(model.n_ctx_train, DEFAULT_CONTEXT)
    while not settings.n_ctx and size > SMALLEST_CONTEXT and size * each > free // 2:
        size //= 2
    return size


def _knows_korean(header: Header, model: llama.Model, habits: Habits | None) -> bool:
    """Say whether the model was made for Korean; `habits` are those of an embedding model."""
    if header.languages and "ko" not in header.languages:
        return False
    if habits is not None:
        return reads_korean(model, habits)
    if header.languages:
        return True
    if model.n_vocab < SMALL_VOCABULARY:  # such toys abort the process when they meet a strange letter
        return False
    letters = KOREAN_SAMPLE.replace(" ", "")
    return len(model.tokenize(letters)) < KOREAN_TOKENS_PER_LETTER * len(letters)
