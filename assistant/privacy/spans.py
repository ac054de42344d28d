# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What a finder of names or addresses reports, and what a later one has to look like."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from assistant.entities import EntityType, Evidence


class Span(NamedTuple):
    """Personal data at code points [start, end) of a folded text; `score` is the confidence, 0 to 1."""

    entity_type: EntityType
    start: int
    end: int
    score: float
    evidence: Evidence


class Tagger(Protocol):
    """Finds personal data that no pattern describes: by rules today, by a model when one is installed."""

    def __call__(self, folded: str, /) -> Iterable[Span]:
        """Return what it finds in a folded text; spans may overlap."""
        ...
