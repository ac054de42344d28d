# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Conversations in the exports of ChatGPT, of Claude and of Maru itself: from JSON to transcripts.

ChatGPT writes a list of conversations with a `mapping` of nodes, each with its parent; Claude a list
with `chat_messages`, each with its parent or in order. Both are as the exports of 2024 to 2026 have
them. Maru's own format is told in `assistant.exporting`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.errors import DocumentError
from assistant.excerpts import title_of
from assistant.messages import FinishReason, Role
from assistant.receipts import Receipt
from assistant.texts import text, tr
from assistant.transcripts import Node, Transcript, Turn, turns_of

FORMAT, VERSION = "maru", 1

Reader = Callable[[Any, float], Transcript]
"""Reads one conversation; the second is the time of one that tells none."""

_LATEST = 253_000_000_000  # in the year 9987: a later day is none in every time zone
_SIDES = {"user": Role.USER, "human": Role.USER, "assistant": Role.ASSISTANT}


@dataclass(frozen=True)
class Unread:
    """A conversation that cannot be read: its title, "" where that cannot be read either.

    `place` is where it stands in its file, from 1.
    """

    title: str
    place: int

    def shown(self) -> str:
        """Return what it is found by, in the user's language."""
        if not self.title:
            return tr("number {place} in the file", place=self.place)
        return tr("“{title}”, number {place} in the file", title=self.title, place=self.place)


def transcripts_of(found: Any, undated: float) -> Iterator[Transcript | Unread]:
    """Yield the conversations in what a JSON file holds.

    `undated` is the time of one that tells none, nor do its messages: in seconds since 1970, UTC. Raises
    DocumentError where it is no export of the three.
    """
    if isinstance(found, dict) and found.get("format") == FORMAT:
        if not isinstance(found.get("version"), int) or found["version"] > VERSION:
            raise DocumentError(
                text("This export was written by a newer Maru."), text("Install the newer version.")
            )
        yield from _each(_of_maru, found.get("conversations"), undated)
        return
    if isinstance(found, dict) and isinstance(found.get("conversations"), list):
        found = found["conversations"]
    kinds: tuple[tuple[str, Reader], ...] = (
        ("mapping", _of_chatgpt),
        ("chat_messages", _of_claude),
    )
    for mark, read in kinds:
        if isinstance(found, list) and any(isinstance(one, dict) and mark in one for one in found):
            yield from _each(read, found, undated)
            return
    raise DocumentError(
        text("This is no export of Maru, ChatGPT or Claude."),
        text("Choose the file that the export gave you: a .zip, or the conversations.json in it."),
    )


def documents_of(found: Any) -> Iterator[tuple[str, str]]:
    """Yield path and collection of the documents that an export of Maru names, as they are written there.

    Anybody may have written them. The collection is "" where none is told; other exports name no documents.
    """
    ours = isinstance(found, dict) and found.get("format") == FORMAT
    rows = found.get("documents") if ours else None
    for row in rows if isinstance(rows, list) else ():
        path, collection = (row.get("path"), row.get("collection")) if isinstance(row, dict) else (None, None)
        if isinstance(path, str):
            yield path, collection if isinstance(collection, str) else ""


def _each(read: Reader, found: Any, undated: float) -> Iterator[Transcript | Unread]:
    for place, one in enumerate(found if isinstance(found, list) else (), start=1):
        try:
            transcript = read(one, undated)
        except (LookupError, TypeError, ValueError, AttributeError, OverflowError):
            yield Unread(_title_in(one), place)
            continue
        if transcript.turns:  # an empty one was never talked in
            yield transcript


def _title_in(written: Any) -> str:
    named = (written.get("title") or written.get("name")) if isinstance(written, dict) else ""
    return title_of(named).encode("utf-8", "replace").decode() if isinstance(named, str) else ""


def _of_maru(written: Mapping[str, Any], undated: float) -> Transcript:
    said = written["turns"]
    created, updated = _times(written, ("created", "updated"), [one.get("created") for one in said], undated)
    turns = tuple(_turn(one, number, created) for number, one in enumerate(said))
    leaf = _number(written.get("leaf"), len(turns))
    for turn in turns:
        above = turns[turn.parent].role if turn.parent is not None else Role.ASSISTANT
        if turn.role is above:
            raise ValueError(turn.parent)
    return Transcript(str(written["title"]), created, updated, turns, leaf)


