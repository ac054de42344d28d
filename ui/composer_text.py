# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The field of the composer: grows, sends with one Enter also while a Hangul syllable is composed."""

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QTextEdit, QWidget

from assistant.entities import Entity
from ui import theme

MOST_LINES = 8
COMMIT_WAIT_MS = 120  # how long an input method may take to commit the syllable it composes


class ComposerText(QTextEdit):
    """Plain text. `sent` comes with Enter, `earlier_wanted` with Up in an empty field.

    An input method may commit the syllable being composed before it passes Enter on, while it does,
    after it, or never. In every case the text is whole when `sent` comes, and it comes once.
    """

    sent = Signal()
    earlier_wanted = Signal()
    files_pasted = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(4)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self._sends_after_commit = False
        self._taken = ""
        self._patience = QTimer(self, interval=COMMIT_WAIT_MS, singleShot=True)
        self._patience.timeout.connect(self._take_syllable)
        self.refresh()

    def refresh(self) -> None:
        """Use the type in use."""
        self.setFont(theme.interface_font(theme.TYPE_READING))
        self._grow()

    def composing(self) -> str:
        """Return the syllable that an input method is composing, "" where none is."""
        layout = self.textCursor().block().layout()
        return layout.preeditAreaText() if layout else ""

    def underline(self, entities: Sequence[Entity]) -> None:
        """Underline personal data; spans are code points of the text."""
        words = self.toPlainText()
        look = QTextCharFormat()
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        look.setUnderlineColor(QColor(theme.colours().mask))
        look.setBackground(QColor(theme.colours().mask_soft))
        marked = []
        for entity in entities:
            selection = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.document())
            cursor.setPosition(_units(words[: entity.start]))
            cursor.setPosition(_units(words[: entity.end]), QTextCursor.MoveMode.KeepAnchor)
            selection.cursor = cursor
            selection.format = look
            marked.append(selection)
        self.setExtraSelections(marked)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Send with Enter, break the line with Shift+Enter, go to the last question with Up."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._send()
        elif event.key() == Qt.Key.Key_Up and not self.toPlainText() and not self.composing():
            self.earlier_wanted.emit()
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:  # noqa: N802 - Qt's name
        """Take what an input method composes and commits."""
        taken, self._taken = self._taken, ""
        if taken and event.commitString() == taken and not event.preeditString():
            event.accept()  # the syllable was sent already: its late commit must not come twice
            return
        super().inputMethodEvent(event)
        self._grow()
        if self._sends_after_commit and not self.composing():
            self._finish()

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 - Qt's name
        """Paste text as text and hand files on."""
        files = [url.toLocalFile() for url in source.urls() if url.isLocalFile()]
        if files:
            self.files_pasted.emit(files)
        else:
            super().insertFromMimeData(source)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802 - Qt's name
        """Leave dropped files to the window."""
        return source.hasText() and not source.hasUrls()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Count the lines again for the new width."""
        super().resizeEvent(event)
        self._grow()

    def _send(self) -> None:
        if not self.composing():
            self.sent.emit()
            return
        self._sends_after_commit = True
        QGuiApplication.inputMethod().commit()  # most input methods commit within this call
        if self._sends_after_commit:
            self._patience.start()

    def _take_syllable(self) -> None:
        """Send the syllable ourselves: the input method did not commit it."""
        self._taken = self.composing()
        commit = QInputMethodEvent()
        commit.setCommitString(self._taken)
        super().inputMethodEvent(commit)
        QGuiApplication.inputMethod().reset()
        self._finish()

    def _finish(self) -> None:
        self._sends_after_commit = False
        self._patience.stop()
        self.sent.emit()

    def _grow(self) -> None:
        line = self.fontMetrics().lineSpacing()
        wanted = self.document().size().height()
        most = line * MOST_LINES + 8
        self.setFixedHeight(round(min(max(wanted, line + 8), most)))
        overflow = wanted > most
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policy.ScrollBarAsNeeded if overflow else policy.ScrollBarAlwaysOff)


def _units(words: str) -> int:
    """Return the length in UTF-16 units, in which Qt counts."""
    return len(words.encode("utf-16-le")) // 2
