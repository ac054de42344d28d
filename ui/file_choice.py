# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A file as a setting: its name, and a button that chooses another."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from assistant.texts import tr
from ui import theme
from ui.elements import ElidedLabel, button, row

NAME_WIDTH = 160  # pixels at 100 % text


class FileChoice(QWidget):
    """Shows a path ("" as `nothing`) and tells another one; `kinds` is the dialog's filter."""

    chosen = Signal(str)

    def __init__(self, nothing: str, kinds: str) -> None:
        super().__init__()
        self._nothing, self._kinds, self._path = nothing, kinds, ""
        self.dialog: QFileDialog | None = None
        self.name = ElidedLabel(nothing, "", Qt.TextElideMode.ElideMiddle)
        self.name.setMaximumWidth(theme.px(NAME_WIDTH))
        self.name.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.choose = button(tr("Choose a file…"))
        self.choose.setAutoDefault(False)
        self.choose.clicked.connect(self.open_dialog)
        self.setFocusProxy(self.choose)
        self.setLayout(row(self.name, self.choose))

    def show_path(self, path: str) -> None:
        """Show a path without telling anybody."""
        self._path = path
        self.name.set_words(Path(path).name if path else self._nothing)

    def open_dialog(self) -> None:
        """Let the person choose."""
        if self.dialog is None:  # one for good: none is destroyed while it is closing
            self.dialog = QFileDialog(self, tr("Choose a file"), str(Path(self._path).parent), self._kinds)
            self.dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            self.dialog.fileSelected.connect(self._take)
        self.dialog.open()

    def _take(self, path: str) -> None:
        self.show_path(path)
        self.chosen.emit(path)
