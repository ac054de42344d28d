# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The passages of a question: searched as it was asked, or as the conversation makes it whole."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from assistant.chat_events import ChatEvent, Options, Searching, Sources
from assistant.conversations import StoredMessage
from assistant.documents.library import Library
from assistant.follow_up import follow_up
from assistant.passages import Passages
from assistant.privacy.filter import find
from assistant.sentences import spans
from assistant.uncut import uncut

AMONG = 3
"""Times as many passages as wanted, among which those are looked for that speak of a new topic."""

WORDINGS = 6  # of one question that are searched: as a whole, without personal data, by sentence


@dataclass(frozen=True)
class Found:
    """What search gave, and the wording it was given, "" where that was the question's own."""

    passages: Passages | None
    searched_for: str = ""


def search(
    library: Library, question: str, earlier: Sequence[StoredMessage], options: Options
) -> Generator[ChatEvent, None, Found]:
    """Search with the unmasked question: masking an index would ruin it. No passages: nothing to search.

    `earlier` are the messages before it: a question that cannot stand alone is searched as they
    complete it.
    """
    documents = library.document_count(options.collections, options.within) if options.documents else 0
    if not documents:
        return Found(None)
    yield Searching(documents)
    found = _followed(library, question, earlier, options)
    if found is None:
        found = Found(_passages(library, question, options))
    assert found.passages is not None  # noqa: S101 - for the type checker
    whole = tuple(uncut(library, one) for one in found.passages.found)
    passages = replace(found.passages, found=whole)
    yield Sources(passages, found.searched_for)
    return Found(passages, found.searched_for)


def _followed(
    library: Library, question: str, earlier: Sequence[StoredMessage], options: Options
) -> Found | None:
    """Return what a follow-up question finds, completed; None where it stands alone or that finds nothing."""
    follows = follow_up(question, earlier)
    if follows is None:
        return None
    many = replace(options, limit=options.limit * AMONG)
    passages = _passages(library, follows.wording, many)
    if not passages.supported:
        return None
    kept = tuple(follows.first(passages.found)[: options.limit])
    return Found(replace(passages, found=kept), follows.wording)


def _passages(library: Library, question: str, options: Options) -> Passages:
    """Return what the whole question finds, or, where that supports no answer, one of its parts.

    "Mail it to kim@…. What is the rent?" speaks of more than the lease does; "What is the rent?" not.
    """
    bare = _without_personal_data(question)
    parts = [bare[start:end] for start, end in spans(bare)]
    wordings = [question, *([bare] if bare != question else []), *(parts if len(parts) > 1 else [])]
    first: Passages | None = None
    for words in dict.fromkeys(wordings[:WORDINGS]):
        found = library.search(words, options.collections, limit=options.limit, within=options.within)
        if found.supported:
            return found
        first = first or found
    return first or Passages((), supported=False)


def _without_personal_data(words: str) -> str:
    """Return `words` without it: "what is the rent? Answer to kim@…" does not ask for the address."""
    for entity in reversed(find(words)):
        words = words[: entity.start] + words[entity.end :]
    return words
