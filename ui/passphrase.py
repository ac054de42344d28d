# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Where a passphrase is typed: shown when wanted, twice for a new one, with a hint how strong it is."""

import itertools
import math
from enum import Enum

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QWidget

from assistant.texts import Text, text, tr
from ui import theme
from ui.elements import column, label, row
from ui.theme import IconButton, set_look

LEAST_LETTERS = 8


class Strength(Enum):
    """How hard a passphrase is to guess; the value says it."""

    SHORT = text("At least 8 letters.")
    WEAK = text("Easy to guess. Several words that do not belong together are better.")
    FAIR = text("Not bad. One more word makes it strong.")
    STRONG = text("Strong.")


FROM_BITS = {Strength.FAIR: 40.0, Strength.STRONG: 60.0}


def strength(words: str) -> Strength:
    """Return how hard `words` are to guess, by their different letters and kinds of letters.

    A rough rule and no promise: it knows no dictionary.
    """
    if len(words) < LEAST_LETTERS:
        return Strength.SHORT
    pool = sum(size for size, has in _kinds(words) if has)
    counted = sum(1 for at, letter in enumerate(words) if letter not in words[max(0, at - 2) : at])
    steps = sum(abs(ord(a) - ord(b)) == 1 for a, b in itertools.pairwise(words))
    bits = max(counted - steps, 1) * math.log2(max(pool, 2)) * 0.7
    bits = min(bits, len(set(words)) * 7)
    if bits >= FROM_BITS[Strength.STRONG]:
        return Strength.STRONG
    return Strength.FAIR if bits >= FROM_BITS[Strength.FAIR] else Strength.WEAK


def _kinds(words: str) -> list[tuple[int, bool]]:
    return [
        (26, any("a" <= letter <= "z" for letter in words)),
        (26, any("A" <= letter <= "Z" for letter in words)),
        (10, any(letter.isdigit() for letter in words)),
        (32, any(letter.isascii() and not letter.isalnum() for letter in words)),
        (2000, any(not letter.isascii() for letter in words)),
    ]


class SecretField(QWidget):
    """One line that is hidden until its button shows it."""

    changed = Signal()
    entered = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(name)
        self.field.setPlaceholderText(name)
        self.field.textChanged.connect(self.changed)
        self.field.returnPressed.connect(self.entered)
        self.show_button = IconButton("eye", tr("Show what is typed"))
        self.show_button.setCheckable(True)
        self.show_button.toggled.connect(self.reveal)
        line = row(self.field, self.show_button)
        line.setStretch(0, 1)
        self.setLayout(line)
        self.setFocusProxy(self.field)

    def text(self) -> str:
        """Return what is typed."""
        return self.field.text()

    def reveal(self, shown: bool) -> None:
        """Show what is typed, or hide it."""
        modes = QLineEdit.EchoMode
        self.field.setEchoMode(modes.Normal if shown else modes.Password)


class NewPassphrase(QWidget):
    """A new passphrase, typed twice. `changed` comes with every letter, `entered` with the last Enter."""

    changed = Signal()
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = SecretField(tr("Passphrase")), SecretField(tr("The same once more"))
        self.second.show_button.hide()
        self.first.show_button.toggled.connect(self.second.reveal)
        self.hint = label("", "small")
        lines = column(gap=theme.SPACE_2)
        for each in (self.first, self.second, self.hint):
            lines.addWidget(each)
        self.setLayout(lines)
        self.setFocusProxy(self.first)
        for each in (self.first, self.second):
            each.changed.connect(self._tell)
        self.first.entered.connect(self.second.setFocus)
        self.second.entered.connect(self.entered)
        self._tell()

    def passphrase(self) -> str:
        """Return the passphrase, "" while it is too short or not typed twice the same."""
        typed = self.first.text()
        return typed if typed == self.second.text() and strength(typed) is not Strength.SHORT else ""

    def clear(self) -> None:
        """Forget what was typed."""
        self.first.field.clear()
        self.second.field.clear()

    def _tell(self) -> None:
        typed, again = self.first.text(), self.second.text()
        how = strength(typed)
        told: Text | str = how.value
        role = {Strength.STRONG: "accent", Strength.WEAK: "warning"}.get(how, "small")
        if typed and again and not typed.startswith(again):
            told, role = tr("The second one is different."), "danger"
        elif typed and again and typed != again:
            told, role = tr("Go on: the second one is not whole yet."), "small"
        self.hint.setText(str(told))
        set_look(self.hint, role)
        self.changed.emit()


class CodeField(QLineEdit):
    """Where a recovery code is typed: in the type of code, spaces and small letters are as good."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Recovery code"))
        self.setPlaceholderText("XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-XXXXX")
        self.setFont(theme.code_font())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the type of code at another text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and QGuiApplication.instance():
            self.setFont(theme.code_font())
