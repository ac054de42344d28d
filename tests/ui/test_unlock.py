# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The first start, and what opens a home that is closed: real homes and keys, an Assistant that is a name."""

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from assistant.app import Assistant
from assistant.errors import DamagedError, DatabaseError, LockedError, LockedReason, MaruError
from assistant.home_conversion import Converting, Tell, in_silence
from assistant.home_key import Given, confirm_recovery, new_recovery_code
from assistant.key_file import KeyFile, Protection
from assistant.paths import Home
from assistant.restoring import Salvaged
from assistant.texts import text
from assistant.unlocking import conversion_waits, unlock
from tests.homes import PASSPHRASE, key_of
from tests.old_homes import make_old_home
from ui import app
from ui.conversion import ConversionWindow
from ui.passphrase import NewPassphrase, Strength, strength
from ui.starting import DamagedWindow, Mender
from ui.unlock import UnlockWindow

OPENED = object()
GOOD = "four harbours and a crow"


class Opening:
    """Opens a home as the program does, but for the Assistant itself."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.given: list[Given] = []
        self.fails: MaruError | None = None

    def __call__(self, given: Given, tell: Tell = in_silence) -> Assistant:
        self.given.append(given)
        if self.fails is not None:
            raise self.fails
        unlock(
            self.home,
            Given(given.passphrase, given.recovery_code, given.plain, keyring=False),
            tell=tell,
        )
        return OPENED  # type: ignore[return-value]


def window_of(home: Home, reason: LockedReason, qtbot: QtBot, *, has_code: bool = False) -> UnlockWindow:
    made = UnlockWindow(LockedError(text("Closed."), reason=reason), Opening(home), has_code=has_code)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
    return made


def opening(window: UnlockWindow) -> Opening:
    made = window._open_home
    assert isinstance(made, Opening)
    return made


@pytest.fixture
def new_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home that nobody has decided anything about."""
    made = Home(tmp_path_factory.mktemp("new") / "home")
    made.create()
    return made


def test_a_first_start_takes_a_passphrase_typed_twice(new_home: Home, qtbot: QtBot) -> None:
    window = window_of(new_home, LockedReason.NEW, qtbot)
    page = window.first
    assert window.title.text() == "Protect what you write"
    assert not page.protect.isEnabled()
    qtbot.keyClicks(page.new.first.field, GOOD)
    assert page.new.hint.text() == "Strong."
    qtbot.keyClick(page.new.first.field, Qt.Key.Key_Return)
    assert page.new.second.field.hasFocus()
    qtbot.keyClicks(page.new.second.field, "four harbors")
    assert page.new.hint.text() == "The second one is different."
    page.new.second.field.clear()
    qtbot.keyClicks(page.new.second.field, GOOD)
    qtbot.keyClick(page.new.second.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.assistant is OPENED)
    assert not window.isVisible()
    file = KeyFile.read(new_home)
    assert file is not None
    assert file.protection is Protection.PASSPHRASE
    assert unlock(new_home, Given(GOOD, keyring=False)).key is not None


def test_plain_text_is_chosen_in_so_many_words(new_home: Home, qtbot: QtBot) -> None:
    window = window_of(new_home, LockedReason.NEW, qtbot)
    page = window.first
    assert not page.confirm.isVisible()
    page.plain.click()
    assert "can then read your conversations" in page.warning.words()
    assert opening(window).given == []
    assert page.confirm.hasFocus()
    qtbot.keyClick(page.confirm, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.assistant is OPENED)
    file = KeyFile.read(new_home)
    assert file is not None
    assert (file.protection, file.chosen) == (Protection.PLAIN, True)


def test_a_wrong_passphrase_is_told_and_ten_of_them_take_patience(
    home: Home, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.unlock.pause_after", lambda wrong: 30.0 if wrong >= 10 else 0.0)
    window = window_of(home, LockedReason.PASSPHRASE, qtbot)
    field = window.locked.passphrase.field
    assert field.hasFocus()
    assert not window.trouble.isVisible()
    for tried in range(1, 11):
        field.setText(f"wrong {tried}")
        qtbot.keyClick(field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda tried=tried: window._wrong == tried)  # type: ignore[misc]
        assert field.hasSelectedText() or tried == 10, "what is typed next takes its place"
    assert "Capital letters" in window.trouble.words()
    assert window.busy.text() == "You can try again in 30 seconds."
    window.open_with(Given(PASSPHRASE))
    assert len(opening(window).given) == 10
    for _ in range(30):
        window._count_down()
    qtbot.keyClicks(field, PASSPHRASE)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.assistant is OPENED)


