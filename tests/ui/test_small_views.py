# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The welcome, what the model saw, the sheet of keys, and the parts that panels are made of."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextLayout
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from assistant.sampling import Preset, SamplingParams
from ui import theme
from ui.elements import ElidedLabel, label
from ui.header import Header
from ui.keys_view import KeyLine, KeysView
from ui.preset_switch import PresetSwitch
from ui.progress import time_left
from ui.prompt_view import PromptView
from ui.sampling_panel import SamplingPanel
from ui.welcome import Welcome

NAME = "임대차계약서_2024년_최종본_서명완료_사본_with_a_very_long_name_indeed.pdf"


def opened(qtbot: QtBot, widget: QWidget, width: int = 380) -> None:
    qtbot.addWidget(widget)
    widget.resize(width, 600)
    with qtbot.waitExposed(widget):
        widget.show()


def marks(view: PromptView) -> list[str]:
    """Return what is marked, line by line, counted as Qt counts."""
    found = []
    block = view.words.document().begin()
    while block.isValid():
        units = block.text().encode("utf-16-le")
        layout: QTextLayout = block.layout()
        found += [units[2 * f.start : 2 * (f.start + f.length)].decode("utf-16-le") for f in layout.formats()]
        block = block.next()
    return found


def test_the_welcome_says_what_maru_is_and_names_the_model(qtbot: QtBot) -> None:
    view = Welcome()
    opened(qtbot, view, 700)
    view.show_model("Starter: SmolLM2 135M, English, small; for trying Maru out")
    assert "SmolLM2" in view.model.words.text()
    for asked, pressed in (
        (view.add_documents_requested, view.documents),
        (view.choose_model_requested, view.model),
    ):
        with qtbot.waitSignal(asked):
            qtbot.keyClick(pressed, Qt.Key.Key_Return)


def test_the_prompt_is_shown_exactly_with_placeholders_marked(qtbot: QtBot) -> None:
    view = PromptView()
    opened(qtbot, view)
    prompt = "<|im_start|>user\n😀 Write to [EMAIL_1], [이메일_2] or [KR_RRN_1], see [1] and [note]."
    view.show_prompt(prompt, {"EMAIL": 2, "KR_RRN": 1})
    assert view.words.toPlainText() == prompt
    assert view.words.isReadOnly()
    assert marks(view) == ["[EMAIL_1]", "[이메일_2]", "[KR_RRN_1]"]
    told = view.hidden.words()
    assert told.startswith("3 things were hidden from the model: ")
    assert "E-mail address (2)" in told
    qtbot.mouseClick(view.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == prompt


def test_a_prompt_with_nothing_hidden_says_so(qtbot: QtBot) -> None:
    view = PromptView()
    opened(qtbot, view)
    assert view.stack.currentIndex() == 0
    view.show_prompt("user: hello", {})
    assert view.hidden.words() == "Nothing was hidden."
    view.clear()
    assert view.stack.currentIndex() == 0


def test_the_sheet_of_keys_lists_each_and_closes_by_escape(qtbot: QtBot) -> None:
    view = KeysView([KeyLine("Ctrl+N", "New conversation"), KeyLine("F6", "Walk the panes")])
    opened(qtbot, view)
    told = {child.accessibleName() for child in view.findChildren(QWidget)}
    assert "F6: Walk the panes" in told or "Walk the panes: F6" in told
    assert not view.isModal()
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert not view.isVisible()


def test_a_long_name_breaks_within_a_narrow_label_and_reads_back_as_given(qtbot: QtBot) -> None:
    words = label(f"Remove {NAME} from Maru?")
    opened(qtbot, words, 200)
    assert words.text() == f"Remove {NAME} from Maru?"
    widest = max(piece for piece in (words.fontMetrics().horizontalAdvance(p) for p in NAME.split("_")))
    assert widest < 200
    assert words.heightForWidth(200) > 3 * words.fontMetrics().height()


def test_an_elided_label_keeps_the_whole_for_tooltip_and_screen_reader(qtbot: QtBot) -> None:
    words = ElidedLabel(NAME, mode=Qt.TextElideMode.ElideMiddle)
    opened(qtbot, words, 120)
    assert "…" in words.text()
    assert words.toolTip() == words.accessibleName() == NAME


def test_a_label_shows_tags_as_letters(qtbot: QtBot) -> None:
    words = label("<b>bold</b><img src='file:///x'>")
    opened(qtbot, words)
    assert words.textFormat() == Qt.TextFormat.PlainText


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (3, "A few seconds left"),
        (34, "About 30 seconds left"),
        (65, "About 1 minute left"),
        (3000, "About 50 minutes left"),
        (7300, "About 2 hours left"),
    ],
)
def test_time_left_is_told_as_people_say_it(seconds: float, told: str) -> None:
    assert time_left(seconds) == told


def test_icons_follow_the_colours(qtbot: QtBot, qapp: QApplication) -> None:
    view = Welcome()
    opened(qtbot, view, 700)
    try:
        theme.apply_theme(qapp, "dark")
        dark = view.grab().toImage().pixelColor(5, 5)
        theme.apply_theme(qapp, "light")
        assert view.grab().toImage().pixelColor(5, 5) != dark
    finally:
        theme.apply_theme(qapp, "light")


@pytest.mark.parametrize("percent", [100, 130, 200])
def test_presets_stand_under_each_other_where_large_text_leaves_no_room(
    qtbot: QtBot, qapp: QApplication, percent: int
) -> None:
    try:
        theme.apply_theme(qapp, "light", percent)
        panel = SamplingPanel(SamplingParams(), Preset.PRECISE)
        opened(qtbot, panel, 380)
        inside = panel.findChild(QWidget, "column")
        assert isinstance(inside, QWidget)
        buttons = panel.switch.buttons.values()
        qtbot.waitUntil(lambda: all(each.width() >= each.sizeHint().width() for each in buttons))
        corners = [each.mapTo(inside, each.rect().topRight()).x() for each in buttons]
        assert max(corners) < inside.width()
    finally:
        theme.apply_theme(qapp, "light")


def test_the_models_name_gives_way_to_what_appears_beside_it(qtbot: QtBot) -> None:
    header = Header(PresetSwitch())
    qtbot.addWidget(header)
    header.show_model("SmolLM2 135M · 97 MB · on the processor")
    header.resize(400, 60)
    header.show()
    qtbot.waitUntil(lambda: header.model.text().endswith("on the processor"))
    header.unfold.setFixedWidth(60)
    header.unfold.show()
    qtbot.waitUntil(lambda: header.model.text() == "SmolLM2 135M · 97 MB")  # no word is cut for another
    header.unfold.setFixedWidth(260)
    qtbot.waitUntil(lambda: header.model.text().endswith("…"))
