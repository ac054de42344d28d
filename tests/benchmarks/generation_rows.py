# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""G2, G8, G10, H4: long answers, guessing ahead, stopping, and the same answer to the same question."""

import contextlib
import os
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from llama_cpp import llama_cpp as api

from assistant import model_files
from assistant.engine import llama
from assistant.engine.client import Engine
from assistant.engine.context import Context
from assistant.engine.devices import default_threads
from assistant.engine.generation import Generation
from assistant.engine.memory import Memory
from assistant.engine.protocol import EngineSettings, Generate, Generated, PromptProgress, Token
from assistant.errors import EngineError, MaruError
from assistant.messages import FinishReason, Message, Role
from assistant.paths import Home
from assistant.sampling import SamplingParams
from tests.benchmarks.bare_llama import Bare
from tests.benchmarks.pairs import PAIRS, NotRun, Row, Rows, Timing, compare

N_CTX = 4096
EARLY, LATE, SLICE = 100, 2800, 24  # tokens of an answer, and of one measurement
WRITTEN = 96
F16 = 1  # llama_ftype
SAMPLES = Path(__file__).resolve().parents[1] / "data"
STOPS = {"decoding": 50, "reading": 40, "loading": 20}
QUESTIONS = 100
GOALS = {"quoting": 1.8, "summary": 1.8, "documents": 1.4, "free chat": 0.98}


class _Nobody:
    """Never cancels."""

    def __call__(self) -> bool:
        return False

    def alive(self, patience: float = 0.0) -> None:
        del patience


def growth() -> Row:
    """Measure the loop beside the bare one at the beginning and at the end of a long answer."""
    with _starter() as path, _ours(path) as (ours, model), _bare(path) as bare:
        story = model.tokenize("Tell a very long story about a ship and its crew.")
        call = Generate((), SamplingParams(seed=1, max_tokens=N_CTX), lookup=False)
        items = ours.run(story, call, _Nobody())
        while not isinstance(next(items), Token):
            continue
        bare.read(story)
        ratios, written, half = [], 1, SLICE * PAIRS // 2
        for until in (EARLY, LATE):
            _go_on(items, until - half - written)
            bare.go_on(until - half - written)
            written = until + half
            found = compare(lambda: _go_on(items, SLICE), lambda: bare.go_on(SLICE), warm=0)
            ratios.append(found)
        items.close()
    early, late = ratios
    ratio = late.ratio / early.ratio
    return Row(
        row="G2",
        goal=">= 0.99",
        measured=f"{late.ratio:.3f} of bare at {LATE}, {early.ratio:.3f} at {EARLY}",
        ratio=ratio,
        spread=f"late {late.spread}; early {early.spread}",
        kept=ratio >= 0.99,
        what="the loop without pipe, in slices of 24 tokens by turns; the end of an answer is ignored",
    )


def _go_on(items: Iterator[Token | PromptProgress], count: int) -> float:
    started = time.perf_counter()
    for _ in range(count):
        next(items)
    return count / (time.perf_counter() - started)


def guessing() -> list[Row]:
    """Measure lookup decoding on four kinds of answers, by the starter model and by it in F16."""
    with _starter() as path, tempfile.TemporaryDirectory() as folder:
        rows = _guessing_rows(path, "Q4_1")
        return rows + _guessing_rows(_as_f16(path, Path(folder) / "f16.gguf"), "F16")


def _guessing_rows(path: Path, name: str) -> list[Row]:
    engine = Engine(EngineSettings(path, n_ctx=N_CTX))
    try:
        engine.loaded()
        return [_guessing_row(engine, name, kind, words) for kind, words in _tasks().items()]
    finally:
        engine.close()


