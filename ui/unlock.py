# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What is shown in place of the window while the home is closed: the first start, and what would open it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QStackedWidget, QWidget

from assistant.app import Assistant
from assistant.errors import LockedError, LockedReason, MaruError
from assistant.home_conversion import Converting, Tell
from assistant.home_key import Given, pause_after
from assistant.texts import tr, trn
from ui import theme
from ui.blocks import ScrollColumn
from ui.conversion import ConversionBar
from ui.elements import Note, Picture, column, label
from ui.tasks import Task, call
from ui.unlock_pages import AskCode, AskPassphrase, FirstStart, KeyringPage, about

Open = Callable[[Given, Tell], Assistant]

OF_PASSPHRASE = (LockedReason.PASSPHRASE, LockedReason.WRONG_PASSPHRASE)
OF_CODE = (LockedReason.WRONG_CODE, LockedReason.MISTYPED_CODE)
WRONG = (LockedReason.WRONG_PASSPHRASE, *OF_CODE)
NO_WAY_IN = (LockedReason.PLAIN, LockedReason.DAMAGED, LockedReason.NEWER)
"""What cannot be helped here: the error is told, and that is all."""


WIDTH, HEIGHT, FIRST_HEIGHT = 520, 390, 500  # pixels at 100 % text


class UnlockWindow(QDialog):
    """Asks for what opens the home and opens it, on a thread. After `exec`: `assistant` or `error`.

    `open_home` raises LockedError as long as what was given does not do; it says what to ask for next, and
    tells how far files are encrypted. `given` is what was given last. `has_code`: a recovery code was made.
    """

    _came = Signal(object)  # Converting, from the thread

    def __init__(self, error: LockedError, open_home: Open, *, has_code: bool = False) -> None:
        super().__init__()
        self.assistant: Assistant | None = None
        self.error: MaruError | None = None
        self.given = Given()
        self._open_home, self._has_code = open_home, has_code
        self._task: Task | None = None
        self._wrong, self._seconds = 0, 0
        self.title, self.words = label("", "title"), label("", "quiet")
        self.trouble, self.busy = Note("", "warning"), label("", "quiet")
        self.first, self.locked = FirstStart(), AskPassphrase(has_code=has_code)
        self.keyring, self.code = KeyringPage(has_code=has_code), AskCode()
        self._begun = self._page = QWidget()
        self._pages = QStackedWidget()
        self.bar = ConversionBar()
        self._came.connect(self._show_step, Qt.ConnectionType.QueuedConnection)
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._count_down)
        self._build()
        for page in (self.first, self.locked, self.keyring, self.code):
            page.given.connect(self.open_with)
        for asking in (self.locked, self.keyring):
            asking.code_wanted.connect(lambda: self._turn(self.code, LockedReason.WRONG_CODE))
        self.code.back.connect(self._go_back)
        self.show_error(error)

    def show_error(self, error: LockedError) -> None:
        """Ask for what would open the home."""
        self._reason = error.reason
        if error.reason in WRONG:
            self._wrong += 1
            words = tr("This passphrase does not open it. Capital letters and spaces count.")
            self.trouble.say(
                words if error.reason is LockedReason.WRONG_PASSPHRASE else str(error), "warning"
            )
        self.trouble.setVisible(error.reason in WRONG)
        if error.reason is LockedReason.NEW:
            self._begun = self.first
        elif error.reason in OF_PASSPHRASE:
            self._begun = self.locked
        elif error.reason not in OF_CODE:
            self._begun = self.keyring
        self._turn(self.code if error.reason in OF_CODE else self._begun, error.reason)
        self._wait(round(pause_after(self._wrong)) if error.reason in WRONG else 0)

    def open_with(self, given: Given) -> None:
        """Open the home with what was given."""
        if self._task is not None or self._seconds:
            return
        self.given = given
        self._say_busy(tr("Opening…"))
        self.trouble.hide()
        self._task = call(lambda: self._open_home(given, self._came.emit))
        self._task.finished.connect(self._opened)
        self._task.failed.connect(self._failed)
        self._task.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Let Esc close, but not while something is being opened."""
        if event.key() != Qt.Key.Key_Escape or self._task is None:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Wait for what is being opened: it holds the home."""
        if self._task is not None:
            event.ignore()
        else:
            super().closeEvent(event)

    def _build(self) -> None:
        self.setWindowTitle("Maru")
        self.setWindowIcon(theme.icon("maru", "", 64))
        inside = ScrollColumn(gap=theme.SPACE_3, margin=theme.SPACE_6)
        inside.add(Picture("maru", "accent", 40))
        for each in (self.title, self.words, self.trouble, self._pages, self.busy, self.bar):
            inside.add(each)
        for page in (self.first, self.locked, self.keyring, self.code):
            self._pages.addWidget(page)
        self.busy.hide()
        lines = column()
        lines.addWidget(inside)
        self.setLayout(lines)

    def _turn(self, page: QWidget, reason: LockedReason) -> None:
        title, words = about(reason, has_code=self._has_code)
        self.title.setText(title)
        self.words.setText(words)
        self.setWindowTitle(f"{title} – Maru")
        self._page = page
        if not self.isVisible():
            high = FIRST_HEIGHT if page is self.first else HEIGHT
            self.resize(min(theme.px(WIDTH), 900), min(theme.px(high), 760))
        self._pages.setCurrentWidget(page)
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_back(self) -> None:
        self.trouble.hide()
        asks = LockedReason.PASSPHRASE if self._begun is self.locked else LockedReason.KEYRING_ABSENT
        self._turn(self._begun, asks if self._reason in WRONG else self._reason)

    def _show_step(self, step: Converting) -> None:
        self.busy.hide()
        self.bar.show_step(step)

    def _opened(self, assistant: Assistant) -> None:
        self._task = None
        self.assistant = assistant
        self.accept()

    def _failed(self, error: MaruError) -> None:
        self._task = None
        self.bar.end()
        self._say_busy("")
        if isinstance(error, LockedError) and error.reason not in NO_WAY_IN:
            self.show_error(error)
        else:
            self.error = error
            self.reject()

    def _wait(self, seconds: int) -> None:
        """Let nobody guess quickly."""
        self._seconds = seconds
        self._say_wait()
        if seconds:
            self._clock.start()

    def _count_down(self) -> None:
        self._seconds = max(self._seconds - 1, 0)
        self._say_wait()
        if not self._seconds:
            self._clock.stop()

    def _say_wait(self) -> None:
        words = trn("You can try again in {n} second.", "You can try again in {n} seconds.", self._seconds)
        self._say_busy(words if self._seconds else "")

    def _say_busy(self, words: str) -> None:
        self.busy.setText(words)
        self.busy.setVisible(bool(words))
        self._pages.setEnabled(not words)
        if not words:  # as by the Tab key: what is typed next takes the place of what was wrong
            self._page.setFocus(Qt.FocusReason.TabFocusReason)
