# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What is loaded and how: adapters, split files, wrong wishes, and files that go while they are used."""

import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest

from assistant.engine import llama, loading
from assistant.engine.client import Engine
from assistant.engine.gguf import read_header
from assistant.engine.protocol import Adapter, EngineSettings, Fitting, MemoryUse, Token
from assistant.engine.refusals import lacked_room
from assistant.errors import EngineError, ModelError
from assistant.messages import Message, Role
from assistant.sampling import SamplingParams
from tests.gguf_files import CHAT, write_gguf, write_parts
from tests.tiny_models import END, byte, write_bert, write_script

pytestmark = pytest.mark.real_model

GREEDY = SamplingParams(temperature=0.0, max_tokens=8)
STOP_S = 0.15
ROTE = {byte("\n"): byte("a"), byte("a"): byte("b"), byte("b"): END}


@pytest.fixture
def start() -> Iterator[Callable[..., Engine]]:
    started: list[Engine] = []

    def make(model: Path, **fields: Any) -> Engine:
        started.append(Engine(EngineSettings(model, **fields)))
        return started[-1]

    yield make
    for engine in started:
        engine.close()


def answer(engine: Engine) -> str:
    items = engine.stream((Message(Role.USER, "x"),), GREEDY)
    return "".join(item.text for item in items if isinstance(item, Token))


class Signs:
    """A call that nobody cancels; keeps the patience it was asked for."""

    def __init__(self) -> None:
        self.patience: list[float] = []
        self.paused = False

    def __call__(self) -> bool:
        return False

    def alive(self, patience: float = 0.0) -> None:
        self.patience.append(patience)


def load(model: Path, **fields: Any) -> None:
    """Load a model in this process, and free it."""
    llama.start()
    outcome(loading.load(EngineSettings(model, **fields), Signs())).close()


def outcome(steps: Generator[Any, None, Any]) -> Any:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def write_adapter(
    path: Path, model: Path, architecture: str = "llama", tensor: str = "output.weight"
) -> Path:
    """Write an adapter with which "c" follows "a" in a model that answers by rote."""
    output = next(each for each in read_header(model).tensors if each.name == "output.weight")
    width, words = output.shape
    letter = 3  # the first byte's place in the vocabulary
    reads, writes = np.zeros((1, width), np.float32), np.zeros((words, 1), np.float32)
    reads[0, letter + ord("a")] = writes[letter + ord("c"), 0] = 1.0
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", 3.0)
    writer.add_tensor(f"{tensor}.lora_a", reads)
    writer.add_tensor(f"{tensor}.lora_b", writes)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_script(tmp_path / "rote.gguf", ROTE)


def test_everything_that_is_known_of_a_model_is_told(start: Callable[..., Engine], chat_model: Path):
    info = start(chat_model, n_ctx=512).loaded()
    assert (info.quantization, info.licence, info.languages) == ("Q4_1", "apache-2.0", ("en",))
    assert (info.flash_attention, info.cache_type, info.recurrent, info.adapters) == (True, "f16", False, ())
    assert (info.layers, info.layers_offloaded) == (31, 0)
    assert info.reason is not None
    assert info.memory.weights == info.size
    assert (info.memory.mapped > 0) == (sys.platform == "linux")


def test_an_adapter_changes_what_a_model_says_as_far_as_its_scale_goes(
    start: Callable[..., Engine], model: Path, tmp_path: Path
):
    adapter = write_adapter(tmp_path / "adapter.gguf", model)
    assert answer(start(model)) == "ab"
    changed = start(model, adapters=(Adapter(adapter),))
    assert answer(changed) == "ac"
    assert changed.loaded().adapters == (Adapter(adapter),)
    assert answer(start(model, adapters=(Adapter(adapter, 0.0),))) == "ab"
    assert answer(start(model, adapters=(Adapter(adapter, 0.0), Adapter(adapter, 1.0)))) == "ac"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"architecture": "qwen2"}, "made for another model than Tiny script"),
        ({"tensor": "blk.7.attn_q.weight"}, "made for another model"),
        ({"tensor": "token_embd.weight"}, "made for another model"),
    ],
)
def test_an_adapter_for_another_model_is_refused(
    model: Path, tmp_path: Path, change: dict[str, str], reason: str
):
    adapter = write_adapter(tmp_path / "adapter.gguf", model, **change)
    with pytest.raises(ModelError, match=reason):
        load(model, adapters=(Adapter(adapter),))