def _guessing_row(engine: Engine, name: str, kind: str, words: str) -> Row:
    texts: dict[bool, set[str]] = {True: set(), False: set()}
    drafted = accepted = 0

    def rate(lookup: bool) -> float:
        nonlocal drafted, accepted
        shown, generated = _answer(engine, words, WRITTEN, lookup=lookup)
        texts[lookup].add(shown)
        timings = generated.timings
        drafted, accepted = drafted + timings.drafted_tokens, accepted + timings.accepted_tokens
        return timings.predicted_tokens / timings.predicted_ms * 1000

    found = compare(lambda: rate(True), lambda: rate(False))
    same = texts[True] == texts[False] and len(texts[True]) == 1
    return Row(
        row=f"G8 {kind}, {name}",
        goal=f">= {GOALS[kind]}, same text",
        measured=f"{found.ours.median:.1f}, without {found.bare.median:.1f} tokens/s",
        ratio=found.ratio,
        spread=found.spread,
        kept=same and found.ratio >= GOALS[kind],
        what=f"{accepted} of {drafted} guesses right; "
        + ("same text" if same else "TEXT DIFFERS")
        + f"; {default_threads()} thread(s)",
    )


def _tasks() -> dict[str, str]:
    letter = (SAMPLES / "letter.md").read_text("utf-8")[:1200]
    return {
        "quoting": f"Repeat this text word for word:\n\n{letter}",
        "summary": f"{letter}\n\nSummarize the text above, in its own words.",
        "documents": f"[1] {letter}\n\nAnswer with the passage above: what does the letter say?",
        "free chat": "Tell a story about a ship and its crew.",
    }


def stopping() -> Row:
    """Measure the time from the button to silence, while decoding, reading and loading."""
    waits: dict[str, list[float]] = {}
    with _starter() as path:
        draw = random.Random(1)
        engine = Engine(EngineSettings(path, n_ctx=N_CTX))
        try:
            engine.loaded()
            waits["decoding"] = [_stopped(engine, draw, _story(n), Token) for n in range(STOPS["decoding"])]
            waits["reading"] = [
                _stopped(engine, draw, _long(n), PromptProgress) for n in range(STOPS["reading"])
            ]
            waits["loading"] = [_stopped_loading(engine, path) for _ in range(STOPS["loading"])]
        finally:
            engine.close()
    every = Timing(tuple(wait for kind in waits.values() for wait in kind), 0.0)
    worst = every.percentile(99) * 1000
    return Row(
        row="G10",
        goal="<= 150 ms (p99)",
        measured=f"{worst:.0f} ms",
        ratio=None,
        spread=", ".join(f"{kind} {max(found) * 1000:.0f} ms at most" for kind, found in waits.items()),
        kept=worst <= 150,
        what=f"{len(every.values)} stops; a prompt of 3,000 tokens",
    )


def _stopped(engine: Engine, draw: random.Random, words: str, kind: type) -> float:
    """Stop an answer a moment after its first item of a kind; return the seconds until it has ended."""
    stop = threading.Event()
    at: list[float] = []

    def press() -> None:
        at.append(time.perf_counter())
        stop.set()

    items = engine.stream((Message(Role.USER, words),), SamplingParams(max_tokens=2000), stop)
    while not isinstance(next(items), kind):
        continue
    timer = threading.Timer(draw.uniform(0.02, 0.6), press)
    timer.start()
    generated = _ended(items)
    timer.join()
    if generated.finish_reason is not FinishReason.CANCELLED:
        raise NotRun("an answer ended before it was stopped")
    return time.perf_counter() - at[0]


def _ended(items: Iterator[object]) -> Generated:
    while True:
        try:
            next(items)
        except StopIteration as end:
            generated: Generated = end.value
            return generated


def _stopped_loading(engine: Engine, path: Path) -> float:
    engine.configure(EngineSettings(path, n_ctx=N_CTX))
    stop, started = threading.Event(), 0.0
    with contextlib.suppress(EngineError):
        for _progress in engine.load(stop):
            if not stop.is_set():
                stop.set()
                started = time.perf_counter()
    return time.perf_counter() - started


def _story(number: int) -> str:
    return f"Tell a very long story about a ship with {number + 2} masts and its crew."


def _long(number: int) -> str:
    return f"Number {number}. " + "Read this long text about nothing. " * 420


