# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Texts of one conversation as the model may see them: all that is found in any is hidden in all of them.

Everything is found before anything is shown: a name that only the third text tells by its title is
hidden in the first one, too.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.entities import Entity, EntityType
from assistant.privacy.placeholders import escape
from assistant.privacy.policy import Policy
from assistant.privacy.vault import Vault

Find = Callable[[str], Sequence[Entity]]
CERTAIN = 1.0


@dataclass(frozen=True)
class Half:
    """A piece of a text that is part of a value: the rest of it stands in another text.

    `value` is the whole, of `entity_type`, for which the placeholder stands; [start, end) the piece.
    """

    entity_type: EntityType
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Masked:
    """A text as the model may see it, and what was hidden (spans in the text as it was)."""

    text: str
    hidden: tuple[Entity, ...]


def masked_together(
    texts: Sequence[str],
    vault: Vault,
    policy: Policy,
    find: Find,
    halves: Sequence[Sequence[Half]] | None = None,
) -> list[Masked]:
    """Return each of `texts` as `policy` lets the model see it.

    `halves` are, for each text, the pieces of values that no text holds whole, in order.
    """
    split = halves or [()] * len(texts)
    found = [
        [_as_known(each, vault, policy) for each in find(text) if policy.hides(each) and _apart(each, pieces)]
        for text, pieces in zip(texts, split, strict=True)
    ]
    for entities, pieces in zip(found, split, strict=True):
        for entity in entities:
            vault.placeholder(entity.entity_type, entity.text)
        for piece in pieces:
            vault.placeholder(piece.entity_type, piece.value)
    return [
        _masked(text, with_known(text, entities, vault, policy, pieces), pieces, vault)
        for text, entities, pieces in zip(texts, found, split, strict=True)
    ]


def with_known(
    text: str, found: Sequence[Entity], vault: Vault, policy: Policy, pieces: Sequence[Half] = ()
) -> list[Entity]:
    """Return what was found to hide in `text`, and beside it what `vault` knows from elsewhere."""
    kept = list(found)
    taken = bytearray(len(text))
    for start, end in [*((one.start, one.end) for one in found), *((one.start, one.end) for one in pieces)]:
        taken[start:end] = b"\1" * (end - start)
    for kind, start, end in vault.known(text):
        known = Entity(kind, start, end, CERTAIN, text[start:end])
        if taken.find(1, start, end) < 0 and policy.hides(known):
            taken[start:end] = b"\1" * (end - start)
            kept.append(known)
    return sorted(kept, key=lambda one: one.start)


def _as_known(entity: Entity, vault: Vault, policy: Policy) -> Entity:
    """Return `entity` by the type that its value was hidden as before: it keeps its placeholder."""
    kind = vault.kind_of(entity.text)
    if kind is None or kind is entity.entity_type:
        return entity
    known = replace(entity, entity_type=kind)
    return known if policy.hides(known) else entity


def _masked(text: str, hidden: Sequence[Entity], pieces: Sequence[Half], vault: Vault) -> Masked:
    spans = [(one.start, one.end, one.entity_type, one.text) for one in hidden]
    spans += [(one.start, one.end, one.entity_type, one.value) for one in pieces]
    shown: list[str] = []
    done = 0
    for start, end, entity_type, value in sorted(spans):
        shown += (escape(text[done:start], vault), vault.placeholder(entity_type, value))
        done = end
    shown.append(escape(text[done:], vault))
    return Masked("".join(shown), tuple(hidden))


def _apart(entity: Entity, pieces: Sequence[Half]) -> bool:
    return all(piece.end <= entity.start or entity.end <= piece.start for piece in pieces)
