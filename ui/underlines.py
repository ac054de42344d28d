# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Underlines personal data in a text that is being written: only what is in sight, always in its place."""

from bisect import bisect_left, bisect_right

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from assistant.privacy.policy import Action
from ui import theme
from ui.preview import NONE_CHOSEN, Choices, Item, Seen

MOST = 400  # underlined at once: more than a field shows


class Underlines(QObject):
    """Holds what was found in `field`. An edit moves what stands behind it and drops what it touches."""

    def __init__(self, field: QTextEdit) -> None:
        super().__init__(field)
        self._field = field
        self._items: list[Item] = []
        self._starts: list[int] = []  # of the items, in UTF-16 units, where they stand now
        self._ends: list[int] = []
        self._chosen: Choices = NONE_CHOSEN
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self.draw)
        field.document().contentsChange.connect(self._move)
        field.verticalScrollBar().valueChanged.connect(lambda _value: self._soon.start())

    def show(self, seen: Seen, chosen: Choices = NONE_CHOSEN) -> None:
        """Underline what was found, in place of what was before, as it was `chosen` for single values."""
        self._chosen = chosen
        starts, ends, items = seen.starts, seen.ends, [seen.items[number] for number in seen.which]
        if chosen:
            kept = [at for at, item in enumerate(items) if chosen.get(item.key) is not Action.IGNORE]
            starts, ends = [starts[at] for at in kept], [ends[at] for at in kept]
            items = [items[at] for at in kept]
        self._starts, self._ends, self._items = list(starts), list(ends), items
        if len(items) > MOST:
            self._soon.start()  # enough was done for one frame
        else:
            self.draw()

    def at(self, unit: int) -> Item | None:
        """Return what stands at a UTF-16 unit of the text or ends there."""
        place = bisect_right(self._starts, unit) - 1
        return self._items[place] if place >= 0 and unit <= self._ends[place] else None

    def draw(self) -> None:
        """Underline what is in sight, in the colours in use."""
        field = self._field
        if not self._items:
            if field.extraSelections():
                field.setExtraSelections([])
            return
        corner = QPoint(field.viewport().width(), field.viewport().height())
        first = field.cursorForPosition(QPoint(0, 0)).position()
        last = field.cursorForPosition(corner).position()
        begin = bisect_left(self._ends, first)
        end = min(bisect_right(self._starts, last), begin + MOST)
        looks = {action: look_of(action) for action in Action}
        field.setExtraSelections([self._selection(place, looks) for place in range(begin, end)])

    def _selection(self, place: int, looks: dict[Action, QTextCharFormat]) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self._field.document())
        cursor.setPosition(self._starts[place])
        cursor.setPosition(self._ends[place], QTextCursor.MoveMode.KeepAnchor)
        selection.cursor = cursor
        item = self._items[place]
        selection.format = looks[self._chosen.get(item.key, item.action)]
        return selection

    def _move(self, at: int, removed: int, added: int) -> None:
        if not self._items:
            return
        first = bisect_right(self._ends, at)
        behind = max(first, bisect_left(self._starts, at + removed))
        by = added - removed
        self._items[first:behind] = []
        self._starts[first:] = [start + by for start in self._starts[behind:]]
        self._ends[first:] = [end + by for end in self._ends[behind:]]
        self._soon.start()


def look_of(action: Action) -> QTextCharFormat:
    """Return how something is underlined: waves for hidden, dashes for shown, a solid line for not sent."""
    roles, look = theme.colours(), QTextCharFormat()
    styles = QTextCharFormat.UnderlineStyle
    match action:
        case Action.MASK:
            look.setUnderlineStyle(styles.WaveUnderline)
            look.setUnderlineColor(QColor(roles.mask))
            look.setBackground(QColor(roles.mask_soft))
        case Action.WARN:
            look.setUnderlineStyle(styles.DashUnderline)
            look.setUnderlineColor(QColor(roles.warning))
        case Action.BLOCK:
            look.setUnderlineStyle(styles.SingleUnderline)
            look.setUnderlineColor(QColor(roles.danger))
            look.setBackground(QColor(roles.danger_soft))
    return look
