# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Where questions are written: the field, Send that becomes Stop, and what will happen, below it."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assistant.entities import Entity
from assistant.texts import tr, trn
from ui import theme
from ui.composer_text import ComposerText
from ui.context_meter import ContextMeter
from ui.message_parts import QuietLine
from ui.searched_documents import SearchedDocuments
from ui.tasks import Task, call
from ui.theme import SPACE_1, SPACE_2, SPACE_3, IconButton, set_look

LOOK_AFTER_MS = 150  # after the last key: personal data is looked for
ROOM_FOR_WORDS = 380  # pixels; in less the number of documents stands alone
AT_ONCE = 4000  # letters that are looked through without a thread

FindPersonalData = Callable[[str], Sequence[Entity]]


class Composer(QWidget):
    """Emits `sent(text)`, `stopped`, `collections_chosen(names or None)`, `edit_ended`.

    `find_personal_data(text)` is a preview only: what is hidden is decided when the question is asked.
    """

    sent = Signal(str)
    stopped = Signal()
    collections_chosen = Signal(object)  # tuple[str, ...], None for all
    add_wanted = Signal()
    edit_ended = Signal()
    earlier_wanted = Signal()
    files_pasted = Signal(list)

    def __init__(self, find_personal_data: FindPersonalData, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._find = find_personal_data
        self._answering = False
        self._look: Task | None = None
        self._frame = QFrame(self)
        set_look(self._frame, "composer")
        self.field = ComposerText()
        self.field.setAccessibleName(tr("Your question"))
        set_look(self.field, "reading")
        self.field.setPlaceholderText(tr("Ask your documents, or anything"))
        self._editing = QuietLine()
        self._privacy = QuietLine()
        self._add = IconButton("plus", tr("Add documents"))
        self._send = IconButton("send", tr("Send"), role="on_accent", side=20)
        set_look(self._send, "send")
        self.searched = SearchedDocuments()
        self.meter = ContextMeter()
        self._typing = QTimer(self, interval=LOOK_AFTER_MS, singleShot=True)
        self._arrange()
        self._join()
        self.show_collections({})
        self._changed()

    def text(self) -> str:
        """Return what is written, without the space around it."""
        return self.field.toPlainText().strip()

    def write(self, words: str) -> None:
        """Put words into the field, the cursor behind them."""
        self.field.setPlainText(words)
        self.field.moveCursor(self.field.textCursor().MoveOperation.End)
        self.field.setFocus()

    def give_back(self, words: str) -> None:
        """Put words that were not asked below those that stand in the field."""
        self.write("\n\n".join(one for one in (self.text(), words) if one))

    def edit(self, words: str) -> None:
        """Let the user change an earlier question."""
        self._editing.say(
            tr("You are changing an earlier question; the first one is kept too."),
            "edit",
            "accent",
            tr("Leave it"),
        )
        self.write(words)

    def end_edit(self) -> None:
        """Leave an earlier question as it was."""
        if not self._editing.isHidden():
            self._editing.say("")
            self.field.clear()
            self.edit_ended.emit()

    def show_answering(self, answering: bool) -> None:
        """Turn Send into Stop, or back."""
        self._answering = answering
        self._changed()

    def show_collections(self, counts: Mapping[str, int], here: int = 0) -> None:
        """Say how many documents can be searched, by collection; `here` of this conversation alone."""
        self.searched.show_collections(counts, here)

    @property
    def searches_documents(self) -> bool:
        """Whether the next question is answered from the documents."""
        return self.searched.searches

    def refresh(self) -> None:
        """Use the type in use."""
        self.field.refresh()

    def eventFilter(self, watched: QWidget, event: QEvent) -> bool:  # type: ignore[override]  # noqa: N802
        """Let the frame show the focus of its field."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            set_look(self._frame, "composer-focus" if event.type() == QEvent.Type.FocusIn else "composer")
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give the documents the words that there is room for."""
        super().resizeEvent(event)
        self.searched.be_short(self.width() < theme.px(ROOM_FOR_WORDS))

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(SPACE_2)
        line.addWidget(self._add)
        line.addWidget(self.searched)
        line.addStretch(1)
        line.addWidget(self.meter)
        line.addWidget(self._send)
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(SPACE_3, SPACE_2, SPACE_2, SPACE_2)
        inside.setSpacing(SPACE_1)
        inside.addWidget(self.field)
        inside.addLayout(line)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.setSpacing(SPACE_2)
        outside.addWidget(self._editing)
        outside.addWidget(self._privacy)
        outside.addWidget(self._frame)
        QWidget.setTabOrder(self.field, self._send)

    def _join(self) -> None:
        self.field.installEventFilter(self)
        self.field.sent.connect(self._submit)
        self.field.textChanged.connect(self._changed)
        self.field.earlier_wanted.connect(self.earlier_wanted)
        self.field.files_pasted.connect(self.files_pasted)
        self._typing.timeout.connect(self._look_for_personal_data)
        self._send.clicked.connect(self._press)
        self._add.clicked.connect(self.add_wanted)
        self._editing.button.clicked.connect(self.end_edit)
        self.searched.chosen.connect(self.collections_chosen)

    def _press(self) -> None:
        if self._answering:
            self.stopped.emit()
        else:
            self._submit()

    def _submit(self) -> None:
        if words := self.text():
            self.field.clear()
            self._editing.say("")
            self.sent.emit(words)

    def _changed(self) -> None:
        stops = self._answering
        self._send.set_icon("stop" if stops else "send", "on_accent")
        keys = QKeySequence("Esc").toString(QKeySequence.SequenceFormat.NativeText)
        self._send.set_label(tr("Stop ({keys})", keys=keys) if stops else tr("Send"))
        self._send.setEnabled(stops or bool(self.text()))
        if self.text():
            self._typing.start()
        else:
            self._typing.stop()
            self._show_personal_data([])

    def _look_for_personal_data(self) -> None:
        words = self.field.toPlainText()
        if len(words) <= AT_ONCE:
            self._show_personal_data(self._find(words))
            return
        self._look = call(lambda: (words, self._find(words)))
        self._look.finished.connect(self._take_personal_data)
        self._look.start()

    def _take_personal_data(self, found: tuple[str, Sequence[Entity]]) -> None:
        if found[0] == self.field.toPlainText():
            self._show_personal_data(found[1])

    def _show_personal_data(self, entities: Sequence[Entity]) -> None:
        self.field.underline(entities)
        count = len(entities)
        words = trn(
            "{n} item will be hidden from the model", "{n} items will be hidden from the model", count
        )
        self._privacy.say(words if count else "", "mask", "mask")

    @property
    def privacy_line(self) -> str:
        """What is said about personal data, "" for nothing."""
        return "" if self._privacy.isHidden() else self._privacy.words()

    @property
    def send_button(self) -> IconButton:
        """Send, or Stop while an answer is written."""
        return self._send

    @property
    def keep_button(self) -> QPushButton:
        """The button that leaves an earlier question as it was."""
        return self._editing.button
