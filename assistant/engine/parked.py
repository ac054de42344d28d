# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What was read of other conversations, copied out of the context into this process's memory."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Tokens = NDArray[np.int32]
Bytes = NDArray[np.uint8]


@dataclass
class State:
    """A copy of a context: the tokens it had read, in order, and llama.cpp's own bytes for them.

    `halfway`: taken before the answer, for models that cannot go back to there by themselves.
    `saved`: it lies on the disk, or is on its way there.
    """

    slot: str
    tokens: Tokens
    content: Bytes
    halfway: bool = False
    saved: bool = False


class Parked:
    """States of conversations, `budget` bytes of them at most: the one used longest ago goes first."""

    def __init__(self, budget: int) -> None:
        """Start with none."""
        self.budget = budget
        self.states: list[State] = []  # the one used last stands last

    def put(self, state: State) -> None:
        """Keep a state, as the one used last, in the place of the one that its conversation had.

        One that is larger than all the room there is takes none from the others.
        """
        self.states = [other for other in self.states if _place(other) != _place(state)]
        if state.content.nbytes > self.budget:
            return
        self.states.append(state)
        while sum(other.content.nbytes for other in self.states) > self.budget:
            del self.states[0]

    def use(self, state: State) -> None:
        """Note that one is used."""
        if any(other is state for other in self.states):
            self.drop(state)
            self.states.append(state)

    def drop(self, state: State) -> None:
        """Remove one."""
        self.states = [other for other in self.states if other is not state]

    def forget(self, slot: str) -> None:
        """Remove those of a conversation."""
        self.states = [state for state in self.states if state.slot != slot]

    def best(self, wanted: Tokens, *, whole: bool) -> tuple[int, State | None]:
        """Return how much of the beginning of `wanted` a state spares reading, at best, and that state."""
        found = [(spared(state.tokens, wanted, whole=whole), state) for state in self.states]
        return max(found, key=lambda pair: pair[0], default=(0, None))


def spared(tokens: Tokens | Sequence[int], wanted: Tokens, *, whole: bool) -> int:
    """Return how many tokens at the beginning are the same; `whole`: all of `tokens` are, or it is 0."""
    ours = np.asarray(tokens, np.int32)
    length = min(len(ours), len(wanted))
    different = np.flatnonzero(ours[:length] != wanted[:length])
    same = int(different[0]) if len(different) else length
    return same if same == len(ours) or not whole else 0


def _place(state: State) -> tuple[str, bool]:
    return state.slot, state.halfway
