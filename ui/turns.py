# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A turn: what one row of the conversation shows, stored or still being written. Pure values."""

from dataclasses import dataclass

from assistant.conversations import StoredMessage
from assistant.errors import MaruError
from assistant.messages import FinishReason, Role
from assistant.passages import Citation, Passage
from assistant.receipts import Receipt
from assistant.sampling import PRESET_NAMES, Preset
from assistant.texts import tr, trn


@dataclass(frozen=True)
class Turn:
    """One row. `id` is 0 until it is stored; spans are code points of `text`.

    `status` says what is being done before the first token; `notices` stand above the text.
    """

    role: Role
    text: str
    id: int = 0
    parent_id: int | None = None
    version: int = 1
    versions: int = 1
    finish_reason: FinishReason | None = None
    receipt: Receipt | None = None
    sources: tuple[Passage, ...] = ()
    citations: tuple[Citation, ...] = ()
    unsupported: tuple[tuple[int, int], ...] = ()
    hidden: int = 0
    streaming: bool = False
    waiting: bool = False
    status: str = ""
    notices: tuple[str, ...] = ()
    error: MaruError | None = None

    @property
    def asked(self) -> bool:
        """Whether this is a question of the user's."""
        return self.role is Role.USER

    @classmethod
    def of(cls, stored: StoredMessage) -> "Turn":
        """Return what the row of a stored message shows."""
        receipt = stored.receipt
        return cls(
            role=stored.message.role,
            text=stored.message.content,
            id=stored.id,
            parent_id=stored.parent_id,
            version=stored.version,
            versions=stored.versions,
            finish_reason=stored.finish_reason,
            receipt=receipt,
            sources=receipt.passages if receipt else (),
            citations=receipt.citations if receipt else (),
            notices=receipt.notices if receipt else (),
            unsupported=receipt.unsupported if receipt and receipt.passages else (),
            hidden=sum(receipt.masked.values()) if receipt else 0,
        )


def hidden_line(count: int) -> str:
    """Return how many items are hidden from the model, in words."""
    return trn("{n} item is hidden from the model", "{n} items are hidden from the model", count)


def details(receipt: Receipt) -> list[tuple[str, str]]:
    """Return how an answer was made, as pairs of a name and a value."""
    timings = receipt.timings
    lines = [
        (tr("Model"), receipt.model_name or tr("none was needed")),
        (tr("Preset"), _preset_name(receipt.preset)),
        (tr("Temperature"), f"{receipt.sampling.temperature:g}"),
    ]
    if receipt.sampling.seed is not None:
        lines.append((tr("Seed"), str(receipt.sampling.seed)))
    if made := timings.get("predicted_ms", 0.0):
        speed = timings.get("predicted_tokens", 0.0) * 1000 / made
        lines.append((tr("Speed"), tr("{speed} tokens a second", speed=f"{speed:.1f}")))
    if first := timings.get("first_token_ms", 0.0):
        lines.append((tr("First word after"), tr("{seconds} seconds", seconds=f"{first / 1000:.1f}")))
    if tokens := timings.get("prompt_tokens", 0.0):
        lines.append((tr("Length of the prompt"), tr("{tokens} tokens", tokens=int(tokens))))
    return lines


def with_sources(turn: Turn) -> str:
    """Return an answer as plain text with its markers and, below it, its sources."""
    words = turn.text
    for citation in sorted(turn.citations, key=lambda one: one.end, reverse=True):
        end = len(words[: citation.end].rstrip())
        words = f"{words[:end]} [{citation.n}]{words[end:]}"
    sources = {one.n: source_line(one.passage) for one in turn.citations}
    listed = [f"[{number}] {line}" for number, line in sorted(sources.items())]
    return "\n".join([words, "", tr("Sources:"), *listed]) if listed else words


def source_line(passage: Passage) -> str:
    """Return a passage's file and place in one line."""
    return f"{file_name(passage)}, {passage.place.shown()}"


def file_name(passage: Passage) -> str:
    """Return the name of a passage's file, without its folder, on any system's path."""
    return passage.document.replace("\\", "/").rsplit("/", 1)[-1]


def _preset_name(preset: str | None) -> str:
    try:
        return str(PRESET_NAMES[Preset(preset or "")])
    except ValueError:
        return tr("Your own")