def test_what_is_no_adapter_is_refused(model: Path, tmp_path: Path):
    with pytest.raises(ModelError, match="is not an adapter"):
        load(model, adapters=(Adapter(model),))
    with pytest.raises(ModelError, match="There is no file"):
        load(model, adapters=(Adapter(tmp_path / "none.gguf"),))
    odd = {"general.type": "adapter", "adapter.type": "lora", "adapter.lora.alpha": 7}
    damaged = write_gguf(tmp_path / "odd.gguf", {**CHAT, **odd})
    with pytest.raises(ModelError, match="makes no sense"):
        load(model, adapters=(Adapter(damaged),))
    half = write_adapter(tmp_path / "half.gguf", model)
    half.write_bytes(half.read_bytes().replace(b"lora_b", b"lora_a"))
    with pytest.raises((ModelError, EngineError)):
        load(model, adapters=(Adapter(half),))


def test_an_adapter_is_no_model(model: Path, tmp_path: Path):
    adapter = write_adapter(tmp_path / "adapter.gguf", model)
    with pytest.raises(ModelError, match="is an adapter"):
        load(adapter)


def test_a_reranker_cannot_write(tmp_path: Path):
    with pytest.raises(ModelError, match="is a reranking model"):
        load(write_bert(tmp_path / "bert.gguf"))


def test_a_model_without_a_vocabulary_is_refused(tmp_path: Path):
    mute = write_gguf(tmp_path / "mute.gguf", {**CHAT, "tokenizer.ggml.model": "none"})
    with pytest.raises(ModelError, match="has no vocabulary"):
        load(mute)


def test_a_vocabulary_with_a_token_twice_is_refused(tmp_path: Path):
    twice = write_gguf(tmp_path / "twice.gguf", {**CHAT, "tokenizer.ggml.tokens": ["a", "b", "a"]})
    with pytest.raises(ModelError, match="vocabulary makes no sense"):
        load(twice)


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"n_gpu_layers": -7}, "cannot be -7 layers"),
        ({"threads": 1_000_000}, "cannot use 1,000,000 threads"),
        ({"n_ctx": 10_000_000}, "trained for 8,192 tokens"),
        ({"n_ctx": -5}, "cannot have -5 tokens"),
        ({"flash_attention": "off", "cache_type": "q8_0"}, "needs flash attention"),
    ],
)
def test_wishes_that_cannot_be_met_get_a_sentence(chat_model: Path, wish: dict[str, Any], reason: str):
    with pytest.raises(EngineError, match=reason):
        load(chat_model, **wish)


def test_a_split_model_loads_from_any_of_its_parts(start: Callable[..., Engine], model: Path, tmp_path: Path):
    parts = split(model, tmp_path)
    engine = start(parts[1])
    assert engine.loaded().path == parts[0]
    assert answer(engine) == "ab"


def test_a_split_model_with_a_part_missing_is_refused(tmp_path: Path):
    parts = write_parts(tmp_path, CHAT, [("token_embd.weight", (64, 8)), ("output.weight", (64, 8))])
    parts[0].unlink()
    with pytest.raises(ModelError, match=r"tiny-00001-of-00002\.gguf is missing"):
        load(parts[1])


def test_a_model_that_is_deleted_while_loaded_works_on(start: Callable[..., Engine], model: Path):
    engine = start(model)
    engine.loaded()
    model.unlink()
    assert answer(engine) == "ab"
    engine.configure(engine.settings)
    with pytest.raises(ModelError, match="There is no file"):
        engine.loaded()


def test_loading_ends_soon_after_it_was_cancelled(start: Callable[..., Engine], chat_model: Path):
    engine = start(chat_model)
    engine.devices()  # the process runs
    stop = threading.Event()
    items = engine.load(stop)
    next(items)
    began = time.perf_counter()
    stop.set()
    with pytest.raises(EngineError, match="stopped"):
        outcome(items)
    assert time.perf_counter() - began < 4 * STOP_S, "on a busy computer"
    assert engine.loaded().n_ctx == 8192


def test_loading_gives_signs_of_life_and_asks_for_patience_before_the_context(chat_model: Path):
    llama.start()
    signs = Signs()
    outcome(loading.load(EngineSettings(chat_model, n_ctx=256), signs)).close()
    assert len(signs.patience) > 20
    assert signs.patience[0] == loading.READING_PATIENCE_S
    assert signs.patience[-2:] == [loading.CONTEXT_PATIENCE_S, 0.0]


