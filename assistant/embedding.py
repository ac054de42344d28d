# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Joins the library to the embedding engine, which do not know each other."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.documents.protocol import Embedder
from assistant.engine.client import Engine
from assistant.engine.protocol import EngineSettings, TextKind
from assistant.errors import ModelError
from assistant.knowing import strength
from assistant.model_hashes import fingerprint
from assistant.paths import Home


class EngineEmbedder:
    """What the library asks for vectors: the embedding engine, loaded at the first call.

    Every call raises what finding and loading the model raises: ModelError, NotFoundError, WorkerError.
    """

    def __init__(self, engine: Engine) -> None:
        """Use `engine`, whose settings carry the model's SHA-256: vectors are kept under it."""
        self._engine = engine
        self._strengths: dict[str, float] = {}

    @property
    def key(self) -> str:
        """The model's SHA-256."""
        return self._engine.settings.sha256

    @property
    def model(self) -> str:
        """Where the model's file lies."""
        return str(self._engine.settings.model)

    def blind(self, language: str) -> bool:
        """Say whether the model cannot tell words of `language` apart, or never learned it.

        What its file states of English is believed; Korean is tried out on a few sentences.
        """
        if language != "ko":
            return False
        info = self._engine.info or self._engine.loaded()
        return not (info.korean and self.strength(language) > 0.0)

    def strength(self, language: str) -> float:
        """Return how well the model knows `language`, 0 to 1: tried out once, on a few sentences."""
        if language not in self._strengths:
            self._strengths[language] = strength(self, language)
        return self._strengths[language]

    def passages(self, texts: Sequence[str]) -> list[bytes]:
        """Return one unit vector a text."""
        return self._engine.embed(texts, TextKind.PASSAGE)

    def question(self, text: str) -> bytes:
        """Return the unit vector of a question."""
        return self._engine.embed([text], TextKind.QUESTION)[0]


class FormerModels:
    """Embedding models that were chosen before, each in a process of its own, as long as they answer."""

    def __init__(self, home: Home, open_engine: Callable[[Callable[[], EngineSettings]], Engine]) -> None:
        """Start nothing yet."""
        self._home = home
        self._open_engine = open_engine
        self._engines: dict[str, Engine] = {}
        self._pauses = 0
        self._changing = threading.Lock()

    def former(self, key: str, model: str) -> Embedder | None:
        """Return the model of this SHA-256 if its file still lies at `model`."""
        path = Path(model)
        try:
            if not model or fingerprint(path, self._home) != key:
                return None
        except ModelError:
            return None
        with self._changing:
            if key not in self._engines:
                settings = EngineSettings(path, key, path.stem, embedding=True)
                self._engines[key] = engine = self._open_engine(lambda: settings)
                for _ in range(self._pauses):
                    engine.pause()
            return EngineEmbedder(self._engines[key])

    def release(self, embedder: Embedder) -> None:
        """End the process of a model; one that is not of these stays."""
        with self._changing:
            engine = self._engines.pop(embedder.key, None)
        if engine is not None:
            engine.close()

    def running(self) -> int:
        """Return how many of them answer still."""
        with self._changing:
            return len(self._engines)

    def pause(self) -> None:
        """Let their calls wait."""
        with self._changing:
            self._pauses += 1
            for engine in self._engines.values():
                engine.pause()

    def resume(self) -> None:
        """Take one `pause` back."""
        with self._changing:
            self._pauses -= 1
            for engine in self._engines.values():
                engine.resume()

    def close(self) -> None:
        """End all of them."""
        with self._changing:
            engines, self._engines = list(self._engines.values()), {}
        for engine in engines:
            engine.close()
