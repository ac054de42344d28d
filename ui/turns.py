# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A turn: what one row of the conversation shows, stored or still being written. Pure values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.conversations import StoredMessage
from assistant.entities import EntityType
from assistant.errors import MaruError
from assistant.messages import FinishReason, Role
from assistant.passages import Citation, Passage
from assistant.prompt import Prompt
from assistant.receipts import ContextUse, DocumentRead, Receipt
from assistant.sampling import PRESET_NAMES, Preset
from assistant.texts import LANGUAGES, tr, trn
from ui.privacy_words import listed

COUNTS = (
    "prompt_tokens",
    "cached_tokens",
    "predicted_tokens",
    "thinking_tokens",
    "drafted_tokens",
    "accepted_tokens",
)


@dataclass(frozen=True)
class LeftOut:
    """What did not fit into the context window: first words of messages, file and place of passages."""

    messages: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()

    @classmethod
    def of(cls, use: ContextUse | None) -> "LeftOut":
        """Return what was left out, nothing where that is not known."""
        if use is None:
            return cls()
        return cls(use.left_out_messages, tuple(source_line(one) for one in use.left_out_passages))


@dataclass(frozen=True)
class Unsure:
    """A word [start, end) of the answer that the model took with a low `probability`."""

    start: int
    end: int
    probability: float


