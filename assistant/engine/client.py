# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The engine as the rest of Maru sees it: load, stream, count, embed. The work is in another process."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

from assistant.engine.protocol import (
    Count,
    CountPrompt,
    DescribeDevices,
    Devices,
    Embed,
    EngineSettings,
    Fit,
    Fitting,
    Forget,
    Generate,
    Generated,
    Load,
    LoadProgress,
    ModelInfo,
    PromptProgress,
    Rank,
    SaveStates,
    TextKind,
    Timings,
    Token,
    TokenizePrompt,
)
from assistant.errors import EngineError
from assistant.messages import FinishReason, Message
from assistant.sampling import SamplingParams
from assistant.texts import Text, text
from assistant.workers.process import WorkerProcess, WorkerSpec

WORKER = "assistant.engine.worker"
CHAT_ENGINE = text("chat engine")
EMBEDDING_ENGINE = text("search engine")
COUNTS_KEPT = 20_000
TEXTS_A_CALL = 128  # so that a question need not wait for a whole document
# ggml starts a debugger when it aborts, unless told not to.
ENVIRONMENT = (("GGML_NO_BACKTRACE", "1"),)


class Engine:
    """One model in one process, loaded when first needed and again after a crash.

    Every call raises WorkerCrashedError when the process ends in the middle; the next call starts
    a new one. Calls may come from any thread; they are answered one after another.
    """

    def __init__(
        self,
        settings: EngineSettings | Callable[[], EngineSettings],
        *,
        name: Text = CHAT_ENGINE,
        log: Path | None = None,
        module: str = WORKER,
    ) -> None:
        """Start nothing yet. A function as `settings` is asked when the engine is first needed.

        `module` is the worker's module: tests put a fake one in its place.
        """
        self._known = settings if isinstance(settings, EngineSettings) else None
        self._find = None if isinstance(settings, EngineSettings) else settings
        self._worker = WorkerProcess(WorkerSpec(name, module, self._known, log, environment=ENVIRONMENT))
        self._finding = threading.Lock()
        self._loaded: tuple[int, ModelInfo] | None = None
        self._counts: OrderedDict[str, int] = OrderedDict()
        self._counts_lock = threading.Lock()

    @property
    def settings(self) -> EngineSettings:
        """What the engine loads, or has loaded. Raises what the function given as settings raises."""
        with self._finding:
            if self._find is not None:
                self._known, self._find = self._find(), None
                self._worker.restart(self._known)
            assert self._known is not None  # noqa: S101 - either given or found
            return self._known

    @property
    def info(self) -> ModelInfo | None:
        """The loaded model; None before loading and after the process ended."""
        loaded = self._loaded
        if loaded is None or loaded[0] != self._worker.starts or self._worker.pid is None:
            return None
        return loaded[1]

    @property
    def pid(self) -> int | None:
        """The process id while the process runs."""
        return self._worker.pid

    def load(self, stop: threading.Event | None = None) -> Generator[LoadProgress, None, ModelInfo]:
        """Load the model, or return at once where it is loaded.

        Raises ModelError with the reason, EngineError when stopped, WorkerCrashedError.
        """
        info = yield from self._ready().stream(Load(), stop)
        self._loaded = (self._worker.starts, info)
        return info

    def loaded(self) -> ModelInfo:
        """Load without telling the progress. Raises what `load` raises."""
        steps = self.load()
        while True:
            try:
                next(steps)
            except StopIteration as end:
                info: ModelInfo = end.value
                return info

    def stream(
        self,
        messages: Sequence[Message],
        sampling: SamplingParams,
        stop: threading.Event | None = None,
        stop_strings: Sequence[str] = (),
        *,
        slot: str = "",
        lookup: bool = True,
    ) -> Generator[PromptProgress | Token, None, Generated]:
        """Answer `messages`; a missing seed is drawn. `stop` ends the answer early (CANCELLED).

        `slot` names the conversation, see `Generate`. Dropping the generator cancels the answer.
        Raises ContextFullError, ModelError, EngineError, WorkerCrashedError.
        """
        sampling = sampling.with_seed()
        try:
            if self.info is None:
                yield from _without_items(self.load(stop))
        except EngineError:
            if stop is None or not stop.is_set():
                raise
            return Generated(FinishReason.CANCELLED, sampling.seed or 0, Timings())
        call = Generate(tuple(messages), sampling, tuple(stop_strings), slot, lookup)
        return (yield from self._ready().stream(call, stop))

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return the tokens of each text; what was counted before costs nothing."""
        with self._counts_lock:
            known = {words: self._counts[words] for words in texts if words in self._counts}
        missing = tuple(dict.fromkeys(words for words in texts if words not in known))
        if missing:
            counts: tuple[int, ...] = self._ready().request(Count(missing))
            known |= dict(zip(missing, counts, strict=True))
        with self._counts_lock:
            for words in texts:
                self._counts[words] = known[words]
                self._counts.move_to_end(words)
            while len(self._counts) > COUNTS_KEPT:
                self._counts.popitem(last=False)
        return [known[words] for words in texts]

    def count_prompt(self, messages: Sequence[Message]) -> int:
        """Return the tokens of the whole prompt, the model's template included."""
        return self._ready().request(CountPrompt(tuple(messages)))

    def tokenize_prompt(self, messages: Sequence[Message]) -> list[int]:
        """Return the tokens that `stream` would evaluate."""
        tokens: tuple[int, ...] = self._ready().request(TokenizePrompt(tuple(messages)))
        return list(tokens)

    def embed(self, texts: Sequence[str], kind: TextKind) -> list[bytes]:
        """Return a unit vector (little-endian float32) for each text, in order."""
        vectors: list[bytes] = []
        for start in range(0, len(texts), TEXTS_A_CALL):
            part = tuple(texts[start : start + TEXTS_A_CALL])
            embedded: tuple[bytes, ...] = self._ready().request(Embed(part, kind))
            vectors += embedded
        return vectors

    def rank(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return how well each text answers the question, by a reranking model: higher is better."""
        scores: tuple[float, ...] = self._ready().request(Rank(question, tuple(texts)))
        return list(scores)

    def fit(self, settings: EngineSettings) -> Fitting:
        """Return how `settings` would lie in memory; loads no model. Raises ModelError."""
        return self._ready().request(Fit(settings))

    def save_states(self) -> None:
        """Write what was read of every conversation to the disk; nothing where no process runs."""
        if self.pid is not None:
            self._worker.request(SaveStates())

    def forget(self, slot: str) -> None:
        """Forget a conversation, in memory and on the disk."""
        self._ready().request(Forget(slot))

    def devices(self) -> Devices:
        """Return what this computer has and what is in use; loads no model."""
        return self._ready().request(DescribeDevices())

    def configure(self, settings: EngineSettings) -> None:
        """End the process; the next call loads by `settings`."""
        with self._counts_lock:
            self._counts.clear()
        self._loaded = None
        with self._finding:
            self._known, self._find = settings, None
        self._worker.restart(settings)

    def _ready(self) -> WorkerProcess:
        """Return the worker, with its settings found."""
        _ = self.settings
        return self._worker

    def close(self) -> None:
        """End the process."""
        self._loaded = None
        self._worker.close()


def _without_items(
    steps: Generator[LoadProgress, None, ModelInfo],
) -> Generator[PromptProgress | Token, None, ModelInfo]:
    yield from ()
    while True:
        try:
            next(steps)
        except StopIteration as end:
            info: ModelInfo = end.value
            return info
