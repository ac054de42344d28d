# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""From a home to an open Assistant with the person's help: unlocked, or what is damaged mended."""

import functools
from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QWidget

from assistant.app import Assistant
from assistant.errors import DamagedError, LockedError, MaruError
from assistant.home_conversion import Tell
from assistant.home_key import Given
from assistant.key_file import KeyFile
from assistant.paths import Home
from assistant.restoring import Salvaged, restore_closed, start_from_readable
from assistant.settings import look_at_settings
from assistant.stores import budget_of
from assistant.texts import tr
from assistant.unlocking import unlock
from ui import theme
from ui.conversion import ConversionWindow
from ui.dates import shown_name
from ui.elements import Note, Picture, button, column, label
from ui.tasks import Task, call
from ui.unlock import NO_WAY_IN, UnlockWindow

OpenHome = Callable[..., Assistant]
"""Opens a home; `given`, a Given, says by what, without it the environment and the keyring do."""


def open_by_hand(home: Home, open_home: OpenHome, error: MaruError) -> tuple[Assistant | None, Given | None]:
    """Let the person help after `error`: return the open home and what was given for it.

    None where they leave it closed. Raises the MaruError that nobody can help.
    """
    given: Given | None = None

    def opening(by: Given | None, tell: Tell) -> Assistant:
        return open_home(home, given=by, tell=tell)

    while True:
        if isinstance(error, LockedError) and error.reason not in NO_WAY_IN:
            window = UnlockWindow(error, opening, has_code=_has_code(home))
            window.exec()
            given = window.given
            if window.assistant is not None or window.error is None:
                return window.assistant, given
            error = window.error
        elif isinstance(error, DamagedError):
            mending = DamagedWindow(error, Mender(home, given))
            mending.exec()
            if not mending.mended:
                return None, given
            try:
                return ConversionWindow(functools.partial(opening, given)).opened(), given
            except MaruError as again:
                error = again
        else:
            raise error


def _has_code(home: Home) -> bool:
    file = KeyFile.read(home)
    return file is not None and bool(file.recoveries)


class Mender:
    """Restores or rescues the databases of a home that is not open."""

    def __init__(self, home: Home, given: Given | None) -> None:
        self._home, self._given = home, given

    def has(self, file: str) -> bool:
        """Say whether a database is there, damaged or not: one that is gone has nothing to be read."""
        return (self._home.root / file).exists()

    def restore(self, name: str) -> list[Salvaged]:
        """Go back to a snapshot. Raises MaruError."""
        key = unlock(self._home, self._given, own=False).key
        return restore_closed(self._home, key, name, budget_of(look_at_settings(self._home)))

    def rescue(self) -> list[Salvaged]:
        """Go on with what can still be read. Raises MaruError."""
        return start_from_readable(self._home, unlock(self._home, self._given, own=False).key)


class DamagedWindow(QDialog):
    """Says that a database is damaged, and offers a snapshot or what can still be read of it."""

    def __init__(self, error: DamagedError, mender: Mender) -> None:
        super().__init__()
        self.mended = False
        self._task: Task | None = None
        self.setWindowTitle(tr("Something is damaged"))
        self.setWindowIcon(theme.icon("maru", "", 64))
        there = mender.has(error.file)
        kept = tr("Nothing of it is left to be read.")
        if there:
            kept = tr("Whatever you choose, the damaged file is kept beside the new one.")
        self.trouble = Note("", "danger")
        self.trouble.hide()
        self.busy = label(tr("This may take a minute."), "quiet")
        self.busy.hide()
        self.restore = button(
            tr("Go back to the snapshot of {when}", when=shown_name(error.snapshot)), "primary"
        )
        self.restore.setVisible(bool(error.snapshot))
        self.rescue = button(
            tr("Keep what can still be read") if there else tr("Begin with a new, empty one")
        )
        self.leave = button(tr("Close Maru"), "quiet")
        lines = column(theme.SPACE_6, theme.SPACE_6, theme.SPACE_6, theme.SPACE_6, gap=theme.SPACE_3)
        lines.addWidget(Picture("maru", "accent", 40))
        lines.addWidget(label(str(error.message), "title"))
        lines.addWidget(label(kept, "quiet"))  # the hint names commands of the terminal; here are buttons
        parts: tuple[QWidget, ...] = (self.trouble, self.busy, self.restore, self.rescue, self.leave)
        for part in parts:
            lines.addWidget(part)
        lines.addStretch(1)
        self.setLayout(lines)
        self.setMinimumWidth(min(theme.px(480), 800))
        self.restore.clicked.connect(lambda: self._mend(lambda: mender.restore(error.snapshot)))
        self.rescue.clicked.connect(lambda: self._mend(mender.rescue))
        self.leave.clicked.connect(self.reject)

    def reject(self) -> None:
        """Close, but not while something is being mended."""
        if self._task is None:
            super().reject()

    def _mend(self, work: Callable[[], object]) -> None:
        self._allow(False)
        self.trouble.hide()
        self._task = call(work)
        self._task.finished.connect(self._done)
        self._task.failed.connect(self._failed)
        self._task.start()

    def _done(self, _salvaged: object) -> None:
        self._task = None
        self.mended = True
        self.accept()

    def _failed(self, error: MaruError) -> None:
        self._task = None
        self._allow(True)
        self.trouble.say(str(error), "danger")
        self.trouble.show()

    def _allow(self, on: bool) -> None:
        self.busy.setVisible(not on)
        for each in (self.restore, self.rescue, self.leave):
            each.setEnabled(on)
