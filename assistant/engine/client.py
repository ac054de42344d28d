# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The engine as the rest of Maru sees it: load, stream, count, embed. The work is in another process."""

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.engine.asking import Asking, without_items
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
from assistant.engine.setbacks import MOST_LOSSES, offer, set_aside
from assistant.errors import (
    EngineError,
    MaruError,
    OutOfMemoryError,
    SetAsideError,
    StoppedError,
    WorkerCrashedError,
    WorkerStoppedError,
    WorkerTimeoutError,
)
from assistant.in_steps import result_of
from assistant.messages import FinishReason, Message
from assistant.sampling import SamplingParams
from assistant.texts import Text, text
from assistant.workers.process import Observer, WorkerProcess, WorkerSpec
from assistant.workers.protocol import Call, ItemT, ResultT
from assistant.workers.state import Phase, WorkerState
from assistant.workers.watch import SILENCE_S

WORKER = "assistant.engine.worker"
CHAT_ENGINE = text("chat engine")
EMBEDDING_ENGINE = text("search engine")
COUNTS_KEPT = 20_000
TEXTS_A_CALL = 128  # so that a question need not wait for a whole document
SAVE_PATIENCE_S = 120.0  # gigabytes to a slow disk
CLOSE_PATIENCE_S = 30.0  # to keep what was read of conversations
# More silence is borne from a graphics card, whose driver compiles programs when it first needs them.
CARD_PATIENCE = 6
STOP_LOADING_S = 0.1  # a load that was stopped and is in the middle of a large tensor is killed
# ggml starts a debugger when it aborts, unless told not to.
ENVIRONMENT = (("GGML_NO_BACKTRACE", "1"),)


