# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What the window says of the model that answers: in the header, the welcome and the note."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from assistant.app import Assistant
from assistant.app_events import ModelReloaded, ReloadFailed
from assistant.engine.client import CHAT_ENGINE
from assistant.engine.protocol import ModelInfo
from assistant.errors import MaruError, Offer
from assistant.model_files import ModelFile
from assistant.texts import tr
from assistant.workers.state import Phase, WorkerState
from ui.endings import button_for
from ui.frame import Frame
from ui.happenings import Happenings
from ui.model_errands import ModelChoice, Work
from ui.model_words import model_line
from ui.preferences import Preferences


class ModelStatus(QObject):
    """Follows the chat model through its life. `changed` carries its ModelInfo, None for none."""

    changed = Signal(object)

    def __init__(
        self,
        assistant: Assistant,
        frame: Frame,
        choice: ModelChoice,
        happenings: Happenings,
        preferences: Preferences,
    ) -> None:
        super().__init__(frame)
        self._assistant, self._frame, self._choice = assistant, frame, choice
        self._preferences = preferences
        self._files: dict[Path, ModelFile] = {}
        self._known: ModelInfo | None = None  # the last that was loaded; it may sleep now
        choice.working.connect(self._show_work)
        choice.loaded.connect(self._show_loaded)
        choice.failed.connect(self._show_failure)
        choice.listed.connect(self._take_files)
        happenings.worker_changed.connect(self._take_state)
        happenings.reloaded.connect(self._take_reload)
        happenings.reload_failed.connect(self._take_failed_reload)
        frame.header.cancel_wanted.connect(choice.cancel)

    def refresh(self) -> None:
        """Say which model is loaded now."""
        info = self._assistant.chat_engine.info
        if info is not None and info != self._known:
            self._known = info
            self.changed.emit(info)
        if info is None:
            return
        file = self._files.get(info.path)
        self._frame.header.show_model(model_line(info, file.name if file else ""))
        note = str(file.note) if file and file.note else ""
        self._frame.welcome.show_model(note or (file.name if file else info.name))

    def follow(self) -> None:
        """Take over the settings by which the core loaded the model, and say which it is."""
        self._preferences.follow(self._assistant.settings)
        self.refresh()

    def name(self, info: ModelInfo) -> str:
        """Return the name of a model as people know it."""
        file = self._files.get(info.path)
        return file.name if file else info.name

    # --- what the user asked for

    def _show_work(self, work: Work) -> None:
        percent = None if work.fraction is None else round(100 * work.fraction)
        words = tr("{what}, {percent} %", what=work.sentence, percent=percent or 0)
        said = f"{work.sentence}…" if percent is None else words
        self._frame.header.show_model(said, cancel=True)
        if self._assistant.chat_engine.info is None:
            self._frame.welcome.show_model(said)

    def _show_loaded(self, _info: ModelInfo | None) -> None:
        self.follow()
        self._choice.refresh()

    def _take_files(self, files: list[ModelFile]) -> None:
        self._files = {file.path: file for file in files}
        if not self._choice.busy:
            self.refresh()

    def _show_failure(self, error: MaruError) -> None:
        self._preferences.follow(self._assistant.settings)
        info = self._assistant.chat_engine.info
        self._frame.header.show_model("")
        self._frame.welcome.show_model("")
        self.refresh()
        again = tr("{name} answers again.", name=self.name(info)) if info else ""
        if error.offer is not None:
            offer = error.offer
            self._say(error, button_for(error), lambda: self._choice.accept(offer), again)
        else:
            self._say(error, tr("Choose a model"), lambda: self._frame.open_side("models"), again)

    # --- what happens by itself

    def _take_state(self, state: WorkerState) -> None:
        if state.name != CHAT_ENGINE or self._choice.busy:
            return
        header = self._frame.header
        match state.phase:
            case Phase.STARTING:
                header.show_model(tr("Starting the model…"))
            case Phase.LOADING:
                percent = round(100 * state.fraction)
                header.show_model(tr("Loading the model, {percent} %", percent=percent))
            case Phase.STOPPED if self._known is not None:
                name = self.name(self._known)
                header.show_model(tr("{name} is asleep; the next question wakes it", name=name))
            case Phase.CRASHED | Phase.HUNG | Phase.SET_ASIDE:
                header.show_model(str(state.message or tr("The chat engine ended.")))
            case Phase.READY | Phase.BUSY:
                self.refresh()

    def _take_reload(self, event: ModelReloaded) -> None:
        self.follow()  # by the settings in force: others may have been chosen since
        self.changed.emit(event.info)

    def _take_failed_reload(self, event: ReloadFailed) -> None:
        self._preferences.follow(event.settings)
        self.refresh()
        info = self._assistant.chat_engine.info
        self.changed.emit(info)
        again = tr("The earlier settings are back.")
        offer = event.error.offer
        if isinstance(offer, Offer):
            self._say(event.error, button_for(event.error), lambda: self._choice.accept(offer), again)
        else:
            self._say(event.error, tr("Change it"), lambda: self._frame.open_side("models"), again)

    def _say(self, error: MaruError, button: str, action: Callable[[], None], again: str) -> None:
        self._frame.note.show_error(error, button, action, again)
