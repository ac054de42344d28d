# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The starter model, and the graphics device that most of these tests need."""

import contextlib
from pathlib import Path

import pytest

from assistant import model_files
from assistant.engine.client import Engine
from assistant.engine.protocol import Device, Devices, EngineSettings
from assistant.paths import Home

GRAPHICS = ("gpu", "igpu")


@pytest.fixture(scope="session")
def chat_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the starter model."""
    made = Home(tmp_path_factory.mktemp("models") / "home")
    made.create()
    return model_files.starter_chat(made).path


@pytest.fixture(scope="session")
def devices(chat_model: Path) -> Devices:
    """Return what this build of the engine finds on this computer."""
    with contextlib.closing(Engine(EngineSettings(chat_model))) as engine:
        return engine.devices()


@pytest.fixture(scope="session")
def card(devices: Devices) -> Device:
    """Return the graphics device; skip where there is none."""
    found = [device for device in devices.devices if device.kind in GRAPHICS]
    if not found:
        pytest.skip("no graphics device: run make gpu-test")
    return found[0]
