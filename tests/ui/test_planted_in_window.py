# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""P4 in the window: what it remembers of itself holds nothing of what was written in it."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.planted import drawn, leaks
from tests.ui.fake_assistant import FakeAssistant
from tests.ui.windows import answered, ask
from ui.main_window import MainWindow


@pytest.mark.fault("P4")
def test_a_window_that_is_closed_remembers_no_word(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    planted = [one for one in drawn(60) if one.line.isascii() and one.line.isprintable()][:6]
    for one in planted:
        ask(window, one.line, qtbot)
    answered(window, qtbot, 2 * len(planted))
    conversation = assistant.conversations.all()[0]
    assistant.conversations.rename(conversation.id, planted[0].line)
    window.refresh_list()
    qtbot.keyClicks(window.frame.list.field, planted[1].value)
    qtbot.keyClicks(window.frame.composer.field, planted[2].value)  # a draft
    qtbot.keyClick(window.frame.composer.field, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    window.close()
    qtbot.waitUntil(lambda: bool(assistant.settings.window))  # it remembered something
    written = str(assistant.settings)
    assert [one for one in planted if one.value in written] == []
    found = leaks(planted, "", assistant.home)
    database = assistant.home.conversations.name  # in plain text here: this home has no key
    assert {Path(leak.where).name.partition(".db")[0] for leak in found} <= {Path(database).stem}
    assert found, "what is searched for is seen where it may be"
