# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Opens the window: the program's look and language, one window a home, first the paint, then the engines."""

import os
import sys
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QLibraryInfo, QLocale, Qt, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from assistant.app import Assistant
from assistant.errors import DamagedError, HomeHeldError, LockedError, MaruError
from assistant.home_key import Given
from assistant.opening import open_assistant
from assistant.paths import Home
from assistant.settings import look_at_settings
from assistant.texts import language_in_use, tr, use_language
from assistant.unlocking import KeySearch, conversion_waits
from ui import tasks, theme
from ui.error_display import FatalWindow
from ui.main_window import MainWindow
from ui.one_window import Doorbell, ring

EXIT_WHEN_READY = "MARU_EXIT_WHEN_READY"
"""Set to 1, the window says `ready` on standard output after its first paint, and closes: how the start
is timed."""

OK, FAILED = 0, 1


def open_window(
    home: Home, open_home: Callable[..., Assistant] = open_assistant, search: KeySearch | None = None
) -> int:
    """Show the window over `home` until it is closed; return the exit code.

    What opens a closed home is asked for, and what is damaged can be mended. Where another window holds
    the home, that one comes to the front and this process ends with 0. `search` looks for the key already.
    """
    app = make_app(home)
    given: Given | None = None
    if search is not None:
        _wait_for(search)
    while True:
        # What was found at the start holds for the first time alone: later much may be otherwise.
        first, search = search, None
        try:
            assistant, given = _opened(home, open_home, given, first)
        except HomeHeldError as error:
            return OK if ring(home) else show_fatal(error)
        except MaruError as error:
            return show_fatal(error)
        if assistant is None:
            return FAILED  # it was left closed
        code, again = _show(app, home, assistant, by_code=given is not None and bool(given.recovery_code))
        if not again:
            return code


def _opened(
    home: Home, open_home: Callable[..., Assistant], given: Given | None, search: KeySearch | None
) -> tuple[Assistant | None, Given | None]:
    """Open the home as before (`given`), if need be with the person's help; None where they leave it."""
    by: dict[str, object] = {"given": given} if given is not None else {}
    if search is not None:
        by["search"] = search
    try:
        if conversion_waits(home):
            from ui.conversion import ConversionWindow  # noqa: PLC0415 - what the usual start must not pay for

            return ConversionWindow(lambda tell: open_home(home, tell=tell, **by)).opened(), given
        return open_home(home, **by), given
    except (LockedError, DamagedError) as error:
        if os.environ.get(EXIT_WHEN_READY) == "1":
            raise
        from ui.starting import open_by_hand  # noqa: PLC0415 - what the usual start must not pay for

        return open_by_hand(home, open_home, error)


def _wait_for(search: KeySearch) -> None:
    """Stay alive for the system while its keyring waits for somebody."""
    if search.done:
        return
    loop, clock = QEventLoop(), QTimer(interval=5)
    clock.timeout.connect(lambda: loop.quit() if search.done else None)
    clock.start()
    loop.exec()
    clock.stop()


def _show(app: QApplication, home: Home, assistant: Assistant, *, by_code: bool) -> tuple[int, bool]:
    """Show the window until it is closed; return the exit code and whether it is to be opened again."""
    with assistant:
        window = MainWindow(assistant)
        doorbell = Doorbell(home, window)
        doorbell.rung.connect(lambda: raise_window(window))
        doorbell.failed.connect(window.show_error)
        doorbell.listen()
        if by_code:
            words = tr("The recovery code opened Maru. Choose a new passphrase in the settings.")
            window.painted.connect(lambda: window.frame.note.show_notice(words))
        window.painted.connect(_when_painted(app, window))
        window.show()
        code = app.exec()
        doorbell.close()
        tasks.stop_all()
        window.answering.keep_waiting()
    again = window.reopens
    window.deleteLater()
    return code, again


def make_app(home: Home) -> QApplication:
    """Return the program, dressed and speaking as the settings of `home` say."""
    there = QApplication.instance()
    app = there if isinstance(there, QApplication) else QApplication(sys.argv[:1])
    settings = look_at_settings(home)
    if settings.language:
        use_language(settings.language)
    app.setApplicationName("maru")
    app.setApplicationDisplayName("Maru")
    app.setDesktopFileName("maru")
    dress(app, settings.theme, settings.text_percent)
    translate_qt(app)
    app.styleHints().colorSchemeChanged.connect(lambda _scheme: _follow_system(app))
    return app


def dress(app: QApplication, mode: str, percent: int) -> None:
    """Apply the theme and remember the mode, so that the system's changes can be followed."""
    app.setProperty("maru_theme", mode)
    theme.apply_theme(app, mode, percent)


def translate_qt(app: QApplication) -> None:
    """Let Qt's own dialogs and menus speak Korean where Maru does."""
    if language_in_use() != "ko":
        return
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(QLocale(QLocale.Language.Korean), "qtbase", "_", folder):
        app.installTranslator(translator)


def show_fatal(error: MaruError) -> int:
    """Show why Maru cannot start; return the exit code."""
    window = FatalWindow(error)
    if os.environ.get(EXIT_WHEN_READY) == "1":
        QTimer.singleShot(0, window, window.accept)
    window.exec()
    return FAILED


def raise_window(window: MainWindow) -> None:
    """Bring the window to the front, from the dock too."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()


def _when_painted(app: QApplication, window: MainWindow) -> Callable[[], None]:
    if os.environ.get(EXIT_WHEN_READY) == "1":
        return lambda: _say_ready(app)
    return window.begin


def _say_ready(app: QApplication) -> None:
    if sys.stdout is not None:  # a windowed build has none
        sys.stdout.write("ready\n")
        sys.stdout.flush()
    app.quit()


def _follow_system(app: QApplication) -> None:
    if app.property("maru_theme") == "system":
        theme.apply_theme(app, "system", theme.text_percent())
