# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The recovery code: offered after the first answer, shown to be printed or kept, and typed back once."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QFrame, QStackedWidget, QWidget

from assistant.errors import HomeError, MaruError
from assistant.private_files import write_private
from assistant.protecting import HomeProtection
from assistant.texts import text, tr
from ui import theme
from ui.blocks import Beside
from ui.elements import Note, Picture, button, column, label, row
from ui.message_parts import CopyButton
from ui.passphrase import CodeField
from ui.tasks import Task, call
from ui.theme import set_look


class RecoveryCard(QFrame):
    """Offers the recovery code, above the question field, until it is kept or put off."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        set_look(self, "card")
        self.show_button, self.later = button(tr("Show the code"), "primary"), button(tr("Later"), "quiet")
        words = tr(
            "It opens your conversations and documents if the passphrase or the keyring is ever lost. Nobody "
            "else has it."
        )
        told = column(gap=theme.SPACE_1)
        told.addWidget(label(tr("Keep your recovery code"), "heading"))
        told.addWidget(label(words, "quiet"))
        told.addSpacing(theme.SPACE_1)
        told.addWidget(Beside(self.show_button, self.later))
        sign = column()
        sign.addWidget(Picture("shield", "accent", 22))
        sign.addStretch(1)
        line = row(sign, told, gap=theme.SPACE_3)
        line.setStretch(1, 1)
        line.setContentsMargins(theme.SPACE_4, theme.SPACE_3, theme.SPACE_3, theme.SPACE_3)
        self.setLayout(line)
        self.show_button.clicked.connect(self.wanted)
        self.later.clicked.connect(self.hide)
        self.hide()


class RecoveryDialog(QDialog):
    """Shows a new code, lets it be kept, and checks it. `confirmed` comes when it was typed back."""

    confirmed = Signal()

    def __init__(self, protection: HomeProtection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Recovery code"))
        self._protection = protection
        self._code = ""
        self._task: Task | None = None
        self.dialog: QFileDialog | None = None
        self.code = label("", selectable=True)
        self.code.setAccessibleName(tr("Recovery code"))
        self.print_button, self.save = button(tr("Print…")), button(tr("Save…"))
        self.copy = CopyButton(tr("Copy the code"), lambda: self._code)
        self.have, self.check = button(tr("I have it"), "primary"), button(tr("Check it"), "primary")
        self.back, self.close_button = (
            button(tr("Show the code again"), "link"),
            button(tr("Close"), "primary"),
        )
        self.typed = CodeField()
        self.trouble = Note("", "warning")
        self.pages = QStackedWidget()
        self._build()
        self._join()
        self._do(protection.new_recovery_code, self._show_code)

    def _build(self) -> None:
        self.trouble.hide()
        kept = Beside(self.print_button, self.save, self.copy)
        self._add_page(
            tr("Print this code or write it down, and keep it away from this computer."),
            self.code, kept, Beside(self.have),
        )  # fmt: skip
        self._add_page(
            tr("Type the code from your copy, to see that it is right and can be read."),
            self.typed, Beside(self.check, self.back),
        )  # fmt: skip
        self._add_page(
            tr("The code is right. Keep it in a safe place: from now on it opens your data."),
            Beside(self.close_button),
        )
        lines = column(theme.SPACE_6, theme.SPACE_6, theme.SPACE_6, theme.SPACE_4, gap=theme.SPACE_3)
        lines.addWidget(label(tr("Keep your recovery code"), "title"))
        lines.addWidget(self.trouble)
        lines.addWidget(self.pages, 1)
        self.setLayout(lines)
        self.resize(min(theme.px(520), 900), min(theme.px(330), 640))
        for each in (self.print_button, self.save, self.have, self.check, self.back, self.close_button):
            each.setAutoDefault(False)

    def _add_page(self, words: str, *things: QWidget) -> None:
        page = QWidget()
        lines = column(gap=theme.SPACE_3)
        lines.addWidget(label(words))
        for thing in things:
            lines.addWidget(thing)
        lines.addStretch(1)
        page.setLayout(lines)
        self.pages.addWidget(page)

    def _join(self) -> None:
        self.print_button.clicked.connect(self.print_code)
        self.save.clicked.connect(self._choose_file)
        self.have.clicked.connect(lambda: self._turn(1, self.typed))
        self.back.clicked.connect(lambda: self._turn(0, self.have))
        self.typed.returnPressed.connect(self._check)
        self.check.clicked.connect(self._check)
        self.close_button.clicked.connect(self.accept)

    def _show_code(self, code: str) -> None:
        self._code = code
        faces = ", ".join(f'"{face}"' for face in theme.code_font().families())
        size = theme.px(theme.TYPE_TITLE)
        self.code.setStyleSheet(f"font-family: {faces}; font-size: {size}px; font-weight: 600")
        self.code.setText(code)
        self.have.setFocus()

    def save_to(self, path: Path) -> None:
        """Write the code into a file, for its owner's eyes. Raises HomeError."""
        try:
            write_private(path, f"{self._words()}\n".encode())
        except OSError:
            raise HomeError(
                text("The code could not be written to {file}.", file=str(path)),
                text("Choose another place."),
            ) from None

    def print_code(self) -> None:
        """Ask for a printer and print the code."""
        printer = QPrinter()
        asking = QPrintDialog(printer, self)
        asking.setWindowTitle(tr("Print the recovery code"))
        asking.finished.connect(lambda yes: self.document().print_(printer) if yes else None)
        asking.setModal(True)
        asking.show()

    def document(self) -> QTextDocument:
        """Return what is printed."""
        document = QTextDocument(self)
        document.setDefaultFont(theme.code_font(theme.TYPE_TITLE))
        document.setPlainText(self._words())
        return document

    def _words(self) -> str:
        told = tr("With it your conversations and documents can be opened. Keep it away from the computer.")
        return f"{tr('Maru: recovery code')}\n\n{self._code}\n\n{told}"

    def _choose_file(self) -> None:
        dialog = self.dialog = self.dialog or QFileDialog(self, tr("Save the recovery code"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(tr("Maru recovery code") + ".txt")
        dialog.fileSelected.connect(self._save)
        dialog.open()

    def _save(self, name: str) -> None:
        try:
            self.save_to(Path(name))
        except MaruError as error:
            self._fail(error)

    def _turn(self, page: int, focus: QWidget) -> None:
        self.trouble.hide()
        self.pages.setCurrentIndex(page)
        focus.setFocus()

    def _check(self) -> None:
        typed = self.typed.text()
        if typed.strip():
            self._do(lambda: self._protection.confirm_recovery(typed), self._checked)

    def _checked(self, right: bool) -> None:
        if not right:
            self._say(tr("This is another code than the one that was shown."))
            return
        self._turn(2, self.close_button)
        self.confirmed.emit()

    def _do(self, work: Callable[[], object], take: Callable[..., None]) -> None:
        self.trouble.hide()
        self._allow(False)
        self._task = call(work)
        self._task.finished.connect(lambda result: self._took(take, result))
        self._task.failed.connect(self._fail)
        self._task.start()

    def _took(self, take: Callable[..., None], result: object) -> None:
        self._allow(True)
        take(result)

    def _fail(self, error: MaruError) -> None:
        self._allow(True)
        self._say(str(error))

    def _say(self, words: str) -> None:
        self.trouble.say(words, "warning")
        self.trouble.show()

    def _allow(self, on: bool) -> None:
        for each in (self.print_button, self.save, self.copy, self.have, self.check):
            each.setEnabled(on)
