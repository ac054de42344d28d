# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Personal data in the whole window: let through, allowed, what the model saw, the count, the settings."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QHelpEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QLabel, QToolTip
from pytestqt.qtbot import QtBot

from assistant.app_events import SnapshotFailed
from assistant.entities import Entity, EntityGroup, EntityType
from assistant.errors import BlockedError, DiskFullError
from assistant.messages import Role
from assistant.privacy.policy import OWN, STANDARD, STRICT, Action, Policy
from assistant.texts import text
from tests.ui.fake_assistant import FakeAssistant
from tests.ui.windows import answered, ask
from ui.answer_view import AnswerView
from ui.hidden_values import HiddenValues
from ui.link_question import LinkQuestion
from ui.main_window import MainWindow
from ui.privacy_page import PrivacyPage
from ui.prompt_view import PromptView
from ui.settings_dialog import SettingsDialog
from ui.turns import Turn

MAIL = "kim@example.co.kr"
HIDDEN = [
    ("[EMAIL_1]", EntityType.EMAIL, MAIL),
    ("[EMAIL_2]", EntityType.EMAIL, "lee@example.com"),
    ("[CARD_1]", EntityType.CARD, "4111 1111 1111 1111"),
]


def shown(qtbot: QtBot, widget: PromptView | HiddenValues | PrivacyPage, width: int = 380) -> None:
    qtbot.addWidget(widget)
    widget.resize(width, 600)
    with qtbot.waitExposed(widget):
        widget.show()


def go_to(view: PromptView, words: str) -> None:
    cursor = view.words.document().find(words)
    cursor.setPosition(cursor.selectionStart() + 1)
    view.words.setTextCursor(cursor)


def test_what_the_model_saw_tells_what_a_placeholder_stands_for(qtbot: QtBot) -> None:
    view = PromptView()
    shown(qtbot, view)
    view.show_prompt("😀 user: mail [EMAIL_1], [이메일_2] or [EMAIL_9]; [LITERAL_1] too", {"EMAIL": 2})
    view.show_values(HIDDEN)
    assert not view.meaning.isVisible()
    go_to(view, "[EMAIL_1]")
    assert view.meaning.text() == f"[EMAIL_1] stands for {MAIL}"
    go_to(view, "[이메일_2]")
    assert view.meaning.text() == "[이메일_2] stands for lee@example.com"
    go_to(view, "[LITERAL_1]")
    assert "look like a placeholder" in view.meaning.text()
    go_to(view, "[EMAIL_9]")
    assert not view.meaning.isVisible()
    place = view.words.cursorRect(view.words.document().find("EMAIL_1")).center()
    event = QHelpEvent(QHelpEvent.Type.ToolTip, place, view.words.viewport().mapToGlobal(place))
    QApplication.sendEvent(view.words.viewport(), event)
    assert QToolTip.text() == f"[EMAIL_1] stands for {MAIL}"
    QToolTip.hideText()
    view.clear()
    view.show_prompt("[EMAIL_1]", {})
    view.words.moveCursor(QTextCursor.MoveOperation.End)
    assert not view.meaning.isVisible()  # of another conversation nothing is known


def test_hidden_values_are_listed_by_kind(qtbot: QtBot) -> None:
    page = HiddenValues()
    shown(qtbot, page)
    page.show_values([])
    assert page.stack.currentIndex() == 0
    page.show_values(HIDDEN)
    assert page.count.text() == "3 values hidden in this conversation"
    last = page.findChildren(QLabel)[-1]
    qtbot.waitUntil(last.isVisible)
    words = [one.text() for one in page.findChildren(QLabel) if one.isVisible()]
    assert words.index("E-mail address") < words.index(MAIL) < words.index("Card number")
    assert "[CARD_1]" in words
    assert words.count("E-mail address") == 1


def test_an_invented_placeholder_is_marked_and_said(qtbot: QtBot) -> None:
    words = "Write to [EMAIL_7], please."
    view = AnswerView(Turn(Role.ASSISTANT, words, id=2, invented=((9, 18),)))
    qtbot.addWidget(view)
    view.resize(500, 200)
    view.fit(500)
    view.show()
    [text] = view.texts()
    assert text.toPlainText() == words
    cursor = text.document().find("EMAIL_7")
    assert cursor.charFormat().fontStrikeOut()
    assert not text.document().find("please").charFormat().fontStrikeOut()
    place = text.cursorRect(cursor).center() - QPoint(8, 0)
    event = QHelpEvent(QHelpEvent.Type.ToolTip, place, text.viewport().mapToGlobal(place))
    QApplication.sendEvent(text.viewport(), event)
    assert QToolTip.text() == "The model made this up: nothing of yours stands behind it."
    QToolTip.hideText()
    assert "made up 1 placeholder" in view._invented_legend.words()


