# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The top of the middle: what is open, which model answers and where it runs, how freely it writes."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assistant.texts import tr, trn
from ui import theme
from ui.elements import ElidedLabel, TextButton
from ui.plain_words import as_tip
from ui.theme import SPACE_1, SPACE_2, SPACE_3, SPACE_4, IconButton, set_look

ROOM_FOR_PRESETS = 540  # pixels; in less the presets are found behind the sliders


class Header(QWidget):
    """Shows title and model; `presets` is the switch that stands at its end."""

    list_wanted = Signal()
    model_wanted = Signal()
    sampling_wanted = Signal()
    side_wanted = Signal()
    hidden_wanted = Signal()  # list what is hidden in this conversation
    cancel_wanted = Signal()  # end the loading that is told

    def __init__(self, presets: QWidget) -> None:
        super().__init__()
        self.presets = presets
        self.unfold = IconButton("panel-left", tr("Show conversations"))
        self.unfold.hide()
        self.title = ElidedLabel("", "heading")
        self.title.installEventFilter(self)
        self._model_words = ""
        self.model = QPushButton()
        self.model.setMinimumWidth(1)
        set_look(self.model, "model")
        self.model.setCursor(Qt.CursorShape.PointingHandCursor)
        self.cancel = IconButton("close", tr("Stop loading"), side=12)
        set_look(self.cancel, "tiny")
        self.cancel.hide()
        self.hidden = TextButton("", "model", "mask")
        self.hidden.hide()
        self.sampling = IconButton("sliders", tr("How the model writes"))
        self.side = IconButton("panel-right", tr("Show or fold the side panel"))
        self._arrange()
        self.unfold.clicked.connect(self.list_wanted)
        self.model.clicked.connect(self.model_wanted)
        self.cancel.clicked.connect(self.cancel_wanted)
        self.sampling.clicked.connect(self.sampling_wanted)
        self.side.clicked.connect(self.side_wanted)
        self.hidden.clicked.connect(self.hidden_wanted)
        self.show_title("")
        self.show_model("")

    def _arrange(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.setContentsMargins(0, 0, 0, 0)
        line = QHBoxLayout()
        line.setContentsMargins(6, 0, 0, 0)  # where the words of the button below begin
        line.addWidget(self.title)
        words.addLayout(line)
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(SPACE_1)
        below.addWidget(self.model)
        below.addWidget(self.cancel)
        below.addWidget(self.hidden)
        below.addStretch(1)
        words.addLayout(below)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_4 - 6, SPACE_2 + 2, SPACE_3, SPACE_2)
        row.setSpacing(SPACE_1)
        row.addWidget(self.unfold)
        row.addLayout(words, 1)
        row.setAlignment(words, Qt.AlignmentFlag.AlignVCenter)
        row.addSpacing(SPACE_2)
        row.addWidget(self.presets)
        row.addWidget(self.sampling)
        row.addWidget(self.side)

    def show_title(self, title: str) -> None:
        """Show the conversation's title."""
        self.title.set_words(title or tr("New conversation"))

    def show_model(self, words: str, *, cancel: bool = False) -> None:
        """Show the model in use, or what is being done about one; `cancel`: that can be stopped."""
        self._model_words = words or tr("No model is loaded")
        self.cancel.setVisible(cancel)
        self.model.setAccessibleName(tr("Model: {model}", model=self._model_words))
        self.model.setToolTip(as_tip(tr("{model}. Click to choose another.", model=self._model_words)))
        self._fit_model()

    def show_hidden(self, count: int) -> None:
        """Show how many values are hidden in this conversation; none: nothing."""
        told = trn("{n} value hidden in this conversation", "{n} values hidden in this conversation", count)
        self.hidden.setText(trn("{n} hidden", "{n} hidden", count))
        self.hidden.setToolTip(told)
        self.hidden.setAccessibleName(told)
        self.hidden.setVisible(bool(count))
        self._fit_model()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show the presets where there is room."""
        super().resizeEvent(event)
        self._fit_presets()
        QTimer.singleShot(0, self, self._fit_model)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow the room for words: what stands beside them comes and goes."""
        if event.type() == QEvent.Type.Resize:
            QTimer.singleShot(0, self, self._fit_model)
        return super().eventFilter(watched, event)

    def _fit_presets(self) -> None:
        """Give the presets one line, or none: they are found behind the sliders too."""
        self.presets.setVisible(self.width() >= theme.px(ROOM_FOR_PRESETS))
        sizes = [button.sizeHint() for button in self.presets.findChildren(QPushButton)]
        width = max(size.width() for size in sizes) * len(sizes) + SPACE_2 * len(sizes)
        self.presets.setFixedSize(width, max(size.height() for size in sizes))

    def _fit_model(self) -> None:
        """Leave out what there is no room for, the last first; cut the model's name where it must be."""
        beside = (self.cancel, self.hidden)
        button = sum(each.sizeHint().width() + SPACE_1 for each in beside if not each.isHidden())
        room = max(self.title.width() - 16 - button, theme.px(80))
        metrics, parts = self.model.fontMetrics(), self._model_words.split(" · ")
        while len(parts) > 1 and metrics.horizontalAdvance(" · ".join(parts)) > room:
            parts.pop()
        self.model.setText(metrics.elidedText(" · ".join(parts), Qt.TextElideMode.ElideRight, room))
