# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The recovery code: shown, kept, typed back; the home and its key are real."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from assistant.home_key import Given, recovery_confirmed
from assistant.paths import Home
from assistant.protecting import HomeProtection
from assistant.unlocking import unlock
from tests.homes import key_of
from ui.recovery import RecoveryDialog


@pytest.fixture
def dialog(home: Home, qtbot: QtBot) -> RecoveryDialog:
    made = RecoveryDialog(HomeProtection(home, key_of(home)))
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: bool(made.code.text()))
    return made


def test_the_code_is_shown_kept_and_typed_back(
    home: Home, dialog: RecoveryDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    code = dialog.code.text()
    assert len(code) == 35
    dialog.copy.click()
    assert QGuiApplication.clipboard().text() == code
    dialog.save_to(tmp_path / "code.txt")
    assert code in (tmp_path / "code.txt").read_text("utf-8")
    assert (tmp_path / "code.txt").stat().st_mode & 0o777 == 0o600
    assert code in dialog.document().toPlainText()
    dialog.have.click()
    assert dialog.pages.currentIndex() == 1
    dialog.typed.setText(code.lower())
    with qtbot.waitSignal(dialog.confirmed):
        qtbot.keyClick(dialog.typed, Qt.Key.Key_Return)
    assert recovery_confirmed(home)
    assert dialog.pages.currentIndex() == 2
    assert unlock(home, Given(recovery_code=code, keyring=False)).key == key_of(home)


def test_a_typing_error_and_another_code_are_told_apart(
    home: Home, dialog: RecoveryDialog, qtbot: QtBot
) -> None:
    code = dialog.code.text()
    dialog.have.click()
    dialog.typed.setText(code[:-1] + ("0" if code[-1] != "0" else "1"))
    dialog.check.click()
    qtbot.waitUntil(dialog.trouble.isVisible)
    assert "6" in dialog.trouble.words()
    another = HomeProtection(home, key_of(home)).new_recovery_code()
    dialog.typed.setText(another[:5] + code[5:] if another[:5] != code[:5] else code)
    dialog.check.click()
    qtbot.waitUntil(lambda: dialog.trouble.words() == "This is another code than the one that was shown.")
    assert not recovery_confirmed(home)
    dialog.back.click()
    assert dialog.code.text() == code


def test_a_place_that_cannot_be_written_is_told(dialog: RecoveryDialog, tmp_path: Path, qtbot: QtBot) -> None:
    dialog._save(str(tmp_path / "no" / "such" / "folder" / "code.txt"))
    assert dialog.trouble.isVisible()
    assert "could not be written" in dialog.trouble.words()