def test_a_preset_is_chosen_by_keys_and_shows_what_it_does(qtbot: QtBot) -> None:
    page = PrivacyPage(Policy(OWN, STANDARD.actions))
    shown(qtbot, page, 600)
    page.show_policy(STANDARD)
    assert [name for name, card in page.cards.items() if card.isChecked()] == ["standard"]
    people = page.groups[EntityGroup.PEOPLE]
    assert people.all.currentText() == "Point it out"
    page.cards["strict"].setFocus()
    with qtbot.waitSignal(page.chosen, check_params_cb=lambda name, _actions: name == "strict"):
        qtbot.keyClick(page.cards["strict"], Qt.Key.Key_Return)
    assert [name for name, card in page.cards.items() if card.isChecked()] == ["strict"]
    assert [name for name, card in page.cards.items() if card._sign.isVisible()] == ["strict"]
    assert people.all.currentText() == "Hide it from the model"


def test_a_change_of_one_kind_makes_the_policy_ones_own(qtbot: QtBot) -> None:
    page = PrivacyPage(Policy(OWN, STANDARD.actions))
    shown(qtbot, page, 600)
    page.show_policy(STRICT)
    told: list[tuple[str, dict[EntityType, Action]]] = []
    page.chosen.connect(lambda name, actions: told.append((name, actions)))
    money = page.groups[EntityGroup.MONEY]
    money.fold.unfold()
    box = money.each[EntityType.CARD]
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_End)
    assert told[-1] == (OWN, {**STRICT.actions, EntityType.CARD: Action.BLOCK})
    assert page.cards[OWN].isChecked()
    assert money.all.currentText() == "Different ones"
    money.all.activated.emit(0)  # "Different ones" is no choice
    assert len(told) == 1
    page.cards["relaxed"].click()
    page.cards[OWN].click()
    assert told[-1][1][EntityType.CARD] is Action.BLOCK  # one's own comes back as it was left
    assert [each.text() for each in page.allowed.findChildren(QLabel)].count("There are none yet.") == 1


