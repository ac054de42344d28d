# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Engines with a number of layers on the graphics card, and what they write."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from assistant.engine.client import Engine
from assistant.engine.protocol import EngineSettings, Generated, Token
from assistant.messages import Message, Role
from assistant.sampling import SamplingParams

CONTEXT = 1024
WORDS = 16
# An answer that no rounding changes: its tokens are e^1.4 times as likely as any other, and more.
QUESTION = "Repeat this sentence three times: The ship lies in the harbor."


@contextlib.contextmanager
def loaded(model: Path, layers: int) -> Iterator[Engine]:
    """Give an engine with `layers` of the model asked for on the card (-1: all that fit)."""
    with contextlib.closing(Engine(EngineSettings(model, n_ctx=CONTEXT, n_gpu_layers=layers))) as engine:
        engine.loaded()
        yield engine


def greedy(engine: Engine) -> tuple[str, Generated]:
    """Return what the model writes at temperature 0, and how it ended."""
    asked = [Message(Role.USER, QUESTION)]
    steps = engine.stream(asked, SamplingParams(temperature=0.0, max_tokens=WORDS))
    words = []
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            return "".join(words), end.value
        if isinstance(step, Token):
            words.append(step.text)
