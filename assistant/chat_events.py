# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""How a question is asked, and what comes of it: options and events, pure values."""

from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path

from assistant.conversations import StoredMessage
from assistant.entities import EntityType
from assistant.passages import Citation, Passages
from assistant.receipts import ContextUse
from assistant.sampling import Preset, SamplingParams


@dataclass(frozen=True)
class Options:
    """How a question is answered: with `limit` passages.

    `collections` names those that are looked at, None for all, () for none; `within` narrows it to
    these files and folders. `whole` are files to read whole, whatever the question is. `let_through` is
    personal data, as (type, value), that the model is shown from this question on, `kept_back` what is
    hidden from then on although the policy shows it.
    """

    sampling: SamplingParams = field(default_factory=SamplingParams)
    preset: Preset | None = Preset.PRECISE
    documents: bool = True
    collections: tuple[str, ...] | None = None
    within: tuple[Path, ...] | None = None
    limit: int = 4
    whole: tuple[Path, ...] = ()
    let_through: frozenset[tuple[EntityType, str]] = frozenset()
    kept_back: frozenset[tuple[EntityType, str]] = frozenset()


@dataclass(frozen=True)
class QuestionStored:
    """The question is on the disk."""

    message: StoredMessage


@dataclass(frozen=True)
class Searching:
    """The library is searched; so many documents."""

    documents: int


@dataclass(frozen=True)
class Sources:
    """What was found, before the first token.

    `searched_for` is the wording that was searched for, "" where it is the question's own.
    """

    passages: Passages
    searched_for: str = ""


@dataclass(frozen=True)
class Masked:
    """What is hidden from the model in this question and its passages: entity type to count.

    `told` counts what the question holds and the model sees, where the person wants to be told of it.
    """

    entities: dict[str, int]
    told: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Notice:
    """Something the user should know before the answer, in the question's language."""

    text: str


@dataclass(frozen=True)
class Loading:
    """The model is being loaded, 0 to 1."""

    fraction: float


@dataclass(frozen=True)
class Reading:
    """How much of the prompt the model has read, in tokens."""

    done: int
    total: int


@dataclass(frozen=True)
class ReadingPart:
    """Part `number` of `total` of a long document is read; beyond the last, all of them together."""

    number: int
    total: int

    @property
    def together(self) -> bool:
        """Whether every part was read and what was noted of them is put together."""
        return self.number > self.total


@dataclass(frozen=True)
class Thinking:
    """The next piece of what a reasoning model thinks before its answer, personal data restored."""

    text: str


@dataclass(frozen=True)
class TokenText:
    """The next piece of the answer, personal data restored."""

    text: str


@dataclass(frozen=True)
class Cited:
    """The sentence that just ended is supported by this passage."""

    citation: Citation


@dataclass(frozen=True)
class Answered:
    """The answer is on the disk, with its receipt."""

    message: StoredMessage


ChatEvent = (
    QuestionStored
    | Searching
    | Sources
    | Masked
    | Notice
    | ContextUse
    | Loading
    | Reading
    | ReadingPart
    | Thinking
    | TokenText
    | Cited
    | Answered
)
Events = Generator[ChatEvent, None, None]
