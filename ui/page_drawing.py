# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Page pictures drawn off the GUI thread: one at a time, and the latest wish wins."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from assistant.documents.protocol import PagePicture
from assistant.errors import DocumentError, MaruError
from assistant.texts import text
from ui.tasks import Task, call

QUIET_MS = 300  # drawing that takes longer is told

Render = Callable[[Path, int, float, int, int], PagePicture]


@dataclass(frozen=True)
class PageWish:
    """A page (from 1) to draw, at `scale` picture pixels a point, and the span whose places are wanted."""

    path: Path
    page: int
    start: int
    end: int
    scale: float

    def same_page(self, other: "PageWish | None") -> bool:
        """Whether both differ in nothing but the scale."""
        if other is None:
            return False
        mine, its = (self.path, self.page, self.start, self.end), (other.path, other.page)
        return mine == (*its, other.start, other.end)


@dataclass(frozen=True)
class DrawnPage:
    """A page as drawn, decoded off the GUI thread."""

    wish: PageWish
    image: QImage
    picture: PagePicture


class PageDrawer(QObject):
    """Draws pages by `render(path, page, scale, start, end)` on a thread."""

    drawn = Signal(object)  # DrawnPage
    failed = Signal(object)  # MaruError
    slow = Signal(bool)  # whether a drawing takes longer than a moment

    def __init__(self, render: Render, parent: QObject) -> None:
        super().__init__(parent)
        self._render = render
        self._wanted: PageWish | None = None
        self._busy: PageWish | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(QUIET_MS)
        self._patience.timeout.connect(lambda: self.slow.emit(True))

    @property
    def busy(self) -> bool:
        """Whether a page is being drawn."""
        return self._busy is not None

    def draw(self, wish: PageWish) -> None:
        """Draw this page next; a wish that has not begun is dropped."""
        self._wanted = wish
        if not self._patience.isActive():
            self._patience.start()
        if self._busy is None:
            self._begin()

    def forget(self) -> None:
        """Want nothing any more; what is being drawn is thrown away."""
        self._wanted = None
        self._quiet()

    def _begin(self) -> None:
        wish = self._wanted
        if wish is None:
            return
        self._busy = wish
        task: Task = call(lambda: _draw(self._render, wish))
        task.finished.connect(self._drew)
        task.failed.connect(self._complain)
        task.start()

    def _drew(self, page: DrawnPage) -> None:
        if self._over():
            self.drawn.emit(page)

    def _complain(self, error: MaruError) -> None:
        if self._over():
            self.failed.emit(error)

    def _over(self) -> bool:
        """Take note that a drawing ended; return whether it is still the one wanted."""
        done, self._busy = self._busy, None
        if self._wanted == done:
            self.forget()
            return True
        self._begin()
        return False

    def _quiet(self) -> None:
        self._patience.stop()
        self.slow.emit(False)


def _draw(render: Render, wish: PageWish) -> DrawnPage:
    picture = render(wish.path, wish.page, wish.scale, wish.start, wish.end)
    image = QImage.fromData(picture.png)
    if image.isNull() or picture.width <= 0 or picture.height <= 0:
        raise DocumentError(
            text("Page {page} could not be drawn.", page=wish.page),
            text("Its text is shown instead."),
        )
    return DrawnPage(wish, image, picture)
