# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures of personal data: underlines, the strip, what the model saw, the settings; then of the disk."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea, QToolTip

from assistant.entities import EntityGroup
from assistant.privacy.policy import Action
from assistant.texts import tr
from tests.screenshot import guarded
from tests.screenshot.person import Person
from ui.privacy_page import PrivacyPage
from ui.settings_dialog import SettingsDialog

POINTED_OUT = "203.0.113.7"


@dataclass(frozen=True)
class Story:
    """What the person writes, in one language."""

    question: str
    follow_up: str
    card: str


STORIES = {
    "en": Story(
        "Please answer Jordan Avery at jordan.avery@example.com or 010-1234-5678. My server is 203.0.113.7, "
        "and the card is 4111 1111 1111 1111. What should the letter say?",
        "Send it to kim@example.co.kr as well; the printer is 198.51.100.4.",
        "Pay with 5500 0000 0000 0004, please.",
    ),
    "ko": Story(
        "담당자: 김민수, 메일은 kim.minsu@example.co.kr, 휴대폰은 010-1234-5678로 주세요. 제 주민등록번호는 "
        "900101-1234568이고 서버는 203.0.113.7입니다. 편지에 무엇을 쓸까요?",
        "lee@example.com으로도 보내 주세요. 프린터는 198.51.100.4예요.",
        "5500 0000 0000 0004로 결제해 주세요.",
    ),
}


def tell(person: Person, language: str, place: Path) -> None:
    """Go through them all, a picture of each."""
    story = STORIES[language]
    person.waits_for_model()
    person.turns_documents(on=False)
    guarded.look_at_doors(person)
    writes(person, story)
    sees(person, story)
    guarded.keeps_the_code(person)
    chooses(person)
    is_refused(person, story)
    guarded.looks_after_data(person)
    guarded.looks_into_document(person, place)
    enlarges(person, story)


def writes(person: Person, story: Story) -> None:
    """Write a question, look why something is underlined, and let one value through."""
    composer = person.window.frame.composer
    person.types(story.question)
    person.waits(lambda: bool(composer.field.extraSelections()), "the underlines")
    person.picture("01-underlines")
    cursor = composer.field.document().find("example.co")
    if cursor.isNull():
        cursor = composer.field.document().find("example.com")
    cursor.clearSelection()
    composer.field.setTextCursor(cursor)
    place = composer.field.cursorRect(cursor).center()
    marked = composer.field.marked()
    assert marked is not None
    told = composer.field.describe(marked)
    QToolTip.showText(composer.field.viewport().mapToGlobal(place), told, composer.field)
    person.screen("02-the-reason")
    QToolTip.hideText()
    QTest.keyClick(composer.strip.list_button, Qt.Key.Key_Space)
    person.picture("03-the-list")
    chip = composer.strip.chips()[1]
    chip.setFocus()
    QTest.keyClick(chip, Qt.Key.Key_Space)
    person.screen("04-one-value")
    menu = person.popup()
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    person.picture("05-let-through")
    hides_too(person)


def hides_too(person: Person) -> None:
    """Hide a value that is only pointed out."""
    strip = person.window.frame.composer.strip
    chip = next(one for one in strip.chips() if one.text() == POINTED_OUT)
    chip.setFocus()
    QTest.keyClick(chip, Qt.Key.Key_Space)
    person.screen("13-pointed-out")
    menu = person.popup()
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    person.picture("14-hidden-too")


def sees(person: Person, story: Story) -> None:
    """Ask, and see what the model saw, what stands behind it, and what is hidden altogether."""
    composer = person.window.frame.composer
    composer.field.setFocus()
    composer.field.moveCursor(QTextCursor.MoveOperation.End)
    person.presses_enter()
    person.waits_for_text(20)
    person.waits_for_answer()
    person.window.frame.chat.verticalScrollBar().setValue(0)
    person.picture("15-beside-the-answer")
    person.types(story.follow_up)
    person.presses_enter()
    person.waits_for_answer()
    person.picture("06-answer")
    person.opens_prompt()
    words = person.window.on_demand.prompt.words
    cursor = words.document().find("_1]")
    cursor.setPosition(cursor.selectionStart())
    words.setTextCursor(cursor)
    words.setFocus()
    person.picture("07-what-the-model-saw")
    QTest.mouseClick(person.window.frame.header.hidden, Qt.MouseButton.LeftButton)
    person.picture("08-hidden-here")
    person.closes_side()


def chooses(person: Person) -> None:
    """Look at the settings of personal data, and decide about cards."""
    person.opens_settings()
    dialog = person.dialog()
    assert isinstance(dialog, SettingsDialog)
    dialog.show_page(tr("Personal data"))
    person.picture("09-settings", dialog)
    page = dialog.findChild(PrivacyPage)
    assert isinstance(page, PrivacyPage)
    money = page.groups[EntityGroup.MONEY]
    money.fold.unfold()
    page.groups[EntityGroup.MONEY].changed.emit((EntityGroup.MONEY.types[0],), Action.BLOCK)
    scroll(page, money.mapTo(page.widget(), QPoint(0, 0)).y() - 60)
    person.picture("10-settings-own", dialog)
    person.closes_dialog()


def is_refused(person: Person, story: Story) -> None:
    """Write what shall never be sent, and try to send it."""
    strip = person.window.frame.composer.strip
    person.types(story.card)
    person.waits(lambda: bool(strip.blocked.words.text()), "the strip")
    person.presses_enter()
    person.picture("11-refused")
    QTest.keyClick(strip.chips()[0], Qt.Key.Key_Escape)
    person.window.frame.composer.field.clear()


def enlarges(person: Person, story: Story) -> None:
    """Look at it in large letters, in a small window."""
    person.closes_side()
    person.window.resize(1000, 700)
    person.window.preferences.resize_text(10)
    person.types(story.question)
    strip = person.window.frame.composer.strip
    person.waits(lambda: bool(strip.hidden.words.text()), "the strip")
    strip.open_list()
    person.picture("12-text-200")
    guarded.look_at_large(person)
    person.window.preferences.resize_text(0)


def scroll(area: QScrollArea, to: int) -> None:
    """Scroll to so many pixels from the beginning."""
    QTest.qWait(50)  # until what was unfolded is laid out
    area.verticalScrollBar().setValue(to)


def look(place: Path, language: str, theme: str, pictures: Path) -> None:
    """Drive one window through what can be done about personal data."""
    person = Person(place / "home", language, theme, pictures)
    try:
        tell(person, language, place)
        guarded.goes_back(person)
    finally:
        person.leave()
    person = Person(place / "home", language, theme, pictures)
    try:
        guarded.deletes_for_good(person)
    finally:
        person.leave()
