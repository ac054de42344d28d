# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The same text in other tokens: an answer is often written in others than it is read back in.

A model that draws its words may say "light" and "house" where the tokenizer has one token for both. The
text is the same, and so is the memory of it, but for the borders: it need not be read again.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from assistant.engine.parked import Tokens, spared


class Spelling(Protocol):
    """What is asked about tokens."""

    def piece(self, token: int) -> bytes:
        """Return the bytes of a token, nothing for a control token."""
        ...

    def is_special(self, token: int) -> bool:
        """Say whether a token is a marker."""
        ...


def retold(prompt: list[int], known: Sequence[int] | Tokens, spelling: Spelling) -> tuple[list[int], int]:
    """Return `prompt` with the tokens of `known` as far as both are the same text, and how many those are.

    The last token of `prompt` stays its own. Markers are the same only as the same token: the letters of
    one never become the marker, nor the other way round. A few steps for each token from the first
    different one on.
    """
    ours, wanted = np.asarray(known, np.int32).tolist(), prompt[:-1]
    same = spared(known, np.asarray(wanted, np.int32), whole=False)
    taken, told = _in_step(ours, wanted, same, spelling)
    return ours[:taken] + prompt[told:], taken


def _in_step(ours: Sequence[int], theirs: Sequence[int], start: int, spelling: Spelling) -> tuple[int, int]:
    """Return the last place in each, from `start` on, before which both are the same bytes."""
    taken = told = start
    our, their = start, start
    left, right = b"", b""  # what one of them is ahead
    while True:
        if not left and not right:
            taken, told = our, their
            if our < len(ours) and their < len(theirs) and ours[our] == theirs[their]:
                our, their = our + 1, their + 1
                continue
        if not left:
            left, our = _letters(ours, our, spelling), our + 1
        if not right:
            right, their = _letters(theirs, their, spelling), their + 1
        length = min(len(left), len(right))
        if not length or left[:length] != right[:length]:
            return taken, told
        left, right = left[length:], right[length:]


def _letters(tokens: Sequence[int], place: int, spelling: Spelling) -> bytes:
    """Return the bytes of the token at `place`; nothing for a marker and behind the end."""
    if place >= len(tokens) or spelling.is_special(tokens[place]):
        return b""
    return spelling.piece(tokens[place])
