# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Deleting for good, from the window: a real home with real stores; only the engines are fakes."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from assistant.app import Assistant
from assistant.messages import FinishReason, Role
from assistant.paths import Home
from assistant.receipts import DocumentRead, Receipt
from assistant.transcripts import Transcript, Turn
from ui.main_window import MainWindow
from ui.wipe_question import WipeQuestion


def question_of(whole: MainWindow, qtbot: QtBot) -> WipeQuestion:
    qtbot.waitUntil(lambda: whole.on_demand.kept.question is not None)
    asked = whole.on_demand.kept.question
    assert asked is not None
    return asked


def test_a_conversation_is_deleted_for_good_after_a_yes(
    whole: MainWindow, kept: Assistant, home: Home, qtbot: QtBot
) -> None:
    shutil.rmtree(home.snapshots)
    number = kept.conversations.all()[0].id
    whole._open(number)
    whole.frame.list.wipe_wanted.emit(number, "Who paints the boat?")
    asked = question_of(whole, qtbot)
    assert asked.text() == "Delete “Who paints the boat?” for good?"
    assert asked.informativeText() == "This cannot be undone. No snapshot keeps it."
    assert asked.defaultButton() is asked.keeps
    asked.deletes.click()
    qtbot.waitUntil(lambda: "deleted for good" in whole.frame.note.words.text())
    assert [one.title for one in kept.conversations.all()] == ["Where is the lease?"]
    assert whole.answering.conversation_id == 0


def test_what_a_snapshot_keeps_is_said_with_its_day_and_can_go_too(
    whole: MainWindow, kept: Assistant, qtbot: QtBot
) -> None:
    kept.keeping.snapshot_now()
    number = kept.conversations.all()[0].id
    whole.frame.list.wipe_wanted.emit(number, "Who paints the boat?")
    asked = question_of(whole, qtbot)
    assert "A snapshot keeps it until" in asked.informativeText()
    asked.from_snapshots.setChecked(True)
    asked.deletes.click()
    qtbot.waitUntil(lambda: whole.frame.note.words.text() == "It is deleted for good.")
    assert kept.keeping.kept_until(number) is None


def test_what_a_snapshot_keeps_of_what_was_deleted_can_still_go(
    whole: MainWindow, kept: Assistant, qtbot: QtBot
) -> None:
    kept.keeping.snapshot_now()
    number = kept.conversations.all()[0].id
    whole.frame.list.wipe_wanted.emit(number, "Who paints the boat?")
    question_of(whole, qtbot).deletes.click()
    note = whole.frame.note
    qtbot.waitUntil(lambda: "A snapshot keeps it until" in note.words.text())
    assert note.button.isVisible()
    assert note.button.text() == "Delete it from the snapshots too"
    note.button.click()
    qtbot.waitUntil(lambda: note.words.text() == "It is deleted for good.")
    assert not note.button.isVisible()
    assert kept.keeping.kept_until(number) is None
    assert [one.title for one in kept.conversations.all()] == ["Where is the lease?"]


def test_a_document_that_only_a_lost_conversation_quotes_is_told_and_goes(
    whole: MainWindow, kept: Assistant, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "letter.md"
    receipt = Receipt(whole=(DocumentRead(str(path), 7),)).to_json()
    turns = (
        Turn(Role.USER, "?", None, 1.0),
        Turn(Role.ASSISTANT, "!", 0, 1.0, FinishReason.STOP, receipt),
    )
    number = kept.conversations.transcripts.write(Transcript("It quotes", 1.0, 1.0, turns, 1))
    assert number is not None
    kept.keeping.snapshot_now()
    kept.keeping.wipe_conversation(number)
    whole.on_demand.documents.wipe_wanted.emit(path)
    asked = question_of(whole, qtbot)
    assert "A snapshot keeps it until" in asked.informativeText()
    assert "Conversations that quote it and are only in snapshots" in asked.informativeText()
    asked.from_snapshots.setChecked(True)
    asked.deletes.click()
    qtbot.waitUntil(lambda: whole.frame.note.words.text() == "It is deleted for good.")
    assert kept.keeping.document_kept_until(path) is None
    assert kept.keeping.kept_until(number) is None


def test_nothing_is_deleted_without_a_yes(qtbot: QtBot, whole: MainWindow) -> None:
    told: list[bool] = []
    asked = WipeQuestion("Delete it?", datetime(2026, 11, 28, tzinfo=UTC), whole)
    asked.wiped.connect(told.append)
    asked.open()
    qtbot.keyClick(asked, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not asked.isVisible())
    assert told == []


def test_a_document_tells_what_personal_data_is_in_it(
    whole: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "letter.md"
    path.write_text("Mail kim@example.co.kr and lee@example.com, card 4111 1111 1111 1111.", encoding="utf-8")
    whole.add_documents([path])
    panel = whole.on_demand.documents
    qtbot.waitUntil(lambda: panel.list.model().rowCount() == 1 and not whole.adding.busy)
    panel.personal_wanted.emit(path)
    qtbot.waitUntil(panel.personal.kinds.isVisible)
    assert panel.personal.kinds.text() == "• 2 e-mail addresses\n• 1 card number"
    panel.personal.copy.click()
    chosen = whole.on_demand.kept.dialog
    assert chosen is not None
    chosen.fileSelected.emit(str(tmp_path / "copy.md"))
    chosen.close()
    qtbot.waitUntil((tmp_path / "copy.md").exists)
    qtbot.waitUntil(lambda: "Written to" in whole.frame.note.words.text())
    assert "kim@example.co.kr" not in (tmp_path / "copy.md").read_text("utf-8")
    panel.wipe_wanted.emit(path)
    asked = question_of(whole, qtbot)
    assert "letter.md" in asked.text()
    asked.deletes.click()
    qtbot.waitUntil(lambda: panel.list.model().rowCount() == 0)
    assert path.exists()
