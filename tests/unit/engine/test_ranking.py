# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Rerankers: scores that are finite, the same each time, and the same alone as in a batch."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import gguf
import pytest

from assistant.engine import ranking
from assistant.engine.client import Engine
from assistant.engine.gguf import Header
from assistant.engine.protocol import EngineSettings, TextKind
from assistant.engine.ranking import Ranking
from assistant.errors import EngineError, ModelError
from tests.tiny_models import write_bert, write_script

QUESTION = "how much is the rent"
TEXTS = ["the rent is 850", "a cat", "", "x" * 5000, "the rent"] * 30


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Callable[..., Engine]]:
    """Return a function that starts an engine with a tiny model."""
    started: list[Engine] = []

    def start(**how: object) -> Engine:
        started.append(Engine(EngineSettings(write_bert(tmp_path / "tiny.gguf", **how), embedding=True)))
        return started[-1]

    yield start
    for engine in started:
        engine.close()


def test_scores_are_the_same_alone_as_in_a_batch(load: Callable[..., Engine]):
    engine = load()
    together = engine.rank(QUESTION, TEXTS)
    assert len(together) == len(TEXTS)
    assert all(map(math.isfinite, together))
    for number in (0, 1, 2, 3, len(TEXTS) - 1):
        assert engine.rank(QUESTION, [TEXTS[number]])[0] == pytest.approx(together[number], abs=5e-3)
    assert len({round(score, 4) for score in together[:5]}) == 5
    assert engine.rank(QUESTION, TEXTS) == together
    assert engine.rank(QUESTION, []) == []


def test_a_classifier_with_several_labels_gives_the_first(load: Callable[..., Engine]):
    one, three = (
        load().rank(QUESTION, TEXTS[:2]),
        load(labels=("yes", "no", "maybe")).rank(QUESTION, TEXTS[:2]),
    )
    assert all(map(math.isfinite, three))
    assert one != three


def test_a_question_longer_than_the_window_leaves_room_for_the_text(load: Callable[..., Engine]):
    first, second = load().rank("why " * 1000, ["cat", "dog"])
    assert first != second


def test_a_reranker_does_not_embed_and_others_do_not_rank(load: Callable[..., Engine], tmp_path: Path):
    with pytest.raises(EngineError, match="another kind"):
        load().embed(["x"], TextKind.PASSAGE)
    with pytest.raises(EngineError, match="another kind"):
        load(pooling=gguf.PoolingType.CLS, head=False).rank(QUESTION, ["x"])
    chat = Engine(EngineSettings(write_script(tmp_path / "chat.gguf", {})))
    try:
        with pytest.raises(EngineError, match="another kind"):
            chat.rank(QUESTION, ["x"])
    finally:
        chat.close()


def test_a_file_without_what_makes_a_score_is_refused(load: Callable[..., Engine]):
    with pytest.raises(ModelError, match="lacks the part that gives scores"):
        load(head=False).loaded()


class Model:
    """Letters are tokens; `<...>` would be a marker."""

    n_vocab, bos, eos, separator, n_ctx_train = 32_000, 1, 2, 3, 12

    def __init__(self, *, adds: str) -> None:
        self.adds_bos, self.adds_eos, self.adds_separator = (letter in adds for letter in "bes")

    def tokenize(self, words: str, *, special: bool = False) -> list[int]:
        return [9] if special and words == "<m>" else [100 + ord(letter) for letter in words]

    def marker(self, token: int) -> str:
        return "<m>" if token == 9 else ""

    def is_special(self, token: int) -> bool:
        return token == 9

    is_control = is_special


class Context:
    n_batch = 64


def pair(adds: str, question: str, words: str, template: str = "") -> str:
    """Return the tokens of a pair, letters as letters."""
    metadata = {"tokenizer.chat_template.rerank": template} if template else {}
    header = Header(Path("x.gguf"), 0, metadata, (TENSOR,))
    ranker = Ranking(Model(adds=adds), Context(), header)
    tokens = (ranker._by_template if template else ranker._by_tokens)(question, words)
    return "".join(chr(token - 100) if token > 100 else str(token) for token in tokens)


TENSOR = type("Tensor", (), {"name": "cls.output.weight", "shape": (4, 1)})()


@pytest.mark.parametrize(("adds", "whole"), [("bs", "1q3d3"), ("bes", "1q23d2"), ("be", "1q2d2"), ("", "qd")])
def test_question_and_text_are_put_together_as_in_training(adds: str, whole: str):
    assert pair(adds, "q", "d") == whole


def test_what_is_too_long_loses_its_end_and_keeps_its_last_token():
    assert pair("bs", "abc", "d" * 50) == "1abc3" + "d" * 6 + "3"
    assert pair("bs", "a" * 50, "d" * 50) == "1aaaaaa3ddd3"


def test_a_file_says_how_a_pair_is_put_together():
    assert pair("", "q<m>", "d", "<m>{query}-{document}!") == "9q<m>-d!"
    assert pair("", "q", "d" * 50, "<m>{query}-{document}!") == "9q-" + "d" * 8 + "!"
    assert pair("", "q" * 50, "", "{query}") == "q" * 12


class Caller:
    """Neither cancels nor pauses."""

    paused = False

    def __call__(self) -> bool:
        return False

    def alive(self, patience: float = 0.0) -> None:
        return


def test_scores_that_are_no_numbers_are_a_damaged_file(monkeypatch):
    monkeypatch.setattr(ranking, "evaluated", lambda *_: [[math.nan]])
    header = Header(Path("x.gguf"), 0, {}, (TENSOR,))
    steps = Ranking(Model(adds="bs"), Context(), header).run("q", ["d"], Caller())
    with pytest.raises(EngineError, match="file is damaged"):
        next(steps)
