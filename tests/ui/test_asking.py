# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Questions in a whole window: asked, stopped, left waiting, changed, asked again."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from assistant.entities import EntityType
from assistant.errors import DiskFullError, WorkerCrashedError
from assistant.messages import FinishReason
from assistant.privacy.policy import Action
from assistant.settings import Settings
from assistant.texts import text
from tests.ui.fake_assistant import LEASE, FakeAssistant
from tests.ui.windows import answered, ask, click, shown
from ui import tasks
from ui.main_window import MainWindow


def test_a_question_is_answered_with_its_sources_and_stored(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    ask(window, "How much is the rent?", qtbot)
    answered(window, qtbot)
    assert shown(window) == ["How much is the rent?", "The monthly rent is 850 euros."]
    turn = window.frame.chat.turns[1]
    assert [citation.n for citation in turn.citations] == [1]
    [conversation] = assistant.conversations.all()
    assert window.answering.conversation_id == conversation.id
    qtbot.waitUntil(lambda: window.frame.header.title.words() == conversation.title)


def test_sources_and_hidden_items_come_before_the_first_token(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    assistant.script.pieces = ("", "850")
    assistant.script.waits = True
    ask(window, "Rent?", qtbot)
    qtbot.waitUntil(lambda: bool(window.frame.chat.turns and window.frame.chat.turns[-1].sources))
    live = window.frame.chat.turns[-1]
    assert live.streaming
    assert live.text == ""
    assert live.sources == (LEASE,)
    qtbot.waitUntil(lambda: window.frame.chat.turns[-1].hidden == 1)
    assistant.script.go.set()
    answered(window, qtbot)


def test_stop_keeps_what_there_is_and_says_so(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    assistant.script.waits = True
    ask(window, "Rent?", qtbot)
    qtbot.waitUntil(lambda: bool(window.frame.chat.turns and window.frame.chat.turns[-1].text))
    stop = window.frame.composer.send_button
    assert stop.accessibleName().startswith("Stop")
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    answered(window, qtbot)
    assert window.frame.chat.turns[1].finish_reason is FinishReason.CANCELLED
    assert shown(window)[1] == "The monthly rent is "
    assert stop.accessibleName() == "Send"


def test_escape_stops_from_anywhere(window: MainWindow, assistant: FakeAssistant, qtbot: QtBot) -> None:
    assistant.script.waits = True
    ask(window, "Rent?", qtbot)
    qtbot.waitUntil(lambda: bool(window.frame.chat.turns and window.frame.chat.turns[-1].text))
    qtbot.keyClick(window.frame.composer.field, Qt.Key.Key_Escape)
    answered(window, qtbot)
    assert window.frame.chat.turns[1].finish_reason is FinishReason.CANCELLED


def test_a_second_question_waits_visibly_and_is_asked_then(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    assistant.script.waits = True
    ask(window, "First?", qtbot)
    qtbot.waitUntil(lambda: bool(window.frame.chat.turns and window.frame.chat.turns[-1].text))
    ask(window, "Second?", qtbot)
    assert window.frame.chat.turns[-1].waiting
    assistant.script.go.set()
    answered(window, qtbot, 4)
    assert shown(window)[2] == "Second?"
    stored = assistant.conversations.branch(window.answering.conversation_id)
    assert [one.message.content for one in stored][::2] == ["First?", "Second?"]


def test_a_waiting_question_can_be_taken_back(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    assistant.script.waits = True
    ask(window, "First?", qtbot)
    qtbot.waitUntil(lambda: bool(window.frame.chat.turns and window.frame.chat.turns[-1].text))
    ask(window, "Second?", qtbot)
    click(window, 2, "Take back", qtbot)
    assert window.frame.composer.text() == "Second?"
    assistant.script.go.set()
    answered(window, qtbot, 2)


def test_of_two_waiting_questions_with_the_same_words_one_is_taken_back(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    assistant.script.waits = True
    ask(window, "First?", qtbot)
    qtbot.waitUntil(lambda: bool(window.frame.chat.turns and window.frame.chat.turns[-1].text))
    for words in ("Same?", "Other?", "Same?"):
        ask(window, words, qtbot)
    click(window, 4, "Take back", qtbot)
    assert window.frame.composer.text() == "Same?"
    assistant.script.go.set()
    answered(window, qtbot, 6)
    assert shown(window)[::2] == ["First?", "Same?", "Other?"]


def test_a_waiting_question_is_asked_while_another_conversation_is_open(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    store = assistant.conversations
    assistant.script.waits = True
    ask(window, "First?", qtbot)
    qtbot.waitUntil(lambda: bool(window.frame.chat.turns and window.frame.chat.turns[-1].text))
    first = window.answering.conversation_id
    ask(window, "Second?", qtbot)
    window._new()
    ask(window, "Apart?", qtbot)
    window._new()
    assistant.script.go.set()
    qtbot.waitUntil(lambda: not window.answering.busy and len(store.all()) == 2)
    assert window.frame.chat.turns == ()
    assert window.answering.conversation_id == 0
    questions = [[one.message.content for one in store.branch(found.id)][::2] for found in store.all()]
    assert sorted(questions) == [["Apart?"], ["First?", "Second?"]]
    assert [one.finish_reason for one in store.branch(first)[1::2]] == [FinishReason.STOP] * 2


def test_a_conversation_that_is_opened_while_its_question_is_answered_shows_both(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    assistant.script.waits = True
    ask(window, "First?", qtbot)
    qtbot.waitUntil(lambda: bool(window.frame.chat.turns and window.frame.chat.turns[-1].text))
    first = window.answering.conversation_id
    ask(window, "Second?", qtbot)
    window._new()
    window.answering.stop()
    qtbot.waitUntil(lambda: len(assistant.conversations.branch(first)) == 4)
    window._open(first)
    qtbot.waitUntil(lambda: len(window.frame.chat.turns) == 4)
    assert shown(window)[2] == "Second?"
    assert window.frame.chat.turns[3].streaming
    assistant.script.go.set()
    answered(window, qtbot, 4)


def test_a_question_asked_before_its_conversation_is_read_stands_below_its_last_answer(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    ask(window, "Here?", qtbot)
    answered(window, qtbot)
    first = window.answering.conversation_id
    window._new()
    ask(window, "Elsewhere?", qtbot)
    answered(window, qtbot)
    window._open(first)
    ask(window, "And then?", qtbot)
    answered(window, qtbot, 4)
    assert shown(window)[::2] == ["Here?", "And then?"]
    assert window.frame.note.isHidden()


def test_what_was_asked_of_a_conversation_that_is_gone_comes_back(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    window._open(99)
    ask(window, "Are you there?", qtbot)
    qtbot.waitUntil(lambda: window.frame.composer.text() == "Are you there?")
    assert "no longer there" in window.frame.note.words.text()


def test_a_question_that_waits_and_is_never_to_be_sent_is_not_kept(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    assistant.settings = Settings(privacy="own", privacy_actions={"CARD": "block"})
    assistant.script.waits = True
    ask(window, "First?", qtbot)
    qtbot.waitUntil(lambda: bool(window.frame.chat.turns and window.frame.chat.turns[-1].text))
    for words in ("Pay by 4111 1111 1111 1111", "Third?"):
        window.answering.ask(words)
    tasks.stop_all()
    window.answering.keep_waiting()
    (conversation,) = assistant.conversations.all()
    kept = [one.message.content for one in assistant.conversations.branch(conversation.id)[::2]]
    assert kept == ["First?", "Third?"]


def test_what_a_question_that_waits_at_the_end_hides_stays_hidden(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    assistant.script.waits = True
    ask(window, "First?", qtbot)
    qtbot.waitUntil(lambda: bool(window.frame.chat.turns and window.frame.chat.turns[-1].text))
    window.answering.ask("Is 203.0.113.7 up?", chosen={(EntityType.IP, "203.0.113.7"): Action.MASK})
    tasks.stop_all()
    window.answering.keep_waiting()
    (conversation,) = assistant.conversations.all()
    assert assistant.privacy.kept_back(conversation.id) == {(EntityType.IP, "203.0.113.7")}


def test_questions_that_wait_at_the_end_are_kept_and_can_be_asked_again(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    store = assistant.conversations
    assistant.script.waits = True
    ask(window, "First?", qtbot)
    qtbot.waitUntil(lambda: bool(window.frame.chat.turns and window.frame.chat.turns[-1].text))
    first = window.answering.conversation_id
    for words in ("Second?", "Third?"):
        ask(window, words, qtbot)
    window._new()
    for words in ("Apart?", "Below?"):
        ask(window, words, qtbot)
    tasks.stop_all()
    window.answering.keep_waiting()
    apart = next(one.id for one in store.all() if one.id != first)
    for number, questions in ((first, ["First?", "Second?", "Third?"]), (apart, ["Apart?", "Below?"])):
        branch = store.branch(number)
        assert [one.message.content for one in branch[::2]] == questions
        assert branch[-1].finish_reason is FinishReason.FAILED
    assert len(store.all()) == 2
    later = MainWindow(assistant)  # type: ignore[arg-type]
    qtbot.addWidget(later)
    with qtbot.waitExposed(later):
        later.show()
    later.begin()
    later._open(apart)
    qtbot.waitUntil(lambda: len(later.frame.chat.turns) == 4)
    click(later, 3, "Ask again", qtbot)
    assistant.script.go.set()
    qtbot.waitUntil(lambda: shown(later)[-1].endswith("850 euros."))
    answered(later, qtbot, 4)


def test_an_edited_question_becomes_a_version_and_both_are_walked(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    ask(window, "Rent?", qtbot)
    answered(window, qtbot)
    qtbot.keyClick(window.frame.composer.field, Qt.Key.Key_Up)
    assert window.frame.composer.text() == "Rent?"
    window.frame.composer.field.clear()
    ask(window, "Deposit?", qtbot)
    qtbot.waitUntil(lambda: not window.answering.busy and window.frame.chat.turns[0].versions == 2)
    assert shown(window)[0] == "Deposit?"
    click(window, 0, "Older version", qtbot)
    qtbot.waitUntil(lambda: shown(window)[0] == "Rent?")
    assert window.frame.chat.turns[0].version == 1


def test_asking_again_keeps_both_answers(window: MainWindow, assistant: FakeAssistant, qtbot: QtBot) -> None:
    ask(window, "Rent?", qtbot)
    answered(window, qtbot)
    assistant.script.pieces = ("It is 850.",)
    click(window, 1, "Ask again", qtbot)
    qtbot.waitUntil(lambda: not window.answering.busy and window.frame.chat.turns[1].versions == 2)
    assert shown(window) == ["Rent?", "It is 850."]


def test_asking_without_documents_keeps_both_answers(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    assistant.script.ends = FinishReason.REFUSED
    ask(window, "Who is the president?", qtbot)
    answered(window, qtbot)
    assistant.script.ends = FinishReason.STOP
    click(window, 1, "Ask without documents", qtbot)
    qtbot.waitUntil(lambda: not window.answering.busy and window.frame.chat.turns[1].versions == 2)
    assert [asked.documents for asked in assistant.script.asked] == [True, False]
    ask(window, "And before?", qtbot)
    answered(window, qtbot, 4)
    assert assistant.script.asked[-1].documents


def test_a_crash_is_told_in_one_sentence_and_can_be_asked_again(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    assistant.script.error = WorkerCrashedError(text("The engine ended."), text("Ask again."))
    ask(window, "Rent?", qtbot)
    answered(window, qtbot)
    qtbot.waitUntil(lambda: window.frame.chat.turns[-1].error is not None)
    assert shown(window) == ["Rent?", "The monthly rent is "]
    assistant.script.error = None
    click(window, 1, "Ask again", qtbot)
    qtbot.waitUntil(lambda: not window.answering.busy and shown(window)[-1].endswith("850 euros."))


def test_a_question_that_cannot_be_stored_comes_back_into_the_field(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    assistant.script.unstored = DiskFullError(text("The disk is full."), text("Make room."))
    ask(window, "A long and precious question", qtbot)
    qtbot.waitUntil(lambda: window.frame.composer.text() == "A long and precious question")
    assert window.frame.note.isVisible()
    assert "The disk is full." in window.frame.note.words.text()


def test_an_answer_goes_on_while_another_conversation_is_open(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    assistant.script.waits = True
    ask(window, "Rent?", qtbot)
    qtbot.waitUntil(lambda: bool(window.frame.chat.turns and window.frame.chat.turns[-1].text))
    first = window.answering.conversation_id
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert window.frame.chat.turns == ()
    window._open(first)
    qtbot.waitUntil(lambda: len(window.frame.chat.turns) == 2)
    assert window.frame.chat.turns[1].streaming
    assistant.script.go.set()
    answered(window, qtbot)
