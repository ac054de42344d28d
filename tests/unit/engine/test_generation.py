# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The loop itself, in this process: guessing changes nothing, stopping is quick, the same is the same."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.engine import llama
from assistant.engine.context import Context
from assistant.engine.generation import Generation
from assistant.engine.guessing import SIZES, Experience
from assistant.engine.llama import Model
from assistant.engine.memory import Memory
from assistant.engine.protocol import Generate, Generated, PromptProgress, Token
from assistant.messages import FinishReason, Message, Role
from assistant.sampling import SamplingParams

pytestmark = pytest.mark.real_model

N_CTX = 512
FABLE = "The fox saw the grapes. The fox jumped for the grapes, and the fox could not reach the grapes. "
GREEDY = SamplingParams(seed=1, max_tokens=40)
LONG = FABLE * 20


class Asking:
    """What a call asks and tells; it is cancelled after so many signs of life."""

    def __init__(self, after: int = -1) -> None:
        self.after = after
        self.signs: list[float] = []

    def __call__(self) -> bool:
        return 0 <= self.after <= len(self.signs)

    def alive(self, patience: float = 0.0) -> None:
        self.signs.append(patience)


class Eager(Experience):
    """Always guesses, as many as it can; `margin` makes it doubt."""

    def __init__(self, margin: float = 0.0) -> None:
        super().__init__()
        self.margin = margin

    def cost(self, size: int) -> float:
        return 0.0 * size

    def best_size(self, match: int, longest: int) -> int:
        return max((size for size in SIZES if match and size <= longest), default=0)


class Bench:
    """The starter model with a loop around it."""

    def __init__(self, path: Path) -> None:
        llama.start()
        self.model = Model(path)
        self.context = Context(self.model, n_ctx=N_CTX, threads=1)
        self.memory = Memory(self.context)
        self.generation = Generation(self.model, self.context, self.memory)

    def fresh(self, experience: Experience | None = None) -> None:
        self.memory.keep(0)
        self.generation = Generation(self.model, self.context, self.memory)
        self.generation._experience = experience or Experience()

    def run(self, words: str, asking: Asking | None = None, **named: Any) -> tuple[list[Any], Generated]:
        named = {"sampling": GREEDY, **named}
        call = Generate((Message(Role.USER, words),), **named)
        items, seen = self.generation.run(self.model.tokenize(words), call, asking or Asking()), []
        while True:
            try:
                seen.append(next(items))
            except StopIteration as end:
                return seen, end.value

    def answer(self, words: str, **named: Any) -> tuple[str, Generated]:
        seen, generated = self.run(words, **named)
        return "".join(item.text for item in seen if isinstance(item, Token)), generated

    def close(self) -> None:
        self.context.close()
        self.model.close()


@pytest.fixture(scope="module")
def bench(chat_model: Path) -> Iterator[Bench]:
    made = Bench(chat_model)
    yield made
    made.close()


@pytest.mark.parametrize("margin", [0.0, 1.0, 30.0], ids=["sure", "doubtful", "never sure"])
def test_guessing_changes_no_letter(bench: Bench, margin: float):
    plain, counted = bench.answer(FABLE * 3, lookup=False)
    kept = list(bench.memory.tokens)
    bench.fresh(Eager(margin))
    guessed, timings = bench.answer(FABLE * 3)
    assert guessed == plain
    assert timings.timings.predicted_tokens == counted.timings.predicted_tokens
    assert bench.memory.tokens == kept, "what was guessed and not said is gone"
    assert counted.timings.drafted_tokens == 0
    assert timings.timings.drafted_tokens > 0
    if not margin:
        assert timings.timings.accepted_tokens > 10
    assert bench.answer(FABLE * 3)[0] == plain, "the second time batches are trusted"


def test_guessing_ends_where_plain_decoding_ends(bench: Bench):
    whole = bench.answer(FABLE * 3, lookup=False)[0]
    for named in ({"stop": (whole[40:48],)}, {"sampling": replace(GREEDY, max_tokens=13)}):
        plain, before = bench.answer(FABLE * 3, lookup=False, **named)
        kept = list(bench.memory.tokens)
        bench.fresh(Eager())
        shown, after = bench.answer(FABLE * 3, **named)
        assert (shown, after.finish_reason) == (plain, before.finish_reason)
        assert after.timings.predicted_tokens == before.timings.predicted_tokens
        assert bench.memory.tokens == kept


def test_guesses_never_leave_the_window(bench: Bench):
    words = FABLE * 21
    words += " and" * (N_CTX - len(bench.model.tokenize(words)) - 20)
    long = replace(GREEDY, max_tokens=500)
    plain, _ = bench.answer(words, lookup=False, sampling=long)
    bench.generation._experience = Eager()
    shown, generated = bench.answer(words, sampling=long)
    assert shown == plain
    assert generated.finish_reason is FinishReason.LENGTH
    assert generated.timings.prompt_tokens + generated.timings.predicted_tokens == N_CTX + 1


