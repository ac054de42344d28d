# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What the window says and does about the engine: the model's life, the context, thinking, offers."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from assistant.app_events import ModelReloaded, ReloadFailed
from assistant.chat import ContextUse
from assistant.documents.collection import IndexingState
from assistant.engine.client import CHAT_ENGINE, EMBEDDING_ENGINE
from assistant.errors import ContextFullError, ModelError, Offer, SetAsideError, WorkerCrashedError
from assistant.messages import FinishReason
from assistant.texts import text
from assistant.workers.state import Phase, WorkerState
from tests.ui.fake_assistant import MODEL, FakeAssistant
from tests.ui.windows import answered, ask, click, shown
from ui import tasks
from ui.main_window import MainWindow
from ui.model_tuning import Tuning


def header(window: MainWindow) -> str:
    return window.frame.header.model.accessibleName().removeprefix("Model: ")


def tell(assistant: FakeAssistant, phase: Phase, fraction: float = 0.0, message: str = "") -> None:
    said = text(message) if message else None
    assistant.happened.put(WorkerState(CHAT_ENGINE, phase, fraction, said))


# --- the context window


def test_the_meter_tells_how_full_the_context_is_while_asking_and_afterwards(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    meter = window.frame.composer.meter
    assert not meter.isVisible()
    assistant.script.waits = True
    ask(window, "Rent?", qtbot)
    qtbot.waitUntil(lambda: meter.words().startswith("Context: 500 of 2,048 tokens"))
    assert "Passages of your documents: 200" in meter.words()
    assert "Room for the answer: 1,548" in meter.words()
    assistant.script.go.set()
    answered(window, qtbot)
    qtbot.waitUntil(lambda: meter.words().startswith("Context: 505 of 2,048 tokens"))
    assert meter.share == 25
    assert meter.accessibleName().startswith("Context: 505 of 2,048 tokens")


def test_the_meter_follows_the_conversation_and_leads_to_the_size(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    ask(window, "Rent?", qtbot)
    answered(window, qtbot)
    first = window.answering.conversation_id
    meter = window.frame.composer.meter
    window._new()
    assert not meter.isVisible()
    window._open(first)
    qtbot.waitUntil(meter.isVisible)
    meter.setFocus()
    qtbot.keyClick(meter, Qt.Key.Key_Space)
    assert window.frame.side.page == "models"


def test_history_that_was_left_out_is_said_under_the_sources_and_listed(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    assistant.script.use = ContextUse(2048, 1900, 100, 200, ("What about cats?", "Cats are allowed."))
    ask(window, "Rent?", qtbot)
    answered(window, qtbot)
    view = window.frame.chat.view_of(1)
    assert view is not None
    line = "To fit the context window, 2 earlier messages were left out."
    click(window, 1, f"{line}, folded", qtbot)
    shown_words = [one.toPlainText() for one in view.findChildren(type(view.texts()[0])) if one.isVisible()]
    assert "• What about cats?\n• Cats are allowed." in shown_words


def test_a_question_that_cannot_fit_is_refused_with_the_button_that_helps(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    numbers = text("The question needs 9,000 tokens; 6,144 fit.")
    assistant.script.error = ContextFullError(numbers, offer=Offer(n_ctx=16_384))
    ask(window, "Much too long", qtbot)
    answered(window, qtbot)
    qtbot.waitUntil(lambda: window.frame.chat.turns[-1].error is not None)
    assistant.script.error = None
    click(window, 1, "Use a larger context, 16,384 tokens", qtbot)
    qtbot.waitUntil(lambda: not window.answering.busy and shown(window)[-1].endswith("850 euros."))
    assert assistant.accepted == [Offer(n_ctx=16_384)]
    qtbot.waitUntil(lambda: window.preferences.settings.n_ctx == 16_384)  # or the next change undid it


def test_a_question_no_context_can_hold_comes_back_to_be_shortened(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    assistant.script.error = ContextFullError(text("The question needs 9,000 tokens; 6,144 fit."))
    ask(window, "Much too long", qtbot)
    answered(window, qtbot)
    qtbot.waitUntil(lambda: window.frame.chat.turns[-1].error is not None)
    click(window, 1, "Shorten the question", qtbot)
    assert window.frame.composer.text() == "Much too long"


# --- thinking


def test_thinking_is_seen_while_it_lasts_and_folded_when_the_answer_is_there(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    assistant.script.thinking = ("The lease ", "says 850.")
    ask(window, "Rent?", qtbot)
    answered(window, qtbot)
    turn = window.frame.chat.turns[1]
    assert turn.thinking == "The lease says 850."
    assert turn.text == "The monthly rent is 850 euros."
    click(window, 1, "Thought first, folded", qtbot)


# --- the life of the model


def test_the_header_tells_what_the_engine_is_doing(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    for phase, fraction, message, words in [
        (Phase.STARTING, 0.0, "", "Starting the model…"),
        (Phase.LOADING, 0.4, "", "Loading the model, 40 %"),
        (Phase.READY, 0.0, "", "Starter · 98 MB · on the processor"),
        (Phase.CRASHED, 0.0, "The chat engine ended unexpectedly.", "The chat engine ended unexpectedly."),
        (Phase.STOPPED, 0.0, "", "Starter is asleep; the next question wakes it"),
    ]:
        tell(assistant, phase, fraction, message)
        qtbot.waitUntil(lambda words=words: header(window) == words)  # type: ignore[misc]


def test_other_engines_leave_the_header_alone(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    before, told = header(window), list[WorkerState]()
    window.happenings.worker_changed.connect(told.append)
    assistant.happened.put(WorkerState(EMBEDDING_ENGINE, Phase.LOADING, 0.1))
    tell(assistant, Phase.BUSY)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert header(window) == before


def test_loading_can_be_stopped_from_the_header(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    assistant.loading_waits = True
    window.choice.choose(Path("/models/big.gguf"))
    qtbot.waitUntil(lambda: header(window) == "Loading big, 20 %")
    assert window.frame.header.cancel.isVisible()
    qtbot.mouseClick(window.frame.header.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.choice.busy)
    assert header(window) == "Starter · 98 MB · on the processor"
    assert not window.frame.header.cancel.isVisible()
    note = window.frame.note
    assert note.words.text() == "Loading was stopped.\nStarter answers again."
    assert (note.property("look"), note.button.isVisible()) == ("soft", False), "nothing went wrong"
    window.show_error(ModelError(text("It is damaged.")))
    assert note.property("look") == "danger"


def test_an_answer_that_ends_elsewhere_leaves_the_open_conversation_as_it_is(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    assistant.script.waits = True
    ask(window, "Rent?", qtbot)
    qtbot.waitUntil(lambda: bool(window.frame.chat.turns and window.frame.chat.turns[-1].text))
    window._new()
    with qtbot.waitSignal(window.answering.busy_changed):
        assistant.script.go.set()
    assert not window.frame.composer.meter.isVisible()


def test_a_model_that_fails_to_load_brings_the_one_before_back_and_says_so(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    assistant.loading_fails = ModelError(text("big.gguf is damaged."), text("Get it again."))
    window.choice.choose(Path("/models/big.gguf"))
    qtbot.waitUntil(window.frame.note.isVisible)
    words = window.frame.note.words.text()
    assert words == "big.gguf is damaged.\nGet it again.\nStarter answers again."
    assert header(window) == "Starter · 98 MB · on the processor"
    window.frame.open_side("models")
    assert window.on_demand.models.error.words() == "big.gguf is damaged. Get it again."
    assert window.on_demand.models.current.name.text() == "Starter"


def test_a_crash_folds_its_last_lines_away_in_the_note(window: MainWindow, qtbot: QtBot) -> None:
    window.show_error(WorkerCrashedError(text("It ended."), details=("ggml: abort",)))
    note = window.frame.note
    assert not note.log.isVisible()
    qtbot.mouseClick(note.details.button, Qt.MouseButton.LeftButton)
    assert note.log.text() == "ggml: abort"
    window.show_error(ModelError(text("Something else.")))
    assert not note.details.isVisible()


def test_after_three_crashes_a_smaller_context_is_offered_and_loaded(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    assistant.loading_fails = SetAsideError(text("It crashed three times."), offer=Offer(n_ctx=1024))
    window.choice.choose(Path("/models/big.gguf"))
    qtbot.waitUntil(window.frame.note.isVisible)
    button = window.frame.note.button
    assert button.text() == "Use a smaller context, 1,024 tokens"
    with qtbot.waitSignal(window.choice.loaded):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert assistant.accepted == [Offer(n_ctx=1024)]


# --- how the model is loaded


def test_an_estimate_is_made_when_the_page_is_looked_at_and_not_before(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    tuning = window.on_demand.models.tuning
    assert assistant.estimated == []
    window.frame.open_side("models")
    qtbot.waitUntil(lambda: tuning.estimate.words().startswith("Needs 120 MB"))
    assert "make install BACKEND=vulkan" in tuning.why.text()


def test_another_context_is_taken_into_the_settings_and_the_reload_is_told(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    window.frame.open_side("models")
    tuning = window.on_demand.models.tuning
    tuning.ask_for(Tuning(n_ctx=4096))
    qtbot.waitUntil(lambda: any(wanted and wanted.n_ctx == 4096 for _path, wanted in assistant.estimated))
    qtbot.mouseClick(tuning.load_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: assistant.settings.n_ctx == 4096)
    assistant.chat_engine.info = replace(MODEL, n_ctx=4096)
    assistant.happened.put(ModelReloaded(assistant.chat_engine.info, assistant.settings))
    qtbot.waitUntil(lambda: not tuning.load_button.isVisible())
    assert tuning.context.number.value() == 4096


def test_settings_that_fail_to_load_go_back_and_the_reason_is_said(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    before = assistant.settings
    window.preferences.take(replace(before, n_ctx=1_000_000))
    qtbot.waitUntil(lambda: assistant.settings.n_ctx == 1_000_000)
    assistant.settings = before
    error = ModelError(text("It needs 90 GB; 4 GB are free."), offer=Offer(n_ctx=8192))
    assistant.happened.put(ReloadFailed(error, before))
    qtbot.waitUntil(window.frame.note.isVisible)
    assert "The earlier settings are back." in window.frame.note.words.text()
    assert window.frame.note.button.text() == "Use a smaller context, 8,192 tokens"
    assert window.preferences.settings.n_ctx == before.n_ctx


def test_a_model_is_copied_into_marus_folder_and_then_used(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    told: list[str] = []
    window.choice.working.connect(lambda work: told.append(work.sentence))
    with qtbot.waitSignal(window.choice.loaded):
        window.on_demand.models.import_wanted.emit(Path("/elsewhere/big.gguf"))
    assert assistant.imported == [Path("/elsewhere/big.gguf")]
    assert assistant.chat_engine.info.path == assistant.home.models / "big.gguf"
    assert told[1:4] == ["Copying big into Maru's folder", "Comparing the copy of big", "Loading big"]


# --- beside the questions


def test_a_conversation_that_is_left_is_kept_ready(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    ask(window, "Rent?", qtbot)
    answered(window, qtbot)
    first = window.answering.conversation_id
    window._open(first)
    assert assistant.left == []
    window._new()
    assert assistant.left == [first]


def test_adding_says_that_it_waits_for_an_answer(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    progress = window.on_demand.documents.progress
    assistant.happened.put(IndexingState(0, 2))
    assistant.happened.put(WorkerState(EMBEDDING_ENGINE, Phase.PAUSED))
    qtbot.waitUntil(lambda: progress.sentence.text().startswith("Paused while an answer is written."))
    assistant.happened.put(WorkerState(EMBEDDING_ENGINE, Phase.BUSY))
    qtbot.waitUntil(lambda: not progress.sentence.text().startswith("Paused"))


def test_closing_in_the_middle_of_an_answer_keeps_what_was_written(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    assistant.script.waits = True
    ask(window, "Rent?", qtbot)
    qtbot.waitUntil(lambda: bool(window.frame.chat.turns and window.frame.chat.turns[-1].text))
    window.close()
    assert tasks.stop_all()
    [conversation] = assistant.conversations.all()
    question, answer = assistant.conversations.branch(conversation.id)
    assert question.message.content == "Rent?"
    assert answer.message.content == "The monthly rent is "
    assert answer.finish_reason is FinishReason.CANCELLED


def test_a_conversation_goes_on_below_a_question_that_nobody_answered(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    conversation = assistant.conversations.create()
    assistant.conversations.add_question(conversation.id, None, "Lost when the power went")
    window._open(conversation.id)
    qtbot.waitUntil(lambda: len(window.frame.chat.turns) == 1)
    ask(window, "Rent?", qtbot)
    answered(window, qtbot)
    assert shown(window) == ["Rent?", "The monthly rent is 850 euros."]
    assert window.frame.chat.turns[0].versions == 2


def test_loading_by_other_settings_is_shown_on_the_models_page_and_can_be_stopped(
    window: MainWindow, assistant: FakeAssistant, qtbot: QtBot
) -> None:
    window.frame.open_side("models")
    progress = window.on_demand.models.progress
    tell(assistant, Phase.LOADING, 0.3)
    qtbot.waitUntil(progress.isVisible)
    assert progress.sentence.text() == "Loading the model"
    assert progress.bar.value() == 300
    qtbot.mouseClick(progress.cancel, Qt.MouseButton.LeftButton)
    assert assistant.stopped_reloads == 1
    tell(assistant, Phase.READY)
    qtbot.waitUntil(lambda: not progress.isVisible())
