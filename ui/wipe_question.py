# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Asks before something is deleted for good, and says until when a snapshot still keeps it."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from assistant.texts import tr
from ui.dates import shown_day
from ui.elements import Tick
from ui.theme import set_look


class WipeQuestion(QMessageBox):
    """Names the thing; the safe answer is the default. `wiped(snapshots)` says whether from those too.

    `also` says what else goes where the snapshots are chosen.
    """

    wiped = Signal(bool)

    def __init__(self, question: str, kept_until: datetime | None, parent: QWidget, also: str = "") -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWindowTitle(tr("Delete for good"))
        self.setText(question)
        self.from_snapshots = Tick(tr("Delete it from the snapshots too"))
        if kept_until is None:
            self.setInformativeText(tr("This cannot be undone. No snapshot keeps it."))
        else:
            kept = tr("This cannot be undone. A snapshot keeps it until {day}.", day=shown_day(kept_until))
            self.setInformativeText(f"{kept} {also}".rstrip())
            self.setCheckBox(self.from_snapshots)
        self.deletes = self.addButton(tr("Delete for good"), QMessageBox.ButtonRole.DestructiveRole)
        set_look(self.deletes, "danger")
        self.keeps = self.addButton(tr("Keep it"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.keeps)
        self.setEscapeButton(self.keeps)
        self.deletes.clicked.connect(lambda: self.wiped.emit(self.from_snapshots.isChecked()))
