# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What lookup decoding knows: where words stood before, and what guessing costs and brings."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from assistant.engine.context import Floats

SHORTEST_MATCH = 3  # tokens that must agree before a continuation is guessed
LONGEST_MATCH = 16  # longer ones are no better evidence
PLACES = 8  # earlier places compared: a bound on the work for one token
SIZES = (4, 8, 16)  # of a batch: the token that was said, and the guesses behind it
PROOF = 8  # positions compared before a batch is trusted
REGION = 512  # tokens: from here on, llama.cpp divides the attention of a single token among threads
NEAR = 5.0  # logits below the best that could still become the best
SAFETY = 3.0  # times the largest difference seen
HOPE = 0.8  # share of guesses taken to be right before any was seen
HOPED_COST = 1.5  # single tokens that the smallest batch is taken to cost before any was tried
GAIN = 1.1  # times its cost: what a batch must promise


class Index:
    """Finds where the last tokens stood before: a chain of places for each pair, as LZ77 has."""

    def __init__(self, tokens: Sequence[int]) -> None:
        """Begin with the prompt."""
        self._tokens: list[int] = []
        self._last: dict[tuple[int, int], int] = {}
        self._before: list[int] = []
        for token in tokens:
            self.add(token)

    def add(self, token: int) -> None:
        """Append a token, at constant cost."""
        place = len(self._tokens)
        self._tokens.append(token)
        earlier = -1
        if place:
            pair = (self._tokens[place - 1], token)
            earlier = self._last.get(pair, -1)
            self._last[pair] = place
        self._before.append(earlier)

    def guess(self, count: int) -> tuple[list[int], int]:
        """Return at most `count` tokens that followed the best match, and its length; none without one."""
        best, longest = -1, SHORTEST_MATCH - 1
        place = self._before[-1] if self._before else -1
        for _ in range(PLACES):
            if place < 0:
                break
            if (length := self._agreeing(place)) > longest:
                best, longest = place, length
            place = self._before[place]
        return (self._tokens[best + 1 : best + 1 + count], longest) if best >= 0 else ([], 0)

    def _agreeing(self, place: int) -> int:
        end, length = len(self._tokens) - 1, 2
        while length < LONGEST_MATCH and length <= place:
            if self._tokens[place - length] != self._tokens[end - length]:
                break
            length += 1
        return length


class Experience:
    """What guessing has cost and brought with one model in one context; kept from answer to answer."""

    def __init__(self) -> None:
        """Know nothing."""
        self.single = 0.0  # seconds for one token
        self.margin = 0.0  # of logits: two tokens this near may change places in a batch
        self._batch: dict[int, float] = {}  # seconds by size
        self._compared: defaultdict[tuple[int, bool], int] = defaultdict(int)
        self._right: dict[int, float] = {}  # share of guesses that were right, by length of the match

    def begin(self) -> None:
        """Begin an answer: a bad moment is not remembered for ever."""
        self._batch = {size: 0.98 * seconds for size, seconds in self._batch.items()}
        self._right = {kind: share + 0.1 * (HOPE - share) for kind, share in self._right.items()}

    def stepped(self, seconds: float) -> None:
        """Learn what a single token costs."""
        self.single = 0.9 * self.single + 0.1 * seconds if self.single else seconds

    def checked(self, size: int, seconds: float, match: int, right: int) -> None:
        """Learn what a batch costs, and how many of its guesses were right."""
        self._batch[size] = 0.7 * self._batch.get(size, seconds) + 0.3 * seconds
        tried = min(right + 1, size - 1)
        share = self._right.get(_kind(match), HOPE)
        self._right[_kind(match)] = share + (1 - 0.8**tried) * (right / tried - share)

    def cost(self, size: int) -> float:
        """Return the seconds that a batch will take; where none was tried, by the next smaller one."""
        if size in self._batch:
            return self._batch[size]
        known = max((tried for tried in self._batch if tried < size), default=0)
        return self._batch[known] * size / known if known else HOPED_COST * self.single

    def share(self, match: int) -> float:
        """Return the share of guesses behind such a match that will be right."""
        return min(self._right.get(_kind(match), HOPE), 0.99)

    def best_size(self, match: int, longest: int) -> int:
        """Return the size of batch that promises most; 0 where single tokens do as well."""
        share = self.share(match)
        best, most = 0, 0.0
        for size in SIZES:
            tokens = (1 - share**size) / (1 - share)
            gain = tokens * self.single - GAIN * self.cost(size)
            if size <= longest and gain > most:
                best, most = size, gain
        return best

    def proven(self, size: int, tokens: int) -> bool:
        """Say whether it is known how far a batch of this size, so far along, is from single tokens."""
        return self._compared[size, tokens >= REGION] >= PROOF

    def compared(self, size: int, tokens: int, batch: Floats, single: Floats) -> None:
        """Learn from the logits of one position, computed both ways."""
        self._compared[size, tokens >= REGION] += 1
        if not np.array_equal(batch, single):
            top = int(single.argmax())
            near = single > single[top] - NEAR
            shift = np.abs((batch - batch[top]) - (single - single[top]))[near].max()
            self.margin = max(self.margin, SAFETY * float(shift))


def _kind(match: int) -> int:
    return min(match, 8) // 2
