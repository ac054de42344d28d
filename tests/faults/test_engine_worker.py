# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""F2, F3, F12: the engine's process dies at any moment, or is given a bad file; nobody else minds."""

import itertools
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant import model_files
from assistant.engine.client import CHAT_ENGINE, EMBEDDING_ENGINE, Engine
from assistant.engine.protocol import EngineSettings, LoadProgress, PromptProgress, TextKind, Token
from assistant.errors import (
    EngineError,
    MaruError,
    ModelError,
    Offer,
    OutOfMemoryError,
    SetAsideError,
    WorkerCrashedError,
    WorkerTimeoutError,
)
from assistant.messages import FinishReason, Message, Role
from assistant.paths import Home
from assistant.sampling import SamplingParams
from assistant.workers import watch
from tests.fault_table import trials

pytestmark = pytest.mark.real_model

QUESTION = (Message(Role.USER, "Name three colours."),)
LONG_QUESTION = (Message(Role.USER, "Read this long text about nothing. " * 300),)
SHORT = SamplingParams(max_tokens=4)
LONG = SamplingParams(max_tokens=500)
BACK_S = 2.0  # beside the time of loading
SEEN_S = 10.0


def outcome(items: Generator[Any, None, Any]) -> tuple[list[Any], Any]:
    seen = []
    while True:
        try:
            seen.append(next(items))
        except StopIteration as end:
            return seen, end.value


@pytest.fixture(scope="module")
def models_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("models") / "home")
    made.create()
    return made


@pytest.fixture
def start() -> Iterator[Callable[..., Engine]]:
    started: list[Engine] = []

    def make(model: Path, *, revives: bool = False, **fields: Any) -> Engine:
        name = EMBEDDING_ENGINE if fields.get("embedding") else CHAT_ENGINE
        started.append(Engine(EngineSettings(model, **fields), name=name, revives=revives))
        return started[-1]

    yield make
    for engine in started:
        engine.close()


def answer(engine: Engine) -> str:
    items, generated = outcome(engine.stream(QUESTION, SHORT))
    assert generated.finish_reason is FinishReason.LENGTH
    assert engine.info is not None
    return "".join(item.text for item in items if isinstance(item, Token))


def while_loading(engine: Engine) -> Generator[Any, None, Any]:
    engine.close()
    items = engine.load()
    assert isinstance(next(items), LoadProgress)
    return items


def while_reading(engine: Engine) -> Generator[Any, None, Any]:
    engine.loaded()
    items = engine.stream(LONG_QUESTION, SHORT)
    assert isinstance(next(items), PromptProgress)
    return items


def while_writing(engine: Engine) -> Generator[Any, None, Any]:
    engine.loaded()
    items = engine.stream(QUESTION, LONG)
    assert any(isinstance(item, Token) for item in itertools.islice(items, 6))
    return items


MOMENTS = [while_loading, while_reading, while_writing]


@pytest.mark.fault("F2")
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_engine_comes_back_by_itself_and_answers_the_same(
    start, models_home: Home, moment, record_property
):
    engine = start(model_files.starter_chat(models_home).path, n_ctx=4096, revives=True)
    loading = time.monotonic()
    whole = answer(engine)
    loading = time.monotonic() - loading
    tries = trials(1, 13)
    record_property("trials", tries)
    for _ in range(tries):
        items = moment(engine)
        os.kill(engine.pid, signal.SIGKILL)
        killed = time.monotonic()
        with pytest.raises(OutOfMemoryError, match="chat engine ended unexpectedly, maybe because memory"):
            outcome(items)
        while engine.info is None:
            assert time.monotonic() - killed < BACK_S + 2 * loading
            threading.Event().wait(0.01)
        assert answer(engine) == whole


@pytest.mark.fault("F2")
def test_a_killed_search_engine_embeds_the_same_again(start, models_home: Home, record_property):
    engine = start(model_files.starter_embedding(models_home).path, embedding=True)
    texts = [f"The rent of flat {number} is due on the fifth day of each month." for number in range(150)]
    whole = engine.embed(texts, TextKind.PASSAGE)
    chance = random.Random(2)
    tries = trials(1, 13)
    record_property("trials", tries)
    for _ in range(tries):
        ended: list[MaruError] = []
        thread = threading.Thread(target=embed_until_it_ends, args=(engine, texts, ended))
        thread.start()
        thread.join(chance.random() / 5)
        os.kill(engine.pid, signal.SIGKILL)
        thread.join()
        assert isinstance(ended[0], WorkerCrashedError)
        assert "search engine ended unexpectedly" in str(ended[0])
        assert engine.embed(texts, TextKind.PASSAGE) == whole


