# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Small parts that several panels are made of: labels, cards, columns that scroll, progress in words."""

import re
import time
from collections.abc import Callable
from dataclasses import asdict

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from assistant.texts import tr, trn
from ui import theme

TIME_LEFT_AFTER_S = 10.0
ARROW = 14  # pixels at 100 % text
LONG_WORD = re.compile(r"\S{20,}")
NOTE_SIGNS = {
    "soft": ("info", "quiet"),
    "warning": ("warning", "warning"),
    "danger": ("warning", "danger"),
    "mask": ("mask", "mask"),
}
SHORTEST_GUESS = 0.02  # below this share of the work, a guess of the time left would be a wild one


def label(words: str = "", look: str = "", *, wrap: bool = True, selectable: bool = False) -> QLabel:
    """Return a label that shows `words` as they are: never as HTML, whoever wrote them."""
    made = Words(words) if wrap else QLabel(words)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if selectable:
        flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        made.setTextInteractionFlags(flags)
    if look:
        theme.set_look(made, look)
    return made


def button(words: str, look: str = "", icon_name: str = "") -> "TextButton":
    """Return a button with words, a look of the style sheet and one of our icons."""
    return TextButton(words, look, icon_name)


def column(*margins: int, gap: int = theme.SPACE_2) -> QVBoxLayout:
    """Return a vertical layout; `margins` as setContentsMargins takes them, none for no margin."""
    made = QVBoxLayout()
    left, top, right, bottom = margins or (0, 0, 0, 0)
    made.setContentsMargins(left, top, right, bottom)
    made.setSpacing(gap)
    return made


def row(*things: QWidget | QLayout | int, gap: int = theme.SPACE_2) -> QHBoxLayout:
    """Return a horizontal layout of widgets and layouts; an int is a stretch of that weight."""
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(gap)
    for thing in things:
        if isinstance(thing, int):
            made.addStretch(thing)
        elif isinstance(thing, QLayout):
            made.addLayout(thing)
        else:
            made.addWidget(thing)
    return made


class Words(QLabel):
    """Text of several lines. What has no space in it, a file's name say, breaks too where it must."""

    def __init__(self, words: str = "") -> None:
        super().__init__()
        self._words = ""
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setText(words)

    def setText(self, words: str) -> None:  # noqa: N802 - Qt's name
        """Show other words."""
        self._words = words
        super().setText(LONG_WORD.sub(lambda found: _with_breaks(found.group()), words))

    def text(self) -> str:
        """Return the words as they were given."""
        return self._words


class ElidedLabel(QLabel):
    """One line that gives way: what does not fit becomes "…", and the tooltip holds the whole."""

    def __init__(
        self, words: str = "", look: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight
    ) -> None:
        super().__init__()
        self._words, self._mode = "", mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if look:
            theme.set_look(self, look)
        self.set_words(words)

    def set_words(self, words: str) -> None:
        """Show other words; also the label's name for screen readers."""
        self._words = " ".join(words.split())
        self.setAccessibleName(self._words)
        self.updateGeometry()
        self._fit()

    def words(self) -> str:
        """Return the whole text, cut off or not."""
        return self._words

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for the whole text's width."""
        return QSize(self.fontMetrics().horizontalAdvance(self._words) + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Be content with a few letters."""
        return QSize(self.fontMetrics().averageCharWidth() * 4, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Cut again for the new width."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Cut again for the new font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        cut = self.fontMetrics().elidedText(self._words, self._mode, max(self.width(), 1))
        self.setText(cut if self.width() else self._words)
        self.setToolTip(self._words if cut != self._words else "")


class TextButton(QPushButton):
    """A button with words and one of our icons, redrawn when the colours change."""

    def __init__(self, words: str, look: str = "", icon_name: str = "") -> None:
        super().__init__(words)
        self._icon_name = icon_name
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(words)
        if look:
            theme.set_look(self, look)
        self._draw_icon()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Redraw the icon in the new colours."""
        super().changeEvent(event)
        if event.type() in (
            QEvent.Type.PaletteChange,
            QEvent.Type.StyleChange,
            QEvent.Type.EnabledChange,
        ):
            self._draw_icon()

    def _draw_icon(self) -> None:
        if self._icon_name:
            role = {"primary": "on_accent", "link": "accent", "danger": "danger"}.get(self.property("look"))
            role = (role or "text") if self.isEnabled() else "quiet"
            size = theme.px(16)
            self.setIcon(theme.icon(self._icon_name, asdict(theme.colours())[role], size))
            if self.iconSize().width() != size:
                self.setIconSize(QSize(size, size))


class Picture(QLabel):
    """One of our icons as a still picture, redrawn when the colours change. Nothing for screen readers."""

    def __init__(self, icon_name: str, role: str = "quiet", size: int = 18) -> None:
        super().__init__()
        self._icon_name, self._role, self._size = icon_name, role, size
        self._draw()

    def set_icon(self, icon_name: str, role: str) -> None:
        """Show another icon in another role."""
        self._icon_name, self._role = icon_name, role
        self._draw()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Redraw in the new colours."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._draw()

    def _draw(self) -> None:
        colour, size = asdict(theme.colours())[self._role], theme.px(self._size)
        if size != self.width():
            self.setFixedSize(size, size)
        drawn: QPixmap = theme.icon(self._icon_name, colour, size).pixmap(size, size)
        self.setPixmap(drawn)


class Badge(QLabel):
    """A short number or word in a small block; `strong` stands out."""

    def __init__(self, words: str, *, strong: bool = False) -> None:
        super().__init__(words)
        self._strong = strong
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Leave room around the words; at least a square."""
        height = self.fontMetrics().height() + 4
        return QSize(max(height, self.fontMetrics().horizontalAdvance(self.text()) + 12), height)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw block and words in the colours in use."""
        roles = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(roles.accent if self._strong else roles.soft))
        painter.drawRoundedRect(QRectF(self.rect()), theme.RADIUS / 2, theme.RADIUS / 2)
        painter.setPen(QColor(roles.on_accent if self._strong else roles.quiet))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


