# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from assistant.documents.explaining import Explained, Meaning, NotUsed, Ranked, Why, WhyNot
from assistant.documents.protocol import DocumentRow
from assistant.messages import FinishReason
from assistant.passages import Elsewhere, Passage, Place, PlaceKind
from assistant.receipts import DocumentRead, Receipt
from tests.ui.fake_assistant import LEASE, FakeAssistant
from ui.elements import Note
from ui.main_window import MainWindow
from ui.search_panel import SearchPanel, scores

WORDS = "Rent. The monthly rent is 850 euros & <b>due</b> on the first; parents pay it."
RENT = Passage("/home/ann/lease.pdf", Place(PlaceKind.PAGE, 3, 4), 100, 100 + len(WORDS), WORDS, "4 Rent")
WHY = Why(0.82, 1, 0.64, 3, 0.5, 0.3, terms=("rent", "month"), missing=("deposit",))
LEASE_ROW = DocumentRow(Path("/home/ann/lease.pdf"), "default", 7, 23, "added")
SCAN_ROW = DocumentRow(Path("/home/ann/scan.pdf"), "default", 1, 0, "no_text", "It holds no text.")


def opened(qtbot: QtBot) -> SearchPanel:
    panel = SearchPanel()
    qtbot.addWidget(panel)
    panel.resize(380, 700)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def found(*ranked: Ranked, supported: bool = True, meaning: Meaning = Meaning.USED) -> Explained:
    return Explained("rent", ranked, supported, meaning)


def notes(panel: SearchPanel) -> str:
    inside = panel.column.widget().findChildren(Note)
    return " ".join(note.words() for note in inside if note.isVisibleTo(panel))


