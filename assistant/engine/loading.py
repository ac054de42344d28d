# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""From a file to a model at work: checked, fitted into the memory there is, loaded, explained."""

import queue
import sys
import threading
from collections.abc import Generator
from dataclasses import dataclass, replace

from assistant.engine import devices, llama
from assistant.engine.context import Context
from assistant.engine.embedding import KOREAN_SAMPLE, Embedding, Habits, habits_of, reads_korean
from assistant.engine.fitting import SMALLER, SMALLEST_CONTEXT, fit, open_context
from assistant.engine.generation import Generation
from assistant.engine.gguf import Header, read_header
from assistant.engine.memory import Memory, open_memory
from assistant.engine.protocol import EngineSettings, Fitting, LoadProgress, MemoryUse, ModelInfo
from assistant.engine.ranking import Ranking
from assistant.engine.refusals import check_adapters, check_kind, check_words, explained, lacked_room
from assistant.engine.sizes import (
    cache_in,
    compute_in,
    device_bytes_in,
    device_weights,
    mapped_in,
    offloaded_layers,
    space,
    uses_flash_attention,
)
from assistant.engine.template import SMALL_VOCABULARY, ChatTemplate, template_of
from assistant.engine.thinking import habit_of
from assistant.errors import EngineError, ModelError, Offer, StoppedError
from assistant.texts import text
from assistant.workers.protocol import Cancelled

KOREAN_TOKENS_PER_LETTER = 1.7  # above: letters fall apart into bytes, the model never learnt them
READING_PATIENCE_S = 60.0  # a large tensor from a slow disk
CONTEXT_PATIENCE_S = 180.0  # a graphics card's driver may compile its programs first


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
    ranking: Ranking | None = None

    def close(self) -> None:
        """Save what was read; free context and model."""
        if self.memory is not None:
            self.memory.close()
        self.context.close()
        self.model.close()


@dataclass
class _Opened:
    """A model with its context, and how they came to lie in memory."""

    model: llama.Model
    context: Context
    fitting: Fitting
    tried: int  # layers that the graphics card was to take at first

    def close(self) -> None:
        self.context.close()
        self.model.close()


def load(settings: EngineSettings, cancelled: Cancelled) -> Generator[LoadProgress, None, Loaded]:
    """Load what `settings` name. Raises ModelError, EngineError; also when cancelled."""
    cancelled.alive(READING_PATIENCE_S)
    header = _checked(settings)
    habits = habits_of(header) if settings.embedding else Habits()
    fitting = _fitting(settings, header)
    opened = yield from _open(settings, header, habits, fitting, cancelled)
    try:
        return _set_up(settings, header, habits, opened)
    except BaseException:
        opened.close()
        raise


def fitted(settings: EngineSettings, given_back: MemoryUse | None = None) -> Fitting:
    """Return how `settings` would lie in memory, with what a loaded model would give back.

    Raises ModelError, EngineError.
    """
    return fit(settings, _checked(settings), space(devices.list_devices(), given_back))


def _checked(settings: EngineSettings) -> Header:
    header = read_header(settings.model)
    check_kind(header, embedding=settings.embedding)
    check_words(header)
    check_adapters(settings.adapters, header)
    return header


def _fitting(settings: EngineSettings, header: Header) -> Fitting:
    """Fit the model into the memory there is; raises EngineError with the numbers."""
    found = fit(settings, header, space(devices.list_devices()), exactly=False)
    if found.problem is None:
        return found
    hint = text("A context window of {size} tokens fits.", size=found.nearest) if found.nearest else SMALLER
    raise EngineError(found.problem, hint, Offer(n_ctx=found.nearest) if found.nearest else None)


