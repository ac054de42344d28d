# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Which words of an answer the model was not sure of: few, and where they stand in what is shown."""

import heapq
import re

UNSURE = 0.5
"""Probability below which a token counts as unsure: something else was at least as likely in all."""

MOST = 200
"""How many are kept of one answer, the least sure."""

WORD = re.compile(r"\s+|\w+|[^\w\s]")

LONGEST_CHANGE = 60
"""Words, spaces among them, that what was changed on the way may take: an address put back is shorter."""

SAME_AGAIN = 4  # words and spaces in a row that must agree after a change

Span = tuple[int, int, float]


class Sureness:
    """Gathers the tokens of an answer as the model writes it."""

    def __init__(self) -> None:
        """Begin an answer."""
        self._pieces: list[str] = []
        self._length = 0
        self._unsure: list[Span] = []

    def feed(self, piece: str, probability: float) -> None:
        """Take the next piece, with the probability that the model gave it."""
        words = piece.strip()
        if words and probability < UNSURE:
            start = self._length + len(piece) - len(piece.lstrip())
            self._unsure.append((start, start + len(words), probability))
        self._pieces.append(piece)
        self._length += len(piece)

    def spans(self, shown: str) -> tuple[Span, ...]:
        """Return the unsure pieces as spans of the text that was shown, in order.

        What was changed on the way (personal data put back, markers taken out) has none.
        """
        least = sorted(heapq.nsmallest(MOST, self._unsure, key=lambda span: span[2]))
        if not least:
            return ()
        shifts = _shifts("".join(self._pieces), shown)
        found = []
        for start, end, probability in least:
            for first, last, shift in shifts:
                if first <= start and end <= last:
                    found.append((start + shift, end + shift, round(probability, 4)))
        return tuple(found)


def _shifts(written: str, shown: str) -> list[tuple[int, int, int]]:
    """Return which parts [first, last) of `written` stand in `shown`, and how far they moved."""
    if written == shown:
        return [(0, len(written), 0)]
    ours, theirs = WORD.findall(written), WORD.findall(shown)
    ours_at, theirs_at = _offsets(ours), _offsets(theirs)
    found, a, b = [], 0, 0
    while a < len(ours) and b < len(theirs):
        begun, shift = a, theirs_at[b] - ours_at[a]
        while a < len(ours) and b < len(theirs) and ours[a] == theirs[b]:
            a, b = a + 1, b + 1
        found.append((ours_at[begun], ours_at[a], shift))
        a, b = _behind_change(ours, theirs, a, b)
    return found


def _behind_change(ours: list[str], theirs: list[str], a: int, b: int) -> tuple[int, int]:
    """Return where both go on alike after a change that begins at `a` and `b`; their ends where nowhere.

    Looked for nearby alone: comparing everything with everything takes a long answer half a minute.
    """
    for both in range(1, 2 * LONGEST_CHANGE):
        for ahead in range(max(0, both - LONGEST_CHANGE), min(both, LONGEST_CHANGE) + 1):
            one, other = a + ahead, b + both - ahead
            if ours[one : one + SAME_AGAIN] == theirs[other : other + SAME_AGAIN]:
                return one, other
    return len(ours), len(theirs)


def _offsets(words: list[str]) -> list[int]:
    offsets = [0]
    for word in words:
        offsets.append(offsets[-1] + len(word))
    return offsets