def test_enter_and_the_button_ask_for_the_words_in_the_field(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    asked: list[str] = []
    panel.wanted.connect(asked.append)
    qtbot.keyClicks(panel.field, "  rent ")
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    panel.find_button.click()
    panel.field.setText("   ")
    panel.find_button.click()
    assert asked == ["rent", "rent"]


def test_a_passage_shows_both_scores_and_the_words_that_stand_in_it(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.show_found(found(Ranked(1, RENT, WHY)))
    card = panel.cards[0]
    assert card.accessibleName() == "Passage 1: lease.pdf, page 4"
    assert "By words 82 %, number 1 · by meaning 64 %, number 3" in card.accessibleDescription()
    drawn = card.words.text()
    assert "&lt;b&gt;due&lt;/b&gt;" in drawn
    assert drawn.count("underline") == 3  # Rent, month(ly), rent: not the one in "parents"


def test_what_one_half_did_not_find_is_said(qtbot: QtBot) -> None:
    assert scores(Why(None, None, 0.4, 2, 0.0, 0.4)) == "Not found by words · by meaning 40 %, number 2"
    assert scores(Why(0.4, 2, None, None, 0.4, 0.0)) == "By words 40 %, number 2"
    assert scores(Why(0.4, 2, None, None, 0.4, 0.0, reranked=1.5)).endswith("reranked 1.50")


def test_the_same_text_elsewhere_is_named_once(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    other = Elsewhere("/home/ann/copy.pdf", RENT.place, 0, 5)
    twin = Passage(RENT.document, RENT.place, 0, 5, "Rent.", also=(other, other))
    panel.show_found(found(Ranked(1, twin, WHY)))
    words = [label.text() for label in panel.cards[0].findChildren(QLabel)]
    assert "The same text stands in copy.pdf." in words


def test_passages_too_far_for_an_answer_and_a_search_by_words_alone_are_told(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.show_found(found(Ranked(1, RENT, WHY), supported=False, meaning=Meaning.BLIND))
    assert "Maru would say that it does not know" in notes(panel)
    assert "cannot tell words of this language apart" in notes(panel)


@pytest.mark.parametrize(
    ("meaning", "told"),
    [(Meaning.COMPARED, "takes longer and finds the same"), (Meaning.TEXT_ONLY, "Text only")],
)
def test_an_index_that_is_being_made_again_is_told(qtbot: QtBot, meaning: Meaning, told: str) -> None:
    panel = opened(qtbot)
    panel.show_found(found(Ranked(1, RENT, WHY), meaning=meaning))
    assert told in notes(panel)


def test_nothing_found_helps(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.show_found(found())
    assert panel.stack.currentWidget() is panel.nothing


def test_a_card_opens_its_passage_by_click_and_enter(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.show_found(found(Ranked(1, RENT, WHY)))
    with qtbot.waitSignal(panel.passage_activated) as shown:
        qtbot.mouseClick(panel.cards[0], Qt.MouseButton.LeftButton)
    assert shown.args == [RENT]
    with qtbot.waitSignal(panel.passage_activated) as shown:
        qtbot.keyClick(panel.cards[0], Qt.Key.Key_Return)
    assert shown.args == [RENT]


def test_why_a_file_was_not_used_wants_words_and_a_file_that_is_known(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.show_documents([LEASE_ROW, SCAN_ROW])
    panel.file.setEditText("scan.pdf")
    assert not panel.why_button.isEnabled()  # no words yet
    panel.field.setText("rent")
    assert panel.why_button.isEnabled()
    with qtbot.waitSignal(panel.why_wanted) as asked:
        panel.why_button.click()
    assert asked.args == [SCAN_ROW.path]
    panel.file.setEditText("nobody.pdf")
    assert not panel.why_button.isEnabled()
    panel.show_why(WhyNot(NotUsed.NO_TEXT, SCAN_ROW.path, "perhaps a scan."))
    assert panel.answer.words() == "scan.pdf holds no text: perhaps a scan."


def test_without_words_the_panel_asks_for_them_first(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.show_documents([LEASE_ROW])
    with qtbot.assertNotEmitted(panel.why_wanted):
        panel.ask_why(LEASE_ROW.path)
    assert "Write above what you looked for" in panel.answer.words()
    assert panel.file.currentText() == "lease.pdf"


def test_the_window_searches_without_the_model(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    panel = window.on_demand.search
    window.on_demand.documents.search_wanted.emit()
    assert window.frame.side.page == "search"
    qtbot.keyClicks(panel.field, "rent")
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(panel.cards))
    assert panel.cards[0].passage == LEASE
    window.on_demand.documents.why_wanted.emit(LEASE_ROW.path)
    qtbot.waitUntil(lambda: panel.answer.isVisibleTo(panel))
    assert panel.answer.words() == "lease.pdf is not among the documents that were asked."
    assert not assistant.script.asked  # the model had no part in it


def test_the_files_of_the_open_conversation_are_searched_and_asked_about_too(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    panel, own = window.on_demand.search, Path("/home/ann/own.pdf")
    number = assistant.conversations.create("Mine").id
    assistant.library.rows = [LEASE_ROW]
    assistant.library.here = {number: [own]}
    window.answering.open(number)
    window.adding.refresh()
    names = ["own.pdf", "lease.pdf"]
    qtbot.waitUntil(lambda: [panel.file.itemText(at) for at in range(panel.file.count())] == names)
    listed = window.on_demand.documents.list.model()
    assert listed.rowCount() == 2, "it can be unlocked, tried again and removed like any other"
    panel.look_for("rent")
    qtbot.waitUntil(lambda: bool(assistant.library.searched))
    assert assistant.library.searched[-1] == ("rent", ("default", f"conversation:{number}"))
    qtbot.waitUntil(lambda: bool(panel.cards))
    window.answering.open(0)
    qtbot.waitUntil(lambda: [panel.file.itemText(at) for at in range(panel.file.count())] == names[1:])


def test_a_file_that_was_read_whole_for_the_answer_was_used(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    number = assistant.conversations.create("Mine").id
    asked = assistant.conversations.add_question(number, None, "Summarise the lease")
    begun = assistant.conversations.start_answer(number, asked.id)
    receipt = Receipt(whole=(DocumentRead(str(LEASE_ROW.path), 900),))
    stored = assistant.conversations.finish_answer(begun.id, "A lease.", FinishReason.STOP, receipt)
    window.answering.answered.emit(stored)
    window.on_demand.search_page.ask_about(LEASE_ROW.path)
    panel = window.on_demand.search
    assert panel.words == "Summarise the lease"
    used = WhyNot(NotUsed.USED, LEASE_ROW.path).sentence()
    qtbot.waitUntil(lambda: panel.answer.words() == used)
