# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
import itertools
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from assistant.errors import WorkerCrashedError
from assistant.messages import FinishReason, Role
from assistant.passages import Citation, Passage, Place, PlaceKind
from assistant.receipts import Receipt
from assistant.texts import text
from ui.answer_view import AnswerView
from ui.chat_view import ChatView
from ui.find_bar import FindBar
from ui.message_parts import CodeBlock
from ui.message_view import SHOWN, QuestionView
from ui.rich_text import BULLET, BULLET_BEFORE, RichText
from ui.turns import Turn

PASSAGE = Passage("/papers/lease.pdf", Place(PlaceKind.PAGE, 2, 3), 0, 20, "The rent is 850 euros.")
ANSWER = "The rent is **850 euros**. Cats are allowed."
CITED = "The rent is **850 euros**."
CITATION = Citation(1, 0, len(CITED), PASSAGE, "rent is 850 euros", 4, 21, 0.9)


def question(words: str = "How much is the rent?", number: int = 1) -> Turn:
    return Turn(Role.USER, words, id=number)


def answer(words: str = ANSWER, number: int = 2, **values: Any) -> Turn:
    return replace(
        Turn(Role.ASSISTANT, words, id=number, parent_id=1, finish_reason=FinishReason.STOP), **values
    )


def cited() -> Turn:
    unsupported = ((len(CITED) + 1, len(ANSWER)),)
    receipt = Receipt(passages=(PASSAGE,), citations=(CITATION,), prompt_as_seen="system: x")
    return answer(
        sources=(PASSAGE,), citations=(CITATION,), unsupported=unsupported, receipt=receipt, hidden=2
    )


@pytest.fixture
def chat(qtbot: QtBot) -> ChatView:
    view = ChatView()
    qtbot.addWidget(view)
    view.resize(800, 600)
    with qtbot.waitExposed(view):
        view.show()
    return view


def answer_view(chat: ChatView, row: int = 1) -> AnswerView:
    view = chat.view_of(row)
    assert isinstance(view, AnswerView)
    return view


def button(view: AnswerView, name: str) -> Any:
    return next(one for one in view.findChildren(QPushButton) if one.text() == name)


def action(view: Any, name: str) -> Any:
    return next(one for one in view.action_row.children() if getattr(one, "accessibleName", str)() == name)


# --- many messages


def test_only_visible_messages_have_widgets(chat: ChatView) -> None:
    turns = [question(number=n) if n % 2 else answer(number=n) for n in range(1, 10_001)]
    began = time.perf_counter()
    chat.show_turns(turns)
    took = time.perf_counter() - began
    shown = [row for row in range(len(turns)) if chat.view_of(row)]
    assert 0 < len(shown) < 30
    assert shown[-1] == len(turns) - 1
    assert took < 1.0  # the budget of 0.1 s is the benchmark's; this is a machine under load


def test_rows_never_overlap_wherever_one_scrolls(chat: ChatView, qtbot: QtBot) -> None:
    chat.show_turns([answer("word " * (n % 7 * 60 + 3), number=n) for n in range(1, 400)])
    bar = chat.verticalScrollBar()
    for share in (0.0, 0.3, 0.31, 0.9, 0.5):
        bar.setValue(round(bar.maximum() * share))
        views = [view for row in range(399) if (view := chat.view_of(row))]
        edges = [(view.y(), view.y() + view.height()) for view in views]
        assert all(low[1] <= high[0] for low, high in itertools.pairwise(edges))


def test_a_row_that_comes_back_into_sight_is_laid_out_again(chat: ChatView) -> None:
    chat.show_turns([cited(), *(answer("word " * 300, number=n) for n in range(10, 60))])
    bar = chat.verticalScrollBar()
    for value in (0, bar.maximum(), 0):
        bar.setValue(value)
    view = answer_view(chat, 0)
    parts = [part for part, _gap in view._parts() if not part.isHidden()]
    assert len(parts) > 4
    assert all(above.geometry().bottom() < below.y() for above, below in itertools.pairwise(parts))


