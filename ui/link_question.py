# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Asks before anything leaves this computer: a link of an answer is opened only after a yes."""

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QMessageBox, QWidget

from assistant.texts import tr
from ui.link_addresses import openable


class LinkQuestion(QMessageBox):
    """Shows the whole address; the safe answer is the default. It goes away by itself.

    What is never opened (ui.link_addresses) is not offered either.
    """

    def __init__(self, address: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWindowTitle(tr("Open a link"))
        self.address = openable(address)
        self.setText(
            tr("Open this address in your browser?")
            if self.address
            else tr("Maru does not open this address.")
        )
        self.setInformativeText(self.address or address)
        for words in self.findChildren(QLabel):  # Qt's own, which would read an address as HTML
            words.setTextFormat(Qt.TextFormat.PlainText)
        self.opens = self.addButton(tr("Open in the browser"), QMessageBox.ButtonRole.AcceptRole)
        self.opens.setEnabled(bool(self.address))
        self.stays = self.addButton(tr("Do not open"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.stays)
        self.setEscapeButton(self.stays)
        self.opens.clicked.connect(self._open)

    def _open(self) -> None:
        if self.address:
            QDesktopServices.openUrl(QUrl(self.address))