def test_what_is_typed_is_hidden_until_it_is_shown(home: Home, qtbot: QtBot) -> None:
    window = window_of(home, LockedReason.PASSPHRASE, qtbot)
    secret = window.locked.passphrase
    assert secret.field.echoMode() is QLineEdit.EchoMode.Password
    qtbot.keyClick(secret.show_button, Qt.Key.Key_Space)
    assert secret.field.echoMode() is QLineEdit.EchoMode.Normal


def test_the_recovery_code_opens_a_home_whose_passphrase_is_forgotten(home: Home, qtbot: QtBot) -> None:
    code = new_recovery_code(home, key_of(home))
    assert confirm_recovery(home, code)
    window = window_of(home, LockedReason.PASSPHRASE, qtbot, has_code=True)
    window.locked.use_code.click()
    field = window.code.code
    assert field.hasFocus()
    field.setText(code[:-1] + ("0" if code[-1] != "0" else "1"))
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(window.trouble.isVisible)
    assert "6" in window.trouble.words()  # the group with the typing error
    window.code.leave.click()
    assert window.locked.isVisible()
    window.locked.use_code.click()
    field.setText(code.lower().replace("-", " "))
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.assistant is OPENED)


@pytest.mark.parametrize(
    ("reason", "title"),
    [
        (LockedReason.KEYRING_ABSENT, "The keyring cannot be reached"),
        (LockedReason.KEYRING_LOCKED, "The keyring is locked"),
        (LockedReason.KEYRING_EMPTY, "The keyring is empty"),
        (LockedReason.KEYRING_CHANGED, "The keyring holds another key"),
    ],
)
@pytest.mark.parametrize("has_code", [True, False])
def test_a_keyring_that_does_not_open_is_explained(
    reason: LockedReason, title: str, has_code: bool, home: Home, qtbot: QtBot
) -> None:
    window = window_of(home, reason, qtbot, has_code=has_code)
    assert window.title.text() == title
    assert ("use your recovery code" in window.words.text()) == has_code
    assert window.keyring.use_code.isVisible() == has_code
    opening(window).fails = LockedError(text("Closed."), reason=reason)
    window.keyring.again.click()
    qtbot.waitUntil(lambda: opening(window).given == [Given()] and window._task is None)
    assert window.isVisible()
    assert window.keyring.isVisible()


def test_what_nobody_can_help_ends_the_asking(home: Home, qtbot: QtBot) -> None:
    window = window_of(home, LockedReason.PASSPHRASE, qtbot)
    opening(window).fails = DatabaseError(text("The disk is gone."))
    window.open_with(Given("x"))
    qtbot.waitUntil(lambda: window.error is opening(window).fails)
    assert window.assistant is None
    assert not window.isVisible()


def act_on(kind: type, act: Callable[..., None]) -> None:
    """Do something in the window of this kind once it is in front."""

    def look() -> None:
        found = [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]
        if found:
            act(found[0])
        else:
            QTimer.singleShot(5, look)

    QTimer.singleShot(0, look)


@pytest.fixture
def old_home(tmp_path: Path) -> Home:
    """Return a plain home of before there was a key."""
    made = Home(tmp_path / "old")
    make_old_home(made, 99, 99, None)
    return made


def test_a_home_that_is_encrypted_on_its_way_in_tells_how_far_that_is(
    old_home: Home, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[bool, str, int]] = []
    go = threading.Event()

    def open_home(home: Home, tell: Tell, given: Given | None = None) -> Assistant:
        def telling(step: Converting) -> None:
            if 0 < step.done < step.total and not step.checking:  # until it was seen
                tell(replace(step, done=step.done * 1000, total=step.total * 1000))
                assert go.wait(10)

        unlock(home, Given(GOOD, keyring=False), tell=telling)
        raise DatabaseError(text("Enough."))

    def look(window: ConversionWindow) -> None:
        window.reject()
        told.append((window.isVisible(), window.bar.sentence.text(), window.bar.bar.value()))
        go.set()

    act_on(ConversionWindow, look)
    monkeypatch.setattr(app, "show_fatal", lambda error: error)
    error: object = app.open_window(old_home, open_home)
    assert str(error) == "Enough."
    [(stayed, words, share)] = told
    assert stayed
    assert re.fullmatch(r"Encrypting what Maru keeps: \d+ MB of \d+ MB", words)
    assert 0 < share < 1000
    assert not conversion_waits(old_home)


def test_the_window_that_asks_for_the_passphrase_tells_how_far_it_is(old_home: Home, qtbot: QtBot) -> None:
    window = window_of(old_home, LockedReason.NEW, qtbot)
    seen: list[str] = []
    show = window.bar.show_step
    window.bar.show_step = lambda step: (show(step), seen.append(window.bar.sentence.text()))  # type: ignore[method-assign, func-returns-value]
    window.open_with(Given(passphrase=GOOD))
    qtbot.waitUntil(lambda: window.assistant is OPENED)
    assert len(seen) >= 2
    assert {words.split(":")[0] for words in seen} == {
        "Encrypting what Maru keeps",
        "Checking what was written…",
    }
    assert not window.bar.isVisible()


