# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The adapters (LoRA) of a model: each with its scale and a button that takes it away."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QFileDialog, QWidget

from assistant.settings import ADAPTER_SCALE, AdapterFile
from assistant.texts import tr
from ui.blocks import FocusWheel
from ui.elements import ElidedLabel, button, column, label, row
from ui.number_row import plain_number
from ui.theme import SPACE_1, IconButton

SCALE_STEP = 0.1


class AdaptersList(QWidget):
    """Shows adapters and asks for others; `changed` carries all of them."""

    changed = Signal(object)  # tuple[AdapterFile, ...]

    def __init__(self, wheel: FocusWheel) -> None:
        super().__init__()
        self._wheel = wheel
        self._adapters: tuple[AdapterFile, ...] = ()
        self.rows: list[AdapterRow] = []
        self.dialog: QFileDialog | None = None
        self.add_button = button(tr("Add an adapter…"), "fold", "plus")
        self.add_button.clicked.connect(self.choose_file)
        self._lines = column(gap=SPACE_1)
        told = label(tr("A LoRA file in GGUF that changes how this model writes."), "small")
        lines = column(gap=SPACE_1)
        lines.addWidget(label(tr("Adapters"), "heading"))
        lines.addWidget(told)
        lines.addLayout(self._lines)
        lines.addLayout(row(self.add_button, 1))
        self.setLayout(lines)

    def show_adapters(self, adapters: Sequence[AdapterFile]) -> None:
        """Show these adapters without telling anybody."""
        if [each.path for each in adapters] != [each.path for each in self._adapters]:
            self._make_rows(adapters)
        self._adapters = tuple(adapters)
        for each, adapter in zip(self.rows, adapters, strict=True):
            each.show_scale(adapter.scale)

    def choose_file(self) -> None:
        """Open the file dialog; the file chosen is added with the scale 1."""
        dialog = self.dialog or QFileDialog(self, tr("Choose an adapter"))
        if self.dialog is None:
            self.dialog = dialog
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            dialog.setNameFilters([tr("Adapters") + " (*.gguf)", tr("All files") + " (*)"])
            dialog.fileSelected.connect(self.add)
        dialog.open()

    def add(self, path: str) -> None:
        """Ask for one adapter more, with the scale 1."""
        if all(each.path != path for each in self._adapters):
            self._tell((*self._adapters, AdapterFile(path)))

    def _make_rows(self, adapters: Sequence[AdapterFile]) -> None:
        for old in self.rows:
            old.hide()
            old.deleteLater()
        self.rows = [AdapterRow(each, self._wheel) for each in adapters]
        for at, made in enumerate(self.rows):
            made.scale.valueChanged.connect(lambda value, at=at: self._scale(at, value))
            made.remove.clicked.connect(lambda _checked=False, at=at: self._remove(at))
            self._lines.addWidget(made)

    def _scale(self, at: int, value: float) -> None:
        changed = replace(self._adapters[at], scale=round(value, 2))
        self._tell((*self._adapters[:at], changed, *self._adapters[at + 1 :]))

    def _remove(self, at: int) -> None:
        self._tell((*self._adapters[:at], *self._adapters[at + 1 :]))

    def _tell(self, adapters: tuple[AdapterFile, ...]) -> None:
        self.show_adapters(adapters)
        self.changed.emit(adapters)


class AdapterRow(QWidget):
    """One adapter: its file, its scale, and the button that takes it away."""

    def __init__(self, adapter: AdapterFile, wheel: FocusWheel) -> None:
        super().__init__()
        file = Path(adapter.path).name
        name = ElidedLabel(file, mode=Qt.TextElideMode.ElideMiddle)
        self.scale = QDoubleSpinBox()
        self.scale.setRange(ADAPTER_SCALE.low, ADAPTER_SCALE.high)
        self.scale.setSingleStep(SCALE_STEP)
        self.scale.setDecimals(2)
        plain_number(self.scale)
        self.scale.setAccessibleName(tr("Strength of {name}", name=file))
        self.scale.setToolTip(tr("Strength: 0 is off, 1 is as it was trained"))
        self.remove = IconButton("close", tr("Remove {name}", name=file))
        wheel.guard(self.scale)
        line = row(name, self.scale, self.remove)
        line.setStretch(0, 1)
        self.setLayout(line)

    def show_scale(self, scale: float) -> None:
        """Show a scale without telling anybody."""
        with QSignalBlocker(self.scale):
            self.scale.setValue(scale)
