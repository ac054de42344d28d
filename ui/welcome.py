# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The first thing a person sees: what Maru is, which model is there, and what to do next."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from assistant.texts import tr, trn
from ui import theme
from ui.blocks import Card, ScrollColumn
from ui.elements import Picture, column, label, row


class Welcome(QWidget):
    """An empty conversation: two sentences and two ways to begin."""

    add_documents_requested = Signal()
    choose_model_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.documents = ActionCard(
            "add-document",
            tr("Add your documents"),
            tr("Drag them anywhere into this window, or choose files."),
        )
        self.documents.clicked.connect(self.add_documents_requested)
        self.model = ActionCard("model", tr("Choose another model"), "")
        self.model.clicked.connect(self.choose_model_requested)
        self._build()
        self.show_model("")

    def show_model(self, name: str) -> None:
        """Name the model in use, in a sentence or the name alone; "" while there is none."""
        self.model.say(name or tr("No model is loaded yet. Choose a GGUF file, or drop one here."))

    def show_documents(self, count: int) -> None:
        """Say how many documents are there already."""
        first = tr("Drag them anywhere into this window, or choose files.")
        there = trn("{n} document is there: ask about it.", "{n} documents are there: ask about them.", count)
        self.documents.say(there if count else first)

    def _build(self) -> None:
        inside = column(theme.SPACE_6, theme.SPACE_6, theme.SPACE_6, theme.SPACE_6, gap=theme.SPACE_4)
        inside.addStretch(1)
        mark = Picture("maru", "accent", 48)
        title = label(tr("Ask your own documents"), "large")
        what = label(
            tr(
                "Maru answers from your documents and shows where each sentence comes from. "
                "Everything runs on this computer, and nothing leaves it."
            ),
            "reading",
        )
        inside.addWidget(mark, alignment=Qt.AlignmentFlag.AlignLeft)
        inside.addWidget(title)
        inside.addWidget(what)
        for part in (self.documents, self.model):
            inside.addWidget(part)
        inside.addStretch(2)
        middle = QWidget()
        middle.setMaximumWidth(theme.px(560))
        middle.setLayout(inside)
        scroll = ScrollColumn(margin=0, fill=True)
        centred = row(1, middle, 1)
        centred.setStretch(1, 100)  # as wide as it may be, then in the middle
        scroll.add(centred)
        lines = column()
        lines.addWidget(scroll)
        self.setLayout(lines)


class ActionCard(Card):
    """A card with a picture, a name and a sentence."""

    def __init__(self, icon_name: str, name: str, words: str) -> None:
        super().__init__(name)
        self.words = label(words, "quiet")
        texts = column(gap=0)
        texts.addWidget(label(name, "heading"))
        texts.addWidget(self.words)
        line = row(Picture(icon_name, "accent", 22), texts, gap=theme.SPACE_3)
        line.setStretch(1, 1)
        self.put(line)

    def say(self, words: str) -> None:
        """Show another sentence."""
        self.words.setText(words)
        self.setAccessibleDescription(words)
