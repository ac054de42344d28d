# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from assistant.conversations import Conversation, SearchHit
from ui.conversation_list import ConversationList, day_name

NOW = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)


def conversation(number: int, title: str, days_ago: float = 0) -> Conversation:
    moment = (NOW - timedelta(days=days_ago)).timestamp()
    return Conversation(number, title, moment, moment)


@pytest.fixture
def panel(qtbot: QtBot) -> ConversationList:
    made = ConversationList(now=lambda: NOW)
    qtbot.addWidget(made)
    made.resize(260, 600)
    with qtbot.waitExposed(made):
        made.show()
    made.show_conversations(
        [conversation(3, "Rent", 0), conversation(2, "임대차 계약", 1), conversation(1, "Old", 20)], 2
    )
    return made


def rows(panel: ConversationList) -> list[str]:
    model = panel.list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def place(panel: ConversationList, title: str) -> QPoint:
    index = panel.list.model().index(rows(panel).index(title), 0)
    return panel.list.visualRect(index).center()


def test_conversations_stand_under_their_day(panel: ConversationList) -> None:
    assert rows(panel) == ["Today", "Rent", "Yesterday", "임대차 계약", "This month", "Old"]
    assert panel.list.currentIndex().data() == "임대차 계약"


@pytest.mark.parametrize(
    ("days", "name"), [(0, "Today"), (1, "Yesterday"), (3, "This week"), (20, "This month"), (90, "2025-12")]
)
def test_days_have_names(days: int, name: str) -> None:
    assert day_name((NOW - timedelta(days=days)).timestamp(), NOW) == name


def test_a_click_opens_a_conversation(panel: ConversationList, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.chosen) as chosen:
        qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place(panel, "Rent"))
    assert chosen.args == [3]


def test_keys_open_and_delete(panel: ConversationList, qtbot: QtBot) -> None:
    panel.list.setFocus()
    with qtbot.waitSignal(panel.chosen) as chosen:
        qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    assert chosen.args == [2]
    with qtbot.waitSignal(panel.delete_wanted) as deleted:
        qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    assert deleted.args == [2, "임대차 계약"]


def test_a_conversation_is_renamed_in_place(panel: ConversationList, qtbot: QtBot) -> None:
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_F2)
    editor = panel.list.findChild(QLineEdit)
    editor.selectAll()
    qtbot.keyClicks(editor, "Lease")
    with qtbot.waitSignal(panel.rename_wanted) as renamed:
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert renamed.args == [2, "Lease"]


def test_a_new_list_does_not_take_the_title_out_of_ones_hands(panel: ConversationList, qtbot: QtBot) -> None:
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_F2)
    panel.show_conversations([conversation(2, "임대차 계약", 1)], 2)
    assert panel.list.findChild(QLineEdit).isVisible()


def test_an_empty_name_changes_nothing(panel: ConversationList, qtbot: QtBot) -> None:
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_F2)
    editor = panel.list.findChild(QLineEdit)
    editor.clear()
    with qtbot.assertNotEmitted(panel.rename_wanted):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert "임대차 계약" in rows(panel)


def test_a_deletion_can_be_undone(panel: ConversationList, qtbot: QtBot) -> None:
    panel.show_deleted(2, "임대차 계약")
    assert panel.undo.words() == "Deleted “임대차 계약”."
    qtbot.waitUntil(lambda: panel.undo.button.width() > 0)
    with qtbot.waitSignal(panel.undo_wanted) as undone:
        qtbot.mouseClick(panel.undo.button, Qt.MouseButton.LeftButton)
    assert undone.args == [2]
    assert panel.undo.isHidden()


def test_the_offer_to_undo_ends(panel: ConversationList, qtbot: QtBot) -> None:
    panel._forget.setInterval(20)
    panel.show_deleted(2, "Rent")
    assert panel.undo.isVisible()
    qtbot.waitUntil(panel.undo.isHidden)


def test_a_search_shows_what_was_found_and_opens_the_message(panel: ConversationList, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.search_wanted) as wanted:
        panel.field.insert("월세")
    assert wanted.args == ["월세"]
    panel.show_hits("월세", [SearchHit(1, "Old", 17, "월세는 85만 원")])
    assert rows(panel) == ["Old"]
    with qtbot.waitSignal(panel.hit_chosen) as chosen:
        qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place(panel, "Old"))
    assert chosen.args == [1, 17]
    panel.field.clear()
    qtbot.waitUntil(lambda: len(rows(panel)) == 6)


def test_what_was_found_for_other_words_is_dropped(panel: ConversationList, qtbot: QtBot) -> None:
    qtbot.keyClicks(panel.field, "rent")
    panel.show_hits("ren", [SearchHit(1, "Old", 17, "…")])
    assert len(rows(panel)) == 6


def test_nothing_found_is_said(panel: ConversationList, qtbot: QtBot) -> None:
    qtbot.keyClicks(panel.field, "zzz")
    panel.show_hits("zzz", [])
    assert panel._empty.isVisible()
    assert panel._empty.text() == "Nothing found for “zzz”."