def test_the_view_follows_the_text_until_the_reader_scrolls_up(chat: ChatView, qtbot: QtBot) -> None:
    chat.show_turns([question(), answer("line\n\n" * 60), question(number=3)])
    live = Turn(Role.ASSISTANT, "", streaming=True)
    chat.append(live)
    bar = chat.verticalScrollBar()
    chat.show_soon(3, replace(live, text="more\n\n" * 30))
    chat.flush()
    assert bar.value() == bar.maximum()
    bar.setValue(bar.maximum() - 900)
    stays = bar.value()
    chat.show_soon(3, replace(live, text="more\n\n" * 90))
    chat.flush()
    assert bar.value() == stays
    newest = next(one for one in chat.findChildren(QPushButton) if one.text() == "Newest")
    assert newest.isVisible()
    qtbot.mouseClick(newest, Qt.MouseButton.LeftButton)
    assert bar.value() == bar.maximum()


def test_tokens_are_gathered_into_frames(
    chat: ChatView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = Turn(Role.ASSISTANT, "", streaming=True)
    chat.show_turns([question(), live])
    drawn: list[int] = []
    shown = AnswerView.show_turn
    monkeypatch.setattr(AnswerView, "show_turn", lambda view, turn: (drawn.append(1), shown(view, turn))[1])
    for length in range(500):
        chat.show_soon(1, replace(live, text="word " * length))
    qtbot.waitUntil(lambda: bool(drawn))
    assert len(drawn) == 1


def test_only_the_block_that_grows_is_drawn_again(chat: ChatView) -> None:
    live = Turn(Role.ASSISTANT, "One.\n\n```py\nx = 1\n```\n\nTwo", streaming=True)
    chat.show_turns([question(), live])
    code = answer_view(chat).findChild(CodeBlock)
    texts = answer_view(chat).texts()
    before = texts[0].document()
    chat.show_soon(1, replace(live, text=live.text + " and more"))
    chat.flush()
    assert answer_view(chat).findChild(CodeBlock) is code
    assert answer_view(chat).texts()[0].document() is before
    assert "and more" in answer_view(chat).texts()[2].toPlainText()


# --- citations


def chip_place(text: RichText) -> QPoint:
    at = text.document().toPlainText().index("[1]")
    cursor = QTextCursor(text.document())
    cursor.setPosition(at + 2)
    return text.cursorRect(cursor).center() - QPoint(2, 0)


def test_a_click_on_a_chip_opens_its_citation(chat: ChatView, qtbot: QtBot) -> None:
    chat.show_turns([question(), cited()])
    text = answer_view(chat).texts()[0]
    with qtbot.waitSignal(chat.citation_activated) as opened:
        qtbot.mouseClick(text.viewport(), Qt.MouseButton.LeftButton, pos=chip_place(text))
    assert opened.args == [CITATION]


def test_a_chip_is_reached_and_opened_with_keys(chat: ChatView, qtbot: QtBot) -> None:
    chat.show_turns([question(), cited()])
    text = answer_view(chat).texts()[0]
    text.setFocus()
    qtbot.keyClick(text, Qt.Key.Key_Tab)
    with qtbot.waitSignal(chat.citation_activated):
        qtbot.keyClick(text, Qt.Key.Key_Return)


def test_a_chip_tells_its_quote(chat: ChatView) -> None:
    chat.show_turns([question(), cited()])
    assert answer_view(chat).texts()[0].describe(0) == "“rent is 850 euros”\nlease.pdf, page 3"


def test_unsupported_sentences_are_underlined_and_explained_in_words(chat: ChatView) -> None:
    chat.show_turns([question(), cited()])
    view = answer_view(chat)
    document = view.texts()[0].document()
    cursor = document.find("Cats")
    assert cursor.charFormat().underlineStyle() == QTextCharFormat.UnderlineStyle.DotLine
    assert document.find("850").charFormat().underlineStyle() != QTextCharFormat.UnderlineStyle.DotLine
    assert not view._legend.isHidden()


def test_sources_stand_as_chips_before_the_first_token(chat: ChatView, qtbot: QtBot) -> None:
    live = Turn(Role.ASSISTANT, "", streaming=True, sources=(PASSAGE,))
    chat.show_turns([question(), live])
    with qtbot.waitSignal(chat.passage_activated) as opened:
        qtbot.mouseClick(button(answer_view(chat), "lease.pdf · page 3"), Qt.MouseButton.LeftButton)
    assert opened.args == [PASSAGE]


# --- what a model's text may not do


def test_a_models_text_opens_nothing(chat: ChatView, tmp_path: Path) -> None:
    picture = tmp_path / "x.png"
    picture.write_bytes(b"never read")
    source = f"![look]({picture.as_uri()}) <img src='{picture}'> <b>bold</b> [a](file:///etc/passwd)"
    chat.show_turns([question(), answer(source + " [b](javascript:alert(1)) [c](data:text/html,x)")])
    text = answer_view(chat).texts()[0]
    shown = text.toPlainText()
    assert "[look]" in shown
    assert "<b>bold</b>" in shown
    assert not text.document().resource(QTextDocument.ResourceType.ImageResource.value, picture.as_uri())
    assert 'href="' not in text.document().toHtml()


def test_a_link_says_where_it_leads_and_only_asks(chat: ChatView, qtbot: QtBot) -> None:
    chat.show_turns([question(), answer("See [the bank](https://evil.example/x).")])
    text = answer_view(chat).texts()[0]
    assert "the bank (https://evil.example/x)" in text.toPlainText()
    text.setFocus()
    qtbot.keyClick(text, Qt.Key.Key_Tab)
    with qtbot.waitSignal(chat.link_activated) as wanted:
        qtbot.keyClick(text, Qt.Key.Key_Return)
    assert wanted.args == ["https://evil.example/x"]


def test_emphasis_works_before_korean_particles(chat: ChatView) -> None:
    chat.show_turns([question(), answer('월세는 **"85만 원"**입니다.')])
    text = answer_view(chat).texts()[0]
    assert text.toPlainText() == '월세는 "85만 원"입니다.'
    assert text.document().find("85만").charFormat().fontWeight() > 500


# --- what can be done with a message


def test_code_shows_its_language_and_is_copied_alone(chat: ChatView, qtbot: QtBot) -> None:
    chat.show_turns([question(), answer("Look:\n\n```python\nprint(1)\n```")])
    block = answer_view(chat).findChild(CodeBlock)
    assert block._language.text() == "python"
    qtbot.mouseClick(block._copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "print(1)"
    assert block._copy.accessibleName() == "Copied"


def test_an_answer_is_copied_with_its_sources(chat: ChatView, qtbot: QtBot) -> None:
    chat.show_turns([question(), cited()])
    qtbot.mouseClick(action(answer_view(chat), "Copy with sources"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == (
        "The rent is **850 euros**. [1] Cats are allowed.\n\nSources:\n[1] lease.pdf, page 3"
    )


@pytest.mark.parametrize(
    ("name", "signal"),
    [
        ("Ask again", lambda chat: chat.again_wanted),
        ("What the model saw", lambda chat: chat.prompt_wanted),
    ],
)
def test_actions_name_their_answer(
    name: str, signal: Callable[[ChatView], Any], chat: ChatView, qtbot: QtBot
) -> None:
    chat.show_turns([question(), cited()])
    with qtbot.waitSignal(signal(chat)) as wanted:
        qtbot.mouseClick(action(answer_view(chat), name), Qt.MouseButton.LeftButton)
    assert wanted.args == [cited()]


def test_details_fold_out_in_place(chat: ChatView, qtbot: QtBot) -> None:
    chat.show_turns([question(), cited()])
    height = answer_view(chat).height()
    qtbot.mouseClick(action(answer_view(chat), "How this answer was made"), Qt.MouseButton.LeftButton)
    assert answer_view(chat).height() > height


def test_versions_are_counted_and_walked(chat: ChatView, qtbot: QtBot) -> None:
    chat.show_turns([question(), replace(cited(), version=2, versions=3)])
    row = answer_view(chat).action_row
    assert row.count.text() == "2 / 3"
    with qtbot.waitSignal(chat.version_wanted) as wanted:
        qtbot.mouseClick(row.older, Qt.MouseButton.LeftButton)
    assert wanted.args is not None
    assert wanted.args[1] == -1


@pytest.mark.parametrize(
    ("reason", "words", "helps"),
    [
        (FinishReason.CANCELLED, "You stopped this answer.", "Ask again"),
        (FinishReason.FAILED, "This answer ended early: the engine stopped.", "Ask again"),
        (FinishReason.LENGTH, "This answer reached its longest length.", "Go on"),
        (FinishReason.REPEATED, "The model began to repeat itself and was stopped.", "Ask again"),
        (FinishReason.REFUSED, "The model was not asked.", "Ask without documents"),
    ],
)
def test_an_answer_that_did_not_end_says_so_with_one_button(
    reason: FinishReason, words: str, helps: str, chat: ChatView, qtbot: QtBot
) -> None:
    chat.show_turns([question(), answer(finish_reason=reason)])
    view = answer_view(chat)
    assert view._ending.words() == words
    signals = {"Go on": chat.go_on_wanted, "Ask without documents": chat.alone_wanted}
    with qtbot.waitSignal(signals.get(helps, chat.again_wanted)):
        qtbot.mouseClick(button(view, helps), Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("reason", [FinishReason.STOP, FinishReason.QUOTED])
def test_an_answer_that_ended_well_needs_no_line(reason: FinishReason, chat: ChatView) -> None:
    chat.show_turns([question(), answer(finish_reason=reason)])
    assert answer_view(chat)._ending.isHidden()


def test_bullets_stand_apart_from_their_words(chat: ChatView) -> None:
    chat.show_turns([question(), answer("Two:\n\n- one\n- two\n\n1. first")])
    [text] = answer_view(chat).texts()
    assert [bullet.block().text() for bullet in text._bullets] == ["one", "two"]
    assert all(text.cursorRect(bullet).left() > BULLET + BULLET_BEFORE for bullet in text._bullets)


def test_an_error_says_what_happened_and_what_to_do(chat: ChatView) -> None:
    error = WorkerCrashedError(text("The engine ended."), text("Ask again."))
    chat.show_turns([question(), answer("", error=error)])
    assert answer_view(chat)._ending.words() == "The engine ended. Ask again."


# --- finding


def test_finding_counts_goes_on_and_goes_back(chat: ChatView, qtbot: QtBot) -> None:
    turns = [answer(f"Nothing here, number {n}.", number=n) for n in range(1, 300)]
    turns[10] = answer("The lease says 850 and again 850.", number=11)
    turns[200] = answer("And 850 once.", number=201)
    chat.show_turns(turns)
    bar = FindBar("Find", chat.find_words, lambda place: chat.go_to_found(*place), last_first=True)
    qtbot.addWidget(bar)
    bar.open_bar()
    qtbot.keyClicks(bar.field, "850")
    qtbot.waitUntil(lambda: bar.count.text() == "3 of 3")
    assert chat.view_of(200)
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar.count.text() == "1 of 3"
    view = chat.view_of(10)
    assert view is not None
    assert len(view.texts()[0].extraSelections()) == 2
    qtbot.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert bar.count.text() == "3 of 3"
    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    assert bar.isHidden()
    shown = chat.view_of(200)
    assert shown is not None
    assert not shown.texts()[0].extraSelections()


def test_a_question_of_a_megabyte_is_shown_in_part_and_whole_when_wanted(
    chat: ChatView, qtbot: QtBot
) -> None:
    words = "One line of a pasted file.\n" * 1000 + "The last line."
    chat.show_turns([question(words), answer("Yes.")])
    view = chat.view_of(0)
    assert isinstance(view, QuestionView)
    [text] = view.texts()
    assert len(text.toPlainText()) <= SHOWN + 2
    before = view.height()
    assert view.show_all.isVisible()
    qtbot.mouseClick(view.show_all, Qt.MouseButton.LeftButton)
    assert text.toPlainText() == words
    assert not view.show_all.isVisible()
    qtbot.waitUntil(lambda: view.height() > 2 * before)


def test_words_that_are_folded_away_are_found(chat: ChatView) -> None:
    chat.show_turns([question("One line of a pasted file.\n" * 1000 + "The last line."), answer("Yes.")])
    assert chat.find_words("last line") == [(0, 0)]
    view = chat.view_of(0)
    assert isinstance(view, QuestionView)
    assert "The last line." in view.texts()[0].toPlainText()
