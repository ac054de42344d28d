# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Finds personal data and masks it for the model; `restore` puts it back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache

from assistant.entities import Entity, EntityType
from assistant.privacy.folding import Folded, fold
from assistant.privacy.masking import masked_together
from assistant.privacy.policy import STANDARD, Policy
from assistant.privacy.restore import restore
from assistant.privacy.row import THRESHOLD
from assistant.privacy.scan import scan
from assistant.privacy.spans import Span, Tagger
from assistant.privacy.vault import Vault

__all__ = ["find", "mask", "restore"]


# What gives way to everything else that it overlaps, last what gives way to all: a telephone number in an
# address is hidden though the address is only told, and "Victor Hugo" in a street is no person.
_GIVES_WAY = {EntityType.ADDRESS: 1, EntityType.PERSON: 2}


def find(text: str, taggers: Sequence[Tagger] = ()) -> list[Entity]:
    """Return the personal data in `text`, in order and without overlaps.

    Spans are code points of `text` itself. Where two overlap, the higher score wins, then the longer;
    a name gives way to an address, and both to all else.
    `taggers` find what the table and the rules do not, such as a model for names.
    """
    folded = fold(text)
    found = [span for span in _spans(folded, taggers) if span.score >= THRESHOLD]
    found.sort(key=_strength)
    entities = (_entity(span, folded, text) for span in found)
    return sorted(_apart(entities, len(text)), key=lambda entity: entity.start)


def mask(text: str, vault: Vault, policy: Policy = STANDARD) -> tuple[str, list[Entity]]:
    """Return `text` as `policy` lets the model see it, and what was hidden (spans in `text`).

    What looks like a placeholder in `text` itself is hidden as well, so that no document can pull out
    a value: `restore(mask(text, vault)[0], vault)` is `text` again (with `Vault(exact=True)` to the
    letter, otherwise each value in its first spelling).
    """
    (masked,) = masked_together([text], vault, policy, find)
    return masked.text, list(masked.hidden)


@cache
def _rules() -> tuple[Tagger, ...]:
    """Return the rules for names and addresses; read with the first text, so that the start stays short."""
    from assistant.privacy.addresses import find_addresses  # noqa: PLC0415
    from assistant.privacy.names import find_people  # noqa: PLC0415

    return find_people, find_addresses


def _strength(span: Span) -> tuple[int, float, int, int]:
    """Return what sorts the spans, the one that wins first."""
    return _GIVES_WAY.get(span.entity_type, 0), -span.score, span.start - span.end, span.start


def _spans(folded: Folded, taggers: Sequence[Tagger]) -> Iterator[Span]:
    yield from scan(folded)
    for tagger in (*_rules(), *taggers):
        yield from tagger(folded.text)


def _entity(span: Span, folded: Folded, text: str) -> Entity:
    start, end = folded.original(span.start, span.end)
    return Entity(span.entity_type, start, end, span.score, text[start:end], span.evidence)


def _apart(entities: Iterable[Entity], length: int) -> Iterator[Entity]:
    """Yield those that overlap none before them; one byte a code point keeps this linear.

    Of what gives way to others (an address that holds a telephone number) the rest stays what it was.
    """
    taken = bytearray(length)
    for entity in entities:
        if taken.find(1, entity.start, entity.end) < 0:
            taken[entity.start : entity.end] = bytes([1]) * (entity.end - entity.start)
            yield entity
        elif entity.entity_type is EntityType.ADDRESS:
            for start, end in _left(taken, entity):
                taken[start:end] = bytes([1]) * (end - start)
                words = entity.text[start - entity.start : end - entity.start]
                yield replace(entity, start=start, end=end, text=words)


def _left(taken: bytearray, entity: Entity) -> Iterator[tuple[int, int]]:
    """Yield the pieces of `entity` that are not taken and hold a letter or digit, without what edges them."""
    start = entity.start
    while start < entity.end:
        end = taken.find(1, start, entity.end)
        end = entity.end if end < 0 else end
        words = entity.text[start - entity.start : end - entity.start]
        inside = [place for place, sign in enumerate(words) if sign.isalnum()]
        if inside:
            yield start + inside[0], start + inside[-1] + 1
        start = taken.find(0, end, entity.end)
        start = entity.end if start < 0 else start
