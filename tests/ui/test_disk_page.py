# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The data on the disk, from the window: a real home with real stores; only the engines are fakes."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from assistant.app import Assistant
from assistant.errors import ReadOnlyError
from assistant.home_key import Given, recovery_confirmed
from assistant.key_file import Protection
from assistant.opening import open_assistant
from assistant.paths import Home
from assistant.texts import text
from assistant.unlocking import unlock
from tests.assistants import FAKE_ENGINES
from tests.homes import PASSPHRASE
from tests.ui.windows import answered, ask
from ui import tasks
from ui.disk_settings import DiskSettings
from ui.main_window import MainWindow
from ui.question import Question
from ui.settings_dialog import SettingsDialog

GOOD = "four harbours and a crow"


@pytest.fixture
def settings(kept: Assistant, qtbot: QtBot) -> DiskSettings:
    made = DiskSettings(kept)
    qtbot.addWidget(made.page)
    made.page.resize(600, 800)
    with qtbot.waitExposed(made.page):
        made.page.show()
    qtbot.waitUntil(lambda: bool(made.page.protection.sentence.text()))
    return made


def idle(settings: DiskSettings, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: settings._task is None)


# --- the recovery code


def test_the_code_is_offered_after_the_first_answer_and_not_before(
    whole: MainWindow, home: Home, qtbot: QtBot
) -> None:
    card = whole.on_demand.kept.card
    assert not card.isVisible()
    ask(whole, "echo: It stands in the drawer.", qtbot)
    answered(whole, qtbot)
    qtbot.waitUntil(card.isVisible)
    card.show_button.click()
    dialog = whole.on_demand.kept.code
    assert dialog is not None
    qtbot.waitUntil(lambda: bool(dialog.code.text()))
    dialog.have.click()
    dialog.typed.setText(dialog.code.text())
    dialog.check.click()
    qtbot.waitUntil(lambda: not card.isVisible())
    dialog.close_button.click()
    assert recovery_confirmed(home)


def test_what_the_model_made_up_is_marked_and_what_was_hidden_comes_back(
    whole: MainWindow, qtbot: QtBot
) -> None:
    ask(whole, "echo: Write to kim@example.co.kr and <9 EMAIL> soon.", qtbot)
    answered(whole, qtbot)
    turn = whole.frame.chat.turns[1]
    assert turn.text == "Write to kim@example.co.kr and [EMAIL_9] soon."
    assert [turn.text[start:end] for start, end in turn.invented] == ["[EMAIL_9]"]
    view = whole.frame.chat.view_of(1)
    assert view is not None
    document = view.texts()[0].document()
    assert document.find("EMAIL_9").charFormat().fontStrikeOut()
    assert not document.find("example").charFormat().fontStrikeOut()
    whole.frame.chat.prompt_wanted.emit(turn)
    qtbot.waitUntil(lambda: bool(whole.on_demand.prompt.words.values))
    assert "kim@example.co.kr" not in whole.on_demand.prompt.words.toPlainText()
    assert whole.on_demand.prompt.words.values[("EMAIL", 1)] == "kim@example.co.kr"


# --- protection


def test_the_passphrase_is_changed(settings: DiskSettings, home: Home, qtbot: QtBot) -> None:
    part = settings.page.protection
    assert part.sentence.text() == "Encrypted. Your passphrase opens Maru. You have no recovery code yet."
    part.change.click()
    for field in (part.new.first.field, part.new.second.field):
        qtbot.keyClicks(field, GOOD)
    part.keep.click()
    idle(settings, qtbot)
    assert unlock(home, Given(GOOD, keyring=False)).key is not None
    assert part.new.first.text() == ""


def test_a_keyring_that_is_not_there_is_told(settings: DiskSettings, qtbot: QtBot) -> None:
    settings.page.protection.keyring.click()
    qtbot.waitUntil(settings.page.trouble.isVisible)
    assert "keyring" in settings.page.trouble.words()
    idle(settings, qtbot)
    assert settings.page.protection.isEnabled()


def test_protection_is_given_up_in_so_many_words(
    settings: DiskSettings, kept: Assistant, qtbot: QtBot
) -> None:
    part = settings.page.protection
    part.plain.click()
    assert "Everybody who can read this disk" in part.question.words.text()
    qtbot.keyClick(part.question.keep, Qt.Key.Key_Escape)
    assert kept.protection.kind is Protection.PASSPHRASE
    part.plain.click()
    part.question.confirm.click()
    idle(settings, qtbot)
    qtbot.waitUntil(lambda: "when Maru is started again" in part.sentence.text())
    assert kept.protection.at_next_start


# --- snapshots


