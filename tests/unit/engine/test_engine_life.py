# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The client's side of an engine's life: lost, revived, set aside, stopped, paused, unloaded."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.engine.client import Engine
from assistant.engine.protocol import EngineSettings, TextKind, Token
from assistant.engine.setbacks import MOST_LOSSES, offer
from assistant.errors import (
    EngineError,
    Offer,
    OutOfMemoryError,
    SetAsideError,
    WorkerCrashedError,
    WorkerTimeoutError,
)
from assistant.messages import FinishReason, Message, Role
from assistant.sampling import SamplingParams
from assistant.workers.state import Phase, WorkerState
from assistant.workers.yielding import Yielding
from tests.unit.engine.frail_engine import FRAIL_ENGINE
from tests.waiting import until

SILENCE_S = 0.6
STOPPED_S = 4 * 0.15  # the goal, on a busy machine


@pytest.fixture
def states() -> list[WorkerState]:
    """What the engines of a test told, in order."""
    return []


@pytest.fixture
def start(states: list[WorkerState]) -> Iterator[Callable[..., Engine]]:
    started: list[Engine] = []

    def make(model: str = "fake.gguf", n_ctx: int = 0, **named: Any) -> Engine:
        settings = EngineSettings(Path(model), n_ctx=n_ctx, name="A model")
        started.append(Engine(settings, module=FRAIL_ENGINE, on_change=states.append, **named))
        return started[-1]

    yield make
    for engine in started:
        engine.close()


def ask(engine: Engine, words: str, stop: threading.Event | None = None) -> str:
    items = engine.stream([Message(Role.USER, words)], SamplingParams(), stop)
    return "".join(item.text for item in items if isinstance(item, Token))


def lose(engine: Engine, times: int) -> None:
    for _ in range(times):
        with pytest.raises(WorkerCrashedError):
            ask(engine, "crash")


def test_an_engine_that_was_killed_offers_a_smaller_context_window(start):
    with pytest.raises(OutOfMemoryError) as killed:
        ask(start(n_ctx=4096), "kill")
    assert killed.value.offer == Offer(n_ctx=2048)


@pytest.mark.untraced("stops a process")
def test_a_hang_is_one_sentence_and_the_next_question_is_answered(start):
    engine = start(silence_s=SILENCE_S)
    with pytest.raises(WorkerTimeoutError, match="chat engine gave no sign of life"):
        ask(engine, "halt")
    assert ask(engine, "echo: back") == "back"


@pytest.mark.parametrize(("layers", "seconds"), [(0, 2.0), (3, 12.0)])
def test_a_graphics_card_may_be_silent_for_longer(layers, seconds):
    settings = EngineSettings(Path("fake.gguf"), n_gpu_layers=layers)
    with contextlib.closing(Engine(settings, module=FRAIL_ENGINE, silence_s=2.0)) as engine:
        assert engine._silence() == 2.0, "before it is known where the model runs"
        engine.loaded()
        assert engine._silence() == seconds


def test_three_losses_in_a_row_set_a_model_aside_with_an_offer(start, states):
    engine = start(n_ctx=4096)
    lose(engine, 2)
    with pytest.raises(SetAsideError, match="failed three times in a row with A model") as last:
        ask(engine, "crash")
    assert last.value.offer == Offer(n_ctx=2048)
    assert states[-1].phase is Phase.SET_ASIDE
    with pytest.raises(SetAsideError):
        ask(engine, "echo: still here")
    assert engine.pid is None
    assert engine.devices(), "what needs no model goes on"


def test_an_answer_in_between_forgives_the_losses(start):
    engine = start()
    for _ in range(2):
        lose(engine, 2)
        assert ask(engine, "echo: fine") == "fine"


@pytest.mark.parametrize("answer", [
    lambda engine: engine.embed(["rent"], TextKind.QUESTION),
    lambda engine: engine.embed(["rent"], TextKind.PASSAGE),
], ids=["question", "passage"])  # fmt: skip
def test_a_vector_in_between_forgives_the_losses(start, answer):
    engine = start()
    for number in range(2 * MOST_LOSSES):
        assert answer(engine), number
        before = engine._worker.losses
        os.kill(engine.pid, signal.SIGKILL)
        until(lambda before=before: engine._worker.losses > before)


@pytest.mark.parametrize("forgive", [
    Engine.try_again,
    lambda engine: engine.configure(EngineSettings(Path("fake.gguf"), n_ctx=2048)),
])  # fmt: skip
def test_a_model_that_was_set_aside_starts_when_it_is_asked_for(start, forgive):
    engine = start(n_ctx=4096)
    lose(engine, 3)
    forgive(engine)
    assert ask(engine, "echo: back") == "back"


def test_a_model_that_crashes_at_loading_is_tried_three_times_by_itself(start, states):
    engine = start("deadly.gguf", revives=True)
    with contextlib.suppress(WorkerCrashedError):
        engine.loaded()
    until(lambda: bool(states) and states[-1].phase is Phase.SET_ASIDE)
    assert [state.phase for state in states].count(Phase.STARTING) == 3
    with pytest.raises(SetAsideError) as refused:
        engine.loaded()
    assert refused.value.offer == Offer(n_ctx=4096, n_gpu_layers=0)


