# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The window: arranges the panels and joins their signals. It holds no logic of its own."""

from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QGuiApplication,
    QKeyEvent,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from assistant.app import Assistant
from assistant.chat import Options
from assistant.conversations import Conversation, StoredMessage
from assistant.documents.protocol import DocumentRow
from assistant.errors import MaruError
from assistant.sampling import Preset, SamplingParams
from assistant.texts import tr
from ui import theme
from ui.answering import Answering
from ui.context_words import Filled, filled, filled_by
from ui.document_choice import DocumentChoice
from ui.drop_target import DropTarget
from ui.errands import Filing, fetch
from ui.frame import Frame
from ui.happenings import Happenings
from ui.library_errands import Adding
from ui.model_errands import ModelChoice
from ui.model_status import ModelStatus
from ui.preferences import Preferences
from ui.preview import Choices
from ui.shortcuts import make_shortcuts
from ui.turns import Turn
from ui.window_parts import WindowParts

WINDOW_SIZE, LEAST_SIZE = (1180, 780), (720, 480)


class MainWindow(QWidget):
    """Maru's window over one Assistant. `painted` comes once, after the first paint."""

    painted = Signal()

    def __init__(self, assistant: Assistant) -> None:
        super().__init__()
        self._assistant = assistant
        self.preferences = Preferences(assistant, self)
        self._first_paint_done = False
        self.reopens = False  # once it is closed: another state of the data is to be opened
        self._edited: Turn | None = None
        self._titles: dict[int, str] = {}
        self.frame = Frame(assistant)
        inside = QHBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.frame)
        self.answering = Answering(assistant, self.frame.chat, self.options)
        self.happenings = Happenings(assistant, self)
        self.adding = Adding(assistant, self.happenings, self)
        self.document_choice = DocumentChoice(assistant, self.frame.composer, self.answering, self.adding)
        self.choice = ModelChoice(assistant, self)
        self.filing = Filing(assistant.conversations, self)
        self.drop = DropTarget(self)
        self.status = ModelStatus(assistant, self.frame, self.choice, self.happenings, self.preferences)
        self.setWindowTitle("Maru")
        self.setWindowIcon(theme.icon("maru", "", 64))
        self.setMinimumSize(*LEAST_SIZE)
        self._join_conversation()
        self._join_panels()
        self._join_errands()
        self._join_keys()
        self._restore()
        self._show_sampling(self.preferences.sampling, self.preferences.preset)

    def begin(self) -> None:
        """Do what may come after the first paint: the rest of the window, lists, documents, the model."""
        from ui.on_demand import OnDemand  # noqa: PLC0415 - its modules cost what the first paint must not

        self.on_demand = OnDemand(self._assistant, self._parts(), self)
        self.on_demand.reopen_wanted.connect(self.reopen)
        self.on_demand.conversations_came.connect(self.refresh_list)
        self.on_demand.conversation_gone.connect(self._forget)
        self.happenings.begin()
        self.refresh_list()
        self.adding.refresh()
        self.choice.refresh()
        self.choice.loaded.connect(self.adding.prepare)
        self.choice.load()
        self.frame.composer.field.setFocus()
        for told in (self._assistant.notice, self._assistant.read_only):
            if told is not None:
                self.frame.note.show_error(MaruError(told))

    def _parts(self) -> WindowParts:
        return WindowParts(
            self.frame,
            self.answering,
            self.adding,
            self.choice,
            self.status,
            self.happenings,
            self.preferences,
        )

    def options(self) -> Options:
        """Return how the next question is answered."""
        composer = self.frame.composer
        return self.preferences.options(
            documents=composer.searches_documents,
            collections=composer.searched.choice,
            whole=composer.searched.whole,
        )

    def reopen(self) -> None:
        """Close the window and the home, and open both again."""
        self.reopens = True
        self.close()

    def refresh_list(self) -> None:
        """Read the list of conversations again."""
        fetch(self._assistant.conversations.all, self._show_list, self.show_error)

    def show_error(self, error: MaruError) -> None:
        """Say an error that belongs to no answer, above the composer."""
        self.frame.note.show_error(error)

    def add_documents(self, paths: list[Path]) -> None:
        """Add files and folders, and show how far that is."""
        if paths:
            self.adding.add(paths)

    # --- joining

    def _join_conversation(self) -> None:
        chat, composer, answering = self.frame.chat, self.frame.composer, self.answering
        composer.sent.connect(self._ask)
        composer.stopped.connect(answering.stop)
        composer.edit_ended.connect(self._end_edit)
        composer.earlier_wanted.connect(self._edit_last)
        composer.files_pasted.connect(lambda names: self.add_documents([Path(name) for name in names]))
        chat.edit_wanted.connect(self._edit)
        chat.again_wanted.connect(answering.ask_again)
        chat.alone_wanted.connect(lambda turn: answering.ask_again(turn, alone=True))
        # Going on is no question to the documents: they would not say.
        chat.go_on_wanted.connect(lambda _turn: answering.ask(tr("Go on."), alone=True))
        chat.offer_accepted.connect(answering.accept_offer)
        chat.shorten_wanted.connect(self._shorten)
        chat.take_back_wanted.connect(answering.take_back)
        chat.version_wanted.connect(answering.show_version)
        answering.busy_changed.connect(composer.show_answering)
        answering.conversation_opened.connect(self._show_opened)
        answering.conversations_changed.connect(self.refresh_list)
        answering.answered.connect(self._show_answered)
        answering.offer_taken.connect(self.status.follow)
        answering.context_used.connect(lambda use: self._show_context(filled(use)))
        answering.turns_read.connect(self._show_read)
        answering.question_returned.connect(composer.give_back)
        answering.failed.connect(self.show_error)

    def _join_panels(self) -> None:
        frame, listed = self.frame, self.frame.list
        listed.new_wanted.connect(self._new)
        listed.chosen.connect(self._open)
        listed.hit_chosen.connect(self._open)
        listed.rename_wanted.connect(self.filing.rename)
        listed.delete_wanted.connect(self._delete)
        listed.undo_wanted.connect(self.filing.undo)
        listed.search_wanted.connect(self.filing.search)
        listed.documents_wanted.connect(lambda: frame.open_side("documents"))
        frame.header.model_wanted.connect(lambda: frame.open_side("models"))
        frame.header.sampling_wanted.connect(lambda: frame.open_side("sampling"))
        frame.composer.meter.clicked.connect(lambda: frame.open_side("models"))
        frame.presets.chosen.connect(self.preferences.choose_preset)
        frame.welcome.choose_model_requested.connect(lambda: frame.open_side("models"))

    def _join_errands(self) -> None:
        frame, adding = self.frame, self.adding
        adding.listed.connect(self._show_documents)
        adding.failed.connect(self.show_error)
        self.preferences.failed.connect(self.show_error)
        self.preferences.sampling_changed.connect(self._show_sampling)
        self.preferences.look_changed.connect(frame.refresh)
        self.drop.files_dropped.connect(self.add_documents)
        self.drop.kept_here.connect(self.document_choice.add_here)
        self.document_choice.failed.connect(self.show_error)
        self.drop.model_dropped.connect(self._use_model)
        self.filing.failed.connect(self.show_error)
        self.filing.changed.connect(self.refresh_list)
        self.happenings.snapshot_failed.connect(self.show_error)
        self.filing.deleted.connect(frame.list.show_deleted)
        self.filing.found.connect(frame.list.show_hits)

    def _join_keys(self) -> None:
        frame = self.frame
        make_shortcuts(
            self,
            {
                "new": self._new,
                "search": self._go_to_search,
                "find": self._find,
                "composer": frame.composer.field.setFocus,
                "copy": self._copy_last,
                "panes": lambda: self._walk(1),
                "panes_back": lambda: self._walk(-1),
                "list": lambda: frame.show_list(frame.list.isHidden()),
                "side": frame.toggle_side,
                "documents": lambda: frame.open_side("documents"),
                "larger": lambda: self.preferences.resize_text(1),
                "smaller": lambda: self.preferences.resize_text(-1),
                "usual": lambda: self.preferences.resize_text(0),
            },
        )

    # --- the conversation

    def _ask(self, words: str, chosen: Choices) -> None:
        edited, self._edited = self._edited, None
        self.frame.show_empty(False)
        self.answering.ask(words, instead_of=edited, chosen=chosen)

    def _edit(self, turn: Turn) -> None:
        self._edited = turn
        self.frame.composer.edit(turn.text)

    def _shorten(self, answer: Turn) -> None:
        asked = [turn for turn in self.frame.chat.turns if turn.asked and turn.id == answer.parent_id]
        if asked:
            self._edit(asked[0])

    def _edit_last(self) -> None:
        asked = [turn for turn in self.frame.chat.turns if turn.asked and turn.id]
        if asked:
            self._edit(asked[-1])

    def _end_edit(self) -> None:
        self._edited = None

    def _new(self) -> None:
        self._open(0)
        self.frame.composer.field.setFocus()

    def _open(self, conversation_id: int, message_id: int = 0) -> None:
        self.frame.composer.end_edit()
        self.frame.composer.meter.show_use(0, 0)
        self.answering.open(conversation_id, message_id)

    def _show_opened(self, conversation_id: int) -> None:
        self.frame.show_empty(not conversation_id and not self.answering.busy)
        self.frame.composer.conversation_id = conversation_id
        self.frame.list.show_current(conversation_id)
        self._show_title()

    def _show_list(self, conversations: list[Conversation]) -> None:
        self._titles = {one.id: one.title for one in conversations}
        self.frame.list.show_conversations(conversations, self.answering.conversation_id)
        self._show_title()

    def _show_title(self) -> None:
        title = self._titles.get(self.answering.conversation_id, "")
        self.frame.header.show_title(title)
        self.setWindowTitle(f"{title} – Maru" if title else "Maru")

    def _delete(self, conversation_id: int, title: str) -> None:
        if conversation_id == self.answering.conversation_id:
            self._new()
        self.filing.delete(conversation_id, title)

    def _forget(self, conversation_id: int) -> None:
        """Leave a conversation that was deleted for good."""
        if conversation_id == self.answering.conversation_id:
            self._new()
        self.refresh_list()

    def _go_to_search(self) -> None:
        self.frame.show_list(True)
        self.frame.list.search()

    def _find(self) -> None:
        """Find in the document where the person is at one, else in the conversation."""
        focused, side = QApplication.focusWidget(), self.frame.side
        if focused is not None and side.isAncestorOf(focused) and side.page == "page":
            self.on_demand.page.find_bar.open_bar()
        else:
            self.frame.find_bar.open_bar()

    def _copy_last(self) -> None:
        answers = [turn for turn in self.frame.chat.turns if not turn.asked and turn.text]
        if answers:
            QGuiApplication.clipboard().setText(answers[-1].text)

    # --- the side panel

    def _show_answered(self, stored: StoredMessage) -> None:
        self._show_context(filled_by(stored.receipt))

    def _show_read(self, turns: list[Turn]) -> None:
        self.frame.show_empty(not turns and not self.answering.busy)  # files may be all that it has
        answers = [turn.receipt for turn in turns if turn.receipt and turn.receipt.context]
        self._show_context(filled_by(answers[-1] if answers else None))

    def _show_context(self, now: Filled) -> None:
        self.frame.composer.meter.show_use(now.used, now.size, now.parts)

    def _show_documents(self, rows: list[DocumentRow]) -> None:
        self.frame.welcome.show_documents(sum(bool(row.passages) for row in rows))

    # --- models and settings

    def _use_model(self, path: Path) -> None:
        self.frame.open_side("models")
        self.choice.choose(path)

    def _show_sampling(self, _sampling: SamplingParams, preset: Preset | None) -> None:
        self.frame.presets.show_preset(preset)

    def _walk(self, step: int) -> None:
        panes = self.frame.panes()
        focused = QApplication.focusWidget()
        here = [
            at for at, pane in enumerate(panes) if focused and (pane is focused or pane.isAncestorOf(focused))
        ]
        panes[((here[0] if here else -1) + step) % len(panes)].setFocus(Qt.FocusReason.TabFocusReason)

    # --- Qt's own

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc stops the answer, or leaves an edit."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.answering.busy:
            self.answering.stop()
        else:
            self.frame.composer.end_edit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Change the text size with Ctrl and the wheel."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.angleDelta().y():
            self.preferences.resize_text(1 if event.angleDelta().y() > 0 else -1)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Say once that the window was painted."""
        super().paintEvent(event)
        if not self._first_paint_done:
            self._first_paint_done = True
            QTimer.singleShot(0, self, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Remember where the window stood."""
        places = {"geometry": self.saveGeometry().toBase64().toStdString(), **self.frame.where()}
        self.preferences.remember_window(places)
        super().closeEvent(event)

    def _restore(self) -> None:
        places = self.preferences.settings.window
        self.resize(*WINDOW_SIZE)
        if written := places.get("geometry"):
            self.restoreGeometry(QByteArray.fromBase64(written.encode("ascii", "ignore")))
        self.frame.restore({name: value for name, value in places.items() if name != "geometry"})
        self.frame.show_empty(True)
