# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The stories of documents.feature: readers, index and search are real, the chat engine is a fake one."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytest_bdd import given, parsers, scenarios, then, when

from assistant.documents.protocol import DocumentRow
from assistant.opening import WorkerModules
from assistant.paths import Home
from tests.assistants import SAMPLES
from tests.fake_engine import FAKE_ENGINE
from tests.screenshot.person import Person
from ui.document_rows import ROW, trouble
from ui.documents_panel import DocumentsPanel
from ui.search_panel import SearchPanel

pytestmark = [pytest.mark.window, pytest.mark.real_model]

if not os.environ.get("DISPLAY"):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

PROTECTED = Path(__file__).resolve().parents[1] / "samples" / "protected.pdf"

scenarios("documents.feature")


class Keeper(Person):
    """A person with a folder of their own, from which files are dropped."""

    patience_s = 60.0

    def __init__(self, home: Home, desk: Path) -> None:
        super().__init__(home.root, "en", "light", home.root, WorkerModules(chat=FAKE_ENGINE))
        self.desk = desk
        self.watched = desk / "watched"

    @property
    def panel(self) -> DocumentsPanel:
        return self.window.on_demand.documents

    @property
    def search(self) -> SearchPanel:
        return self.window.on_demand.search

    def rows(self) -> list[DocumentRow]:
        model = self.panel.list.model()
        return [model.index(at, 0).data(ROW) for at in range(model.rowCount())]

    def row(self, name: str) -> DocumentRow | None:
        return next((row for row in self.rows() if row.path.name == name), None)

    def chooses(self, name: str) -> None:
        model = self.panel.list.model()
        at = next(at for at in range(model.rowCount()) if model.index(at, 0).data(ROW).path.name == name)
        self.panel.list.setFocus()
        self.panel.list.setCurrentIndex(model.index(at, 0))

    def puts(self, path: Path, *, here: bool = False) -> None:
        self.drags(path, here=here)
        self.drops(path, here=here)


@pytest.fixture
def person(qapp: object, ready_home: Home, tmp_path: Path) -> Iterator[Keeper]:
    desk = tmp_path / "desk"
    desk.mkdir()
    made = Keeper(ready_home, desk)
    yield made
    made.leave()


@given("the window is open")
def _open(person: Keeper) -> None:
    person.waits_for_model()


@when(parsers.parse('I make the collection "{name}"'))
def _make(person: Keeper, name: str) -> None:
    bar = person.panel.bar
    person.opens("documents")
    bar.begin_name()
    QTest.keyClicks(bar.name, name)
    QTest.keyClick(bar.name, Qt.Key.Key_Return)
    person.waits(lambda: bar.choice.findData(name) >= 0, "the collection")
    bar.choice.setCurrentIndex(bar.choice.findData(name))
    bar.choice.activated.emit(bar.choice.currentIndex())


@when(parsers.parse('I give it a folder that holds "{name}"'))
def _folder(person: Keeper, name: str) -> None:
    person.watched.mkdir()
    shutil.copy(SAMPLES / name, person.watched)
    person.panel.add_requested.emit([person.watched])


@when(parsers.parse('"{name}" comes into that folder from outside'))
def _comes(person: Keeper, name: str) -> None:
    shutil.copy(SAMPLES / name, person.watched)


@then(parsers.parse('the documents panel lists "{names}"'))
def _listed(person: Keeper, names: str) -> None:
    wanted = names.split(", ")
    person.waits(
        lambda: [row.path.name for row in person.rows() if row.passages] == wanted, f"the list of {names}"
    )


@then("the folder is shown as watched")
def _watched(person: Keeper) -> None:
    def said() -> set[str]:
        return {one.text() for one in person.panel.bar.findChildren(QLabel) if one.isVisible()}

    person.waits(lambda: "watched" in said(), "the folder")
    assert any(path.endswith("watched") and "desk" in path for path in said() | _tips(person))


def _tips(person: Keeper) -> set[str]:
    return {one.toolTip() for one in person.panel.bar.findChildren(QLabel)}


@when(parsers.parse('I choose that only "{collection}" is searched'))
def _choose(person: Keeper, collection: str) -> None:
    searched = person.window.frame.composer.searched
    person.waits(lambda: len(_choices(person)) > 2, "collections to choose from")
    QTest.mouseClick(searched, Qt.MouseButton.LeftButton)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(one for one in menu.actions() if one.text().startswith(collection)).trigger()
    menu.close()


def _choices(person: Keeper) -> list[str]:
    return [one.text() for one in person.window.frame.composer.searched.menu_of_choices().actions()]


@then(parsers.parse('the composer says "{words}"'))
def _says(person: Keeper, words: str) -> None:
    searched = person.window.frame.composer.searched
    person.waits(lambda: searched.isVisible() and searched.accessibleName() == words, words)


@when(parsers.parse('I drop a damaged "{name}" on the window'))
def _drop_damaged(person: Keeper, name: str) -> None:
    (person.desk / name).write_bytes((SAMPLES / name).read_bytes()[:700])
    person.puts(person.desk / name)


