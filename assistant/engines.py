# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""From settings to engines: which model each one loads, and how."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant import model_files
from assistant.documents.parser import Parser, parser_spec
from assistant.documents.protocol import ParserSettings
from assistant.embedding import FormerModels
from assistant.engine.client import CHAT_ENGINE, EMBEDDING_ENGINE, WORKER, Engine
from assistant.engine.protocol import Adapter, EngineSettings
from assistant.errors import MaruError
from assistant.keys import HomeKey
from assistant.model_files import CHAT, EMBEDDING, RERANKER, ModelFile
from assistant.paths import Home
from assistant.settings import Acts, Settings, about
from assistant.texts import text
from assistant.workers.process import Observer
from assistant.workers.yielding import Pausable, Yielding

MEGABYTE = 10**6
RANKING_ENGINE = text("ranking engine")
CHECKER = text("model check")
CHECKER_IDLE_S = 15.0
STATES = b"states"

RELOADING = tuple(name for name in Settings.__dataclass_fields__ if about(name).acts is Acts.RELOAD)
"""The settings that take effect when the chat model is loaded again."""


@dataclass(frozen=True)
class WorkerModules:
    """Which module each engine runs: the process border, where tests put a fake."""

    chat: str = WORKER
    embedding: str = WORKER


@dataclass(frozen=True)
class Engines:
    """The engines of a home; `checker` looks at models without loading them, in a process of its own.

    `formers` are embedding models that were chosen before and still answer. What breaks a process when it
    is only looked at must not end the one that answers. `states_key` seals what is kept of conversations;
    it opens nothing else.
    """

    chat: Engine
    embedding: Engine
    ranking: Engine
    checker: Engine
    formers: FormerModels
    states_key: HomeKey | None = None


def open_engines(
    home: Home,
    settings: Settings,
    modules: WorkerModules,
    others: Sequence[Pausable] = (),
    observer: Observer = lambda _state: None,
    key: HomeKey | None = None,
) -> Engines:
    """Return the engines; none is started. While an answer is written, `others` and embedding wait.

    `key` is that of the home, None for a plain one.
    """
    states_key = None if key is None else key.part(STATES)
    embedding, formers = _embedding(home, settings, modules, observer)
    chat = Engine(
        lambda: chat_settings(home, settings, states_key),
        name=CHAT_ENGINE,
        log=home.logs / "chat.log",
        module=modules.chat,
        busy=Yielding([embedding, formers, *others]),
        revives=True,
        on_change=observer,
    )
    chat.unload_when_idle(idle_seconds(settings))
    checker = Engine(EngineSettings(Path()), name=CHECKER, log=home.logs / "check.log", module=modules.chat)
    checker.unload_when_idle(CHECKER_IDLE_S)
    ranking = _ranking(home, settings, modules, observer)
    return Engines(chat, embedding, ranking, checker, formers, states_key)


def _embedding(
    home: Home, settings: Settings, modules: WorkerModules, observer: Observer
) -> tuple[Engine, FormerModels]:
    def open_embedding(find: Callable[[], EngineSettings]) -> Engine:
        return Engine(
            find,
            name=EMBEDDING_ENGINE,
            log=home.logs / "embedding.log",
            module=modules.embedding,
            background=True,
            on_change=observer,
        )

    return open_embedding(lambda: embedding_settings(home, settings)), FormerModels(home, open_embedding)


def _ranking(home: Home, settings: Settings, modules: WorkerModules, observer: Observer) -> Engine:
    return Engine(
        lambda: reranker_settings(home, settings),
        name=RANKING_ENGINE,
        log=home.logs / "ranking.log",
        module=modules.embedding,
        on_change=observer,
    )


def embedding_settings(home: Home, settings: Settings) -> EngineSettings:
    """Return what the embedding engine loads. Raises ModelError, NotFoundError."""
    chosen = settings.embedding_model
    model = (
        model_files.inspect(Path(chosen), home, EMBEDDING) if chosen else model_files.starter_embedding(home)
    )
    return EngineSettings(model.path, model.sha256, model.name, embedding=True, threads=settings.threads)


def reranker_settings(home: Home, settings: Settings) -> EngineSettings:
    """Return what the ranking engine loads. Raises ModelError, also where none is chosen."""
    model = model_files.inspect(Path(settings.reranker), home, RERANKER)
    return EngineSettings(model.path, model.sha256, model.name, embedding=True, threads=settings.threads)


def chat_settings(home: Home, settings: Settings, states_key: HomeKey | None = None) -> EngineSettings:
    """Return what the chat engine loads. Raises ModelError, NotFoundError where there is no such model."""
    chosen = settings.chat_model
    model = model_files.inspect(Path(chosen), home, CHAT) if chosen else model_files.starter_chat(home)
    return engine_settings(home, settings, model.path, model.sha256, model.name, states_key)


def engine_settings(
    home: Home,
    settings: Settings,
    path: Path,
    sha256: str = "",
    name: str = "",
    states_key: HomeKey | None = None,
) -> EngineSettings:
    """Return how the chat engine loads the model file `path`; `states_key` None: in a plain home."""
    return EngineSettings(
        path,
        sha256,
        name,
        n_ctx=settings.n_ctx,
        n_gpu_layers=settings.n_gpu_layers,
        threads=settings.threads,
        flash_attention=settings.flash_attention,
        cache_type=settings.cache_type,
        adapters=tuple(Adapter(Path(one.path), one.scale) for one in settings.adapters),
        states=home.states if keeps_states(settings) else None,
        states_key=states_key,
        states_budget=settings.states_mb * MEGABYTE,
        parked_budget=settings.parked_mb * MEGABYTE,
    )


def keeps_states(settings: Settings) -> bool:
    """Say whether what was read of conversations is kept on the disk."""
    return settings.states_mb > 0


def idle_seconds(settings: Settings) -> float:
    """Return after how many seconds without a question the chat model is unloaded, 0 for never."""
    return settings.idle_minutes * 60.0


def open_parser(home: Home | None = None, observer: Observer = lambda _state: None) -> Parser:
    """Return the parser; without a home it keeps no log."""
    if home is None:
        return Parser(parser_spec(ParserSettings()), on_change=observer)
    spec = parser_spec(ParserSettings(), home.logs / "parser.log", home.tessdata)
    return Parser(spec, on_change=observer)


def known_models(home: Home, settings: Settings) -> list[ModelFile]:
    """Return the starters, the models of the home, and the chosen one where it lies elsewhere."""
    found = model_files.list_models(home)
    chosen = Path(settings.chat_model) if settings.chat_model else None
    if chosen is not None and chosen not in {model.path for model in found}:
        with contextlib.suppress(MaruError):
            found.append(model_files.inspect(chosen, home))
    return found
