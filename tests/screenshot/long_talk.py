# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A long answer, a long conversation and a new start in the real window, with what stood under each answer.

    make screenshot RUN=long   # some minutes; the table goes to tests/benchmarks/results/

The starter model ends its answers soon, and goes round in circles in long ones, which Maru ends: the long
one is drawn freely, from one seed after the other, until one has its 3,000 tokens. What it writes means
little; how fast it is written is what counts. llama.cpp itself slows down as its memory fills: right after
each answer the shortest loop over the same library writes and reads at the same depth, on the same cores.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from assistant.engine.devices import default_threads
from assistant.sampling import PRESETS, Preset, SamplingParams
from assistant.texts import tr
from tests.benchmarks.bare_llama import Bare
from tests.benchmarks.machine import machine_facts
from tests.screenshot.person import Person
from ui.turns import Turn

RESULTS = Path(__file__).resolve().parents[1] / "benchmarks" / "results" / "long_conversation.md"
ENOUGH = 3000  # tokens of the long answer
LONG = SamplingParams(temperature=1.3, top_k=0, top_p=1.0, min_p=0.02, seed=1, max_tokens=ENOUGH)
SEEDS = range(1, 7)
STRETCH = 500  # tokens of the long answer that are timed together
N_CTX = 5120  # of the bare loop: the window's, and room for what it writes beyond
SLICE, SLICES = 24, 3  # tokens of one measurement of the bare loop, and how many there are
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
FILLER, VARIETY = 1000, 4000  # ordinary words, by number
COLUMNS = (
    "answer",
    "prompt",
    "known",
    "written",
    "stood below it",
    "bare",
    "of it",
    "first token",
    "bare",
    "on the screen",
)


@dataclass(frozen=True)
class BarePace:
    """What the shortest loop takes at the depth of an answer: for its first token, and at its middle."""

    first_token_ms: float
    tokens_per_s: float


@dataclass(frozen=True)
class Shown:
    """What the window showed of one answer; `waited_ms` from the key to the first letter on the screen."""

    what: str
    timings: dict[str, float]
    pace: str
    waited_ms: float
    bare: BarePace

    @property
    def tokens_per_s(self) -> float:
        """Return the speed as the window has it."""
        return self.timings["predicted_tokens"] / self.timings["predicted_ms"] * 1000


class Talk:
    """One person who asks, and writes down what stands under each answer."""

    def __init__(self, person: Person, bare: Bare) -> None:
        """Ask the model alone; `bare` is the same model, beside it."""
        self._person = person
        self._bare = bare
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
        timings = dict(answer.receipt.timings)
        self.shown.append(Shown(what, timings, pace, waited * 1000, bare_pace(self._bare, timings)))

    def _enter(self) -> None:
        QTest.keyClick(self._person.window.frame.composer.field, Qt.Key.Key_Return)


def bare_pace(bare: Bare, timings: Mapping[str, float]) -> BarePace:
    """Have the bare loop read what was new and write, each at the depth at which the engine did."""
    known, prompt = int(timings["cached_tokens"]), int(timings["prompt_tokens"])
    tokens = [FILLER + number % VARIETY for number in range(prompt + int(timings["predicted_tokens"]) // 2)]
    if known:
        bare.read(tokens[:known])
        first = bare.read_on(tokens[known:prompt])
    else:
        first = prompt / bare.read(tokens[:prompt])
    bare.read_on(tokens[prompt:])
    return BarePace(first * 1000, median(bare.go_on(SLICE) for _ in range(SLICES)))


def tell(sit_down: Callable[[], Person]) -> None:
    """Talk long, leave, come back, and write the table. `sit_down` starts Maru over the same home."""
    person = sit_down()
    person.patience_s = 900.0
    bare = Bare(person.assistant.chat_engine.settings.model, default_threads(), N_CTX)
    try:
        talk = Talk(person, bare)
        stretches = writes_long(talk)
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
        later = Talk(person, bare)
        later.opens(0)
        later.asks("started again: the first conversation", "What is a tide?")
        later.opens(1)
        later.asks("started again: the twenty turns", "What is a wave?")
        later.asks("and once more", "What is wind?")
        person.picture("3-started-again")
    finally:
        person.leave()
        bare.close()
    RESULTS.write_text(_written([*talk.shown, *later.shown], stretches), encoding="utf-8")


def writes_long(talk: Talk) -> list[tuple[int, float]]:
    """Have a long answer, each try in a conversation of its own, until one is long enough."""
    for seed in SEEDS:
        if seed != SEEDS[0]:
            talk.begins_another()
        talk.chooses(replace(LONG, seed=seed))
        found = talk.stretches(f"the long answer, try {seed}", "Write a long story about a lighthouse.")
        if talk.shown[-1].timings["predicted_tokens"] >= ENOUGH:
            break
    return found


def converses(talk: Talk) -> None:
    """Ask twenty questions, change some of them, and have some answered again."""
    for number, question in enumerate(QUESTIONS, start=1):
        talk.asks(f"turn {number}", question)
        if number in EDITED:
            talk.edits(f"turn {number}, edited", EDITED[number])
        if number in AGAIN:
            talk.asks_again(f"turn {number}, again")


def _line(one: Shown) -> str:
    cells = (
        one.what,
        f"{one.timings['prompt_tokens']:.0f}",
        f"{one.timings['cached_tokens']:.0f}",
        f"{one.timings['predicted_tokens']:.0f}",
        one.pace,
        f"{one.bare.tokens_per_s:.1f}",
        f"{one.tokens_per_s / one.bare.tokens_per_s:.2f}",
        f"{one.timings['first_token_ms']:.0f} ms",
        f"{one.bare.first_token_ms:.0f} ms",
        f"{one.waited_ms:.0f} ms",
    )
    return f"| {' | '.join(cells)} |"


def _written(shown: Sequence[Shown], stretches: Sequence[tuple[int, float]]) -> str:
    """Return the file's text."""
    facts = "\n".join(f"- {name}: {value}" for name, value in machine_facts().items())
    lines = map(_line, shown)
    rows = "\n".join(["| " + " | ".join(COLUMNS) + " |", "| --- " * len(COLUMNS) + "|", *lines])
    pace = "\n".join(f"| {end} | {speed:.1f} |" for end, speed in stretches)
    return (
        "# A long answer, a long conversation, a new start\n\n"
        "Measured in the real window with the starter model: `make screenshot RUN=long`.\n\n"
        f"{facts}\n\n"
        "Prompt, known (of the prompt, not read again) and written are counted in tokens. What stood below\n"
        "an answer is what the window shows of it: speed, and time to the first token in the engine, which\n"
        "stands exactly in a later column. On the screen: from the key until the first letter stood there,\n"
        "with storing the question, masking, counting and drawing, seen every few milliseconds. Bare: what\n"
        "the shortest loop over llama.cpp writes, and takes to read as many new tokens, at the same depth,\n"
        "measured right after the answer; of it: the engine's speed over the bare one.\n\n"
        "Neither is flat where a processor computes: every token looks at all before it, bare or not.\n"
        "What is to stay flat is what Maru adds.\n\n"
        f"{rows}\n\n"
        "The long answer as it grew on the screen:\n\n"
        f"| up to token | tokens/s |\n| --- | --- |\n{pace}\n"
    )
