# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from assistant.app import Assistant
from assistant.errors import DatabaseError, HomeHeldError, LockedError, LockedReason, MaruError
from assistant.home_conversion import Tell, in_silence
from assistant.home_key import Given, new_recovery_code
from assistant.messages import FinishReason
from assistant.opening import open_assistant
from assistant.paths import Home
from assistant.texts import text, use_language
from assistant.unlocking import KeySearch
from tests.assistants import FAKE_ENGINES
from tests.homes import PASSPHRASE, key_of
from tests.ui.fake_assistant import FakeAssistant
from ui import app, theme
from ui.error_display import ErrorNote, FatalWindow
from ui.main_window import MainWindow
from ui.one_window import Doorbell, door_name, ring
from ui.unlock import UnlockWindow

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _as_before(qapp: QApplication) -> Iterator[None]:
    yield
    theme.apply_theme(qapp, "light")


def luminance(colour: str) -> float:
    channels = [channel / 255 for channel in QColor(colour).getRgb()[:3]]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("roles", [theme.LIGHT, theme.DARK])
def test_text_has_a_contrast_of_at_least_four_and_a_half(roles: theme.Colours) -> None:
    grounds = (roles.surface, roles.side, roles.raised, roles.soft)
    for ground in grounds:
        for words in (roles.text, roles.quiet, roles.accent, roles.warning, roles.danger, roles.mask):
            assert contrast(words, ground) >= 4.5, (words, ground)
    for words, ground in (
        (roles.on_accent, roles.accent),
        (roles.accent, roles.accent_soft),
        (roles.text, roles.hover),
        (roles.quiet, roles.hover),
        (roles.warning, roles.warning_soft),
        (roles.danger, roles.danger_soft),
        (roles.mask, roles.mask_soft),
    ):
        assert contrast(words, ground) >= 4.5, (words, ground)


@pytest.mark.parametrize(
    ("passphrase", "code"),
    [(PASSPHRASE, 0), ("wrong", 1)],
    ids=["its own home", "a home with another passphrase"],
)
def test_the_program_paints_once_and_ends_when_it_is_timed(home: Home, passphrase: str, code: int) -> None:
    FakeAssistant(home.root).close()
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "QT_QPA_PLATFORM": "offscreen",
        "MARU_PASSPHRASE": passphrase,
        app.EXIT_WHEN_READY: "1",
    }
    command = [sys.executable, "-m", "ui", "--home", str(home.root)]
    ended = subprocess.run(command, env=environment, check=False, timeout=60, capture_output=True)
    assert ended.returncode == code, ended.stderr
    assert ended.stdout.splitlines() == ([b"ready"] if code == app.OK else [])
    assert not (home.root / "models").exists() or not list((home.root / "models").iterdir())


@pytest.mark.parametrize(
    "error",
    [
        LockedError(text("key.json is damaged."), text("Bring back a copy."), reason=LockedReason.DAMAGED),
        DatabaseError(text("The conversations are damaged."), text("Bring back a copy.")),
        HomeHeldError(text("Another Maru has this home."), text("Close it.")),
    ],
)
def test_a_home_that_cannot_be_opened_is_told_with_exit_code_one(
    error: MaruError, home: Home, qtbot: QtBot, qapp: QApplication
) -> None:
    told: list[str] = []

    def look() -> None:
        window = qapp.activeModalWidget()
        assert isinstance(window, FatalWindow)
        told.extend([str(error.message), str(error.hint)])
        window.close_button.click()

    def refuse(_home: Home) -> Assistant:
        QTimer.singleShot(0, look)
        raise error

    assert app.open_window(home, refuse) == 1
    assert told


