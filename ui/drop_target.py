# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What is shown while files are dragged over the window: one large target that says what will happen."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from assistant.texts import tr
from ui import theme
from ui.theme import SPACE_3, SPACE_6, set_look


class DropTarget(QWidget):
    """Covers the window `parent` while files are dragged over it, and says what was dropped."""

    files_dropped = Signal(list)  # list[Path]: files and folders
    model_dropped = Signal(object)  # Path of a GGUF file

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
        parent.setAcceptDrops(True)
        parent.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take what is dragged over the window; text and addresses are not ours."""
        if isinstance(event, QDropEvent) and (paths := local_paths(event.mimeData())):
            if event.type() == QEvent.Type.DragEnter:
                self.show_for(paths)
            elif event.type() == QEvent.Type.Drop:
                self._take(paths)
            event.acceptProposedAction()
            return True
        if event.type() == QEvent.Type.DragLeave:
            self.hide()
        return super().eventFilter(watched, event)

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

    def _take(self, paths: list[Path]) -> None:
        self.hide()
        if is_model(paths):
            self.model_dropped.emit(paths[0])
        else:
            self.files_dropped.emit(paths)

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