def test_a_home_that_is_left_closed_ends_the_program(home: Home, qtbot: QtBot) -> None:
    def refuse(_home: Home, given: Given | None = None, tell: Tell = in_silence) -> Assistant:
        raise LockedError(text("Closed."), reason=LockedReason.PASSPHRASE)

    act_on(UnlockWindow, lambda window: window.reject())
    assert app.open_window(home, refuse) == app.FAILED


def test_a_damaged_database_offers_the_snapshot_or_what_can_be_read(
    home: Home, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr("ui.starting.restore_closed", lambda _home, _key, name, _budget: done.append(name))
    monkeypatch.setattr("ui.starting.start_from_readable", lambda _home, _key: done.append("readable"))
    told: list[str] = []

    def refuse(_home: Home, given: Given | None = None, tell: Tell = in_silence) -> Assistant:
        snapshot = "2026-11-20T09-30-00Z" if not done else ""
        if len(done) == 2:
            raise DatabaseError(text("Enough."))
        raise DamagedError(text("Damaged."), text("Choose."), file="conversations.db", snapshot=snapshot)

    def choose(window: DamagedWindow) -> None:
        told.append(window.restore.text() if window.restore.isVisible() else "")
        (window.rescue if done else window.restore).click()
        if not done or len(done) == 1:
            act_on(DamagedWindow, choose_next)

    def choose_next(window: DamagedWindow) -> None:
        if window.mended or not window.rescue.isEnabled():
            QTimer.singleShot(5, lambda: act_on(DamagedWindow, choose_next))
            return
        told.append(window.restore.text() if window.restore.isVisible() else "")
        window.rescue.click()

    act_on(DamagedWindow, choose)
    monkeypatch.setattr(app, "show_fatal", lambda error: told.append(str(error)) or app.FAILED)
    assert app.open_window(home, refuse) == app.FAILED
    assert done == ["2026-11-20T09-30-00Z", "readable"]
    assert told[0].startswith("Go back to the snapshot of 20 November 2026")
    assert told[1:] == ["", "Enough."]


class Waiting(Mender):
    """Mends once it may, and not well."""

    def __init__(self, home: Home) -> None:
        super().__init__(home, None)
        self.go = threading.Event()

    def rescue(self) -> list[Salvaged]:
        self.go.wait(10)
        raise DatabaseError(text("There is no room."))


def test_mending_is_not_left_in_the_middle_and_says_what_went_wrong(home: Home, qtbot: QtBot) -> None:
    mender = Waiting(home)
    window = DamagedWindow(DamagedError(text("Damaged."), file="library.db"), mender)
    qtbot.addWidget(window)
    window.show()
    assert not window.restore.isVisible()  # there is no snapshot
    window.rescue.click()
    window.reject()
    assert window.isVisible()
    assert not window.leave.isEnabled()
    mender.go.set()
    qtbot.waitUntil(lambda: window.trouble.words() == "There is no room.")
    window.leave.click()
    assert not window.isVisible()
    assert not window.mended


@pytest.mark.parametrize("there", [False, True])
def test_of_a_database_that_is_gone_nothing_is_said_to_be_kept(home: Home, qtbot: QtBot, there: bool) -> None:
    home.root.mkdir(parents=True, exist_ok=True)
    if there:
        home.library.write_bytes(b"damaged")
    window = DamagedWindow(DamagedError(text("Damaged."), file="library.db"), Mender(home, None))
    qtbot.addWidget(window)
    words = [one.text() for one in window.findChildren(QLabel)]
    assert ("Whatever you choose, the damaged file is kept beside the new one." in words) == there
    assert window.rescue.text() == ("Keep what can still be read" if there else "Begin with a new, empty one")


@pytest.mark.parametrize(
    ("words", "how"),
    [
        ("short", Strength.SHORT),
        ("aaaaaaaaaaaaaaaa", Strength.WEAK),
        ("12345678", Strength.WEAK),
        ("harbourcrow", Strength.WEAK),
        (GOOD, Strength.STRONG),
        ("여덟 강과 까마귀 한 마리", Strength.STRONG),
    ],
)
def test_a_passphrase_is_weighed(words: str, how: Strength) -> None:
    assert strength(words) is how


def test_a_new_passphrase_is_none_until_both_are_the_same(qtbot: QtBot) -> None:
    asked = NewPassphrase()
    qtbot.addWidget(asked)
    asked.first.field.setText(GOOD)
    assert asked.passphrase() == ""
    asked.second.field.setText(GOOD[:5])
    assert asked.hint.text() == "Go on: the second one is not whole yet."
    asked.second.field.setText(GOOD)
    assert asked.passphrase() == GOOD
    asked.clear()
    assert asked.passphrase() == ""
