# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What is shown while files are dragged over the window: large targets that say what will happen."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from assistant.texts import tr
from ui import theme
from ui.theme import SPACE_3, SPACE_4, SPACE_6, set_look


class DropTarget(QWidget):
    """Covers the window `parent` while files are dragged over it, and says what was dropped.

    Documents have two halves to fall on: those of all conversations, and those of the open one alone.
    """

    files_dropped = Signal(list)  # list[Path]: files and folders
    kept_here = Signal(list)  # list[Path]: for the open conversation alone
    model_dropped = Signal(object)  # Path of a GGUF file

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.all, self.here = Half("add-document"), Half("chat")
        stays = tr(
            "Files are read on this computer and stay where they are. Folders are watched: what is added to "
            "them later is read too."
        )
        self.here.say(tr("Only this conversation"), tr("No other conversation sees them."))
        self._documents_words = (tr("Add to your documents"), stays)
        halves = QHBoxLayout(self)
        halves.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_6)
        halves.setSpacing(SPACE_6)
        halves.addWidget(self.all, 1)
        halves.addWidget(self.here, 1)
        self.hide()
        parent.setAcceptDrops(True)
        parent.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take what is dragged over the window; text and addresses are not ours."""
        if isinstance(event, QDropEvent) and (paths := local_paths(event.mimeData())):
            if event.type() == QEvent.Type.DragEnter:
                self.show_for(paths)
            self._point_at(event.position().toPoint())
            if event.type() == QEvent.Type.Drop:
                self._take(paths)
            event.acceptProposedAction()
            return True
        if event.type() == QEvent.Type.DragLeave:
            self.hide()
        return super().eventFilter(watched, event)

    def show_for(self, paths: list[Path]) -> None:
        """Say what dropping these will do."""
        model = is_model(paths)
        self.all.show_icon("model" if model else "add-document")
        self.all.say(*((tr("Use this model"), paths[0].name) if model else self._documents_words))
        self.here.setHidden(model)
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()

    def _point_at(self, at: QPoint) -> None:
        """Let the half under the mouse stand out."""
        here = not self.here.isHidden() and at.x() >= self.width() // 2
        self.here.stand_out(here)
        self.all.stand_out(not here)

    def _take(self, paths: list[Path]) -> None:
        self.hide()
        if is_model(paths):
            self.model_dropped.emit(paths[0])
        else:
            (self.kept_here if self.here.stands_out else self.files_dropped).emit(paths)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw a veil over the window."""
        veil = QColor(theme.colours().surface)
        veil.setAlpha(250)
        QPainter(self).fillRect(self.rect(), veil)


class Half(QWidget):
    """One place to drop files on: a picture, what will happen, and a dashed frame."""

    def __init__(self, icon_name: str) -> None:
        super().__init__()
        self.stands_out = False
        self._icon_name = icon_name
        self._icon, self.words, self._hint = QLabel(), QLabel(), QLabel()
        set_look(self.words, "large")
        set_look(self._hint, "quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_3)
        column.addStretch(1)
        for label in (self._icon, self.words, self._hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(label is not self._icon)
            column.addWidget(label)
        column.addStretch(1)

    def say(self, words: str, hint: str) -> None:
        """Say what dropping here will do."""
        self.words.setText(words)
        self._hint.setText(hint)

    def show_icon(self, name: str) -> None:
        """Show another picture, in the colours in use."""
        self._icon_name = name
        self._icon.setPixmap(theme.icon(name, theme.colours().accent, 48).pixmap(48, 48))

    def stand_out(self, on: bool) -> None:
        """Stand out from the other half, or stand back."""
        self.stands_out = on
        role = theme.colours().accent if on else theme.colours().quiet
        self._icon.setPixmap(theme.icon(self._icon_name, role, 48).pixmap(48, 48))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the frame, on a ground that no word of the window shines through."""
        roles, painter = theme.colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(roles.accent_soft if self.stands_out else roles.surface))
        painter.setPen(QPen(QColor(roles.accent if self.stands_out else roles.line), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 16, 16)


def local_paths(mime: QMimeData) -> list[Path]:
    """Return the files and folders that are dragged; nothing for text and addresses."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile() and url.toLocalFile()]


def is_model(paths: list[Path]) -> bool:
    """Say whether one GGUF file is dragged."""
    return len(paths) == 1 and paths[0].suffix.lower() == ".gguf"
