# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A long answer, a long conversation and a new start in the real window, with what stood under each answer.

    make screenshot RUN=long   # some minutes; the table goes to tests/benchmarks/results/

The starter model ends its answers soon, and goes round in circles in long ones: the long one is drawn
freely, which puts off both. What it writes means little; how fast it is written is what counts.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from assistant.sampling import PRESETS, Preset, SamplingParams
from assistant.texts import tr
from tests.benchmarks.machine import machine_facts
from tests.screenshot.person import Person
from ui.turns import Turn

RESULTS = Path(__file__).resolve().parents[1] / "benchmarks" / "results" / "long_conversation.md"
LONG = SamplingParams(temperature=1.0, top_k=0, top_p=1.0, min_p=0.02, seed=1, max_tokens=3000)
STRETCH = 500  # tokens of the long answer that are timed together
LOOK_MS = 5
QUESTIONS = (
    "What is a lighthouse?",
    "Who keeps it?",
    "Why is the light white?",
    "How far can it be seen?",
    "What does a keeper do at night?",
    "How do you clean a lens?",
    "What is fog?",
    "What does a fog horn do?",
    "Name three kinds of boats.",
    "Which of them is the fastest?",
    "What do sailors eat?",
    "How is bread kept dry at sea?",
    "What is a tide?",
    "Why are there two a day?",
    "What is a harbour?",
    "Who pays for it?",
    "What is a pilot?",
    "How do ships greet each other?",
    "What is a knot, as a measure?",
    "Thank you. What should I read next?",
)
EDITED = {
    6: "How do you clean a window?",
    12: "How is rice kept dry at sea?",
    18: "How do ships say goodbye?",
}
AGAIN = (4, 9, 15)


@dataclass(frozen=True)
class Shown:
    """What the window showed of one answer; `waited_ms` from the key to the first letter on the screen."""

    what: str
    timings: dict[str, float]
    pace: str
    waited_ms: float


