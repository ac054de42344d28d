# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Finds postal addresses by rules, Korean ones and those of other countries.

A place alone ("Seoul", "강남구") is no address: there must be a road with a number, a lot number, a box or
a unit. Every pattern starts at a digit and looks from there to both sides, so that prose costs little.
"""

from collections.abc import Iterator

from assistant.privacy.addresses_abroad import addresses_abroad
from assistant.privacy.addresses_korean import korean_addresses
from assistant.privacy.spans import Span

__all__ = ["find_addresses"]


def find_addresses(folded: str) -> Iterator[Span]:
    """Yield the addresses in a folded text, spans of that text; first the Korean ones, then the others."""
    yield from korean_addresses(folded)
    yield from addresses_abroad(folded)
