# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""How a model would lie in memory: which context window, which cache, how many layers on the graphics card.

A rehearsal tells: llama.cpp loads the model without its weights and makes a context without taking
memory for it, and logs what both would take.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing

import psutil

from assistant.engine import llama
from assistant.engine.context import Context
from assistant.engine.gguf import Header
from assistant.engine.protocol import EngineSettings, Fitting, MemoryUse
from assistant.engine.refusals import explained
from assistant.engine.sizes import MIB, Space, cache_in, compute_in, device_weights
from assistant.errors import EngineError
from assistant.texts import Text, text

# A processor reads some ten to a hundred tokens a second: a longer window would only cost memory. A
# graphics card that holds the whole model reads thousands.
DEFAULT_CONTEXT = 8192
LARGE_CONTEXT = 32768
SMALLEST_CONTEXT = 1024
LONGEST_CONTEXT = 1 << 24  # a header that says more is not believed
STEP = 256  # llama.cpp rounds a context up to it
EMBEDDING_BATCH = 512
LONGEST_TEXT = 2048
CELL_BYTES = 64  # what llama.cpp keeps of a token beside its keys and values
COMPUTING = 1024 * MIB  # more than any common model needs for it
ALL_LAYERS = -1
MOST_THREADS = 64  # or four for each processor
CACHES = ("f16", "q8_0", "q4_0")
PACKED = 32  # numbers in a block of the last two
SMALLER = text("Choose a smaller context window or a smaller model.")


def check_request(settings: EngineSettings) -> None:
    """Refuse settings that make no sense for any model. Raises EngineError."""
    most = max(MOST_THREADS, 4 * (psutil.cpu_count() or 1))
    if settings.n_ctx < 0:
        raise EngineError(text("A context window cannot have {size} tokens.", size=settings.n_ctx),
                          text("Choose 0 to have it chosen."))  # fmt: skip
    if settings.n_gpu_layers < ALL_LAYERS:
        raise EngineError(text("There cannot be {layers} layers on the graphics card.",
                               layers=settings.n_gpu_layers),
                          text("Choose -1 for all that fit, or 0 for none."))  # fmt: skip
    if not 0 <= settings.threads <= most:
        raise EngineError(text("This computer cannot use {threads} threads.", threads=settings.threads),
                          text("Choose 0 to have them chosen, or {most} at most.", most=most))  # fmt: skip
    if settings.cache_type not in ("auto", *CACHES) or settings.flash_attention not in ("auto", "on", "off"):
        raise EngineError(text("The cache type {cache} or flash attention {attention} is not known.",
                               cache=settings.cache_type, attention=settings.flash_attention))  # fmt: skip
    if settings.flash_attention == "off" and settings.cache_type in CACHES[1:]:
        raise EngineError(text("A cache of type {cache} needs flash attention, which is switched off.",
                               cache=settings.cache_type),
                          text("Choose flash attention “auto”, or the cache type “f16”."))  # fmt: skip


def open_context(
    settings: EngineSettings, model: llama.Model, fitting: Fitting, *, threads: int = 1
) -> Context:
    """Return the context that was fitted. Raises EngineError."""
    return Context(
        model,
        n_ctx=fitting.n_ctx,
        threads=threads,
        embedding=settings.embedding,
        flash_attention=settings.flash_attention,
        cache_type=fitting.cache_type,
    )


def fit(settings: EngineSettings, header: Header, space: Space, *, exactly: bool = True) -> Fitting:
    """Return how `settings` would lie in `space`. Raises EngineError, ModelError where it is refused.

    Not `exactly`: where there is memory in plenty, sizes are taken from the header alone, in no time.
    """
    check_request(settings)
    if settings.cache_type in CACHES[1:] and header.head_size % PACKED:
        raise EngineError(text("{name} cannot use a cache of type {cache}.", name=_name(settings, header),
                               cache=settings.cache_type),
                          text("Choose the cache type “f16”."))  # fmt: skip
    if too_long := _too_long(settings, header):
        total = header.layers + 1
        return Fitting(settings.n_ctx, 0, total, MemoryUse(), space.host, space.device, *too_long)
    if not exactly and (plain := _in_plenty(settings, header, space)):
        return plain
    with closing(_Rehearsals(settings, header)) as rehearsals:
        return _Fit(settings, header, space, rehearsals).choose()


