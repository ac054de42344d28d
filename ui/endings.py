# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The quiet line under an answer that did not end well: what happened, the one button that helps. Pure."""

from assistant.errors import ContextFullError, MaruError, Offer, StoppedError
from assistant.messages import FinishReason
from assistant.texts import tr
from ui.turns import Turn

Ending = tuple[str, str, str, str]
"""Words, icon, role of the colours, the button; no words: no line."""


def ending(turn: Turn) -> Ending:
    """Return the line for an answer."""
    if isinstance(turn.error, StoppedError):
        return str(turn.error), "stop", "quiet", tr("Ask again")
    if turn.error is not None:
        return str(turn.error), "warning", "danger", button_for(turn.error)
    if turn.streaming:
        return "", "", "quiet", ""
    match turn.finish_reason:
        case FinishReason.CANCELLED:
            return tr("You stopped this answer."), "stop", "quiet", tr("Ask again")
        case FinishReason.FAILED if not turn.text:
            return tr("This question was not answered."), "warning", "danger", tr("Ask again")
        case FinishReason.FAILED:
            return tr("This answer ended early: the engine stopped."), "warning", "danger", tr("Ask again")
        case FinishReason.LENGTH:
            return _too_long(turn), "info", "quiet", tr("Go on")
        case FinishReason.REPEATED:
            return tr("The model began to repeat itself and was stopped."), "stop", "quiet", tr("Ask again")
        case FinishReason.REFUSED:
            return tr("The model was not asked."), "info", "quiet", tr("Ask without documents")
    return "", "", "quiet", ""


def button_for(error: MaruError) -> str:
    """Return the name of the button that helps after `error`."""
    match error:
        case ContextFullError(offer=Offer(n_ctx=int(n_ctx))):
            return tr("Use a larger context, {n_ctx} tokens", n_ctx=n_ctx)
        case ContextFullError():
            return tr("Shorten the question")
        case MaruError(offer=Offer(n_ctx=int(n_ctx))):
            return tr("Use a smaller context, {n_ctx} tokens", n_ctx=n_ctx)
        case MaruError(offer=Offer(n_gpu_layers=int(layers))):
            return tr("Fewer layers on the graphics card: {layers}", layers=layers)
    return tr("Ask again")


def _too_long(turn: Turn) -> str:
    """Say why an answer was cut: by the longest length that was chosen, or by a full context window."""
    written = turn.receipt.written if turn.receipt else 0
    if not turn.receipt or not written:
        return tr("This answer reached its longest length.")
    if written < turn.receipt.sampling.max_tokens:
        return tr("The context window was full before this answer ended.")
    return tr("This answer reached its longest length, {n} tokens.", n=written)
