# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What runs in an engine process: it loads one model and answers calls about it."""

from collections.abc import Generator
from dataclasses import replace
from typing import Any

from assistant.engine import devices, llama, loading
from assistant.engine.loading import Loaded
from assistant.engine.protocol import (
    Count,
    CountPrompt,
    DescribeDevices,
    Embed,
    EngineSettings,
    Fit,
    Forget,
    Generate,
    Load,
    Rank,
    SaveStates,
    TokenizePrompt,
)
from assistant.engine.states import forget_saved
from assistant.engine.template import tokenize
from assistant.errors import EngineError
from assistant.in_steps import result_of
from assistant.messages import Message
from assistant.texts import text
from assistant.workers.protocol import Cancelled


def open_worker(settings: EngineSettings) -> "EngineWorker":
    """Begin an engine; the model is loaded by the first call that needs it."""
    llama.start()
    return EngineWorker(settings)


class EngineWorker:
    """Answers the calls of engine/protocol.py."""

    def __init__(self, settings: EngineSettings) -> None:
        """Load nothing yet."""
        self._settings = settings
        self._loaded: Loaded | None = None

    def handle(self, call: Any, cancelled: Cancelled) -> Generator[Any, None, Any]:
        """Answer one call. Raises ModelError, EngineError, ContextFullError."""
        if isinstance(call, DescribeDevices):
            return devices.describe(self._loaded.info if self._loaded else None)
        if isinstance(call, Fit):
            return loading.fitted(call.settings, self._loaded.info.memory if self._loaded else None)
        if isinstance(call, SaveStates | Forget):
            return self._keep_or_forget(call)
        loaded = self._loaded
        if loaded is None:
            # A call that does not ask for the progress of loading gets none.
            steps = loading.load(self._settings, cancelled)
            loaded = (yield from steps) if isinstance(call, Load) else result_of(steps)
            self._loaded = loaded
        return (yield from self._answer(loaded, call, cancelled))

    def _keep_or_forget(self, call: SaveStates | Forget) -> None:
        """Save or remove what was read of conversations; what was never loaded has read nothing."""
        memory = self._loaded.memory if self._loaded else None
        if isinstance(call, SaveStates):
            if memory is not None:
                memory.save()
            return
        try:
            if memory is not None:
                memory.forget(call.slot)
            forget_saved(self._settings.states, call.slot)
        except OSError:
            raise EngineError(
                text("What was kept of a deleted conversation could not be removed from the disk."),
                text("It is removed when Maru starts the next time."),
            ) from None

    def close(self) -> None:
        """Save what was read; free model and context."""
        if self._loaded is not None:
            self._loaded.close()
            self._loaded = None

    def _answer(self, loaded: Loaded, call: Any, cancelled: Cancelled) -> Generator[Any, None, Any]:
        match call:
            case Load():
                return loaded.info
            case Count(texts):
                return tuple(_count(loaded, words) for words in texts)
            case CountPrompt(messages):
                return len(_prompt(loaded, messages))
            case TokenizePrompt(messages):
                return tuple(_prompt(loaded, messages))
            case Generate(messages) if loaded.generation is not None:
                prompt = _prompt(loaded, messages)
                if loaded.template is not None and loaded.template.stop:
                    call = replace(call, stop=(*call.stop, *loaded.template.stop))
                return (yield from loaded.generation.run(prompt, call, cancelled))
            case Embed(texts, kind) if loaded.embedding is not None:
                return (yield from loaded.embedding.run(texts, kind, cancelled))
            case Rank(question, texts) if loaded.ranking is not None:
                return (yield from loaded.ranking.run(question, texts, cancelled))
        raise EngineError(
            text("{name} cannot do this: it is a model of another kind.", name=loaded.info.name)
        )


def _prompt(loaded: Loaded, messages: tuple[Message, ...]) -> list[int]:
    if loaded.template is None:
        raise EngineError(
            text("{name} cannot do this: it is a model of another kind.", name=loaded.info.name)
        )
    return tokenize(loaded.model, loaded.template.render(messages))


def _count(loaded: Loaded, words: str) -> int:
    if loaded.embedding is not None:
        return loaded.embedding.count(words)
    return len(loaded.model.tokenize(words))
