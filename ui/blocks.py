# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What panels are built with: cards, columns that scroll, rows that stack, empty places that help."""

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QFrame,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QWidget,
)

from ui import theme
from ui.elements import Picture, column, label, row


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
            if not each.text():
                each.hide()
            lines.addWidget(each)
        for pressed in buttons:
            lines.addWidget(pressed, alignment=Qt.AlignmentFlag.AlignHCenter)
        lines.addStretch(2)
        self.setLayout(lines)
