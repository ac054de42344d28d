# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Personal data found in a text: a pure value."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from assistant.texts import Text, text


class EntityType(StrEnum):
    """What kind of personal data was found."""

    EMAIL = "EMAIL"
    PHONE = "PHONE"
    CARD = "CARD"
    KR_RRN = "KR_RRN"  # Korean resident registration number


ENTITY_NAMES: dict[EntityType, Text] = {
    EntityType.EMAIL: text("E-mail address"),
    EntityType.PHONE: text("Telephone number"),
    EntityType.CARD: text("Card number"),
    EntityType.KR_RRN: text("Resident registration number"),
}


@dataclass(frozen=True)
class Entity:
    """Personal data at code points [start, end) of a text; `score` is the confidence, 0 to 1."""

    entity_type: EntityType
    start: int
    end: int
    score: float
    text: str


def count_by_type(entities: Iterable[Entity]) -> dict[str, int]:
    """Return how many of each type there are, by the type's name."""
    return dict(Counter(entity.entity_type.value for entity in entities))
