# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The page behind a citation: the page itself with the passage marked, or the text it stands in."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from assistant.documents.protocol import PagePicture, PlaceText
from assistant.errors import DocumentError, MaruError
from assistant.passages import Citation, Passage, Place, PlaceKind
from assistant.texts import text, tr
from ui import theme
from ui.blocks import Beside
from ui.elements import ElidedLabel, Note, button, column, label, row
from ui.find_bar import FindBar
from ui.page_canvas import ZOOM_STEP, PageScroller
from ui.page_drawing import DrawnPage, PageDrawer, PageWish, Render
from ui.passage_text import PassageText
from ui.tasks import call
from ui.theme import IconButton

SHARP_ENOUGH = 0.97  # picture pixels per screen pixel; below it letters blur: the page is drawn again
LARGE_ENOUGH = 1.1  # the same; above it the picture is larger than it need be, and its letters blur too
WIDEST_PICTURE = 4000  # pixels; a wider one costs more memory than it shows
MOST_FOUND = 1000  # places of words in a document
REDRAW_MS = 150  # after the last change of size

CHANGED = text("The file has changed since it was read for this answer.")

Places = Callable[[Path], Sequence[PlaceText]]
_TOLD = frozenset({".hwp", ".hwpx", ".hwt"})  # their pages are known, and cannot be drawn


@dataclass(frozen=True)
class Spot:
    """What is shown: a place of a document, and the span of the place's text to mark (code points)."""

    path: Path
    place: Place
    start: int = 0
    end: int = 0

    @property
    def has_picture(self) -> bool:
        """Whether the page can be drawn."""
        # A PDF is known by what it holds, whatever its name; pages of HWP files are told, not drawn.
        return self.place.kind is PlaceKind.PAGE and self.path.suffix.lower() not in _TOLD


