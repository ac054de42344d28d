# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Thinking is told from the answer, however the stream is cut."""

import pytest

from assistant.engine.template import CHATML, ChatTemplate
from assistant.engine.thinking import HABITS, AnswerText, ThinkingHabit, habit_of
from tests.unit.engine.test_template import Words

THINK = ThinkingHabit("<think>", "</think>")
CHANNELS = next(habit for habit in HABITS if "analysis" in habit.start)


def read(habit: ThinkingHabit | None, pieces: list[bytes], stop: tuple[str, ...] = ()) -> tuple[str, str]:
    """Return what was thought and what was said."""
    answer = AnswerText(habit, stop)
    shown = [part for piece in pieces for part in answer.feed(piece)] + answer.flush()
    assert all(words for words, _ in shown)
    return tuple("".join(words for words, thought in shown if thought is kind) for kind in (True, False))


def cuts(text: str) -> list[list[bytes]]:
    """Return a text as one piece, cut in two at every place, and byte by byte."""
    data = text.encode()
    halves = [[data[:at], data[at:]] for at in range(1, len(data))]
    return [[data], *halves, [bytes([one]) for one in data]]


WRITTEN = {
    "<think>\nso 3 </thin\n</think>\n\n나 8 </think> <think>": ("so 3 </thin", "나 8 </think> <think>"),
    "\n <think>a</think>b": ("a", "b"),
    "<think>\n\n</think>\n\nb": ("", "b"),
    "<think></think>b": ("", "b"),
    "no thinking <think>a</think>": ("", "no thinking <think>a</think>"),
    " <thing> a": ("", " <thing> a"),
    "<thi": ("", "<thi"),
    "<think>never ends </th": ("never ends </th", ""),
    "<think>a</think>\n\n": ("a", ""),
    "": ("", ""),
}  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN)
def test_thinking_comes_apart_from_the_answer_wherever_the_stream_is_cut(text: str):
    for pieces in cuts(text):
        thought, said = read(THINK, pieces)
        assert (thought.rstrip(), said) == WRITTEN[text], pieces


def test_a_template_that_opens_the_thinking_itself():
    opened = ThinkingHabit("<think>", "</think>", opened=True)
    for pieces in cuts("\nso it is\n</think>\n\nyes"):
        thought, said = read(opened, pieces)
        assert (thought.rstrip(), said) == ("so it is", "yes")
    assert AnswerText(opened).thinking


@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.start.strip())
def test_every_habit_is_read_and_can_be_ended(habit: ThinkingHabit):
    for pieces in cuts(f"{habit.start}because 5 < 6{habit.ending}yes, 5"):
        thought, said = read(habit, pieces)
        assert (thought.rstrip(), said) == ("because 5 < 6", "yes, 5"), pieces


def test_an_answer_in_the_last_channel_without_thinking():
    for pieces in cuts("<|channel|>final<|message|>yes"):
        assert read(CHANNELS, pieces) == ("", "yes")


def test_stop_strings_end_the_answer_and_not_the_thinking():
    for pieces in cuts("<think>a END b</think>c END d"):
        thought, said = read(THINK, pieces, ("END",))
        assert (thought, said) == ("a END b", "c ")


def test_without_a_habit_everything_is_the_answer():
    assert read(None, [b"\n<think>a</think>", "\n가".encode()[:3], "가".encode()[2:]]) == (
        "",
        "\n<think>a</think>\n가",
    )


def test_bytes_that_are_no_text_do_not_hold_the_stream_up():
    assert read(THINK, [b"<think>\xff a</think>\xfe b"]) == ("\ufffd a", "\ufffd b")


OPENING = CHATML.replace("assistant\n' }}", "assistant\n<think>\n' }}")
CLOSED = CHATML.replace("assistant\n' }}", "assistant\n<think>\n\n</think>\n\n' }}")
STRIPS_OLD = "{% set _ = 'x'.split('</think>')[-1] %}" + CHATML


@pytest.mark.parametrize(
    ("source", "markers", "start", "opened"),
    [
        (STRIPS_OLD, (), "<think>", False),
        (OPENING + "{# </think> #}", (), "<think>", True),
        (CLOSED, (), "<think>", False),
        (OPENING + "{% if not enable_thinking %}</think>{% endif %}", (), "<think>", True),
        (CHATML, ("<think>", "</think>"), "<think>", False),
        (OPENING, ("<think>", "</think>"), "<think>", True),
        (CHATML, ("[THINK]", "[/THINK]"), "[THINK]", False),
        (CHATML + "{# <|channel|>analysis #}", (), "<|channel|>analysis<|message|>", False),
        (CHATML + "{# <|channel>thought #}<|think|>", (), "<|channel>thought\n", False),
        (CHATML, ("<think>",), None, False),
        (CHATML, ("<|end|>", "<|think|>"), None, False),
        (CHATML, (), None, False),
        ("", ("<think>", "</think>"), None, False),
    ],
)
def test_a_reasoning_model_is_known_by_its_template_or_its_vocabulary(source, markers, start, opened):
    habit = habit_of(ChatTemplate(source), Words(*markers))
    assert (habit.start if habit else None, habit.opened if habit else False) == (start, opened)


def test_control_tokens_of_thinking_are_shown_to_the_splitter_alone():
    assert CHANNELS.shows("<|channel|>")
    assert CHANNELS.shows("<|message|>")
    assert not CHANNELS.shows("<|call|>")
    assert not THINK.shows("")
