# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What a rule found in a folded text: a pure value."""

from dataclasses import dataclass

from assistant.entities import EntityType, Evidence


@dataclass(frozen=True, slots=True)
class Hit:
    """Personal data at code points [start, end) of a folded text; `score` is the confidence, 0 to 1."""

    entity_type: EntityType
    start: int
    end: int
    score: float
    evidence: Evidence = Evidence.SHAPE
