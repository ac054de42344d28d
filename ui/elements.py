# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The smallest parts that panels are made of: labels, buttons, badges, notes, rows and columns."""

import re

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from ui import theme
from ui.plain_words import as_tip

ARROW = 14  # pixels at 100 % text
LONG_WORD = re.compile(r"\S{20,}")
NOTE_SIGNS = {
    "soft": ("info", "quiet"),
    "warning": ("warning", "warning"),
    "danger": ("warning", "danger"),
    "mask": ("mask", "mask"),
}


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
        self.setToolTip(as_tip(self._words) if cut != self._words else "")


class TextButton(QPushButton):
    """A button with words and one of our icons, redrawn when the colours change."""

    def __init__(self, words: str, look: str = "", icon_name: str = "") -> None:
        super().__init__(words)
        self._icon_name = icon_name
        self._drawn: tuple[str, str, int] | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(words)
        if look:
            theme.set_look(self, look)
        self._draw_icon()

    def set_icon(self, icon_name: str) -> None:
        """Show another icon."""
        self._icon_name = icon_name
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
            role = {
                "primary": "on_accent",
                "link": "accent",
                "danger": "danger",
                "fold": "quiet",
                "model": "mask",
            }.get(self.property("look"))
            role = (role or "text") if self.isEnabled() else "quiet"
            wanted = (self._icon_name, getattr(theme.colours(), role), theme.px(16))
            if wanted != self._drawn:
                self._drawn = wanted
                self.setIcon(theme.icon(*wanted))
                self.setIconSize(QSize(wanted[2], wanted[2]))


class Picture(QLabel):
    """One of our icons as a still picture, redrawn when the colours change. Nothing for screen readers."""

    def __init__(self, icon_name: str, role: str = "quiet", size: int = 18) -> None:
        super().__init__()
        self._icon_name, self._role, self._size = icon_name, role, size
        self._drawn: tuple[str, str, int] | None = None
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
        size = theme.px(self._size)
        wanted = (self._icon_name, getattr(theme.colours(), self._role), size)
        if wanted != self._drawn:
            self._drawn = wanted
            self.setFixedSize(size, size)
            self.setPixmap(theme.icon(*wanted).pixmap(size, size))


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


class Choice(QComboBox):
    """A list to choose from, with the arrow that the style sheet takes away."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the arrow upon the rest."""
        super().paintEvent(event)
        size = theme.px(ARROW)
        arrow = theme.icon("down", theme.colours().quiet, size).pixmap(size, size)
        painter = QPainter(self)
        painter.drawPixmap(self.width() - size - theme.SPACE_2, (self.height() - size) // 2, arrow)


class Tick(QCheckBox):
    """A box to tick, drawn in the colours in use: the style's own is lost on a dark ground."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the tick upon the rest."""
        super().paintEvent(event)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        if self.isChecked():
            side = box.width() - 2
            drawn = theme.icon("check", theme.colours().on_accent, side).pixmap(side, side)
            QPainter(self).drawPixmap(box.left() + 1, box.top() + 1, drawn)


def _with_breaks(word: str) -> str:
    """Return a word with places to break at (U+200B): after its own marks, else every few letters."""
    pieces = re.findall(r"[^_\-./\\]{1,8}[_\-./\\]*|[_\-./\\]+", word)
    return "\u200b".join(pieces)
