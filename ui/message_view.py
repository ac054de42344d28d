# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""One message of the conversation: what questions and answers share, and a question in its soft block."""

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from assistant.texts import tr, trn
from ui import theme
from ui.message_parts import ActionRow, QuietLine
from ui.rich_text import RichText
from ui.theme import SPACE_1, SPACE_3, SPACE_4, set_look
from ui.turns import Turn

BUBBLE_SHARE = 0.82  # the widest a question gets, as a share of the column
SHOWN = 6_000
"""Letters of a question that are shown at once; a pasted file would take seconds to be laid out."""


class MessageView(QWidget):
    """What questions and answers share. The signals carry the Turn that is shown."""

    edit_wanted = Signal(object)
    again_wanted = Signal(object)
    alone_wanted = Signal(object)  # ask again, without documents
    go_on_wanted = Signal(object)
    offer_accepted = Signal(object)  # take what the error offers, then ask again
    shorten_wanted = Signal(object)  # the question is too long: edit it
    prompt_wanted = Signal(object)
    version_wanted = Signal(object, int)
    citation_activated = Signal(object)
    passage_activated = Signal(object)
    link_activated = Signal(str)
    height_changed = Signal()

    def __init__(self, turn: Turn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.turn = turn
        self.action_row = ActionRow(self, versions_first=not turn.asked)
        self.action_row.older.clicked.connect(lambda: self.version_wanted.emit(self.turn, -1))
        self.action_row.newer.clicked.connect(lambda: self.version_wanted.emit(self.turn, 1))

    def show_turn(self, turn: Turn) -> None:
        """Show this turn in place of the one before."""
        self.turn = turn
        self.action_row.show_versions(turn.version, turn.versions)

    def fit(self, width: int) -> int:
        """Lay out for `width` pixels and return the height."""
        return self.action_row.fit(width)

    def texts(self) -> list[RichText]:
        """Return the texts, from top to bottom."""
        return []

    def highlight(self, words: str, current: int = -1) -> int:
        """Mark every place where `words` stand; `current` is the place that is looked at."""
        found = 0
        for text in self.texts():
            found += text.highlight(words, current - found)
        return found

    def found_top(self, current: int) -> int:
        """Return where the place of number `current` stands, in pixels from the message's top."""
        for text in self.texts():
            count = text.found_count()
            if current < count:
                return text.mapTo(self, text.viewport().pos()).y() + text.found_top(current)
            current -= count
        return 0

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the actions while the pointer is here."""
        self.action_row.look_at(True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Let the actions rest."""
        self.action_row.look_at(False)
        super().leaveEvent(event)


class QuestionView(MessageView):
    """The user's words, as they were written, in a soft block at the right."""

    def __init__(self, turn: Turn, parent: QWidget | None = None) -> None:
        super().__init__(turn, parent)
        self._block = QFrame(self)
        set_look(self._block, "soft")
        self._text = RichText(self._block)
        self._text.setAccessibleName(tr("Your question"))
        self._waiting, self._rest = QuietLine(self), QuietLine(self)
        self._unfolded = False
        self._rest.button.clicked.connect(self._unfold)
        self.action_row.add_copy(tr("Copy"), lambda: self.turn.text)
        self.action_row.add("edit", tr("Edit and ask again"), lambda: self.edit_wanted.emit(self.turn))
        self._text.link_activated.connect(self.link_activated)
        self.show_turn(turn)

    def show_turn(self, turn: Turn) -> None:
        """Show this question."""
        super().show_turn(turn)
        self._show_words()
        waits = tr("Waits until the answer above is done") if turn.waiting else ""
        self._waiting.say(waits, "pause", "quiet", tr("Take back"))
        self.action_row.setVisible(bool(turn.id))

    def highlight(self, words: str, current: int = -1) -> int:
        """Mark every place where `words` stand, what is folded away too."""
        if self._folded and words and words.casefold() in self.turn.text[SHOWN:].casefold():
            self._unfolded = True
            self._show_words()
            QTimer.singleShot(0, self, self.height_changed.emit)  # not while rows are gone through
        return super().highlight(words, current)

    @property
    def _folded(self) -> bool:
        return len(self.turn.text) > SHOWN and not self._unfolded

    def _show_words(self) -> None:
        words, count = self.turn.text, len(self.turn.text)
        self._text.show_plain(f"{words[:SHOWN].rstrip()} …" if self._folded else words)
        told = trn("{n} letter in all", "{n} letters in all", count)
        self._rest.say(told if self._folded else "", "info", "quiet", tr("Show all of it"))

    def _unfold(self) -> None:
        self._unfolded = True
        self._show_words()
        self.height_changed.emit()

    @property
    def show_all(self) -> QPushButton:
        """The button that shows the rest of a long question."""
        return self._rest.button

    @property
    def take_back(self) -> QPushButton:
        """The button that takes a waiting question back."""
        return self._waiting.button

    def texts(self) -> list[RichText]:
        """Return the one text."""
        return [self._text]

    def fit(self, width: int) -> int:
        """Lay out: as wide as the words need, at the right."""
        most = int(width * BUBBLE_SHARE) - 2 * SPACE_4
        wide = max(self._text.ideal_width(most), theme.px(24))
        height = self._text.fit(wide)
        left = width - wide - 2 * SPACE_4
        self._block.setGeometry(left, 0, wide + 2 * SPACE_4, height + 2 * SPACE_3)
        self._text.setGeometry(SPACE_4, SPACE_3, wide, height)
        below = height + 2 * SPACE_3
        if self._folded:
            tall = self._rest.fit(width - left)
            self._rest.setGeometry(left, below + SPACE_1, width - left, tall)
            below += SPACE_1 + tall
        if self.turn.waiting:
            tall = self._waiting.fit(width)
            self._waiting.setGeometry(0, below, width, tall)
            return below + tall
        tall = self.action_row.fit(width)
        row = self.action_row.sizeHint().width()
        self.action_row.setGeometry(width - row, below, row, tall)
        return below + tall
