# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Every window test: offscreen unless there is a display, no Qt warning, no thread left behind."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

if not os.environ.get("DISPLAY"):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from pytestqt.wait_signal import SignalBlocker

from assistant.app import Assistant
from assistant.opening import open_assistant
from assistant.paths import Home
from assistant.texts import language_in_use, use_language
from tests.assistants import FAKE_ENGINES
from tests.ui.fake_assistant import FakeAssistant
from ui import tasks, theme
from ui.main_window import MainWindow

PATIENCE_MS = 20_000  # a busy machine may take as long; what comes at once is waited for no longer
HARMLESS = (r"propagateSizeHints", r"does not support raise\(\)")  # said by the offscreen platform itself
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a warning of Qt's fail its test."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
            item.add_marker(pytest.mark.qt_log_ignore(*HARMLESS))


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["maru"]


class PatientBot(QtBot):
    """Waits longer than usual for a condition or a signal."""

    def waitUntil(  # noqa: N802 - pytest-qt's name
        self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS
    ) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **more: Any) -> SignalBlocker:  # noqa: N802
        return super().waitSignal(signal, timeout=timeout, **more)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@pytest.fixture(autouse=True)
def _tidy(qtbot: QtBot, qapp: QApplication) -> Iterator[None]:
    """Dress the program as the real one, then fail on what the test left behind."""
    before, spoken = set(threading.enumerate()), language_in_use()
    use_language("en")
    if not qapp.styleSheet():
        theme.apply_theme(qapp, "light")
    yield
    use_language(spoken)
    assert tasks.stop_all(5), "a task's thread did not end"
    left = [thread.name for thread in set(threading.enumerate()) - before if thread.is_alive()]
    assert not left, f"threads left behind: {left}"
    for widget in qapp.topLevelWidgets():
        running = [
            timer for timer in widget.findChildren(QTimer) if timer.isActive() and not timer.isSingleShot()
        ]
        assert not widget.isVisible() or not running, f"timers left running in {widget!r}"


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[FakeAssistant]:
    made = FakeAssistant(tmp_path / "home")
    yield made
    made.script.go.set()
    tasks.stop_all()
    made.close()


@pytest.fixture
def window(assistant: FakeAssistant, qtbot: QtBot, qapp: QApplication) -> Iterator[MainWindow]:
    made = MainWindow(assistant)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1180, 780)
    with qtbot.waitExposed(made):
        made.show()
    made.begin()
    qtbot.waitUntil(lambda: "on the processor" in made.frame.header.model.text())
    yield made
    if theme.text_percent() != 100:
        theme.apply_theme(qapp, "light")


@pytest.fixture
def kept(home: Home) -> Iterator[Assistant]:
    """Return an assistant with two conversations, whose engines are fakes."""
    with open_assistant(home, FAKE_ENGINES) as assistant:
        for words in ("Where is the lease?", "Who paints the boat?"):
            number = assistant.conversations.create().id
            assistant.conversations.add_question(number, None, words)
        yield assistant
        tasks.stop_all()


@pytest.fixture
def whole(kept: Assistant, qtbot: QtBot) -> Iterator[MainWindow]:
    """Return a whole window over the assistant."""
    made = MainWindow(kept)
    qtbot.addWidget(made)
    made.resize(1180, 780)
    with qtbot.waitExposed(made):
        made.show()
    made.begin()
    qtbot.waitUntil(lambda: kept.chat_engine.info is not None)
    kept.keeping.daily()  # the one of the window's own might come at any moment
    yield made
    made.close()
    tasks.stop_all()
    made.deleteLater()
    QApplication.sendPostedEvents(made, QEvent.Type.DeferredDelete.value)
