# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Which words of an answer the model was not sure of: few, and where they stand in what is shown."""

import heapq
import re
from difflib import SequenceMatcher

UNSURE = 0.5
"""Probability below which a token counts as unsure: something else was at least as likely in all."""

MOST = 200
"""How many are kept of one answer, the least sure."""

WORD = re.compile(r"\s+|\w+|[^\w\s]")

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
    blocks = SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
    return [(ours_at[a], ours_at[a + size], theirs_at[b] - ours_at[a]) for a, b, size in blocks if size]


def _offsets(words: list[str]) -> list[int]:
    offsets = [0]
    for word in words:
        offsets.append(offsets[-1] + len(word))
    return offsets
