# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from assistant.documents.protocol import DocumentRow, FileProgress, FileResult, FileStatus
from ui.document_rows import ROW, counts, trouble
from ui.documents_panel import DocumentsPanel

LEASE = DocumentRow(Path("/home/ann/lease.pdf"), "default", 7, 23, "added")
SCAN = DocumentRow(Path("/home/ann/scan.pdf"), "default", 4, 0, "no_text", "No text in it: it is a scan.")
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
    panel.show()
    qtbot.waitExposed(panel)
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


def test_progress_names_file_page_and_number_and_can_be_cancelled(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.show_progress(FileProgress(Path("/x/lease.pdf"), 1, 2, "reading", 3, 7))
    assert panel.progress.sentence.text() == "lease.pdf: page 3 of 7 · file 1 of 2"
    panel.show_progress(FileProgress(Path("/x/notes.docx"), 2, 2, "reading", 1, 4))
    assert panel.progress.sentence.text() == "notes.docx: part 1 of 4 · file 2 of 2"
    panel.show_progress(FileProgress(Path("/x/notes.docx"), 2, 2, "embedding", 5, 9))
    assert panel.progress.sentence.text() == "notes.docx: passage 5 of 9 · file 2 of 2"
    with qtbot.waitSignal(panel.cancel_requested):
        qtbot.mouseClick(panel.progress.cancel, Qt.MouseButton.LeftButton)
    panel.show_progress(FileProgress(Path("/x/notes.docx"), 2, 2, "embedding", 6, 9))
    assert panel.progress.sentence.text() == "Stopping…"


def test_time_left_is_told_after_ten_seconds_only(qtbot: QtBot) -> None:
    clock = Clock()
    panel = opened(qtbot, clock=clock)
    panel.show_progress(FileProgress(Path("/x/a.pdf"), 1, 10, "reading", 0, 7))
    clock.now = 9.0
    panel.show_progress(FileProgress(Path("/x/b.pdf"), 2, 10, "reading", 0, 7))
    assert panel.progress.left.isHidden()
    clock.now = 30.0
    panel.show_progress(FileProgress(Path("/x/c.pdf"), 3, 10, "reading", 0, 7))
    assert panel.progress.left.text() == "About 2 minutes left"


def test_what_came_of_adding_is_told_with_each_reason(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.show_progress(FileProgress(Path("/x/a.pdf"), 1, 3, "reading", 0, 7))
    panel.show_result(FileResult(Path("/x/a.pdf"), FileStatus.ADDED, 7, 20, 1.0))
    panel.show_result(FileResult(Path("/x/b.pdf"), FileStatus.FAILED, 0, 0, 0.1, "It is encrypted."))
    panel.show_result(FileResult(Path("/x/c.pdf"), FileStatus.NO_TEXT, 2, 0, 0.1, "It is a scan."))
    panel.indexing_finished()
    assert panel.progress.isHidden()
    assert panel.outcome.sentence.text() == "1 document added, 1 without text, 1 could not be read."
    assert panel.outcome.reasons.text() == "b.pdf: It is encrypted.\nc.pdf: It is a scan."


def test_a_cancel_before_the_first_file_leaves_nothing_to_tell(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.show_progress(FileProgress(Path("/x/a.pdf"), 1, 3, "reading", 0, 7))
    panel.indexing_finished()
    assert panel.progress.isHidden()
    assert panel.outcome.isHidden()


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
