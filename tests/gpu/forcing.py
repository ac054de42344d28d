# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The same tokens read on the processor and on the card, and how the logits of each step differ.

Where the likeliest token is the same at every step, greedy decoding writes the same text.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.engine import llama
from assistant.engine.context import Context, Floats
from assistant.engine.llama import Model

CONTEXT = 1024


@dataclass(frozen=True)
class Difference:
    """Of one text, a value a step: whether the likeliest token is the same, and by how much all differ.

    `margin` is the processor's likeliest logit less its second, `change` how much the card changes
    that, `logits` the largest difference of any logit, `divergence` Kullback and Leibler's, in nats.
    """

    same: NDArray[np.bool_]
    margin: Floats
    change: Floats
    logits: Floats
    divergence: NDArray[np.float64]

    @property
    def equal(self) -> int:
        """How many tokens are the same before the first that is not."""
        return len(self.same) if self.same.all() else int(self.same.argmin())

    def told(self) -> str:
        """Return the figures in a line."""
        return (
            f"{self.equal} of {len(self.same)} tokens equal; at most: logits {self.logits.max():.3f}, "
            f"margin {self.change.max():.3f}, divergence {self.divergence.max():.1e}; "
            f"margins where the likeliest token is another: {self.margin[~self.same].round(3).tolist()}"
        )


@contextlib.contextmanager
def opened(path: Path, layers: int) -> Iterator[Context]:
    """Give a model's working memory in this process, with `layers` on the card."""
    llama.start()
    model = Model(path, n_gpu_layers=layers)
    context = Context(model, n_ctx=CONTEXT, threads=1)
    try:
        yield context
    finally:
        context.close()
        model.close()


def write(context: Context, prompt: Sequence[int], count: int) -> tuple[list[int], Floats]:
    """Return up to `count` tokens of the greedy answer, and the logits each was picked from."""
    context.keep(0)
    context.decode(prompt)
    tokens: list[int] = []
    steps: list[Floats] = []
    while True:
        steps.append(context.logits().copy())
        tokens.append(int(steps[-1].argmax()))
        if len(tokens) == count or context.model.ends(tokens[-1]):
            return tokens, np.stack(steps)
        context.decode_one(tokens[-1])


def read_along(context: Context, prompt: Sequence[int], written: Sequence[int]) -> Floats:
    """Return the logits from which each token of an answer that was written elsewhere would be picked."""
    context.keep(0)
    context.decode(prompt)
    steps = [context.logits().copy()]
    for token in written[:-1]:
        context.decode_one(token)
        steps.append(context.logits().copy())
    return np.stack(steps)


def difference(ours: Floats, theirs: Floats) -> Difference:
    """Compare the logits of the processor with those of the card; both are steps x vocabulary."""
    every = np.arange(len(ours))
    second, first = np.argsort(ours, axis=1)[:, -2:].T
    margin = ours[every, first] - ours[every, second]
    ours_log, theirs_log = _log_probabilities(ours), _log_probabilities(theirs)
    return Difference(
        same=theirs.argmax(axis=1) == ours.argmax(axis=1),
        margin=margin,
        change=np.abs(theirs[every, first] - theirs[every, second] - margin),
        logits=np.abs(ours - theirs).max(axis=1),
        divergence=(np.exp(ours_log) * (ours_log - theirs_log)).sum(axis=1),
    )


def _log_probabilities(logits: Floats) -> NDArray[np.float64]:
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