class Talk:
    """One person who asks, and writes down what stands under each answer."""

    def __init__(self, person: Person) -> None:
        """Ask the model alone."""
        self._person = person
        self.shown: list[Shown] = []
        person.waits_for_model()
        person.turns_documents(on=False)

    def asks(self, what: str, words: str) -> None:
        """Ask a question with the keys."""
        self._person.types(words)
        self._answered(what, self._enter)

    def edits(self, what: str, words: str) -> None:
        """Change the last question: Up in the empty composer."""
        field = self._person.window.frame.composer.field
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_Up)
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self._person.types(words)
        self._answered(what, self._enter)

    def asks_again(self, what: str) -> None:
        """Have the last question answered once more."""
        self._answered(what, lambda: self._person.presses_below(tr("Ask again")))

    def chooses(self, sampling: SamplingParams, preset: Preset | None = None) -> None:
        """Answer so from now on, as the page of the side panel does."""
        self._person.window.preferences.choose_sampling(sampling, preset)

    def begins_another(self) -> None:
        """Begin a new conversation with the mouse: without a window manager no shortcut is heard."""
        buttons = self._person.window.frame.list.findChildren(QAbstractButton)
        new = next(one for one in buttons if tr("New conversation") in (one.text(), one.accessibleName()))
        QTest.mouseClick(new, Qt.MouseButton.LeftButton)
        self._person.waits(lambda: not self._person.window.frame.chat.turns, "an empty conversation")

    def opens(self, nth_newest: int) -> None:
        """Open a conversation of the list."""
        person = self._person
        store, chat = person.assistant.conversations, person.window.frame.chat
        wanted = store.all()[nth_newest].id
        last = store.branch(wanted)[-1].id
        person.window.frame.list.chosen.emit(wanted)
        person.waits(lambda: bool(chat.turns) and chat.turns[-1].id == last, "the conversation")

    def stretches(self, what: str, words: str) -> list[tuple[int, float]]:
        """Ask, and return how fast each STRETCH of the answer came onto the screen: (its end, tokens/s)."""
        seen: list[tuple[float, int]] = []
        self._person.types(words)
        self._answered(what, self._enter, lambda turn: seen.append((time.perf_counter(), len(turn.text))))
        text = self._person.window.frame.chat.turns[-1].text
        marks = [(at, letters) for at, letters in seen if letters][:: max(len(seen) // 400, 1)]
        counts = self._person.assistant.chat_engine.count([text[:letters] for _at, letters in marks])
        found, (start, before) = [], (marks[0][0], counts[0])
        for (at, _letters), tokens in zip(marks, counts, strict=True):
            if tokens - before >= STRETCH:
                found.append((tokens, (tokens - before) / (at - start)))
                start, before = at, tokens
        return found

    def _answered(
        self, what: str, act: Callable[[], object], look: Callable[[Turn], object] = lambda _turn: None
    ) -> None:
        """Ask by `act`; `look` sees the answer grow."""
        chat = self._person.window.frame.chat
        start, waited = time.perf_counter(), 0.0
        act()
        while self._person.window.answering.busy:
            QTest.qWait(LOOK_MS)
            if not waited and chat.turns[-1].text:
                waited = time.perf_counter() - start
            look(chat.turns[-1])
        self._person.waits_for_answer()
        answer = chat.turns[-1]
        assert answer.receipt is not None, f"{what}: nothing was answered"
        pace = self._person.newest_answer().action_row.pace.text()
        self.shown.append(Shown(what, dict(answer.receipt.timings), pace, waited * 1000))

    def _enter(self) -> None:
        QTest.keyClick(self._person.window.frame.composer.field, Qt.Key.Key_Return)


def tell(sit_down: Callable[[], Person]) -> None:
    """Talk long, leave, come back, and write the table. `sit_down` starts Maru over the same home."""
    person = sit_down()
    person.patience_s = 900.0
    try:
        talk = Talk(person)
        talk.chooses(LONG)
        stretches = talk.stretches("the long answer", "Write a long story about a lighthouse.")
        person.picture("1-long-answer")
        talk.chooses(PRESETS[Preset.PRECISE], Preset.PRECISE)
        talk.asks("after it", "What is a lighthouse?")
        talk.begins_another()
        converses(talk)
        person.picture("2-twenty-turns")
        talk.opens(1)
        talk.asks("the first conversation again", "Thank you.")
    finally:
        person.leave()
    person = sit_down()
    try:
        later = Talk(person)
        later.opens(0)
        later.asks("started again: the first conversation", "What is a tide?")
        later.opens(1)
        later.asks("started again: the twenty turns", "What is a wave?")
        later.asks("and once more", "What is wind?")
        person.picture("3-started-again")
    finally:
        person.leave()
    RESULTS.write_text(_written([*talk.shown, *later.shown], stretches), encoding="utf-8")


def converses(talk: Talk) -> None:
    """Ask twenty questions, change some of them, and have some answered again."""
    for number, question in enumerate(QUESTIONS, start=1):
        talk.asks(f"turn {number}", question)
        if number in EDITED:
            talk.edits(f"turn {number}, edited", EDITED[number])
        if number in AGAIN:
            talk.asks_again(f"turn {number}, again")


def _written(shown: Sequence[Shown], stretches: Sequence[tuple[int, float]]) -> str:
    """Return the file's text."""
    facts = "\n".join(f"- {name}: {value}" for name, value in machine_facts().items())
    names = ("answer", "prompt", "known", "written", "stood below it", "first token", "on the screen")
    lines = [
        f"| {one.what} | {one.timings['prompt_tokens']:.0f} | {one.timings['cached_tokens']:.0f} "
        f"| {one.timings['predicted_tokens']:.0f} | {one.pace} | {one.timings['first_token_ms']:.0f} ms "
        f"| {one.waited_ms:.0f} ms |"
        for one in shown
    ]
    rows = "\n".join(["| " + " | ".join(names) + " |", "| --- " * len(names) + "|", *lines])
    pace = "\n".join(f"| {end} | {speed:.1f} |" for end, speed in stretches)
    return (
        "# A long answer, a long conversation, a new start\n\n"
        "Measured in the real window with the starter model: `make screenshot RUN=long`.\n\n"
        f"{facts}\n\n"
        "Prompt, known (of the prompt, not read again) and written are counted in tokens. What stood below\n"
        "an answer is what the window shows of it: speed, and time to the first token in the engine, which\n"
        "stands exactly in the next column. On the screen: from the key until the first letter stood there,\n"
        "with storing the question, masking, counting and drawing, seen every few milliseconds.\n\n"
        f"{rows}\n\n"
        "The long answer as it grew on the screen:\n\n"
        f"| up to token | tokens/s |\n| --- | --- |\n{pace}\n"
    )
