# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Joins the models panel with the errands about models, once both are there."""

from dataclasses import replace

from PySide6.QtCore import QObject

from assistant.app import Assistant
from assistant.app_events import ReloadFailed
from assistant.engine.client import CHAT_ENGINE
from assistant.engine.protocol import Fitting, ModelInfo
from assistant.errors import MaruError
from assistant.model_files import CHAT, ModelFile
from assistant.settings import Settings
from assistant.texts import tr
from assistant.workers.state import Phase, WorkerState
from ui.estimates import Estimates
from ui.model_errands import Work
from ui.model_tuning import Tuning
from ui.models_panel import ModelsPanel
from ui.tasks import call
from ui.window_parts import WindowParts


class ModelPage(QObject):
    """Keeps the panel up to date, and asks for what is pressed in it."""

    def __init__(self, assistant: Assistant, panel: ModelsPanel, parts: WindowParts) -> None:
        super().__init__(panel)
        choice = self._choice = parts.choice
        self._preferences = parts.preferences
        self._assistant, self._panel = assistant, panel
        self._files: list[ModelFile] = []
        self.estimates = Estimates(assistant, self)
        panel.model_chosen.connect(choice.choose)
        panel.import_wanted.connect(choice.bring_in)
        panel.cancel_requested.connect(self._cancel)
        panel.came_into_sight.connect(self._estimate_others)
        panel.tuning.estimate_wanted.connect(self.estimates.estimate)
        panel.tuning.load_wanted.connect(self._load_by)
        self.estimates.estimated.connect(self._take_estimate)
        self.estimates.others_estimated.connect(panel.show_estimates)
        choice.working.connect(self._show_work)
        choice.loaded.connect(self._show_model)
        choice.failed.connect(self._show_failure)
        choice.listed.connect(self._show_files)
        parts.status.changed.connect(self._show_model)
        parts.happenings.reload_failed.connect(self._show_failed_reload)
        parts.happenings.worker_changed.connect(self._take_state)

    def _show_work(self, work: Work) -> None:
        self._panel.show_work(work.sentence, work.fraction)

    def _show_model(self, info: ModelInfo | None) -> None:
        self._panel.show_current(info, tuning_of(self._assistant.settings))
        if info is not None:
            task = call(self._assistant.chat_engine.devices)
            task.finished.connect(self._panel.tuning.show_devices)
            task.start()

    def _show_failure(self, error: MaruError) -> None:
        self._show_model(self._assistant.chat_engine.info)
        self._panel.show_error(error)

    def _show_failed_reload(self, event: ReloadFailed) -> None:
        self._panel.show_error(event.error)

    def _take_state(self, state: WorkerState) -> None:
        """Show the loading that nobody chose here: by other settings, after a crash."""
        if state.name != CHAT_ENGINE or self._choice.busy:
            return
        if state.phase is Phase.LOADING:
            self._panel.show_work(tr("Loading the model"), state.fraction)
        elif state.phase is not Phase.STARTING:
            self._panel.end_work()

    def _cancel(self) -> None:
        if self._choice.busy:
            self._choice.cancel()
        else:
            self._assistant.stop_reload()

    def _show_files(self, files: list[ModelFile]) -> None:
        self._files = files
        self._panel.show_models(files)
        if self._panel.isVisible():
            self._estimate_others()

    def _estimate_others(self) -> None:
        """Estimate what is listed: only while somebody looks, for each costs a moment of another process."""
        info = self._assistant.chat_engine.info
        used = info.path if info else None
        self.estimates.estimate_others(
            file.path for file in self._files if file.kind == CHAT and file.path != used
        )

    def _take_estimate(self, tuning: Tuning, found: Fitting | MaruError) -> None:
        if tuning != self._panel.tuning.wanted:
            return
        if isinstance(found, Fitting):
            self._panel.tuning.show_estimate(found)
        else:
            self._panel.tuning.show_estimate_error(found)

    def _load_by(self, tuning: Tuning) -> None:
        """Take the values into the settings; the core loads by them after the answer in hand."""
        self._preferences.take(
            replace(
                self._preferences.settings,
                n_ctx=tuning.n_ctx,
                n_gpu_layers=tuning.n_gpu_layers,
                adapters=tuning.adapters,
            )
        )


def tuning_of(settings: Settings) -> Tuning:
    """Return how the settings say the model is to be loaded."""
    return Tuning(settings.n_ctx, settings.n_gpu_layers, settings.adapters)
