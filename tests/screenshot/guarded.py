# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures of the data on the disk: first start, unlocking, the recovery code, snapshots, deletion."""

import shutil
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from assistant.errors import DamagedError, LockedError, LockedReason
from assistant.home_key import Given
from assistant.texts import text, tr
from tests.screenshot.person import Person
from ui.disk_page import DiskPage
from ui.settings_dialog import SettingsDialog
from ui.starting import DamagedWindow, Mender
from ui.unlock import UnlockWindow

DATA = Path(__file__).resolve().parents[1] / "data"
PASSPHRASE = "여덟 harbours, one crow"


def look_at_doors(person: Person) -> None:
    """See what stands in place of the window while a home is closed."""
    closed = LockedError(text("The passphrase does not open this home."), reason=LockedReason.NEW)
    window = UnlockWindow(closed, lambda _given, _tell: person.assistant)
    picture(person, window, "20-first-start", lambda: None)
    for field in (window.first.new.first.field, window.first.new.second.field):
        QTest.keyClicks(field, PASSPHRASE) if PASSPHRASE.isascii() else field.insert(PASSPHRASE)
    picture(person, window, "21-passphrase", lambda: None)
    picture(person, window, "22-unprotected", window.first.plain.click)
    window.close()
    for number, reason in enumerate((LockedReason.WRONG_PASSPHRASE, LockedReason.KEYRING_EMPTY), 23):
        wrong = LockedError(text("The passphrase does not open this home."), reason=reason)
        window = UnlockWindow(wrong, lambda _given, _tell: person.assistant, has_code=True)
        window.show_error(wrong)
        picture(person, window, f"{number}-{reason.name.lower().replace('_', '-')}", lambda: None)
        if reason is LockedReason.KEYRING_EMPTY:
            picture(person, window, "25-recovery-code-asked", window.keyring.use_code.click)
        window.close()
    damaged = DamagedError(
        text("{file} is damaged.", file="conversations.db"),
        text("A snapshot of it is whole."),
        file="conversations.db",
        snapshot="2026-11-20T09-30-00Z",
    )
    mending = DamagedWindow(damaged, Mender(person.assistant.home, Given()))
    picture(person, mending, "26-damaged", lambda: None)
    mending.close()


def goes_back(person: Person) -> None:
    """Go back to the snapshot: the window closes, to be opened again."""
    _dialog, page = opens_your_data(person)
    person.waits(lambda: bool(page.snapshots.buttons), "the snapshots")
    QTest.mouseClick(page.snapshots.buttons[-1], Qt.MouseButton.LeftButton)
    QTest.keyClick(page.snapshots.question.confirm, Qt.Key.Key_Space)
    person.waits(lambda: person.window.reopens, "the end of the window")


def deletes_for_good(person: Person) -> None:
    """See the home as it was, and delete the conversation from it, also from the snapshots."""
    person.comes_back()
    person.picture("50-gone-back")
    listed = person.assistant.conversations.all()[0]
    person.window.frame.list.wipe_wanted.emit(listed.id, listed.title)
    kept = person.window.on_demand.kept
    person.waits(lambda: kept.question is not None and kept.question.isVisible(), "the question")
    assert kept.question is not None
    QTest.keyClick(kept.question.from_snapshots, Qt.Key.Key_Space)
    QTest.keyClick(kept.question.deletes, Qt.Key.Key_Space)
    person.waits(person.window.frame.note.isVisible, "the end of it")
    person.picture("51-deleted-for-good")


def look_at_large(person: Person) -> None:
    """See the same in large letters."""
    closed = LockedError(text("The passphrase does not open this home."), reason=LockedReason.NEW)
    window = UnlockWindow(closed, lambda _given, _tell: person.assistant)
    picture(person, window, "40-first-start-text-200", window.first.plain.click)
    window.close()
    person.opens_settings()
    dialog = person.dialog()
    assert isinstance(dialog, SettingsDialog)
    for number, name in enumerate((tr("Personal data"), tr("Your data")), 41):
        dialog.show_page(name)
        person.picture(f"{number}-settings-text-200", dialog)
    person.closes_dialog()


