# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from assistant.sampling import MAX_SEED, PARAMETER_RISKS, PRESETS, Preset, SamplingParams
from ui.sampling_panel import SamplingPanel

Told = list[tuple[SamplingParams, Preset | None]]


def opened(
    qtbot: QtBot, sampling: SamplingParams = PRESETS[Preset.PRECISE], preset: Preset | None = Preset.PRECISE
) -> tuple[SamplingPanel, Told]:
    panel = SamplingPanel(sampling, preset)
    told: Told = []
    panel.sampling_changed.connect(lambda *given: told.append(given))  # type: ignore[arg-type]
    qtbot.addWidget(panel)
    panel.resize(380, 900)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel, told


def test_a_preset_is_chosen_by_click_and_by_arrow_keys(qtbot: QtBot) -> None:
    panel, told = opened(qtbot)
    qtbot.mouseClick(panel.switch.buttons[Preset.BALANCED], Qt.MouseButton.LeftButton)
    assert told[-1] == (PRESETS[Preset.BALANCED], Preset.BALANCED)
    panel.switch.buttons[Preset.BALANCED].setFocus()
    qtbot.keyClick(panel.switch.buttons[Preset.BALANCED], Qt.Key.Key_Right)
    assert told[-1] == (PRESETS[Preset.CREATIVE], Preset.CREATIVE)
    assert panel.switch.buttons[Preset.CREATIVE].isChecked()
    assert "invented" in panel.risk.text()


def test_moving_a_slider_leaves_the_preset(qtbot: QtBot) -> None:
    panel, told = opened(qtbot)
    slider = panel.rows["temperature"].slider
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert told[-1] == (SamplingParams(temperature=0.05), None)
    assert not any(pressed.isChecked() for pressed in panel.switch.buttons.values())
    assert panel.risk.text().startswith("Own settings")


def test_a_typed_number_beyond_the_slider_is_taken(qtbot: QtBot) -> None:
    panel, told = opened(qtbot)
    field = panel.rows["max_tokens"].number
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "9000")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told[-1] == (SamplingParams(max_tokens=9000), Preset.PRECISE), "length is no matter of the preset"
    assert panel.rows["max_tokens"].slider.value() == panel.rows["max_tokens"].slider.maximum()


def test_whole_numbers_stay_whole(qtbot: QtBot) -> None:
    panel, told = opened(qtbot)
    qtbot.keyClick(panel.rows["top_k"].slider, Qt.Key.Key_Right)
    assert told[-1][0].top_k == 45
    assert isinstance(told[-1][0].top_k, int)


def test_a_seed_is_random_or_the_users_own_up_to_the_largest(qtbot: QtBot) -> None:
    panel, told = opened(qtbot)
    assert not panel.seed.isEnabled()
    panel.random.click()
    assert told[-1] == (SamplingParams(seed=0), Preset.PRECISE)
    panel.seed.selectAll()
    qtbot.keyClicks(panel.seed, str(MAX_SEED))
    qtbot.keyClick(panel.seed, Qt.Key.Key_Return)
    assert told[-1][0].seed == MAX_SEED
    panel.random.click()
    assert told[-1][0].seed is None


def test_a_preset_keeps_seed_and_length(qtbot: QtBot) -> None:
    panel, told = opened(qtbot, SamplingParams(temperature=0.7, seed=5, max_tokens=99), None)
    qtbot.mouseClick(panel.reset, Qt.MouseButton.LeftButton)
    assert told == [(SamplingParams(temperature=0.0, seed=5, max_tokens=99), Preset.PRECISE)]


def test_settings_from_elsewhere_are_shown_and_not_told(qtbot: QtBot) -> None:
    panel, told = opened(qtbot)
    panel.set_sampling(PRESETS[Preset.CREATIVE], Preset.CREATIVE)
    assert told == []
    assert panel.rows["temperature"].value() == 1.0
    assert panel.sampling() == PRESETS[Preset.CREATIVE]


def test_the_wheel_changes_nothing_that_is_only_passed_over(qtbot: QtBot) -> None:
    panel, told = opened(qtbot)
    slider = panel.rows["temperature"].slider
    turn = QWheelEvent(
        QPointF(5, 5),
        QPointF(slider.mapToGlobal(QPoint(5, 5))),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(slider, turn)
    assert told == []


def test_every_parameter_says_what_it_does_to_the_risk_of_invention(qtbot: QtBot) -> None:
    panel, _told = opened(qtbot)
    shown = {one.text() for one in panel.findChildren(QLabel)}
    assert {str(risk) for risk in PARAMETER_RISKS.values()} <= shown


def test_penalties_are_folded_away_until_they_act(qtbot: QtBot) -> None:
    panel, told = opened(qtbot)
    assert not panel.rows["presence_penalty"].isVisible()
    qtbot.keyClick(panel.advanced.button, Qt.Key.Key_Space)
    assert panel.advanced.button.accessibleName() == "Advanced, unfolded"
    panel.rows["presence_penalty"].slider.setFocus()
    qtbot.keyClick(panel.rows["presence_penalty"].slider, Qt.Key.Key_End)
    assert told[-1][0].presence_penalty == 2.0
    assert told[-1][1] is None
    other, _told = opened(qtbot)
    other.set_sampling(told[-1][0], None)
    assert other.rows["frequency_penalty"].isVisible()
