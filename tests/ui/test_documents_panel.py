# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from assistant.documents.collection import Collection, Folder, FolderState, IndexingState
from assistant.documents.protocol import DocumentRow, FileProgress, FileResult, FileStatus
from ui.document_rows import ROW, counts, trouble
from ui.documents_panel import DocumentsPanel

LEASE = DocumentRow(Path("/home/ann/lease.pdf"), "default", 7, 23, "added")
SCAN = DocumentRow(Path("/home/ann/scan.pdf"), "default", 4, 0, "no_text", "No text in it: it is a scan.")
LOCKED = DocumentRow(Path("/home/ann/payslip.pdf"), "default", 0, 0, "protected", "It is protected.")
NOTES = DocumentRow(Path("/home/ann/문서/메모.md"), "개인", 0, 1, "added")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def opened(qtbot: QtBot, *rows: DocumentRow, clock: Clock | None = None) -> DocumentsPanel:
    panel = DocumentsPanel([".pdf", ".md"], clock or Clock())
    qtbot.addWidget(panel)
    panel.resize(260, 600)
    panel.show_documents(rows)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def names(panel: DocumentsPanel) -> list[str]:
    model = panel.list.model()
    return [model.index(at, 0).data(ROW).path.name for at in range(model.rowCount())]


def choose(panel: DocumentsPanel, at: int) -> None:
    panel.list.setFocus()
    panel.list.setCurrentIndex(panel.list.model().index(at, 0))


