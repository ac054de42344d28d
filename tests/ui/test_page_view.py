# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QBuffer, QIODevice, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from assistant.documents.protocol import PagePicture, PlaceText, Rectangle
from assistant.errors import DocumentError, NotFoundError
from assistant.passages import Citation, Passage, Place, PlaceKind
from assistant.texts import text
from ui import theme
from ui.page_canvas import PageCanvas
from ui.page_view import PageView, Spot

WIDTH, HEIGHT = 600.0, 800.0
MARK = Rectangle(60, 400, 500, 412)
QUOTE = "월세는 850 euros 😀"
PAGES = [f"😀 page {n}\r\nThe {QUOTE} is due.\n" + "line\n" * 90 for n in range(1, 8)]


def page(n: int) -> Place:
    return Place(PlaceKind.PAGE, n - 1, n)


def passage(path: Path, place: Place) -> tuple[Passage, Citation]:
    start = PAGES[0].index(QUOTE)
    found = Passage(str(path), place, 9, 60, PAGES[place.ordinal][9:60])
    return found, Citation(1, 0, 5, found, QUOTE, start, start + len(QUOTE), 0.9)


class Renderer:
    """Draws white pages and remembers what was asked, and on which thread."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, float, int, int]] = []
        self.threads: set[int] = set()
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, path: Path, page: int, scale: float, start: int, end: int) -> PagePicture:
        self.threads.add(threading.get_ident())
        self.asked.append((page, scale, start, end))
        assert self.gate.wait(10)
        image = QImage(round(WIDTH * scale), round(HEIGHT * scale), QImage.Format.Format_RGB32)
        image.fill(QColor("white"))
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")
        marks = (MARK,) if start < end else ()
        return PagePicture(bytes(buffer.data().data()), WIDTH, HEIGHT, marks)


def places(_path: Path) -> list[PlaceText]:
    return [PlaceText(page(n), PAGES[n - 1]) for n in range(1, 8)]


def refuse(*_given: object) -> PagePicture:
    raise DocumentError(text("The file is no longer there."), text("Add it again."))


def opened(qtbot: QtBot, view: PageView) -> PageView:
    qtbot.addWidget(view)
    view.resize(400, 600)
    with qtbot.waitExposed(view):
        view.show()
    return view


def ready(qtbot: QtBot, view: PageView) -> None:
    """Wait until the page is drawn at its last size and the texts are there."""
    qtbot.waitUntil(lambda: "of 7" in view.place.words() and bool(view.page.canvas.marks()))


def test_a_citation_shows_file_place_and_the_page_with_the_passage_in_sight(qtbot: QtBot) -> None:
    draw = Renderer()
    view = opened(qtbot, PageView(draw, places))
    found, citation = passage(Path("/home/ann/lease.pdf"), page(4))
    view.show_passage(found, citation)
    ready(qtbot, view)
    assert view.name.words() == "lease.pdf"
    assert view.place.words() == "page 4 of 7"
    assert draw.asked[0][0] == 4
    assert draw.asked[0][2:] == (citation.quote_start, citation.quote_end)
    mark = view.page.canvas.marks()[0]
    assert view.page.canvas.visibleRegion().contains(mark.center().toPoint())


def test_pages_are_never_drawn_in_the_gui_thread(qtbot: QtBot) -> None:
    draw = Renderer()
    view = opened(qtbot, PageView(draw, places))
    view.show_passage(*passage(Path("/home/ann/lease.pdf"), page(4)))
    ready(qtbot, view)
    assert threading.get_ident() not in draw.threads


def test_the_mark_lets_black_letters_stay_black(qtbot: QtBot) -> None:
    view = opened(qtbot, PageView(Renderer(), places))
    view.show_passage(*passage(Path("/home/ann/lease.pdf"), page(4)))
    ready(qtbot, view)
    picture = view.page.canvas.grab().toImage()
    centre = view.page.canvas.marks()[0].center() * picture.devicePixelRatio()
    marked, plain = picture.pixelColor(centre.toPoint()), picture.pixelColor(3, 3)
    assert plain == QColor("white")
    assert marked.blue() < plain.blue()
    assert marked.red() == 255


def test_pages_are_turned_by_keys_and_the_mark_comes_back(qtbot: QtBot) -> None:
    draw = Renderer()
    view = opened(qtbot, PageView(draw, places))
    view.show_passage(*passage(Path("/home/ann/lease.pdf"), page(4)))
    ready(qtbot, view)
    qtbot.keyClick(view, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert view.place.words() == "page 5 of 7"
    qtbot.waitUntil(lambda: not view.page.canvas.marks())
    assert draw.asked[-1][0] == 5
    qtbot.mouseClick(view.previous_button, Qt.MouseButton.LeftButton)
    ready(qtbot, view)
    assert view.place.words() == "page 4 of 7"


def test_only_the_latest_of_many_wishes_is_drawn(qtbot: QtBot) -> None:
    draw = Renderer()
    view = opened(qtbot, PageView(draw, places))
    view.show_passage(*passage(Path("/home/ann/lease.pdf"), page(1)))
    ready(qtbot, view)
    draw.asked.clear()
    draw.gate.clear()
    for _ in range(6):
        qtbot.mouseClick(view.next_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(view.waiting.isVisible)
    draw.gate.set()
    qtbot.waitUntil(lambda: view.waiting.isHidden() and draw.asked[-1][0] == 7)
    assert [asked[0] for asked in draw.asked[:2]] == [2, 7]


def test_zoom_by_keys_and_fit_width(qtbot: QtBot) -> None:
    view = opened(qtbot, PageView(Renderer(), places))
    view.show_passage(*passage(Path("/home/ann/lease.pdf"), page(4)))
    ready(qtbot, view)
    before = view.page.canvas.width()
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.page.canvas.width() > before
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    qtbot.mouseClick(view.fit_button, Qt.MouseButton.LeftButton)
    assert abs(view.page.canvas.width() - view.page.viewport().width()) <= 1


def test_a_page_that_cannot_be_drawn_shows_the_reason_and_the_text(qtbot: QtBot) -> None:
    view = opened(qtbot, PageView(refuse, places))
    view.show_passage(*passage(Path("/home/ann/lease.pdf"), page(4)))
    qtbot.waitUntil(lambda: view.stack.currentWidget() is view.words)
    assert view.note.words() == "The file is no longer there. Add it again."
    qtbot.waitUntil(lambda: view.words.toPlainText().startswith("😀 page 4"))
    assert view.words.marked_text() == QUOTE


def test_a_text_is_shown_whole_with_the_quote_marked_at_the_right_letters(qtbot: QtBot) -> None:
    section = Place(PlaceKind.SECTION, 0, None, "4 > Rent")
    view = opened(qtbot, PageView(refuse, lambda _path: [PlaceText(section, PAGES[0])]))
    found, citation = passage(Path("/home/ann/lease.md"), section)
    view.show_passage(found, citation)
    assert view.words.marked_text() == QUOTE, "the passage itself is shown at once"
    qtbot.waitUntil(lambda: view.words.toPlainText().startswith("😀"))
    assert view.words.marked_text() == QUOTE
    assert view.place.words() == "4 > Rent"
    assert view.fit_button.isHidden()


def test_stored_text_that_is_not_to_be_had_leaves_the_passage(qtbot: QtBot) -> None:
    view = opened(qtbot, PageView(refuse, refuse))  # type: ignore[arg-type]
    section = Place(PlaceKind.SECTION, 0, None, "Rent")
    view.show_passage(*passage(Path("/home/ann/lease.md"), section))
    qtbot.waitUntil(view.note.isVisible)
    assert view.words.marked_text() == QUOTE


def test_a_document_is_shown_from_its_first_page(qtbot: QtBot) -> None:
    draw = Renderer()
    view = opened(qtbot, PageView(draw, places))
    view.show_document(Path("/home/ann/lease.pdf"))
    qtbot.waitUntil(lambda: view.place.words() == "page 1 of 7")
    assert not view.copy_button.isEnabled()
    qtbot.waitUntil(lambda: bool(draw.asked))


def test_copy_puts_the_quote_on_the_clipboard(qtbot: QtBot) -> None:
    view = opened(qtbot, PageView(Renderer(), places))
    view.show_passage(*passage(Path("/home/ann/lease.pdf"), page(4)))
    qtbot.mouseClick(view.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == QUOTE
    ready(qtbot, view)


def test_open_hands_over_only_a_local_file_that_is_there(qtbot: QtBot, tmp_path: Path) -> None:
    given: list[QUrl] = []

    def take(url: QUrl) -> bool:
        given.append(url)
        return len(given) == 1

    file = tmp_path / "lease.pdf"
    view = opened(qtbot, PageView(Renderer(), places, take))
    view.show_passage(*passage(file, page(4)))
    ready(qtbot, view)
    qtbot.mouseClick(view.open_button, Qt.MouseButton.LeftButton)
    assert given == []
    assert "no longer there" in view.note.words()
    file.write_bytes(b"%PDF-")
    qtbot.mouseClick(view.open_button, Qt.MouseButton.LeftButton)
    assert given == [QUrl.fromLocalFile(str(file))]
    qtbot.mouseClick(view.open_button, Qt.MouseButton.LeftButton)
    assert "No program" in view.note.words()


def test_a_file_that_is_none_of_your_documents_is_not_opened(qtbot: QtBot, tmp_path: Path) -> None:
    given: list[QUrl] = []
    foreign = NotFoundError(text("evil.pdf is not among your documents."), text("Add it first."))

    def refuse_foreign(path: Path, *_given: object) -> Any:
        if path.name == "evil.pdf":
            raise foreign
        return places(path)

    view = opened(qtbot, PageView(refuse_foreign, refuse_foreign, lambda url: bool(given.append(url))))
    (tmp_path / "evil.pdf").write_bytes(b"%PDF-")
    for place in (page(4), Place(PlaceKind.SECTION, 0)):
        view.show_passage(*passage(tmp_path / "evil.pdf", place))
        qtbot.waitUntil(lambda: view.note.isVisible() and "not among your documents" in view.note.words())
        qtbot.mouseClick(view.open_button, Qt.MouseButton.LeftButton)
        assert not view.open_button.isEnabled()
    assert given == []
    view.show_passage(*passage(tmp_path / "lease.txt", Place(PlaceKind.SECTION, 0)))
    qtbot.waitUntil(view.open_button.isEnabled)
    view.show_document(tmp_path / "evil.pdf")
    assert view.open_button.isEnabled()  # it was chosen from the list of documents


def test_escape_goes_back(qtbot: QtBot) -> None:
    view = opened(qtbot, PageView(Renderer(), places))
    with qtbot.waitSignal(view.closed):
        qtbot.keyClick(view, Qt.Key.Key_Escape)


def test_words_are_found_in_all_pages_and_each_place_is_shown_and_marked(qtbot: QtBot) -> None:
    draw = Renderer()
    view = opened(qtbot, PageView(draw, places))
    found, citation = passage(Path("/home/ann/lease.pdf"), page(1))
    view.show_passage(found, citation)
    ready(qtbot, view)
    view.find_button.click()
    assert view.find_bar.isVisibleTo(view)
    qtbot.keyClicks(view.find_bar.field, "page  4")  # any space between words
    qtbot.keyClick(view.find_bar.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: view.place.words() == "page 4 of 7")
    start = PAGES[3].index("page 4")
    qtbot.waitUntil(lambda: draw.asked[-1][0] == 4 and draw.asked[-1][2:] == (start, start + 6))
    view.find_bar.field.setText("EUROS")
    qtbot.keyClick(view.find_bar.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: view.find_bar.count.text() == "1 of 7")
    qtbot.keyClick(view.find_bar.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: view.place.words() == "page 2 of 7")
    qtbot.keyClick(view.find_bar.field, Qt.Key.Key_Escape)
    assert not view.find_bar.isVisibleTo(view)


def test_words_that_stand_nowhere_are_told_and_another_document_closes_the_bar(qtbot: QtBot) -> None:
    view = opened(qtbot, PageView(Renderer(), places))
    found, citation = passage(Path("/home/ann/lease.pdf"), page(1))
    view.show_passage(found, citation)
    ready(qtbot, view)
    qtbot.keyClick(view, Qt.Key.Key_Slash)
    view.find_bar.field.setText("(giraffe")
    qtbot.waitUntil(lambda: view.find_bar.count.text() == "not found")
    view.show_document(Path("/home/ann/other.pdf"))
    assert not view.find_bar.isVisibleTo(view)


@pytest.mark.parametrize(("lines", "beside", "under"), [(1, False, True), (2, True, False)])
def test_a_word_is_underlined_and_lines_have_a_bar_in_the_margin(
    qtbot: QtBot, lines: int, beside: bool, under: bool
) -> None:
    canvas = PageCanvas()
    qtbot.addWidget(canvas)
    white = QImage(200, 200, QImage.Format.Format_RGB32)
    white.fill(QColor("white"))
    marks = [Rectangle(50, 50 + 20 * at, 90, 62 + 20 * at) for at in range(lines)]
    canvas.show_page(white, 200, 200, marks)
    picture, accent = canvas.grab().toImage(), QColor(theme.LIGHT.accent)
    assert (picture.pixelColor(42, 56) == accent) is beside
    assert (picture.pixelColor(70, 64) == accent) is under


def test_of_a_file_that_has_changed_nothing_is_marked_and_the_passage_is_shown_as_it_was_read(
    qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "lease.pdf"
    path.write_bytes(b"another lease")
    draw = Renderer()
    view = opened(qtbot, PageView(draw, places, changed=lambda _passage: True))
    found, citation = passage(path, page(4))
    view.show_passage(found, citation)
    qtbot.waitUntil(lambda: "The file has changed" in view.note.words())
    assert view.stack.currentWidget() is view.words
    assert view.words.marked_text() == QUOTE
    assert not draw.asked, "no page of the new file passes for the one that is cited"
    qtbot.waitUntil(view.next_button.isEnabled)
    qtbot.mouseClick(view.next_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(draw.asked))
    assert draw.asked[-1][2:] == (0, 0)


def test_a_text_that_was_read_anew_is_not_marked_where_the_passage_was(qtbot: QtBot) -> None:
    section = Place(PlaceKind.SECTION, 0, None, "4 > Rent")
    view = opened(qtbot, PageView(refuse, lambda _path: [PlaceText(section, "New: " + PAGES[0])]))
    view.show_passage(*passage(Path("/home/ann/lease.md"), section))
    qtbot.waitUntil(lambda: "The file has changed" in view.note.words())
    assert view.words.marked_text() == QUOTE
    assert not view.words.toPlainText().startswith("New")


def test_letters_are_drawn_again_as_large_as_they_are_shown(qtbot: QtBot) -> None:
    draw = Renderer()
    view = opened(qtbot, PageView(draw, places))
    view.show_passage(*passage(Path("/home/ann/lease.pdf"), page(4)))
    ready(qtbot, view)
    view.page.fit_width()
    for wider in (1.1, 0.9):
        view.resize(round(view.width() * wider), view.height())
        qtbot.waitUntil(lambda: draw.asked[-1][1] == view.page.scale() * view.devicePixelRatioF())


def test_a_pdf_is_drawn_whatever_its_name_and_a_page_of_hwp_is_not() -> None:
    for name, drawn in (("lease.pdf", True), ("lease", True), ("a.txt", True), ("a.hwp", False)):
        assert Spot(Path(name), page(1)).has_picture is drawn
    assert not Spot(Path("lease.pdf"), Place(PlaceKind.SECTION, 0)).has_picture
