# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The receipt of an answer: everything that explains it and lets it be repeated. A pure value."""

import contextlib
import dataclasses
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import NoneType, UnionType
from typing import Any, Self, TypeVar, get_args, get_origin

from assistant.errors import SettingsError
from assistant.passages import Citation, Elsewhere, Passage, Place, PlaceKind
from assistant.sampling import SamplingParams

ValueT = TypeVar("ValueT")


@dataclass(frozen=True)
class ContextUse:
    """How the context window of `n_ctx` tokens was filled before the answer; counts in tokens.

    `prompt_tokens` is all of the prompt, `history_tokens` and `passages_tokens` are parts of it;
    `answer_room` is what was left. `left_out_messages` are the first words of earlier messages that
    did not fit, `left_out_passages` the passages, both in their order.
    """

    n_ctx: int
    prompt_tokens: int
    history_tokens: int = 0
    passages_tokens: int = 0
    left_out_messages: tuple[str, ...] = ()
    left_out_passages: tuple[Passage, ...] = ()

    @property
    def answer_room(self) -> int:
        """Tokens that the answer may take, thinking included."""
        return max(self.n_ctx - self.prompt_tokens, 0)


@dataclass(frozen=True)
class DocumentRead:
    """A document that was read whole for an answer: its path, its tokens, in how many parts.

    `total` is how many parts it has; where it is more than `parts`, the rest was left out.
    """

    document: str
    tokens: int
    parts: int = 1
    total: int = 1


@dataclass(frozen=True)
class Receipt:
    """What was used for one answer.

    `sampling` holds the seed that was used; `preset` is its name, None for settings of one's own.
    `passages` are numbered from 1 in their order. `unsupported` are spans [start, end) of the
    answer's text without a supporting passage. `masked` counts entity types that the model did not see,
    `told` those that it saw in the question and the user was to be told of. `timings` are in milliseconds,
    counts in tokens, by llama.cpp's names. `prompt_as_seen` is
    what the model saw, masked; `searched` says whether documents were searched;
    `notices` is what the user was told before the answer, what did not fit among it; `context` says
    how the context window was filled (None where nothing was generated). `thinking` is what a
    reasoning model thought first: never cited, never part of a later prompt; `timings` then has
    "thinking_ms". `confidence` are the words the model was least sure of, in order: spans [start, end)
    of the answer's text with the probability that the model gave them. `whole` are the documents that
    were read whole; `passages` are then those that are cited. `searched_for` is the wording that was
    searched for where it is not the question's own: a follow-up question ("" otherwise). `invented` are
    spans of the answer's text that look like placeholders and stand for nothing: the model made them up.
    """

    model_name: str = ""
    model_sha256: str = ""
    sampling: SamplingParams = field(default_factory=SamplingParams)
    preset: str | None = None
    passages: tuple[Passage, ...] = ()
    citations: tuple[Citation, ...] = ()
    unsupported: tuple[tuple[int, int], ...] = ()
    masked: Mapping[str, int] = field(default_factory=dict)
    told: Mapping[str, int] = field(default_factory=dict)
    timings: Mapping[str, float] = field(default_factory=dict)
    prompt_as_seen: str = ""
    searched: bool = False
    notices: tuple[str, ...] = ()
    thinking: str = ""
    confidence: tuple[tuple[int, int, float], ...] = ()
    context: ContextUse | None = None
    whole: tuple[DocumentRead, ...] = ()
    searched_for: str = ""
    invented: tuple[tuple[int, int], ...] = ()

    @property
    def written(self) -> int:
        """Tokens of the answer itself, without thinking; 0 where that was not counted."""
        count = self.timings.get("predicted_tokens", 0) - self.timings.get("thinking_tokens", 0)
        return max(int(count), 0) if math.isfinite(count) else 0

    @staticmethod
    def is_one(written: str) -> bool:
        """Say whether a receipt can be read at all, be it with nothing of it known."""
        try:
            return isinstance(json.loads(written), dict)
        except (ValueError, RecursionError):
            return False

    def to_json(self) -> str:
        """Return the receipt as one line of JSON, plain ASCII."""
        return json.dumps(dataclasses.asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, written: str) -> Self:
        """Return the receipt that `to_json` wrote, by this version, an older or a newer one.

        Fields that are missing have their default, fields that are not known are passed over, and
        passages that cannot be read are left out: a receipt never keeps an answer from being shown.
        """
        try:
            fields = _known(cls, json.loads(written))
        except (ValueError, RecursionError):  # no JSON, or one so deep that nobody wrote it in good faith
            fields = {}
        read = {
            "sampling": _sampling(fields.get("sampling")),
            "passages": _each(_passage, fields.get("passages")),
            "citations": _each(_citation, fields.get("citations")),
            "unsupported": _each(_span, fields.get("unsupported")),
            "invented": _each(_span, fields.get("invented")),
            "notices": _each(str, fields.get("notices")),
            "confidence": _each(_unsure, fields.get("confidence")),
            "context": _context(fields.get("context")),
            "whole": _each(_read_whole, fields.get("whole")),
        }
        return cls(**fields | read)


