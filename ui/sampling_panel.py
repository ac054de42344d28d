# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""How freely the model chooses its words: three presets, and every parameter with its risk of invention."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

from assistant.sampling import (
    LIMITS,
    MAX_SEED,
    PARAMETER_RISKS,
    PRESET_RISKS,
    PRESETS,
    Preset,
    SamplingParams,
)
from assistant.texts import Text, text, tr
from ui.blocks import FocusWheel, ScrollColumn
from ui.elements import Tick, button, column, label, row
from ui.fold import Fold
from ui.number_row import NumberRow, Steps, plain_number
from ui.preset_switch import PresetSwitch
from ui.theme import SPACE_1, SPACE_4

NAMES: dict[str, Text] = {
    "temperature": text("Temperature"),
    "top_k": text("Top-k"),
    "top_p": text("Top-p"),
    "min_p": text("Min-p"),
    "repeat_penalty": text("Repeat penalty"),
    "presence_penalty": text("Presence penalty"),
    "frequency_penalty": text("Frequency penalty"),
    "max_tokens": text("Longest answer"),
    "seed": text("Seed"),
}
STEPS = {  # what a slider reaches in even steps; the number beside it reaches the whole range
    "temperature": Steps(0.0, 2.0, 0.05, 2),
    "top_p": Steps(0.0, 1.0, 0.01, 2),
    "min_p": Steps(0.0, 0.5, 0.01, 2),
    "top_k": Steps(0, 200, 5, 0),
    "repeat_penalty": Steps(0.5, 2.0, 0.05, 2),
    "presence_penalty": Steps(-2.0, 2.0, 0.1, 2),
    "frequency_penalty": Steps(-2.0, 2.0, 0.1, 2),
    "max_tokens": Steps(64, 4096, 64, 0),
}
ADVANCED = ("presence_penalty", "frequency_penalty")  # folded away: they rarely help


class SamplingPanel(QWidget):
    """The settings of the next answer. Changing a number leaves the preset."""

    sampling_changed = Signal(object, object)  # SamplingParams, Preset | None

    def __init__(self, sampling: SamplingParams, preset: Preset | None = None) -> None:
        super().__init__()
        self._sampling, self._preset = sampling, preset
        self.switch = PresetSwitch()
        self.switch.chosen.connect(self._choose)
        self.risk = label("", "quiet")
        self.reset = button(tr("Back to Precise"), "link")
        self.reset.clicked.connect(lambda: self._choose(Preset.PRECISE))
        self._wheel = FocusWheel(self)
        self.rows = {name: self._number_row(name, steps) for name, steps in STEPS.items()}
        self._build_seed()
        scroll = ScrollColumn(gap=SPACE_4)
        scroll.add(self.switch)
        scroll.add(row(self.risk))
        for name, number_row in self.rows.items():
            if name not in ADVANCED:
                scroll.add(number_row)
        scroll.add(self._seed_row())
        self.advanced = Fold(tr("Advanced"), *(self.rows[name] for name in ADVANCED), gap=SPACE_4)
        scroll.add(self.advanced)
        scroll.add(row(self.reset, 1))
        lines = column()
        lines.addWidget(scroll)
        self.setLayout(lines)
        self.set_sampling(sampling, preset)

    def set_sampling(self, sampling: SamplingParams, preset: Preset | None) -> None:
        """Show these settings without telling anybody."""
        self._sampling, self._preset = sampling, preset
        for name, number_row in self.rows.items():
            number_row.set_value(getattr(sampling, name))
        with QSignalBlocker(self.random), QSignalBlocker(self.seed):
            self.random.setChecked(sampling.seed is None)
            self.seed.setValue(sampling.seed or 0)
        self.seed.setEnabled(sampling.seed is not None)
        self.switch.show_preset(preset)
        own = tr("Own settings: they stay until you choose a preset.")
        self.risk.setText(str(PRESET_RISKS[preset]) if preset else own)
        self.reset.setEnabled(preset is not Preset.PRECISE)
        if any(getattr(sampling, name) for name in ADVANCED):
            self.advanced.unfold()  # what acts is never out of sight

    def sampling(self) -> SamplingParams:
        """Return the settings as shown."""
        return self._sampling

    def _number_row(self, name: str, steps: Steps) -> NumberRow:
        limits = LIMITS[name]
        made = NumberRow(str(NAMES[name]), str(PARAMETER_RISKS[name]), steps, (limits.low, limits.high))
        made.changed.connect(lambda value: self._change(name, value))
        self._wheel.guard(made.slider, made.number)
        return made

    def _build_seed(self) -> None:
        self.random = Tick(tr("A new one for every answer"))
        self.random.toggled.connect(self._toggle_random)
        self.seed = QDoubleSpinBox()  # a QSpinBox ends at 2**31
        self.seed.setDecimals(0)
        self.seed.setRange(0, MAX_SEED)
        plain_number(self.seed)
        self.seed.setAccessibleName(str(NAMES["seed"]))
        self.seed.setAccessibleDescription(str(PARAMETER_RISKS["seed"]))
        self.seed.valueChanged.connect(lambda value: self._change("seed", value))
        self._wheel.guard(self.seed)

    def _seed_row(self) -> QWidget:
        made = QWidget()
        lines = column(gap=SPACE_1)
        top = row(label(str(NAMES["seed"]), "heading"), self.seed)
        top.setStretch(0, 1)
        lines.addLayout(top)
        lines.addWidget(self.random)
        lines.addWidget(label(str(PARAMETER_RISKS["seed"]), "small"))
        made.setLayout(lines)
        return made

    def _choose(self, preset: Preset) -> None:
        kept = self._sampling
        self._tell(replace(PRESETS[preset], seed=kept.seed, max_tokens=kept.max_tokens), preset)

    def _change(self, name: str, value: float) -> None:
        whole = isinstance(getattr(PRESETS[Preset.PRECISE], name), int) or name == "seed"
        given: dict[str, Any] = {name: round(value) if whole else round(value, 4)}
        sampling = replace(self._sampling, **given)
        # Neither the seed nor the length bears on how freely words are chosen.
        self._tell(sampling, self._preset if name in ("seed", "max_tokens") else None)

    def _toggle_random(self, random: bool) -> None:
        seed = None if random else round(self.seed.value())
        self._tell(replace(self._sampling, seed=seed), self._preset)

    def _tell(self, sampling: SamplingParams, preset: Preset | None) -> None:
        self.set_sampling(sampling, preset)
        self.sampling_changed.emit(sampling, preset)
