# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The model that answers: what it is, how it is loaded, which others there are, how to bring one."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QWidget

from assistant.engine.protocol import Fitting, ModelInfo
from assistant.errors import MaruError, StoppedError
from assistant.model_files import CHAT, ModelFile
from assistant.texts import tr
from ui import theme
from ui.blocks import ScrollColumn
from ui.elements import Note, Tick, button, column, label
from ui.model_cards import CurrentModel, ModelCard
from ui.model_tuning import ModelTuning, Tuning
from ui.progress import Progress


class ModelsPanel(QWidget):
    """Shows the model in use and the others, and asks for a change. `clock` returns seconds."""

    model_chosen = Signal(object)  # Path of a GGUF file, to be used where it lies
    import_wanted = Signal(object)  # Path of a GGUF file, to be copied into Maru's folder and used
    cancel_requested = Signal()  # end the loading or copying that is going on
    came_into_sight = Signal()

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self._info: ModelInfo | None = None
        self._files: list[ModelFile] = []
        self._estimates: Mapping[Path, Fitting | MaruError] = {}
        self.dialog: QFileDialog | None = None
        self.cards: list[ModelCard] = []
        self.progress = Progress(clock)
        self.progress.cancelled.connect(self.cancel_requested)
        self.error = Note("", "danger")
        self.error.hide()
        self.current = CurrentModel()
        self.tuning_title = label(tr("How it is loaded"), "heading")
        self.tuning = ModelTuning()
        self.others = label(tr("Other models on this computer"), "heading")
        self.list = QWidget()
        self.list.setLayout(column())
        self.choose_button = button(tr("Choose a GGUF file…"), "", "folder")
        self.choose_button.clicked.connect(self.choose_file)
        self.copies = Tick(tr("Copy it into Maru"))
        self.copies.setToolTip(
            tr("It is copied into Maru's folder. Otherwise it is used where it lies, and must stay there.")
        )
        self.copies.setAccessibleDescription(self.copies.toolTip())
        self.drop = QFrame()
        self._build()
        self.show_current(None)
        self.show_models([])

    def show_current(self, info: ModelInfo | None, tuning: Tuning | None = None) -> None:
        """Show the model in use and how it was asked to be loaded; None while there is none."""
        self._info = info
        self.end_work()
        if info is not None:
            self.error.hide()
            self.tuning.show_model(info, tuning or Tuning())
        for part in (self.tuning_title, self.tuning):
            part.setVisible(info is not None)
        self._refresh()

    def show_models(self, models: Sequence[ModelFile]) -> None:
        """Show the chat models found; the one in use is not listed again."""
        self._files = [model for model in models if model.kind == CHAT]
        self._refresh()

    def show_estimates(self, estimates: Mapping[Path, Fitting | MaruError]) -> None:
        """Show of the listed models whether they fit."""
        self._estimates = estimates
        for card in self.cards:
            if known := estimates.get(card.model.path):
                card.show_estimate(known)

    def show_work(self, sentence: str, fraction: float | None = None) -> None:
        """Say what is being done with a model (loading, copying, checking), and how far it is."""
        self.error.hide()
        self.progress.tell(sentence, fraction)
        self.current.setVisible(self._info is not None)  # else two sentences would contradict each other

    def end_work(self) -> None:
        """Say no more of it: it is over."""
        self.progress.end()
        self.current.show()

    def show_error(self, error: MaruError) -> None:
        """Say why a model could not be used; the loading is over."""
        self.end_work()
        self.error.say(str(error), "soft" if isinstance(error, StoppedError) else "danger")
        self.error.show()

    def choose_file(self) -> None:
        """Open the file dialog; the file chosen goes out with `model_chosen` or `import_wanted`."""
        # One dialog for good: it remembers the folder, and none is destroyed while it is closing.
        dialog = self.dialog or QFileDialog(self, tr("Choose a GGUF file"))
        if self.dialog is None:
            self.dialog = dialog
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            dialog.setNameFilters([tr("Models") + " (*.gguf)", tr("All files") + " (*)"])
            dialog.fileSelected.connect(lambda name: self._take(Path(name)))
        dialog.open()

    def _build(self) -> None:
        hint = tr("Or drop one here. Larger models answer better and need more memory.")
        inside = column(theme.SPACE_4, theme.SPACE_4, theme.SPACE_4, theme.SPACE_4)
        inside.addWidget(self.choose_button, alignment=Qt.AlignmentFlag.AlignHCenter)
        inside.addWidget(self.copies, alignment=Qt.AlignmentFlag.AlignHCenter)
        said = label(hint, "small")
        said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside.addWidget(said)
        self.drop.setLayout(inside)
        theme.set_look(self.drop, "soft")
        scroll = ScrollColumn()
        parts: list[QWidget] = [self.error, self.progress, self.current, self.tuning_title, self.tuning]
        for part in (*parts, self.others, self.list, self.drop):
            scroll.add(part)
        lines = column()
        lines.addWidget(scroll)
        self.setLayout(lines)

    def _take(self, path: Path) -> None:
        (self.import_wanted if self.copies.isChecked() else self.model_chosen).emit(path)

    def _refresh(self) -> None:
        used = self._info.path if self._info else None
        self.current.show_model(self._info, next((f for f in self._files if f.path == used), None))
        for card in self.cards:
            card.hide()
            card.deleteLater()
        self.cards = []
        layout = self.list.layout()
        for model in self._files:
            if model.path != used and layout is not None:
                card = ModelCard(model)
                card.clicked.connect(lambda _checked=False, path=model.path: self.model_chosen.emit(path))
                self.cards.append(card)
                layout.addWidget(card)
        self.show_estimates(self._estimates)
        self.others.setVisible(bool(self.cards))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Say that somebody looks: what is shown may have to be worked out."""
        super().showEvent(event)
        self.came_into_sight.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Welcome a GGUF file; anything else is the window's."""
        if _dropped_model(event.mimeData().urls()):
            theme.set_look(self.drop, "card")
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802 - Qt's name
        """Look as before."""
        theme.set_look(self.drop, "soft")
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the model that was dropped."""
        theme.set_look(self.drop, "soft")
        path = _dropped_model(event.mimeData().urls())
        if path is not None:
            event.acceptProposedAction()
            self._take(path)


def _dropped_model(urls: Sequence[QUrl]) -> Path | None:
    paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    return paths[0] if len(paths) == 1 and paths[0].suffix.lower() == ".gguf" else None
