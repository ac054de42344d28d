# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What was read is not read again, and what comes out is the same to the last bit."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from assistant.engine import llama
from assistant.engine.client import Engine
from assistant.engine.context import Context
from assistant.engine.memory import Memory, open_memory
from assistant.engine.parked import Parked, State
from assistant.engine.protocol import Adapter, EngineSettings, Token
from assistant.engine.states import path_of
from assistant.errors import EngineError
from assistant.messages import Message, Role
from assistant.sampling import SamplingParams
from tests.tiny_models import write_gemma, write_mamba

N_CTX = 512
A, B, C = "conversation-1", "conversation-2", "conversation-3"
ROOM = 1 << 30


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    llama.start()
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def model(folder: Path) -> Iterator[llama.Model]:
    """A model that looks at all that was said."""
    made = llama.Model(write_gemma(folder / "gemma.gguf"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def nearsighted(folder: Path) -> Iterator[llama.Model]:
    """A model most of whose layers look back 32 tokens only."""
    made = llama.Model(write_gemma(folder / "window.gguf", window=32))
    yield made
    made.close()


@pytest.fixture(scope="module")
def mamba(folder: Path) -> Iterator[llama.Model]:
    """A recurrent model."""
    made = llama.Model(write_mamba(folder / "mamba.gguf"))
    yield made
    made.close()


@pytest.fixture
def settings(chat_model: Path, tmp_path: Path) -> EngineSettings:
    return EngineSettings(chat_model, sha256="known", states=tmp_path / "states", parked_budget=ROOM)


@pytest.fixture
def start() -> Iterator[Callable[[llama.Model, EngineSettings], Memory]]:
    """Return a function that opens a memory, as a new process would."""
    opened: list[tuple[Context, Memory]] = []

    def make(model: llama.Model, settings: EngineSettings) -> Memory:
        context = Context(model, n_ctx=N_CTX, threads=1)
        opened.append((context, open_memory(settings, context)))
        return opened[-1][1]

    yield make
    for context, memory in opened:
        memory.close()
        context.close()


def words(number: int, count: int = 150) -> list[int]:
    """Return tokens of a text: another one for each number, from the first token on."""
    return [10 + number, *((number * 7919 + place * 31) % 90 + 30 for place in range(count - 1))]


def ask(memory: Memory, prompt: list[int], slot: str = "") -> tuple[int, bytes]:
    """Read a prompt, its last token alone; return what was not read again, and the logits."""
    kept = memory.reuse(prompt, slot)
    assert memory.tokens == prompt[:kept]
    rest = prompt[kept:-1]
    assert not rest or memory.read(rest)
    assert memory.add(prompt[-1])
    assert memory._context.remembered() == len(memory.tokens) == len(prompt)
    return kept, memory._context.logits().tobytes()


def test_the_next_turn_reads_only_what_is_new(start, model, settings):
    memory = start(model, settings)
    ask(memory, words(1), A)
    for token in (5, 6, 7):
        memory.add(token)
    assert ask(memory, [*words(1), 5, 6, 7, *words(2, 20)], A)[0] == 153


def test_the_same_question_reads_its_last_token_only_and_gives_the_same_bits(start, model, settings):
    memory = start(model, settings)
    kept, cold = ask(memory, words(1), A)
    assert kept == 0
    memory.add(9)
    assert ask(memory, words(1), A) == (149, cold)


def test_an_edited_question_keeps_what_stands_before_it(start, model, settings):
    memory = start(model, settings)
    ask(memory, words(1) + words(2, 30), A)
    assert ask(memory, words(1) + words(3, 30), A)[0] == 150


def test_another_conversation_takes_the_place_and_gives_it_back(start, model, settings):
    memory = start(model, settings)
    first, second = ask(memory, words(1), A)[1], ask(memory, words(2), B)[1]
    assert ask(memory, words(1), A) == (149, first)
    assert ask(memory, words(2), B) == (149, second)
    longer = words(1) + words(4, 40)
    assert ask(memory, longer, A)[0] == 150
    ask(memory, words(2), B)
    assert ask(memory, longer, A)[0] == 189, "what came since is kept too"


def test_a_question_without_a_conversation_costs_none_of_the_others(start, model, settings):
    memory = start(model, settings)
    first = ask(memory, words(1), A)[1]
    ask(memory, words(2))
    assert ask(memory, words(1), A) == (149, first)
    assert ask(memory, words(2))[0] == 0, "it was nobody's: not kept"


def test_a_new_conversation_begins_with_what_it_shares_with_another(start, model, settings):
    memory = start(model, settings)
    ask(memory, words(1) + words(2, 80), A)
    assert ask(memory, words(1) + words(3, 80), B)[0] == 150
    ask(memory, words(4), C)
    assert ask(memory, words(1) + words(5, 80), "conversation-4")[0] == 150, "the copy of another's"
    assert ask(memory, words(1) + words(2, 80), A)[0] == 229


def test_a_few_tokens_are_not_worth_a_copy(start, model, settings):
    memory = start(model, settings)
    ask(memory, words(1, 40), A)
    ask(memory, words(2), B)
    assert ask(memory, words(1, 40), A)[0] == 0


def test_the_conversation_used_longest_ago_gives_way(start, model, settings):
    memory = start(model, settings)
    ask(memory, words(1), A)
    each = memory._context.copy_out(ROOM).nbytes
    memory = start(model, replace(settings, parked_budget=each * 5 // 2, states=None))
    for number, slot in enumerate((A, B, C, "conversation-4")):
        ask(memory, words(number), slot)
    assert sum(state.content.nbytes for state in memory._parked.states) <= each * 5 // 2
    assert memory.reuse(words(2), C) == 149
    assert memory.reuse(words(0), A) == 0, "B and the fourth stay"


def test_no_room_for_copies_means_reading_again(start, model, settings):
    memory = start(model, replace(settings, parked_budget=0, states=None))
    first = ask(memory, words(1), A)[1]
    ask(memory, words(2), B)
    assert ask(memory, words(1), A) == (0, first)


def test_a_copy_that_would_take_most_of_the_free_memory_is_not_made(start, model, settings, monkeypatch):
    memory = start(model, settings)
    first = ask(memory, words(1), A)[1]
    free = psutil.virtual_memory()._replace(available=memory._context.copy_out(ROOM).nbytes)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: free)
    ask(memory, words(2), B)
    memory.save()
    assert ask(memory, words(1), A) == (0, first)


def test_a_conversation_is_taken_up_after_a_restart(start, model, settings):
    memory = start(model, settings)
    first, second = ask(memory, words(1), A)[1], ask(memory, words(2), B)[1]
    memory.close()
    again = start(model, settings)
    assert ask(again, words(1), A) == (149, first)
    assert ask(again, words(2), B) == (149, second)
    assert ask(start(model, settings), words(1))[0] == 0, "only its own conversation takes it up"


def test_only_what_changed_is_written(start, model, settings):
    memory = start(model, settings)
    ask(memory, words(1), A)
    ask(memory, words(2), B)
    memory.close()
    files = [path_of(settings.states, slot) for slot in (A, B)]
    for path in files:
        os.utime(path, (1, 1))
    memory = start(model, settings)
    assert memory.reuse([*words(1), 5], A) == 150
    assert memory.reuse([*words(2), 5], B) == 150
    assert min(path.stat().st_mtime for path in files) > 1, "they were used"
    for path in files:
        os.utime(path, (1, 1))
    memory.save()
    ask(memory, [*words(1), 5], A)
    memory.close()
    assert files[0].stat().st_mtime > 1
    assert files[1].stat().st_mtime == 1


def test_the_state_of_another_model_or_context_is_not_taken(start, model, settings, tmp_path):
    adapter = tmp_path / "adapter.gguf"
    adapter.write_bytes(b"one")
    memory = start(model, settings)
    ask(memory, words(1), A)
    memory.close()
    for changed in (
        {"sha256": "another"},
        {"cache_type": "q8_0"},
        {"flash_attention": "off"},
        {"adapters": (Adapter(adapter),)},
        {"adapters": (Adapter(adapter, 0.5),)},
        {"sha256": ""},
    ):
        assert start(model, replace(settings, **changed)).reuse(words(1), A) == 0, changed
    assert start(model, settings).reuse(words(1), A) == 149


def test_a_model_that_is_not_known_saves_nothing(start, model, settings):
    memory = start(model, replace(settings, sha256=""))
    ask(memory, words(1), A)
    memory.close()
    assert not settings.states.exists()


@pytest.mark.parametrize("part", [0.0, 0.001, 0.3, 0.7, 0.9999])
def test_a_truncated_file_is_read_anew(start, model, settings, part):
    memory = start(model, settings)
    cold = ask(memory, words(1), A)[1]
    memory.close()
    path = path_of(settings.states, A)
    os.truncate(path, int(path.stat().st_size * part))
    again = start(model, settings)
    assert ask(again, words(1), A) == (0, cold)
    assert not path.exists()
    again.close()
    assert ask(start(model, settings), words(1), A) == (149, cold), "and written anew"


def test_what_llama_cpp_does_not_take_is_read_anew(start, model, settings):
    memory = start(model, settings)
    cold = ask(memory, words(1), A)[1]
    content = memory._context.copy_out(ROOM)
    for odd in (content[:-10], content[:9], content[:0]):
        memory = start(model, settings)
        memory._folder.write(A, words(1), odd.data).result()
        ask(memory, words(2), B)
        assert ask(memory, words(1), A) == (0, cold)
        assert not path_of(settings.states, A).exists()
    memory = start(model, settings)
    memory._folder.write(A, words(1)[:-1], content.data).result()
    assert ask(memory, words(1), A) == (0, cold), "other tokens than the state has"


def test_a_state_longer_than_the_context_is_left_alone(start, model, settings):
    memory = start(model, settings)
    memory._folder.write(A, words(1, N_CTX + 1), memoryview(b"unseen")).result()
    assert ask(memory, words(1), A)[0] == 0
    assert path_of(settings.states, A).exists()


def test_a_forgotten_conversation_is_read_anew(start, model, settings):
    memory = start(model, settings)
    ask(memory, words(1), A)
    ask(memory, words(2), B)
    memory.save()
    memory.forget(A)
    assert not path_of(settings.states, A).exists()
    assert ask(memory, words(1), A)[0] == 0
    memory.forget(A)
    assert memory.tokens == []
    assert ask(memory, words(2), B)[0] == 149
    memory.close()
    assert [path.name for path in settings.states.iterdir()] == [path_of(settings.states, B).name]


def test_nothing_is_saved_without_a_folder(start, model, settings):
    memory = start(model, replace(settings, states=None))
    ask(memory, words(1), A)
    memory.save()
    memory.forget(A)
    assert ask(memory, words(1), A)[0] == 0


def test_an_evaluation_that_was_broken_off_leaves_what_was_complete(start, model, settings):
    memory = start(model, settings)
    cold = ask(memory, words(1) + words(2), A)[1]
    memory.keep(0)
    assert memory.read(words(1))
    with memory._context.abort_when(lambda: True):
        assert not memory.read(words(2)[:-1])
        assert not memory.add(5)
    assert memory.tokens == words(1)
    assert len(cold) == len(ask(memory, words(1) + words(2), A)[1])


def test_an_evaluation_that_failed_leaves_nothing(start, model, settings):
    memory = start(model, settings)
    cold = ask(memory, words(1), A)[1]
    for fails in (lambda: memory.read(words(2, N_CTX)), lambda: [memory.add(5) for _ in range(N_CTX)]):
        with pytest.raises(EngineError):
            fails()
        assert memory.tokens == []
        assert ask(memory, words(1), A) == (0, cold)


def test_a_recurrent_model_goes_on_but_never_back(start, mamba, settings):
    memory = start(mamba, replace(settings, states=None))
    assert memory._context.only_grows
    ask(memory, words(1), A)
    memory.add(40)
    assert ask(memory, [*words(1), 40, *words(2, 20)], A)[0] == 151
    assert ask(memory, words(1)[:100], A)[0] == 0


def test_a_recurrent_model_answers_again_from_before_its_answer(start, mamba, settings):
    memory = start(mamba, replace(settings, states=None))
    cold = ask(memory, words(1), A)[1]
    memory.add(40)
    assert ask(memory, words(1), A) == (149, cold)
    memory.add(41)
    assert ask(memory, [*words(1), 42, *words(2, 90)], A)[0] == 149, "another answer than it gave"


def test_a_recurrent_model_changes_conversations_and_takes_them_up_after_a_restart(start, mamba, settings):
    memory = start(mamba, settings)
    ask(memory, words(1), A)
    ask(memory, words(2), B)
    assert ask(memory, [*words(1), *words(3, 20)], A)[0] == 150
    memory.close()
    assert ask(start(mamba, settings), [*words(2), 50, 51], B)[0] == 150


def test_a_recurrent_model_that_was_broken_off_begins_anew(start, mamba, settings):
    memory = start(mamba, replace(settings, states=None))
    cold = ask(memory, words(1), A)[1]
    memory.keep(0)
    assert memory.read(words(1)[:50])
    with memory._context.abort_when(lambda: True):
        assert not memory.read(words(1)[50:100])
    assert memory.tokens == []
    memory._parked.forget(A)
    assert ask(memory, words(1), A) == (0, cold)


def test_a_model_that_looks_back_a_little_goes_on_from_a_copy_and_never_back(start, nearsighted, settings):
    memory = start(nearsighted, settings)
    cold = ask(memory, words(1), A)[1]
    assert ask(memory, words(1), A) == (149, cold), "what is in the context is whole"
    other = ask(memory, words(2), B)[1]
    assert ask(memory, [*words(1), 5], A)[0] == 150
    assert ask(memory, words(2), B) == (0, other), "its copy has but a window: one token back is too far"
    memory.close()
    again = start(nearsighted, settings)
    went_on = ask(again, [*words(2), 6], B)
    whole = start(nearsighted, replace(settings, states=None))
    ask(whole, words(2), B)
    assert went_on == (150, ask(whole, [*words(2), 6], B)[1])
    assert ask(again, words(2), B)[0] == 0


GREEDY = SamplingParams(max_tokens=12)


@pytest.fixture
def engine(settings: EngineSettings) -> Iterator[Engine]:
    made = Engine(replace(settings, n_ctx=N_CTX))
    yield made
    made.close()


def chat(engine: Engine, subject: str, slot: str) -> tuple[str, int]:
    """Return the answer to a question of some hundred tokens, and how many were not read again."""
    asked = [Message(Role.USER, f"Tell me of {subject}. " * 20)]
    items = engine.stream(asked, GREEDY, slot=slot)
    shown = []
    while True:
        try:
            shown.append(next(items))
        except StopIteration as end:
            return "".join(
                item.text for item in shown if isinstance(item, Token)
            ), end.value.timings.cached_tokens


@pytest.mark.real_model
def test_an_engine_gives_the_same_text_cold_cached_copied_and_saved(engine, settings):
    engine.save_states()
    cold, none = chat(engine, "ships", A)
    cached, most = chat(engine, "ships", A)
    chat(engine, "gardens", B)
    copied, much = chat(engine, "ships", A)
    assert none == 0
    assert most == much > 100
    engine.save_states()
    engine.close()
    saved, still = chat(engine, "ships", A)
    assert still == most
    assert cold == cached == copied == saved
    engine.forget(B)
    engine.close()
    assert [path.name for path in settings.states.iterdir()] == [path_of(settings.states, A).name]


@pytest.mark.real_model
def test_an_engine_forgets_without_loading_its_model(engine, settings):
    settings.states.mkdir()
    path = path_of(settings.states, A)
    path.write_bytes(b"something")
    engine.forget(A)
    assert not path.exists()
    assert engine.info is None
    path.mkdir()
    with pytest.raises(EngineError, match="could not be removed"):
        engine.forget(A)


def test_a_copy_with_no_room_at_all_leaves_the_others():
    parked, tokens = Parked(100), np.zeros(1, np.int32)
    small, large = (State(slot, tokens, np.zeros(size, np.uint8)) for slot, size in ((A, 60), (B, 200)))
    parked.put(small)
    parked.put(large)
    assert parked.states == [small]
