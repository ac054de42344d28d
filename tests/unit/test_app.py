# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The assistant as a whole: opened, configured, closed."""

import queue
import threading
from collections.abc import Generator, Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import TypeVar

import gguf
import pytest

from assistant import chat, model_files, opening
from assistant.app import Assistant
from assistant.app_events import AppEvent, Broadcast, ModelReloaded, ReloadFailed
from assistant.asked import slot_of
from assistant.documents.collection import LibraryChanged
from assistant.documents.protocol import FileResult, FileStatus
from assistant.engine.protocol import Adapter, LoadProgress
from assistant.engine.states import path_of
from assistant.errors import (
    DatabaseError,
    HomeHeldError,
    MaruError,
    ModelError,
    NotFoundError,
    Offer,
    StoppedError,
)
from assistant.home_lock import HomeLock
from assistant.looking import open_for_looking, store_health
from assistant.messages import FinishReason
from assistant.opening import open_assistant
from assistant.paths import Home
from assistant.privacy.policy import Action
from assistant.sampling import PRESETS, Preset, SamplingParams
from assistant.settings import Acts, AdapterFile, Settings, about, load_settings, save_settings
from assistant.stopping import Stop
from assistant.texts import language_in_use
from assistant.workers.state import Phase, WorkerState
from tests.assistants import FAKE_ENGINES, add, ask
from tests.fake_engine import ENDLESS, UNLOADABLE
from tests.gguf_files import CHAT, EMBEDDING, write_gguf
from tests.tiny_models import write_bert
from tests.waiting import PATIENCE_S, until

NO_DOCUMENTS = chat.Options(documents=False)
T = TypeVar("T")


def next_of(events: Iterator[object], kind: type[T]) -> T:
    """Return the next event of a kind."""
    return next(event for event in events if isinstance(event, kind))


