# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A model on the graphics card: wholly, partly, and what is said where there is none.

Mesa's lavapipe stands for the card where there is none (`make gpu-test`).
"""

import os
from pathlib import Path

import pytest

from assistant.engine.protocol import Device
from assistant.paths import Home
from assistant.settings import Settings, save_settings
from tests.gpu.engines import greedy, loaded
from tests.terminal import Ran, environment, run
from ui.model_words import place_words, where_words

pytestmark = pytest.mark.real_model

ALL = 31  # the starter's 30 layers and the one that turns their outcome into words
NO_DEVICE = {"GGML_VK_VISIBLE_DEVICES": "none", "CUDA_VISIBLE_DEVICES": "", "HIP_VISIBLE_DEVICES": ""}


def doctor(home: Home, layers: int, **changes: str) -> Ran:
    save_settings(home, Settings(n_gpu_layers=layers, n_ctx=1024))
    return run(home.root, "doctor", "--json", env=environment(**changes))


@pytest.fixture(scope="module")
def on_the_processor(card: Device, chat_model: Path) -> str:
    with loaded(chat_model, 0) as engine:
        words, _ = greedy(engine)
    assert words
    return words


def test_the_whole_model_goes_to_the_card(card: Device, chat_model: Path, on_the_processor: str) -> None:
    with loaded(chat_model, -1) as engine:
        info = engine.loaded()
        assert (info.layers_offloaded, info.layers) == (ALL, ALL)
        assert info.backend == card.description
        assert info.reason is None
        assert place_words(info) == "on the graphics card"
        assert where_words(info) == f"Graphics card ({card.description}), {ALL} of {ALL} layers"
        assert greedy(engine)[0] == on_the_processor


def test_a_part_of_the_model_goes_to_the_card(card: Device, chat_model: Path, on_the_processor: str) -> None:
    with loaded(chat_model, 10) as engine:
        info = engine.loaded()
        assert (info.layers_offloaded, info.layers) == (10, ALL)
        assert info.backend == card.description
        assert place_words(info) == f"10 of {ALL} layers on the graphics card"
        assert greedy(engine)[0] == on_the_processor


def test_more_layers_than_there_are_are_all_layers(card: Device, chat_model: Path) -> None:
    with loaded(chat_model, 1000) as engine:
        info = engine.loaded()
        assert (info.layers_offloaded, info.layers) == (ALL, ALL)


def test_with_no_layer_on_the_card_it_says_why(card: Device, chat_model: Path) -> None:
    with loaded(chat_model, 0) as engine:
        info = engine.loaded()
        found = engine.devices()
        assert info.layers_offloaded == 0
        assert place_words(info) == "on the processor"
        assert found.layers == 0
        assert found.reason is not None


@pytest.mark.parametrize(("layers", "there"), [(-1, ALL), (ALL, ALL), (10, 10), (1000, ALL)])
def test_the_doctor_names_card_and_layers(layers: int, there: int, card: Device, home: Home) -> None:
    ran = doctor(home, layers)
    assert ran.code == 0, ran.err
    assert (ran.json["layers"], ran.json["layers_total"]) == (there, ALL)
    assert ran.json["backend"] == card.description
    assert card.name in [device["name"] for device in ran.json["devices"]]


def test_the_doctor_speaks_of_the_card_to_people(card: Device, home: Home) -> None:
    save_settings(home, Settings(n_gpu_layers=10, n_ctx=1024))
    said = run(home.root, "doctor", env=environment()).out
    assert f"10 of {ALL} on the graphics card" in said
    assert card.description in said


def test_a_card_that_is_gone_is_told_and_the_processor_goes_on(
    card: Device,
    chat_model: Path,
    on_the_processor: str,
    home: Home,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in NO_DEVICE.items():
        monkeypatch.setenv(name, value)
    with loaded(chat_model, ALL) as engine:
        info = engine.loaded()
        assert info.layers_offloaded == 0
        assert place_words(info) == "on the processor"
        assert info.reason is not None
        assert greedy(engine)[0] == on_the_processor
    found = doctor(home, ALL).json
    assert found["layers"] == 0
    assert found["reason"] == str(info.reason)
    assert card.name not in [device["name"] for device in found["devices"]]


@pytest.mark.skipif("GGML_VK_VISIBLE_DEVICES" not in os.environ, reason="not on Vulkan: run make gpu-test")
def test_without_the_graphics_driver_the_processor_goes_on(card: Device, home: Home, tmp_path: Path) -> None:
    ran = doctor(home, ALL, VK_DRIVER_FILES=str(tmp_path / "none"), VK_ICD_FILENAMES=str(tmp_path / "none"))
    assert ran.code == 0, ran.err
    assert ran.json["layers"] == 0
    assert ran.json["reason"]
