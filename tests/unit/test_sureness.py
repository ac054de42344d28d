# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Unsure words are few, and stand where they are shown."""

import time

from assistant.sureness import MOST, Sureness

PATIENCE_S = 5.0  # comparing every word with every other takes half a minute


def spans(shown: str, *pieces: tuple[str, float]) -> list[tuple[str, float]]:
    """Return the words that are marked in `shown`, with their probabilities."""
    sureness = Sureness()
    for piece, probability in pieces:
        sureness.feed(piece, probability)
    return [(shown[start:end], probability) for start, end, probability in sureness.spans(shown)]


def test_only_what_was_less_likely_than_not_is_marked_and_without_its_space() -> None:
    pieces = (("The", 0.9), (" rent ", 0.4), ("is", 0.5), ("\n", 0.1), (" 850", 0.12345), (".", 0.99))
    assert spans("The rent is\n 850.", *pieces) == [("rent", 0.4), ("850", 0.1235)]


def test_words_keep_their_place_behind_what_was_put_in_or_taken_out() -> None:
    pieces = (("Write to", 0.9), (" [EMAIL_1]", 0.2), (" at", 0.3), (" noon", 0.4), (" [1]", 0.1), (".", 0.2))
    shown = "Write to kim@example.com at noon."
    assert spans(shown, *pieces) == [("at", 0.3), ("noon", 0.4), (".", 0.2)]


def test_the_least_sure_are_kept_in_order() -> None:
    pieces = [(f"w{number} ", 0.4 if number % 2 else 0.1) for number in range(4 * MOST)]
    found = spans("".join(words for words, _ in pieces), *pieces)
    assert len(found) == MOST
    assert {probability for _, probability in found} == {0.1}
    numbers = [int(words[1:]) for words, _ in found]
    assert numbers == sorted(numbers)


def test_a_long_answer_with_much_put_back_is_gone_through_at_once() -> None:
    written = [" [NAME_1]" if number % 50 == 0 else f" word{number % 300}" for number in range(3000)]
    pieces = [(words, 0.4 if number % 70 == 69 else 0.9) for number, words in enumerate(written)]
    began = time.monotonic()
    found = spans("".join(written).replace("[NAME_1]", "Kim Minsu"), *pieces)
    assert time.monotonic() - began < PATIENCE_S
    assert found == [(f"word{number % 300}", 0.4) for number in range(69, 3000, 70) if number % 50]


def test_a_sure_answer_has_none() -> None:
    assert spans("yes", ("yes", 1.0)) == []
    assert spans("") == []
