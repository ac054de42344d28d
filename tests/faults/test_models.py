# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""F7, F12: damaged model files of every kind, and memory that is not enough; the engine goes on."""

import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from assistant import model_files
from assistant.engine.client import Engine
from assistant.engine.protocol import EngineSettings, Token
from assistant.errors import EngineError, ModelError, Offer, OutOfMemoryError, WorkerCrashedError
from assistant.messages import Message, Role
from assistant.paths import Home
from assistant.sampling import SamplingParams
from tests.damaged_models import DAMAGES, damaged, take_apart
from tests.fault_table import trials
from tests.tiny_models import END, byte, write_script

pytestmark = pytest.mark.real_model

QUESTION = (Message(Role.USER, "x"),)
SHORT = SamplingParams(temperature=0.0, max_tokens=4)
ROTE = {byte("\n"): byte("a"), byte("a"): byte("b"), byte("b"): END}
LIMIT_S = 30.0  # for one file; on a busy computer with a process to start
MB = 1 << 20


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_script(tmp_path_factory.mktemp("models") / "sound.gguf", ROTE)


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Home(tmp_path_factory.mktemp("home") / "home")
    made.create()
    return model_files.starter_chat(made).path


@pytest.fixture
def start() -> Iterator[Callable[..., Engine]]:
    started: list[Engine] = []

    def make(model: Path, **fields: Any) -> Engine:
        started.append(Engine(EngineSettings(model, threads=1, **fields)))
        return started[-1]

    yield make
    for engine in started:
        engine.close()


def answer(engine: Engine) -> str:
    return "".join(item.text for item in engine.stream(QUESTION, SHORT) if isinstance(item, Token))


def tried(engine: Engine) -> str:
    """Load and ask; say what came of it. Anything but a sentence or a crash that was seen goes through."""
    began = time.monotonic()
    try:
        answer(engine)
        outcome = "works"
    except (ModelError, EngineError):
        outcome = "refused"
    except WorkerCrashedError:
        outcome = "crashed"
    assert time.monotonic() - began < LIMIT_S
    return outcome


def put(data: bytes, path: Path) -> None:
    """Put a file in the place of another one, which may be in use."""
    new = path.with_suffix(".new")
    new.write_bytes(data)
    new.replace(path)


@pytest.mark.fault("F12")
def test_damaged_models_are_refused_or_run_and_never_harm_the_rest(
    start: Callable[..., Engine],
    sound: Path,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
):
    count = trials(len(DAMAGES), 1000)
    path = tmp_path / "damaged.gguf"
    engine = start(path, n_ctx=256)
    bad, good = engine.settings, EngineSettings(sound, n_ctx=256, threads=1)
    outcomes: Counter[str] = Counter()
    for _kind, data in damaged(sound, count, seed=12):
        put(data, path)
        outcome = tried(engine)
        outcomes[outcome] += 1
        if outcome == "crashed":
            engine.configure(good)
            assert answer(engine) == "ab"
        if engine.info is not None or outcome == "crashed":
            engine.configure(bad)
    engine.configure(good)
    assert answer(engine) == "ab"
    record_property("trials", count)
    assert outcomes["refused"] > count / 2
    assert outcomes["crashed"] < count / 20, "what is known to abort is refused before"


@pytest.mark.fault("F12")
def test_a_model_cut_off_at_any_of_a_hundred_places_is_refused(
    start: Callable[..., Engine],
    sound: Path,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
):
    whole, count = sound.read_bytes(), trials(20, 100)
    header = take_apart(sound).header_size
    places = [header * part // (count // 2) for part in range(count // 2)]
    places += [header + (len(whole) - 32 - header) * part // (count // 2) for part in range(count // 2)]
    path = tmp_path / "cut.gguf"
    engine = start(path, n_ctx=256)
    for place in places:
        put(whole[:place], path)
        with pytest.raises(ModelError):
            engine.loaded()
    pid = engine.pid
    put(whole, path)
    assert answer(engine) == "ab"
    assert engine.pid == pid, "no refusal costs the process"
    record_property("trials", count)


@pytest.mark.fault("F12")
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><html>", "is a web page"),
        (b"PK\x03\x04" + bytes(100), "is not a GGUF"),
        (None, "is a folder"),
    ],
)
def test_what_is_no_model_is_refused_with_the_reason(
    start: Callable[..., Engine], tmp_path: Path, data: bytes | None, reason: str
):
    path = tmp_path / "model.gguf"
    if data is None:
        path.mkdir()
    else:
        path.write_bytes(data)
    with pytest.raises(ModelError, match=reason):
        start(path).loaded()


