# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""How sure the model was: probability, entropy and runner-up, from the logits of one step."""

import numpy as np
import pytest

from assistant.engine.sampler import Distribution, Sampler
from assistant.errors import EngineError
from assistant.sampling import SamplingParams


def exact(logits: np.ndarray) -> np.ndarray:
    weights = np.exp(logits.astype(np.float64) - logits.max())
    return weights / weights.sum()


@pytest.mark.parametrize("spread", [0.0, 0.5, 3.0, 40.0])
def test_a_pick_is_described_as_the_formulas_say(spread: float):
    logits = np.random.default_rng(1).normal(5, spread, 4000).astype(np.float32)
    kept, shares = logits.copy(), exact(logits)
    top = int(logits.argmax())
    pick = Distribution(4000).judge(logits, top, top)
    assert pick.probability == pytest.approx(shares[top], rel=1e-4)
    seen = shares[shares > 0]
    assert pick.entropy == pytest.approx(float(-(seen * np.log(seen)).sum()), abs=1e-3)
    others = np.delete(shares, top)
    assert pick.runner_up_probability == pytest.approx(others.max(), rel=1e-4, abs=1e-12)
    assert pick.runner_up != top
    np.testing.assert_array_equal(logits, kept)


def test_beside_a_token_that_was_drawn_stands_the_likeliest():
    logits = np.array([0.0, 2.0, 1.0], np.float32)
    pick = Distribution(3).judge(logits, 1, 2)
    assert (pick.token, pick.runner_up) == (2, 1)
    assert pick.runner_up_probability > pick.probability


def test_tokens_that_cannot_come_do_no_harm():
    logits = np.array([0.0, -np.inf, 0.0, -np.inf], np.float32)
    pick = Distribution(4).judge(logits, 0, 0)
    assert (pick.runner_up, pick.probability) == (2, pytest.approx(0.5))
    assert pick.entropy == pytest.approx(np.log(2))


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_numbers_that_are_none_are_told(wrong: float):
    logits = np.array([0.0, wrong, 1.0], np.float32)
    with pytest.raises(EngineError, match="damaged"):
        Distribution(3).judge(logits, int(logits.argmax()), 1)


@pytest.mark.parametrize(
    ("changed", "greedy"),
    [
        ({}, True),
        ({"temperature": 0.5}, False),
        ({"repeat_penalty": 1.1}, False),
        ({"presence_penalty": 0.1}, False),
        ({"frequency_penalty": -0.1}, False),
    ],
)
def test_greedy_is_what_nothing_bends(changed: dict[str, float], greedy: bool):
    sampler = Sampler(SamplingParams(**changed), 100, 1)
    assert sampler.greedy is greedy
    sampler.close()