def _too_long(settings: EngineSettings, header: Header) -> tuple[Text, int] | None:
    trained = min(header.context_length or LONGEST_CONTEXT, LONGEST_CONTEXT)
    if settings.embedding or settings.n_ctx <= -(-trained // STEP) * STEP:
        return None
    return text("{name} was trained for {trained} tokens; a context window of {size} tokens is beyond it.",
                name=_name(settings, header), trained=trained, size=settings.n_ctx), trained  # fmt: skip


def _in_plenty(settings: EngineSettings, header: Header, space: Space) -> Fitting | None:
    if space.device or not (header.cache_bytes or header.recurrent):
        return None
    size = settings.n_ctx or _default_size(settings, header)
    cache = "f16" if settings.cache_type == "auto" else settings.cache_type
    use = MemoryUse(_weights(settings, header), size * (header.cache_bytes + CELL_BYTES), COMPUTING)
    if use.total > space.host // 2:
        return None
    return Fitting(size, 0, header.layers + 1, use, space.host, cache_type=cache)


def _default_size(settings: EngineSettings, header: Header) -> int:
    trained = header.context_length or DEFAULT_CONTEXT
    if settings.embedding:
        return max(EMBEDDING_BATCH, min(trained, LONGEST_TEXT))
    return min(trained, DEFAULT_CONTEXT)


def _name(settings: EngineSettings, header: Header) -> str:
    return settings.name or header.name


def _weights(settings: EngineSettings, header: Header) -> int:
    adapters = sum(each.path.stat().st_size for each in settings.adapters if each.path.exists())
    return header.weights + adapters


class _Rehearsals:
    """Loads a model without its weights and asks what contexts on it would take."""

    def __init__(self, settings: EngineSettings, header: Header) -> None:
        self._settings = settings
        self._header = header
        self._model: llama.Model | None = None
        self._layers = 0

    def memory(self, n_ctx: int, cache_type: str, layers: int) -> MemoryUse:
        """Return what would be taken. Raises EngineError, ModelError."""
        model = self._loaded(layers)
        with llama.separate_log() as log:
            fitting = Fitting(n_ctx, layers, 0, MemoryUse(), 0, cache_type=cache_type)
            with closing(open_context(self._settings, model, fitting)):
                pass
        cache = cache_in(log)
        blocks = max(self._header.layers, 1)
        device, copied = device_weights(self._header, layers)
        # One of the layers on the card is the output, which keeps nothing.
        on_device = device + cache * max(layers - 1, 0) // blocks + compute_in(log, on_device=True)
        weights = _weights(self._settings, self._header) + copied
        return MemoryUse(weights, cache, compute_in(log), on_device if layers else 0)

    def close(self) -> None:
        if self._model is not None:
            self._model.close()
            self._model = None

    def _loaded(self, layers: int) -> llama.Model:
        if self._model is None or self._layers != layers:
            self.close()
            try:
                with llama.separate_log():
                    self._model = llama.Model(self._header.path, n_gpu_layers=layers, weightless=True)
            except EngineError:
                raise explained(self._header, llama.log_lines()) from None
            self._layers = layers
        return self._model


class _Fit:
    """Chooses the largest that fits, of what was asked for."""

    def __init__(
        self, settings: EngineSettings, header: Header, space: Space, rehearsals: _Rehearsals
    ) -> None:
        self._settings = settings
        self._header = header
        self._space = space
        self._rehearsals = rehearsals
        self._total = header.layers + 1

    def choose(self) -> Fitting:
        last = None
        for size, cache_type in self._choices():
            last = self._placed(size, cache_type)
            if self._fits(last, freely=not self._settings.n_ctx and size > SMALLEST_CONTEXT):
                return last
        assert last is not None  # noqa: S101 - there is always a choice
        return self._with_problem(last)

    def _choices(self) -> Iterator[tuple[int, str]]:
        caches = self._caches()
        if self._settings.n_ctx or self._settings.embedding:
            size = self._settings.n_ctx if not self._settings.embedding else 0
            for cache_type in caches:
                yield size or _default_size(self._settings, self._header), cache_type
            return
        size = _default_size(self._settings, self._header)
        if self._space.device and size < (large := min(self._header.context_length, LARGE_CONTEXT)):
            yield large, caches[0]
        # A packed cache writes half as fast on a processor (the starter, 2,000 tokens read: 41 tokens a
        # second with f16, 23 with q8_0): rather a smaller window, where nobody asked for a large one.
        while size > SMALLEST_CONTEXT:
            yield size, caches[0]
            size = max(size // 2, SMALLEST_CONTEXT)
        for cache_type in caches:
            yield size, cache_type

    def _caches(self) -> Sequence[str]:
        if self._settings.cache_type != "auto":
            return (self._settings.cache_type,)
        off = self._settings.flash_attention == "off" or self._settings.embedding
        return CACHES[:1] if off or self._header.head_size % PACKED else CACHES[:2]

    def _placed(self, n_ctx: int, cache_type: str) -> Fitting:
        """Return it with as many layers on the graphics card as fit, or as were asked for."""
        wanted = self._settings.n_gpu_layers
        layers = 0
        if self._space.device:
            layers = self._total if wanted == ALL_LAYERS else min(wanted, self._total)
        use = self._rehearsals.memory(n_ctx, cache_type, layers)
        while wanted == ALL_LAYERS and layers and use.on_device > self._space.device:
            # Each try costs a tenth of a second: go down by what is too much, not one by one.
            too_much = use.on_device - self._space.device
            layers = max(layers - max(1, too_much * layers // use.on_device), 0)
            use = self._rehearsals.memory(n_ctx, cache_type, layers)
        space = self._space
        return Fitting(n_ctx, layers, self._total, use, space.host, space.device, cache_type=cache_type)

    def _fits(self, fitting: Fitting, *, freely: bool) -> bool:
        """Say whether memory is enough; `freely`: with half of what the weights leave left over."""
        if fitting.n_ctx > DEFAULT_CONTEXT and freely and fitting.layers < self._total:
            return False  # chosen by us, it must be fast
        use, host = fitting.memory, self._space.host
        if self._space.shared:
            needed, weights = use.total, use.weights
        else:
            needed, weights = use.total - use.on_device, max(use.weights - use.on_device, 0)
        return needed <= (weights + (host - weights) // 2 if freely else host)

    def _with_problem(self, fitting: Fitting) -> Fitting:
        needed, name = fitting.memory.total, _name(self._settings, self._header)
        if not self._space.shared:
            needed -= fitting.memory.on_device
        problem = text(
            "{name} needs {needed} MB of memory for a context window of {size} tokens; {free} MB are free.",
            name=name, needed=needed >> 20, size=fitting.n_ctx, free=fitting.free >> 20,
        )  # fmt: skip
        return Fitting(
            fitting.n_ctx, fitting.layers, fitting.layers_total, fitting.memory, fitting.free,
            fitting.free_on_device, problem, self._nearest(fitting), fitting.cache_type,
        )  # fmt: skip

    def _nearest(self, fitting: Fitting) -> int:
        """Return the largest context window that fits, in steps of 256 tokens; 0 for none."""
        if self._settings.embedding:
            return 0
        none, some = fitting.n_ctx // STEP, 0
        while none - some > 1:
            middle = (none + some) // 2
            if self._fits(self._placed(middle * STEP, fitting.cache_type), freely=False):
                some = middle
            else:
                none = middle
        return some * STEP
