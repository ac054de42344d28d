# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The pages of the window that opens a home: a new passphrase, the passphrase, the keyring, the code."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from assistant.errors import LockedReason
from assistant.home_key import Given
from assistant.texts import tr
from ui import theme
from ui.blocks import Beside
from ui.elements import Note, button, column, row
from ui.passphrase import CodeField, NewPassphrase, SecretField


def about(reason: LockedReason, *, has_code: bool) -> tuple[str, str]:
    """Return a title and a sentence or two: why the home is closed, and what would open it."""
    bring_back = tr(
        "Bring the keyring back as it was and try again; no recovery code was made for this home."
    )
    instead = tr("Try again when it is there, or use your recovery code.") if has_code else bring_back
    match reason:
        case LockedReason.NEW:
            return tr("Protect what you write"), tr(
                "Maru encrypts your conversations and documents. This computer has no keyring that could "
                "keep the key, so a passphrase opens them. Maru asks for it at every start, and nobody "
                "can look it up for you."
            )
        case LockedReason.KEYRING_LOCKED:
            told = tr("The key of your data lies in the system's keyring, which is locked.")
            return tr("The keyring is locked"), f"{told} {instead}"
        case LockedReason.KEYRING_EMPTY:
            told = tr("The key of your data is not in the system's keyring any more. Nothing is lost yet.")
            return tr("The keyring is empty"), f"{told} {instead}"
        case LockedReason.KEYRING_CHANGED:
            told = tr("The system's keyring holds another key than that of your data. Nothing is lost yet.")
            return tr("The keyring holds another key"), f"{told} {instead}"
        case LockedReason.KEYRING_ABSENT:
            told = tr("The key of your data lies in the system's keyring, which cannot be reached.")
            return tr("The keyring cannot be reached"), f"{told} {instead}"
        case LockedReason.WRONG_CODE | LockedReason.MISTYPED_CODE:
            return tr("Use your recovery code"), tr(
                "Six groups of five letters and digits, as you printed or saved them. Small letters and "
                "spaces will do."
            )
    return tr("Maru is locked"), tr(
        "Your conversations and documents are encrypted. Your passphrase opens them."
    )


class FirstStart(QWidget):
    """Asks for a passphrase, or for leave to do without one in so many words."""

    given = Signal(object)  # Given

    def __init__(self) -> None:
        super().__init__()
        self.new = NewPassphrase()
        self.protect = button(tr("Protect with this passphrase"), "primary")
        self.plain = button(tr("Keep it unprotected…"), "link")
        self.warning = Note(
            tr(
                "Everybody who can use this computer or read its disk can then read your conversations, your "
                "documents and what is hidden from the model. You can protect them later in the settings."
            ),
            "warning",
        )
        self.confirm = button(tr("Keep everything unprotected"), "danger")
        for each in (self.warning, self.confirm):
            each.hide()
        lines = column(gap=theme.SPACE_3)
        lines.addWidget(self.new)
        lines.addWidget(Beside(self.protect, self.plain))
        lines.addWidget(self.warning)
        lines.addLayout(row(self.confirm, 1))
        lines.addStretch(1)
        self.setLayout(lines)
        self.setFocusProxy(self.new)
        self.new.changed.connect(self._allow)
        self.new.entered.connect(self._protect)
        self.protect.clicked.connect(self._protect)
        self.plain.clicked.connect(self._ask_plain)
        self.confirm.clicked.connect(lambda: self.given.emit(Given(plain=True)))
        self._allow()

    def _allow(self) -> None:
        self.protect.setEnabled(bool(self.new.passphrase()))

    def _protect(self) -> None:
        if words := self.new.passphrase():
            self.given.emit(Given(passphrase=words))

    def _ask_plain(self) -> None:
        for each in (self.warning, self.confirm):
            each.show()
        self.confirm.setFocus()


class AskPassphrase(QWidget):
    """Asks for the passphrase."""

    given = Signal(object)  # Given
    code_wanted = Signal()

    def __init__(self, *, has_code: bool) -> None:
        super().__init__()
        self.passphrase = SecretField(tr("Passphrase"))
        self.open = button(tr("Open"), "primary")
        self.use_code = button(tr("Use the recovery code"), "link")
        self.use_code.setVisible(has_code)
        lines = column(gap=theme.SPACE_3)
        lines.addWidget(self.passphrase)
        lines.addWidget(Beside(self.open, self.use_code))
        lines.addStretch(1)
        self.setLayout(lines)
        self.setFocusProxy(self.passphrase)
        self.passphrase.entered.connect(self._give)
        self.open.clicked.connect(self._give)
        self.use_code.clicked.connect(self.code_wanted)

    def _give(self) -> None:
        if words := self.passphrase.text():
            self.given.emit(Given(passphrase=words))


class KeyringPage(QWidget):
    """Lets the keyring be asked once more."""

    given = Signal(object)  # Given
    code_wanted = Signal()

    def __init__(self, *, has_code: bool) -> None:
        super().__init__()
        self.again = button(tr("Try again"), "primary")
        self.use_code = button(tr("Use the recovery code"), "link")
        self.use_code.setVisible(has_code)
        lines = column(gap=theme.SPACE_3)
        lines.addWidget(Beside(self.again, self.use_code))
        lines.addStretch(1)
        self.setLayout(lines)
        self.setFocusProxy(self.again)
        self.again.clicked.connect(lambda: self.given.emit(Given()))
        self.use_code.clicked.connect(self.code_wanted)


class AskCode(QWidget):
    """Asks for the recovery code."""

    given = Signal(object)  # Given
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.code = CodeField()
        self.open = button(tr("Open with the code"), "primary")
        self.leave = button(tr("Back"), "link")
        lines = column(gap=theme.SPACE_3)
        lines.addWidget(self.code)
        lines.addWidget(Beside(self.open, self.leave))
        lines.addStretch(1)
        self.setLayout(lines)
        self.setFocusProxy(self.code)
        self.code.returnPressed.connect(self._give)
        self.open.clicked.connect(self._give)
        self.leave.clicked.connect(self.back)

    def _give(self) -> None:
        if words := self.code.text().strip():
            self.given.emit(Given(recovery_code=words))
