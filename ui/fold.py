# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What is folded away until it is wanted: a line that unfolds a text, or other widgets."""

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from assistant.texts import tr
from ui import theme
from ui.elements import ElidedLabel, TextButton, column
from ui.rich_text import RichText
from ui.theme import SPACE_1, SPACE_3, set_look

ARROW, BESIDE_ARROW = 16, 6  # pixels: the icon of a button at 100 % text, and the space beside it


class FoldButton(TextButton):
    """One line with an arrow; a click, Enter or Space unfolds. Its name says whether it is unfolded."""

    def __init__(self, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(words, "fold", "right")
        self.setParent(parent)
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.toggled.connect(self._turn)
        self.say(words)

    def say(self, words: str) -> None:
        """Show other words."""
        self.setText(words)
        state = tr("unfolded") if self.isChecked() else tr("folded")
        self.setAccessibleName(tr("{words}, {state}", words=words, state=state))

    def _turn(self, unfolded: bool) -> None:
        self.set_icon("down" if unfolded else "right")
        self.say(self.text())


class Fold(QWidget):
    """A line with widgets under it, for layouts."""

    def __init__(self, words: str, *things: QWidget, gap: int = SPACE_3) -> None:
        super().__init__()
        self.button = FoldButton(words)
        self.inside = QWidget()
        lines = column(gap=gap)
        for thing in things:
            lines.addWidget(thing)
        self.inside.setLayout(lines)
        self.inside.hide()
        outer = column(gap=SPACE_1)
        outer.addWidget(self.button)
        outer.addWidget(self.inside)
        self.setLayout(outer)
        self.button.toggled.connect(self.inside.setVisible)

    def unfold(self) -> None:
        """Show what is inside."""
        self.button.setChecked(True)


class FoldedText(QWidget):
    """A line that unfolds a text, laid out by hand as the parts of a message are.

    `glimpse` is one line of it that stands below while it is folded: how thinking goes on.
    """

    toggled = Signal()  # its height changed

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = FoldButton("", self)
        self.body = RichText(self)
        self.body.setAccessibleName(name)
        set_look(self.body, "quiet")
        self._glimpse = ElidedLabel("", "small")
        self._glimpse.setParent(self)
        self._text = ""
        self.button.toggled.connect(self._turn)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_text(self, line: str, text: str, glimpse: str = "") -> None:
        """Show `line`, and `text` where it is unfolded; no line: nothing."""
        self.setVisible(bool(line))
        self.button.say(line)
        if self._text != text:
            self._text = text
            if self.unfolded:
                self._fill()
        self._glimpse.set_words(glimpse)
        self._turn_parts()

    @property
    def unfolded(self) -> bool:
        """Whether the text is shown."""
        return self.button.isChecked()

    def glimpse(self) -> str:
        """Return the one line that is shown while it is folded."""
        return "" if self.unfolded else self._glimpse.words()

    def fit(self, width: int) -> int:
        """Lay out and return the height."""
        wanted = self.button.sizeHint()
        height = wanted.height()
        self.button.setGeometry(0, 0, min(wanted.width(), width), height)
        left = theme.px(ARROW) + BESIDE_ARROW
        if self.unfolded:
            tall = self.body.fit(width - left)
            self.body.setGeometry(left, height + SPACE_1, width - left, tall)
            return height + SPACE_1 + tall + SPACE_1
        if self._glimpse.words():
            tall = self._glimpse.sizeHint().height()
            self._glimpse.setGeometry(left, height, width - left, tall)
            return height + tall
        return height

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of the line."""
        return self.button.sizeHint()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Write the text again in the new colours and sizes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._text and self.unfolded:
            self._fill()

    def _turn(self, unfolded: bool) -> None:
        if unfolded:
            self._fill()
        self._turn_parts()
        self.toggled.emit()

    def _turn_parts(self) -> None:
        self.body.setVisible(self.unfolded)
        self._glimpse.setVisible(not self.unfolded and bool(self._glimpse.words()))

    def _fill(self) -> None:
        self.body.show_plain(self._text, theme.interface_font(theme.TYPE_BODY))