def result(steps: Generator[object, None, T]) -> T:
    """Return what a generator returns."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: T = end.value
            return found


def test_opening_starts_no_process(fake_assistant: Assistant) -> None:
    assert fake_assistant.chat_engine.pid is None
    assert fake_assistant.embedding_engine.pid is None
    assert fake_assistant.chat_engine.info is None


def test_a_home_is_held_until_it_is_closed_and_closing_twice_is_fine(ready_home: Home) -> None:
    assistant = open_assistant(ready_home, FAKE_ENGINES)
    with pytest.raises(HomeHeldError):
        open_assistant(ready_home, FAKE_ENGINES)
    assistant.close()
    assistant.close()
    HomeLock.acquire(ready_home).release()


def test_a_home_that_does_not_open_is_given_back(ready_home: Home) -> None:
    ready_home.library.write_bytes(b"")
    with pytest.raises(DatabaseError, match="damaged"):
        open_assistant(ready_home, FAKE_ENGINES)
    HomeLock.acquire(ready_home).release()


def test_settings_that_could_not_be_used_are_told_once(ready_home: Home) -> None:
    ready_home.settings.write_text("{broken", encoding="utf-8")
    with open_assistant(ready_home, FAKE_ENGINES) as assistant:
        assert "settings could not be used" in str(assistant.notice)
        assert assistant.settings == Settings()
    with open_assistant(ready_home, FAKE_ENGINES) as assistant:
        assert assistant.notice is None


def test_starting_options_follow_the_settings(fake_assistant: Assistant) -> None:
    options = fake_assistant.starting_options()
    assert (options.preset, options.sampling) == (Preset.PRECISE, PRESETS[Preset.PRECISE])
    own = SamplingParams(temperature=0.3)
    fake_assistant.apply(Settings(preset="", sampling=own, limit=7))
    options = fake_assistant.starting_options()
    assert (options.preset, options.sampling, options.limit) == (None, own, 7)


def test_applied_settings_are_saved_and_speak_at_once(fake_assistant: Assistant) -> None:
    fake_assistant.apply(Settings(language="ko", text_percent=120))
    assert language_in_use() == "ko"
    assert load_settings(fake_assistant.home) == (Settings(language="ko", text_percent=120), None)


def test_only_settings_of_the_engine_end_its_process(fake_assistant: Assistant) -> None:
    ask(fake_assistant, "echo: x", NO_DOCUMENTS)
    before = fake_assistant.chat_engine.pid
    events = fake_assistant.events()
    fake_assistant.apply(replace(fake_assistant.settings, theme="dark"))
    assert fake_assistant.chat_engine.pid == before
    fake_assistant.apply(replace(fake_assistant.settings, n_ctx=1024))
    assert next_of(events, ModelReloaded).info.n_ctx == 1024
    assert fake_assistant.chat_engine.pid != before
    assert fake_assistant.chat_engine.info is not None


CHANGES = {
    "language": "ko",
    "theme": "dark",
    "text_percent": 120,
    "preset": "creative",
    "sampling": SamplingParams(temperature=0.3),
    "chat_model": "another.gguf",
    "embedding_model": "another.gguf",
    "reranker": "another.gguf",
    "limit": 7,
    "largest_file_mb": 3,
    "n_ctx": 1024,
    "n_gpu_layers": 3,
    "threads": 2,
    "flash_attention": "off",
    "cache_type": "q8_0",
    "adapters": (AdapterFile("style.gguf", 0.5),),
    "idle_minutes": 3,
    "states_mb": 5,
    "parked_mb": 5,
    "snapshots_kept": 3,
    "snapshots_mb": 50,
    "privacy": "strict",
    "privacy_actions": {"EMAIL": "block"},
    "window": {"geometry": "AAAA"},
}


@pytest.mark.parametrize("name", [one.name for one in fields(Settings)])
def test_a_setting_acts_when_it_says(
    fake_assistant: Assistant, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle: list[float] = []
    monkeypatch.setattr(fake_assistant.chat_engine, "unload_when_idle", idle.append)
    first = replace(Settings(), preset="" if name == "sampling" else "precise")
    fake_assistant.apply(replace(first, privacy="own") if name == "privacy_actions" else first)
    policy = fake_assistant.privacy.policy()
    fake_assistant.chat_engine.loaded()
    loaded, options, minutes = (
        fake_assistant.chat_engine.settings,
        fake_assistant.starting_options(),
        idle[-1],
    )
    value = CHANGES[name]
    if name == "chat_model":
        value = str(write_gguf(tmp_path / "another.gguf", CHAT))
    elif name == "reranker":
        value = str(write_bert(tmp_path / "another.gguf"))
    elif name == "embedding_model":
        pooling = gguf.PoolingType.MEAN
        value = str(write_bert(tmp_path / "another.gguf", pooling=pooling, head=False))
    events = fake_assistant.events()
    fake_assistant.apply(replace(fake_assistant.settings, **{name: value}))
    assert getattr(fake_assistant.settings, name) == value
    acts = about(name).acts
    if acts is Acts.RELOAD:
        assert next_of(events, ModelReloaded).settings == fake_assistant.settings
    assert (fake_assistant.chat_engine.settings != loaded) == (acts is Acts.RELOAD)
    if name == "reranker":  # no option of a question: search itself has it
        next_of(events, LibraryChanged)
        assert fake_assistant.library.searcher.rerank is not None
        assert acts is Acts.NEXT_QUESTION
    elif name in ("privacy", "privacy_actions"):  # no option of a question either
        assert fake_assistant.privacy.policy() != policy
        assert acts is Acts.NEXT_QUESTION
    else:
        assert (fake_assistant.starting_options() != options) == (acts is Acts.NEXT_QUESTION)
    if name == "largest_file_mb":
        assert fake_assistant.library.filing.adder.largest == 3_000_000
    if name == "idle_minutes":
        assert (minutes, idle[-1]) == (0.0, 180.0)
        assert acts is Acts.AT_ONCE


def test_a_model_that_is_not_loaded_is_not_loaded_by_a_change(fake_assistant: Assistant) -> None:
    fake_assistant.apply(replace(fake_assistant.settings, n_ctx=1024))
    fake_assistant.apply(replace(fake_assistant.settings, limit=3))
    ask(fake_assistant, "echo: x", NO_DOCUMENTS)
    assert fake_assistant.chat_engine.info is not None
    assert fake_assistant.chat_engine.info.n_ctx == 1024, "the first question is answered by it"


@pytest.mark.parametrize("loaded_before", [False, True])
def test_settings_that_fail_at_the_next_question_give_way_to_those_that_worked(
    fake_assistant: Assistant, *, loaded_before: bool
) -> None:
    if loaded_before:
        fake_assistant.apply(replace(fake_assistant.settings, n_ctx=1024))
        ask(fake_assistant, "echo: x", NO_DOCUMENTS)
        fake_assistant.chat_engine.close()  # as an idle one is
    before = fake_assistant.settings
    events = fake_assistant.events()
    fake_assistant.apply(replace(before, limit=3, n_ctx=UNLOADABLE))
    assert ask(fake_assistant, "echo: answered", NO_DOCUMENTS)[1].message.content == "answered"
    failed = next_of(events, ReloadFailed)
    assert "damaged" in str(failed.error)
    assert failed.settings == fake_assistant.settings == replace(before, limit=3)
    assert load_settings(fake_assistant.home)[0] == fake_assistant.settings
    assert fake_assistant.chat_engine.info is not None
    if loaded_before:
        assert fake_assistant.chat_engine.info.n_ctx == 1024


def test_settings_for_now_that_fail_are_an_error(fake_assistant: Assistant) -> None:
    fake_assistant.for_now(replace(fake_assistant.settings, n_ctx=UNLOADABLE))
    with pytest.raises(ModelError, match="damaged"):
        ask(fake_assistant, "echo: x", NO_DOCUMENTS)


def test_a_change_waits_for_the_model_that_is_being_loaded(fake_assistant: Assistant) -> None:
    events = fake_assistant.events()
    loading = fake_assistant.load_chat()
    next(loading)
    fake_assistant.apply(replace(fake_assistant.settings, n_ctx=1024))
    result(loading)
    assert next_of(events, ModelReloaded).info.n_ctx == 1024


def test_a_model_that_is_loading_again_after_a_crash_is_loaded_by_the_change(
    fake_assistant: Assistant,
) -> None:
    fake_assistant.for_now(replace(fake_assistant.settings, n_ctx=ENDLESS))
    events = fake_assistant.events()
    loading = fake_assistant.chat_engine.load()
    next(loading)
    assert fake_assistant.chat_engine.loading
    fake_assistant.apply(replace(fake_assistant.settings, n_ctx=1024))
    with pytest.raises(MaruError):
        result(loading)
    assert next_of(events, ModelReloaded).info.n_ctx == 1024


def test_a_reload_waits_for_the_answer_and_never_cuts_it(fake_assistant: Assistant) -> None:
    conversation = fake_assistant.conversations.create().id
    stop = threading.Event()
    answer = fake_assistant.ask(conversation, "long", NO_DOCUMENTS, stop)
    next_of(answer, chat.TokenText)
    events = fake_assistant.events()
    pid = fake_assistant.chat_engine.pid
    fake_assistant.apply(replace(fake_assistant.settings, n_ctx=1024))
    for _ in range(50):
        assert isinstance(next(answer), chat.TokenText)
    assert fake_assistant.chat_engine.pid == pid
    stop.set()
    assert next_of(answer, chat.Answered).message.finish_reason is FinishReason.CANCELLED
    answer.close()
    assert next_of(events, ModelReloaded).info.n_ctx == 1024


def test_a_reload_can_be_stopped_and_the_settings_before_come_back(fake_assistant: Assistant) -> None:
    result(fake_assistant.load_chat())
    before = fake_assistant.settings
    events = fake_assistant.events()
    fake_assistant.apply(replace(before, n_ctx=ENDLESS))
    next(one for one in events if isinstance(one, WorkerState) and one.fraction == 0.5)
    fake_assistant.stop_reload()
    failed = next_of(events, ReloadFailed)
    assert str(failed.error.message) == "Loading was stopped."
    assert failed.settings == before == fake_assistant.settings
    assert fake_assistant.chat_engine.info is not None
    assert fake_assistant.chat_engine.info.n_ctx != ENDLESS


def test_a_question_waits_for_the_change_that_goes_on(fake_assistant: Assistant, tmp_path: Path) -> None:
    choosing = fake_assistant.choose_model(write_gguf(tmp_path / "tiny.gguf", CHAT))
    next_of(choosing, LoadProgress)
    asked: list[chat.ChatEvent] = []
    conversation = fake_assistant.conversations.create().id
    thread = threading.Thread(
        target=lambda: asked.extend(
            fake_assistant.ask(conversation, "echo: x", NO_DOCUMENTS, threading.Event())
        )
    )
    thread.start()
    until(lambda: fake_assistant.conversations.branch(conversation))
    assert len(fake_assistant.conversations.branch(conversation)) == 1, "stored, not answered"
    list(choosing)
    thread.join()
    answered = asked[-1]
    assert isinstance(answered, chat.Answered)
    assert answered.message.receipt is not None
    assert answered.message.receipt.model_name == "Tiny"


@pytest.mark.parametrize("change", [{"n_ctx": UNLOADABLE}, {"n_ctx": 200_000}, {"chat_model": "gone.gguf"}])
def test_settings_that_fail_give_way_to_those_before(
    fake_assistant: Assistant, change: dict[str, object]
) -> None:
    before = fake_assistant.settings
    ask(fake_assistant, "echo: x", NO_DOCUMENTS)
    loaded = fake_assistant.chat_engine.settings
    events = fake_assistant.events()
    fake_assistant.apply(replace(before, limit=3, **change))
    failed = next_of(events, ReloadFailed)
    assert isinstance(failed.error, ModelError)
    assert failed.settings == fake_assistant.settings == replace(before, limit=3), "only these are taken back"
    assert load_settings(fake_assistant.home)[0] == fake_assistant.settings
    assert fake_assistant.chat_engine.settings == loaded
    assert fake_assistant.chat_engine.info is not None, "and loaded, too"
    assert ask(fake_assistant, "echo: still there", NO_DOCUMENTS)[1].message.content == "still there"


def test_a_chosen_model_is_loaded_and_remembered(fake_assistant: Assistant, tmp_path: Path) -> None:
    model = write_gguf(tmp_path / "tiny.gguf", CHAT)
    for _ in fake_assistant.choose_model(model):
        continue
    assert fake_assistant.settings.chat_model == str(model)
    assert load_settings(fake_assistant.home)[0].chat_model == str(model)
    assert "Tiny" in {one.name for one in fake_assistant.models()}
    _, answer = ask(fake_assistant, "echo: x", NO_DOCUMENTS)
    assert answer.receipt is not None
    assert answer.receipt.model_sha256 == fake_assistant.chat_engine.settings.sha256


def test_a_model_for_once_is_not_remembered(fake_assistant: Assistant, tmp_path: Path) -> None:
    for _ in fake_assistant.choose_model(write_gguf(tmp_path / "tiny.gguf", CHAT), keep=False):
        continue
    assert fake_assistant.settings.chat_model == ""
    assert not fake_assistant.home.settings.exists()


def test_a_model_that_cannot_be_loaded_leaves_the_one_before(
    fake_assistant: Assistant, tmp_path: Path
) -> None:
    ask(fake_assistant, "echo: x", NO_DOCUMENTS)
    before = fake_assistant.chat_engine.settings
    for path in (
        write_gguf(tmp_path / "damaged.gguf", CHAT),
        write_gguf(tmp_path / "finder.gguf", EMBEDDING),
        tmp_path / "gone.gguf",
    ):
        with pytest.raises(ModelError, match=path.name):
            list(fake_assistant.choose_model(path))
        assert fake_assistant.chat_engine.settings == before
    assert fake_assistant.settings.chat_model == ""
    assert ask(fake_assistant, "echo: still there", NO_DOCUMENTS)[1].message.content == "still there"


def test_a_model_that_does_not_fit_is_refused_before_the_one_before_is_given_up(
    fake_assistant: Assistant, tmp_path: Path
) -> None:
    ask(fake_assistant, "echo: x", NO_DOCUMENTS)
    pid = fake_assistant.chat_engine.pid
    with pytest.raises(ModelError, match="needs 950 MB; 900 MB are free") as refused:
        list(fake_assistant.choose_model(write_gguf(tmp_path / "huge.gguf", CHAT)))
    assert "4,096 tokens" in str(refused.value.hint)
    assert refused.value.offer == Offer(n_ctx=4096)
    with pytest.raises(ModelError, match=r"breaks\.gguf could not be examined"):
        list(fake_assistant.choose_model(write_gguf(tmp_path / "breaks.gguf", CHAT)))
    assert fake_assistant.chat_engine.pid == pid


def test_a_model_that_fails_to_load_leaves_the_one_before_loaded(
    fake_assistant: Assistant, tmp_path: Path
) -> None:
    ask(fake_assistant, "echo: x", NO_DOCUMENTS)
    before = fake_assistant.chat_engine.settings
    with pytest.raises(ModelError, match="damaged"):
        list(fake_assistant.choose_model(write_gguf(tmp_path / "damaged.gguf", CHAT)))
    assert fake_assistant.chat_engine.settings == before
    assert fake_assistant.chat_engine.info is not None


def test_a_choice_that_is_dropped_or_stopped_leaves_the_one_before(
    fake_assistant: Assistant, tmp_path: Path
) -> None:
    model = write_gguf(tmp_path / "tiny.gguf", CHAT)
    before = fake_assistant.chat_engine.settings
    choosing = fake_assistant.choose_model(model)
    next_of(choosing, LoadProgress)
    choosing.close()
    assert fake_assistant.chat_engine.settings == before
    stop = threading.Event()
    stop.set()
    with pytest.raises(MaruError, match="stopped"):
        list(fake_assistant.choose_model(write_gguf(tmp_path / "new.gguf", CHAT), stop))
    assert fake_assistant.chat_engine.settings == before


def test_adapters_belong_to_the_model_they_were_chosen_for(fake_assistant: Assistant, tmp_path: Path) -> None:
    style = (AdapterFile("style.gguf", 0.5),)
    model, other = (write_gguf(tmp_path / name, CHAT) for name in ("tiny.gguf", "other.gguf"))
    list(fake_assistant.choose_model(model, adapters=style))
    assert fake_assistant.settings.adapters == style
    assert fake_assistant.chat_engine.settings.adapters == (Adapter(Path("style.gguf"), 0.5),)
    list(fake_assistant.choose_model(model))
    assert fake_assistant.settings.adapters == style
    list(fake_assistant.choose_model(other))
    assert fake_assistant.settings.adapters == ()


def test_an_offer_is_taken_into_the_settings(fake_assistant: Assistant) -> None:
    ask(fake_assistant, "echo: x", NO_DOCUMENTS)
    list(fake_assistant.accept(Offer(n_ctx=2048)))
    assert fake_assistant.settings.n_ctx == load_settings(fake_assistant.home)[0].n_ctx == 2048
    list(fake_assistant.accept(Offer(n_gpu_layers=0)))
    assert (fake_assistant.settings.n_ctx, fake_assistant.settings.n_gpu_layers) == (2048, 0)
    assert fake_assistant.chat_engine.info is not None


def test_an_offer_that_fails_gives_way_to_the_model_that_was_loaded(fake_assistant: Assistant) -> None:
    ask(fake_assistant, "echo: x", NO_DOCUMENTS)
    before = fake_assistant.settings
    with pytest.raises(ModelError):
        list(fake_assistant.accept(Offer(n_ctx=UNLOADABLE)))
    assert fake_assistant.settings == load_settings(fake_assistant.home)[0] == before
    assert fake_assistant.chat_engine.info is not None
    assert fake_assistant.chat_engine.info.n_ctx != UNLOADABLE


def test_a_model_is_remembered_before_the_next_change_loads_by_the_settings(
    fake_assistant: Assistant, tmp_path: Path
) -> None:
    model = write_gguf(tmp_path / "tiny.gguf", CHAT)
    choosing = fake_assistant.choose_model(model)
    next_of(choosing, LoadProgress)
    events = fake_assistant.events()
    fake_assistant.apply(replace(fake_assistant.settings, n_ctx=1024))
    list(choosing)
    assert next_of(events, ModelReloaded).info.path == model


def test_an_estimate_loads_nothing_and_starts_no_engine(fake_assistant: Assistant, tmp_path: Path) -> None:
    huge = write_gguf(tmp_path / "huge.gguf", CHAT)
    assert fake_assistant.estimate().problem is None
    assert fake_assistant.estimate(huge).nearest == 4096
    assert fake_assistant.estimate(settings=replace(fake_assistant.settings, n_ctx=1024)).n_ctx == 1024
    assert fake_assistant.estimate(settings=replace(fake_assistant.settings, n_ctx=200_000)).problem
    assert fake_assistant.chat_engine.pid is None


def test_settings_for_now_are_not_remembered(fake_assistant: Assistant) -> None:
    fake_assistant.for_now(replace(fake_assistant.settings, n_ctx=1024))
    assert fake_assistant.chat_engine.loaded().n_ctx == 1024
    assert load_settings(fake_assistant.home)[0].n_ctx == 0


def test_a_model_is_brought_in_and_taken_out(fake_assistant: Assistant, tmp_path: Path) -> None:
    steps = fake_assistant.import_model(write_gguf(tmp_path / "tiny.gguf", CHAT))
    model = result(steps)
    assert model in fake_assistant.models()
    list(fake_assistant.choose_model(model.path))
    with pytest.raises(ModelError, match="is in use"):
        fake_assistant.remove_model(model)
    list(fake_assistant.choose_model(model_files.starter_chat(fake_assistant.home).path))
    fake_assistant.remove_model(model)
    assert model not in fake_assistant.models()


def test_a_model_brought_in_while_another_is_being_stopped_waits_for_its_end(
    fake_assistant: Assistant, tmp_path: Path
) -> None:
    first, second = (write_gguf(tmp_path / name, CHAT) for name in ("first.gguf", "second.gguf"))
    stop = threading.Event()
    stopped = fake_assistant.import_model(first, stop)
    next(stopped)
    found: list[model_files.ModelFile] = []
    thread = threading.Thread(target=lambda: found.append(result(fake_assistant.import_model(second))))
    thread.start()
    thread.join(0.3)  # it would be done by then
    assert thread.is_alive(), "the first is in the middle of its copy"
    stop.set()
    with pytest.raises(StoppedError):
        list(stopped)
    thread.join(PATIENCE_S)
    assert [model.path for model in found] == [fake_assistant.home.models / "second.gguf"]


def test_what_was_read_of_a_conversation_is_kept_when_it_is_left_and_goes_with_it(
    fake_assistant: Assistant,
) -> None:
    def saved() -> list[str]:
        return sorted(path.name for path in fake_assistant.home.states.iterdir())

    kept, gone = (ask(fake_assistant, "echo: x", NO_DOCUMENTS)[1].conversation_id for _ in range(2))
    files = sorted(path_of(fake_assistant.home.states, slot_of(one)).name for one in (kept, gone))
    fake_assistant.leave(gone)
    until(lambda: saved() == files)
    fake_assistant.conversations.delete(gone)
    assert saved() == [path_of(fake_assistant.home.states, slot_of(kept)).name]
    fake_assistant.close()
    assert saved() == [path_of(fake_assistant.home.states, slot_of(kept)).name]


def test_states_of_conversations_that_are_gone_are_removed_at_the_start(ready_home: Home) -> None:
    with open_assistant(ready_home, FAKE_ENGINES) as assistant:
        kept = path_of(ready_home.states, slot_of(assistant.conversations.create().id))
    orphan = path_of(ready_home.states, slot_of(99))
    for path in (kept, orphan):
        path.write_bytes(b"")
    with open_assistant(ready_home, FAKE_ENGINES):
        assert (kept.exists(), orphan.exists()) == (True, False)


@pytest.mark.real_model
def test_after_a_new_start_conversations_are_not_read_again(home: Home) -> None:
    with open_assistant(home) as assistant:
        questions = [f"What is {thing}? " + "I see some every day. " * 20 for thing in ("fog", "rain")]
        talks = [ask(assistant, question, NO_DOCUMENTS)[1] for question in questions]
        assistant.leave(talks[0].conversation_id)
    with open_assistant(home) as assistant:
        for before in talks:
            _, answer = ask(assistant, "What is wind?", NO_DOCUMENTS, before)
            assert before.receipt is not None
            assert answer.receipt is not None
            read = before.receipt.timings["prompt_tokens"] + before.receipt.timings["predicted_tokens"]
            assert answer.receipt.timings["cached_tokens"] >= read - 1, "the last may not have been read"


def test_without_a_budget_nothing_read_is_kept(fake_assistant: Assistant) -> None:
    _, answer = ask(fake_assistant, "echo: x", NO_DOCUMENTS)
    fake_assistant.leave(answer.conversation_id)
    path = path_of(fake_assistant.home.states, slot_of(answer.conversation_id))
    until(path.exists)
    events = fake_assistant.events()
    fake_assistant.apply(replace(fake_assistant.settings, states_mb=0))
    next_of(events, ModelReloaded)
    assert not path.exists()
    ask(fake_assistant, "echo: y", NO_DOCUMENTS)
    fake_assistant.close()
    assert not path.exists()


def test_closing_ends_the_answer_in_hand_and_keeps_what_there_is(ready_home: Home) -> None:
    assistant = open_assistant(ready_home, FAKE_ENGINES)
    conversation = assistant.conversations.create().id
    began, failed = threading.Event(), []

    def read() -> None:
        try:
            for event in assistant.ask(conversation, "long", NO_DOCUMENTS, threading.Event()):
                if isinstance(event, chat.TokenText):
                    began.set()
        except MaruError as error:
            failed.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    assert began.wait(20)
    assistant.close()
    thread.join()
    assert failed == []
    with open_assistant(ready_home, FAKE_ENGINES) as assistant:
        answer = assistant.conversations.branch(conversation)[-1]
    assert answer.finish_reason is FinishReason.CANCELLED
    assert answer.message.content.startswith("word0 ")


def test_closing_ends_the_adding_in_hand_and_keeps_what_is_finished(ready_home: Home, tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number:02}.txt").write_text(f"Note number {number}.", encoding="utf-8")
    assistant = open_assistant(ready_home, FAKE_ENGINES)
    results: list[FileResult] = []
    one = threading.Event()

    def add_all() -> None:
        for event in assistant.add(sorted(tmp_path.glob("*.txt"))):
            if isinstance(event, FileResult):
                results.append(event)
                one.set()

    thread = threading.Thread(target=add_all)
    thread.start()
    assert one.wait(20)
    assistant.close()
    thread.join()
    with open_assistant(ready_home, FAKE_ENGINES) as assistant:
        kept = {row.path for row in assistant.library.documents()}
    assert {result.path for result in results} <= kept
    assert all(result.status is FileStatus.ADDED for result in results)


def test_events_tell_of_workers_and_of_indexing_until_it_is_closed(fake_assistant: Assistant) -> None:
    events = fake_assistant.events()
    add(fake_assistant, "letter.md")
    fake_assistant.chat_engine.loaded()
    fake_assistant.close()
    told = list(events)
    states = [event for event in told if isinstance(event, WorkerState)]
    assert {Phase.STARTING, Phase.READY} <= {state.phase for state in states}
    assert {str(state.name) for state in states} >= {"chat engine", "document reader", "search engine"}
    assert [event.status for event in told if isinstance(event, FileResult)] == [FileStatus.ADDED]
    assert list(fake_assistant.events()) == [], "after the end there is nothing to tell"


def test_a_listener_can_stop_listening(fake_assistant: Assistant) -> None:
    stop, told = Stop(), []
    events = fake_assistant.events(stop)
    thread = threading.Thread(target=lambda: told.extend(events))
    thread.start()
    fake_assistant.chat_engine.loaded()
    stop.set()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert told
    assert list(fake_assistant.events(stop)) == [], "nor is there anything for one that was stopped before"


def test_a_listener_sleeps_while_nothing_happens() -> None:
    waits: list[float | None] = []

    class Told(queue.SimpleQueue[AppEvent | None]):
        def get(self, block: bool = True, timeout: float | None = None) -> AppEvent | None:
            waits.append(timeout)
            return super().get(block, timeout)

    broadcast, stop = Broadcast(), Stop()
    events = broadcast.listen(stop)
    [listener] = broadcast._listeners
    listener.told = Told()
    thread = threading.Thread(target=lambda: list(events))
    thread.start()
    until(lambda: waits)
    stop.set()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert waits == [None], "it waits once, without looking around"


def test_a_chosen_model_that_is_gone_is_named_when_it_is_needed(ready_home: Home, tmp_path: Path) -> None:
    save_settings(ready_home, Settings(chat_model=str(tmp_path / "gone.gguf")))
    with open_assistant(ready_home, FAKE_ENGINES) as assistant:
        conversation = assistant.conversations.create().id
        with pytest.raises(ModelError, match=r"gone\.gguf"):
            list(assistant.ask(conversation, "echo: x", NO_DOCUMENTS, threading.Event()))
        assert assistant.conversations.branch(conversation)[0].message.content == "echo: x"


def test_asking_again_what_is_not_there_is_told(fake_assistant: Assistant) -> None:
    with pytest.raises(NotFoundError):
        list(fake_assistant.ask_again(99, NO_DOCUMENTS, threading.Event()))


def test_stop_ends_adding_and_keeps_what_is_finished(fake_assistant: Assistant, tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text(f"Note number {number}.", encoding="utf-8")
    stop = threading.Event()
    for event in fake_assistant.add(sorted(tmp_path.glob("*.txt")), stop=stop):
        if getattr(event, "status", None):
            stop.set()
    assert [row.path.name for row in fake_assistant.library.documents()] == ["0.txt"]


def test_personal_data_is_found_for_the_composer(fake_assistant: Assistant) -> None:
    found = fake_assistant.privacy.preview(None, "Call 010-1234-5678.")
    assert [(one.entity.text, one.action) for one in found] == [("010-1234-5678", Action.MASK)]


def test_a_policy_acts_with_the_next_question_and_is_remembered(ready_home: Home) -> None:
    with open_assistant(ready_home, FAKE_ENGINES) as assistant:
        assistant.apply(replace(assistant.settings, privacy="own", privacy_actions={"PHONE": "ignore"}))
        _, answer = ask(assistant, "echo: 010-1234-5678", chat.Options(documents=False))
        assert answer.receipt is not None
        assert "010-1234-5678" in answer.receipt.prompt_as_seen
    with open_assistant(ready_home, FAKE_ENGINES) as assistant:
        (found,) = assistant.privacy.preview(None, "010-1234-5678")
        assert found.action is Action.IGNORE


def test_looking_beside_an_open_assistant_sees_its_documents(fake_assistant: Assistant) -> None:
    add(fake_assistant, "letter.md")
    with open_for_looking(fake_assistant.home) as looking:
        assert looking.lock is None
        assert [row.path.name for row in looking.library.documents()] == ["letter.md"]
    assert store_health(fake_assistant.home)["conversations"] == "sound"


def test_what_was_deleted_is_gone_for_good_after_the_next_start(
    ready_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "UNDO_S", 0.0)
    with open_assistant(ready_home, FAKE_ENGINES) as assistant:
        gone = assistant.conversations.create("secret")
        assistant.conversations.delete(gone.id)
    with open_assistant(ready_home, FAKE_ENGINES) as assistant, pytest.raises(NotFoundError):
        assistant.conversations.undelete(gone.id)


def test_preparing_makes_the_vectors_that_documents_lack(fake_assistant: Assistant) -> None:
    add(fake_assistant, "letter.md")
    fake_assistant.prepare()
    assert "in use" in fake_assistant.library.health()["index"]
