# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The switch between the presets: how freely the model chooses its words."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup

from assistant.sampling import PRESET_NAMES, PRESET_RISKS, Preset
from assistant.texts import tr
from ui.blocks import Beside
from ui.elements import button
from ui.theme import SPACE_1


class PresetSwitch(Beside):
    """Three presets side by side, one pressed; none is where the user has settings of their own."""

    chosen = Signal(object)  # Preset

    def __init__(self) -> None:
        self.buttons = {preset: button(str(PRESET_NAMES[preset]), "chip") for preset in Preset}
        super().__init__(*self.buttons.values(), gap=SPACE_1, even=True)
        self.setAccessibleName(tr("Preset"))
        self._group = QButtonGroup(self)
        for preset, pressed in self.buttons.items():
            pressed.setCheckable(True)
            pressed.setToolTip(str(PRESET_RISKS[preset]))
            pressed.setAccessibleDescription(str(PRESET_RISKS[preset]))
            pressed.clicked.connect(lambda _checked=False, preset=preset: self.chosen.emit(preset))
            pressed.installEventFilter(self)  # a group's own arrow keys follow the layout, not the order
            self._group.addButton(pressed)

    def show_preset(self, preset: Preset | None) -> None:
        """Press the button of `preset`; none for None."""
        self._group.setExclusive(False)
        for each, pressed in self.buttons.items():
            pressed.setChecked(each is preset)
        self._group.setExclusive(True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Left and right move between the presets and choose."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            way = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
            at = [each for each, pressed in enumerate(self.buttons.values()) if pressed is watched]
            if way and at:
                following = list(self.buttons.values())[(at[0] + way) % len(self.buttons)]
                following.setFocus()
                following.click()
                return True
        return super().eventFilter(watched, event)
