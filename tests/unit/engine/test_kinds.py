# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Kinds of models a person may bring, in the real loop: reasoning, base, recurrent, oddly templated."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.engine.client import Engine
from assistant.engine.protocol import EngineSettings, Generate, Generated, Token
from assistant.messages import FinishReason, Message, Role
from assistant.sampling import SamplingParams
from tests.tiny_models import CHATML, CHATML_MARKERS, END, byte, write_mamba, write_script

THINK = ("<think>", "</think>")
OPENING = CHATML.replace("assistant\n{% endif %}", "assistant:<think>{% endif %}")
QUESTION = (Message(Role.USER, "Why?"),)
GREEDY = SamplingParams(max_tokens=20, seed=1)


def chain(*tokens: str) -> dict[str, str]:
    """Return a script in which each of the tokens follows the one before; letters stand for bytes."""
    named = [byte(token) if len(token) == 1 else token for token in tokens]
    return dict(pairwise(named))


THINKING = chain("\n", "<think>", "a", "b", "c", "</think>", "x", "y", END)
ENDLESS = chain("<think>", "a", "b", "a") | chain("\n", "x", "y", "z", END)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[Path], Engine]]:
    """Return a function that starts an engine."""
    engines: list[Engine] = []

    def started(path: Path) -> Engine:
        engines.append(Engine(EngineSettings(path, n_ctx=512)))
        return engines[-1]

    yield started
    for engine in engines:
        engine.close()


def script(tmp_path: Path, following: dict[str, str], template: str = CHATML, **how: object) -> Path:
    return write_script(
        tmp_path / "script.gguf", following, template=template, markers=(*CHATML_MARKERS, *THINK), **how
    )


def answer(
    engine: Engine, messages: tuple[Message, ...] = QUESTION, sampling: SamplingParams = GREEDY, **how: object
) -> tuple[str, str, Generated]:
    """Return what was thought, what was said, and how it ended."""
    parts = {True: "", False: ""}
    items = engine._ready().stream(Generate(messages, sampling, **how))
    while True:
        try:
            item = next(items)
        except StopIteration as ended:
            return parts[True], parts[False], ended.value
        if isinstance(item, Token):
            parts[item.thinking] += item.text


@pytest.mark.parametrize("lookup", [True, False])
def test_a_model_that_thinks_first(tmp_path: Path, start: Callable[[Path], Engine], lookup: bool):
    engine = start(script(tmp_path, THINKING))
    assert engine.loaded().thinks
    thought, said, generated = answer(engine, lookup=lookup)
    assert (thought, said) == ("abc", "xy")
    assert generated.finish_reason is FinishReason.STOP
    assert generated.timings.thinking_tokens == 5
    assert generated.timings.predicted_tokens == 7


def test_thinking_does_not_count_as_answer(tmp_path: Path, start: Callable[[Path], Engine]):
    thought, said, generated = answer(
        start(script(tmp_path, THINKING)), sampling=replace(GREEDY, max_tokens=1)
    )
    assert (thought, said, generated.finish_reason) == ("abc", "x", FinishReason.LENGTH)


@pytest.mark.parametrize("lookup", [True, False])
def test_thinking_that_goes_on_for_too_long_is_ended_and_the_model_answers(
    tmp_path: Path, start: Callable[[Path], Engine], lookup: bool
):
    engine = start(script(tmp_path, ENDLESS, OPENING))
    for limit, thoughts in ((7, "abababa"), (0, "")):
        thought, said, generated = answer(engine, lookup=lookup, thinking_limit=limit)
        assert (thought.strip(), said) == (thoughts, "xyz")
        assert generated.finish_reason is FinishReason.STOP


def test_thinking_leaves_room_for_the_answer_in_a_small_window(
    tmp_path: Path, start: Callable[[Path], Engine]
):
    engine = start(script(tmp_path, ENDLESS, OPENING))
    thought, said, generated = answer(engine, thinking_limit=100_000)
    assert said == "xyz"
    assert len(thought) == pytest.approx((512 - generated.timings.prompt_tokens) // 2, abs=2)


def test_a_model_that_ends_within_its_thinking_answers_all_the_same(
    tmp_path: Path, start: Callable[[Path], Engine]
):
    stops = chain("<think>", "a", END) | chain("\n", "x", END)
    thought, said, _ = answer(start(script(tmp_path, stops, OPENING)))
    assert (thought.strip(), said) == ("a", "x")


def test_a_thinking_model_whose_vocabulary_has_no_marks_for_it(
    tmp_path: Path, start: Callable[[Path], Engine]
):
    path = write_script(tmp_path / "x.gguf", chain("\n", *"<>"), template=CHATML + "{# </think> #}")
    engine = start(path)
    assert engine.loaded().thinks
    assert answer(engine)[:2] == ("", "<>")


def test_a_model_that_does_not_think(tmp_path: Path, start: Callable[[Path], Engine]):
    engine = start(write_script(tmp_path / "x.gguf", chain("\n", "x", "y")))
    assert not engine.loaded().thinks
    assert answer(engine)[:2] == ("", "xy")


def test_a_base_model_continues_the_text(tmp_path: Path, start: Callable[[Path], Engine]):
    engine = start(script(tmp_path, chain("?", "x", "y"), ""))
    info = engine.loaded()
    assert not info.has_template
    assert info.template_fault is None
    assert not info.thinks
    assert answer(engine)[:2] == ("", "xy")


def test_a_faulty_template_gives_way_to_chatml_or_to_plain_turns(
    tmp_path: Path, start: Callable[[Path], Engine]
):
    engine = start(script(tmp_path, chain("\n", "x", "y"), "{% for %}"))
    info = engine.loaded()
    assert info.has_template
    assert "is faulty" in str(info.template_fault)
    assert answer(engine)[:2] == ("", "xy")
    turns = chain(":", "x", "\n", *"User", ":")
    plain = start(write_script(tmp_path / "plain.gguf", turns, template="{% for %}", markers=()))
    assert plain.loaded().template_fault is not None
    _, said, generated = answer(plain)
    assert (said, generated.finish_reason) == ("x", FinishReason.STOP)


HOSTILE = {
    "{% set r = range(99999) %}{% for a in r %}{% for b in r %}{% endfor %}{% endfor %}": "come to an end",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}{{ messages[0].content }}": "cannot show",
    "{% set n = namespace(s='aa') %}{% for i in range(99) %}{% set n.s = n.s ~ n.s %}{% endfor %}": "cannot",
}


@pytest.mark.parametrize("template", HOSTILE)
def test_a_model_with_a_hostile_template_answers_by_a_plain_layout(
    tmp_path: Path, start: Callable[[Path], Engine], template: str
):
    engine = start(script(tmp_path, chain("\n", "x", "y"), template))
    assert HOSTILE[template] in str(engine.loaded().template_fault)
    assert answer(engine)[:2] == ("", "xy")


def test_a_recurrent_model_answers_the_same_whatever_it_read_before(
    tmp_path: Path, start: Callable[[Path], Engine]
):
    path = write_mamba(tmp_path / "mamba.gguf")
    engine = start(path)
    assert engine.loaded().recurrent
    _, said, first = answer(engine)
    assert first.timings.drafted_tokens == 0
    follow = (*QUESTION, Message(Role.ASSISTANT, said), Message(Role.USER, "And then?"))
    edited = (Message(Role.USER, "Who?"),)
    warm = [answer(engine, turn)[1] for turn in (follow, edited, follow, QUESTION)]
    cold = [answer(start(path), turn)[1] for turn in (follow, edited)]
    assert warm == [*cold, cold[0], said]
