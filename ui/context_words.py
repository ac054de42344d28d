# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""How full the context window is, part by part. Pure."""

from dataclasses import dataclass

from assistant.receipts import ContextUse, Receipt
from assistant.texts import tr


@dataclass(frozen=True)
class Filled:
    """`used` of `size` tokens are taken; `parts` name them and what is left."""

    used: int = 0
    size: int = 0
    parts: tuple[tuple[str, int], ...] = ()


def filled(use: ContextUse | None, written: int = 0) -> Filled:
    """Return how full the window is with a prompt, and an answer of `written` tokens."""
    if use is None or not use.n_ctx:
        return Filled()
    rest = use.prompt_tokens - use.history_tokens - use.passages_tokens
    parts = (
        (tr("Instructions and question"), max(rest, 0)),
        (tr("Earlier messages"), use.history_tokens),
        (tr("Passages of your documents"), use.passages_tokens),
        (tr("Answer"), written),
        (tr("Room for the answer") if not written else tr("Free"), max(use.answer_room - written, 0)),
    )
    return Filled(use.prompt_tokens + written, use.n_ctx, parts)


def filled_by(receipt: Receipt | None) -> Filled:
    """Return how full the window was after an answer; nothing where no model was asked."""
    if receipt is None:
        return Filled()
    return filled(receipt.context, int(receipt.timings.get("predicted_tokens", 0)))
