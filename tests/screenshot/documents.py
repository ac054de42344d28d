# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures of documents in the window: real readers, index and starter models, from adding to finding."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from assistant.texts import tr
from tests.screenshot.person import Person
from ui.document_rows import ROW

ROOT = Path(__file__).resolve().parents[2]
DATA, SAMPLES = ROOT / "tests" / "data", ROOT / "tests" / "samples"
HWP = (
    ROOT.parent / "shared/data/documents/hwp/hwp-rs/crates/hwp/tests/integration/hancom/files"
    "/한글문서파일형식_5.0_revision1.3.hwp"
)
PASSWORD = "여덟 rivers"
SECTIONS = 400  # of a document that takes a while to read
SMALL = (1000, 700)


@dataclass(frozen=True)
class Story:
    """What the person looks for, in one language."""

    folder: str
    collection: str
    question: str
    follow_up: str
    find: str
    whole: str
    words: str
    unused: str


STORIES = {
    "en": Story(
        "Flat",
        "School",
        "How much is the monthly rent?",
        "And the deposit?",
        "deposit",
        "Summarize lease.pdf",
        "monthly rent and late fee",
        "story.epub",
    ),
    "ko": Story(
        "집 서류",
        "학교",
        "용역 대금은 얼마입니까?",
        "그럼 지급 시기는?",
        "대금",
        "contract_ko.pdf를 요약해 주세요",
        "용역 대금의 지급",
        "members.csv",
    ),
}
HWP_QUESTION = "한글 문서 파일의 압축에는 무엇을 사용했습니까?"
TENDER = ROOT.parent / "shared/data/documents/hwp/hwpxlib/testFile/error/20230728/test.hwpx"
TENDER_QUESTION = "음악축제의 소요예산은 얼마입니까?"

ASKED = (
    (HWP, "한글 문서 파일 형식.hwp", HWP_QUESTION),
    (TENDER, "음악축제 제안요청서.hwpx", TENDER_QUESTION),
)


def tell(person: Person, language: str, place: Path) -> None:
    """Go through them all, a picture of each."""
    story = STORIES[language]
    person.waits_for_model()
    folder = make_folder(place / story.folder)
    adds(person, folder)
    looks_after(person, folder)
    collects(person, place, story)
    keeps_here(person)
    asks(person, story)
    searches(person, story, folder)
    reads_whole(person, story)
    if HWP.is_file():
        asks_hwp(person, place)
    narrows(person, story, folder, place)
    enlarges(person, story, folder)


def make_folder(folder: Path) -> Path:
    """Return a folder with many kinds of documents, one that is damaged and one that wants a password."""
    shutil.copytree(DATA, folder)
    shutil.copy(SAMPLES / "protected.pdf", folder / "bank.pdf")
    (folder / "insurance.pdf").write_bytes((DATA / "lease.pdf").read_bytes()[:700])
    write_long(folder / "diary.md", "tide")
    return folder


def write_long(path: Path, thing: str) -> None:
    """Write a document that takes a while to read."""
    sections = (
        f"## Day {n}\n\nOn day {n} the {thing} came {n * 7} minutes late.\n\n" for n in range(SECTIONS)
    )
    path.write_text("".join(sections), encoding="utf-8")


def adds(person: Person, folder: Path) -> None:
    """Drop a folder, let it wait, and let it go on."""
    panel = person.window.on_demand.documents
    person.drags(folder)
    person.picture("01-drop-target")
    person.drops(folder)
    person.waits(lambda: "diary.md" in panel.progress.sentence.text(), "reading of the long one")
    person.picture("02-indexing")
    panel.progress.pause.click()
    person.waits(lambda: panel.progress.pause.text() == tr("Go on"), "the pause")
    person.picture("03-paused")
    panel.progress.pause.click()
    person.waits_for_documents()
    person.picture("04-documents")


def looks_after(person: Person, folder: Path) -> None:
    """See what is set aside, and give a password."""
    panel = person.window.on_demand.documents
    panel.outcome.hide()
    chooses(person, folder / "insurance.pdf")
    menu = panel.menu_of([folder / "insurance.pdf"])
    QTest.qWait(50)  # until the list has its new height
    menu.popup(panel.list.viewport().mapToGlobal(panel.list.visualRect(panel.list.currentIndex()).center()))
    person.screen("05-set-aside")
    menu.close()
    chooses(person, folder / "bank.pdf")
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    person.picture("06-password")
    panel.password.field.setText(PASSWORD)
    QTest.keyClick(panel.password.field, Qt.Key.Key_Return)
    person.waits(lambda: status(person, folder / "bank.pdf") == "added", "the protected document")
    person.waits_for_documents()


def collects(person: Person, place: Path, story: Story) -> None:
    """Make a collection with a folder, and put a file into it from outside."""
    panel = person.window.on_demand.documents
    panel.outcome.hide()
    panel.bar.begin_name()
    panel.bar.name.setText(story.collection)
    person.picture("07-new-collection")
    QTest.keyClick(panel.bar.name, Qt.Key.Key_Return)
    person.waits(lambda: panel.bar.choice.findData(story.collection) >= 0, "the collection")
    panel.bar.choice.setCurrentIndex(panel.bar.choice.findData(story.collection))
    panel.bar.choice.activated.emit(panel.bar.choice.currentIndex())
    folder = place / story.collection
    folder.mkdir()
    shutil.copy(DATA / "ferry.html", folder / "timetable.html")
    panel.add_requested.emit([folder])
    person.waits(lambda: panel.list.model().rowCount() == 1, "the folder's document")
    person.waits_for_documents()
    shutil.copy(DATA / "note.rtf", folder / "homework.rtf")
    person.waits(lambda: panel.list.model().rowCount() == 2, "what was put there from outside")
    person.waits_for_documents()
    person.picture("08-watched-folder")
    panel.bar.menu.popup(panel.bar.more.mapToGlobal(panel.bar.more.rect().bottomLeft()))
    person.screen("09-collection-menu")
    panel.bar.menu.close()
    panel.bar.choice.setCurrentIndex(0)
    panel.bar.choice.activated.emit(0)