def _open(
    settings: EngineSettings, header: Header, habits: Habits, fitting: Fitting, cancelled: Cancelled
) -> Generator[LoadProgress, None, _Opened]:
    """Open model and context; with fewer layers on the graphics card each time it has no room."""
    tried = fitting.layers
    while True:
        try:
            model = yield from _load_model(header, habits, fitting.layers, cancelled)
            try:
                adapters = [(model.load_adapter(each.path), each.scale) for each in settings.adapters]
                cancelled.alive(CONTEXT_PATIENCE_S)
                threads = settings.threads or devices.default_threads()
                context = open_context(settings, model, fitting, threads=threads)
                cancelled.alive()
            except BaseException:
                model.close()
                raise
        except (EngineError, ModelError) as error:
            if cancelled() or not lacked_room(error, llama.log_lines()):
                raise
            if not fitting.layers:
                error.offer = Offer(n_ctx=fitting.n_ctx // 2) if fitting.n_ctx > SMALLEST_CONTEXT else None
                raise
            fitting = replace(fitting, layers=fitting.layers * 3 // 4)
            continue
        if adapters:
            context.adapt(adapters)
        return _Opened(model, context, fitting, tried)


def _load_model(
    header: Header, habits: Habits, layers: int, cancelled: Cancelled
) -> Generator[LoadProgress, None, llama.Model]:
    """Load on a thread, so that progress and a cancel get through meanwhile."""
    fractions: queue.SimpleQueue[float | None] = queue.SimpleQueue()
    outcome: list[llama.Model | Exception] = []

    def progress(fraction: float) -> bool:
        fractions.put(fraction)
        cancelled.alive(READING_PATIENCE_S)
        return not cancelled()

    def load() -> None:
        try:
            outcome.append(
                llama.Model(
                    header.path,
                    n_gpu_layers=layers,
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
        raise StoppedError(text("Loading was stopped."))
    raise explained(header, llama.log_lines()) if isinstance(loaded, EngineError) else loaded


def _set_up(settings: EngineSettings, header: Header, habits: Habits, opened: _Opened) -> Loaded:
    model, context = opened.model, opened.context
    template = None if settings.embedding else template_of(header, model)
    info = _info(settings, header, habits, opened, template)
    if context.ranks:
        return Loaded(info, model, context, None, None, None, ranking=Ranking(model, context, header))
    if settings.embedding:
        return Loaded(info, model, context, template, None, Embedding(model, context, habits))
    memory = open_memory(settings, context)
    generation = Generation(model, context, memory, habit_of(template, model) if template else None)
    return Loaded(info, model, context, template, generation, None, memory)


def _info(
    settings: EngineSettings,
    header: Header,
    habits: Habits,
    opened: _Opened,
    template: ChatTemplate | None,
) -> ModelInfo:
    model, context, log = opened.model, opened.context, llama.log_lines()
    total = model.layers + 1
    layers = min(opened.fitting.layers, (offloaded_layers(log) or (0, 0))[0])
    present = devices.list_devices()
    free = devices.free_on_cards(present) + (device_bytes_in(log) if layers else 0)
    reason = devices.why_not_all(settings.n_gpu_layers, opened.tried, layers, total, free)
    return ModelInfo(
        name=settings.name or header.name,
        architecture=header.architecture,
        path=header.path,
        sha256=settings.sha256,
        parameters=model.parameters,
        size=model.size,
        n_ctx=min(context.n_ctx, model.n_ctx_train) if settings.embedding else context.n_ctx,
        n_ctx_train=model.n_ctx_train,
        dimensions=model.dimensions,
        layers=total,
        layers_offloaded=layers,
        backend=devices.backend_in_use(present, layers),
        has_template=template is not None and bool(template.source),
        template_fault=template.fault if template else None,
        korean=_knows_korean(header, model, habits if settings.embedding else None),
        quantization=header.quantization,
        licence=header.licence,
        languages=header.languages,
        flash_attention=uses_flash_attention(log),
        cache_type=opened.fitting.cache_type,
        memory=_memory_use(header, model, layers, log),
        reason=reason if devices.has_graphics(present) else devices.no_gpu().reason,
        thinks=template is not None and habit_of(template, model) is not None,
        recurrent=model.recurrent,
        adapters=settings.adapters,
    )


def _memory_use(header: Header, model: llama.Model, layers: int, log: list[str]) -> MemoryUse:
    """Return what llama.cpp logged that it took."""
    _on_device, copied = device_weights(header, layers)
    on_device = device_bytes_in(log) if layers else 0
    mapped = mapped_in(log) if sys.platform == "linux" else 0  # elsewhere it is not counted as free
    return MemoryUse(model.size + copied, cache_in(log), compute_in(log), on_device, mapped)


def _knows_korean(header: Header, model: llama.Model, habits: Habits | None) -> bool:
    """Say whether the model was made for Korean; `habits` are those of an embedding model."""
    if header.languages and "ko" not in header.languages:
        return False
    if habits is not None:
        return reads_korean(model, habits)
    if header.languages:
        return True
    if model.n_vocab < SMALL_VOCABULARY:  # what a toy cannot show is no token, which looks like few
        return False
    letters = KOREAN_SAMPLE.replace(" ", "")
    return len(model.tokenize(letters)) < KOREAN_TOKENS_PER_LETTER * len(letters)
