# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A page of a document as a picture, with the passage marked on it like with a felt pen."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from assistant.documents.protocol import Rectangle
from ui import theme

FELT_PEN = "#ffe27a"  # multiplied with the page: black stays black. Pages are white in both themes.
MARGIN_BAR = 3  # pixels; the passage is found without seeing the colour
UNDERLINE = 2  # pixels; so is a word
ONE_LINE = 1.6  # heights of a mark that marks of one line keep to
TEXT_SHARE = 0.8  # of a page's width that its lines usually take
AROUND_PASSAGE = 14.0  # points left free beside a passage that fills the width
READABLE = 1.4  # pixels a point: type of 10 points in the size of the window's own reading text
ZOOM_LOW, ZOOM_HIGH, ZOOM_STEP = 0.25, 5.0, 1.2


class PageCanvas(QWidget):
    """Paints one page picture at a size in points times `scale` (pixels a point)."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self._points = (595.0, 842.0)  # A4, until a page is known
        self._rectangles: tuple[Rectangle, ...] = ()
        self._scale = 1.0

    def show_page(self, image: QImage, width: float, height: float, marks: Sequence[Rectangle]) -> None:
        """Paint this page: `width` and `height` in points, `marks` in points from its top left."""
        self._image, self._points, self._rectangles = image, (width, height), tuple(marks)
        self.set_scale(self._scale)
        self.update()

    def set_scale(self, scale: float) -> None:
        """Paint at `scale` logical pixels a point."""
        self._scale = scale
        self.setFixedSize(round(self._points[0] * scale), round(self._points[1] * scale))

    @property
    def width_in_points(self) -> float:
        """The page's width."""
        return self._points[0]

    def marks(self) -> list[QRectF]:
        """Return the marked rectangles in pixels of this widget."""
        s = self._scale
        return [
            QRectF(r.left * s, r.top * s, (r.right - r.left) * s, (r.bottom - r.top) * s)
            for r in self._rectangles
        ]

    def marks_width(self) -> float:
        """Return the width of all marks together in points, the page's where there are none."""
        if not self._rectangles:
            return self._points[0]
        return max(r.right for r in self._rectangles) - min(r.left for r in self._rectangles)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the page, then the marks upon it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._image.isNull():
            painter.fillRect(event.rect(), QColor("#ffffff"))
        else:
            painter.drawImage(QRectF(self.rect()), self._image)
        marks = self.marks()
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        for mark in marks:
            painter.fillRect(mark.adjusted(-1, -1, 1, 1), QColor(FELT_PEN))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        if marks:
            self._draw_bar(painter, marks)

    def _draw_bar(self, painter: QPainter, marks: Sequence[QRectF]) -> None:
        """Draw a bar in the margin of lines; within a line it would cover a word: under that one."""
        top, bottom = min(m.top() for m in marks), max(m.bottom() for m in marks)
        if bottom - top < ONE_LINE * max(m.height() for m in marks):
            for mark in marks:
                under = QRectF(mark.left() - 1, mark.bottom() + 1, mark.width() + 2, UNDERLINE)
                painter.fillRect(under, QColor(theme.LIGHT.accent))
            return
        left = max(min(m.left() for m in marks) - MARGIN_BAR * 3, 0)
        painter.fillRect(QRectF(left, top, MARGIN_BAR, bottom - top), QColor(theme.LIGHT.accent))


class PageScroller(QScrollArea):
    """Shows a canvas, fitted to the width or zoomed; drags with the mouse, zooms with Ctrl and the wheel."""

    scale_changed = Signal(float)  # logical pixels a point; a sharper picture may be wanted

    def __init__(self) -> None:
        super().__init__()
        self.canvas = PageCanvas()
        self._zoom: float | None = None  # None fits the passage, or the width
        self._fits_passage = True
        self._dragged_from: QPointF | None = None
        self.setWidget(self.canvas)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # or fitting would swing
        self.setCornerWidget(QWidget())  # the style draws a broken frame there
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        self.viewport().setAutoFillBackground(False)

    def scale(self) -> float:
        """Return the logical pixels a point in use."""
        if self._zoom is not None:
            return self._zoom
        room = max(self.viewport().width(), 80)
        whole = room / self.canvas.width_in_points
        if not self._fits_passage:
            return whole
        # A whole page in a narrow panel cannot be read: its margins are left out, and the lines fit.
        shown = max(self.canvas.marks_width() + 2 * AROUND_PASSAGE, TEXT_SHARE * self.canvas.width_in_points)
        return max(whole, min(room / shown, READABLE))

    def show_page(self, image: QImage, width: float, height: float, marks: Sequence[Rectangle]) -> None:
        """Show this page at the zoom in use."""
        before = self.scale()
        self.canvas.show_page(image, width, height, marks)
        self.canvas.set_scale(self.scale())
        if self.scale() != before:
            self.scale_changed.emit(self.scale())

    def show_marks(self) -> None:
        """Scroll so that the first mark stands in the upper third; to the top where there is none."""
        marks = self.canvas.marks()
        first = min(marks, key=lambda m: m.top()) if marks else QRectF(0, 0, 0, 0)
        self.verticalScrollBar().setValue(round(first.top() - self.viewport().height() / 3))
        margin = (1 - TEXT_SHARE) / 2 * self.canvas.width()
        left = min((mark.left() - AROUND_PASSAGE * self.scale() for mark in marks), default=0.0)
        self.horizontalScrollBar().setValue(round(min(left, margin)))

    def zoom_by(self, factor: float) -> None:
        """Zoom in (above 1) or out, keeping the middle in the middle."""
        before = self.scale()
        self._zoom = min(max(before * factor, ZOOM_LOW), ZOOM_HIGH)
        bar, half = self.verticalScrollBar(), self.viewport().height() / 2
        middle = (bar.value() + half) / before
        self._apply()
        bar.setValue(round(middle * self.scale() - half))

    def fit_width(self) -> None:
        """Make the page as wide as the room for it."""
        self._zoom, self._fits_passage = None, False
        self._apply()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Be content with the side panel's width."""
        return QSize(theme.SIDE_WIDTH, 480)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the width again."""
        super().resizeEvent(event)
        if self._zoom is None:
            self._apply()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom with Ctrl, scroll without."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.angleDelta().y():
            self.zoom_by(ZOOM_STEP if event.angleDelta().y() > 0 else 1 / ZOOM_STEP)
            event.accept()
        else:
            super().wheelEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Drag the page with the mouse."""
        if isinstance(event, QMouseEvent):
            self._drag(event)
        return super().viewportEvent(event)

    def _drag(self, event: QMouseEvent) -> None:
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._dragged_from = event.position()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.type() == QEvent.Type.MouseMove and self._dragged_from is not None:
            moved = event.position() - self._dragged_from
            self._dragged_from = event.position()
            for bar, way in ((self.verticalScrollBar(), moved.y()), (self.horizontalScrollBar(), moved.x())):
                bar.setValue(bar.value() - round(way))
        elif event.type() == QEvent.Type.MouseButtonRelease:
            self._dragged_from = None
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)

    def _apply(self) -> None:
        self.canvas.set_scale(self.scale())
        self.scale_changed.emit(self.scale())