def keeps_here(person: Person) -> None:
    """Drop a file for this conversation alone, and look at the choice of what is searched."""
    searched = person.window.frame.composer.searched
    before = searched.count
    person.drags(SAMPLES / "owner_only.pdf", here=True)
    person.picture("10-only-this-conversation")
    person.drops(SAMPLES / "owner_only.pdf", here=True)
    person.waits(lambda: searched.count == before + 1, "the file of this conversation")
    person.waits_for_documents()
    person.picture("11-kept-here")
    person.closes_side()
    searched.click()
    person.screen("12-what-is-searched")
    popup = QApplication.activePopupWidget()
    assert popup is not None
    popup.close()


def asks(person: Person, story: Story) -> None:
    """Ask, look at the page beside, find a word on it, and go on."""
    sends(person, story.question)
    person.clicks_citation()
    person.picture("13-citation")
    page = person.window.on_demand.page
    page.find_bar.open_bar()
    page.find_bar.field.setText(story.find)
    person.waits(lambda: bool(page.find_bar.count.text()), "what is found")
    person.waits_for_page()
    person.picture("14-found-on-the-page")
    page.find_bar.close_bar()
    sends(person, story.follow_up)
    person.picture("15-follow-up")


def searches(person: Person, story: Story, folder: Path) -> None:
    """Search without the model, and ask why a file was not used."""
    panel = person.window.on_demand.search
    person.window.on_demand.documents.search_button.click()
    person.picture("16-search")
    panel.look_for(story.words)
    person.waits(lambda: bool(panel.cards), "passages")
    person.picture("17-found")
    panel.ask_why(folder / story.unused)
    person.waits(panel.answer.isVisible, "the reason")
    person.picture("18-why-not")


def reads_whole(person: Person, story: Story) -> None:
    """Ask for a whole document."""
    person.closes_side()
    person.types(story.whole)
    person.presses_enter()
    chat = person.window.frame.chat
    person.waits(lambda: bool(chat.turns[-1].text) or not chat.turns[-1].streaming, "the first words")
    person.picture("19-whole-document")
    person.waits_for_answer()
    person.picture("20-whole-document-read")


def asks_hwp(person: Person, place: Path) -> None:
    """Ask Korean documents of the office and look at the pages they are cited from."""
    for number, (document, name, question) in enumerate(ASKED, 21):
        shutil.copy(document, place / name)
        person.drags(place / name)
        person.drops(place / name)
        person.waits_for_documents()
        sends(person, question)
        person.clicks_citation()
        person.picture(f"{number}-{document.suffix[1:]}-citation")


def narrows(person: Person, story: Story, folder: Path, place: Path) -> None:
    """Look at the main states in a small window."""
    panel = person.window.on_demand.documents
    person.closes_side()
    person.window.resize(*SMALL)
    person.drags(folder)
    person.picture("30-drop-target-small")
    write_long(place / "timetable.md", "train")
    person.drops(place / "timetable.md")
    person.waits(lambda: "timetable.md" in panel.progress.sentence.text(), "reading of the long one")
    person.picture("31-indexing-small")
    person.waits_for_documents()
    chooses(person, folder / "insurance.pdf")
    person.picture("32-set-aside-small")
    person.window.frame.list.new_wanted.emit()
    sends(person, story.question)
    person.clicks_citation()
    person.picture("33-citation-small")
    person.opens("search")
    search = person.window.on_demand.search
    before = search.cards
    search.look_for(story.words)
    person.waits(lambda: search.cards is not before and bool(search.cards), "passages")
    search.ask_why(folder / story.unused)
    person.waits(search.answer.isVisible, "the reason")
    person.picture("34-search-small")


def enlarges(person: Person, story: Story, folder: Path) -> None:
    """Look at the panels in large letters."""
    person.window.preferences.resize_text(10)
    person.opens("documents")
    chooses(person, folder / "insurance.pdf")
    person.picture("23-documents-text-200")
    person.opens("search")
    panel = person.window.on_demand.search
    before = panel.cards
    panel.look_for(story.words)
    person.waits(lambda: panel.cards is not before and bool(panel.cards), "passages")
    person.picture("24-search-text-200")


def sends(person: Person, question: str) -> None:
    """Ask and wait for the answer."""
    person.types(question)
    person.presses_enter()
    person.waits_for_answer()


def chooses(person: Person, path: Path) -> None:
    """Select a document of the list and bring it in sight."""
    rows = person.window.on_demand.documents.list
    at = next(n for n in range(rows.model().rowCount()) if rows.model().index(n, 0).data(ROW).path == path)
    rows.setCurrentIndex(rows.model().index(at, 0))
    rows.scrollTo(rows.currentIndex())
    rows.setFocus()


def status(person: Person, path: Path) -> str:
    """Return how a document is, as the list has it."""
    model = person.window.on_demand.documents.list.model()
    every = [model.index(n, 0).data(ROW) for n in range(model.rowCount())]
    return next((one.status for one in every if one.path == path), "")
