# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from assistant.passages import Citation, Passage, Passages, Place, PlaceKind
from ui.elements import Note
from ui.sources_panel import SourcesPanel, marked, place_words

WORDS = "Rent. The monthly rent is 850 euros & <b>due</b> on the first. " * 8
LEASE = Passage("/home/ann/lease.pdf", Place(PlaceKind.PAGE, 3, 4), 100, 100 + len(WORDS), WORDS, "4 Rent")
SHEET = Passage("/home/ann/비용.xlsx", Place(PlaceKind.SHEET, 0, None, "비용 A1:B9"), 0, 9, "월세 850 유로")


def cite(n: int, passage: Passage, quote: str) -> Citation:
    start = passage.start + passage.text.index(quote)
    return Citation(n, 0, 9, passage, quote, start, start + len(quote), 0.9)


def opened(qtbot: QtBot, panel: SourcesPanel) -> SourcesPanel:
    qtbot.addWidget(panel)
    panel.resize(380, 600)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def notes(panel: SourcesPanel) -> list[str]:
    found = panel.column.widget().findChildren(Note)
    return [note.words() for note in found if note.isVisibleTo(panel)]


def test_without_an_answer_the_panel_says_what_it_is_for(qtbot: QtBot) -> None:
    panel = opened(qtbot, SourcesPanel())
    assert panel.stack.currentWidget() is panel.empty


def test_cited_passages_stand_first_and_keep_their_numbers(qtbot: QtBot) -> None:
    panel = opened(qtbot, SourcesPanel())
    panel.show_sources(Passages((LEASE, SHEET), True), [cite(2, SHEET, "850")])
    assert [card.n for card in panel.cards] == [2, 1]
    assert panel.cards[0].accessibleName() == "Source 2: 비용.xlsx, 비용 A1:B9"
    assert notes(panel) == []


def test_click_and_enter_open_the_passage_with_its_citation(qtbot: QtBot) -> None:
    panel = opened(qtbot, SourcesPanel())
    citation = cite(1, LEASE, "The monthly rent is 850 euros")
    panel.show_sources(Passages((LEASE, SHEET), True), [citation])
    with qtbot.waitSignal(panel.passage_activated) as shown:
        qtbot.mouseClick(panel.cards[0], Qt.MouseButton.LeftButton)
    assert shown.args == [LEASE, citation]
    with qtbot.waitSignal(panel.passage_activated) as shown:
        qtbot.keyClick(panel.cards[1], Qt.Key.Key_Return)
    assert shown.args == [SHEET, None]


def test_nearest_passages_and_a_search_by_words_alone_are_told(qtbot: QtBot) -> None:
    panel = opened(qtbot, SourcesPanel())
    panel.show_sources(Passages((LEASE,), supported=False, vectors_used=False))
    told = " ".join(notes(panel))
    assert "Your documents do not say" in told
    assert "words alone" in told


@pytest.mark.parametrize(
    ("vectors_used", "told"), [(False, "Text only"), (True, "takes longer and finds the same")]
)
def test_an_index_that_is_being_made_again_is_told(qtbot: QtBot, vectors_used: bool, told: str) -> None:
    panel = opened(qtbot, SourcesPanel())
    panel.show_sources(Passages((LEASE,), supported=True, vectors_used=vectors_used, rebuilding=True))
    assert told in " ".join(notes(panel))


def test_a_file_that_changed_is_told_and_asked_about_off_the_gui_thread(qtbot: QtBot) -> None:
    asked: list[int] = []

    def changed(passage: Passage) -> bool:
        asked.append(threading.get_ident())
        return passage.document == SHEET.document

    panel = opened(qtbot, SourcesPanel(changed))
    panel.show_sources(Passages((LEASE, SHEET), True), [cite(1, LEASE, "850")])
    qtbot.waitUntil(lambda: panel.cards[1].change.isVisibleTo(panel))
    assert not panel.cards[0].change.isVisibleTo(panel)
    assert threading.get_ident() not in asked


def test_a_documents_text_is_never_taken_for_html_and_the_quote_is_marked() -> None:
    quote = "due</b> on"
    start = LEASE.start + LEASE.text.index(quote)
    shown = marked(LEASE, [(start, start + len(quote))], "S")
    assert "<b>" not in shown
    assert '<span style="S">due&lt;/b&gt; on</span>' in shown
    assert shown.endswith(" …")


def test_an_excerpt_begins_near_a_quote_far_inside_the_passage() -> None:
    start = LEASE.start + 400
    shown = marked(LEASE, [(start, start + 20)], "S")
    assert shown.startswith("… ")
    assert '<span style="S">' in shown


def test_overlapping_and_foreign_spans_do_not_repeat_text() -> None:
    spans = [(100, 110), (105, 120), (5, 50), (9000, 9010)]
    shown = marked(LEASE, spans, "S").replace('<span style="S">', "").replace("</span>", "")
    assert shown.startswith("Rent. The monthly rent is 850 euros &amp; &lt;b&gt;due")


def test_text_that_was_read_from_a_picture_is_marked_as_such() -> None:
    assert place_words(LEASE) == "page 4 · 4 Rent"
    assert place_words(replace(LEASE, recognized=True)) == "page 4, read from a picture · 4 Rent"
    assert place_words(replace(SHEET, recognized=True)) == "비용 A1:B9, read from a picture"