class PageView(QWidget):
    """Shows where a passage stands.

    `render(path, page, scale, start, end)` draws a page of a PDF (page from 1, scale in pixels a
    point) and `places(path)` returns a document's stored text; both are called on a thread and raise
    MaruError. `open_file` opens a local file in its own program and returns whether that went well.
    `changed` says, on a thread, whether a file is no longer what a passage was read from: then nothing
    is marked in it, and the passage is shown as it was read.
    """

    closed = Signal()  # back to the sources: Esc or the button

    def __init__(
        self,
        render: Render,
        places: Places,
        open_file: Callable[[QUrl], bool] = QDesktopServices.openUrl,
        changed: Callable[[Passage], bool] = lambda _passage: False,
    ) -> None:
        super().__init__()
        self._render, self._places, self._open_file = render, places, open_file
        self._changed = changed
        self._as_read: Passage | None = None  # whose file was looked at and is what it was
        self._home: Spot | None = None  # where the citation is
        self._spot: Spot | None = None  # what is shown: the citation's page or one before or after it
        self._passage: Passage | None = None
        self._quote = ""
        self._texts: tuple[PlaceText, ...] = ()
        self._drawn: DrawnPage | None = None
        self._scroll_to_marks = False
        self.drawer = PageDrawer(self._draw_as_read, self)
        self.drawer.drawn.connect(self._show_page)
        self.drawer.failed.connect(self._no_picture)
        self.drawer.slow.connect(self._tell_slow)
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(REDRAW_MS)
        self._redraw.timeout.connect(self._draw)
        self._build_bar()
        self._build_body()
        self._arrange()

    def show_passage(self, passage: Passage, citation: Citation | None = None) -> None:
        """Show the passage's place; the citation's quote is marked, without one the whole passage."""
        start, end = passage.start, passage.end
        if citation is not None and citation.quote_start < citation.quote_end:
            start, end = citation.quote_start, citation.quote_end
        self._quote = citation.quote if citation and citation.quote else passage.text
        self._begin(Spot(Path(passage.document), passage.place, start, end), passage)

    def show_document(self, path: Path) -> None:
        """Show a document from its beginning, nothing marked."""
        self._quote = ""
        kind = PlaceKind.PAGE if path.suffix.lower() == ".pdf" else PlaceKind.SECTION
        self._begin(Spot(path, Place(kind, 0, 1 if kind is PlaceKind.PAGE else None)), None)

    # --- building

    def _build_bar(self) -> None:
        self.back_button = IconButton("left", tr("Back to the sources"))
        self.back_button.clicked.connect(self.closed)
        self.name = ElidedLabel("", "heading", Qt.TextElideMode.ElideMiddle)
        self.place = ElidedLabel("", "small")
        self.previous_button = IconButton("up", tr("Previous page"))
        self.next_button = IconButton("down", tr("Next page"))
        self.smaller_button = IconButton("zoom-out", tr("Smaller"))
        self.larger_button = IconButton("zoom-in", tr("Larger"))
        self.fit_button = button(tr("Fit width"), "quiet")
        self.find_button = IconButton("search", tr("Find in this document"))
        self.find_bar = FindBar(tr("Find in this document"), self._find, self._show)
        self.find_button.clicked.connect(self.find_bar.open_bar)
        self.find_bar.closed.connect(self.find_button.setFocus)
        self.previous_button.clicked.connect(lambda: self._step(-1))
        self.next_button.clicked.connect(lambda: self._step(1))
        self.smaller_button.clicked.connect(lambda: self._zoom(1 / ZOOM_STEP))
        self.larger_button.clicked.connect(lambda: self._zoom(ZOOM_STEP))

    def _build_body(self) -> None:
        self.note, self.waiting = Note(), label("", "small")
        self.page, self.words = PageScroller(), PassageText()
        self.page.setAccessibleName(tr("Page"))
        self.page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.page.scale_changed.connect(lambda _scale: self._redraw.start())
        self.fit_button.clicked.connect(self.page.fit_width)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.page)
        self.stack.addWidget(self.words)
        self.copy_button = button(tr("Copy quote"), "", "copy")
        self.copy_button.clicked.connect(self._copy)
        self.open_button = button(tr("Open file"), "", "open")
        self.open_button.setToolTip(tr("Open it in the default program"))
        self.open_button.clicked.connect(self._open)

    def _arrange(self) -> None:
        names = column(gap=0)
        names.addWidget(self.name)
        names.addWidget(self.place)
        top = row(self.back_button, names, gap=theme.SPACE_1)
        top.setStretch(1, 1)
        steps = (self.previous_button, self.next_button)
        zooms = (self.smaller_button, self.larger_button, self.fit_button)
        lines = column(theme.SPACE_3, theme.SPACE_2, theme.SPACE_3, theme.SPACE_3)
        lines.addLayout(top)
        lines.addLayout(row(*steps, self.find_button, 1, *zooms, gap=theme.SPACE_1))
        lines.addWidget(self.find_bar)
        lines.addWidget(self.note)
        lines.addWidget(self.waiting)
        lines.addWidget(self.stack, 1)
        lines.addWidget(Beside(self.copy_button, self.open_button))
        self.note.hide()
        self.waiting.hide()
        self.setLayout(lines)

    # --- showing

    def _begin(self, spot: Spot, passage: Passage | None) -> None:
        self._home, self._passage = spot, passage
        self.copy_button.setEnabled(bool(self._quote))
        self._texts = ()
        self.open_button.setEnabled(passage is None)  # what a receipt names may be any file: see _take_texts
        if not self.find_bar.isHidden():
            self.find_bar.close_bar()
        self._show(spot)
        self._fetch_texts(spot.path)

    def _show(self, spot: Spot) -> None:
        self._spot, self._scroll_to_marks = spot, True
        self.note.hide()
        self.drawer.forget()
        self.fit_button.setVisible(spot.has_picture)
        if spot.has_picture:
            self.stack.setCurrentWidget(self.page)
            self._draw()
        else:
            self._show_text()
        self._name_place()

    def _name_place(self) -> None:
        spot, pages = self._spot, len(self._texts)
        if spot is None:
            return
        self.name.set_words(spot.path.name)
        place = spot.place.shown()
        paged = pages > 1 and spot.place.page is not None and spot.place.kind is not PlaceKind.SECTION
        self.place.set_words(tr("{place} of {pages}", place=place, pages=pages) if paged else place)
        self.previous_button.setEnabled(self._place_at(spot.place.ordinal - 1) is not None)
        self.next_button.setEnabled(self._place_at(spot.place.ordinal + 1) is not None)

    def _place_at(self, ordinal: int) -> Place | None:
        return next((t.place for t in self._texts if t.place.ordinal == ordinal), None)

    def _step(self, by: int) -> None:
        if self._spot is None or self._home is None:
            return
        place = self._place_at(self._spot.place.ordinal + by)
        if place is not None:
            self._show(self._home if place == self._home.place else Spot(self._spot.path, place))

    # --- the page's picture

    def _draw(self) -> None:
        spot = self._spot
        if spot is None or not spot.has_picture or self.stack.currentWidget() is not self.page:
            return
        page = spot.place.page or spot.place.ordinal + 1
        widest = WIDEST_PICTURE / self.page.canvas.width_in_points
        scale = min(self.page.scale() * self.devicePixelRatioF(), widest)
        wish = PageWish(spot.path, page, spot.start, spot.end, scale)
        if self._drawn is not None and _sharp_enough(self._drawn.wish, wish):
            self._show_page(self._drawn)
        else:
            self.drawer.draw(wish)

    def _draw_as_read(self, path: Path, page: int, scale: float, start: int, end: int) -> PagePicture:
        """Draw a page, on a thread; where a citation is, only of the file that it cites."""
        home, passage = self._home, self._passage
        cited = home is not None and (home.path, home.start, home.end) == (path, start, end)
        if passage is not None and cited and passage is not self._as_read:
            if self._changed(passage) and path.is_file():  # asked first: it looks at no foreign file
                raise DocumentError(CHANGED)
            self._as_read = passage
        return self._render(path, page, scale, start, end)

    def _show_page(self, drawn: DrawnPage) -> None:
        self._drawn = drawn
        self.page.show_page(drawn.image, drawn.picture.width, drawn.picture.height, drawn.picture.rectangles)
        if self._scroll_to_marks:
            self._scroll_to_marks = False
            self.page.show_marks()
        if drawn.wish.start < drawn.wish.end and not drawn.picture.rectangles:
            self.note.say(tr("The passage is on this page; its exact place in the picture is not known."))
            self.note.show()

    def _no_picture(self, error: MaruError) -> None:
        self._show_text()
        self.note.say(str(error), "warning")
        self.note.show()

    def _tell_slow(self, slow: bool) -> None:
        self.waiting.setText(tr("Drawing the page…"))
        self.waiting.setVisible(slow)

    # --- the place's text

    def _fetch_texts(self, path: Path) -> None:
        task = call(lambda: (path, tuple(self._places(path))))
        task.finished.connect(self._take_texts)
        task.failed.connect(self._no_texts)
        task.start()

    def _take_texts(self, found: tuple[Path, tuple[PlaceText, ...]]) -> None:
        path, texts = found
        if self._spot is None or path != self._spot.path:
            return
        self._texts = texts
        self.open_button.setEnabled(self._passage is None or bool(texts))
        if texts and self._passage is None and self._home == self._spot:
            self._home = self._spot = replace(self._spot, place=texts[0].place)
        if self.stack.currentWidget() is self.words:
            self._show_text()
        self._name_place()

    def _no_texts(self, error: MaruError) -> None:
        if self._spot is not None and not self._spot.has_picture:
            self.note.say(str(error), "warning")
            self.note.show()

    def _show_text(self) -> None:
        spot = self._spot
        if spot is None:
            return
        self.stack.setCurrentWidget(self.words)
        whole = next((t.text for t in self._texts if t.place.ordinal == spot.place.ordinal), None)
        cited = self._passage if spot == self._home else None
        if whole is not None and (cited is None or _holds(whole, cited)):
            self.words.show_text(whole, spot.start, spot.end)
        elif cited is not None:
            self.words.show_text(cited.text, spot.start - cited.start, spot.end - cited.start)
            if self._texts:  # of the document as it is now
                self.note.say(str(CHANGED), "warning")
                self.note.show()
        else:
            self.words.show_text("", 0, 0)

    # --- finding

    def _find(self, words: str) -> list[Spot]:
        """Return where words stand in the document, with any space between them."""
        if self._spot is None or not words.split():
            return []
        wanted = re.compile(r"\s+".join(map(re.escape, words.split())), re.IGNORECASE)
        path = self._spot.path
        found = ((one.place, match) for one in self._texts for match in wanted.finditer(one.text))
        return [Spot(path, place, match.start(), match.end()) for place, match in islice(found, MOST_FOUND)]

    # --- acts

    def _zoom(self, factor: float) -> None:
        (self.page if self.stack.currentWidget() is self.page else self.words).zoom_by(factor)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._quote)

    def _open(self) -> None:
        """Open the file itself, which only this click may do: the user's own document, local, and there."""
        path = self._spot.path if self._spot else None
        if path is None:
            return
        if not path.is_file():
            self.note.say(tr("The file is no longer there. What Maru read of it is kept."), "warning")
            self.note.show()
        elif not self._open_file(QUrl.fromLocalFile(str(path))):
            self.note.say(tr("No program on this computer opens this kind of file."), "warning")
            self.note.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc goes back; + and - zoom, 0 fits the width, / finds; Ctrl with the page keys turns pages."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        acts: dict[tuple[int, bool], Callable[[], None]] = {
            (Qt.Key.Key_Escape, False): self.closed.emit,
            (Qt.Key.Key_Plus, False): lambda: self._zoom(ZOOM_STEP),
            (Qt.Key.Key_Minus, False): lambda: self._zoom(1 / ZOOM_STEP),
            (Qt.Key.Key_0, False): self.page.fit_width,
            (Qt.Key.Key_Slash, False): self.find_bar.open_bar,
            (Qt.Key.Key_PageUp, True): lambda: self._step(-1),
            (Qt.Key.Key_PageDown, True): lambda: self._step(1),
        }
        act = acts.get((event.key(), control))
        if act is None:
            super().keyPressEvent(event)
        else:
            act()


def _holds(whole: str, passage: Passage) -> bool:
    """Whether a place's text still has a passage where it was read, white space apart."""
    return whole[passage.start : passage.end].split() == passage.text.split()


def _sharp_enough(drawn: PageWish, wished: PageWish) -> bool:
    """Whether a picture serves a wish: the same page, neither blurred nor needlessly large."""
    return wished.same_page(drawn) and SHARP_ENOUGH <= drawn.scale / wished.scale <= LARGE_ENOUGH
