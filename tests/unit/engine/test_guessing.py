# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Guessing: where words stood before, and when a guess is worth its cost."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.engine.guessing import HOPED_COST, PLACES, PROOF, SAFETY, SIZES, Experience, Index

STEP = 0.01  # seconds


def test_the_continuation_of_the_longest_match_is_guessed():
    index = Index([1, 2, 3, 4, 50, 9, 2, 3, 4, 60, 8, 1, 2, 3, 4])
    assert index.guess(2) == ([50, 9], 4)


def test_of_equal_matches_the_latest_is_guessed():
    assert Index([2, 3, 4, 50, 9, 2, 3, 4, 60, 9, 2, 3, 4]).guess(1) == ([60], 4)


def test_a_guess_may_run_into_what_it_continues():
    assert Index([1, 2, 3, 1, 2, 3]).guess(5) == ([1, 2, 3], 3)


@pytest.mark.parametrize("tokens", [[], [1], [1, 2], [1, 2, 3, 4, 5], [1, 2, 9, 1, 2]])
def test_without_a_match_of_three_nothing_is_guessed(tokens):
    assert Index(tokens).guess(4) == ([], 0)


@given(st.lists(st.integers(0, 3), max_size=60))
def test_a_guess_is_what_followed_the_same_words(tokens: list[int]):
    guess, length = Index(tokens).guess(4)
    if guess:
        end = tokens[len(tokens) - length :]
        places = [at for at in range(len(tokens) - length) if tokens[at : at + length] == end]
        assert any(tokens[at + length :][: len(guess)] == guess for at in places)


def test_a_token_costs_the_same_however_often_it_stood_before():
    index = Index([7] * 5000)
    seen = []
    index._agreeing = lambda place: seen.append(place) or 2  # type: ignore[method-assign]
    index.guess(4)
    assert len(seen) == PLACES


def experience(costs: dict[int, float]) -> Experience:
    """Return one that knows what batches cost, in steps, and that every guess was right."""
    made = Experience()
    made.stepped(STEP)
    for size, steps in costs.items():
        for _ in range(20):
            made.checked(size, steps * STEP, 8, size - 1)
    return made


def test_where_batches_cost_as_much_as_their_tokens_nothing_is_guessed():
    assert experience({4: 4.0, 8: 8.0, 16: 16.0}).best_size(8, 16) == 0


def test_where_batches_are_cheap_the_size_that_promises_most_is_taken():
    known = experience({4: 1.5, 8: 2.0, 16: 9.0})
    assert known.best_size(8, 16) == 8
    assert known.best_size(8, 7) == 4, "as far as there are guesses"


def test_guesses_that_were_wrong_are_not_repeated_for_long():
    known = experience({4: 1.5})
    for _ in range(10):
        known.checked(4, 1.5 * STEP, 3, 0)
    assert known.best_size(3, 4) == 0
    assert known.best_size(8, 4) == 4, "longer matches have a record of their own"
    for _ in range(30):
        known.begin()
    assert known.best_size(3, 4) == 4, "later it is tried again"


def test_before_anything_is_known_nothing_is_tried_but_a_small_batch():
    known = Experience()
    assert known.best_size(8, 16) == 0, "what a step costs is not known"
    known.stepped(STEP)
    assert known.cost(SIZES[0]) == HOPED_COST * STEP
    known.checked(4, 2 * STEP, 8, 3)
    assert known.cost(16) == pytest.approx(8 * STEP), "as if it had no advantage"


def test_a_batch_is_trusted_after_as_many_comparisons_as_are_asked_for():
    known, logits = Experience(), np.array([1.0, 0.5, -9.0], np.float32)
    for _ in range(PROOF):
        assert not known.proven(4, 100)
        known.compared(4, 100, logits, logits)
    assert known.proven(4, 100)
    assert not known.proven(4, 600), "where attention is divided otherwise, again"
    assert known.margin == 0


def test_the_margin_is_learnt_from_those_that_could_be_picked():
    known, single = Experience(), np.array([1.0, 0.5, -9.0], np.float32)
    known.compared(4, 0, single + np.array([0.0, 0.1, 3.0], np.float32), single)
    assert known.margin == pytest.approx(SAFETY * 0.1, rel=1e-5)
    known.compared(4, 0, single + np.float32(2), single)
    assert known.margin == pytest.approx(SAFETY * 0.1, rel=1e-5), "what moves all alike changes nothing"
