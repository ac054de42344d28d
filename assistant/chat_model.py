# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The model that answers while Maru runs: chosen, loaded by other settings, brought back when that fails.

A change waits for the answer that is being written, and answers asked for later wait for the change.
What cannot fit into memory is refused before the model in use is given up.
"""

import contextlib
import threading
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.app_events import AppEvent, ModelReloaded, ReloadFailed
from assistant.engine.protocol import EngineSettings, Fitting, LoadProgress, MemoryUse, ModelInfo
from assistant.engine.states import remove_orphans
from assistant.engines import RELOADING, Engines, chat_settings, engine_settings, idle_seconds
from assistant.errors import MaruError, ModelError, Offer, WorkerError
from assistant.in_steps import result_of
from assistant.model_files import CHAT, inspecting
from assistant.model_hashes import Checking
from assistant.paths import Home
from assistant.settings import AdapterFile, Settings, save_settings
from assistant.texts import text
from assistant.turns import Gate

Loading = Generator[LoadProgress, None, ModelInfo]
Choosing = Generator[LoadProgress | Checking, None, ModelInfo]


class ChatModel:
    """The chat engine and the settings in force. Its methods may be called from any thread."""

    def __init__(
        self,
        home: Home,
        settings: Settings,
        engines: Engines,
        tell: Callable[[AppEvent], None],
        closing: threading.Event,
    ) -> None:
        """Change nothing yet. `closing` ends every loading; `tell` is told what happens by itself."""
        self.settings = settings
        self.gate = Gate()
        self._home = home
        self._engine = engines.chat
        self._checker = engines.checker
        self._states_key = engines.states_key
        self._tell = tell
        self._closing = closing
        self._stop_reload = threading.Event()
        self._proven = settings  # the last by which a model was loaded, or those of the start
        self._taking = threading.Lock()

    def take(self, settings: Settings, *, keep: bool = True) -> bool:
        """Put settings in force, with `keep` on the disk too; say whether they need the model loaded again.

        Raises HomeError, DiskFullError.
        """
        with self._taking:
            if keep:
                save_settings(self._home, settings)
            before, self.settings = self.settings, settings
        self._engine.unload_when_idle(idle_seconds(settings))
        return any(getattr(settings, name) != getattr(before, name) for name in RELOADING)

    def use(self, settings: Settings) -> None:
        """Put settings in force that are not remembered; the next loading is by them."""
        self.take(settings, keep=False)
        self._proven = settings  # where they fail, that is said: nothing else answers in their place
        with contextlib.suppress(MaruError):  # a model that is gone is named when it is needed
            self._configure(self._chat_settings(settings))

    def load(self, stop: threading.Event) -> Loading:
        """Load the model, or return at once where it is loaded. Raises MaruError.

        Where settings that were taken while no model was loaded fail, those before come back and the
        model is loaded by them; that is told as an event. Questions and changes take turns meanwhile:
        to be called within `gate.answering`.
        """
        settings, before = self.settings, self._before()
        named = before is not None and before == self._wanted()  # not so while a change waits for its turn
        try:
            info = yield from self._engine.load(stop)
        except MaruError as error:
            given_up = stop.is_set() or self._closing.is_set()
            if given_up or not named or self._with_proven() == settings:
                raise
            try:
                self._configure(self._chat_settings(self._with_proven()))
                return (yield from self._engine.load(stop))
            finally:
                self._give_up(error)
        if named:
            self._proven = settings
        return info

    def reload(self) -> None:
        """Load the model by the settings in force; where that fails, the old ones come back.

        For each call `gate.announce` was called before: questions asked after it wait. A model that is
        not loaded is not loaded now either, but by the next question. What comes of it is told as an event.
        """
        with contextlib.suppress(MaruError), self.gate.changing(self._closing, announced=True):
            settings, before, running = self.settings, self._before(), self._running()
            self._stop_reload = stop = threading.Event()
            try:
                wanted = self._chat_settings(settings)
                if wanted == before:
                    return
                if running:
                    self._refuse_what_cannot_fit(wanted)
                self._engine.configure(wanted)
                if wanted.states is None:  # nothing is to be kept any more
                    _forget_all(self._home)
                if not running:
                    return
                if self._closing.is_set():  # looked at after the event is known to `stop_reload`
                    stop.set()
                info = result_of(self._engine.load(stop))
            except MaruError as error:
                result_of(self._bring_back(before, load=running))
                self._give_up(error)
                return
            self._proven = settings
            self._tell(ModelReloaded(info, settings))

    def stop_reload(self) -> None:
        """End the loading of a `reload` that is going on: the settings before come back."""
        self._stop_reload.set()

    def choose(
        self,
        path: Path,
        stop: threading.Event,
        *,
        keep: bool,
        adapters: tuple[AdapterFile, ...] | None,
    ) -> Choosing:
        """Answer with the file `path` from now on; see `Assistant.choose_model`."""
        model = yield from inspecting(path, self._home, CHAT, stop)
        with self.gate.changing(stop):
            before, running = self._before(), self._engine.info is not None
            if adapters is None:  # an adapter is made for one model
                same = before is not None and before.model == model.path
                adapters = self.settings.adapters if same else ()
            settings = replace(self.settings, adapters=adapters)
            wanted = engine_settings(
                self._home, settings, model.path, model.sha256, model.name, self._states_key
            )
            if wanted != before:
                self._refuse_what_cannot_fit(wanted)
                self._engine.configure(wanted)
            try:
                info = yield from self._engine.load(stop)
            except MaruError:
                yield from self._bring_back(before, load=running)
                raise
            except GeneratorExit:
                self._configure(before)
                raise
            if keep:  # before the next change comes, which loads what the settings name
                self.take(replace(self.settings, chat_model=str(model.path), adapters=adapters))
                self._proven = self.settings
        return info

    def accept(self, offer: Offer, stop: threading.Event) -> Loading:
        """Take what an error offered into the settings and load by them. Raises MaruError.

        Where that fails, a model that was loaded before comes back, and its settings too.
        """
        given = {"n_ctx": offer.n_ctx, "n_gpu_layers": offer.n_gpu_layers}
        changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        with self.gate.changing(stop):
            old, before, running = self.settings, self._before(), self._engine.info is not None
            self.take(replace(old, **changes))
            try:
                self._configure(self._chat_settings(self.settings))
                self._engine.try_again()
                info = yield from self._engine.load(stop)
            except MaruError:
                if running:  # else nothing worked before: what was offered is the better beginning
                    self.take(replace(self.settings, **{name: getattr(old, name) for name in changes}))
                    yield from self._bring_back(before, load=True)
                raise
            self._proven = self.settings
        return info

    def estimate(self, path: Path | None, settings: Settings | None) -> Fitting:
        """Return how a model would lie in memory; see `Assistant.estimate`."""
        settings = settings or self.settings
        if path is None:
            return self._fit(self._chat_settings(settings))
        path, known = path.expanduser().absolute(), self._before()
        if known is None or known.model != path:
            settings = replace(settings, adapters=())
        return self._fit(engine_settings(self._home, settings, path))

    def _fit(self, wanted: EngineSettings) -> Fitting:
        try:
            return self._checker.fit(replace(wanted, states_key=None))
        except WorkerError as error:
            raise ModelError(
                text("{name} could not be examined.", name=wanted.model.name),
                text("Get the file again, or choose another model."),
            ) from error

    def _refuse_what_cannot_fit(self, wanted: EngineSettings) -> None:
        """Raise ModelError, with the numbers, for what has no room even when the old model is gone."""
        fitting = self._fit(wanted)
        self._checker.close()  # its own memory is needed now, on a graphics card above all
        if fitting.problem is None or _has_room(fitting, self._engine.info):
            return
        nearest = fitting.nearest
        if not nearest:
            raise ModelError(fitting.problem, text("Choose a smaller model."))
        hint = text("A context window of {size} tokens would fit: choose it in the settings.", size=nearest)
        raise ModelError(fitting.problem, hint, Offer(n_ctx=nearest))

    def _before(self) -> EngineSettings | None:
        try:
            return self._engine.settings
        except MaruError:  # the model of the settings is gone
            return None

    def _bring_back(
        self, before: EngineSettings | None, *, load: bool
    ) -> Generator[LoadProgress, None, None]:
        """Load by the settings before, where the model was loaded; else be ready to."""
        self._configure(before)
        if load:
            with contextlib.suppress(MaruError):  # then the next question says what is wrong
                yield from self._engine.load(self._closing)

    def _running(self) -> bool:
        """Say whether the model is loaded, or is being loaded again after a crash."""
        return self._engine.info is not None or self._engine.loading

    def _wanted(self) -> EngineSettings | None:
        with contextlib.suppress(MaruError):  # the model of the settings is gone
            return self._chat_settings(self.settings)
        return None

    def _chat_settings(self, settings: Settings) -> EngineSettings:
        return chat_settings(self._home, settings, self._states_key)

    def _with_proven(self) -> Settings:
        """Return the settings in force, but for what loads a model: that as it was when it worked."""
        return replace(self.settings, **{name: getattr(self._proven, name) for name in RELOADING})

    def _configure(self, wanted: EngineSettings | None) -> None:
        if wanted is not None and wanted != self._before():
            self._engine.configure(wanted)

    def _give_up(self, error: MaruError) -> None:
        """Put the settings back in force by which the model was loaded, and say so."""
        if self._closing.is_set():
            return
        self.take(self._with_proven())
        self._tell(ReloadFailed(error, self.settings))


def _has_room(fitting: Fitting, loaded: ModelInfo | None) -> bool:
    """Say whether it fits once the loaded model has given its memory back."""
    given, needed = loaded.memory if loaded else MemoryUse(), fitting.memory
    on_device = needed.on_device <= fitting.free_on_device + given.on_device
    beside = needed.total - needed.on_device <= fitting.free + given.given_back
    return loaded is not None and on_device and beside


def _forget_all(home: Home) -> None:
    with contextlib.suppress(OSError):  # the end and the next start try again
        remove_orphans(home.states, ())
