# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Where questions are written: the field, Send that becomes Stop, and what will happen, below it."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assistant.entities import Entity
from assistant.privacy.policy import Action
from assistant.texts import tr
from ui import theme
from ui.composer_text import ComposerText
from ui.context_meter import ContextMeter
from ui.message_parts import QuietLine
from ui.preview import Item, Key, LookFor, Preview, Seen
from ui.privacy_strip import PrivacyStrip
from ui.privacy_words import reason
from ui.searched_documents import SearchedDocuments
from ui.theme import SPACE_1, SPACE_2, SPACE_3, IconButton, set_look

LOOK_AFTER_MS = 150  # after the last key: personal data is looked for
ROOM_FOR_WORDS = 380  # pixels; in less the number of documents stands alone
LONG = 4000  # letters; so many are never all blank
SLOW_MS = 500  # of looking for personal data; after that it is said that it goes on


class Composer(QWidget):
    """Emits `sent(text, choices)`, `stopped`, `collections_chosen(names or None)`, `edit_ended`.

    `look_for` is a preview only: what is hidden is decided when the question is asked.
    `conversation_id` is the conversation that the question will stand in, 0 for a new one.
    `choices` are values of the question that are shown to the model or hidden against the policy.
    """

    sent = Signal(str, object)  # Choices
    stopped = Signal()
    collections_chosen = Signal(object)  # tuple[str, ...], None for all
    add_wanted = Signal()
    edit_ended = Signal()
    earlier_wanted = Signal()
    files_pasted = Signal(list)

    def __init__(self, look_for: LookFor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.conversation_id = 0
        self._answering = False
        self._seen = Seen()
        self._chosen: dict[Key, Action] = {}
        self._preview = Preview(look_for, self)
        self._frame = QFrame(self)
        set_look(self._frame, "composer")
        self.field = ComposerText()
        self.field.setAccessibleName(tr("Your question"))
        set_look(self.field, "reading")
        self.field.setPlaceholderText(tr("Ask your documents, or anything"))
        self._editing = QuietLine()
        self.strip = PrivacyStrip()
        self._add = IconButton("plus", tr("Add documents"))
        self._send = IconButton("send", tr("Send"), role="on_accent", side=20)
        set_look(self._send, "send")
        self.searched = SearchedDocuments()
        self.meter = ContextMeter()
        self._typing = QTimer(self, interval=LOOK_AFTER_MS, singleShot=True)
        self._slow = QTimer(self, interval=SLOW_MS, singleShot=True)
        self._arrange()
        self._join()
        self.show_collections({})
        self._changed()

    def text(self) -> str:
        """Return what is written, without the space around it."""
        return self.field.whole().strip()

    def write(self, words: str) -> None:
        """Put words into the field, the cursor behind them."""
        self.field.put(words)
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

    def look_again(self) -> None:
        """Look for personal data once more: what counts as such has changed."""
        self._typing.stop()
        if self._blank():
            self._take(Seen())
            return
        self._preview.look(self.conversation_id, self.field.toPlainText())
        self._slow.start()

    def say_allowed(self, entity: Entity | None) -> None:
        """Say that a value is not personal from now on; None: that it is, after all."""
        self.strip.say_allowed(entity)
        self.look_again()

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
        outside.addWidget(self.strip)
        outside.addWidget(self._frame)
        QWidget.setTabOrder(self.field, self._send)

    def _join(self) -> None:
        self.field.installEventFilter(self)
        self.field.sent.connect(self._submit)
        self.field.textChanged.connect(self._changed)
        self.field.earlier_wanted.connect(self.earlier_wanted)
        self.field.files_pasted.connect(self.files_pasted)
        self.field.describe = self._reason
        self.field.cursorPositionChanged.connect(self._explain)
        self._typing.timeout.connect(self._look_unless_pasting)
        self._slow.timeout.connect(lambda: self.strip.say_looking(self._preview.busy))
        self._preview.seen.connect(self._take)
        self.strip.chosen.connect(self._choose)
        self.strip.left.connect(self.field.setFocus)
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
        if not (words := self.text()):
            return
        if self._is_blocked():
            self.strip.open_list()
            return
        chosen, self._chosen = self._chosen, {}
        self.field.clear()
        self._editing.say("")
        self.sent.emit(words, chosen)

    def _changed(self) -> None:
        stops, blank = self._answering, self._blank()
        self._send.set_icon("stop" if stops else "send", "on_accent")
        keys = QKeySequence("Esc").toString(QKeySequence.SequenceFormat.NativeText)
        self._send.set_label(tr("Stop ({keys})", keys=keys) if stops else tr("Send"))
        self._send.setEnabled(stops or not blank)
        self._preview.stop()
        if blank:
            self._typing.stop()
            self._take(Seen())
            self.strip.say_allowed(None)
        else:
            self._typing.start()

    def _blank(self) -> bool:
        long = self.field.document().characterCount() > LONG
        return not long and not self.field.toPlainText().strip()

    # --- personal data

    def _look_unless_pasting(self) -> None:
        if self.field.pasting:
            self._typing.start()
        else:
            self.look_again()

    def _take(self, seen: Seen) -> None:
        self._slow.stop()
        self.strip.say_looking(False)
        self._seen = seen
        there = {item.key for item in seen.items}
        self._chosen = {key: action for key, action in self._chosen.items() if key in there}
        self._show_found()

    def _show_found(self) -> None:
        if not self._typing.isActive():  # else they stand elsewhere by now
            self.field.underlines.show(self._seen, self._chosen)
        self.strip.show_items(self._seen.items, self._chosen)
        self._explain()

    def _choose(self, key: Key, action: Action | None) -> None:
        self._chosen = {one: chosen for one, chosen in self._chosen.items() if one != key}
        if action is not None:
            self._chosen[key] = action
        self._show_found()

    def _is_blocked(self) -> bool:
        if self._seen.words != self.field.toPlainText():
            return False  # asking looks at it again
        return any(item.action is Action.BLOCK for item in self._seen.items)

    def _explain(self) -> None:
        self.strip.explain(self.field.marked())

    def _reason(self, item: Item) -> str:
        return reason(item.found, self._chosen.get(item.key))

    @property
    def send_button(self) -> IconButton:
        """Send, or Stop while an answer is written."""
        return self._send

    @property
    def keep_button(self) -> QPushButton:
        """The button that leaves an earlier question as it was."""
        return self._editing.button
