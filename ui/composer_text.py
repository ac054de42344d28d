# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The field of the composer: grows, sends with one Enter also while a Hangul syllable is composed."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QHelpEvent,
    QInputMethodEvent,
    QKeyEvent,
    QResizeEvent,
    QTextOption,
)
from PySide6.QtWidgets import QTextEdit, QToolTip, QWidget

from ui import theme
from ui.long_paste import LongPaste
from ui.plain_words import as_tip
from ui.preview import Item
from ui.text_style import wrap_mode
from ui.underlines import Underlines

MOST_LINES, LEAST_LINES = 8, 3
SHARE = 0.3  # of the window's height; large text leaves room for the conversation
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
        self.underlines = Underlines(self)
        self.describe: Callable[[Item], str] = lambda _item: ""
        self._paste = LongPaste(self)
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

    def put(self, words: str) -> None:
        """Write `words` in place of what stands there, the cursor behind them."""
        self._paste.drop()
        self.clear()
        self.setWordWrapMode(wrap_mode(words))
        self._paste.insert(words)

    def whole(self) -> str:
        """Return all that is written, what is still being pasted too."""
        self._paste.finish()
        return self.toPlainText()

    @property
    def pasting(self) -> bool:
        """Whether a long text is still being pasted."""
        return self._paste.busy

    def marked(self) -> Item | None:
        """Return the personal data that the cursor stands in."""
        return self.underlines.at(self.textCursor().position())

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Say why something is underlined."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cursor = self.cursorForPosition(event.pos())
            near = self.cursorRect(cursor).adjusted(-theme.px(24), 0, theme.px(24), 0).contains(event.pos())
            item = self.underlines.at(cursor.position()) if near else None
            QToolTip.showText(event.globalPos(), as_tip(self.describe(item)) if item else "", self)
            return True
        return super().viewportEvent(event)

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
        elif source.hasText():
            words = source.text()
            if self.document().isEmpty() or wrap_mode(words) is QTextOption.WrapMode.WrapAnywhere:
                self.setWordWrapMode(wrap_mode(words))
            self._paste.insert(words)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802 - Qt's name
        """Leave dropped files to the window."""
        return source.hasText() and not source.hasUrls()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Count the lines again for the new width."""
        super().resizeEvent(event)
        self._grow()
        self.underlines.draw()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Underline in the new colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "underlines"):
            self.underlines.draw()

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
        room = round(self.window().height() * SHARE)
        most = line * min(MOST_LINES, max(LEAST_LINES, room // line)) + 8  # no line is cut in two
        # The height of a long text is not asked for: all of it would have to be laid out.
        wanted = most + 1 if self._is_long() else self.document().size().height()
        self.setFixedHeight(round(min(max(wanted, line + 8), most)))
        overflow = wanted > most
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policy.ScrollBarAsNeeded if overflow else policy.ScrollBarAlwaysOff)

    def _is_long(self) -> bool:
        return self.document().blockCount() > MOST_LINES
