# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What is done with personal data that was found: for each type ignored, told, hidden, or refused.

`RELAXED` hides what opens a door or an account (secrets, identity numbers, cards and accounts), tells of
e-mail and telephone and is silent about the rest: for somebody who wants the model to read letters as they
are. `STANDARD` hides e-mail and telephone, too, and tells of the rest. `STRICT` hides whatever is found.
None of them refuses: that is for a policy of one's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from assistant.entities import Entity, EntityGroup, EntityType
from assistant.privacy.recognizers import normal

OWN = "own"
"""The name of a policy that a person put together."""

Item = tuple[EntityType, str]
"""A value of a type, in the spelling that `normal` gives it."""


class Action(StrEnum):
    """What is done with a value."""

    IGNORE = "ignore"
    WARN = "warn"  # shown to the model, and the person is told
    MASK = "mask"
    BLOCK = "block"  # a question that holds it is refused; anywhere else it is masked


@dataclass(frozen=True)
class Policy:
    """An action for every type, and values that go before it.

    What is `allowed` is not personal; what else is `kept_back` is hidden although its type is shown.
    """

    name: str
    actions: Mapping[EntityType, Action]
    allowed: frozenset[Item] = frozenset()
    kept_back: frozenset[Item] = frozenset()

    def action(self, entity: Entity) -> Action:
        """Return what is done with `entity`."""
        action = self.actions[entity.entity_type]
        if not (self.allowed or self.kept_back):
            return action
        item = item_of(entity)
        if item in self.allowed:
            return Action.IGNORE
        shown = action in (Action.IGNORE, Action.WARN)
        return Action.MASK if shown and item in self.kept_back else action

    def hides(self, entity: Entity) -> bool:
        """Say whether the model does not see `entity`."""
        return self.action(entity) in (Action.MASK, Action.BLOCK)

    def allowing(self, items: Iterable[Item]) -> "Policy":
        """Return the policy that allows `items` as well."""
        more = frozenset(items)
        return replace(self, allowed=self.allowed | more) if more else self

    def keeping_back(self, items: Iterable[Item]) -> "Policy":
        """Return the policy that hides `items` as well."""
        more = frozenset(items)
        return replace(self, kept_back=self.kept_back | more) if more else self


@dataclass(frozen=True)
class Found:
    """Personal data and what is done with it."""

    entity: Entity
    action: Action


def _policy(name: str, rest: Action, **by_group: Action) -> Policy:
    actions = {kind: by_group.get(group.name, rest) for group in EntityGroup for kind in group.types}
    return Policy(name, MappingProxyType(actions))


RELAXED = _policy(
    "relaxed",
    Action.IGNORE,
    CONTACT=Action.WARN,
    MONEY=Action.MASK,
    IDENTITY=Action.MASK,
    SECRETS=Action.MASK,
)
STANDARD = _policy(
    "standard",
    Action.WARN,
    CONTACT=Action.MASK,
    MONEY=Action.MASK,
    IDENTITY=Action.MASK,
    SECRETS=Action.MASK,
)
STRICT = _policy("strict", Action.MASK)

POLICIES: Mapping[str, Policy] = {policy.name: policy for policy in (RELAXED, STANDARD, STRICT)}


def named(name: str, actions: Mapping[str, str] | None = None) -> Policy:
    """Return the policy `name`; `OWN` is STANDARD with `actions` (type to action, by their names) in it.

    Names that are not known are passed over: a newer Maru may have written them. Raises KeyError for a
    name that is no policy's.
    """
    if name != OWN:
        return POLICIES[name]
    kinds, known = set(EntityType), set(Action)
    chosen = {
        EntityType(kind): Action(action)
        for kind, action in (actions or {}).items()
        if kind in kinds and action in known
    }
    return Policy(OWN, MappingProxyType({**STANDARD.actions, **chosen}))


def for_remote(policy: Policy) -> Policy:
    """Return what holds for an engine on another machine: all that is found is hidden.

    What is blocked stays so, and what the person called not personal stays allowed.
    """
    hidden = {
        kind: Action.BLOCK if action is Action.BLOCK else Action.MASK
        for kind, action in policy.actions.items()
    }
    return replace(policy, actions=MappingProxyType(hidden))


def item_of(entity: Entity) -> Item:
    """Return the value of `entity` as policies compare it."""
    return entity.entity_type, normal(entity.entity_type, entity.text)


def judged(entities: Iterable[Entity], policy: Policy) -> list[Found]:
    """Return each of `entities` with what `policy` does with it."""
    return [Found(entity, policy.action(entity)) for entity in entities]
