# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""F2: the engine's process is killed while it saves what was read; no half file is ever used."""

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import model_files
from assistant.engine.client import Engine
from assistant.engine.protocol import EngineSettings, Token
from assistant.engine.states import StateFolder, path_of, remove_orphans
from assistant.errors import WorkerCrashedError
from assistant.messages import Message, Role
from assistant.paths import Home
from assistant.sampling import SamplingParams
from tests.fault_table import trials

pytestmark = pytest.mark.real_model

SLOT = "conversation-1"
SHORT = SamplingParams(max_tokens=4)
PATIENCE_S = 30.0


@pytest.fixture(scope="module")
def chat_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Home(tmp_path_factory.mktemp("models") / "home")
    made.create()
    return model_files.starter_chat(made).path


@pytest.fixture
def engine(chat_model: Path, home: Home) -> Iterator[Engine]:
    made = Engine(EngineSettings(chat_model, sha256="known", n_ctx=512, states=home.states))
    yield made
    made.close()


def answer(engine: Engine, number: int) -> tuple[str, int, int]:
    """Return the answer to a question of its own, the tokens not read again, and those of the prompt."""
    items = engine.stream(
        [Message(Role.USER, f"Of ship number {number}: " + "ship, " * 90)], SHORT, slot=SLOT
    )
    shown = ""
    while True:
        try:
            item = next(items)
        except StopIteration as end:
            return shown, end.value.timings.cached_tokens, end.value.timings.prompt_tokens
        shown += item.text if isinstance(item, Token) else ""


def kill_while_it_saves(engine: Engine, folder: Path, chance: random.Random) -> int:
    """Kill once so many bytes are written, or all; return the bytes that the half file then has."""
    part, whole = path_of(folder, SLOT).with_suffix(".part"), path_of(folder, SLOT)
    before = whole.stat().st_mtime_ns if whole.exists() else 0
    wanted = chance.randrange(3 << 20)
    engine.save_states()
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            if part.stat().st_size > wanted:
                break
        except FileNotFoundError:
            if whole.exists() and whole.stat().st_mtime_ns != before:
                break
    else:
        pytest.fail("nothing was saved")
    os.kill(engine.pid, signal.SIGKILL)
    return part.stat().st_size if part.exists() else 0


@pytest.mark.fault("F2")
def test_an_engine_killed_while_it_saves_answers_as_before(engine: Engine, home: Home, record_property):
    tries = trials(3, 50)
    record_property("trials", tries)
    chance = random.Random(2)
    for number in range(tries):
        cold, _, length = answer(engine, number)
        kill_while_it_saves(engine, home.states, chance)
        try:
            again, cached, _ = answer(engine, number)
        except WorkerCrashedError:  # seen before or after the question was sent
            again, cached, _ = answer(engine, number)
        assert again == cold
        assert cached < 40 or cached == length - 1, "the old state, the new one, or none: never a half"
        assert {path.suffix for path in home.states.iterdir()} <= {".state", ".part"}
    engine.close()
    remove_orphans(home.states, [SLOT])
    assert [path.name for path in home.states.iterdir()] == [path_of(home.states, SLOT).name]


@pytest.mark.fault("F2")
def test_a_half_file_is_never_read_and_the_next_writing_takes_its_place(home: Home):
    folder = StateFolder(home.states, 1 << 20, "key")
    half = path_of(home.states, SLOT).with_suffix(".part")
    half.write_bytes(b"half")
    assert folder.find(SLOT) is None
    assert folder.write(SLOT, [1, 2], memoryview(b"state")).result()
    assert not half.exists()
    assert folder.find(SLOT) is not None
    folder.close()