def test_a_snapshot_is_taken_listed_and_gone_back_to(
    settings: DiskSettings, kept: Assistant, home: Home, qtbot: QtBot
) -> None:
    part = settings.page.snapshots
    part.now.click()
    qtbot.waitUntil(lambda: len(part.buttons) == 1)
    idle(settings, qtbot)
    kept.conversations.create("Written later")
    button = part.buttons[0]
    assert button.accessibleName().startswith("Go back to ")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert part.question.isVisible()
    assert "set aside as a snapshot of its own" in part.question.words.text()
    with qtbot.waitSignal(settings.reopen_wanted):
        part.question.confirm.click()
    idle(settings, qtbot)
    with pytest.raises(ReadOnlyError):
        kept.conversations.create("Too late")
    kept.close()
    with open_assistant(home, FAKE_ENGINES) as again:
        assert {one.title for one in again.conversations.all()} == {
            "Where is the lease?",
            "Who paints the boat?",
        }
        assert len(again.keeping.snapshots()) == 2


def test_a_damaged_snapshot_is_told_as_such_and_leaves_no_other(
    settings: DiskSettings, kept: Assistant, home: Home, qtbot: QtBot
) -> None:
    part = settings.page.snapshots
    part.now.click()
    qtbot.waitUntil(lambda: len(part.buttons) == 1)
    idle(settings, qtbot)
    name = kept.keeping.snapshots()[0].name
    path = home.snapshots / name / "conversations.db"
    path.write_bytes(bytes(path.stat().st_size))
    qtbot.mouseClick(part.buttons[0], Qt.MouseButton.LeftButton)
    part.question.confirm.click()
    qtbot.waitUntil(settings.page.trouble.isVisible)
    idle(settings, qtbot)
    assert settings.page.trouble.words().startswith(f"The snapshot {name} is damaged.")
    assert [one.name for one in kept.keeping.snapshots()] == [name]
    kept.conversations.create("it goes on")


def test_everything_is_deleted_when_that_is_confirmed(
    settings: DiskSettings, kept: Assistant, home: Home, qtbot: QtBot
) -> None:
    part = settings.page.deletion
    part.wipe.click()
    assert "maru redact --vault" in part.question.words.text()
    part.question.keep.click()
    assert kept.conversations.all()
    part.wipe.click()
    with qtbot.waitSignal(settings.reopen_wanted):
        part.question.confirm.click()
    idle(settings, qtbot)
    kept.close()
    with open_assistant(home, FAKE_ENGINES, Given(PASSPHRASE, keyring=False)) as again:
        assert again.conversations.all() == []


def test_a_window_that_is_to_open_again_closes_and_says_so(whole: MainWindow, qtbot: QtBot) -> None:
    whole.on_demand.reopen_wanted.emit()
    assert whole.reopens
    assert not whole.isVisible()


# --- copies


def test_everything_is_exported_and_taken_in_again(
    settings: DiskSettings, kept: Assistant, tmp_path: Path, qtbot: QtBot
) -> None:
    part = settings.page.copies
    part.export_wanted.emit(tmp_path, False)
    qtbot.waitUntil(lambda: "2 conversations and 0 documents" in settings.page.trouble.words())
    idle(settings, qtbot)
    [folder] = tmp_path.glob("Maru export *")
    assert json.loads((folder / "maru.json").read_text("utf-8"))
    part.import_wanted.emit(folder / "maru.json")
    qtbot.waitUntil(lambda: "2 were there already." in settings.page.trouble.words())
    idle(settings, qtbot)
    part.import_wanted.emit(tmp_path / "nothing.json")
    qtbot.waitUntil(lambda: settings.page.trouble.property("look") == "danger")
    idle(settings, qtbot)
    assert all(one.isEnabled() for one in settings.page.parts)


@pytest.mark.parametrize("agreed", [True, False])
def test_documents_that_an_export_names_are_read_where_the_user_agrees_alone(
    settings: DiskSettings, kept: Assistant, tmp_path: Path, qtbot: QtBot, agreed: bool
) -> None:
    paths = [tmp_path / f"note {number}.md" for number in range(6)]
    paths.insert(4, tmp_path / ("long" * 1000))
    paths[0].write_text("The plumber comes on Monday.", "utf-8")
    found = {"format": "maru", "version": 1, "documents": [{"path": str(path)} for path in paths]}
    (tmp_path / "maru.json").write_text(json.dumps(found), encoding="utf-8")
    settings.page.resize(600, 240)
    question = settings.page.copies.question
    settings.page.copies.import_wanted.emit(tmp_path / "maru.json")
    qtbot.waitUntil(question.isVisible)
    idle(settings, qtbot)
    qtbot.waitUntil(lambda: not question.visibleRegion().isEmpty())
    lines = question.words.text().split("\n")
    assert lines[0] == "The export names 7 documents:"
    assert lines[1:7] == [*map(str, paths[:4]), "…" + "long" * 50, "and 2 more"]
    assert kept.indexing.state.of_files == 0
    (question.confirm if agreed else question.keep).click()
    assert not question.isVisible()
    if agreed:
        qtbot.waitUntil(lambda: settings.page.trouble.words() == "1 document is read again.")
        idle(settings, qtbot)
        qtbot.waitUntil(lambda: [row.path for row in kept.library.documents()] == [paths[0]])
    assert bool(kept.library.documents()) is agreed


