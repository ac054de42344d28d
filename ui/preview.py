# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Looks for personal data in what is being written, beside the window: what is stale is given up."""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from PySide6.QtCore import QObject, Signal

from assistant.entities import Entity, EntityType
from assistant.errors import MaruError
from assistant.privacy.policy import Action, Found, item_of
from assistant.stopping import Stop
from ui.tasks import Steps, Task

PIECE = 8_000
"""Letters that are looked through in one go; between two goes a text that has changed is given up."""

AROUND = 500
"""Letters before and behind a piece that are looked at with it: no value is longer, no context farther."""

LookFor = Callable[[int | None, str], Sequence[Found]]
"""`Assistant.privacy.preview`: of a conversation, None for a new one, and a text."""

Key = tuple[EntityType, str]
"""A value, by what all of its spellings share."""

Choices = Mapping[Key, Action]
"""What is done with single values against the policy: Action.IGNORE shows one, Action.MASK hides one."""

NONE_CHOSEN: Choices = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Item:
    """A value that was found, once however often it stands there; `found` is the first place."""

    key: Key
    found: Found

    @property
    def action(self) -> Action:
        """What happens to it."""
        return self.found.action


@dataclass(frozen=True)
class Seen:
    """What was found in `words`: the values, and every place where one stands, in order, without overlaps.

    Place i has the UTF-16 units [starts[i], ends[i]), in which Qt counts, and holds items[which[i]].
    Places are bare numbers: of a megabyte there are so many that objects would stop the window whenever
    Python looks for garbage.
    """

    words: str = ""
    items: tuple[Item, ...] = ()
    starts: Sequence[int] = ()
    ends: Sequence[int] = ()
    which: Sequence[int] = ()


class Preview(QObject):
    """`seen` comes with what was found in the text that was given last, never with that of an earlier one."""

    seen = Signal(object)  # Seen

    def __init__(self, look_for: LookFor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look_for = look_for
        self._task: Task | None = None
        self._looks = 0

    @property
    def busy(self) -> bool:
        """Whether a text is being looked through."""
        return self._task is not None

    def look(self, conversation_id: int, words: str) -> None:
        """Look through `words`; a text before that is not done is given up."""
        self.stop()
        number, look_for = self._looks, self._look_for

        def steps(stop: Stop) -> Steps:
            yield from ()
            try:
                return number, seen_in(words, pieces(look_for, conversation_id, words, stop))
            except MaruError:
                return number, Seen(words)  # asking tells what is wrong

        self._task = Task(steps)
        self._task.finished.connect(self._take)  # no lambda: a window that has gone must not be called
        self._task.start()

    def stop(self) -> None:
        """Give up what is being looked through."""
        self._looks += 1
        if self._task is not None:
            self._task.stop()
            self._task = None

    def _take(self, found: tuple[int, Seen]) -> None:
        number, seen = found
        if number == self._looks:
            self._task = None
            self.seen.emit(seen)


def picked(chosen: Choices) -> tuple[frozenset[Key], frozenset[Key]]:
    """Return the values that are shown to the model, and those that are hidden from it."""
    shown = frozenset(key for key, action in chosen.items() if action is Action.IGNORE)
    return shown, frozenset(chosen) - shown


def seen_in(words: str, found: Iterator[Found]) -> Seen:
    """Return what was found in `words`, as it is shown."""
    items: dict[Key, Item] = {}
    numbers: dict[Key, int] = {}
    starts, ends, which = array("l"), array("l"), array("l")
    at = units = 0
    for one in found:
        start = units + _units(words[at : one.entity.start])
        at, units = one.entity.end, start + _units(words[one.entity.start : one.entity.end])
        key = item_of(one.entity)
        items.setdefault(key, Item(key, one))
        starts.append(start)
        ends.append(units)
        which.append(numbers.setdefault(key, len(numbers)))
    return Seen(words, tuple(items.values()), starts, ends, which)


def pieces(look_for: LookFor, conversation_id: int, words: str, stop: Stop) -> Iterator[Found]:
    """Yield what is in `words`, piece by piece, until `stop` is set; spans are code points of `words`."""
    done = 0
    for start, end in _cuts(words):
        if stop.is_set():
            return
        first = max(0, start - AROUND)
        for one in look_for(conversation_id or None, words[first : end + AROUND]):
            entity = _moved(one.entity, first)
            if one.action is not Action.IGNORE and max(start, done) <= entity.start < end:
                done = entity.end
                yield replace(one, entity=entity)


def _cuts(words: str) -> Iterator[tuple[int, int]]:
    """Yield pieces of about PIECE letters, cut where a line ends if one does."""
    start = 0
    while start < len(words):
        end = start + PIECE
        if end < len(words):
            end = words.rfind("\n", start + PIECE // 2, end) + 1 or end
        yield start, min(end, len(words))
        start = end


def _moved(entity: Entity, by: int) -> Entity:
    return replace(entity, start=entity.start + by, end=entity.end + by)


def _units(words: str) -> int:
    """Return the length in UTF-16 units."""
    return len(words.encode("utf-16-le", "surrogatepass")) // 2
