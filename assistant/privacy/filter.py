# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Finds personal data and masks it for the model; `restore` puts it back."""

import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.entities import Entity, EntityType
from assistant.privacy.folding import fold
from assistant.privacy.masking import masked_together
from assistant.privacy.policy import STANDARD, Policy
from assistant.privacy.recognizers import RECOGNIZERS, THRESHOLD, Recognizer, unmeant
from assistant.privacy.restore import restore
from assistant.privacy.vault import Vault

__all__ = ["find", "mask", "restore"]


def find(text: str) -> list[Entity]:
    """Return the personal data in `text`, in order and without overlaps.

    Spans are code points of `text` itself. Where two overlap, the higher score wins, then the longer.
    """
    found = list(_found(text))
    found.sort(key=lambda entity: (-entity.score, entity.start - entity.end, entity.start))
    return sorted(_apart(found, len(text)), key=lambda entity: entity.start)


def mask(text: str, vault: Vault, policy: Policy = STANDARD) -> tuple[str, list[Entity]]:
    """Return `text` as `policy` lets the model see it, and what was hidden (spans in `text`).

    What looks like a placeholder in `text` itself is hidden as well, so that no document can pull out
    a value: `restore(mask(text, vault)[0], vault)` is `text` again (with `Vault(exact=True)` to the
    letter, otherwise each value in its first spelling).
    """
    (masked,) = masked_together([text], vault, policy, find)
    return masked.text, list(masked.hidden)


_ROWS = {
    anchor: tuple(row for row in RECOGNIZERS if row.anchor == anchor)
    for anchor in dict.fromkeys(row.anchor for row in RECOGNIZERS)
}


def _found(text: str) -> Iterator[Entity]:
    """Yield what every recognizer finds, except inside of what is surer than it can be."""
    folded = fold(text)
    for anchor, rows in _ROWS.items():
        covered, score_there = 0, 0.0
        for row, start, end in _matches(anchor, rows, folded.text):
            if end <= covered and row.best_score <= score_there:
                continue
            score = row.judge(folded.text, start, end)
            if score < THRESHOLD:
                continue
            if start >= covered or score >= score_there:
                covered, score_there = end, score
            yield _entity(row.entity_type, folded.original(start, end), score, text)


def _matches(anchor: str, rows: Sequence[Recognizer], text: str) -> Iterator[tuple[Recognizer, int, int]]:
    for at in [found.start() for found in re.finditer(anchor, text)]:
        for row in rows:
            if match := row.pattern.match(text, at):
                yield row, at + unmeant(match[0]), match.end()


def _entity(entity_type: EntityType, span: tuple[int, int], score: float, text: str) -> Entity:
    start, end = span
    return Entity(entity_type, start, end, score, text[start:end])


def _apart(entities: Iterable[Entity], length: int) -> Iterator[Entity]:
    """Yield those that overlap none before them; one byte a code point keeps this linear."""
    taken = bytearray(length)
    for entity in entities:
        if taken.find(1, entity.start, entity.end) < 0:
            taken[entity.start : entity.end] = bytes([1]) * (entity.end - entity.start)
            yield entity
