# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A fake engine that breaks where a test wants it to, and takes its time over each text to embed.

By the name of the model's file: "deadly" crashes at loading, "stubborn" loads for ever and listens to
nobody. By the question: "halt" is stopped by the system in the middle, "kill" killed.
"""

import os
import signal
import threading
from collections.abc import Generator
from typing import Any

from assistant.engine.protocol import Embed, EngineSettings, Generate, Load, LoadProgress, Token
from assistant.workers.protocol import Cancelled
from tests.fake_engine import FakeEngine

FRAIL_ENGINE = "tests.unit.engine.frail_engine"
EACH_TEXT_S = 0.005
SIGNALS = {"halt": signal.SIGSTOP, "kill": signal.SIGKILL, "crash": signal.SIGABRT}


class FrailEngine(FakeEngine):
    """Answers the calls of an engine, sometimes."""

    def handle(self, call: Any, cancelled: Cancelled) -> Generator[Any, None, Any]:
        name = self._settings.model.name
        match call:
            case Load() if "deadly" in name:
                yield LoadProgress(0.5)
                os.kill(os.getpid(), signal.SIGSEGV)
            case Load() if "stubborn" in name:
                yield LoadProgress(0.5)
                threading.Event().wait()
            case Generate(messages) if messages[-1].content in SIGNALS:
                yield Token("one ", 0.9)
                os.kill(os.getpid(), SIGNALS[messages[-1].content])
                signal.pause()
            case Embed(texts, kind):
                vectors: list[bytes] = []
                for words in texts:
                    if cancelled():
                        break
                    threading.Event().wait(EACH_TEXT_S)
                    vectors += yield from super().handle(Embed((words,), kind), cancelled)
                return tuple(vectors)
        return (yield from super().handle(call, cancelled))


def open_worker(settings: EngineSettings) -> FrailEngine:
    return FrailEngine(settings)