class Note(QFrame):
    """A sentence that stands out a little: `look` is "soft", "warning", "danger" or "mask"."""

    def __init__(self, words: str = "", look: str = "soft") -> None:
        super().__init__()
        self._sign, self._words = Picture("info", size=16), label(words)
        line = row(self._sign, self._words)
        line.setContentsMargins(theme.SPACE_3, theme.SPACE_2, theme.SPACE_3, theme.SPACE_2)
        line.setAlignment(self._sign, Qt.AlignmentFlag.AlignTop)
        line.setStretch(1, 1)
        self.setLayout(line)
        self.say(words, look)

    def say(self, words: str, look: str = "soft") -> None:
        """Show other words, in another look."""
        icon_name, role = NOTE_SIGNS[look]
        self._sign.set_icon(icon_name, role)
        self._words.setText(words)
        self.setAccessibleName(words)
        theme.set_look(self, look)

    def words(self) -> str:
        """Return what it says."""
        return self._words.text()


class Card(QAbstractButton):
    """A raised block that is one button: click, Enter or Space. What stands in it is laid out inside."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._inside = column(theme.SPACE_3, theme.SPACE_3, theme.SPACE_3, theme.SPACE_3)
        self.setLayout(self._inside)

    def put(self, thing: QWidget | QLayout) -> None:
        """Add a line; it lets the mouse through to the card."""
        if isinstance(thing, QLayout):
            self._inside.addLayout(thing)
        else:
            self._inside.addWidget(thing)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Let Enter press it, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the block, its hover and its focus ring."""
        roles = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focus = self.hasFocus()
        edge = roles.accent if focus or self.isChecked() else roles.line
        width = 2.0 if focus else 1.0
        painter.setPen(QPen(QColor(edge), width))
        painter.setBrush(QColor(roles.hover if self.underMouse() or self.isDown() else roles.raised))
        inset = width / 2
        frame = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(frame, theme.RADIUS, theme.RADIUS)


class ScrollColumn(QScrollArea):
    """Widgets under each other that scroll up and down, never sideways.

    With `fill` they share the whole height; without it they stand at the top.
    """

    def __init__(self, gap: int = theme.SPACE_3, margin: int = theme.SPACE_4, *, fill: bool = False) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        inside = QWidget()
        inside.setObjectName("column")
        self._lines = column(margin, margin, margin, margin, gap=gap)
        self._below = 0 if fill else 1
        if not fill:
            self._lines.addStretch(1)
        inside.setLayout(self._lines)
        self.setWidget(inside)
        inside.setAutoFillBackground(False)  # setWidget turns it on
        inside.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def add(self, thing: QWidget | QLayout) -> None:
        """Add a line at the end."""
        at = self._lines.count() - self._below
        if isinstance(thing, QLayout):
            self._lines.insertLayout(at, thing)
        else:
            self._lines.insertWidget(at, thing)

    def clear(self) -> None:
        """Take everything out."""
        while self._lines.count() > self._below:
            item = self._lines.takeAt(0)
            gone = item.widget() if item else None
            if gone is not None:
                gone.hide()
                gone.deleteLater()


