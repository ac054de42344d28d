# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Finds personal data and masks it for the model; `restore` puts it back."""

import re
from collections.abc import Iterable, Iterator

from assistant.entities import Entity
from assistant.privacy.folding import Folded, fold
from assistant.privacy.placeholders import escape
from assistant.privacy.recognizers import RECOGNIZERS, THRESHOLD, Recognizer
from assistant.privacy.restore import restore
from assistant.privacy.vault import Vault

__all__ = ["find", "mask", "restore"]


def find(text: str) -> list[Entity]:
    """Return the personal data in `text`, in order and without overlaps.

    Spans are code points of `text` itself. Where two overlap, the higher score wins, then the longer.
    """
    folded = fold(text)
    anchors = {anchor: _starts(anchor.finditer(folded.text)) for anchor in _ANCHORS}
    found = [entity for row in RECOGNIZERS for entity in _found(row, anchors[row.anchor], folded, text)]
    found.sort(key=lambda entity: (-entity.score, entity.start - entity.end, entity.start))
    return sorted(_apart(found, len(text)), key=lambda entity: entity.start)


def mask(text: str, vault: Vault) -> tuple[str, list[Entity]]:
    """Return `text` as the model may see it, and what was hidden (spans in `text`).

    What looks like a placeholder in `text` itself is hidden as well, so that no document can pull out
    a value: `restore(mask(text, vault)[0], vault)` is `text` again (with `Vault(exact=True)` to the
    letter, otherwise each value in its first spelling).
    """
    entities = find(text)
    masked: list[str] = []
    done = 0
    for entity in entities:
        masked.append(escape(text[done : entity.start], vault))
        masked.append(vault.placeholder(entity.entity_type, entity.text))
        done = entity.end
    masked.append(escape(text[done:], vault))
    return "".join(masked), entities


_ANCHORS = tuple({row.anchor for row in RECOGNIZERS})


def _starts(matches: Iterable[re.Match[str]]) -> list[int]:
    return [match.start() for match in matches]


def _found(row: Recognizer, starts: Iterable[int], folded: Folded, text: str) -> Iterator[Entity]:
    for at in starts:
        match = row.pattern.match(folded.text, at)
        if match is None:
            continue
        span = row.span(match)
        score = row.judge(folded.text, *span)
        if score >= THRESHOLD:
            start, end = folded.original(*span)
            yield Entity(row.entity_type, start, end, score, text[start:end])


def _apart(entities: Iterable[Entity], length: int) -> Iterator[Entity]:
    """Yield those that overlap none before them; one byte a code point keeps this linear."""
    taken = bytearray(length)
    for entity in entities:
        if taken.find(1, entity.start, entity.end) < 0:
            taken[entity.start : entity.end] = bytes([1]) * (entity.end - entity.start)
            yield entity
