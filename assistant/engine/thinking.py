# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Reasoning models: which part of what they write is thinking, and where the answer begins.

The markers are those of the models' own chat templates (DeepSeek-R1, Qwen3, SmolLM3, GLM and others:
<think>; Magistral and Ministral: [THINK]; Seed-OSS, MiniMax-M3, Apriel: names of their own; Command R:
<|START_THINKING|>; gpt-oss: the channel "analysis"; Gemma: the channel "thought"; Solar: <|think|>).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.engine.pieces import TextPieces
from assistant.engine.template import ChatTemplate, Tokenizer, is_marker
from assistant.errors import ModelError
from assistant.messages import Message, Role

SPACES = b" \t\r\n"


@dataclass(frozen=True)
class ThinkingHabit:
    """How a model marks its thinking.

    `start` and `end` enclose it; `opened`: the chat template writes `start` itself. `before_answer`
    are strings that may stand between `end` and the answer, or before an answer without thinking;
    the first of them belongs there. `sign` is what a template with this habit contains, "" for `end`.
    """

    start: str
    end: str
    before_answer: tuple[str, ...] = ()
    sign: str = ""
    opened: bool = False

    @property
    def ending(self) -> str:
        """What ends the thinking where it has gone on for too long."""
        return f"\n{self.end}" + (self.before_answer[0] if self.before_answer else "\n\n")

    def shows(self, marker: str) -> bool:
        """Say whether a control token belongs to the marks of thinking."""
        return bool(marker) and any(marker in part for part in (self.start, self.end, *self.before_answer))


HABITS = (
    ThinkingHabit("<think>", "</think>"),
    ThinkingHabit("<thinking>", "</thinking>"),
    ThinkingHabit("<thought>", "</thought>"),
    ThinkingHabit("<reasoning>", "</reasoning>"),
    ThinkingHabit("[THINK]", "[/THINK]"),
    ThinkingHabit("<seed:think>", "</seed:think>"),
    ThinkingHabit("<mm:think>", "</mm:think>"),
    ThinkingHabit("<|START_THINKING|>", "<|END_THINKING|>", ("<|START_RESPONSE|>",)),
    ThinkingHabit(
        "<|channel|>analysis<|message|>",
        "<|end|>",
        ("<|start|>assistant<|channel|>final<|message|>", "<|channel|>final<|message|>"),
        sign="<|channel|>analysis",
    ),
    ThinkingHabit("<|channel>thought\n", "<channel|>", sign="<|channel>thought"),
    ThinkingHabit("<|think|>", "<|end|>", ("<|begin|>assistant<|content|>", "<|content|>"), sign="<|think|>"),
)


def habit_of(template: ChatTemplate, model: Tokenizer) -> ThinkingHabit | None:
    """Return how a model thinks, by its template or else its vocabulary; None where it does not."""
    if not template.source:
        return None
    for habit in HABITS:
        known = is_marker(model, habit.start) and is_marker(model, habit.end)
        if (habit.sign or habit.end) in template.source or (known and not habit.sign):
            return replace(habit, opened=_opened(template, habit))
    return None


def _opened(template: ChatTemplate, habit: ThinkingHabit) -> bool:
    try:
        last = template.render([Message(Role.USER, "a")])[-1]
    except ModelError:
        return False
    return not last.content and last.words.rfind(habit.start.strip()) > last.words.rfind(habit.end)