def _known(kind: type, written: object) -> dict[str, Any]:
    """Return the fields of `written` that `kind` has, where their values are of the right type."""
    if not isinstance(written, dict):
        return {}
    return {
        one.name: written[one.name]
        for one in dataclasses.fields(kind)
        if one.name in written and _fits(one.type, written[one.name])
    }


def _fits(wanted: Any, value: object) -> bool:
    """Say whether `value` is text, a number, or such by name, where one is wanted; the rest is read apart."""
    if isinstance(wanted, UnionType):
        return any(_fits(one, value) for one in get_args(wanted))
    if wanted in (str, bool, NoneType):
        return isinstance(value, wanted)
    if wanted in (int, float):
        number = isinstance(value, (int, wanted)) and not isinstance(value, bool)
        return number and not (isinstance(value, float) and math.isnan(value))
    if get_origin(wanted) is Mapping:
        numbers = get_args(wanted)[1]
        return isinstance(value, dict) and all(_fits(numbers, one) for one in value.values())
    return True


def _each(read: Callable[[Any], ValueT], written: object) -> tuple[ValueT, ...]:
    """Read every member of a list and leave out what cannot be read."""
    found = []
    for one in written if isinstance(written, list) else ():
        with contextlib.suppress(KeyError, TypeError, ValueError):
            found.append(read(one))
    return tuple(found)


def _passage(written: Any) -> Passage:
    read = {"place": _place(written["place"]), "also": _each(_elsewhere, written.get("also"))}
    return Passage(**_known(Passage, written) | read)


def _elsewhere(written: Any) -> Elsewhere:
    return Elsewhere(**_known(Elsewhere, written) | {"place": _place(written["place"])})


def _place(written: Any) -> Place:
    place = _known(Place, written)
    return Place(**place | {"kind": PlaceKind(place["kind"])})


def _citation(written: Any) -> Citation:
    return Citation(**_known(Citation, written) | {"passage": _passage(written["passage"])})


def _read_whole(written: Any) -> DocumentRead:
    return DocumentRead(**_known(DocumentRead, written))


def _span(written: Any) -> tuple[int, int]:
    start, end = written
    return int(start), int(end)


def _unsure(written: Any) -> tuple[int, int, float]:
    start, end, probability = written
    return int(start), int(end), float(probability)


def _context(written: object) -> ContextUse | None:
    fields = _known(ContextUse, written)
    read = {
        "left_out_messages": _each(str, fields.get("left_out_messages")),
        "left_out_passages": _each(_passage, fields.get("left_out_passages")),
    }
    try:
        return ContextUse(**fields | read)
    except TypeError:  # none was written, or one without its numbers
        return None


def _sampling(written: object) -> SamplingParams:
    try:
        return SamplingParams(**_known(SamplingParams, written))
    except (SettingsError, TypeError):  # a range that was wider once, or will be
        return SamplingParams()