def embed_until_it_ends(engine: Engine, texts: list[str], ended: list[MaruError]) -> None:
    try:
        while True:
            engine.embed(texts, TextKind.PASSAGE)
    except MaruError as error:
        ended.append(error)


@pytest.mark.fault("F3")
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_crash_is_one_sentence_and_the_next_question_is_answered_the_same(
    start, models_home: Home, moment, record_property
):
    engine = start(model_files.starter_chat(models_home).path, n_ctx=4096)
    whole = answer(engine)
    tries = trials(1, 12)
    record_property("trials", tries)
    for _, number in zip(range(tries), itertools.cycle((signal.SIGSEGV, signal.SIGABRT)), strict=False):
        items = moment(engine)
        os.kill(engine.pid, number)
        with pytest.raises(WorkerCrashedError, match="chat engine ended unexpectedly: it"):
            outcome(items)
        assert engine.info is None
        assert answer(engine) == whole


@pytest.mark.fault("F3")
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.untraced("stops a process")
def test_a_stopped_engine_is_seen_ended_and_answers_the_next_question_the_same(
    start, models_home: Home, moment, record_property, monkeypatch
):
    if trials(1, 2) == 1:
        monkeypatch.setattr(watch, "SILENCE_S", 0.8)  # the full count waits as long as people do
    engine = start(model_files.starter_chat(models_home).path, n_ctx=4096)
    whole = answer(engine)
    tries = trials(1, 5)
    record_property("trials", tries)
    for _ in range(tries):
        items = moment(engine)
        os.kill(engine.pid, signal.SIGSTOP)
        stopped = time.monotonic()
        with pytest.raises(WorkerTimeoutError, match="chat engine gave no sign of life"):
            outcome(items)
        assert time.monotonic() - stopped <= SEEN_S
        assert answer(engine) == whole


@pytest.mark.fault("F3")
def test_three_crashes_set_a_model_aside_until_it_is_asked_for(start, models_home: Home):
    engine = start(model_files.starter_chat(models_home).path, n_ctx=4096)
    whole = answer(engine)
    for expected in (WorkerCrashedError, WorkerCrashedError, SetAsideError):
        items = while_writing(engine)
        os.kill(engine.pid, signal.SIGSEGV)
        with pytest.raises(expected):
            outcome(items)
    with pytest.raises(SetAsideError) as refused:
        answer(engine)
    assert refused.value.offer == Offer(n_ctx=2048)
    engine.try_again()
    assert answer(engine) == whole


@pytest.mark.fault("F3")
def test_a_letter_that_a_vocabulary_lacks_ends_no_process(start, shared_data: Path):
    toy = start(shared_data / "models" / "babyllama-tok105-1M.gguf")
    assert toy.loaded().n_ctx == 256
    pid = toy.pid
    outcome(toy.stream((Message(Role.USER, "집세는 얼마입니까?"),), SHORT))
    assert toy.pid == pid


@pytest.mark.fault("F12")
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"<html></html>", "web page"),
        (b"%PDF-1.7", "is not a GGUF"),
        (None, "is a folder"),
    ],
)
def test_what_is_no_model_is_refused_with_the_reason(start, tmp_path: Path, content, reason):
    path = tmp_path / "model.gguf"
    path.mkdir() if content is None else path.write_bytes(content)
    with pytest.raises(ModelError, match=reason):
        start(path).loaded()


@pytest.mark.fault("F7")
def test_a_context_nobody_has_memory_for_is_refused_and_a_smaller_one_works(start, models_home: Home):
    path = model_files.starter_chat(models_home).path
    engine = start(path, n_ctx=2_000_000_000)
    with pytest.raises(EngineError, match="fits"):
        engine.loaded()
    engine.configure(EngineSettings(path, n_ctx=512))
    assert answer(engine)
