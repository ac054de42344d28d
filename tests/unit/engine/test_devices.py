# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What a computer has to compute with, why a graphics card is not used, and what would change it."""

from pathlib import Path

import pytest

from assistant.engine import llama
from assistant.engine.devices import (
    backend_in_use,
    describe,
    free_on_cards,
    list_backends,
    list_devices,
    processor_variant,
    why_no_gpu,
    why_not_all,
)
from assistant.engine.graphics_cards import graphics_cards
from assistant.engine.protocol import Device

GB = 1 << 30
CPU = Device("CPU", "Some processor", "cpu", 8 * GB, 16 * GB)
CARD = Device("Vulkan0", "Some card", "gpu", 4 * GB, 8 * GB)


def test_this_computers_processor_is_listed():
    llama.start()
    assert any(device.kind == "cpu" and device.memory_total > 0 for device in list_devices())
    assert "CPU" in list_backends()
    found = describe(None)
    assert found.variant, "an instruction set at least"
    assert (found.layers, found.layers_total) == (0, 0)


def test_the_device_that_computes_is_named():
    assert backend_in_use((CPU, CARD), 0) == "Some processor"
    assert backend_in_use((CPU, CARD), 3) == "Some card"
    assert backend_in_use((), 0) == "CPU"
    assert free_on_cards((CPU, CARD, CARD)) == 8 * GB


@pytest.mark.parametrize(
    ("devices", "backends", "cards", "reason", "command"),
    [
        ((CPU,), ("CPU",), (), "No graphics card was found", ""),
        ((CPU,), ("CPU",), ("NVIDIA", "Intel"), "cannot use your NVIDIA", "make install BACKEND=cuda"),
        ((CPU,), ("CPU",), ("AMD",), "cannot use your AMD", "make install BACKEND=vulkan"),
        ((CPU,), ("CPU",), ("Apple",), "cannot use your Apple", "make install BACKEND=metal"),
        ((CPU,), ("Vulkan", "CPU"), ("NVIDIA",), "driver of your NVIDIA", ""),
        ((CPU,), ("CUDA", "CPU"), ("NVIDIA",), "driver of your NVIDIA", ""),
        ((CPU,), ("CUDA", "CPU"), ("Intel",), "cannot use your Intel", "make install BACKEND=vulkan"),
        ((CPU, CARD), ("Vulkan", "CPU"), ("NVIDIA",), "no layer of the model is on it", ""),
    ],
)
def test_why_no_graphics_card_is_used_is_said_with_what_would_change_it(
    devices: tuple[Device, ...], backends: tuple[str, ...], cards: tuple[str, ...], reason: str, command: str
):
    found = why_no_gpu(devices, backends, cards)
    assert reason in str(found.reason)
    assert found.command == command


def test_a_packaged_program_names_no_command_that_it_does_not_have():
    found = why_no_gpu((CPU,), ("CPU",), ("NVIDIA",), packaged=True)
    assert "NVIDIA" in str(found.reason)
    assert found.command == ""


@pytest.mark.parametrize(
    ("wanted", "tried", "layers", "reason"),
    [
        (-1, 31, 31, None),
        (-1, 12, 12, "has 4.0 GB free; 12 of 31 layers fit"),
        (-1, 31, 23, "could not take 31 of 31 layers; it has 23"),
        (10, 10, 10, "settings put 10 of 31"),
        (0, 0, 0, "settings keep the model off"),
    ],
)
def test_why_not_all_layers_are_on_the_card_is_said(wanted: int, tried: int, layers: int, reason: str | None):
    found = why_not_all(wanted, tried, layers, 31, 4 * GB)
    if reason is None:
        assert found is None
    else:
        assert reason in str(found)


def test_the_variant_is_that_of_the_file_that_was_picked():
    log = ["load_backend: loaded CPU backend from /somewhere/libggml-cpu-zen4.so"]
    assert processor_variant(log, "CPU : AVX2 = 1 | AVX512 = 0 |") == "zen4"
    assert processor_variant([], "CPU : AVX2 = 1 | AVX512 = 0 | FMA = 1") == "AVX2 FMA"


def test_cards_are_seen_where_linux_tells_of_them(tmp_path: Path):
    assert graphics_cards(tmp_path, "linux") == ()
    for number, vendor in enumerate(("0x8086\n", "0x10de\n", "0x1234\n")):
        file = tmp_path / f"sys/class/drm/card{number}/device/vendor"
        file.parent.mkdir(parents=True)
        file.write_text(vendor)
    assert graphics_cards(tmp_path, "linux") == ("NVIDIA", "Intel")


def test_the_nvidia_driver_tells_of_a_card(tmp_path: Path):
    version = tmp_path / "proc/driver/nvidia/version"
    version.parent.mkdir(parents=True)
    version.write_text("NVRM version")
    assert graphics_cards(tmp_path, "linux") == ("NVIDIA",)


def test_other_systems_are_asked_in_their_own_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("platform.machine", lambda: "arm64")
    assert graphics_cards(tmp_path, "darwin") == ("Apple",)
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    assert graphics_cards(tmp_path, "darwin") == ()
    monkeypatch.setenv("SYSTEMROOT", str(tmp_path))
    assert graphics_cards(tmp_path, "win32") == ()
    (tmp_path / "System32").mkdir()
    (tmp_path / "System32/nvcuda.dll").touch()
    assert graphics_cards(tmp_path, "win32") == ("NVIDIA",)