def test_no_documents_show_a_place_that_helps_and_can_add(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    assert panel.stack.currentWidget() is panel.empty
    assert "Drag a document here" in panel.empty.words.text()


def test_documents_are_listed_with_their_pages_and_passages(qtbot: QtBot) -> None:
    panel = opened(qtbot, LEASE, SCAN, NOTES)
    assert names(panel) == ["lease.pdf", "scan.pdf", "메모.md"]
    assert counts(LEASE) == "7 pages · 23 passages"
    assert counts(NOTES) == "1 passage"
    assert trouble(SCAN) == "No text in it: it is a scan."
    assert panel.count.text() == "3 documents"


def test_a_row_reads_its_trouble_out_to_a_screen_reader(qtbot: QtBot) -> None:
    panel = opened(qtbot, SCAN)
    told = panel.list.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert told == "scan.pdf, No text in it: it is a scan."


def test_enter_shows_a_document(qtbot: QtBot) -> None:
    panel = opened(qtbot, LEASE, SCAN)
    choose(panel, 1)
    with qtbot.waitSignal(panel.document_activated) as shown:
        qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    assert shown.args == [SCAN.path]


def test_delete_asks_by_name_and_removes_only_after_the_answer(qtbot: QtBot) -> None:
    panel = opened(qtbot, LEASE, SCAN)
    removed: list[Path] = []
    panel.remove_requested.connect(removed.append)
    choose(panel, 0)
    qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    assert "lease.pdf" in panel.removal.question.text()
    assert removed == []
    qtbot.mouseClick(panel.removal.remove, Qt.MouseButton.LeftButton)
    assert removed == [LEASE.path]
    assert panel.removal.isHidden()


def test_escape_and_enter_on_keep_remove_nothing(qtbot: QtBot) -> None:
    panel = opened(qtbot, LEASE)
    removed: list[Path] = []
    panel.remove_requested.connect(removed.append)
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
        choose(panel, 0)
        qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
        qtbot.keyClick(panel.removal.keep, key)
        assert panel.removal.isHidden()
    assert removed == []


def test_the_bin_on_a_row_asks_for_its_removal(qtbot: QtBot) -> None:
    panel = opened(qtbot, LEASE, SCAN)
    rect = panel.list.visualRect(panel.list.model().index(1, 0))
    at = QPoint(rect.right() - 20, rect.top() + 16)
    qtbot.mouseMove(panel.list.viewport(), at)
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert "scan.pdf" in panel.removal.question.text()


def at(name: str, step: str, done: int, places: int) -> FileProgress:
    return FileProgress(Path("/x") / name, 1, 1, step, done, places)


def test_progress_names_file_page_and_number_and_can_be_cancelled(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.show_state(IndexingState(0, 2, now=at("lease.pdf", "reading", 3, 7)))
    assert panel.progress.sentence.text() == "lease.pdf: page 3 of 7 · file 1 of 2"
    panel.show_state(IndexingState(1, 2, now=at("notes.docx", "reading", 1, 4)))
    assert panel.progress.sentence.text() == "notes.docx: part 1 of 4 · file 2 of 2"
    panel.show_state(IndexingState(1, 2, now=at("notes.docx", "embedding", 5, 9)))
    assert panel.progress.sentence.text() == "notes.docx: passage 5 of 9 · file 2 of 2"
    with qtbot.waitSignal(panel.cancel_requested):
        qtbot.mouseClick(panel.progress.cancel, Qt.MouseButton.LeftButton)
    panel.show_state(IndexingState(1, 2, now=at("notes.docx", "embedding", 6, 9)))
    assert panel.progress.sentence.text() == "Stopping…"


def test_passages_speed_and_time_left_are_told(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.show_state(IndexingState(3, 10))
    assert panel.progress.sentence.text() == "Reading 10 files"
    assert panel.progress.left.isHidden()
    state = IndexingState(3, 10, 40, 412, 45.2, 120.0, now=at("a.pdf", "reading", 0, 0))
    panel.show_state(state)
    assert panel.progress.left.text() == "412 passages, 45 a second · About 2 minutes left"


def test_reading_can_pause_and_go_on(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    wanted: list[bool] = []
    panel.pause_requested.connect(wanted.append)
    panel.show_state(IndexingState(1, 4, now=at("a.pdf", "reading", 0, 7)))
    qtbot.mouseClick(panel.progress.pause, Qt.MouseButton.LeftButton)
    panel.show_state(IndexingState(1, 4, paused=True))
    assert panel.progress.sentence.text() == "Paused. 3 files wait."
    assert panel.progress.pause.text() == "Go on"
    qtbot.mouseClick(panel.progress.pause, Qt.MouseButton.LeftButton)
    assert wanted == [True, False]
    panel.show_state(IndexingState(1, 4, paused=True, problem="The disk is full."))
    assert panel.progress.sentence.text() == "Paused. The disk is full."


def test_an_answer_that_is_written_comes_first(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.show_state(IndexingState(0, 1, now=at("a.pdf", "reading", 1, 7)))
    panel.show_paused(True)
    assert panel.progress.sentence.text() == "Paused while an answer is written. a.pdf: page 1 of 7"


def test_what_came_of_adding_is_told_with_each_reason(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.show_state(IndexingState(0, 4, now=at("a.pdf", "reading", 0, 7)))
    panel.show_result(FileResult(Path("/x/a.pdf"), FileStatus.ADDED, 7, 20, 1.0))
    panel.show_result(FileResult(Path("/x/b.pdf"), FileStatus.FAILED, 0, 0, 0.1, "It is damaged."))
    panel.show_result(FileResult(Path("/x/c.pdf"), FileStatus.NO_TEXT, 2, 0, 0.1, "It is a scan."))
    panel.show_result(FileResult(Path("/x/d.pdf"), FileStatus.PROTECTED, 0, 0, 0.1, "It is protected."))
    panel.indexing_finished()
    assert panel.progress.isHidden()
    said = "1 document added, 1 without text, 1 needs a password, 1 could not be read."
    assert panel.outcome.sentence.text() == said
    reasons = "b.pdf: It is damaged.\nc.pdf: It is a scan.\nd.pdf: It is protected."
    assert panel.outcome.reasons.text() == reasons


def test_a_cancel_before_the_first_file_leaves_nothing_to_tell(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.show_state(IndexingState(0, 3, now=at("a.pdf", "reading", 0, 7)))
    panel.indexing_finished()
    assert panel.progress.isHidden()
    assert panel.outcome.isHidden()


def acts(panel: DocumentsPanel, path: Path) -> dict[str, QAction]:
    return {action.text(): action for action in panel.menu_of([path]).actions()}


def test_a_file_that_was_set_aside_can_be_tried_again(qtbot: QtBot) -> None:
    panel = opened(qtbot, LEASE, SCAN)
    assert "Try again" not in acts(panel, LEASE.path)
    with qtbot.waitSignal(panel.retry_requested) as asked:
        acts(panel, SCAN.path)["Try again"].trigger()
    assert asked.args == [SCAN.path]


def test_a_protected_file_asks_for_its_password_in_place(qtbot: QtBot) -> None:
    panel = opened(qtbot, LEASE, LOCKED)
    choose(panel, 1)
    qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    assert "payslip.pdf is protected" in panel.password.question.text()
    qtbot.keyClicks(panel.password.field, "open sesame")
    assert panel.password.field.displayText() != "open sesame"
    with qtbot.waitSignal(panel.unlock_requested) as asked:
        qtbot.keyClick(panel.password.field, Qt.Key.Key_Return)
    assert asked.args == [LOCKED.path, "open sesame"]
    assert panel.password.isHidden()
    assert panel.password.field.text() == ""


def test_escape_leaves_a_protected_file_as_it_is(qtbot: QtBot) -> None:
    panel = opened(qtbot, LOCKED)
    acts(panel, LOCKED.path)["Give its password…"].trigger()
    qtbot.keyClicks(panel.password.field, "x")
    with qtbot.assertNotEmitted(panel.unlock_requested):
        qtbot.keyClick(panel.password.field, Qt.Key.Key_Escape)
    assert panel.password.isHidden()


def test_why_a_document_was_not_used_can_be_asked(qtbot: QtBot) -> None:
    panel = opened(qtbot, LEASE)
    with qtbot.waitSignal(panel.why_wanted) as asked:
        acts(panel, LEASE.path)["Why was it not used?"].trigger()
    assert asked.args == [LEASE.path]


CONTRACTS = Collection(
    "Contracts",
    (
        Folder(Path("/home/ann/contracts"), FolderState.WATCHED),
        Folder(Path("/mnt/usb"), FolderState.NOT_THERE),
    ),
    documents=1,
)
USUAL = Collection("default", documents=2)


def menu(panel: DocumentsPanel) -> dict[str, QAction]:
    panel.bar.menu.aboutToShow.emit()
    return {action.text(): action for action in panel.bar.menu.actions()}


def test_one_collection_without_folders_needs_no_choice(qtbot: QtBot) -> None:
    panel = opened(qtbot, LEASE)
    panel.bar.show_collections([USUAL])
    assert not panel.bar.choice.isVisible()
    assert list(menu(panel)) == ["New collection…"]


def test_a_collection_shows_its_documents_and_folders_alone(qtbot: QtBot) -> None:
    lease = replace(LEASE, collection="Contracts")
    panel = opened(qtbot, lease, SCAN)
    panel.bar.show_collections([USUAL, CONTRACTS])
    assert panel.bar.choice.isVisible()
    panel.bar.choice.setCurrentIndex(panel.bar.choice.findData("Contracts"))
    panel.bar.choice.activated.emit(panel.bar.choice.currentIndex())
    assert names(panel) == ["lease.pdf"]

    def said() -> set[str]:
        return {one.text() for one in panel.bar.findChildren(QLabel) if one.isVisibleTo(panel)}

    qtbot.waitUntil(lambda: {"watched", "not there just now"} <= said())
    with qtbot.waitSignal(panel.bar.folder_dropped) as asked:
        qtbot.mouseClick(panel.bar.folder_buttons()[0], Qt.MouseButton.LeftButton)
    assert asked.args == ["Contracts", Path("/home/ann/contracts")]


def test_collections_are_made_renamed_and_deleted_by_name(qtbot: QtBot) -> None:
    panel = opened(qtbot, LEASE)
    panel.bar.show_collections([USUAL, CONTRACTS])
    menu(panel)["New collection…"].trigger()
    qtbot.keyClicks(panel.bar.name, "  Tax   2026 ")
    with qtbot.waitSignal(panel.bar.created) as made:
        qtbot.keyClick(panel.bar.name, Qt.Key.Key_Return)
    assert made.args == ["Tax 2026"]
    panel.bar.choice.setCurrentIndex(panel.bar.choice.findData("Contracts"))
    menu(panel)["Rename…"].trigger()
    assert panel.bar.name.text() == "Contracts"
    panel.bar.name.setText("계약서")
    with qtbot.waitSignal(panel.bar.renamed) as changed:
        qtbot.keyClick(panel.bar.name, Qt.Key.Key_Return)
    assert changed.args == ["Contracts", "계약서"]
    menu(panel)["Delete…"].trigger()
    assert "Delete the collection Contracts?" in panel.removal.question.text()
    assert panel.removal.remove.text() == "Delete"
    with qtbot.waitSignal(panel.collection_delete_requested) as gone:
        qtbot.mouseClick(panel.removal.remove, Qt.MouseButton.LeftButton)
    assert gone.args == ["Contracts"]


def test_escape_and_an_empty_name_make_no_collection(qtbot: QtBot) -> None:
    panel = opened(qtbot, LEASE)
    panel.bar.show_collections([USUAL])
    made: list[str] = []
    panel.bar.created.connect(made.append)
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
        menu(panel)["New collection…"].trigger()
        qtbot.keyClick(panel.bar.name, Qt.Key.Key_Space)
        qtbot.keyClick(panel.bar.name, key)
        assert panel.bar.name.isHidden()
    assert made == []


def test_a_collection_that_has_gone_is_not_shown_any_more(qtbot: QtBot) -> None:
    panel = opened(qtbot, LEASE, SCAN)
    panel.bar.show_collections([USUAL, CONTRACTS])
    panel.bar.choice.setCurrentIndex(panel.bar.choice.findData("Contracts"))
    panel.bar.choice.activated.emit(panel.bar.choice.currentIndex())
    panel.bar.show_collections([USUAL])
    assert panel.bar.shown == ""
    assert names(panel) == ["lease.pdf", "scan.pdf"]


def test_a_document_on_a_drive_that_is_away_says_so(qtbot: QtBot) -> None:
    panel = opened(qtbot, replace(LEASE, there=False))
    told = panel.list.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "not there just now" in told


def test_a_folder_that_was_added_is_said_to_be_watched_and_can_be_let_be(qtbot: QtBot) -> None:
    panel = opened(qtbot, LEASE)
    assert panel.watched.isHidden()
    folder = Path("/home/ann/papers")
    panel.watched.show_folders("Contracts", [folder])
    assert panel.watched.sentence.text() == "papers is watched: what is added to it later is read too."
    with qtbot.waitSignal(panel.watched.unwanted) as asked:
        panel.watched.let_be.click()
    assert asked.args == ["Contracts", [folder]]
    assert panel.watched.isHidden()
    panel.watched.show_folders("default", [folder, folder])
    assert panel.watched.sentence.text().startswith("2 folders are watched")


def test_a_document_can_be_read_whole_from_its_menu(qtbot: QtBot) -> None:
    panel = opened(qtbot, LEASE, SCAN)
    entries = {action.text(): action for action in panel.menu_of([LEASE.path]).actions()}
    with qtbot.waitSignal(panel.whole_wanted) as asked:
        entries["Read this document whole"].trigger()
    assert asked.args == [LEASE.path]
    assert "Read this document whole" not in [one.text() for one in panel.menu_of([SCAN.path]).actions()]


def test_vectors_of_another_model_are_shown_and_can_be_paused_and_cancelled(qtbot: QtBot) -> None:
    panel = opened(qtbot, LEASE)
    panel.show_state(IndexingState(passages_per_second=45.2, made=500, of_made=2000))
    assert panel.progress.sentence.text() == "Preparing the search model: passage 500 of 2,000"
    assert panel.progress.bar.value() == 250
    assert panel.progress.left.text() == "45 passages a second"
    with qtbot.waitSignal(panel.pause_requested) as asked:
        panel.progress.pause.click()
    assert asked.args == [True]
    panel.show_state(IndexingState(paused=True, made=500, of_made=2000))
    assert "the earlier search model is used" in panel.progress.sentence.text()
    with qtbot.waitSignal(panel.cancel_requested):
        panel.progress.cancel.click()
    panel.indexing_finished()
    assert panel.progress.isHidden()


def test_a_document_of_which_a_part_was_not_read_says_so_and_can_be_tried_again(qtbot: QtBot) -> None:
    told = "2 of its 3 pages are pictures and were not read."
    panel = opened(qtbot, replace(LEASE, reason=told))
    row = panel.list.model().index(0, 0)
    assert told in row.data(Qt.ItemDataRole.ToolTipRole)
    assert told in row.data(Qt.ItemDataRole.AccessibleTextRole)
    assert trouble(row.data(ROW)).startswith(counts(LEASE)), "the rest is there"
    assert "Try again" in [action.text() for action in panel.menu_of([LEASE.path]).actions()]
    panel.show_state(IndexingState(files=0, of_files=1))
    panel.show_result(FileResult(LEASE.path, FileStatus.ADDED, 3, 1, 0.1, told))
    panel.indexing_finished()
    assert panel.outcome.reasons.text() == f"lease.pdf: {told}"


def test_many_documents_can_be_filtered_by_name_and_folder(qtbot: QtBot) -> None:
    rows = [DocumentRow(Path(f"/home/ann/{n}/보고서 {n}.pdf"), "default", 1, 1, "added") for n in range(12)]
    panel = opened(qtbot, *rows, LEASE)
    qtbot.keyClicks(panel.filter, "LEASE")
    assert names(panel) == ["lease.pdf"]
    panel.filter.setText("nothing like it")
    assert panel.stack.currentWidget() is panel.nothing
    panel.filter.clear()
    assert len(names(panel)) == 13


def test_new_rows_keep_the_selection(qtbot: QtBot) -> None:
    panel = opened(qtbot, LEASE, SCAN)
    choose(panel, 1)
    panel.show_documents([NOTES, LEASE, SCAN])
    assert panel.selected() == [SCAN.path]


def test_files_chosen_in_the_dialog_are_asked_to_be_added(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-")
    panel = opened(qtbot)
    panel.choose_files()
    dialog = panel.dialog
    assert dialog is not None
    assert "*.pdf *.md" in dialog.nameFilters()[0]
    with qtbot.waitSignal(panel.add_requested) as asked:
        dialog.filesSelected.emit([str(tmp_path / "a.pdf")])
    dialog.close()
    assert asked.args == [[tmp_path / "a.pdf"]]


def test_while_the_first_document_is_read_nothing_says_that_there_is_none(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.show_state(IndexingState(0, 2))
    assert panel.stack.currentWidget() is panel.list
    panel.indexing_finished()
    assert panel.stack.currentWidget() is panel.empty


def test_a_reason_is_told_in_full_and_names_the_file_once(qtbot: QtBot) -> None:
    long = "scan.pdf is damaged or not what its name says. Open it in its program and save it again."
    panel = opened(qtbot, SCAN, replace(SCAN, path=Path("/home/ann/b.pdf"), reason=long))
    short, tall = (panel.list.visualRect(panel.list.model().index(at, 0)).height() for at in (0, 1))
    assert tall > short
    panel.show_result(FileResult(SCAN.path, FileStatus.FAILED, 0, 0, 0.1, long))
    panel.show_result(FileResult(SCAN.path, FileStatus.FAILED, 0, 0, 0.1, "It is empty."))
    panel.indexing_finished()
    assert panel.outcome.reasons.text().replace("\u200b", "") == f"{long}\nscan.pdf: It is empty."


def test_a_file_of_this_conversation_alone_says_so_as_a_collection_does(qtbot: QtBot) -> None:
    panel = opened(qtbot, LEASE, replace(SCAN, reason="", status="added", collection=""))
    heights = [panel.list.visualRect(panel.list.model().index(at, 0)).height() for at in range(2)]
    assert heights[1] > heights[0]


def test_a_collection_that_is_shown_alone_is_not_named_on_each_row(qtbot: QtBot) -> None:
    panel = opened(qtbot, replace(LEASE, collection="Contracts"))
    panel.bar.show_collections([USUAL, CONTRACTS])
    first = panel.list.model().index(0, 0)
    named = panel.list.visualRect(first).height()
    panel.bar.choice.setCurrentIndex(panel.bar.choice.findData("Contracts"))
    panel.bar.choice.activated.emit(panel.bar.choice.currentIndex())
    assert panel.list.visualRect(panel.list.model().index(0, 0)).height() < named