def test_layers_come_down_step_by_step_when_the_card_has_no_room(
    model: Path, monkeypatch: pytest.MonkeyPatch
):
    """A card's driver that fails stands in for one: it can hold 12 layers."""
    llama.start()
    tried: list[int] = []
    opened = loading.open_context

    def open_context(settings: EngineSettings, *rest: Any, **named: Any) -> Any:
        fitting = rest[1]
        tried.append(fitting.layers)
        if fitting.layers > 12:
            llama._log.append("ggml_backend_alloc: failed to allocate a buffer")
            raise EngineError(loading.SMALLER)
        return opened(settings, *rest, **named)

    monkeypatch.setattr(loading, "open_context", open_context)
    fitting = Fitting(256, 31, 31, MemoryUse(), 0)
    settings = EngineSettings(model, n_ctx=256, threads=1)
    made = outcome(loading._open(settings, read_header(model), loading.Habits(), fitting, Signs()))
    made.close()
    assert tried == [31, 23, 17, 12]
    assert (made.fitting.layers, made.tried) == (12, 31)


def test_without_room_for_the_context_the_end_is_a_sentence(model: Path, monkeypatch: pytest.MonkeyPatch):
    llama.start()

    def open_context(*_arguments: Any, **_named: Any) -> Any:
        llama._log.append("failed to allocate")
        raise EngineError(loading.SMALLER)

    monkeypatch.setattr(loading, "open_context", open_context)
    with pytest.raises(EngineError, match="smaller context"):
        load(model)


def test_what_fails_for_another_reason_is_tried_once_and_no_smaller_context_is_offered(
    model: Path, monkeypatch: pytest.MonkeyPatch
):
    llama.start()
    tried: list[int] = []

    def open_context(*arguments: Any, **_named: Any) -> Any:
        tried.append(arguments[2].layers)
        raise EngineError(loading.SMALLER)

    monkeypatch.setattr(loading, "open_context", open_context)
    fitting = Fitting(2048, 31, 31, MemoryUse(), 0)
    opening = loading._open(EngineSettings(model), read_header(model), loading.Habits(), fitting, Signs())
    with pytest.raises(EngineError) as failed:
        outcome(opening)
    assert (tried, failed.value.offer) == ([31], None)


@pytest.mark.parametrize("line", [
    "alloc_tensor_range: failed to allocate Vulkan0 buffer of size 1073741824",
    "llama_model_load: error loading model: unable to allocate CUDA0 buffer",
    "ggml_backend_cuda_buffer_type_alloc_buffer: allocating 123.00 MiB on device 0: cudaMalloc failed",
    "ggml_vulkan: Device memory allocation of size 1073741824 failed.",
    "ggml_vulkan: vk::Device::allocateMemory: ErrorOutOfDeviceMemory",
    "llama_model_load: error loading model: std::bad_alloc",
])  # fmt: skip
def test_a_log_tells_that_memory_was_short(line: str):
    loaded = "print_info: no_alloc              = 0"
    assert lacked_room(EngineError(loading.SMALLER), [loaded, line])
    assert not lacked_room(EngineError(loading.SMALLER), [loaded])


@pytest.mark.parametrize(
    ("part", "left"), [("open_context", ["model"]), ("open_memory", ["context", "model"])]
)
def test_a_load_that_fails_in_any_way_leaves_nothing_in_memory(
    model: Path, monkeypatch: pytest.MonkeyPatch, part: str, left: list[str]
):
    llama.start()
    freed: list[str] = []

    def broken(*_arguments: Any, **_named: Any) -> Any:
        raise MemoryError

    def freeing(name: str, close: Callable[[Any], None]) -> Callable[[Any], None]:
        return lambda each: (freed.append(name), close(each))[1]

    monkeypatch.setattr(loading, "_fitting", lambda *_: Fitting(256, 0, 2, MemoryUse(), 0))
    monkeypatch.setattr(loading, part, broken)
    monkeypatch.setattr(loading.Context, "close", freeing("context", loading.Context.close))
    monkeypatch.setattr(llama.Model, "close", freeing("model", llama.Model.close))
    with pytest.raises(MemoryError):
        load(model)
    assert freed == left


def split(model: Path, folder: Path) -> list[Path]:
    """Split a model over two files, as llama-gguf-split does."""
    reader = gguf.GGUFReader(model)
    paths = [folder / f"split-0000{number}-of-00002.gguf" for number in (1, 2)]
    half = len(reader.tensors) // 2
    for number, (path, tensors) in enumerate(
        zip(paths, (reader.tensors[:half], reader.tensors[half:]), strict=True)
    ):
        writer = gguf.GGUFWriter(path, "llama")
        if number == 0:
            for field in reader.fields.values():
                if not field.name.startswith(("GGUF.", "general.architecture")):
                    kind = field.types[0]
                    inner = field.types[-1] if kind is gguf.GGUFValueType.ARRAY else None
                    writer.add_key_value(field.name, field.contents(), kind, inner)
        writer.add_uint16("split.no", number)
        writer.add_uint16("split.count", 2)
        writer.add_int32("split.tensors.count", len(reader.tensors))
        for tensor in tensors:
            writer.add_tensor(tensor.name, tensor.data)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
    return paths
