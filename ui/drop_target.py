# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What is shown while files are dragged over the window: one large target that says what will happen."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from assistant.texts import tr
from ui import theme
from ui.theme import SPACE_3, SPACE_6, set_look


class DropTarget(QWidget):
    """Covers the window while something is dragged over it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._icon, self.words, self._hint = QLabel(), QLabel(), QLabel()
        set_look(self.words, "large")
        set_look(self._hint, "quiet")
        column = QVBoxLayout(self)
        column.setSpacing(SPACE_3)
        column.addStretch(1)
        for label in (self._icon, self.words, self._hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addStretch(1)
        self.hide()

    def show_for(self, paths: list[Path]) -> None:
        """Say what dropping these will do."""
        model = is_model(paths)
        name = "model" if model else "add-document"
        self._icon.setPixmap(theme.icon(name, theme.colours().accent, 48).pixmap(48, 48))
        self.words.setText(tr("Use this model") if model else tr("Add to your documents"))
        stays = tr("Files are read on this computer and stay where they are.")
        self._hint.setText(paths[0].name if model else stays)
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw a veil with a dashed frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(theme.colours().surface)
        veil.setAlpha(238)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(QColor(theme.colours().accent), 2, Qt.PenStyle.DashLine))
        inside = QRectF(self.rect()).adjusted(SPACE_6, SPACE_6, -SPACE_6, -SPACE_6)
        painter.drawRoundedRect(inside, 16, 16)


def local_paths(mime: QMimeData) -> list[Path]:
    """Return the files and folders that are dragged; nothing for text and addresses."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile() and url.toLocalFile()]


def is_model(paths: list[Path]) -> bool:
    """Say whether one GGUF file is dragged."""
    return len(paths) == 1 and paths[0].suffix.lower() == ".gguf"
