# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A model is fitted into the memory there is before it is loaded, and is then what was told."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from assistant.engine import llama
from assistant.engine.client import Engine
from assistant.engine.fitting import check_request, fit
from assistant.engine.gguf import Header, read_header
from assistant.engine.protocol import Adapter, EngineSettings, Fitting
from assistant.engine.sizes import Space
from assistant.errors import EngineError, ModelError
from tests.gguf_files import CHAT, EMBEDDING, write_gguf
from tests.tiny_models import write_mamba

pytestmark = pytest.mark.real_model

MB = 1 << 20
PLENTY = Space(1 << 40)
CLOSE = 0.15  # how far an estimate may be off


@pytest.fixture(scope="module")
def header(chat_model: Path) -> Header:
    llama.start()
    return read_header(chat_model)


@pytest.fixture(scope="module")
def settings(chat_model: Path) -> EngineSettings:
    return EngineSettings(chat_model, name="SmolLM2 135M")


@pytest.fixture(scope="module")
def fitter(chat_model: Path) -> Iterator[Engine]:
    made = Engine(EngineSettings(chat_model))
    yield made
    made.close()


def check(found: Fitting, engine: Engine) -> None:
    """Compare what was told of a model with what it then takes."""
    info = engine.loaded()
    assert (info.n_ctx, info.cache_type) == (found.n_ctx, found.cache_type)
    for told, taken in (
        (found.memory.weights, info.memory.weights),
        (found.memory.cache, info.memory.cache),
        (found.memory.compute, info.memory.compute),
        (found.memory.total, info.memory.total),
    ):
        assert abs(told - taken) <= CLOSE * taken + MB


@pytest.mark.parametrize(
    ("n_ctx", "cache_type", "flash_attention"),
    [(0, "auto", "auto"), (1024, "f16", "off"), (4096, "q8_0", "on"), (2048, "q4_0", "auto")],
)
def test_what_the_starter_takes_is_told_within_a_seventh(
    fitter: Engine, chat_model: Path, n_ctx: int, cache_type: str, flash_attention: str
):
    wanted = EngineSettings(chat_model, n_ctx=n_ctx, cache_type=cache_type, flash_attention=flash_attention)
    found = fitter.fit(wanted)
    assert found.problem is None
    fitter.configure(wanted)
    check(found, fitter)
    assert fitter.info is not None
    assert fitter.info.flash_attention == (flash_attention != "off")


@pytest.mark.parametrize("name", ["babyllama-tok105-1M.gguf", "llama-2-tiny-random.gguf"])
def test_what_small_models_take_is_told(fitter: Engine, shared_data: Path, name: str):
    wanted = EngineSettings(shared_data / "models" / name)
    found = fitter.fit(wanted)
    fitter.configure(wanted)
    check(found, fitter)


def test_what_a_recurrent_model_takes_is_told(fitter: Engine, tmp_path: Path):
    wanted = EngineSettings(write_mamba(tmp_path / "mamba.gguf"))
    found = fitter.fit(wanted)
    assert 0 < found.memory.cache < MB
    fitter.configure(wanted)
    check(found, fitter)
    assert fitter.info is not None
    assert fitter.info.recurrent


def test_the_process_grows_by_what_was_told(chat_model: Path):
    engine = Engine(EngineSettings(chat_model, n_ctx=8192))
    try:
        found = engine.fit(engine.settings)
        assert engine.pid is not None
        before = psutil.Process(engine.pid).memory_info().rss
        engine.loaded()
        grown = psutil.Process(engine.pid).memory_info().rss - before
        # The buffers for computing are touched when something is computed.
        assert (1 - CLOSE) * (found.memory.weights + found.memory.cache) < grown
        assert grown < (1 + CLOSE) * found.memory.total
    finally:
        engine.close()


def test_fitting_loads_nothing_and_counts_what_would_be_given_back(fitter: Engine, settings: EngineSettings):
    fitter.configure(replace(settings, n_ctx=1024))
    first = fitter.fit(settings)
    assert fitter.info is None
    fitter.loaded()
    assert abs(fitter.fit(settings).free - first.free) < 1024 * MB


def test_with_memory_in_plenty_no_rehearsal_is_needed(settings: EngineSettings, header: Header):
    quick = fit(settings, header, PLENTY, exactly=False)
    slow = fit(settings, header, PLENTY)
    assert (quick.n_ctx, quick.cache_type, quick.problem) == (slow.n_ctx, slow.cache_type, slow.problem)
    assert quick.memory.cache >= slow.memory.cache
    packed = replace(settings, cache_type="q8_0", n_ctx=512)
    assert fit(packed, header, PLENTY, exactly=False).cache_type == "q8_0"


@pytest.mark.parametrize(
    ("megabytes", "n_ctx", "cache_type"),
    [(2000, 8192, "f16"), (500, 4096, "f16"), (400, 2048, "f16"), (250, 1024, "f16"), (210, 1024, "q8_0")],
)
def test_the_window_shrinks_with_the_memory(
    settings: EngineSettings, header: Header, megabytes: int, n_ctx: int, cache_type: str
):
    found = fit(settings, header, Space(megabytes * MB), exactly=False)
    assert (found.n_ctx, found.cache_type, found.problem) == (n_ctx, cache_type, None)


def test_the_cache_is_packed_only_where_the_wanted_window_would_not_fit(
    settings: EngineSettings, header: Header
):
    wanted = replace(settings, n_ctx=8192)
    assert fit(wanted, header, Space(400 * MB)).cache_type == "f16"
    assert fit(wanted, header, Space(320 * MB)).cache_type == "q8_0"
    without = fit(replace(wanted, flash_attention="off"), header, Space(320 * MB))
    assert (without.cache_type, without.problem is None) == ("f16", False)


