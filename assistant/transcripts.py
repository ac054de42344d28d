# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A conversation outside of the database, as it is exported and brought in: pure values."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.messages import FinishReason, Role


@dataclass(frozen=True)
class Turn:
    """A message; `parent` is the place of the one above it in its transcript, None for a first question.

    `created` is in seconds since 1970, UTC. `receipt` is what `Receipt.to_json` wrote, None without one.
    """

    role: Role
    content: str
    parent: int | None
    created: float
    finish_reason: FinishReason | None = None
    receipt: str | None = None


@dataclass(frozen=True)
class Transcript:
    """A conversation: its turns, each after the one above it, and which of them is the current leaf.

    Questions stand first or below an answer, answers below a question.
    """

    title: str
    created: float
    updated: float
    turns: tuple[Turn, ...]
    leaf: int | None = None


@dataclass(frozen=True)
class Node:
    """A message as another program has it: `key` and `parent` are its names, `role` None for neither side."""

    key: str
    parent: str | None
    role: Role | None
    content: str
    created: float


ELLIPSIS = "…"


def turns_of(nodes: Sequence[Node], current: str | None) -> tuple[tuple[Turn, ...], int | None]:
    """Return the turns of a tree in which anything may follow anything, and where the current leaf is.

    What neither side said is passed over. Messages of one side that follow each other become one; where
    something else follows the first of them too, the two together become another version of it. An
    answer without a question gets one of three dots.
    """
    turns: list[Turn] = []
    place: dict[str, int | None] = {}  # where the words of a node, or of what stands above it, came to be
    for node in _from_the_top(nodes):
        parent = place.get(node.parent) if node.parent is not None else None
        if node.role is None or not node.content.strip():
            place[node.key] = parent
            continue
        if parent is not None and turns[parent].role is node.role:
            before = turns[parent]
            joined = f"{before.content}\n\n{node.content}"
            if any(turn.parent == parent for turn in turns):
                turns.append(Turn(node.role, joined, before.parent, node.created, before.finish_reason))
                parent = len(turns) - 1
            else:
                turns[parent] = Turn(node.role, joined, before.parent, before.created, before.finish_reason)
            place[node.key] = parent
            continue
        if node.role is Role.ASSISTANT and parent is None:
            turns.append(Turn(Role.USER, ELLIPSIS, None, node.created))
            parent = len(turns) - 1
        reason = FinishReason.STOP if node.role is Role.ASSISTANT else None
        turns.append(Turn(node.role, node.content, parent, node.created, reason))
        place[node.key] = len(turns) - 1
    leaf = place.get(current) if current is not None else None
    return tuple(turns), leaf if leaf is not None else (len(turns) - 1 if turns else None)


def _from_the_top(nodes: Sequence[Node]) -> list[Node]:
    """Return the nodes in order, none before the one above it; one whose parent is missing comes first.

    What goes round in circles begins with the first of it that was written.
    """
    known = {node.key for node in nodes}
    below: dict[str | None, list[Node]] = {}
    for node in nodes:
        below.setdefault(node.parent if node.parent in known else None, []).append(node)
    ordered: list[Node] = []
    taken: set[int] = set()  # by identity: two nodes of a file may have one name
    waiting = [*reversed(nodes), *reversed(below.pop(None, []))]
    while waiting:
        node = waiting.pop()
        if id(node) not in taken:
            taken.add(id(node))
            ordered.append(node)
            waiting += reversed(below.pop(node.key, []))
    return ordered
