# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What holds for every panel: names for screen readers, all of it by keyboard, nothing cut off."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from assistant.documents.protocol import DocumentRow, FileResult, FileStatus, PagePicture
from assistant.errors import DocumentError
from assistant.passages import Passage, Passages, Place, PlaceKind
from assistant.sampling import Preset, SamplingParams
from assistant.settings import Settings
from assistant.texts import text
from ui import theme
from ui.documents_panel import DocumentsPanel
from ui.keys_view import KeyLine, KeysView
from ui.models_panel import ModelsPanel
from ui.page_view import PageView
from ui.prompt_view import PromptView
from ui.sampling_panel import SamplingPanel
from ui.settings_dialog import SettingsDialog
from ui.sources_panel import SourcesPanel
from ui.welcome import Welcome

LONG = Path("/home/ann/임대차계약서_2024년_최종본_서명완료_사본_with_a_very_long_name.pdf")
PASSAGE = Passage(str(LONG), Place(PlaceKind.SECTION, 0, None, "제3조(차임) > Rent"), 0, 60, "월세 850 " * 10)
CONTROLS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit)


def refuse(*_given: object) -> PagePicture:
    raise DocumentError(text("The file is no longer there."), text("Add it again."))


def documents() -> QWidget:
    panel = DocumentsPanel()
    panel.show_documents([DocumentRow(LONG, "계약", 3, 9, "added")] * 9)
    panel.show_result(FileResult(LONG, FileStatus.FAILED, 0, 0, 0.1, f"{LONG.name} is encrypted."))
    panel.indexing_finished()
    panel.removal.ask([LONG])
    return panel


def sources() -> QWidget:
    panel = SourcesPanel()
    panel.show_sources(Passages((PASSAGE, PASSAGE), supported=False, vectors_used=False))
    return panel


def page() -> QWidget:
    view = PageView(refuse, lambda _path: [])
    view.show_passage(PASSAGE)
    return view


def prompt() -> QWidget:
    view = PromptView()
    view.show_prompt("user: [EMAIL_1]", {"EMAIL": 1})
    return view


PANELS: dict[str, Callable[[], QWidget]] = {
    "documents": documents,
    "sources": sources,
    "page": page,
    "prompt": prompt,
    "welcome": Welcome,
    "sampling": lambda: SamplingPanel(SamplingParams(seed=7), Preset.PRECISE),
    "models": ModelsPanel,
    "settings": lambda: SettingsDialog(Settings(threads=2), None, LONG.parent),
    "keys": lambda: KeysView([KeyLine("Ctrl+N", "New conversation")]),
}


def opened(qtbot: QtBot, name: str, width: int = 380) -> QWidget:
    panel = PANELS[name]()
    qtbot.addWidget(panel)
    panel.resize(width, 700)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def controls(panel: QWidget) -> list[QWidget]:
    found = [each for kind in CONTROLS for each in panel.findChildren(kind)]
    inner = {each for box in panel.findChildren(QAbstractSpinBox) for each in box.findChildren(QLineEdit)}
    ours = [each for each in found if each not in inner and not isinstance(each, QScrollBar)]
    return [each for each in ours if each.isVisibleTo(panel) and each.parent() is not None]


@pytest.mark.parametrize("name", PANELS)
def test_every_control_has_a_name_for_screen_readers(qtbot: QtBot, name: str) -> None:
    panel = opened(qtbot, name)
    inner = {b for field in panel.findChildren(QLineEdit) for b in field.findChildren(QAbstractButton)}
    lists = [v for v in panel.findChildren(QAbstractItemView) if v.isVisibleTo(panel)]
    told = {each: each.accessibleName() or getattr(each, "text", str)() for each in controls(panel) + lists}
    assert [each for each, words in told.items() if not words and each not in inner] == []


@pytest.mark.parametrize("name", PANELS)
def test_tab_reaches_every_control(qtbot: QtBot, name: str) -> None:
    panel = opened(qtbot, name)
    usable = [each for each in controls(panel) if each.isEnabled()]
    wanted = {
        each for each in usable if each.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
    }
    reached: list[QWidget] = []
    panel.setFocus()
    while len(reached) < 200:
        qtbot.keyClick(panel.focusWidget() or panel, Qt.Key.Key_Tab)
        focused = panel.focusWidget()
        if focused is None or focused in reached[:1]:
            break
        reached.append(focused)
    missed = [f"{type(each).__name__} {each.accessibleName()}" for each in wanted - set(reached)]
    # Of a group of buttons only the pressed one is a stop; the arrow keys reach the others.
    assert [each for each in missed if not each.endswith(("Balanced", "Creative"))] == []


@pytest.mark.parametrize("percent", [100, 130, 200])
def test_nothing_is_wider_than_the_side_panel(qtbot: QtBot, qapp: QApplication, percent: int) -> None:
    try:
        theme.apply_theme(qapp, "light", percent)
        for name in ("documents", "sources", "page", "prompt", "sampling", "models"):
            panel = opened(qtbot, name)
            qtbot.waitUntil(lambda panel=panel: fits(panel))  # type: ignore[misc]
            panel.close()
    finally:
        theme.apply_theme(qapp, "light")


def fits(panel: QWidget) -> bool:
    rights = [each.mapTo(panel, each.rect().topRight()).x() for each in controls(panel)]
    return panel.width() == 380 and max(rights) < 380
