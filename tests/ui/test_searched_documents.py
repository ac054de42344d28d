# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ui.searched_documents import SearchedDocuments, counted

COUNTS = {"default": 3, "Contracts": 2, "논문": 4}


def made(qtbot: QtBot, **counts: int) -> SearchedDocuments:
    button = SearchedDocuments()
    qtbot.addWidget(button)
    button.show_collections(counts or COUNTS)
    button.show()
    return button


def entries(button: SearchedDocuments) -> dict[str, bool]:
    menu = button.menu_of_choices()
    return {action.text(): action.isChecked() for action in menu.actions() if action.text()}


def press(button: SearchedDocuments, words: str) -> None:
    menu = button.menu_of_choices()
    next(action for action in menu.actions() if action.text() == words).trigger()


def test_all_collections_are_searched_until_some_are_chosen(qtbot: QtBot) -> None:
    button = made(qtbot)
    assert button.text() == "Searching 9 documents"
    assert entries(button) == {
        "All documents (9)": True,
        "My documents (3)": False,
        "Contracts (2)": False,
        "논문 (4)": False,
        "None: the model alone": False,
    }
    chosen: list[object] = []
    button.chosen.connect(chosen.append)
    press(button, "Contracts (2)")
    assert button.text() == "Searching Contracts"
    press(button, "논문 (4)")
    assert button.text() == "Searching Contracts, 논문"
    assert chosen == [("Contracts",), ("Contracts", "논문")]
    press(button, "Contracts (2)")
    assert button.choice == ("논문",)


def test_a_document_that_is_read_whole_is_named_until_something_is_chosen(qtbot: QtBot) -> None:
    button = made(qtbot)
    button.choose(())
    button.read_whole((Path("/home/ann/lease.pdf"),))
    assert button.text() == "Reading lease.pdf whole"
    assert button.searches
    button.be_short(True)
    assert button.text() == "Whole"
    button.be_short(False)
    press(button, "Contracts (2)")
    assert (button.text(), button.whole) == ("Searching Contracts", ())
    button.read_whole((Path("/home/ann/lease.pdf"),))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (button.text(), button.whole) == ("Searching Contracts", ())


def test_choosing_every_collection_is_choosing_all(qtbot: QtBot) -> None:
    button = made(qtbot)
    for words in ("My documents (3)", "Contracts (2)", "논문 (4)"):
        press(button, words)
    assert button.choice is None
    assert button.text() == "Searching 9 documents"


def test_none_is_the_model_alone(qtbot: QtBot) -> None:
    button = made(qtbot)
    press(button, "None: the model alone")
    assert (button.choice, button.count, button.isChecked()) == ((), 0, False)
    assert button.text() == "Not searching your documents"
    button.be_short(True)
    assert button.text() == "Off"


def test_files_of_the_conversation_are_always_looked_at(qtbot: QtBot) -> None:
    button = made(qtbot)
    button.show_collections(COUNTS, here=2)
    assert button.text() == "Searching 9 documents and 2 of this conversation"
    press(button, "Only the 2 files of this conversation")
    assert (button.choice, button.count) == ((), 2)
    assert button.text() == "Searching 2 files of this conversation"


def test_one_collection_alone_is_switched_by_a_click_or_a_key(qtbot: QtBot) -> None:
    button = made(qtbot, default=1)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (button.choice, button.isChecked()) == ((), False)
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert (button.choice, button.isChecked()) == (None, True)


def test_without_documents_there_is_nothing_to_choose(qtbot: QtBot) -> None:
    button = made(qtbot)
    button.show_collections({})
    assert not button.isVisible()


def test_a_collection_that_has_gone_is_not_named(qtbot: QtBot) -> None:
    button = made(qtbot)
    button.choose(("Contracts", "gone"))
    assert button.text() == "Searching Contracts"
    assert button.count == 2


def test_documents_are_counted_by_collection_with_the_usual_one_first(qtbot: QtBot) -> None:
    rows = [("b", True), ("A", True), ("default", True), ("b", False)]
    assert list(counted(rows).items()) == [("default", 1), ("A", 1), ("b", 1)]