def sameness() -> Row:
    """Ask 100 questions cold, then in four ways that spare reading, and compare the bytes of the answers."""
    with _starter() as path, tempfile.TemporaryDirectory() as folder:
        cold = _cold(EngineSettings(path, n_ctx=N_CTX, parked_budget=0))
        settings = EngineSettings(path, sha256="known", n_ctx=N_CTX, states=Path(folder))
        found: dict[str, list[tuple[str, int]]] = {"same beginning": [], "at once": []}
        engine = Engine(settings)
        try:
            for number in range(QUESTIONS):
                for answers in found.values():
                    answers.append(_asked(engine, number))
            found["after others"] = [_asked(engine, number) for number in range(QUESTIONS)]
            engine.save_states()
            engine.close()
            engine = Engine(settings)
            found["after a restart"] = [_asked(engine, number) for number in range(QUESTIONS)]
        finally:
            engine.close()
    same = {
        kind: sum(again == first for (again, _), first in zip(answers, cold, strict=True))
        for kind, answers in found.items()
    }
    spared = {kind: sum(cached > 0 for _, cached in answers) for kind, answers in found.items()}
    return Row(
        row="H4",
        goal="100 of 100 byte-identical to cold",
        measured=", ".join(f"{kind} {count}" for kind, count in same.items()),
        ratio=min(same.values()) / QUESTIONS,
        spread=", ".join(f"{kind} {count} cached" for kind, count in spared.items()),
        kept=min(same.values()) == QUESTIONS,
        what="temperature 0, 12 tokens, one system prompt for ten questions",
    )


def _cold(settings: EngineSettings) -> list[str]:
    """Return the answers of an engine that can reuse nothing: no two questions in turn begin alike."""
    answers = {}
    engine = Engine(settings)
    try:
        for number in sorted(range(QUESTIONS), key=lambda number: number % 10):
            answers[number], cached = _asked(engine, number)
            if cached:
                raise NotRun("a first reading was not cold")
    finally:
        engine.close()
    return [answers[number] for number in range(QUESTIONS)]


def _asked(engine: Engine, number: int) -> tuple[str, int]:
    system = f"You are assistant {number // 10}. " + "Answer briefly, politely and in plain words. " * 8
    question = f"What is {number} good for, and where would one meet it?"
    messages = (Message(Role.SYSTEM, system), Message(Role.USER, question))
    items, shown = engine.stream(messages, SamplingParams(max_tokens=12), slot=f"question-{number}"), ""
    while True:
        try:
            item = next(items)
        except StopIteration as end:
            return shown, end.value.timings.cached_tokens
        shown += item.text if isinstance(item, Token) else ""


def _answer(engine: Engine, words: str, count: int, *, lookup: bool) -> tuple[str, Generated]:
    sampling = SamplingParams(max_tokens=count)
    items, shown = engine.stream((Message(Role.USER, words),), sampling, lookup=lookup), ""
    while True:
        try:
            item = next(items)
        except StopIteration as end:
            return shown, end.value
        shown += item.text if isinstance(item, Token) else ""


@contextlib.contextmanager
def _starter() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        home.create()
        try:
            yield model_files.starter_chat(home).path
        except MaruError as error:
            raise NotRun(str(error)) from None


@contextlib.contextmanager
def _ours(path: Path) -> Iterator[tuple[Generation, llama.Model]]:
    """Have the loop in this process, with a model whose answers never end."""
    llama.start()
    model = llama.Model(path)
    piece = model.piece
    model.ends = lambda _token: False  # type: ignore[method-assign]
    model.piece = lambda token: piece(token) or b"."  # type: ignore[method-assign]
    context = Context(model, n_ctx=N_CTX, threads=default_threads())
    try:
        yield Generation(model, context, Memory(context)), model
    finally:
        context.close()
        model.close()


@contextlib.contextmanager
def _bare(path: Path) -> Iterator[Bare]:
    made = Bare(path, default_threads(), N_CTX)
    try:
        yield made
    finally:
        made.close()


def _as_f16(path: Path, target: Path) -> Path:
    """Write the model again with 16 bits a weight: the kernels of llama.cpp for it gain by batches."""
    parameters = api.llama_model_quantize_default_params()
    parameters.ftype, parameters.allow_requantize = F16, True
    if api.llama_model_quantize(os.fsencode(path), os.fsencode(target), parameters) != 0:
        raise NotRun("the model could not be converted")
    return target


ROWS: Rows = {"G2": growth, "G8": guessing, "G10": stopping, "H4": sameness}
