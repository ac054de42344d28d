# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Work that takes a while: what is being done, how far it is, how long it still takes."""

import time
from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from assistant.texts import tr, trn
from ui import theme
from ui.elements import button, column, label, row

TIME_LEFT_AFTER_S = 10.0
SHORTEST_GUESS = 0.02  # below this share of the work, a guess of the time left would be a wild one


class Progress(QWidget):
    """What is being done, how far, and a button that ends it; after ten seconds, the time left.

    `clock` returns seconds and only ever grows. With `pausable` there is a button that lets it wait.
    """

    cancelled = Signal()
    pause_wanted = Signal(bool)  # False: go on

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, pausable: bool = False) -> None:
        super().__init__()
        self._clock, self._began = clock, 0.0
        self._paused = False
        self.sentence = label()
        self.left = label("", "small")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.cancel = button(tr("Cancel"), "quiet")
        self.cancel.clicked.connect(self._cancel)
        self.pause = button(tr("Pause"), "quiet")
        if not pausable:
            self.pause.hide()
        self.pause.clicked.connect(lambda: self.pause_wanted.emit(not self._paused))
        lines = column(gap=theme.SPACE_1)
        lines.addWidget(self.sentence)
        lines.addLayout(row(self.bar, self.pause, self.cancel))
        lines.addWidget(self.left)
        self.setLayout(lines)
        self.left.hide()
        self.hide()

    def begin(self) -> None:
        """Start the clock and show the line, unless it is running."""
        if self.isHidden():
            self._began = self._clock()
            self.cancel.setEnabled(True)
            self.left.hide()
            self.show()

    def tell(self, sentence: str, fraction: float | None) -> None:
        """Say what is done now; `fraction` of the whole, 0 to 1, or None while unknown."""
        self.begin()
        if self.cancel.isEnabled():
            self.sentence.setText(sentence)
        self.bar.setRange(0, 0 if fraction is None else 1000)
        self.bar.setValue(round((fraction or 0) * 1000))
        self.bar.setAccessibleName(sentence)
        self.tell_left(self._seconds_left(fraction))

    def show_paused(self, paused: bool) -> None:
        """Say whether it waits: the button then lets it go on."""
        self._paused = paused
        self.pause.setText(tr("Go on") if paused else tr("Pause"))
        self.pause.setAccessibleName(self.pause.text())

    def tell_left(self, seconds: float | None, words: str = "") -> None:
        """Show a time left that somebody else has worked out, None for not known, after other words."""
        left = "" if seconds is None else time_left(seconds)
        self.left.setText(" · ".join(part for part in (words, left) if part))
        self.left.setVisible(bool(self.left.text()))

    def end(self) -> None:
        """Go away: the work is over."""
        self.hide()

    def _cancel(self) -> None:
        self.cancel.setEnabled(False)
        self.sentence.setText(tr("Stopping…"))
        self.cancelled.emit()

    def _seconds_left(self, fraction: float | None) -> float | None:
        gone = self._clock() - self._began
        if not fraction or gone < TIME_LEFT_AFTER_S or not SHORTEST_GUESS <= fraction < 1:
            return None
        return gone * (1 - fraction) / fraction


def time_left(seconds: float) -> str:
    """Return a time left as people say it: "about 2 minutes left"."""
    if seconds < 10:
        return tr("A few seconds left")
    if seconds < 55:
        return tr("About {n} seconds left", n=round(seconds / 10) * 10)
    if seconds < 55 * 60:
        minutes = max(1, round(seconds / 60))
        return trn("About {n} minute left", "About {n} minutes left", minutes)
    return trn("About {n} hour left", "About {n} hours left", max(1, round(seconds / 3600)))
