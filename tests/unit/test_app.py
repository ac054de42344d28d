# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The assistant as a whole: opened, configured, closed."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import app, chat
from assistant.app import Assistant, open_assistant, open_for_looking, store_health
from assistant.errors import DatabaseError, HomeHeldError, ModelError, NotFoundError
from assistant.home_lock import HomeLock
from assistant.paths import Home
from assistant.sampling import PRESETS, Preset, SamplingParams
from assistant.settings import Settings, load_settings, save_settings
from assistant.texts import language_in_use
from tests.assistants import FAKE_ENGINES, add, ask
from tests.gguf_files import CHAT, EMBEDDING, write_gguf

NO_DOCUMENTS = chat.Options(documents=False)


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
    fake_assistant.apply(replace(fake_assistant.settings, theme="dark"))
    assert fake_assistant.chat_engine.pid == before
    fake_assistant.apply(replace(fake_assistant.settings, n_ctx=1024))
    assert fake_assistant.chat_engine.pid != before
    assert fake_assistant.chat_engine.loaded().n_ctx == 1024


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
    found = fake_assistant.find_personal_data("Call 010-1234-5678.")
    assert [entity.text for entity in found] == ["010-1234-5678"]


def test_looking_beside_an_open_assistant_sees_its_documents(fake_assistant: Assistant) -> None:
    add(fake_assistant, "letter.md")
    with open_for_looking(fake_assistant.home) as looking:
        assert not looking.alone
        assert [row.path.name for row in looking.library.documents()] == ["letter.md"]
    assert store_health(fake_assistant.home)["conversations"] == "sound"


def test_what_was_deleted_is_gone_for_good_after_the_next_start(
    ready_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "UNDO_S", 0.0)
    with open_assistant(ready_home, FAKE_ENGINES) as assistant:
        gone = assistant.conversations.create("secret")
        assistant.conversations.delete(gone.id)
    with open_assistant(ready_home, FAKE_ENGINES) as assistant, pytest.raises(NotFoundError):
        assistant.conversations.undelete(gone.id)


def test_preparing_makes_the_vectors_that_documents_lack(fake_assistant: Assistant) -> None:
    add(fake_assistant, "letter.md")
    assert list(fake_assistant.prepare()) in ([], [(0, 0)])
    assert "in use" in fake_assistant.library.health()["index"]