def test_which_conversations_could_not_be_taken_in_is_told(
    settings: DiskSettings, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "conversations.json"
    broken = [{"name": "Lease", "chat_messages": 1}, *({"chat_messages": 1} for _ in range(5))]
    path.write_text(json.dumps(broken), encoding="utf-8")
    settings.page.copies.import_wanted.emit(path)
    qtbot.waitUntil(lambda: "could not be read" in settings.page.trouble.words())
    idle(settings, qtbot)
    told = settings.page.trouble.words()
    assert "6 could not be read: “Lease”, number 1 in the file, number 2 in the file, " in told
    assert told.endswith("number 5 in the file…")


def test_an_export_goes_on_when_the_settings_are_closed(
    whole: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    whole.on_demand._open_settings()
    dialogs = [one for one in QApplication.topLevelWidgets() if isinstance(one, SettingsDialog)]
    [dialog] = [one for one in dialogs if one.isVisible()]
    data = whole.on_demand.findChild(DiskSettings)
    assert isinstance(data, DiskSettings)
    data.page.copies.export_wanted.emit(tmp_path, False)
    dialog.close()
    QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete.value)
    qtbot.waitUntil(lambda: "2 conversations and 0 documents" in whole.frame.note.words.text())
    qtbot.waitUntil(lambda: whole.on_demand.findChild(DiskSettings) is None)


def test_a_conversation_is_exported_with_personal_data_hidden(
    whole: MainWindow, kept: Assistant, tmp_path: Path, qtbot: QtBot
) -> None:
    number = kept.conversations.create("Letter").id
    kept.conversations.add_question(number, None, "Write to kim@example.co.kr")
    whole.frame.list.export_wanted.emit(number, "Letter: a/b")
    chosen = whole.on_demand.kept.dialog
    assert chosen is not None
    assert chosen.selectedFiles()[0].endswith("Letter ab.md")
    chosen.selectNameFilter("Markdown, personal data hidden (*.md)")
    chosen.fileSelected.emit(str(tmp_path / "letter"))
    chosen.close()
    qtbot.waitUntil(lambda: "Written to" in whole.frame.note.words.text())
    written = (tmp_path / "letter.md").read_text("utf-8")
    assert "kim@example.co.kr" not in written
    assert "[EMAIL_1]" in written


# --- read-only, and the questions in place


def test_a_home_that_can_only_be_read_says_so(kept: Assistant, qtbot: QtBot) -> None:
    kept.keeping.read_only = text("A newer Maru wrote these conversations: they can be read.")
    made = MainWindow(kept)
    qtbot.addWidget(made)
    made.show()
    made.begin()
    assert made.frame.note.isVisible()
    assert "A newer Maru" in made.frame.note.words.text()
    qtbot.waitUntil(lambda: kept.chat_engine.info is not None)
    made.close()
    tasks.stop_all()


@pytest.mark.parametrize("yes", [False, True])
def test_enter_leaves_things_as_they_are_unless_the_other_button_is_in_focus(yes: bool, qtbot: QtBot) -> None:
    asked, done = Question(), []
    qtbot.addWidget(asked)
    with qtbot.waitActive(asked):
        asked.ask("Really?", "Yes", lambda: done.append(True))
    wanted = asked.confirm if yes else asked.keep
    wanted.setFocus()
    qtbot.waitUntil(wanted.hasFocus)
    qtbot.keyClick(asked, Qt.Key.Key_Return)
    assert not asked.isVisible()
    assert done == [True] * yes


def test_the_page_is_found_by_its_words(whole: MainWindow, qtbot: QtBot) -> None:
    whole.on_demand._open_settings()
    [dialog] = [
        one for one in QApplication.topLevelWidgets() if isinstance(one, SettingsDialog) and one.isVisible()
    ]
    qtbot.keyClicks(dialog.search, "snapshots restore")
    assert dialog.tabs.tabText(dialog.tabs.currentIndex()) == "Your data"
    dialog.close()