class AnswerText:
    """What a model writes, as text that can be shown: thinking apart, stop strings left out."""

    def __init__(
        self, habit: ThinkingHabit | None, stop: Sequence[str] = (), *, drop_first_space: bool = False
    ) -> None:
        """Begin an answer. `drop_first_space`: SentencePiece models begin every text with one."""
        self._split = _Split(habit)
        self._thought = TextPieces()
        self._said = TextPieces(stop, drop_first_space=drop_first_space)

    @property
    def thinking(self) -> bool:
        """Whether what comes next belongs to the thinking."""
        return self._split.thinking

    @property
    def stopped(self) -> bool:
        """Whether a stop string came. Thinking knows none."""
        return self._said.stopped

    def feed(self, data: bytes) -> list[tuple[str, bool]]:
        """Return the texts that can be shown now, each with whether it was thought."""
        return [] if self.stopped else self._shown(self._split.feed(data))

    def flush(self) -> list[tuple[str, bool]]:
        """Return what was held back, at the end."""
        shown = self._shown(self._split.flush())
        last = [(self._thought.flush(), True), (self._said.flush(), False)]
        return [*shown, *((words, thought) for words, thought in last if words)]

    def _shown(self, parts: Sequence[tuple[bytes, bool]]) -> list[tuple[str, bool]]:
        shown = [((self._thought if thought else self._said).feed(data), thought) for data, thought in parts]
        return [(words, thought) for words, thought in shown if words]


class _Split:
    """Divides bytes at the marks of thinking, however they are cut."""

    def __init__(self, habit: ThinkingHabit | None) -> None:
        self._held = b""
        self._before: tuple[bytes, ...] = ()
        self._end = b""
        self._start = b""
        self._beginning = False  # spaces at the beginning of a part are left out
        self.thinking = False
        if habit is not None:
            self._start, self._end = habit.start.strip().encode(), habit.end.encode()
            self._before = tuple(string.encode() for string in habit.before_answer)
            self.thinking = self._beginning = habit.opened
        self._undecided = habit is not None and not habit.opened

    def feed(self, data: bytes) -> list[tuple[bytes, bool]]:
        self._held += data
        parts: list[tuple[bytes, bool]] = []
        while self._held and (part := self._next()) is not None:
            if part[0]:
                parts.append(part)
        return parts

    def flush(self) -> list[tuple[bytes, bool]]:
        held, self._held = self._held, b""
        return [(held, self.thinking)] if held and not (self._beginning and not held.strip(SPACES)) else []

    def _next(self) -> tuple[bytes, bool] | None:
        """Return the next part, maybe empty; None where more must come first."""
        if self._undecided:
            return self._decided()
        if self._beginning:
            self._held = self._held.lstrip(SPACES)
            if not self._held:
                return None
        if self.thinking:
            return self._thought()
        if self._beginning and self._before:
            return self._answer_begins()
        return self._all()

    def _decided(self) -> tuple[bytes, bool] | None:
        """Find out how the text begins: with thinking, with the mark of an answer, or with words."""
        words = self._held.lstrip(SPACES)
        if words.startswith(self._start):
            self._held = words[len(self._start) :]
            self._undecided, self.thinking, self._beginning = False, True, True
            return b"", True
        if not words or self._start.startswith(words):
            return None
        if any(string.startswith(words) or words.startswith(string) for string in self._before):
            self._held = words
            self._undecided, self._beginning = False, True
            return b"", False
        self._undecided = False
        return b"", False

    def _thought(self) -> tuple[bytes, bool] | None:
        at = self._held.find(self._end)
        if at >= 0:
            part, self._held = self._held[:at], self._held[at + len(self._end) :]
            self.thinking, self._beginning = False, True
            return part.rstrip(SPACES), True
        kept = next((n for n in range(min(len(self._end) - 1, len(self._held)), 0, -1)
                     if self._held.endswith(self._end[:n])), 0)  # fmt: skip
        part, self._held = self._held[: len(self._held) - kept], self._held[len(self._held) - kept :]
        if not part:
            return None
        self._beginning = False
        return part, True

    def _answer_begins(self) -> tuple[bytes, bool] | None:
        for string in self._before:
            if self._held.startswith(string):
                self._held = self._held[len(string) :]
                self._before = ()
                return b"", False
        if any(string.startswith(self._held) for string in self._before):
            return None
        return self._all()

    def _all(self) -> tuple[bytes, bool]:
        part, self._held, self._beginning = self._held, b"", False
        return part, False
