# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The stories of window.feature: all is real but the chat engine."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QTextCharFormat
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QPushButton, QWidget
from pytest_bdd import given, parsers, scenarios, then, when

from assistant.messages import FinishReason
from assistant.opening import WorkerModules
from assistant.paths import Home
from tests.assistants import SAMPLES
from tests.fake_engine import FAKE_ENGINE
from tests.gguf_files import gguf_bytes
from tests.screenshot.person import Person
from ui.answer_view import AnswerView
from ui.document_rows import ROW, counts
from ui.turns import Turn

pytestmark = pytest.mark.window

if not os.environ.get("DISPLAY"):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

scenarios("window.feature")


class Visitor(Person):
    """A person who remembers what stood there when the sources came."""

    patience_s = 240.0  # under strace (make check-network) it waits longer than it works

    def __init__(self, home: Home) -> None:
        super().__init__(home.root, "en", "light", home.root, WorkerModules(chat=FAKE_ENGINE))
        self.text_when_sources_came: list[str] = []
        self.window.answering.sources_found.connect(self._note)

    def _note(self, _passages: object) -> None:
        self.text_when_sources_came.append(self.turns[-1].text)

    @property
    def turns(self) -> tuple[Turn, ...]:
        return self.window.frame.chat.turns

    def presses(self, name: str) -> None:
        """Click a button of the conversation by its name, the newest one that is in sight."""
        chat = self.window.frame.chat
        views = [view for row in range(len(self.turns)) if (view := chat.view_of(row))]
        found = [
            one
            for view in views
            for one in view.findChildren(QWidget)
            if one.isVisible() and one.accessibleName() == name
        ]
        QTest.mouseClick(found[-1], Qt.MouseButton.LeftButton)

    def presses_words(self, beginning: str) -> None:
        """Click the button of the conversation whose words begin so."""
        buttons = self.window.frame.chat.findChildren(QPushButton)
        found = [one for one in buttons if one.isVisible() and one.text().startswith(beginning)]
        QTest.mouseClick(found[-1], Qt.MouseButton.LeftButton)


