# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The client over a fake worker: what other tests rely on, and what needs no model."""

import itertools
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.engine.client import Engine
from assistant.engine.protocol import EngineSettings, Generated, TextKind, Token
from assistant.errors import ModelError, WorkerCrashedError
from assistant.messages import FinishReason, Message, Role
from assistant.sampling import SamplingParams
from tests.fake_engine import DIMENSIONS, FAKE_ENGINE


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = Engine(EngineSettings(Path("fake.gguf")), module=FAKE_ENGINE)
    yield made
    made.close()


def ask(engine: Engine, words: str, stop: threading.Event | None = None):
    return engine.stream([Message(Role.USER, words)], SamplingParams(), stop)


def ended(items) -> Generated:
    while True:
        try:
            next(items)
        except StopIteration as end:
            return end.value


def said(items) -> str:
    return "".join(item.text for item in items if isinstance(item, Token))


def test_the_answer_is_known_beforehand(engine: Engine):
    assert said(ask(engine, "echo: one two  three")) == "one two  three"
    assert said(ask(engine, "Say this. The rent is 850 pounds. Bye.")) == "The rent is 850 pounds."
    assert said(ask(engine, "Who is there?")) == "I do not know."


def test_a_long_answer_can_be_stopped(engine: Engine):
    stop = threading.Event()
    items = ask(engine, "long", stop)
    assert len(list(itertools.islice(items, 5))) == 5
    stop.set()
    assert ended(items).finish_reason is FinishReason.CANCELLED


def test_a_crash_in_the_middle_is_told_and_the_next_question_answered(engine: Engine):
    items = ask(engine, "crash")
    with pytest.raises(WorkerCrashedError):
        said(items)
    assert engine.info is None
    assert said(ask(engine, "echo: back")) == "back"
    assert engine.info is not None


def test_vectors_of_texts_that_share_words_are_near(engine: Engine):
    vectors = engine.embed(["monthly rent", "the monthly rent", "cats sleep"], TextKind.PASSAGE)
    assert [len(vector) for vector in vectors] == [4 * DIMENSIONS] * 3


def test_a_damaged_model_is_an_error_at_loading():
    engine = Engine(EngineSettings(Path("damaged.gguf")), module=FAKE_ENGINE)
    with pytest.raises(ModelError, match="damaged"):
        engine.loaded()
    engine.close()
