# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""How the model in use is loaded: context window, layers on the graphics card, adapters; with an estimate."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame

from assistant.engine.protocol import Devices, Fitting, ModelInfo
from assistant.errors import MaruError
from assistant.settings import AdapterFile, about
from assistant.texts import tr
from ui import theme
from ui.adapters_list import AdaptersList
from ui.blocks import Beside, FocusWheel
from ui.elements import Note, button, column, label, row
from ui.model_words import fitting_words
from ui.number_row import NumberRow, Steps

ESTIMATE_AFTER_MS = 250  # after the last movement of a slider
CONTEXT_STEP, LEAST_CONTEXT = 512, 512
AUTOMATIC, ALL_THAT_FIT = 0, -1
GPU_KINDS = ("gpu", "igpu", "accel")


@dataclass(frozen=True)
class Tuning:
    """What is asked for: `n_ctx` 0 is automatic, `n_gpu_layers` -1 as many as fit."""

    n_ctx: int = AUTOMATIC
    n_gpu_layers: int = ALL_THAT_FIT
    adapters: tuple[AdapterFile, ...] = ()


class ModelTuning(QFrame):
    """Sliders with the estimate below them; nothing changes before the button is pressed."""

    estimate_wanted = Signal(object)  # Tuning
    load_wanted = Signal(object)  # Tuning

    def __init__(self) -> None:
        super().__init__()
        theme.set_look(self, "card")
        self._used = self._wanted = Tuning()
        self._path = Path()
        self._has_gpu = False
        wheel = FocusWheel(self)
        self.context = NumberRow(
            tr("Context window"),
            tr("How many tokens the model can see at once. More needs more memory."),
            Steps(0, 8192, CONTEXT_STEP, 0),
            _limits("n_ctx"),
            tr("Automatic"),
        )
        self.layers = NumberRow(
            tr("Layers on the graphics card"),
            tr("More is faster; too many do not fit its memory."),
            Steps(ALL_THAT_FIT, 1, 1, 0),
            (ALL_THAT_FIT, 1),
            tr("As many as fit"),
        )
        self.why = label("", "small", selectable=True)
        self.adapters = AdaptersList(wheel)
        self.estimate = Note("")
        self.nearest = button("", "link")
        self.load_button = button(tr("Load again"), "primary")
        self.undo_button = button(tr("Undo"), "quiet")
        self._later = QTimer(self, interval=ESTIMATE_AFTER_MS, singleShot=True)
        self._nearest = 0
        for each in (self.context, self.layers):
            wheel.guard(each.slider, each.number)
        self._arrange()
        self._join()
        self._show()

    def show_model(self, info: ModelInfo, tuning: Tuning) -> None:
        """Show how the model in use was asked to be loaded; what was set since then stays set."""
        if (info.path, tuning) != (self._path, self._used):
            self._path, self._used, self._wanted = info.path, tuning, tuning
        most = max(info.n_ctx_train, info.n_ctx, tuning.n_ctx)
        self.context.reach(
            Steps(0, -(-most // CONTEXT_STEP) * CONTEXT_STEP, CONTEXT_STEP, 0), _limits("n_ctx")
        )
        self.layers.reach(
            Steps(ALL_THAT_FIT, info.layers, 1, 0), (ALL_THAT_FIT, max(info.layers, tuning.n_gpu_layers))
        )
        self.why.setText(str(info.reason) if info.reason else "")
        self._show()
        if self.isVisible():
            self._later.start()

    def show_devices(self, devices: Devices) -> None:
        """Let layers be chosen where there is a graphics card, else say why not."""
        self._has_gpu = any(device.kind in GPU_KINDS for device in devices.devices)
        if devices.reason is not None:
            lines = [str(devices.reason), devices.command]
            self.why.setText("\n".join(line for line in lines if line))
        self._show()

    def show_estimate(self, fitting: Fitting) -> None:
        """Show how what is asked for would lie in memory, and the nearest choice that fits."""
        self._nearest = fitting.nearest if fitting.problem else 0
        self.estimate.say(fitting_words(fitting), "warning" if fitting.problem else "soft")
        self.estimate.show()
        self.nearest.setText(tr("Choose {n_ctx} tokens", n_ctx=self._nearest))
        self.nearest.setVisible(bool(self._nearest))
        self._enable(fits=fitting.problem is None)

    def show_estimate_error(self, error: MaruError) -> None:
        """Say why there is no estimate; loading may be tried all the same."""
        self._nearest = 0
        self.nearest.hide()
        self.estimate.say(str(error), "danger")
        self.estimate.show()
        self._enable(fits=True)

    @property
    def wanted(self) -> Tuning:
        """What the controls ask for."""
        return self._wanted

    def ask_for(self, tuning: Tuning) -> None:
        """Set the controls, as a person would; nothing is loaded before the button is pressed."""
        self._wanted = tuning
        self._show()
        self._later.start()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the estimate of what is shown: not before somebody looks."""
        super().showEvent(event)
        self._later.start()

    def _arrange(self) -> None:
        lines = column(theme.SPACE_4, theme.SPACE_3, theme.SPACE_4, theme.SPACE_3, gap=theme.SPACE_4)
        lines.addWidget(self.context)
        graphics = column(gap=theme.SPACE_1)
        graphics.addWidget(self.layers)
        graphics.addWidget(self.why)
        lines.addLayout(graphics)
        lines.addWidget(self.adapters)
        below = column(gap=theme.SPACE_2)
        below.addWidget(self.estimate)
        below.addLayout(row(self.nearest, 1))
        below.addWidget(Beside(self.load_button, self.undo_button))
        lines.addLayout(below)
        self.setLayout(lines)
        self.estimate.hide()
        self.nearest.hide()

    def _join(self) -> None:
        self.context.changed.connect(self._take_context)
        self.layers.changed.connect(lambda value: self._change(n_gpu_layers=round(value)))
        self.adapters.changed.connect(lambda adapters: self._change(adapters=adapters))
        self._later.timeout.connect(lambda: self.estimate_wanted.emit(self._wanted))
        self.nearest.clicked.connect(lambda: self._change(n_ctx=self._nearest))
        self.undo_button.clicked.connect(lambda: self.ask_for(self._used))
        self.load_button.clicked.connect(lambda: self.load_wanted.emit(self._wanted))

    def _take_context(self, value: float) -> None:
        """Take a number of tokens; so few that no question fits are too few."""
        tokens = round(value)
        self._change(n_ctx=max(tokens, LEAST_CONTEXT) if tokens else AUTOMATIC)

    def _change(
        self,
        n_ctx: int | None = None,
        n_gpu_layers: int | None = None,
        adapters: Sequence[AdapterFile] | None = None,
    ) -> None:
        now = self._wanted
        self.ask_for(
            Tuning(
                now.n_ctx if n_ctx is None else n_ctx,
                now.n_gpu_layers if n_gpu_layers is None else n_gpu_layers,
                now.adapters if adapters is None else tuple(adapters),
            )
        )

    def _show(self) -> None:
        self.context.set_value(self._wanted.n_ctx)
        self.layers.set_value(self._wanted.n_gpu_layers)
        self.adapters.show_adapters(self._wanted.adapters)
        for control in (self.layers.slider, self.layers.number):
            control.setEnabled(self._has_gpu)
        self.why.setVisible(bool(self.why.text()))
        self._enable(fits=True)

    def _enable(self, *, fits: bool) -> None:
        changed = self._wanted != self._used
        self.load_button.setVisible(changed)
        self.undo_button.setVisible(changed)
        self.load_button.setEnabled(fits)


def _limits(field: str) -> tuple[float, float]:
    limits = about(field).limits
    return (limits.low, limits.high) if limits else (0, 0)
