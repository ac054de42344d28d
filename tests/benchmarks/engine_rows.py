# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""G1, G3, I2: Maru's engine (client, pipe, worker) against the shortest loop over the same library."""

import contextlib
import itertools
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from assistant import model_files
from assistant.engine.client import Engine
from assistant.engine.devices import default_threads
from assistant.engine.protocol import EngineSettings, TextKind, Token
from assistant.errors import MaruError
from assistant.messages import Message, Role
from assistant.paths import Home
from assistant.sampling import SamplingParams
from tests.benchmarks.bare_llama import Bare
from tests.benchmarks.pairs import Comparison, NotRun, Row, Rows, compare

WRITTEN = 160  # tokens
N_CTX = 4096
STORY = (Message(Role.USER, "Tell a very long story about a ship and its crew."),)
SENTENCES = (
    "The monthly rent for the flat is 850 pounds and is due on the fifth day of each month. ",
    "Repairs that cost less than 100 pounds are made by the tenant, larger ones by the landlord. ",
    "Either side may end the agreement with three months' notice, given in writing. ",
)


def decode() -> Row:
    """Measure tokens per second while an answer streams."""
    inside: list[float] = []
    with _starter() as path, _both(path) as (ours, bare):
        prompt = ours.tokenize_prompt(STORY)
        found = compare(lambda: _streamed(ours), lambda: bare.write(prompt, WRITTEN))
        plain = compare(lambda: _streamed(ours, inside, lookup=False), lambda: bare.write(prompt, WRITTEN))
    goal = 0.99 if found.bare.median <= 50 else 0.97
    what = (
        f"{WRITTEN} tokens, greedy, with probabilities, through worker and pipe; without guessing "
        f"{plain.ratio:.3f}, of that within the worker {median(inside) / plain.bare.median:.3f}"
    )
    return _row("G1", goal, found, "tokens/s", what)


def prompt() -> Row:
    """Measure how fast a prompt of about 750 tokens is read, rendering and tokenizing included."""
    with _starter() as path, _both(path) as (ours, bare):
        texts = (f"Text {number}. " + "".join(SENTENCES) * 12 for number in itertools.count())
        tokens = ours.tokenize_prompt(_asked(next(texts)))
        found = compare(
            lambda: _read(ours, _asked(next(texts)), len(tokens)),
            lambda: bare.read(tokens),
        )
    return _row("G3", 0.98, found, "tokens/s", f"{len(tokens)} tokens, nothing cached")


def embedding() -> Row:
    """Measure passages per second; the bare side is given its tokens in finished batches."""
    texts = [f"Passage {number}. " + "".join(SENTENCES[: number % 3 + 1]) for number in range(192)]
    with tempfile.TemporaryDirectory() as folder:
        path = _found(lambda home: model_files.starter_embedding(home).path, Path(folder))
        ours = Engine(EngineSettings(path, embedding=True))
        bare = Bare(path, default_threads(), embedding=True)
        try:
            batches = bare.batches(texts)
            found = compare(
                lambda: _rate(len(texts), lambda: ours.embed(texts, TextKind.PASSAGE)),
                lambda: _rate(len(texts), lambda: bare.encode(batches)),
            )
        finally:
            bare.close()
            ours.close()
    return _row("I2", 0.95, found, "passages/s", f"{len(texts)} passages of 25 to 65 tokens")


def _row(name: str, goal: float, found: Comparison, unit: str, what: str) -> Row:
    return Row(
        row=name,
        goal=f">= {goal} of bare llama.cpp",
        measured=f"{found.ours.median:.1f} of {found.bare.median:.1f} {unit}",
        ratio=found.ratio,
        spread=found.spread,
        kept=found.ratio >= goal,
        what=f"{what}; {default_threads()} thread(s)",
    )


@contextlib.contextmanager
def _starter() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield _found(lambda home: model_files.starter_chat(home).path, Path(folder))


def _found(locate, folder: Path) -> Path:
    home = Home(folder)
    home.create()
    try:
        return locate(home)
    except MaruError as error:
        raise NotRun(str(error)) from None


@contextlib.contextmanager
def _both(path: Path) -> Iterator[tuple[Engine, Bare]]:
    ours = Engine(EngineSettings(path, n_ctx=N_CTX))
    bare = Bare(path, default_threads(), N_CTX)
    try:
        ours.loaded()
        yield ours, bare
    finally:
        bare.close()
        ours.close()


def _streamed(ours: Engine, inside: list[float] | None = None, *, lookup: bool = True) -> float:
    """Return tokens per second from the first token's arrival to the end; `inside`: as the worker has it."""
    items = ours.stream(STORY, SamplingParams(max_tokens=WRITTEN), lookup=lookup)
    while not isinstance(next(items), Token):
        continue
    started = time.perf_counter()
    try:
        while True:
            next(items)
    except StopIteration as end:
        timings = end.value.timings
        if inside is not None:
            inside.append(timings.predicted_tokens / timings.predicted_ms * 1000)
        return (timings.predicted_tokens - 1) / (time.perf_counter() - started)


def _asked(words: str) -> tuple[Message, ...]:
    return (Message(Role.SYSTEM, words), Message(Role.USER, "How much is the rent?"))


def _read(ours: Engine, messages: tuple[Message, ...], count: int) -> float:
    def first_token() -> None:
        for item in ours.stream(messages, SamplingParams(max_tokens=1)):
            if isinstance(item, Token):
                return

    return _rate(count, first_token)


def _rate(count: int, work) -> float:
    started = time.perf_counter()
    work()
    return count / (time.perf_counter() - started)


ROWS: Rows = {"G1": decode, "G3": prompt, "I2": embedding}
