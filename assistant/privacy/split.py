# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Values of which one message holds the beginning and the next one the rest: "010-1234-", then "5678".

Neither half is known for one alone. The end of a message and the beginning of the next are looked at
together, joined as people break numbers; what reaches over the border is hidden in both.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.entities import Entity
from assistant.privacy.masking import Find, Half

REACH = 80
"""Characters on either side of a border that are looked at: a value and the words around it."""

SHORTEST_ECHO = 5
"""Letters of a first half from which it is hidden, too, in the answer that may repeat it."""

_JOINTS = ("", "-", " ", ".")
_TRAILING = re.compile(r"[\s.,…~]*\Z")
_MAY_GO_ON = re.compile(r"[0-9@][0-9@._\- ]{0,3}\Z|@[0-9A-Za-z._-]{1,64}\Z|[A-Za-z0-9._%+-]{1,64}\Z")
_MAY_BE_REST = re.compile(r"[-@.]?[0-9A-Za-z]")
_LETTER = re.compile("[A-Za-z가-힣]")


def halves(texts: Sequence[str], of_user: Sequence[bool], find: Find) -> list[list[Half]]:
    """Return, for each of the messages `texts`, the pieces in it of values that go over a border.

    Borders are those between one message of the user's and the next; an answer between them may have
    repeated the first half.
    """
    pieces: list[list[Half]] = [[] for _ in texts]
    users = [number for number, of in enumerate(of_user) if of]
    for first, second in pairwise(users):
        over = _over(texts[first], texts[second], find)
        if over is None:
            continue
        head, tail = over
        pieces[first].append(head)
        pieces[second].append(tail)
        half = texts[first][head.start : head.end]
        for between in range(first + 1, second):
            pieces[between] += _echoes(texts[between], half, head)
    return [_in_order(each) for each in pieces]


def may_go_over(second: str) -> bool:
    """Say whether a message begins as the rest of a value may: most need no look at the one before."""
    return _MAY_BE_REST.match(second.lstrip()) is not None


def _over(first: str, second: str, find: Find) -> tuple[Half, Half] | None:
    """Return both pieces of a value that begins in `first` and ends in `second`; None where there is none."""
    end = _TRAILING.search(first, max(0, len(first) - REACH))
    stop = end.start() if end else len(first)
    start = len(second) - len(second.lstrip())
    if not (_may_go_on(first[:stop][-REACH:]) and _MAY_BE_REST.match(second, start)):
        return None
    before, after = first[max(0, stop - REACH) : stop], second[start : start + REACH]
    for joint in _JOINTS:
        border = len(before) + len(joint)
        for each in find(before + joint + after):
            if each.start < len(before) and each.end > border:
                head = (stop - len(before) + each.start, stop)
                tail = (start, start + each.end - border)
                if _whole_alone(each, first, head, find) or _is_met(find(second[: start + 2 * REACH]), tail):
                    continue
                kind, value = each.entity_type, each.text
                return Half(kind, value, *head), Half(kind, value, *tail)
    return None


def _may_go_on(before: str) -> bool:
    """Say whether a message may end inside of a value: with a digit, an address, a word in Latin letters."""
    return _MAY_GO_ON.search(before) is not None


def _whole_alone(each: Entity, first: str, head: tuple[int, int], find: Find) -> bool:
    """Say whether the first message holds the value by itself; a number may go on all the same."""
    if not _LETTER.search(each.text):
        return False
    shift = max(0, len(first) - 2 * REACH)
    return _is_met(find(first[shift:]), (head[0] - shift, head[1] - shift))


def _is_met(found: Sequence[Entity], span: tuple[int, int]) -> bool:
    return any(one.start < span[1] and span[0] < one.end for one in found)


def _echoes(text: str, half: str, head: Half) -> Iterator[Half]:
    if len(half) < SHORTEST_ECHO:
        return
    at = text.find(half)
    while at >= 0:
        yield Half(head.entity_type, head.value, at, at + len(half))
        at = text.find(half, at + len(half))


def _in_order(pieces: Sequence[Half]) -> list[Half]:
    """Return pieces by their place; where two overlap, the first one."""
    kept: list[Half] = []
    for piece in sorted(pieces, key=lambda one: (one.start, -one.end)):
        if not kept or piece.start >= kept[-1].end:
            kept.append(piece)
    return kept