def keeps_the_code(person: Person) -> None:
    """Take the recovery code after the first answer, and type it back."""
    kept = person.window.on_demand.kept
    person.waits(kept.card.isVisible, "the card of the recovery code")
    person.picture("30-recovery-card")
    QTest.mouseClick(kept.card.show_button, Qt.MouseButton.LeftButton)
    dialog = kept.code
    assert dialog is not None
    person.waits(lambda: bool(dialog.code.text()), "the code")
    person.picture("31-recovery-code", dialog)
    code = dialog.code.text()
    QTest.mouseClick(dialog.have, Qt.MouseButton.LeftButton)
    wrong = "0" if code[0] != "0" else "1"
    QTest.keyClicks(dialog.typed, wrong + code[1:].lower())
    QTest.keyClick(dialog.typed, Qt.Key.Key_Return)
    person.waits(dialog.trouble.isVisible, "the typing error")
    person.picture("32-typed-wrong", dialog)
    dialog.typed.clear()
    QTest.keyClicks(dialog.typed, code.lower().replace("-", " "))
    QTest.keyClick(dialog.typed, Qt.Key.Key_Return)
    person.waits(lambda: dialog.pages.currentIndex() == 2, "the right code")
    person.picture("33-code-kept", dialog)
    QTest.mouseClick(dialog.close_button, Qt.MouseButton.LeftButton)


def looks_after_data(person: Person) -> None:
    """See how the data is kept, take a snapshot, and ask to go back to it."""
    dialog, page = opens_your_data(person)
    QTest.mouseClick(page.snapshots.now, Qt.MouseButton.LeftButton)
    person.waits(lambda: len(page.snapshots.buttons) == 1, "the snapshot")
    person.picture("34-your-data", dialog)
    page.snapshots.buttons[0].setFocus()
    QTest.keyClick(page.snapshots.buttons[0], Qt.Key.Key_Space)
    page.ensureWidgetVisible(page.snapshots.question)
    person.picture("35-go-back", dialog)
    QTest.keyClick(page.snapshots.question.keep, Qt.Key.Key_Escape)
    page.deletion.wipe.click()
    QTest.qWait(50)
    page.verticalScrollBar().setValue(page.verticalScrollBar().maximum())
    person.picture("36-delete-everything", dialog)
    page.deletion.question.hide()
    person.closes_dialog()


def looks_into_document(person: Person, place: Path) -> None:
    """Ask what personal data a document holds, and what keeps it when it is deleted."""
    path = place / "applications.csv"
    shutil.copy(DATA / "members.csv", path)
    with path.open("a", encoding="utf-8") as file:
        file.write("kim@example.co.kr,010-1234-5678,4111 1111 1111 1111\nlee@example.com,192.168.0.7,\n")
    person.drags(path)
    person.drops(path)
    person.waits_for_documents()
    panel = person.window.on_demand.documents
    panel.outcome.hide()
    panel.personal_wanted.emit(path)
    person.waits(panel.personal.kinds.isVisible, "what is in it")
    person.picture("37-personal-data-of-a-document")
    listed = person.assistant.conversations.all()[0]
    person.window.frame.list.wipe_wanted.emit(listed.id, listed.title)
    kept = person.window.on_demand.kept
    person.waits(lambda: kept.question is not None and kept.question.isVisible(), "the question")
    assert kept.question is not None
    person.picture("38-delete-for-good", kept.question)
    kept.question.keeps.click()


def opens_your_data(person: Person) -> tuple[SettingsDialog, DiskPage]:
    """Open the settings at what tells of the data on the disk."""
    person.opens_settings()
    dialog = person.dialog()
    assert isinstance(dialog, SettingsDialog)
    dialog.show_page(tr("Your data"))
    page = dialog.findChild(DiskPage)
    assert isinstance(page, DiskPage)
    return dialog, page


def picture(person: Person, window: QDialog, name: str, act: Callable[[], None]) -> None:
    """Show a window, do something in it, and keep a picture."""
    window.show()
    act()
    person.picture(name, window)