class Beside(QWidget):
    """Widgets beside each other; under each other where there is no room: large text, narrow panel.

    With `even` all get the same width, otherwise what is left over stays free at the end.
    """

    def __init__(self, *things: QWidget, gap: int = theme.SPACE_2, even: bool = False) -> None:
        super().__init__()
        self._things, self._gap, self._even = things, gap, even
        self._line = row(*things, gap=gap)
        if not even:
            self._line.addStretch(1)
        for at in range(len(things)):
            self._line.setStretch(at, int(even))
        self.setLayout(self._line)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Be content with the widest one's width."""
        return QSize(max(self._widths()), super().minimumSizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Choose the way when the room or what stands in it changes."""
        done = super().event(event)
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            widths = self._widths()
            wanted = max(widths) * len(widths) if self._even else sum(widths)
            beside = self.width() >= wanted + self._gap * (len(widths) - 1)
            ways = QBoxLayout.Direction
            self._line.setDirection(ways.LeftToRight if beside else ways.TopToBottom)
        return done

    def _widths(self) -> list[int]:
        return [each.sizeHint().width() for each in self._things if not each.isHidden()] or [0]


class Choice(QComboBox):
    """A list to choose from, with the arrow that the style sheet takes away."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the arrow upon the rest."""
        super().paintEvent(event)
        size = theme.px(ARROW)
        arrow = theme.icon("down", theme.colours().quiet, size).pixmap(size, size)
        painter = QPainter(self)
        painter.drawPixmap(self.width() - size - theme.SPACE_2, (self.height() - size) // 2, arrow)


class FocusWheel(QObject):
    """Keeps a turning wheel from changing a slider or number that is only passed over."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Hand the wheel on where the control has no focus."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False

    def guard(self, *controls: QWidget) -> None:
        """Watch over `controls`."""
        for control in controls:
            control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            control.installEventFilter(self)


class Progress(QWidget):
    """What is being done, how far, and a button that ends it; after ten seconds, the time left.

    `clock` returns seconds and only ever grows.
    """

    cancelled = Signal()

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock, self._began = clock, 0.0
        self.sentence = label()
        self.left = label("", "small")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.cancel = button(tr("Cancel"), "quiet")
        self.cancel.clicked.connect(self._cancel)
        lines = column(gap=theme.SPACE_1)
        lines.addWidget(self.sentence)
        lines.addLayout(row(self.bar, self.cancel))
        lines.addWidget(self.left)
        self.setLayout(lines)
        self.left.hide()
        self.hide()

    def begin(self) -> None:
        """Start the clock and show the line, unless it is running."""
        if self.isHidden():
            self._began = self._clock()
            self.cancel.setEnabled(True)
            self.left.hide()
            self.show()

    def tell(self, sentence: str, fraction: float | None) -> None:
        """Say what is done now; `fraction` of the whole, 0 to 1, or None while unknown."""
        self.begin()
        if self.cancel.isEnabled():
            self.sentence.setText(sentence)
        self.bar.setRange(0, 0 if fraction is None else 1000)
        self.bar.setValue(round((fraction or 0) * 1000))
        self.bar.setAccessibleName(sentence)
        seconds = self._seconds_left(fraction)
        self.left.setVisible(seconds is not None)
        self.left.setText("" if seconds is None else time_left(seconds))

    def end(self) -> None:
        """Go away: the work is over."""
        self.hide()

    def _cancel(self) -> None:
        self.cancel.setEnabled(False)
        self.sentence.setText(tr("Stopping…"))
        self.cancelled.emit()

    def _seconds_left(self, fraction: float | None) -> float | None:
        gone = self._clock() - self._began
        if not fraction or gone < TIME_LEFT_AFTER_S or not SHORTEST_GUESS <= fraction < 1:
            return None
        return gone * (1 - fraction) / fraction


def _with_breaks(word: str) -> str:
    """Return a word with places to break at (U+200B): after its own marks, else every few letters."""
    pieces = re.findall(r"[^_\-./\\]{1,8}[_\-./\\]*|[_\-./\\]+", word)
    return "\u200b".join(pieces)


def time_left(seconds: float) -> str:
    """Return a time left as people say it: "about 2 minutes left"."""
    if seconds < 10:
        return tr("A few seconds left")
    if seconds < 55:
        return tr("About {n} seconds left", n=round(seconds / 10) * 10)
    if seconds < 55 * 60:
        minutes = max(1, round(seconds / 60))
        return trn("About {n} minute left", "About {n} minutes left", minutes)
    return trn("About {n} hour left", "About {n} hours left", max(1, round(seconds / 3600)))


class Empty(QWidget):
    """An empty place that helps: a picture, what it is for, what to do."""

    def __init__(self, icon_name: str, title: str, words: str, *buttons: QPushButton) -> None:
        super().__init__()
        lines = column(theme.SPACE_4, theme.SPACE_6, theme.SPACE_4, theme.SPACE_6, gap=theme.SPACE_2)
        lines.addStretch(1)
        lines.addWidget(Picture(icon_name, size=28), alignment=Qt.AlignmentFlag.AlignHCenter)
        self.title, self.words = label(title, "heading"), label(words, "quiet")
        for each in (self.title, self.words):
            each.setAlignment(Qt.AlignmentFlag.AlignCenter)
            each.setVisible(bool(each.text()))
            lines.addWidget(each)
        for pressed in buttons:
            lines.addWidget(pressed, alignment=Qt.AlignmentFlag.AlignHCenter)
        lines.addStretch(2)
        self.setLayout(lines)
