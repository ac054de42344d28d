# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A whole answer with its citations, as it comes out when it has streamed."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.citations import Citer
from assistant.passages import Citation, Passage


@dataclass(frozen=True)
class CitedAnswer:
    """An answer without markers, its citations, and the spans of sentences without support."""

    text: str
    citations: tuple[Citation, ...]
    unsupported: tuple[tuple[int, int], ...]


def attach(answer: str, passages: Sequence[Passage], question: str = "") -> CitedAnswer:
    """Return the whole answer with its citations."""
    citer = Citer(passages, question)
    parts = [*citer.feed(answer), *citer.flush()]
    text = "".join(part for part in parts if isinstance(part, str))
    return CitedAnswer(text, tuple(citer.citations), tuple(citer.unsupported))