class Engine:
    """One model in one process, loaded when first needed and again after a crash.

    Every call raises WorkerCrashedError or WorkerTimeoutError when the process ends in the middle or
    hangs; the next call starts a new one, until three were lost without one answer in between: then
    SetAsideError. Calls may come from any thread; they are answered one after another.
    """

    def __init__(
        self,
        settings: EngineSettings | Callable[[], EngineSettings],
        *,
        name: Text = CHAT_ENGINE,
        log: Path | None = None,
        module: str = WORKER,
        busy: AbstractContextManager[None] | None = None,
        background: bool = False,
        revives: bool = False,
        on_change: Observer = lambda _state: None,
        silence_s: float = SILENCE_S,
    ) -> None:
        """Start nothing yet. A function as `settings` is asked when the engine is first needed.

        `module` is the worker's module: tests put a fake one in its place. `busy` is entered while an
        answer is made. `background`: it works at a lower priority. `revives`: after a crash it starts
        and loads again without being asked. `on_change` is told what it does, on the thread where that
        happens. `silence_s`: seconds without a sign of life after which it has hung.
        """
        self._known = settings if isinstance(settings, EngineSettings) else None
        self._find = None if isinstance(settings, EngineSettings) else settings
        spec = WorkerSpec(name, module, self._known, log, environment=ENVIRONMENT, background=background)
        self._worker = WorkerProcess(spec, self._changed, self._revive if revives else None)
        self._busy = busy or contextlib.nullcontext()
        self._on_change = on_change
        self._silence_s = silence_s
        self._finding = threading.Lock()
        self._loaded: tuple[int, ModelInfo] | None = None
        self._counts: OrderedDict[str, int] = OrderedDict()
        self._counts_lock = threading.Lock()
        self._asking = Asking()
        self._ending = threading.Event()
        self._loads = 0  # that go on
        self._needed = False  # the model, since the engine was last configured or closed

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
    def loading(self) -> bool:
        """Whether the model is being loaded, after a crash by itself too."""
        return self._loads > 0

    @property
    def pid(self) -> int | None:
        """The process id while the process runs."""
        return self._worker.pid

    def load(self, stop: threading.Event | None = None) -> Generator[LoadProgress, None, ModelInfo]:
        """Load the model, or return at once where it is loaded.

        Raises ModelError with the reason, EngineError when stopped, WorkerError.
        """
        return (yield from self._load(stop))

    def _load(
        self, stop: threading.Event | None, start: int | None = None
    ) -> Generator[LoadProgress, None, ModelInfo]:
        worker = self._ready()
        steps = worker.stream(
            Load(), stop, timeout=self._silence_s, stop_patience=STOP_LOADING_S, start=start
        )
        self._loads += 1
        try:
            info = yield from self._told(self._explained(steps))
        except WorkerStoppedError:
            raise StoppedError(text("Loading was stopped.")) from None
        finally:
            self._loads -= 1
        self._loaded = (worker.starts, info)
        return info

    def loaded(self) -> ModelInfo:
        """Load without telling the progress. Raises what `load` raises."""
        return result_of(self.load())

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
        Raises ContextFullError, ModelError, EngineError, WorkerError.
        """
        sampling = sampling.with_seed()
        call = Generate(tuple(messages), sampling, tuple(stop_strings), slot, lookup)
        try:
            if self.info is None:
                yield from without_items(self.load(stop))
            with self._busy:
                generated = yield from self._streamed(call, stop)
        except (EngineError, WorkerStoppedError):
            if stop is None or not stop.is_set():
                raise
            return Generated(FinishReason.CANCELLED, sampling.seed or 0, Timings())
        self._worker.losses = 0
        return generated

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return the tokens of each text; what was counted before costs nothing."""
        with self._counts_lock:
            known = {words: self._counts[words] for words in texts if words in self._counts}
        missing = tuple(dict.fromkeys(words for words in texts if words not in known))
        if missing:
            counts: tuple[int, ...] = self._asked(Count(missing))
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
        return self._asked(CountPrompt(tuple(messages)))

    def tokenize_prompt(self, messages: Sequence[Message]) -> list[int]:
        """Return the tokens that `stream` would evaluate."""
        tokens: tuple[int, ...] = self._asked(TokenizePrompt(tuple(messages)))
        return list(tokens)

    def embed(self, texts: Sequence[str], kind: TextKind) -> list[bytes]:
        """Return a unit vector (little-endian float32) for each text, in order.

        A question goes before passages that are being embedded, and does not wait while the engine is
        paused.
        """
        if kind is TextKind.QUESTION:
            with self._asking, self._worker.lifted():
                asked: tuple[bytes, ...] = self._asked(Embed(tuple(texts), kind))
            self._worker.losses = 0
            return list(asked)
        vectors: list[bytes] = []
        for start in range(0, len(texts), TEXTS_A_CALL):
            vectors += self._embedded(texts[start : start + TEXTS_A_CALL], kind)
        self._worker.losses = 0
        return vectors

    def _embedded(self, texts: Sequence[str], kind: TextKind) -> list[bytes]:
        """Embed one call's worth, in several where questions came in between."""
        vectors: list[bytes] = [b""] * len(texts)
        while missing := [number for number, vector in enumerate(vectors) if not vector]:
            missing.sort(key=lambda number: -len(texts[number]))  # as they are embedded: what is made, stays
            call = Embed(tuple(texts[number] for number in missing), kind)
            with contextlib.suppress(WorkerStoppedError):
                found = result_of(self._streamed(call, self._asking.event))
                for number, vector in zip(missing, found, strict=False):
                    vectors[number] = vector
        return vectors

    def rank(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return how well each text answers the question, by a reranking model: higher is better."""
        scores: tuple[float, ...] = self._asked(Rank(question, tuple(texts)))
        self._worker.losses = 0
        return list(scores)

    def fit(self, settings: EngineSettings) -> Fitting:
        """Return how `settings` would lie in memory; loads no model. Raises ModelError."""
        return self._asked_without_model(Fit(settings))

    def save_states(self) -> None:
        """Write what was read of every conversation to the disk; nothing where no process runs."""
        if self.pid is not None:
            self._worker.request(SaveStates(), timeout=SAVE_PATIENCE_S)

    def forget(self, slot: str) -> None:
        """Forget a conversation, in memory and on the disk."""
        self._found().request(Forget(slot), timeout=SAVE_PATIENCE_S)

    def devices(self) -> Devices:
        """Return what this computer has and what is in use; loads no model."""
        return self._asked_without_model(DescribeDevices())

    def configure(self, settings: EngineSettings) -> None:
        """End the process; the next call loads by `settings`."""
        with self._counts_lock:
            self._counts.clear()
        self._loaded = None
        with self._finding:
            self._known, self._find = settings, None
        with self._ended():
            self._worker.restart(settings)
        self._worker.losses = 0

    def try_again(self) -> None:
        """Let a model that was set aside be loaded again."""
        self._worker.losses = 0

    def unload_when_idle(self, seconds: float) -> None:
        """End the process after so many seconds without a call; 0 for never."""
        self._worker.idle_s = seconds

    def pause(self) -> None:
        """Let calls wait; one that is at work breaks off soon. Each needs its `resume`."""
        self._worker.pause()

    def resume(self) -> None:
        """Take one `pause` back."""
        self._worker.resume()

    def close(self) -> None:
        """End the process."""
        self._loaded = None
        with self._ended():
            self._worker.close(CLOSE_PATIENCE_S)

    @contextlib.contextmanager
    def _ended(self) -> Iterator[None]:
        """Stop a revival meanwhile."""
        self._needed = False
        self._ending.set()
        try:
            yield
        finally:
            self._ending = threading.Event()

    def _revive(self, start: int) -> None:
        """Start again and load, where the model was loaded or loading."""
        with contextlib.suppress(MaruError):
            if self._needed:
                result_of(self._load(self._ending, start))

    def _found(self) -> WorkerProcess:
        """Return the worker, with its settings found."""
        _ = self.settings
        return self._worker

    def _ready(self) -> WorkerProcess:
        """Return the worker for a call that needs the model. Raises SetAsideError."""
        worker = self._found()
        if worker.losses >= MOST_LOSSES:
            raise self._set_aside()
        self._needed = True
        return worker

    def _asked(self, call: Call[Any, ResultT]) -> ResultT:
        """Answer a short call about the model."""
        return result_of(self._streamed(call))

    def _asked_without_model(self, call: Call[Any, ResultT]) -> ResultT:
        return result_of(self._explained(self._found().stream(call, timeout=self._silence())))

    def _streamed(
        self, call: Call[ItemT, ResultT], stop: threading.Event | None = None
    ) -> Generator[ItemT, None, ResultT]:
        return self._explained(self._ready().stream(call, stop, timeout=self._silence()))

    def _silence(self) -> float:
        """Return after how many seconds without a sign of life the process has hung."""
        info = self.info
        return self._silence_s * (CARD_PATIENCE if info and info.layers_offloaded else 1)

    def _explained(self, steps: Generator[ItemT, None, ResultT]) -> Generator[ItemT, None, ResultT]:
        """Say with a loss what may work instead."""
        try:
            return (yield from steps)
        except (WorkerCrashedError, WorkerTimeoutError) as error:
            if self._worker.losses >= MOST_LOSSES:
                raise self._set_aside(error.details) from None
            if isinstance(error, OutOfMemoryError):
                error.offer = offer(self.settings, self._last_info)
            raise

    def _told(
        self, steps: Generator[LoadProgress, None, ModelInfo]
    ) -> Generator[LoadProgress, None, ModelInfo]:
        """Tell the progress of loading to who watches the engine, too."""
        while True:
            try:
                step = next(steps)
            except StopIteration as end:
                info: ModelInfo = end.value
                return info
            self._on_change(WorkerState(self._worker.spec.name, Phase.LOADING, step.fraction))
            yield step

    def _changed(self, state: WorkerState) -> None:
        if state.phase in (Phase.CRASHED, Phase.HUNG) and self._worker.losses >= MOST_LOSSES:
            state = replace(state, phase=Phase.SET_ASIDE, message=self._set_aside().message)
        self._on_change(state)

    @property
    def _last_info(self) -> ModelInfo | None:
        return self._loaded[1] if self._loaded is not None else None

    def _set_aside(self, details: tuple[str, ...] = ()) -> SetAsideError:
        assert self._known is not None  # noqa: S101 - found before anything could be lost
        return set_aside(self._worker.spec.name, self._known, self._last_info, details)
