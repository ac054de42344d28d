# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A whole window: its panels, what is dropped on it, keys, sizes and links."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from assistant.documents.collection import IndexingState
from assistant.documents.protocol import DocumentRow, FileResult, FileStatus
from assistant.sampling import Preset
from tests.ui.fake_assistant import FakeAssistant
from tests.ui.windows import answered, ask, click
from ui import tasks
from ui.link_question import LinkQuestion
from ui.main_window import MainWindow


def test_a_citation_opens_the_page_beside_the_conversation(window: MainWindow, qtbot: QtBot) -> None:
    ask(window, "Rent?", qtbot)
    answered(window, qtbot)
    assert window.frame.side.isHidden()
    window.frame.chat.citation_activated.emit(window.frame.chat.turns[1].citations[0])
    assert window.frame.side.isVisible()
    assert window.frame.side.page == "page"


def test_what_the_model_saw_is_shown(window: MainWindow, qtbot: QtBot) -> None:
    ask(window, "Rent?", qtbot)
    answered(window, qtbot)
    click(window, 1, "What the model saw", qtbot)
    assert window.frame.side.page == "prompt"


def test_the_preset_goes_with_the_next_question_and_is_kept(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    window.frame.presets.chosen.emit(Preset.CREATIVE)
    ask(window, "Rent?", qtbot)
    answered(window, qtbot)
    assert assistant.script.asked[-1].preset is Preset.CREATIVE
    qtbot.waitUntil(lambda: assistant.settings.preset == "creative")


def drop(window: MainWindow, path: Path, x: int = 5) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(x, 5), copy, mime, left, none))
    assert window.drop.isVisible()
    QApplication.sendEvent(window, QDropEvent(QPointF(x, 5), copy, mime, left, none))
    assert window.drop.isHidden()


