# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A number to set: its name, a slider and a field beside it, and one line on what it does."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QDoubleSpinBox, QSlider, QSpinBox, QWidget

from ui import theme
from ui.elements import column, label, row
from ui.theme import SPACE_1

NUMBER_WIDTH = 96  # pixels at least, so that fields stand under each other
STACKED_FROM = 140  # per cent text size
SLIDER_HEIGHT = 22  # pixels; the handle is drawn beyond the groove


@dataclass(frozen=True)
class Steps:
    """What a slider reaches: from `low` to `high` by `step`; `decimals` are shown in the field."""

    low: float
    high: float
    step: float
    decimals: int

    @property
    def count(self) -> int:
        """How many steps there are between both ends."""
        return round((self.high - self.low) / self.step)

    def nearest(self, value: float) -> int:
        """Return the slider's position for a value, at the end where it is beyond."""
        return min(max(round((value - self.low) / self.step), 0), self.count)


def plain_number(field: QDoubleSpinBox | QSpinBox) -> None:
    """Align a number's field to the right and let it tell a number once it is entered."""
    field.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    field.lineEdit().setTextMargins(0, 0, SPACE_1, 0)
    field.setKeyboardTracking(False)
    field.setMinimumWidth(NUMBER_WIDTH)


class NumberRow(QWidget):
    """Slider and field show the same number; the field reaches all of `limits` (low, high).

    `automatic` stands in the field in place of the lowest number.
    """

    changed = Signal(float)

    def __init__(
        self, name: str, what: str, steps: Steps, limits: tuple[float, float], automatic: str = ""
    ) -> None:
        super().__init__()
        self._steps = steps
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, steps.count)
        self.slider.setMinimumHeight(SLIDER_HEIGHT)
        self.slider.setPageStep(max(steps.count // 10, 1))
        self.number = QDoubleSpinBox()
        self.number.setDecimals(steps.decimals)
        self.number.setRange(*limits)
        self.number.setSingleStep(steps.step)
        self.number.setSpecialValueText(automatic)
        self.number.setGroupSeparatorShown(True)
        plain_number(self.number)
        for control in (self.slider, self.number):
            control.setAccessibleName(name)
            control.setAccessibleDescription(what)
        self.slider.valueChanged.connect(lambda at: self._tell(self._steps.low + at * self._steps.step))
        self.number.valueChanged.connect(self._tell)
        lines = column(gap=SPACE_1)
        self._top = row(label(name, "heading"), self.number)
        self._top.setStretch(0, 1)
        self._stack()
        lines.addLayout(self._top)
        lines.addWidget(self.slider)
        lines.addWidget(label(what, "small"))
        self.setLayout(lines)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Arrange again for another text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_top"):
            self._stack()

    def _stack(self) -> None:
        """With large text, put the field under the name: beside it, the name would be cut."""
        ways, large = QBoxLayout.Direction, theme.text_percent() >= STACKED_FROM
        self._top.setDirection(ways.TopToBottom if large else ways.LeftToRight)

    def value(self) -> float:
        """Return the number shown."""
        return self.number.value()

    def set_value(self, value: float) -> None:
        """Show a number without telling anybody."""
        with QSignalBlocker(self.slider), QSignalBlocker(self.number):
            self.number.setValue(value)
            self.slider.setValue(self._steps.nearest(value))

    def reach(self, steps: Steps, limits: tuple[float, float]) -> None:
        """Let it reach from another lowest to another highest number."""
        self._steps = steps
        with QSignalBlocker(self.slider), QSignalBlocker(self.number):
            self.slider.setRange(0, steps.count)
            self.slider.setPageStep(max(steps.count // 10, 1))
            self.number.setRange(*limits)
            self.slider.setValue(steps.nearest(self.number.value()))

    def _tell(self, value: float) -> None:
        self.set_value(value)
        self.changed.emit(self.number.value())