def test_only_greedy_answers_are_guessed(bench: Bench):
    for sampling in (replace(GREEDY, temperature=0.7), replace(GREEDY, repeat_penalty=1.2)):
        bench.fresh(Eager())
        assert bench.answer(FABLE * 3, sampling=sampling)[1].timings.drafted_tokens == 0


def test_free_answers_lose_next_to_nothing_by_guessing(bench: Bench):
    bench.fresh()
    bench.answer("Once upon a time", sampling=replace(GREEDY, max_tokens=60))
    generated = bench.answer("Once upon a time", sampling=replace(GREEDY, max_tokens=60))[1]
    wrong = generated.timings.drafted_tokens - generated.timings.accepted_tokens
    assert wrong <= 2 * SIZES[0]


def test_a_penalty_keeps_words_from_coming_back(bench: Bench):
    bench.fresh()
    plain = bench.answer(FABLE)[0]
    for changed in ({"frequency_penalty": 2.0}, {"presence_penalty": 2.0}):
        bent = bench.answer(FABLE, sampling=replace(GREEDY, **changed))[0]
        assert bent != plain
        assert len(set(bent.split())) / len(bent.split()) > len(set(plain.split())) / len(plain.split())


def test_every_token_tells_how_sure_the_model_was(bench: Bench):
    bench.fresh()
    tokens = [item for item in bench.run(FABLE)[0] if isinstance(item, Token)]
    assert all(0 < token.runner_up_probability <= token.probability <= 1 for token in tokens)
    assert all(0 <= token.entropy < 11 for token in tokens)
    assert any(token.runner_up.strip() for token in tokens)


@pytest.mark.parametrize("signs", [0, 2, 40])
def test_a_long_prompt_is_broken_off_within_a_chunk(bench: Bench, signs: int):
    bench.fresh()
    seen, generated = bench.run(LONG, Asking(after=signs))
    assert generated.finish_reason is FinishReason.CANCELLED
    assert len(seen) == 1, "only how much was known before"
    assert isinstance(seen[0], PromptProgress)
    assert len(bench.memory.tokens) == bench.context.remembered()
    plain = bench.answer(FABLE)[0]
    bench.fresh()
    assert bench.answer(FABLE)[0] == plain


def test_signs_of_life_come_while_a_chunk_is_read(bench: Bench):
    bench.fresh()
    asking = Asking()
    bench.run(LONG, asking, sampling=replace(GREEDY, max_tokens=1))
    assert len(asking.signs) > 100
    assert asking.signs[1] == 0


def test_chunks_shrink_where_nobody_asks_for_long_and_grow_again(bench: Bench):
    context = bench.context
    context.chunk, sizes = N_CTX, []
    for silence in (1.0, 1.0, 1.0, 1.0, 0.05, 0.0, 0.0, 0.0, 0.0):
        context._abort.silence = silence
        context._fit_chunk(context.chunk)
        sizes.append(context.chunk)
    assert sizes == [256, 128, 64, 64, 64, 128, 256, 512, 512]


@pytest.mark.parametrize("shared", [10, 100, 420])
def test_what_was_read_for_another_question_does_not_change_an_answer(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, shared: int
):
    monkeypatch.setattr(bench.context, "_fit_chunk", lambda _read: None)
    tokens = bench.model.tokenize(LONG)[: shared + 60]
    prompt, before = (b"".join(map(bench.model.piece, part)).decode() for part in (tokens, tokens[:shared]))
    few = replace(GREEDY, max_tokens=4)
    bench.fresh()
    bench.context.chunk = N_CTX
    cold = [item for item in bench.run(prompt, sampling=few)[0] if isinstance(item, Token)]
    bench.fresh()
    bench.context.chunk = 64
    bench.run(before + " Something else follows here.", sampling=few)
    for _ in range(2):
        again = [item for item in bench.run(prompt, sampling=few)[0] if isinstance(item, Token)]
        assert again == cold, "not only the text: every number"


def test_a_blank_prompt_begins_somewhere(bench: Bench):
    bench.fresh()
    _, generated = bench.answer("", sampling=SamplingParams(seed=1, max_tokens=3))
    assert generated.timings.prompt_tokens == 1


def test_a_long_token_is_shown_whole(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    def piece(_vocabulary: int, _token: int, buffer: Any, room: int, *_rest: Any) -> int:
        if room < 300:
            return -300
        buffer[:300] = b"x" * 300
        return 300

    monkeypatch.setattr(llama.api, "llama_token_to_piece", piece)
    assert bench.model.piece(bench.model.n_vocab - 1) == b"x" * 300
    bench.model._pieces.clear()
