# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The model that answers: what it is, where it runs, which others there are, and how to bring one."""

import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QGridLayout, QLabel, QWidget

from assistant.engine.protocol import LoadProgress, ModelInfo
from assistant.errors import MaruError
from assistant.model_files import ModelFile
from assistant.texts import tr, trn
from ui import theme
from ui.blocks import Card, ScrollColumn
from ui.elements import Badge, ElidedLabel, Note, Picture, button, column, label, row
from ui.progress import Progress

STACKED_FROM = 140  # per cent text size: two columns no longer fit the side panel
# As the names of GGUF files carry it: Q4_K_M, IQ3_XXS, Q8_0, F16, BF16.
QUANTIZATION = re.compile(
    r"(?<![A-Za-z0-9])(I?Q\d(?:_[A-Z0-9]+)*|BF16|F16|F32)(?![A-Za-z0-9])", re.IGNORECASE
)


class ModelsPanel(QWidget):
    """Shows the model in use and the others, and asks for a change. `clock` returns seconds."""

    model_chosen = Signal(object)  # Path of a GGUF file
    cancel_requested = Signal()  # end the loading that is going on

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self._info: ModelInfo | None = None
        self._files: list[ModelFile] = []
        self.dialog: QFileDialog | None = None
        self.cards: list[ModelCard] = []
        self.progress = Progress(clock)
        self.progress.cancelled.connect(self.cancel_requested)
        self.error = Note("", "danger")
        self.error.hide()
        self.current = CurrentModel()
        self.others = label(tr("Other models on this computer"), "heading")
        self.list = QWidget()
        self.list.setLayout(column())
        self.choose_button = button(tr("Choose a GGUF file…"), "", "folder")
        self.choose_button.clicked.connect(self.choose_file)
        self.drop = QFrame()
        self._build()
        self.show_current(None)
        self.show_models([])

    def show_current(self, info: ModelInfo | None) -> None:
        """Show the model in use, None while there is none; loading is over."""
        self._info = info
        self.progress.end()
        if info is not None:
            self.error.hide()
        self._refresh()

    def show_models(self, models: Sequence[ModelFile]) -> None:
        """Show the chat models found; the one in use is not listed again."""
        self._files = [model for model in models if model.kind != "embedding"]
        self._refresh()

    def show_loading(self, name: str, progress: LoadProgress | None = None) -> None:
        """Say that model `name` is being loaded, and how far it is where that is known."""
        self.error.hide()
        fraction = progress.fraction if progress else None
        self.progress.tell(tr("Loading {name}", name=name), fraction)

    def show_error(self, error: MaruError) -> None:
        """Say why a model could not be used; the loading is over."""
        self.progress.end()
        self.error.say(str(error), "danger")
        self.error.show()

    def choose_file(self) -> None:
        """Open the file dialog; the file chosen goes out with `model_chosen`."""
        # One dialog for good: it remembers the folder, and none is destroyed while it is closing.
        dialog = self.dialog or QFileDialog(self, tr("Choose a GGUF file"))
        if self.dialog is None:
            self.dialog = dialog
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            dialog.setNameFilters([tr("Models") + " (*.gguf)", tr("All files") + " (*)"])
            dialog.fileSelected.connect(lambda name: self.model_chosen.emit(Path(name)))
        dialog.open()

    def _build(self) -> None:
        hint = tr("Or drop one here. Larger models answer better and need more memory.")
        inside = column(theme.SPACE_4, theme.SPACE_4, theme.SPACE_4, theme.SPACE_4)
        inside.addWidget(self.choose_button, alignment=Qt.AlignmentFlag.AlignHCenter)
        said = label(hint, "small")
        said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside.addWidget(said)
        self.drop.setLayout(inside)
        theme.set_look(self.drop, "soft")
        scroll = ScrollColumn()
        for part in (self.error, self.progress, self.current, self.others, self.list, self.drop):
            scroll.add(part)
        lines = column()
        lines.addWidget(scroll)
        self.setLayout(lines)

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
        self.others.setVisible(bool(self.cards))

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
            self.model_chosen.emit(path)