def test_what_cannot_fit_is_refused_with_the_numbers_and_the_nearest_that_does(
    settings: EngineSettings, header: Header
):
    wanted = replace(settings, n_ctx=8192, cache_type="f16")
    found = fit(wanted, header, Space(300 * MB))
    assert "SmolLM2 135M needs 370 MB" in str(found.problem)
    assert "8,192 tokens; 300 MB are free" in str(found.problem)
    assert fit(replace(wanted, n_ctx=found.nearest), header, Space(300 * MB)).problem is None
    assert fit(replace(wanted, n_ctx=found.nearest + 256), header, Space(300 * MB)).problem is not None
    hopeless = fit(settings, header, Space(50 * MB))
    assert "50 MB are free" in str(hopeless.problem)
    assert hopeless.nearest == 0


@pytest.mark.parametrize("n_ctx", [8193 + 255, 10_000_000, 1 << 62])
def test_a_window_beyond_what_the_model_was_trained_for_is_refused(
    settings: EngineSettings, header: Header, n_ctx: int
):
    found = fit(replace(settings, n_ctx=n_ctx), header, PLENTY, exactly=False)
    assert "trained for 8,192 tokens" in str(found.problem)
    assert f"{n_ctx:,}" in str(found.problem)
    assert found.nearest == 8192


def test_a_header_that_claims_a_boundless_window_is_not_believed(tmp_path: Path):
    boundless = read_header(write_gguf(tmp_path / "x.gguf", {**CHAT, "llama.context_length": 2**31}))
    found = fit(EngineSettings(boundless.path, n_ctx=2**31), boundless, PLENTY)
    assert found.nearest == 1 << 24


def test_layers_go_to_a_card_as_far_as_they_fit(settings: EngineSettings, header: Header):
    def placed(megabytes: int, n_gpu_layers: int = -1, n_ctx: int = 4096) -> Fitting:
        wanted = replace(settings, n_gpu_layers=n_gpu_layers, n_ctx=n_ctx)
        return fit(wanted, header, Space(1 << 40, megabytes * MB))

    whole = placed(1000)
    assert (whole.layers, whole.layers_total) == (31, 31)
    some = placed(100)
    assert 5 < some.layers < 31
    assert some.memory.on_device <= 100 * MB
    assert placed(100, n_ctx=8192).layers < some.layers, "a longer window leaves less room"
    assert placed(1).layers == 0
    assert placed(100, 999).layers == 31, "who asks for a number gets it, and it is tried"
    assert placed(1000, 10).layers == 10
    assert placed(1000, 0).layers == 0


def test_a_large_window_is_chosen_only_where_the_card_holds_all_of_it(
    settings: EngineSettings, header: Header, tmp_path: Path
):
    longer = {**header.metadata, "llama.context_length": 131072}
    stretched = replace(header, metadata=longer)
    assert fit(settings, stretched, Space(1 << 40, 4000 * MB)).n_ctx == 32768
    assert fit(settings, stretched, Space(1 << 40, 400 * MB)).n_ctx == 8192
    assert fit(settings, stretched, Space(1 << 40)).n_ctx == 8192


def test_a_processor_that_draws_too_shares_the_memory(settings: EngineSettings, header: Header):
    wanted = replace(settings, n_ctx=8192, cache_type="f16")
    shared = fit(wanted, header, Space(300 * MB, 1000 * MB, shared=True))
    assert shared.layers == 31
    assert "300 MB are free" in str(shared.problem)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"n_ctx": -1}, "cannot have -1 tokens"),
        ({"n_gpu_layers": -2}, "cannot be -2 layers"),
        ({"threads": -1}, "cannot use -1 threads"),
        ({"threads": 100_000}, "cannot use 100,000 threads"),
        ({"cache_type": "q1"}, "q1"),
        ({"flash_attention": "maybe"}, "maybe"),
        ({"flash_attention": "off", "cache_type": "q8_0"}, "needs flash attention"),
    ],
)
def test_settings_that_make_no_sense_are_refused(
    settings: EngineSettings, changes: dict[str, object], reason: str
):
    with pytest.raises(EngineError, match=reason):
        check_request(replace(settings, **changes))


def test_heads_that_do_not_pack_keep_their_cache_whole(shared_data: Path):
    path = shared_data / "models/llama-2-tiny-random.gguf"
    with pytest.raises(EngineError, match="cannot use a cache of type q8_0"):
        fit(EngineSettings(path, cache_type="q8_0"), read_header(path), PLENTY)


def test_a_file_that_is_no_model_is_told_while_fitting(fitter: Engine, tmp_path: Path):
    odd = write_gguf(tmp_path / "odd.gguf", {**CHAT, "general.architecture": "perpetuum"})
    with pytest.raises(ModelError, match="perpetuum"):
        fitter.fit(EngineSettings(odd))
    with pytest.raises(ModelError, match="embedding model"):
        fitter.fit(EngineSettings(write_gguf(tmp_path / "e.gguf", EMBEDDING)))


def test_an_adapter_counts_with_the_weights(settings: EngineSettings, header: Header, tmp_path: Path):
    adapter = tmp_path / "adapter.gguf"
    adapter.write_bytes(bytes(5 * MB))
    with_it = fit(replace(settings, adapters=(Adapter(adapter),)), header, PLENTY)
    assert with_it.memory.weights - fit(settings, header, PLENTY).memory.weights == 5 * MB