def test_a_dropped_document_is_added(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    drop(window, tmp_path / "lease.pdf")
    qtbot.waitUntil(lambda: window.frame.composer.searched.text() == "Searching 1 document")
    assert window.frame.side.page == "documents"


def test_a_dropped_folder_is_said_to_be_watched_and_can_be_let_be(
    window: MainWindow, assistant: FakeAssistant, tmp_path: Path, qtbot: QtBot
) -> None:
    drop(window, tmp_path)
    note = window.on_demand.documents.watched
    qtbot.waitUntil(lambda: tmp_path.name in note.sentence.text())
    note.let_be.click()
    qtbot.waitUntil(lambda: assistant.indexing.done[-1] == ("unwatch", "default", tmp_path, "keep"))


def test_a_document_is_read_whole_until_something_else_is_chosen(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    lease = Path("/papers/lease.pdf")
    assistant.library.rows = [DocumentRow(lease, "default", 1, 2, "added")]
    window.adding.refresh()
    searched = window.frame.composer.searched
    qtbot.waitUntil(lambda: searched.text() == "Searching 1 document")
    window.on_demand.documents.whole_wanted.emit(lease)
    assert searched.text() == "Reading lease.pdf whole"
    ask(window, "What is in it?", qtbot)
    answered(window, qtbot)
    assert assistant.script.asked[-1].whole == (lease,)
    qtbot.mouseClick(searched, Qt.MouseButton.LeftButton)
    assert (searched.text(), window.options().whole) == ("Searching 1 document", ())
    window.on_demand.documents.whole_wanted.emit(lease)
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.options().whole == ())


def test_each_document_is_listed_as_soon_as_it_is_read(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    path = Path("/papers/first.pdf")
    assistant.library.rows.append(DocumentRow(path, "default", 1, 2, "added"))
    assistant.happened.put(IndexingState(1, 9))
    assistant.happened.put(FileResult(path, FileStatus.ADDED, 1, 2, 0.1))
    qtbot.waitUntil(lambda: window.on_demand.documents.list.model().rowCount() == 1)


def test_a_document_dropped_on_the_right_half_is_for_this_conversation_alone(
    window: MainWindow, assistant: FakeAssistant, tmp_path: Path, qtbot: QtBot
) -> None:
    drop(window, tmp_path / "lease.pdf", x=window.width() - 5)
    qtbot.waitUntil(lambda: window.answering.conversation_id > 0)
    number = window.answering.conversation_id
    qtbot.waitUntil(lambda: assistant.indexing.done == [("add here", [tmp_path / "lease.pdf"], number)])
    searched = window.frame.composer.searched
    qtbot.waitUntil(lambda: searched.text() == "Searching 1 file of this conversation")
    qtbot.waitUntil(lambda: window.frame.stack.currentWidget() is window.frame.welcome)
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not searched.isVisible())


def test_a_choice_made_before_the_first_file_of_a_conversation_stays(
    window: MainWindow, assistant: FakeAssistant, tmp_path: Path, qtbot: QtBot
) -> None:
    assistant.library.rows = [DocumentRow(Path("/a.pdf"), "default", 1, 2, "added")]
    window.adding.refresh()
    searched = window.frame.composer.searched
    qtbot.waitUntil(lambda: searched.text() == "Searching 1 document")
    searched.choose(())
    drop(window, tmp_path / "lease.pdf", x=window.width() - 5)
    qtbot.waitUntil(lambda: bool(assistant.indexing.done))
    number = window.answering.conversation_id
    assert assistant.chosen.kept == {number: ()}
    qtbot.waitUntil(lambda: searched.text() == "Searching 1 file of this conversation")
    assert searched.choice == ()


def test_what_a_conversation_looks_at_is_kept_with_it(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    assistant.library.rows = [DocumentRow(Path("/a.pdf"), "default", 1, 2, "added")]
    window.adding.refresh()
    searched = window.frame.composer.searched
    qtbot.waitUntil(lambda: searched.text() == "Searching 1 document")
    qtbot.mouseClick(searched, Qt.MouseButton.LeftButton)
    ask(window, "Rent?", qtbot)
    answered(window, qtbot)
    number = window.answering.conversation_id
    qtbot.waitUntil(lambda: assistant.chosen.kept == {number: ()})
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: searched.choice is None)
    window.frame.list.chosen.emit(number)
    qtbot.waitUntil(lambda: searched.choice == ())


def test_a_dropped_model_is_used(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.choice.loaded):
        drop(window, tmp_path / "big.gguf")
    assert window.frame.side.page == "models"


def test_the_empty_page_says_of_the_first_model_what_the_top_says(
    assistant: FakeAssistant, tmp_path: Path, qtbot: QtBot
) -> None:
    made = MainWindow(assistant)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    said = made.frame.welcome.model.words
    assert said.text().startswith("No model is loaded yet")
    assistant.loading_waits = True
    made.choice.choose(tmp_path / "big.gguf")
    qtbot.waitUntil(lambda: said.text() == "Loading big, 20 %")
    made.choice.cancel()
    qtbot.waitUntil(lambda: said.text().startswith("No model is loaded yet"))


def test_search_is_prepared_once_when_the_model_is_there(
    window: MainWindow, assistant: FakeAssistant, tmp_path: Path, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: assistant.prepared == 1)
    with qtbot.waitSignal(window.choice.loaded):
        drop(window, tmp_path / "big.gguf")
    assert tasks.stop_all(), "whatever was begun by it has ended"
    assert assistant.prepared == 1


def test_going_on_asks_the_model_without_the_documents(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    ask(window, "Rent?", qtbot)
    answered(window, qtbot)
    window.frame.chat.go_on_wanted.emit(window.frame.chat.turns[-1])
    answered(window, qtbot, 4)
    assert [options.documents for options in assistant.script.asked] == [True, False]


def test_a_conversation_is_deleted_and_brought_back(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    ask(window, "Rent?", qtbot)
    answered(window, qtbot)
    number = window.answering.conversation_id
    window.frame.list.delete_wanted.emit(number, "Rent?")
    qtbot.waitUntil(window.frame.list.undo.isVisible)
    assert assistant.conversations.all() == []
    qtbot.waitUntil(lambda: window.frame.list.undo.button.width() > 0)
    qtbot.mouseClick(window.frame.list.undo.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: [one.id for one in assistant.conversations.all()] == [number])


def test_conversations_are_found_by_korean_words(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    conversation = assistant.conversations.create()
    stored = assistant.conversations.add_question(conversation.id, None, "월세는 얼마인가요?")
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.frame.list.field.hasFocus()
    window.frame.list.field.insert("월세")
    model = window.frame.list.list.model()
    qtbot.waitUntil(
        lambda: model.rowCount() == 1 and model.index(0, 0).data(Qt.ItemDataRole.UserRole + 4) == stored.id
    )


def test_the_side_panel_opens_only_once_it_has_pages(assistant: FakeAssistant, qtbot: QtBot) -> None:
    made = MainWindow(assistant)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.frame.open_side("documents")
    made.frame.toggle_side()
    assert made.frame.side.isHidden()


class ShownWindows(QObject):
    """Keeps the class names of all that is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.names.append(type(watched).__name__)
        return False


def test_no_part_of_the_window_flashes_up_as_a_window_of_its_own(
    assistant: FakeAssistant, qtbot: QtBot, qapp: QApplication
) -> None:
    watch = ShownWindows()
    qapp.installEventFilter(watch)
    made = MainWindow(assistant)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.begin()
    ask(made, "Rent?", qtbot)
    answered(made, qtbot)
    qapp.removeEventFilter(watch)
    assert watch.names == ["MainWindow"]


# --- keys, sizes, links


@pytest.mark.parametrize(
    ("key", "modifiers", "focused"),
    [
        (Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier, lambda w: w.frame.list.field),
        (Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier, lambda w: w.frame.composer.field),
        (Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier, lambda w: w.frame.find_bar.field),
    ],
)
def test_keys_go_to_their_fields(
    key: Qt.Key, modifiers: Qt.KeyboardModifier, focused: Any, window: MainWindow, qtbot: QtBot
) -> None:
    window.frame.show_empty(False)
    qtbot.keyClick(window, key, modifiers)
    assert window.focusWidget() is focused(window)


def test_f6_walks_the_panes_and_comes_round(window: MainWindow, qtbot: QtBot) -> None:
    window.frame.show_empty(False)
    window.frame.composer.field.setFocus()
    seen = []
    for _ in range(3):
        qtbot.keyClick(window, Qt.Key.Key_F6)
        seen.append(window.focusWidget())
    assert seen == [window.frame.list.list, window.frame.chat, window.frame.composer.field]


def test_the_last_answer_is_copied_with_keys(window: MainWindow, qtbot: QtBot) -> None:
    ask(window, "Rent?", qtbot)
    answered(window, qtbot)
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_C, both)
    assert QGuiApplication.clipboard().text() == "The monthly rent is 850 euros."


def letter_size(window: MainWindow) -> int:
    view = window.frame.chat.view_of(1)
    assert view is not None
    return view.texts()[0].document().defaultFont().pixelSize()


def test_the_text_grows_and_the_size_is_kept(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    ask(window, "Rent?", qtbot)
    answered(window, qtbot)
    before = window.frame.composer.field.fontMetrics().height()
    size = letter_size(window)
    for _ in range(3):
        qtbot.keyClick(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert window.frame.composer.field.fontMetrics().height() > before
    assert letter_size(window) > size
    qtbot.waitUntil(lambda: assistant.settings.text_percent == 130)
    qtbot.keyClick(window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: assistant.settings.text_percent == 100)


def test_large_text_widens_the_list_only_while_it_is_large(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    before = window.frame.list.width()
    try:
        window.preferences.resize_text(10)
        qtbot.waitUntil(lambda: window.frame.list.width() > before)
        assert window.frame.where()["list"] == str(before)
    finally:
        window.preferences.resize_text(0)
    qtbot.waitUntil(lambda: window.frame.list.width() == before)


def test_the_window_remembers_its_widths(window: MainWindow, assistant: FakeAssistant, qtbot: QtBot) -> None:
    window.frame.setSizes([300, 880, 0])
    window.close()
    qtbot.waitUntil(lambda: assistant.settings.window.get("list") == "300")
    again = MainWindow(assistant)  # type: ignore[arg-type]
    qtbot.addWidget(again)
    with qtbot.waitExposed(again):
        again.show()
    qtbot.waitUntil(lambda: again.frame.list.width() == 300)


def test_the_list_makes_room_for_the_side_panel_in_a_narrow_window(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(900, 600)
    window.frame.open_side("documents")
    assert window.frame.list.isHidden()
    window.frame.close_side()
    assert window.frame.list.isVisible()


def test_a_link_is_opened_only_after_a_yes(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr("ui.link_question.QDesktopServices.openUrl", opened.append)
    window.frame.chat.link_activated.emit("https://example.org/long/path?x=1")
    first = window.findChild(LinkQuestion)
    assert first.informativeText() == "https://example.org/long/path?x=1"
    qtbot.mouseClick(first.stays, Qt.MouseButton.LeftButton)
    assert opened == []
    window.frame.chat.link_activated.emit("https://example.org/")
    second = next(one for one in window.findChildren(LinkQuestion) if one.isVisible())
    qtbot.mouseClick(second.opens, Qt.MouseButton.LeftButton)
    assert opened == [QUrl("https://example.org/")]


def test_every_control_has_a_name_for_screen_readers(window: MainWindow, qtbot: QtBot) -> None:
    ask(window, "Rent?", qtbot)
    answered(window, qtbot)
    window.frame.open_side("sampling")
    nameless = [
        f"{type(one).__name__} in {type(one.parent()).__name__}"
        for one in window.findChildren(QWidget)
        if one.isVisible()
        and one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not one.accessibleName()
        and not getattr(one, "text", str)()
        and not one.objectName().startswith("qt_")
    ]
    assert nameless == []
