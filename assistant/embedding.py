# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Joins the library to the embedding engine, which do not know each other."""

from collections.abc import Sequence

from assistant.engine.client import Engine
from assistant.engine.protocol import TextKind


class EngineEmbedder:
    """What the library asks for vectors: the embedding engine, loaded at the first call.

    Every call raises what finding and loading the model raises: ModelError, NotFoundError, WorkerError.
    """

    def __init__(self, engine: Engine) -> None:
        """Use `engine`, whose settings carry the model's SHA-256: vectors are kept under it."""
        self._engine = engine

    @property
    def key(self) -> str:
        """The model's SHA-256."""
        return self._engine.settings.sha256

    @property
    def model(self) -> str:
        """Where the model's file lies."""
        return str(self._engine.settings.model)

    def blind(self, language: str) -> bool:
        """Say whether the model cannot tell words of `language` apart."""
        return language == "ko" and not (self._engine.info or self._engine.loaded()).korean

    def passages(self, texts: Sequence[str]) -> list[bytes]:
        """Return one unit vector a text."""
        return self._engine.embed(texts, TextKind.PASSAGE)

    def question(self, text: str) -> bytes:
        """Return the unit vector of a question."""
        return self._engine.embed([text], TextKind.QUESTION)[0]
