# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Conversations and documents as files that other programs read: JSON and Markdown.

`maru.json` is one object: `format` "maru", `version` 1, `exported` (ISO 8601), `conversations`,
`collections`, `documents`. A conversation has `title`, `created`, `updated` (seconds since 1970, UTC),
`leaf` and `turns`: `role` ("user", "assistant"), `content`, `parent` (the place of the turn above it in
the list, null for a first one), `created`, `finish_reason`, and `receipt`, the JSON text that tells what
an answer rests on. Beside it lie the same conversations, their current branch, as Markdown.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from assistant.chat_exports import FORMAT, VERSION
from assistant.citations import with_markers
from assistant.excerpts import TURNING
from assistant.messages import Role
from assistant.passages import Citation
from assistant.receipts import Receipt
from assistant.texts import tr
from assistant.transcripts import Transcript, Turn

Hide = Callable[[Sequence[str]], Sequence[str]]
"""What makes texts that belong together fit for others: it masks them, or leaves all as it is."""

LONGEST_NAME = 60  # letters of a title in a file's name
_UNFIT = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*.\s]+')


def as_json(transcript: Transcript) -> dict[str, Any]:
    """Return a conversation as `maru.json` has it."""
    return asdict(transcript)


def whole(
    transcripts: Iterable[Mapping[str, Any]],
    collections: Sequence[Mapping[str, Any]],
    documents: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return what stands in `maru.json`."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "exported": datetime.now(UTC).isoformat(timespec="seconds"),
        "conversations": list(transcripts),
        "collections": list(collections),
        "documents": list(documents),
    }


def masked(transcript: Transcript, hide: Hide) -> Transcript:
    """Return a conversation with everything hidden that `hide` hides, and without receipts.

    These hold the passages and the names of files that an answer rests on.
    """
    title, *said = hide([transcript.title, *(turn.content for turn in transcript.turns)])
    turns = (
        replace(turn, content=words, receipt=None) for turn, words in zip(transcript.turns, said, strict=True)
    )
    return replace(transcript, title=title, turns=tuple(turns))


def as_markdown(transcript: Transcript) -> str:
    """Return the current branch of a conversation as Markdown, with the sources of each answer."""
    lines = [f"# {transcript.title or tr('Conversation')}", "", day(transcript.created), ""]
    for turn in branch_of(transcript):
        lines += [f"## {tr('You') if turn.role is Role.USER else 'Maru'}", "", *_said(turn), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def branch_of(transcript: Transcript) -> list[Turn]:
    """Return the turns from the first question to the current leaf."""
    place = transcript.leaf
    found: list[Turn] = []
    while place is not None:
        found.append(transcript.turns[place])
        place = transcript.turns[place].parent
    return found[::-1]


def file_name(number: int, title: str) -> str:
    """Return a name that every system takes for a conversation's file, without its ending."""
    words = _UNFIT.sub(" ", TURNING.sub("", title)).strip()[:LONGEST_NAME].strip()
    return f"{number:04d} {words}".strip()


def _said(turn: Turn) -> list[str]:
    receipt = Receipt.from_json(turn.receipt) if turn.receipt else Receipt()
    sources = _sources(receipt.citations)
    words = with_markers(turn.content, receipt.citations)
    return [words, "", *sources] if sources else [words]


def _sources(citations: Sequence[Citation]) -> list[str]:
    first = {citation.n: citation.passage for citation in reversed(citations)}
    return [f"- [{n}] {passage.document}, {passage.where()}" for n, passage in sorted(first.items())]


def day(moment: float) -> str:
    """Return a time in seconds since 1970 as day and minute, where the computer is."""
    return datetime.fromtimestamp(moment, UTC).astimezone().strftime("%Y-%m-%d %H:%M")