def test_a_question_that_waits_when_the_window_is_closed_is_kept(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = QEventLoop()  # in place of the program's: a program that has quit runs no second one

    def ask_and_quit(_app: QApplication, window: MainWindow) -> Callable[[], None]:
        def act() -> None:
            for words in ("long", "And then?"):
                window.answering.ask(words)
            window.close()
            loop.quit()

        return act

    monkeypatch.setattr(app, "make_app", lambda _home: loop)
    monkeypatch.setattr(app, "_when_painted", ask_and_quit)
    assert app.open_window(home, lambda home: open_assistant(home, FAKE_ENGINES)) == app.OK
    with open_assistant(home, FAKE_ENGINES) as assistant:
        [conversation] = assistant.conversations.all()
        branch = assistant.conversations.branch(conversation.id)
    assert [one.message.content for one in branch[::2]] == ["long", "And then?"]
    assert branch[-1].finish_reason is FinishReason.FAILED


def test_a_window_that_is_to_open_again_is_over_the_home_as_it_is_then(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, seen = QEventLoop(), []  # in place of the program's: a program that has quit runs no second one

    def act(_app: QApplication, window: MainWindow) -> Callable[[], None]:
        def close() -> None:
            store = window._assistant.conversations
            seen.append([one.title for one in store.all()])
            store.create("Written by the first window")
            (window.close if len(seen) == 2 else window.reopen)()
            loop.quit()

        return close

    monkeypatch.setattr(app, "make_app", lambda _home: loop)
    monkeypatch.setattr(app, "_when_painted", act)
    assert app.open_window(home, lambda home: open_assistant(home, FAKE_ENGINES)) == app.OK
    assert seen == [[], ["Written by the first window"]]


def test_what_the_search_for_the_key_found_holds_for_the_first_time_alone(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, told, given_by = QEventLoop(), [], []
    code = new_recovery_code(home, key_of(home))

    def act(_app: QApplication, window: MainWindow) -> Callable[[], None]:
        def close() -> None:
            told.append(window.frame.note.words.text())
            window.close()
            loop.quit()

        return lambda: QTimer.singleShot(0, close)

    def open_home(
        home: Home,
        given: Given | None = None,
        search: KeySearch | None = None,
        tell: Tell = in_silence,
    ) -> Assistant:
        given_by.append((given, search))
        return open_assistant(home, FAKE_ENGINES, given, search, tell)

    def type_code() -> None:
        asked = [one for one in QApplication.topLevelWidgets() if isinstance(one, UnlockWindow)]
        if not asked:
            QTimer.singleShot(5, type_code)
            return
        asked[0].locked.use_code.click()
        asked[0].code.code.setText(code)
        asked[0].code.open.click()

    monkeypatch.setattr(app, "make_app", lambda _home: loop)
    monkeypatch.setattr(app, "_when_painted", act)
    QTimer.singleShot(0, type_code)
    wrong = KeySearch(home, Given("wrong", keyring=False))
    assert app.open_window(home, open_home, wrong) == app.OK
    assert given_by == [(None, wrong), (Given(recovery_code=code), None)]
    assert told[0].startswith("The recovery code opened Maru.")


def test_a_second_start_raises_the_first_window(home: Home, qtbot: QtBot, tmp_path: Path) -> None:
    doorbell = Doorbell(home)
    doorbell.listen()
    with qtbot.waitSignal(doorbell.rung):
        assert ring(home)
    assert not ring(Home(tmp_path / "another"))
    doorbell.close()
    assert not ring(home)


def test_the_door_has_a_name_that_tells_no_path(home: Home) -> None:
    assert door_name(home).startswith("maru-")
    assert home.root.name not in door_name(home)


def test_a_second_start_ends_well(home: Home, qtbot: QtBot) -> None:
    doorbell = Doorbell(home)
    doorbell.listen()

    def held(_home: Home) -> Assistant:
        raise HomeHeldError(text("Held."))

    with qtbot.waitSignal(doorbell.rung):
        assert app.open_window(home, held) == 0
    doorbell.close()


def test_qt_speaks_korean_where_maru_does(qapp: QApplication) -> None:
    use_language("ko")
    app.translate_qt(qapp)
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text() == "취소"
    for translator in qapp.children():
        with contextlib.suppress(TypeError, AttributeError):
            qapp.removeTranslator(translator)  # type: ignore[arg-type]


def test_the_theme_follows_the_wish(qapp: QApplication) -> None:
    theme.apply_theme(qapp, "dark", 150)
    assert theme.colours() is theme.DARK
    assert theme.px(20) == 30
    theme.apply_theme(qapp, "light", 1000)
    assert theme.colours() is theme.LIGHT
    assert theme.text_percent() == theme.TEXT_PERCENT_HIGH


def test_every_icon_can_be_drawn(qapp: QApplication) -> None:
    for file in (ROOT / "resources" / "icons").glob("*.svg"):
        image = theme.icon(file.stem).pixmap(20, 20).toImage()
        assert any(image.pixelColor(x, y).alpha() for x in range(20) for y in range(20)), file.stem


def test_a_note_says_what_to_do_and_offers_one_button(qtbot: QtBot) -> None:
    note, pressed = ErrorNote(), []
    qtbot.addWidget(note)
    note.show_error(DatabaseError(text("It broke."), text("Mend it.")), "Mend", lambda: pressed.append(True))
    assert note.words.text() == "It broke.\nMend it."
    qtbot.mouseClick(note.button, Qt.MouseButton.LeftButton)
    assert pressed == [True]
    assert note.isHidden()


def test_the_button_of_a_note_leaves_its_words_the_room_they_need(qtbot: QtBot) -> None:
    note = ErrorNote()
    qtbot.addWidget(note)
    note.show_error(DatabaseError(text("It broke."), text("Mend it.")), "Mend")
    for width, beside in ((600, True), (300, False)):
        note.resize(width, 200)
        qtbot.waitUntil(lambda beside=beside: (note.button.x() > note.words.x()) == beside)  # type: ignore[misc]


def test_the_terminal_never_imports_qt() -> None:
    code = "import sys, ui.__main__; sys.exit('PySide6' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0


def test_the_system_sees_a_program_alive_while_the_keyring_waits_for_somebody(
    home: Home, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    class Answered:
        """A search that ends when the loop of the program has run some times."""

        turns = 0

        @property
        def done(self) -> bool:
            return self.turns >= 3

    search = Answered()

    def turn() -> None:
        search.turns += 1

    clock = QTimer(interval=1)
    clock.timeout.connect(turn)
    clock.start()
    told: list[object] = []

    def refuse(_home: Home, **given: object) -> Assistant:
        told.append(given)
        raise DatabaseError(text("The conversations are damaged."), text("Bring back a copy."))

    monkeypatch.setattr(app, "show_fatal", lambda error: app.FAILED)
    assert app.open_window(home, refuse, search) == app.FAILED  # type: ignore[arg-type]
    clock.stop()
    assert search.done
    assert told == [{"search": search}]