@when(parsers.parse('I drop "{name}" on the window'))
def _drop(person: Keeper, name: str) -> None:
    person.puts(PROTECTED if name == PROTECTED.name else SAMPLES / name)
    if person.panel.bar.shown == "":
        person.waits(lambda: person.row(name) is not None, name)


@when(parsers.parse('I drop "{name}" for this conversation alone'))
def _drop_here(person: Keeper, name: str) -> None:
    person.puts(SAMPLES / name, here=True)


@then(parsers.parse('"{name}" is set aside because it "{reason}"'))
def _set_aside(person: Keeper, name: str, reason: str) -> None:
    def told() -> str:
        row = person.row(name)
        return trouble(row) if row is not None else ""

    person.waits(lambda: reason in told(), reason)


@when(parsers.parse('the file is made whole and I press "{act}"'))
def _mend(person: Keeper, act: str) -> None:
    name = person.rows()[0].path.name
    shutil.copy(SAMPLES / name, person.desk / name)
    menu = person.panel.menu_of([person.desk / name])
    next(one for one in menu.actions() if one.text() == act).trigger()
    menu.close()


@then(parsers.re(r'"(?P<name>.+)" is read, with (?P<pages>\d+) pages?'))
def _read(person: Keeper, name: str, pages: str) -> None:
    def read() -> bool:
        row = person.row(name)
        return row is not None and bool(row.passages) and row.pages == int(pages) and not trouble(row)

    person.waits(read, name)


@when(parsers.parse('I give the password "{words}"'))
def _password(person: Keeper, words: str) -> None:
    person.chooses(PROTECTED.name)
    QTest.keyClick(person.panel.list, Qt.Key.Key_Return)
    field = person.panel.password.field
    assert field.isVisible()
    field.setText(words)
    QTest.keyClick(field, Qt.Key.Key_Return)


@when(parsers.parse('I ask "{words}"'))
def _ask(person: Keeper, words: str) -> None:
    person.waits(lambda: not person.window.adding.busy, "the documents")
    person.types(words)
    person.presses_enter()
    person.waits_for_answer()


@then(parsers.parse('the answer is cited from page {number:d} of "{name}"'))
def _cited(person: Keeper, number: int, name: str) -> None:
    receipt = person.window.frame.chat.turns[-1].receipt
    assert receipt is not None
    cited = receipt.citations[0].passage
    assert (Path(cited.document).name, cited.place.page) == (name, number)


@when("I begin another conversation")
def _another(person: Keeper) -> None:
    QTest.keyClick(person.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    person.waits(lambda: person.window.answering.conversation_id == 0, "a new conversation")


@then("no documents are searched")
def _none(person: Keeper) -> None:
    person.waits(lambda: not person.window.frame.composer.searched.isVisible(), "nothing to search")


@when("I go back to my first conversation")
def _back(person: Keeper) -> None:
    person.window.frame.list.chosen.emit(person.assistant.conversations.all()[0].id)


@when(parsers.parse('I look for "{words}" without the model'))
def _look(person: Keeper, words: str) -> None:
    person.waits(lambda: not person.window.adding.busy, "the documents")
    person.panel.search_button.click()
    QTest.keyClicks(person.search.field, words)
    QTest.keyClick(person.search.field, Qt.Key.Key_Return)
    person.waits(lambda: bool(person.search.cards), "passages")


@then(parsers.parse('the first passage found is from page {number:d} of "{name}"'))
def _first(person: Keeper, number: int, name: str) -> None:
    passage = person.search.cards[0].passage
    assert (Path(passage.document).name, passage.place.page) == (name, number)


@then(parsers.parse('it says that "{first}" and "{second}" stand in it'))
def _stand(person: Keeper, first: str, second: str) -> None:
    lines = [one.text() for one in person.search.cards[0].findChildren(QLabel)]
    assert f"In it: {first}, {second}." in [line.replace("\u200b", "") for line in lines]


@when(parsers.parse('I ask why "{name}" was not used'))
def _why(person: Keeper, name: str) -> None:
    person.search.file.setCurrentText(name)
    QTest.mouseClick(person.search.why_button, Qt.MouseButton.LeftButton)


@then(parsers.parse('the search panel says that passages of "{better}" fit better than "{name}"'))
def _panel_says(person: Keeper, better: str, name: str) -> None:
    person.waits(person.search.answer.isVisible, "the answer")
    said = person.search.answer.words().replace("\u200b", "")
    wanted = rf"\d+ passages? fits? the question better; the best of {name} is number \d+, after {better}\."
    assert re.fullmatch(wanted, said)


@when("I press the first passage")
def _press(person: Keeper) -> None:
    person.search.cards[0].click()


@then(parsers.parse('page {number:d} of "{name}" is shown with the passage marked'))
def _page(person: Keeper, number: int, name: str) -> None:
    page = person.window.on_demand.page
    person.waits(lambda: bool(page.page.canvas.marks()), "the page")
    assert page.name.words() == name
    assert page.place.words().startswith(f"page {number}")
