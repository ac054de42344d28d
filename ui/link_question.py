# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Asks before anything leaves this computer: a link of an answer is opened only after a yes."""

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget

from assistant.texts import tr


class LinkQuestion(QMessageBox):
    """Shows the whole address; the safe answer is the default. It goes away by itself."""

    def __init__(self, address: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWindowTitle(tr("Open a link"))
        self.setText(tr("Open this address in your browser?"))
        self.setInformativeText(address)
        self.opens = self.addButton(tr("Open in the browser"), QMessageBox.ButtonRole.AcceptRole)
        self.stays = self.addButton(tr("Do not open"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.stays)
        self.setEscapeButton(self.stays)
        self.opens.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(address)))
