# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What a person does in a whole window, for tests with a FakeAssistant behind it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ui.main_window import MainWindow


def ask(window: MainWindow, words: str, qtbot: QtBot) -> None:
    window.frame.composer.field.setFocus()
    qtbot.keyClicks(window.frame.composer.field, words)
    qtbot.keyClick(window.frame.composer.field, Qt.Key.Key_Return)


def answered(window: MainWindow, qtbot: QtBot, count: int = 2) -> None:
    turns = window.frame.chat
    qtbot.waitUntil(
        lambda: (
            not window.answering.busy and len(turns.turns) == count and all(turn.id for turn in turns.turns)
        )
    )


def shown(window: MainWindow) -> list[str]:
    return [turn.text for turn in window.frame.chat.turns]


def click(window: MainWindow, row: int, name: str, qtbot: QtBot) -> None:
    view = window.frame.chat.view_of(row)
    assert view is not None
    found = [one for one in view.findChildren(QWidget) if one.accessibleName() == name]
    found += [one for one in view.findChildren(QPushButton) if one.text() == name]
    qtbot.mouseClick(found[0], Qt.MouseButton.LeftButton)
