# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Personal data found in a text: a pure value."""

from dataclasses import dataclass
from enum import StrEnum


class EntityType(StrEnum):
    """What kind of personal data was found."""

    EMAIL = "EMAIL"
    PHONE = "PHONE"
    CARD = "CARD"
    KR_RRN = "KR_RRN"  # Korean resident registration number


@dataclass(frozen=True)
class Entity:
    """Personal data at code points [start, end) of a text; `score` is the confidence, 0 to 1."""

    entity_type: EntityType
    start: int
    end: int
    score: float
    text: str
