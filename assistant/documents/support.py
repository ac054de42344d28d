# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Whether the passages found can hold the answer at all: the threshold of search."""

from collections.abc import Mapping, Sequence

from assistant.documents.lexical import Words
from assistant.documents.store import Store
from assistant.passages import Passage


def is_supported(
    words: Words, found: Mapping[int, Passage], by_meaning: Sequence[tuple[int, float]], store: Store
) -> bool:
    """Say whether any passage is above the threshold."""
    return bool(found)
