# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The conversation: a column of messages of which only the visible ones have widgets.

Heights of rows that were never seen are guessed from the length of their text and corrected when
they come into sight; the row under the reader's eyes stays where it is.
"""

import time
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QPushButton, QWidget

from assistant.texts import tr
from ui import theme
from ui.answer_view import AnswerView
from ui.message_view import SHOWN, MessageView, QuestionView
from ui.theme import COLUMN, SPACE_2, SPACE_4, SPACE_6, set_look
from ui.turns import Turn

FRAME_MS = 33
IDLE_SHARE = 3  # a frame that takes long is followed by a longer pause: the window stays quick
# Below each message stands its row of actions, which is empty to the eye most of the time.
GAP_AFTER_QUESTION, GAP_AFTER_ANSWER = 0, SPACE_2
MARGIN = SPACE_6
AT_END = 8  # pixels from the end that still count as the end
PASSES = 6  # most corrections of guessed heights in one go
KEPT_BEYOND = 400  # pixels above and below the window that keep their widgets
PASSED_ON = (  # signals of the messages
    "edit_wanted",
    "again_wanted",
    "alone_wanted",
    "go_on_wanted",
    "offer_accepted",
    "shorten_wanted",
    "prompt_wanted",
    "version_wanted",
    "citation_activated",
    "passage_activated",
    "link_activated",
)


class ChatView(QAbstractScrollArea):
    """Shows turns; `show_soon` redraws the one that is being written, at most 30 times a second."""

    citation_activated = Signal(object)  # Citation
    passage_activated = Signal(object)  # Passage
    link_activated = Signal(str)
    edit_wanted = Signal(object)  # Turn, as all below
    again_wanted = Signal(object)
    alone_wanted = Signal(object)
    go_on_wanted = Signal(object)
    offer_accepted = Signal(object)
    shorten_wanted = Signal(object)
    prompt_wanted = Signal(object)
    take_back_wanted = Signal(object)
    version_wanted = Signal(object, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Conversation"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # the column never jumps
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_look(self.viewport(), "surface")
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._turns: list[Turn] = []
        self._heights: list[int] = []
        self._measured: set[int] = set()
        self._waiting_rows: set[int] = set()
        self._tops: list[int] = [MARGIN]
        self._changed_from = 0
        self._views: dict[int, MessageView] = {}
        self._following = True
        self._placing = False
        self._words, self._found_at = "", (-1, -1)
        self._frame = QTimer(self, interval=FRAME_MS, singleShot=True)
        self._frame.timeout.connect(self._draw_rows)
        self._newest = QPushButton(tr("Newest"), self)
        self._newest.setIcon(theme.icon("newest", "", 16))
        self._newest.setAccessibleName(tr("Go to the newest message"))
        self._newest.clicked.connect(self.go_to_end)
        self._newest.hide()
        self.verticalScrollBar().setSingleStep(theme.px(40))

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns that are shown, oldest first."""
        return tuple(self._turns)

    def show_turns(self, turns: Sequence[Turn], *, keep_place: bool = False) -> None:
        """Show a conversation, at its end or where the reader is (`keep_place`)."""
        self._frame.stop()
        self._waiting_rows.clear()
        if not keep_place:
            self._following = True
        kept = {
            row: view for row, view in self._views.items() if row < len(turns) and _same(view, turns[row])
        }
        for row, view in self._views.items():
            if row not in kept:
                _drop(view)
        self._views = kept
        same = _shared(self._turns, turns) if keep_place else 0
        self._turns = list(turns)
        self._heights = self._heights[:same] + self._guess(turns[same:])
        self._changed_from = 0
        self._measured &= set(range(same))
        for row, view in self._views.items():
            view.show_turn(self._turns[row])
            self._measured.discard(row)
        self._place()

    def append(self, turn: Turn) -> None:
        """Add a row and go to the end."""
        self._turns.append(turn)
        self._heights += self._guess([turn])
        self._changed_from = min(self._changed_from, len(self._turns) - 1)
        self.go_to_end()

    def show_row(self, row: int, turn: Turn) -> None:
        """Show another state of a row at once."""
        self._turns[row] = turn
        if view := self._views.get(row):
            view.show_turn(turn)
        self._measured.discard(row)
        self._place()

    def show_soon(self, row: int, turn: Turn) -> None:
        """Show another state of a row with the next frame: tokens are gathered."""
        self._turns[row] = turn
        self._waiting_rows.add(row)
        if not self._frame.isActive():
            self._frame.start()

    def flush(self) -> None:
        """Draw what is gathered at once."""
        if self._frame.isActive():
            self._frame.stop()
            self._draw_rows()

    def go_to_end(self) -> None:
        """Show the newest message and follow it."""
        self._following = True
        self._place()

    def view_of(self, row: int) -> MessageView | None:
        """Return the widget of a row, None where it is out of sight."""
        return self._views.get(row)

    def find_words(self, words: str) -> list[tuple[int, int]]:
        """Mark every place where `words` stand; return (row, number within the row) of each."""
        self._words, self._found_at = words, (-1, -1)
        wanted = words.casefold()
        counts = [turn.text.casefold().count(wanted) if wanted else 0 for turn in self._turns]
        self._mark_found()
        return [(row, number) for row, count in enumerate(counts) for number in range(count)]

    def go_to_found(self, row: int, number: int) -> None:
        """Bring one found place into sight and mark it strongly."""
        self._found_at = (row, number)
        self._following = False
        self._scroll_to(self._tops[row])
        self._mark_found()
        if view := self._views.get(row):
            self._scroll_to(self._tops[row] + view.found_top(number) - self.viewport().height() // 3)

    def go_to_message(self, message_id: int) -> None:
        """Bring a stored message into sight."""
        for row, turn in enumerate(self._turns):
            if turn.id == message_id:
                self._following = False
                self._scroll_to(self._tops[row] - MARGIN)
                return

    def refresh(self) -> None:
        """Make every row again: the text size changed."""
        for view in self._views.values():
            _drop(view)
        self._views.clear()
        self._heights = self._guess(self._turns)
        self._changed_from = 0
        self._measured.clear()
        self._place()

    # --- Qt's own

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lay the visible rows out for the new width."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._measured.clear()
        self._place()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:  # noqa: N802 - Qt's name
        """Follow the text only while the reader is at its end."""
        if not self._placing:
            bar = self.verticalScrollBar()
            self._following = bar.value() >= bar.maximum() - AT_END
            self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Scroll with Home and End too."""
        if event.key() == Qt.Key.Key_End:
            self.go_to_end()
        elif event.key() == Qt.Key.Key_Home:
            self.verticalScrollBar().setValue(0)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Leave Ctrl and wheel to the window, which changes the text size."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().wheelEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Redraw the icon of the button in the new colours."""
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_newest"):
            self._newest.setIcon(theme.icon("newest", "", 16))
        super().changeEvent(event)

    # --- rows

    def _width(self) -> int:
        return max(200, min(theme.px(COLUMN) if theme.text_percent() > 100 else COLUMN, self._room()))

    def _room(self) -> int:
        return self.viewport().width() - 2 * SPACE_6

    def _guess(self, turns: Sequence[Turn]) -> list[int]:
        """Return a height for each turn, the space below it included, from the length of its text."""
        letters, line = max(20, self._width() // theme.px(8)), theme.px(23)
        beside = {True: theme.px(60) + GAP_AFTER_QUESTION, False: theme.px(90) + GAP_AFTER_ANSWER}
        shown = [min(len(turn.text), SHOWN) if turn.asked else len(turn.text) for turn in turns]
        return [
            (count // letters + 1) * line + beside[turn.asked]
            for turn, count in zip(turns, shown, strict=True)
        ]

    def _draw_rows(self) -> None:
        began = time.perf_counter()
        rows, self._waiting_rows = self._waiting_rows, set()
        for row in rows:
            if view := self._views.get(row):
                view.show_turn(self._turns[row])
        self._measured -= rows
        if self._words:
            self._mark_found()
        self._place()
        took = (time.perf_counter() - began) * 1000
        self._frame.setInterval(round(max(FRAME_MS, took * IDLE_SHARE)))

    def _place(self) -> None:
        """Give visible rows widgets, correct guessed heights, and put everything in its place."""
        if self._placing or not self.viewport().width():
            return
        self._placing = True
        try:
            anchor, offset = self._anchor()
            for _ in range(PASSES):
                self._count_tops()
                self._set_bar(anchor, offset)
                if not self._measure():
                    break
            self._show_rows()
        finally:
            self._placing = False
        bar = self.verticalScrollBar()
        self._newest.setVisible(bar.maximum() - bar.value() > self.viewport().height() // 3)
        self._place_newest()

    def _anchor(self) -> tuple[int, int]:
        """Return the row at the top of the window and how far it is scrolled out."""
        value = self.verticalScrollBar().value()
        row = max(0, min(bisect_right(self._tops, value) - 1, len(self._turns) - 1))
        return row, value - (self._tops[row] if row < len(self._tops) else 0)

    def _count_tops(self) -> None:
        """Add up the heights again, from the first row that changed."""
        first, self._changed_from = self._changed_from, len(self._heights)
        if first < len(self._heights) or len(self._tops) != len(self._heights) + 1:
            first = min(first, len(self._tops) - 1)
            self._tops[first:] = accumulate(self._heights[first:], initial=self._tops[first])

    def _set_bar(self, anchor: int, offset: int) -> None:
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setRange(0, max(0, self._tops[-1] + MARGIN - self.viewport().height()))
        set_look(bar, "moving" if bar.maximum() else "still")
        bar.setValue(bar.maximum() if self._following else self._tops[anchor] + offset)

    def _visible(self, beyond: int = 0) -> range:
        value = self.verticalScrollBar().value()
        first = max(0, bisect_right(self._tops, value - beyond) - 1)
        last = bisect_right(self._tops, value + self.viewport().height() + beyond)
        return range(min(first, len(self._turns)), min(last, len(self._turns)))

    def _measure(self) -> bool:
        """Measure the visible rows; return whether a height changed."""
        changed, width = False, self._width()
        for row in self._visible():
            view = self._views.get(row) or self._make(row)
            if row in self._measured:
                continue
            gap = GAP_AFTER_QUESTION if view.turn.asked else GAP_AFTER_ANSWER
            height = view.fit(width) + gap
            self._measured.add(row)
            if height != self._heights[row]:
                changed, self._heights[row] = True, height
                self._changed_from = min(self._changed_from, row)
        return changed

    def _show_rows(self) -> None:
        value, width = self.verticalScrollBar().value(), self._width()
        left = max(SPACE_6, (self.viewport().width() - width) // 2)
        kept, last = self._visible(KEPT_BEYOND), len(self._turns) - 1
        focused = self.focusWidget()
        for row, view in list(self._views.items()):
            holds_focus = focused is not None and view.isAncestorOf(focused)
            if row not in kept and not holds_focus:
                _drop(self._views.pop(row))
                continue
            gap = GAP_AFTER_QUESTION if view.turn.asked else GAP_AFTER_ANSWER
            view.setGeometry(left, self._tops[row] - value, width, self._heights[row] - gap)
            view.action_row.keep_shown(row == last)
            view.show()

    def _make(self, row: int) -> MessageView:
        turn = self._turns[row]
        view = (QuestionView if turn.asked else AnswerView)(turn, self.viewport())
        for name in PASSED_ON:
            getattr(view, name).connect(getattr(self, name))
        view.height_changed.connect(lambda: self._grew(view))
        if isinstance(view, QuestionView):
            view.take_back.clicked.connect(lambda: self.take_back_wanted.emit(view.turn))
        self._views[row] = view
        self._measured.discard(row)  # a widget made anew must lay itself out, whatever its height was
        if self._words:
            view.highlight(self._words, self._found_at[1] if self._found_at[0] == row else -1)
        return view

    def _grew(self, view: MessageView) -> None:
        self._following = False
        self._measured -= {row for row, there in self._views.items() if there is view}
        self._place()

    def _scroll_to(self, top: int) -> None:
        self.verticalScrollBar().setValue(max(0, top))

    def _mark_found(self) -> None:
        for row, view in self._views.items():
            view.highlight(self._words, self._found_at[1] if self._found_at[0] == row else -1)

    def _place_newest(self) -> None:
        size = self._newest.sizeHint()
        left = (self.viewport().width() - size.width()) // 2
        self._newest.setGeometry(left, self.viewport().height() - size.height() - SPACE_4, *size.toTuple())
        self._newest.raise_()


def _drop(view: MessageView) -> None:
    view.hide()
    view.deleteLater()


def _same(view: MessageView, turn: Turn) -> bool:
    return view.turn.asked is turn.asked


def _shared(before: Sequence[Turn], after: Sequence[Turn]) -> int:
    """Return how many rows at the beginning are the same in both."""
    count = 0
    for one, other in zip(before, after, strict=False):
        if one.id != other.id:
            break
        count += 1
    return count