@pytest.mark.fault("F12")
def test_a_model_that_is_cut_off_while_it_is_in_use_costs_one_process(
    start: Callable[..., Engine], sound: Path, tmp_path: Path
):
    path = tmp_path / "model.gguf"
    path.write_bytes(sound.read_bytes())
    engine = start(path, n_ctx=256)
    assert answer(engine) == "ab"
    with path.open("r+b") as file:
        file.truncate(1000)
    with pytest.raises((WorkerCrashedError, ModelError)):
        [answer(engine) for _ in range(3)]
    engine.configure(EngineSettings(sound, n_ctx=256, threads=1))
    assert answer(engine) == "ab"


@pytest.mark.fault("F7")
@pytest.mark.parametrize("n_ctx", [10_000, 10_000_000, 2_000_000_000])
def test_a_context_that_is_too_large_is_refused_before_loading(
    start: Callable[..., Engine], starter: Path, n_ctx: int
):
    engine = start(starter, n_ctx=n_ctx)
    engine.devices()
    assert engine.pid is not None
    process = psutil.Process(engine.pid)
    before = process.memory_info().rss
    with pytest.raises(EngineError, match=rf"window of {n_ctx:,} tokens .* 8,192 tokens fits") as caught:
        engine.loaded()
    assert caught.value.offer == Offer(n_ctx=8192)
    assert process.memory_info().rss - before < 50 * MB
    engine.configure(EngineSettings(starter, n_ctx=512, threads=1))
    assert engine.loaded().n_ctx == 512


@pytest.mark.fault("F7")
def test_memory_that_is_refused_by_the_system_is_a_sentence(start: Callable[..., Engine], starter: Path):
    """The system gives less than it told: by a limit on the process."""
    engine = start(starter, n_ctx=8192)
    engine.devices()
    assert engine.pid is not None
    process = psutil.Process(engine.pid)
    used = process.memory_info().vms
    if not hasattr(process, "rlimit"):
        pytest.skip("runs on Linux: limits for other processes")
    process.rlimit(psutil.RLIMIT_AS, (used + 250 * MB, used + 250 * MB))
    with pytest.raises((EngineError, OutOfMemoryError)) as caught:
        engine.loaded()
    assert caught.value.offer is not None
    assert caught.value.offer.n_ctx == 4096
    engine.configure(EngineSettings(starter, n_ctx=512, threads=1))
    assert engine.loaded().n_ctx == 512


@pytest.mark.fault("F7")
def test_a_process_that_is_killed_for_its_memory_while_loading_comes_back_and_offers_less(
    start: Callable[..., Engine],
    starter: Path,
    record_property: Callable[[str, object], None],
):
    """The system ends the largest process by SIGKILL when memory runs out."""
    count = trials(2, 10)
    chance = random.Random(7)
    engine = start(starter, n_ctx=8192)
    for _ in range(count):
        steps = engine.load()
        for _step in zip(range(chance.randint(1, 20)), steps, strict=False):
            pass
        assert engine.pid is not None
        killed = psutil.Process(engine.pid)
        killed.send_signal(signal.SIGKILL)
        with pytest.raises(OutOfMemoryError) as caught:
            list(steps)
        assert caught.value.offer is not None
        assert caught.value.offer.n_ctx is not None
        assert caught.value.offer.n_ctx < 8192
        engine.configure(EngineSettings(starter, n_ctx=1024, threads=1))
        assert engine.loaded().n_ctx == 1024
        engine.configure(EngineSettings(starter, n_ctx=8192, threads=1))
    record_property("trials", count)