def _turn(written: Mapping[str, Any], number: int, created: float) -> Turn:
    parent, reason = _number(written.get("parent"), number), written.get("finish_reason")
    role = Role(written["role"])
    if role is Role.SYSTEM:
        raise ValueError(role)
    finished = FinishReason(reason) if reason else FinishReason.FAILED
    receipt = written.get("receipt")
    return Turn(
        role,
        str(written["content"]),
        parent,
        _moment(written.get("created")) or created,
        finished if role is Role.ASSISTANT else None,
        receipt if isinstance(receipt, str) and Receipt.is_one(receipt) else None,
    )


def _number(written: Any, end: int) -> int | None:
    """Return the place of a turn before `end`, None where there is none. Raises ValueError."""
    if written is not None and not (type(written) is int and 0 <= written < end):
        raise ValueError(written)
    return written


def _of_chatgpt(written: Mapping[str, Any], undated: float) -> Transcript:
    found = {str(key): node for key, node in written["mapping"].items() if isinstance(node, dict)}
    said = [(node.get("message") or {}).get("create_time") for node in found.values()]
    created, updated = _times(written, ("create_time", "update_time"), said, undated)
    nodes = [_node_of_chatgpt(key, node, created) for key, node in found.items()]
    turns, leaf = turns_of(nodes, written.get("current_node"))
    return _finished(written.get("title"), created, updated, turns, leaf)


def _node_of_chatgpt(key: str, node: Mapping[str, Any], created: float) -> Node:
    message = node.get("message") or {}
    side = _SIDES.get((message.get("author") or {}).get("role", ""))
    if (message.get("metadata") or {}).get("is_visually_hidden_from_conversation"):
        side = None
    content = message.get("content") or {}
    # Of code for a tool and of what a tool gave back nothing was said to the person.
    words = content.get("parts") if content.get("content_type") in ("text", "multimodal_text") else []
    said = "\n\n".join(part for part in words or [] if isinstance(part, str) and part)
    return Node(key, node.get("parent"), side, said, _moment(message.get("create_time")) or created)


def _of_claude(written: Mapping[str, Any], undated: float) -> Transcript:
    said = [message.get("created_at") for message in written["chat_messages"]]
    created, updated = _times(written, ("created_at", "updated_at"), said, undated)
    nodes: list[Node] = []
    known: set[str] = set()
    for number, message in enumerate(written["chat_messages"]):
        key = str(message.get("uuid") or number)
        parent = message.get("parent_message_uuid")
        if parent not in known:  # older exports have none: one after the other
            parent = nodes[-1].key if nodes and parent is None else None
        known.add(key)
        side = _SIDES.get(message.get("sender", ""))
        at = _moment(message.get("created_at")) or created
        nodes.append(Node(key, parent, side, _said_by_claude(message), at))
    current = str(written.get("current_leaf_message_uuid") or (nodes[-1].key if nodes else ""))
    turns, leaf = turns_of(nodes, current)
    return _finished(written.get("name"), created, updated, turns, leaf)


def _said_by_claude(message: Mapping[str, Any]) -> str:
    parts = [
        part.get("text", "")
        for part in message.get("content") or []
        if isinstance(part, dict) and part.get("type") == "text"
    ]
    said = "\n\n".join(part for part in parts if part) or str(message.get("text") or "")
    attached = [
        f"{one.get('file_name', '')}\n\n{one['extracted_content']}"
        for one in message.get("attachments") or []
        if isinstance(one, dict) and one.get("extracted_content")
    ]
    return "\n\n".join([said, *attached])


def _finished(
    title: Any, created: float, updated: float, turns: tuple[Turn, ...], leaf: int | None
) -> Transcript:
    first = next((turn.content for turn in turns if turn.role is Role.USER), "")
    return Transcript(title_of(str(title or first)), created, updated, turns, leaf)


def _times(
    written: Mapping[str, Any], names: tuple[str, str], said: Iterable[Any], undated: float
) -> tuple[float, float]:
    """Return when a conversation was made and changed last.

    Where it does not tell, as its messages do, and where these do not either, `undated`.
    """
    told = [moment for one in said if (moment := _moment(one)) is not None]
    created = _moment(written.get(names[0])) or min(told, default=undated)
    return created, _moment(written.get(names[1])) or max(told, default=created)


def _moment(written: Any) -> float | None:
    """Return seconds since 1970, UTC, from a number or a time in ISO 8601; None where it is no time."""
    try:
        iso = isinstance(written, str)
        seconds = datetime.fromisoformat(written).timestamp() if iso else float(written)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    return seconds if 0 < seconds < _LATEST else None  # 0 stands for none; NaN is in no range
