# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
import dataclasses
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QSpinBox
from pytestqt.qtbot import QtBot

from assistant.settings import Settings, about
from ui.file_choice import FileChoice
from ui.settings_dialog import LINES, SettingRow, SettingsDialog

# The panels of sampling and models, the page of personal data; no choice of the first page.
ELSEWHERE = {"sampling", "chat_model", "adapters", "window", "privacy", "privacy_actions"}


def opened(qtbot: QtBot, settings: Settings | None = None) -> tuple[SettingsDialog, list[Settings]]:
    dialog = SettingsDialog(settings or Settings(), None, Path("/home/ann/.local/share/maru"))
    told: list[Settings] = []
    dialog.settings_changed.connect(told.append)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog, told


def line(dialog: SettingsDialog, field: str) -> SettingRow:
    return next(each for each in dialog.rows if each.line.field == field)


def test_every_setting_is_shown_with_its_sentence_and_default(qtbot: QtBot) -> None:
    dialog, _told = opened(qtbot)
    fields = {field.name for field in dataclasses.fields(Settings)}
    assert {each.field for each in LINES} == fields - ELSEWHERE
    for each in dialog.rows:
        shown = " ".join(one.text() for one in each.findChildren(QLabel))
        assert str(about(each.line.field).description) in shown
        assert "Default: " in shown
        assert str(about(each.line.field).acts) in shown


def test_choices_offer_what_the_settings_allow() -> None:
    for each in LINES:
        allowed = about(each.field).choices
        if allowed is not None:
            assert sorted(value for value, _name in each.choices) == sorted(allowed)


def test_a_choice_by_key_is_told_at_once(qtbot: QtBot) -> None:
    dialog, told = opened(qtbot)
    box = line(dialog, "theme").control
    assert isinstance(box, QComboBox)
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert [settings.theme for settings in told] == ["light", "dark"]


def test_a_number_is_told_once_it_is_entered_and_enter_closes_nothing(qtbot: QtBot) -> None:
    dialog, told = opened(qtbot)
    box = line(dialog, "limit").control
    assert isinstance(box, QSpinBox)
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "12")
    assert told == []
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert [settings.limit for settings in told] == [12]
    assert dialog.isVisible()


def test_the_lowest_number_is_told_in_words(qtbot: QtBot) -> None:
    dialog, _told = opened(qtbot)
    shown = {
        each.line.field: each.control.text() for each in dialog.rows if isinstance(each.control, QSpinBox)
    }
    assert shown["n_ctx"] == "Automatic"
    assert shown["n_gpu_layers"] == "As many as fit"
    assert shown["text_percent"] == "100 %"
    assert shown["idle_minutes"] == "Never"
    assert shown["states_mb"] == "2,000 MB"


def test_a_changed_setting_goes_back_to_its_default(qtbot: QtBot) -> None:
    dialog, told = opened(qtbot, Settings(threads=6))
    reset = line(dialog, "threads").reset
    assert reset.isVisible()
    assert not line(dialog, "limit").reset.isVisible()
    qtbot.mouseClick(reset, Qt.MouseButton.LeftButton)
    assert told == [Settings()]
    assert not reset.isVisible()


def test_settings_are_found_by_name_sentence_and_value(qtbot: QtBot) -> None:
    dialog, _told = opened(qtbot)
    qtbot.keyClicks(dialog.search, "graphics LAYERS")
    assert [each.line.field for each in dialog.rows if each.isVisible()] == ["n_gpu_layers"]
    dialog.search.setText("nothing like it")
    assert dialog.nothing.isVisible()
    dialog.search.clear()
    assert all(each.isVisible() for each in dialog.rows)


def test_a_setting_is_found_by_when_it_acts(qtbot: QtBot) -> None:
    dialog, _told = opened(qtbot)
    qtbot.keyClicks(dialog.search, "started again")
    assert [each.line.field for each in dialog.rows if each.isVisible()] == ["language"]


def test_changes_from_elsewhere_are_shown_and_not_told(qtbot: QtBot) -> None:
    dialog, told = opened(qtbot)
    dialog.show_settings(Settings(text_percent=150, theme="dark"))
    assert told == []
    box = line(dialog, "text_percent").control
    assert isinstance(box, QSpinBox)
    assert box.value() == 150


def test_the_dialog_does_not_block_the_window_and_escape_closes_it(qtbot: QtBot) -> None:
    dialog, _told = opened(qtbot)
    assert not dialog.isModal()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_model_that_searches_is_chosen_as_a_file_and_taken_back(qtbot: QtBot) -> None:
    dialog, told = opened(qtbot)
    line = next(each for each in dialog.rows if each.line.field == "embedding_model")
    control = line.control
    assert isinstance(control, FileChoice)
    assert control.name.words() == "The starter model"
    control.open_dialog()
    assert control.dialog is not None
    control.dialog.fileSelected.emit("/models/e5.gguf")
    control.dialog.close()
    assert told[-1].embedding_model == "/models/e5.gguf"
    assert control.name.words() == "e5.gguf"
    line.reset.click()
    assert told[-1].embedding_model == ""
    assert control.name.words() == "The starter model"
