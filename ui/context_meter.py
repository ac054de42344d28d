# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""How full the context window is: a quiet ring and a share, in words where it is looked at."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from assistant.texts import tr
from ui import theme

RING, STROKE = 14, 2.5  # pixels at 100 % text
NEARLY_FULL = 90  # per cent: from here on the ring warns


class ContextMeter(QAbstractButton):
    """A ring that fills, with the share beside it; a click (Enter, Space) leads to the context's size."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share = 0
        self._said = ""
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.set_look(self, "small")
        self.hide()

    def show_use(self, used: int, size: int, parts: Sequence[tuple[str, int]] = ()) -> None:
        """Show that `used` of `size` tokens are taken, by `parts` (name, tokens); nothing for size 0.

        What is neither used nor named is the room for the answer.
        """
        self._share = min(100, round(100 * used / size)) if size else 0
        self._said = _words(used, size, parts) if size and used else ""
        self.setAccessibleName(self._said.replace("\n", "; "))
        self.setToolTip(self._said)
        self.setVisible(bool(self._said))
        self.updateGeometry()
        self.update()

    def words(self) -> str:
        """Return what the ring says when it is looked at; "" while it says nothing."""
        return self._said

    @property
    def share(self) -> int:
        """How full the window is, in per cent."""
        return self._share

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of ring and share; the width of any share, so that nothing moves."""
        widest = self.fontMetrics().horizontalAdvance(self._shown(100))
        height = max(self.fontMetrics().height(), theme.px(RING)) + 2 * theme.SPACE_1
        return QSize(theme.px(RING) + theme.SPACE_1 + 2 + widest + 2 * theme.SPACE_2, height)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Measure again for another text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the ring, the share, and hover or focus around them."""
        roles = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_frame(painter, roles)
        side = theme.px(RING)
        stroke = STROKE * side / RING
        ring = QRectF(theme.SPACE_2, (self.height() - side) / 2, side, side)
        ring.adjust(stroke / 2, stroke / 2, -stroke / 2, -stroke / 2)
        full = self._share >= NEARLY_FULL
        pen = QPen(QColor(roles.line), stroke)
        painter.setPen(pen)
        painter.drawEllipse(ring)
        pen.setColor(QColor(roles.warning if full else roles.accent))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(ring, 90 * 16, -round(360 * 16 * self._share / 100))
        painter.setPen(QColor(roles.warning if full else roles.quiet))
        words = self.rect().adjusted(theme.SPACE_2 + side + theme.SPACE_1 + 2, 0, -theme.SPACE_1, 0)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(words, middle, self._shown(self._share))

    def _draw_frame(self, painter: QPainter, roles: theme.Colours) -> None:
        if not (self.underMouse() or self.hasFocus()):
            return
        painter.setPen(QPen(QColor(roles.accent), 1) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(roles.hover) if self.underMouse() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)

    @staticmethod
    def _shown(share: int) -> str:
        return tr("{share} %", share=share)


def _words(used: int, size: int, parts: Sequence[tuple[str, int]]) -> str:
    """Return the use in words: the whole first, then a line for each part."""
    whole = tr("Context: {used} of {size} tokens", used=used, size=size)
    lines = [tr("{part}: {tokens}", part=name, tokens=tokens) for name, tokens in parts if tokens]
    return "\n".join([whole, *lines])