def test_what_is_offered_depends_on_where_the_model_ran(start):
    info = start(n_ctx=2048).loaded()
    settings = EngineSettings(Path("x.gguf"))
    assert offer(settings, info) == Offer(n_ctx=1024)
    on_card = replace(info, layers_offloaded=20)
    assert offer(settings, on_card) == Offer(n_gpu_layers=10)
    smallest = replace(info, n_ctx=1024)
    assert offer(settings, smallest) is None
    assert offer(EngineSettings(Path("x.gguf"), embedding=True), None) is None


def test_a_crash_revives_process_and_model_without_a_question(start):
    engine = start(revives=True)
    assert ask(engine, "echo: one") == "one"
    lost = time.monotonic()
    with pytest.raises(WorkerCrashedError):
        ask(engine, "crash")
    until(lambda: engine.info is not None)
    assert time.monotonic() - lost < 4.0
    assert ask(engine, "echo: two") == "two"


def test_a_death_between_two_questions_is_seen_and_mended(start, states):
    engine = start(revives=True)
    engine.loaded()
    os.kill(engine.pid, signal.SIGKILL)
    until(lambda: Phase.CRASHED in [state.phase for state in states])
    until(lambda: engine.info is not None)
    assert [state.phase for state in states].count(Phase.STARTING) == 2, "it is another process"


def test_closing_stops_a_revival(start):
    engine = start(revives=True)
    engine.loaded()
    engine.configure(EngineSettings(Path("stubborn.gguf")))
    loading = engine.load()
    next(loading)
    os.kill(engine.pid, signal.SIGKILL)
    with pytest.raises(WorkerCrashedError):
        next(loading)
    until(lambda: engine.pid is not None)
    engine.close()
    assert engine.pid is None


def test_a_load_that_listens_to_nobody_is_stopped_all_the_same(start):
    engine = start("stubborn.gguf")
    stop = threading.Event()
    loading = engine.load(stop)
    next(loading)
    stop.set()
    begun = time.monotonic()
    with pytest.raises(EngineError, match="stopped"):
        next(loading)
    assert time.monotonic() - begun < STOPPED_S
    engine.configure(EngineSettings(Path("fake.gguf")))
    assert ask(engine, "echo: back") == "back"


def test_a_question_that_waits_for_its_turn_can_be_stopped(start):
    engine = start()
    first = engine.stream([Message(Role.USER, "long")], SamplingParams())
    next(first)
    stop = threading.Event()
    threading.Timer(0.05, stop.set).start()
    second = engine.stream([Message(Role.USER, "echo: two")], SamplingParams(), stop)
    with pytest.raises(StopIteration) as ended:
        next(second)
    assert ended.value.value.finish_reason is FinishReason.CANCELLED
    first.close()


def test_an_idle_engine_is_unloaded_and_loads_again(start, states):
    engine = start()
    engine.unload_when_idle(0.2)
    assert ask(engine, "echo: one") == "one"
    until(lambda: states[-1].phase is Phase.STOPPED)
    assert engine.info is None
    assert ask(engine, "echo: two") == "two"


def test_what_an_engine_does_is_told(start, states):
    ask(start(), "echo: one")
    told = [(state.phase, state.fraction) for state in states]
    loading = [
        (Phase.STARTING, 0),
        (Phase.BUSY, 0),
        (Phase.LOADING, 0.5),
        (Phase.LOADING, 1.0),
        (Phase.READY, 0),
    ]
    assert told == [*loading, (Phase.BUSY, 0), (Phase.READY, 0)]
    assert {str(state.name) for state in states} == {"chat engine"}


def test_while_an_answer_streams_passages_wait_and_none_is_lost(start):
    embedder = start()
    texts = [f"rent {number}" for number in range(150)]
    whole = embedder.embed(texts, TextKind.PASSAGE)
    chat = start(busy=Yielding([embedder]))
    chat.loaded()
    vectors: list[bytes] = []
    indexing = threading.Thread(target=lambda: vectors.extend(embedder.embed(texts, TextKind.PASSAGE)))
    answer = chat.stream([Message(Role.USER, "long")], SamplingParams())
    next(answer)
    indexing.start()
    indexing.join(150 * 0.005 * 2)
    assert indexing.is_alive(), "it waits"
    assert embedder.embed(["rent 1"], TextKind.QUESTION) == whole[1:2], "a question does not"
    answer.close()
    indexing.join()
    assert vectors == whole


def test_a_question_goes_before_the_passages_of_a_whole_document(start):
    embedder = start()
    embedder.loaded()
    texts = [f"rent {number}" for number in range(128)]
    vectors: list[bytes] = []
    indexing = threading.Thread(target=lambda: vectors.extend(embedder.embed(texts, TextKind.PASSAGE)))
    indexing.start()
    until(lambda: embedder._worker._turns.taken)
    begun = time.monotonic()
    embedder.embed(["rent"], TextKind.QUESTION)
    answered = time.monotonic() - begun
    assert indexing.is_alive()
    indexing.join()
    assert answered < 0.75 * (time.monotonic() - begun)
    assert len(vectors) == 128
    assert all(vectors)
