# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Conversations in the exports of ChatGPT, of Claude and of Maru itself: from JSON to transcripts.

ChatGPT writes a list of conversations with a `mapping` of nodes, each with its parent; Claude a list
with `chat_messages`, each with its parent or in order. Both are as the exports of 2024 to 2026 have
them. Maru's own format is told in `assistant.exporting`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.errors import DocumentError
from assistant.excerpts import one_line, title_of
from assistant.messages import FinishReason, Role
from assistant.receipts import Receipt
from assistant.texts import text, tr
from assistant.transcripts import Node, Transcript, Turn, turns_of

FORMAT, VERSION = "maru", 1

Reader = Callable[[Any, float], Transcript]
"""Reads one conversation; the second is the time of one that tells none."""

_LATEST = 253_000_000_000  # in the year 9987: a later day is none in every time zone
_ODD = (LookupError, TypeError, ValueError, AttributeError, OverflowError)  # not as an export has it
_NOTHING: tuple[Any, ...] = ("", [], [""], {}, None)
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
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
        except _ODD:
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
    title = _BREAKS.sub(" ", str(written["title"]))  # ours has none, and is otherwise known by every letter
    return Transcript(title, created, updated, turns, leaf)


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
    messages = [node.get("message") for node in found.values()]
    said = [message.get("create_time") for message in messages if isinstance(message, dict)]
    created, updated = _times(written, ("create_time", "update_time"), said, undated)
    nodes = [_node_of_chatgpt(key, node, created) for key, node in found.items()]
    return _finished(written.get("title"), created, updated, nodes, _key(written.get("current_node")))


def _node_of_chatgpt(key: str, node: Mapping[str, Any], created: float) -> Node:
    parent, message = _key(node.get("parent")), node.get("message") or {}
    try:
        side = _SIDES.get((message.get("author") or {}).get("role", ""))
        content = message.get("content") or {}
        hidden = (message.get("metadata") or {}).get("is_visually_hidden_from_conversation")
        if hidden or all(one in _NOTHING for name, one in content.items() if name != "content_type"):
            side = None
        # Of code for a tool and of what a tool gave back nothing was said to the person.
        parts = content.get("parts") if content.get("content_type") in ("text", "multimodal_text") else []
        said = "\n\n".join(words for part in parts or [] if (words := _words_of_chatgpt(part)))
        return Node(key, parent, side, said, _moment(message.get("create_time")) or created)
    except _ODD:
        return _odd(key, parent, created)


def _words_of_chatgpt(part: Any) -> str:
    """Return the words of a part: what was written, or was spoken and written down. Of a picture none."""
    if isinstance(part, dict) and part.get("content_type") == "audio_transcription":
        part = part.get("text")
    return part if isinstance(part, str) else ""


def _odd(key: str, parent: str | None, created: float) -> Node:
    """Return a message that cannot be read: without words it is passed over, and what follows it stays."""
    return Node(key, parent, Role.USER, "", created)


def _key(written: Any) -> str | None:
    return written if isinstance(written, str) else None


def _of_claude(written: Mapping[str, Any], undated: float) -> Transcript:
    messages = written["chat_messages"]
    said = [message.get("created_at") for message in messages if isinstance(message, dict)]
    created, updated = _times(written, ("created_at", "updated_at"), said, undated)
    nodes: list[Node] = []
    known: set[str] = set()
    for number, one in enumerate(messages):
        message = one if isinstance(one, dict) else {}
        key = str(message.get("uuid") or number)
        named = message.get("parent_message_uuid")
        parent = named if isinstance(named, str) and named in known else None
        if named is None and nodes:  # older exports have none: one after the other
            parent = nodes[-1].key
        known.add(key)
        nodes.append(_node_of_claude(key, parent, one, created))
    current = str(written.get("current_leaf_message_uuid") or (nodes[-1].key if nodes else ""))
    return _finished(written.get("name"), created, updated, nodes, current)


def _node_of_claude(key: str, parent: str | None, message: Any, created: float) -> Node:
    try:
        side = _SIDES.get(message.get("sender", ""))
        if not any(message.get(name) for name in ("text", "content", "attachments", "files")):
            side = None
        return Node(
            key, parent, side, _said_by_claude(message), _moment(message.get("created_at")) or created
        )
    except _ODD:
        return _odd(key, parent, created)


def _said_by_claude(message: Mapping[str, Any]) -> str:
    content = [part for part in message.get("content") or [] if isinstance(part, dict)]
    parts = [_part_of_claude(part) for part in content]
    if not any(part.get("type") == "text" and part.get("text") for part in content):
        parts.insert(0, str(message.get("text") or ""))
    said = "\n\n".join(part for part in parts if part)
    attached = [
        f"{one.get('file_name', '')}\n\n{one['extracted_content']}"
        for one in message.get("attachments") or []
        if isinstance(one, dict) and one.get("extracted_content")
    ]
    return "\n\n".join([said, *attached])


def _part_of_claude(part: Mapping[str, Any]) -> str:
    """Return the words of a part of a message: its text, or an artifact that was written beside it."""
    if part.get("type") == "text":
        return part.get("text") or ""
    made = part.get("input") if part.get("type") == "tool_use" and part.get("name") == "artifacts" else None
    if not isinstance(made, dict):
        return ""
    words = made.get("content") or made.get("new_str")  # the whole, or what took the place of a piece
    if not isinstance(words, str):
        return ""
    title, language = (one_line(str(made.get(name) or "")) for name in ("title", "language"))
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", words)), default=0))
    block = f"{fence}{language.replace('`', '')}\n{words}\n{fence}"
    return f"{title}\n\n{block}" if title else block


def _finished(
    title: Any, created: float, updated: float, nodes: Sequence[Node], current: str | None
) -> Transcript:
    """Return a conversation of its messages. Raises ValueError where something was said and no words came."""
    turns, leaf = turns_of(nodes, current)
    if not turns and any(node.role is not None for node in nodes):
        raise ValueError(title)
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
