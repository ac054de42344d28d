# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Models as cards: the one in use with all that is known of it, and the others to choose from."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel

from assistant.engine.protocol import Fitting, ModelInfo
from assistant.model_files import ModelFile
from assistant.texts import tr
from ui import theme
from ui.blocks import Card
from ui.elements import Badge, ElidedLabel, Picture, column, label, row
from ui.model_words import (
    facts,
    fitting_words,
    languages_words,
    parameters_words,
    quantization_of,
    size_words,
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


@dataclass(frozen=True)
class Described:
    """What the header of a model file tells, and how it would lie in memory as models are loaded now.

    `fitting` is None where that could not be worked out; `problem` says why.
    """

    architecture: str = ""
    parameters: int = 0
    quantization: str = ""
    n_ctx_train: int = 0
    licence: str = ""
    languages: tuple[str, ...] = ()
    fitting: Fitting | None = None
    problem: str = ""

    def line(self) -> str:
        """Return what the header tells, in one line."""
        trained = tr("trained for {tokens} tokens", tokens=f"{self.n_ctx_train:,}")
        parts = [
            self.architecture,
            parameters_words(self.parameters) if self.parameters else "",
            trained if self.n_ctx_train else "",
            languages_words(self.languages),
        ]
        return " · ".join(part for part in parts if part)


class ModelCard(Card):
    """A model that could be used instead: what it is, and whether it fits."""

    def __init__(self, model: ModelFile) -> None:
        super().__init__(tr("Use {name}, {size}", name=model.name, size=size_words(model.size)))
        self.model = model
        self._name = self.accessibleName()
        top = row(ElidedLabel(model.name, "heading"), gap=theme.SPACE_2)
        if quantization := quantization_of(model.path):
            top.addWidget(Badge(quantization))
        self.put(top)
        rest = [size_words(model.size), model.licence]
        self.put(label(" · ".join(part for part in rest if part), "small"))
        self.about, self.fits = label("", "small"), label("", "small")
        if model.note:
            self.put(label(str(model.note), "small"))
        for line in (self.about, self.fits):
            line.hide()
            self.put(line)

    def show_described(self, known: Described) -> None:
        """Show what is known of the model before it is loaded."""
        self.about.setText(known.line())
        self.about.setVisible(bool(self.about.text()))
        fits = known.fitting is not None and known.fitting.problem is None
        words = fitting_words(known.fitting) if known.fitting else known.problem
        self.fits.setText(tr("Fits. {words}", words=words) if fits else words)
        theme.set_look(self.fits, "small" if fits else "warning")
        self.fits.setVisible(bool(words))
        self.setAccessibleName(". ".join(part for part in (self._name, self.fits.text()) if part))