class Chair:
    """Where a person sits: the window can be closed and opened again."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self.person = Visitor(home)

    def stands_up_and_comes_back(self) -> None:
        self.person.leave()
        self.person = Visitor(self._home)
        self.person.waits_for_model()


@pytest.fixture
def chair(qapp: object, ready_home: Home) -> Iterator[Chair]:
    made = Chair(ready_home)
    yield made
    made.person.leave()


@given("the window is open", target_fixture="person")
def _open(chair: Chair) -> Visitor:
    chair.person.waits_for_model()
    return chair.person


@then("the welcome says that nothing leaves this computer")
def _welcome(person: Visitor) -> None:
    welcome = person.window.frame.welcome
    assert welcome.isVisible()
    assert any("nothing leaves it" in label for label in _labels(welcome))


@then("the welcome names the model")
def _welcome_model(person: Visitor) -> None:
    words = person.window.frame.welcome.model.words
    person.waits(lambda: words.text().startswith("Starter: SmolLM2 135M"), "the model's name")


@when(parsers.parse('I drop "{name}" on the window'))
def _drop(person: Visitor, name: str) -> None:
    person.drags(SAMPLES / name)
    assert person.window.drop.all.words.text() == "Add to your documents"
    person.drops(SAMPLES / name)
    person.waits_for_documents()


@then(parsers.parse('the documents panel lists "{name}" with its pages and passages'))
def _listed(person: Visitor, name: str) -> None:
    person.window.frame.open_side("documents")
    rows = person.window.on_demand.documents.list.model()
    person.waits(lambda: rows.rowCount() == 1, "the document")
    row = rows.index(0, 0).data(ROW)
    assert row.path.name == name
    assert re.fullmatch(r"(\d+ pages · )?\d+ passages?", counts(row))


@when(parsers.parse('I type "{words}" and press Enter'))
def _type(person: Visitor, words: str) -> None:
    rows = len(person.turns)
    person.types(words)
    person.presses_enter()
    person.waits(lambda: len(person.turns) == rows + 2, "the question")


@then("the sources came before the first word")
def _sources_first(person: Visitor) -> None:
    person.waits_for_answer()
    assert person.text_when_sources_came[0] == ""
    assert person.turns[-1].sources


@then(parsers.parse('the answer on the screen is "{words}"'))
def _answer(person: Visitor, words: str) -> None:
    person.waits(lambda: bool(person.turns) and person.turns[-1].text == words, f"the answer {words!r}")
    person.waits_for_answer()
    view = person.window.frame.chat.view_of(len(person.turns) - 1)
    assert view is not None
    shown = " ".join(text.toPlainText() for text in view.texts())
    assert re.sub(r"\s*\[\d\]", "", shown).startswith(words)


@when("I click the citation")
def _click_citation(person: Visitor) -> None:
    person.clicks_citation()


@then(parsers.parse('page {number:d} of "{name}" is shown with the passage marked'))
def _page(person: Visitor, number: int, name: str) -> None:
    page = person.window.on_demand.page
    assert person.window.frame.side.page == "page"
    assert page.name.words() == name
    assert page.place.words().startswith(f"page {number}")
    assert page.page.canvas.marks()


@when(parsers.parse('I press "{name}"'))
def _press(person: Visitor, name: str) -> None:
    person.presses(name)


@then(parsers.parse('the clipboard holds the answer, its marker and "{source}"'))
def _clipboard(person: Visitor, source: str) -> None:
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith(person.turns[-1].text.rstrip("."))
    assert "[1]" in lines[0]
    assert lines[-1] == f"[1] {source}"


@when("I choose Creative")
def _creative(person: Visitor) -> None:
    person.chooses_creative()


@when("I press Stop after the first words")
def _stop(person: Visitor) -> None:
    person.waits_for_text(20)
    send = person.window.frame.composer.send_button
    assert send.accessibleName().startswith("Stop")
    QTest.mouseClick(send, Qt.MouseButton.LeftButton)
    person.waits_for_answer()


@then("what was written stays and is marked as stopped")
def _stopped(person: Visitor) -> None:
    person.waits(lambda: person.turns[-1].finish_reason is FinishReason.CANCELLED, "the mark")
    assert person.turns[-1].text.startswith("word0 word1")
    assert "You stopped this answer." in _labels(person.window.frame.chat)


@then(parsers.parse('the answer was made with the preset "{preset}"'))
def _preset(person: Visitor, preset: str) -> None:
    receipt = person.turns[-1].receipt
    assert receipt is not None
    assert receipt.preset == preset


@when(parsers.parse('I change the question to "{words}"'))
def _change(person: Visitor, words: str) -> None:
    person.waits_for_answer()
    person.edits_question(words)


@then(parsers.parse('the question is version "{words}"'))
def _version(person: Visitor, words: str) -> None:
    person.waits(lambda: words in _labels(person.window.frame.chat), f"version {words}")


@when("I close the window and open it again", target_fixture="person")
def _come_back(person: Visitor, chair: Chair) -> Visitor:
    person.waits_for_answer()
    chair.stands_up_and_comes_back()
    return chair.person


@when("I click my conversation")
def _choose(person: Visitor) -> None:
    rows = person.window.frame.list.list
    person.waits(lambda: rows.model().rowCount() == 2, "the day and the conversation")
    place = rows.visualRect(rows.model().index(1, 0)).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))


@when("the engine is killed after the first words")
def _kill(person: Visitor) -> None:
    person.waits_for_text(20)
    pid = person.assistant.chat_engine.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    person.waits_for_answer()


@then("the window says in one sentence that the engine ended")
def _ended(person: Visitor) -> None:
    person.waits(lambda: person.turns[-1].error is not None, "the error")
    assert str(person.turns[-1].error) in _labels(person.window.frame.chat)
    # Who is killed may have run out of memory: a smaller context is offered, asking again stays possible.
    assert "Use a smaller context, 4,096 tokens" in _labels(person.window.frame.chat)
    buttons = person.window.frame.chat.findChildren(QAbstractButton)
    assert any(one.accessibleName() == "Ask again" and one.isVisible() for one in buttons)


@then("the question and the first words are still there")
def _kept(person: Visitor) -> None:
    assert person.turns[0].text == "long and winding"
    assert person.turns[-1].text.startswith("word0 word1")


def _labels(widget: QWidget) -> list[str]:
    """Return the words of all labels and buttons of `widget` that can be seen."""
    return [one.text() for one in widget.findChildren(QWidget) if one.isVisible() and hasattr(one, "text")]


# --- the engine, seen through the window


@when("I drop a model that is damaged on the window")
def _drop_damaged(person: Visitor, tmp_path: Path) -> None:
    path = tmp_path / "damaged.gguf"
    metadata = {"general.architecture": "llama", "llama.block_count": 1, "tokenizer.ggml.model": "gpt2"}
    path.write_bytes(gguf_bytes(metadata, [("token_embd.weight", (32, 8))]))
    _welcome_model(person)  # by the name that it has in the list of models
    person.drags(path)
    person.drops(path)


@then(parsers.parse('the window says that the file is damaged and that "{name}" answers again'))
def _damaged(person: Visitor, name: str) -> None:
    note = person.window.frame.note
    person.waits(note.isVisible, "the note")
    assert note.words.text() == f"damaged.gguf is damaged.\n{name} answers again."
    assert person.window.frame.header.model.accessibleName().startswith(f"Model: {name}")


@when(parsers.parse("I give the model a context window of {tokens:d} tokens"))
def _smaller_context(person: Visitor, tokens: int) -> None:
    person.window.frame.open_side("models")
    tuning = person.window.on_demand.models.tuning
    person.waits(tuning.isVisible, "the model's page")
    field = tuning.context.number
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, str(tokens))
    QTest.keyClick(field, Qt.Key.Key_Return)
    person.waits(tuning.load_button.isVisible, "the button")
    QTest.mouseClick(tuning.load_button, Qt.MouseButton.LeftButton)
    engine = person.assistant.chat_engine
    person.waits(lambda: bool(engine.info) and engine.info.n_ctx == tokens, "the model with its new context")


@when(parsers.parse("I ask it to repeat {count:d} words"))
def _repeat(person: Visitor, count: int) -> None:
    _type(person, "echo: " + " ".join(f"w{number}" for number in range(count)))
    person.waits_for_answer()


@then(parsers.parse("the answer says that {count:d} earlier messages were left out"))
def _left_out(person: Visitor, count: int) -> None:
    person.waits_for_answer()
    line = f"To fit the context window, {count} earlier messages were left out."
    person.waits(lambda: line in _labels(person.window.frame.chat), "the line")


@then("pressing that line lists the first words of each")
def _listed_left_out(person: Visitor) -> None:
    person.presses("To fit the context window, 2 earlier messages were left out., folded")
    lines = _newest(person).left_out.body.toPlainText().splitlines()
    assert [line[:12] for line in lines] == ["• echo: w0 w", "• w0 w1 w2 w"]


@then("the answer says with numbers that the question does not fit")
def _refused(person: Visitor) -> None:
    error = person.turns[-1].error
    assert error is not None
    assert re.search(r"needs [\d,]+ tokens; [\d,]+ fit", str(error))
    assert str(error) in _labels(person.window.frame.chat)


@when("I press the button that offers a larger context")
def _larger(person: Visitor) -> None:
    person.presses_words("Use a larger context")


@then(parsers.parse("the {count:d} words are repeated"))
def _repeated(person: Visitor, count: int) -> None:
    person.waits(lambda: person.turns[-1].text.endswith(f"w{count - 1}"), "the words")


@then("its thinking is folded away above it")
def _folded(person: Visitor) -> None:
    fold = _newest(person).thinking
    assert fold.isVisible()
    assert not fold.unfolded


@when("I unfold the thinking with the keyboard")
def _unfold(person: Visitor) -> None:
    fold = _newest(person).thinking
    fold.button.setFocus()
    QTest.keyClick(fold.button, Qt.Key.Key_Space)


@then(parsers.parse('the thinking reads "{words}"'))
def _thought(person: Visitor, words: str) -> None:
    assert _newest(person).thinking.body.toPlainText() == words


@then("the meter under the composer tells how many tokens of how many are used")
def _meter(person: Visitor) -> None:
    meter = person.window.frame.composer.meter
    assert meter.isVisible()
    assert re.match(r"Context: \d+ of 8,192 tokens\n", meter.words())


@then("how fast it was stands under the answer")
def _pace(person: Visitor) -> None:
    assert re.fullmatch(r"[\d.,]+ tokens/s · [\d.]+ s", _newest(person).action_row.pace.text())


@then(parsers.parse('the word "{word}" is underlined and says "{share}"'))
def _unsure(person: Visitor, word: str, share: str) -> None:
    [body] = _newest(person).texts()
    look = body.document().find(word).charFormat()
    assert look.underlineStyle() is QTextCharFormat.UnderlineStyle.DashUnderline
    assert share in body.describe_unsure(0)


def _newest(person: Visitor) -> AnswerView:
    view = person.window.frame.chat.view_of(len(person.turns) - 1)
    assert isinstance(view, AnswerView)
    return view
