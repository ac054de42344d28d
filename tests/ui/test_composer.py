# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from pytestqt.qtbot import QtBot

from assistant.entities import Entity, EntityType
from assistant.privacy.policy import STANDARD, Found, judged
from ui.composer import Composer
from ui.composer_text import MOST_LINES


def find_mail(_conversation: int, words: str) -> list[Found]:
    at = words.find("kim@example.co.kr")
    found = [Entity(EntityType.EMAIL, at, at + 17, 1.0, words[at : at + 17])] if at >= 0 else []
    return judged(found, STANDARD)


@pytest.fixture
def composer(qtbot: QtBot) -> Composer:
    made = Composer(find_mail)
    qtbot.addWidget(made)
    made.resize(600, 900)
    with qtbot.waitExposed(made):
        made.show()
    made.field.setFocus()
    return made


@pytest.fixture
def sent(composer: Composer) -> list[str]:
    words: list[str] = []
    composer.sent.connect(lambda said, _through: words.append(said))
    return words


def compose(composer: Composer, syllable: str) -> None:
    QCoreApplication.sendEvent(composer.field, QInputMethodEvent(syllable, []))


def commit(composer: Composer, syllable: str) -> None:
    event = QInputMethodEvent()
    event.setCommitString(syllable)
    QCoreApplication.sendEvent(composer.field, event)


def press_enter(composer: Composer) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r")
        QCoreApplication.sendEvent(composer.field, event)


def test_enter_sends_and_shift_enter_breaks_the_line(
    composer: Composer, sent: list[str], qtbot: QtBot
) -> None:
    qtbot.keyClicks(composer.field, "one")
    qtbot.keyClick(composer.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(composer.field, "two")
    qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert sent == ["one\ntwo"]
    assert composer.text() == ""


def test_nothing_is_sent_from_an_empty_field(composer: Composer, sent: list[str], qtbot: QtBot) -> None:
    qtbot.keyClicks(composer.field, "  ")
    qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert sent == []
    assert not composer.send_button.isEnabled()


def commit_before_enter(composer: Composer, qtbot: QtBot) -> None:
    commit(composer, "세")
    press_enter(composer)


def commit_after_enter(composer: Composer, qtbot: QtBot) -> None:
    press_enter(composer)
    commit(composer, "세")


def commit_between_two_enters(composer: Composer, qtbot: QtBot) -> None:
    press_enter(composer)
    commit(composer, "세")
    press_enter(composer)


def commit_never(composer: Composer, qtbot: QtBot) -> None:
    with qtbot.waitSignal(composer.sent):
        press_enter(composer)


def commit_too_late(composer: Composer, qtbot: QtBot) -> None:
    commit_never(composer, qtbot)
    commit(composer, "세")


def commit_through_an_empty_preedit(composer: Composer, qtbot: QtBot) -> None:
    press_enter(composer)
    event = QInputMethodEvent("", [])
    event.setCommitString("세")
    QCoreApplication.sendEvent(composer.field, event)


@pytest.mark.parametrize(
    "order",
    [
        commit_before_enter,
        commit_after_enter,
        commit_between_two_enters,
        commit_never,
        commit_too_late,
        commit_through_an_empty_preedit,
    ],
)
def test_one_enter_commits_the_syllable_and_sends_it_once(
    order: Callable[[Composer, QtBot], None], composer: Composer, sent: list[str], qtbot: QtBot
) -> None:
    commit(composer, "월")
    for step in ("ㅅ", "세"):
        compose(composer, step)
    order(composer, qtbot)
    assert sent == ["월세"]
    assert composer.text() == ""


def test_the_next_question_after_a_lost_commit_is_whole(
    composer: Composer, sent: list[str], qtbot: QtBot
) -> None:
    compose(composer, "세")
    commit_never(composer, qtbot)
    compose(composer, "ㄱ")
    compose(composer, "가")
    commit_after_enter_of = "가"
    press_enter(composer)
    commit(composer, commit_after_enter_of)
    assert sent == ["세", "가"]


def test_the_field_grows_to_eight_lines_and_then_scrolls(composer: Composer, qtbot: QtBot) -> None:
    heights = []
    for _ in range(MOST_LINES + 3):
        qtbot.keyClick(composer.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        heights.append(composer.field.height())
    assert heights[0] < heights[3] < heights[6]
    assert heights[-1] == heights[-2] == heights[-3]


def test_send_becomes_stop_in_its_place(composer: Composer, qtbot: QtBot) -> None:
    place = composer.send_button.geometry()
    composer.show_answering(True)
    assert composer.send_button.accessibleName().startswith("Stop")
    assert composer.send_button.geometry() == place
    with qtbot.waitSignal(composer.stopped):
        qtbot.mouseClick(composer.send_button, Qt.MouseButton.LeftButton)
    composer.show_answering(False)
    assert composer.send_button.accessibleName() == "Send"


def test_up_in_an_empty_field_asks_for_the_last_question(composer: Composer, qtbot: QtBot) -> None:
    with qtbot.waitSignal(composer.earlier_wanted):
        qtbot.keyClick(composer.field, Qt.Key.Key_Up)


def test_an_edit_can_be_left(composer: Composer, qtbot: QtBot) -> None:
    composer.edit("the old question")
    assert composer.text() == "the old question"
    qtbot.waitUntil(lambda: composer.keep_button.width() > 0)
    with qtbot.waitSignal(composer.edit_ended):
        qtbot.mouseClick(composer.keep_button, Qt.MouseButton.LeftButton)
    assert composer.text() == ""


def test_the_documents_that_are_searched_can_be_left_out(composer: Composer, qtbot: QtBot) -> None:
    composer.show_collections({"default": 3})
    assert composer.searched.text() == "Searching 3 documents"
    with qtbot.waitSignal(composer.collections_chosen, check_params_cb=lambda names: names == ()):
        qtbot.mouseClick(composer.searched, Qt.MouseButton.LeftButton)
    assert not composer.searches_documents
    assert composer.searched.text() == "Not searching your documents"