class CurrentModel(QFrame):
    """The model in use, as a card of names and values."""

    def __init__(self) -> None:
        super().__init__()
        theme.set_look(self, "card")
        self._shown: tuple[ModelInfo | None, ModelFile | None, bool] = (None, None, False)
        self.name = label("", "heading", selectable=True)
        self.note = label("", "quiet")
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(theme.SPACE_4)
        self._facts.setVerticalSpacing(theme.SPACE_1)
        self._facts.setColumnStretch(1, 1)
        names = column(gap=0)
        names.addWidget(self.name)
        names.addWidget(self.note)
        picture = Picture("model", "accent", 22)
        top = row(picture, names, gap=theme.SPACE_3)
        top.setStretch(1, 1)
        top.setAlignment(picture, Qt.AlignmentFlag.AlignTop)
        lines = column(theme.SPACE_4, theme.SPACE_3, theme.SPACE_4, theme.SPACE_3, gap=theme.SPACE_3)
        lines.addLayout(top)
        lines.addLayout(self._facts)
        self.setLayout(lines)

    def show_model(self, info: ModelInfo | None, file: ModelFile | None) -> None:
        """Show what is known of it; with large text, each value under its name."""
        stacked = theme.text_percent() >= STACKED_FROM
        self._shown = (info, file, stacked)
        while self._facts.count():
            item = self._facts.takeAt(0)
            gone = item.widget() if item else None
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        self.name.setText(info.name if info else tr("No model is loaded"))
        nothing = tr("Choose a GGUF file, and Maru can answer.")
        note = "" if info else nothing
        self.note.setText(str(file.note) if file and file.note else note)
        self.note.setVisible(bool(self.note.text()))
        for at, (name, value) in enumerate(facts(info, file) if info else []):
            shown: QLabel = ElidedLabel(value, mode=Qt.TextElideMode.ElideMiddle)
            if name != tr("File"):
                shown = label(value, selectable=True)
            shown.setAccessibleName(f"{name}: {value}")
            named = label(name, "quiet", wrap=stacked)
            self._facts.addWidget(named, at * 2, 0, 1, 2 if stacked else 1, Qt.AlignmentFlag.AlignTop)
            if stacked:
                self._facts.addWidget(shown, at * 2 + 1, 0, 1, 2)
            else:
                self._facts.addWidget(shown, at * 2, 1)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Arrange again for another text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_facts"):
            info, file, stacked = self._shown
            if stacked != (theme.text_percent() >= STACKED_FROM):
                self.show_model(info, file)


class ModelCard(Card):
    """A model that could be used instead."""

    def __init__(self, model: ModelFile) -> None:
        super().__init__(tr("Use {name}, {size}", name=model.name, size=size_words(model.size)))
        self.model = model
        top = row(ElidedLabel(model.name, "heading"), gap=theme.SPACE_2)
        if quantization := quantization_of(model.path):
            top.addWidget(Badge(quantization))
        self.put(top)
        rest = [size_words(model.size), model.licence]
        self.put(label(" · ".join(part for part in rest if part), "small"))
        if model.note:
            self.put(label(str(model.note), "small"))


def facts(info: ModelInfo, file: ModelFile | None) -> list[tuple[str, str]]:
    """Return name and value of what is told about a loaded model."""
    found = [(tr("Size"), size_words(info.size))]
    if info.parameters:
        found.append((tr("Parameters"), parameters_words(info.parameters)))
    if quantization := quantization_of(info.path):
        found.append((tr("Quantization"), quantization))
    context = tr(
        "{n_ctx} tokens (trained for {trained})", n_ctx=f"{info.n_ctx:,}", trained=f"{info.n_ctx_train:,}"
    )
    found.append((tr("Context"), context))
    found.append((tr("Runs on"), where_words(info)))
    if file and file.licence:
        found.append((tr("Licence"), file.licence))
    found.append((tr("File"), str(info.path)))
    return found


def where_words(info: ModelInfo) -> str:
    """Return where a model runs: "processor", or how many layers are on the graphics card."""
    if not info.layers_offloaded:
        return tr("Processor (CPU)")
    if info.layers_offloaded >= info.layers:
        return tr("Graphics card ({backend})", backend=info.backend)
    return tr(
        "Graphics card ({backend}), {some} of {all} layers; the rest on the processor",
        backend=info.backend,
        some=info.layers_offloaded,
        all=info.layers,
    )


def size_words(size: int) -> str:
    """Return a size in bytes as people read it: "98 MB", "4.7 GB" (powers of ten)."""
    if size < 1_000_000_000:
        return tr("{n} MB", n=max(round(size / 1_000_000), 1))
    return tr("{n} GB", n=f"{size / 1_000_000_000:.1f}")


def parameters_words(parameters: int) -> str:
    """Return a number of parameters as people read it."""
    if parameters < 1_000_000_000:
        return trn("{n} million", "{n} million", round(parameters / 1_000_000))
    return tr("{n} billion", n=f"{parameters / 1_000_000_000:.1f}")


def quantization_of(path: Path) -> str:
    """Return the quantization that a file's name tells, "" where it tells none."""
    found = QUANTIZATION.search(path.stem)
    return found.group(1).upper() if found else ""


def _dropped_model(urls: Sequence[QUrl]) -> Path | None:
    paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    return paths[0] if len(paths) == 1 and paths[0].suffix.lower() == ".gguf" else None
