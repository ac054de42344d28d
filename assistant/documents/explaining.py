# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Why a passage ranks where it does, and why a file was not used: pure values."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from assistant.passages import Passage
from assistant.texts import tr, trn


class Meaning(StrEnum):
    """What search by meaning had to say."""

    USED = "used"
    COMPARED = "compared"  # as much, but slower: the index is being made again
    TEXT_ONLY = "text_only"  # nothing: the index is being made again, and there are too many to compare
    BLIND = "blind"  # the model cannot tell words of the question's language apart
    AWAY = "away"  # the embedding engine cannot be had
    NONE = "none"  # there are no vectors

    @property
    def had_say(self) -> bool:
        """Whether vectors had a say in what was found."""
        return self in (Meaning.USED, Meaning.COMPARED)

    @property
    def rebuilding(self) -> bool:
        """Whether the index is being made again."""
        return self in (Meaning.COMPARED, Meaning.TEXT_ONLY)


@dataclass(frozen=True)
class Why:
    """Why a passage ranks where it does.

    `words` is the share of what the question asks for that stands in it (0 to 1) and `cosine` how near
    it is in meaning (-1 to 1), each with its rank from 1; None where that half did not find it.
    `of_words` and `of_meaning` are the parts of the passage's fused score. `terms` are the question's
    words that stand in it, `missing` those that do not, in their order; words that only ask are in
    neither. `reranked` is the reranker's own score where one was used.
    """

    words: float | None
    words_rank: int | None
    cosine: float | None
    cosine_rank: int | None
    of_words: float
    of_meaning: float
    terms: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    reranked: float | None = None


@dataclass(frozen=True)
class Ranked:
    """A passage at its rank, from 1."""

    rank: int
    passage: Passage
    why: Why


@dataclass(frozen=True)
class Explained:
    """The outcome of one search with all its reasons, best first; `supported` as in `Passages`."""

    question: str
    passages: tuple[Ranked, ...]
    supported: bool
    meaning: Meaning


class NotUsed(StrEnum):
    """Why a file was not used; USED where it was."""

    USED = "used"
    NOT_INDEXED = "not_indexed"
    WAITING = "waiting"  # to be read
    PASSED_OVER = "passed_over"  # in a folder that was added, but hidden, or named by .gitignore
    SET_ASIDE = "set_aside"
    NO_TEXT = "no_text"
    PROTECTED = "protected"
    NOT_CHOSEN = "not_chosen"  # another collection, or not among the files that were asked
    NOTHING_IN_COMMON = "nothing_in_common"
    SAME_TEXT = "same_text"  # shown from another file that holds the same
    OUTRANKED = "outranked"
    CUT = "cut"  # found, but the context window had no room


@dataclass(frozen=True)
class WhyNot:
    """The answer to "why was my file not used?".

    `detail` is the reader's reason, in the language in use. `rank` is that of the file's best passage
    `best`, None where it is further down than search looks; `before` is what was shown, best first.
    """

    reason: NotUsed
    path: Path
    detail: str = ""
    rank: int | None = None
    best: Ranked | None = None
    before: tuple[Ranked, ...] = ()

    def sentence(self) -> str:
        """Return the answer for people, in the language in use."""
        name = self.path.name
        shown = Path(self.before[0].passage.document).name if self.before else ""
        if self.reason is NotUsed.OUTRANKED:
            return self._outranked(name, shown)
        return {
            NotUsed.USED: tr("{name} was used.", name=name),
            NotUsed.NOT_INDEXED: tr("{name} is not among your documents. Add it first.", name=name),
            NotUsed.WAITING: tr("{name} is still waiting to be read.", name=name),
            NotUsed.PASSED_OVER: tr(
                "{name} was passed over: it is hidden, or a .gitignore names it. Add the file itself.",
                name=name,
            ),
            NotUsed.SET_ASIDE: tr("{name} could not be read: {reason}", name=name, reason=self.detail),
            NotUsed.NO_TEXT: tr("{name} holds no text: {reason}", name=name, reason=self.detail),
            NotUsed.PROTECTED: tr("{name} needs a password: {reason}", name=name, reason=self.detail),
            NotUsed.NOT_CHOSEN: tr("{name} is not among the documents that were asked.", name=name),
            NotUsed.NOTHING_IN_COMMON: tr("No word of the question stands in {name}.", name=name),
            NotUsed.SAME_TEXT: tr("The same text was shown from {other}.", other=shown),
            NotUsed.CUT: tr("A passage of {name} was found, but the context window had no room.", name=name),
        }[self.reason]

    def _outranked(self, name: str, shown: str) -> str:
        if self.rank is None:
            return tr("Other passages fit the question much better than {name}: {other} first.",
                      name=name, other=shown)  # fmt: skip
        return trn(
            "{n} passage fits the question better; the best of {name} is number {rank}, after {other}.",
            "{n} passages fit the question better; the best of {name} is number {rank}, after {other}.",
            self.rank - 1,
            name=name,
            rank=self.rank,
            other=shown,
        )
