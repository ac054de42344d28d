# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""An engine without a model, for tests of what stands on top of it: deterministic and fast.

`Engine(settings, module=FAKE_ENGINE)` starts it in place of the real worker. It answers from what
it is asked, so that a test knows the answer beforehand:

- "echo: WORDS" is answered with WORDS, word by word; "<9 EMAIL>" among them is written "[EMAIL_9]":
  so the model makes up a placeholder that the question does not hold;
- "think: THOUGHTS echo: WORDS" does so after thinking THOUGHTS;
- "long" is answered with 2,000 numbered words, a millisecond apart, until it is stopped;
- "crash" ends the process in the middle of the answer;
- anything else is answered with the first sentence of the message that holds a number, or with
  "I do not know."

A token is a word with the space before it, and sure but for "perhaps". A model file whose name has
"base" in it has no chat template, one with "plain" in it a faulty one. A vector counts the letter
triples of a text, so that texts which share words are near each other. A model file with "large" in its
name has seven billion parameters, one with "hangul" in it knows Korean.
"""

import hashlib
import os
import re
import signal
import struct
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any

from assistant.engine.protocol import (
    Count,
    CountPrompt,
    DescribeDevices,
    Device,
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
    MemoryUse,
    ModelInfo,
    PromptProgress,
    SaveStates,
    Timings,
    Token,
    TokenizePrompt,
)
from assistant.engine.states import forget_saved, path_of
from assistant.errors import ContextFullError, EngineError, ModelError
from assistant.messages import FinishReason, Message
from assistant.texts import text
from assistant.workers.protocol import Cancelled

FAKE_ENGINE = "tests.fake_engine"
DIMENSIONS = 64
N_CTX = 8192
UNLOADABLE, ENDLESS, MOST = 1111, 2222, 100_000
WORD = re.compile(r"\s*\S+|\s+")


def open_worker(settings: EngineSettings) -> "FakeEngine":
    """Begin a fake engine.

    A model file whose name has "damaged" in it cannot be loaded, nor can any with UNLOADABLE as its
    context; with ENDLESS loading goes on until it is stopped. One with "huge" in its name, or a context
    of more than MOST tokens, does not fit; one with "breaks" in it ends the process when it is looked
    at. States are empty files.
    """
    return FakeEngine(settings)


class FakeEngine:
    """Answers the calls of an engine."""

    def __init__(self, settings: EngineSettings) -> None:
        """Keep the settings."""
        self._settings = settings
        self._read: set[str] = set()

    def close(self) -> None:
        """Keep what was read."""
        self._save()

    def _load(self, cancelled: Cancelled) -> Generator[LoadProgress, None, ModelInfo]:
        if "damaged" in self._settings.model.name or self._settings.n_ctx == UNLOADABLE:
            raise ModelError(text("{name} is damaged.", name=self._settings.model.name))
        yield LoadProgress(0.5)
        while self._settings.n_ctx == ENDLESS:
            if cancelled():
                raise EngineError(text("Loading was stopped."))
            threading.Event().wait(0.01)
        yield LoadProgress(1.0)
        return model_info(self._settings)

    def _beside(self, call: SaveStates | Forget | Fit) -> Any:
        match call:
            case SaveStates():
                self._save()
            case Forget(slot):
                self._read.discard(slot)
                forget_saved(self._settings.states, slot)
            case Fit(settings):
                return _fitting(settings)
        return None

    def _save(self) -> None:
        for slot in self._read if self._settings.states else ():
            path_of(self._settings.states, slot).write_bytes(b"")

    def handle(self, call: Any, cancelled: Cancelled) -> Generator[Any, None, Any]:
        """Answer one call."""
        match call:
            case Load():
                return (yield from self._load(cancelled))
            case Count(texts):
                return tuple(len(WORD.findall(words)) for words in texts)
            case CountPrompt(messages):
                return _prompt_length(messages)
            case TokenizePrompt(messages):
                return tuple(range(_prompt_length(messages)))
            case Generate():
                self._read |= {call.slot} - {""}
                return (yield from _generate(call, cancelled))
            case Embed(texts, _):
                return tuple(_vector(words) for words in texts)
            case SaveStates() | Forget() | Fit():
                return self._beside(call)
            case DescribeDevices():
                device = Device("CPU", "a fake processor", "cpu", 2**30, 2**31)
                return Devices("a fake processor", (device,), 0, 1, text("no GPU"), "fake", ())
        raise AssertionError


def _fitting(settings: EngineSettings) -> Fitting:
    if "breaks" in settings.model.name:
        os.kill(os.getpid(), signal.SIGABRT)
    memory, free = MemoryUse(800 << 20, 100 << 20, 50 << 20), 900 << 20
    if "huge" not in settings.model.name and settings.n_ctx <= MOST:
        return Fitting(settings.n_ctx or N_CTX, 0, 1, memory, 2 * free)
    problem = text("It needs {needed} MB; {free} MB are free.", needed=950, free=900)
    return Fitting(settings.n_ctx or N_CTX, 0, 1, memory, free, 0, problem, 4096)


def model_info(settings: EngineSettings) -> ModelInfo:
    """Return what the fake says of its model."""
    return ModelInfo(
        name=settings.name or "Fake model",
        architecture="fake",
        path=Path(settings.model),
        parameters=7_000_000_000 if "large" in settings.model.name else 1,
        size=1,
        n_ctx=settings.n_ctx or N_CTX,
        n_ctx_train=N_CTX,
        dimensions=DIMENSIONS,
        layers=1,
        layers_offloaded=max(settings.n_gpu_layers, 0),
        backend="a fake processor",
        has_template="base" not in settings.model.name,
        template_fault=text("The template is faulty.") if "plain" in settings.model.name else None,
        korean="hangul" in settings.model.name,
        sha256=settings.sha256,
    )


def _generate(call: Generate, cancelled: Cancelled) -> Generator[Any, None, Generated]:
    total = _prompt_length(call.messages)
    if total >= N_CTX:
        raise ContextFullError(text("This needs {needed} tokens.", needed=total))
    yield PromptProgress(total, total)
    question = call.messages[-1].content
    reason = FinishReason.STOP
    thoughts = WORD.findall(question.partition("think: ")[2].partition("echo: ")[0])
    for piece in thoughts:
        yield Token(piece, 0.9, thinking=True)
    written = 0
    for piece in _pieces(question):
        if cancelled():
            reason = FinishReason.CANCELLED
            break
        if written >= call.sampling.max_tokens:
            reason = FinishReason.LENGTH
            break
        if question == "crash" and written == 2:
            os.kill(os.getpid(), signal.SIGABRT)
        yield Token(piece, 0.3 if "perhaps" in piece else 0.9)
        written += 1
    timings = Timings(total, 0, 1.0, 2.0, len(thoughts) + written, 1.0, thinking_tokens=len(thoughts))
    return Generated(reason, call.sampling.seed or 0, timings)


def _pieces(question: str) -> Generator[str, None, None]:
    if question.startswith("long"):
        for number in range(2000):
            threading.Event().wait(0.001)
            yield f"word{number} "
    elif question == "crash":
        yield from ("one ", "two ", "three ")
    elif "echo: " in question:
        words = question.rpartition("echo: ")[2]
        yield from WORD.findall(re.sub("<([0-9]+) ([A-Za-z가-힣]+)>", r"[\2_\1]", words))
    else:
        sentences = re.split(r"(?<=[.?!])\s+", question)
        found = next((sentence for sentence in sentences if re.search(r"\d", sentence)), "I do not know.")
        yield from WORD.findall(found)


def _prompt_length(messages: tuple[Message, ...]) -> int:
    return sum(len(WORD.findall(message.content)) + 4 for message in messages)


def _vector(words: str) -> bytes:
    counts = [0.0] * DIMENSIONS
    lowered = words.lower()
    for start in range(max(1, len(lowered) - 2)):
        digest = hashlib.blake2b(lowered[start : start + 3].encode(), digest_size=2).digest()
        counts[int.from_bytes(digest) % DIMENSIONS] += 1.0
    length = sum(count * count for count in counts) ** 0.5 or 1.0
    return struct.pack(f"<{DIMENSIONS}f", *(count / length for count in counts))