@dataclass(frozen=True)
class Turn:
    """One row. `id` is 0 until it is stored; spans are code points of `text`.

    `invented` are placeholders that the model made up; `hidden` is how much it did not see, `told` what it
    saw in the question although it is pointed out, by kind.
    `status` says what is being done before the first token; `notices` stand above the text.
    `thinking` is what a reasoning model thought first, for `thought_s` seconds (0 where unknown);
    `thinks_since` is when it began, by the clock of the one who shows it.
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
    invented: tuple[tuple[int, int], ...] = ()
    hidden: int = 0
    told: Mapping[str, int] = field(default_factory=dict)
    streaming: bool = False
    waiting: bool = False
    status: str = ""
    notices: tuple[str, ...] = ()
    thinking: str = ""
    thought_s: float = 0.0
    thinks_since: float = 0.0
    left_out: LeftOut = LeftOut()
    unsure: tuple[Unsure, ...] = ()
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
            notices=_notices(receipt) if receipt else (),
            thinking=receipt.thinking if receipt else "",
            thought_s=receipt.timings.get("thinking_ms", 0.0) / 1000 if receipt else 0.0,
            left_out=LeftOut.of(receipt.context if receipt else None),
            unsure=tuple(Unsure(*one) for one in receipt.confidence) if receipt else (),
            unsupported=receipt.unsupported if receipt and (receipt.passages or receipt.whole) else (),
            invented=receipt.invented if receipt else (),
            hidden=sum(receipt.masked.values()) if receipt else 0,
            told=receipt.told if receipt else {},
        )


def hidden_line(turn: Turn) -> str:
    """Return how many items are hidden from the model, and which it sees although they are pointed out."""
    lines = []
    if count := turn.hidden:
        lines.append(trn("{n} item is hidden from the model", "{n} items are hidden from the model", count))
    if things := listed({EntityType(kind): n for kind, n in turn.told.items() if kind in set(EntityType)}):
        lines.append(tr("The model sees {things} as written", things=things))
    return " · ".join(lines)


def details(receipt: Receipt) -> list[tuple[str, str]]:
    """Return how an answer was made, as pairs of a name and a value."""
    lines = [
        (tr("Model"), receipt.model_name or tr("none was needed")),
        (tr("Preset"), _preset_name(receipt.preset)),
        (tr("Temperature"), f"{receipt.sampling.temperature:g}"),
    ]
    if receipt.sampling.seed is not None:
        lines.append((tr("Seed"), str(receipt.sampling.seed)))
    lines += [(tr("Read"), read_line(read)) for read in receipt.whole]
    return [*lines, *_measured(receipt.timings)]


def read_line(read: DocumentRead) -> str:
    """Return how a document was read, in a few words."""
    name = read.document.replace("\\", "/").rsplit("/", 1)[-1]
    if read.parts < read.total:
        return tr("{name}, {n} of {total} parts", name=name, n=read.parts, total=read.total)
    if read.parts > 1:
        return trn("{name}, in {n} part", "{name}, in {n} parts", read.parts, name=name)
    return tr("{name}, whole", name=name)


def searched_line(words: str) -> tuple[str, ...]:
    """Return the line that says what was searched for in place of the question, none where it was that."""
    return (tr("Searched for: {words}", words=words),) if words else ()


def _notices(receipt: Receipt) -> tuple[str, ...]:
    kept = without_left_out(receipt.notices, receipt.context)
    return (*searched_line(receipt.searched_for), *kept)


def _measured(timings: Mapping[str, float]) -> list[tuple[str, str]]:
    """Return what was measured and counted, as pairs of a name and a value."""
    count = {name: int(timings.get(name, 0.0)) for name in COUNTS}
    lines = []
    if speed := tokens_a_second(timings):
        lines.append((tr("Speed"), tr("{speed} tokens a second", speed=_speed(speed))))
    if first := timings.get("first_token_ms", 0.0):
        lines.append((tr("First word after"), tr("{seconds} seconds", seconds=f"{first / 1000:.2f}")))
    if tokens := count["prompt_tokens"]:
        kept = count["cached_tokens"]
        read = tr("{tokens} tokens, {kept} of them known from before", tokens=tokens, kept=kept)
        lines.append((tr("Length of the prompt"), read if kept else tr("{tokens} tokens", tokens=tokens)))
    if tokens := count["predicted_tokens"]:
        lines.append((tr("Length of the answer"), tr("{tokens} tokens", tokens=tokens)))
    if tokens := count["thinking_tokens"]:
        lines.append((tr("Thinking"), tr("{tokens} tokens", tokens=tokens)))
    if guessed := count["drafted_tokens"]:
        right = tr("{right} of {all} tokens were right", right=count["accepted_tokens"], all=guessed)
        lines.append((tr("Guessed ahead"), right))
    return lines


def tokens_a_second(timings: Mapping[str, float]) -> float:
    """Return how fast an answer was written, 0 where that was not measured."""
    made = timings.get("predicted_ms", 0.0)
    return timings.get("predicted_tokens", 0.0) * 1000 / made if made else 0.0


def _speed(speed: float) -> str:
    return f"{speed:.1f}" if speed < 100 else f"{speed:,.0f}"


def pace(receipt: Receipt | None) -> str:
    """Return speed and time to the first word in a few letters, "" where they were not measured."""
    timings = receipt.timings if receipt else {}
    speed, first = tokens_a_second(timings), timings.get("first_token_ms", 0.0)
    if not speed or not first:
        return ""
    return tr("{speed} tokens/s · {seconds} s", speed=_speed(speed), seconds=f"{first / 1000:.2f}")


def thought_line(turn: Turn) -> str:
    """Return the line over a thinking part, "" where there is none."""
    if not turn.thinking:
        return ""
    if turn.streaming and not turn.text:
        return tr("Thinking…")
    if turn.thought_s >= 1:
        return tr("Thought for {seconds} s", seconds=round(turn.thought_s))
    return tr("Thought first")


def without_left_out(notices: Sequence[str], use: ContextUse | None) -> tuple[str, ...]:
    """Return the notices but those that say what was left out: a line of its own does, with the list."""
    if use is None:
        return tuple(notices)
    said = Prompt((), (), len(use.left_out_messages), len(use.left_out_passages)).left_out()
    same = {one.in_language(language) for one in said for language in LANGUAGES}
    return tuple(notice for notice in notices if notice not in same)


def left_out_line(left_out: LeftOut) -> str:
    """Return in a sentence what did not fit, "" where all did."""
    messages, passages = len(left_out.messages), len(left_out.passages)
    if messages and passages:
        return tr(
            "To fit the context window, {messages} and {passages} were left out.",
            messages=trn("{n} earlier message", "{n} earlier messages", messages),
            passages=trn("{n} passage", "{n} passages", passages),
        )
    if messages:
        return trn(
            "To fit the context window, {n} earlier message was left out.",
            "To fit the context window, {n} earlier messages were left out.",
            messages,
        )
    if passages:
        return trn(
            "To fit the context window, {n} passage was left out.",
            "To fit the context window, {n} passages were left out.",
            passages,
        )
    return ""


def left_out_list(left_out: LeftOut) -> str:
    """Return what did not fit, line by line."""
    return "\n".join(f"• {line}" for line in (*left_out.messages, *left_out.passages))


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
