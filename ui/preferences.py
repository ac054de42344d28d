# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What the person chose, as the window uses it: shown at once, kept beside the window."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from assistant.app import Assistant
from assistant.chat import Options
from assistant.engines import RELOADING
from assistant.sampling import PRESETS, Preset, SamplingParams
from assistant.settings import Settings
from ui import theme
from ui.tasks import Task, call

TEXT_STEP = 10  # per cent


class Preferences(QObject):
    """Holds the settings and how the next question is answered. Kept one change after the other."""

    sampling_changed = Signal(object, object)  # SamplingParams, Preset | None
    look_changed = Signal()  # theme or text size
    failed = Signal(object)  # MaruError

    def __init__(self, assistant: Assistant, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self.settings = assistant.settings
        options = assistant.starting_options()
        self.sampling, self.preset = options.sampling, options.preset
        self._newest: Settings | None = None
        self._task: Task | None = None

    def options(
        self, *, documents: bool, collections: tuple[str, ...] | None = None, whole: tuple[Path, ...] = ()
    ) -> Options:
        """Return how the next question is answered: from all collections (None), some, or no documents.

        `whole` are documents that are read whole.
        """
        return Options(
            sampling=self.sampling,
            preset=self.preset,
            documents=documents,
            collections=collections,
            limit=self.settings.limit,
            whole=whole,
        )

    def take(self, settings: Settings) -> None:
        """Take over settings that were changed elsewhere (the settings dialog, a model)."""
        preset = Preset(settings.preset) if settings.preset else None
        sampling = PRESETS[preset] if preset else settings.sampling
        changed = (sampling, preset) != (self.sampling, self.preset)
        self.sampling, self.preset = sampling, preset
        self._keep(settings)
        if changed:
            self.sampling_changed.emit(sampling, preset)

    def follow(self, settings: Settings) -> None:
        """Take over how the model is loaded, which the core has changed (or changed back) by itself."""
        changed: dict[str, Any] = {name: getattr(settings, name) for name in RELOADING}
        self.settings = replace(self.settings, **changed)

    def choose_preset(self, preset: Preset) -> None:
        """Answer with a preset from now on."""
        self.choose_sampling(PRESETS[preset], preset)

    def choose_sampling(self, sampling: SamplingParams, preset: Preset | None) -> None:
        """Answer with these values from now on."""
        self.sampling, self.preset = sampling, preset
        self._keep(replace(self.settings, preset=preset.value if preset else "", sampling=sampling))
        self.sampling_changed.emit(sampling, preset)

    def resize_text(self, steps: int) -> None:
        """Make the text larger or smaller; 0 steps give its usual size."""
        wanted = self.settings.text_percent + steps * TEXT_STEP if steps else 100
        wanted = min(max(wanted, theme.TEXT_PERCENT_LOW), theme.TEXT_PERCENT_HIGH)
        if wanted != self.settings.text_percent:
            self._keep(replace(self.settings, text_percent=wanted))

    def remember_window(self, places: Mapping[str, str]) -> None:
        """Remember where the window stood."""
        self._keep(replace(self.settings, window=places))

    def _keep(self, settings: Settings) -> None:
        before, self.settings = self.settings, settings
        looks = (settings.theme, settings.text_percent)
        app = QApplication.instance()
        if isinstance(app, QApplication) and looks != (before.theme, before.text_percent):
            app.setProperty("maru_theme", settings.theme)
            theme.apply_theme(app, *looks)
            self.look_changed.emit()
        self._newest = settings
        if self._task is None:
            self._write()

    def _write(self) -> None:
        settings, self._newest = self._newest, None
        if settings is None:
            return
        # The model is chosen by the core, perhaps meanwhile: it knows better which one.
        wanted = settings
        self._task = call(
            lambda: self._assistant.apply(replace(wanted, chat_model=self._assistant.settings.chat_model))
        )
        self._task.failed.connect(self.failed)
        self._task.ended.connect(self._written)
        self._task.start()

    def _written(self) -> None:
        self._task = None
        self._write()
