# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Models as cards: the one in use with all that is known of it, and the others to choose from."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel

from assistant.amounts import size_words
from assistant.engine.protocol import Fitting, ModelInfo
from assistant.errors import MaruError
from assistant.model_files import ModelFile
from assistant.texts import tr
from ui import theme
from ui.blocks import Card
from ui.elements import Badge, ElidedLabel, Picture, column, label, row
from ui.model_words import (
    about_file,
    facts,
    fitting_words,
    quantization_of,
)

STACKED_FROM = 140  # per cent text size: two columns no longer fit the side panel


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
        self.note.setText(self._told(info, file) or note)
        self.note.setVisible(bool(self.note.text()))
        for at, (name, value) in enumerate(facts(info, file.licence if file else "") if info else []):
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

    @staticmethod
    def _told(info: ModelInfo | None, file: ModelFile | None) -> str:
        """Return what a person should know of the model besides its facts."""
        if info is None:
            return ""
        lines = [str(file.note)] if file and file.note else []
        if not info.has_template:
            lines.append(tr("A base model: it continues a text and was not trained to answer questions."))
        if info.thinks:
            lines.append(tr("It thinks before it answers; that part is folded away."))
        return "\n".join(lines)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Arrange again for another text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_facts"):
            info, file, stacked = self._shown
            if stacked != (theme.text_percent() >= STACKED_FROM):
                self.show_model(info, file)


class ModelCard(Card):
    """A model that could be used instead: what it is, and whether it fits."""

    def __init__(self, model: ModelFile) -> None:
        super().__init__(tr("Use {name}, {size}", name=model.name, size=size_words(model.size)))
        self.model = model
        self._name = self.accessibleName()
        top = row(ElidedLabel(model.name, "heading"), gap=theme.SPACE_2)
        if quantization := model.quantization or quantization_of(model.path):
            top.addWidget(Badge(quantization))
        self.put(top)
        self.about, self.fits = label(about_file(model), "small"), label("", "small")
        self.put(self.about)
        if model.note:
            self.put(label(str(model.note), "small"))
        self.fits.hide()
        self.put(self.fits)

    def show_estimate(self, estimate: Fitting | MaruError) -> None:
        """Show whether the model fits, worked out before it is loaded, or why that is not known."""
        fits = isinstance(estimate, Fitting) and estimate.problem is None
        words = fitting_words(estimate) if isinstance(estimate, Fitting) else str(estimate.message)
        self.fits.setText(tr("Fits. {words}", words=words) if fits else words)
        theme.set_look(self.fits, "small" if fits else "warning")
        self.fits.setVisible(bool(words))
        self.setAccessibleName(". ".join(part for part in (self._name, self.fits.text()) if part))