def test_what_is_let_through_reaches_the_core_and_the_count_its_list(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    field, strip = window.frame.composer.field, window.frame.composer.strip
    window.frame.composer.write(f"Write to {MAIL}")
    qtbot.waitUntil(strip.isVisible)
    qtbot.keyClick(window, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    [chip] = strip.chips()
    assert chip.accessibleName() == f"{MAIL}, E-mail address"
    strip.chosen.emit((EntityType.EMAIL, MAIL), Action.IGNORE)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    answered(window, qtbot)
    assert assistant.script.asked[0].let_through == {(EntityType.EMAIL, MAIL)}
    number = window.answering.conversation_id
    with assistant.privacy.hiding(number, "en") as hiding:
        hiding.masked([], ["lee@example.com and 4111 1111 1111 1111"])
    assert window.frame.header.hidden.isHidden()
    ask(window, "and now", qtbot)
    qtbot.waitUntil(lambda: window.frame.header.hidden.text() == "2 hidden")
    qtbot.mouseClick(window.frame.header.hidden, Qt.MouseButton.LeftButton)
    assert window.frame.side.page == "hidden"
    assert window.on_demand.hidden.count.text() == "2 values hidden in this conversation"
    answered(window, qtbot, 4)
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.frame.header.hidden.isHidden)


def test_what_is_hidden_although_it_is_only_pointed_out_reaches_the_core_also_where_it_waits(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    composer, key = window.frame.composer, (EntityType.IP, "203.0.113.7")
    assistant.script.waits = True
    for _ in range(2):
        composer.write("My server is 203.0.113.7")
        qtbot.waitUntil(composer.strip.isVisible)
        composer.strip.chosen.emit(key, Action.MASK)
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert window.frame.chat.turns[-1].waiting
    assistant.script.go.set()
    answered(window, qtbot, 4)
    assert [one.kept_back for one in assistant.script.asked] == [{key}, {key}]
    assert not any(one.let_through for one in assistant.script.asked)


def test_what_is_not_personal_stays_so_until_it_is_taken_back(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    composer = window.frame.composer
    composer.write(f"Write to {MAIL}")
    qtbot.waitUntil(composer.strip.isVisible)
    composer.strip.not_personal.emit(composer._seen.items[0].found.entity)
    qtbot.waitUntil(lambda: composer.strip.words() == f"{MAIL} is not hidden any more")
    assert assistant.privacy.allowed() == [(EntityType.EMAIL, MAIL)]
    undo = composer.strip.allowed.button
    assert undo is not None
    undo.click()
    qtbot.waitUntil(lambda: "will be hidden" in composer.strip.words())
    assert assistant.privacy.allowed() == []


def settings(window: MainWindow) -> SettingsDialog:
    window.on_demand._open_settings()
    [dialog] = [
        one for one in QApplication.topLevelWidgets() if isinstance(one, SettingsDialog) and one.isVisible()
    ]
    return dialog


def test_the_page_of_personal_data_keeps_what_is_chosen(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    assistant.privacy.allow(Entity(EntityType.EMAIL, 0, 17, 1.0, MAIL))
    dialog = settings(window)
    dialog.show_page("Personal data")
    page = dialog.findChild(PrivacyPage)
    assert isinstance(page, PrivacyPage)
    qtbot.waitUntil(lambda: len(page.allowed.buttons()) == 1)
    page.cards["strict"].click()
    qtbot.waitUntil(lambda: assistant.settings.privacy == "strict")
    page.groups[EntityGroup.TRACES].changed.emit((EntityType.IP,), Action.IGNORE)
    qtbot.waitUntil(lambda: assistant.settings.privacy == OWN)
    assert assistant.settings.privacy_actions["IP"] == "ignore"
    assert assistant.settings.privacy_actions["PERSON"] == "mask"
    page.allowed.buttons()[0].click()
    qtbot.waitUntil(lambda: page.allowed.buttons() == [])
    assert assistant.privacy.allowed() == []
    dialog.rows[0].tell("en")  # a change elsewhere in the dialog leaves it alone
    qtbot.waitUntil(lambda: assistant.settings.language == "en")
    assert assistant.settings.privacy == OWN
    dialog.close()


def test_a_search_in_the_settings_turns_to_the_page_that_has_it(window: MainWindow, qtbot: QtBot) -> None:
    dialog = settings(window)
    qtbot.keyClicks(dialog.search, "resident registration")
    assert dialog.tabs.tabText(dialog.tabs.currentIndex()) == "Personal data"
    assert not dialog.tabs.isTabVisible(0)
    dialog.search.setText("graphics")
    assert dialog.tabs.currentIndex() == 0
    assert not dialog.tabs.isTabVisible(1)
    dialog.search.setText("nothing like it")
    assert dialog.nothing.isVisible()
    dialog.search.clear()
    assert dialog.tabs.isTabVisible(1)
    dialog.close()


@pytest.mark.parametrize("percent", [100, 200])
def test_the_strip_leaves_most_of_a_low_window_to_the_conversation(
    window: MainWindow, qtbot: QtBot, percent: int
) -> None:
    window.preferences.take(replace(window.preferences.settings, text_percent=percent))
    window.resize(1000, 700)
    strip = window.frame.composer.strip
    window.frame.composer.write(" ".join(f"person{n}@example.com" for n in range(200)))
    qtbot.waitUntil(lambda: strip.isVisible() and strip.list_button.isVisible())
    strip.open_list()
    assert len(strip.chips()) == 60
    qtbot.waitUntil(lambda: strip.height() > 60)
    assert strip.height() < 0.4 * window.height()
    assert strip.width() <= window.width()


HARMFUL = (
    "file:///etc/passwd",
    "FILE:///etc/passwd",
    "javascript:alert(1)",
    "data:text/html,x",
    "smb://host/share",
    "//host/share/a.txt",
    "/etc/passwd",
    "vscode://x",
)


@pytest.mark.parametrize("address", HARMFUL)
def test_only_the_web_and_mail_are_links_and_nothing_is_loaded(address: str, qtbot: QtBot) -> None:
    words = f"Look [here]({address}) or <{address}> or ![picture]({address}) or [x][1].\n\n[1]: {address}"
    view = AnswerView(Turn(Role.ASSISTANT, words, id=2))
    qtbot.addWidget(view)
    view.resize(500, 200)
    view.fit(500)
    view.show()
    told: list[str] = []
    view.link_activated.connect(told.append)
    for shown_text in view.texts():
        block = shown_text.document().begin()
        while block.isValid():
            step = block.begin()
            while not step.atEnd():
                look = step.fragment().charFormat()
                assert not look.isAnchor()
                assert not look.isImageFormat()
                step += 1
            block = block.next()
        shown_text.anchorClicked.emit(QUrl(address))
    assert told == []


def test_a_link_to_the_web_is_shown_whole_and_opened_after_a_yes_alone(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        "ui.link_question.QDesktopServices.openUrl", lambda url: opened.append(url.toString())
    )
    address = "https://example.com/a?q=1"
    window.frame.chat.link_activated.emit(address)
    [asked] = [one for one in QApplication.topLevelWidgets() if isinstance(one, LinkQuestion)]
    assert asked.informativeText() == address
    assert asked.defaultButton() is asked.stays
    asked.stays.click()
    assert opened == []


def test_a_daily_snapshot_that_could_not_be_taken_is_told(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    assistant.happened.put(SnapshotFailed(DiskFullError(text("There is no room for a snapshot."))))
    qtbot.waitUntil(lambda: "no room for a snapshot" in window.frame.note.words.text())


def test_a_question_that_the_core_refuses_comes_back(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    assistant.script.unstored = BlockedError(text("Not sent: it holds a card number."))
    ask(window, "my card", qtbot)
    qtbot.waitUntil(lambda: window.frame.composer.text() == "my card")
    assert "Not sent" in window.frame.note.words.text()
    assert window.frame.chat.turns == ()
