# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Finds names of people by rules: Korean ones and ones in Latin letters.

Rules know a name by what it is made of and by what stands beside it; names that no list holds and no
word announces are missed. A model that tags names may take their place one day.
"""

from collections.abc import Iterator

from assistant.privacy.names_korean import korean_names
from assistant.privacy.names_latin import latin_names
from assistant.privacy.names_transliterated import transliterated_names
from assistant.privacy.spans import Span

__all__ = ["find_people"]


def find_people(folded: str) -> Iterator[Span]:
    """Yield the names in a folded text, spans of that text; first those in Hangul, then the others."""
    yield from korean_names(folded)
    yield from transliterated_names(folded)
    yield from latin_names(folded)
